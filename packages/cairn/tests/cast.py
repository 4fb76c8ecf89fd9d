# SPDX-License-Identifier: Apache-2.0
"""The standing cast of the tests: Fernhill College, its people, and a second institution to be foreign."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cairn.achievements import queries as achievements
from cairn.achievements import services as achieving
from cairn.achievements.facts import (
    BadgeDesign,
    PublishedAchievement,
)
from cairn.people import queries
from cairn.people.facts import Actor, Role
from cairn.people.models import Membership, Organization, Person
from cairn.site import samples


@dataclass(frozen=True, slots=True)
class Player:
    """One person of the cast, with the row and what they may do."""

    row: Person

    @property
    def actor(self) -> Actor:
        """What the person may do now."""
        return queries.actor_of(self.row)


def fernhill() -> Organization:
    """Return Fernhill College, made on first use."""
    return Organization.objects.get_or_create(
        slug="fernhill",
        defaults={
            "name": "Fernhill College",
            "country": "GB",
            "url": "https://fernhill.example/",
            "email": "credentials@fernhill.example",
            "description": "A college of further education on the Rivermouth.",
            "quality_assurance": "External review every three years",
        },
    )[0]


def north_quay() -> Organization:
    """Return North Quay Institute, which is foreign to everyone at Fernhill."""
    return Organization.objects.get_or_create(
        slug="north-quay", defaults={"name": "North Quay Institute", "country": "NL", "hue": 160}
    )[0]


def person(name: str, email: str, organization: Organization | None = None, *roles: Role) -> Player:
    """Return a person of the cast, made on first use, with these roles at the organization."""
    row = Person.objects.filter(email=email).first() or Person.objects.create_user(email, name=name)
    for role in roles:
        Membership.objects.get_or_create(person=row, organization=organization, role=role)
    return Player(row)


def amara() -> Player:
    """Return the learner."""
    return person("Amara Okafor", "amara.okafor@example.org", fernhill(), Role.LEARNER)


def tomas() -> Player:
    """Return the first assessor."""
    return person("Tomas Reyes", "tomas.reyes@fernhill.example", fernhill(), Role.ASSESSOR)


def ingrid() -> Player:
    """Return the second assessor."""
    return person("Ingrid Solberg", "ingrid.solberg@fernhill.example", fernhill(), Role.ASSESSOR)


def priya() -> Player:
    """Return the one who runs Fernhill's programmes and issues its credentials."""
    return person(
        "Priya Nair", "priya.nair@fernhill.example", fernhill(), Role.ADMIN, Role.EDITOR, Role.ISSUER
    )


def lukas() -> Player:
    """Return another learner, who has earned nothing yet."""
    return person("Lukas Brandt", "lukas.brandt@example.org", fernhill(), Role.LEARNER)


def noor() -> Player:
    """Return one who only edits Fernhill's programmes."""
    return person("Noor Haddad", "noor.haddad@fernhill.example", fernhill(), Role.EDITOR)


def mei_ling() -> Player:
    """Return one who only issues Fernhill's credentials."""
    return person("Mei-Ling Chow", "mei-ling.chow@fernhill.example", fernhill(), Role.ISSUER)


def wanda() -> Player:
    """Return one who only administers Fernhill College."""
    return person("Wanda Ferris", "wanda.ferris@fernhill.example", fernhill(), Role.ADMIN)


def sven() -> Player:
    """Return the one who does the same at North Quay Institute."""
    return person(
        "Sven Dekker",
        "sven.dekker@north-quay.example",
        north_quay(),
        Role.ADMIN,
        Role.EDITOR,
        Role.ISSUER,
        Role.ASSESSOR,
    )


#: When Data Cleaning with Python was published.
PUBLISHED_AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def data_cleaning() -> PublishedAchievement:
    """Return Data Cleaning with Python as Fernhill published it, made on first use."""
    for published in achievements.published_of(fernhill().id):
        if published.name == "Data Cleaning with Python":
            return published
    editor = priya().actor
    started = achieving.draft(fernhill().id, "Data Cleaning with Python", by=editor, at=PUBLISHED_AT)
    for part in samples.DATA_CLEANING:
        achieving.edit(started.ref, part, by=editor, at=PUBLISHED_AT)
    achieving.draw_badge(started.ref, BadgeDesign(field="data", level=2), by=editor, at=PUBLISHED_AT)
    return achieving.publish(started.ref, by=editor, at=PUBLISHED_AT)
