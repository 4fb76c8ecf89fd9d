# SPDX-License-Identifier: Apache-2.0
"""The eight verdicts in words, what a file is at first sight, and what a list may hold."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from cairn.credentials.facts import CredentialView
from cairn.foundation import names
from cairn.verification.errors import NothingPresented, TooMuchPresented
from cairn.verification.facts import Answer, CheckLine, Kind, Row, Tone, Voice, Way, Words

#: The most one file may weigh, and a whole list, in bytes; the most lines of a list, and letters of one.
FILE_LIMIT = 5 * 1024 * 1024
LIST_LIMIT = 25 * 1024 * 1024
MOST_LINES = 500
LONGEST_LINE = 2_000
#: The most text that is taken from the box for a pasted credential, in bytes.
TEXT_LIMIT = 512 * 1024

TONES = {
    "changed": Tone.BAD,
    "withdrawn": Tone.BAD,
    "on_hold": Tone.WARN,
    "unknown_issuer": Tone.WARN,
    "unfinished": Tone.IDLE,
    "out_of_date": Tone.WARN,
    "unreadable": Tone.IDLE,
    "genuine": Tone.OK,
}
#: From what needs a look first to what needs none.
SEVERITY = tuple(TONES)


def words(answer: Answer, *, at: datetime, voice: Voice) -> Words:
    """Say a verdict in the exact words that the interface promises.

    Args:
        at: when it was checked, UTC.
    """
    if answer.verdict == "genuine":
        heading, short, line = _genuine(answer, voice.moment(at), voice)
    else:
        heading, short, line = _SAYINGS[answer.verdict](answer, voice)
    return Words(tone=TONES[answer.verdict], heading=heading, short=short, line=line)


def answer_of(view: CredentialView, *, way: Way, kind: Kind, source: str) -> Answer:
    """Return what a checked credential's page shows, as one answer."""
    claims = view.claims
    readable = next((check for check in view.checks if check.name == "readable"), None)
    return Answer(
        verdict=view.verdict,
        way=way,
        source=source,
        kind=kind,
        code=readable.code if readable else "",
        checks=tuple(
            CheckLine(name=one.name, result=one.result, code=one.code, message=one.message)
            for one in view.checks
        ),
        # What did not verify is not believed: without claims there is no name to tell.
        issuer_name=claims.issuer_name if claims else "",
        issuer_id=claims.issuer_id if claims else "",
        subject_name=claims.holder_name if claims else "",
        achievement_name=claims.name if claims else "",
        level=claims.level if claims else "",
        valid_from=claims.valid_from if claims else None,
        valid_until=claims.valid_until if claims else None,
        changed_at=view.changed_at,
        reason=view.reason,
        host=view.unreachable_host,
        url=view.page_url,
    )


def passed_check(name: str) -> CheckLine:
    """Return a check that passed, for showing what answers look like."""
    return CheckLine(name=name, result="passed", code=f"{name}.ok", message="")


def answer_of_refusal(said: str, *, source: str) -> Answer:
    """Return the answer for a line that led to nothing; `said` is the sentence that says why."""
    return Answer(verdict="unreadable", way=Way.LINK, source=source, said=said)


