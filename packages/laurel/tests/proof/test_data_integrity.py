# SPDX-License-Identifier: Apache-2.0
"""Data Integrity proofs: the W3C's own steps byte for byte, and what a changed document gets."""

import copy
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import base58
import pytest
from foreign_rdf import STANDARDS, any_context, needs_standards
from samples import golden_document

from laurel.errors import DataLoss, LaurelError, ProofFault
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.proof.suites import HashSuite
from laurel.strictjson import loads

VECTORS = STANDARDS / "vc-di-eddsa"
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
STEPS = [
    ("eddsa-rdfc-2022", "DataInt"),
    ("eddsa-rdfc-2022/employ", "DataInt"),
    ("eddsa-jcs-2022", "JCS"),
]


def document(name: str) -> dict[str, Any]:
    value = loads((VECTORS / name).read_bytes())
    assert isinstance(value, dict)
    return value


def text(name: str) -> str:
    return (VECTORS / name).read_text().strip()


def did_key(key: SigningKey) -> SigningKey:
    multikey = key.public.to_multikey()
    return key.with_id(f"did:key:{multikey}#{multikey}")


def key_of(proof: data_integrity.Proof) -> VerifyingKey:
    method = proof.verification_method
    return VerifyingKey.from_multikey(method.partition("#")[2], id=method)


def from_vector(multibase: str) -> SigningKey:
    """Read a private Multikey of the vectors: two bytes of prefix, then the seed."""
    return did_key(SigningKey.from_seed(base58.b58decode(multibase[1:])[2:]))


KEY = did_key(SigningKey.from_seed(bytes(range(32))))


def signed(suite: str, **options: Any) -> dict[str, Any]:
    return data_integrity.sign(golden_document(), KEY, suite=suite, created=AT, **options)


def check(secured: dict[str, Any], **options: Any) -> None:
    for proof in data_integrity.proofs(secured):
        data_integrity.verify(secured, proof, key_of(proof), **options)


