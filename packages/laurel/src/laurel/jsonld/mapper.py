# SPDX-License-Identifier: Apache-2.0
"""From a JSON document to its RDF statements, refusing whatever the statements would not hold.

An RDF proof covers statements, not JSON. A general JSON-LD processor drops what it cannot map, so that a
signed document can be edited and still "verify". This mapper goes the other way: it reads a narrow shape, and
refuses every place where two different documents would give the same statements. What it takes as the same
document is only this:

* the order of keys, and of the items of an array that is not a list;
* one value, and an array that holds that one value;
* an identifier as text, and an object that holds only `id`, where the term stands for an identifier;
* the letter case of language tags, and other spellings of the same number under a numeric datatype;
* further contexts that we know and that give no other meaning to anything here;
* type names that a context itself makes equal (`AchievementCredential` and `OpenBadgeCredential`);
* one description of an identifier, whole, repeated in part or left out, at the mentions of that identifier.

Spec: Data Integrity 1.0 §4.2-4.3 (data loss); JSON-LD 1.1 API §5.1 (expansion), §7.1
(to RDF).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial

from laurel.jsonld import contexts
from laurel.jsonld.descriptions import Description, require_gathered
from laurel.jsonld.effort import CONTEXT, Effort
from laurel.jsonld.losses import Path, loss
from laurel.jsonld.meanings import (
    absolute_iri,
    context_urls,
    json_literal,
    language_literal,
    predicate_of,
    require_plain_keys,
    scalar,
    type_iris,
    type_names,
)
from laurel.jsonld.rdf import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, Quad
from laurel.jsonld.terms import ActiveContext, Loader, Term
from laurel.strictjson import MAX_DEPTH, JsonValue


def to_quads(
    document: Mapping[str, JsonValue], *, load: Loader = contexts.context, effort: Effort | None = None
) -> list[Quad]:
    """Return the statements a document makes, each once, blank nodes labelled `_:b0`, `_:b1` …

    Args:
        document: a credential, presentation or proof configuration with its `@context`.
        load: where contexts come from; the vendored ones unless a test brings others.
        effort: a budget shared with other documents.

    Raises:
        DataLoss: the statements would not hold all that the document says; `pointer` tells where.
        TooMuchWork: it holds more statements, or more kinds of places, than the budget allows.

    Spec: Data Integrity 1.0 §4.3 (DATA_LOSS_DETECTION_ERROR).
    """
    return list(dict.fromkeys(_walked(document, load, effort).quads))


def quads_with_places(
    document: Mapping[str, JsonValue], *, load: Loader = contexts.context, effort: Effort | None = None
) -> list[tuple[Quad, Path]]:
    """Return the same statements, each with the place in the document that makes it, as often as one does.

    The place is that of the value which is stated: a type, a text, an item of an array, or the object that a
    key leads to. All the cells of a list have the place of the list.

    Raises:
        DataLoss, TooMuchWork: as `to_quads`.
    """
    walk = _walked(document, load, effort)
    return list(zip(walk.quads, walk.places, strict=True))


def _walked(document: Mapping[str, JsonValue], load: Loader, effort: Effort | None) -> "_Walk":
    if "@context" not in document:
        raise loss("A document without @context gives its keys no meaning.", (), "context")
    walk = _Walk(effort or Effort())
    walk.root(document, _empty_context(load))
    try:
        "".join(quad.object for quad in walk.quads).encode()
    except UnicodeEncodeError as error:
        raise loss("A text holds half of a surrogate pair, which is no character.", (), "text") from error
    return walk


@cache
def _empty_context(load: Loader) -> ActiveContext:
    """Return the context to start from; it remembers every context made from it."""
    return ActiveContext(load)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a value stands: under which key of which node, and what is in force there.

    `active` is the context of the node around it, its types included; `graph` is empty for the default graph;
    `embedded` is where the innermost object with an `@context` of its own stands.
    """

    active: ActiveContext
    key: str = ""
    term: Term = field(default_factory=lambda: Term(iri=None))
    predicate: str = ""
    graph: str = ""
    embedded: Path = ()

    def outer(self) -> ActiveContext:
        """Return the context for a node here: without the types around it, with what the key brings."""
        base = self.active.previous or self.active
        return base.under(self.active, self.key)


