# SPDX-License-Identifier: Apache-2.0
"""What this room takes, gives and announces."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cairn.people.facts import Organization


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


# --- what a credential's page shows: signed claims, checks that ran, status, organization ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One cell of the facts strip. `kind` names the label; `value` and `note` are as signed."""

    kind: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedCriterion:
    """One criterion of the rubric with the level reached. `position` is 1-based, low to high."""

    name: str
    level_name: str
    position: int
    out_of: int
    required_level: str
    comment: str = field(default="", repr=False)

    @property
    def steps(self) -> tuple[bool, ...]:
        """The scale as drawn: filled up to the level reached."""
        return tuple(rung < self.position for rung in range(self.out_of))


class FileState(StrEnum):
    """What hashing an evidence file again said."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    GONE = "gone"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """One piece of evidence as signed, and what its file holds now.

    `number` is 1-based; `sha256` in hex, empty where no fingerprint was signed; `size` in bytes, 0 where it
    is not known. `is_kept` tells that the file lies with us.
    """

    number: int
    id: str
    name: str = field(repr=False)
    description: str = field(default="", repr=False)
    narrative: str = field(default="", repr=False)
    genre: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    state: FileState = FileState.NOT_CHECKED
    is_kept: bool = False

    @property
    def fingerprint(self) -> str:
        """The start and the end of the SHA-256, as the page shows it."""
        return f"{self.sha256[:8]} {self.sha256[8:16]} … {self.sha256[-8:]}" if self.sha256 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """One alignment as signed."""

    name: str
    framework: str
    code: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a verified document says, in the parts a page shows. Empty text means that it says nothing.

    `language` is that of the achievement; moments are as signed.
    """

    id: str
    name: str
    description: str
    achievement_type: str
    level: str
    language: str
    holder_name: str = field(repr=False)
    issuer_id: str
    issuer_name: str
    issuer_url: str
    valid_from: datetime
    valid_until: datetime | None
    awarded_at: datetime | None
    narrative: str = field(repr=False)
    criteria: str
    criteria_url: str
    outcomes: tuple[str, ...]
    facts: tuple[Fact, ...]
    more_facts: tuple[Fact, ...]
    rubric: tuple[MarkedCriterion, ...]
    pass_mark: str
    assessors: str
    evidence: tuple[EvidenceLine, ...]
    skills: tuple[Skill, ...]
    tags: tuple[str, ...]
    image_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check. `name`, `result` and `code` are laurel's words; `message` is laurel's sentence."""

    name: str
    result: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialView:
    """Everything the page of one credential shows.

    `verdict` is laurel's word. `claims` is `None` when the document did not verify. `claims.evidence` holds
    what was signed, `evidence` the same with what the files hold now. `changed_at` and `reason` tell of the
    withdrawal or the hold, when there is one. `page_url` is empty for a credential of somebody else.
    """

    ref: str
    page_url: str
    short_url: str
    host: str
    badge_url: str
    issuer_page_url: str
    verdict: str
    checked_at: datetime
    checks: tuple[CheckLine, ...]
    technical: Mapping[str, str]
    claims: Claims | None
    issuer_name: str
    unreachable_host: str = ""
    evidence: tuple[EvidenceLine, ...] = ()
    shows_evidence: bool = True
    shows_marks: bool = True
    changed_at: datetime | None = None
    reason: str = ""

    @property
    def passed(self) -> int:
        """How many of the checks shown passed."""
        return sum(check.result == "passed" for check in self.checks)

    @property
    def reason_sentence(self) -> str:
        """The public reason, closed as a sentence."""
        return self.reason if self.reason.endswith((".", "!", "?", "。", "؟")) else f"{self.reason}."

    @property
    def files(self) -> int:
        """How many pieces of evidence have a fingerprint."""
        return sum(bool(line.sha256) for line in self.evidence)

    @property
    def files_unchanged(self) -> int:
        """How many evidence files match their fingerprints now."""
        return sum(line.state is FileState.UNCHANGED for line in self.evidence)


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