@needs_standards
class TestVectors:
    @pytest.mark.parametrize(("folder", "suffix"), STEPS, ids=[step[0] for step in STEPS])
    def test_give_every_step_byte_for_byte(self, folder: str, suffix: str) -> None:
        secured = document(f"{folder}/signed{suffix}.json")
        (proof,) = data_integrity.proofs(secured)
        suite = data_integrity.SUITES[proof.suite]
        assert isinstance(suite, HashSuite)
        bare = {name: value for name, value in secured.items() if name != "proof"}
        options = {name: value for name, value in proof.raw.items() if name != "proofValue"}

        canonical = suite.form.canonical_document(bare, options, any_context)
        configuration = suite.form.canonical_options(bare, options, any_context)

        assert canonical.decode().strip() == text(f"{folder}/canonDoc{suffix}.txt")
        assert configuration.decode().strip() == text(f"{folder}/proofCanon{suffix}.txt")
        assert hashlib.sha256(canonical).hexdigest() == text(f"{folder}/docHash{suffix}.txt")
        assert hashlib.sha256(configuration).hexdigest() == text(f"{folder}/proofHash{suffix}.txt")
        message = suite.message(bare, options, any_context, algorithm="Ed25519")
        assert message.hex() == text(f"{folder}/combinedHash{suffix}.txt")
        assert proof.value == text(f"{folder}/sigBTC58{suffix}.txt")
        assert base58.b58decode(proof.value[1:]).hex() == text(f"{folder}/sigHex{suffix}.txt")
        check(secured, load=any_context)

    @pytest.mark.parametrize(
        ("folder", "suffix"), [("eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "JCS")]
    )
    def test_are_what_signing_makes(self, folder: str, suffix: str) -> None:
        expected = document(f"{folder}/signed{suffix}.json")

        made = data_integrity.sign(
            document("unsigned.json"),
            from_vector(document("keyPair.json")["privateKeyMultibase"]),
            suite=folder,
            created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
            load=any_context,
        )

        assert made == expected

    @pytest.mark.parametrize(
        ("name", "count"),
        [("signedProofSet1", 1), ("signedProofSet2", 2), ("signedProofChain1", 3), ("signedProofChain2", 4)],
    )
    def test_of_sets_and_chains_hold(self, name: str, count: int) -> None:
        secured = document(f"proof-set-chain/{name}.json")

        assert len(data_integrity.proofs(secured)) == count
        check(secured, load=any_context)

    def test_of_a_chain_are_what_signing_makes(self) -> None:
        expected = document("proof-set-chain/signedProofChain2.json")
        keys = document("proof-set-chain/multiKeyPairs.json")
        made = document("proof-set-chain/unsigned.json")

        for number, proof in enumerate(data_integrity.proofs(expected), start=1):
            assert proof.created is not None
            made = data_integrity.sign(
                made,
                from_vector(keys[f"keyPair{number}"]["privateKeyMultibase"]),
                suite=proof.suite,
                created=proof.created,
                proof_id=proof.id,
                previous=proof.previous,
                load=any_context,
            )

        assert made == expected

    @pytest.mark.parametrize(
        "path", sorted(VECTORS.glob("eddsa-*/**/signed*.json")), ids=lambda path: path.name
    )
    def test_refuse_one_changed_character(self, path: Path) -> None:
        secured = loads(path.read_bytes())
        assert isinstance(secured, dict)
        secured["id"] = (
            f"{secured['id']}0" if "id" in secured else "urn:uuid:0b4cfbe4-4c3c-4ee5-ae8d-7ef8b0a5b2c8"
        )

        with pytest.raises(ProofFault) as refused:
            check(secured, load=any_context)

        assert refused.value.code == "proof.bad-signature"


@pytest.mark.parametrize("suite", SUITES)
class TestSign:
    def test_makes_a_proof_that_holds(self, suite: str) -> None:
        secured = signed(suite)

        check(secured, at=AT)

        (proof,) = data_integrity.proofs(secured)
        assert proof.suite == suite
        assert proof.created == AT
        assert proof.verification_method == KEY.id
        assert {name: value for name, value in secured.items() if name != "proof"} == golden_document()

    def test_adds_to_a_set_without_breaking_the_first(self, suite: str) -> None:
        other = did_key(SigningKey.from_seed(bytes(32)))

        secured = data_integrity.sign(signed(suite), other, suite=suite, created=AT)

        assert [proof.verification_method for proof in data_integrity.proofs(secured)] == [KEY.id, other.id]
        check(secured, at=AT)

    def test_never_changes_the_document_it_was_given(self, suite: str) -> None:
        given = signed(suite)
        before = copy.deepcopy(given)

        data_integrity.sign(given, KEY, suite=suite, created=AT)

        assert given == before

    def test_needs_a_key_that_knows_its_method(self, suite: str) -> None:
        with pytest.raises(ValueError, match="verification method"):
            data_integrity.sign(golden_document(), SigningKey.from_seed(bytes(32)), suite=suite, created=AT)

    def test_needs_an_ed25519_key(self, suite: str) -> None:
        with pytest.raises(ValueError, match="P-256"):
            data_integrity.sign(
                golden_document(), did_key(SigningKey.generate("p256")), suite=suite, created=AT
            )

    def test_needs_a_moment_with_an_offset(self, suite: str) -> None:
        with pytest.raises(ValueError, match="offset"):
            data_integrity.sign(golden_document(), KEY, suite=suite, created=AT.replace(tzinfo=None))

    def test_refuses_to_build_on_a_proof_that_is_not_there(self, suite: str) -> None:
        with pytest.raises(ProofFault):
            signed(suite, previous=("urn:uuid:56d4a9a0-6b8f-4f57-9a1c-9d2d8d6e4c11",))

    def test_refuses_two_proofs_of_one_id(self, suite: str) -> None:
        name = "urn:uuid:56d4a9a0-6b8f-4f57-9a1c-9d2d8d6e4c11"
        first = signed(suite, proof_id=name)
        second = data_integrity.sign(first, KEY, suite=suite, created=AT, proof_id=name)

        with pytest.raises(ProofFault):
            data_integrity.proofs(second)


def in_proof(**members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda secured: secured["proof"].update(members)


TAMPERED: dict[str, Callable[[dict[str, Any]], None]] = {
    "another name": lambda d: d.update(name="Data Cleaning with Rust"),
    "another learner": lambda d: d["credentialSubject"].update(id="did:example:mallory"),
    "a better result": lambda d: d["credentialSubject"]["result"][2].update(value="99"),
    "a result left out": lambda d: d["credentialSubject"]["result"].pop(),
    "longer validity": lambda d: d.update(validUntil="2099-10-14T09:30:00Z"),
    "no status": lambda d: d.pop("credentialStatus"),
    "another issuer": lambda d: d["issuer"].update(id="did:web:other.example"),
    "a type more": lambda d: d["type"].append("EndorsementCredential"),
    "another time of signing": in_proof(created="2026-11-22T09:30:01Z"),
    "another purpose": in_proof(proofPurpose="authentication"),
    "another method": in_proof(verificationMethod="did:key:z6Mk#z6Mk"),
    "a domain": in_proof(domain="employer.example"),
    "a challenge": in_proof(challenge="7f3a"),
    "an end": in_proof(expires="2099-01-01T00:00:00Z"),
    "a word nobody defines": in_proof(note="checked by hand"),
    "another context": lambda d: d["@context"].reverse(),
    "an inline context": lambda d: d["@context"].append({"name": "https://schema.org/description"}),
    "contexts in the proof": in_proof(**{"@context": ["https://www.w3.org/ns/credentials/v2"]}),
    "the other suite": lambda d: d["proof"].update(
        cryptosuite=next(suite for suite in SUITES if suite != d["proof"]["cryptosuite"])
    ),
}


@pytest.mark.parametrize("suite", SUITES)
class TestVerify:
    @pytest.mark.parametrize("edit", TAMPERED.values(), ids=TAMPERED)
    def test_refuses_a_changed_copy(self, suite: str, edit: Callable[[dict[str, Any]], None]) -> None:
        secured = copy.deepcopy(signed(suite))
        edit(secured)

        with pytest.raises(LaurelError):
            (proof,) = data_integrity.proofs(secured)
            data_integrity.verify(secured, proof, KEY.public)

    def test_refuses_another_key(self, suite: str) -> None:
        secured = signed(suite)
        (proof,) = data_integrity.proofs(secured)
        other = SigningKey.from_seed(bytes(32)).public

        with pytest.raises(ProofFault) as unsigned:
            data_integrity.verify(secured, proof, other)
        with pytest.raises(ProofFault) as misnamed:
            data_integrity.verify(secured, proof, other.with_id("did:key:z6Mk#other"))

        assert unsigned.value.code == "proof.bad-signature"
        assert misnamed.value.code == "proof.key"

    @pytest.mark.parametrize("made_for", ["assertionMethod", "authentication", "capabilityInvocation"])
    @pytest.mark.parametrize("wanted", ["assertionMethod", "authentication", "capabilityInvocation"])
    def test_takes_a_proof_only_for_its_purpose(self, suite: str, made_for: str, wanted: str) -> None:
        secured = signed(suite, purpose=made_for)

        if made_for == wanted:
            check(secured, purpose=wanted)
        else:
            with pytest.raises(ProofFault, match=made_for) as refused:
                check(secured, purpose=wanted)
            assert refused.value.code == "proof.purpose"

    def test_refuses_a_proof_from_its_end_on(self, suite: str) -> None:
        end = AT + timedelta(days=1)
        secured = signed(suite, expires=end)

        check(secured, at=end - timedelta(seconds=1))
        with pytest.raises(ProofFault) as refused:
            check(secured, at=end)

        assert refused.value.code == "proof.expired"

    def test_binds_a_proof_to_domain_and_challenge(self, suite: str) -> None:
        secured = signed(suite, purpose="authentication", domain="employer.example", challenge="7f3a")

        check(secured, purpose="authentication", domain="employer.example", challenge="7f3a")
        for wrong, code in (({"domain": "other.example"}, "domain"), ({"challenge": "8b"}, "challenge")):
            with pytest.raises(ProofFault) as refused:
                check(secured, purpose="authentication", **wrong)
            assert refused.value.code == f"proof.{code}"

    def test_wants_the_domain_and_challenge_it_asks_for(self, suite: str) -> None:
        for wanted in ({"domain": "employer.example"}, {"challenge": "7f3a"}):
            with pytest.raises(ProofFault):
                check(signed(suite), **wanted)

    def test_refuses_a_chain_whose_first_link_is_gone(self, suite: str) -> None:
        name = "urn:uuid:56d4a9a0-6b8f-4f57-9a1c-9d2d8d6e4c11"
        chained = data_integrity.sign(
            signed(suite, proof_id=name), KEY, suite=suite, created=AT, previous=(name,)
        )
        check(chained)

        cut = {**chained, "proof": chained["proof"][1:]}  # type: ignore[index,call-overload]  # a list here
        with pytest.raises(ProofFault) as refused:
            check(cut)

        assert refused.value.code == "proof.previous"

    def test_refuses_a_chain_whose_first_link_was_changed(self, suite: str) -> None:
        name = "urn:uuid:56d4a9a0-6b8f-4f57-9a1c-9d2d8d6e4c11"
        chained: dict[str, Any] = data_integrity.sign(
            signed(suite, proof_id=name), KEY, suite=suite, created=AT, previous=(name,)
        )
        chained["proof"][0]["created"] = "2026-11-22T09:30:01Z"
        last = data_integrity.proofs(chained)[1]

        with pytest.raises(ProofFault):
            data_integrity.verify(chained, last, KEY.public)


MALFORMED: dict[str, dict[str, Any]] = {
    "no value": {"proofValue": None},
    "a number as value": {"proofValue": 5},
    "another alphabet": {"proofValue": "u" + "A" * 86},
    "a letter base58 does not have": {"proofValue": "z0OIl"},
    "too few bytes": {"proofValue": "z" + base58.b58encode(bytes(range(1, 64))).decode()},
    "too many bytes": {"proofValue": "z" + base58.b58encode(bytes(range(1, 66))).decode()},
    "a huge value": {"proofValue": "z" + "1" * 100_000},
    "two types": {"type": ["DataIntegrityProof"]},
    "no purpose": {"proofPurpose": ""},
    "a relative method": {"verificationMethod": "#key-1"},
    "an embedded method": {"verificationMethod": {"id": "did:example:1#key"}},
    "a time without an offset": {"created": "2026-11-22T09:30:00"},
    "a day that is none": {"created": "2026-02-30T09:30:00Z"},
    "a date alone": {"expires": "2026-11-22"},
    "an empty domain": {"domain": []},
    "a relative id": {"id": "proof-1"},
    "no suite": {"cryptosuite": None},
}


class TestProofs:
    def test_are_none_without_a_proof(self) -> None:
        assert data_integrity.proofs(golden_document()) == ()

    @pytest.mark.parametrize("members", MALFORMED.values(), ids=MALFORMED)
    def test_refuse_what_is_not_shaped_like_one(self, members: dict[str, Any]) -> None:
        secured: dict[str, Any] = signed("eddsa-rdfc-2022")
        secured["proof"].update(members)

        with pytest.raises(ProofFault) as refused:
            data_integrity.proofs(secured)

        assert refused.value.code == "proof.malformed"

    @pytest.mark.parametrize("written", [None, [], "zabc", [[]], [None], 7, [{}], [{"type": None}]])
    def test_refuse_what_is_not_an_object(self, written: Any) -> None:
        with pytest.raises(ProofFault):
            data_integrity.proofs({**golden_document(), "proof": written})

    def test_refuse_more_than_a_verifier_can_check(self) -> None:
        secured: dict[str, Any] = signed("eddsa-rdfc-2022")

        with pytest.raises(ProofFault):
            data_integrity.proofs({**secured, "proof": [secured["proof"]] * 17})

    @pytest.mark.parametrize(
        "members",
        [
            {"type": "Ed25519Signature2020"},
            {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023", "proofValue": "u2V0A"},
        ],
    )
    def test_of_another_kind_are_told_apart(self, members: dict[str, Any]) -> None:
        secured: dict[str, Any] = signed("eddsa-rdfc-2022")
        secured["proof"] = [secured["proof"], {**secured["proof"], **members}]

        ours, other = data_integrity.proofs(secured)

        data_integrity.verify(secured, ours, KEY.public)
        with pytest.raises(ProofFault) as refused:
            data_integrity.verify(secured, other, KEY.public)
        assert refused.value.code == "proof.unsupported"


class TestJcs:
    def test_covers_a_term_that_no_context_defines(self) -> None:
        secured = data_integrity.sign(
            {**golden_document(), "grade": "A"}, KEY, suite="eddsa-jcs-2022", created=AT
        )

        check(secured)
        with pytest.raises(ProofFault):
            check({**secured, "grade": "A+"})

    def test_lets_a_known_context_be_added_behind_the_signed_ones(self) -> None:
        secured: dict[str, Any] = signed("eddsa-jcs-2022")
        secured["@context"] = [*secured["@context"], "https://w3id.org/security/data-integrity/v2"]

        check(secured)

    @pytest.mark.parametrize(
        "added", ["https://attacker.example/v1", {"name": "https://schema.org/description"}, None]
    )
    def test_refuses_an_unknown_context_behind_the_signed_ones(self, added: Any) -> None:
        secured: dict[str, Any] = signed("eddsa-jcs-2022")
        secured["@context"] = [*secured["@context"], added]

        with pytest.raises(DataLoss):
            check(secured)


class TestRdfc:
    def test_refuses_to_sign_a_term_that_no_context_defines(self) -> None:
        with pytest.raises(DataLoss) as refused:
            data_integrity.sign({**golden_document(), "grade": "A"}, KEY, suite="eddsa-rdfc-2022", created=AT)

        assert refused.value.pointer == "/grade"
