# SPDX-License-Identifier: Apache-2.0
"""Status lists that were held once: what an issuer signed is the same list as long as it is the same bytes.

Whose it is and what it says do not change with the moment, nor does the key, see `own_keys`; whether the list
is current is asked each time.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from laurel.errors import LaurelError
from laurel.jsonld.effort import DEFAULT, Effort
from laurel.status import bitstring
from laurel.status.entries import Entry
from laurel.tiers import Fallback
from laurel.verify import presented as reading
from laurel.verify import quick_lists, report, signatures, status_lists
from laurel.verify.known import State
from laurel.verify.material import Kept, Material
from laurel.verify.memory import NOTHING, Memory
from laurel.verify.opening import Signed
from laurel.verify.own_keys import ANY_TIME, Listing, OwnKey
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Result
from laurel.verify.signatures import Signature

MOST: Final = 3
_LARGEST: Final = 128 * 1024
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_Signed: TypeAlias = tuple[Signed | Signature, Memory, int]
_WHOSE: Final = ("did:key:", "did:jwk:", "did:web:")


class Held(NamedTuple):
    """A status list that its issuer signed: whose it is, from when to when it serves, and its bits.

    `earliest` and `latest` allow for clocks that differ; `cost` is what the whole way takes from a budget.
    """

    issuer_id: str | None
    starts: datetime | None
    ends: datetime | None
    earliest: datetime
    latest: datetime
    lifetime: timedelta | None
    bits: bytes
    remember: Memory
    cost: int


def check(
    states: Sequence[State],
    own: OwnKey,
    found: Mapping[str, Material],
    *,
    at: datetime,
    seen_at: datetime,
) -> Check | None:
    """Return the check of the status where every list says that all is well.

    None where `withdrawal.check` has to tell.

    Args:
        own: the key of the credential's issuer.
    """
    remember = NOTHING
    if not states or len(states) > MOST:
        return None
    for state in states:
        material = found.get(state.list_url)
        listed = held(state, material, own)
        if listed is None or listed.issuer_id != own.issuer_id:
            return None
        try:
            if not listed.earliest <= at <= listed.latest:
                status_lists.require_period(listed.starts, listed.ends, at, seen_at)
            if listed.lifetime is not None and isinstance(material, Kept):
                status_lists.require_fresh(material, listed.lifetime, seen_at)
            if bitstring.value_at(listed.bits, state.number, size=1):
                return None
        except LaurelError:
            return None
        remember = listed.remember if remember is NOTHING else remember + listed.remember
    first = states[0]
    detail = {"list": first.list_url, "index": str(first.number), "purpose": first.purpose}
    return report.passed("status", "status.ok", "The issuer has not withdrawn it.", detail, remember)


def held(state: State, material: Material | None, own: OwnKey) -> Held | None:
    """Return what was found at the place of a list, if it holds by a key that its issuer is or publishes.

    The published keys are those of the credential's own issuer; a list of another one's is left to others.
    """
    if not isinstance(material, bytes) or len(material) > _LARGEST:
        return None
    return _held(state.list_url, bytes(material), state.purpose, own.listing)


@lru_cache(maxsize=64)
def _held(url: str, data: bytes, purpose: str, keys: Listing | None) -> Held | None:
    try:
        listing = reading.read(data)
        found: dict[str, Material] = {} if keys is None else {keys.url: keys.data}
        if listing.document.get("id") != url:
            return None
        signed = _signed(listing, found)
        if signed is None:
            return None
        signature, used, cost = signed
        starts, ends, begins = status_lists.period_of(listing.document, signature)
        entry = Entry(kind="BitstringStatusListEntry", purpose=purpose, list_url=url)
        bits = bitstring.bits_of(listing.document, entry)
        earliest = _FIRST if starts is None else starts - status_lists.SKEW
        latest = _LAST if ends is None else ends + status_lists.SKEW
    except (LaurelError, OverflowError):
        return None
    lifetime = status_lists.lifetime_of(listing.document)
    remember = (Memory({url: begins}) if begins else NOTHING) + used
    return Held(listing.issuer_id, starts, ends, earliest, latest, lifetime, bits, remember, cost)


def _signed(listing: Presented, found: Mapping[str, Material]) -> _Signed | None:
    """Return the signature by which a list holds for sure, the key to remember with it, and what it costs."""
    try:
        own, signed = quick_lists.signed(listing, found)
    except Fallback:
        effort = Effort()
        outcome = signatures.best(listing, found, at=ANY_TIME, effort=effort)
    else:
        return signed, own.check.remember, signed.cost
    signature = outcome.signature
    if (
        not outcome.holds
        or outcome.issuer.result is not Result.PASSED
        or signature is None
        or not signature.method.startswith(_WHOSE)
    ):
        return None
    if signature.contexts is None:
        quick_lists.learn(listing)
    return signature, outcome.issuer.remember, DEFAULT - effort.left
