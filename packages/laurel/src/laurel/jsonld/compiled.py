# SPDX-License-Identifier: Apache-2.0
"""The strict compiled mapper: from a document to its canonical N-Quads in one walk over prepared tables.

It gives the bytes of `mapper.to_quads` and `rdfc.canonicalize`, or a `Fallback` to them. It takes trees only:
one place says all that is said of an object, and a blank node is mentioned once. So the first-degree hash of
a blank node is known as soon as its own lines are. What recurs whole, an achievement or an issuer, is kept
finished under its exact text.

Spec: RDFC-1.0 §4.4-4.6; JSON-LD 1.1 API §5.1 (expansion), §7.1 (to RDF).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from laurel.errors import DataLoss
from laurel.jsonld.effort import CONTEXT, Effort
from laurel.jsonld.lines import VEILED, Lines, Slots
from laurel.jsonld.meanings import absolute_iri, language_literal, scalar
from laurel.jsonld.rdf import RDF_FIRST, RDF_NIL, RDF_REST, escape, needs_escape
from laurel.jsonld.rdfc import HashName
from laurel.jsonld.tables import IRI, LIST, TEXT, TYPE, USUAL, Place, Plan, Tables
from laurel.jsonld.terms import ActiveContext
from laurel.strictjson import JsonValue
from laurel.tiers import Fallback

try:
    from orjson import dumps
except ImportError:  # an optional part: without it nothing is kept from one document to the next
    _exact_text: Callable[[Any], bytes] | None = None
else:
    _exact_text = dumps

_MOST_DEPTH: Final = 30
_SAFE: Final = 2**53
_FORBIDDEN_IN_IRI: Final = bytes(range(0x21)) + b'<>"{}|\\^`\x7f'
_FIRST: Final = f"{RDF_FIRST} "
_REST: Final = f"{RDF_REST} "
_CELL_BEFORE: Final = f"_:z {RDF_REST} _:a .\n"
_NEXT_CELL: Final = f"{RDF_REST} _:z .\n"
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
    charge = walk.statements + CONTEXT * walk.steps.bit_count()
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


class _Walk(Lines):
    """One pass over one document, or over a subtree of it that will be kept: then `name` is its root's."""

    __slots__ = ("_has_escapes", "_hash", "_hash_name", "_iris", "_tables", "name")

    def __init__(self, tables: Tables, hash_name: HashName, has_escapes: bool) -> None:
        super().__init__()
        self._tables = tables
        self._hash_name = hash_name
        self._hash: Callable[[bytes], Any] = getattr(hashlib, hash_name)
        self._has_escapes = has_escapes
        self._iris: list[str] = []
        self.name = ""

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
        slots: Slots = []
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
                if below.recurs or "@value" in value:
                    name = self._object(value, below, shown, depth)
                else:
                    name = self.node(value, below, shown, depth + 1)
                if type(name) is str:
                    lines.append(f"{below.predicate}{name} .\n")
                else:
                    slots.append((len(lines), below.predicate, [name]))  # type: ignore[list-item]
                    lines.append(below.veiled)
            elif found is list:
                self._array(value, kind, below, plan.active, shown, depth, lines, slots)
            else:
                lines.append(self._single(value, below))
        self.statements += len(lines)
        if not subject:
            return self._blank(place, parent, lines, slots)
        if place.is_resource:
            self._resource(subject, plan, lines, slots)
        elif lines:
            if plan.digests:
                self.digested.append(subject)
            block = b"" if slots else (subject + subject.join(lines)).encode()
            if subject in self.blocks:
                self.repeat(subject, block)
            else:
                self.blocks[subject] = block
            if slots:
                self.wait(subject, subject, lines, slots)
        return subject[:-1]

    def _resource(self, subject: str, plan: Plan, lines: list[str], slots: Slots) -> None:
        """Take in what is said of a related resource, which may be described elsewhere too.

        See `descriptions.require_gathered`.
        """
        if not plan.pure_resource or not lines or slots or subject in self.resources:
            raise Fallback("a related resource that says more than its digest")
        self.resources[subject] = (subject + subject.join(lines)).encode()

    def _blank(self, place: Place, parent: str, lines: list[str], slots: Slots) -> bytes:
        """Take in the lines of an object without an id and return its first-degree hash.

        Spec: RDFC-1.0 §4.6.
        """
        own = VEILED.join(lines)
        if not parent:
            seen = f"_:a {own}"
        elif parent == "_:z ":
            seen = f"_:a {own}_:z {place.predicate}_:a .\n"
        else:
            # "<" comes before "_": the lines are in order as they stand.
            seen = f"{parent}{place.predicate}_:a .\n_:a {own}"
        digest: bytes = self._hash(seen.encode()).digest()
        self.unnamed += 1
        if slots:
            self.blanks[digest] = b""
            self.wait(digest, VEILED, lines, slots)
        else:
            self.blanks[digest] = own.encode()
        return digest

    def _object(self, value: dict[str, Any], place: Place, shown: str, depth: int) -> str | bytes:
        """Return what stands for a text in a language, or for an object that other documents hold too."""
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
        kept: _Walk | None = self._tables.kept.get(key)
        if kept is None:
            kept = _Walk(self._tables, self._hash_name, _has_escapes(text))
            name = kept.node(value, place, "", depth + 1)
            assert isinstance(name, str)
            kept.name = name
            kept.check_iris()
            self._tables.keep(key, kept, len(text))
        self.take_in(kept)
        return kept.name

    def _array(
        self,
        items: list[Any],
        kind: int,
        place: Place,
        active: ActiveContext,
        shown: str,
        depth: int,
        lines: list[str],
        slots: Slots,
    ) -> None:
        """Write the lines of several values under one key: a set, so in the order of their text."""
        if not items:
            raise Fallback("an empty array")
        several: list[str] = []
        blanks: list[bytes] = []
        for item in items:
            found = type(item)
            if found is dict:
                if place.recurs or "@value" in item:
                    name = self._object(item, place, shown, depth)
                else:
                    name = self.node(item, place, shown, depth + 1)
                if type(name) is str:
                    several.append(f"{place.predicate}{name} .\n")
                else:
                    blanks.append(name)  # type: ignore[arg-type]
            elif found is str and kind == TEXT:
                if self._has_escapes and needs_escape(item):
                    item = escape(item)
                several.append(f'{place.predicate}"{item}{place.tail}')
            elif found is str and kind == IRI:
                several.append(f"{place.predicate}<{absolute_iri(item, active, ())}> .\n")
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
            lines += [place.veiled] * len(blanks)

    def _single(self, value: Any, place: Place) -> str:
        """Return the line of a value that is neither an object nor a usual text."""
        if type(value) is int and -_SAFE < value < _SAFE and place.whole:
            return f'{place.predicate}"{value}{place.whole}'
        if type(value) is bool and place.truth:
            return f'{place.predicate}"{"true" if value else "false"}{place.truth}'
        if type(value) not in (str, bool, int, float) or place.is_graph or place.is_resource:
            raise Fallback("a value that is lost, or a graph")
        return f"{place.predicate}{scalar(value, place.term, place.scalars(), ())} .\n"

    def _list(self, value: Any, place: Place, shown: str, lines: list[str], slots: Slots) -> None:
        """Write an ordered list of scalars: a chain of blank nodes.

        Spec: JSON-LD 1.1 API §7.1.
        """
        items = value if type(value) is list else [value]
        if not items:
            lines.append(f"{place.predicate}{RDF_NIL} .\n")
            return
        above = f"_:z {place.predicate}_:a .\n" if shown == "_:z " else f"{shown}{place.predicate}_:a .\n"
        rest: bytes | None = None
        for index in range(len(items) - 1, -1, -1):
            first = self._first(items[index], place)
            own = f"{first}{_LAST_CELL if rest is None else _NEXT_CELL}"
            if index:
                seen = f"_:a {own}{_CELL_BEFORE}"
            else:
                seen = f"_:a {own}{above}" if shown == "_:z " else f"{above}_:a {own}"
            cell: bytes = self._hash(seen.encode()).digest()
            if rest is None:
                self.blanks[cell] = own.encode()
            else:
                self.blanks[cell] = b""
                self.waiting.append((cell, b".\n", [(f"{first}{_REST}".encode(), b"", [rest])]))
            rest = cell
        assert rest is not None
        self.unnamed += len(items)
        slots.append((len(lines), place.predicate, [rest]))
        lines.append(place.veiled)

    def _first(self, item: Any, place: Place) -> str:
        """Return the line of a list cell that holds its value, and `_:a ` for the next."""
        if place.tail and type(item) is str:
            return f'{_FIRST}"{escape(item) if self._has_escapes else item}{place.tail}_:a '
        if type(item) is dict and "@value" in item:
            return f"{_FIRST}{language_literal(item, ())} .\n_:a "
        if type(item) not in (str, bool, int, float) or place.is_resource:
            raise Fallback("an object in a list")
        return f"{_FIRST}{scalar(item, place.term, place.scalars(), ())} .\n_:a "

    def check_iris(self) -> None:
        """Look at the characters of all usual identifiers at once. Raises: Fallback."""
        text = "".join(self._iris).encode()
        if len(text.translate(None, _FORBIDDEN_IN_IRI)) != len(text):
            raise Fallback("an identifier with a forbidden character")
