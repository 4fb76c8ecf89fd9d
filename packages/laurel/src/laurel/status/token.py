# SPDX-License-Identifier: Apache-2.0
"""Token Status Lists: the status of SD-JWT VCs and other tokens, in a signed JWT of packed values.

Values count from the least significant bit of each byte, where a Bitstring Status List counts from the most
significant one. The form in CBOR (CWT) is neither made nor read.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, final

from laurel.errors import CorruptBitstring, NotAKey
from laurel.model.timestamp import require_offset
from laurel.proof import jose
from laurel.proof.encodings import NotCanonical, from_base64url, to_base64url
from laurel.proof.jose import Jws
from laurel.proof.keys import SigningKey
from laurel.status.faults import StatusFault
from laurel.status.packing import MAX_BYTES, MAX_PACKED, ZLIB, inflate
from laurel.strictjson import JsonValue, dumps, loads

__all__ = [
    "APPLICATION_SPECIFIC",
    "INVALID",
    "MEDIA_TYPE",
    "SIZES",
    "SUSPENDED",
    "TYPE",
    "VALID",
    "StatusListToken",
    "TokenEntry",
    "entry",
    "expand",
    "pack",
    "read",
    "sign",
    "status_of",
    "value_at",
]

TYPE: Final = "statuslist+jwt"
MEDIA_TYPE: Final = f"application/{TYPE}"
SIZES: Final = (1, 2, 4, 8)

VALID: Final = 0
INVALID: Final = 1
SUSPENDED: Final = 2
#: Values whose meaning is the application's own. All other values are reserved for later registration.
APPLICATION_SPECIFIC: Final = frozenset({0x03, 0x0C, 0x0D, 0x0E, 0x0F})

_LONGEST_URI: Final = 2048
_LATEST: Final = 253_402_300_799  # the last second of the year 9999


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEntry:
    """Where a token's status is kept: the `index`-th value, from 0, of the list at `uri`."""

    index: int
    uri: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StatusListToken:
    """A Status List Token taken apart. Nothing in it is vouched for until its signature has held.

    `bits` is how many each value takes; `packed` the list as it came. `issuer` is its `iss`, which it need
    not have. `ttl` is how long a copy may be kept, counted from when it was fetched.
    """

    uri: str
    issued_at: datetime
    bits: int
    packed: str = field(repr=False)
    jws: Jws = field(repr=False)
    issuer: str | None = None
    expires: datetime | None = None
    ttl: timedelta | None = None


