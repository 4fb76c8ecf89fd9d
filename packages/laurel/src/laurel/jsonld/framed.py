# SPDX-License-Identifier: Apache-2.0
"""JSON of a known frame, read at once: what else stands in it, and that there is one reading of it only.

A frame was learned from a document that had passed the strict gate. What is that frame byte for byte but for
its texts, and goes on with a few members as they would be written, has passed it as well.
"""

import re
import threading
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from laurel import fast, tiers
from laurel.jsonld.frames import FRAMES, Match
from laurel.jsonld.template import Template
from laurel.strictjson import MAX_NODES, MAX_STRING
from laurel.tiers import Fallback

_LONGEST_REST: Final = 4096
_KEY: Final = re.compile(rb'"([^"\\]*)":')
_lock: Final = threading.Lock()
_keys: Final[WeakKeyDictionary[Template, frozenset[str]]] = WeakKeyDictionary()


class Framed(NamedTuple):
    """A JSON object, and the frame of it without the members that stand last."""

    value: dict[str, Any]
    match: Match


def read(text: bytes, first: bytes) -> Framed | None:
    """Return a JSON object that is a document of a known frame and then some more members, perhaps none.

    None says nothing: then `strictjson.loads` tells.

    Args:
        first: the key of the first of those members, as `"proof"`.

    Spec: RFC 7493 §2 (I-JSON)
    """
    orjson = fast.orjson
    if orjson is None or len(text) > MAX_STRING or not tiers.is_on("template"):
        return None
    cut = text.rfind(b"," + first + b":")
    # A key with a backslash could be one of the frame's in another spelling.
    if cut >= 0 and (len(text) - cut > _LONGEST_REST + 2 or b"\\" in text[cut:]):
        return None
    if len(text) >= MAX_NODES and 1 + sum(text.count(sign) for sign in (b",", b"[", b"{")) > MAX_NODES:
        return None
    try:
        if cut < 0:
            match = FRAMES.find_in(text)
            return Framed(orjson.loads(text), match)
        match = FRAMES.find_in(text[:cut] + b"}")
        rest = b"{" + text[cut + 1 :]
        more = orjson.loads(rest)
        # No key stands twice, no number is spelled otherwise, and nothing nests.
        if orjson.dumps(more, option=orjson.OPT_STRICT_INTEGER) != rest or not _is_flat(rest):
            return None
        if not _keys_of(match).isdisjoint(more):
            return None
        value: dict[str, Any] = orjson.loads(text)
    except (Fallback, ValueError, TypeError):
        return None
    return Framed(value, match)


def _keys_of(match: Match) -> frozenset[str]:
    """Return every key that stands anywhere in a frame. Inside a text no quote stands without a backslash."""
    found = _keys.get(match.template)
    if found is None:
        found = frozenset(key.decode() for key in _KEY.findall(match.written))
        with _lock:
            _keys[match.template] = found
    return found


def _is_flat(rest: bytes) -> bool:
    """Tell whether members hold no more than one object or list inside another few."""
    return rest.count(b"{") + rest.count(b"[") <= 8
