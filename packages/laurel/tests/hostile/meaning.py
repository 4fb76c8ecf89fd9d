# SPDX-License-Identifier: Apache-2.0
"""What a badge says, written so that two badges that say the same are equal: the documented equalities, no more.

This is an opinion of its own: it shares no code with laurel, reads which terms name identifiers and lists out of
the context files, and knows only the equalities that `laurel.jsonld.mapper` documents.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import laurel.jsonld

_FILES: Final = Path(laurel.jsonld.__file__).parent / "contexts"
_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_SAME_TYPE: Final = {"AchievementCredential": "OpenBadgeCredential"}


def _terms(context: Any, wanted: tuple[str, str]) -> set[str]:
    """Return the names of all terms, at any depth, whose definition has a certain member."""
    found: set[str] = set()
    if isinstance(context, list):
        return found.union(*(_terms(each, wanted) for each in context))
    if not isinstance(context, dict):
        return found
    for name, definition in context.items():
        if isinstance(definition, dict):
            if definition.get(wanted[0]) == wanted[1]:
                found.add(name)
            found |= _terms(definition.get("@context"), wanted)
    return found


@cache
def _all(member: str, value: str) -> frozenset[str]:
    return frozenset().union(
        *(
            _terms(json.loads(file.read_text()).get("@context"), (member, value))
            for file in _FILES.glob("*.json")
            if file.name != "MANIFEST.json"
        )
    )


def meaning(document: Any) -> Any:
    """Return what a document says: its contexts, itself, and every object that has an id, described once."""
    objects: dict[str, dict[str, set[Any]]] = {}
    body = {name: value for name, value in document.items() if name != "@context"}
    itself = _value(body, "", objects)
    described = frozenset(
        (name, frozenset((key, frozenset(values)) for key, values in members.items()))
        for name, members in objects.items()
        if members
    )
    return (_contexts(document.get("@context")), itself, described)


def _contexts(value: Any) -> Any:
    """The contexts that count: others of ours may stand behind the first, if nothing gets another meaning."""
    listed = value if isinstance(value, list) else [value]
    return listed[0], _is_ours(listed), _BADGES in listed


@cache
def _our_contexts() -> frozenset[str]:
    return frozenset(json.loads((_FILES / "MANIFEST.json").read_text()))


def _is_ours(value: Any) -> bool:
    """Tell whether contexts inside the document are published ones; what they change shows in what they say."""
    return all(
        isinstance(one, str) and one in _our_contexts()
        for one in (value if isinstance(value, list) else [value])
    )


def _value(value: Any, key: str, objects: dict[str, dict[str, set[Any]]]) -> Any:
    match value:
        case bool() | None:
            return (type(value).__name__, value)
        case int() | float():
            return ("number", float(value))
        case str():
            if key in _all("@type", "@id"):
                return ("of", value)
            return ("text", _SAME_TYPE.get(value, value) if key == "type" else value)
        case list():
            items = [_value(item, key, objects) for item in value]
            if key in _all("@container", "@list"):
                return ("list", tuple(items))
            return _together(items)
        case dict():
            members = {
                name: _members(inner, name, objects)
                for name, inner in value.items()
                if name != "id" and not (name == "@context" and _is_ours(inner))
            }
            if "@language" in members:
                members["@language"] = frozenset({str(value["@language"]).lower()})
            name = value.get("id")
            if name is None:
                return ("object", frozenset(members.items()))
            if not isinstance(name, str):
                return ("odd", repr(value))
            mine = objects.setdefault(name, {})
            for member, inner in members.items():
                mine.setdefault(member, set()).update(inner)
            return ("of", name)
    raise AssertionError(type(value))


def _members(value: Any, key: str, objects: dict[str, dict[str, set[Any]]]) -> frozenset[Any]:
    """Return the values of a member: one that stands alone is an array of one."""
    made = _value(value, key, objects)
    if isinstance(value, list) and key not in _all("@container", "@list"):
        return made if isinstance(made, frozenset) else frozenset({made})
    if key in _all("@container", "@list") and not isinstance(value, list):
        return frozenset({("list", (made,))})
    return frozenset({(made, 1)})


def _together(items: list[Any]) -> Any:
    """Return the items of an array that is no list: in no order; a text twice is not a text once."""
    if any(isinstance(item, frozenset) for item in items):
        return frozenset({("nested", repr(items))})
    return frozenset(
        (item, 1 if item[0] == "of" else sum(item == other for other in items)) for item in items
    )
