# SPDX-License-Identifier: Apache-2.0
"""The sides that `./cairn bench` measures: what each does to the golden credential, and if its bytes hold."""

import copy
import gc
import hashlib
import json
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from laurel import issue, strictjson
from laurel.jsonld import contexts
from laurel.proof.encodings import from_base64url, to_base64url
from laurel.proof.keys import SigningKey
from laurel.status import bitstring
from laurel.verify import Report, Verdict, check, read, verify

ROOT = Path(__file__).resolve().parent.parent
ORACLES = ROOT / "packages/laurel/tests/oracles"
sys.path.insert(0, str(ROOT / "packages/laurel/tests"))

from samples import CREDENTIAL_ID, REVOCATIONS, SUSPENSIONS, golden_document  # noqa: E402 - after its path

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CREATED = "2026-11-22T09:30:00Z"
SEED = bytes(range(32))
RDFC, JCS, JWT = "eddsa-rdfc-2022", "eddsa-jcs-2022", "VC-JWT EdDSA"
LAUREL, NODE, PYLD, JOSERFC = "laurel", "@digitalbazaar/vc", "PyLD + cryptography", "joserfc"
LEARNERS = 20
#: How a fault begins that keeps a side from being timed.
WRONG = "WRONG: "
#: Per suite: what to say when all is well, and what is not.
Bytes = dict[str, tuple[str, list[str]]]
#: What was signed and is changed here: everybody must see it.
TAMPERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "another name": lambda d: d.update(name="Data Cleaning with Rust"),
    "a better mark": lambda d: d["credentialSubject"]["result"][2].update(value="99"),
    "another learner": lambda d: d["credentialSubject"].update(id="did:example:mallory"),
    "a rung left out": lambda d: d["credentialSubject"]["result"].pop(),
    "longer validity": lambda d: d.update(validUntil="2099-10-14T09:30:00Z"),
    "an undefined term": lambda d: d.update(grade="A+"),
}
#: A processor that drops what no context defines cannot see these; said in the report, not hidden.
MAY_MISS = {PYLD: {"an undefined term"}}


@dataclass
class Contender:
    """One side of a comparison: does a deed `count` times and tells what it took."""

    name: str
    suite: str
    deed: str
    #: Count of items → (CPU seconds, wall seconds) of all of them together.
    run: Callable[[int], tuple[float, float]]
    count: int = 1
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    fault: str = ""


class Side(Protocol):
    """Software that is compared."""

    name: str

    def check_bytes(self) -> Bytes:
        """Hold what it signs and takes against the others."""
        ...

    def contenders(self) -> list[Contender]:
        """Return what is timed."""
        ...


class Samples:
    """The golden credential for twenty learners: drafts, and the same signed by each suite."""

    def __init__(self, *, distinct: bool) -> None:
        key = SigningKey.from_seed(SEED)
        multikey = key.public.to_multikey()
        self.issuer_id = f"did:key:{multikey}"
        self.key = key.with_id(f"{self.issuer_id}#{multikey}")
        self.drafts = [json.dumps(self._draft(n, distinct=distinct)).encode() for n in range(LEARNERS)]
        self.signed = {
            suite: [laurel_issue(text, self.key, suite) for text in self.drafts] for suite in (RDFC, JCS, JWT)
        }
        self.lists = {
            url: issue.sign_status_list(
                bitstring.list_credential(
                    url=url,
                    issuer=self.issuer_id,
                    purpose=purpose,
                    indexes=range(3, 90_000, 450),
                    valid_from=AT,
                ),
                self.key,
                created=AT,
            )
            for url, purpose in ((REVOCATIONS, "revocation"), (SUSPENSIONS, "suspension"))
        }

    def _draft(self, n: int, *, distinct: bool) -> dict[str, Any]:
        document: dict[str, Any] = golden_document(
            issuer_id=self.issuer_id, subject_id=f"urn:uuid:learner-{n}"
        )
        document["id"] = f"{CREDENTIAL_ID[:-2]}{n:02}"
        document["description"] = f"Learner {n} earned Data Cleaning with Python at Fernhill College."
        for place, entry in enumerate(document["credentialStatus"]):
            entry["statusListIndex"] = str(1_000 + 2 * n + place)
            entry["id"] = f"{entry['statusListCredential']}#{entry['statusListIndex']}"
        if distinct:
            text = json.dumps(document).replace("data-cleaning-with-python", f"data-cleaning-{n}")
            document = json.loads(text)
        return document


