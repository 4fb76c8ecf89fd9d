# SPDX-License-Identifier: Apache-2.0
"""Programmes of the demo institution: what a finished one looks like."""

from decimal import Decimal

from cairn.achievements.facts import (
    About,
    Alignment,
    Assessment,
    Criterion,
    EvidenceTask,
    HandIn,
    Level,
    Part,
    Participation,
    PublicFacts,
    Rubric,
    Skills,
    Supervision,
)

LEVELS = ("Emerging", "Developing", "Proficient", "Exemplary")


def criterion(number: int, name: str, *described: str) -> Criterion:
    """Return a criterion on Fernhill's four levels, of which Proficient passes."""
    levels = tuple(
        Level(id=f"c{number}-l{rung}", name=level, description=text, points=Decimal(rung))
        for rung, (level, text) in enumerate(zip(LEVELS, described, strict=True), start=1)
    )
    return Criterion(id=f"c{number}", name=name, levels=levels, required_level=f"c{number}-l3")


DATA_CLEANING: tuple[Part, ...] = (
    About(
        name="Data Cleaning with Python",
        description="Turn a messy set of real records into one others can use, and say what was changed.",
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
        stackability="Data Analyst Foundations",
        valid_for_months=None,
        review_by=None,
    ),
)

QUERYING_DATA: tuple[Part, ...] = (
    About(
        name="Querying Data with SQL",
        description="Answer a real question from a database, and show that the answer holds.",
        criteria_narrative="Answer five questions of a real organization, and explain each query.",
        outcomes=(
            "join tables without losing or doubling rows",
            "choose the right grouping for a question",
            "show that an answer holds",
        ),
        achievement_type="MicroCredential",
        language="en",
    ),
    Rubric(
        rubric=(
            criterion(
                1,
                "Joins tables soundly",
                "Joins tables and loses rows.",
                "Joins tables and notices lost rows.",
                "Joins tables and accounts for every row.",
                "Finds faults in the keys themselves.",
            ),
            criterion(
                2,
                "Answers the question asked",
                "Answers another question.",
                "Answers part of it.",
                "Answers it, with its limits.",
                "Answers it and the next one.",
            ),
        )
    ),
    HandIn(
        evidence_tasks=(
            EvidenceTask(id="t1", name="Queries", description="One file with the five queries."),
        ),
        assessors_needed=2,
    ),
    Skills(
        alignments=(
            Alignment(
                target_name="SQL",
                target_url="http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742",
                target_framework="ESCO",
            ),
        ),
        tags=("databases",),
    ),
    PublicFacts(
        workload_hours=Decimal(30),
        ects=Decimal(1),
        eqf_level=5,
        level_applies=True,
        assessment_type=Assessment.PROJECT,
        participation=Participation.ONLINE,
        quality_assurance="External review every three years",
        prerequisites="",
        supervision=Supervision.ONLINE_WITH_IDENTITY,
        identity_check="Photo ID, by video",
        stackability="Data Analyst Foundations",
        valid_for_months=36,
        review_by=None,
    ),
)
