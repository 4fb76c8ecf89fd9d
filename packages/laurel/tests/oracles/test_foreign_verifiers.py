# SPDX-License-Identifier: Apache-2.0
"""Other people's verifiers take what laurel signs, laurel takes what they sign, and neither takes a changed copy."""

import copy
import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from credential_shapes import Document, credentials
from foreign_rdf import STANDARDS
from hypothesis import HealthCheck, given, settings
from samples import golden_document

from laurel.errors import LaurelError
from laurel.jsonld import canonize, contexts
from laurel.jsonld.rdf import Quad
from laurel.jsonld.rdfc import canonicalize
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey, VerifyingKey

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

FOLDER = Path(__file__).parent
REQUIRED = os.environ.get("CAIRN_REQUIRE_ORACLES") == "1"
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SEED = bytes(range(32))
SCHEMA = "ob_v3p0_achievementcredential_schema.json"

Edit = Callable[[dict[str, Any]], object]
TAMPERED: dict[str, Edit] = {
    "another name": lambda d: d.update(name="Data Cleaning with Rust"),
    "a better mark": lambda d: d["credentialSubject"]["result"][2].update(value="99"),
    "another learner": lambda d: d["credentialSubject"].update(id="did:example:mallory"),
    "a rung left out": lambda d: d["credentialSubject"]["result"].pop(),
    "longer validity": lambda d: d.update(validUntil="2099-10-14T09:30:00Z"),
    "another moment of signing": lambda d: d["proof"].update(created="2026-11-22T09:30:01Z"),
    "an undefined term": lambda d: d.update(grade="A+"),
}


