# SPDX-License-Identifier: Apache-2.0
"""The strict compiled mapper: from a document to its canonical N-Quads in one walk over prepared tables.

It gives the bytes of `mapper.to_quads` and `rdfc.canonicalize`, or a `Fallback` to them. It takes trees only:
an object is described in one place, and a blank node is mentioned once. So the first-degree hash of a blank
node is known as soon as its own lines are, and no two lines are the same. What recurs whole, an achievement
or an issuer, is kept finished under its exact text.

Spec: RDFC-1.0 §4.4-4.6; JSON-LD 1.1 API §5.1 (expansion), §7.1 (to RDF).
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

from laurel.errors import DataLoss
from laurel.jsonld.effort import CONTEXT, Effort
from laurel.jsonld.meanings import absolute_iri, language_literal, scalar
from laurel.jsonld.rdf import RDF_FIRST, RDF_NIL, RDF_REST, escape, needs_escape
from laurel.jsonld.rdfc import HashName
from laurel.jsonld.tables import IRI, LIST, TEXT, TYPE, USUAL, Place, Plan, Tables
from laurel.strictjson import JsonValue
from laurel.tiers import Fallback

try:
    from orjson import dumps
except ImportError:  # an optional part: without it nothing is kept from one document to the next
    _exact_text: Callable[[Any], bytes] | None = None
else:
    _exact_text = dumps

#: Of each predicate with blank nodes: where its lines begin among the others, the predicate, their hashes.
_Slots: TypeAlias = list[tuple[int, str, list[bytes]]]

_MOST_DEPTH: Final = 30
_FORBIDDEN_IN_IRI: Final = bytes(range(0x21)) + b'<>"{}|\\^`\x7f'
_VEILED: Final = "_:a "
_FIRST: Final = f"{RDF_FIRST} "
_REST: Final = f"{RDF_REST} "
_LAST_CELL: Final = f"{RDF_REST} {RDF_NIL} .\n"

_tables = Tables()


def canonize(
    document: Mapping[str, JsonValue], *, hash_name: HashName = "sha256", effort: Effort | None = None
) -> bytes:
    """Return the canonical N-Quads of a document under the vendored contexts, as the general path would.

    The effort is charged as the general path charges it.

    Raises:
        Fallback: the general path refuses the document, or could see more in it than this one does.
    """
    global _tables
    if type(document) is not dict:
        raise Fallback("a document that is no plain object")
    if _tables.is_full():
        _tables = Tables()
    tables, budget = _tables, effort or Effort()
    place = tables.root(document.get("@context"))
    walk = _Walk(tables, hash_name, _has_escapes(_text_of(document)))
    try:
        walk.node(document, place, "", 0)
        walk.check_iris()
        written = walk.written()
    except (DataLoss, UnicodeEncodeError) as error:
        raise Fallback("a value that is lost or not as usual") from error
    # A list cell costs nothing, and makes two lines.
    charge = written.count(b"\n") - 2 * walk.cells + CONTEXT * walk.steps.bit_count()
    if charge > budget.left:
        raise Fallback("more work than the budget allows")
    budget.spend(charge)
    return written


def _text_of(value: JsonValue) -> bytes | None:
    """Return the exact JSON text of a value; none without orjson."""
    if _exact_text is None:
        return None
    try:
        return _exact_text(value)
    except TypeError as error:
        # Half a surrogate pair, a number beyond 64 bits, or what is no JSON at all.
        raise Fallback("a value that JSON does not hold exactly") from error


def _has_escapes(text: bytes | None) -> bool:
    """Tell whether a text in a document may need escapes: in JSON all but DEL show by a backslash."""
    return text is None or b"\\" in text or b"\x7f" in text


class Kept:
    """A finished subtree whose root has an id: its lines, its blank nodes, and what it cost."""

    __slots__ = ("blanks", "blocks", "cells", "digested", "name", "resources", "steps", "waiting")

    def __init__(self, name: str, walk: "_Walk") -> None:
        self.name = name
        self.blocks = walk.blocks
        self.blanks = walk.blanks
        self.waiting = walk.waiting
        self.resources = walk.resources
        self.digested = walk.digested
        self.cells = walk.cells
        self.steps = walk.steps


class _Walk:
    """One pass over one document, or over a subtree of it that will be kept.

    `blocks` holds the lines of each named subject, `blanks` those of each blank node by its first-degree
    hash, after `_:a `; `waiting` those that still lack the labels of blank nodes. A value of None waits.
    """

    __slots__ = (
        "_has_escapes",
        "_hash",
        "_hash_name",
        "_iris",
        "_tables",
        "blanks",
        "blocks",
        "cells",
        "digested",
        "resources",
        "steps",
        "waiting",
    )

    def __init__(self, tables: Tables, hash_name: HashName, has_escapes: bool) -> None:
        self._tables = tables
        self._hash_name = hash_name
        self._hash: Callable[[bytes], Any] = getattr(hashlib, hash_name)
        self._has_escapes = has_escapes
        self._iris: list[str] = []
        self.blocks: dict[str, bytes | None] = {}
        self.blanks: dict[bytes, bytes | None] = {}
        self.waiting: list[tuple[str | bytes, list[str], _Slots]] = []
        self.resources: dict[str, bytes] = {}
        self.digested: list[str] = []
        self.cells = 0
        self.steps = 0

    def node(self, node: dict[str, Any], place: Place, parent: str, depth: int) -> str | bytes:
        """Write the lines of an object.

        `parent` is the subject above as a line of a blank node's hash shows it: `<iri> `, `_:z ` or nothing.
        Return the object's name in brackets, or the hash of a blank node.
        """
        if depth > _MOST_DEPTH:
            raise Fallback("a document that nests deeply")
        plan = place.plans.get(tuple(node))
        if plan is None or plan.written != node.get("type"):
            plan = place.plan(node)
        self.steps |= plan.steps
        subject, shown = "", "_:z "
        if plan.has_id:
            iri = node["id"]
            if type(iri) is not str:
                raise Fallback("an id that is no text")
            if iri.startswith(USUAL):
                self._iris.append(iri)
            else:
                absolute_iri(iri, plan.active, ())
            subject = shown = f"<{iri}> "
        lines = plan.opening.copy()
        slots: _Slots = []
        for key, kind, lead, tail, below in plan.entries:
            value = node[key]
            found = type(value)
            # The usual cases stand here rather than in functions: a call costs as much as all they do.
            if found is str and kind <= IRI:
                if kind == TEXT:
                    if self._has_escapes and needs_escape(value):
                        value = escape(value)
                elif value.startswith(USUAL):
                    self._iris.append(value)
                else:
                    absolute_iri(value, plan.active, ())
                lines.append(f"{lead}{value}{tail}")
            elif kind >= LIST:
                if kind == TYPE:
                    lines.append(lead)
                else:
                    self._list(value, below, shown, lines, slots)
            elif found is dict:
                name = self._object(value, below, shown, depth)
                if type(name) is str:
                    lines.append(f"{below.predicate}{name} .\n")
                else:
                    slots.append((len(lines), below.predicate, [name]))  # type: ignore[list-item]
                    lines.append(f"{below.predicate}_:z .\n")
            elif found is list:
                self._array(value, kind, lead, tail, below, plan, shown, depth, lines, slots)
            else:
                lines.append(self._single(value, below))
        if subject:
            self._name(subject, plan, place, lines, slots)
            return subject[:-1]
        return self._blank(place.predicate, parent, lines, slots)

    def _name(self, subject: str, plan: Plan, place: Place, lines: list[str], slots: _Slots) -> None:
        """Take in the lines of a named subject."""
        if place.is_resource:
            # What is said of a related resource may be said of it elsewhere too; see `descriptions`.
            if not plan.pure_resource or not lines or slots or subject in self.resources:
                raise Fallback("a related resource that says more than its digest")
            self.resources[subject] = (subject + subject.join(lines)).encode()
            return
        if not lines:
            return
        if subject in self.blocks:
            raise Fallback("an id that is described twice")
        if plan.digests:
            self.digested.append(subject)
        if slots:
            self.blocks[subject] = None
            self.waiting.append((subject, lines, slots))
        else:
            self.blocks[subject] = (subject + subject.join(lines)).encode()

    def _blank(self, predicate: str, parent: str, lines: list[str], slots: _Slots) -> bytes:
        """Take in the lines of an object without an id and return its first-degree hash.

        Spec: RDFC-1.0 §4.6.
        """
        own = _VEILED.join(lines)
        if not parent:
            seen = f"_:a {own}"
        elif parent == "_:z ":
            seen = f"_:a {own}_:z {predicate}_:a .\n"
        else:
            # "<" comes before "_": the lines are in order as they stand.
            seen = f"{parent}{predicate}_:a .\n_:a {own}"
        digest: bytes = self._hash(seen.encode()).digest()
        if digest in self.blanks:
            raise Fallback("blank nodes that look alike")
        if slots:
            self.blanks[digest] = None
            self.waiting.append((digest, lines, slots))
        else:
            self.blanks[digest] = own.encode()
        return digest

    def _object(self, value: dict[str, Any], place: Place, shown: str, depth: int) -> str | bytes:
        """Return what stands for an object that is a value, after writing what it says."""
        if "@value" in value:
            return language_literal(value, ())
        if place.recurs and _exact_text is not None and type(value.get("id")) is str:
            return self._recurring(value, place, depth)
        return self.node(value, place, shown, depth + 1)

    def _recurring(self, value: dict[str, Any], place: Place, depth: int) -> str:
        """Write an object with an id that other documents hold too, or take what is kept of it."""
        text = _text_of(value)
        assert text is not None
        key = (text, place, depth, self._hash_name)
        kept = self._tables.kept.get(key)
        if kept is None:
            walk = _Walk(self._tables, self._hash_name, _has_escapes(text))
            name = walk.node(value, place, "", depth + 1)
            assert isinstance(name, str)
            walk.check_iris()
            kept = Kept(name, walk)
            self._tables.keep(key, kept, len(text))
        self.steps |= kept.steps
        self.cells += kept.cells
        self._take_in(self.blocks, kept.blocks)
        self._take_in(self.blanks, kept.blanks)
        self.waiting += kept.waiting
        if kept.resources:
            self._take_in(self.resources, kept.resources)
        self.digested += kept.digested
        return kept.name

    @staticmethod
    def _take_in(into: dict[Any, Any], kept: dict[Any, Any]) -> None:
        together = len(into) + len(kept)
        into.update(kept)
        if len(into) != together:
            raise Fallback("an id that is described twice, or blank nodes that look alike")

    def _array(
        self,
        items: list[Any],
        kind: int,
        lead: str,
        tail: str,
        place: Place,
        plan: Plan,
        shown: str,
        depth: int,
        lines: list[str],
        slots: _Slots,
    ) -> None:
        """Write the lines of several values under one key: a set, so in the order of their text."""
        if not items:
            raise Fallback("an empty array")
        several: list[str] = []
        blanks: list[bytes] = []
        for item in items:
            found = type(item)
            if found is dict:
                name = self._object(item, place, shown, depth)
                if type(name) is str:
                    several.append(f"{place.predicate}{name} .\n")
                else:
                    blanks.append(name)  # type: ignore[arg-type]
            elif found is str and kind <= IRI:
                if kind == TEXT:
                    if self._has_escapes and needs_escape(item):
                        item = escape(item)
                elif item.startswith(USUAL):
                    self._iris.append(item)
                else:
                    absolute_iri(item, plan.active, ())
                several.append(f"{lead}{item}{tail}")
            else:
                several.append(self._single(item, place))
        if len(several) > 1:
            if len(set(several)) != len(several):
                raise Fallback("a value that stands twice")
            several.sort()
        lines += several
        if blanks:
            # Labels come after all texts and names, so these lines are the last of their predicate.
            slots.append((len(lines), place.predicate, blanks))
            lines += [f"{place.predicate}_:z .\n"] * len(blanks)

    def _single(self, value: Any, place: Place) -> str:
        """Return the line of a value that is neither an object nor a usual text."""
        if type(value) not in (str, bool, int, float) or place.is_graph or place.is_resource:
            raise Fallback("a value that is lost, or a graph")
        return f"{place.predicate}{scalar(value, place.term, place.scalars(), ())} .\n"

    def _list(self, value: Any, place: Place, shown: str, lines: list[str], slots: _Slots) -> None:
        """Write an ordered list of scalars: a chain of blank nodes.

        Spec: JSON-LD 1.1 API §7.1.
        """
        items = value if type(value) is list else [value]
        if not items:
            lines.append(f"{place.predicate}{RDF_NIL} .\n")
            return
        self.cells += len(items)
        rest: bytes | None = None
        for index in range(len(items) - 1, -1, -1):
            item = items[index]
            if type(item) is dict and "@value" in item:
                written = f"{_FIRST}{language_literal(item, ())} .\n"
            elif type(item) not in (str, bool, int, float) or place.is_resource:
                raise Fallback("an object in a list")
            else:
                written = f"{_FIRST}{scalar(item, place.term, place.scalars(), ())} .\n"
            cell = [written, _LAST_CELL if rest is None else f"{_REST}_:z .\n"]
            below: _Slots = [] if rest is None else [(1, _REST, [rest])]
            if index:
                rest = self._blank(_REST, "_:z ", cell, below)
            else:
                rest = self._blank(place.predicate, shown, cell, below)
        assert rest is not None
        slots.append((len(lines), place.predicate, [rest]))
        lines.append(f"{place.predicate}_:z .\n")

    def check_iris(self) -> None:
        """Look at the characters of all usual identifiers at once. Raises: Fallback."""
        text = "".join(self._iris).encode()
        if len(text.translate(None, _FORBIDDEN_IN_IRI)) != len(text):
            raise Fallback("an identifier with a forbidden character")

    def written(self) -> bytes:
        """Label the blank nodes by the order of their hashes, and put all lines in order.

        Spec: RDFC-1.0 §4.4.3.
        """
        blocks, blanks = self.blocks, self.blanks
        labels, order = _labels(len(blanks))
        hashes = sorted(blanks)
        label_of = dict(zip(hashes, labels, strict=True))
        for subject, lines, slots in self.waiting:
            lines = lines.copy()
            for start, predicate, found in slots:
                if len(found) == 1:
                    lines[start] = f"{predicate}{label_of[found[0]]}.\n"
                else:
                    names = sorted(label_of[one] for one in found)
                    lines[start : start + len(names)] = [f"{predicate}{name}.\n" for name in names]
            if type(subject) is str:
                blocks[subject] = (subject + subject.join(lines)).encode()
            else:
                blanks[subject] = _VEILED.join(lines).encode()  # type: ignore[index]
        if self.resources:
            self._gather()
        parts = [block for _, block in sorted(blocks.items())]
        for index in order:
            label = labels[index].encode()
            parts += (label, blanks[hashes[index]].replace(b"\n_:a ", b"\n" + label))  # type: ignore[union-attr]
        if not parts:
            raise Fallback("a document that says nothing")
        return b"".join(parts)  # type: ignore[arg-type]

    def _gather(self) -> None:
        """Put the digests of related resources among what else is said of these. Raises: Fallback."""
        if not self.resources.keys().isdisjoint(self.digested):
            raise Fallback("digests of one resource in two places")
        for subject, lines in self.resources.items():
            if (more := self.blocks.get(subject)) is not None:
                # A line feed never stands inside a line.
                lines = b"".join(sorted((lines + more).splitlines(keepends=True)))
            self.blocks[subject] = lines


@lru_cache(maxsize=256)
def _labels(count: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return so many labels with the space behind them, and their numbers in the order of lines."""
    labels = tuple(f"_:c14n{number} " for number in range(count))
    return labels, tuple(sorted(range(count), key=labels.__getitem__))
