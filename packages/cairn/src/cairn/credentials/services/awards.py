# SPDX-License-Identifier: Apache-2.0
"""Awards come in: decided elsewhere, kept until somebody issues them."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from cairn.achievements import queries as achievements
from cairn.achievements.facts import PublishedAchievement
from cairn.credentials import queries
from cairn.credentials.errors import AwardDiffers, NoSuchAward
from cairn.credentials.facts import Award, AwardReady, ReadyAward
from cairn.credentials.models import Award as AwardRow
from cairn.credentials.queries import awards as award_rows
from cairn.foundation import news
from cairn.people import queries as people
from cairn.people.access import require_role
from cairn.people.facts import Actor, PersonFact, Role


@transaction.atomic
def record_award(award: Award, *, by: Actor, at: datetime) -> ReadyAward | None:
    """Keep an award until somebody issues it. Six queries. Recording it again changes nothing.

    Returns:
        The waiting award, or `None` where it was issued already.

    Raises:
        NoSuchAchievement: the achievement does not exist or is still a draft.
        NoSuchOrganization, RoleMissing: the actor neither marks nor issues for its organization.
        NoSuchAward: the person does not exist.
        AwardDiffers: an award of that id was recorded before and says something else.
    """
    achievement = achievements.get_published(award.achievement_id)
    require_role(by, achievement.organization_id, Role.ASSESSOR, Role.ISSUER)
    person = people.people_by_id([award.person_id]).get(award.person_id)
    if person is None:
        raise NoSuchAward("There is nobody of that name.")
    store(award, achievement, person, by=by, at=at)
    return queries.find_ready(award.id)


def store(
    award: Award, achievement: PublishedAchievement, person: PersonFact, *, by: Actor, at: datetime
) -> AwardRow:
    """Store an award once and tell that it waits. Within the caller's transaction. Two queries."""
    row, is_new = AwardRow.objects.get_or_create(
        id=award.id,
        defaults={
            "organization_id": achievement.organization_id,
            "achievement_id": achievement.id,
            "achievement_ref": achievement.ref,
            "achievement_name": achievement.name,
            "person_id": person.id,
            "narrative": award.narrative,
            "results": award_rows.stored_results(award),
            "evidence": award_rows.stored_evidence(award),
            "assessed": award.assessed,
            "decided_at": award.decided_at,
            "recorded_at": at,
            "recorded_by_id": by.person_id,
        },
    )
    if is_new:
        news.tell(AwardReady(award_id=award.id, organization_id=achievement.organization_id))
    elif not _is_same(award_rows.as_award(row), award):
        raise AwardDiffers("This award was recorded before, and it says something else.")
    return row


def _is_same(recorded: Award, told: Award) -> bool:
    """Tell whether two awards of one id say the same.

    A list that is sent twice at once is decided twice, moments apart: the first moment counts.
    """
    return recorded == (told if told.assessed else replace(told, decided_at=recorded.decided_at))
