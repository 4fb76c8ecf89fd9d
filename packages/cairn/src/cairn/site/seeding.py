# SPDX-License-Identifier: Apache-2.0
"""Fills an empty site with Fernhill College, so that a newcomer sees every desk with something on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.utils import timezone

from cairn.achievements import services as achieving
from cairn.achievements.facts import BadgeDesign, Part, PublishedAchievement
from cairn.assessment import services as assessing
from cairn.assessment.facts import Mark, ProposedLevel, Upload, Words
from cairn.credentials import queries as credentials
from cairn.credentials import services as issuing
from cairn.people import queries as people
from cairn.people import services as peopling
from cairn.people.facts import Actor, Role
from cairn.site import samples, welcome
from cairn.site.demo import work


@dataclass(frozen=True, slots=True)
class Cast:
    """Who stands where in the demo institution; each is found again by their e-mail address."""

    organization_id: UUID
    priya: Actor
    tomas: Actor
    ingrid: Actor
    amara: Actor
    lukas: Actor


def is_empty() -> bool:
    """Tell whether nobody has used this site yet. One query."""
    return not people.has_anybody()


def fill() -> None:
    """Found Fernhill College, publish two programmes, hand in, mark and issue. About 40 transactions."""
    now = timezone.now()
    cast = _people(now - timedelta(days=120))
    cleaning = _publish(cast, samples.DATA_CLEANING, "data", 2, now - timedelta(days=90))
    _publish(cast, samples.QUERYING_DATA, "code", 2, now - timedelta(days=80))
    achieving.draft(
        cast.organization_id,
        "Visualising Data Honestly",
        description="Draw charts that say what the data say, and no more.",
        field="design",
        by=cast.priya,
        at=now - timedelta(days=3),
    )
    _amara_earns_hers(cast, cleaning, now - timedelta(days=40))
    _hand_in(cast.lukas, cleaning, now - timedelta(days=2))


def _people(at: datetime) -> Cast:
    emails = {email.split("@")[0].split(".")[0]: email for email, _ in welcome.CAST}
    names = {
        "priya": "Priya Nair",
        "tomas": "Tomas Reyes",
        "ingrid": "Ingrid Solberg",
        "amara": "Amara Okafor",
        "lukas": "Lukas Brandt",
    }
    added = {key: peopling.find_or_add_person(name=names[key], email=emails[key], at=at).id for key in names}
    college = peopling.found_organization(
        name="Fernhill College",
        slug="fernhill",
        country="GB",
        url="https://fernhill.example/",
        email="credentials@fernhill.example",
        description=(
            "A college of further education on the Rivermouth. We teach people who work, in the evening "
            "and online, and we mark what they make."
        ),
        quality_assurance="External review every three years",
        administrator_id=added["priya"],
        at=at,
    )
    admin = people.actor_by_id(added["priya"])
    for key, roles in {
        "priya": {Role.ADMIN, Role.EDITOR, Role.ISSUER},
        "tomas": {Role.ASSESSOR},
        "ingrid": {Role.ASSESSOR},
        "amara": {Role.LEARNER},
        "lukas": {Role.LEARNER},
    }.items():
        peopling.enrol(college.id, added[key], by=admin, at=at)
        peopling.set_roles(college.id, added[key], roles, by=admin, at=at)
    return Cast(college.id, *(people.actor_by_id(added[key]) for key in names))


def _publish(cast: Cast, parts: Iterable[Part], field: str, level: int, at: datetime) -> PublishedAchievement:
    parts = tuple(parts)
    about = next(part for part in parts if hasattr(part, "name"))
    started = achieving.draft(cast.organization_id, about.name, field=field, by=cast.priya, at=at)
    for part in parts:
        achieving.edit(started.ref, part, by=cast.priya, at=at)
    achieving.draw_badge(started.ref, BadgeDesign(field=field, level=level), by=cast.priya, at=at)
    return achieving.publish(started.ref, by=cast.priya, at=at)


def _hand_in(learner: Actor, achievement: PublishedAchievement, at: datetime) -> None:
    contents = {"t1": ("cleaning.ipynb", work.notebook()), "t2": ("arrivals-clean.csv", work.arrivals_csv()),
                "t3": ("data-quality-report.pdf", work.report_pdf())}  # fmt: skip
    uploads = [
        Upload(
            client_key=uuid4().hex, task_id=task, name=name, size=len(content), read=partial(bytes, content)
        )
        for task, (name, content) in contents.items()
    ]
    words = Words(
        statement=work.STATEMENT, ai_statement="I asked a chatbot for the name of one pandas method."
    )
    kept = assessing.keep(achievement.ref, words, uploads, by=learner, at=at)
    if kept.faults:
        raise RuntimeError(f"the demo's own files are not taken: {[fault.code for fault in kept.faults]}")
    assessing.hand_in(achievement.ref, by=learner, at=at)


def _amara_earns_hers(cast: Cast, achievement: PublishedAchievement, at: datetime) -> None:
    """Hand in, mark twice with one difference, agree on it, issue."""
    _hand_in(cast.amara, achievement, at)
    later = at
    for assessor, levels in ((cast.tomas, work.FIRST_MARKS), (cast.ingrid, work.SECOND_MARKS)):
        later += timedelta(days=1)
        piece = assessing.take_next(by=assessor, at=later)
        marks = [
            Mark(criterion_id=criterion.id, level_id=criterion.levels[rung - 1].id, comment=comment)
            for criterion, (rung, comment) in zip(achievement.rubric, levels, strict=True)
        ]
        assessing.save_marks(piece, marks, by=assessor, at=later)
        assessing.finish(piece, by=assessor, at=later)
    fourth = achievement.rubric[3]
    proposed = [
        ProposedLevel(criterion_id=fourth.id, level_id=fourth.levels[3].id, reason=work.AGREED_REASON)
    ]
    assessing.propose(piece, proposed, by=cast.tomas, at=later + timedelta(hours=1))
    assessing.confirm(piece, 1, by=cast.ingrid, at=later + timedelta(hours=2))
    ready = credentials.ready_of(cast.organization_id, achievement.id)
    issuing.issue([award.id for award in ready], by=cast.priya, at=later + timedelta(days=1))
