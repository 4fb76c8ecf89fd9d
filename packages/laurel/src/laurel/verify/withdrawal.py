# SPDX-License-Identifier: Apache-2.0
"""Has the issuer withdrawn it or put it on hold? Only a list that the issuer signed can tell."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from laurel.errors import CorruptBitstring, LaurelError, Unreadable
from laurel.jsonld.effort import Effort
from laurel.model.credential import StatusEntry
from laurel.model.timestamp import parse_timestamp
from laurel.status import bitstring
from laurel.status.bitstring import StatusFault
from laurel.verify import presented as reading
from laurel.verify import signatures
from laurel.verify.material import Material, NotFound, text
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Result, not_checked
from laurel.verify.signatures import Signature

SKEW: Final = timedelta(minutes=5)
MOST_LISTS: Final = 3

_CODES: Final = {"revocation": "status.withdrawn", "suspension": "status.on-hold"}
_WORDS: Final = {
    "revocation": "The issuer has withdrawn it.",
    "suspension": "The issuer has put it on hold. This can be temporary.",
}


class _Untrusted(LaurelError):
    """A status list that does not tell us anything, and why."""

    def __init__(self, message: str, *, code: str, wanted: str | None = None) -> None:
        super().__init__(message, code=code)
        self.wanted = wanted


def needs(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    seen_at: datetime,
    effort: Effort | None = None,
) -> list[str | None]:
    """Return the URLs that the status of a credential hangs on, fetched or not."""
    try:
        entries = _entries(presented)
    except StatusFault:
        return []
    wanted: list[str | None] = []
    effort = effort or Effort()
    for entry in entries:
        wanted.append(entry.list_url)
        try:
            _is_set(entry, presented, found, at, seen_at, effort)
        except _Untrusted as error:
            wanted.append(error.wanted)
        except LaurelError:
            continue  # `check` will say what is wrong with the list; nothing more can be fetched for it
    return wanted


def check(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    seen_at: datetime,
    effort: Effort | None = None,
) -> Check:
    """Tell whether the credential is withdrawn or on hold, as far as its lists can be believed."""
    try:
        entries = _entries(presented)
    except StatusFault as fault:
        return not_checked("status", str(fault), code=fault.code)
    if not entries:
        message = "It names no status list, so nobody could tell if it were withdrawn."
        return not_checked("status", message, code="status.none", required=False)
    effort = effort or Effort()
    outcomes = [_judge(entry, presented, found, at, seen_at, effort) for entry in entries]
    return min(outcomes, key=_severity)


def _entries(presented: Presented) -> tuple[StatusEntry, ...]:
    """Return the entries that bear on whether the credential holds. Raises: StatusFault."""
    entries = tuple(entry for entry in bitstring.entries(presented.document) if entry.purpose in _CODES)
    if len(entries) > MOST_LISTS:
        raise StatusFault("The credential names more status lists than we look at.")
    return entries


def _severity(check: Check) -> int:
    if check.result is Result.FAILED:
        return 0 if check.code == "status.withdrawn" else 1
    return 2 if check.result is Result.NOT_CHECKED else 3


def _judge(
    entry: StatusEntry,
    presented: Presented,
    found: Mapping[str, Material],
    at: datetime,
    seen_at: datetime,
    effort: Effort,
) -> Check:
    detail = {"list": entry.list_url, "index": str(entry.index), "purpose": entry.purpose}
    try:
        is_set = _is_set(entry, presented, found, at, seen_at, effort)
    except NotFound as error:
        message = f"It could not be looked up whether it has been withdrawn. {error}"
        detail |= {"host": error.host}
        result, code = Result.NOT_CHECKED, "status.unreachable"
    except (_Untrusted, StatusFault, CorruptBitstring) as error:
        result, code, message = Result.NOT_CHECKED, error.code, str(error)
    else:
        if is_set:
            result, code, message = Result.FAILED, _CODES[entry.purpose], _WORDS[entry.purpose]
        else:
            result, code, message = Result.PASSED, "status.ok", "The issuer has not withdrawn it."
    return Check(name="status", result=result, code=code, message=message, detail=detail)


def _is_set(
    entry: StatusEntry,
    presented: Presented,
    found: Mapping[str, Material],
    at: datetime,
    seen_at: datetime,
    effort: Effort,
) -> bool:
    """Return the credential's bit, out of a list that its own issuer signed and that is current.

    Raises:
        NotFound: the list could not be had.
        _Untrusted, StatusFault, CorruptBitstring: it could, and does not tell.

    Spec: Bitstring Status List 1.0 §3.2 (validate algorithm)
    """
    try:
        listing = reading.read(text(found, entry.list_url))
    except Unreadable as error:
        raise _Untrusted(f"The status list cannot be read. {error}", code="status.unreadable") from error
    outcome = signatures.best(listing, found, at=seen_at, effort=effort)
    if not outcome.holds or outcome.issuer.result is not Result.PASSED:
        message = "The status list is not signed by the one who should have signed it."
        raise _Untrusted(message, code="status.bad-signature", wanted=outcome.wanted)
    if listing.issuer_id != presented.issuer_id:
        raise _Untrusted("The status list comes from another issuer.", code="status.other-issuer")
    if listing.document.get("id") != entry.list_url:
        raise _Untrusted("What was found is another list than the one named.", code="status.other-list")
    _require_current(listing.document, outcome.signature, at, seen_at)
    return bitstring.is_set(bitstring.bits_of(listing.document, entry), entry.index)


def _require_current(
    document: Mapping[str, object], signature: Signature | None, at: datetime, seen_at: datetime
) -> None:
    """Refuse a list that was current neither when it was found nor at the moment to judge by.

    Its signature may end before the list does, and may begin later.
    """
    try:
        starts, ends = (_moment(document.get(name)) for name in ("validFrom", "validUntil"))
    except ValueError as error:
        raise _Untrusted("The status list has a date that is none.", code="status.stale") from error
    if signature is not None:
        starts = max(filter(None, (starts, signature.begins)), default=None)
        ends = min(filter(None, (ends, signature.expires)), default=None)
    if not any(
        (starts is None or starts - moment <= SKEW) and (ends is None or moment - ends <= SKEW)
        for moment in (at, seen_at)
    ):
        day = f" It ended on {ends.astimezone(UTC):%-d %B %Y}." if ends is not None else ""
        raise _Untrusted(f"The status list that was found is not current.{day}", code="status.stale")


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    return parse_timestamp(value if isinstance(value, str) else "")
