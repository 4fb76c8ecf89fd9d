# SPDX-License-Identifier: Apache-2.0
"""JSON of a known frame, read at once: what else stands in it, and that there is one reading of it only.

A frame was learned from a document that had passed the strict gate. What is that frame byte for byte but for
its texts, and goes on with a few members as they would be written, has passed it as well.
"""

from typing import Any, Final, NamedTuple

from laurel import fast, tiers
from laurel.jsonld.frames import FRAMES, Match
from laurel.strictjson import MAX_NODES, MAX_STRING
from laurel.tiers import Fallback

_LONGEST_REST: Final = 4096


class Framed(NamedTuple):
    """A JSON object, and the frame of it without the members that stand last."""

    value: dict[str, Any]
    match: Match


def read(text: bytes, first: bytes) -> Framed | None:
    """Return a JSON object that is a document of a known frame and then some more members, perhaps none.

    None says nothing: then `strictjson.loads` tells.

    Args:
        first: the key of the first of those members, as `"proof"`.
    """
    orjson = fast.orjson
    if orjson is None or len(text) > MAX_STRING or not tiers.is_on("template"):
        return None
    cut = text.rfind(b"," + first + b":")
    if len(text) - cut > _LONGEST_REST + 2 and cut >= 0:
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
        if any(b'"%b":' % name.encode() in match.written for name in more):
            return None
        value: dict[str, Any] = orjson.loads(text)
    except (Fallback, ValueError, TypeError):
        return None
    return Framed(value, match)


def _is_flat(rest: bytes) -> bool:
    """Tell whether members hold no more than one object or list inside another few."""
    return rest.count(b"{") + rest.count(b"[") <= 8
