# SPDX-License-Identifier: Apache-2.0
"""What can be done to people and organizations. Each function is one transaction."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify

from cairn.foundation import news, refs
from cairn.people import queries, rules
from cairn.people.access import require_person, require_role
from cairn.people.errors import (
    AccountClosed,
    AddressIsPrimary,
    AddressNotConfirmed,
    AddressTaken,
    LinkUnknown,
    NoSuchAddress,
    NoSuchInvitation,
    NoSuchOrganization,
    NoSuchPerson,
    WrongPassword,
)
from cairn.people.facts import (
    Actor,
    AddressAdded,
    KeyPurpose,
    KeyToMail,
    Organization,
    PersonFact,
    PersonInvited,
    PrimaryAddressMoved,
    Role,
    SignInLinkAsked,
)
from cairn.people.models import Invitation, MailedKey, Membership, Person
from cairn.people.models import Organization as OrganizationRow

# People


@transaction.atomic
def find_or_add_person(*, name: str, email: str, language: str = "en", at: datetime) -> PersonFact:
    """Return the person behind an address, and add one who has not signed in yet where there is none.

    A known person keeps the name they gave. Two to four queries.

    Raises:
        NotAnAddress, NameMissing: what was given cannot be kept.
    """
    address = rules.clean_address(email)
    row = queries.find_person_row(address) or _add_person(address, rules.clean_name(name), language, at)
    return queries.as_person(row)


@transaction.atomic
def change_profile(*, name: str, language: str, by: Actor) -> None:
    """Change a person's own name and language. Raises `NameMissing`."""
    person_id = require_person(by)
    Person.objects.filter(id=person_id).update(name=rules.clean_name(name), language=language)


@transaction.atomic
def choose_language(language: str, *, by: Actor) -> None:
    """Remember the language a person reads, for their messages too."""
    Person.objects.filter(id=require_person(by)).update(language=language)


@transaction.atomic
def set_password(*, current: str, password: str, by: Actor) -> None:
    """Give a person's account a password; all other sessions end. The form has judged its strength.

    Args:
        current: the password in force; passed over where there is none.

    Raises:
        WrongPassword: `current` is not it.
    """
    row = Person.objects.select_for_update().get(id=require_person(by))
    if row.has_usable_password() and not row.check_password(current):
        raise WrongPassword(
            "That is not your current password. Try again, or sign in by link to set a new one."
        )
    row.set_password(password)
    row.save(update_fields=["password"])


@transaction.atomic
def remove_password(*, by: Actor) -> None:
    """Leave links as the only way in; all other sessions end."""
    row = Person.objects.select_for_update().get(id=require_person(by))
    row.set_unusable_password()
    row.save(update_fields=["password"])


@transaction.atomic
def end_all_sessions(*, by: Actor) -> None:
    """Sign a person out everywhere, here too."""
    Person.objects.filter(id=require_person(by)).update(sessions_epoch=F("sessions_epoch") + 1)


# Signing in by link


@transaction.atomic
def ask_for_sign_in_link(
    *, email: str, language: str, next_url: str = "", asked_from: str = "", at: datetime
) -> None:
    """Have a sign-in link sent, whether or not the address is known. Three queries and the news.

    Known and unknown addresses take the same path to the letter: the difference is in the message alone.

    Args:
        asked_from: a keyed fingerprint of the asker's network address.

    Raises:
        NotAnAddress, TooManyLinks
    """
    address = rules.clean_address(email)
    lately = MailedKey.objects.filter(purpose=KeyPurpose.SIGN_IN, asked_at__gt=at - rules.LINKS_COUNTED_FOR)
    rules.require_not_too_many(
        to_address=lately.filter(email=address).count(),
        from_place=lately.filter(asked_from=asked_from).count() if asked_from else 0,
    )
    row = MailedKey.objects.create(
        purpose=KeyPurpose.SIGN_IN,
        email=address,
        language=language,
        next_url=next_url[:500],
        asked_from=asked_from,
        asked_at=at,
    )
    news.tell(SignInLinkAsked(key_id=row.id))


