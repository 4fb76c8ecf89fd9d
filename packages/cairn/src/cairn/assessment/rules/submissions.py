# SPDX-License-Identifier: Apache-2.0
"""What can be handed in, and when it is complete."""

from collections.abc import Sequence
from uuid import UUID

from cairn.achievements.facts import EvidenceTask, PublishedAchievement
from cairn.assessment.errors import (
    AlreadyHandedIn,
    FileRefused,
    Incomplete,
    NoNewAttempt,
    NoSuchWork,
    OwnWork,
)
from cairn.assessment.facts import Evidence, Fault, State, Submission, Words
from cairn.foundation.sentences import gettext_noop as _

#: The most files one attempt can hold; an assessor reads all of them.
MOST_FILES = 20
#: The most characters of one statement.
LONGEST_STATEMENT = 4000

#: Stands in where an achievement names no evidence of its own.
THE_WORK = EvidenceTask(id="work", name=_("Your work"))


def is_handed_in(achievement: PublishedAchievement) -> bool:
    """Tell whether an achievement is earned by handing in work that assessors mark by a rubric."""
    return achievement.assessors_needed > 0 and bool(achievement.rubric)


def require_handed_in(achievement: PublishedAchievement) -> None:
    """Refuse work for what is not earned by handing in. Raises `NoSuchWork`."""
    if not is_handed_in(achievement):
        raise NoSuchWork("Nothing is handed in for this one.")


def tasks_of(achievement: PublishedAchievement) -> tuple[EvidenceTask, ...]:
    """Return what is to be handed in, in the achievement's order; never empty."""
    return achievement.evidence_tasks or (THE_WORK,)


def require_draft(state: State) -> None:
    """Refuse every change after handing in. Raises `AlreadyHandedIn`."""
    if state is not State.DRAFT:
        raise AlreadyHandedIn("You handed this in, so it can no longer be changed.")


def require_new_attempt(state: State) -> None:
    """Let a learner begin again only after a result of "not yet". Raises `NoNewAttempt`."""
    if state is not State.NOT_YET:
        raise NoNewAttempt("You can hand in again when the result is not yet.")


def require_not_the_learner(learner_id: UUID, assessor_id: UUID) -> None:
    """Keep learners from marking their own work, whatever roles they hold. Raises `OwnWork`."""
    if learner_id == assessor_id:
        raise OwnWork("This is your own work. Somebody else marks it.")


def require_complete(achievement: PublishedAchievement, submission: Submission) -> None:
    """Let only complete work be handed in.

    Raises:
        Incomplete: with every gap: a required task without a file, a statement that is missing.
    """
    faults = (*_missing_words(submission.words), *_missing_files(achievement, submission.evidence))
    if faults:
        raise Incomplete(faults)


def require_room(name: str, files: int) -> None:
    """Keep one attempt readable: no more files than `MOST_FILES`. Raises `FileRefused`."""
    if files >= MOST_FILES:
        raise FileRefused(
            Fault(
                code="assessment.too-many-files",
                about=name,
                message="You have %(files)s files, the most we can take. Remove one first, or add a ZIP",
                values=(("files", str(files)),),
            )
        )


def is_within_length(words: Words) -> bool:
    """Tell whether both statements fit."""
    return max(len(words.statement), len(words.ai_statement)) <= LONGEST_STATEMENT


def _missing_words(words: Words) -> tuple[Fault, ...]:
    faults = []
    if not words.statement.strip():
        faults.append(
            Fault(
                code="assessment.no-statement",
                field="statement",
                message="Say in a few sentences what you did",
            )
        )
    if not words.ai_statement.strip():
        faults.append(
            Fault(
                code="assessment.no-ai-statement",
                field="ai_statement",
                message="Say how you used AI, or write that you did not",
            )
        )
    return tuple(faults)


def _missing_files(achievement: PublishedAchievement, evidence: Sequence[Evidence]) -> tuple[Fault, ...]:
    there = {one.task_id for one in evidence}
    return tuple(
        Fault(
            code="assessment.no-file",
            field=task.id,
            message="Add a file for “%(task)s”",
            values=(("task", task.name),),
        )
        for task in tasks_of(achievement)
        if task.required and task.id not in there
    )
