# SPDX-License-Identifier: Apache-2.0
"""What the contexts say of each place of a document, written down once: the next walk only looks it up.

A `Plan` tells all that can be known of an object before its values are seen: for its keys, its types and
where it stands, the predicate of each key in the order of the lines, and how a value is written. Meaning
comes from `terms.ActiveContext` and the rules of `meanings` alone; a plan only remembers their answer. Where
they refuse, or where the walk would need more than a plan holds, there is no plan, and the general mapper
decides.

Spec: JSON-LD 1.1 API §4.1 (context processing), §5.1 (expansion).
"""

import threading
from collections.abc import Mapping
from itertools import count
from typing import Any, Final, NamedTuple

from laurel.errors import DataLoss
from laurel.jsonld import contexts
from laurel.jsonld.descriptions import RELATED_RESOURCE, RESOURCE_PREDICATES
from laurel.jsonld.meanings import (
    BOOLEAN,
    NATIVE,
    NUMERIC,
    context_urls,
    predicate_of,
    require_plain_keys,
    type_iris,
    type_names,
)
from laurel.jsonld.rdf import RDF_TYPE, XSD
from laurel.jsonld.terms import ActiveContext, Loader, Term
from laurel.strictjson import JsonValue
from laurel.tiers import Fallback

# Kinds of keys: how a text under them is written. All but texts is written by the general mapper's functions.
TEXT: Final = 0
IRI: Final = 1
OTHER: Final = 2
LIST: Final = 3
TYPE: Final = 4

#: Prefixes after which an absolute identifier needs no more than a look at its characters. A context that
#: shortens identifiers by one of these words has no plan.
USUAL: Final = ("https://", "http://", "urn:uuid:", "did:web:", "did:key:", "did:jwk:")
_USUAL_WORDS: Final = frozenset({"urn", "did"})

_MOST_STEPS: Final = 400
_MOST_PLANS: Final = 2_000
# Measured: what a finished subtree takes for each byte of its text, and beside that.
_KEPT_FOR_EACH: Final = 10
_KEPT_AT_LEAST: Final = 3_000
_MOST_KEPT_BYTES: Final = 16 * 1024 * 1024
#: Values of these keys recur from credential to credential, whole.
_RECURRING: Final = frozenset({"achievement", "issuer"})


class Entry(NamedTuple):
    """One key of an object: its kind, what stands before and after a text's characters, and its place."""

    key: str
    kind: int
    lead: str
    tail: str
    place: "Place"


class Plan:
    """All that is known of an object with these keys and types at this place."""

    __slots__ = ("active", "digests", "entries", "has_id", "opening", "pure_resource", "steps", "written")

    def __init__(
        self, written: JsonValue, active: ActiveContext, steps: int, keys: Mapping[str, object]
    ) -> None:
        """Start with no entries. `steps` has one bit for each context that was worked out to get here."""
        self.written = written
        self.active = active
        self.steps = steps
        self.has_id = "id" in keys
        self.opening: list[str] = []
        #: As in `Entry`.
        self.entries: tuple[tuple[str, int, str, str, Place], ...] = ()
        self.digests = False
        self.pure_resource = False


