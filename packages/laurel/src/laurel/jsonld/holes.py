# SPDX-License-Identifier: Apache-2.0
"""Which texts of a document may stand for others: the places where credentials of one frame differ.

Whether a text is an identifier or plain words must be known before a document is filled, and from the
contexts alone. A name that means the one here and the other there is left as it is; so is every word out of a
list, for such a word may have a second spelling.

Spec: JSON-LD 1.1 API §4.2 (create term definition)
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

from laurel.jsonld import contexts
from laurel.jsonld.losses import Path
from laurel.strictjson import JsonValue

Kind: TypeAlias = Literal["id", "mention", "text"]
"""An object's own identifier, an identifier of something else, or plain words."""

# Another achievement, issuer or schema is another frame. The last ones hardly differ between learners, and a
# constant costs nothing to fill.
_FIXED: Final = frozenset(
    {
        *("@context", "type", "issuer", "achievement", "credentialSchema", "proof", "cryptosuite"),
        *("proofPurpose", "statusPurpose", "statusListCredential", "resultDescription", "mediaType", "genre"),
    }
)
_SCHEMES: Final = frozenset({"did", "http", "https", "mailto", "tag", "urn"})


class Hole(NamedTuple):
    """One text that may differ, and every place where it stands."""

    kind: Kind
    paths: tuple[Path, ...]


class Vocabulary(NamedTuple):
    """What a list of contexts makes of names, wherever in them a name is defined.

    `kinds` holds only names that are of one kind everywhere; `schemes` the schemes of identifiers that can be
    taken for nothing else, since no term is spelled like them.
    """

    kinds: Mapping[str, Kind]
    schemes: frozenset[str]


def vocabulary(document: Mapping[str, JsonValue]) -> Vocabulary:
    """Return what the contexts of a document make of names. Raises: DataLoss, for one we do not know."""
    written = document.get("@context")
    urls = written if isinstance(written, list) else [written]
    return _vocabulary(tuple(url for url in urls if isinstance(url, str)))


@lru_cache(maxsize=64)
def _vocabulary(urls: tuple[str, ...]) -> Vocabulary:
    found: dict[str, Kind | None] = {}
    for url in urls:
        for name, definition in _definitions(contexts.context(url)):
            kind = _kind(definition)
            found[name] = kind if found.get(name, kind) == kind else None
    return Vocabulary({name: kind for name, kind in found.items() if kind}, _SCHEMES - found.keys())


def _definitions(value: object) -> Iterator[tuple[str, object]]:
    """Yield every definition of every name in a context document, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from _definitions(item)
    elif isinstance(value, dict):
        inner = value.get("@context")
        for context in inner if isinstance(inner, list) else [inner]:
            if isinstance(context, dict):
                yield from context.items()
                for definition in context.values():
                    yield from _definitions(definition)


def _kind(definition: object) -> Kind | None:
    members = definition if isinstance(definition, dict) else {"@id": definition}
    if members.get("@id") == "@id":
        return "id"
    coercion = members.get("@type")
    if members.get("@container", "@set") != "@set" or coercion in ("@vocab", "@json"):
        return None
    return "mention" if coercion == "@id" else "text"


def find(document: Mapping[str, JsonValue]) -> tuple[Hole, ...]:
    """Return the holes of a document, in the order in which their texts stand.

    Equal ids are one hole: a frame in which they are equal says another thing than one in which they are not.
    So are equal texts under one key of objects that share an id, for those repeat each other.

    Raises:
        DataLoss: its contexts are not ones that we know.
    """
    kinds = vocabulary(document).kinds
    holes: dict[object, tuple[Kind, list[Path]]] = {}
    for kind, path, text, owner in _leaves(document, (), kinds):
        name = ("id", text) if kind == "id" else (owner, path[-1], text) if owner else path
        holes.setdefault((kind, name), (kind, []))[1].append(path)
    return tuple(Hole(kind, tuple(paths)) for kind, paths in holes.values())


def _leaves(
    node: Mapping[str, JsonValue], path: Path, kinds: Mapping[str, Kind]
) -> Iterator[tuple[Kind, Path, str, str | None]]:
    owner = node.get("id")
    for name, value in node.items():
        if name in _FIXED:
            continue
        if isinstance(value, str) and name in kinds:
            yield kinds[name], (*path, name), value, owner if isinstance(owner, str) else None
        elif isinstance(value, dict):
            yield from _leaves(value, (*path, name), kinds)
        elif isinstance(value, list):
            for place, item in enumerate(value):
                if isinstance(item, dict):
                    yield from _leaves(item, (*path, name, place), kinds)


def with_texts(document: Mapping[str, JsonValue], texts: Mapping[Path, str]) -> dict[str, JsonValue]:
    """Return a copy of a document with other texts at these places."""

    def copied(value: JsonValue, path: Path) -> JsonValue:
        if isinstance(value, dict):
            return {name: copied(part, (*path, name)) for name, part in value.items()}
        if isinstance(value, list):
            return [copied(part, (*path, place)) for place, part in enumerate(value)]
        return texts.get(path, value) if isinstance(value, str) else value

    return {name: copied(part, (name,)) for name, part in document.items()}
