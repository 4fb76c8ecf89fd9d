# SPDX-License-Identifier: Apache-2.0
"""The two alphabets of keys and signatures, read in their one canonical spelling only."""

import base64
import binascii
import re

import base58

from laurel.errors import Unreadable

# The decoding of base58 is quadratic in its length; an RSA key of 8192 bits takes some 1,430 letters.
LONGEST_BASE58 = 2048

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_BASE58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]+")


class NotCanonical(Unreadable):
    """Text that is not the one right spelling of any bytes."""

    code = "unreadable.encoding"


def to_base64url(data: bytes) -> str:
    """Return the bytes as base64url without padding. Spec: RFC 4648 §5; RFC 7515 §2"""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Return the bytes behind base64url text.

    Raises:
        NotCanonical: padding, white space, letters of another alphabet, an impossible length, or
            unused bits that are not zero: two spellings of one signature must not both pass.

    Spec: RFC 7515 §2; RFC 4648 §3.5
    """
    if not _BASE64URL.fullmatch(text):
        raise NotCanonical("The text holds a character that base64url does not have.")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise NotCanonical("The base64url text has an impossible length.") from error
    if to_base64url(data) != text:
        raise NotCanonical("The base64url text is not in its canonical spelling.")
    return data


def to_base58btc(data: bytes) -> str:
    """Return the bytes as multibase base58btc, so beginning with "z"."""
    return "z" + str(base58.b58encode(data).decode("ascii"))


def from_base58btc(text: str) -> bytes:
    """Return the bytes behind multibase base58btc text.

    Raises:
        NotCanonical: no leading "z", a letter outside the alphabet, or longer than `LONGEST_BASE58`.

    Spec: Controlled Identifiers 1.0 §2.4 (multibase)
    """
    if len(text) > LONGEST_BASE58:
        raise NotCanonical(f"The base58 text is longer than {LONGEST_BASE58} characters.")
    if not text.startswith("z") or not _BASE58.fullmatch(text[1:]):
        raise NotCanonical('The text is not multibase base58btc, which begins with "z".')
    return bytes(base58.b58decode(text[1:]))
