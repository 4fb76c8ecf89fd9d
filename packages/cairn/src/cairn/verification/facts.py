# SPDX-License-Identifier: Apache-2.0
"""What this room takes and gives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cairn.credentials.facts import CredentialView


class Tone(StrEnum):
    """The colour and shape of a verdict."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    IDLE = "idle"


class Way(StrEnum):
    """How a thing was presented; the words about an unreadable one differ by it."""

    FILE = "file"
    TEXT = "text"
    LINK = "link"


class Kind(StrEnum):
    """What bytes look like at first sight."""

    EMPTY = "empty"
    JSON = "json"
    JWT = "jwt"
    PNG = "png"
    SVG = "svg"
    PDF = "pdf"
    PHOTO = "photo"
    WEB_PAGE = "web-page"
    TEXT = "text"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check that laurel reports. `result` is `passed`, `failed`, `look_closer` or `not_checked`."""

    name: str
    result: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said about one thing that was presented.

    `verdict` is laurel's word. Claims are empty unless they were signed and the signature held. `changed_at`
    and `reason` tell when and why a credential of ours was withdrawn or put on hold. `url` leads to a page
    of ours that shows it. `said` is why there was nothing to check, for a line that led to nothing.
    """

    verdict: str
    way: Way
    source: str = field(default="", repr=False)
    format: str = ""
    kind: Kind = Kind.OTHER
    code: str = ""
    checks: tuple[CheckLine, ...] = ()
    issuer_id: str = ""
    issuer_name: str = ""
    subject_name: str = field(default="", repr=False)
    achievement_name: str = ""
    level: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    changed_at: datetime | None = None
    reason: str = ""
    host: str = ""
    url: str = field(default="", repr=False)
    said: str = ""

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.result == "passed" for check in self.checks)

    def result_of(self, name: str) -> str:
        """Return the result of a check; one that is missing was not done."""
        return next((check.result for check in self.checks if check.name == name), "not_checked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """One thing to be checked, as it came: a line somebody typed, or a file with its name."""

    text: str = field(default="", repr=False)
    data: bytes | None = field(default=None, repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An answer with everything that its page shows; `view` holds verified claims only."""

    answer: Answer
    view: CredentialView


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A verdict in words: what is true, and what to do. `short` fits in a table."""

    tone: Tone
    heading: str
    line: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How words are said to this reader: translation and dates. Functions, so that rules stay pure."""

    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    day: Callable[[datetime], str]
    moment: Callable[[datetime], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a checked list: what was presented, the answer and its words. `number` is 1-based."""

    number: int
    answer: Answer
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSoFar:
    """A list as far as it has been checked; what needs a look stands on top."""

    total: int
    done: int
    rows: tuple[Row, ...]
    ends_at: datetime

    @property
    def is_finished(self) -> bool:
        """Whether every line has its answer."""
        return self.done == self.total

    @property
    def to_look_at(self) -> int:
        """How many answers are anything but genuine and current."""
        return sum(row.words.tone is not Tone.OK for row in self.rows)
