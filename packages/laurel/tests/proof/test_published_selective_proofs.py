# SPDX-License-Identifier: Apache-2.0
"""The W3C's own selective proofs: every step from the credential to what a verifier holds against the key."""

import hashlib
import json
from pathlib import Path
from typing import Any

import base58
import pytest
from foreign_rdf import STANDARDS, any_context, needs_standards

from laurel.errors import ProofFault
from laurel.jsonld import mapper, rdfc
from laurel.proof import canonical_rdf, data_integrity, ecdsa_sd_2023, ecdsa_sd_values
from laurel.proof.ecdsa_sd_values import BaseValue, DerivedValue
from laurel.proof.encodings import from_base64url, to_base64url
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.proof.selection import Selection

pytestmark = needs_standards

ECDSA = STANDARDS / "vc-di-ecdsa"
CASES = {
    "employ": ("employMandatory.json", "employSelective.json"),
    "prc": ("prCredMandatory.json", "prCredSelective.json"),
}


def load(path: Path) -> Any:
    return json.loads(path.read_bytes())


def hexed(values: tuple[bytes, ...]) -> list[str]:
    return [value.hex() for value in values]


def private(pair: dict[str, str]) -> SigningKey:
    public = VerifyingKey.from_multikey(pair["publicKeyMultibase"])
    secret = base58.b58decode(pair["secretKeyMultibase"][1:])[2:]
    return SigningKey.from_jwk({**public.to_jwk(), "d": to_base64url(secret)})


class Vector:
    """The files of one case."""

    def __init__(self, name: str) -> None:
        mandatory, selective = CASES[name]
        self.folder = ECDSA / "ecdsa-sd-2023" / name
        self.mandatory: list[str] = load(ECDSA / mandatory)
        self.selective: list[str] = load(ECDSA / selective)
        keys = load(ECDSA / "ecdsa-sd-2023" / "SDKeyMaterial.json")
        self.own = private(keys["proofKeyPair"])
        self.hmac_key = bytes.fromhex(keys["hmacKeyString"])
        self.base: dict[str, Any] = self.file("addSignedSDBase.json")
        method = self.base["proof"]["verificationMethod"]
        self.key = private(keys["baseKeyPair"]).with_id(method)
        # Not prCredUnsigned.json, whose description is another one than was signed.
        self.credential = {name: part for name, part in self.base.items() if name != "proof"}
        self.options = {name: part for name, part in self.base["proof"].items() if name != "proofValue"}

    def file(self, name: str) -> Any:
        return load(self.folder / name)


@pytest.fixture(params=CASES)
def vector(request: pytest.FixtureRequest) -> Vector:
    return Vector(request.param)


class TestBaseProof:
    def test_is_made_step_by_step_as_published(self, vector: Vector) -> None:
        quads = mapper.to_quads(vector.credential, load=any_context)
        canonical = rdfc.canonicalize(quads)
        statements = ecdsa_sd_2023.Statements.of(vector.credential, vector.hmac_key, any_context)
        selection = Selection.of(vector.credential, vector.mandatory)
        chosen = statements.chosen(selection)
        options = canonical_rdf.canonical_options(vector.credential, vector.options, any_context)
        hashes = vector.file("addHashData.json")
        transform = vector.file("addBaseTransform.json")

        assert list(canonical.lines) == vector.file("addBaseDocCanon.json")
        assert list(statements.lines) == vector.file("addBaseDocHMACCanon.json")
        mandatory = [[place, line] for place, line in enumerate(statements.lines) if place in chosen]
        others = [[place, line] for place, line in enumerate(statements.lines) if place not in chosen]
        assert mandatory == transform["mandatory"]["value"]
        assert others == transform["nonMandatory"]["value"]
        assert options.decode() == (vector.folder / "addProofConfigCanon.txt").read_text()
        assert hashlib.sha256(options).hexdigest() == hashes["proofHash"]
        lines = "".join(line for _, line in mandatory).encode()
        assert hashlib.sha256(lines).hexdigest() == hashes["mandatoryHash"]

    def test_is_made_as_published(self, vector: Vector) -> None:
        raw = vector.file("addRawBaseSignatureInfo.json")

        made = ecdsa_sd_2023.base_value(
            vector.credential,
            vector.options,
            vector.key,
            vector.mandatory,
            load=any_context,
            hmac_key=vector.hmac_key,
            own=vector.own,
        )

        assert made.signature.hex() == raw["baseSignature"]
        assert hexed(made.signatures) == raw["signatures"]
        assert list(made.pointers) == raw["mandatoryPointers"]
        assert made.text() == vector.base["proof"]["proofValue"]

    def test_is_read_as_published(self, vector: Vector) -> None:
        recovered = vector.file("derivedRecoveredBaseData.json")

        value = ecdsa_sd_values.read(vector.base["proof"]["proofValue"])

        assert isinstance(value, BaseValue)
        assert value.hmac_key.hex() == recovered["hmacKey"] == vector.hmac_key.hex()
        assert hexed(value.signatures) == recovered["signatures"]
        assert ecdsa_sd_values.statement_key(value.public).to_multikey() == recovered["proofPublicKey"]

    def test_is_no_proof_for_others(self, vector: Vector) -> None:
        (proof,) = data_integrity.proofs(vector.base)

        with pytest.raises(ProofFault) as refused:
            data_integrity.verify(vector.base, proof, vector.key.public, load=any_context)

        assert refused.value.code == "proof.base-proof"


