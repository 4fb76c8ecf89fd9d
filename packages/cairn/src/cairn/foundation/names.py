# SPDX-License-Identifier: Apache-2.0
"""Names that strangers gave to things, made fit to be shown: whose domain, how long, in which direction."""

import unicodedata
from urllib.parse import unquote, urlsplit

#: What opens and closes a change of direction; none of it is needed inside a name.
_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_TO_THE_LEFT = ("R", "AL", "AN")
_ISOLATE, _END = "\u2068", "\u2069"


def domain_of(issuer_id: str) -> str:
    """Return the domain that stands behind an id, which only who runs it can sign for; or nothing.

    An id that is a key has none, whatever address its owner claims as their home page.
    """
    if issuer_id.startswith("did:web:"):
        return unquote(issuer_id.removeprefix("did:web:").partition(":")[0])
    return urlsplit(issuer_id).netloc if issuer_id.startswith(("https://", "http://")) else ""


def cut(text: str, most: int) -> str:
    """Return the text, or as much of it as is shown, with an ellipsis for the rest."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def isolated(name: str) -> str:
    """Return a name fit to stand in a sentence of plain text: it turns no word around that is not its own.

    On a page `<bdi>` does this. Here changes of direction inside the name are left out, and one that is
    written from right to left is set apart by the characters that Unicode has for it.
    """
    plain = name.translate(_DIRECTIONS)
    if any(unicodedata.bidirectional(letter) in _TO_THE_LEFT for letter in plain):
        return f"{_ISOLATE}{plain}{_END}"
    return plain
