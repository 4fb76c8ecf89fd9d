# SPDX-License-Identifier: Apache-2.0
"""The answer to a presentation: seven checks of its own, a report for each credential, and one verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, final

from laurel.errors import LaurelError
from laurel.strictjson import JsonValue
from laurel.verify.report import Check, Report, Result, Verdict, checked, not_checked

PRESENTATION_CHECK_NAMES: Final = (
    "readable",
    "proof",
    "holder",
    "audience",
    "nonce",
    "period",
    "schema",
)


class PresentationVerdict(StrEnum):
    """What to tell a person, the most severe that applies. The order here is that of severity.

    `changed`: its signature does not fit. `replayed`: signed for somebody else, for another question, or at
    another time. `not_theirs`: nobody has shown that it, or a credential in it, is their own. `doubtful`: a
    credential in it fails a check of its own.
    """

    UNREADABLE = "unreadable"
    CHANGED = "changed"
    REPLAYED = "replayed"
    NOT_THEIRS = "not_theirs"
    DOUBTFUL = "doubtful"
    UNFINISHED = "unfinished"
    GENUINE = "genuine"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationReport:
    """Every check of a presentation, the reports on its credentials in their order, and the verdict on all.

    `holder_id` is whose key signed the presentation; None unless the signature holds and the key is theirs.
    """

    verdict: PresentationVerdict
    checks: tuple[Check, ...]
    credentials: tuple[Report, ...]
    holder_id: str | None = None
    technical: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Check:
        """Return the check of that name. Raises: KeyError, with the names that there are."""
        return checked(self.checks, PRESENTATION_CHECK_NAMES, name)

    @property
    def exit_code(self) -> int:
        """The exit status of the command: 0 all required passed, 1 failed, 2 unreadable, 3 unfinished.

        A credential in it that cannot be read counts as failed.
        """
        if self.verdict is PresentationVerdict.UNREADABLE:
            return 2
        inner = {credential.exit_code for credential in self.credentials}
        if inner & {1, 2} or any(check.result is Result.FAILED for check in self.checks):
            return 1
        return 3 if 3 in inner or any(map(_is_open, self.checks)) else 0

    def as_json(self) -> dict[str, JsonValue]:
        """Return the report as `laurel verify --json` prints it."""
        checks: list[JsonValue] = [check.as_json() for check in self.checks]
        return {
            "verdict": self.verdict.value,
            "checks": checks,
            "format": "presentation",
            "holder": self.holder_id,
            "credentials": [credential.as_json() for credential in self.credentials],
            "technical": dict(self.technical),
        }


def _is_open(check: Check) -> bool:
    return check.required and check.result is not Result.PASSED


def verdict_of_all(checks: tuple[Check, ...], credentials: tuple[Report, ...]) -> PresentationVerdict:
    """Return the most severe verdict that the checks and the credentials call for."""
    failed = {check.name for check in checks if check.result is Result.FAILED}
    if "readable" in failed:
        return PresentationVerdict.UNREADABLE
    if "proof" in failed:
        return PresentationVerdict.CHANGED
    if failed & {"audience", "nonce", "period"}:
        return PresentationVerdict.REPLAYED
    inner = [check for report in credentials for check in report.checks if check.result is Result.FAILED]
    if "holder" in failed or any(check.name == "holder" for check in inner):
        return PresentationVerdict.NOT_THEIRS
    if inner:
        return PresentationVerdict.DOUBTFUL
    if failed or any(map(_is_open, checks)):
        return PresentationVerdict.UNFINISHED
    if any(report.verdict is not Verdict.GENUINE for report in credentials):
        return PresentationVerdict.UNFINISHED
    return PresentationVerdict.GENUINE


def unreadable_presentation(error: LaurelError) -> PresentationReport:
    """Return the report on something that is no presentation we can read."""
    readable = Check(name="readable", result=Result.FAILED, code=error.code, message=str(error))
    rest = (not_checked(name, "Nothing could be read.") for name in PRESENTATION_CHECK_NAMES[1:])
    return PresentationReport(
        verdict=PresentationVerdict.UNREADABLE, checks=(readable, *rest), credentials=()
    )
