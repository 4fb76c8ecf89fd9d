# SPDX-License-Identifier: Apache-2.0
"""What this room takes and gives: actors, roles, organizations."""

from dataclasses import dataclass, field
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
