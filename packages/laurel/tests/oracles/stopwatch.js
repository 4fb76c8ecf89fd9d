// SPDX-License-Identifier: Apache-2.0
// Issues and verifies with other people's software on demand, and measures the CPU it takes. For `./cairn bench`.
//
// In, one JSON object a line; the first one sets up and the others ask:
//   {"at": "2026-11-22T09:30:00Z", "seed": "<hex>", "jwk": {the same key}, "contexts": {url: document},
//    "shown": ["/name"], "hidden": ["name"]}                                         -> {"versions": {...}}
//   {"do": "sign", "suite": "...", "text": "..."}                                  -> {"text": "..."}
//   {"do": "verify", "suite": "...", "text": "..."}                                -> {"verified": true, "detail": ""}
//   {"do": "time", "deed": "issue" | "verify" | "show part", "suite": "...", "texts": [...], "count": 40}
//                                                       -> {"cpu": seconds, "wall": seconds}, for all items together
// Suites: those of Data Integrity, ecdsa-rdfc-2019 with a curve after it; "VC-JWT EdDSA" is by jose,
// "vc+sd-jwt EdDSA" by sd-jwt, and "presentation" is one of two credentials under eddsa-rdfc-2022.
import {createHash, randomBytes} from 'node:crypto';
import {createInterface} from 'node:readline';
import {createRequire} from 'node:module';
import * as jose from 'jose';
import * as vc from '@digitalbazaar/vc';
import {SDJwtInstance} from '@sd-jwt/core';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as didKey from '@digitalbazaar/did-method-key';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import {cryptosuite as ecdsa} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as sd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
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
// Only answers go to standard output.
console.log = console.error;

const {at, seed, jwk, contexts, shown, hidden} = await next();

async function named(key) {
  key.controller = `did:key:${key.publicKeyMultibase}`;
  key.id = `${key.controller}#${key.publicKeyMultibase}`;
  return key;
}
const edwards = await named(await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex')}));
const p256 = await named(await EcdsaMultikey.generate({curve: 'P-256'}));
const p384 = await named(await EcdsaMultikey.generate({curve: 'P-384'}));

const didKeys = didKey.driver();
didKeys.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});
for(const header of ['zDna', 'z82L']) {
  didKeys.use({multibaseMultikeyHeader: header, fromMultibase: EcdsaMultikey.from});
}

async function documentLoader(url) {
  if(url.startsWith('did:key:')) {
    return {contextUrl: null, documentUrl: url, document: await didKeys.get({url})};
  }
  if(!Object.hasOwn(contexts, url)) {
    throw new Error(`There is no document for ${url}.`);
  }
  return {contextUrl: null, documentUrl: url, document: contexts[url]};
}

// This package leaves the status to its caller, and refuses to go on without an answer.
const checkStatus = async () => ({verified: true});
const mandatoryPointers = ['/issuer', '/validFrom', '/validUntil', '/credentialStatus'];

function integrity({key, signing, verifying = signing}) {
  const signer = key.signer();
  const suite = new DataIntegrityProof({cryptosuite: verifying});
  return {
    async issue(text) {
      const proof = new DataIntegrityProof({signer, date: at, cryptosuite: signing});
      const credential = JSON.parse(text);
      if(key !== edwards) {
        credential.issuer.id = key.controller;
      }
      return JSON.stringify(await vc.issue({credential, suite: proof, documentLoader, now: at}));
    },
    verify: async text =>
      vc.verifyCredential({credential: JSON.parse(text), suite, documentLoader, now: at, checkStatus})
  };
}

const presentation = {
  async issue(text) {
    const suite = new DataIntegrityProof({signer: edwards.signer(), date: at, cryptosuite: rdfc});
    const draft = {presentation: JSON.parse(text), suite, challenge: 'c', domain: 'd', documentLoader};
    return JSON.stringify(await vc.signPresentation(draft));
  },
  async verify(text) {
    const suite = new DataIntegrityProof({cryptosuite: rdfc});
    const shown = {presentation: JSON.parse(text), suite, challenge: 'c', domain: 'd', documentLoader, now: at};
    return vc.verify({...shown, checkStatus});
  }
};

