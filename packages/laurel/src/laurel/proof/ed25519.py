# SPDX-License-Identifier: Apache-2.0
"""Ed25519 by libsodium where it is installed, otherwise by OpenSSL, with the same answer to everything."""

from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from laurel import fast

FIELD_PRIME: Final = 2**255 - 19
# The y coordinates of the points whose order divides eight. Under such a key one signature holds for
# many messages, so it binds nobody to anything.
SMALL_ORDER: Final = frozenset(
    {
        0,
        1,
        FIELD_PRIME - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    }
)
# A signature begins with a point that is never one of these unless somebody meant it to; libsodium refuses
# them and OpenSSL does not.
_SMALL_POINTS: Final = frozenset(
    (y | sign << 255).to_bytes(32, "little")
    for y in (*SMALL_ORDER, FIELD_PRIME, FIELD_PRIME + 1)
    for sign in (0, 1)
)


def sign(private: Ed25519PrivateKey, public: bytes, message: bytes) -> bytes:
    """Return the 64 bytes of the signature, which key and message decide alone. Spec: RFC 8032 §5.1.6"""
    sodium = fast.sodium()
    if sodium is None:
        return private.sign(message)
    return sodium.sign(message, private.private_bytes_raw() + public)[:64]


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature holds; s is below the group order, and both points are free of trickery.

    Args:
        public: 32 bytes that are known to be a key, see `laurel.proof.keys`.

    Spec: RFC 8032 §5.1.7, the equation without the factor eight
    """
    if len(signature) != 64 or signature[:32] in _SMALL_POINTS:
        return False
    sodium = fast.sodium()
    refused = InvalidSignature if sodium is None else sodium.refused
    try:
        if sodium is None:
            _openssl(public).verify(signature, message)
        else:
            sodium.open(signature + message, public)
    except refused:
        return False
    return True


@lru_cache(maxsize=256)
def _openssl(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)