def needs_a_look_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Order a list: the most severe answers on top, each kind in the order in which it was presented."""
    return tuple(sorted(rows, key=lambda row: (SEVERITY.index(row.answer.verdict), row.number)))


def _genuine(answer: Answer, checked_at: str, voice: Voice) -> tuple[str, str, str]:
    line = voice.ngettext(
        "Checked %(time)s. %(n)d check passed, one needs you.",
        "Checked %(time)s. %(n)d checks passed, one needs you.",
        answer.passed,
    )
    said = line % {"time": checked_at, "n": answer.passed}
    return voice.gettext("Genuine and current"), voice.gettext("Genuine"), said


def _out_of_date(answer: Answer, voice: Voice) -> tuple[str, str, str]:
    who = names.isolated(answer.subject_name) or voice.gettext("the holder")
    if answer.valid_until is None:
        line = voice.gettext("It has ended. Ask %(name)s whether it has been renewed.") % {"name": who}
    else:
        line = voice.gettext("It ended on %(date)s. Ask %(name)s whether it has been renewed.") % {
            "date": voice.day(answer.valid_until),
            "name": who,
        }
    return voice.gettext("Genuine, but out of date"), voice.gettext("Out of date"), line


def _on_hold(answer: Answer, voice: Voice) -> tuple[str, str, str]:
    issuer = names.isolated(answer.issuer_name) or voice.gettext("The issuer")
    if answer.changed_at is None:
        line = voice.gettext(
            "%(issuer)s put it on hold. This can be temporary. Ask the college before you rely on it."
        ) % {"issuer": issuer}
    else:
        line = voice.gettext(
            "%(issuer)s put it on hold on %(date)s. This can be temporary. "
            "Ask the college before you rely on it."
        ) % {"issuer": issuer, "date": voice.day(answer.changed_at)}
    return voice.gettext("Genuine, but on hold"), voice.gettext("On hold"), line


def _withdrawn(answer: Answer, voice: Voice) -> tuple[str, str, str]:
    issuer = names.isolated(answer.issuer_name) or voice.gettext("the issuer")
    heading = voice.gettext("Withdrawn by %(issuer)s") % {"issuer": issuer}
    if answer.changed_at is None:
        line = voice.gettext("Do not rely on it. Ask %(issuer)s when and why.") % {"issuer": issuer}
    elif not answer.reason:
        line = voice.gettext("Withdrawn on %(date)s. Do not rely on it.") % {
            "date": voice.day(answer.changed_at)
        }
    else:
        line = voice.gettext("Withdrawn on %(date)s. Reason given: %(reason)s. Do not rely on it.") % {
            "date": voice.day(answer.changed_at),
            "reason": answer.reason.rstrip(". "),
        }
    return heading, voice.gettext("Withdrawn"), line


def _changed(answer: Answer, voice: Voice) -> tuple[str, str, str]:
    # A changed copy says nothing that can be believed, its issuer's name least of all; only a page of ours
    # knows by itself who signed.
    issuer = names.isolated(answer.issuer_name) or voice.gettext("its issuer")
    line = voice.gettext(
        "It no longer matches what %(issuer)s signed. Do not rely on it. Ask for the original link."
    ) % {"issuer": issuer}
    return voice.gettext("This copy has been changed"), voice.gettext("Changed copy"), line


def _unknown_issuer(_answer: Answer, voice: Voice) -> tuple[str, str, str]:
    line = voice.gettext(
        "Nobody changed it, but the signer is not in any register we trust. "
        "Check who they are before you rely on it."
    )
    return voice.gettext("Signed, but we do not know who by"), voice.gettext("Unknown signer"), line


def _unfinished(answer: Answer, voice: Voice) -> tuple[str, str, str]:
    signed = answer.result_of("proof") == "passed"
    if answer.host and signed:
        line = voice.gettext(
            "%(host)s did not answer, so we do not know whether it has been withdrawn. "
            "Nothing looks wrong so far."
        )
    elif answer.host:
        line = voice.gettext(
            "%(host)s did not answer, so we do not know whether it is genuine. Nothing looks wrong so far."
        )
    elif signed:
        line = voice.gettext(
            "One check could not be done, so we do not know whether it still stands. "
            "Nothing looks wrong so far."
        )
    else:
        line = voice.gettext(
            "Its signature could not be checked, so we do not know whether it is genuine. "
            "Nothing looks wrong so far."
        )
    return (
        voice.gettext("We could not finish checking"),
        voice.gettext("Not finished"),
        line % {"host": answer.host},
    )


def _unreadable(answer: Answer, voice: Voice) -> tuple[str, str, str]:
    if answer.said:
        return (
            voice.gettext("There is nothing to check"),
            voice.gettext("Not found"),
            voice.gettext(answer.said),
        )
    what = _what(answer, voice)
    line = {
        Way.FILE: voice.gettext(
            "The file is %(what)s. Ask for the link, the original badge image or the JSON file."
        ),
        Way.TEXT: voice.gettext(
            "What you pasted is %(what)s. Ask for the link, the original badge image or the JSON file."
        ),
        Way.LINK: voice.gettext(
            "The link leads to %(what)s. Ask for the link, the original badge image or the JSON file."
        ),
    }[answer.way]
    return (
        voice.gettext("This is not a credential we can read"),
        voice.gettext("Not readable"),
        line % {"what": what},
    )


_SAYINGS = {
    "out_of_date": _out_of_date,
    "on_hold": _on_hold,
    "withdrawn": _withdrawn,
    "changed": _changed,
    "unknown_issuer": _unknown_issuer,
    "unfinished": _unfinished,
    "unreadable": _unreadable,
}


def _what(answer: Answer, voice: Voice) -> str:
    """Say what an unreadable thing is instead."""
    _ = voice.gettext
    if answer.code == TOO_MUCH_WORK:
        return _("made so that checking it would never end")
    if answer.code.endswith("too-large"):
        return _("larger or deeper than any credential")
    return {
        Kind.EMPTY: _("empty"),
        Kind.JSON: _("JSON with no credential inside that we know"),
        Kind.JWT: _("a signed text with no credential inside that we know"),
        Kind.PNG: _("a picture with no credential inside"),
        Kind.SVG: _("a drawing with no credential inside"),
        Kind.PDF: _("a PDF with no credential inside"),
        Kind.PHOTO: _("a photo with no credential inside"),
        Kind.WEB_PAGE: _("a web page, not a credential"),
        Kind.TEXT: _("text, not a credential"),
        Kind.OTHER: _("of a kind that holds no credential"),
    }[answer.kind]


#: The code of a file whose checking was ended.
TOO_MUCH_WORK = "too-much-work"

_JWT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


def look_at(data: bytes) -> Kind:
    """Tell what bytes look like at first sight; only for words, never for a decision."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    low = start[:200].lower()
    if not data.strip():
        return Kind.EMPTY
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data.startswith((b"\xff\xd8\xff", b"GIF8")) or data[:4] == b"RIFF" or data[4:8] == b"ftyp":
        return Kind.PHOTO
    if start.startswith(b"%PDF-"):
        return Kind.PDF
    if low.startswith((b"<!doctype html", b"<html")):
        return Kind.WEB_PAGE
    if b"<svg" in data[:1024].lower():
        return Kind.SVG
    if start[:1] in (b"{", b"["):
        return Kind.JSON
    if _JWT.fullmatch(data.strip()):
        return Kind.JWT
    try:
        data[:4096].decode("utf-8", errors="strict" if len(data) <= 4096 else "ignore")
    except UnicodeDecodeError:
        return Kind.OTHER
    return Kind.OTHER if b"\x00" in data[:4096] else Kind.TEXT


