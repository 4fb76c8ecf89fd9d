# SPDX-License-Identifier: Apache-2.0
"""What the caller found behind the URLs that a check needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self, TypeAlias, final
from urllib.parse import urlsplit

from laurel.errors import LaurelError, Unreadable
from laurel.model.timestamp import require_offset
from laurel.status.packing import MAX_PACKED
from laurel.strictjson import JsonValue, loads

__all__ = [
    "Kept",
    "Material",
    "Rewritten",
    "Unreachable",
]

LARGEST_DOCUMENT: Final = 1024 * 1024


@final
@dataclass(frozen=True, slots=True)
class Unreachable:
    """A URL that gave nothing; `reason` is a sentence for a person."""

    reason: str


@final
class Rewritten(bytes):
    """A JSON document that was parsed and written again on its way here.

    It says the same as what was served, but byte for byte it may differ: it holds keys and lists as well as
    ever, and must not be held against a fingerprint.
    """


@final
class Kept(bytes):
    """A document that the caller kept from an earlier check: `since` is when it was fetched, with its zone.

    A status list may say how long copies of it are good for.
    """

    since: datetime

    def __new__(cls, data: bytes, since: datetime) -> Self:
        """Take the bytes as they were served, and when. Raises: ValueError; `since` has no offset."""
        require_offset(since, "since")
        kept = super().__new__(cls, data)
        kept.since = since
        return kept


Material: TypeAlias = bytes | Unreachable
"""What a URL led to."""


class NotFound(LaurelError):
    """A document that a check needs is missing, or is not what it should be. `url` names it."""

    code = "not-found"

    def __init__(self, message: str, *, url: str) -> None:
        """Take the sentence and the URL."""
        super().__init__(message)
        self.url = url

    @property
    def host(self) -> str:
        """The host that did not give the document."""
        return host_of(self.url)


def is_on_the_web(url: str) -> bool:
    """Tell whether a URL is one that may be fetched at all.

    Strangers choose these URLs, and a caller's way to fetch may also read files or other things of its own.
    """
    return url.startswith(("https://", "http://"))


def host_of(url: str) -> str:
    """Return the host of a URL for a sentence; the URL itself, cut short, when it has none."""
    try:
        return urlsplit(url).hostname or url[:80]
    except ValueError:  # brackets that hold no IPv6 address, letters that turn into others
        return url[:80]


def document(found: Mapping[str, Material], url: str) -> dict[str, JsonValue]:
    """Return the JSON object behind a URL.

    Raises:
        NotFound: it was not fetched, could not be, or is no JSON object.
    """
    try:
        value = loads(text(found, url), limit=LARGEST_DOCUMENT, longest_string=MAX_PACKED)
    except Unreadable as error:
        raise NotFound(f"{host_of(url)} gave something else than was expected.", url=url) from error
    if not isinstance(value, dict):
        raise NotFound(f"{host_of(url)} gave something else than was expected.", url=url)
    return value


def text(found: Mapping[str, Material], url: str) -> bytes:
    """Return the bytes behind a URL. Raises: NotFound."""
    material = found.get(url)
    if material is None:
        raise NotFound(f"{host_of(url)} was not asked.", url=url)
    if isinstance(material, Unreachable):
        raise NotFound(material.reason, url=url)
    return material
