# SPDX-License-Identifier: Apache-2.0
"""The W3C's own proofs: every step on the way to a signature, byte for byte, and the sets and chains of them."""

import copy
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from foreign_rdf import STANDARDS, any_context, needs_standards

from laurel.errors import ProofFault
from laurel.proof import data_integrity
from laurel.proof.encodings import from_base58btc, to_base58btc, to_base64url
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.proof.suites import HashSuite
from laurel.strictjson import loads

pytestmark = needs_standards

EDDSA, ECDSA = STANDARDS / "vc-di-eddsa", STANDARDS / "vc-di-ecdsa"
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
STEPS = [
    (EDDSA, "eddsa-rdfc-2022", "DataInt"),
    (EDDSA, "eddsa-rdfc-2022/employ", "DataInt"),
    (EDDSA, "eddsa-jcs-2022", "JCS"),
    (EDDSA, "Ed25519Signature2020", "EdSig"),
    (ECDSA, "ecdsa-rdfc-2019-p256", "ECDSAP256"),
    (ECDSA, "ecdsa-rdfc-2019-p256/employ", "ECDSAP256"),
    (ECDSA, "ecdsa-rdfc-2019-p384", "ECDSAP384"),
    (ECDSA, "ecdsa-rdfc-2019-p384/employ", "ECDSAP384"),
    (ECDSA, "ecdsa-jcs-2019-p256", "JCSECDSAP256"),
    (ECDSA, "ecdsa-jcs-2019-p384", "JCSECDSAP384"),
]
NAMES = [folder for _, folder, _ in STEPS]


def document(path: Path) -> dict[str, Any]:
    value = loads(path.read_bytes())
    assert isinstance(value, dict)
    return value


def text(path: Path) -> str:
    return path.read_text().strip()


def key_of(proof: data_integrity.Proof) -> VerifyingKey:
    method = proof.verification_method
    return VerifyingKey.from_multikey(method.partition("#")[2], id=method)


def from_vector(multibase: str, method: str) -> SigningKey:
    """Read a private Multikey of the vectors: two bytes of prefix, then the seed or the scalar."""
    secret = base58.b58decode(multibase[1:])[2:]
    public = VerifyingKey.from_multikey(method.partition("#")[2])
    if public.algorithm == "Ed25519":
        return SigningKey.from_seed(secret).with_id(method)
    key = SigningKey.from_jwk({**public.to_jwk(), "d": to_base64url(secret)})
    return key.with_id(method)


def check(secured: dict[str, Any]) -> None:
    for proof in data_integrity.proofs(secured):
        data_integrity.verify(secured, proof, key_of(proof), load=any_context)


@pytest.mark.parametrize(("base", "folder", "suffix"), STEPS, ids=NAMES)
class TestProofs:
    def test_give_every_step_byte_for_byte(self, base: Path, folder: str, suffix: str) -> None:
        at = base / folder
        secured = document(at / f"signed{suffix}.json")
        (proof,) = data_integrity.proofs(secured)
        suite, algorithm = data_integrity.suite_of(proof.raw), key_of(proof).algorithm
        assert isinstance(suite, HashSuite)
        name = suite.hashes[algorithm]
        bare = {name: value for name, value in secured.items() if name != "proof"}
        options = {name: value for name, value in proof.raw.items() if name != "proofValue"}

        canonical = suite.form.canonical_document(bare, options, any_context, hash_name=name)
        configuration = suite.form.canonical_options(bare, options, any_context, hash_name=name)
        message = suite.message(bare, options, any_context, algorithm=algorithm)

        assert canonical.decode().strip() == text(at / f"canonDoc{suffix}.txt")
        assert configuration.decode().strip() == text(at / f"proofCanon{suffix}.txt")
        assert hashlib.new(name, canonical).hexdigest() == text(at / f"docHash{suffix}.txt")
        assert hashlib.new(name, configuration).hexdigest() == text(at / f"proofHash{suffix}.txt")
        assert message.hex() == text(at / f"combinedHash{suffix}.txt")
        assert proof.value == text(at / f"sigBTC58{suffix}.txt")
        assert base58.b58decode(proof.value[1:]).hex() == text(at / f"sigHex{suffix}.txt")
        check(secured)

    def test_are_refused_with_any_one_byte_of_the_signature_changed(
        self, base: Path, folder: str, suffix: str
    ) -> None:
        secured = document(base / folder / f"signed{suffix}.json")
        signature = from_base58btc(secured["proof"]["proofValue"])

        for place in range(len(signature)):
            changed = bytearray(signature)
            changed[place] ^= 1
            secured["proof"]["proofValue"] = to_base58btc(bytes(changed))
            with pytest.raises(ProofFault) as refused:
                check(secured)
            assert refused.value.code == "proof.bad-signature"

    def test_are_refused_with_one_changed_character(self, base: Path, folder: str, suffix: str) -> None:
        for secured in one_character_more(document(base / folder / f"signed{suffix}.json")):
            with pytest.raises(ProofFault) as refused:
                check(secured)
            assert refused.value.code == "proof.bad-signature"

    def test_are_refused_as_der(self, base: Path, folder: str, suffix: str) -> None:
        secured = document(base / folder / f"signed{suffix}.json")
        signature = from_base58btc(secured["proof"]["proofValue"])
        half = len(signature) // 2
        r, s = (int.from_bytes(part) for part in (signature[:half], signature[half:]))
        der = encode_dss_signature(r, s)
        secured["proof"]["proofValue"] = to_base58btc(der)

        with pytest.raises(ProofFault) as refused:
            check(secured)

        assert refused.value.code == "proof.malformed"


