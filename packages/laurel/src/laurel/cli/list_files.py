# SPDX-License-Identifier: Apache-2.0
"""Status lists in files, of either kind: what they say of themselves, and what is set in them."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, NamedTuple

import click

from laurel.cli.sources import is_loopback, plain
from laurel.errors import LaurelError, ProofFault, Unreadable
from laurel.model.timestamp import format_timestamp
from laurel.proof import data_integrity, jose
from laurel.proof.keys import VerifyingKey
from laurel.status import bitstring, token
from laurel.status.faults import StatusFault
from laurel.strictjson import MAX_BYTES, loads
from laurel.verify.presented import Presented, texts
from laurel.verify.presented import read as read_credential
from laurel.verify.status_lists import lifetime_of

_MILLISECOND: Final = timedelta(milliseconds=1)


class ListFile(NamedTuple):
    """A status list as it came. Nothing in it is vouched for until `hold` has passed.

    `kind` is "bitstring" or "token", `size` how many bits each entry takes, `ttl` is in milliseconds. `hold`
    holds its signature against a key, and raises a `ProofFault`.
    """

    kind: str
    url: Any
    issuer: str | None
    purpose: Any
    begins: Any
    ends: Any
    ttl: int | None
    size: int
    bits: bytes
    hold: Callable[[VerifyingKey], None]

    @property
    def length(self) -> int:
        """How many entries it has."""
        return len(self.bits) * 8 // self.size

    def value_at(self, index: int) -> int:
        """Return the value of an entry. Raises: StatusFault; there is no such entry."""
        if self.kind == "token":
            return token.value_at(self.bits, index, bits=self.size)
        return bitstring.value_at(self.bits, index, size=self.size)

    def entries(self) -> Iterator[tuple[int, int]]:
        """Give index and value of each entry that is set."""
        for index in self._places():
            value = self.value_at(index)
            if value:
                yield index, value

    def _places(self) -> Iterator[int]:
        """Give the indexes of entries that may be set: eight of them take as many bytes as one has bits."""
        nothing = bytes(self.size)
        groups = len(self.bits) // self.size
        for group in range(groups):
            if self.bits[group * self.size : (group + 1) * self.size] != nothing:
                yield from range(8 * group, 8 * group + 8)
        yield from range(8 * groups, self.length)

    def told(self) -> dict[str, Any]:
        """Return what it says of itself, for JSON."""
        purpose = {"purpose": self.purpose} if self.kind == "bitstring" else {}
        return {
            "kind": self.kind,
            "url": self.url,
            "issuer": self.issuer,
            **purpose,
            "begins": self.begins,
            "ends": self.ends,
            "ttl": self.ttl,
            "size": self.size,
            "length": self.length,
        }


def read_list(data: bytes, size: int) -> ListFile:
    """Take a status list apart.

    Args:
        size: how many bits each entry of a bitstring list takes; a token list says it.

    Raises:
        LaurelError: it is no list that can be read.
    """
    return _of_token(data) or _of_credential(read_credential(data), size)


def is_status_list(data: bytes) -> bool:
    """Tell whether a file is a status list, of either kind."""
    try:
        return bool(read_list(data, 1))
    except LaurelError:
        return False


def is_by_http(url: object) -> bool:
    """Tell whether an address of a list is none that laurel asks: plain http, and not of this machine."""
    return isinstance(url, str) and url.lower().startswith("http://") and not is_loopback(url)


def warn_of_http(url: str) -> None:
    """Say on standard error that nobody will look a status up at an address."""
    click.echo(
        f"Careful: {plain(url[:200])} begins with http://, and laurel fetches status lists by https only: "
        "the status of a credential that names it cannot be looked up.",
        err=True,
    )


def list_by_http(draft: bytes) -> str | None:
    """Return the first address of `is_by_http` that a draft names as a status list of its own."""
    if b"http:" not in draft.lower():
        return None
    try:
        value: Any = loads(draft, limit=MAX_BYTES)
    except LaurelError:
        return None
    entries, status = value.get("credentialStatus"), value.get("status")
    named = [each.get("statusListCredential") for each in _listed(entries) if isinstance(each, dict)]
    held = status.get("status_list") if isinstance(status, dict) else None
    named += [held.get("uri")] if isinstance(held, dict) else []
    return next((each for each in named if is_by_http(each)), None)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _of_token(data: bytes) -> ListFile | None:
    text = data.decode("ascii", "replace").strip()
    if text.count(".") != 2 or text.startswith("{"):
        return None
    try:
        listing = token.read(text)
    except StatusFault as fault:
        if fault.code == "status.not-a-list":
            return None  # a bitstring list can be a JWT too
        raise
    return ListFile(
        kind="token",
        url=listing.uri,
        issuer=listing.issuer,
        purpose=None,
        begins=format_timestamp(listing.issued_at),
        ends=listing.expires and format_timestamp(listing.expires),
        ttl=_milliseconds(listing.ttl),
        size=listing.bits,
        bits=token.expand(listing.packed),
        hold=lambda key: jose.verify(listing.jws, key),
    )


def _of_credential(presented: Presented, size: int) -> ListFile:
    document: Any = presented.document
    subject = document.get("credentialSubject")
    encoded = subject.get("encodedList") if isinstance(subject, dict) else None
    if "BitstringStatusListCredential" not in texts(document.get("type")) or not isinstance(encoded, str):
        raise Unreadable("This is no status list, neither a Bitstring Status List nor a Token Status List.")
    return ListFile(
        kind="bitstring",
        url=document.get("id"),
        issuer=presented.issuer_id,
        purpose=subject.get("statusPurpose"),
        begins=document.get("validFrom"),
        ends=document.get("validUntil"),
        ttl=_milliseconds(lifetime_of(document)),
        size=size,
        bits=bitstring.expand(encoded),
        hold=lambda key: _hold(presented, key),
    )


def _hold(presented: Presented, key: VerifyingKey) -> None:
    """Hold the proofs of a list against a key; one that fits is enough."""
    for proof in data_integrity.proofs(presented.document):
        with suppress(ProofFault):
            data_integrity.verify(presented.document, proof, key)
            return
    raise ProofFault("No proof in the list was made with this key.")


def _milliseconds(lifetime: timedelta | None) -> int | None:
    return None if lifetime is None else int(lifetime / _MILLISECOND)
