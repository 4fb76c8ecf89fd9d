// SPDX-License-Identifier: Apache-2.0
// Answers requests from standard input with other people's credential software, without a network.
//
// In:  {"now": "2026-11-22T09:30:00Z", "contexts": {url: document}, "files": {url: document}, "requests": [...]}
//      {"op": "sign", "suite": "eddsa-rdfc-2022", "seed": "<hex>", "document": {...}}
//      {"op": "verify", "with": "vc" | "verifier-core", "document": {...}}
//      {"op": "present", "suite": "eddsa-rdfc-2022", "seed": "<hex>", "document": {...}, "challenge": "", "domain": ""}
//      {"op": "verifyPresentation", "document": {...}, "challenge": "", "domain": ""}
//      {"op": "canonize", "document": {...}} or {"op": "canonize", "nquads": "..."}
// Out: {"versions": {package: version}, "answers": [...]}, each {"document"}, {"verified", "detail"} or {"nquads"}
import {createRequire} from 'node:module';
import net from 'node:net';
import {text} from 'node:stream/consumers';

const input = JSON.parse(await text(process.stdin));

// Only the answer goes to standard output.
console.log = console.error;
// Nothing below may reach a network: addresses are answered from the input or not at all.
net.Socket.prototype.connect = () => {
  throw new Error('The oracle opens no connection.');
};
globalThis.fetch = async request => {
  const url = typeof request === 'string' ? request : String(request.url ?? request);
  if(!Object.hasOwn(input.files, url)) {
    throw new TypeError(`The oracle has no file for ${url}.`);
  }
  return new Response(JSON.stringify(input.files[url]), {headers: {'content-type': 'application/json'}});
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

const [vc, {DataIntegrityProof}, rdfc, jcs, Ed25519Multikey, didKey, verifierCore, jsonld, rdfCanonize] = await Promise.all([
  import('@digitalbazaar/vc'),
  import('@digitalbazaar/data-integrity'),
  import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite'),
  import('@digitalbazaar/eddsa-jcs-2022-cryptosuite'),
  import('@digitalbazaar/ed25519-multikey'),
  import('@digitalbazaar/did-method-key'),
  import('@digitalcredentials/verifier-core'),
  import('jsonld'),
  import('rdf-canonize')
]);

const didKeys = didKey.driver();
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
  'eddsa-rdfc-2022': rdfc.cryptosuite,
  'eddsa-jcs-2022': jcs.createSignCryptosuite()
};
const verifyingSuites = [rdfc.cryptosuite, jcs.createVerifyCryptosuite()];

async function proofBy({suite, seed}) {
  const key = await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex')});
  key.controller = `did:key:${key.publicKeyMultibase}`;
  key.id = `${key.controller}#${key.publicKeyMultibase}`;
  return new DataIntegrityProof({signer: key.signer(), cryptosuite: signingSuites[suite]});
}

async function sign({suite, seed, document}) {
  const proof = await proofBy({suite, seed});
  return {document: await vc.issue({credential: document, suite: proof, documentLoader})};
}

async function present({suite, seed, document, challenge, domain}) {
  const proof = await proofBy({suite, seed});
  const options = {presentation: document, suite: proof, challenge, domain, documentLoader};
  return {document: await vc.signPresentation(options)};
}

async function verifyPresentation({document, challenge, domain}) {
  const result = await vc.verify({
    presentation: document,
    challenge,
    domain,
    suite: verifyingSuites.map(cryptosuite => new DataIntegrityProof({cryptosuite})),
    documentLoader,
    checkStatus: async () => ({verified: true})
  });
  return {verified: result.verified, detail: JSON.stringify(result.error ?? '')};
}

async function verify({with: engine, document}) {
  if(engine === 'verifier-core') {
    const report = await verifierCore.verifyCredential({credential: document, knownDIDRegistries: []});
    const step = report.log?.find(entry => entry.id === 'valid_signature');
    const schema = report.additionalInformation?.find(entry => entry.id === 'schema_check');
    return {
      verified: step?.valid === true && !report.errors,
      schema: schema?.results?.[0]?.result ?? null,
      detail: JSON.stringify(report.errors ?? report.log)
    };
  }
  const result = await vc.verifyCredential({
    credential: document,
    suite: verifyingSuites.map(cryptosuite => new DataIntegrityProof({cryptosuite})),
    documentLoader,
    // Status lists have tests of their own; this one asks about the proof.
    checkStatus: async () => ({verified: true})
  });
  return {verified: result.verified, detail: String(result.error?.errors?.[0]?.message ?? result.error ?? '')};
}

async function canonize({document, nquads}) {
  if(nquads !== undefined) {
    const dataset = rdfCanonize.NQuads.parse(nquads);
    return {nquads: await rdfCanonize.canonize(dataset, {algorithm: 'RDFC-1.0', maxWorkFactor: 3})};
  }
  const options = {algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true, base: null, documentLoader};
  return {nquads: await jsonld.default.canonize(document, options)};
}

const operations = {sign, verify, present, verifyPresentation, canonize};
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
