# SPDX-License-Identifier: Apache-2.0
"""What can be done to achievements. Each public function is one transaction."""

from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from cairn.achievements import images, queries, rules
from cairn.achievements.errors import DraftExists, NoDraft, NoSuchAchievement, Unfit
from cairn.achievements.facts import BadgeDesign, Draft, Part, PublishedAchievement
from cairn.achievements.models import Achievement, AchievementVersion
from cairn.foundation import files, refs
from cairn.people import queries as people
from cairn.people.access import require_role
from cairn.people.facts import Actor, Role

#: What a new version starts from: every column that the parts of a draft are stored in.
_COPIED = [
    "name",
    "description",
    "criteria_narrative",
    "outcomes",
    "achievement_type",
    "language",
    "rubric",
    "evidence_tasks",
    "assessors_needed",
    "badge_field",
    "badge_level",
    "badge_kind",
    "badge_hue",
    "badge_upload",
    "alignments",
    "tags",
    "workload_hours",
    "ects",
    "eqf_level",
    "level_applies",
    "assessment_type",
    "participation",
    "quality_assurance",
    "prerequisites",
    "supervision",
    "identity_check",
    "stackability",
    "valid_for_months",
    "review_by",
]


#: Columns of text in which a choice that is not made is empty.
_CHOICES = frozenset({"assessment_type", "participation", "supervision"})


@transaction.atomic
def draft(
    organization_id: UUID,
    name: str,
    *,
    description: str = "",
    language: str = "en",
    field: str = "general",
    by: Actor,
    at: datetime,
) -> Draft:
    """Start a programme. Three queries.

    The organization's own quality assurance is filled in; everything else is for its editors.

    Raises:
        NoSuchOrganization, RoleMissing: `by` does not edit programmes there.
        Unfit: the name is missing or too long, the description too long, or the field unknown.
    """
    require_role(by, organization_id, Role.EDITOR)
    organization = people.organization_by_id(organization_id)
    rules.check_start(name, description, field)
    achievement = Achievement.objects.create(
        organization_id=organization_id, ref=refs.new_ref(), started_at=at
    )
    row = AchievementVersion.objects.create(
        achievement=achievement,
        version=1,
        started_at=at,
        changed_at=at,
        name=name,
        description=description,
        language=language,
        badge_field=field,
        quality_assurance=organization.quality_assurance,
    )
    return queries.as_draft(row)


@transaction.atomic
def edit(ref: str, part: Part, *, by: Actor, at: datetime) -> Draft:
    """Save one part of a draft. Two queries.

    Raises:
        NoSuchAchievement, RoleMissing: it is none of `by`'s, or `by` does not edit programmes.
        NoDraft: everything is published; a change needs a new version.
        Unfit: the part can never be right; names every fault.
    """
    row = _lock_draft(ref, by)
    rules.check_part(part, today=at.date())
    columns = {one.name: _stored(one.name, getattr(part, one.name)) for one in fields(part)}
    return _save(row, columns, at)


@transaction.atomic
def draw_badge(ref: str, design: BadgeDesign, *, by: Actor, at: datetime) -> Draft:
    """Choose how a draft's badge is drawn; an uploaded image is dropped. Two queries.

    Raises:
        NoSuchAchievement, RoleMissing, NoDraft: as `edit`.
        Unfit: the field, level or hue does not exist.
    """
    row = _lock_draft(ref, by)
    rules.check_design(design)
    _forget_upload(row)
    columns = {
        "badge_field": design.field,
        "badge_level": design.level,
        "badge_kind": design.kind.value,
        "badge_hue": design.hue,
        "badge_upload": None,
    }
    return _save(row, columns, at)


@transaction.atomic
def upload_badge(ref: str, upload: bytes, *, name: str, by: Actor, at: datetime) -> Draft:
    """Put an image of the organization's own in place of the drawn badge. Two queries.

    Args:
        upload: the bytes of a PNG, JPEG or SVG file; they are drawn anew, never kept.
        name: the file's name.

    Raises:
        NoSuchAchievement, RoleMissing, NoDraft: as `edit`.
        FileEmpty, FileTooLarge, NotAnImage, UnsafeImage: the file is not taken; the badge stays.
    """
    row = _lock_draft(ref, by)
    png = images.as_badge_png(upload, name=name)
    stored = files.put([png], limit=len(png))
    _forget_upload(row)
    return _save(row, {"badge_upload": stored.key}, at)


