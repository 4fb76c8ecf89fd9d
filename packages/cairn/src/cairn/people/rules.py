# SPDX-License-Identifier: Apache-2.0
"""Decisions about people: which links still work, who must stay an administrator, what an address is."""

import hashlib
import re
from collections.abc import Set
from datetime import datetime, timedelta
from uuid import UUID

from cairn.people.errors import (
    AddressAlreadyYours,
    AlreadyAMember,
    LastAdministrator,
    LinkRunOut,
    LinkUsed,
    NameMissing,
    NoRoles,
    NotAnAddress,
    TooManyAddresses,
    TooManyLinks,
)
from cairn.people.facts import KeyPurpose, Role

#: How long a link works after its message was written.
LINK_LIVES_FOR = {
    KeyPurpose.SIGN_IN: timedelta(minutes=15),
    KeyPurpose.CONFIRM_ADDRESS: timedelta(days=3),
    KeyPurpose.INVITATION: timedelta(days=14),
}
#: How many links one mailbox gets, and one network address may ask for, within `LINKS_COUNTED_FOR`.
LINKS_PER_ADDRESS = 5
LINKS_PER_PLACE = 30
LINKS_COUNTED_FOR = timedelta(minutes=15)
MOST_ADDRESSES = 10
#: One plain mailbox, as a letter can be sent to: what no letter reaches must not look as if one left.
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@[^\s@<>(),;:\"\[\]\\]+\.[^\s@<>(),;:\"\[\]\\]+")


def clean_address(text: str) -> str:
    """Return an e-mail address as it is kept: trimmed, in small letters. Raises `NotAnAddress`.

    Spec: RFC 5321 §4.5.3.1 (254 characters at most)
    """
    address = text.strip().lower()
    if not _ADDRESS.fullmatch(address) or not address.isprintable():
        raise NotAnAddress("Enter an email like name@example.org.")
    if len(address) > 254:
        raise NotAnAddress("The email is longer than an email can be. Check it for stray text.")
    return address


def hash_of(key: str) -> str:
    """Return how a link's key is kept: SHA-256, hex. With 256 random bits inside, a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def clean_name(text: str) -> str:
    """Return a person's name without stray white space. Raises `NameMissing`."""
    name = " ".join(text.split())
    if not name:
        raise NameMissing("Enter your name as it should stand on your credentials.")
    return name


def require_usable(*, used_at: datetime | None, expires_at: datetime | None, at: datetime) -> None:
    """Let a mailed link through that was not used and has not run out. Raises `LinkUsed`, `LinkRunOut`."""
    if used_at is not None:
        raise LinkUsed("This link has been used, and each link works once. Ask for a new one.")
    if expires_at is None or expires_at <= at:
        raise LinkRunOut("This link has run out. Ask for a new one.")


def require_not_too_many(*, to_address: int, from_place: int) -> None:
    """Keep a mailbox from being flooded. Counts are those of the last 15 minutes. Raises `TooManyLinks`."""
    if to_address >= LINKS_PER_ADDRESS:
        raise TooManyLinks(
            "We sent several links to this address just now. Use the newest, or wait 15 minutes."
        )
    if from_place >= LINKS_PER_PLACE:
        raise TooManyLinks("Many links were asked for from your network. Wait 15 minutes, then ask again.")


def require_another_administrator(administrators: Set[UUID], *, leaving: UUID) -> None:
    """Keep an organization manageable. Raises `LastAdministrator`."""
    if not administrators - {leaving}:
        raise LastAdministrator("This is the last administrator. Make somebody else one first.")


def require_new_roles(offered: Set[Role], *, held: Set[Role]) -> None:
    """See that an invitation offers something. Raises `NoRoles`, `AlreadyAMember`."""
    if not offered:
        raise NoRoles("Choose at least one role.")
    if offered <= held:
        raise AlreadyAMember("This person has these roles already. You find them in the list of people.")


def require_room_for(address: str, *, present: Set[str]) -> None:
    """See that a person can take one more address. Raises `AddressAlreadyYours`, `TooManyAddresses`."""
    if address in present:
        raise AddressAlreadyYours("You have this address already.")
    if len(present) >= MOST_ADDRESSES:
        raise TooManyAddresses("You have 10 addresses, the most we keep. Remove one first.")
