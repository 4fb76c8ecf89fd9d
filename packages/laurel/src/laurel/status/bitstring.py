# SPDX-License-Identifier: Apache-2.0
"""Bitstring Status Lists: packing, unpacking, and the credential around them."""

import gzip
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from laurel.errors import CorruptBitstring, LaurelError
from laurel.model.credential import StatusEntry
from laurel.model.timestamp import format_timestamp
from laurel.proof.encodings import NotCanonical, from_base64url, to_base64url
from laurel.strictjson import JsonValue

SMALLEST_LENGTH: Final = 131_072  # entries; the crowd in which one credential hides
MAX_BYTES: Final = 1024 * 1024
MAX_PACKED: Final = 512 * 1024
PURPOSES: Final = ("revocation", "suspension")


class StatusFault(LaurelError):
    """A status entry or list that does not let us tell the status. `code` tells why."""

    code = "status.malformed"


def pack(indexes: Iterable[int], *, length: int = SMALLEST_LENGTH) -> str:
    """Return the `encodedList` in which exactly these bits are set.

    Args:
        indexes: entries to set, 0 being the left-most bit; in any order.
        length: entries in the list, a multiple of 8, at least 131,072.

    Raises:
        ValueError: a length that is too small or no multiple of 8, or an index outside the list.

    Spec: Bitstring Status List 1.0 §3.3 (generation)
    """
    if length < SMALLEST_LENGTH or length % 8:
        raise ValueError(f"a status list has a multiple of 8 entries, at least {SMALLEST_LENGTH}")
    bits = bytearray(length // 8)
    for index in indexes:
        if not 0 <= index < length:
            raise ValueError(f"the index {index} lies outside a list of {length}")
        bits[index // 8] |= 0x80 >> index % 8
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
    unpacker = zlib.decompressobj(wbits=31)  # gzip, and nothing else
    try:
        bits = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise CorruptBitstring("The status list is not packed with gzip.") from error
    if len(bits) > limit:
        raise CorruptBitstring(f"The status list unpacks to more than {limit:,} bytes.")
    if not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        raise CorruptBitstring("The status list is cut off, or something follows it.")
    if len(bits) * 8 < SMALLEST_LENGTH:
        raise CorruptBitstring(f"The status list has fewer than {SMALLEST_LENGTH:,} entries.")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Tell whether one entry of an expanded list is set.

    Raises:
        StatusFault: `status.range` for an index outside the list.

    Spec: Bitstring Status List 1.0 §3.2 (validate algorithm), RANGE_ERROR
    """
    if not 0 <= index < len(bits) * 8:
        raise StatusFault("The status list has no entry with the credential's number.", code="status.range")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def list_credential(
    *,
    url: str,
    issuer: str | Mapping[str, JsonValue],
    purpose: str,
    indexes: Iterable[int],
    valid_from: datetime,
    valid_until: datetime | None = None,
    ttl: int | None = None,
    length: int = SMALLEST_LENGTH,
) -> dict[str, JsonValue]:
    """Return an unsigned BitstringStatusListCredential.

    Args:
        url: where the list will be served; its id.
        purpose: "revocation" or "suspension".
        indexes: the entries to set.
        ttl: how long a reader may keep a copy, in milliseconds.

    Raises:
        ValueError: another purpose, or as `pack`.

    Spec: Bitstring Status List 1.0 §2.2
    """
    if purpose not in PURPOSES:
        raise ValueError(f"a status list is for one of {', '.join(PURPOSES)}")
    subject: dict[str, JsonValue] = {
        "id": f"{url}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": pack(indexes, length=length),
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


def entries(credential: Mapping[str, JsonValue]) -> tuple[StatusEntry, ...]:
    """Return the status entries of a credential, whatever their purpose; none when it has no status.

    Raises:
        StatusFault: `status.unknown-type` for another kind of status, `status.malformed` for an entry
            that does not name a list, a purpose and a number.

    Spec: Bitstring Status List 1.0 §2.1
    """
    value = credential.get("credentialStatus")
    if value is None and "credentialStatus" not in credential:
        return ()
    return tuple(_entry(item) for item in (value if isinstance(value, list) else [value]))


def bits_of(document: Mapping[str, JsonValue], entry: StatusEntry) -> bytes:
    """Return the bits of a status list credential, if it is the list that the entry means.

    Looks at the shape only; proof, issuer and dates of the list are the caller's to check.

    Raises:
        StatusFault: `status.not-a-list`, or `status.purpose` when the list is for something else.
        CorruptBitstring: the list does not unpack.

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
    return expand(encoded)


def _entry(value: JsonValue) -> StatusEntry:
    if not isinstance(value, dict):
        raise StatusFault("A status entry of the credential is not an object.")
    if value.get("type") != "BitstringStatusListEntry":
        raise StatusFault(
            "The credential keeps its status in a way that we do not know.", code="status.unknown-type"
        )
    purpose, index, url = (
        value.get(name) for name in ("statusPurpose", "statusListIndex", "statusListCredential")
    )
    identifier, size = value.get("id"), value.get("statusSize", 1)
    if isinstance(index, int) and not isinstance(index, bool):
        index = str(
            index
        )  # the specification wants text; some issuers write the number, which means the same
    if not isinstance(purpose, str) or not isinstance(url, str) or not isinstance(index, str):
        raise StatusFault("A status entry of the credential names no purpose, list or number.")
    # Digits of other scripts, signs and leading zeros would let two readers look at two bits.
    if not (index.isascii() and index.isdigit() and len(index) <= 10) or str(int(index)) != index:
        raise StatusFault("The number in a status entry of the credential is not a plain number.")
    if size != 1 or isinstance(size, bool):
        raise StatusFault("A status entry of the credential takes more than one bit.", code="status.size")
    return StatusEntry(
        id=identifier if isinstance(identifier, str) else None,
        purpose=purpose,
        index=int(index),
        list_url=url,
    )