@transaction.atomic
def publish(ref: str, *, by: Actor, at: datetime) -> PublishedAchievement:
    """Publish a draft for good, with its badge drawn. Three queries.

    Raises:
        NoSuchAchievement, RoleMissing, NoDraft: as `edit`.
        NotReady: something is missing; names everything that is.
    """
    row = _lock_draft(ref, by)
    organization = people.organization_by_id(row.achievement.organization_id)
    finished = queries.as_draft(row)
    rules.require_ready(finished, organization, today=at.date())
    row.badge_svg = queries.drawing(finished, organization.name)
    row.published_at = row.changed_at = at
    row.published_by = by.person_id
    row.save(update_fields=["badge_svg", "published_at", "changed_at", "published_by"])
    return queries.as_published(row)


@transaction.atomic
def new_version(ref: str, *, by: Actor, at: datetime) -> Draft:
    """Start a new version from the one in force. Four queries.

    Raises:
        NoSuchAchievement, RoleMissing: as `edit`.
        DraftExists: one is being written already.
    """
    achievement = _lock(ref, by)
    newest = AchievementVersion.objects.filter(achievement=achievement).order_by("-version")[0]
    if newest.published_at is None:
        raise DraftExists("A new version is open already. Go on with that one.")
    row = AchievementVersion.objects.create(
        achievement=achievement,
        version=newest.version + 1,
        started_at=at,
        changed_at=at,
        **{column: getattr(newest, column) for column in _COPIED},
    )
    return queries.as_draft(row)


@transaction.atomic
def discard(ref: str, *, by: Actor) -> None:
    """Drop the new version that is being written; what is published stays. Four queries.

    Raises:
        NoSuchAchievement, RoleMissing, NoDraft: as `edit`.
        Unfit: nothing was published yet, so there would be nothing left; archive it instead.
    """
    row = _lock_draft(ref, by)
    if row.version == 1:
        raise Unfit((rules.NOTHING_LEFT,))
    _forget_upload(row)
    row.delete()


@transaction.atomic
def archive(ref: str, *, by: Actor, at: datetime) -> None:
    """Offer a programme no longer. Credentials keep pointing at its versions. Two queries.

    Raises:
        NoSuchAchievement, RoleMissing: as `edit`.
    """
    achievement = _lock(ref, by)
    achievement.archived_at = achievement.archived_at or at
    achievement.save(update_fields=["archived_at"])


@transaction.atomic
def unarchive(ref: str, *, by: Actor) -> None:
    """Offer an archived programme again. Two queries.

    Raises:
        NoSuchAchievement, RoleMissing: as `edit`.
    """
    achievement = _lock(ref, by)
    achievement.archived_at = None
    achievement.save(update_fields=["archived_at"])


def _lock(ref: str, by: Actor) -> Achievement:
    """Return an achievement, locked, for somebody who edits programmes of its organization."""
    achievement = Achievement.objects.select_for_update().filter(ref=ref).first()
    if achievement is None:
        raise NoSuchAchievement(queries.NOTHING_HERE)
    require_role(by, achievement.organization_id, Role.EDITOR)
    return achievement


def _lock_draft(ref: str, by: Actor) -> AchievementVersion:
    # The achievement is the lock: two editors, or an edit and a publication, take turns.
    achievement = _lock(ref, by)
    row = AchievementVersion.objects.filter(achievement=achievement, published_at__isnull=True).first()
    if row is None:
        raise NoDraft(queries.ALL_PUBLISHED)
    row.achievement = achievement
    return row


def _save(row: AchievementVersion, columns: dict[str, Any], at: datetime) -> Draft:
    for column, value in columns.items():
        setattr(row, column, value)
    row.changed_at = at
    row.save(update_fields=[*columns, "changed_at"])
    return queries.as_draft(row)


def _forget_upload(row: AchievementVersion) -> None:
    """Remove the draft's own uploaded image once this is committed, unless another version shows it."""
    key = row.badge_upload
    if key and not AchievementVersion.objects.filter(badge_upload=key).exclude(id=row.id).exists():
        transaction.on_commit(partial(files.forget, key))


def _stored(column: str, value: Any) -> Any:
    """Return a part's value as its column takes it: facts as JSON objects, choices as their words."""
    if value is None and column in _CHOICES:
        return ""
    if isinstance(value, tuple):
        return [_plain(one if isinstance(one, str) else asdict(one)) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Decimal) else value
