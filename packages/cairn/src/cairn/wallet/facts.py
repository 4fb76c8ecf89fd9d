# SPDX-License-Identifier: Apache-2.0
"""What this room takes, gives and announces."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID


class ClaimState(StrEnum):
    """Where a mailed link stands. `stale` still opens the credential, but signs nobody in."""

    FRESH = "fresh"
    STALE = "stale"
    USED = "used"


class ShareState(StrEnum):
    """Where a share stands."""

    LIVE = "live"
    ENDED = "ended"
    OFF = "off"


class RemarkKind(StrEnum):
    """What somebody tells the issuer."""

    WRONG_NAME = "wrong-name"
    NOT_MINE = "not-mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A mailed link. Times are UTC; `used_at` is when its credential was kept through it."""

    id: UUID
    credential_ref: str
    person_id: UUID
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What keeping a credential led to. `signs_in` is the person whom the link itself signs in."""

    credential_ref: str
    signs_in: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShare:
    """A share as its learner asks for it. `ends_at` is UTC; `None` means no end.

    `key` names the form it was asked on: the same form sent twice makes one link.
    """

    refs: tuple[str, ...]
    name: str = field(default="", repr=False)
    shows_evidence: bool = False
    shows_marks: bool = False
    ends_at: datetime | None = None
    key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A link that a learner made. `refs` is in the learner's order; `opened` counts, and says not by whom.

    `url` is empty where the key of this installation changed since: the link works, but cannot be told again.
    """

    id: UUID
    person_id: UUID
    refs: tuple[str, ...]
    name: str = field(repr=False)
    shows_evidence: bool
    shows_marks: bool
    made_at: datetime
    ends_at: datetime | None
    off_at: datetime | None
    opened: int
    url: str = field(repr=False)

    @property
    def last_day(self) -> date | None:
        """The last day, UTC, on which the link works."""
        return (self.ends_at - timedelta(microseconds=1)).date() if self.ends_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody who was sent a credential tells its issuer. `right_name` is for a wrong name only."""

    id: UUID
    credential_ref: str
    organization_id: UUID
    person_id: UUID
    kind: RemarkKind
    right_name: str = field(repr=False)
    words: str = field(repr=False)
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkMade:
    """News: somebody told the issuer something about a credential."""

    remark_id: UUID
    organization_id: UUID
