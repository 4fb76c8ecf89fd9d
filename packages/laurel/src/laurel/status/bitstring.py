# SPDX-License-Identifier: Apache-2.0
"""Bitstring Status Lists: packing, unpacking, and the credential around them."""

import gzip
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from laurel.errors import CorruptBitstring
from laurel.model.timestamp import format_timestamp, require_offset
from laurel.proof.encodings import NotCanonical, from_base64url, to_base64url
from laurel.status.entries import LARGEST_SIZE, Entry
from laurel.status.faults import StatusFault
from laurel.status.packing import GZIP, MAX_BYTES, MAX_PACKED, inflate
from laurel.strictjson import JsonValue

__all__ = [
    "PURPOSES",
    "SMALLEST_LENGTH",
    "expand",
    "is_set",
    "list_credential",
    "pack",
    "pack_values",
    "value_at",
]

SMALLEST_LENGTH: Final = 131_072  # entries; the crowd in which one credential hides
PURPOSES: Final = ("revocation", "suspension", "refresh", "message")


def pack(indexes: Iterable[int], *, length: int = SMALLEST_LENGTH) -> str:
    """Return the `encodedList` in which exactly these bits are set, each entry being one bit.

    Args and errors: as for `pack_values`.

    Spec: Bitstring Status List 1.0 §3.3 (generation)
    """
    return pack_values(dict.fromkeys(indexes, 1), length=length)