def pack(statuses: Mapping[int, int], *, bits: int, length: int) -> str:
    """Return the `lst` in which these values stand at these indexes and 0 everywhere else.

    Args:
        statuses: from index to value; VALID, INVALID, SUSPENDED or one of the application's own.
        bits: how many each value takes: 1, 2, 4 or 8.
        length: how many values; filled up with 0 to whole bytes.

    Raises:
        ValueError: another number of bits, no length, an index outside it, or a value that does not fit.

    Spec: Token Status List §4.1 (compressed byte array)
    """
    if bits not in SIZES or not 0 < length * bits <= MAX_BYTES * 8:
        raise ValueError(f"a token status list has 1, 2, 4 or 8 bits a value and at most {MAX_BYTES:,} bytes")
    data = bytearray((length * bits + 7) // 8)
    for index, value in statuses.items():
        if not 0 <= index < length:
            raise ValueError(f"the index {index} lies outside a list of {length}")
        if not 0 <= value < 1 << bits:
            raise ValueError(f"the value {value} does not fit into {bits} bit{'s' * (bits > 1)}")
        place = index * bits
        data[place // 8] |= value << place % 8
    return to_base64url(zlib.compress(bytes(data), level=9))


def expand(packed: str, *, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes packed inside a `lst`.

    Raises:
        CorruptBitstring: it is no base64url, holds no zlib, or unpacks to more than `limit`.

    Spec: Token Status List §4.2 (status list in JSON format)
    """
    if len(packed) > MAX_PACKED:
        raise CorruptBitstring(f"The status list takes more than {MAX_PACKED:,} characters.")
    try:
        data = from_base64url(packed)
    except NotCanonical as error:
        raise CorruptBitstring(f"The status list cannot be unpacked. {error}") from error
    return inflate(data, window=ZLIB, limit=limit)


def value_at(data: bytes, index: int, *, bits: int) -> int:
    """Return one value of an expanded list.

    Raises:
        StatusFault: `status.range` for an index outside the list, `status.size` for an odd number of bits.

    Spec: Token Status List §4.1 (least significant bit first), §8.3 (validation rules)
    """
    if bits not in SIZES:
        raise StatusFault("A value of the status list takes 1, 2, 4 or 8 bits.", code="status.size")
    if not 0 <= index < len(data) * 8 // bits:
        raise StatusFault("The status list has no entry with the credential's number.", code="status.range")
    place = index * bits
    return data[place // 8] >> place % 8 & (1 << bits) - 1


def sign(
    key: SigningKey,
    *,
    uri: str,
    statuses: Mapping[int, int],
    bits: int,
    length: int,
    issued_at: datetime,
    issuer: str | None = None,
    expires: datetime | None = None,
    ttl: timedelta | None = None,
) -> str:
    """Return a signed Status List Token, to be served under its URI as application/statuslist+jwt.

    Args:
        key: its id becomes the `kid`.
        uri: what the tokens name; the `sub` of the list.
        statuses, bits, length: as for `pack`.
        issuer: the `iss`, if one is wanted.
        expires: RECOMMENDED by the specification, as `ttl` is.

    Raises:
        NotAKey: the key has no id.
        ValueError: as `pack`, a `ttl` that is not positive, or a moment without its offset from UTC.

    Spec: Token Status List §5.1 (status list token in JWT format)
    """
    require_offset(issued_at, "issued_at")
    if expires is not None:
        require_offset(expires, "expires")
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    if ttl is not None and ttl <= timedelta(0):
        raise ValueError("the time to live is positive")
    claims: dict[str, JsonValue] = {"sub": uri, "iat": int(issued_at.timestamp())}
    if issuer is not None:
        claims["iss"] = issuer
    if expires is not None:
        claims["exp"] = int(expires.timestamp())
    if ttl is not None:
        claims["ttl"] = max(1, int(ttl.total_seconds()))
    claims["status_list"] = {"bits": bits, "lst": pack(statuses, bits=bits, length=length)}
    return jose.encode({"typ": TYPE, "kid": key.id}, dumps(claims), key)


def entry(claims: Mapping[str, JsonValue]) -> TokenEntry | None:
    """Return where a token says that its status is kept; None when it has no `status`.

    Raises:
        StatusFault: `status.unknown-type` when it names only mechanisms that we do not know,
            `status.malformed` for an entry without a plain number and an address.

    Spec: Token Status List §6.2 (referenced token in JOSE)
    """
    if "status" not in claims:
        return None
    status = claims["status"]
    if not isinstance(status, dict) or not status:
        raise StatusFault("The status of the token is not an object.")
    if "status_list" not in status:
        raise StatusFault(
            "The token keeps its status in a way that we do not know.", code="status.unknown-type"
        )
    named = status["status_list"]
    index, uri = (named.get("idx"), named.get("uri")) if isinstance(named, dict) else (None, None)
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        raise StatusFault("The number in the status entry of the token is not a plain number.")
    if not isinstance(uri, str) or not 0 < len(uri) <= _LONGEST_URI:
        raise StatusFault("The status entry of the token names no list.")
    return TokenEntry(index=index, uri=uri)


def read(text: str) -> StatusListToken:
    """Take a Status List Token apart, without judging its signature or its dates.

    Raises:
        StatusFault: `status.not-a-list` for another kind of token, `status.malformed` for claims that are
            not those of a list.
        NotAJws, NotJson, TooLarge: the text cannot be read.

    Spec: Token Status List §5.1 (status list token in JWT format), §4.2
    """
    jws = jose.decode(text)
    kind = jws.header.get("typ")
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") != TYPE:
        raise StatusFault("What was found is not a status list.", code="status.not-a-list")
    claims = loads(jws.payload, longest_string=MAX_PACKED)
    if not isinstance(claims, dict):
        raise StatusFault("What was found is not a status list.", code="status.not-a-list")
    uri, issuer, listed = (claims.get(name) for name in ("sub", "iss", "status_list"))
    if not isinstance(uri, str) or not isinstance(listed, dict) or "iat" not in claims:
        raise StatusFault("The status list does not say which it is, of when, or what it lists.")
    if issuer is not None and not isinstance(issuer, str):
        raise StatusFault("The issuer of the status list is not a text.")
    bits, packed = listed.get("bits"), listed.get("lst")
    if (
        not isinstance(bits, int)
        or isinstance(bits, bool)
        or bits not in SIZES
        or not isinstance(packed, str)
    ):
        raise StatusFault("The status list holds no list of 1, 2, 4 or 8 bits a value.")
    return StatusListToken(
        uri=uri,
        issued_at=_moment(claims["iat"]),
        bits=bits,
        packed=packed,
        jws=jws,
        issuer=issuer,
        expires=_moment(claims["exp"]) if "exp" in claims else None,
        ttl=_lifetime(claims["ttl"]) if "ttl" in claims else None,
    )


def status_of(token: StatusListToken, entry: TokenEntry) -> int:
    """Return the value that a list, whose signature and dates were found good, holds for an entry.

    Raises:
        StatusFault: `status.other-list` when the list is not the one that the entry names, `status.range`.
        CorruptBitstring: the list does not unpack.

    Spec: Token Status List §8.3 (validation rules), steps 4 to 6
    """
    if token.uri != entry.uri:
        raise StatusFault("What was found is another list than the one named.", code="status.other-list")
    return value_at(expand(token.packed), entry.index, bits=token.bits)


def _lifetime(value: JsonValue) -> timedelta:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= _LATEST:
        raise StatusFault("The time to live of the status list is not a positive number of seconds.")
    return timedelta(seconds=value)


def _moment(value: JsonValue) -> datetime:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _LATEST:
        raise StatusFault("The status list has a date that is none.")
    return datetime.fromtimestamp(value, UTC)
