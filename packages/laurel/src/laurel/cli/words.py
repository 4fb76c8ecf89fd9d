# SPDX-License-Identifier: Apache-2.0
"""What `laurel verify` prints for a person: the verdict first, then every check."""

from collections.abc import Mapping
from typing import Final

from laurel.cli.sources import plain
from laurel.verify.presentation_report import PresentationReport, PresentationVerdict
from laurel.verify.report import Report, Result, Verdict

MARKS: Final = {Result.PASSED: "✓", Result.FAILED: "✗", Result.LOOK_CLOSER: "!", Result.NOT_CHECKED: "–"}
_REPLAYED: Final = "Signed for somebody else, or for another time"
_NOT_THEIRS: Final = "Nobody has shown that it is theirs"
HEADINGS: Final = {
    Verdict.GENUINE: "Genuine and current",
    Verdict.OUT_OF_DATE: "Genuine, but out of date",
    Verdict.ON_HOLD: "Genuine, but on hold",
    Verdict.WITHDRAWN: "Withdrawn by its issuer",
    Verdict.CHANGED: "This copy has been changed",
    Verdict.UNKNOWN_ISSUER: "Signed, but we do not know who by",
    Verdict.OTHER_RECIPIENT: "Genuine, but given to somebody else",
    Verdict.REPLAYED: _REPLAYED,
    Verdict.NOT_THEIRS: _NOT_THEIRS,
    Verdict.UNFINISHED: "We could not finish checking",
    Verdict.UNREADABLE: "This is not a credential we can read",
}
PRESENTATION_HEADINGS: Final = {
    PresentationVerdict.GENUINE: "Genuine, and shown by its holder",
    PresentationVerdict.UNFINISHED: "We could not finish checking",
    PresentationVerdict.DOUBTFUL: "It holds a credential that does not hold up",
    PresentationVerdict.NOT_THEIRS: _NOT_THEIRS,
    PresentationVerdict.REPLAYED: _REPLAYED,
    PresentationVerdict.CHANGED: "This copy has been changed",
    PresentationVerdict.UNREADABLE: "This is not a presentation we can read",
}
_IN_ORDER: Final = tuple(dict.fromkeys(each.value for each in (*HEADINGS, *PRESENTATION_HEADINGS)))
_ODD: Final = {
    "hidden_characters": "letters that are not seen in",
    "mixed_letters": "letters that look like others in",
    "issuer_host": "the issuer's host reads",
}
_UNPROVEN: Final = "Genuine, but who shows it was not proven"


def summary(count: int, verdicts: Mapping[str, int]) -> str:
    """Return how many of a batch had which verdict, in an order that is always the same."""
    found = [f"{verdicts[each]} {each.replace('_', ' ')}" for each in _IN_ORDER if verdicts.get(each)]
    return f"{count} checked{': ' if found else ''}{', '.join(found)}."


def as_text(report: Report) -> str:
    """Return the report on one credential, a line for each check."""
    lines = [HEADINGS[report.verdict]]
    if report.achievement_name:
        to = f" to {plain(report.subject_name)}" if report.subject_name else ""
        lines.append(
            f"  {plain(report.achievement_name)}, issued{to} by {plain(report.issuer_name or '')}".rstrip()
        )
    if report.issuer_id:
        lines.append(f"  Issuer: {plain(report.issuer_id)}")
    lines += [
        f"  Careful: {_ODD[name]} {plain(report.technical[name])}"
        for name in _ODD
        if name in report.technical
    ]
    lines.append("")
    shown = report.checks[:1] if report.verdict is Verdict.UNREADABLE else report.checks
    lines += [f"{MARKS[check.result]} {check.name:<12} {plain(check.message)}" for check in shown]
    return "\n".join(lines)


def presentation_as_text(report: PresentationReport) -> str:
    """Return what the command prints: the presentation first, then each credential in it."""
    proven = report["holder"].result is Result.PASSED
    is_genuine = report.verdict is PresentationVerdict.GENUINE
    lines = [_UNPROVEN if is_genuine and not proven else PRESENTATION_HEADINGS[report.verdict]]
    if report.holder_id:
        lines.append(f"  Signed by: {plain(report.holder_id)}")
    lines.append("")
    shown = report.checks[:1] if report.verdict is PresentationVerdict.UNREADABLE else report.checks
    lines += [f"{MARKS[check.result]} {check.name:<12} {plain(check.message)}" for check in shown]
    for place, credential in enumerate(report.credentials, 1):
        lines += ["", f"Credential {place} of {len(report.credentials)}", as_text(credential)]
    return "\n".join(lines)
