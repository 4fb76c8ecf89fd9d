# SPDX-License-Identifier: Apache-2.0
"""Parts of a document, named by JSON Pointers: the JSON that shows them, and the statements that it makes.

A part never stands alone: with it come the objects around it, with their ids, types and contexts, but without
their other words.

Spec: ECDSA Cryptosuites 1.0 §3.4.10-3.4.13.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, cast, final

from laurel.errors import ProofFault
from laurel.jsonld.losses import Path
from laurel.strictjson import JsonValue

MOST_POINTERS: Final = 1_000

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_ESCAPE: Final = re.compile(r"~(?![01])")
_ALWAYS: Final = frozenset({"@context", "id", "type"})

# From one step to the steps below it; without any, all that is below.
_Tree: TypeAlias = dict[str | int, "_Tree"]


@final
@dataclass(frozen=True, slots=True)
class Selection:
    """What some pointers choose of one document. Nothing, where there are no pointers."""

    _tree: _Tree | None

    @classmethod
    def of(cls, document: Mapping[str, JsonValue], pointers: Iterable[str]) -> "Selection":
        """Return what the pointers choose.

        Raises:
            ProofFault: `proof.pointer`: one is no JSON Pointer, or leads to nothing in the document.

        Spec: RFC 6901 §3, §4
        """
        listed = list(pointers)
        if len(listed) > MOST_POINTERS:
            raise _fault(f"{len(listed)} pointers are more than {MOST_POINTERS}.")
        tree: _Tree = {}
        whole = False
        for pointer in listed:
            path = _path(document, pointer)
            whole = whole or not path
            _add(tree, path)
        if whole:
            tree = {}
        return cls(tree if listed else None)

    def document(self, source: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Return the chosen part of the document, in its own order; array items move together."""
        if self._tree is None:
            return {}
        return cast("dict[str, JsonValue]", _part(dict(source), self._tree))

    def holds(self, place: Path) -> bool:
        """Tell whether the statement that is made at this place of the document is chosen."""
        if self._tree is None:
            return False
        here = self._tree
        for number, step in enumerate(place):
            if not here:
                return True
            if step not in here:
                # The types of every object on the way.
                return step == "type" and number == len(place) - 1
            here = here[step]
        return True


def _path(document: Mapping[str, JsonValue], pointer: str) -> Path:
    """Return the steps of a pointer in this document: texts, and numbers where it goes into an array."""
    if pointer and not pointer.startswith("/"):
        raise _fault(f"{pointer[:80]} is no JSON Pointer: those begin with a slash.")
    if _ESCAPE.search(pointer):
        raise _fault(f"{pointer[:80]} is no JSON Pointer: a ~ in it is written ~0.")
    path: list[str | int] = []
    value: JsonValue = dict(document)
    for written in pointer.split("/")[1:]:
        step = written.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and step in value:
            path.append(step)
            value = value[step]
        elif isinstance(value, list) and _INDEX.fullmatch(step) and int(step) < len(value):
            path.append(int(step))
            value = value[int(step)]
        else:
            raise _fault(f"There is nothing at {pointer[:200]} in the document.")
    return tuple(path)


def _add(tree: _Tree, path: Path) -> None:
    """Choose one more place; where all around it is chosen already, that holds."""
    for number, step in enumerate(path):
        is_new = step not in tree
        below = tree.setdefault(step, {})
        if number == len(path) - 1:
            below.clear()
        elif not is_new and not below:
            return
        tree = below


def _part(value: JsonValue, tree: _Tree) -> JsonValue:
    if not tree:
        return value
    if isinstance(value, dict):
        return {
            name: part if name in _ALWAYS else _part(part, tree[name])
            for name, part in value.items()
            if name in _ALWAYS or name in tree
        }
    assert isinstance(value, list)  # the path was followed in this document
    return [_part(value[index], tree[index]) for index in sorted(cast("dict[int, _Tree]", tree))]


def _fault(message: str) -> ProofFault:
    return ProofFault(message, code="proof.pointer")
