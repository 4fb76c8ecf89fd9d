# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: rows to facts."""

import base64
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_noop

from cairn.achievements import badge, images, rasterise
from cairn.achievements.errors import NoDraft, NoSuchAchievement
from cairn.achievements.facts import (
    Alignment,
    Assessment,
    BadgeDesign,
    BadgeKind,
    Content,
    Criterion,
    Draft,
    EvidenceTask,
    Level,
    Participation,
    Programme,
    PublishedAchievement,
    State,
    Supervision,
)
from cairn.achievements.models import Achievement, AchievementVersion
from cairn.foundation import files
from cairn.people import queries as people
from cairn.people.access import require_role
from cairn.people.facts import Actor, Organization, Role

NOTHING_HERE = "There is nothing here by that name."
ALL_PUBLISHED = gettext_noop(
    "Everything here is published and stays as it is. Start a new version to change it."
)


def get_published(version_id: UUID) -> PublishedAchievement:
    """Return a published version by its id. One query. Raises `NoSuchAchievement`, also for a draft."""
    return as_published(_published_row(version_id))


def latest_published(ref: str) -> PublishedAchievement:
    """Return the version in force of an achievement, archived or not. One query.

    Raises `NoSuchAchievement` where nothing of that name was ever published.
    """
    row = _published().filter(achievement__ref=ref).order_by("-version").first()
    if row is None:
        raise NoSuchAchievement(NOTHING_HERE)
    return as_published(row)


def published_version(ref: str, version: int) -> PublishedAchievement:
    """Return exactly one published version of an achievement. One query. Raises `NoSuchAchievement`."""
    row = _published().filter(achievement__ref=ref, version=version).first()
    if row is None:
        raise NoSuchAchievement(NOTHING_HERE)
    return as_published(row)


def published_of(organization_id: UUID) -> tuple[PublishedAchievement, ...]:
    """Return the versions in force of an organization, by name, without the archived ones. One query."""
    newest = (
        AchievementVersion.objects.filter(achievement=OuterRef("achievement"), published_at__isnull=False)
        .order_by("-version")
        .values("version")[:1]
    )
    rows = _published().filter(
        achievement__organization_id=organization_id,
        achievement__archived_at__isnull=True,
        version=Subquery(newest),
    )
    return tuple(as_published(row) for row in rows.order_by("name", "id"))


def is_archived(ref: str) -> bool:
    """Tell whether an achievement is no longer offered. One query."""
    return Achievement.objects.filter(ref=ref, archived_at__isnull=False).exists()


def badge_svg(version_id: UUID) -> str:
    """Return the badge of a published version as it was drawn on publishing. One query, for an upload two.

    Raises `NoSuchAchievement`.
    """
    return _published_row(version_id).badge_svg


def badge_png(version_id: UUID, size: int) -> bytes:
    """Return the badge of a published version as a square PNG. Two queries.

    Args:
        size: side in pixels, 16 to 1024.

    Raises `NoSuchAchievement`.
    """
    row = _published_row(version_id)
    if row.badge_upload is not None:
        return images.fit(b"".join(files.read(row.badge_upload)), size)
    if size <= badge.SMALL:
        # A rasteriser ignores the media queries that simplify small drawings in a browser.
        issuer = people.organization_by_id(row.achievement.organization_id).name
        return rasterise.own(badge.draw(row.name, issuer, as_design(row), small=True), size)
    return rasterise.own(row.badge_svg, size)


def programmes_of(slug: str, *, by: Actor) -> tuple[Organization, tuple[Programme, ...]]:
    """Return an organization's programmes for its staff, by name; archived ones last. Three queries.

    Raises:
        NoSuchOrganization: there is none, or the actor does not work there.
    """
    organization = people.get_organization(slug)
    require_staff(by, organization.id)
    rows: dict[str, list[AchievementVersion]] = {}
    for row in _versions().filter(achievement__organization_id=organization.id):
        rows.setdefault(row.achievement.ref, []).append(row)
    programmes = [_as_programme(versions) for versions in rows.values()]
    programmes.sort(key=lambda one: (one.state is State.ARCHIVED, one.content.name.casefold(), one.ref))
    return organization, tuple(programmes)


def get_programme(slug: str, ref: str, *, by: Actor) -> tuple[Organization, Programme]:
    """Return one programme for its organization's staff. Two queries.

    Raises:
        NoSuchOrganization: there is none, or the actor does not work there.
        NoSuchAchievement: the organization has none of that name.
    """
    organization = people.get_organization(slug)
    require_staff(by, organization.id)
    rows = list(_versions().filter(achievement__ref=ref, achievement__organization_id=organization.id))
    if not rows:
        raise NoSuchAchievement(NOTHING_HERE)
    return organization, _as_programme(rows)


def draft_to_edit(slug: str, ref: str, *, by: Actor) -> tuple[Organization, Draft]:
    """Return an open draft for somebody who may change it. Two queries.

    Raises:
        NoSuchOrganization, NoSuchAchievement: as `get_programme`.
        RoleMissing: the actor works there, but does not edit programmes.
        NoDraft: everything is published.
    """
    organization, programme = get_programme(slug, ref, by=by)
    require_role(by, organization.id, Role.EDITOR)
    if programme.draft is None:
        raise NoDraft(ALL_PUBLISHED)
    return organization, programme.draft


def organization_to_edit(slug: str, *, by: Actor) -> Organization:
    """Return an organization for somebody who may start programmes there. One query.

    Raises:
        NoSuchOrganization: there is none, or the actor does not work there.
        RoleMissing: the actor works there, but does not edit programmes.
    """
    organization = people.get_organization(slug)
    require_role(by, organization.id, Role.EDITOR)
    return organization


