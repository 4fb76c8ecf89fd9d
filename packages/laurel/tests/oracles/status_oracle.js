// SPDX-License-Identifier: Apache-2.0
// Answers requests from standard input with other people's Bitstring Status List, without a network.
//
// In:  {"now": "2026-11-22T09:30:00Z", "contexts": {url: document}, "requests": [...]}
//      {"op": "encode", "length": 131072, "indexes": [...]}            -> {"encodedList"}
//      {"op": "decode", "encodedList": "u…"}                           -> {"length", "indexes"}
//      {"op": "make", "id": url, "length": …, "indexes": [...], "purpose": "revocation"} -> {"document"}
//      {"op": "check", "document": {...}, "list": {...}}               -> {"verified", "status", "detail"}
// Out: {"versions": {package: version}, "answers": [...]}
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

const [lists, {DataIntegrityProof}, rdfc, jcs, Ed25519Multikey, didKey] = await Promise.all([
  import('@digitalbazaar/vc-bitstring-status-list'),
  import('@digitalbazaar/data-integrity'),
  import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite'),
  import('@digitalbazaar/eddsa-jcs-2022-cryptosuite'),
  import('@digitalbazaar/ed25519-multikey'),
  import('@digitalbazaar/did-method-key')
]);

const didKeys = didKey.driver();
didKeys.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});
const suite = [rdfc.cryptosuite, jcs.createVerifyCryptosuite()]
  .map(cryptosuite => new DataIntegrityProof({cryptosuite}));

async function filled({length, indexes}) {
  const list = await lists.createList({length});
  for(const index of indexes) {
    list.setStatus(index, true);
  }
  return list;
}

const operations = {
  encode: async request => ({encodedList: await (await filled(request)).encode()}),
  decode: async ({encodedList}) => {
    const list = await lists.decodeList({encodedList});
    const indexes = [];
    for(let index = 0; index < list.length; ++index) {
      if(list.getStatus(index)) {
        indexes.push(index);
      }
    }
    return {length: list.length, indexes};
  },
  make: async ({id, purpose, ...request}) => ({
    document: await lists.createCredential({id, list: await filled(request), statusPurpose: purpose})
  }),
  check: async ({document, list}) => {
    const documentLoader = async url => {
      if(url.startsWith('did:key:')) {
        return {contextUrl: null, documentUrl: url, document: await didKeys.get({url})};
      }
      const known = url === list.id ? list : input.contexts[url];
      if(known === undefined) {
        throw new Error(`The oracle has no document for ${url}.`);
      }
      return {contextUrl: null, documentUrl: url, document: known};
    };
    const result = await lists.checkStatus({credential: document, documentLoader, suite});
    return {
      verified: result.verified,
      status: (result.results ?? []).map(({status}) => status),
      detail: String(result.error?.cause?.message ?? result.error?.message ?? '')
    };
  }
};
const require = createRequire(import.meta.url);
const name = '@digitalbazaar/vc-bitstring-status-list';
const versions = {[name]: require(`./node_modules/${name}/package.json`).version};

const answers = [];
for(const request of input.requests) {
  try {
    answers.push(await operations[request.op](request));
  } catch(error) {
    answers.push({verified: false, detail: String(error.message ?? error)});
  }
}
process.stdout.write(JSON.stringify({versions, answers}));
