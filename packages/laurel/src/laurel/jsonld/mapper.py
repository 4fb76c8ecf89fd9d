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

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import rfc8785

from laurel.jsonld import contexts
from laurel.jsonld.descriptions import Description, require_gathered
from laurel.jsonld.effort import CONTEXT, Effort
from laurel.jsonld.losses import Path, loss
from laurel.jsonld.rdf import (
    RDF,
    RDF_FIRST,
    RDF_NIL,
    RDF_REST,
    RDF_TYPE,
    XSD,
    Quad,
    canonical_double,
    is_absolute_iri,
    literal,
)
from laurel.jsonld.terms import ActiveContext, Loader, Term
from laurel.strictjson import MAX_DEPTH, JsonValue

_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_BASE_CONTEXTS: Final = (contexts.CREDENTIALS_V1, contexts.CREDENTIALS_V2)
_OPEN_BADGES: Final = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context[^/]*\.json")
# Contexts name XML Schema by its real address and, by an old slip, with https.
_NUMERIC: Final = frozenset(
    f"{base}{name}"
    for base in (XSD, XSD.replace("http:", "https:"))
    for name in (
        "double",
        "float",
        "decimal",
        "integer",
        "nonNegativeInteger",
        "positiveInteger",
        "long",
        "int",
    )
)
_BOOLEAN: Final = frozenset({f"{XSD}boolean", XSD.replace("http:", "https:") + "boolean"})
_NATIVE: Final = _NUMERIC | _BOOLEAN
_DOUBLE: Final = f"{XSD}double"


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
    if "@context" not in document:
        raise loss("A document without @context gives its keys no meaning.", (), "context")
    walk = _Walk(effort or Effort())
    walk.root(document, _empty_context(load))
    try:
        "".join(quad.object for quad in walk.quads).encode()
    except UnicodeEncodeError as error:
        raise loss("A text holds half of a surrogate pair, which is no character.", (), "text") from error
    return list(dict.fromkeys(walk.quads))


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
        self._effort = effort
        self._worked_out: set[tuple[object, object]] = set()
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
        outer, embedded = place.outer(), place.embedded
        self._charge(place.active, place.key)
        if "@context" in node:
            urls = _context_urls(node["@context"], path)
            self._charge(outer, urls)
            outer, embedded = outer.with_urls(urls), path
        _require_plain_keys(node, outer, path)
        names = _type_names(node, path)
        if names:
            self._charge(outer, names)
        inner = outer.for_types(names)
        about = Description(path, embedded, place.predicate, _type_iris(names, outer, path))
        subject = self._subject(node, inner, path)
        for iri in about.types:
            self._state(about, subject, RDF_TYPE, f"<{iri}>", place.graph, None)
        for name, value in node.items():
            if name not in ("@context", "id", "type"):
                predicate, term = _predicate(name, inner, (*path, name))
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
        return f"<{_iri(written, active, (*path, 'id'))}>"

    def _property(self, about: Description, subject: str, value: JsonValue, place: _Place) -> None:
        """Write the statements that one key of a node makes."""
        path = (*about.path, place.key)
        items: list[JsonValue] = value if isinstance(value, list) else [value]
        if place.term.coercion == "@json":
            self._state(about, subject, place.predicate, _json_literal(value, path), place.graph, value)
            return
        if place.term.container == "@list":
            head = self._list(items, place, path)
            self._state(about, subject, place.predicate, head, place.graph, value)
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
            self._state(about, subject, place.predicate, found, place.graph, item)

    def _value(self, value: JsonValue, place: _Place, path: Path) -> str:
        """Return the object of one statement, after writing what a node object says itself."""
        if isinstance(value, dict):
            if "@value" in value:
                return _language_literal(value, path)
            return (self._graph if place.term.container == "@graph" else self._node)(value, place, path)
        if value is None:
            raise loss("A null says nothing.", path, "null")
        if isinstance(value, list):
            raise loss("An array inside an array loses its bounds.", path, "nested-array")
        if place.term.container == "@graph":
            raise loss(f"{place.key} holds an object; anything else is lost.", path, "shape")
        found = _scalar(value, place.term, place.active.under(place.active, place.key), path)
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
        return cells[0] if cells else RDF_NIL

    def _charge(self, active: ActiveContext, step: str | tuple[str, ...]) -> None:
        """Charge a step from one context to another once, whether or not the answer is remembered.

        What is remembered depends on the documents before this one, and the outcome must not.
        """
        if (active, step) not in self._worked_out:
            self._worked_out.add((active, step))
            self._effort.spend(CONTEXT)

    def _state(
        self, about: Description, subject: str, predicate: str, stated: str, graph: str, value: JsonValue
    ) -> None:
        self._effort.spend()
        self.quads.append(Quad(subject, predicate, stated, graph))
        about.statements.append((predicate, stated, value))

    def _blank(self) -> str:
        self._blanks += 1
        return f"_:b{self._blanks - 1}"