def laurel_issue(text: bytes, key: SigningKey, suite: str) -> bytes:
    """From draft text to signed text, as the command does it."""
    draft = strictjson.loads(text)
    assert isinstance(draft, dict)
    checked = issue.check_document(draft)
    if suite == JWT:
        return issue.sign_jwt(checked, key).encode()
    return issue.sign(
        checked, key, suite="eddsa-rdfc-2022" if suite == RDFC else "eddsa-jcs-2022", created=AT
    )


def tampered(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield changed copies of a signed document."""
    for name, edit in TAMPERED.items():
        changed = copy.deepcopy(json.loads(text))
        edit(changed)
        yield name, json.dumps(changed).encode()


def timed(deed: Callable[[bytes], object], texts: list[bytes]) -> Callable[[int], tuple[float, float]]:
    """Return a run of a Python function over texts in turn."""

    def run(count: int) -> tuple[float, float]:
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        for n in range(count):
            deed(texts[n % len(texts)])
        return time.process_time() - cpu, time.perf_counter() - wall

    return run


class Laurel:
    """This project's library, by its doors."""

    name = LAUREL

    def __init__(self, samples: Samples) -> None:
        self.samples = samples

    def check_bytes(self) -> Bytes:
        """Hold its own answers: genuine copies are taken, changed ones are not."""
        well = "takes its own, refuses changed copies"
        return {suite: (well, self._faults(suite)) for suite in (RDFC, JCS, JWT)}

    def _faults(self, suite: str) -> list[str]:
        faults = [
            f"{WRONG}refuses a genuine credential"
            for text in self.samples.signed[suite]
            if self._with_status(text).verdict is not Verdict.GENUINE
        ]
        first = self.samples.signed[suite][0]
        copies = tampered_tokens(first) if suite == JWT else tampered(first)
        return faults + [f"{WRONG}takes {name}" for name, text in copies if self._accepts(text)]

    def _accepts(self, text: bytes) -> bool:
        return self._with_status(text).verdict is Verdict.GENUINE

    def _with_status(self, text: bytes) -> Report:
        return check(text, fetch=self.samples.lists.__getitem__, at=AT)

    def _genuine(self, text: bytes) -> None:
        if not self._accepts(text):
            raise AssertionError("laurel does not take its own credential")

    def _without_status(self, text: bytes) -> None:
        checks = {one.name: one.result for one in verify(read(text), {}, at=AT).checks}
        if {checks["proof"], checks["issuer"], checks["period"]} != {"passed"}:
            raise AssertionError(f"laurel does not take its own credential: {checks}")

    def contenders(self) -> list[Contender]:
        """Return what is timed."""
        found = []
        for suite in (RDFC, JCS, JWT):
            signed = self.samples.signed[suite]
            found += [
                Contender(LAUREL, suite, "issue", timed(self._issuing(suite), self.samples.drafts)),
                Contender(LAUREL, suite, "verify", timed(self._without_status, signed)),
                Contender(LAUREL, suite, "verify with status", timed(self._genuine, signed)),
            ]
        return found

    def _issuing(self, suite: str) -> Callable[[bytes], object]:
        return lambda text: laurel_issue(text, self.samples.key, suite)


class PyLD:
    """What one writes in an hour: PyLD for the canonical form, cryptography for the signature."""

    name = PYLD

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
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
            "verificationMethod": self.samples.key.id,
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
        for draft, signed in zip(self.samples.drafts, self.samples.signed[RDFC], strict=True):
            if proof_value(self.issue(draft)) != proof_value(signed):
                faults.append(f"{WRONG}another proofValue than laurel")
            self.verify(signed)
        taken = {name for name, text in tampered(self.samples.signed[RDFC][0]) if self._accepts(text)}
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
            Contender(PYLD, RDFC, "issue", timed(self.issue, self.samples.drafts)),
            Contender(PYLD, RDFC, "verify", timed(self.verify, self.samples.signed[RDFC])),
        ]


class Joserfc:
    """A JOSE library: the signature of a token and nothing of what it says."""

    name = JOSERFC

    def __init__(self, samples: Samples) -> None:
        from joserfc.errors import SecurityWarning
        from joserfc.jwk import OKPKey

        # It would rather have the name of RFC 9864; the suite under measure is called EdDSA.
        warnings.simplefilter("ignore", SecurityWarning)

        self.samples = samples
        self.key = OKPKey.import_key(dict(samples.key.to_private_jwk()))
        self.payloads = [payload_of(token) for token in samples.signed[JWT]]

    def issue(self, payload: bytes) -> bytes:
        """Sign a payload."""
        from joserfc import jws

        header = {"alg": "EdDSA", "typ": "JWT", "kid": self.samples.key.id}
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
        for payload, token in zip(self.payloads, self.samples.signed[JWT], strict=True):
            self.verify(token)
            theirs = self.issue(payload)
            if check(theirs, fetch=self.samples.lists.__getitem__, at=AT).verdict is not Verdict.GENUINE:
                faults.append(f"{WRONG}laurel does not take its token")
        for name, token in tampered_tokens(self.samples.signed[JWT][0]):
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
            Contender(JOSERFC, JWT, "verify", timed(self.verify, self.samples.signed[JWT])),
        ]


