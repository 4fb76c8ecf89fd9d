# SPDX-License-Identifier: Apache-2.0
"""The answer to a check: eleven named results, and the one verdict they add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Any, Final, final

from laurel.errors import LaurelError
from laurel.records import blank
from laurel.strictjson import JsonValue
from laurel.verify.memory import NOTHING, Memory

CHECK_NAMES: Final = (
    "readable",
    "proof",
    "issuer",
    "trust",
    "status",
    "period",
    "schema",
    "evidence",
    "endorsements",
    "recipient",
    "holder",
)

#: Those that nobody asks for by handing in a credential.
_NOT_ASKED: Final = ("trust", "evidence", "endorsements", "recipient", "holder")
#: The holder signed, and not for us, in answer to us, and now.
_REPLAYS: Final = ("holder.nonce", "holder.audience", "holder.time", "holder.replayed")


class Result(StrEnum):
    """What came of one check. A check that did not run is `not_checked`, never `passed`."""

    PASSED = "passed"
    FAILED = "failed"
    LOOK_CLOSER = "look_closer"
    NOT_CHECKED = "not_checked"


class Verdict(StrEnum):
    """What to tell a person, the most severe that applies. The order here is that of severity.

    The last two before `unfinished` are for whoever asked its holder to sign. `replayed`: they signed for
    somebody else, for another question, or at another time. `not_theirs`: nobody has shown that it is theirs.
    """

    UNREADABLE = "unreadable"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    ON_HOLD = "on_hold"
    UNKNOWN_ISSUER = "unknown_issuer"
    OTHER_RECIPIENT = "other_recipient"
    REPLAYED = "replayed"
    NOT_THEIRS = "not_theirs"
    UNFINISHED = "unfinished"
    OUT_OF_DATE = "out_of_date"
    GENUINE = "genuine"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One named check: its result, a stable code, and a sentence for a person.

    `required` checks must pass before a credential is called genuine. `detail` holds what a page may want
    to show in a place of its own, such as the host that did not answer. `remember` is what a service may keep
    for later checks.
    """

    name: str
    result: Result
    code: str
    message: str
    required: bool = True
    detail: Mapping[str, str] = field(default_factory=dict)
    remember: Memory = field(default=NOTHING, repr=False, compare=False)

    def as_json(self) -> dict[str, JsonValue]:
        """Return the check as it stands in the JSON of a report."""
        return {
            "name": self.name,
            "result": self.result.value,
            "code": self.code,
            "message": self.message,
            "required": self.required,
            "detail": dict(self.detail),
        }


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody whom the signed claims name, and what they are called there; nobody has checked the name."""

    id: str
    name: str | None = None

    def as_json(self) -> dict[str, JsonValue]:
        """Return the party as the report prints it."""
        return {"id": self.id, "name": self.name}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """What came of one endorsement inside a credential: a report of its own, as any other.

    `about` is the id of what it endorses, `pointer` its place in the credential (RFC 6901). `comment` is what
    the endorser says; None unless their signature holds.
    """

    pointer: str
    about: str | None
    report: "Report"
    comment: str | None = field(default=None, repr=False)

    @property
    def holds(self) -> bool:
        """Tell whether it is one to rely on, as far as the endorser is."""
        return self.report.verdict is Verdict.GENUINE

    def as_json(self) -> dict[str, JsonValue]:
        """Return the endorsement as the report prints it, with the checks of its own."""
        told = self.report.as_json()
        return {
            "pointer": self.pointer,
            "about": self.about,
            "issuer": {"id": self.report.issuer_id, "name": self.report.issuer_name},
            "comment": self.comment,
            "verdict": told["verdict"],
            "checks": told["checks"],
        }


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every check of one credential, and what they add up to.

    `credential` holds the claims that the signature covers, without the proof; None unless the signature
    holds. The facts after it are taken from those claims only: who issued it, and, which may be others, who
    thought the achievement up (`created_by`) and who judged the learner (`assessed_by`). Only the issuer
    signs: the claims name the other two and nothing shows that they know of it. `technical` is for the folded
    part of a page: the carrier, how it was signed and by which key.
    """

    verdict: Verdict
    checks: tuple[Check, ...]
    format: str
    credential: Mapping[str, JsonValue] | None = field(repr=False)
    issuer_id: str | None = None
    issuer_name: str | None = None
    subject_name: str | None = field(default=None, repr=False)
    achievement_name: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    created_by: Party | None = None
    assessed_by: Party | None = None
    endorsements: tuple[Endorsement, ...] = ()
    technical: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Check:
        """Return the check of that name. Raises: KeyError, with the names that there are."""
        return checked(self.checks, CHECK_NAMES, name)

    @property
    def memory(self) -> Memory:
        """What this check has seen, to be added to what a service remembers; see `verify`."""
        return reduce(add, (check.remember for check in self.checks), Memory())

    @property
    def exit_code(self) -> int:
        """The exit status of the command: 0 all required passed, 1 failed, 2 unreadable, 3 unfinished."""
        if self.verdict is Verdict.UNREADABLE:
            return 2
        code = 0
        for check in self.checks:
            if check.result is Result.FAILED:
                return 1
            if check.required and check.result is not Result.PASSED:
                code = 3
        return code

    def as_json(self) -> dict[str, JsonValue]:
        """Return the report as `laurel verify --json` prints it."""
        checks: list[JsonValue] = [check.as_json() for check in self.checks]
        return {
            "verdict": self.verdict.value,
            "checks": checks,
            "format": self.format,
            "credential": None if self.credential is None else dict(self.credential),
            "created_by": self.created_by and self.created_by.as_json(),
            "assessed_by": self.assessed_by and self.assessed_by.as_json(),
            "endorsements": [each.as_json() for each in self.endorsements],
            "technical": dict(self.technical),
        }


