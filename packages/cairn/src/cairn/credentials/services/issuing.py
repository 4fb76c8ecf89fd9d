# SPDX-License-Identifier: Apache-2.0
"""Awards become credentials."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from cairn.achievements import queries as achievements
from cairn.achievements.facts import PublishedAchievement
from cairn.credentials.errors import NobodyToIssueTo, NoLongerOffered, NoSuchAward
from cairn.credentials.facts import Award, Batch, CredentialIssued, ListedPerson
from cairn.credentials.models import Award as AwardRow
from cairn.credentials.models import IssuedCredential, SignedDocument
from cairn.credentials.queries.awards import as_award
from cairn.credentials.queries.credentials import as_batch, as_issued
from cairn.credentials.rules import compose, identifiers
from cairn.credentials.services.awards import store
from cairn.credentials.services.signing import Signer, signer_of
from cairn.credentials.services.status_lists import claim_entry
from cairn.foundation import news
from cairn.foundation.refs import new_ref
from cairn.people import identifiers as organization_ids
from cairn.people import queries as people
from cairn.people import services as people_services
from cairn.people.access import require_role
from cairn.people.facts import Actor, Organization, PersonFact, Role


@transaction.atomic
def issue(award_ids: Collection[UUID], *, by: Actor, at: datetime) -> Batch:
    """Sign and store a credential for each award of one organization. All of them or none.

    Issuing an award a second time gives its first credential. Seven queries, and five an award.

    Args:
        at: moment of issuing, UTC; becomes `validFrom`.

    Raises:
        NobodyToIssueTo: no award is named.
        NoSuchAward: one of them is unknown, or they are not of one organization.
        NoSuchOrganization, RoleMissing: the actor does not issue there.
        AwardedTooEarly: one is decided after `at`.
        FailedChecks: the draft breaks a rule of Open Badges 3.0; a bug of ours.
    """
    if not award_ids:
        raise NobodyToIssueTo("Choose at least one person.")
    # The lock lines up two issuings of one award, so that both cannot find that nothing was issued yet.
    rows = list(AwardRow.objects.select_for_update().filter(id__in=set(award_ids)).order_by("id"))
    if len(rows) != len(set(award_ids)) or len({row.organization_id for row in rows}) != 1:
        raise NoSuchAward("There is nothing here by that name.")
    require_role(by, rows[0].organization_id, Role.ISSUER)
    return _issue(rows, by=by, at=at)


@transaction.atomic
def issue_to_list(
    achievement_id: UUID, listed: Iterable[ListedPerson], *, list_id: UUID, by: Actor, at: datetime
) -> Batch:
    """Award an achievement to everyone on a list, and issue it. All of them or none.

    People whom the platform does not know are added. The same list posted twice issues once.

    Args:
        listed: checked rows; see `check_list`.
        list_id: made when the list was first shown; names the list for good.

    Raises:
        NobodyToIssueTo: the list is empty.
        NoSuchAchievement: the achievement does not exist or is still a draft.
        NoLongerOffered: the achievement is archived. Work that was marked is still issued, by `issue`.
        AwardDiffers: the list was issued before, and for something else.
        and what `issue` raises.
    """
    achievement = achievements.get_published(achievement_id)
    require_role(by, achievement.organization_id, Role.ISSUER)
    if achievements.is_archived(achievement.ref):
        raise NoLongerOffered("This programme is archived. Bring it back, then issue to the list again.")
    rows = [
        _award_listed(one, achievement, list_id, by=by, at=at)
        for one in sorted(listed, key=lambda one: one.email)
    ]
    if not rows:
        raise NobodyToIssueTo("There is nobody on the list yet. Add a name and an email a line.")
    locked = AwardRow.objects.select_for_update().filter(id__in=[row.id for row in rows]).order_by("id")
    return _issue(list(locked), by=by, at=at)


def _award_listed(
    listed: ListedPerson, achievement: PublishedAchievement, list_id: UUID, *, by: Actor, at: datetime
) -> AwardRow:
    person = people_services.find_or_add_person(name=listed.name, email=listed.email, at=at)
    award = Award(
        id=identifiers.listed_award_id(list_id, listed.email),
        achievement_id=achievement.id,
        person_id=person.id,
        decided_at=at,
        assessed=False,
    )
    return store(award, achievement, person, by=by, at=at)


def _issue(rows: list[AwardRow], *, by: Actor, at: datetime) -> Batch:
    organization = people.organization_by_id(rows[0].organization_id)
    earlier = {
        row.award_id: row for row in IssuedCredential.objects.filter(award__in=rows, undone_at__isnull=True)
    }
    wanted = [row for row in rows if row.id not in earlier]
    batch_id = next(iter(earlier.values())).batch_id if earlier and not wanted else uuid4()
    if not wanted:
        return as_batch(batch_id, as_issued(earlier.values()), at)
    published = {row.achievement_id: achievements.get_published(row.achievement_id) for row in wanted}
    persons = people.people_by_id(row.person_id for row in wanted)
    signer = signer_of(
        organization.id, organization_ids.issuer_did(settings.CAIRN_BASE_URL, organization.slug), at=at
    )
    made = [
        _issue_one(
            as_award(row),
            published[row.achievement_id],
            organization,
            persons[row.person_id],
            signer,
            batch_id,
            by=by,
            at=at,
        )
        for row in wanted
    ]
    return as_batch(batch_id, as_issued([*earlier.values(), *made]), at)


def _issue_one(
    award: Award,
    achievement: PublishedAchievement,
    organization: Organization,
    person: PersonFact,
    signer: Signer,
    batch_id: UUID,
    *,
    by: Actor,
    at: datetime,
) -> IssuedCredential:
    compose.require_decided(award, at)
    status_list, status_index = claim_entry(organization, at=at)
    setting = compose.Setting(
        base_url=settings.CAIRN_BASE_URL,
        ref=new_ref(),
        issuer=organization,
        holder_name=person.name,
        holder_email=person.email,
        salt=secrets.token_urlsafe(16),
        list_ref=status_list.ref,
        status_index=status_index,
        valid_from=at,
        valid_until=compose.ends_at(at, achievement.valid_for_months),
    )
    # Signing stays inside the transaction: a signature without a row would be a credential that nobody
    # can withdraw.
    document, jwt = signer.sign(compose.credential(award, achievement, setting), at)
    row = IssuedCredential.objects.create(
        ref=setting.ref,
        award_id=award.id,
        batch_id=batch_id,
        organization_id=organization.id,
        person_id=person.id,
        person_name=person.name,
        person_email=person.email,
        achievement_id=achievement.id,
        achievement_ref=achievement.ref,
        achievement_name=achievement.name,
        status_list=status_list,
        status_index=status_index,
        issued_at=at,
        issued_by_id=by.person_id,
        valid_until=setting.valid_until,
    )
    SignedDocument.objects.create(
        credential=row, has_evidence=True, has_marks=True, document=document, jwt=jwt, signed_at=at
    )
    news.tell(CredentialIssued(credential_ref=row.ref, person_id=person.id))
    return row
