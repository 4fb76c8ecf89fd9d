# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: rows to facts."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q

from cairn.people import rules
from cairn.people.access import require_person, require_role
from cairn.people.errors import LinkUnknown, NoSuchOrganization, NoSuchPerson
from cairn.people.facts import (
    Account,
    Actor,
    Address,
    KeyPurpose,
    MailedLink,
    Member,
    OpenInvitation,
    Organization,
    PersonFact,
    Role,
)
from cairn.people.models import Invitation, MailedKey, Membership, Person
from cairn.people.models import Organization as OrganizationRow


def actor_of(person: Person) -> Actor:
    """Return everything a signed-in person may do. One query."""
    held = Membership.objects.filter(person=person).values_list("organization_id", "role")
    return Actor(
        person_id=person.id,
        name=person.name,
        roles=frozenset((organization_id, Role(role)) for organization_id, role in held),
    )


def actor_by_id(person_id: UUID) -> Actor:
    """Return everything a person may do, for a deed that no request asked for. Two queries.

    Raises `NoSuchPerson`.
    """
    row = Person.objects.filter(id=person_id).first()
    if row is None:
        raise NoSuchPerson("There is nothing here by that name.")
    return actor_of(row)


def has_anybody() -> bool:
    """Tell whether anybody has an account. One query."""
    return Person.objects.exists()


def get_organization(slug: str) -> Organization:
    """Return an organization by the name in its addresses. One query. Raises `NoSuchOrganization`."""
    row = OrganizationRow.objects.filter(slug=slug).first()
    if row is None:
        raise NoSuchOrganization("There is nothing here by that name.")
    return as_organization(row)


def organization_by_id(organization_id: UUID) -> Organization:
    """Return an organization by its id. One query. Raises `NoSuchOrganization`."""
    row = OrganizationRow.objects.filter(id=organization_id).first()
    if row is None:
        raise NoSuchOrganization("There is nothing here by that name.")
    return as_organization(row)


def organizations_by_id(ids: Iterable[UUID]) -> dict[UUID, Organization]:
    """Return the organizations of these ids that exist. One query."""
    return {row.id: as_organization(row) for row in OrganizationRow.objects.filter(id__in=set(ids))}


def people_by_id(ids: Iterable[UUID]) -> dict[UUID, PersonFact]:
    """Return the people of these ids that exist. One query."""
    return {row.id: as_person(row) for row in Person.objects.filter(id__in=set(ids))}


def find_person(email: str) -> PersonFact | None:
    """Return the person whose confirmed or primary address this is, in any case. One or two queries."""
    row = find_person_row(email)
    return as_person(row) if row else None


def find_person_row(email: str) -> Person | None:
    """Return the same as a row; for this room only. One or two queries."""
    address = email.strip()
    return (
        Person.objects.filter(emailaddress__email__iexact=address, emailaddress__verified=True).first()
        or Person.objects.filter(email__iexact=address).first()
    )


def roles_of(organization_id: UUID, person_id: UUID) -> frozenset[Role]:
    """Return the roles a person holds at an organization. One query."""
    held = Membership.objects.filter(organization_id=organization_id, person_id=person_id)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def get_link(key: str, purpose: KeyPurpose, *, at: datetime) -> MailedLink:
    """Return what a mailed link offers, without using it up: mail scanners open links too. Three queries.

    Raises:
        LinkUnknown, LinkUsed, LinkRunOut
    """
    row = (
        MailedKey.objects.filter(key_hash=rules.hash_of(key), purpose=purpose)
        .select_related("person", "invitation__organization")
        .first()
    )
    if row is None:
        raise LinkUnknown("There is nothing here by that name.")
    rules.require_usable(used_at=row.used_at, expires_at=row.expires_at, at=at)
    person = row.person or find_person_row(row.email)
    invitation = row.invitation
    return MailedLink(
        purpose=purpose,
        email=row.email,
        person=as_person(person) if person else None,
        next_url=row.next_url,
        organization=as_organization(invitation.organization) if invitation else None,
        roles=tuple(Role(role) for role in invitation.roles) if invitation else (),
    )


