# SPDX-License-Identifier: Apache-2.0
"""One disclosure: a salt and a value that its digest stands for, in the spelling that the issuer chose."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final, final

from laurel.errors import LaurelError, ProofFault, TooLarge
from laurel.proof.encodings import from_base64url, to_base64url
from laurel.strictjson import JsonValue, dumps, loads

# The names of IANA's registry of hash functions for those that we hold for safe.
HASHES: Final = {"sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512"}
SALT_BYTES: Final = 16

# Where digests stand, and which function made them: never the name of a claim.
DIGESTS: Final = "_sd"
PLACEHOLDER: Final = "..."
ALGORITHM: Final = "_sd_alg"
RESERVED: Final = frozenset({DIGESTS, PLACEHOLDER, ALGORITHM})


class CannotDisclose(LaurelError):
    """What is to be hidden or shown is not there, or cannot be hidden or shown on its own."""

    code = "disclosure"

    def __init__(self, message: str, *, pointer: str, code: str | None = None) -> None:
        """Take the sentence and the place that was asked for, a JSON Pointer (RFC 6901)."""
        super().__init__(message, code=code)
        self.pointer = pointer


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What one digest stands for: a claim with its name, or an element of an array without one.

    `text` is the base64url that the digest was taken of; another spelling of the same value is another
    disclosure.
    """

    text: str = field(repr=False)
    salt: str = field(repr=False)
    name: str | None
    value: JsonValue = field(repr=False)


def make(value: JsonValue, *, name: str | None = None, salt: str | None = None) -> Disclosure:
    """Return a disclosure of a claim, or of an element of an array when there is no name.

    The salt has 128 random bits: without it whoever sees a digest could try out likely values.

    Spec: RFC 9901 §4.2.1 and §4.2.2; RFC 9901 §9.3 (entropy of the salt)
    """
    chosen = salt if salt is not None else to_base64url(secrets.token_bytes(SALT_BYTES))
    parts: list[JsonValue] = [chosen, value] if name is None else [chosen, name, value]
    return Disclosure(text=to_base64url(dumps(parts)), salt=chosen, name=name, value=value)


def read(text: str) -> Disclosure:
    """Take one disclosure apart.

    Raises:
        ProofFault: `proof.disclosure` when it is no base64url of a JSON array of two or three elements that
            begins with a salt, and with three of them goes on with a name.
        TooLarge: larger than a credential may be.

    Spec: RFC 9901 §4.2.1 and §4.2.2; RFC 9901 §7.1, steps 3.c.ii.1 and 3.c.iii.1
    """
    try:
        parts = loads(from_base64url(text))
    except TooLarge:
        raise
    except LaurelError as error:
        raise ProofFault(f"A disclosure cannot be read. {error}", code="proof.disclosure") from error
    match parts:
        case [str() as salt, value]:
            return Disclosure(text=text, salt=salt, name=None, value=value)
        case [str() as salt, str() as name, value]:
            return Disclosure(text=text, salt=salt, name=name, value=value)
    raise ProofFault("A disclosure is not a salt and a value.", code="proof.disclosure")


def digest(text: str, algorithm: str) -> str:
    """Return the digest of a disclosure, or of a whole SD-JWT, as it stands in tokens.

    Args:
        algorithm: one of HASHES.

    Spec: RFC 9901 §4.2.3 (hashing disclosures)
    """
    return to_base64url(hashlib.new(HASHES[algorithm], text.encode("ascii")).digest())


def decoy(algorithm: str) -> str:
    """Return a digest that nothing stands behind. Spec: RFC 9901 §4.2.5 (decoy digests)"""
    return digest(to_base64url(secrets.token_bytes(32)), algorithm)
