# SPDX-License-Identifier: Apache-2.0
"""What the staff who issue look at: what waits, what was issued, a list before it is issued."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cairn.achievements import queries as achievements
from cairn.achievements.errors import NoSuchAchievement
from cairn.achievements.facts import PublishedAchievement
from cairn.credentials.facts import Issued, KeyState, ListedPerson, ReadyAward, ReadyGroup, State
from cairn.credentials.models import IssuedCredential
from cairn.credentials.queries.awards import ready_groups, ready_of
from cairn.credentials.queries.credentials import (
    NOTHING_HERE,
    as_issued,
    last_issued,
    require_staff,
)
from cairn.credentials.queries.documents import key_states
from cairn.credentials.rules import people_list
from cairn.people import queries as people
from cairn.people.access import require_role
from cairn.people.facts import Actor, Organization, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The first page of an organization's staff. `may_issue` tells whether to offer issuing."""

    organization: Organization
    groups: tuple[ReadyGroup, ...]
    last: tuple[Issued, ...]
    issued_this_week: int
    keys: tuple[KeyState, ...]
    may_issue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedList:
    """A list of people before it is issued. `holds` maps an address in lower case to what its owner holds."""

    organization: Organization
    achievement: PublishedAchievement
    rows: tuple[people_list.CheckedRow, ...]
    holds: dict[str, Issued]


def staff_home(slug: str, *, by: Actor, at: datetime) -> Home:
    """Return what an organization's staff see first. Names only for those who issue. Eight queries at most.

    Raises:
        NoSuchOrganization: there is none, or the actor does not work there.
    """
    organization = people.get_organization(slug)
    require_role(by, organization.id, Role.ISSUER, Role.EDITOR, Role.ASSESSOR)
    may_issue = by.has_role(organization.id, Role.ISSUER, Role.ADMIN)
    week = IssuedCredential.objects.filter(
        organization_id=organization.id, undone_at__isnull=True, issued_at__gt=at - timedelta(days=7)
    )
    return Home(
        organization=organization,
        groups=ready_groups(organization.id) if may_issue else (),
        last=last_issued(organization.id) if may_issue else (),
        issued_this_week=week.count(),
        keys=key_states(organization.id),
        may_issue=may_issue,
    )


def issue_desk(
    slug: str, *, by: Actor
) -> tuple[Organization, tuple[ReadyGroup, ...], tuple[PublishedAchievement, ...]]:
    """Return what can be issued: awards that wait, and achievements for a list of people. Three queries.

    Raises:
        NoSuchOrganization, RoleMissing: the actor does not issue there.
    """
    organization = require_staff(slug, by=by)
    return organization, ready_groups(organization.id), achievements.published_of(organization.id)


def ready_list(slug: str, achievement_id: UUID, *, by: Actor) -> tuple[Organization, tuple[ReadyAward, ...]]:
    """Return the awards of one achievement that wait. Three queries.

    Raises:
        NoSuchOrganization, RoleMissing: the actor does not issue there.
        NoSuchAchievement: nothing of it waits.
    """
    organization = require_staff(slug, by=by)
    ready = ready_of(organization.id, achievement_id)
    if not ready:
        raise NoSuchAchievement(NOTHING_HERE)
    return organization, ready


def check_list(slug: str, achievement_id: UUID, listed: Iterable[ListedPerson], *, by: Actor) -> CheckedList:
    """Check a list of people before it is issued. Five queries.

    Raises:
        NoSuchOrganization, RoleMissing: the actor does not issue there.
        NoSuchAchievement: the organization has not published it.
    """
    organization = require_staff(slug, by=by)
    achievement = achievements.get_published(achievement_id)
    if achievement.organization_id != organization.id:
        raise NoSuchAchievement(NOTHING_HERE)
    holds = _holders(achievement.ref)
    rows = people_list.check(listed, holders=holds.keys())
    return CheckedList(organization=organization, achievement=achievement, rows=rows, holds=holds)


def _holders(achievement_ref: str) -> dict[str, Issued]:
    """Return who holds an achievement, by every address we know of theirs. Three queries."""
    rows = IssuedCredential.objects.filter(achievement_ref=achievement_ref, undone_at__isnull=True)
    held = [one for one in as_issued(rows.order_by("issued_at")) if one.state is not State.WITHDRAWN]
    persons = people.people_by_id(one.person_id for one in held if one.person_id)
    found = {one.person_email.casefold(): one for one in held}
    found |= {persons[one.person_id].email.casefold(): one for one in held if one.person_id in persons}
    return found
