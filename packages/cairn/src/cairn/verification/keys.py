# SPDX-License-Identifier: Apache-2.0
"""Seals what a list holds under the key in its address, which this site does not keep."""

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


def fingerprint(key: str) -> str:
    """Return what is kept of a list's key, to find the list again."""
    return hashlib.sha256(b"cairn.verification.find:" + key.encode()).hexdigest()


def seal(key: str, content: bytes, *, place: str) -> bytes:
    """Return content that only the key opens, and only in its own place."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(key).encrypt(nonce, content, place.encode())


def unseal(key: str, sealed: bytes, *, place: str) -> bytes:
    """Return what was sealed. Raises `InvalidTag` for another key or place."""
    return _cipher(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())


def _cipher(key: str) -> AESGCM:
    # The key holds 256 random bits; the label keeps this use of it apart from the fingerprint.
    return AESGCM(hashlib.sha256(b"cairn.verification.seal:" + key.encode()).digest())


__all__ = ["InvalidTag", "fingerprint", "seal", "unseal"]
