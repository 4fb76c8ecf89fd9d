# SPDX-License-Identifier: Apache-2.0
"""What a page makes of a stranger's document, without a database: odd names, endorsements, bounds."""

from dataclasses import replace

import pytest

from cairn.credentials.facts import EndorsementLine, OddName
from cairn.credentials.rules import endorsing, naming
from laurel.errors import Unreadable
from laurel.verify.report import (
    CHECK_NAMES,
    Check,
    Endorsement,
    Report,
    Result,
    not_checked,
    unreadable,
    verdict_of,
)

ISSUER = "did:web:fernhill.example"
GUILD = "did:web:guild.example"


def shown(odd: OddName) -> str:
    """Return a name as the page shows it, what is marked in brackets."""
    return "".join(f"[{run.text}]" if run.is_odd else run.text for run in odd.runs)


class TestOddNames:
    @pytest.mark.parametrize(
        ("name", "kind", "marked"),
        [
            ("Fern\u200bhill", "hidden", "Fern[U+200B]hill"),
            ("\u202eegelloC", "hidden", "[U+202E]egelloC"),
            ("a\u200b\u200bb", "hidden", "a[U+200B][U+200B]b"),
            ("F\u0435rnhill College", "mixed", "F[\u0435]rnhill College"),
            ("\u041c\u0418\u0422 and M\u0399T", "mixed", "\u041c\u0418\u0422 and M[\u0399]T"),
            ("\U0001d40c\U0001d408T", "mixed", "[\U0001d40c\U0001d408]T"),
            ("\uff2d\uff29\uff34", "mixed", "[\uff2d\uff29\uff34]"),
        ],
    )
    def test_point_at_the_letters_that_mislead(self, name: str, kind: str, marked: str) -> None:
        (odd,) = naming.odd_names([("issuer", name)], None)

        assert (odd.whose, odd.kind, shown(odd)) == ("issuer", kind, marked)

    @pytest.mark.parametrize(
        "name",
        [
            "Київський політехнічний інститут",
            "مؤسسة التميّز للتعليم",
            "国際認定機構：東京（本部）ＩＴ科",
            "Æther Université",
            "Fernhill™ College № 5",
            "Müller & Söhne",
            "می‌خواهم",
            "👩‍🎓 Graduate School",
        ],
    )
    def test_leave_honest_names_alone(self, name: str) -> None:
        """Symptom: a warning beside every name that is not English, which nobody reads any more."""
        assert naming.odd_names([("issuer", name)], None) == ()

    def test_read_an_address_out(self) -> None:
        host = "f\u0435rnhill".encode("idna").decode()

        (odd,) = naming.odd_names([], f"did:web:{host}.example")

        assert (odd.whose, odd.kind, shown(odd)) == ("issuer", "host", f"{host} (f\u0435rnhill)")

    def test_show_what_lies_about_the_letter_in_a_long_name(self) -> None:
        (odd,) = naming.odd_names([("holder", "N" * 250 + "\u200b" + "M" * 200)], None)

        assert shown(odd) == "…" + "N" * 60 + "[U+200B]" + "M" * 59 + "…"

    def test_are_twelve_at_most_those_that_hide_first(self) -> None:
        named = [*(("endorser", f"M\u0399T {number}") for number in range(20)), ("issuer", "a\u200bb")]

        odd = naming.odd_names(named, None)

        assert len(odd) == 12
        assert odd[0].kind == "hidden"


def check(name: str, result: Result, code: str = "") -> Check:
    return Check(name=name, result=result, code=code or f"{name}.{result}", message=f"{name} {result}.")


def report(issuer_id: str = GUILD, **results: Result | Check) -> Report:
    """Return a report on an endorsement in which all that is asked passed, but for these."""
    asked = ("readable", "proof", "issuer", "status", "period", "schema")
    checks = []
    for name in CHECK_NAMES:
        told = results.get(name, Result.PASSED)
        if name not in asked:
            checks.append(not_checked(name, "Not asked.", required=False))
        else:
            checks.append(told if isinstance(told, Check) else check(name, told))
    return Report(
        verdict=verdict_of(checks),
        checks=tuple(checks),
        format="open-badges-3.0",
        credential={"validFrom": "2026-06-12T09:30:00Z"},
        issuer_id=issuer_id,
        issuer_name="Guild",
    )


