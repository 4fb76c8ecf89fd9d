# SPDX-License-Identifier: Apache-2.0
"""Unguessable public references that a person can read out: 128 random bits in Crockford's base 32."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_ref() -> str:
    """Return a fresh reference of 26 letters and digits."""
    number = secrets.randbits(128)
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(LENGTH)))


def new_key() -> str:
    """Return a fresh secret for a link that is itself the key: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def clean_ref(text: str) -> str | None:
    """Return what a person typed as a reference, or `None` where it cannot be one.

    Spaces and hyphens are passed over; O is read as 0, I and L as 1.
    """
    ref = "".join(text.split()).replace("-", "").upper().translate(_MISREAD)
    return ref if len(ref) == LENGTH and set(ref) <= set(ALPHABET) else None
