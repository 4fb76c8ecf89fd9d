# SPDX-License-Identifier: Apache-2.0
"""The magnifying glass of all rules: looks at one place of a document and notes what is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from laurel.model.finding import Finding
from laurel.model.timestamp import parse_timestamp

# Absolute, and free of what RFC 3987 keeps out of IRIs.
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s\x00-\x20<>\"{}|\\^`\x7f-\x9f]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def is_url(value: object) -> bool:
    """Tell whether a value is an absolute URL, URN or DID. Spec: RFC 3987 §2.2"""
    return isinstance(value, str) and _URL.fullmatch(value) is not None


def is_language(value: object) -> bool:
    """Tell whether a value has the form of a language tag. Spec: RFC 5646 §2.1"""
    return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None


def listed(value: Any) -> list[Any]:
    """Return a value that may stand alone or in an array as a list; nothing for what is absent."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def find_moment(value: object) -> datetime | None:
    """Return the moment that a value names, or None when it names none."""
    try:
        return parse_timestamp(value) if isinstance(value, str) else None
    except ValueError:
        return None


class Inspection:
    """Collects findings under one authority's name."""

    def __init__(self, prefix: str, authority: str) -> None:
        """Take the prefix of every code, such as "ob3", and the name in every `spec`, such as "OB 3.0"."""
        self._prefix, self._authority = prefix, authority
        self._findings: list[Finding] = []

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noted so far, in order."""
        return tuple(self._findings)

    def note(self, code: str, pointer: str, message: str, anchor: str) -> None:
        """Note a broken rule; `anchor` is the place in the authority's text."""
        self._findings.append(
            Finding(
                code=f"{self._prefix}.{code}",
                pointer=pointer,
                message=message,
                spec=f"{self._authority} {anchor}",
            )
        )

    def parts(self, parent: Mapping[str, Any], pointer: str, name: str) -> Iterator[tuple[Any, str]]:
        """Yield each value of a member with its place, whether it stands alone or in an array."""
        value = parent.get(name)
        if isinstance(value, list):
            for place, part in enumerate(value):
                yield part, f"{below(pointer, name)}/{place}"
        elif value is not None:
            yield value, below(pointer, name)

    def types(self, value: Mapping[str, Any], pointer: str, anchor: str) -> frozenset[str]:
        """Return the types of an object; note when there is none, or one that is not text."""
        types = listed(value.get("type"))
        if not types or not all(isinstance(name, str) and name for name in types):
            self.note("type", below(pointer, "type"), "The type is missing or is not text.", anchor)
            return frozenset()
        return frozenset(types)

    def url(self, value: object, pointer: str, anchor: str) -> None:
        """Note a value that is not one absolute URL."""
        if not is_url(value):
            self.note("url", pointer, "This is not one absolute URL.", anchor)

    def moment(self, value: object, pointer: str, anchor: str) -> datetime | None:
        """Return the moment that a value names; note when it names none."""
        moment = find_moment(value)
        if moment is None:
            message = "This is not a date and time with an offset, such as 2026-11-22T09:30:00Z."
            self.note("moment", pointer, message, anchor)
        return moment

    def day(self, value: object, pointer: str, anchor: str) -> None:
        """Note a value that is not a calendar date."""
        try:
            if isinstance(value, str) and len(value) == 10 and date.fromisoformat(value):
                return
        except ValueError:
            pass
        self.note("day", pointer, "This is not a date such as 2026-11-22.", anchor)


def below(pointer: str, name: str) -> str:
    """Return the JSON Pointer to a member of what `pointer` points to. Spec: RFC 6901 §3"""
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