def line_of(inner: Report, pointer: str = "/credentialSubject/achievement/endorsement/0") -> EndorsementLine:
    one = Endorsement(pointer=pointer, about="urn:x", report=inner, comment="Good.")
    outer = replace(report(ISSUER), endorsements=(one,))
    (line,) = endorsing.lines(outer, None)
    return line


class TestEndorsementLine:
    @pytest.mark.parametrize(
        ("inner", "result", "code", "comment"),
        [
            (report(), "passed", "endorsement.ok", "Good."),
            (report("https://guild.example/profile"), "passed", "endorsement.ok", "Good."),
            (report("did:key:z6Mk"), "look_closer", "endorsement.only-a-key", "Good."),
            (report(ISSUER), "look_closer", "endorsement.own", "Good."),
            (report(period=Result.FAILED), "look_closer", "period.failed", "Good."),
            (
                report(status=check("status", Result.FAILED, "status.on-hold")),
                "look_closer",
                "status.on-hold",
                "Good.",
            ),
            (report(status=Result.FAILED), "failed", "status.failed", ""),
            (report(schema=Result.FAILED), "failed", "schema.failed", ""),
            (report(issuer=Result.FAILED), "failed", "issuer.failed", ""),
            (report(issuer=Result.LOOK_CLOSER), "look_closer", "issuer.look_closer", "Good."),
            (report(status=Result.NOT_CHECKED), "not_checked", "status.not_checked", "Good."),
            # What is wrong weighs more than what could not be done.
            (report(status=Result.NOT_CHECKED, schema=Result.FAILED), "failed", "schema.failed", ""),
        ],
    )
    def test_has_the_result_of_what_decides(
        self, inner: Report, result: str, code: str, comment: str
    ) -> None:
        line = line_of(inner)

        assert (line.check.result, line.check.code, line.comment) == (result, code, comment)

    def test_tells_nothing_of_one_that_is_not_signed(self) -> None:
        for inner in (
            replace(report(proof=Result.FAILED), credential=None),
            unreadable(Unreadable("It is no credential.", code="unreadable.not-a-credential")),
        ):
            line = line_of(inner)

            assert line.check.result == "failed"
            assert (line.name, line.host, line.comment, line.given_at) == ("", "", "", None)

    @pytest.mark.parametrize(
        ("pointer", "about"),
        [
            ("/endorsement/0", "credential"),
            ("/issuer/endorsement/0", "issuer"),
            ("/credentialSubject/achievement/endorsementJwt/3", "achievement"),
            ("/credentialSubject/achievement/creator/endorsement/0", "creator"),
            ("/credentialSubject/source/endorsement/0", "assessor"),
            ("/evidence/0/endorsement/0", "part"),
        ],
    )
    def test_says_what_it_is_about_by_its_place(self, pointer: str, about: str) -> None:
        assert line_of(report(), pointer).about == about

    def test_is_cut_where_it_would_fill_the_page(self) -> None:
        one = Endorsement(
            pointer="/endorsement/0",
            about="urn:x",
            report=replace(report(), issuer_name="N" * 9_000),
            comment="C" * 9_000,
        )

        (line,) = endorsing.lines(replace(report(ISSUER), endorsements=(one,)), None)

        assert (len(line.name), len(line.comment)) == (200, 1_000)
        assert line.comment.endswith("…")


class TestSum:
    ALL_HOLD = endorsing.as_line(check("endorsements", Result.PASSED, "endorsements.ok"))

    def test_is_laurels_where_all_have_a_domain(self) -> None:
        assert endorsing.summed_up(self.ALL_HOLD, (line_of(report()),)) == self.ALL_HOLD

    def test_asks_for_a_closer_look_where_one_is_a_bare_key_or_the_issuer(self) -> None:
        told = endorsing.summed_up(self.ALL_HOLD, (line_of(report()), line_of(report(ISSUER))))

        assert told.result == "look_closer"
        assert told.message == "1 of 2 endorsements passed. Look at who signed the others."
