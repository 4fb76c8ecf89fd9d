# SPDX-License-Identifier: Apache-2.0
"""What the eye does not see in a name: letters that hide, two alphabets in one word, dressed-up letters.

A signature covers every letter, and still "Fernhill" with a Cyrillic letter in it reads like another's name.
So a report says which of the names that are shown first hold such letters; it decides nothing, for there are
honest uses of them. It follows the thought of Unicode Technical Standard 39 and knows no table of letters
that look alike.
"""

import re
from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 500
_HIDING_LETTERS: Final = (
    "\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e0fff"
)
_JOINERS: Final = "\u200c\u200d"
_LETTERS_LIKE_LATIN: Final = "\u0370-\u052f\u0531-\u058f\u13a0-\u13ff\uab70-\uabbf\u2c80-\u2cff"
_DRESSED_LETTERS: Final = "\uff01-\uff5e\U0001d400-\U0001d7ff\u2100-\u214f\u2460-\u24ff\u1d00-\u1dbf"
_HIDING: Final = re.compile(
    f"[{_HIDING_LETTERS}]"
    # Joiners belong into emoji and some scripts, and nowhere beside a letter of this one.
    f"|(?<=[!-~])[{_JOINERS}]|[{_JOINERS}](?=[!-~])"
)
_MAY_HIDE: Final = re.compile(f"[{_HIDING_LETTERS}{_JOINERS}]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_LIKE_LATIN: Final = re.compile(f"[{_LETTERS_LIKE_LATIN}]")
_DRESSED: Final = re.compile(f"[{_DRESSED_LETTERS}]")
# All that any of these is about. Most names hold none of it, and one look tells.
_WORTH_A_LOOK: Final = re.compile(f"[{_HIDING_LETTERS}{_JOINERS}{_LETTERS_LIKE_LATIN}{_DRESSED_LETTERS}]")


def notes(names: Iterable[tuple[str, str | None]], issuer_id: str | None) -> dict[str, str]:
    """Return what is odd about the names that are shown first; nothing where all are plain.

    Args:
        names: what each is called in the report, and its text.
        issuer_id: the issuer's DID or address; a host of other letters than these is spelled out.

    Returns:
        `hidden_characters`: names and code points, such as "issuer_name U+202E". `mixed_letters`: names of
        which a word is written in letters of two alphabets, or in dressed-up ones. `issuer_host`: how the
        host reads behind its `xn--`.
    """
    hidden: list[str] = []
    mixed: list[str] = []
    for name, text in names:
        if text is None or is_plain(text):
            continue
        text = text[:_LONGEST]
        points = dict.fromkeys(f"U+{ord(found):04X}" for found in _HIDING.findall(text))
        hidden += [f"{name} {' '.join(points)}"] if points else []
        mixed += [name] if _is_mixed(text) else []
    told: dict[str, str] = {}
    if hidden:
        told["hidden_characters"] = ", ".join(hidden)[:_LONGEST]
    if mixed:
        told["mixed_letters"] = ", ".join(mixed)
    if issuer_id is not None and "xn--" in issuer_id:
        told |= _spelled_out(issuer_id)
    return told


def is_plain(text: str) -> bool:
    """Tell whether a name holds nothing of which `notes` has anything to say, for sure."""
    if text.isascii() and text.isprintable():
        return True
    text = text[:_LONGEST]
    return _WORTH_A_LOOK.search(text) is None or not (_MAY_HIDE.search(text) or _is_mixed(text))


def _is_mixed(text: str) -> bool:
    if _DRESSED.search(text):
        return True
    return any(_LATIN.search(word) and _LIKE_LATIN.search(word) for word in text.split())


def _spelled_out(issuer_id: str) -> dict[str, str]:
    labels = [label for label in re.split(r"[.:/#%]", issuer_id[:_LONGEST]) if label.startswith("xn--")]
    try:
        read = [label.encode("ascii").decode("idna") for label in labels]
    except UnicodeError:
        return {"issuer_host": ", ".join(labels) + " (cannot be spelled out)"}
    pairs = (f"{label} ({word})" for label, word in zip(labels, read, strict=True))
    return {"issuer_host": ", ".join(pairs)} if labels else {}