@transaction.atomic
def fresh_key(key_id: UUID, *, at: datetime) -> KeyToMail | None:
    """Make the key of a mailed link at the moment its message is written, and return it this once.

    Only the hash is stored. A message written again gets another key, and the earlier one stops. Returns
    `None` where the link is no longer wanted: used, replaced, or its invitation withdrawn.
    """
    row = (
        MailedKey.objects.select_for_update(of=("self",))
        .select_related("invitation__organization", "invitation__invited_by")
        .filter(id=key_id, used_at__isnull=True)
        .first()
    )
    if row is None:
        return None
    purpose = KeyPurpose(row.purpose)
    invitation = row.invitation
    if invitation is not None and _is_settled(invitation, since=row.asked_at):
        return None
    key = refs.new_key()
    row.key_hash = rules.hash_of(key)
    row.expires_at = invitation.expires_at if invitation else at + rules.LINK_LIVES_FOR[purpose]
    row.save(update_fields=["key_hash", "expires_at"])
    person = row.person or queries.find_person_row(row.email)
    return KeyToMail(
        purpose=purpose,
        key=key,
        email=row.email,
        name=person.name if person else "",
        language=person.language if person else row.language,
        expires_at=row.expires_at,
        organization=queries.as_organization(invitation.organization) if invitation else None,
        roles=tuple(Role(role) for role in invitation.roles) if invitation else (),
        invited_by=invitation.invited_by.name if invitation and invitation.invited_by else "",
    )


@transaction.atomic
def use_sign_in_link(key: str, *, name: str = "", at: datetime) -> PersonFact:
    """Use a sign-in link up and return who it lets in; somebody new joins with the name they give.

    Raises:
        LinkUnknown, LinkUsed, LinkRunOut: the link does not work.
        NameMissing: the address is new here and no name was given; the link still works.
        AccountClosed: the person may not sign in.
    """
    row = _take(key, KeyPurpose.SIGN_IN, at)
    person = _let_in(row.email, name, row.language, at)
    # Links asked for in the same quarter of an hour would otherwise lie about, each a key.
    MailedKey.objects.filter(purpose=KeyPurpose.SIGN_IN, email=row.email, used_at__isnull=True).update(
        used_at=at
    )
    return queries.as_person(person)


# E-mail addresses


@transaction.atomic
def add_address(*, email: str, by: Actor, at: datetime) -> None:
    """Add an e-mail address to a person's own, to be confirmed by a link.

    Nothing tells here whether another account uses the address: that is said to whoever opens the link.

    Raises:
        NotAnAddress, AddressAlreadyYours, TooManyAddresses, TooManyLinks
    """
    person_id = require_person(by)
    address = rules.clean_address(email)
    rows = EmailAddress.objects.filter(user_id=person_id)
    rules.require_room_for(address, present=set(rows.values_list("email", flat=True)))
    EmailAddress.objects.create(user_id=person_id, email=address, verified=False, primary=False)
    _ask_to_confirm(person_id, address, at)


@transaction.atomic
def resend_confirmation(address_id: int, *, by: Actor, at: datetime) -> None:
    """Send the confirming link again. Raises `NoSuchAddress`, `TooManyLinks`."""
    person_id = require_person(by)
    row = _own_address(address_id, person_id)
    if not row.verified:
        _ask_to_confirm(person_id, row.email, at)


@transaction.atomic
def confirm_address(key: str, *, at: datetime) -> PersonFact:
    """Mark an address as its person's, by the link that was sent to it.

    Raises:
        LinkUnknown, LinkUsed, LinkRunOut: the link does not work.
        AddressTaken: another account signs in with this address.
        NoSuchAddress: the person has removed the address again.
    """
    row = _take(key, KeyPurpose.CONFIRM_ADDRESS, at)
    assert row.person is not None
    other = queries.find_person_row(row.email)
    if other is not None and other.id != row.person.id:
        raise AddressTaken("Another account uses this address. Sign in with it, or ask us to join the two.")
    if not EmailAddress.objects.filter(user=row.person, email=row.email).update(verified=True):
        raise NoSuchAddress("There is nothing here by that name.")
    return queries.as_person(row.person)


