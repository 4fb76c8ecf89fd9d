// SPDX-License-Identifier: Apache-2.0
// Answers requests from standard input with other people's token software, without a network.
//
// In:  {"now": "2026-11-22T09:30:00Z", "requests": [...]}; keys are JWKs
//      {"op": "issue", "vc": true, "claims": {...}, "frame": {...}, "key": {...}, "hash": "sha-256"}
//      {"op": "present", "text": "...", "frame": {...}, "key": {...}, "nonce": "...", "audience": "..."}
//      {"op": "verify", "vc": true, "text": "...", "key": {...}, "nonce": "..."}
//      {"op": "jws-sign", "claims": {...}, "header": {...}, "key": {...}}
//      {"op": "jws-verify", "text": "...", "key": {...}, "typ": "vc+jwt", "audience": "..."}
// Out: {"versions": {package: version}, "answers": [...]}, each {"text"} or {"verified", "claims", "detail"}
import {createHash, randomBytes, webcrypto} from 'node:crypto';
import {createRequire} from 'node:module';
import net from 'node:net';
import {text as readAll} from 'node:stream/consumers';

const input = JSON.parse(await readAll(process.stdin));

// Only the answer goes to standard output, and nothing below may reach a network.
console.log = console.error;
net.Socket.prototype.connect = () => {
  throw new Error('The oracle opens no connection.');
};
globalThis.fetch = async () => {
  throw new TypeError('The oracle opens no connection.');
};

const [{SDJwtInstance}, {SDJwtVcInstance}, jose] = await Promise.all([
  import('@sd-jwt/core'),
  import('@sd-jwt/sd-jwt-vc'),
  import('jose')
]);

const now = Math.floor(Date.parse(input.now) / 1000);
const algorithms = {Ed25519: 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384'};
const hashes = {'P-256': 'SHA-256', 'P-384': 'SHA-384'};

function parameters({crv}) {
  return crv === 'Ed25519' ? [{name: 'Ed25519'}, {name: 'Ed25519'}] :
    [{name: 'ECDSA', namedCurve: crv}, {name: 'ECDSA', hash: hashes[crv]}];
}

const pick = (jwk, names) => Object.fromEntries(names.filter(name => name in jwk).map(name => [name, jwk[name]]));

async function signer(jwk) {
  const [kind, how] = parameters(jwk);
  const key = await webcrypto.subtle.importKey('jwk', pick(jwk, ['kty', 'crv', 'x', 'y', 'd']), kind, false, ['sign']);
  return async data => Buffer.from(await webcrypto.subtle.sign(how, key, Buffer.from(data))).toString('base64url');
}

async function verifier(jwk) {
  const [kind, how] = parameters(jwk);
  const key = await webcrypto.subtle.importKey('jwk', pick(jwk, ['kty', 'crv', 'x', 'y']), kind, false, ['verify']);
  return async (data, signature) =>
    webcrypto.subtle.verify(how, key, Buffer.from(signature, 'base64url'), Buffer.from(data));
}

const hasher = (data, name) =>
  new Uint8Array(createHash(name.replace('-', '')).update(typeof data === 'string' ? data : Buffer.from(data)).digest());

async function instance({vc, key, hash}, more) {
  const Instance = vc ? SDJwtVcInstance : SDJwtInstance;
  return new Instance({
    hasher,
    hashAlg: hash ?? 'sha-256',
    saltGenerator: async () => randomBytes(16).toString('base64url'),
    signAlg: key ? algorithms[key.crv] : undefined,
    ...more
  });
}

const operations = {
  async issue(request) {
    const maker = await instance(request, {signer: await signer(request.key)});
    return {text: await maker.issue(request.claims, request.frame, {header: {kid: request.key.kid}})};
  },
  async present(request) {
    const holder = request.key ? {kbSigner: await signer(request.key), kbSignAlg: algorithms[request.key.crv]} : {};
    const maker = await instance({}, holder);
    const kb = request.key && {payload: {iat: now, aud: request.audience, nonce: request.nonce}};
    return {text: await maker.present(request.text, request.frame, kb ? {kb} : {})};
  },
  async verify(request) {
    const reader = await instance(request, {
      verifier: await verifier(request.key),
      kbVerifier: async (data, signature, payload) => (await verifier(payload.cnf.jwk))(data, signature)
    });
    const options = {currentDate: now, ...(request.nonce ? {keyBindingNonce: request.nonce} : {})};
    const result = await reader.verify(request.text, options);
    return {verified: true, claims: result.payload, header: result.header, binding: result.kb?.payload ?? null};
  },
  async 'jws-sign'({claims, header, key}) {
    const alg = algorithms[key.crv];
    const secret = await jose.importJWK(pick(key, ['kty', 'crv', 'x', 'y', 'd']), alg);
    return {text: await new jose.SignJWT(claims).setProtectedHeader({alg, ...header}).sign(secret)};
  },
  async 'jws-verify'({text, key, typ, audience}) {
    const alg = algorithms[key.crv];
    const open = await jose.importJWK(pick(key, ['kty', 'crv', 'x', 'y']), alg);
    const options = {algorithms: [alg], typ, currentDate: new Date(now * 1000), ...(audience ? {audience} : {})};
    const {payload, protectedHeader} = await jose.jwtVerify(text, open, options);
    return {verified: true, claims: payload, header: protectedHeader};
  }
};

const require = createRequire(import.meta.url);
const versions = Object.fromEntries(['@sd-jwt/core', '@sd-jwt/sd-jwt-vc', 'jose'].map(name =>
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
