# SPDX-License-Identifier: Apache-2.0
"""What may stand in the head of an e-mail."""

import re
import unicodedata

from cairn.messages.errors import NotOneAddress

#: One mailbox in the plain form that every mail server takes; quoted local parts are refused on purpose.
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@[^\s@<>(),;:\"\[\]\\]{1,253}")
LONGEST_SUBJECT = 200


def one_address(text: str) -> str:
    """Return the address, if it is exactly one and cannot smuggle in a second or a header.

    Raises:
        NotOneAddress: it is none, several, longer than 254 characters or holds a control character.

    Spec: RFC 5322 §3.4.1 (the part of it without quotes and comments); RFC 5321 §4.5.3.1 (lengths)
    """
    if len(text) > 254 or not _ADDRESS.fullmatch(text) or any(_is_control(letter) for letter in text):
        raise NotOneAddress("A letter goes to one e-mail address, like name@example.org.")
    return text


def one_line(text: str) -> str:
    """Return text that fits in a subject line: no control characters, at most 200 letters.

    Names of achievements and people end up here, and a line break would start a header of its own.
    """
    flat = " ".join("".join(" " if _is_control(letter) else letter for letter in text).split())
    return flat if len(flat) <= LONGEST_SUBJECT else flat[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _is_control(letter: str) -> bool:
    # Cc: controls with CR and LF; Zl, Zp: Unicode's own line breaks; Cf would hit Arabic joiners, so only
    # the characters that turn the direction of the text around are taken from it.
    return (
        unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"}
        or letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
    )