@transaction.atomic
def make_primary(address_id: int, *, by: Actor, at: datetime) -> None:
    """Send a person's messages to another of their confirmed addresses; the earlier one is told.

    Raises:
        NoSuchAddress, AddressNotConfirmed
    """
    person_id = require_person(by)
    row = _own_address(address_id, person_id)
    if not row.verified:
        raise AddressNotConfirmed("Confirm this address first: open the link that we sent to it.")
    earlier = EmailAddress.objects.filter(user_id=person_id, primary=True).exclude(id=row.id).first()
    EmailAddress.objects.filter(user_id=person_id, primary=True).update(primary=False)
    if earlier is not None:
        # Whoever took over a session must not be able to take the account without its owner hearing of it.
        news.tell(PrimaryAddressMoved(person_id=person_id, address_id=earlier.id, moved_at=at))
    EmailAddress.objects.filter(id=row.id).update(primary=True)
    Person.objects.filter(id=person_id).update(email=row.email)


@transaction.atomic
def remove_address(address_id: int, *, by: Actor, at: datetime) -> None:
    """Take one of a person's addresses away. Raises `NoSuchAddress`, `AddressIsPrimary`."""
    person_id = require_person(by)
    row = _own_address(address_id, person_id)
    if row.primary:
        raise AddressIsPrimary("This is your main address. Make another one the main address first.")
    MailedKey.objects.filter(person_id=person_id, email=row.email, used_at__isnull=True).update(used_at=at)
    row.delete()


# Organizations


@transaction.atomic
def found_organization(
    *,
    name: str,
    country: str,
    administrator_id: UUID,
    slug: str = "",
    url: str = "",
    email: str = "",
    description: str = "",
    hue: int = 258,
    quality_assurance: str = "",
    at: datetime,
) -> Organization:
    """Found an organization with its first administrator. Called by those who run the platform.

    Args:
        country: ISO 3166-1 alpha-2.
        slug: the name in its addresses and its DID, for good; made from the name where empty.
    """
    row = OrganizationRow.objects.create(
        slug=slug or _free_slug(name),
        name=name,
        country=country,
        url=url,
        email=email,
        description=description,
        hue=hue,
        quality_assurance=quality_assurance,
        created_at=at,
    )
    Membership.objects.create(organization=row, person_id=administrator_id, role=Role.ADMIN, since=at)
    return queries.as_organization(row)


@transaction.atomic
def change_organization(
    organization_id: UUID,
    *,
    name: str,
    description: str,
    url: str,
    email: str,
    country: str,
    hue: int,
    quality_assurance: str,
    by: Actor,
) -> None:
    """Change what an organization says of itself. Credentials that are issued keep what they say."""
    require_role(by, organization_id, Role.ADMIN)
    OrganizationRow.objects.filter(id=organization_id).update(
        name=name,
        description=description,
        url=url,
        email=email,
        country=country,
        hue=hue,
        quality_assurance=quality_assurance,
    )


@transaction.atomic
def enrol(organization_id: UUID, person_id: UUID, *, by: Actor, at: datetime) -> None:
    """Make a person a learner of an organization. Doing it again changes nothing."""
    require_role(by, organization_id, Role.EDITOR, Role.ISSUER)
    if not Person.objects.filter(id=person_id).exists():
        raise NoSuchPerson("There is nothing here by that name.")
    Membership.objects.get_or_create(
        organization_id=organization_id, person_id=person_id, role=Role.LEARNER, defaults={"since": at}
    )


@transaction.atomic
def give_role(organization_id: UUID, person_id: UUID, role: Role, *, by: Actor, at: datetime) -> None:
    """Give a further role to somebody who is already a member. Doing it again changes nothing.

    Raises:
        NoSuchPerson: they hold no role there; invite them.
    """
    held = _held(organization_id, person_id, by)
    _set_roles(organization_id, person_id, wanted=held | {role}, held=held, at=at)


@transaction.atomic
def remove_role(organization_id: UUID, person_id: UUID, role: Role, *, by: Actor) -> None:
    """Take a role away. Raises `NoSuchPerson`, `LastAdministrator`."""
    held = _held(organization_id, person_id, by)
    _take_roles(organization_id, person_id, held & {role})


@transaction.atomic
def set_roles(
    organization_id: UUID, person_id: UUID, roles: Iterable[Role], *, by: Actor, at: datetime
) -> None:
    """Let a member hold exactly these roles; with none, they leave.

    Raises:
        NoSuchPerson, LastAdministrator
    """
    held = _held(organization_id, person_id, by)
    _set_roles(organization_id, person_id, wanted=frozenset(roles), held=held, at=at)