class Place:
    """What stands under one key of objects under one context; remembers a plan for each shape seen there."""

    __slots__ = (
        "_known",
        "_outer",
        "_tables",
        "active",
        "is_graph",
        "is_resource",
        "key",
        "plans",
        "predicate",
        "recurs",
        "tail",
        "term",
        "truth",
        "veiled",
        "whole",
    )

    def __init__(self, tables: "Tables", active: ActiveContext, key: str, term: Term, predicate: str) -> None:
        """See `mapper._Place`: `active` is the context of the object around it, its types included."""
        self._tables = tables
        self._outer: ActiveContext | None = None
        self._known: dict[tuple[object, ...], Plan] = {}
        self.active = active
        self.key = key
        self.term = term
        self.predicate = predicate
        self.veiled = f"{predicate}_:z .\n"
        #: What stands after the characters of a plain text, a whole number, a truth value; empty where they
        #: are no such literals here.
        self.tail = _end_of_literal(term, term.coercion not in NATIVE, "string")
        self.whole = _end_of_literal(term, term.coercion in NUMERIC - {f"{XSD}double"}, "integer")
        self.truth = _end_of_literal(term, term.coercion in BOOLEAN, "boolean")
        self.recurs = key in _RECURRING
        self.is_graph = term.container == "@graph"
        self.is_resource = predicate.rstrip() == RELATED_RESOURCE
        #: Keys in their order → the plan that served them last; whether it serves again hangs on `written`.
        self.plans: dict[tuple[str, ...], Plan] = {}

    def scalars(self) -> ActiveContext:
        """Return the context for identifiers that are texts here."""
        return self.active.under(self.active, self.key)

    def plan(self, node: Mapping[str, JsonValue]) -> Plan:
        """Return the plan for an object.

        Raises:
            Fallback: the general mapper refuses it, or the walk cannot write it.
        """
        written = node.get("type")
        names = type_name_key(written)
        keys = tuple(node)
        if (found := self._known.get((keys, names))) is None:
            with self._tables.lock:
                found = self._known[(keys, names)] = self._tables.compile(self, node)
        self.plans[keys] = found
        return found

    def outer(self) -> ActiveContext:
        """Return the context for an object here: without the types around it, with what the key brings."""
        if self._outer is None:
            base = self.active.previous or self.active
            self._outer = base.under(self.active, self.key)
        return self._outer


def _end_of_literal(term: Term, fits: bool, usual: str) -> str:
    """Return what ends the line of a literal whose characters need no more thought, or an empty text."""
    if term.container == "@graph" or term.coercion.startswith("@") or not (fits or not term.coercion):
        return ""
    datatype = term.coercion or f"{XSD}{usual}"
    return '" .\n' if datatype == f"{XSD}string" else f'"^^<{datatype}> .\n'


def type_name_key(written: JsonValue) -> object:
    """Return types as they are written, in a form that can be a key. Raises: Fallback, where they cannot."""
    if written is None or type(written) is str:
        return written
    if type(written) is list and all(type(name) is str for name in written):
        return tuple(written)
    raise Fallback("a type that is no text")


