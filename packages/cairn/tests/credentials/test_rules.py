# SPDX-License-Identifier: Apache-2.0
"""Decisions of issuing, without a database."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.achievements import narrative
from cairn.credentials.errors import (
    AlreadyHeld,
    AlreadyWithdrawn,
    NotHeld,
    ReasonMissing,
    TooLateToUndo,
)
from cairn.credentials.facts import (
    ChangeKind,
    CredentialView,
    EvidenceLine,
    FileState,
    ListedPerson,
    State,
)
from cairn.credentials.rules import compose, identifiers, people_list, reading, statuses
from cairn.credentials.rules.people_list import Fault
from cairn.credentials.rules.shuffle import ENTRIES, entry_at
from cairn.people.identifiers import issuer_did

NOW = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)


class TestShuffle:
    def test_gives_every_entry_exactly_once(self) -> None:
        seed = b"the seed of Fernhill College 2026"

        given_out = {entry_at(position, seed=seed) for position in range(ENTRIES)}

        assert given_out == set(range(ENTRIES))

    def test_tells_nothing_of_the_order_of_issuing(self) -> None:
        # Security A22: rank correlation of 10,000 indexes with time below 0.03.
        indexes = [entry_at(position, seed=b"another seed, kept in a row") for position in range(10_000)]
        ranks = {index: rank for rank, index in enumerate(sorted(indexes))}
        n = len(indexes)
        distance = sum((ranks[index] - time) ** 2 for time, index in enumerate(indexes))

        assert abs(1 - 6 * distance / (n * (n**2 - 1))) < 0.03

    def test_differs_by_seed(self) -> None:
        assert [entry_at(p, seed=os.urandom(32)) for p in range(20)] != [
            entry_at(p, seed=os.urandom(32)) for p in range(20)
        ]

    @pytest.mark.parametrize("position", [-1, ENTRIES])
    def test_refuses_a_position_beyond_the_list(self, position: int) -> None:
        with pytest.raises(ValueError):
            entry_at(position, seed=b"x" * 32)


class TestStatus:
    def test_follows_the_last_change(self) -> None:
        held, lifted = ChangeKind.HELD, ChangeKind.REINSTATED

        assert statuses.status_after([]) is State.CURRENT
        assert statuses.status_after([held]) is State.HELD
        assert statuses.status_after([held, lifted]) is State.CURRENT

    @given(st.lists(st.sampled_from(list(ChangeKind)), max_size=8))
    def test_never_leaves_a_withdrawal(self, after: list[ChangeKind]) -> None:
        assert statuses.status_after([ChangeKind.WITHDRAWN, *after]) is State.WITHDRAWN

    def test_ends_at_the_very_moment(self) -> None:
        def at(moment: datetime) -> State:
            return statuses.state_at(State.CURRENT, valid_until=NOW, at=moment)

        assert at(NOW - timedelta(seconds=1)) is State.CURRENT
        assert at(NOW) is State.ENDED
        assert statuses.state_at(State.HELD, valid_until=NOW, at=NOW) is State.HELD

    @pytest.mark.parametrize("kind", list(ChangeKind))
    def test_takes_no_change_after_a_withdrawal(self, kind: ChangeKind) -> None:
        with pytest.raises(AlreadyWithdrawn):
            statuses.require_change(State.WITHDRAWN, kind)

    def test_is_not_held_twice_nor_lifted_unheld(self) -> None:
        with pytest.raises(AlreadyHeld):
            statuses.require_change(State.HELD, ChangeKind.HELD)
        with pytest.raises(NotHeld):
            statuses.require_change(State.CURRENT, ChangeKind.REINSTATED)

    @pytest.mark.parametrize("reason", ["", " \n\t ", "x" * 501])
    def test_needs_a_reason_of_one_to_500_characters(self, reason: str) -> None:
        with pytest.raises(ReasonMissing):
            statuses.clean_reason(reason)

    def test_can_be_undone_for_ten_minutes_unless_kept_or_changed(self) -> None:
        def undo(**changes: object) -> None:
            fields: dict[str, object] = {
                "issued_at": NOW,
                "kept_at": None,
                "status": State.CURRENT,
                "at": NOW + timedelta(minutes=10),
            }
            statuses.require_undoable(**(fields | changes))  # type: ignore[arg-type]  # fields by name

        undo()
        for late in (
            {"at": NOW + timedelta(minutes=10, seconds=1)},
            {"kept_at": NOW},
            {"status": State.HELD},
        ):
            with pytest.raises(TooLateToUndo):
                undo(**late)


LINE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).map(
    lambda text: " ".join(text.split())
)


class TestNarrative:
    @given(
        text=st.sampled_from(
            ["", "Clean a real dataset.", "Do this:\n\n- one\n- two", "### A heading\n\nText"]
        ),
        outcomes=st.lists(LINE.filter(bool), max_size=5),
        elements=st.dictionaries(st.sampled_from(sorted(narrative.ELEMENTS)), LINE.filter(bool)),
        language=st.sampled_from(["en", "nl", "nl-BE", "cy"]),
    )
    def test_reads_back_what_was_written(
        self, text: str, outcomes: list[str], elements: dict[str, str], language: str
    ) -> None:
        criteria = narrative.Criteria(narrative=text, outcomes=tuple(outcomes), elements=elements)

        assert narrative.read(narrative.write(criteria, language)) == criteria

    def test_leaves_the_text_of_others_whole(self) -> None:
        text = "Earn it.\n\n### About this credential\n\nNot a list, so not ours."

        assert narrative.read(text) == narrative.Criteria(narrative=text)


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("base_url", "did"),
        [
            ("http://localhost:8000", "did:web:localhost%3A8000:o:fernhill"),
            ("https://cairn.example", "did:web:cairn.example:o:fernhill"),
            ("https://uni.example/badges", "did:web:uni.example:badges:o:fernhill"),
        ],
    )
    def test_names_the_issuer_by_where_its_keys_lie(self, base_url: str, did: str) -> None:
        assert issuer_did(base_url, "fernhill") == did

    @pytest.mark.parametrize(
        "typed",
        [
            "https://cairn.example/c/7K4MQ2XD7K4MQ2XD7K4MQ2XD7K",
            "https://cairn.example/c/7K4MQ2XD7K4MQ2XD7K4MQ2XD7K.json",
            " 7k4m-q2xd-7k4m-q2xd-7k4m-q2xd-7k ",
        ],
    )
    def test_finds_the_reference_in_what_people_paste(self, typed: str) -> None:
        assert identifiers.ref_in(typed, "https://cairn.example") == "7K4MQ2XD7K4MQ2XD7K4MQ2XD7K"

    @pytest.mark.parametrize(
        "typed",
        ["https://other.example/c/7K4MQ2XD7K4MQ2XD7K4MQ2XD7K", "", "7K4M", "{}", "https://cairn.example/c/"],
    )
    def test_finds_none_where_there_is_none(self, typed: str) -> None:
        assert identifiers.ref_in(typed, "https://cairn.example") is None

    def test_gives_each_form_of_a_credential_its_own_id(self) -> None:
        forms = {
            identifiers.document_id("https://c.example", "R", evidence=e, marks=m)
            for e in (True, False)
            for m in (True, False)
        }

        assert len(forms) == 4
        assert "https://c.example/c/R" in forms
        assert "https://c.example/c/R#without-evidence-and-marks" in forms

    def test_names_a_listed_award_by_list_and_address(self) -> None:
        one = uuid4()

        assert identifiers.listed_award_id(one, "Amara@Example.org ") == identifiers.listed_award_id(
            one, "amara@example.org"
        )
        assert identifiers.listed_award_id(one, "a@b.cd") != identifiers.listed_award_id(uuid4(), "a@b.cd")


class TestEnd:
    @pytest.mark.parametrize(
        ("start", "months", "end"),
        [
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2026-10-14", 36, "2029-10-14"),
            ("2026-12-31", 2, "2027-02-28"),
        ],
    )
    def test_counts_calendar_months(self, start: str, months: int, end: str) -> None:
        begins = datetime.fromisoformat(start).replace(tzinfo=UTC)

        ends = compose.ends_at(begins, months)

        assert ends is not None
        assert ends.date().isoformat() == end

    def test_is_none_where_nothing_ends(self) -> None:
        assert compose.ends_at(NOW, None) is None


def row(number: int, name: str, email: str) -> ListedPerson:
    return ListedPerson(number=number, name=name, email=email)


class TestPastedList:
    @pytest.mark.parametrize(
        ("line", "name", "email"),
        [
            ("Amara Okafor, amara@example.org", "Amara Okafor", "amara@example.org"),
            ("amara@example.org, Amara Okafor", "Amara Okafor", "amara@example.org"),
            ("Amara Okafor\tamara@example.org", "Amara Okafor", "amara@example.org"),
            ("Amara Okafor;amara@example.org;", "Amara Okafor", "amara@example.org"),
            ('"Okafor, Amara";amara@example.org', "Okafor, Amara", "amara@example.org"),
            ('"Okafor, Amara", amara@example.org', "Okafor, Amara", "amara@example.org"),
            ("Amara Okafor <amara@example.org>", "Amara Okafor", "amara@example.org"),
            ("Amara Okafor amara@example.org", "Amara Okafor", "amara@example.org"),
            ("  Siobhán  Ó Néill ,\u00a0siobhan@example.org", "Siobhán Ó Néill", "siobhan@example.org"),
            ("山田 太郎,taro@example.org", "山田 太郎", "taro@example.org"),
            ("أمينة الزهراني, amina@example.org", "أمينة الزهراني", "amina@example.org"),
            ("siobhan.oneill", "siobhan.oneill", ""),
            ("Siobhán Ó Néill, siobhan.oneill", "Siobhán Ó Néill", "siobhan.oneill"),
        ],
    )
    def test_understands_a_line(self, line: str, name: str, email: str) -> None:
        assert people_list.read(line) == (row(1, name, email),)

    def test_passes_over_headings_and_blank_lines_and_keeps_line_numbers(self) -> None:
        listed = people_list.read("Name, Email\n\nPetra Novak, petra@example.org\n\n\nJonas, j@example.org\n")

        assert [one.number for one in listed] == [3, 6]

    @given(st.text(max_size=400))
    def test_never_fails_on_any_text(self, text: str) -> None:
        people_list.check(people_list.read(text))

    def test_tells_each_fault_and_holds_up_nobody_else(self) -> None:
        listed = [
            row(1, "Petra Novak", "petra@example.org"),
            row(2, "", "kay@example.org"),
            row(3, "Siobhán Ó Néill", "siobhan.oneill"),
            row(4, "Petra again", "PETRA@example.org"),
            row(5, "Lukas Brandt", "lukas@example.org"),
            row(6, "x" * 301, "long@example.org"),
            row(7, "Nobody", ""),
            row(8, "Ng Wei", "wei@example.org"),
        ]

        checked = people_list.check(listed, holders={"lukas@example.org"})

        assert [one.fault for one in checked] == [
            None,
            Fault.NAME_MISSING,
            Fault.EMAIL_ODD,
            Fault.TWICE,
            Fault.HOLDS_IT,
            Fault.NAME_TOO_LONG,
            Fault.EMAIL_MISSING,
            None,
        ]
        assert checked[3].twin == 1

    @pytest.mark.parametrize(
        "email",
        ["a@b", "a b@example.org", "a@@example.org", "a@example.org\n", "<a@example.org", "a@.", "@b.cd"],
    )
    def test_refuses_what_is_no_address(self, email: str) -> None:
        assert people_list.check([row(1, "A", email)])[0].fault is Fault.EMAIL_ODD


class TestEvidenceLine:
    def test_shows_the_start_and_the_end_of_a_fingerprint(self) -> None:
        line = EvidenceLine(
            number=1, id="x", name="Notebook", sha256="9f2c41ab7d03e856" + "0" * 40 + "b21a77e0"
        )

        assert line.fingerprint == "9f2c41ab 7d03e856 … b21a77e0"

    @pytest.mark.parametrize("multibase", ["", "z6Mk", "u!!!!", "uEiA", "uEzA" + "A" * 43])
    def test_has_no_fingerprint_where_none_is_signed(self, multibase: str) -> None:
        assert reading.sha256_of(multibase) == ""

    def test_reads_back_the_digest_that_was_composed(self) -> None:
        assert reading.sha256_of(compose.multibase_of("ab" * 32)) == "ab" * 32


class TestReason:
    def test_is_closed_as_a_sentence(self) -> None:
        view = CredentialView(
            ref="R",
            page_url="",
            short_url="",
            host="",
            badge_url="",
            issuer_page_url="",
            verdict="withdrawn",
            checked_at=NOW,
            checks=(),
            technical={},
            claims=None,
            issuer_name="Fernhill College",
            evidence=(EvidenceLine(number=1, id="x", name="A", state=FileState.GONE),),
            reason="Issued to the wrong person",
        )

        assert view.reason_sentence == "Issued to the wrong person."
        assert replace(view, reason="Wrong person.").reason_sentence == "Wrong person."