def get_account(*, by: Actor) -> Account:
    """Return a person's own settings. Two queries. Raises `NotASignedInPerson`."""
    row = Person.objects.get(id=require_person(by))
    addresses = tuple(
        Address(
            id=address.pk,
            email=address.email,
            is_primary=address.primary,
            is_confirmed=address.verified,
        )
        for address in EmailAddress.objects.filter(user=row).order_by("-primary", "email")
    )
    if not any(one.is_primary for one in addresses):
        # Somebody made on the command line has no row for their first address until they sign in by link.
        addresses = (Address(id=0, email=row.email, is_primary=True, is_confirmed=False), *addresses)
    return Account(person=as_person(row), addresses=addresses, has_password=row.has_usable_password())


def find_address(address_id: int) -> Address | None:
    """Return an e-mail address by its id, if it is still there; whoever asks. One query."""
    row = EmailAddress.objects.filter(id=address_id).first()
    if row is None:
        return None
    return Address(id=row.pk, email=row.email, is_primary=row.primary, is_confirmed=row.verified)


def page_of_members(
    organization_id: UUID,
    *,
    search: str = "",
    role: Role | None = None,
    offset: int = 0,
    limit: int = 50,
    by: Actor,
) -> tuple[tuple[Member, ...], int]:
    """Return a slice of an organization's people by name, and how many there are. Three queries.

    Args:
        search: part of a name or of the primary address.

    Raises:
        NoSuchOrganization, RoleMissing: for whoever does not manage programmes, people or credentials there.
    """
    require_role(by, organization_id, Role.EDITOR, Role.ISSUER)
    memberships = Membership.objects.filter(organization_id=organization_id)
    if role is not None:
        memberships = memberships.filter(role=role)
    people = Person.objects.filter(id__in=memberships.values("person_id"))
    if search:
        people = people.filter(Q(name__icontains=search) | Q(email__icontains=search))
    total = people.count()
    rows = list(people.order_by("name", "id")[offset : offset + limit])
    held: dict[UUID, set[str]] = {}
    for person_id, name in Membership.objects.filter(
        organization_id=organization_id, person_id__in=[row.id for row in rows]
    ).values_list("person_id", "role"):
        held.setdefault(person_id, set()).add(name)
    return tuple(Member(person=as_person(row), roles=_in_order(held[row.id])) for row in rows), total


def get_member(organization_id: UUID, person_id: UUID, *, by: Actor) -> Member:
    """Return one person of an organization. Two queries. Raises `NoSuchPerson` and as `page_of_members`."""
    require_role(by, organization_id, Role.EDITOR, Role.ISSUER)
    held = roles_of(organization_id, person_id)
    if not held:
        raise NoSuchPerson("There is nothing here by that name.")
    return Member(person=as_person(Person.objects.get(id=person_id)), roles=_in_order(held))


def open_invitations(organization_id: UUID, *, at: datetime, by: Actor) -> tuple[OpenInvitation, ...]:
    """Return the invitations that wait for an answer, newest first. One query. See `page_of_members`."""
    require_role(by, organization_id, Role.EDITOR, Role.ISSUER)
    rows = Invitation.objects.filter(
        organization_id=organization_id, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).order_by("-invited_at")
    return tuple(
        OpenInvitation(
            id=row.id,
            email=row.email,
            roles=_in_order(row.roles),
            invited_at=row.invited_at,
            expires_at=row.expires_at,
            has_run_out=row.expires_at <= at,
        )
        for row in rows
    )


def signs_in_by_mail_only(person_id: UUID) -> bool:
    """Tell whether reading their mail is all that a person's account asks for: no password, no staff role.

    A link that lies in a mailbox for weeks may sign such a person in, and nobody else. Two queries.
    """
    row = Person.objects.filter(id=person_id, is_active=True, is_staff=False).first()
    if row is None or row.has_usable_password():
        return False
    return not Membership.objects.filter(person=row).exclude(role=Role.LEARNER).exists()


def people_with_role(organization_id: UUID, role: Role) -> tuple[PersonFact, ...]:
    """Return who holds a role at an organization, by name. One query."""
    rows = Person.objects.filter(
        id__in=Membership.objects.filter(organization_id=organization_id, role=role).values("person_id")
    ).order_by("name", "id")
    return tuple(as_person(row) for row in rows)


def _in_order(roles: Iterable[str]) -> tuple[Role, ...]:
    """Return roles in the order in which `Role` lists them."""
    held = set(roles)
    return tuple(role for role in Role if role in held)


def as_organization(row: OrganizationRow) -> Organization:
    """Return a row as the fact that other rooms know; for this room only."""
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


def as_person(row: Person) -> PersonFact:
    """Return a row as the fact that other rooms know; for this room only."""
    return PersonFact(id=row.id, name=row.name, email=row.email, language=row.language)
