# SPDX-License-Identifier: Apache-2.0
"""The standing cast of the tests: Fernhill College, its people, and a second institution to be foreign."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from cairn.achievements import queries as achievements
from cairn.achievements import services as achieving
from cairn.achievements.facts import (
    About,
    Alignment,
    Assessment,
    BadgeDesign,
    Criterion,
    EvidenceTask,
    HandIn,
    Level,
    Participation,
    PublicFacts,
    PublishedAchievement,
    Rubric,
    Skills,
    Supervision,
)
from cairn.people import queries
from cairn.people.facts import Actor, Role
from cairn.people.models import Membership, Organization, Person


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
LEVELS = ("Emerging", "Developing", "Proficient", "Exemplary")


def criterion(number: int, name: str, *described: str) -> Criterion:
    """Return a criterion on Fernhill's four levels, of which Proficient passes."""
    levels = tuple(
        Level(id=f"c{number}-l{rung}", name=level, description=text, points=Decimal(rung))
        for rung, (level, text) in enumerate(zip(LEVELS, described, strict=True), start=1)
    )
    return Criterion(id=f"c{number}", name=name, levels=levels, required_level=f"c{number}-l3")


DATA_CLEANING_PARTS = (
    About(
        name="Data Cleaning with Python",
        description="Turn a messy set of real records into one that others can use, and say what was changed.",
        criteria_narrative=(
            "Clean a real dataset of 10,000 rows or more, keep a log of every decision, "
            "and defend the choices in a **20-minute interview**."
        ),
        outcomes=(
            "find and describe errors in an unfamiliar dataset",
            "choose a treatment for missing values and justify it",
            "write Python that another analyst can rerun",
            "report what was changed, and what could not be fixed",
        ),
        achievement_type="MicroCredential",
        language="en",
    ),
    Rubric(
        rubric=(
            criterion(
                1,
                "Finds errors in the data",
                "Finds the errors that a first look shows.",
                "Finds most kinds of error, and misses their pattern.",
                "Finds every kind of error and describes where each comes from.",
                "Finds faults that the data owner did not know about.",
            ),
            criterion(
                2,
                "Treats missing values",
                "Drops rows with gaps.",
                "Fills gaps by one method, without a reason.",
                "Compares methods and explains the choice in plain words.",
                "Shows how the choice changes the answer.",
            ),
            criterion(
                3,
                "Writes code others can rerun",
                "Runs on the author's machine.",
                "Runs elsewhere after some repair.",
                "Runs from a clean machine in one command.",
                "Runs in one command and tests its own steps.",
            ),
            criterion(
                4,
                "Reports changes honestly",
                "Lists some of the changes.",
                "Lists the changes, without their effect.",
                "Lists every change and its effect.",
                "Lists what could not be fixed too, and why it matters.",
            ),
        )
    ),
    HandIn(
        evidence_tasks=(
            EvidenceTask(id="t1", name="Cleaning notebook", description="The notebook that does the work."),
            EvidenceTask(id="t2", name="Cleaned data", description="The resulting table as CSV."),
            EvidenceTask(id="t3", name="Data quality report", description="A PDF for the data owner."),
        ),
        assessors_needed=2,
    ),
    Skills(
        alignments=(
            Alignment(
                target_name="Assess data quality",
                target_url="https://fernhill.example/skills/assess-data-quality",
                target_framework="Fernhill College",
            ),
            Alignment(
                target_name="Python (computer programming)",
                target_url="http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d",
                target_framework="ESCO",
            ),
        ),
        tags=("data quality", "pandas"),
    ),
    PublicFacts(
        workload_hours=Decimal(50),
        ects=Decimal(2),
        eqf_level=5,
        level_applies=True,
        assessment_type=Assessment.PROJECT,
        participation=Participation.BLENDED,
        quality_assurance="External review every three years",
        prerequisites="Can write a loop and a function in Python.",
        supervision=Supervision.ON_SITE_WITH_IDENTITY,
        identity_check="Photo ID, in person",
        stackability="Counts towards Data Analyst Foundations.",
        valid_for_months=None,
        review_by=None,
    ),
)


def data_cleaning() -> PublishedAchievement:
    """Return Data Cleaning with Python as Fernhill published it, made on first use."""
    for published in achievements.published_of(fernhill().id):
        if published.name == "Data Cleaning with Python":
            return published
    editor = priya().actor
    started = achieving.draft(fernhill().id, "Data Cleaning with Python", by=editor, at=PUBLISHED_AT)
    for part in DATA_CLEANING_PARTS:
        achieving.edit(started.ref, part, by=editor, at=PUBLISHED_AT)
    achieving.draw_badge(started.ref, BadgeDesign(field="data", level=2), by=editor, at=PUBLISHED_AT)
    return achieving.publish(started.ref, by=editor, at=PUBLISHED_AT)
