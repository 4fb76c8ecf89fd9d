# SPDX-License-Identifier: Apache-2.0
"""What a service may remember from one check to the next, so that nobody can take it back in time.

laurel remembers nothing by itself. Whoever keeps a memory hands it to `verify`, adds to it what the report
brings, and stores the sum. An older copy of a status list is then refused, and a key that an issuer has not
used before is told of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, final

__all__ = [
    "Memory",
]

_EMPTY: Final[Mapping[str, frozenset[str]]] = MappingProxyType({})
_NO_LISTS: Final[Mapping[str, datetime]] = MappingProxyType({})


@final
@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier checks have seen.

    `lists` gives for the address of a status list when the newest copy of it began. `keys` gives for the id
    of an issuer the keys that it has signed with, as Multikey; an issuer that is not in it was never seen.
    """

    lists: Mapping[str, datetime] = field(default_factory=lambda: _NO_LISTS)
    keys: Mapping[str, frozenset[str]] = field(default_factory=lambda: _EMPTY)

    def __reduce__(self) -> tuple[type["Memory"], tuple[dict[str, datetime], dict[str, frozenset[str]]]]:
        """Let a memory, and so a report, be sent from one process to another."""
        return Memory, (dict(self.lists), dict(self.keys))

    def __add__(self, newer: "Memory") -> "Memory":
        """Return both together: the later beginning of each list, and all keys of each issuer."""
        lists = dict(self.lists)
        for url, begins in newer.lists.items():
            lists[url] = max(lists.get(url, begins), begins)
        keys = dict(self.keys)
        for issuer, used in newer.keys.items():
            keys[issuer] = keys.get(issuer, frozenset()) | used
        return Memory(lists, keys)

    def knows(self, issuer: str | None, key: str) -> bool:
        """Tell whether an issuer may use a key without a word: it was never seen before, or with this key."""
        return issuer is None or issuer not in self.keys or key in self.keys[issuer]


NOTHING: Final = Memory()
