# SPDX-License-Identifier: Apache-2.0
"""What can still be wrong with a plain badge of which only some texts have changed.

`plain.is_plain` looks at a whole document. Where a document was plain and another one differs from it in
known texts alone, only what is asked of these texts has to be asked again. It is taken out of the same schema
and the same comparisons; a text of which more is asked than this module knows is left to `plain`.

Spec: OB 3.0 appendix B (data models)
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias
from unicodedata import category

from laurel.rules import open_badges_3, plain
from laurel.strictjson import dumps

Path: TypeAlias = tuple[str | int, ...]


class Ask(NamedTuple):
    """What is asked of a text: what tells whether it is so, and what matches only texts of which it is so.

    The expression matches no quote, and nothing with a backslash.
    """

    holds: Callable[[bytes], object]
    pattern: bytes | None


_Cell: TypeAlias = int | bytes

_STAMP: Final = len("2026-11-22T09:30:00Z")
_ORDERED: Final = (
    (("validFrom",), ("validUntil",)),
    (("credentialSubject", "activityStartDate"), ("credentialSubject", "activityEndDate")),
)
_SAYS_SOMETHING: Final = re.compile(rb"[!-\[\]-~]").search
_FILLED: Final = rb'[^"\\!#-\[\]-~]*+[!#-\[\]-~][^"\\]*+'
_NOT_EMPTY: Final = rb'[^"\\]++'
_KNOWN_KEYWORDS: Final = {"type", "pattern", "minLength", "enum", "const"}
_MOST_VALUES: Final = 1_000


class PlainTexts:
    """The texts of documents that are plain if these are, and what is asked of each.

    Texts are given as compact JSON writes them, without quotes.
    """

    def __init__(self, document: Mapping[str, Any], places: Sequence[Sequence[Path]]) -> None:
        """Take what is asked out of a plain document.

        Args:
            document: one that is plain.
            places: for each text that may change, every place where it stands.

        Raises:
            LookupError: more is asked of a text than can be asked of it alone.
        """
        number_of = {path: number for number, paths in enumerate(places) for path in paths}
        self._asked: list[tuple[int, Ask]] = []
        for path, number in number_of.items():
            self._asked += [(number, ask) for ask in _asked_of(document, path)]
        self._looks, self._all, self._others = _at_once(self._asked)
        self._ordered = [
            (first, last)
            for pair in _ORDERED
            if any(path in number_of for path in pair)
            for first, last in [[_cell(document, path, number_of) for path in pair]]
            if first != b"" and last != b""
        ]
        self._apart = list(_twins(document, (), number_of))

    def hold(self, texts: Sequence[bytes]) -> bool:
        """Tell whether a document with these texts is plain for sure; its ids are known to be different."""
        # One look at most of them together; if it is in doubt, each is asked.
        others = self._others if self._looks(b'"'.join(self._all(texts))) else self._asked
        for number, ask in others:
            if not ask.holds(texts[number]):
                return False
        for cells in self._ordered:
            first, last = [texts[cell] if isinstance(cell, int) else cell for cell in cells]
            # Texts of one length that end in Z sort as the moments do.
            if not (len(first) == len(last) == _STAMP and first.endswith(b"Z") and last.endswith(b"Z")):
                return False
            if first > last:
                return False
        return all(
            any(_text(one, texts) != _text(other, texts) for one, other in pairs) for pairs in self._apart
        )


def _at_once(
    asked: Sequence[tuple[int, Ask]],
) -> tuple[Callable[[bytes], object], Callable[[Sequence[bytes]], Sequence[bytes]], list[tuple[int, Ask]]]:
    """Return what asks of several texts in one go, what picks them, and what is left to be asked.

    The texts stand in a row with quotes between them, and no text that matches holds a quote.
    """
    patterns = {number: ask.pattern for number, ask in asked if ask.pattern is not None}
    others = [
        (number, ask) for number, ask in asked if ask.pattern is None or ask.pattern != patterns[number]
    ]
    expression = re.compile(b'"'.join(b"(?:%b)" % one for one in patterns.values()) + rb"\Z", re.DOTALL)
    pick: Callable[[Sequence[bytes]], Sequence[bytes]]
    if len(patterns) > 1:
        pick = itemgetter(*patterns)
    else:
        pick = lambda texts: [texts[number] for number in patterns]  # noqa: E731 - a getter of one gives no tuple
    return expression.match, pick, others


def _text(cell: _Cell, texts: Sequence[bytes]) -> bytes:
    return texts[cell] if isinstance(cell, int) else cell


def _cell(document: Any, path: Path, number_of: Mapping[Path, int]) -> _Cell:
    """Return the number of the text at a place, or the constant there; nothing, where there is none."""
    if path in number_of:
        return number_of[path]
    for step in path:
        document = document.get(step, "")
    return dumps(document)[1:-1]


def _asked_of(document: Mapping[str, Any], path: Path) -> Iterator[Ask]:
    """Yield what the schema and the scales ask of the text at a place. Raises: LookupError."""
    schema = _schema()
    defs: Mapping[str, Any] = schema["$defs"]
    asked: list[Mapping[str, Any]] = [schema]
    value: Any = document
    for step in path:
        value = value[step]
        asked = [more for one in asked for more in _below(one, step, defs)]
        asked = [one for one in asked if _is_for(one, value)]
    if not asked:
        raise LookupError(path)
    for one in asked:
        if not one.keys() <= _KNOWN_KEYWORDS:
            raise LookupError(path)
        yield from _keywords(one)
    if path[:2] == ("credentialSubject", "result") and path[-1] in ("value", "achievedLevel"):
        yield _on_scale(document, path)


@cache
def _schema() -> Mapping[str, Any]:
    return plain.schema()


def _below(one: Mapping[str, Any], step: str | int, defs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a schema asks of a member or an item, out of each of its alternatives."""
    found = [more for part in one.get("anyOf", ()) for more in _below(_named(part, defs), step, defs)]
    if isinstance(step, int):
        return found + ([_named(one["items"], defs)] if "items" in one else [])
    if step in one.get("properties", {}):
        found.append(_named(one["properties"][step], defs))
    return [more for each in found for more in _alternatives(each, defs)]