_BlankCheck: Final = blank(Check)
_BlankReport: Final = blank(Report)


def checked(checks: tuple[Check, ...], names: tuple[str, ...], name: str) -> Check:
    """Return the check of that name out of all of a report. Raises: KeyError, with the names there are."""
    if name not in names:
        raise KeyError(f"{name!r} is no check of this report; its checks are {', '.join(names)}.")
    return checks[names.index(name)]


def passed(
    name: str, code: str, message: str, detail: Mapping[str, str], remember: Memory = NOTHING
) -> Check:
    """Return a required check that passed, sooner than `Check` makes one."""
    made: Any = _BlankCheck()
    made.name = name
    made.result = Result.PASSED
    made.code = code
    made.message = message
    made.required = True
    made.detail = detail
    made.remember = remember
    made.__class__ = Check
    check: Check = made
    return check


def on_badge(
    verdict: Verdict,
    checks: tuple[Check, ...],
    credential: Mapping[str, JsonValue],
    *,
    issuer: tuple[str, str | None],
    subject_name: str | None,
    achievement_name: str,
    period: tuple[datetime | None, datetime | None],
    created_by: Party | None,
    assessed_by: Party | None,
    technical: Mapping[str, str],
) -> Report:
    """Return a report on an Open Badge 3.0 without endorsements, sooner than `Report` makes one.

    Args:
        issuer: its id and its name.
        period: `valid_from` and `valid_until`.
    """
    made: Any = _BlankReport()
    made.verdict = verdict
    made.checks = checks
    made.format = "open-badges-3.0"
    made.credential = credential
    made.issuer_id, made.issuer_name = issuer
    made.subject_name = subject_name
    made.achievement_name = achievement_name
    made.valid_from, made.valid_until = period
    made.created_by = created_by
    made.assessed_by = assessed_by
    made.endorsements = ()
    made.technical = technical
    made.__class__ = Report
    report: Report = made
    return report


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """Return the most severe verdict that the checks call for.

    A file of evidence that no longer fits its fingerprint counts as changed. A credential that does not
    begin yet counts as out of date: its date is the only thing wrong with it.
    """
    by_name = {check.name: check for check in checks}
    failed = {name for name, check in by_name.items() if check.result is Result.FAILED}
    if "readable" in failed:
        return Verdict.UNREADABLE
    if failed & {"proof", "evidence"}:
        return Verdict.CHANGED
    if "status" in failed:
        held = by_name["status"].code == "status.on-hold"
        return Verdict.ON_HOLD if held else Verdict.WITHDRAWN
    if failed & {"issuer", "trust"}:
        return Verdict.UNKNOWN_ISSUER
    if "recipient" in failed:
        return Verdict.OTHER_RECIPIENT
    if "holder" in failed and by_name["holder"].required:
        return Verdict.REPLAYED if by_name["holder"].code in _REPLAYS else Verdict.NOT_THEIRS
    open_ones = (check for check in by_name.values() if check.required and check.name != "period")
    if any(check.result is not Result.PASSED for check in open_ones):
        return Verdict.UNFINISHED
    period = by_name["period"]
    if period.result is Result.FAILED:
        return Verdict.OUT_OF_DATE
    return Verdict.GENUINE if period.result is Result.PASSED else Verdict.UNFINISHED


def not_checked(name: str, message: str, *, code: str | None = None, required: bool = True) -> Check:
    """Return a check that did not run, and why."""
    return Check(
        name=name,
        result=Result.NOT_CHECKED,
        code=code or f"{name}.not-checked",
        message=message,
        required=required,
    )


def unreadable(error: LaurelError) -> Report:
    """Return the report on something that is no credential we can read."""
    readable = Check(name="readable", result=Result.FAILED, code=error.code, message=str(error))
    rest = (
        not_checked(name, "Nothing could be read.", required=name not in _NOT_ASKED)
        for name in CHECK_NAMES[1:]
    )
    return Report(verdict=Verdict.UNREADABLE, checks=(readable, *rest), format="unknown", credential=None)