def pack_values(values: Mapping[int, int], *, size: int = 1, length: int = SMALLEST_LENGTH) -> str:
    """Return the `encodedList` in which these values stand at these indexes and 0 everywhere else.

    Args:
        values: from index to value; entry 0 is the left-most, and its highest bit comes first.
        size: how many bits each entry takes, 1 to 11.
        length: entries in the list, a multiple of 8, at least 131,072.

    Raises:
        ValueError: a size or length that cannot be, an index outside the list, or a value that does not fit.

    Spec: Bitstring Status List 1.0 §3.3 (generation): the place is the index times the size
    """
    if not 1 <= size <= LARGEST_SIZE:
        raise ValueError(f"an entry of a status list takes 1 to {LARGEST_SIZE} bits")
    if length < SMALLEST_LENGTH or length % 8:
        raise ValueError(f"a status list has a multiple of 8 entries, at least {SMALLEST_LENGTH}")
    if length * size > MAX_BYTES * 8:
        raise ValueError(f"a status list takes at most {MAX_BYTES:,} bytes")
    bits = bytearray(length * size // 8)
    for index, value in values.items():
        if not 0 <= index < length:
            raise ValueError(f"the index {index} lies outside a list of {length}")
        if not 0 <= value < 1 << size:
            raise ValueError(f"the value {value} does not fit into {size} bit{'s' * (size > 1)}")
        start, end = index * size, (index + 1) * size
        for offset, byte in enumerate((value << -end % 8).to_bytes(-(-end // 8) - start // 8)):
            bits[start // 8 + offset] |= byte
    # Without a time stamp inside, the same bits give the same text.
    return "u" + to_base64url(gzip.compress(bytes(bits), compresslevel=9, mtime=0))


def expand(encoded_list: str, *, limit: int = MAX_BYTES) -> bytes:
    """Return the status bits packed inside an `encodedList`.

    Entry 0 is the left-most bit of the first byte.

    Args:
        encoded_list: multibase text, so its first letter is "u"; gzip inside.
        limit: the most bytes to expand to, by default 1 MiB (8,388,608 entries).

    Returns:
        The bits, 16,384 bytes or more.

    Raises:
        CorruptBitstring: the text is no multibase base64url, holds no gzip or more than one, or expands
            to fewer than 16,384 bytes or more than `limit`.

    Spec: Bitstring Status List 1.0 §3.4 (expansion), §3.2 (smallest length)
    """
    if len(encoded_list) > MAX_PACKED:
        raise CorruptBitstring(f"The status list takes more than {MAX_PACKED:,} characters.")
    if not encoded_list.startswith("u"):
        raise CorruptBitstring('The status list does not begin with "u", so it is not base64url.')
    try:
        packed = from_base64url(encoded_list[1:])
    except NotCanonical as error:
        raise CorruptBitstring(f"The status list cannot be unpacked. {error}") from error
    bits = inflate(packed, window=GZIP, limit=limit)
    require_crowd(bits)
    return bits


def require_crowd(bits: bytes, *, size: int = 1) -> None:
    """Refuse a list in which too few credentials hide. Raises: CorruptBitstring, `status.length`.

    Spec: Bitstring Status List 1.0 §3.2 (validate algorithm), STATUS_LIST_LENGTH_ERROR
    """
    if len(bits) * 8 // size < SMALLEST_LENGTH:
        message = f"The status list has fewer than {SMALLEST_LENGTH:,} entries."
        raise CorruptBitstring(message, code="status.length")


def is_set(bits: bytes, index: int) -> bool:
    """Tell whether one entry of an expanded list, of one bit each, is set. Raises: as `value_at`."""
    return value_at(bits, index) != 0


def value_at(bits: bytes, index: int, *, size: int = 1) -> int:
    """Return one entry of an expanded list, `size` bits wide.

    Raises:
        StatusFault: `status.range` for an index outside the list.

    Spec: Bitstring Status List 1.0 §3.2 (validate algorithm), RANGE_ERROR
    """
    start, end = index * size, (index + 1) * size
    if index < 0 or end > len(bits) * 8:
        raise StatusFault("The status list has no entry with the credential's number.", code="status.range")
    return int.from_bytes(bits[start // 8 : -(-end // 8)]) >> -end % 8 & (1 << size) - 1


def list_credential(
    *,
    url: str,
    issuer: str | Mapping[str, JsonValue],
    purpose: str,
    indexes: Iterable[int] = (),
    values: Mapping[int, int] | None = None,
    size: int = 1,
    valid_from: datetime,
    valid_until: datetime | None = None,
    ttl: int | None = None,
    length: int = SMALLEST_LENGTH,
) -> dict[str, JsonValue]:
    """Return an unsigned BitstringStatusListCredential.

    Args:
        url: where the list will be served; its id.
        purpose: "revocation", "suspension", "refresh" or "message".
        indexes: the entries to set to 1.
        values: the entries to set to some other value, from index to value.
        size: how many bits each entry takes; the credentials that name the list must say the same.
        ttl: how long a reader may keep a copy, in milliseconds.

    Raises:
        ValueError: another purpose, an index in both `indexes` and `values`, a moment without its offset from
            UTC, or as `pack_values`.

    Spec: Bitstring Status List 1.0 §2.2
    """
    require_offset(valid_from, "valid_from")
    if valid_until is not None:
        require_offset(valid_until, "valid_until")
    if purpose not in PURPOSES:
        raise ValueError(f"a status list is for one of {', '.join(PURPOSES)}")
    entries = dict.fromkeys(indexes, 1)
    if entries.keys() & (values or {}).keys():
        raise ValueError("an entry has two values")
    subject: dict[str, JsonValue] = {
        "id": f"{url}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": pack_values(entries | dict(values or {}), size=size, length=length),
    }
    if ttl is not None:
        subject["ttl"] = ttl
    document: dict[str, JsonValue] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer if isinstance(issuer, str) else dict(issuer),
        "validFrom": format_timestamp(valid_from),
    }
    if valid_until is not None:
        document["validUntil"] = format_timestamp(valid_until)
    return document | {"credentialSubject": subject}


def bits_of(document: Mapping[str, JsonValue], entry: Entry) -> bytes:
    """Return the bits of a status list credential, if it is the list that the entry means.

    Looks at the shape only; proof, issuer and dates of the list are the caller's to check.

    Raises:
        StatusFault: `status.not-a-list`, or `status.purpose` when the list is for something else.
        CorruptBitstring: the list does not unpack, or is too short for entries of this size.

    Spec: Bitstring Status List 1.0 §3.2 (validate algorithm), steps 6 to 9
    """
    subject = document.get("credentialSubject")
    types = document.get("type")
    is_list = "BitstringStatusListCredential" in types if isinstance(types, list | str) else False
    if not is_list or not isinstance(subject, dict) or subject.get("type") != "BitstringStatusList":
        raise StatusFault("What was found is not a status list.", code="status.not-a-list")
    purpose = subject.get("statusPurpose")
    if entry.purpose not in (purpose if isinstance(purpose, list) else [purpose]):
        raise StatusFault(f"The status list is not for {entry.purpose}.", code="status.purpose")
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str):
        raise StatusFault("The status list holds no list.", code="status.not-a-list")
    bits = expand(encoded)
    require_crowd(bits, size=entry.size)
    return bits
