# SPDX-License-Identifier: Apache-2.0
"""When a mailed link signs somebody in, what a share may show, and when it stops."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.wallet import rules
from cairn.wallet.errors import (
    ClaimUsed,
    EndsInThePast,
    NoSuchCredential,
    NothingChosen,
    RemarkEmpty,
    ShareEnded,
    ShareSwitchedOff,
    SignInFirst,
    SomebodyElse,
    TooLateToUndo,
    TooManyChosen,
)
from cairn.wallet.facts import Claim, ClaimState, NewShare, RemarkKind, Share, ShareState

MAILED = datetime(2026, 10, 14, 16, 5, tzinfo=UTC)
DAY_29 = MAILED + timedelta(days=29, hours=23, minutes=59)
DAY_30 = MAILED + timedelta(days=30)
AMARA, LUKAS = uuid4(), uuid4()
CLAIM = Claim(id=uuid4(), credential_ref="7K4MQ2XD", person_id=AMARA, made_at=MAILED, used_at=None)
KEPT = replace(CLAIM, used_at=MAILED + timedelta(hours=2))
SHARE = Share(
    id=uuid4(),
    person_id=AMARA,
    refs=("7K4MQ2XD",),
    name="Acme",
    shows_evidence=False,
    shows_marks=True,
    made_at=MAILED,
    ends_at=DAY_30,
    off_at=None,
    opened=0,
    url="http://localhost:8000/x/abc",
)


def signs_in(claim: Claim = CLAIM, **changes: object) -> object:
    asked: dict[str, object] = {"asker": None, "by_mail_only": True, "at": DAY_29}
    return rules.signs_in(claim, **(asked | changes))  # type: ignore[arg-type]


class TestMailedLink:
    def test_is_fresh_for_thirty_days_to_the_minute(self) -> None:
        assert rules.claim_state(CLAIM, at=DAY_29) is ClaimState.FRESH
        assert rules.claim_state(CLAIM, at=DAY_30) is ClaimState.STALE
        assert rules.claim_state(KEPT, at=DAY_29) is ClaimState.USED

    def test_signs_in_whom_it_was_mailed_to(self) -> None:
        assert signs_in() == AMARA

    def test_signs_nobody_in_who_is_signed_in_already(self) -> None:
        assert signs_in(asker=AMARA) is None
        assert signs_in(KEPT, asker=AMARA, at=DAY_30) is None

    def test_signs_in_once(self) -> None:
        with pytest.raises(ClaimUsed):
            signs_in(KEPT)

    def test_signs_nobody_in_after_thirty_days(self) -> None:
        with pytest.raises(SignInFirst):
            signs_in(at=DAY_30)

    def test_is_no_way_around_a_stronger_account(self) -> None:
        with pytest.raises(SignInFirst):
            signs_in(by_mail_only=False)

    def test_gives_nothing_to_somebody_else(self) -> None:
        with pytest.raises(SomebodyElse):
            signs_in(asker=LUKAS)

    def test_opens_for_its_bearer_until_it_is_kept(self) -> None:
        rules.require_shown(CLAIM, asker=None)
        rules.require_shown(KEPT, asker=AMARA)
        for asker in (None, LUKAS):
            with pytest.raises(ClaimUsed):
                rules.require_shown(KEPT, asker=asker)


class TestShare:
    def test_is_live_until_the_moment_it_ends(self) -> None:
        assert rules.share_state(SHARE, at=DAY_29) is ShareState.LIVE
        assert rules.share_state(SHARE, at=DAY_30) is ShareState.ENDED
        assert rules.share_state(replace(SHARE, ends_at=None), at=DAY_30) is ShareState.LIVE

    def test_says_why_it_is_gone(self) -> None:
        rules.require_live(SHARE, at=DAY_29)
        with pytest.raises(ShareEnded):
            rules.require_live(SHARE, at=DAY_30)
        with pytest.raises(ShareSwitchedOff):
            rules.require_live(replace(SHARE, off_at=DAY_29), at=DAY_30)

    def test_is_switched_on_again_within_ten_minutes(self) -> None:
        off = replace(SHARE, off_at=DAY_29)

        rules.require_undo(off, at=DAY_29 + timedelta(minutes=10))
        with pytest.raises(TooLateToUndo):
            rules.require_undo(off, at=DAY_29 + timedelta(minutes=10, seconds=1))
        assert not rules.may_undo(SHARE, at=DAY_29)

    def test_shows_only_what_its_maker_holds(self) -> None:
        rules.require_sharable(NewShare(refs=("A", "B")), held={"A", "B", "C"}, at=MAILED)
        with pytest.raises(NoSuchCredential):
            rules.require_sharable(NewShare(refs=("A", "D")), held={"A", "B", "C"}, at=MAILED)

    def test_shows_something_and_not_everything(self) -> None:
        many = tuple(str(number) for number in range(51))
        with pytest.raises(NothingChosen):
            rules.require_sharable(NewShare(refs=()), held=(), at=MAILED)
        with pytest.raises(TooManyChosen):
            rules.require_sharable(NewShare(refs=many), held=many, at=MAILED)

    def test_ends_after_it_starts(self) -> None:
        for end in (MAILED, MAILED - timedelta(days=1)):
            with pytest.raises(EndsInThePast):
                rules.require_sharable(NewShare(refs=("A",), ends_at=end), held={"A"}, at=MAILED)

    def test_works_all_of_its_last_day(self) -> None:
        assert rules.end_of_day(date(2026, 12, 31), UTC) == datetime(2027, 1, 1, tzinfo=UTC)

    def test_takes_the_last_day_there_is(self) -> None:
        assert rules.end_of_day(date(9999, 12, 31), UTC).date() == date(9999, 12, 31)

    @given(st.datetimes(timezones=st.just(UTC)), st.none() | st.datetimes(timezones=st.just(UTC)))
    def test_never_opens_when_it_is_not_live(self, at: datetime, ends_at: datetime | None) -> None:
        share = replace(SHARE, ends_at=ends_at)
        is_live = rules.share_state(share, at=at) is ShareState.LIVE

        if is_live:
            rules.require_live(share, at=at)
        else:
            with pytest.raises(ShareEnded):
                rules.require_live(share, at=at)


class TestRemark:
    def test_about_a_name_gives_the_right_one(self) -> None:
        rules.require_said(RemarkKind.WRONG_NAME, right_name="Amara O’Kafor")
        with pytest.raises(RemarkEmpty):
            rules.require_said(RemarkKind.WRONG_NAME, right_name="  ")

    def test_about_a_stranger_needs_no_words(self) -> None:
        rules.require_said(RemarkKind.NOT_MINE, right_name="")


class TestLinkedIn:
    def test_fills_in_the_form_as_it_was_signed(self) -> None:
        url = rules.linkedin_url(
            name="Data Cleaning with Python & SQL",
            organization_name="Fernhill College",
            issued_at=MAILED,
            ends_at=None,
            url="https://fernhill.example/x/abc",
            ref="7K4MQ2XD",
        )

        assert url == (
            "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME"
            "&name=Data+Cleaning+with+Python+%26+SQL&organizationName=Fernhill+College&issueYear=2026"
            "&issueMonth=10&certUrl=https%3A%2F%2Ffernhill.example%2Fx%2Fabc&certId=7K4MQ2XD"
        )

    def test_names_the_end_where_there_is_one(self) -> None:
        url = rules.linkedin_url(
            name="First Aid", organization_name="Fernhill", issued_at=MAILED, ends_at=DAY_30, url="u", ref="r"
        )

        assert url.endswith("&expirationYear=2026&expirationMonth=11")