const {kty, crv, x, d} = jwk;
const secret = await jose.importJWK({kty, crv, x, d}, 'EdDSA');
const open = await jose.importJWK({kty, crv, x}, 'EdDSA');

const tokens = {
  issue: async text => new jose.SignJWT(JSON.parse(text))
    .setProtectedHeader({alg: 'EdDSA', typ: 'JWT', kid: edwards.id}).sign(secret),
  async verify(text) {
    await jose.jwtVerify(text, open, {algorithms: ['EdDSA'], currentDate: new Date(at)});
    return {verified: true};
  }
};

const selective = new SDJwtInstance({
  hasher: (data, name) =>
    new Uint8Array(createHash(name.replace('-', '')).update(typeof data === 'string' ? data : Buffer.from(data)).digest()),
  hashAlg: 'sha-256',
  saltGenerator: async () => randomBytes(16).toString('base64url'),
  signAlg: 'EdDSA',
  signer: async data =>
    Buffer.from(await crypto.subtle.sign('Ed25519', secret, Buffer.from(data))).toString('base64url'),
  verifier: async (data, signature) =>
    crypto.subtle.verify('Ed25519', open, Buffer.from(signature, 'base64url'), Buffer.from(data))
});

// The frame of sd-jwt: at each level the names that may be left out.
const frame = {};
for(const pointer of hidden) {
  const path = pointer.split('/').slice(1);
  const name = path.pop();
  const inside = path.reduce((at, step) => at[step] ??= {}, frame);
  (inside._sd ??= []).push(name);
}
const shownFrame = {};
for(const pointer of shown) {
  const path = pointer.split('/').slice(1);
  const name = path.pop();
  path.reduce((at, step) => at[step] ??= {}, shownFrame)[name] = true;
}

const parts = {
  issue: async text => selective.issue(JSON.parse(text), frame, {header: {typ: 'vc+sd-jwt', kid: edwards.id}}),
  'show part': async text => selective.present(text, shownFrame),
  async verify(text) {
    await selective.verify(text, {currentDate: Math.floor(Date.parse(at) / 1000)});
    return {verified: true};
  }
};

const disclosing = {
  ...integrity({
    key: p256,
    signing: sd.createSignCryptosuite({mandatoryPointers}),
    verifying: sd.createVerifyCryptosuite()
  }),
  async 'show part'(text) {
    const suite = new DataIntegrityProof({cryptosuite: sd.createDiscloseCryptosuite({selectivePointers: shown})});
    return JSON.stringify(await vc.derive({verifiableCredential: JSON.parse(text), suite, documentLoader}));
  }
};

const suites = {
  'eddsa-rdfc-2022': integrity({key: edwards, signing: rdfc}),
  'eddsa-jcs-2022': integrity({
    key: edwards, signing: jcs.createSignCryptosuite(), verifying: jcs.createVerifyCryptosuite()
  }),
  'ecdsa-rdfc-2019 P-256': integrity({key: p256, signing: ecdsa}),
  'ecdsa-rdfc-2019 P-384': integrity({key: p384, signing: ecdsa}),
  'ecdsa-sd-2023': disclosing,
  'VC-JWT EdDSA': tokens,
  'vc+sd-jwt EdDSA': parts,
  presentation
};

async function time({deed, suite, texts, count}) {
  const run = suites[suite][deed];
  global.gc?.();
  const cpu = process.cpuUsage();
  const began = process.hrtime.bigint();
  for(let n = 0; n < count; n++) {
    const result = await run(texts[n % texts.length]);
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
  sign: async ({text, suite}) => ({text: await suites[suite].issue(text)}),
  show: async ({text, suite}) => ({text: await suites[suite]['show part'](text)}),
  async verify({text, suite}) {
    try {
      const {verified, error} = await suites[suite].verify(text);
      return {verified, detail: String(error?.errors?.[0]?.message ?? error ?? '')};
    } catch(error) {
      return {verified: false, detail: String(error)};
    }
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