def absent(reason: str) -> None:
    """Skip, or fail where the oracles are required."""
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def installed() -> str:
    """Return the path of node, the packages of the lock file being installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        absent("node and npm are not installed, so no foreign verifier can be asked")
    done_before, locked = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    if not done_before.is_file() or done_before.stat().st_mtime < locked.stat().st_mtime:
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts"], cwd=FOLDER, capture_output=True, timeout=300, check=False
        )
        if done.returncode:
            absent(f"npm could not install the foreign verifiers: {done.stderr.decode()[-300:]}")
    assert node is not None
    return node


def ask(node: str, *requests: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the answers to requests, in their order, and the versions that gave them."""
    schema = STANDARDS / "schemas" / "ob3" / SCHEMA
    files = (
        {f"https://purl.imsglobal.org/spec/ob/v3p0/schema/json/{SCHEMA}": schema} if schema.is_file() else {}
    )
    done = subprocess.run(
        [node, "oracle.js"],
        cwd=FOLDER,
        input=json.dumps(
            {
                "now": AT.isoformat(),
                "contexts": {url: contexts.context(url) for url in contexts.known()},
                "files": {url: json.loads(path.read_bytes()) for url, path in files.items()},
                "requests": requests,
            }
        ).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    output = json.loads(done.stdout)
    return output["answers"], output["versions"]


def issuer_key() -> SigningKey:
    key = SigningKey.from_seed(SEED)
    multikey = key.public.to_multikey()
    return key.with_id(f"did:key:{multikey}#{multikey}")


def draft() -> dict[str, Any]:
    """Return the golden credential, issued by the did:key that signs; its status lists are not the question."""
    document = golden_document(issuer_id=str(issuer_key().id).partition("#")[0])
    del document["credentialStatus"]
    return document


def tampered(secured: dict[str, Any]) -> list[dict[str, Any]]:
    copies = [copy.deepcopy(secured) for _ in TAMPERED]
    for changed, edit in zip(copies, TAMPERED.values(), strict=True):
        edit(changed)
    return copies


def holds(secured: dict[str, Any]) -> bool:
    """Tell whether laurel takes a document, with the key out of the proof's did:key."""
    try:
        for proof in data_integrity.proofs(secured):
            key = VerifyingKey.from_multikey(proof.verification_method.partition("#")[2])
            data_integrity.verify(secured, proof, key, at=AT)
    except LaurelError:
        return False
    return "proof" in secured


class TestForeignVerifiers:
    @pytest.mark.parametrize(
        ("engine", "suite"), [("vc", SUITES[0]), ("vc", SUITES[1]), ("verifier-core", SUITES[0])]
    )
    def test_take_what_laurel_signs_and_no_changed_copy(
        self, installed: str, engine: str, suite: str
    ) -> None:
        secured = data_integrity.sign(draft(), issuer_key(), suite=suite, created=AT)

        answers, versions = ask(
            installed,
            *({"op": "verify", "with": engine, "document": d} for d in (secured, *tampered(secured))),
        )

        print(f"\n{engine}, {suite}, {versions}")
        for name, answer in zip(("unchanged", *TAMPERED), answers, strict=True):
            print(f"  {name:<28} {answer['verified']!s:<6} {answer['detail'][:110]}")
        assert [answer["verified"] for answer in answers] == [True, *(False for _ in TAMPERED)]

    def test_find_the_credential_in_the_official_schema(self, installed: str) -> None:
        if not STANDARDS.is_dir():
            pytest.skip("the standards folder is not beside the project")
        secured = data_integrity.sign(draft(), issuer_key(), suite=SUITES[0], created=AT)

        ((answer,), _) = ask(installed, {"op": "verify", "with": "verifier-core", "document": secured})

        assert answer["schema"] == {"valid": True}


class TestLaurel:
    @pytest.mark.parametrize("suite", SUITES)
    def test_takes_what_others_sign_and_no_changed_copy(self, installed: str, suite: str) -> None:
        ((answer,), _) = ask(
            installed, {"op": "sign", "suite": suite, "seed": SEED.hex(), "document": draft()}
        )
        secured = answer["document"]

        assert holds(secured)
        assert [holds(changed) for changed in tampered(secured)] == [False] * len(TAMPERED)

    @pytest.mark.parametrize("suite", SUITES)
    def test_signs_to_the_same_bytes_as_others(self, installed: str, suite: str) -> None:
        ((answer,), _) = ask(
            installed, {"op": "sign", "suite": suite, "seed": SEED.hex(), "document": draft()}
        )
        created = datetime.fromisoformat(answer["document"]["proof"]["created"])

        ours: dict[str, Any] = data_integrity.sign(draft(), issuer_key(), suite=suite, created=created)

        # Ed25519 signatures follow from message and key, so equal values mean equal canonical forms.
        assert ours["proof"]["proofValue"] == answer["document"]["proof"]["proofValue"]


def drawn_documents(count: int) -> list[Document]:
    """Return credentials of many shapes, the same ones at every run."""
    drawn: list[Document] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(credentials())
    def draw(document: Document) -> None:
        drawn.append(in_the_basic_plane(document))

    draw()
    return drawn


def in_the_basic_plane(value: Any) -> Any:
    """Return a document with other letters for those beyond U+FFFF.

    JavaScript sorts by UTF-16 unit and the Recommendation by character: there they part.
    """
    if isinstance(value, str):
        return "".join(
            chr(0x4E00 + ord(letter) % 0x5000) if letter > "\uffff" else letter for letter in value
        )
    if isinstance(value, dict):
        return {name: in_the_basic_plane(part) for name, part in value.items()}
    return [in_the_basic_plane(part) for part in value] if isinstance(value, list) else value


def random_datasets(count: int) -> list[list[Quad]]:
    """Return small datasets of few names, so that many of their blank nodes look alike."""
    chance = random.Random(11)
    names = ["_:a", "_:b", "_:c", "_:d", "<urn:example:1>"]
    predicates = ["<https://schema.org/knows>", "<https://schema.org/name>"]
    graphs = ["", "", "_:a", "_:g", "<urn:example:g>"]
    return [
        [
            Quad(
                chance.choice(names),
                chance.choice(predicates),
                chance.choice([*names, '"A"']),
                chance.choice(graphs),
            )
            for _ in range(chance.randint(1, 9))
        ]
        for _ in range(count)
    ]


class TestCanonicalForms:
    def test_of_credentials_are_those_of_jsonld_js(self, installed: str) -> None:
        documents = drawn_documents(100)

        answers, _ = ask(installed, *({"op": "canonize", "document": document} for document in documents))

        assert len(documents) == 100
        for document, answer in zip(documents, answers, strict=True):
            assert answer.get("nquads") == canonize(document).decode(), answer.get("detail")

    def test_of_datasets_are_those_of_rdf_canonize(self, installed: str) -> None:
        datasets = random_datasets(1_000)

        answers, _ = ask(
            installed,
            *({"op": "canonize", "nquads": "".join(quad.line() for quad in quads)} for quads in datasets),
        )

        for quads, answer in zip(datasets, answers, strict=True):
            assert answer["nquads"] == canonicalize(quads).as_bytes().decode()