@transaction.atomic
def invite(organization_id: UUID, *, email: str, roles: Iterable[Role], by: Actor, at: datetime) -> UUID:
    """Offer roles to an e-mail address for 14 days; a newer offer to it takes the place of an older one.

    Returns:
        The id of the invitation.

    Raises:
        NotAnAddress, NoRoles, AlreadyAMember, TooManyLinks
    """
    inviter_id = require_role(by, organization_id, Role.ADMIN)
    address = rules.clean_address(email)
    offered = frozenset(roles)
    person = queries.find_person_row(address)
    held = queries.roles_of(organization_id, person.id) if person else frozenset()
    rules.require_new_roles(offered, held=held)
    _lock(organization_id)
    invitation, _made = Invitation.objects.update_or_create(
        organization_id=organization_id,
        email=address,
        accepted_at=None,
        withdrawn_at=None,
        defaults={
            "roles": sorted(offered),
            "invited_by_id": inviter_id,
            "invited_at": at,
            "expires_at": at + rules.LINK_LIVES_FOR[KeyPurpose.INVITATION],
        },
    )
    _send_invitation(invitation, at)
    return invitation.id


@transaction.atomic
def resend_invitation(organization_id: UUID, invitation_id: UUID, *, by: Actor, at: datetime) -> None:
    """Send an open invitation again, for another 14 days. Raises `NoSuchInvitation`, `TooManyLinks`."""
    require_role(by, organization_id, Role.ADMIN)
    invitation = _open_invitation(organization_id, invitation_id)
    invitation.expires_at = at + rules.LINK_LIVES_FOR[KeyPurpose.INVITATION]
    invitation.save(update_fields=["expires_at"])
    _send_invitation(invitation, at)


