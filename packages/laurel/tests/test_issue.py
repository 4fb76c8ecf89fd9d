# SPDX-License-Identifier: Apache-2.0
"""What was not checked cannot be signed; what was checked is what is signed, to the byte."""

import json
import random
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import samples
from badge_strategies import sound_credentials
from hypothesis import given, settings

from laurel import issue, jsonld, strictjson
from laurel.errors import DataLoss, FailedChecks, LaurelError, NotAKey
from laurel.formats.open_badges_3 import to_json
from laurel.model.credential import OpenBadgeCredential, StatusEntry
from laurel.proof import data_integrity, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.status import bitstring

AT = datetime(2026, 10, 14, 9, 31, tzinfo=UTC)
KEY = SigningKey.from_seed(bytes(range(32))).with_id(f"{samples.ISSUER_DID}#key-2026")


def refusal(document) -> list[tuple[str, str]]:
    with pytest.raises(FailedChecks) as refused:
        issue.check_document(document)
    return [(finding.code, finding.pointer) for finding in refused.value.findings]


class TestCheck:
    def test_passes_the_golden_credential_as_it_is(self) -> None:
        assert issue.check(samples.GOLDEN).document == samples.golden_document()

    def test_passes_the_smallest_credential(self) -> None:
        assert issue.check(samples.plain_credential()).issuer_id == samples.ISSUER_DID

    @pytest.mark.parametrize("name", samples.NAMES_FROM_ELSEWHERE.values())
    def test_passes_a_name_of_any_script(self, name: str) -> None:
        assert name in issue.check(samples.named_credential(name)).document["description"]

    def test_brings_typed_text_to_one_form(self) -> None:
        typed = samples.named_credential("Ame\u0301lie O\u0323ko\u0301")

        assert issue.check(typed).document == issue.check(samples.named_credential("Amélie Ọkó")).document

    def test_reports_every_finding_once(self) -> None:
        nameless = replace(
            samples.GOLDEN,
            id="no address",
            subject=replace(
                samples.AMARA, achievement=replace(samples.DATA_CLEANING, name=" ", achievement_type="X")
            ),
        )

        with pytest.raises(FailedChecks) as refused:
            issue.check(nameless)

        found = [(finding.code, finding.pointer) for finding in refused.value.findings]
        assert found[:3] == [
            ("vcdm.url", "/id"),
            ("ob3.filled", "/credentialSubject/achievement/name"),
            ("ob3.word", "/credentialSubject/achievement/achievementType"),
        ]
        assert "/credentialSubject/achievement/name: This is not text that says something." in str(
            refused.value
        )

    def test_refuses_what_a_signature_would_not_cover(self) -> None:
        graded = replace(samples.GOLDEN, subject=replace(samples.AMARA, extra={"grade": "A"}))

        with pytest.raises(FailedChecks) as refused:
            issue.check(graded)

        (finding,) = refused.value.findings
        assert (finding.code, finding.pointer) == ("data-loss.undefined-term", "/credentialSubject/grade")
        assert "would not cover" in finding.message

    def test_refuses_more_parts_that_look_alike_than_a_verifier_would_order(self) -> None:
        alike = samples.DATA_CLEANING.alignments[:1]
        many = tuple(
            replace(samples.AMARA.results[2], value=f"{mark}", alignments=alike) for mark in range(90)
        )
        crowded = replace(samples.AMARA, results=many)

        with pytest.raises(FailedChecks) as refused:
            issue.check(replace(samples.GOLDEN, subject=crowded))

        assert [finding.code for finding in refused.value.findings] == ["too-much-work"]

    def test_refuses_a_period_that_ends_before_it_begins(self) -> None:
        with pytest.raises(FailedChecks) as refused:
            issue.check(replace(samples.GOLDEN, valid_until=datetime(2025, 1, 1, tzinfo=UTC)))

        assert [finding.code for finding in refused.value.findings] == ["vcdm.period"]

    def test_refuses_a_status_entry_that_is_its_own_list(self) -> None:
        entry = StatusEntry(
            id=samples.REVOCATIONS, purpose="revocation", index=1, list_url=samples.REVOCATIONS
        )

        with pytest.raises(FailedChecks, match="address of its list"):
            issue.check(replace(samples.GOLDEN, status=(entry,)))

    @settings(max_examples=60, deadline=None)
    @given(credential=sound_credentials)
    def test_passes_whatever_people_type(self, credential: OpenBadgeCredential) -> None:
        signed = json.loads(issue.sign(issue.check(credential), KEY, created=AT))

        data_integrity.verify(signed, data_integrity.proofs(signed)[0], KEY.public, at=AT)
        assert signed["name"] == unicodedata.normalize("NFC", credential.name)


