# SPDX-License-Identifier: Apache-2.0
"""Whose it is: a known e-mail address or id against plain and hashed names."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuer_world import NOW, IssuerWorld
from samples import LEARNER_DID, golden_document

from laurel import verify as verifying
from laurel.formats.identities import identity_hash, is_same
from laurel.verify import Report, Result, Verdict
from laurel.verify.recipient import check

MEMBERS = ("identifier", "id", "hashed", "identityHash", "identityType", "salt")
AMARA = "Amara.Okafor@fernhill.example"


def entry(written: str, *, hashed: bool, kind: str = "emailAddress", **more: Any) -> dict[str, Any]:
    return {"type": "IdentityObject", "hashed": hashed, "identityHash": written, "identityType": kind} | more


def claims(*entries: dict[str, Any], **subject: Any) -> dict[str, Any]:
    return {"credentialSubject": {"type": ["AchievementSubject"], "identifier": list(entries)} | subject}


def hashed(identity: str, salt: str = "Kosher", algorithm: str = "sha256") -> dict[str, Any]:
    return entry(identity_hash(identity, salt, algorithm=algorithm), hashed=True, salt=salt)


class TestIdentityHash:
    def test_is_that_of_the_specification(self) -> None:
        expected = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
        assert identity_hash("a@example.com", "Kosher") == expected

    def test_is_that_of_open_badges_2(self) -> None:
        expected = "sha256$7a1a1b3f7d40552e4299180e346e3add12bf9a751a43d9c4ca4518febc2c60c6"
        assert identity_hash("mayze") == expected

    @given(st.text(), st.text(), st.sampled_from(["sha256", "md5"]), st.booleans())
    def test_of_a_person_is_theirs(self, identity: str, salt: str, algorithm: str, upper: bool) -> None:
        written = identity_hash(identity, salt, algorithm=algorithm)
        name, _, digits = written.partition("$")
        written = f"{name}${digits.upper() if upper else digits}"

        assert is_same(identity, written, hashed=True, salt=salt) is True
        assert is_same(identity + "x", written, hashed=True, salt=salt) is False

    @pytest.mark.parametrize("written", ["sha512$00", "b5809d8a", "sha256$b580", "SHA256$" + "0" * 64, ""])
    def test_of_another_kind_tells_nothing(self, written: str) -> None:
        assert is_same("a@example.com", written, hashed=True) is None


class TestCheck:
    @pytest.mark.parametrize(
        "given_as",
        [
            entry(AMARA, hashed=False),
            entry(AMARA.lower(), hashed=False),
            hashed(AMARA),
            hashed(AMARA.lower()),
            hashed(AMARA, algorithm="md5"),
            entry("sha256$" + hashlib.sha256(AMARA.encode()).hexdigest().upper(), hashed=True),
        ],
        ids=["plain", "plain in small letters", "hashed", "hashed in small letters", "md5", "without salt"],
    )
    def test_passes_for_the_person_it_names(self, given_as: dict[str, Any]) -> None:
        found = check(claims(entry("sis-7", hashed=False, kind="sisSourcedId"), given_as), f" {AMARA} ")

        assert (found.result, found.code, found.required) == (Result.PASSED, "recipient.ok", True)

    @pytest.mark.parametrize(
        "given_as",
        [
            entry("other@fernhill.example", hashed=False),
            hashed("other@fernhill.example"),
            entry(identity_hash(AMARA, "Kosher"), hashed=True, salt="another"),
            # The hash stands in the open: naming the hash names nobody.
            entry(identity_hash(AMARA), hashed=False),
        ],
    )
    def test_fails_for_somebody_else(self, given_as: dict[str, Any]) -> None:
        assert check(claims(given_as), AMARA).code == "recipient.other"

    def test_knows_the_subject_by_its_id(self) -> None:
        assert check(claims(id=LEARNER_DID), LEARNER_DID).result is Result.PASSED
        assert check(claims(id=LEARNER_DID), LEARNER_DID + "x").result is Result.FAILED
        assert check(claims(id=f"mailto:{AMARA.lower()}"), AMARA).result is Result.PASSED

    @pytest.mark.parametrize(
        ("entries", "known", "code"),
        [
            ([], AMARA, "recipient.none"),
            ([entry(AMARA, hashed=False, kind="name")], AMARA, "recipient.none"),
            ([hashed(AMARA)], LEARNER_DID, "recipient.none"),
            ([entry("scrypt$00", hashed=True)], AMARA, "recipient.unknown-hash"),
            ([entry(AMARA, hashed=None)], AMARA, "recipient.none"),  # type: ignore[arg-type]  # as strangers write
            ([entry(5, hashed=True)], AMARA, "recipient.none"),  # type: ignore[arg-type]  # as strangers write
        ],
    )
    def test_is_doubt_where_nothing_can_be_compared(self, entries: Any, known: str, code: str) -> None:
        found = check(claims(*entries), known)

        assert (found.result, found.code, found.required) == (Result.NOT_CHECKED, code, True)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda part: st.lists(part) | st.dictionaries(st.sampled_from(MEMBERS), part),
        )
    )
    def test_never_raises_on_what_strangers_write(self, subject: Any) -> None:
        assert check({"credentialSubject": subject}, AMARA).name == "recipient"


class TestReport:
    def judge(self, known: str | None, **changes: Any) -> Report:
        college = IssuerWorld()
        subject = dict(golden_document()["credentialSubject"], identifier=[hashed(AMARA)])  # type: ignore[arg-type]
        data = college.issue(credentialSubject=subject | changes)
        presented = verifying.read(data)
        return verifying.verify(presented, college.documents, at=NOW, recipient=known)

    def test_asks_nothing_unless_somebody_asks(self) -> None:
        report = self.judge(None)

        assert report.verdict is Verdict.GENUINE
        assert (report["recipient"].result, report["recipient"].required) == (Result.NOT_CHECKED, False)

    def test_is_genuine_for_the_one_it_was_given_to(self) -> None:
        assert self.judge(AMARA).verdict is Verdict.GENUINE

    def test_is_never_genuine_for_another(self) -> None:
        report = self.judge("other@fernhill.example")

        assert report.verdict is Verdict.OTHER_RECIPIENT
        assert report.exit_code == 1

    def test_is_unfinished_where_nothing_can_be_compared(self) -> None:
        assert self.judge(AMARA, identifier=[entry("7", hashed=False, kind="sisSourcedId")]).exit_code == 3


class TestParties:
    """Who issued it, who thought it up and who judged it are three answers, and only the first one signs."""

    def report(self, source: Any, creator: Any) -> Report:
        college = IssuerWorld()
        subject: Any = dict(golden_document()["credentialSubject"])  # type: ignore[arg-type]
        subject["achievement"] = dict(subject["achievement"], creator=creator)
        subject["source"] = source
        for holder, name in ((subject, "source"), (subject["achievement"], "creator")):
            if holder[name] is None:
                del holder[name]
        presented = verifying.read(college.issue(credentialSubject=subject))
        return verifying.verify(presented, college.documents, at=NOW)

    def test_are_told_apart(self) -> None:
        report = self.report(
            {"id": "https://board.example/assessors/1", "type": ["Profile"], "name": "Assessor"},
            {"id": "https://press.example/authors/1", "type": ["Profile"], "name": "Author"},
        )

        assert report.issuer_name == "Fernhill College"
        assert (report.assessed_by, report.created_by) == (
            verifying.report.Party(id="https://board.example/assessors/1", name="Assessor"),
            verifying.report.Party(id="https://press.example/authors/1", name="Author"),
        )
        told = report.as_json()
        assert told["created_by"] == {"id": "https://press.example/authors/1", "name": "Author"}
        assert told["assessed_by"] == {"id": "https://board.example/assessors/1", "name": "Assessor"}

    def test_a_creator_is_no_issuer(self) -> None:
        report = self.report(
            None, {"id": "did:web:press.example", "type": ["Profile"], "name": "Fernhill College"}
        )

        assert report.issuer_id == "did:web:fernhill.example:o:fernhill-college"
        assert report.assessed_by is None

    def test_are_absent_where_the_claims_name_none(self) -> None:
        report = self.report(None, None)

        assert (report.assessed_by, report.created_by) == (None, None)
        assert report.as_json()["created_by"] is None
