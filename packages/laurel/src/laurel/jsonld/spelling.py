# SPDX-License-Identifier: Apache-2.0
"""JSON of a known frame: constants and texts that take turns, written and read without a parser.

Spec: RFC 8259 §7 (strings)
"""

import json
import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, Protocol

from laurel import fast, strictjson
from laurel.jsonld.weave import Line

# What JSON forbids inside a text unless it is escaped.
_CONTROLS: Final = bytes(range(0x20))
# A text as JSON writes it, from behind its first quote up to the next one that has no backslash before it.
_INNER: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


class Spelling(Protocol):
    """A document with holes, as one writer of JSON spells it. In C where that was built."""

    def join(self, texts: list[bytes], /) -> bytes:
        """Return the document with these texts, which are as JSON writes them, without quotes."""
        ...

    def split(self, written: bytes, /) -> tuple[list[bytes], bool] | None:
        """Return the texts of a document, or None if it is another one.

        A text ends at the first quote that no backslash escapes. True says that each is a text of JSON for
        sure, and spelled as we do: UTF-8 without a control character and without a backslash.
        """
        ...


class PlainSpelling:
    """The same in Python."""

    def __init__(self, pieces: tuple[bytes | int, ...], texts: int) -> None:
        """Take constants and numbers of texts in turns; there are so many different texts.

        Behind each text stands the quote that ends it.
        """
        constants: Any = pieces[::2]
        numbers: Any = pieces[1::2]
        self._texts = texts
        self._constants, self._first = constants, constants[0]
        self._steps = [
            (len(constant), number) for constant, number in zip(constants[:-1], numbers, strict=True)
        ]
        places = [number if place % 2 else texts + place // 2 for place, number in enumerate(pieces)]
        # With two numbers at least it gets a tuple; nothing, once more at the end, changes nothing.
        self._run: Callable[[Sequence[bytes]], tuple[bytes, ...]] = itemgetter(
            *places, texts + len(constants)
        )

    def join(self, texts: list[bytes], /) -> bytes:
        """Return the document with these texts."""
        return b"".join(self._run([*texts, *self._constants, b""]))

    def split(self, written: bytes, /) -> tuple[list[bytes], bool] | None:
        """Return the texts of a document, and whether they are spelled as we do, or None."""
        if not written.startswith(self._first):
            return None
        texts = [b""] * self._texts
        has_escapes = b"\\" in written
        place, find = 0, written.find
        for length, number in self._steps:
            place += length
            last = find(b'"', place)
            if has_escapes and last > 0 and written[last - 1] == 0x5C:
                last = _INNER.match(written, place).end()  # type: ignore[union-attr]  # it may be empty
            texts[number] = written[place:last]
            place = last
        # Whatever was taken for a text: only these make this document.
        if self.join(texts) != written:
            return None
        every = b'"'.join(texts)
        try:
            every.isascii() or every.decode()
        except UnicodeDecodeError:
            return None
        return texts, b"\\" not in every and len(every.translate(None, _CONTROLS)) == len(every)


def spelling(line: Line, texts: int) -> Spelling:
    """Return what writes and reads a line that `weave.split` gave, with so many different texts."""
    make: Callable[[tuple[bytes | int, ...], int], Spelling] = (
        PlainSpelling if fast.native is None else fast.native.Line
    )
    return make(tuple(line), texts)


def read_back(texts: Sequence[bytes]) -> list[bytes] | None:
    """Return strings of JSON, without their quotes, as we write them; None if one is no string."""
    parse = json.loads if fast.orjson is None else fast.orjson.loads
    try:
        return inner_texts(parse(b'["' + b'","'.join(texts) + b'"]'))
    except ValueError:
        return None


def inner_texts(values: Sequence[object]) -> list[bytes] | None:
    """Return texts as JSON writes them, without the quotes; None if one is no text."""
    if set(map(type, values)) != {str}:
        return None
    try:
        written = strictjson.dumps(list(values))  # type: ignore[arg-type]  # texts, as was just seen
    except ValueError:
        return None  # half of a surrogate pair
    # Inside a text a quote has a backslash before it, so these three bytes stand between two texts only.
    return written[2:-2].split(b'","')