def _alternatives(one: Mapping[str, Any], defs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a choice between one and several as its parts; an object's own choice is part of the object."""
    if one.keys() == {"anyOf"}:
        return [more for part in one["anyOf"] for more in _alternatives(_named(part, defs), defs)]
    return [one]


def _named(one: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
    named: Mapping[str, Any] = defs[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
    return named


def _is_for(one: Mapping[str, Any], value: object) -> bool:
    """Tell whether a schema can be the one that a value is held against."""
    kinds: dict[type, str] = {dict: "object", list: "array", str: "string"}
    kind = kinds.get(type(value), "")
    return bool(one.get("type", kind) == kind)


def _keywords(one: Mapping[str, Any]) -> Iterator[Ask]:
    if "pattern" in one:
        if one["pattern"] == plain._FILLED["pattern"]:
            yield Ask(_is_filled, _FILLED)
        else:
            if not one["pattern"].startswith("^") or not one["pattern"].endswith("$"):
                raise LookupError(one["pattern"])
            inner = one["pattern"][1:-1].encode()
            # A dollar also stands before a line feed at the end, in Python's reading.
            yield Ask(re.compile(b"(?:%b)" % inner + rb"\Z").match, _unquoted(inner))
    if one.get("minLength", 0) > 1:
        raise LookupError(one["minLength"])
    if "minLength" in one:
        yield Ask(bool, _NOT_EMPTY)
    if "enum" in one or "const" in one:
        words = one["enum"] if "enum" in one else [one["const"]]
        if not all(isinstance(word, str) for word in words):
            raise LookupError(words)
        written = sorted({dumps(word)[1:-1] for word in words})
        yield Ask(frozenset(written).__contains__, _unquoted(b"|".join(map(re.escape, written))))


def _unquoted(pattern: bytes) -> bytes | None:
    """Return an expression if it is plain to see that it matches no quote, and nothing with a backslash."""
    classes = re.findall(rb"\[[^\]\\]*\]", pattern)
    if any(re.match(each, sign) for each in classes for sign in (b'"', b"\\")):
        return None
    bare = re.sub(rb"\[[^\]\\]*\]|\\[-.+/#]", b"", pattern)
    return None if re.search(rb'["\\.\[]', bare) else pattern


def _is_filled(text: bytes) -> bool:
    """Tell whether a text holds a letter, a number, a sign or a mark of punctuation."""
    if b"\\" in text:
        return False  # perhaps; it is not worth a closer look
    return bool(_SAYS_SOMETHING(text)) or any(category(letter)[0] in "LNPS" for letter in text.decode())


def _on_scale(document: Mapping[str, Any], path: Path) -> Ask:
    """Return what the scale of a result asks of its value or level. See `plain._results_fit`."""
    subject = document["credentialSubject"]
    result: Any = document
    for step in path[:-1]:
        result = result[step]
    scales = {scale["id"]: scale for scale in plain._several(subject["achievement"].get("resultDescription"))}
    scale = scales[result["resultDescription"]]
    if path[-1] == "achievedLevel":
        rungs = plain._several(scale.get("rubricCriterionLevel"))
        return Ask(frozenset(dumps(level["id"])[1:-1] for level in rungs).__contains__, None)
    known: dict[bytes, bool] = {}

    def is_on_scale(text: bytes) -> bool:
        found = known.get(text)
        if found is None:
            if len(known) >= _MOST_VALUES:
                known.clear()
            found = b"\\" not in text and open_badges_3._is_on_scale(text.decode(), scale)
            known[text] = found
        return found

    return Ask(is_on_scale, None)


def _twins(value: Any, path: Path, number_of: Mapping[Path, int]) -> Iterator[list[tuple[_Cell, _Cell]]]:
    """Yield where two objects in one array differ in texts only, for they must not come to be the same."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _twins(part, (*path, name), number_of)
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _twins(part, (*path, place), number_of)
        items = [(item, (*path, place)) for place, item in enumerate(value) if isinstance(item, dict)]
        for (one, first), (other, second) in combinations(items, 2):
            pairs = _differences(one, first, other, second, number_of)
            if pairs is not None:
                yield pairs


def _differences(
    one: Any, first: Path, other: Any, second: Path, number_of: Mapping[Path, int]
) -> list[tuple[_Cell, _Cell]] | None:
    """Return the texts by which two values may differ; None if they always do."""
    if first in number_of or second in number_of:
        if not isinstance(one, str) or not isinstance(other, str):
            return None
        cells = [
            number_of[path] if path in number_of else dumps(text)[1:-1]
            for text, path in ((one, first), (other, second))
        ]
        return [(cells[0], cells[1])]
    if isinstance(one, dict) and isinstance(other, dict):
        keys: Any = one.keys()
        if keys != other.keys():
            return None
    elif isinstance(one, list) and isinstance(other, list):
        keys = range(len(one))
        if len(one) != len(other):
            return None
    else:
        return [] if one == other and type(one) is type(other) else None
    found: list[tuple[_Cell, _Cell]] = []
    for key in keys:
        pairs = _differences(one[key], (*first, key), other[key], (*second, key), number_of)
        if pairs is None:
            return None
        found += pairs
    return found
