# SPDX-License-Identifier: Apache-2.0
"""CBOR of strangers in its plain spelling: numbers, texts, bytes, lists and maps, and no tags inside.

The library that reads it makes regular expressions, mail messages, dates and long numbers of what is tagged
so, and a pattern of a few kilobytes takes seconds to prepare. So no tag reaches it.

Spec: RFC 8949 §3, §4.2.1
"""

from types import ModuleType
from typing import Any, Final

__all__ = ["NotPlain", "dumps", "loads"]

_BYTES, _TEXT, _TAG = 2, 3, 6
#: How many bytes follow the first one of an item, by its lower five bits.
_FOLLOWING: Final = {24: 1, 25: 2, 26: 4, 27: 8}


class NotPlain(ValueError):
    """The bytes are not CBOR, or have another spelling, or hold a tag."""


def loads(data: bytes, *, tag: int | None = None) -> Any:
    """Return what the bytes hold: one item, and nothing behind it.

    Args:
        data: bytes of strangers, of a length that the caller has bounded.
        tag: below 24; the item stands in this tag, which is not given back.

    Raises:
        NotPlain: no CBOR, another spelling than the plain one, a key twice, a tag other than the awaited.
    """
    if tag is not None:
        if data[:1] != bytes([_TAG << 5 | tag]):
            raise NotPlain(f"The CBOR does not begin with the tag {tag}.")
        data = data[1:]
    _require_untagged(data)
    cbor2 = _cbor2()
    try:
        value = cbor2.loads(data)
        # Written again it is the same, so there was nothing in it that readers could take differently.
        again = cbor2.dumps(value)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise NotPlain("The bytes are not CBOR.") from error
    if again != data:
        raise NotPlain("The bytes are not CBOR in its plain spelling.")
    return value


def dumps(value: object, *, tag: int | None = None) -> bytes:
    """Return a value in the spelling that `loads` takes; `tag` as there."""
    data: bytes = _cbor2().dumps(value)
    return data if tag is None else bytes([_TAG << 5 | tag]) + data


def _cbor2() -> ModuleType:
    """Return the library, which is loaded when it is needed: few ever meet CBOR."""
    import cbor2

    return cbor2


def _require_untagged(data: bytes) -> None:
    """Go from item to item, without a look at what they add up to."""
    place, end = 0, len(data)
    while place < end:
        kind, short = data[place] >> 5, data[place] & 31
        if kind == _TAG:
            raise NotPlain("The CBOR holds a tag where none belongs.")
        place += 1
        if short > 23:
            size = _FOLLOWING.get(short)
            if size is None:
                raise NotPlain("The CBOR holds something that does not say how long it is.")
            number = int.from_bytes(data[place : place + size])
            place += size
        else:
            number = short
        if kind in (_BYTES, _TEXT):
            place += number
