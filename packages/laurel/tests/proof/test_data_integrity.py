# SPDX-License-Identifier: Apache-2.0
"""Data Integrity proofs: the W3C's own steps byte for byte, and what a changed document gets."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import base58
import pytest
from samples import golden_document

from laurel.errors import DataLoss, LaurelError, ProofFault
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey, VerifyingKey

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def did_key(key: SigningKey) -> SigningKey:
    multikey = key.public.to_multikey()
    return key.with_id(f"did:key:{multikey}#{multikey}")


def key_of(proof: data_integrity.Proof) -> VerifyingKey:
    method = proof.verification_method
    return VerifyingKey.from_multikey(method.partition("#")[2], id=method)


KEY = did_key(SigningKey.from_seed(bytes(range(32))))
RSA = did_key(SigningKey.generate("rsa2048"))
P256, P384 = did_key(SigningKey.generate("p256")), did_key(SigningKey.generate("p384"))
KEYS = {
    "eddsa-rdfc-2022": KEY,
    "eddsa-jcs-2022": KEY,
    "ecdsa-rdfc-2019": P256,
    "ecdsa-jcs-2019": P256,
    "ecdsa-rdfc-2019 with P-384": P384,
    "ecdsa-jcs-2019 with P-384": P384,
}
SUITES = list(KEYS)
OTHERS = {
    "Ed25519": SigningKey.from_seed(bytes(32)),
    "P-256": SigningKey.generate("p256"),
    "P-384": SigningKey.generate("p384"),
}


def name_of(suite: str) -> str:
    """Return the cryptosuite of a case."""
    return suite.partition(" ")[0]


def signed(suite: str, **options: Any) -> dict[str, Any]:
    return data_integrity.sign(golden_document(), KEYS[suite], suite=name_of(suite), created=AT, **options)


def check(secured: dict[str, Any], **options: Any) -> None:
    for proof in data_integrity.proofs(secured):
        data_integrity.verify(secured, proof, key_of(proof), **options)


@pytest.mark.parametrize("suite", SUITES)
class TestSign:
    def test_makes_a_proof_that_holds(self, suite: str) -> None:
        secured = signed(suite)

        check(secured, at=AT)

        (proof,) = data_integrity.proofs(secured)
        assert proof.suite == name_of(suite)
        assert proof.created == AT
        assert proof.verification_method == KEYS[suite].id
        assert {name: value for name, value in secured.items() if name != "proof"} == golden_document()

    def test_adds_to_a_set_without_breaking_the_first(self, suite: str) -> None:
        other = did_key(SigningKey.from_seed(bytes(32)))

        secured = data_integrity.sign(signed(suite), other, suite="eddsa-rdfc-2022", created=AT)

        methods = [proof.verification_method for proof in data_integrity.proofs(secured)]
        assert methods == [KEYS[suite].id, other.id]
        check(secured, at=AT)

    def test_never_changes_the_document_it_was_given(self, suite: str) -> None:
        given = signed(suite)
        before = copy.deepcopy(given)

        data_integrity.sign(given, KEYS[suite], suite=name_of(suite), created=AT)

        assert given == before

    def test_needs_a_key_that_knows_its_method(self, suite: str) -> None:
        with pytest.raises(ValueError, match="verification method"):
            nameless = SigningKey.from_jwk(dict(KEYS[suite].to_private_jwk()) | {"kid": None})
            data_integrity.sign(golden_document(), nameless, suite=name_of(suite), created=AT)

    def test_needs_a_key_of_the_suites_own_kind(self, suite: str) -> None:
        for key in (KEY, P256, RSA):
            if key.algorithm not in data_integrity.SUITES[name_of(suite)].algorithms:
                with pytest.raises(ValueError, match=key.algorithm):
                    data_integrity.sign(golden_document(), key, suite=name_of(suite), created=AT)

    def test_needs_a_moment_with_an_offset(self, suite: str) -> None:
        with pytest.raises(ValueError, match="offset"):
            data_integrity.sign(
                golden_document(), KEYS[suite], suite=name_of(suite), created=AT.replace(tzinfo=None)
            )

    def test_refuses_to_build_on_a_proof_that_is_not_there(self, suite: str) -> None:
        with pytest.raises(ProofFault):
            signed(suite, previous=("urn:uuid:56d4a9a0-6b8f-4f57-9a1c-9d2d8d6e4c11",))

    def test_refuses_two_proofs_of_one_id(self, suite: str) -> None:
        name = "urn:uuid:56d4a9a0-6b8f-4f57-9a1c-9d2d8d6e4c11"
        first = signed(suite, proof_id=name)
        second = data_integrity.sign(first, KEYS[suite], suite=name_of(suite), created=AT, proof_id=name)

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
        cryptosuite=next(suite for suite in data_integrity.SUITES if suite != d["proof"]["cryptosuite"])
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
            data_integrity.verify(secured, proof, KEYS[suite].public)

    def test_refuses_another_key(self, suite: str) -> None:
        secured = signed(suite)
        (proof,) = data_integrity.proofs(secured)
        other = OTHERS[KEYS[suite].algorithm].public

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
        wrongs: list[tuple[dict[str, Any], str]] = [
            ({"domain": "other.example"}, "domain"),
            ({"domain": ()}, "domain"),
            ({"challenge": "8b"}, "challenge"),
        ]
        for wrong, code in wrongs:
            with pytest.raises(ProofFault) as refused:
                check(secured, purpose="authentication", **wrong)
            assert refused.value.code == f"proof.{code}"

    def test_takes_a_set_of_domains_only_whole(self, suite: str) -> None:
        domains = ("employer.example", "https://wallet.example", "broker.example")
        secured = signed(suite, domain=domains)

        check(secured, domain=domains[::-1])
        for place in range(3):
            fewer = [*domains[:place], *domains[place + 1 :]]
            other = [*domains[:place], "attacker.example", *domains[place + 1 :]]
            for wrong in (domains[place], fewer, other, [*domains, "attacker.example"]):
                with pytest.raises(ProofFault) as refused:
                    check(secured, domain=wrong)
                assert refused.value.code == "proof.domain"

    def test_wants_the_domain_and_challenge_it_asks_for(self, suite: str) -> None:
        for wanted in ({"domain": "employer.example"}, {"challenge": "7f3a"}):
            with pytest.raises(ProofFault):
                check(signed(suite), **wanted)

    def test_refuses_a_chain_whose_first_link_is_gone(self, suite: str) -> None:
        name = "urn:uuid:56d4a9a0-6b8f-4f57-9a1c-9d2d8d6e4c11"
        chained = data_integrity.sign(
            signed(suite, proof_id=name),
            KEYS[suite],
            suite=name_of(suite),
            created=AT,
            previous=(name,),
        )
        check(chained)

        cut = {**chained, "proof": chained["proof"][1:]}  # type: ignore[index,call-overload]  # a list here
        with pytest.raises(ProofFault) as refused:
            check(cut)

        assert refused.value.code == "proof.previous"

    def test_refuses_a_chain_whose_first_link_was_changed(self, suite: str) -> None:
        name = "urn:uuid:56d4a9a0-6b8f-4f57-9a1c-9d2d8d6e4c11"
        chained: dict[str, Any] = data_integrity.sign(
            signed(suite, proof_id=name),
            KEYS[suite],
            suite=name_of(suite),
            created=AT,
            previous=(name,),
        )
        chained["proof"][0]["created"] = "2026-11-22T09:30:01Z"
        last = data_integrity.proofs(chained)[1]

        with pytest.raises(ProofFault):
            data_integrity.verify(chained, last, KEYS[suite].public)


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
            {"type": "Ed25519Signature2018"},
            {"type": "Ed25519Signature2018", "cryptosuite": "eddsa-rdfc-2022"},
            {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023", "proofValue": "u2V0A"},
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