class TestDerivedProof:
    def test_is_made_as_published(self, vector: Vector) -> None:
        groups = vector.file("derivedGroupIndexes.json")
        statements = ecdsa_sd_2023.Statements.of(vector.credential, vector.hmac_key, any_context)
        chosen = {
            "mandatoryIndexes": vector.mandatory,
            "selectiveIndexes": vector.selective,
            "combinedIndexes": vector.mandatory + vector.selective,
        }
        for name, pointers in chosen.items():
            found = statements.chosen(Selection.of(vector.credential, pointers))
            assert sorted(found) == groups[name]

        derived = ecdsa_sd_2023.derive(vector.base, vector.selective, load=any_context)

        unsigned = {name: part for name, part in derived.items() if name != "proof"}
        assert unsigned == vector.file("derivedUnsignedReveal.json")
        assert derived == vector.file("derivedRevealDocument.json")

    def test_holds_what_was_published(self, vector: Vector) -> None:
        published = vector.file("derivedRevealDocument.json")
        disclosed = vector.file("derivedDisclosureData.json")
        parsed = vector.file("verifyDerivedProofValue.json")

        value = ecdsa_sd_values.read(published["proof"]["proofValue"])

        assert isinstance(value, DerivedValue)
        assert value.signature.hex() == disclosed["baseSignature"] == parsed["baseSignature"]
        assert hexed(value.signatures) == disclosed["signatures"] == parsed["signatures"]
        assert hexed(value.signatures) == vector.file("derivedAdjSignatures.json")["filteredSignatures"]
        assert list(value.mandatory) == disclosed["mandatoryIndexes"] == parsed["mandatoryIndexes"]
        assert list(value.mandatory) == vector.file("derivedAdjMandatoryIndexes.json")["adjMandatoryIndexes"]
        labels = [[f"c14n{number}", f"u{to_base64url(label)}"] for number, label in value.labels.items()]
        assert labels == disclosed["labelMap"]["value"] == parsed["labelMap"]
        assert ecdsa_sd_values.statement_key(value.public).to_multikey() == disclosed["publicKey"]

    def test_is_verified(self, vector: Vector) -> None:
        published = vector.file("derivedRevealDocument.json")
        (proof,) = data_integrity.proofs(published)

        data_integrity.verify(published, proof, vector.key.public, load=any_context)

    def test_is_refused_with_any_one_byte_changed(self, vector: Vector) -> None:
        published = vector.file("derivedRevealDocument.json")
        data = to_bytes(published["proof"]["proofValue"])

        for place in range(len(data)):
            changed = bytearray(data)
            changed[place] ^= 1
            published["proof"]["proofValue"] = f"u{to_base64url(bytes(changed))}"
            with pytest.raises(ProofFault) as refused:
                (proof,) = data_integrity.proofs(published)
                data_integrity.verify(published, proof, vector.key.public, load=any_context)
            assert refused.value.code in ("proof.bad-signature", "proof.malformed")


def to_bytes(value: str) -> bytes:
    return from_base64url(value[1:])
