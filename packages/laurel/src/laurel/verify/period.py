# SPDX-License-Identifier: Apache-2.0
"""Is it current? The dates that the issuer set, and those of the signature, against one moment."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from laurel.model.timestamp import parse_timestamp
from laurel.strictjson import JsonValue
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Result, not_checked
from laurel.verify.signatures import Signature

SKEW: Final = timedelta(minutes=5)


def check(presented: Presented, signature: Signature | None, at: datetime) -> Check:
    """Hold the period of a credential and that of its signature against a moment, UTC."""
    document = presented.document
    try:
        starts = max(_moments(document, "validFrom", "issuanceDate"), default=None)
        ends = min(_moments(document, "validUntil", "expirationDate"), default=None)
    except ValueError:
        return not_checked("period", "The credential has a date that is none.", code="period.malformed")
    if signature is None:
        return judged(starts, ends, at)
    return judged(starts, ends, at, begins=signature.begins, signed_until=signature.expires)


def judged(
    starts: datetime | None,
    ends: datetime | None,
    at: datetime,
    *,
    begins: datetime | None = None,
    signed_until: datetime | None = None,
) -> Check:
    """Hold the dates of a credential against a moment, UTC, and those between which its signature serves."""
    if begins is not None and (starts is None or begins > starts):
        starts = begins
    if starts is not None and starts - at > SKEW:
        return _off("period.not-yet", f"It does not begin before {_day(starts)}.", "valid_from", starts)
    if ends is not None and at > ends:
        return _off("period.ended", f"It ended on {_day(ends)}.", "valid_until", ends)
    if signed_until is not None and at > signed_until:
        return _off(
            "period.signature-ended",
            f"Its signature served until {_day(signed_until)}.",
            "valid_until",
            signed_until,
        )
    return _current("" if ends is None else f" It ends on {_day(ends)}.")


@lru_cache(maxsize=256)
def _current(until: str) -> Check:
    return Check(name="period", result=Result.PASSED, code="period.ok", message=f"It is current.{until}")


def _off(code: str, message: str, name: str, moment: datetime) -> Check:
    return Check(
        name="period",
        result=Result.FAILED,
        code=code,
        message=message,
        detail={name: moment.astimezone(UTC).isoformat().replace("+00:00", "Z")},
    )


def _moments(document: Mapping[str, JsonValue], *names: str) -> list[datetime]:
    """Return the dates under these names, of today's data model and of version 1.1. Raises: ValueError."""
    values = (document.get(name) for name in names)
    return [parse_timestamp(value if isinstance(value, str) else "") for value in values if value is not None]


@lru_cache(maxsize=256)
def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B %Y}"
