# SPDX-License-Identifier: Apache-2.0
"""What a page says of each endorsement: who gave it, of what, and how far it goes.

laurel asks whether an endorsement is signed, stands and belongs here. Whom it comes from is judged here as it
is for badges: a bare key is anybody's, and praise of oneself is no endorsement.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from cairn.credentials.facts import CheckLine, EndorsementLine
from cairn.foundation import names
from laurel.model.credential import OpenBadgeCredential
from laurel.model.timestamp import parse_timestamp
from laurel.strictjson import JsonValue
from laurel.verify.report import Check, Endorsement, Report, Result, Verdict

#: Letters of a comment, and of a name.
_MOST_COMMENT = 1_000
_MOST_NAME = 200

_PASSED = CheckLine(
    name="endorsement",
    result="passed",
    code="endorsement.ok",
    message="It is signed by whoever runs the address above, and it stands.",
)
_OWN = CheckLine(
    name="endorsement",
    result="look_closer",
    code="endorsement.own",
    message="The issuer says this of its own credential.",
)
_BARE = CheckLine(
    name="endorsement",
    result="look_closer",
    code="endorsement.only-a-key",
    message="It is signed with a key that nobody vouches for. Anybody can make such a key.",
)

_UNFINISHED = "It could not be checked to the end."


def lines(report: Report, credential: OpenBadgeCredential | None) -> tuple[EndorsementLine, ...]:
    """Return the endorsements of a report in the order of the document.

    Args:
        credential: what was signed, to tell what each endorsement is about.
    """
    return tuple(_line(one, report, credential) for one in report.endorsements)


def summed_up(check: CheckLine, shown: tuple[EndorsementLine, ...]) -> CheckLine:
    """Return laurel's check of all endorsements, stricter where those who gave them are nobody we know."""
    good = sum(line.check.result == "passed" for line in shown)
    if not any(line.check.code in (_OWN.code, _BARE.code) for line in shown):
        return check
    message = f"{good} of {len(shown)} endorsements passed. Look at who signed the others."
    if len(shown) == 1:
        message = "It is signed. Look at who signed it."
    return replace(check, result="look_closer", code="endorsements.look-closer", message=message)


def _line(one: Endorsement, report: Report, credential: OpenBadgeCredential | None) -> EndorsementLine:
    inner = one.report
    told = EndorsementLine(
        check=_deciding(inner, report.issuer_id),
        about=_about(one, report.issuer_id, credential),
        checks=tuple(as_line(check) for check in inner.checks),
        technical=inner.technical,
    )
    if inner.credential is None:
        return told
    # What endorses something else, or was taken back, is no word on this credential: it is not repeated.
    comment = "" if told.check.result == "failed" else (one.comment or "").strip()
    return replace(
        told,
        name=names.cut(inner.issuer_name or inner.issuer_id or "", _MOST_NAME),
        host=names.domain_of(inner.issuer_id or ""),
        given_at=_given_at(inner.credential),
        comment=names.cut(comment, _MOST_COMMENT),
    )


def _given_at(claims: Mapping[str, JsonValue]) -> datetime | None:
    """Return from when an endorsement holds, as it says itself; data model 1.1 has another word for it."""
    said = claims.get("validFrom") or claims.get("issuanceDate")
    try:
        return parse_timestamp(said) if isinstance(said, str) else None
    except ValueError:
        return None


def as_line(check: Check) -> CheckLine:
    """Return one of laurel's checks as a page shows it."""
    message = names.cut(check.message, 500)
    return CheckLine(name=check.name, result=str(check.result), code=check.code, message=message)


def _deciding(inner: Report, issuer_id: str | None) -> CheckLine:
    """Return the check that an endorsement's own result hangs on."""
    if inner.verdict in (Verdict.ON_HOLD, Verdict.OUT_OF_DATE):
        name = "status" if inner.verdict is Verdict.ON_HOLD else "period"
        return replace(as_line(inner[name]), result="look_closer")
    failed = (check for check in inner.checks if check.result is Result.FAILED)
    undone = (check for check in inner.checks if check.required and check.result is not Result.PASSED)
    for check in (*failed, *undone):
        return as_line(check)
    if inner.verdict is not Verdict.GENUINE:
        return replace(_PASSED, result="not_checked", code="endorsement.unfinished", message=_UNFINISHED)
    if inner.issuer_id == issuer_id:
        return _OWN
    return _PASSED if names.domain_of(inner.issuer_id or "") else _BARE


def _about(one: Endorsement, issuer_id: str | None, credential: OpenBadgeCredential | None) -> str:
    """Say what is endorsed: told by the id that it names, or else by where it stands."""
    ids = {issuer_id: "issuer"}
    if credential is not None:
        achievement = credential.subject.achievement
        ids |= {credential.id: "credential", achievement.id: "achievement"}
    if one.about in ids:
        return ids[one.about]
    places = {"issuer": "issuer", "achievement": "achievement", "creator": "creator", "source": "assessor"}
    steps = one.pointer.split("/")[1:-2]
    return places.get(steps[-1], "part") if steps else "credential"
