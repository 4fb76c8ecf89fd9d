# SPDX-License-Identifier: Apache-2.0
"""The signature of a status list, held sooner: lists of one kind differ in few texts, whoever signs them.

A kind is learned from a list that held the whole way. As with badges, all but those texts is compared byte
for byte, one use in so many is held against the general path, and whatever is not sure is a `Fallback`.
"""

import threading
from collections.abc import Mapping
from typing import Any, Final

from laurel import tiers
from laurel.errors import LaurelError
from laurel.jsonld import contexts, holes, template
from laurel.jsonld.effort import DEFAULT
from laurel.jsonld.frames import FRAMES
from laurel.jsonld.holes import Hole
from laurel.jsonld.template import Template
from laurel.proof import canonical_json
from laurel.strictjson import JsonValue, dumps
from laurel.tiers import Fallback
from laurel.verify import opening, own_keys
from laurel.verify.material import Material
from laurel.verify.opening import Signed
from laurel.verify.own_keys import OwnKey
from laurel.verify.presented import Presented

#: Each is learned once; a list of one more kind is held the whole way.
MOST_KINDS: Final = 32
_LONGEST_CONTEXTS: Final = 1024
_MEMBERS: Final = frozenset(
    {"@context", "id", "type", "issuer", "name", "validFrom", "validUntil", "credentialSubject"}
)
_OF_SUBJECT: Final = frozenset({"id", "type", "statusPurpose", "encodedList", "ttl"})
_ISSUER: Final = Hole("mention", (("issuer",),))
_lock: Final = threading.Lock()
_templates: Final[dict[tuple[object, ...], Template | None]] = {}


def signed(listing: Presented, found: Mapping[str, Material]) -> tuple[OwnKey, Signed]:
    """Hold the proof of a status list against the key of its issuer.

    Args:
        found: as for `own_keys.find`.

    Raises:
        Fallback: it does not hold, or anything is not as plain as this takes it.
    """
    if listing.jwt is not None or listing.sd_jwt is not None or listing.fault is not None:
        raise Fallback("not plain")
    if not tiers.is_on("template"):
        raise Fallback("not plain")
    claims = listing.claims
    proof: Any = listing.document.get("proof")
    method = opening.method_of(proof, claims)
    own = own_keys.find(method, claims.get("issuer"), found)
    listed = _contexts(claims)
    return own, opening.held(proof, own, listed, lambda: _canonical(proof["cryptosuite"], claims))


def learn(listing: Presented) -> None:
    """Learn the kind of a status list whose signature holds."""
    claims = listing.claims
    try:
        kind = _kind(claims)
    except Fallback:
        return
    if kind in _templates or len(_templates) >= MOST_KINDS:
        return
    made: Template | None
    try:
        made = template.learn(claims, (*holes.find(claims), _ISSUER))
    except (Fallback, LaurelError):
        made = None
    with _lock:
        _templates[kind] = made


def _canonical(suite: str, claims: Mapping[str, JsonValue]) -> tuple[bytes, int]:
    """Return the canonical form of the claims, and what it costs. Raises: Fallback, LaurelError."""
    if opening.is_of_json(suite):
        return canonical_json.canonical_document(claims, {}, contexts.context), 0
    kind = _kind(claims)
    made = _templates.get(kind)
    if made is None or 2 * made.cost > DEFAULT:
        raise Fallback("not seen before")
    texts = made.texts(claims, dumps(dict(claims)))
    if texts is None:
        raise Fallback("another frame")
    made.require_fit(texts)
    filled = made.fill(texts)
    proved = FRAMES.proved(made, claims, filled)
    if proved != filled:
        with _lock:
            _templates[kind] = None
    return proved, made.cost


def _kind(claims: Mapping[str, JsonValue]) -> tuple[object, ...]:
    """Return what is quick to see of a list's frame. Raises: Fallback."""
    subject = claims.get("credentialSubject")
    if not isinstance(subject, dict) or not isinstance(claims.get("issuer"), str):
        raise Fallback("not plain")
    if not claims.keys() <= _MEMBERS or not subject.keys() <= _OF_SUBJECT:
        raise Fallback("not plain")
    purpose, ttl = subject.get("statusPurpose"), subject.get("ttl")
    if not isinstance(purpose, str) or not isinstance(ttl, int | None):
        raise Fallback("not plain")
    return _contexts(claims), purpose, ttl, *claims, *subject


def _contexts(claims: Mapping[str, JsonValue]) -> bytes:
    """Return the contexts of a document as JSON. Raises: Fallback."""
    written = dumps(claims.get("@context"))
    if len(written) > _LONGEST_CONTEXTS:
        raise Fallback("not plain")
    return written
