# SPDX-License-Identifier: Apache-2.0
"""Digital Bazaar's ECDSA suites take what laurel signs and derives, laurel takes theirs, neither a changed copy.

Skips where node or the packages of the lock file cannot be had; required as the other oracles are.
"""

import copy
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from samples import golden_document, plain_credential
from test_foreign_verifiers import AT, FOLDER, TAMPERED, installed

from laurel.did import key as did_key
from laurel.errors import LaurelError
from laurel.formats.open_badges_3 import to_json
from laurel.issue.showing import mandatory_pointers
from laurel.jsonld import contexts
from laurel.proof import data_integrity
from laurel.proof.ecdsa_sd_2023 import derive
from laurel.proof.encodings import from_base64url, to_base58btc
from laurel.proof.keys import Kind, SigningKey, VerifyingKey

__all__ = ["installed"]

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

OLD_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"
ED2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
CASES: list[tuple[str, Kind]] = [
    ("ecdsa-rdfc-2019", "p256"),
    ("ecdsa-rdfc-2019", "p384"),
    ("ecdsa-jcs-2019", "p256"),
    ("ecdsa-jcs-2019", "p384"),
]
KEYS = {kind: did_key.with_did_key(SigningKey.generate(kind)) for kind in ("p256", "p384")}
SEED = bytes(range(32))
POINTERS = ["/credentialSubject/result/2", "/credentialSubject/achievement/image", "/evidence/0"]
# What an edit needs to find in the derived document.
SHOWN = [*POINTERS, "/name", "/credentialSubject/result"]


def ask(node: str, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the answers to requests, in their order."""
    done = subprocess.run(
        [node, "proofs_oracle.js"],
        cwd=FOLDER,
        input=json.dumps(
            {
                "now": AT.isoformat(),
                "contexts": {url: contexts.context(url) for url in contexts.known()},
                "requests": requests,
            }
        ).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    answers = json.loads(done.stdout)["answers"]
    assert isinstance(answers, list)
    return answers


def pair(key: SigningKey) -> dict[str, Any]:
    """Return a key as a Multikey pair, as the W3C's vectors write it."""
    prefix = {"P-256": b"\x86\x26", "P-384": b"\x87\x26"}[key.algorithm]
    secret = to_base58btc(prefix + from_base64url(key.to_private_jwk()["d"]))
    return {
        "@context": "https://w3id.org/security/multikey/v1",
        "type": "Multikey",
        "id": key.id,
        "controller": str(key.id).partition("#")[0],
        "publicKeyMultibase": key.public.to_multikey(),
        "secretKeyMultibase": secret,
    }


def draft(key: SigningKey) -> dict[str, Any]:
    document = golden_document(issuer_id=str(key.id).partition("#")[0])
    del document["credentialStatus"]
    return document


def tampered(secured: dict[str, Any]) -> list[dict[str, Any]]:
    copies = [copy.deepcopy(secured) for _ in TAMPERED]
    for changed, edit in zip(copies, TAMPERED.values(), strict=True):
        edit(changed)
    return copies


def holds(secured: dict[str, Any]) -> bool:
    try:
        (proof,) = data_integrity.proofs(secured)
        key = VerifyingKey.from_multikey(proof.verification_method.partition("#")[2])
        data_integrity.verify(secured, proof, key, at=AT)
    except LaurelError:
        return False
    return True


class TestWholeCredentials:
    def test_of_laurel_are_taken_by_others_and_no_changed_copy(self, installed: str) -> None:
        made = [
            data_integrity.sign(draft(KEYS[kind]), KEYS[kind], suite=suite, created=AT)
            for suite, kind in CASES
        ]
        copies = [d for secured in made for d in (secured, *tampered(secured))]

        answers = ask(installed, *({"op": "verify", "document": d} for d in copies))

        verified = [answer["verified"] for answer in answers]
        assert verified == [True, *(False for _ in TAMPERED)] * len(CASES)

    def test_of_others_are_taken_by_laurel_and_no_changed_copy(self, installed: str) -> None:
        answers = ask(
            installed,
            *(
                {"op": "sign", "suite": suite, "key": pair(KEYS[kind]), "document": draft(KEYS[kind])}
                for suite, kind in CASES
            ),
        )

        for (suite, _), answer in zip(CASES, answers, strict=True):
            secured = answer["document"]
            assert secured["proof"]["cryptosuite"] == suite
            assert holds(secured)
            assert [holds(changed) for changed in tampered(secured)] == [False] * len(TAMPERED)


class TestSelectiveCredentials:
    def test_are_derived_alike_taken_both_ways_and_no_changed_copy(self, installed: str) -> None:
        key = KEYS["p256"]
        document = draft(key)
        mandatory = mandatory_pointers(document)
        ours = data_integrity.sign(document, key, suite="ecdsa-sd-2023", created=AT, mandatory=mandatory)
        (answer,) = ask(
            installed,
            {
                "op": "sign",
                "suite": "ecdsa-sd-2023",
                "key": pair(key),
                "document": document,
                "mandatory": ["/issuer", "/validUntil", "/credentialSubject/achievement/name"],
            },
        )
        bases = (ours, answer["document"])
        choices = [(base, pointers) for base in bases for pointers in (POINTERS, SHOWN, [])]
        shown = [derive(base, pointers) for base, pointers in choices]

        answers = ask(
            installed,
            *({"op": "derive", "document": base, "pointers": pointers} for base, pointers in choices),
            *({"op": "verify", "document": one} for one in (*shown, *tampered(shown[1]), ours)),
        )

        # The same choice out of the same base proof: equal to the last byte, whoever derives it.
        assert [answer["document"] for answer in answers[:6]] == shown
        assert [holds(one) for one in shown] == [True] * 6
        assert [holds(changed) for changed in tampered(shown[1])] == [False] * len(TAMPERED)
        verified = [answer["verified"] for answer in answers[6:]]
        assert verified == [*[True] * 6, *[False] * (len(TAMPERED) + 1)]


OLD_EDITS: list[Callable[[dict[str, Any]], object]] = [
    lambda d: d["credentialSubject"].update(id="did:example:mallory"),
    lambda d: d["credentialSubject"]["achievement"].update(name="Data Cleaning with Rust"),
    lambda d: d["proof"].update(created="2026-11-22T09:30:01Z"),
    lambda d: d["proof"].update(proofPurpose="authentication"),
    lambda d: d.update(grade="A+"),
]


class TestOldProofs:
    def test_of_others_are_taken_by_laurel_and_no_changed_copy(self, installed: str) -> None:
        key = did_key.with_did_key(SigningKey.from_seed(SEED))
        today: dict[str, Any] = to_json(plain_credential())
        today["issuer"]["id"] = str(key.id).partition("#")[0]
        before = {name: part for name, part in today.items() if name != "validFrom"}
        before |= {"issuanceDate": today["validFrom"], "@context": [contexts.CREDENTIALS_V1, OLD_BADGES]}
        old = {"op": "sign", "suite": "Ed25519Signature2020", "key": {"seed": SEED.hex()}}

        answers = ask(
            installed,
            *(
                {**old, "document": document | {"@context": [*document["@context"], ED2020]}}
                for document in (today, before)
            ),
        )

        for answer in answers:
            assert "document" in answer, answer
            secured = answer["document"]
            assert secured["proof"]["type"] == "Ed25519Signature2020"
            assert holds(secured)
            for edit in OLD_EDITS:
                changed = copy.deepcopy(secured)
                edit(changed)
                assert not holds(changed)
