# SPDX-License-Identifier: Apache-2.0
"""The key that speaks for an issuer, where that is plain to see and the same at every moment.

A did:key and a did:jwk are their key. A did:web publishes its keys: what was found at its address decides, as
long as it is the same bytes, and as long as no key in it ends. Whatever else there is, is a `Fallback`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from laurel import did
from laurel.errors import LaurelError
from laurel.proof.keys import VerifyingKey
from laurel.tiers import Fallback
from laurel.verify import signatures
from laurel.verify.material import Material, document
from laurel.verify.report import Check

LONGEST_METHOD: Final = 500
LARGEST_LISTING: Final = 16 * 1024
#: Keys without an end are the same at any moment; this one stands for all.
ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
#: What ends a key, and the sign by which JSON spells a letter otherwise.
_ENDS: Final = (b"revoked", b"expires", b"\\")


class Listing(NamedTuple):
    """The document of a did:web: where it was found, and its bytes."""

    url: str
    data: bytes


class OwnKey(NamedTuple):
    """The key of an issuer, what the check of the issuer says of it, and the document that it comes from.

    `listing` is None where the issuer's id is the key.
    """

    issuer_id: str
    key: VerifyingKey
    check: Check
    listing: Listing | None


def find(method: str, issuer_id: object, found: Mapping[str, Material]) -> OwnKey:
    """Return the key of an issuer that a signature names.

    Args:
        method: the URL of the key, as the signature has it.
        issuer_id: whom the credential names as its issuer.
        found: what was found, perhaps with the issuer's DID document.

    Raises:
        Fallback: it may be no key of the issuer's own, or not at every moment.
    """
    own = None
    if len(method) <= LONGEST_METHOD:
        own = _published(method, found) if method.startswith("did:web:") else _held(method)
    if own is None or own.issuer_id != issuer_id:
        raise Fallback("another key than the issuer's own, for all we know")
    return own


def is_current(own: OwnKey, found: Mapping[str, Material]) -> bool:
    """Tell whether a key that was found earlier is what is found now."""
    return own.listing is None or found.get(own.listing.url) == own.listing.data


def _published(method: str, found: Mapping[str, Material]) -> OwnKey | None:
    url = _address(method.partition("#")[0])
    listing = None if url is None else found.get(url)
    if url is None or not isinstance(listing, bytes) or len(listing) > LARGEST_LISTING:
        return None
    return _listed(method, url, bytes(listing))


@lru_cache(maxsize=1024)
def _address(controller: str) -> str | None:
    try:
        return did.resolve_url(controller)
    except LaurelError:
        return None


@lru_cache(maxsize=256)
def _listed(method: str, url: str, listing: bytes) -> OwnKey | None:
    controller, _, fragment = method.partition("#")
    if not fragment or any(end in listing for end in _ENDS):
        return None
    try:
        key = did.key_for(document({url: listing}, url), method, at=ANY_TIME)
    except LaurelError:
        return None
    return OwnKey(controller, key, _check(controller, key), Listing(url, listing))


@lru_cache(maxsize=1024)
def _held(method: str) -> OwnKey | None:
    controller, _, fragment = method.partition("#")
    try:
        if controller == f"did:key:{fragment}":
            # The document of a did:key lists this one method, and nothing else is in it.
            key = VerifyingKey.from_multikey(fragment, id=method)
        elif controller.startswith("did:jwk:") and fragment:
            key = did.key_for(did.document(controller), method, at=ANY_TIME)
        else:
            return None
    except LaurelError:
        return None
    return OwnKey(controller, key, _check(controller, key), None)


def _check(controller: str, key: VerifyingKey) -> Check:
    return signatures._remembering(signatures._binding(controller, controller), controller, key)
