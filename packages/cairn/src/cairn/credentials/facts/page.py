# SPDX-License-Identifier: Apache-2.0
"""What the page of a credential shows: signed claims, checks that ran, endorsements, status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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

    `language` is that of the achievement; moments are as signed. `is_shortened` where the document says more
    than a page shows.
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
    is_shortened: bool = False

    @property
    def has_few_facts(self) -> bool:
        """Whether all facts fit in one row."""
        return len(self.facts) + len(self.more_facts) <= 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check. `name`, `result` and `code` are laurel's words; `message` is laurel's sentence."""

    name: str
    result: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRun:
    """A few letters of a name. `is_odd` where they are not what the eye takes them for."""

    text: str = field(repr=False)
    is_odd: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OddName:
    """A name in which something misleads the eye.

    `whose` is `issuer`, `holder`, `achievement`, `creator`, `assessor` or `endorser`. `kind` is `hidden` for
    characters that cannot be seen, given in `runs` as code points; `mixed` for letters of two alphabets in
    one word, or dressed-up ones; `host` for an address in letters that look like others, read out in `runs`.
    """

    whose: str
    kind: str
    runs: tuple[LetterRun, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsementLine:
    """What came of one endorsement. `check` is the one that decides, its `result` that of the endorsement.

    `about` is `issuer`, `achievement`, `credential`, `creator`, `assessor` or `part`. `name`, `host` and
    `given_at` are empty unless the signature holds, `comment` also where it failed for another reason.
    """

    check: CheckLine
    about: str
    name: str = field(default="", repr=False)
    host: str = ""
    given_at: datetime | None = None
    comment: str = field(default="", repr=False)
    checks: tuple[CheckLine, ...] = ()
    technical: Mapping[str, str] = field(default_factory=dict)


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
    endorsements: tuple[EndorsementLine, ...] = ()
    odd_names: tuple[OddName, ...] = ()

    @property
    def passed(self) -> int:
        """How many of the checks shown passed."""
        return sum(check.result == "passed" for check in self.checks)

    @property
    def endorsed(self) -> int:
        """How many endorsements passed."""
        return sum(line.check.result == "passed" for line in self.endorsements)

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
