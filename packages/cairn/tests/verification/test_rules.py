# SPDX-License-Identifier: Apache-2.0
"""The eight verdicts in the exact words of the interface, and lists that are safe to open."""

import csv
import gettext
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.verification import rules
from cairn.verification.errors import NothingPresented, TooMuchPresented
from cairn.verification.facts import Answer, CheckLine, Kind, Row, Voice, Way

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
VOICE = Voice(
    gettext=gettext.NullTranslations().gettext,
    ngettext=gettext.NullTranslations().ngettext,
    day=lambda moment: f"{moment.day} {moment:%B %Y}",
    moment=lambda moment: f"{moment.day} {moment:%B %Y at %H:%M}",
)


def line(name: str, result: str = "passed") -> CheckLine:
    return CheckLine(name=name, result=result, code=f"{name}.{result}", message="")


CHECKS = tuple(
    line(name, "not_checked" if name in {"trust", "evidence", "holder"} else "passed")
    for name in ("readable", "proof", "issuer", "trust", "status", "period", "schema", "evidence", "holder")
)
GENUINE = Answer(
    verdict="genuine",
    way=Way.FILE,
    checks=CHECKS,
    issuer_name="Fernhill College",
    subject_name="Amara",
    achievement_name="Data Cleaning with Python",
)


def said(answer: Answer) -> tuple[str, str, str]:
    words = rules.words(answer, at=NOW, voice=VOICE)
    return (words.tone, words.heading, words.line)


class TestWords:
    def test_of_all_passed(self) -> None:
        assert said(GENUINE) == (
            "ok",
            "Genuine and current",
            "Checked 22 November 2026 at 14:05. 6 checks passed, one needs you.",
        )

    def test_of_one_that_ended(self) -> None:
        ended = replace(GENUINE, verdict="out_of_date", valid_until=datetime(2026, 3, 1, tzinfo=UTC))

        assert said(ended) == (
            "warn",
            "Genuine, but out of date",
            "It ended on 1 March 2026. Ask Amara whether it has been renewed.",
        )

    def test_of_one_on_hold(self) -> None:
        held = replace(GENUINE, verdict="on_hold", changed_at=datetime(2026, 11, 3, tzinfo=UTC))

        assert said(held) == (
            "warn",
            "Genuine, but on hold",
            "Fernhill College put it on hold on 3 November 2026. This can be temporary. "
            "Ask the college before you rely on it.",
        )

    def test_of_one_withdrawn(self) -> None:
        withdrawn = replace(
            GENUINE,
            verdict="withdrawn",
            changed_at=datetime(2026, 5, 12, tzinfo=UTC),
            reason="awarded in error.",
        )

        assert said(withdrawn) == (
            "bad",
            "Withdrawn by Fernhill College",
            "Withdrawn on 12 May 2026. Reason given: awarded in error. Do not rely on it.",
        )

    @pytest.mark.parametrize("verdict", ["withdrawn", "on_hold", "out_of_date", "changed"])
    def test_are_turned_around_by_no_name(self, verdict: str) -> None:
        odd = replace(GENUINE, verdict=verdict, issuer_name="egelloC\u202e", subject_name="aramA\u2067")

        assert not any(sign in words for words in said(odd)[1:] for sign in "\u202e\u2067")

    def test_of_a_changed_copy(self) -> None:
        assert said(replace(GENUINE, verdict="changed")) == (
            "bad",
            "This copy has been changed",
            "It no longer matches what Fernhill College signed. Do not rely on it. "
            "Ask for the original link.",
        )

    def test_of_a_changed_copy_believe_no_name_in_it(self) -> None:
        assert said(Answer(verdict="changed", way=Way.FILE))[2].startswith(
            "It no longer matches what its issuer signed."
        )

    def test_of_an_unknown_issuer(self) -> None:
        assert said(replace(GENUINE, verdict="unknown_issuer")) == (
            "warn",
            "Signed, but we do not know who by",
            "Nobody changed it, but the signer is not in any register we trust. "
            "Check who they are before you rely on it.",
        )

    def test_of_a_source_that_did_not_answer(self) -> None:
        assert said(replace(GENUINE, verdict="unfinished", host="fernhill.example")) == (
            "idle",
            "We could not finish checking",
            "fernhill.example did not answer, so we do not know whether it has been withdrawn. "
            "Nothing looks wrong so far.",
        )

    def test_never_call_a_credential_signed_whose_key_was_not_found(self) -> None:
        no_key = Answer(
            verdict="unfinished",
            way=Way.FILE,
            host="fernhill.example",
            checks=(line("proof", "not_checked"),),
        )

        assert "so we do not know whether it is genuine" in said(no_key)[2]

    def test_of_a_photo(self) -> None:
        assert said(Answer(verdict="unreadable", way=Way.FILE, kind=Kind.PHOTO)) == (
            "idle",
            "This is not a credential we can read",
            "The file is a photo with no credential inside. "
            "Ask for the link, the original badge image or the JSON file.",
        )

    @pytest.mark.parametrize("kind", list(Kind))
    @pytest.mark.parametrize("way", list(Way))
    def test_say_what_every_unreadable_thing_is(self, kind: Kind, way: Way) -> None:
        line = said(Answer(verdict="unreadable", way=way, kind=kind))[2]

        assert line.endswith("Ask for the link, the original badge image or the JSON file.")
        assert "%(" not in line

    @pytest.mark.parametrize("verdict", rules.SEVERITY)
    def test_are_whole_where_little_is_known(self, verdict: str) -> None:
        words = rules.words(Answer(verdict=verdict, way=Way.TEXT), at=NOW, voice=VOICE)

        for text in (words.heading, words.line, words.short):
            assert text
            assert "%(" not in text
            assert "  " not in text

    @pytest.mark.parametrize("verdict", rules.SEVERITY)
    def test_leave_percent_signs_in_names_alone(self, verdict: str) -> None:
        odd = replace(
            GENUINE,
            verdict=verdict,
            issuer_name="100% (s)chool %(host)s",
            subject_name="%d",
            reason="50% copied",
            host="x%s.example",
            changed_at=NOW,
            valid_until=NOW,
        )

        rules.words(odd, at=NOW, voice=VOICE)

    def test_know_the_eight_verdicts_by_severity(self) -> None:
        assert rules.SEVERITY[:-2] == (
            "changed", "withdrawn", "on_hold", "unknown_issuer", "unfinished", "out_of_date",
        )  # fmt: skip
        assert rules.SEVERITY[-1] == "genuine"


