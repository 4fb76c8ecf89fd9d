# SPDX-License-Identifier: Apache-2.0
"""Moments as the standards write them: RFC 3339 with an offset, read strictly and written one way."""

import re
from datetime import UTC, datetime

__all__ = [
    "format_timestamp",
    "parse_timestamp",
    "require_offset",
]

# xsd:dateTimeStamp without its rarities: no year beyond four digits, no 24:00, no leap second.
_SHAPE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def parse_timestamp(text: str) -> datetime:
    """Return the moment, in the zone it was written in; digits beyond microseconds are cut off.

    Raises:
        ValueError: the text is not a date, a time and an offset, or names no real moment.
    Spec: VCDM 2.0 #validity-period (dateTimeStamp)
    """
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text[:40]!r} is not a date and time with an offset, such as 2026-11-22T09:30:00Z."
        )
    day, clock, fraction, offset = match.groups()
    moment = datetime.fromisoformat(
        f"{day}T{clock}{(fraction or '')[:7]}{'+00:00' if offset == 'Z' else offset}"
    )
    try:
        moment.astimezone(UTC)
    except OverflowError:
        # 0001-01-01T00:00:00+14:00 has no UTC form, so it could not be compared with now.
        raise ValueError(f"{text[:40]!r} lies outside the years 1 to 9999.") from None
    return moment


def format_timestamp(moment: datetime) -> str:
    """Return the moment in UTC with a final Z; microseconds only when there are any.

    Raises:
        ValueError: the moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment without a zone cannot be written down.")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def require_offset(moment: object, name: str) -> None:
    """Make sure that an argument of that name is a moment with its offset from UTC.

    Asked at every door: without an offset a moment can be compared with none of those in a credential, or is
    taken for one of another zone.

    Raises:
        ValueError: it is a datetime without an offset.
        TypeError: it is no datetime.
    """
    if type(moment) is datetime and moment.tzinfo is UTC:
        return
    if not isinstance(moment, datetime):
        raise TypeError(
            f"{name} is of the type {type(moment).__name__}: give a datetime, such as datetime.now(UTC)."
        )
    if moment.utcoffset() is None:
        raise ValueError(f"{name} has no offset from UTC: give one that has, such as datetime.now(UTC).")
