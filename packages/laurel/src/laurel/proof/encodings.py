# SPDX-License-Identifier: Apache-2.0
"""The two alphabets of keys and signatures, read in their one canonical spelling only."""

import binascii
from typing import Final

from laurel import fast
from laurel.errors import Unreadable

# The decoding of base58 is quadratic in its length; an RSA key of 8192 bits takes some 1,430 letters.
LONGEST_BASE58 = 2048

_BASE64URL: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# By the length of the last group: the letters whose unused bits are zero.
_LAST: Final = {0: _BASE64URL, 2: _BASE64URL[::16], 3: _BASE64URL[::4]}

_BASE58: Final = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS: Final = [bytes((high, low)) for high in _BASE58 for low in _BASE58]
_FOUR: Final = 58**4
_EIGHT: Final = 58**8
_CHUNK: Final = 128
# Digits become numbers side by side in one long number: in each step two neighbours become one, in places of
# twice the width. (bits to the right, mask of every second place, what the left neighbour is worth)
_STEPS: Final = [
    (8 * n, int.from_bytes((bytes(n) + b"\xff" * n) * (_CHUNK // 2 // n)), 58**n)
    for n in (1, 2, 4, 8, 16, 32, 64)
]
_DIGITS: Final = bytes.maketrans(_BASE58, bytes(range(58)))


class NotCanonical(Unreadable):
    """Text that is not the one right spelling of any bytes."""

    code = "unreadable.encoding"


def to_base64url(data: bytes) -> str:
    """Return the bytes as base64url without padding. Spec: RFC 4648 §5; RFC 7515 §2"""
    if fast.native is not None:
        quick: bytes = fast.native.to_base64url(data)
        return quick.decode("ascii")
    # Two letters of 64 are replaced: looking for them is quicker than looking each letter up.
    plain = binascii.b2a_base64(data, newline=False).rstrip(b"=")
    return plain.replace(b"+", b"-").replace(b"/", b"_").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Return the bytes behind base64url text.

    Raises:
        NotCanonical: padding, white space, letters of another alphabet, an impossible length, or
            unused bits that are not zero: two spellings of one signature must not both pass.

    Spec: RFC 7515 §2; RFC 4648 §3.5
    """
    if not text:
        return b""
    if not text.isascii():
        raise NotCanonical("The text holds a character that base64url does not have.")
    octets = text.encode("ascii")
    if fast.native is not None:
        quick: bytes | None = fast.native.from_base64url(octets)
        if quick is not None:
            return quick
    rest = len(octets) % 4
    plain = octets.replace(b"-", b"+").replace(b"_", b"/")
    try:
        data = binascii.a2b_base64(plain + b"=" * (-rest % 4), strict_mode=True)
    except binascii.Error as error:
        if octets.translate(None, _BASE64URL):
            raise NotCanonical("The text holds a character that base64url does not have.") from error
        raise NotCanonical("The base64url text has an impossible length.") from error
    if b"+" in octets or b"/" in octets or b"=" in octets:
        raise NotCanonical("The text holds a character that base64url does not have.")
    if octets[-1] not in _LAST[rest]:
        raise NotCanonical("The base64url text is not in its canonical spelling.")
    return data


def to_base58btc(data: bytes) -> str:
    """Return the bytes as multibase base58btc, so beginning with "z"."""
    if fast.native is not None:
        quick: bytes | None = fast.native.to_base58(data)
        if quick is not None:
            return "z" + quick.decode("ascii")
    number = int.from_bytes(data)
    zeros = len(data) - len(data.lstrip(b"\0"))
    pairs: list[bytes] = []
    while number:
        # Eight digits at once out of the long number, then two out of short ones.
        number, chunk = divmod(number, _EIGHT)
        high, low = divmod(chunk, _FOUR)
        pairs += (_PAIRS[low % 3364], _PAIRS[low // 3364], _PAIRS[high % 3364], _PAIRS[high // 3364])
    pairs.reverse()
    digits = b"".join(pairs).lstrip(b"1")
    return "z" + (b"1" * zeros + digits).decode("ascii")


def from_base58btc(text: str) -> bytes:
    """Return the bytes behind multibase base58btc text.

    Raises:
        NotCanonical: no leading "z", a letter outside the alphabet, or longer than `LONGEST_BASE58`.

    Spec: Controlled Identifiers 1.0 §2.4 (multibase)
    """
    if len(text) > LONGEST_BASE58:
        raise NotCanonical(f"The base58 text is longer than {LONGEST_BASE58} characters.")
    octets = text.encode("ascii", "replace")
    digits = octets[1:]
    if fast.native is not None and digits and octets[0] == 0x7A:
        quick: bytes | None = fast.native.from_base58(digits)
        if quick is not None:
            return quick
    if octets[:1] != b"z" or not digits or digits.translate(None, _BASE58):
        raise NotCanonical('The text is not multibase base58btc, which begins with "z".')
    number = 0
    for start in range(-(-len(digits) % _CHUNK), len(digits), _CHUNK):
        chunk = int.from_bytes(digits[max(start, 0) : start + _CHUNK].translate(_DIGITS))
        for bits, mask, worth in _STEPS:
            chunk = (chunk & mask) + (chunk >> bits & mask) * worth
        number = number * 58**_CHUNK + chunk if number else chunk
    zeros = len(digits) - len(digits.lstrip(b"1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
