# SPDX-License-Identifier: Apache-2.0
"""Reading a JSON object member by member, so that nothing it says is dropped on the way."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from laurel.errors import NotACredential
from laurel.model.json_value import JsonValue
from laurel.model.timestamp import parse_timestamp

Fact = TypeVar("Fact")


class Members:
    """The members of one JSON object; each is taken once, and `rest` gives what nobody asked for.

    A single value and an array of one are the same here, as they are in JSON-LD.
    """

    def __init__(self, value: object, pointer: str) -> None:
        """Take the object and its place in the document.

        Raises:
            NotACredential: it is not an object.
        """
        if not isinstance(value, Mapping):
            raise NotACredential(f"{pointer or 'The document'} is not a JSON object.")
        self._left: dict[str, Any] = dict(value)
        self._extra: dict[str, JsonValue] = {}
        self.pointer = pointer

    def rest(self) -> Mapping[str, JsonValue]:
        """Return a copy of every member that was not taken, or could not be taken whole."""
        return deepcopy({**self._extra, **self._left})

    def text(self, name: str) -> str:
        """Take a member that must be there and be text."""
        found = self.find_text(name)
        if found is None:
            raise NotACredential(f"{self.pointer}/{name} is missing.")
        return found

    def find_text(self, name: str) -> str | None:
        """Take a member that is text, if it is there.

        A text that comes with a language or a direction is kept whole among the rest as well, so that a
        document written from the fact says it again.

        Spec: VCDM 2.0 #language-and-base-direction
        """
        value = self._left.get(name)
        if value is None:
            return None
        plain = _plain_text(value)
        if plain is None:
            raise NotACredential(f"{self.pointer}/{name} is not text.")
        if value != plain:
            self._extra[name] = value
        del self._left[name]
        return plain

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a member that is text or a list of texts."""
        found = self._many(name)
        if not all(isinstance(value, str) for value in found):
            raise NotACredential(f"{self.pointer}/{name} is not a list of texts.")
        return tuple(found)

    def find_flag(self, name: str) -> bool | None:
        """Take a member that is true or false, if it is there."""
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            raise NotACredential(f"{self.pointer}/{name} is neither true nor false.")
        return value

    def find_number(self, name: str) -> Decimal | None:
        """Take a member that is a number, if it is there."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NotACredential(f"{self.pointer}/{name} is not a number.")
        return Decimal(str(value))

    def find_moment(self, name: str) -> datetime | None:
        """Take a member that is a date and time with an offset, if it is there."""
        value = self.find_text(name)
        if value is None:
            return None
        try:
            return parse_timestamp(value)
        except ValueError as error:
            raise NotACredential(f"{self.pointer}/{name}: {error}") from error

    def find_day(self, name: str) -> date | None:
        """Take a member that is a calendar date, if it is there."""
        value = self.find_text(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise NotACredential(f"{self.pointer}/{name} is not a date such as 2026-11-22.") from error

    def find(self, name: str, read: Callable[[object, str], Fact]) -> Fact | None:
        """Take a member that is one object, if it is there, and read it."""
        found = self.all(name, read)
        if len(found) > 1:
            raise NotACredential(f"{self.pointer}/{name} holds {len(found)} values where one belongs.")
        return found[0] if found else None

    def all(self, name: str, read: Callable[[object, str], Fact]) -> tuple[Fact, ...]:
        """Take a member that is one object or a list of them, and read each."""
        found = self._many(name)
        return tuple(read(value, f"{self.pointer}/{name}/{place}") for place, value in enumerate(found))

    def peek(self, name: str) -> object:
        """Return a member without taking it, or None."""
        return self._left.get(name)

    def _take(self, name: str) -> Any:
        # A null stays among the rest: it says something, if only that somebody wrote it.
        return None if self._left.get(name) is None else self._left.pop(name)

    def _many(self, name: str) -> list[Any]:
        value = self._take(name)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]


def _plain_text(value: object) -> str | None:
    """Return the text itself out of a text, a VCDM language value object, or the first of a list of them."""
    if isinstance(value, list) and value:
        return _plain_text(value[0])
    if isinstance(value, Mapping):
        value = value.get("@value")
    return value if isinstance(value, str) else None
