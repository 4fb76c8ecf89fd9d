# SPDX-License-Identifier: Apache-2.0
"""Awards: what was decided, and what of it waits to be issued."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cairn.credentials.facts import Award, AwardedEvidence, AwardedResult, ReadyAward, ReadyGroup
from cairn.credentials.models import Award as AwardRow
from cairn.credentials.models import IssuedCredential
from cairn.people import queries as people


def ready_groups(organization_id: UUID) -> tuple[ReadyGroup, ...]:
    """Return how many awards wait, by achievement, the longest waiting first. One query."""
    counts: dict[UUID, list[Any]] = {}
    rows = waiting().filter(organization_id=organization_id).order_by("decided_at", "id")
    for achievement_id, name in rows.values_list("achievement_id", "achievement_name"):
        counts.setdefault(achievement_id, [name, 0])[1] += 1
    return tuple(
        ReadyGroup(achievement_id=achievement_id, achievement_name=name, count=count)
        for achievement_id, (name, count) in counts.items()
    )


def ready_of(organization_id: UUID, achievement_id: UUID) -> tuple[ReadyAward, ...]:
    """Return the awards of one achievement that wait, the oldest decision first. Two queries."""
    rows = list(
        waiting()
        .filter(organization_id=organization_id, achievement_id=achievement_id)
        .order_by("decided_at", "id")
    )
    return _as_ready(rows)


def find_ready(award_id: UUID) -> ReadyAward | None:
    """Return a waiting award, or `None` where it is issued, set aside or unknown. Two queries at most."""
    row = waiting().filter(id=award_id).first()
    return _as_ready([row])[0] if row else None


def waiting() -> QuerySet[AwardRow]:
    """Return the rows of awards that are neither issued nor set aside."""
    issued = IssuedCredential.objects.filter(award=OuterRef("pk"), undone_at__isnull=True)
    return AwardRow.objects.filter(~Exists(issued), set_aside_at__isnull=True)


def as_award(row: AwardRow) -> Award:
    """Return a row as the award it was told as. No query."""
    return Award(
        id=row.id,
        achievement_id=row.achievement_id,
        person_id=row.person_id,
        narrative=row.narrative,
        results=tuple(AwardedResult(**stored) for stored in row.results),
        evidence=tuple(
            AwardedEvidence(
                **{**stored, "file_key": UUID(stored["file_key"]) if stored["file_key"] else None}
            )
            for stored in row.evidence
        ),
        decided_at=row.decided_at,
        assessed=row.assessed,
    )


def stored_results(award: Award) -> list[dict[str, Any]]:
    """Return an award's results as its row keeps them."""
    return [asdict(result) for result in award.results]


def stored_evidence(award: Award) -> list[dict[str, Any]]:
    """Return an award's evidence as its row keeps it."""
    return [
        {**asdict(work), "file_key": str(work.file_key) if work.file_key else None} for work in award.evidence
    ]


def _as_ready(rows: Collection[AwardRow]) -> tuple[ReadyAward, ...]:
    persons = people.people_by_id(row.person_id for row in rows)
    return tuple(
        ReadyAward(
            id=row.id,
            achievement_id=row.achievement_id,
            achievement_name=row.achievement_name,
            person_id=row.person_id,
            person_name=persons[row.person_id].name,
            decided_at=row.decided_at,
            assessed=row.assessed,
        )
        for row in rows
    )
