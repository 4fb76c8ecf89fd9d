# SPDX-License-Identifier: Apache-2.0
"""What the strict mapper takes as a context, a type, a key or a value, and what each is written as.

All that does not stand in RDF as it stands in the document is refused here, place by place.

Spec: Data Integrity 1.0 §4.2-4.3 (data loss); JSON-LD 1.1 API §5.1 (expansion), §7.1
(to RDF).
"""

import re
from collections.abc import Mapping
from typing import Final

import rfc8785

from laurel.jsonld import contexts
from laurel.jsonld.losses import Path, loss
from laurel.jsonld.rdf import RDF, XSD, canonical_double, is_absolute_iri, literal
from laurel.jsonld.terms import ActiveContext, Term
from laurel.strictjson import JsonValue

_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_BASE_CONTEXTS: Final = (contexts.CREDENTIALS_V1, contexts.CREDENTIALS_V2)
_OPEN_BADGES: Final = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context[^/]*\.json")
# Contexts name XML Schema by its real address and, by an old slip, with https.
NUMERIC: Final = frozenset(
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
BOOLEAN: Final = frozenset({f"{XSD}boolean", XSD.replace("http:", "https:") + "boolean"})
NATIVE: Final = NUMERIC | BOOLEAN
_DOUBLE: Final = f"{XSD}double"


def context_urls(written: JsonValue, path: Path) -> tuple[str, ...]:
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


def require_plain_keys(node: Mapping[str, JsonValue], active: ActiveContext, path: Path) -> None:
    """Refuse JSON-LD keywords in the document, and contexts in which `id` and `type` mean something else."""
    for name in node:
        if name.startswith("@") and name != "@context":
            raise loss(f"{name} is a keyword that credentials do not use.", (*path, name), "keyword")
    for alias, keyword in (("id", "@id"), ("type", "@type")):
        if alias in node and (active.terms.get(alias) or Term(iri=None)).iri != keyword:
            raise loss(f"The contexts give {alias} no meaning here.", (*path, alias), "undefined-term")


def type_names(node: Mapping[str, JsonValue], path: Path) -> tuple[str, ...]:
    """Return the types of a node as written, in their order; none where it has no `type`."""
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


def type_iris(names: tuple[str, ...], active: ActiveContext, path: Path) -> frozenset[str]:
    """Return what the types of a node stand for."""
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
        return absolute_iri(iri, active, at)
    if term.iri is None or not is_absolute_iri(term.iri):
        raise loss(f"{name} is not a type.", at, "undefined-type")
    # A property and a class may share an IRI (`criteria`, `Criteria`); only the capital letter is a class.
    classes = [other for other in active.spellings(term.iri) if _is_class_name(other)]
    if classes and not _is_class_name(name):
        raise loss(f"{name} is the name of a property, not of a type.", at, "second-spelling")
    if any(active.terms[other].context != term.context for other in classes):
        raise loss(f"The type {name} has a second name that reads differently.", at, "second-spelling")
    return term.iri


def predicate_of(name: str, active: ActiveContext, path: Path) -> tuple[str, Term]:
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


def absolute_iri(written: str, active: ActiveContext, path: Path) -> str:
    """Return an identifier that is absolute as it stands.

    Raises:
        DataLoss: it is relative, a blank node's, or a shortened one.
    """
    prefix, colon, suffix = written.partition(":")
    if prefix == "_" or not colon:
        raise loss(f"{written[:80]} is not an absolute identifier.", path, "relative")
    term = active.terms.get(prefix)
    if term is not None and term.is_prefix and not suffix.startswith("//"):
        raise loss(f"{written[:80]} is a shortened identifier.", path, "second-spelling")
    if not is_absolute_iri(written):
        raise loss(f"{written[:80]} is not an absolute identifier.", path, "relative")
    return written


def scalar(value: str | bool | int | float, term: Term, active: ActiveContext, path: Path) -> str:
    """Return a text, number or truth value as the term wants it written."""
    if term.coercion in ("@id", "@vocab"):
        if not isinstance(value, str):
            raise loss("An identifier is a text.", path, "mismatch")
        iri = (
            absolute_iri(value, active, path)
            if term.coercion == "@id"
            else _vocabulary_iri(value, active, path)
        )
        return f"<{iri}>"
    if isinstance(value, str):
        if term.coercion in NATIVE:
            raise loss("A text here is written like a number or a truth value.", path, "mismatch")
        return literal(value, term.coercion)
    if isinstance(value, bool):
        if term.coercion and term.coercion not in BOOLEAN:
            raise loss("A truth value here is written like a text.", path, "mismatch")
        return literal("true" if value else "false", term.coercion or f"{XSD}boolean")
    if term.coercion and term.coercion not in NUMERIC:
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
        return absolute_iri(value, active, path)
    if term.iri is None or not is_absolute_iri(term.iri) or len(active.spellings(term.iri)) > 1:
        raise loss(
            f"{value[:80]} stands for nothing, or shares its meaning with another name.",
            path,
            "undefined-term",
        )
    return term.iri


def language_literal(value: Mapping[str, JsonValue], path: Path) -> str:
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


def json_literal(value: JsonValue, path: Path) -> str:
    """Return JSON inside a document as a literal in canonical form."""
    if value is None:
        raise loss("A null says nothing.", path, "null")
    try:
        return literal(rfc8785.dumps(value).decode(), f"{RDF}JSON")
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise loss("The JSON inside cannot be written canonically.", path, "json") from error
