# SPDX-License-Identifier: Apache-2.0
"""What this room takes and gives: achievements, their parts, and what is found wanting in them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Assessment(StrEnum):
    """How the learning is assessed; the EU recommendation wants one named."""

    PROJECT = "project"
    PORTFOLIO = "portfolio"
    COURSEWORK = "coursework"
    WRITTEN_EXAM = "written_exam"
    ORAL_EXAM = "oral_exam"
    PRACTICAL = "practical"
    PRIOR_LEARNING = "prior_learning"
    ATTENDANCE = "attendance"


class Participation(StrEnum):
    """How people take part."""

    ONLINE = "online"
    ON_SITE = "on_site"
    BLENDED = "blended"
    WORK_BASED = "work_based"


class Supervision(StrEnum):
    """Supervision and identity verification during assessment.

    Spec: EU 2022/C 243/02 Annex I, optional elements: exactly these four.
    """

    UNSUPERVISED = "unsupervised"
    SUPERVISED = "supervised"
    ONLINE_WITH_IDENTITY = "online_with_identity"
    ON_SITE_WITH_IDENTITY = "on_site_with_identity"


class BadgeKind(StrEnum):
    """What a badge's outline says."""

    CREDENTIAL = "credential"
    STACK = "stack"
    LICENCE = "licence"
    PARTICIPATION = "participation"


class State(StrEnum):
    """Where a programme stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CHANGING = "changing"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One rung of a criterion. `id` is unique within the achievement and stays over versions."""

    id: str
    name: str
    description: str = ""
    points: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One row of a rubric: levels low to high, and the id of the level that passes.

    Without a required level any level counts.
    """

    id: str
    name: str
    description: str = ""
    levels: tuple[Level, ...]
    required_level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A link to a node of somebody's framework, such as an ESCO skill. Empty text means not given."""

    target_name: str
    target_url: str
    target_framework: str = ""
    target_code: str = ""
    target_type: str = ""
    target_description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTask:
    """One thing a learner hands in."""

    id: str
    name: str
    description: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeDesign:
    """How the badge is drawn.

    `field` is a key of `badge.FIELDS`; `level` 0 (none shown) to 4; `hue` in OKLCH degrees, `None` for the
    field's own; `upload` the stored PNG that replaces the drawing.
    """

    field: str = "general"
    level: int = 0
    kind: BadgeKind = BadgeKind.CREDENTIAL
    hue: int | None = None
    upload: UUID | None = None


# The parts of a draft, one per task of the programme page. Their field names are those of `Content`.


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What it is called, what it is, what a person will be able to do. The criteria are Markdown."""

    name: str
    description: str
    criteria_narrative: str
    outcomes: tuple[str, ...]
    achievement_type: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """How the work is marked."""

    rubric: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """What learners hand in and how many assessors mark it, 0 to 2."""

    evidence_tasks: tuple[EvidenceTask, ...]
    assessors_needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills:
    """What the achievement shows in the words of others."""

    alignments: tuple[Alignment, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFacts:
    """The elements of the EU recommendation and what else a reader wants to know.

    Hours are notional hours; an EQF level is 1 to 8; `level_applies` false says that no framework's level
    applies; `review_by` is the day by which the content is looked at again.
    """

    workload_hours: Decimal | None
    ects: Decimal | None
    eqf_level: int | None
    level_applies: bool
    assessment_type: Assessment | None
    participation: Participation | None
    quality_assurance: str
    prerequisites: str
    supervision: Supervision | None
    identity_check: str
    stackability: str
    valid_for_months: int | None
    review_by: date | None


Part = About | Rubric | HandIn | Skills | PublicFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a version says. See the parts above for units and orders."""

    name: str
    description: str
    criteria_narrative: str
    outcomes: tuple[str, ...]
    achievement_type: str
    language: str
    rubric: tuple[Criterion, ...]
    evidence_tasks: tuple[EvidenceTask, ...]
    assessors_needed: int
    badge: BadgeDesign
    alignments: tuple[Alignment, ...]
    tags: tuple[str, ...]
    workload_hours: Decimal | None
    ects: Decimal | None
    eqf_level: int | None
    level_applies: bool
    assessment_type: Assessment | None
    participation: Participation | None
    quality_assurance: str
    prerequisites: str
    supervision: Supervision | None
    identity_check: str
    stackability: str
    valid_for_months: int | None
    review_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Content):
    """The version still being written."""

    id: UUID
    ref: str
    version: int
    organization_id: UUID
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAchievement(Content):
    """One published version; it never changes. `ref` is the achievement's, `id` the version's."""

    id: UUID
    ref: str
    version: int
    organization_id: UUID
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """An achievement as its staff see it: the draft, if one is open, and the version in force, if any."""

    ref: str
    organization_id: UUID
    state: State
    draft: Draft | None
    published: PublishedAchievement | None
    archived_at: datetime | None

    @property
    def content(self) -> Draft | PublishedAchievement:
        """What an editor looks at: the draft before the published version."""
        shown = self.draft or self.published
        if shown is None:
            raise ValueError("a programme has a version")
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is missing or wrong.

    `part` is the task it belongs to and `field` the input; `message` is an English sentence with
    `%(name)s` places for `values`, translated at the door. What does not block is worth a look only.
    """

    code: str
    part: str
    message: str
    field: str = ""
    values: tuple[tuple[str, str], ...] = ()
    blocks: bool = True