def _context_urls(written: JsonValue, path: Path) -> tuple[str, ...]:
    """Return the URLs of an `@context`, which starts with the credentials context and names each once."""
    items = written if isinstance(written, list) else [written]
    urls = tuple(item for item in items if isinstance(item, str))
    at = (*path, "@context")
    if len(urls) != len(items):
        raise loss(
            "A context is the URL of a context that we know, not one written into the document.",
            at,
            "context",
        )
    if not urls or urls[0] not in _BASE_CONTEXTS:
        raise loss("The first context is not the one of verifiable credentials.", at, "context")
    if len(set(urls)) != len(urls):
        raise loss("A context stands twice.", at, "context")
    if (
        sum(url in _BASE_CONTEXTS for url in urls) > 1
        or sum(bool(_OPEN_BADGES.fullmatch(url)) for url in urls) > 1
    ):
        raise loss("Two versions of one context cannot both apply.", at, "context")
    return urls


def _require_plain_keys(node: Mapping[str, JsonValue], active: ActiveContext, path: Path) -> None:
    """Refuse JSON-LD keywords in the document, and contexts in which `id` and `type` mean something else."""
    for name in node:
        if name.startswith("@") and name != "@context":
            raise loss(f"{name} is a keyword that credentials do not use.", (*path, name), "keyword")
    for alias, keyword in (("id", "@id"), ("type", "@type")):
        if alias in node and (active.terms.get(alias) or Term(iri=None)).iri != keyword:
            raise loss(f"The contexts give {alias} no meaning here.", (*path, alias), "undefined-term")


def _type_names(node: Mapping[str, JsonValue], path: Path) -> tuple[str, ...]:
    if "type" not in node:
        return ()
    written = node["type"]
    items = written if isinstance(written, list) else [written]
    names = tuple(item for item in items if isinstance(item, str))
    if not names or len(names) != len(items):
        raise loss("A type is a text or an array of texts.", (*path, "type"), "shape")
    if len(set(names)) != len(names):
        raise loss("A type stands twice.", (*path, "type"), "doubled")
    return names


def _type_iris(names: tuple[str, ...], active: ActiveContext, path: Path) -> frozenset[str]:
    iris = frozenset(_type_iri(name, active, path) for name in names)
    if len(iris) != len(names):
        raise loss("Two of the types mean the same, so one of them is lost.", (*path, "type"), "doubled")
    return iris


def _type_iri(name: str, active: ActiveContext, path: Path) -> str:
    """Return the IRI of a type that is spelled the one way it can be spelled here."""
    at = (*path, "type")
    term = active.terms.get(name)
    if term is None:
        iri = active.vocab + name if active.vocab is not None and ":" not in name else name
        if not is_absolute_iri(iri):
            raise loss(f"The type {name} is not defined by the contexts.", at, "undefined-type")
        _require_only_spelling(name, iri, active, at)
        return _iri(iri, active, at)
    if term.iri is None or not is_absolute_iri(term.iri):
        raise loss(f"{name} is not a type.", at, "undefined-type")
    # A property and a class may share an IRI (`criteria`, `Criteria`); only the capital letter is a class.
    classes = [other for other in active.spellings(term.iri) if _is_class_name(other)]
    if classes and not _is_class_name(name):
        raise loss(f"{name} is the name of a property, not of a type.", at, "second-spelling")
    if any(active.terms[other].context != term.context for other in classes):
        raise loss(f"The type {name} has a second name that reads differently.", at, "second-spelling")
    return term.iri


def _predicate(name: str, active: ActiveContext, path: Path) -> tuple[str, Term]:
    """Return the predicate a key stands for, if no other key stands for the same one."""
    term = active.terms.get(name)
    if term is None and active.vocab is not None and ":" not in name:
        term = Term(iri=active.vocab + name)
        if active.spellings(active.vocab + name):
            raise loss(f"{name} is a second name of a term.", path, "second-spelling")
    if term is None or term.iri is None or not is_absolute_iri(term.iri):
        raise loss(
            f"{name} is not defined by the contexts, so no signature covers it.", path, "undefined-term"
        )
    rivals = [other for other in active.spellings(term.iri) if other != name]
    if rivals and (_is_class_name(name) or not all(_is_class_name(other) for other in rivals)):
        raise loss(f"{name} is a second name of {rivals[0]}.", path, "second-spelling")
    return f"<{term.iri}>", term


