# SPDX-License-Identifier: Apache-2.0
"""What this room takes, gives and announces: work that was handed in, marks, and what was agreed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cairn.achievements.facts import Criterion, EvidenceTask, PublishedAchievement


class State(StrEnum):
    """Where a submission stands. Only `passed` and `not-yet` are final."""

    DRAFT = "draft"
    HANDED_IN = "handed-in"
    BEING_MARKED = "being-marked"
    MARKS_DIFFER = "marks-differ"
    PASSED = "passed"
    NOT_YET = "not-yet"

    @property
    def is_decided(self) -> bool:
        """Tell whether the assessors are done with it."""
        return self in (State.PASSED, State.NOT_YET)


class ShownAs(StrEnum):
    """How a file is put before a reader's eyes."""

    TEXT = "text"
    NOTEBOOK = "notebook"
    TABLE = "table"
    IMAGE = "image"
    PDF = "pdf"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that stands in the way.

    `field` names the input it belongs to, "" for the whole form; `about` the file it is about. `message` is
    an English sentence with `%(name)s` places for `values`, translated at the door.
    """

    code: str
    message: str
    about: str = field(default="", repr=False)
    field: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.message % dict(self.values)


# --- what the room takes ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the learner says about the work: what they did, and how AI was used. Plain text."""

    statement: str = field(default="", repr=False)
    ai_statement: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file on its way in.

    `client_key` is the same when a browser sends the same file again after a lost answer. `size` in bytes.
    `read` gives the content and is called only where the size is acceptable.
    """

    client_key: str
    task_id: str
    name: str = field(repr=False)
    size: int
    read: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one assessor saw on one criterion. `level_id` is "" until a level is chosen."""

    criterion_id: str
    level_id: str = ""
    comment: str = field(default="", repr=False)


# --- what the room gives ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of a save: how many files are new, which ones were refused and why."""

    submission_id: UUID
    added: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A stored file of a submission. `number` is 1-based in the order of tasks, then of arrival.

    `title` says what it is without the learner's own file name, which often holds their name.
    """

    id: UUID
    number: int
    task_id: str
    title: str
    name: str = field(repr=False)
    media_type: str
    size: int
    sha256: str
    file_key: UUID
    added_at: datetime
    shown_as: ShownAs


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedResult:
    """The level that counts on one criterion. `position` is 1-based, low to high, among `out_of` levels."""

    criterion: Criterion
    level_id: str
    level_name: str
    position: int
    out_of: int
    comment: str = field(repr=False)
    is_met: bool

    @property
    def steps(self) -> tuple[bool, ...]:
        """The scale as drawn: filled up to the level reached."""
        return tuple(rung < self.position for rung in range(self.out_of))

    @property
    def required_name(self) -> str:
        """The name of the level that was needed, "" where any level counts."""
        return next((lv.name for lv in self.criterion.levels if lv.id == self.criterion.required_level), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One attempt, as its learner sees it. Times are UTC."""

    id: UUID
    attempt: int
    state: State
    candidate: int
    words: Words
    evidence: tuple[Evidence, ...]
    removed: tuple[Evidence, ...]
    handed_in_at: datetime | None
    decided_at: datetime | None
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to hand in, with the files that are there already."""

    task: EvidenceTask
    evidence: tuple[Evidence, ...]
    removed: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a learner hands in for one achievement: the current attempt and the earlier ones, newest first."""

    achievement: PublishedAchievement
    organization_name: str
    current: Submission | None
    tasks: tuple[Task, ...]
    earlier: tuple[Submission, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """One line of a learner's list. `state` is `None` where nothing was begun."""

    ref: str
    name: str
    organization_name: str
    state: State | None
    attempt: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A decided attempt with its results and comments, as its learner reads it."""

    achievement: PublishedAchievement
    organization_name: str
    submission: Submission
    results: tuple[AgreedResult, ...]
    can_try_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """One piece of work in an assessor's list. No name of the learner is in it."""

    id: UUID
    candidate: int
    achievement_name: str
    handed_in_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What an assessor has before them, longest waiting first. `waiting` is free to take."""

    started: tuple[QueueLine, ...]
    to_agree: tuple[QueueLine, ...]
    to_confirm: tuple[QueueLine, ...]
    waiting: tuple[QueueLine, ...]
    waiting_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A piece of work on an assessor's desk: the evidence beside the rubric, without names."""

    submission_id: UUID
    candidate: int
    achievement: PublishedAchievement
    words: Words
    evidence: tuple[Evidence, ...]
    marks: tuple[Mark, ...]
    handed_in_at: datetime
    saved_at: datetime | None
    is_finished: bool
    state: State
    waiting_count: int
    open: Evidence | None
    shown: "Shown | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenMark:
    """One assessor's finished mark on a criterion, with the assessor's name."""

    assessor_name: str = field(repr=False)
    is_mine: bool
    level_id: str
    level_name: str
    comment: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The marks of all assessors on one criterion, side by side, and what is proposed where they differ."""

    criterion: Criterion
    given: tuple[GivenMark, ...]
    differs: bool
    proposed: "ProposedLevel | None"
    proposed_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedLevel:
    """What an assessor proposes on one criterion, and why, in words the learner can read."""

    criterion_id: str
    level_id: str = ""
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The agreeing page of one piece of work. `proposal` is the number of the newest one, 0 for none."""

    submission_id: UUID
    candidate: int
    achievement: PublishedAchievement
    evidence: tuple[Evidence, ...]
    comparisons: tuple[Comparison, ...]
    proposal: int
    proposed_by_me: bool
    proposed_by: str = field(repr=False)
    confirmed_by_me: bool
    state: State
    open: Evidence | None
    shown: "Shown | None"

    @property
    def differing(self) -> int:
        """On how many criteria the marks differ."""
        return sum(one.differs for one in self.comparisons)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneLine:
    """A piece of work that this assessor finished. No name of the learner is in it."""

    id: UUID
    candidate: int
    achievement_name: str
    finished_at: datetime
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What finishing, proposing or confirming led to."""

    submission_id: UUID
    state: State
    waits_for_other: bool


# --- a file as a page shows it ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a notebook: `kind` is `code`, `text` or `output`."""

    kind: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file read for the page.

    `is_cut` says that more is in the file than is shown, `is_gone` that the disk no longer has it.
    """

    how: ShownAs
    text: str = field(default="", repr=False)
    cells: tuple[Cell, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    is_cut: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvidence:
    """A file to be served: the name is safe to show to whoever asked."""

    name: str = field(repr=False)
    media_type: str
    size: int
    file_key: UUID


# --- what the room announces ---


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkHandedIn:
    """A learner handed work in."""

    submission_id: UUID
    organization_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksDiffer:
    """All assessors finished, and their marks are not the same."""

    submission_id: UUID
    organization_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDecided:
    """A result was agreed; a passed one is an award already."""

    submission_id: UUID
    organization_id: UUID
    person_id: UUID
    achievement_ref: str
    attempt: int
    passed: bool
