# SPDX-License-Identifier: Apache-2.0
"""What every JWT says of itself in the same way: its type, its key, its times, and whom it speaks of."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from laurel.errors import ProofFault
from laurel.model.timestamp import parse_timestamp
from laurel.strictjson import JsonValue

# What a JWT says about itself. In a credential these names mean nothing, so they are compared and set aside.
REGISTERED: Final = frozenset({"iss", "sub", "jti", "nbf", "exp", "iat", "aud", "cnf"})

_REPLICATED: Final = ("iss", "sub", "aud")


def type_of(header: Mapping[str, JsonValue], *, default: str | None = None) -> str | None:
    """Return the `typ` in lower case and without "application/"; None when it is no text.

    Spec: RFC 7515 §4.1.9
    """
    kind = header.get("typ", default)
    return kind.lower().removeprefix("application/") if isinstance(kind, str) else None


def key_of(header: Mapping[str, JsonValue]) -> tuple[str | None, Mapping[str, JsonValue] | None]:
    """Return the `kid` and the `jwk` of a header: claims of a stranger, until other documents confirm them.

    Raises:
        ProofFault: `proof.malformed` when one has the wrong shape.

    Spec: RFC 7515 §4.1.3 and §4.1.4
    """
    kid, jwk = header.get("kid"), header.get("jwk")
    if kid is not None and not isinstance(kid, str):
        raise ProofFault('The "kid" of the JWT is not text.', code="proof.malformed")
    if jwk is not None and not isinstance(jwk, dict):
        raise ProofFault('The "jwk" of the JWT is not an object.', code="proof.malformed")
    return kid, jwk


def require_same_in_header(header: Mapping[str, JsonValue], claims: Mapping[str, JsonValue]) -> None:
    """Refuse a header that repeats a claim with another value.

    Raises:
        ProofFault: `proof.claims`.

    Spec: RFC 7519 §5.3 (replicating claims as header parameters)
    """
    for name in _REPLICATED:
        if name in header and name in claims and header[name] != claims[name]:
            raise ProofFault(
                f'The header of the JWT gives another "{name}" than it holds.', code="proof.claims"
            )


def require_numbers(claims: Mapping[str, JsonValue], *names: str) -> None:
    """Refuse times that are no numbers of seconds.

    Raises:
        ProofFault: `proof.malformed`.

    Spec: RFC 7519 §2 (NumericDate)
    """
    for name in names:
        if name in claims and number(claims[name]) is None:
            raise ProofFault(f'The "{name}" of the JWT is not a number of seconds.', code="proof.malformed")


def number(value: JsonValue) -> float | None:
    """Return a number that is one, not a truth value."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment(seconds: float | None) -> datetime | None:
    """Return the moment of a number of seconds since 1970 UTC.

    Raises:
        ProofFault: `proof.malformed` for one beyond the years 1 to 9999.
    """
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise ProofFault("The JWT has a date that is none.", code="proof.malformed") from error


@lru_cache(maxsize=4096)
def seconds(text: str) -> int:
    """Return the whole seconds since 1970 UTC of a moment as credentials write it. Raises: ValueError."""
    return int(parse_timestamp(text).timestamp() // 1)


def id_of(value: JsonValue) -> str | None:
    """Return the id of an object, or the text that stands for one."""
    identifier = value.get("id") if isinstance(value, dict) else value
    return identifier if isinstance(identifier, str) else None