def pasted_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a pasted list, without empty ones.

    Raises:
        TooMuchPresented: more than 500 lines, or one longer than any link.
    """
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    if len(lines) > MOST_LINES:
        raise TooMuchPresented(
            "You pasted %(lines)s lines. The most we check in one go is %(most)s. Leave some out.",
            lines=len(lines),
            most=MOST_LINES,
        )
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise TooMuchPresented(
                "Line %(number)s is longer than a link. Paste one link or reference on each line.",
                number=number,
            )
    return lines


def require_list(lines: Sequence[str], sizes: Sequence[int]) -> None:
    """See that a list holds something, and no more than is checked in one go. Sizes of files in bytes.

    Raises:
        NothingPresented, TooMuchPresented
    """
    if not lines and not sizes:
        raise NothingPresented("Paste at least one link or reference, or choose files.")
    if len(lines) + len(sizes) > MOST_LINES:
        raise TooMuchPresented(
            "These are %(number)s credentials. The most we check in one go is %(most)s.",
            number=len(lines) + len(sizes),
            most=MOST_LINES,
        )
    if max(sizes, default=0) > FILE_LIMIT or sum(sizes) > LIST_LIMIT:
        raise TooMuchPresented("One file can be 5 MB, and all of them 25 MB. Choose fewer or smaller ones.")


#: What a spreadsheet may take for the start of a formula, full-width forms too (security A43).
_FORMULA = "=+-@\t\r\n＝＋－＠"


def as_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula. Spec: OWASP CSV Injection"""
    # A spreadsheet skips white space and what cannot be seen in front, and drops NUL.
    bare = text.replace("\x00", "")
    seen = (letter for letter in bare if letter in _FORMULA or (letter.isprintable() and letter != " "))
    return f"'{bare}" if next(seen, "x") in _FORMULA else bare


def as_csv(rows: Iterable[Row], head: Sequence[str]) -> str:
    """Return a checked list for a spreadsheet, one line a credential, with a byte order mark for Excel.

    Spec: RFC 4180 §2
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        answer = row.answer
        cells = (
            str(row.number),
            row.words.short,
            row.words.heading,
            row.words.line,
            answer.subject_name,
            answer.achievement_name,
            answer.issuer_name,
            answer.level,
            answer.valid_from.date().isoformat() if answer.valid_from else "",
            answer.valid_until.date().isoformat() if answer.valid_until else "",
            answer.source,
        )
        writer.writerow([as_cell(cell) for cell in cells])
    return "\ufeff" + out.getvalue()
