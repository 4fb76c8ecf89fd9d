# SPDX-License-Identifier: Apache-2.0
"""The credentials that `./cairn bench` measures with: the typical one for many learners, and other kinds."""

import copy
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from laurel import issue
from laurel.did import key as did_key
from laurel.proof.encodings import from_base64url, to_base64url
from laurel.proof.keys import SigningKey
from laurel.status import bitstring

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packages/laurel/tests"))

from samples import NAMES_FROM_ELSEWHERE, plain_credential, to_json, typical_document  # noqa: E402 - its path

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CREATED = "2026-11-22T09:30:00Z"
SEED = bytes(range(32))
RDFC, JCS, JWT = "eddsa-rdfc-2022", "eddsa-jcs-2022", "VC-JWT EdDSA"
#: Learners of each kind, in turn.
LEARNERS = 100
STATUS_LIST = "https://rivermouth.example/status/7"
#: What was signed and is changed here: everybody must see it.
TAMPERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "another name": lambda d: d.update(name="Water quality at sea"),
    "a better mark": lambda d: d["credentialSubject"]["result"][0].update(value="A+"),
    "another learner": lambda d: d["credentialSubject"].update(id="did:example:mallory"),
    "a result left out": lambda d: d["credentialSubject"]["result"].pop(),
    "longer validity": lambda d: d.update(validUntil="2099-10-14T09:30:00Z"),
    "an undefined term": lambda d: d.update(grade="A+"),
}
Draft = dict[str, Any]


def signing_key(number: int = 0) -> SigningKey:
    """Return the key of the typical issuer, or of one of the many others, under its did:key."""
    seed = SEED if number == 0 else hashlib.sha256(b"issuer %d" % number).digest()
    return did_key.with_did_key(SigningKey.from_seed(seed))


def typical(learner: int, *, key: SigningKey | None = None, achievement: str = "water-quality") -> Draft:
    """Return the test object of the design: 122 statements, 14 blank nodes, 4.3 kB."""
    document: Draft = typical_document(learner, achievement=achievement)
    document["issuer"]["id"] = did_key.did((key or signing_key()).public)
    return document


def small(learner: int) -> Draft:
    """Return the smallest credential that Open Badges 3.0 accepts."""
    document: Draft = to_json(plain_credential())
    document["id"] = f"urn:uuid:0b7f3c52-6c1e-4f7e-9d0a-{learner:012d}"
    document["issuer"]["id"] = did_key.did(signing_key().public)
    document["credentialSubject"]["id"] = f"https://rivermouth.example/learners/{learner}"
    return document


def large(learner: int) -> Draft:
    """Return the typical credential with many alignments and results: about 30 kB."""
    document = typical(learner)
    inside = document["credentialSubject"]["achievement"]
    inside["alignment"] = [
        alignment
        | {
            "targetName": f"{alignment['targetName']} {n}",
            "targetUrl": f"{alignment['targetUrl']}/{n}",
            "targetDescription": f"{alignment['targetDescription']} " * 3 + str(n),
        }
        for n in range(25)
        for alignment in inside["alignment"]
    ]
    return document


def of_many_scripts(learner: int) -> Draft:
    """Return the typical credential with every sentence in a script other than the Latin one."""
    names = [name for language, name in NAMES_FROM_ELSEWHERE.items() if language not in ("emoji", "yo")]
    text = f"{names[learner % len(names)]} — 水质监测与报告 · كيمياء المياه · ποιότητα νερού {learner}"
    document = typical(learner) | {"name": "水质监测", "description": text}
    achievement = document["credentialSubject"]["achievement"]
    achievement |= {"name": "مراقبة جودة المياه", "description": "नदी के पानी की गुणवत्ता मापना और समझाना"}
    achievement["criteria"] = {"narrative": "Три посещения реки в разную погоду и отчёт о каждом. " * 3}
    return document


def of_achievements(count: int) -> Callable[[int], Draft]:
    """Return a maker of typical credentials that go through so many different achievements."""
    return lambda learner: typical(learner, achievement=f"course-{learner % count}")


def of_stranger(learner: int) -> Draft:
    """Return a typical credential of an issuer and for an achievement of its own."""
    return typical(learner, key=signing_key(learner), achievement=f"theirs-{learner}")


def of_holder(number: int, holder: SigningKey) -> Draft:
    """Return one of many typical credentials of the holder of a key."""
    document = typical(number)
    document["credentialSubject"]["id"] = did_key.did(holder.public)
    return document


#: How many there are of a kind, and how each is made from its number.
KINDS: dict[str, tuple[int, Callable[[int], Draft]]] = {
    "typical": (LEARNERS, typical),
    "30 achievements": (300, of_achievements(30)),
    "1,000 achievements": (1000, of_achievements(1000)),
    "small": (LEARNERS, small),
    "30 kB": (LEARNERS, large),
    "other scripts": (LEARNERS, of_many_scripts),
}


def texts_of(document: Draft) -> bytes:
    """Return a draft as compact JSON."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def places_of(document: Draft) -> dict[str, str]:
    """Return what a learner changes in the typical credential, from JSON Pointer to text."""
    subject = document["credentialSubject"]
    return {
        "/id": document["id"],
        "/description": document["description"],
        "/credentialSubject/id": subject["id"],
        "/credentialSubject/identifier/0/identityHash": subject["identifier"][0]["identityHash"],
        "/credentialSubject/identifier/0/salt": subject["identifier"][0]["salt"],
        "/credentialSubject/identifier/1/identityHash": subject["identifier"][1]["identityHash"],
        "/credentialSubject/licenseNumber": subject["licenseNumber"],
        "/credentialSubject/result/0/value": subject["result"][0]["value"],
        "/credentialSubject/result/1/value": subject["result"][1]["value"],
        "/evidence/0/id": document["evidence"][0]["id"],
        "/evidence/1/id": document["evidence"][1]["id"],
        "/credentialStatus/id": document["credentialStatus"]["id"],
        "/credentialStatus/statusListIndex": document["credentialStatus"]["statusListIndex"],
    }


def status_list(key: SigningKey) -> bytes:
    """Return the list of 131,072 bits that the typical credential points at, signed by its issuer."""
    document = bitstring.list_credential(
        url=STATUS_LIST,
        issuer=did_key.did(key.public),
        purpose="revocation",
        indexes=range(120_001, 131_000, 55),
        valid_from=AT,
    )
    suite: issue.Suite = "eddsa-rdfc-2022" if key.algorithm == "Ed25519" else "ecdsa-rdfc-2019"
    return issue.sign_status_list(document, key, created=AT, suite=suite)


def tampered(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield changed copies of a signed document."""
    for name, edit in TAMPERED.items():
        changed = copy.deepcopy(json.loads(text))
        edit(changed)
        yield name, texts_of(changed)


def tampered_tokens(token: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield copies of a token with changed claims and the old signature."""
    header, _, signature = token.decode().split(".")
    for name, text in tampered(payload_of(token)):
        yield name, f"{header}.{to_base64url(text)}.{signature}".encode()


def payload_of(token: bytes) -> bytes:
    """Return the claims of a token."""
    return from_base64url(token.decode().split(".")[1])


def proof_value(text: str | bytes) -> str:
    """Return the signature of a signed document."""
    return str(json.loads(text)["proof"]["proofValue"])
