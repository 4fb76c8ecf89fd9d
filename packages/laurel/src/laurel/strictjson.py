# SPDX-License-Identifier: Apache-2.0
"""The gate every JSON text passes first: one reading only and a bounded size, or a refusal.

Standard parsers disagree on doubled keys, lone surrogates, huge numbers and NaN. A credential that two
readers understand differently is worth nothing, so whatever they could disagree on is refused here.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NoReturn

from laurel import fast
from laurel.errors import NotJson, TooLarge
from laurel.model.json_value import JsonValue as JsonValue

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "MAX_SAFE_INTEGER",
    "MAX_STRING",
    "JsonValue",
    "dumps",
    "loads",
]

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_NODES = 10_000
MAX_STRING = 64 * 1024
MAX_SAFE_INTEGER = 2**53 - 1

# A string as far as brackets and commas are concerned; whether it is well formed is the parser's business.
# Possessive, since a string never ends in two places: otherwise each backslash would be remembered.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_STRUCTURE = re.compile(rb"[\[\]{},]")
_SMALL_NUMBER = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|-?[0-9][0-9.]*+e-0[0-9]')
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_NOT_ZERO = re.compile(r"[1-9]")
_LONGEST_NUMBER = 400
_BLANKS = b" \t\r\n"
# What is written in lines, two blanks a level, and deeper than we read.
_TOO_DEEP = b"\n" + b"  " * MAX_DEPTH
_UNSURE: Final = object()


def loads(data: bytes | str, *, limit: int = MAX_BYTES, longest_string: int = MAX_STRING) -> JsonValue:
    """Return the one value that a JSON text holds.

    Size, depth and number of values are known before the parser sees the text, so that no input makes
    it recurse or grow without end.

    Args:
        data: the whole document; bytes are read as UTF-8 without a byte order mark.
        limit: the most bytes of UTF-8 to read, by default 256 KiB.
        longest_string: the most bytes of UTF-8 in one string or key, by default 64 KiB.

    Raises:
        NotJson: the text is no JSON (RFC 8259), is not UTF-8, doubles a key, escapes a lone surrogate, or
            holds a number that a double does not hold exactly as written.
        TooLarge: it is longer than `limit`, nests deeper than 32, holds more than 10,000 values, or a
            string is longer than `longest_string`.

    Spec: RFC 8259; RFC 7493 §2 (I-JSON).
    """
    value = _loads_at_once(data, min(limit, longest_string))
    if value is not _UNSURE:
        return value  # type: ignore[return-value]  # whatever JSON holds
    octets, text = _decoded(data, limit)
    _require_bounded(octets)
    try:
        read: JsonValue = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        if not text.strip():
            raise NotJson("The text is empty, so it is no JSON.") from error
        raise NotJson(
            f"The text is not JSON: {error.msg.removesuffix(' at')} at character {error.pos}."
        ) from error
    if len(octets) > longest_string or _SURROGATE_ESCAPE.search(octets):
        _require_plain_strings(read, longest_string)
    return read


def dumps(value: JsonValue) -> bytes:
    """Return compact JSON in UTF-8, keys in the order they have.

    Raises:
        ValueError: a number is not finite or a string holds a lone surrogate.
    """
    orjson = fast.orjson
    if orjson is not None:
        try:
            written: bytes = orjson.dumps(
                value,
                option=orjson.OPT_PASSTHROUGH_SUBCLASS
                | orjson.OPT_PASSTHROUGH_DATACLASS
                | orjson.OPT_PASSTHROUGH_DATETIME,
            )
        except TypeError:
            pass  # the standard library knows what is wrong, or that nothing is
        else:
            if b"null" not in written:  # so it writes what is not finite, too
                return written
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (_SMALL_NUMBER.sub(_short_exponent, text) if "e-0" in text else text).encode()


def _short_exponent(match: re.Match[str]) -> str:
    """Write 1e-07 as 1e-7, and 1e-05 without an exponent, as ECMAScript begins to do only there."""
    number = match[0]
    if number.startswith('"'):
        return number
    mantissa, exponent = number.split("e-0")
    if exponent != "5":
        return f"{mantissa}e-{exponent}"
    sign, digits = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    return f"{sign}0.0000{digits.replace('.', '')}"


def _loads_at_once(data: bytes | str, longest: int) -> object:
    """Return the value of a text that is spelled as it would be written, or `_UNSURE`.

    What is read and written again gives the same bytes, white space aside, only if nothing got lost on the
    way: no key was doubled, no number was rounded or spelled in another way, no escape hid anything. Then
    there is one reading only, and whatever the long way looks at one by one cannot be there.
    """
    orjson = fast.orjson
    if orjson is None or len(data) > longest:
        return _UNSURE
    try:
        octets = data.encode() if isinstance(data, str) else bytes(data)
        if len(octets) > longest:
            return _UNSURE
        if (
            len(octets) >= MAX_NODES
            and 1 + sum(octets.count(sign) for sign in (b",", b"[", b"{")) > MAX_NODES
        ):
            return _UNSURE
        value: object = orjson.loads(octets)
        written = orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER)
        if octets != written:
            bare = octets.translate(None, _BLANKS)
            if b"\\u" in octets:
                written = json.dumps(value, separators=(",", ":")).encode()
            if bare != written.translate(None, _BLANKS):
                return _UNSURE
        in_lines = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    except (ValueError, TypeError):  # not JSON, half a character, a number too large, too deep to write
        return _UNSURE
    return _UNSURE if _TOO_DEEP in in_lines else value


def _decoded(data: bytes | str, limit: int) -> tuple[bytes, str]:
    """Return the document as bytes and as text, refusing what is not strict UTF-8."""
    if len(data) > limit:
        raise TooLarge(f"The document is larger than {limit:,} bytes.")
    try:
        octets = data.encode() if isinstance(data, str) else bytes(data)
        text = data if isinstance(data, str) else octets.decode()
    except UnicodeError as error:
        raise NotJson("The document is not UTF-8 text.") from error
    if len(octets) > limit:
        raise TooLarge(f"The document is larger than {limit:,} bytes.")
    if text.startswith("\ufeff"):
        raise NotJson("The document starts with a byte order mark, which JSON does not have.")
    return octets, text


def _require_bounded(octets: bytes) -> None:
    """Refuse deep or wide text by its brackets and commas alone, in one linear pass."""
    depth = 0
    values = 1
    for token in _STRUCTURE.findall(_STRING.sub(b"", octets)):
        if token in b"]}":
            depth -= 1
            continue
        # Every value but the outermost follows an opening bracket or a comma.
        values += 1
        if values > MAX_NODES:
            raise TooLarge(f"The document holds more than {MAX_NODES:,} values.")
        if token != b",":
            depth += 1
            if depth > MAX_DEPTH:
                raise TooLarge(f"The document nests deeper than {MAX_DEPTH} levels.")


def _require_plain_strings(value: JsonValue, longest: int) -> None:
    for text in _strings(value):
        try:
            octets = text.encode()
        except UnicodeEncodeError as error:
            raise NotJson("A string holds half of a surrogate pair, which is no character.") from error
        if len(octets) > longest:
            raise TooLarge(f"A string is longer than {longest:,} bytes.")


def _strings(value: JsonValue) -> Iterator[str]:
    """Give every string and key; depth is bounded already."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _strings(item)
        case dict():
            yield from value
            for item in value.values():
                yield from _strings(item)


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        doubled = next(key for key, count in counts.items() if count > 1)
        raise NotJson(f"The key {json.dumps(doubled)} stands twice in one object.")
    return found


def _integer(text: str) -> int:
    # Length first: turning a million digits into a number takes longer than it is worth.
    if len(text) > 17 or abs(number := int(text)) > MAX_SAFE_INTEGER:
        raise NotJson("A whole number is larger than 9007199254740991, so readers would disagree on it.")
    return number


def _fraction(text: str) -> float:
    """Return the double that a decimal means, if the double means the same decimal in turn."""
    if len(text) > _LONGEST_NUMBER:
        raise NotJson("A number has more digits than readers agree on.")
    number = float(text)
    mantissa = re.split("[eE]", text)[0]
    if not math.isfinite(number) or (number == 0 and _NOT_ZERO.search(mantissa)):
        raise NotJson(f"The number {text[:40]} is too large or too small for readers to agree on.")
    if number and Decimal(text) != Decimal(repr(number)):
        raise NotJson(f"The number {text[:40]} has more digits than readers agree on.")
    return number


def _constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is not a JSON value.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
