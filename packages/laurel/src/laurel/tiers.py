# SPDX-License-Identifier: Apache-2.0
"""Three ways to the same bytes, from the fastest to the one that decides: which of them may be taken.

* template: the document is one that was worked out before, but for the values in known places;
* mapper: its shape is one for which compiled tables exist;
* general: the whole path, under a limit of work. It is the oracle; the other two give its bytes or nothing.

A faster tier that is not sure of anything raises `Fallback`, and the next one goes on. So a faster tier never
decides otherwise than the general one: it can only answer sooner.
"""

import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, TypeAlias

__all__ = [
    "ALL",
    "Tier",
    "is_on",
    "only",
    "taken",
]

Tier: TypeAlias = Literal["template", "mapper", "general"]

ALL: Final[frozenset[Tier]] = frozenset({"template", "mapper", "general"})

#: How many documents each tier answered, and under "fallback: …" why a faster one did not. Told by benchmarks
#: and metrics: a tier that never answers is a slowdown that nobody notices.
taken: Final[Counter[str]] = Counter()

_allowed: ContextVar[frozenset[Tier]] = ContextVar("laurel.tiers", default=ALL)


class Fallback(Exception):
    """This tier does not know the document exactly; the next one goes on. Never leaves laurel."""


def is_on(tier: Tier) -> bool:
    """Tell whether a tier may be taken here."""
    return tier in _allowed.get()


def alarm(tier: Tier, message: str) -> None:
    """Say aloud that a tier answered otherwise than the general one: a defect of ours, and a caught one."""
    taken[f"alarm: {tier}"] += 1
    warnings.warn(message, RuntimeWarning, stacklevel=2)


@contextmanager
def only(*names: Tier) -> Iterator[None]:
    """Take only these tiers inside the block; the general one is always among them."""
    token = _allowed.set(frozenset(names) | {"general"})
    try:
        yield
    finally:
        _allowed.reset(token)
