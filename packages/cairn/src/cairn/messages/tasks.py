# SPDX-License-Identifier: Apache-2.0
"""Hears what people should be told, and writes to them. News may be heard twice; a letter leaves once."""

from collections.abc import Callable
from functools import partial

from django.utils import timezone

from cairn.achievements import queries as achievements
from cairn.assessment.facts import WorkDecided
from cairn.credentials import queries as credentials
from cairn.credentials.facts import (
    CredentialHeld,
    CredentialIssued,
    CredentialReinstated,
    CredentialWithdrawn,
    Issued,
    State,
)
from cairn.foundation import news
from cairn.messages import queries, services, words
from cairn.messages.facts import Letter
from cairn.people import queries as people
from cairn.people import services as accounts
from cairn.people.facts import (
    AddressAdded,
    Organization,
    PersonInvited,
    PrimaryAddressMoved,
    Role,
    SignInLinkAsked,
)
from cairn.wallet import queries as wallet
from cairn.wallet import services as holding
from cairn.wallet.facts import RemarkMade


def subscribe_all() -> None:
    """Listen to every news that somebody gets a letter about."""
    news.subscribe(SignInLinkAsked, send_link)
    news.subscribe(AddressAdded, send_link)
    news.subscribe(PersonInvited, send_link)
    news.subscribe(PrimaryAddressMoved, tell_of_move)
    news.subscribe(CredentialIssued, send_credential)
    news.subscribe(CredentialWithdrawn, tell_of_withdrawal)
    news.subscribe(CredentialHeld, tell_of_hold)
    news.subscribe(CredentialReinstated, tell_of_reinstatement)
    news.subscribe(WorkDecided, tell_of_result)
    news.subscribe(RemarkMade, tell_issuer)


def send_link(asked: SignInLinkAsked | AddressAdded | PersonInvited) -> None:
    """Mail a link that is itself a key; it is made now, so that only the message holds it."""
    key = f"link/{asked.key_id}"
    if queries.has_left(key):
        # A fresh key would stop the one that is on its way.
        return
    now = timezone.now()
    mailed = accounts.fresh_key(asked.key_id, at=now)
    if mailed is not None:
        services.send(partial(words.link, mailed), to=mailed.email, language=mailed.language, key=key, at=now)


def tell_of_move(heard: PrimaryAddressMoved) -> None:
    """Tell an address that messages go elsewhere from now on; it still belongs to the same person."""
    owner = people.people_by_id([heard.person_id]).get(heard.person_id)
    earlier = people.find_address(heard.address_id)
    if owner is None or earlier is None:
        return
    key = f"address-moved/{heard.address_id}/{heard.moved_at.isoformat()}"
    services.send(
        partial(words.moved, owner), to=earlier.email, language=owner.language, key=key, at=timezone.now()
    )


def send_credential(heard: CredentialIssued) -> None:
    """Bring a credential to whom it was issued."""
    one, organization = _found(heard.credential_ref)
    key = _issued_key(one)
    if one.state is State.UNDONE or queries.has_left(key):
        return
    claim_key = holding.new_claim_key(one.ref, at=timezone.now())
    _write(partial(words.issued, one, organization, claim_key), one, key)


def tell_of_withdrawal(heard: CredentialWithdrawn) -> None:
    """Tell the holder that a credential was withdrawn; after an undo, only who was told of it before."""
    one, organization = _found(heard.credential_ref)
    if heard.undone:
        if queries.has_left(_issued_key(one)):
            _write(partial(words.taken_back, one, organization), one, f"credential-undone/{one.ref}")
        return
    _write(partial(words.withdrawn, one, organization), one, f"credential-withdrawn/{one.ref}")


def tell_of_hold(heard: CredentialHeld) -> None:
    """Tell the holder that a credential is on hold, if it still is."""
    one, organization = _found(heard.credential_ref)
    if one.state is State.HELD:
        key = f"credential-held/{one.ref}/{one.state_at.isoformat()}"
        _write(partial(words.held, one, organization), one, key)


def tell_of_reinstatement(heard: CredentialReinstated) -> None:
    """Tell the holder that a hold was lifted, if it still is."""
    one, organization = _found(heard.credential_ref)
    if one.state in (State.CURRENT, State.ENDED):
        key = f"credential-reinstated/{one.ref}/{one.state_at.isoformat()}"
        _write(partial(words.reinstated, one, organization), one, key)


def tell_of_result(heard: WorkDecided) -> None:
    """Tell a learner that their work has a result."""
    learner = people.people_by_id([heard.person_id]).get(heard.person_id)
    if learner is None:
        return
    letter = partial(
        words.decided,
        learner,
        achievements.latest_published(heard.achievement_ref).name,
        people.organization_by_id(heard.organization_id),
        passed=heard.passed,
        ref=heard.achievement_ref,
        attempt=heard.attempt,
    )
    services.send(
        letter,
        to=learner.email,
        language=learner.language,
        key=f"work-decided/{heard.submission_id}",
        at=timezone.now(),
    )


def tell_issuer(heard: RemarkMade) -> None:
    """Tell an organization what somebody said: at its own address, or its administrators."""
    one = wallet.get_remark(heard.remark_id)
    credential, organization = _found(one.credential_ref)
    letter = partial(words.remark, one, credential, organization)
    readers = people.people_with_role(organization.id, Role.ADMIN)
    addresses = (
        {organization.email: "en"} if organization.email else {who.email: who.language for who in readers}
    )
    for number, (address, language) in enumerate(sorted(addresses.items()), start=1):
        services.send(
            letter, to=address, language=language, key=f"remark/{one.id}/{number}", at=timezone.now()
        )


def _found(ref: str) -> tuple[Issued, Organization]:
    one = credentials.issued_by_ref(ref)
    return one, people.organization_by_id(one.organization_id)


def _issued_key(one: Issued) -> str:
    return f"credential-issued/{one.ref}"


def _write(letter: Callable[[], Letter], one: Issued, key: str) -> None:
    """Write to the holder at the address they have now; nobody is written to where the holder was erased."""
    holder = people.people_by_id([one.person_id]).get(one.person_id) if one.person_id else None
    if holder is not None:
        services.send(letter, to=holder.email, language=holder.language, key=key, at=timezone.now())