class _Walk:
    """One pass over one document."""

    def __init__(self, effort: Effort) -> None:
        self.quads: list[Quad] = []
        self.places: list[Path] = []  # of each statement, where the document makes it
        self._effort = effort
        self._worked_out: dict[tuple[ActiveContext, object], ActiveContext] = {}
        self._blanks = 0
        self._described: dict[tuple[str, str], list[Description]] = {}

    def root(self, document: Mapping[str, JsonValue], empty: ActiveContext) -> None:
        """Map the outermost object."""
        self._node(document, _Place(active=empty), ())
        if not self.quads:
            raise loss("The document says nothing that a signature could cover.", (), "empty")
        for descriptions in self._described.values():
            if len(descriptions) > 1:
                require_gathered(descriptions)

    def _node(self, node: Mapping[str, JsonValue], place: _Place, path: Path) -> str:
        """Write the statements of a node object and return the name of its subject."""
        if not node:
            raise loss("An empty object says nothing.", path, "empty")
        if len(path) > 2 * MAX_DEPTH:
            raise loss("The document nests too deeply.", path[:8], "deep")
        outer, embedded = self._follow(place.active, place.key, place.outer), place.embedded
        if "@context" in node:
            urls = context_urls(node["@context"], path)
            outer, embedded = self._follow(outer, urls, partial(outer.with_urls, urls)), path
        require_plain_keys(node, outer, path)
        names = type_names(node, path)
        inner = self._follow(outer, names, partial(outer.for_types, names)) if names else outer
        about = Description(path, embedded, place.predicate, type_iris(names, outer, path))
        subject = self._subject(node, inner, path)
        for iri in about.types:
            self._state(about, subject, RDF_TYPE, f"<{iri}>", place.graph, None, (*path, "type"))
        for name, value in node.items():
            if name not in ("@context", "id", "type"):
                predicate, term = predicate_of(name, inner, (*path, name))
                inside = _Place(
                    active=inner,
                    key=name,
                    term=term,
                    predicate=predicate,
                    graph=place.graph,
                    embedded=embedded,
                )
                self._property(about, subject, value, inside)
                about.says_general |= name in outer.terms or name not in inner.terms
        if subject.startswith("<"):
            self._described.setdefault((place.graph, subject), []).append(about)
        return subject

    def _subject(self, node: Mapping[str, JsonValue], active: ActiveContext, path: Path) -> str:
        if "id" not in node:
            return self._blank()
        written = node["id"]
        if not isinstance(written, str):
            raise loss("An id is a text.", (*path, "id"), "id")
        return f"<{absolute_iri(written, active, (*path, 'id'))}>"

    def _property(self, about: Description, subject: str, value: JsonValue, place: _Place) -> None:
        """Write the statements that one key of a node makes."""
        path = (*about.path, place.key)
        items: list[JsonValue] = value if isinstance(value, list) else [value]
        if place.term.coercion == "@json":
            self._state(about, subject, place.predicate, json_literal(value, path), place.graph, value, path)
            return
        if place.term.container == "@list":
            head = self._list(items, place, path)
            self._state(about, subject, place.predicate, head, place.graph, value, path)
            return
        if not items:
            raise loss("An empty array says nothing.", path, "empty")
        stated = set()
        for index, item in enumerate(items):
            at = (*path, index) if isinstance(value, list) else path
            found = self._value(item, place, at)
            if found in stated:
                raise loss("The same value stands twice, and one of them is lost.", at, "doubled")
            stated.add(found)
            self._state(about, subject, place.predicate, found, place.graph, item, at)

    def _value(self, value: JsonValue, place: _Place, path: Path) -> str:
        """Return the object of one statement, after writing what a node object says itself."""
        if isinstance(value, dict):
            if "@value" in value:
                return language_literal(value, path)
            return (self._graph if place.term.container == "@graph" else self._node)(value, place, path)
        if value is None:
            raise loss("A null says nothing.", path, "null")
        if isinstance(value, list):
            raise loss("An array inside an array loses its bounds.", path, "nested-array")
        if place.term.container == "@graph":
            raise loss(f"{place.key} holds an object; anything else is lost.", path, "shape")
        found = scalar(value, place.term, place.active.under(place.active, place.key), path)
        if found.startswith("<"):
            mention = Description(path, place.embedded, place.predicate)
            self._described.setdefault((place.graph, found), []).append(mention)
        return found

    def _graph(self, node: Mapping[str, JsonValue], place: _Place, path: Path) -> str:
        """Write a node into a graph of its own and return the name of the graph."""
        graph = self._blank()
        before = len(self.quads)
        self._node(node, replace(place, graph=graph), path)
        if len(self.quads) == before:
            raise loss("An object that holds only its id says nothing here.", path, "empty")
        return graph

    def _list(self, items: list[JsonValue], place: _Place, path: Path) -> str:
        """Write an ordered list and return the name of its first cell."""
        cells = [self._blank() for _ in items]
        for index, (cell, item) in enumerate(zip(cells, items, strict=True)):
            found = self._value(item, place, (*path, index))
            rest = cells[index + 1] if index + 1 < len(cells) else RDF_NIL
            self.quads += (Quad(cell, RDF_FIRST, found, place.graph), Quad(cell, RDF_REST, rest, place.graph))
            self.places += (path, path)
        return cells[0] if cells else RDF_NIL

    def _follow(
        self, active: ActiveContext, step: str | tuple[str, ...], make: Callable[[], ActiveContext]
    ) -> ActiveContext:
        """Take a step from one context to another, charged once, whether or not the answer is remembered.

        What is remembered for all depends on the documents before this one, and the outcome must not.
        """
        if (found := self._worked_out.get((active, step))) is None:
            self._effort.spend(CONTEXT)
            found = self._worked_out[(active, step)] = make()
        return found

    def _state(
        self,
        about: Description,
        subject: str,
        predicate: str,
        stated: str,
        graph: str,
        value: JsonValue,
        path: Path,
    ) -> None:
        self._effort.spend()
        self.quads.append(Quad(subject, predicate, stated, graph))
        self.places.append(path)
        about.statements.append((predicate, stated, value))

    def _blank(self) -> str:
        self._blanks += 1
        return f"_:b{self._blanks - 1}"
