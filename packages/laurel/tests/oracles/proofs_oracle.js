// SPDX-License-Identifier: Apache-2.0
// Answers requests from standard input with other people's ECDSA and older proofs, without a network.
//
// In:  {"now": "2026-11-22T09:30:00Z", "contexts": {url: document}, "requests": [...]}
//      {"op": "sign", "suite": "ecdsa-sd-2023", "key": {Multikey pair}, "document": {...}, "mandatory": [...]}
//      {"op": "sign", "suite": "Ed25519Signature2020", "key": {"seed": "<hex>"}, "document": {...}}
//      {"op": "derive", "document": {...}, "pointers": [...]}
//      {"op": "verify", "document": {...}}
// Out: {"versions": {package: version}, "answers": [...]}, each {"document"} or {"verified", "detail"}
import {createRequire} from 'node:module';
import net from 'node:net';
import {text} from 'node:stream/consumers';

const input = JSON.parse(await text(process.stdin));

// Only the answer goes to standard output, and nothing below may reach a network.
console.log = console.error;
net.Socket.prototype.connect = () => {
  throw new Error('The oracle opens no connection.');
};
globalThis.fetch = async () => {
  throw new TypeError('The oracle opens no connection.');
};
const RealDate = Date;
const now = RealDate.parse(input.now);
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [now]));
  }
  static now() {
    return now;
  }
};

const [vc, {DataIntegrityProof}, rdfc, jcs, sd, EcdsaMultikey, didKey, Ed25519Multikey, old] = await Promise.all([
  import('@digitalbazaar/vc'),
  import('@digitalbazaar/data-integrity'),
  import('@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'),
  import('@digitalbazaar/ecdsa-jcs-2019-cryptosuite'),
  import('@digitalbazaar/ecdsa-sd-2023-cryptosuite'),
  import('@digitalbazaar/ecdsa-multikey'),
  import('@digitalbazaar/did-method-key'),
  import('@digitalbazaar/ed25519-multikey'),
  import('@digitalbazaar/ed25519-signature-2020')
]);

const didKeys = didKey.driver();
for(const header of ['zDna', 'z82L']) {
  didKeys.use({multibaseMultikeyHeader: header, fromMultibase: EcdsaMultikey.from});
}
didKeys.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});

async function documentLoader(url) {
  if(url.startsWith('did:key:')) {
    return {contextUrl: null, documentUrl: url, document: await didKeys.get({url})};
  }
  if(!Object.hasOwn(input.contexts, url)) {
    throw new Error(`The oracle has no document for ${url}.`);
  }
  return {contextUrl: null, documentUrl: url, document: input.contexts[url]};
}

const signingSuites = {
  'ecdsa-rdfc-2019': () => rdfc.cryptosuite,
  'ecdsa-jcs-2019': () => jcs.createSignCryptosuite(),
  'ecdsa-sd-2023': mandatoryPointers => sd.createSignCryptosuite({mandatoryPointers})
};
const verifyingSuites = {
  'ecdsa-rdfc-2019': () => rdfc.cryptosuite,
  'ecdsa-jcs-2019': () => jcs.createVerifyCryptosuite(),
  'ecdsa-sd-2023': () => sd.createVerifyCryptosuite()
};

async function signer(key) {
  const pair = key.seed === undefined ? await EcdsaMultikey.from(key) :
    await Ed25519Multikey.generate({seed: Buffer.from(key.seed, 'hex')});
  pair.controller = `did:key:${pair.publicKeyMultibase}`;
  pair.id = `${pair.controller}#${pair.publicKeyMultibase}`;
  return pair.signer();
}

async function sign({suite, key, document, mandatory}) {
  const by = await signer(key);
  const proof = suite === 'Ed25519Signature2020' ? new old.Ed25519Signature2020({signer: by}) :
    new DataIntegrityProof({signer: by, cryptosuite: signingSuites[suite](mandatory)});
  return {document: await vc.issue({credential: document, suite: proof, documentLoader})};
}

async function derive({document, pointers}) {
  const suite = new DataIntegrityProof({cryptosuite: sd.createDiscloseCryptosuite({selectivePointers: pointers})});
  return {document: await vc.derive({verifiableCredential: document, suite, documentLoader})};
}

async function verify({document}) {
  const {type, cryptosuite} = document.proof;
  const suite = type === 'Ed25519Signature2020' ? new old.Ed25519Signature2020() :
    new DataIntegrityProof({cryptosuite: verifyingSuites[cryptosuite]()});
  const result = await vc.verifyCredential({
    credential: document, suite, documentLoader,
    // Status lists have tests of their own; this one asks about the proof.
    checkStatus: async () => ({verified: true})
  });
  return {verified: result.verified, detail: String(result.error?.errors?.[0]?.message ?? result.error ?? '')};
}

const operations = {sign, derive, verify};
const require = createRequire(import.meta.url);
const {dependencies} = require('./package.json');
const versions = Object.fromEntries(Object.keys(dependencies).map(name =>
  [name, require(`./node_modules/${name}/package.json`).version]));

const answers = [];
for(const request of input.requests) {
  try {
    answers.push(await operations[request.op](request));
  } catch(error) {
    answers.push({verified: false, detail: String(error.message ?? error)});
  }
}
process.stdout.write(JSON.stringify({versions, answers}));
