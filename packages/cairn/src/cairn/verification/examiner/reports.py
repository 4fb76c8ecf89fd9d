# SPDX-License-Identifier: Apache-2.0
"""How a report comes over the pipe: whole, with the reports on the endorsements inside it.

`Report.as_json` is for people and other programs and leaves out what they can read off the credential. Here
nothing is left out, so that the report on this side of the pipe is the one that laurel made on the other.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cairn.verification.examiner.frames import Broken
from laurel import verify as laurel
from laurel.verify.report import CHECK_NAMES, Endorsement, Party


def as_told(report: laurel.Report) -> dict[str, Any]:
    """Return a report as it is written into a frame."""
    return report.as_json() | {
        "issuer_id": report.issuer_id,
        "issuer_name": report.issuer_name,
        "subject_name": report.subject_name,
        "achievement_name": report.achievement_name,
        "valid_from": report.valid_from.isoformat() if report.valid_from else None,
        "valid_until": report.valid_until.isoformat() if report.valid_until else None,
        "endorsements": [
            {
                "pointer": one.pointer,
                "about": one.about,
                "comment": one.comment,
                "report": as_told(one.report),
            }
            for one in report.endorsements
        ],
    }


def as_report(told: Mapping[str, Any]) -> laurel.Report:
    """Return what was told as laurel's own report.

    Raises:
        Broken: it is not what `as_told` writes. Whoever takes the process over writes what they like.
    """
    try:
        return _report(told)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as fault:
        raise Broken("a report is not in our own form") from fault


def _report(told: Mapping[str, Any]) -> laurel.Report:
    _require_form(told)
    return laurel.Report(
        verdict=laurel.Verdict(told["verdict"]),
        checks=tuple(
            laurel.Check(**(check | {"result": laurel.Result(check["result"])})) for check in told["checks"]
        ),
        format=told["format"],
        credential=told["credential"],
        issuer_id=told["issuer_id"],
        issuer_name=told["issuer_name"],
        subject_name=told["subject_name"],
        achievement_name=told["achievement_name"],
        valid_from=_moment(told["valid_from"]),
        valid_until=_moment(told["valid_until"]),
        created_by=_party(told["created_by"]),
        assessed_by=_party(told["assessed_by"]),
        endorsements=tuple(
            Endorsement(
                pointer=one["pointer"],
                about=one["about"],
                comment=one["comment"],
                report=_report(one["report"]),
            )
            for one in told["endorsements"]
        ),
        technical=told["technical"],
    )


def _require_form(told: Mapping[str, Any]) -> None:
    """Refuse what a page would stumble over later. Raises: ValueError, and as `_report`."""
    texts = ("format", "issuer_id", "issuer_name", "subject_name", "achievement_name")
    objects = [told["technical"], *(check["detail"] for check in told["checks"])]
    if (
        tuple(check["name"] for check in told["checks"]) != CHECK_NAMES
        or not all(isinstance(told[name], str | None) for name in texts)
        or not isinstance(told["credential"], dict | None)
        or not all(isinstance(each, dict) for each in objects)
        or not all(isinstance(text, str) for each in objects for text in each.values())
        or not all(isinstance(check[name], str) for check in told["checks"] for name in ("code", "message"))
    ):
        raise ValueError("a member of another type")


def _party(told: Mapping[str, Any] | None) -> Party | None:
    return None if told is None else Party(id=told["id"], name=told["name"])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
