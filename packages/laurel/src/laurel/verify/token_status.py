# SPDX-License-Identifier: Apache-2.0
"""Has the issuer of an SD-JWT VC withdrawn it or put it on hold? The Status List Token it names can tell."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from laurel.errors import CorruptBitstring, LaurelError, Unreadable
from laurel.proof import jose
from laurel.proof.jwt import key_of
from laurel.status import token
from laurel.status.faults import StatusFault
from laurel.verify import signatures
from laurel.verify.material import Material, NotFound, text
from laurel.verify.memory import Memory
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Result, not_checked
from laurel.verify.status_lists import (
    Untrusted,
    require_fresh,
    require_known_key,
    require_no_older,
    require_period,
    still_wanted,
)

_SAID: Final = {
    token.VALID: (Result.PASSED, "status.ok", "The issuer has not withdrawn it."),
    token.INVALID: (Result.FAILED, "status.withdrawn", "The issuer has withdrawn it."),
    token.SUSPENDED: (
        Result.FAILED,
        "status.on-hold",
        "The issuer has put it on hold. This can be temporary.",
    ),
}


def needs(
    presented: Presented, found: Mapping[str, Material], *, at: datetime, seen_at: datetime
) -> list[str | None]:
    """Return the URLs that the status hangs on: the list, and then the keys of whoever signed it."""
    try:
        entry = token.entry(presented.document)
    except StatusFault:
        return []
    if entry is None:
        return []
    return [
        entry.uri,
        *still_wanted(lambda: _value(entry, presented, found, at, seen_at, Memory())),
    ]


def check(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    seen_at: datetime,
    memory: Memory | None = None,
) -> Check:
    """Tell whether the credential is withdrawn or on hold, as far as its list can be believed.

    Args:
        memory: what earlier checks have seen; an older copy of a list is refused.

    Spec: SD-JWT VC §2.4; Token Status List §8.3 (validation rules)
    """
    try:
        entry = token.entry(presented.document)
    except StatusFault as fault:
        return not_checked("status", str(fault), code=fault.code)
    if entry is None:
        message = "It names no status list, so nobody could tell if it were withdrawn."
        return not_checked("status", message, code="status.none", required=False)
    detail = {"list": entry.uri, "index": str(entry.index)}
    remember = Memory()
    try:
        value, remember = _value(entry, presented, found, at, seen_at, memory or Memory())
    except NotFound as error:
        message = f"It could not be looked up whether it has been withdrawn. {error}"
        detail |= {"host": error.host}
        result, code = Result.NOT_CHECKED, "status.unreachable"
    except (Untrusted, StatusFault, CorruptBitstring) as error:
        result, code, message = Result.NOT_CHECKED, error.code, str(error)
    else:
        detail |= {"value": f"0x{value:x}"}
        unknown = "The issuer has marked it, and we do not know what the mark means."
        result, code, message = _SAID.get(value, (Result.LOOK_CLOSER, "status.unknown-purpose", unknown))
    return Check(name="status", result=result, code=code, message=message, detail=detail, remember=remember)


def _value(
    entry: token.TokenEntry,
    presented: Presented,
    found: Mapping[str, Material],
    at: datetime,
    seen_at: datetime,
    memory: Memory,
) -> tuple[int, Memory]:
    """Return what the list says, if the credential's own issuer signed it and it is current.

    With it comes what to remember: when the list begins, and the key behind it.

    Raises:
        NotFound: the list could not be had.
        Untrusted, StatusFault, CorruptBitstring: it could, and does not tell.
    """
    material = text(found, entry.uri)
    try:
        listing = token.read(material.decode("ascii").strip())
        kid, _ = key_of(listing.jws.header)
    except StatusFault:
        raise
    except (UnicodeDecodeError, Unreadable, LaurelError) as error:
        raise Untrusted(f"The status list cannot be read. {error}", code="status.unreadable") from error
    if listing.issuer is not None and listing.issuer != presented.issuer_id:
        raise Untrusted("The status list comes from another issuer.", code="status.other-issuer")
    outcome = signatures.of_issuer(
        presented.issuer_id, kid, lambda key: jose.verify(listing.jws, key), found, at=max(at, seen_at)
    )
    if not outcome.holds or outcome.issuer.result is not Result.PASSED:
        message = "The status list is not signed by the one who should have signed it."
        raise Untrusted(message, code="status.bad-signature", wanted=outcome.wanted)
    require_period(listing.issued_at, listing.expires, at, seen_at)
    require_fresh(material, listing.ttl, seen_at)
    require_no_older(entry.uri, listing.issued_at, memory)
    require_known_key(presented.issuer_id, outcome.issuer.remember, memory)
    seen = Memory({entry.uri: listing.issued_at}) + outcome.issuer.remember
    return token.status_of(listing, entry), seen
