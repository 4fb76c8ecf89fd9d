# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: rows to facts."""

from collections.abc import Iterable
from uuid import UUID

from cairn.people.errors import NoSuchOrganization
from cairn.people.facts import Actor, Organization, PersonFact, Role
from cairn.people.models import Membership, Person
from cairn.people.models import Organization as OrganizationRow


def actor_of(person: Person) -> Actor:
    """Return everything a signed-in person may do. One query."""
    held = Membership.objects.filter(person=person).values_list("organization_id", "role")
    return Actor(
        person_id=person.id,
        name=person.name,
        roles=frozenset((organization_id, Role(role)) for organization_id, role in held),
    )


def get_organization(slug: str) -> Organization:
    """Return an organization by the name in its addresses. One query. Raises `NoSuchOrganization`."""
    row = OrganizationRow.objects.filter(slug=slug).first()
    if row is None:
        raise NoSuchOrganization("There is nothing here by that name.")
    return _as_organization(row)


def organization_by_id(organization_id: UUID) -> Organization:
    """Return an organization by its id. One query. Raises `NoSuchOrganization`."""
    row = OrganizationRow.objects.filter(id=organization_id).first()
    if row is None:
        raise NoSuchOrganization("There is nothing here by that name.")
    return _as_organization(row)


def organizations_by_id(ids: Iterable[UUID]) -> dict[UUID, Organization]:
    """Return the organizations of these ids that exist. One query."""
    return {row.id: _as_organization(row) for row in OrganizationRow.objects.filter(id__in=set(ids))}


def people_by_id(ids: Iterable[UUID]) -> dict[UUID, PersonFact]:
    """Return the people of these ids that exist. One query."""
    return {row.id: _as_person(row) for row in Person.objects.filter(id__in=set(ids))}


def find_person(email: str) -> PersonFact | None:
    """Return the person whose confirmed or primary address this is, in any case of letters. One query."""
    row = (
        Person.objects.filter(emailaddress__email__iexact=email.strip(), emailaddress__verified=True).first()
        or Person.objects.filter(email__iexact=email.strip()).first()
    )
    return _as_person(row) if row else None


def people_with_role(organization_id: UUID, role: Role) -> tuple[PersonFact, ...]:
    """Return who holds a role at an organization, by name. One query."""
    rows = Person.objects.filter(
        id__in=Membership.objects.filter(organization_id=organization_id, role=role).values("person_id")
    ).order_by("name", "id")
    return tuple(_as_person(row) for row in rows)


def _as_organization(row: OrganizationRow) -> Organization:
    return Organization(
        id=row.id,
        slug=row.slug,
        name=row.name,
        country=row.country,
        url=row.url,
        email=row.email,
        description=row.description,
        hue=row.hue,
        quality_assurance=row.quality_assurance,
    )


def _as_person(row: Person) -> PersonFact:
    return PersonFact(id=row.id, name=row.name, email=row.email, language=row.language)
