# SPDX-License-Identifier: Apache-2.0
"""What this room takes, gives and announces."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cairn.credentials.facts.page import (
    CheckLine,
    Claims,
    CredentialView,
    EndorsementLine,
    EvidenceLine,
    Fact,
    FileState,
    LetterRun,
    MarkedCriterion,
    OddName,
    Skill,
)
from cairn.people.facts import Organization

__all__ = [
    "Award",
    "AwardReady",
    "AwardedEvidence",
    "AwardedResult",
    "Batch",
    "ChangeKind",
    "CheckLine",
    "Claims",
    "CredentialHeld",
    "CredentialIssued",
    "CredentialReinstated",
    "CredentialView",
    "CredentialWithdrawn",
    "Disclosure",
    "EndorsementLine",
    "EvidenceFile",
    "EvidenceLine",
    "Fact",
    "FileState",
    "Issued",
    "KeyState",
    "LetterRun",
    "ListedPerson",
    "MarkedCriterion",
    "OddName",
    "OpenedCredential",
    "PublishedList",
    "ReadyAward",
    "ReadyGroup",
    "Skill",
    "State",
    "TimelineEntry",
    "Visibility",
]


class Visibility(StrEnum):
    """Who may open a credential's own page."""

    PRIVATE = "private"
    LINK = "link"


class State(StrEnum):
    """Where a credential stands now, by its status and dates alone."""

    CURRENT = "current"
    ENDED = "ended"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


class ChangeKind(StrEnum):
    """One change of a credential's status. `undone` is a withdrawal within minutes of issuing."""

    WITHDRAWN = "withdrawn"
    HELD = "held"
    REINSTATED = "reinstated"
    UNDONE = "undone"


# --- what the room takes ---


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardedResult:
    """The agreed level on one criterion. `position` is 1-based, low to high, among `out_of` levels."""

    criterion_id: str
    criterion_name: str
    level_id: str
    level_name: str
    position: int
    out_of: int
    comment: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardedEvidence:
    """One piece of work the award rests on: a stored file, or an address elsewhere. `sha256` in hex."""

    name: str = field(repr=False)
    description: str = field(default="", repr=False)
    genre: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    file_key: UUID | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """The decision that a person earned an achievement (`achievement_id` names the published version)."""

    id: UUID
    achievement_id: UUID
    person_id: UUID
    narrative: str = field(default="", repr=False)
    results: tuple[AwardedResult, ...] = ()
    evidence: tuple[AwardedEvidence, ...] = ()
    decided_at: datetime
    assessed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """One row of a pasted list. `number` is the line it stood on, 1-based."""

    number: int
    name: str = field(repr=False)
    email: str = field(repr=False)


# --- what the room gives ---


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyAward:
    """An award that waits to be issued."""

    id: UUID
    achievement_id: UUID
    achievement_name: str
    person_id: UUID
    person_name: str = field(repr=False)
    decided_at: datetime
    assessed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyGroup:
    """How many awards of one achievement wait to be issued."""

    achievement_id: UUID
    achievement_name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A credential of this house, as other rooms may know it. Times are UTC."""

    id: UUID
    ref: str
    url: str
    award_id: UUID
    organization_id: UUID
    person_id: UUID | None
    person_name: str = field(repr=False)
    person_email: str = field(repr=False)
    achievement_id: UUID
    achievement_ref: str
    achievement_name: str
    issued_at: datetime
    valid_until: datetime | None
    batch_id: UUID
    state: State
    state_at: datetime
    reason: str
    visibility: Visibility
    shows_evidence: bool
    shows_marks: bool
    kept_at: datetime | None


#: A credential as its holder's pages list it.
HeldCredential = Issued


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one act of issuing made. `undo_until` is UTC; `None` where it cannot be undone any more."""

    id: UUID
    issued: tuple[Issued, ...]
    undo_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One thing that happened to a credential. `kind` is `decided`, `issued`, `kept` or a `ChangeKind`."""

    kind: str
    at: datetime
    person_name: str = field(default="", repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """A signing key without its secret. `number` counts the organization's keys from 1."""

    number: int
    algorithm: str
    verification_method: str
    made_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedList:
    """A signed status list as it is served."""

    document: bytes = field(repr=False)
    etag: str
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Which signed form of a credential a reader gets, and in which capacity they read."""

    evidence: bool = True
    marks: bool = True
    is_holder: bool = False
    is_staff: bool = False
    visibility: Visibility = Visibility.PRIVATE


# --- what a reader opens ---


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCredential:
    """A credential's page for one reader: what it shows, in which capacity they read, and whose it is."""

    view: CredentialView
    disclosure: Disclosure
    organization: Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """A stored evidence file, to be sent."""

    key: UUID
    name: str = field(repr=False)
    media_type: str
    size: int


# --- what the room announces ---


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardReady:
    """An award waits to be issued."""

    award_id: UUID
    organization_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialIssued:
    """A credential was signed and stored."""

    credential_ref: str
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialWithdrawn:
    """A credential was withdrawn for good. `undone` when that took back a mistake within minutes."""

    credential_ref: str
    person_id: UUID
    reason: str
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialHeld:
    """A credential was put on hold."""

    credential_ref: str
    person_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialReinstated:
    """A hold was lifted."""

    credential_ref: str
    person_id: UUID
    reason: str
