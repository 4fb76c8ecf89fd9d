# SPDX-License-Identifier: Apache-2.0
"""Several signatures on one credential, chains of them, and what each key was published for."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import ISSUER_DID, golden_document

from laurel import verify as verifying
from laurel.did import KeyNotFound, key_for, resolve_url, web
from laurel.did import key as did_key
from laurel.errors import ProofFault
from laurel.jsonld import canonize
from laurel.proof import data_integrity
from laurel.proof.encodings import to_base58btc
from laurel.proof.keys import SigningKey
from laurel.verify import Report, Result, Verdict

NOTARY = did_key.with_did_key(SigningKey.from_seed(bytes(32)))
REGISTRY_DID = "did:web:registry.example"
PURPOSES = (
    "assertionMethod",
    "authentication",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)


@pytest.fixture
def college() -> IssuerWorld:
    return IssuerWorld()


def registry(college: IssuerWorld) -> SigningKey:
    """Return the key of another institution, whose document lies on its own host."""
    key = SigningKey.from_seed(bytes([7]) * 32).with_id(f"{REGISTRY_DID}#key-1")
    college.publish(str(resolve_url(REGISTRY_DID)), web.document(REGISTRY_DID, [key.public]))
    return key


def signed(*signers: SigningKey, **options: Any) -> dict[str, Any]:
    """Sign the golden credential with each key in turn, side by side."""
    document: dict[str, Any] = golden_document()
    for key in signers:
        document = data_integrity.sign(document, key, suite="eddsa-rdfc-2022", created=ISSUED_AT, **options)
    return document


def chained(*signers: SigningKey, expires: dict[int, datetime] | None = None) -> dict[str, Any]:
    """Sign with each key in turn, each over the one before."""
    document: dict[str, Any] = golden_document()
    for number, key in enumerate(signers):
        document = data_integrity.sign(
            document,
            key,
            suite="eddsa-rdfc-2022",
            created=ISSUED_AT,
            expires=(expires or {}).get(number),
            proof_id=f"urn:uuid:0c3f2a52-3a3d-4f3e-9d5f-00000000000{number}",
            previous=[f"urn:uuid:0c3f2a52-3a3d-4f3e-9d5f-00000000000{number - 1}"] if number else [],
        )
    return document


def judge(college: IssuerWorld, document: dict[str, Any]) -> Report:
    return verifying.check(json.dumps(document).encode(), fetch=college.fetch, at=NOW)


def spoil(proof: dict[str, Any]) -> None:
    proof["created"] = "2026-10-14T09:30:01Z"


def unknown_suite(proof: dict[str, Any]) -> None:
    proof["cryptosuite"] = "bbs-2023"


def other_purpose(proof: dict[str, Any]) -> None:
    proof["proofPurpose"] = "authentication"


class TestSet:
    @pytest.mark.parametrize("edit", [spoil, unknown_suite, other_purpose])
    @pytest.mark.parametrize("place", range(3))
    def test_holds_while_the_issuers_own_proof_does(
        self, college: IssuerWorld, place: int, edit: Callable[[dict[str, Any]], None]
    ) -> None:
        signers = [registry(college), NOTARY]
        signers.insert(place, college.key)
        document = signed(*signers)
        for number, proof in enumerate(document["proof"]):
            if number != place:
                edit(proof)

        report = judge(college, document)

        assert report.verdict is Verdict.GENUINE
        assert report.technical["verification_method"] == college.key.id

    @pytest.mark.parametrize("place", range(3))
    def test_is_nobodys_credential_when_only_the_issuers_proof_is_bad(
        self, college: IssuerWorld, place: int
    ) -> None:
        signers = [registry(college), NOTARY]
        signers.insert(place, college.key)
        document = signed(*signers)
        spoil(document["proof"][place])

        report = judge(college, document)

        assert report.verdict is Verdict.UNKNOWN_ISSUER
        assert (report["proof"].result, report["issuer"].code) == (Result.PASSED, "issuer.other-key")

    def test_of_strangers_alone_says_who_signed_and_who_did_not(self, college: IssuerWorld) -> None:
        report = judge(college, signed(NOTARY, registry(college)))

        assert report.verdict is Verdict.UNKNOWN_ISSUER
        assert report["proof"].result is Result.PASSED
        assert report["issuer"].code == "issuer.other-key"

    def test_waits_for_the_issuers_keys_though_another_signature_holds(self, college: IssuerWorld) -> None:
        document = signed(NOTARY, college.key)
        del college.documents[college.did_url]

        report = judge(college, document)

        assert college.did_url in college.asked
        assert report.verdict is Verdict.UNFINISHED
        assert (report["proof"].result, report["issuer"].code) == (Result.PASSED, "issuer.unreachable")

    def test_is_unfinished_while_the_issuers_proof_may_be_the_good_one(self, college: IssuerWorld) -> None:
        document = signed(NOTARY, college.key)
        spoil(document["proof"][0])
        assert judge(college, document).verdict is Verdict.GENUINE

        del college.documents[college.did_url]

        assert judge(college, document).verdict is Verdict.UNFINISHED

    def test_of_bad_proofs_alone_is_changed(self, college: IssuerWorld) -> None:
        document = signed(NOTARY, college.key)
        for proof in document["proof"]:
            spoil(proof)

        assert judge(college, document).verdict is Verdict.CHANGED

    def test_of_five_is_refused_before_any_work(self, college: IssuerWorld) -> None:
        report = judge(college, signed(*[NOTARY] * 4, college.key))

        assert (report.verdict, report["proof"].code) == (Verdict.CHANGED, "proof.too-many")
        assert college.asked == []


class TestChain:
    @pytest.mark.parametrize("place", range(3))
    def test_of_another_and_the_issuer_holds_only_whole(self, college: IssuerWorld, place: int) -> None:
        signers = [NOTARY, registry(college), college.key]
        whole = chained(*signers)
        assert judge(college, whole).verdict is Verdict.GENUINE

        broken = json.loads(json.dumps(whole))
        spoil(broken["proof"][place])
        report = judge(college, broken)

        # What the issuer signed over is bad, or the issuer's own proof is.
        assert report.verdict is not Verdict.GENUINE
        assert report.credential is None or report["issuer"].result is Result.FAILED

    def test_begun_by_the_issuer_holds_whatever_others_added(self, college: IssuerWorld) -> None:
        document = chained(college.key, NOTARY)
        spoil(document["proof"][1])

        assert judge(college, document).verdict is Verdict.GENUINE

    def test_is_refused_where_a_link_is_gone(self, college: IssuerWorld) -> None:
        document = chained(NOTARY, college.key)
        document["proof"] = document["proof"][1:]

        report = judge(college, document)

        assert (report.verdict, report["proof"].code) == (Verdict.CHANGED, "proof.previous")

    @pytest.mark.parametrize("place", range(3))
    def test_ends_with_the_first_of_its_links(self, college: IssuerWorld, place: int) -> None:
        signers = [NOTARY, registry(college), college.key]

        over = judge(college, chained(*signers, expires={place: NOW - timedelta(days=1)}))
        still = judge(college, chained(*signers, expires={place: NOW + timedelta(days=1)}))

        assert (over.verdict, over["period"].code) == (Verdict.OUT_OF_DATE, "period.signature-ended")
        assert still.verdict is Verdict.GENUINE

    def test_waits_for_the_keys_of_an_earlier_link(self, college: IssuerWorld) -> None:
        document = chained(registry(college), college.key)
        assert judge(college, document).verdict is Verdict.GENUINE

        del college.documents[str(resolve_url(REGISTRY_DID))]

        assert judge(college, document).verdict is Verdict.UNFINISHED


class TestPurpose:
    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_must_be_the_one_wanted_and_the_one_the_key_is_published_for(
        self, college: IssuerWorld, suite: str
    ) -> None:
        document = web.document(ISSUER_DID, [college.key.public])
        held = []
        for made_for in PURPOSES:
            secured = data_integrity.sign(
                golden_document(), college.key, suite=suite, created=ISSUED_AT, purpose=made_for
            )
            (proof,) = data_integrity.proofs(secured)
            for listed_for in PURPOSES:
                listing = {name: part for name, part in document.items() if name not in PURPOSES}
                listing[listed_for] = [college.key.id]
                for wanted in PURPOSES:
                    with suppress(ProofFault, KeyNotFound):
                        key = key_for(listing, proof.verification_method, purpose=wanted, at=NOW)
                        data_integrity.verify(secured, proof, key, purpose=wanted)
                        held.append((made_for, listed_for, wanted))

        assert held == [(purpose, purpose, purpose) for purpose in PURPOSES]

    @pytest.mark.parametrize("made_for", PURPOSES)
    @pytest.mark.parametrize("listed_for", PURPOSES)
    def test_of_a_credential_is_to_assert(self, college: IssuerWorld, made_for: str, listed_for: str) -> None:
        document = web.document(ISSUER_DID, [college.key.public])
        listing = {name: part for name, part in document.items() if name not in PURPOSES}
        college.publish(college.did_url, listing | {listed_for: [college.key.id]})

        report = judge(college, signed(college.key, purpose=made_for))

        is_right = made_for == listed_for == "assertionMethod"
        assert (report.verdict is Verdict.GENUINE) == is_right


class TestTime:
    def test_of_a_proof_is_not_that_of_the_credential(self, college: IssuerWorld) -> None:
        document = signed(college.key, expires=datetime(2026, 11, 1, tzinfo=UTC))

        report = judge(college, document)

        assert report["proof"].result is Result.PASSED
        assert (report.verdict, report["period"].code) == (Verdict.OUT_OF_DATE, "period.signature-ended")


def by_an_older_type(document: dict[str, Any], key: SigningKey, **members: Any) -> dict[str, Any]:
    """Sign as software did before Data Integrity; laurel only reads that."""
    options: dict[str, Any] = {
        "type": "Ed25519Signature2020",
        "created": "2026-10-14T09:30:00Z",
        "verificationMethod": key.id,
        "proofPurpose": "assertionMethod",
        **members,
    }
    digests = (
        hashlib.sha256(canonize(part)).digest()
        for part in ({**options, "@context": document["@context"]}, document)
    )
    return {**document, "proof": {**options, "proofValue": to_base58btc(key.sign(b"".join(digests)))}}


def with_its_context(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = golden_document() | changes
    return document | {
        "@context": [*document["@context"], "https://w3id.org/security/suites/ed25519-2020/v1"]
    }


class TestOlderType:
    def test_is_read_like_any_other_proof(self, college: IssuerWorld) -> None:
        report = judge(college, by_an_older_type(with_its_context(), college.key))

        assert report.verdict is Verdict.GENUINE
        assert report.technical["suite"] == "Ed25519Signature2020"

    def test_is_never_made(self) -> None:
        with pytest.raises(ValueError, match="Ed25519Signature2020"):
            data_integrity.sign(with_its_context(), NOTARY, suite="Ed25519Signature2020", created=ISSUED_AT)

    @pytest.mark.parametrize(
        "edit",
        [
            lambda d: d.update(name="Data Cleaning with Rust"),
            lambda d: d.update(grade="A+"),
            lambda d: d["@context"].reverse(),
            lambda d: d["proof"].update(created="2026-10-14T09:30:01Z"),
            lambda d: d["proof"].update(type="DataIntegrityProof", cryptosuite="eddsa-rdfc-2022"),
            lambda d: d["proof"].update(type="DataIntegrityProof", cryptosuite="Ed25519Signature2020"),
            lambda d: d["proof"].update(cryptosuite="eddsa-rdfc-2022"),
            lambda d: d["proof"].update(jws="eyJhbGciOiJFZERTQSJ9..AA"),
            lambda d: d["proof"].update({"@context": ["https://www.w3.org/ns/credentials/v2"]}),
            lambda d: d["proof"].update(proofValue="u" + d["proof"]["proofValue"][1:]),
            lambda d: d["proof"].pop("verificationMethod"),
        ],
    )
    def test_is_refused_when_changed(
        self, college: IssuerWorld, edit: Callable[[dict[str, Any]], None]
    ) -> None:
        secured = json.loads(json.dumps(by_an_older_type(with_its_context(), college.key)))
        edit(secured)

        assert judge(college, secured).verdict in (Verdict.CHANGED, Verdict.UNFINISHED)

    def test_needs_its_own_context(self, college: IssuerWorld) -> None:
        secured = by_an_older_type(with_its_context(), college.key)

        report = judge(college, secured | {"@context": golden_document()["@context"]})

        assert (report.verdict, report["proof"].code) == (Verdict.CHANGED, "proof.data-loss")