class NodeProcess:
    """One node process that answers a request a line, kept warm over all rounds."""

    def __init__(self, node: str, samples_setup: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            [node, "stopwatch.js"], cwd=ORACLES, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.versions: dict[str, str] = self.ask(samples_setup)["versions"]

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a request. Raises `RuntimeError` where it failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("node ended early")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise RuntimeError(answer["failed"])
        return answer

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)


def start_node() -> tuple[NodeProcess | None, str]:
    """Return a node process with the pinned packages, or None and why there is none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None, "node and npm are not installed"
    if not (ORACLES / "node_modules" / ".package-lock.json").is_file():
        print("Installing the pinned packages of the Node peer", flush=True)
        done = subprocess.run([npm, "ci", "--ignore-scripts"], cwd=ORACLES, capture_output=True, check=False)
        if done.returncode:
            return None, f"npm ci failed: {done.stderr.decode()[-200:].strip()}"
    setup = {
        "at": CREATED,
        "seed": SEED.hex(),
        "contexts": {url: contexts.context(url) for url in contexts.known()},
    }
    try:
        return NodeProcess(node, setup), ""
    except RuntimeError as error:
        return None, str(error)


class Node:
    """Digital Bazaar's library on Node, the one that most verifiers are built on."""

    name = NODE

    def __init__(self, samples: Samples, process: NodeProcess | None, reason: str) -> None:
        self.samples = samples
        self.process = process
        self.reason = reason

    def check_bytes(self) -> Bytes:
        """Hold its signatures against laurel's, and its answers to changed copies."""
        if self.process is None:
            return {suite: ("", [f"not there: {self.reason}"]) for suite in (RDFC, JCS)}
        well = "same bytes as laurel, refuses changed copies"
        return {suite: (well, self._faults(self.process, suite)) for suite in (RDFC, JCS)}

    def _faults(self, process: NodeProcess, suite: str) -> list[str]:
        faults = []
        for draft, signed in zip(self.samples.drafts, self.samples.signed[suite], strict=True):
            theirs = process.ask({"do": "sign", "suite": suite, "text": draft.decode()})["text"]
            if proof_value(theirs) != proof_value(signed):
                faults.append(f"{WRONG}another proofValue than laurel")
            if not process.ask({"do": "verify", "text": signed.decode()})["verified"]:
                faults.append(f"{WRONG}refuses a genuine credential")
        return faults + [
            f"{WRONG}takes {name}"
            for name, text in tampered(self.samples.signed[suite][0])
            if process.ask({"do": "verify", "text": text.decode()})["verified"]
        ]

    def contenders(self) -> list[Contender]:
        """Return what is timed, or would be if node were there."""
        return [
            Contender(NODE, suite, deed, self._run(suite, deed), fault=self.reason)
            for suite in (RDFC, JCS)
            for deed in ("issue", "verify")
        ]

    def _run(self, suite: str, deed: str) -> Callable[[int], tuple[float, float]]:
        texts = self.samples.drafts if deed == "issue" else self.samples.signed[suite]

        def run(count: int) -> tuple[float, float]:
            if self.process is None:
                raise RuntimeError(self.reason)
            took = self.process.ask(
                {
                    "do": "time",
                    "deed": deed,
                    "suite": suite,
                    "count": count,
                    "texts": [t.decode() for t in texts],
                }
            )
            return took["cpu"], took["wall"]

        return run


def load_context(url: str, _options: object = None) -> dict[str, Any]:
    """Give PyLD a vendored context, already parsed."""
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": contexts.context(url),
        "contentType": "application/ld+json",
    }


def proof_value(text: str | bytes) -> str:
    """Return the signature of a signed document."""
    return str(json.loads(text)["proof"]["proofValue"])


def payload_of(token: bytes) -> bytes:
    """Return the claims of a token."""
    return from_base64url(token.decode().split(".")[1])


def tampered_tokens(token: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield copies of a token with changed claims and the old signature."""
    header, _, signature = token.decode().split(".")
    for name, text in tampered(payload_of(token)):
        yield name, f"{header}.{to_base64url(text)}.{signature}".encode()
