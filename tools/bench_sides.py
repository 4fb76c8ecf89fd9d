# SPDX-License-Identifier: Apache-2.0
"""The sides that `./cairn bench` measures beside each other, and whether their bytes hold."""

import hashlib
import json
import warnings
from typing import Any, Protocol

import base58
from bench_samples import (
    AT,
    CREATED,
    JCS,
    JWT,
    RDFC,
    SEED,
    payload_of,
    places_of,
    proof_value,
    tampered,
    tampered_tokens,
    typical,
)
from bench_talk import Contender, Talker, by, timed
from bench_work import Works
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from laurel.jsonld import canonize, contexts
from laurel.verify import Verdict, read, verify

LAUREL, NODE, JOSE = "laurel", "@digitalbazaar/vc", "jose"
PYLD, JOSERFC, LIMIT = "PyLD + cryptography", "joserfc", "physical limit"
OPENBADGESLIB, OPENBADGESLIB_MODEL = "openbadgeslib", "openbadgeslib, by its classes"
#: The same without its own part in C, and without any part that is not Python or `cryptography`.
PURE, BARE = "laurel, pure Python", "laurel without [fast]"
WITHOUT = {
    PURE: ("laurel._native",),
    BARE: ("laurel._native", "orjson", "jsonschema_rs", "nacl", "nacl.bindings"),
}
#: How a fault begins that keeps a side from being timed.
WRONG = "WRONG: "
#: Per suite: what to say when all is well, and what is not.
Bytes = dict[str, tuple[str, list[str]]]
#: A processor that drops what no context defines cannot see these; said in the report, not hidden.
MAY_MISS = {PYLD: {"an undefined term"}}
#: So many credentials are compared byte for byte before anything is timed.
COMPARED = 20


class Side(Protocol):
    """Software that is compared."""

    name: str

    def check_bytes(self) -> Bytes:
        """Hold what it signs and takes against the others."""
        ...

    def contenders(self) -> list[Contender]:
        """Return what is timed."""
        ...


class Laurel:
    """This project's library, by its doors; it is timed in a process of its own."""

    def __init__(self, works: Works, talker: Talker, name: str = LAUREL) -> None:
        self.works, self.talker, self.name = works, talker, name

    def check_bytes(self) -> Bytes:
        """Hold its own answers: genuine copies are taken, changed ones are not, a batch signs the same."""
        well = "takes its own, refuses changed copies; a batch gives the same bytes"
        return {suite: (well, self._faults(suite)) for suite in (RDFC, JCS, JWT)}

    def _faults(self, suite: str) -> list[str]:
        signed = self.works.signed(suite, "typical")
        told = self.talker.ask({"do": "texts", "suite": suite, "kind": "typical"})["signed"]
        faults = [
            f"{WRONG}its process signs other bytes"
            for ours, theirs in zip(signed, told, strict=False)
            if ours != theirs.encode()
        ]
        faults += [f"{WRONG}refuses a genuine credential" for text in signed if not self._accepts(text)]
        batch = self.works.batch_of(suite)
        made = [batch(places_of(typical(n + 1))) for n in range(COMPARED)]
        if made != signed[:COMPARED]:
            faults.append(f"{WRONG}a batch signs other bytes than one by one")
        copies = tampered_tokens(signed[0]) if suite == JWT else tampered(signed[0])
        return faults + [f"{WRONG}takes {name}" for name, text in copies if self._accepts(text)]

    def _accepts(self, text: bytes) -> bool:
        return verify(read(text), self.works.found(), at=AT).verdict is Verdict.GENUINE

    def contenders(self) -> list[Contender]:
        """Return what is timed."""
        return [
            Contender(self.name, suite, deed, by(self.talker, deed=deed, suite=suite))
            for suite in (RDFC, JCS, JWT)
            for deed in ("batch", "issue", "verify")
        ]


class PyLD:
    """What one writes in an hour: PyLD for the canonical form, cryptography for the signature."""

    name = PYLD

    def __init__(self, works: Works) -> None:
        self.works = works
        self.drafts, self.signed = works.drafts("typical"), works.signed(RDFC, "typical")
        self.key = Ed25519PrivateKey.from_private_bytes(SEED)
        self.public = self.key.public_key()

    def _digest(self, document: dict[str, Any], proof: dict[str, Any]) -> bytes:
        from pyld import jsonld

        options = {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "documentLoader": load_context,
        }
        proof = {"@context": document["@context"]} | proof
        return b"".join(
            hashlib.sha256(jsonld.normalize(part, options).encode()).digest() for part in (proof, document)
        )

    def issue(self, text: bytes) -> bytes:
        """From draft text to signed text."""
        document = json.loads(text)
        proof = {
            "type": "DataIntegrityProof",
            "cryptosuite": RDFC,
            "created": CREATED,
            "verificationMethod": self.works.key.id,
            "proofPurpose": "assertionMethod",
        }
        signature = self.key.sign(self._digest(document, proof))
        value = "z" + base58.b58encode(signature).decode()
        return json.dumps(document | {"proof": proof | {"proofValue": value}}).encode()

    def verify(self, text: bytes) -> None:
        """Raise `InvalidSignature` when the signature does not hold."""
        document = json.loads(text)
        proof = document.pop("proof")
        signature = base58.b58decode(proof.pop("proofValue")[1:])
        self.public.verify(signature, self._digest(document, proof))

    def check_bytes(self) -> Bytes:
        """Hold its signatures against laurel's, and its answers to changed copies."""
        faults = []
        for draft, signed in zip(self.drafts[:COMPARED], self.signed[:COMPARED], strict=True):
            if proof_value(self.issue(draft)) != proof_value(signed):
                faults.append(f"{WRONG}another proofValue than laurel")
            if not self._accepts(signed):
                faults.append(f"{WRONG}refuses a genuine credential")
        taken = {name for name, text in tampered(self.signed[0]) if self._accepts(text)}
        faults += [f"{WRONG}takes {name}" for name in sorted(taken - MAY_MISS[PYLD])]
        faults += [f"same bytes, but takes a copy with {name}" for name in sorted(taken & MAY_MISS[PYLD])]
        return {RDFC: ("same bytes as laurel, refuses changed copies", faults)}

    def _accepts(self, text: bytes) -> bool:
        try:
            self.verify(text)
        except InvalidSignature:
            return False
        return True

    def contenders(self) -> list[Contender]:
        """Return what is timed."""
        return [
            Contender(PYLD, RDFC, "issue", timed(self.issue, self.drafts)),
            Contender(PYLD, RDFC, "verify", timed(self.verify, self.signed)),
        ]


