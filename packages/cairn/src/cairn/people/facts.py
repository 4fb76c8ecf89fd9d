# SPDX-License-Identifier: Apache-2.0
"""What this room takes and gives: actors, roles, organizations."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may do for an organization."""

    ADMIN = "admin"
    EDITOR = "editor"
    ASSESSOR = "assessor"
    ISSUER = "issuer"
    LEARNER = "learner"


#: Roles that work for the organization rather than learn there.
STAFF = frozenset({Role.ADMIN, Role.EDITOR, Role.ASSESSOR, Role.ISSUER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An institution that issues credentials. `hue` is an OKLCH hue in degrees, 0 to 359."""

    id: UUID
    slug: str
    name: str
    country: str
    url: str
    email: str
    description: str
    hue: int
    quality_assurance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFact:
    """A person, as other rooms may know one. `email` is the primary address."""

    id: UUID
    name: str = field(repr=False)
    email: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks, and everything they may do. `person_id` is `None` for a visitor who is not signed in."""

    person_id: UUID | None
    name: str = field(repr=False, default="")
    roles: frozenset[tuple[UUID, Role]] = frozenset()

    def has_role(self, organization_id: UUID, *roles: Role) -> bool:
        """Tell whether the actor holds one of the roles at an organization."""
        return any((organization_id, role) in self.roles for role in roles)

    def belongs_to(self, organization_id: UUID) -> bool:
        """Tell whether the actor works for an organization in any role but learner."""
        return self.has_role(organization_id, *STAFF)


NOBODY = Actor(person_id=None)


class KeyPurpose(StrEnum):
    """What a mailed link does when it is used."""

    SIGN_IN = "sign-in"
    CONFIRM_ADDRESS = "confirm-address"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyToMail:
    """Everything that the e-mail with a fresh link says. `key` is told once and kept nowhere.

    `name` is empty where nobody is known by the address; `organization`, `roles` and `invited_by` are for
    invitations only.
    """

    purpose: KeyPurpose
    key: str = field(repr=False)
    email: str = field(repr=False)
    name: str = field(repr=False)
    language: str
    expires_at: datetime
    organization: Organization | None = None
    roles: tuple[Role, ...] = ()
    invited_by: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedLink:
    """What the page behind a mailed link shows. `person` is `None` where the address is new here."""

    purpose: KeyPurpose
    email: str = field(repr=False)
    person: PersonFact | None
    next_url: str
    organization: Organization | None = None
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One e-mail address of a person."""

    id: int
    email: str = field(repr=False)
    is_primary: bool
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's own settings. `addresses` has the primary one first."""

    person: PersonFact
    addresses: tuple[Address, ...]
    has_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with their roles at one organization."""

    person: PersonFact
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitation:
    """An invitation that nobody has accepted or withdrawn; it may have run out."""

    id: UUID
    email: str = field(repr=False)
    roles: tuple[Role, ...]
    invited_at: datetime
    expires_at: datetime
    has_run_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLinkAsked:
    """News: somebody wants a sign-in link. Write it with `people.services.fresh_key(key_id)`."""

    key_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressAdded:
    """News: a person added an e-mail address, which must be confirmed by a link."""

    key_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryAddressMoved:
    """News: a person's messages go to another address. `address_id` is where they went before."""

    person_id: UUID
    address_id: int
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited:
    """News: roles were offered to an e-mail address."""

    key_id: UUID
    organization_id: UUID