def programme_badge(slug: str, ref: str, *, by: Actor) -> str:
    """Return the badge of what an editor looks at, as SVG. Two queries; errors as `get_programme`."""
    organization, programme = get_programme(slug, ref, by=by)
    return drawing(programme.content, organization.name)


def drawing(content: Content, issuer: str) -> str:
    """Return a badge as SVG, drawn or carrying its uploaded image. No query."""
    if content.badge.upload is None:
        return badge.draw(content.name, issuer, content.badge)
    png = images.fit(b"".join(files.read(content.badge.upload)), 512)
    return badge.wrap_png(base64.b64encode(png).decode("ascii"), content.name)


def preview(content: Content, issuer: str, design: BadgeDesign) -> str:
    """Return the badge that a design would give, as SVG. No query."""
    return drawing(replace(content, badge=design), issuer)


def issuer_page(slug: str) -> tuple[Organization, tuple[PublishedAchievement, ...]]:
    """Return an organization and what can be earned there. Two queries. Raises `NoSuchOrganization`."""
    organization = people.get_organization(slug)
    return organization, published_of(organization.id)


def require_staff(by: Actor, organization_id: UUID) -> None:
    """Let everyone who works for the organization read. Raises `NoSuchOrganization` for all others."""
    require_role(by, organization_id, Role.EDITOR, Role.ISSUER, Role.ASSESSOR)


def may_edit(by: Actor, organization_id: UUID) -> bool:
    """Tell whether to offer changes at all; the services decide again."""
    return by.has_role(organization_id, Role.EDITOR, Role.ADMIN)


def as_published(row: AchievementVersion) -> PublishedAchievement:
    """Return a published row as a fact. No query if the achievement came with the row."""
    if row.published_at is None:
        raise ValueError("the version is not published")
    return PublishedAchievement(published_at=row.published_at, **_content(row))


def as_draft(row: AchievementVersion) -> Draft:
    """Return an unpublished row as a fact. No query if the achievement came with the row."""
    return Draft(changed_at=row.changed_at, **_content(row))


def as_design(row: AchievementVersion) -> BadgeDesign:
    """Return how a row's badge is drawn. No query."""
    return BadgeDesign(
        field=row.badge_field,
        level=row.badge_level,
        kind=BadgeKind(row.badge_kind),
        hue=row.badge_hue,
        upload=row.badge_upload,
    )


def _versions() -> Any:
    return AchievementVersion.objects.select_related("achievement").order_by("-version")


def _published() -> Any:
    return AchievementVersion.objects.select_related("achievement").filter(published_at__isnull=False)


def _published_row(version_id: UUID) -> AchievementVersion:
    row: AchievementVersion | None = _published().filter(id=version_id).first()
    if row is None:
        raise NoSuchAchievement(NOTHING_HERE)
    return row


def _as_programme(rows: list[AchievementVersion]) -> Programme:
    """Read a programme from its versions, newest first."""
    draft = next((row for row in rows if row.published_at is None), None)
    published = next((row for row in rows if row.published_at is not None), None)
    achievement = rows[0].achievement
    if achievement.archived_at is not None:
        state = State.ARCHIVED
    elif draft is None:
        state = State.PUBLISHED
    else:
        state = State.CHANGING if published else State.DRAFT
    return Programme(
        ref=achievement.ref,
        organization_id=achievement.organization_id,
        state=state,
        draft=as_draft(draft) if draft else None,
        published=as_published(published) if published else None,
        archived_at=achievement.archived_at,
    )


def _content(row: AchievementVersion) -> dict[str, Any]:
    return {
        "id": row.id,
        "ref": row.achievement.ref,
        "version": row.version,
        "organization_id": row.achievement.organization_id,
        "name": row.name,
        "description": row.description,
        "criteria_narrative": row.criteria_narrative,
        "outcomes": tuple(row.outcomes),
        "achievement_type": row.achievement_type,
        "language": row.language,
        "rubric": tuple(_criterion(stored) for stored in row.rubric),
        "evidence_tasks": tuple(EvidenceTask(**stored) for stored in row.evidence_tasks),
        "assessors_needed": row.assessors_needed,
        "badge": as_design(row),
        "alignments": tuple(Alignment(**stored) for stored in row.alignments),
        "tags": tuple(row.tags),
        "workload_hours": _plain(row.workload_hours),
        "ects": _plain(row.ects),
        "eqf_level": row.eqf_level,
        "level_applies": row.level_applies,
        "assessment_type": Assessment(row.assessment_type) if row.assessment_type else None,
        "participation": Participation(row.participation) if row.participation else None,
        "quality_assurance": row.quality_assurance,
        "prerequisites": row.prerequisites,
        "supervision": Supervision(row.supervision) if row.supervision else None,
        "identity_check": row.identity_check,
        "stackability": row.stackability,
        "valid_for_months": row.valid_for_months,
        "review_by": row.review_by,
    }


def _criterion(stored: dict[str, Any]) -> Criterion:
    levels = tuple(
        Level(
            id=level["id"],
            name=level["name"],
            description=level["description"],
            points=None if level["points"] is None else Decimal(level["points"]),
        )
        for level in stored["levels"]
    )
    return Criterion(
        id=stored["id"],
        name=stored["name"],
        description=stored["description"],
        levels=levels,
        required_level=stored["required_level"],
    )


def _plain(number: Decimal | None) -> Decimal | None:
    """Return `50`, not `50.00`: the column's places are no claim to precision."""
    if number is None:
        return None
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