class TestCheckDocument:
    def test_passes_a_draft_that_is_json(self) -> None:
        document = samples.golden_document()

        assert issue.check_document(document).document == document

    def test_refuses_a_draft_with_a_proof(self) -> None:
        assert refusal(samples.golden_document() | {"proof": {"type": "DataIntegrityProof"}}) == [
            ("issue.proof", "/proof")
        ]

    def test_refuses_text_that_is_not_in_normal_form(self) -> None:
        document = samples.golden_document() | {"name": "Ame\u0301lie"}

        assert refusal(document) == [("issue.nfc", "/name")]

    @pytest.mark.parametrize(
        "change",
        [
            {"x": float("nan")},
            {"x": 2**60},
            {"x": "\ud800"},
            {"x": object()},
            {"x": b"bytes"},
            {"x": ["y" * 70_000]},
            {"x": ["y"] * 20_000},
        ],
    )
    def test_refuses_what_is_no_strict_json(self, change) -> None:
        assert refusal(samples.golden_document() | change) == [("issue.json", "")]

    def test_refuses_a_draft_without_a_bottom(self) -> None:
        deep: object = "end"
        for _ in range(40):
            deep = [deep]
        endless: dict[str, object] = samples.golden_document()
        endless["x"] = endless

        assert refusal(samples.golden_document() | {"x": deep}) == [("issue.json", "")]
        assert refusal(endless) == [("issue.json", "")]

    @pytest.mark.parametrize(
        "edit",
        [
            {"@context": ["https://www.w3.org/ns/credentials/v2", {"grade": "https://a.example/grade"}]},
            {"@context": None},
            {"@graph": []},
            {"@nest": {"name": "Other"}},
            {"@reverse": {"issuer": "did:web:a.example"}},
            {"grade": "A"},
            {"Name": "Other"},
            {"awardedDate": None},
            {"tag": ["a", "a"]},
            {"evidence": [[]]},
            {"https://schema.org/name": "Other"},
        ],
    )
    def test_refuses_an_edit_that_a_plain_reader_would_not_see(self, edit) -> None:
        assert refusal(samples.golden_document() | edit)

    def test_is_not_moved_by_later_changes_to_the_draft(self) -> None:
        document = samples.golden_document()
        checked = issue.check_document(document)

        document["name"] = "Something else"
        checked.document["name"] = "Something else"

        assert json.loads(issue.sign(checked, KEY, created=AT))["name"] == "Data Cleaning with Python"


class TestChecked:
    def test_cannot_be_made_by_anybody_else(self) -> None:
        with pytest.raises(TypeError):
            issue.Checked(strictjson.dumps(samples.golden_document()), object())

    def test_shows_nobody_s_name_in_a_log(self) -> None:
        assert "Amara" not in repr(issue.check(samples.GOLDEN))


class TestSign:
    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_makes_a_proof_that_holds(self, suite) -> None:
        signed = json.loads(issue.sign(issue.check(samples.GOLDEN), KEY, suite=suite, created=AT))
        (proof,) = data_integrity.proofs(signed)

        data_integrity.verify(signed, proof, KEY.public, at=AT)

        assert proof.suite == suite
        assert proof.created == AT
        assert proof.verification_method == KEY.id
        assert {name: value for name, value in signed.items() if name != "proof"} == samples.golden_document()

    def test_gives_the_same_bytes_each_time(self) -> None:
        checked = issue.check(samples.GOLDEN)

        assert issue.sign(checked, KEY, created=AT) == issue.sign(checked, KEY, created=AT)

    def test_makes_a_proof_that_a_changed_copy_breaks(self) -> None:
        signed = json.loads(issue.sign(issue.check(samples.GOLDEN), KEY, created=AT))
        signed["credentialSubject"]["result"][0]["achievedLevel"] = samples.FINDING_FAULTS.required_level

        with pytest.raises(LaurelError):
            data_integrity.verify(signed, data_integrity.proofs(signed)[0], KEY.public, at=AT)

    def test_takes_a_draft_of_json_to_the_same_bytes(self) -> None:
        drafted = issue.check_document(samples.golden_document())

        assert issue.sign(drafted, KEY, created=AT) == issue.sign(
            issue.check(samples.GOLDEN), KEY, created=AT
        )

    def test_refuses_somebody_else_s_key(self) -> None:
        for method in ("did:web:rivermouth.example#key-1", f"{samples.ISSUER_DID}:other#key-1"):
            with pytest.raises(FailedChecks, match="does not belong"):
                issue.sign(issue.check(samples.GOLDEN), KEY.with_id(method), created=AT)
            with pytest.raises(FailedChecks, match="does not belong"):
                issue.sign_jwt(issue.check(samples.GOLDEN), KEY.with_id(method))

    def test_refuses_a_key_without_an_id_or_of_another_kind(self) -> None:
        with pytest.raises(NotAKey):
            issue.sign(issue.check(samples.GOLDEN), SigningKey.generate(), created=AT)
        with pytest.raises(NotAKey, match="Ed25519"):
            issue.sign(issue.check(samples.GOLDEN), SigningKey.generate("p256").with_id(KEY.id), created=AT)

    def test_knows_the_key_of_an_issuer_known_by_address_only(self) -> None:
        document = samples.golden_document() | {"issuer": samples.ISSUER_DID}

        assert b'"issuer":"did:web:' in issue.sign(issue.check_document(document), KEY, created=AT)


