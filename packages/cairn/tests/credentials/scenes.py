# SPDX-License-Identifier: Apache-2.0
"""What the tests of this room start from: Amara's marked work, issued or waiting."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import cast

from cairn.achievements import services as achieving
from cairn.achievements.facts import PublicFacts, PublishedAchievement
from cairn.credentials import queries, services
from cairn.credentials.facts import Award, AwardedEvidence, AwardedResult, Issued
from cairn.foundation import files
from cairn.site import samples

DECIDED_AT = datetime(2026, 10, 13, 15, 20, tzinfo=UTC)
ISSUED_AT = datetime(2026, 10, 14, 9, 12, 44, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'
REPORT = b"%PDF-1.7\n% the data quality report\n"
NARRATIVE = (
    "Took 41,000 rows of real bus-arrival records, full of gaps and duplicates, and turned them into a "
    "dataset that two transport planners could use without asking a question.\n\n"
    "Worked alone over three weeks, kept a written log of every decision, and defended the choices in a "
    "20-minute interview."
)
COMMENTS = (
    (4, "Found a clock fault that the data owner did not know about."),
    (3, "Compared three methods and explained the choice in plain words."),
    (3, "Runs from a clean machine in one command."),
    (4, "Lists what could not be fixed, and why it matters."),
)


def results() -> tuple[AwardedResult, ...]:
    """Return the four agreed results of Amara's work."""
    return tuple(
        AwardedResult(
            criterion_id=criterion.id,
            criterion_name=criterion.name,
            level_id=criterion.levels[rung - 1].id,
            level_name=criterion.levels[rung - 1].name,
            position=rung,
            out_of=len(criterion.levels),
            comment=comment,
        )
        for criterion, (rung, comment) in zip(cast.data_cleaning().rubric, COMMENTS, strict=True)
    )


def stored(data: bytes, *, name: str, description: str, media_type: str) -> AwardedEvidence:
    """Store a file and return it as evidence."""
    kept = files.put([data], limit=10**6)
    return AwardedEvidence(
        name=name,
        description=description,
        media_type=media_type,
        size=kept.size,
        sha256=kept.sha256,
        file_key=kept.key,
    )


def award(*, person_id: UUID | None = None, with_files: bool = True, **changes: object) -> Award:
    """Return Amara's award, or somebody's."""
    evidence = (
        (
            stored(
                NOTEBOOK,
                name="Cleaning notebook",
                description="The notebook that does the work.",
                media_type="application/x-ipynb+json",
            ),
            stored(
                REPORT,
                name="Data quality report",
                description="Twelve pages for the data owner.",
                media_type="application/pdf",
            ),
        )
        if with_files
        else ()
    )
    fields: dict[str, object] = {
        "id": uuid4(),
        "achievement_id": cast.data_cleaning().id,
        "person_id": person_id or cast.amara().row.id,
        "narrative": NARRATIVE,
        "results": results(),
        "evidence": evidence,
        "decided_at": DECIDED_AT,
        "assessed": True,
    }
    return Award(**(fields | changes))  # type: ignore[arg-type]  # fields by name


def issued(**changes: object) -> Issued:
    """Return Amara's credential, just issued by Priya."""
    decided = award(**changes)  # type: ignore[arg-type]  # as `award`
    services.record_award(decided, by=cast.tomas().actor, at=DECIDED_AT)
    return services.issue([decided.id], by=cast.priya().actor, at=ISSUED_AT).issued[0]


def ending_after(*, months: int) -> PublishedAchievement:
    """Return a new version of Data Cleaning with Python whose credentials end."""
    editor = cast.priya().actor
    ref = cast.data_cleaning().ref
    achieving.new_version(ref, by=editor, at=DECIDED_AT)
    facts = next(part for part in samples.DATA_CLEANING if isinstance(part, PublicFacts))
    achieving.edit(ref, replace(facts, valid_for_months=months), by=editor, at=DECIDED_AT)
    return achieving.publish(ref, by=editor, at=DECIDED_AT)


def whole(ref: str) -> bytes:
    """Return the whole signed document."""
    return queries.document(ref, format="json")