class TestAnswer:
    def test_counts_a_missing_check_as_not_done(self) -> None:
        assert Answer(verdict="genuine", way=Way.FILE).result_of("status") == "not_checked"


class TestLookAt:
    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (b"", Kind.EMPTY),
            (b" \r\n", Kind.EMPTY),
            (b'\xef\xbb\xbf{"a": 1}', Kind.JSON),
            (b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln", Kind.JWT),
            (b"\x89PNG\r\n\x1a\n....", Kind.PNG),
            (b"\xff\xd8\xff\xe0", Kind.PHOTO),
            (b"\x00\x00\x00\x1cftypheic", Kind.PHOTO),
            (b"%PDF-1.7", Kind.PDF),
            (b"<?xml version='1.0'?><svg/>", Kind.SVG),
            (b"<!DOCTYPE html><svg>", Kind.WEB_PAGE),
            (b"Dear Sir or Madam", Kind.TEXT),
            (b"PK\x03\x04\x00\x00", Kind.OTHER),
            (b"\xff\xfe\x00", Kind.OTHER),
        ],
    )
    def test_tells_kinds_apart(self, data: bytes, kind: Kind) -> None:
        assert rules.look_at(data) is kind

    @given(st.binary(max_size=5000))
    def test_never_fails(self, data: bytes) -> None:
        assert rules.look_at(data) in Kind


