# SPDX-License-Identifier: Apache-2.0
"""How much of a document a page shows: a stranger's may hold texts and lists without end."""

from dataclasses import fields, replace
from typing import Any

from cairn.credentials.facts import Claims
from cairn.foundation import names

#: Letters of a name, of a line, and of a text. Above what our own forms let anybody write.
NAME, LINE, TEXT = 300, 2_000, 50_000
#: Entries of one list.
LIST = 200

_NAMES = frozenset(
    {"name", "holder_name", "issuer_name", "level", "level_name", "required_level", "pass_mark", "framework"}
)
_TEXTS = frozenset({"narrative", "criteria", "description"})


def bounded(claims: Claims) -> Claims:
    """Return the claims as far as a page shows them; `is_shortened` where that leaves words out."""
    shown: Claims = _shortened(claims)
    return replace(shown, is_shortened=shown != replace(claims, image_url=shown.image_url))


def _shortened(fact: Any) -> Any:
    """Return a fact with its texts and lists cut, and those of the facts inside it."""
    changes: dict[str, Any] = {}
    for field in fields(fact):
        value = getattr(fact, field.name)
        if field.name.endswith("url"):
            # Half an address leads elsewhere.
            changes[field.name] = value if len(value) <= LINE else ""
        elif isinstance(value, str):
            changes[field.name] = names.cut(value, _most(field.name))
        elif isinstance(value, tuple):
            changes[field.name] = tuple(_entry(one) for one in value[:LIST])
    return replace(fact, **changes)


def _entry(one: Any) -> Any:
    return names.cut(one, LINE) if isinstance(one, str) else _shortened(one)


def _most(field_name: str) -> int:
    return NAME if field_name in _NAMES else TEXT if field_name in _TEXTS else LINE
