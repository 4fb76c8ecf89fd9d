# SPDX-License-Identifier: Apache-2.0
"""Public keys as older badges publish them: RSA in PEM."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from laurel.errors import NotAKey
from laurel.proof.encodings import to_base64url
from laurel.proof.keys import VerifyingKey

LONGEST: Final = 8 * 1024


def from_pem(text: str) -> VerifyingKey:
    """Read an RSA public key.

    Raises:
        NotAKey: it is none, or of a size that we do not use.

    Spec: OB 2.0 #CryptographicKey
    """
    if len(text) > LONGEST:
        raise NotAKey("The key is longer than any that we use.")
    try:
        loaded = load_pem_public_key(text.encode())
    except Exception as error:  # cryptography raises many kinds, and one of its own, on what is no key
        raise NotAKey("The text is not a public key in PEM.") from error
    if not isinstance(loaded, RSAPublicKey):
        raise NotAKey("The key is not an RSA key.")
    numbers = loaded.public_numbers()
    return VerifyingKey.from_jwk({"kty": "RSA", "n": _from_int(numbers.n), "e": _from_int(numbers.e)})


def _from_int(number: int) -> str:
    return to_base64url(number.to_bytes((number.bit_length() + 7) // 8))