class TestList:
    def test_takes_one_link_a_line_and_passes_over_empty_ones(self) -> None:
        assert rules.pasted_lines("\n 7K4M-Q2XD \r\n\r\nhttps://x.example/c/1\n") == (
            "7K4M-Q2XD",
            "https://x.example/c/1",
        )

    def test_takes_five_hundred_lines_and_not_one_more(self) -> None:
        assert len(rules.pasted_lines("x\n" * 500)) == 500
        with pytest.raises(TooMuchPresented, match="You pasted 501 lines"):
            rules.pasted_lines("x\n" * 501)

    def test_says_which_line_is_too_long(self) -> None:
        with pytest.raises(TooMuchPresented, match="Line 2"):
            rules.pasted_lines("x\n" + "y" * 2001)

    def test_holds_something_and_not_too_much(self) -> None:
        rules.require_list(["x"] * 250, [rules.FILE_LIMIT] * 5)
        with pytest.raises(NothingPresented):
            rules.require_list([], [])
        for lines, sizes in ((["x"] * 250, [1] * 251), ([], [rules.FILE_LIMIT + 1]), ([], [5_000_000] * 6)):
            with pytest.raises(TooMuchPresented):
                rules.require_list(lines, sizes)

    def test_shows_what_needs_a_look_first(self) -> None:
        rows = [row(number, verdict) for number, verdict in enumerate(reversed(rules.SEVERITY), start=1)]

        ordered = rules.needs_a_look_first([*rows, row(9, "changed")])

        assert [one.answer.verdict for one in ordered] == ["changed", *rules.SEVERITY]
        assert [one.number for one in ordered[:2]] == [8, 9]


def row(number: int, verdict: str = "genuine", **claims: str) -> Row:
    answer = replace(GENUINE, verdict=verdict, **claims)  # type: ignore[arg-type]
    return Row(number=number, answer=answer, words=rules.words(answer, at=NOW, voice=VOICE))


DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
HEAD = (
    "Line",
    "Answer",
    "Heading",
    "What to do",
    "Person",
    "Credential",
    "From",
    "Level",
    "Since",
    "Until",
    "Source",
)


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), strict=True))


class TestCsv:
    @pytest.mark.parametrize("start", DANGEROUS)
    @pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff", "\x00", " \x00 "])
    def test_starts_no_formula(self, start: str, before: str) -> None:
        cell = rules.as_cell(f"{before}{start}HYPERLINK(1)")

        assert cell.startswith("'")

    @given(st.text(max_size=80))
    def test_never_starts_a_formula_whatever_the_text(self, text: str) -> None:
        bare = "".join(letter for letter in rules.as_cell(text) if letter.isprintable() or letter in "\t\r\n")

        assert not bare.lstrip(" ").startswith(DANGEROUS)

    @given(st.text(max_size=80))
    def test_loses_nothing_but_nul(self, text: str) -> None:
        assert rules.as_cell(text).removeprefix("'") == text.replace("\x00", "").removeprefix("'")

    @given(
        st.lists(
            st.fixed_dictionaries(
                {
                    name: st.sampled_from(DANGEROUS).flatmap(
                        lambda s: st.text(max_size=20).map(lambda t: s + t)
                    )
                    | st.text(max_size=40)
                    for name in (
                        "source",
                        "subject_name",
                        "achievement_name",
                        "issuer_name",
                        "level",
                        "reason",
                    )
                }
            ),
            max_size=4,
        )
    )
    def test_reads_back_as_one_safe_line_a_credential(self, claims: list[dict[str, str]]) -> None:
        rows = [row(number, "withdrawn", **one) for number, one in enumerate(claims, start=1)]

        lines = read(rules.as_csv(rows, HEAD))

        assert len(lines) == 1 + len(rows)
        for cells in lines:
            assert len(cells) == len(HEAD)
            assert not [cell for cell in cells if cell.startswith(DANGEROUS)]

    def test_leaves_ordinary_names_alone(self) -> None:
        for text in ("Amara Okafor", "O'Brien", "", "Zoë", "3 ECTS", "أمارا"):
            assert rules.as_cell(text) == text