def one_character_more(secured: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Change the document in one place and then the proof in another."""
    for part, name in (("", "name"), ("proof", "created")):
        changed = copy.deepcopy(secured)
        holder = changed[part] if part else changed
        if name == "created":
            holder[name] = holder[name].replace("2023", "2022")
        else:
            holder[name] = f"{holder[name]}." if name in holder else "A"
        yield changed


@pytest.mark.parametrize(("base", "folder", "suffix"), [step for step in STEPS if "Signature" not in step[1]])
def test_proofs_are_what_signing_makes(base: Path, folder: str, suffix: str) -> None:
    expected = document(base / folder / f"signed{suffix}.json")
    (proof,) = data_integrity.proofs(expected)
    pair = {"p256": "p256KeyPair", "p384": "p384KeyPair"}.get(folder.partition("/")[0][-4:], "keyPair")
    secrets = document(base / f"{pair}.json")
    secret = secrets.get("secretKeyMultibase") or secrets["privateKeyMultibase"]

    made = data_integrity.sign(
        {name: value for name, value in expected.items() if name != "proof"},
        from_vector(secret, proof.verification_method),
        suite=proof.suite,
        created=CREATED,
        load=any_context,
    )

    assert made == expected


def test_no_folder_of_proofs_is_left_out() -> None:
    """The selective proofs have tests of their own."""
    found = {
        f"{path.parent.relative_to(base)}"
        for base in (EDDSA, ECDSA)
        for path in base.rglob("signed*.json")
        if path.parent.name != "proof-set-chain"
    }

    assert found == set(NAMES)


class TestSetsAndChains:
    @pytest.mark.parametrize(
        ("name", "count"),
        [("signedProofSet1", 1), ("signedProofSet2", 2), ("signedProofChain1", 3), ("signedProofChain2", 4)],
    )
    def test_hold(self, name: str, count: int) -> None:
        secured = document(EDDSA / f"proof-set-chain/{name}.json")

        assert len(data_integrity.proofs(secured)) == count
        check(secured)

    @pytest.mark.parametrize("name", ["signedProofSet2", "signedProofChain1", "signedProofChain2"])
    def test_are_refused_wherever_the_bad_proof_stands(self, name: str) -> None:
        whole = document(EDDSA / f"proof-set-chain/{name}.json")

        for place in range(len(whole["proof"])):
            secured = copy.deepcopy(whole)
            secured["proof"][place]["created"] = "2023-02-24T23:36:39Z"
            bad = data_integrity.proofs(secured)[place]
            builders = [
                proof for proof in data_integrity.proofs(secured) if bad.id and bad.id in proof.previous
            ]
            for proof in (bad, *builders):
                with pytest.raises(ProofFault) as refused:
                    data_integrity.verify(secured, proof, key_of(proof), load=any_context)
                assert refused.value.code == "proof.bad-signature"

    def test_are_what_signing_makes(self) -> None:
        expected = document(EDDSA / "proof-set-chain/signedProofChain2.json")
        keys = document(EDDSA / "proof-set-chain/multiKeyPairs.json")
        made = document(EDDSA / "proof-set-chain/unsigned.json")

        for number, proof in enumerate(data_integrity.proofs(expected), start=1):
            assert proof.created is not None
            made = data_integrity.sign(
                made,
                from_vector(keys[f"keyPair{number}"]["privateKeyMultibase"], proof.verification_method),
                suite=proof.suite,
                created=proof.created,
                proof_id=proof.id,
                previous=proof.previous,
                load=any_context,
            )

        assert made == expected