class TestSignJwt:
    @pytest.mark.parametrize("kind", ["ed25519", "p256"])
    @pytest.mark.parametrize("profile", ["open-badges-3.0", "vc-jose-cose"])
    def test_makes_a_token_that_holds(self, kind, profile) -> None:
        key = SigningKey.generate(kind).with_id(KEY.id)

        token = vc_jwt.read(issue.sign_jwt(issue.check(samples.GOLDEN), key, profile=profile))

        vc_jwt.verify(token, key.public)
        assert token.profile == profile
        assert token.kid == KEY.id
        assert token.credential == samples.golden_document()


class TestSignStatusList:
    def listed(self, **changes):
        made = bitstring.list_credential(
            url=samples.REVOCATIONS,
            issuer=samples.ISSUER_DID,
            purpose="revocation",
            indexes=[94567],
            valid_from=AT,
            valid_until=datetime(2026, 10, 15, tzinfo=UTC),
            ttl=300_000,
        )
        return {**made, **changes}

    def test_makes_a_proof_that_holds(self) -> None:
        signed = json.loads(issue.sign_status_list(self.listed(), KEY, created=AT))

        data_integrity.verify(signed, data_integrity.proofs(signed)[0], KEY.public, at=AT)
        assert bitstring.is_set(bitstring.expand(signed["credentialSubject"]["encodedList"]), 94567)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"type": ["VerifiableCredential"]}, "status-list.type"),
            ({"id": None}, "status-list.missing"),
            (
                {"credentialSubject": {"id": "urn:x:y", "type": "BitstringStatusListEntry"}},
                "status-list.subject",
            ),
            (
                {
                    "credentialSubject": {
                        "type": "BitstringStatusList",
                        "statusPurpose": [],
                        "encodedList": "H4sI",
                    }
                },
                "status-list.purpose",
            ),
            (
                {
                    "credentialSubject": {
                        "type": "BitstringStatusList",
                        "statusPurpose": "a",
                        "encodedList": "H4sI",
                    }
                },
                "status-list.list",
            ),
            ({"credentialSubject": {"type": "BitstringStatusList", "ttl": 0}}, "status-list.ttl"),
            ({"validFrom": "today"}, "vcdm.moment"),
        ],
    )
    def test_refuses_what_is_no_status_list(self, change, code: str) -> None:
        with pytest.raises(FailedChecks) as refused:
            issue.sign_status_list(self.listed(**change), KEY, created=AT)

        assert code in {finding.code for finding in refused.value.findings}

    def test_refuses_a_badge(self) -> None:
        with pytest.raises(FailedChecks):
            issue.sign_status_list(samples.golden_document(), KEY, created=AT)

    def test_refuses_somebody_else_s_list(self) -> None:
        with pytest.raises(FailedChecks, match="does not belong"):
            issue.sign_status_list(self.listed(issuer="did:web:rivermouth.example"), KEY, created=AT)

    def test_signs_a_long_list_that_nothing_shortens(self) -> None:
        scattered = random.Random(7).sample(range(1_048_576), 200_000)
        made = bitstring.list_credential(
            url=samples.REVOCATIONS,
            issuer=samples.ISSUER_DID,
            purpose="revocation",
            indexes=scattered,
            valid_from=AT,
            length=1_048_576,
        )
        assert len(made["credentialSubject"]["encodedList"]) > 64 * 1024

        signed = json.loads(issue.sign_status_list(made, KEY, created=AT))

        assert signed["credentialSubject"] == made["credentialSubject"]


class TestRulesAndMapper:
    def test_agree_that_the_samples_are_whole(self) -> None:
        for credential in (samples.GOLDEN, samples.plain_credential()):
            try:
                jsonld.canonize(to_json(credential))
            except DataLoss as loss:
                pytest.fail(f"{loss.pointer}: {loss}")