@transaction.atomic
def withdraw_invitation(organization_id: UUID, invitation_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take an open invitation back; its link stops. Raises `NoSuchInvitation`."""
    require_role(by, organization_id, Role.ADMIN)
    invitation = _open_invitation(organization_id, invitation_id)
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    _void_keys(invitation, at)


@transaction.atomic
def accept_invitation(key: str, *, name: str = "", at: datetime) -> PersonFact:
    """Take the roles that an invitation offers, and return who took them.

    The link proves the mailbox, so the roles go to the person of that address and to nobody else, whoever
    is signed in (security A30); somebody new joins with the name they give.

    Raises:
        LinkUnknown, LinkUsed, LinkRunOut: the link does not work, or the invitation was withdrawn.
        NameMissing, AccountClosed
    """
    row = _take(key, KeyPurpose.INVITATION, at)
    assert row.invitation_id is not None
    invitation = Invitation.objects.select_for_update().get(id=row.invitation_id)
    person = _let_in(row.email, name, row.language, at)
    for role in invitation.roles:
        Membership.objects.get_or_create(organization_id=invitation.organization_id, person=person, role=role)
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    _void_keys(invitation, at)
    return queries.as_person(person)


# Steps of the above


def _take(key: str, purpose: KeyPurpose, at: datetime) -> MailedKey:
    """Use a key up, once, whoever else tries at the same moment."""
    keys = MailedKey.objects.filter(key_hash=rules.hash_of(key), purpose=purpose)
    taken = keys.filter(used_at__isnull=True, expires_at__gt=at).update(used_at=at)
    row = keys.select_related("person").first()
    if row is None:
        raise LinkUnknown("There is nothing here by that name.")
    if not taken:
        rules.require_usable(used_at=row.used_at, expires_at=row.expires_at, at=at)
    return row


def _let_in(address: str, name: str, language: str, at: datetime) -> Person:
    """Return the person of an address that a link has just proved, made with the name where new."""
    person = queries.find_person_row(address) or _add_person(address, rules.clean_name(name), language, at)
    if not person.is_active:
        raise AccountClosed("This account is closed. Write to the people who run this site.")
    EmailAddress.objects.update_or_create(
        user=person,
        email=address,
        defaults={"verified": True},
        # Somebody made on the command line has no row for their one address yet.
        create_defaults={"verified": True, "primary": True},
    )
    return person


def _add_person(address: str, name: str, language: str, at: datetime) -> Person:
    try:
        with transaction.atomic():
            person = Person.objects.create_user(address, name=name, language=language, joined_at=at)
            EmailAddress.objects.create(user=person, email=address, verified=False, primary=True)
            return person
    except IntegrityError:
        # Another request added the same person between our look and our write.
        row = queries.find_person_row(address)
        if row is None:
            raise
        return row


def _ask_to_confirm(person_id: UUID, address: str, at: datetime) -> None:
    asked = MailedKey.objects.filter(
        purpose=KeyPurpose.CONFIRM_ADDRESS, asked_at__gt=at - rules.LINKS_COUNTED_FOR
    )
    rules.require_not_too_many(
        to_address=asked.filter(email=address).count(), from_place=asked.filter(person_id=person_id).count()
    )
    key = MailedKey.objects.create(
        purpose=KeyPurpose.CONFIRM_ADDRESS, email=address, person_id=person_id, asked_at=at
    )
    news.tell(AddressAdded(key_id=key.id))


def _own_address(address_id: int, person_id: UUID) -> EmailAddress:
    row = EmailAddress.objects.filter(id=address_id, user_id=person_id).first()
    if row is None:
        raise NoSuchAddress("There is nothing here by that name.")
    return row


def _free_slug(name: str) -> str:
    stem = slugify(name)[:50] or "organization"
    taken = set(OrganizationRow.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in [stem, *(f"{stem}-{n}" for n in range(2, 1000))] if slug not in taken)


def _lock(organization_id: UUID) -> None:
    """Line up changes to an organization's people until the transaction ends."""
    if not OrganizationRow.objects.select_for_update().filter(id=organization_id).exists():
        raise NoSuchOrganization("There is nothing here by that name.")


def _held(organization_id: UUID, person_id: UUID, by: Actor) -> frozenset[Role]:
    """Return what a member holds, locked; only an administrator may ask."""
    require_role(by, organization_id, Role.ADMIN)
    _lock(organization_id)
    held = queries.roles_of(organization_id, person_id)
    if not held:
        raise NoSuchPerson("There is nothing here by that name.")
    return held


def _set_roles(
    organization_id: UUID,
    person_id: UUID,
    *,
    wanted: frozenset[Role],
    held: frozenset[Role],
    at: datetime,
) -> None:
    _take_roles(organization_id, person_id, held - wanted)
    for role in sorted(wanted - held):
        Membership.objects.create(organization_id=organization_id, person_id=person_id, role=role, since=at)


def _take_roles(organization_id: UUID, person_id: UUID, roles: frozenset[Role]) -> None:
    rows = Membership.objects.filter(organization_id=organization_id)
    if Role.ADMIN in roles:
        administrators = frozenset(rows.filter(role=Role.ADMIN).values_list("person_id", flat=True))
        rules.require_another_administrator(administrators, leaving=person_id)
    rows.filter(person_id=person_id, role__in=roles).delete()


def _send_invitation(invitation: Invitation, at: datetime) -> None:
    asked = MailedKey.objects.filter(
        purpose=KeyPurpose.INVITATION, asked_at__gt=at - rules.LINKS_COUNTED_FOR, email=invitation.email
    )
    rules.require_not_too_many(to_address=asked.count(), from_place=0)
    _void_keys(invitation, at)
    key = MailedKey.objects.create(
        purpose=KeyPurpose.INVITATION, email=invitation.email, invitation=invitation, asked_at=at
    )
    news.tell(PersonInvited(key_id=key.id, organization_id=invitation.organization_id))


def _is_settled(invitation: Invitation, *, since: datetime) -> bool:
    """Tell whether an invitation was answered, withdrawn, or sent again since."""
    if invitation.accepted_at or invitation.withdrawn_at:
        return True
    return MailedKey.objects.filter(invitation=invitation, asked_at__gt=since).exists()


def _void_keys(invitation: Invitation, at: datetime) -> None:
    """Let earlier links of an invitation run out now; they were replaced, not used."""
    MailedKey.objects.filter(invitation=invitation, used_at__isnull=True).update(expires_at=at)


def _open_invitation(organization_id: UUID, invitation_id: UUID) -> Invitation:
    row = (
        Invitation.objects.select_for_update()
        .filter(
            id=invitation_id,
            organization_id=organization_id,
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
        )
        .first()
    )
    if row is None:
        raise NoSuchInvitation("There is nothing here by that name.")
    return row