def _is_class_name(name: str) -> bool:
    return name[:1].isupper()


def _require_only_spelling(written: str, iri: str, active: ActiveContext, path: Path) -> None:
    if names := active.spellings(iri):
        raise loss(f"{written} is a second spelling of {names[0]}.", path, "second-spelling")


def _iri(written: str, active: ActiveContext, path: Path) -> str:
    """Return an identifier that is absolute as it stands."""
    prefix, colon, suffix = written.partition(":")
    if prefix == "_" or not colon:
        raise loss(f"{written[:80]} is not an absolute identifier.", path, "relative")
    term = active.terms.get(prefix)
    if term is not None and term.is_prefix and not suffix.startswith("//"):
        raise loss(f"{written[:80]} is a shortened identifier.", path, "second-spelling")
    if not is_absolute_iri(written):
        raise loss(f"{written[:80]} is not an absolute identifier.", path, "relative")
    return written


def _scalar(value: str | bool | int | float, term: Term, active: ActiveContext, path: Path) -> str:
    """Return a text, number or truth value as the term wants it written."""
    if term.coercion in ("@id", "@vocab"):
        if not isinstance(value, str):
            raise loss("An identifier is a text.", path, "mismatch")
        iri = _iri(value, active, path) if term.coercion == "@id" else _vocabulary_iri(value, active, path)
        return f"<{iri}>"
    if isinstance(value, str):
        if term.coercion in _NATIVE:
            raise loss("A text here is written like a number or a truth value.", path, "mismatch")
        return literal(value, term.coercion)
    if isinstance(value, bool):
        if term.coercion and term.coercion not in _BOOLEAN:
            raise loss("A truth value here is written like a text.", path, "mismatch")
        return literal("true" if value else "false", term.coercion or f"{XSD}boolean")
    if term.coercion and term.coercion not in _NUMERIC:
        raise loss("A number here is written like a text.", path, "mismatch")
    return _number(value, term.coercion, path)


def _number(value: int | float, datatype: str, path: Path) -> str:
    """Return a number in canonical form, if that form still holds all of it."""
    if value != value or value in (float("inf"), float("-inf")):
        raise loss("A number is finite.", path, "number")
    whole = float(value).is_integer() and abs(value) < 1e21
    if whole and datatype != _DOUBLE:
        if isinstance(value, float) and not datatype:
            raise loss(f"{value} is written as {int(value)}, and reads like a whole number.", path, "number")
        return literal(str(int(value)), datatype or f"{XSD}integer")
    written = canonical_double(float(value))
    if float(written) != value:
        raise loss(f"{value!r} has more digits than its canonical form keeps.", path, "number")
    return literal(written, datatype or _DOUBLE)


def _vocabulary_iri(value: str, active: ActiveContext, path: Path) -> str:
    """Return the IRI that a name out of the contexts stands for."""
    term = active.terms.get(value)
    if term is None:
        if ":" not in value:
            raise loss(f"{value[:80]} is not defined by the contexts.", path, "undefined-term")
        _require_only_spelling(value, value, active, path)
        return _iri(value, active, path)
    if term.iri is None or not is_absolute_iri(term.iri) or len(active.spellings(term.iri)) > 1:
        raise loss(
            f"{value[:80]} stands for nothing, or shares its meaning with another name.",
            path,
            "undefined-term",
        )
    return term.iri


def _language_literal(value: Mapping[str, JsonValue], path: Path) -> str:
    """Return a text with its language; a direction would be lost on the way to RDF."""
    if "@direction" in value:
        raise loss(
            "RDF does not keep @direction, so no signature covers it.", (*path, "@direction"), "direction"
        )
    text, language = value.get("@value"), value.get("@language")
    if set(value) != {"@value", "@language"} or not isinstance(text, str) or not isinstance(language, str):
        raise loss("A text in a language holds @value and @language, both texts.", path, "keyword")
    if not _LANGUAGE_TAG.fullmatch(language):
        raise loss(f"{language[:40]} is not a language tag.", (*path, "@language"), "language")
    return literal(text, language=language.lower())


def _json_literal(value: JsonValue, path: Path) -> str:
    if value is None:
        raise loss("A null says nothing.", path, "null")
    try:
        return literal(rfc8785.dumps(value).decode(), f"{RDF}JSON")
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise loss("The JSON inside cannot be written canonically.", path, "json") from error
