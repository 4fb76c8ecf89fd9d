# SPDX-License-Identifier: Apache-2.0
"""What can be done with held credentials. Each function is one transaction."""

import uuid
from dataclasses import fields, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cairn.credentials import queries as credentials
from cairn.credentials import services as issuing
from cairn.foundation import news, refs
from cairn.people import queries as people
from cairn.people.access import require_person
from cairn.people.facts import Actor
from cairn.wallet import keys, queries, rules
from cairn.wallet.errors import NoSuchClaim, NoSuchShare
from cairn.wallet.facts import Kept, NewShare, RemarkKind, RemarkMade, Share
from cairn.wallet.models import ClaimKey, Remark, SharedCredential
from cairn.wallet.models import Share as ShareRow

#: The name of the link that goes into a LinkedIn profile.
LINKEDIN = "LinkedIn"


@transaction.atomic
def new_claim_key(credential_ref: str, *, at: datetime) -> str:
    """Make the key of a mailed link to a finished credential, and return it this once. Three queries.

    Asked for again (a message that is written a second time), the earlier key stops working: the message
    that carried it was never sent.

    Raises:
        NoSuchCredential: there is no such credential.
    """
    issued = credentials.issued_by_ref(credential_ref)
    if issued.person_id is None:
        raise NoSuchClaim(queries.NOTHING_HERE)
    key = refs.new_key()
    ClaimKey.objects.filter(credential_ref=credential_ref, used_at__isnull=True).delete()
    ClaimKey.objects.create(
        credential_ref=credential_ref,
        person_id=issued.person_id,
        key_hash=keys.fingerprint(key),
        made_at=at,
    )
    return key


@transaction.atomic
def keep(key: str, *, by: Actor, at: datetime) -> Kept:
    """Keep the credential behind a mailed link, and say whom the link signs in. Seven queries.

    Raises:
        NoSuchClaim: no such link was mailed.
        ClaimUsed, SomebodyElse, SignInFirst: see `rules.signs_in`.
    """
    claim = queries.find_claim(key)
    if claim is None:
        raise NoSuchClaim(queries.NOTHING_HERE)
    signs_in = rules.signs_in(
        claim,
        asker=by.person_id,
        by_mail_only=people.signs_in_by_mail_only(claim.person_id),
        at=at,
    )
    # Two requests with one key must not both sign somebody in: the row decides who was first.
    first = ClaimKey.objects.filter(id=claim.id, used_at__isnull=True).update(used_at=at)
    if not first and signs_in is not None:
        rules.require_shown(queries.as_claim(ClaimKey.objects.get(id=claim.id)), asker=by.person_id)
    issuing.keep(claim.credential_ref, person_id=claim.person_id, at=at)
    return Kept(credential_ref=claim.credential_ref, signs_in=signs_in)


@transaction.atomic
def tell_issuer(
    key: str, kind: RemarkKind, *, right_name: str = "", words: str = "", by: Actor, at: datetime
) -> None:
    """Tell the issuer that a name is wrong or that a credential went to the wrong person. Five queries.

    The same remark sent twice within a day reaches the issuer once.

    Raises:
        NoSuchClaim, ClaimUsed: the link does not open the credential.
        RemarkEmpty: a wrong name without the right one.
    """
    claim, issued = queries.get_claim(key, by=by)
    rules.require_said(kind, right_name=right_name)
    row, is_new = Remark.objects.get_or_create(
        credential_ref=claim.credential_ref,
        kind=kind,
        right_name=right_name.strip(),
        words=words.strip(),
        made_at__date=at.date(),
        defaults={
            "organization_id": issued.organization_id,
            "person_id": claim.person_id,
            "made_at": at,
        },
    )
    if is_new:
        news.tell(RemarkMade(remark_id=row.id, organization_id=issued.organization_id))


@transaction.atomic
def share(asked: NewShare, *, by: Actor, at: datetime) -> Share:
    """Make a link that shows chosen credentials, and the signed forms that it will serve.

    The same form sent twice makes one link, so that nobody switches one off and leaves its twin on. Five
    queries, and those of signing a form that no link showed before.

    Raises:
        NothingChosen, TooManyChosen, NoSuchCredential, EndsInThePast
    """
    person_id = require_person(by)
    held = {issued.ref for issued in credentials.held_by(person_id)}
    rules.require_sharable(asked, held=held, at=at)
    share_id = _share_id(asked, person_id)
    row, is_new = ShareRow.objects.get_or_create(
        id=share_id,
        defaults={
            "person_id": person_id,
            "token_hash": keys.fingerprint(keys.share_token(share_id)),
            "name": asked.name.strip(),
            "shows_evidence": asked.shows_evidence,
            "shows_marks": asked.shows_marks,
            "made_at": at,
            "ends_at": asked.ends_at,
        },
    )
    if not is_new:
        return queries.as_shares([row])[0]
    chosen = tuple(dict.fromkeys(asked.refs))
    SharedCredential.objects.bulk_create(
        SharedCredential(share=row, credential_ref=ref, position=position)
        for position, ref in enumerate(chosen, start=1)
    )
    # Signed now and not when a stranger opens the link: a page must not need a private key.
    for ref in chosen:
        issuing.prepare_disclosure(ref, evidence=asked.shows_evidence, marks=asked.shows_marks)
    return queries.as_shares([row])[0]


@transaction.atomic
def share_on_linkedin(ref: str, *, by: Actor, at: datetime) -> Share:
    """Return a link without an end for a LinkedIn profile: no evidence, no marks; one per credential.

    Raises:
        NoSuchCredential
    """
    queries.get_held(ref, by=by)
    earlier = queries.find_live_share(ref, name=LINKEDIN, by=by, at=at)
    return earlier or share(NewShare(refs=(ref,), name=LINKEDIN), by=by, at=at)


@transaction.atomic
def switch_off(share_id: UUID, *, by: Actor, at: datetime) -> None:
    """Let a link show nothing any more. One query. Doing it again changes nothing. Raises `NoSuchShare`."""
    mine = ShareRow.objects.filter(id=share_id, person_id=require_person(by))
    if not mine.exists():
        raise NoSuchShare(queries.NOTHING_HERE)
    mine.filter(off_at__isnull=True).update(off_at=at)


@transaction.atomic
def switch_on_again(share_id: UUID, *, by: Actor, at: datetime) -> None:
    """Undo the switching off of a link, within ten minutes. Three queries.

    Raises:
        NoSuchShare: it is not the asker's.
        TooLateToUndo: the ten minutes are over.
    """
    one = queries.get_share(share_id, by=by)
    if one.off_at is None:
        return
    rules.require_undo(one, at=at)
    ShareRow.objects.filter(id=share_id).update(off_at=None)


def _share_id(asked: NewShare, person_id: UUID) -> UUID:
    """Return the id of a share: its own, or one made of the form and all that was asked for on it."""
    if asked.key is None:
        return uuid.uuid4()
    # The person is in it, so that no key of a stranger's form leads to a link of somebody else.
    told = replace(asked, name=asked.name.strip())
    return uuid.uuid5(person_id, "|".join(repr(getattr(told, one.name)) for one in fields(told)))


def count_opening(share: Share, *, by: Actor) -> None:
    """Count that somebody other than its maker opened a link. One query; who it was is not kept."""
    if by.person_id != share.person_id:
        ShareRow.objects.filter(id=share.id).update(opened=F("opened") + 1)
