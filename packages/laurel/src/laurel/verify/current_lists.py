# SPDX-License-Identifier: Apache-2.0
"""Status lists that were held once: what a did:key signed is the same list as long as it is the same bytes.

Whose it is and what it says do not change with the moment; whether it is current is asked each time.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from laurel.errors import LaurelError
from laurel.status import bitstring
from laurel.status.entries import Entry
from laurel.verify import presented as reading
from laurel.verify import signatures, status_lists
from laurel.verify.known import State
from laurel.verify.material import Material
from laurel.verify.memory import Memory
from laurel.verify.report import Check, Result

MOST: Final = 3
_LARGEST: Final = 128 * 1024
# A did:key neither begins nor ends, so the moment does not matter to it.
ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
_NOTHING: Final = Memory()


class Held(NamedTuple):
    """A status list that its issuer signed: whose it is, from when to when it serves, and its bits."""

    issuer_id: str | None
    starts: datetime | None
    ends: datetime | None
    lifetime: timedelta | None
    bits: bytes
    remember: Memory


def check(
    states: Sequence[State],
    issuer_id: str,
    found: Mapping[str, Material],
    *,
    at: datetime,
    seen_at: datetime,
) -> Check | None:
    """Return the check of the status where every list says that all is well.

    None where `withdrawal.check` has to tell.
    """
    remember = _NOTHING
    if not states or len(states) > MOST:
        return None
    for state in states:
        material = found.get(state.list_url)
        listed = held(state, material)
        if listed is None or listed.issuer_id != issuer_id:
            return None
        try:
            status_lists.require_period(listed.starts, listed.ends, at, seen_at)
            if listed.lifetime is not None and material is not None:
                status_lists.require_fresh(material, listed.lifetime, seen_at)
            if bitstring.value_at(listed.bits, state.number, size=1):
                return None
        except LaurelError:
            return None
        remember = listed.remember if remember is _NOTHING else remember + listed.remember
    first = states[0]
    return Check(
        name="status",
        result=Result.PASSED,
        code="status.ok",
        message="The issuer has not withdrawn it.",
        detail={"list": first.list_url, "index": str(first.number), "purpose": first.purpose},
        remember=remember,
    )


def held(state: State, material: Material | None) -> Held | None:
    """Return what was found at the place of a list, if it was signed by a did:key and holds."""
    if not isinstance(material, bytes) or len(material) > _LARGEST:
        return None
    return _held(state.list_url, bytes(material), state.purpose)


@lru_cache(maxsize=64)
def _held(url: str, data: bytes, purpose: str) -> Held | None:
    try:
        listing = reading.read(data)
        outcome = signatures.best(listing, {}, at=ANY_TIME)
        signature = outcome.signature
        if (
            not outcome.holds
            or outcome.issuer.result is not Result.PASSED
            or signature is None
            or not signature.method.startswith("did:key:")
            or listing.document.get("id") != url
        ):
            return None
        starts, ends, begins = status_lists.period_of(listing.document, signature)
        entry = Entry(kind="BitstringStatusListEntry", purpose=purpose, list_url=url)
        bits = bitstring.bits_of(listing.document, entry)
    except LaurelError:
        return None
    lifetime = status_lists.lifetime_of(listing.document)
    remember = Memory({url: begins}) if begins else _NOTHING
    return Held(listing.issuer_id, starts, ends, lifetime, bits, remember)