class Tables:
    """Places and plans for documents under the vendored contexts, learnt from one document after another.

    Tables are replaced whole when they are full, between two documents and never inside one.
    """

    def __init__(self, load: Loader = contexts.context) -> None:
        """Start empty; `load` is where contexts come from."""
        self.lock = threading.RLock()
        self.learnt = 0
        #: For the walk: finished subtrees by their exact text, their place, their depth and the hash.
        self.kept: dict[tuple[bytes, Place, int, str], Any] = {}
        self._kept_bytes = 0
        self._empty = ActiveContext(load)
        self._root = Place(self, self._empty, "", Term(iri=None), "")
        self._roots: dict[tuple[str, ...], Place] = {}
        self._places: dict[tuple[ActiveContext, str], Place] = {}
        self._inner: dict[tuple[ActiveContext, tuple[str, ...]], ActiveContext] = {}
        self._steps: dict[tuple[ActiveContext, object], int] = {}
        self._bits = count()
        self._root_steps: dict[Place, int] = {}

    def is_full(self) -> bool:
        """Tell whether these tables have learnt as much as they may."""
        return len(self._steps) > _MOST_STEPS or self.learnt > _MOST_PLANS

    def keep(self, key: tuple[bytes, Place, int, str], subtree: object, size: int) -> None:
        """Remember a finished subtree of so many bytes of JSON; all are forgotten when they are too many."""
        size = _KEPT_FOR_EACH * size + _KEPT_AT_LEAST
        with self.lock:
            if self._kept_bytes + size > _MOST_KEPT_BYTES:
                self.kept.clear()
                self._kept_bytes = 0
            self.kept[key] = subtree
            self._kept_bytes += size

    def root(self, written: JsonValue) -> Place:
        """Return the place of the outermost object under an `@context`.

        Raises:
            Fallback: it is no list of context URLs that go together.
        """
        if type(written) is not list:
            raise Fallback("a context that is no list of URLs")
        try:
            found = self._roots.get(tuple(written))  # type: ignore[arg-type]  # and then there is none
        except TypeError as error:  # an object or a list in it
            raise Fallback("a context that is no list of URLs") from error
        if found is None:
            urls = tuple(url for url in written if type(url) is str)
            if len(urls) != len(written):
                raise Fallback("a context that is no list of URLs")
            with self.lock:
                found = self._roots[urls] = self._compile_root(urls)
        return found

    def _compile_root(self, urls: tuple[str, ...]) -> Place:
        try:
            context_urls(list(urls), ())
            active = self._empty.with_urls(urls)
        except DataLoss as loss:
            raise Fallback("contexts that do not go together") from loss
        # Under no key: the object's own context is the one that was just worked out.
        place = Place(self, active, "", Term(iri=None), "")
        self._root_steps[place] = self._step(self._empty, "") | self._step(self._empty, urls)
        return place

    def compile(self, place: Place, node: Mapping[str, JsonValue]) -> Plan:
        """Work out the plan for an object at a place. Raises: Fallback."""
        try:
            return self._compile(place, node)
        except (DataLoss, UnicodeEncodeError) as error:
            raise Fallback("a word that the contexts do not define so") from error

    def _compile(self, place: Place, node: Mapping[str, JsonValue]) -> Plan:
        is_root = place in self._root_steps
        keys = {name: value for name, value in node.items() if not (is_root and name == "@context")}
        if any(type(name) is not str for name in keys):
            raise Fallback("a key that is no text")
        if not keys or place.is_graph or "@context" in keys:
            raise Fallback("an object that is empty, a graph, or under contexts of its own")
        steps = self._root_steps[place] if is_root else self._step(place.active, place.key)
        outer = place.outer()
        require_plain_keys(keys, outer, ())
        names = type_names(keys, ())
        if names:
            steps |= self._step(outer, names)
        inner = self._for_types(outer, names)
        plan = Plan(node.get("type"), inner, steps, keys)
        types = sorted(f"{RDF_TYPE} <{iri}> .\n" for iri in type_iris(names, outer, ()))
        entries = [self._entry(name, inner) for name in keys if name not in ("id", "type")]
        if any(entry.place.predicate == f"{RDF_TYPE} " for entry in entries):
            raise Fallback("a second word for type")
        if _USUAL_WORDS & {name for name, term in inner.terms.items() if term.is_prefix}:
            raise Fallback("contexts that shorten usual identifiers")
        entries.sort(key=lambda entry: entry.place.predicate)
        if types and entries and entries[0].place.predicate < RDF_TYPE:
            entries += [Entry("type", TYPE, line, "", place) for line in types]
            entries.sort(key=lambda entry: RDF_TYPE if entry.kind == TYPE else entry.place.predicate)
        else:
            plan.opening = types
        # Plain tuples: the walk takes them apart faster than named ones.
        plan.entries = tuple((*entry,) for entry in entries)
        predicates = {entry.place.predicate.rstrip() for entry in entries}
        plan.digests = bool(predicates & RESOURCE_PREDICATES)
        plan.pure_resource = not types and predicates <= RESOURCE_PREDICATES
        self.learnt += 1
        return plan

    def _entry(self, name: str, inner: ActiveContext) -> Entry:
        predicate, term = predicate_of(name, inner, (name,))
        predicate.encode()
        if (place := self._places.get((inner, name))) is None:
            place = self._places[(inner, name)] = Place(self, inner, name, term, f"{predicate} ")
        if term.coercion == "@json":
            raise Fallback("JSON inside")
        if term.container == "@list":
            return Entry(name, LIST, "", "", place)
        if place.is_graph or place.is_resource or term.coercion == "@vocab":
            return Entry(name, OTHER, "", "", place)
        if term.coercion == "@id":
            # A key that brings contexts of its own may shorten identifiers in its own way.
            kind = OTHER if term.has_context else IRI
            return Entry(name, kind, f"{predicate} <", "> .\n", place)
        if term.coercion in NATIVE:
            return Entry(name, OTHER, "", "", place)
        return Entry(name, TEXT, f'{predicate} "', place.tail, place)

    def _for_types(self, outer: ActiveContext, names: tuple[str, ...]) -> ActiveContext:
        scoped = tuple(
            sorted(name for name in names if name in outer.terms and outer.terms[name].has_context)
        )
        if (found := self._inner.get((outer, scoped))) is None:
            found = self._inner[(outer, scoped)] = outer.for_types(scoped)
        return found

    def _step(self, active: ActiveContext, step: object) -> int:
        """Return the bit for a step from one context to another: the same step is charged once a document."""
        if (bit := self._steps.get((active, step))) is None:
            bit = self._steps[(active, step)] = 1 << next(self._bits)
        return bit