class Joserfc:
    """A JOSE library: the signature of a token and nothing of what it says."""

    name = JOSERFC

    def __init__(self, works: Works) -> None:
        from joserfc.errors import SecurityWarning
        from joserfc.jwk import OKPKey

        # It would rather have the name of RFC 9864; the suite under measure is called EdDSA.
        warnings.simplefilter("ignore", SecurityWarning)

        self.works, self.signed = works, works.signed(JWT, "typical")
        self.key = OKPKey.import_key(dict(works.key.to_private_jwk()))
        self.payloads = [payload_of(token) for token in self.signed]

    def issue(self, payload: bytes) -> bytes:
        """Sign a payload."""
        from joserfc import jws

        header = {"alg": "EdDSA", "typ": "JWT", "kid": self.works.key.id}
        return jws.serialize_compact(
            header, json.dumps(json.loads(payload)), self.key, algorithms=["EdDSA"]
        ).encode()

    def verify(self, token: bytes) -> None:
        """Raise where the signature does not hold; parse the payload."""
        from joserfc import jws

        json.loads(jws.deserialize_compact(token, self.key, algorithms=["EdDSA"]).payload)

    def check_bytes(self) -> Bytes:
        """Each side takes the other's tokens, and this one no changed copy."""
        from joserfc.errors import JoseError

        faults = []
        for payload, token in zip(self.payloads[:COMPARED], self.signed[:COMPARED], strict=True):
            self.verify(token)
            report = verify(read(self.issue(payload)), self.works.found(), at=AT)
            if report.verdict is not Verdict.GENUINE:
                faults.append(f"{WRONG}laurel does not take its token")
        for name, token in tampered_tokens(self.signed[0]):
            try:
                self.verify(token)
            except JoseError:
                continue
            faults.append(f"{WRONG}takes {name}")
        return {JWT: ("takes laurel's tokens and laurel its, refuses changed copies", faults)}

    def contenders(self) -> list[Contender]:
        """Return what is timed."""
        return [
            Contender(JOSERFC, JWT, "issue", timed(self.issue, self.payloads)),
            Contender(JOSERFC, JWT, "verify", timed(self.verify, self.signed)),
        ]


class Limit:
    """What no implementation can leave out: libsodium, OpenSSL's SHA-256 and orjson, and nothing between."""

    name = LIMIT

    def __init__(self, works: Works) -> None:
        self.fault = ""
        draft = json.loads(works.drafts("typical")[0])
        self.canonical = canonize(draft)
        self.drafts, self.signed = works.drafts("typical"), works.signed(RDFC, "typical")
        self.documents = [json.loads(text) for text in self.signed]
        try:
            import orjson
            from nacl import bindings
        except ImportError as error:
            self.fault = f"{error.name} is not installed"
            return
        public, secret = bindings.crypto_sign_seed_keypair(SEED)
        digest = hashlib.sha256(self.canonical).digest() * 2
        signature = bindings.crypto_sign(digest, secret)
        sha, sign, hold = hashlib.sha256, bindings.crypto_sign, bindings.crypto_sign_open
        self.deeds = {
            (RDFC, "issue"): lambda one: (
                sha(self.canonical).digest(),
                sign(digest, secret),
                orjson.dumps(one),
            ),
            (RDFC, "verify"): lambda one: (
                orjson.loads(one),
                sha(self.canonical).digest(),
                hold(signature, public),
            ),
            (JCS, "issue"): lambda one: (
                sha(self.drafts[0]).digest(),
                sign(digest, secret),
                orjson.dumps(one),
            ),
            (JCS, "verify"): lambda one: (
                orjson.loads(one),
                sha(self.drafts[0]).digest(),
                hold(signature, public),
            ),
        }

    def check_bytes(self) -> Bytes:
        """Nothing to compare: it makes no credential."""
        lines = self.canonical.count(b"\n")
        blank = len({word for word in self.canonical.split() if word.startswith(b"_:")})
        size = f"{lines} N-Quads, {len(self.canonical):,} bytes, {blank} blank nodes"
        return {f"canonical form of {len(self.drafts[0]):,} bytes of JSON": (size, [])}

    def contenders(self) -> list[Contender]:
        """Return what is timed."""
        if self.fault:
            return [
                Contender(LIMIT, suite, deed, timed(bytes, [b""]), fault=self.fault)
                for suite in (RDFC, JCS)
                for deed in ("issue", "verify")
            ]
        return [
            Contender(LIMIT, suite, deed, timed(run, self.documents if deed == "issue" else self.signed))
            for (suite, deed), run in self.deeds.items()
        ]


def load_context(url: str, _options: object = None) -> dict[str, Any]:
    """Give PyLD a vendored context, already parsed."""
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": contexts.context(url),
        "contentType": "application/ld+json",
    }
