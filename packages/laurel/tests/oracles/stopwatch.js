// SPDX-License-Identifier: Apache-2.0
// Issues and verifies with @digitalbazaar/vc on demand, and measures the CPU that it takes. For `./cairn bench`.
//
// In, one JSON object a line; the first one sets up and the others ask:
//   {"at": "2026-11-22T09:30:00Z", "seed": "<hex>", "contexts": {url: document}}   -> {"versions": {...}}
//   {"do": "sign", "suite": "...", "text": "..."}                                  -> {"text": "..."}
//   {"do": "verify", "text": "..."}                                                -> {"verified": true, "detail": ""}
//   {"do": "time", "deed": "issue" | "verify", "suite": "...", "texts": [...], "count": 40}
//                                                       -> {"cpu": seconds, "wall": seconds}, for all items together
import {createInterface} from 'node:readline';
import {createRequire} from 'node:module';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as didKey from '@digitalbazaar/did-method-key';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as jcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const require = createRequire(import.meta.url);
const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();
const next = async () => {
  const {value, done} = await lines.next();
  return done ? null : JSON.parse(value);
};
const answer = value => process.stdout.write(JSON.stringify(value) + '\n');

const {at, seed, contexts} = await next();
const key = await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex')});
key.controller = `did:key:${key.publicKeyMultibase}`;
key.id = `${key.controller}#${key.publicKeyMultibase}`;
const signer = key.signer();

const didKeys = didKey.driver();
didKeys.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});

async function documentLoader(url) {
  if(url.startsWith('did:key:')) {
    return {contextUrl: null, documentUrl: url, document: await didKeys.get({url})};
  }
  if(!Object.hasOwn(contexts, url)) {
    throw new Error(`There is no document for ${url}.`);
  }
  return {contextUrl: null, documentUrl: url, document: contexts[url]};
}

const signing = {'eddsa-rdfc-2022': rdfc, 'eddsa-jcs-2022': jcs.createSignCryptosuite()};
const verifying = {'eddsa-rdfc-2022': rdfc, 'eddsa-jcs-2022': jcs.createVerifyCryptosuite()};

async function issue(text, suite) {
  const proof = new DataIntegrityProof({signer, date: at, cryptosuite: signing[suite]});
  const document = await vc.issue({credential: JSON.parse(text), suite: proof, documentLoader, now: at});
  return JSON.stringify(document);
}

async function verify(text, suite) {
  const cryptosuites = suite ? [verifying[suite]] : Object.values(verifying);
  return vc.verifyCredential({
    credential: JSON.parse(text),
    suite: cryptosuites.map(cryptosuite => new DataIntegrityProof({cryptosuite})),
    documentLoader,
    now: at,
    // This package leaves the status to its caller, and refuses to go on without an answer.
    checkStatus: async () => ({verified: true})
  });
}

async function time({deed, suite, texts, count}) {
  const run = deed === 'issue' ? issue : verify;
  const cpu = process.cpuUsage();
  const began = process.hrtime.bigint();
  for(let n = 0; n < count; n++) {
    const result = await run(texts[n % texts.length], suite);
    if(deed === 'verify' && !result.verified) {
      throw result.error;
    }
  }
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  const {user, system} = process.cpuUsage(cpu);
  return {cpu: (user + system) / 1e6, wall};
}

const deeds = {
  time,
  sign: async ({text, suite}) => ({text: await issue(text, suite)}),
  verify: async ({text}) => {
    const {verified, error} = await verify(text);
    return {verified, detail: String(error?.errors?.[0]?.message ?? error ?? '')};
  }
};

const {dependencies} = require('./package.json');
const versions = Object.fromEntries(Object.keys(dependencies).map(name =>
  [name, require(`./node_modules/${name}/package.json`).version]));
answer({versions: {node: process.versions.node, ...versions}});
for(let request = await next(); request; request = await next()) {
  try {
    answer(await deeds[request.do](request));
  } catch(error) {
    answer({failed: String(error?.errors?.[0]?.message ?? error)});
  }
}
