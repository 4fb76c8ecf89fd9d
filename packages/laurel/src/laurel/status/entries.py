# SPDX-License-Identifier: Apache-2.0
"""Where a credential says that its status is kept: the entries of today, and those of two older ways."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, final

from laurel.status.faults import StatusFault
from laurel.strictjson import JsonValue

#: With more bits, the messages for all values would make more JSON than laurel reads.
LARGEST_SIZE: Final = 11

Kind = Literal["BitstringStatusListEntry", "StatusList2021Entry", "1EdTechRevocationList"]

_HEX: Final = re.compile(r"0x[0-9A-Fa-f]{1,8}")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place where the status of a credential is kept.

    `purpose` says what it tells: "revocation", "suspension", "refresh", "message" or a word of the issuer's
    own. `index` counts values of `size` bits from 0 at the left. `messages` gives what a value means, where
    the issuer said so; `references` are addresses with more about it. A 1EdTechRevocationList names
    credentials and not numbers, so there `index` means nothing.
    """

    kind: Kind
    purpose: str
    list_url: str
    index: int = 0
    size: int = 1
    id: str | None = None
    messages: Mapping[int, str] = field(default_factory=dict, hash=False)
    references: tuple[str, ...] = ()


def entries(credential: Mapping[str, JsonValue]) -> tuple[Entry, ...]:
    """Return the status entries of a credential, whatever their purpose; none when it has no status.

    Raises:
        StatusFault: `status.unknown-type` for a kind of status that we do not know, `status.malformed` for
            an entry that does not name a list, a purpose and a number, `status.size` for a number of bits
            or of messages that cannot be.

    Spec: Bitstring Status List 1.0 §2.1; Status List 2021 §4.1; 1EdTech Revocation List 1.0 #data-model
    """
    value = credential.get("credentialStatus")
    if value is None and "credentialStatus" not in credential:
        return ()
    return tuple(_entry(item) for item in (value if isinstance(value, list) else [value]))


def _entry(value: JsonValue) -> Entry:
    if not isinstance(value, dict):
        raise StatusFault("A status entry of the credential is not an object.")
    kind, identifier = value.get("type"), value.get("id")
    named = identifier if isinstance(identifier, str) else None
    if kind == "1EdTechRevocationList":
        if not named:
            raise StatusFault("A status entry of the credential names no list.")
        return Entry(kind="1EdTechRevocationList", purpose="revocation", list_url=named, id=named)
    if kind == "BitstringStatusListEntry":
        size = _size(value)
        return replace(
            _place("BitstringStatusListEntry", named, value),
            size=size,
            messages=_messages(value, size),
            references=_references(value),
        )
    if kind == "StatusList2021Entry":
        return _place("StatusList2021Entry", named, value)
    raise StatusFault(
        "The credential keeps its status in a way that we do not know.", code="status.unknown-type"
    )


def _place(kind: Kind, identifier: str | None, value: Mapping[str, JsonValue]) -> Entry:
    purpose, index, url = (
        value.get(name) for name in ("statusPurpose", "statusListIndex", "statusListCredential")
    )
    if isinstance(index, int) and not isinstance(index, bool):
        # The specification wants text; some issuers write the number, which means the same.
        index = str(index)
    if not isinstance(purpose, str) or not purpose or not isinstance(url, str) or not isinstance(index, str):
        raise StatusFault("A status entry of the credential names no purpose, list or number.")
    # Digits of other scripts, signs and leading zeros would let two readers look at two bits.
    if not (index.isascii() and index.isdigit() and len(index) <= 10) or str(int(index)) != index:
        raise StatusFault("The number in a status entry of the credential is not a plain number.")
    return Entry(kind=kind, id=identifier, purpose=purpose, index=int(index), list_url=url)


def _size(value: Mapping[str, JsonValue]) -> int:
    size = value.get("statusSize", 1)
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= LARGEST_SIZE:
        raise StatusFault(
            f"A status entry of the credential takes other than 1 to {LARGEST_SIZE} bits.", code="status.size"
        )
    return size


def _messages(value: Mapping[str, JsonValue], size: int) -> dict[int, str]:
    """Return what each value means. Required, one for each value, when the entry takes more than one bit."""
    listed = value.get("statusMessage")
    if listed is None and "statusMessage" not in value and size == 1:
        return {}
    if not isinstance(listed, list) or len(listed) != 1 << size:
        message = f"A status entry of {size} bits has {1 << size} messages, and this one has not."
        raise StatusFault(message, code="status.size")
    found: dict[int, str] = {}
    for item in listed:
        said, text = (item.get("status"), item.get("message")) if isinstance(item, dict) else (None, None)
        if not isinstance(said, str) or not _HEX.fullmatch(said) or not isinstance(text, str):
            raise StatusFault("A message of a status entry is not a value such as 0x1 and a text.")
        found[int(said, 16)] = text
    if len(found) != len(listed) or max(found) >= 1 << size:
        raise StatusFault("The messages of a status entry are not one for each value.", code="status.size")
    return found


def _references(value: Mapping[str, JsonValue]) -> tuple[str, ...]:
    listed = value.get("statusReference", [])
    found = listed if isinstance(listed, list) else [listed]
    if not all(isinstance(item, str) and item for item in found):
        raise StatusFault("The reference of a status entry is not an address.")
    return tuple(str(item) for item in found)
