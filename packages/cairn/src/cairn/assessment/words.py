# SPDX-License-Identifier: Apache-2.0
"""The words that people read for this room's states and faults, in their language."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cairn.achievements.facts import EvidenceTask
from cairn.assessment.facts import Evidence, Fault, ShownAs, State
from cairn.assessment.rules.submissions import THE_WORK


@dataclass(frozen=True, slots=True)
class Tag:
    """A state as a tag: its words, its colour and its icon, so that colour never speaks alone."""

    words: object
    tone: str
    icon: str


NOT_BEGUN = Tag(_("Not begun"), "idle", "idle")
#: Learners do not see that marks differ: it says nothing about their work.
FOR_LEARNERS = {
    State.DRAFT: Tag(_("Draft"), "idle", "idle"),
    State.HANDED_IN: Tag(_("Handed in"), "idle", "clock"),
    State.BEING_MARKED: Tag(_("Being marked"), "idle", "clock"),
    State.MARKS_DIFFER: Tag(_("Being marked"), "idle", "clock"),
    State.PASSED: Tag(_("Passed"), "ok", "ok"),
    State.NOT_YET: Tag(_("Not yet"), "warn", "warn"),
}
FOR_ASSESSORS = {
    State.BEING_MARKED: Tag(_("Waits for the other assessor"), "idle", "clock"),
    State.MARKS_DIFFER: Tag(_("Marks differ"), "warn", "warn"),
    State.PASSED: Tag(_("Passed"), "ok", "ok"),
    State.NOT_YET: Tag(_("Not yet"), "idle", "idle"),
}
_ICONS = {
    ShownAs.NOTEBOOK: "code",
    ShownAs.TEXT: "doc",
    ShownAs.TABLE: "doc",
    ShownAs.PDF: "doc",
    ShownAs.IMAGE: "image",
    ShownAs.DOWNLOAD: "down",
}


#: Values of faults that are words of ours, not somebody's.
OUR_WORDS = frozenset({"called", "holds", "kinds"})


def say(fault: Fault) -> str:
    """Return a fault as a sentence in the reader's language."""
    # Only our own words are translated: somebody's criterion may be called "Text" in every language.
    values = {name: gettext(value) if name in OUR_WORDS else value for name, value in fault.values}
    return gettext(fault.message) % values


def name_of(task: EvidenceTask) -> str:
    """Return what a task is called; where an achievement names none, in the reader's language."""
    return gettext(task.name) if task == THE_WORK else task.name


def icon_of(evidence: Evidence) -> str:
    """Return the icon that says what kind of file it is; a recording has its own."""
    return "video" if evidence.media_type.startswith("video/") else _ICONS[evidence.shown_as]


def for_learner(state: State | None) -> Tag:
    """Return the tag of a submission in its learner's list."""
    return FOR_LEARNERS[state] if state else NOT_BEGUN
