# SPDX-License-Identifier: Apache-2.0
"""When a marking is complete, when marks agree, what a proposal needs, and who passes."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from cairn.achievements.facts import Criterion
from cairn.assessment.errors import (
    Incomplete,
    NotMarkable,
    OwnProposal,
    ProposalChanged,
    TooManyStarted,
    UnknownLevel,
)
from cairn.assessment.facts import AgreedResult, Fault, Mark, ProposedLevel, State
from cairn.foundation.sentences import gettext_noop as _

#: The most unfinished pieces one assessor can hold, so that nobody's work lies in a drawer.
MOST_STARTED = 5
#: The most characters of one comment.
LONGEST_COMMENT = 2000


def require_room_for_one_more(started: int) -> None:
    """Keep an assessor from holding too many unfinished pieces. Raises `TooManyStarted`."""
    if started >= MOST_STARTED:
        raise TooManyStarted(
            "You have started %(started)s pieces. Finish one of them first.", started=started
        )


def require_markable(state: State) -> None:
    """Let marks be written only while the work is being marked. Raises `NotMarkable`."""
    if state is not State.BEING_MARKED:
        raise NotMarkable("This work is not being marked any more.")


def require_differing(state: State) -> None:
    """Let a result be agreed only where finished marks differ. Raises `NotMarkable`."""
    if state is not State.MARKS_DIFFER:
        raise NotMarkable("There is nothing to agree on here.")


def position(criterion: Criterion, level_id: str) -> int:
    """Return where a level stands, 1-based, low to high; 0 for a level the criterion does not have."""
    return next((at for at, level in enumerate(criterion.levels, 1) if level.id == level_id), 0)


def is_met(criterion: Criterion, level_id: str) -> bool:
    """Tell whether a level is the required one or higher. Without a required level any level meets it."""
    reached = position(criterion, level_id)
    needed = position(criterion, criterion.required_level) if criterion.required_level else 1
    return reached >= max(1, needed)


def require_known(rubric: Sequence[Criterion], marks: Iterable[Mark]) -> None:
    """Take marks only for criteria of this rubric, with levels of theirs or none yet.

    Raises:
        UnknownLevel: a criterion or level is not in the rubric.
    """
    known = {criterion.id: criterion for criterion in rubric}
    for mark in marks:
        criterion = known.get(mark.criterion_id)
        if criterion is None or (mark.level_id and not position(criterion, mark.level_id)):
            raise UnknownLevel("Choose one of the levels shown.")


def require_finished(rubric: Sequence[Criterion], marks: Mapping[str, Mark]) -> None:
    """Let a marking be finished only when a learner can learn from it.

    Every criterion needs a level. A level below the required one needs a comment, because the learner has
    to know what to change; and a marking without a single comment teaches nobody anything.

    Raises:
        Incomplete: with every gap; `field` is the criterion's id.
    """
    faults: list[Fault] = []
    for criterion in rubric:
        mark = marks.get(criterion.id, Mark(criterion_id=criterion.id))
        if not position(criterion, mark.level_id):
            faults.append(
                _fault("no-level", criterion, _("Choose a level for “%(criterion)s”")),
            )
        elif not is_met(criterion, mark.level_id) and not mark.comment.strip():
            faults.append(
                _fault(
                    "no-comment", criterion, _("Say what is missing in “%(criterion)s”, below what is needed")
                )
            )
    if not faults and not any(mark.comment.strip() for mark in marks.values()):
        faults.append(
            Fault(code="assessment.no-comments", message="Write at least one comment: what did you see?")
        )
    if faults:
        raise Incomplete(tuple(faults))


def differing(rubric: Sequence[Criterion], markings: Sequence[Mapping[str, Mark]]) -> tuple[Criterion, ...]:
    """Return the criteria on which finished markings do not name the same level, in the rubric's order."""
    return tuple(
        criterion
        for criterion in rubric
        if len({marks[criterion.id].level_id for marks in markings if criterion.id in marks}) > 1
    )


def agreed(
    rubric: Sequence[Criterion],
    markings: Sequence[Mapping[str, Mark]],
    proposed: Mapping[str, ProposedLevel] | None = None,
) -> tuple[AgreedResult, ...]:
    """Return what counts on each criterion, in the rubric's order.

    Where the markings agree, their level counts and their comments are put one after the other; where they
    differ, the proposed level counts and its reason is the comment.

    Raises:
        ValueError: markings differ on a criterion without a proposal, or a level is missing.
    """
    results = []
    for criterion in rubric:
        levels = {marks[criterion.id].level_id for marks in markings}
        if len(levels) == 1:
            level_id, comment = levels.pop(), _joined(marks[criterion.id].comment for marks in markings)
        elif proposed and criterion.id in proposed:
            level_id, comment = proposed[criterion.id].level_id, proposed[criterion.id].reason
        else:
            raise ValueError(f"nothing is agreed on criterion {criterion.id}")
        results.append(as_result(criterion, level_id, comment))
    return tuple(results)


def as_result(criterion: Criterion, level_id: str, comment: str) -> AgreedResult:
    """Return a result on one criterion. Raises `ValueError` for a level the criterion does not have."""
    reached = position(criterion, level_id)
    if not reached:
        raise ValueError(f"criterion {criterion.id} has no level {level_id}")
    return AgreedResult(
        criterion=criterion,
        level_id=level_id,
        level_name=criterion.levels[reached - 1].name,
        position=reached,
        out_of=len(criterion.levels),
        comment=comment,
        is_met=is_met(criterion, level_id),
    )


def is_passed(results: Sequence[AgreedResult]) -> bool:
    """Tell whether work passes: every criterion on its required level or above."""
    return bool(results) and all(result.is_met for result in results)


def require_proposal(
    rubric: Sequence[Criterion],
    markings: Sequence[Mapping[str, Mark]],
    proposed: Mapping[str, ProposedLevel],
) -> None:
    """Let a proposal stand only if it settles every difference with a level and a reason.

    Raises:
        Incomplete: with every gap; `field` is the criterion's id.
    """
    faults: list[Fault] = []
    for criterion in differing(rubric, markings):
        line = proposed.get(criterion.id, ProposedLevel(criterion_id=criterion.id))
        if not position(criterion, line.level_id):
            faults.append(_fault("no-level", criterion, _("Choose a level for “%(criterion)s”")))
        if not line.reason.strip():
            faults.append(
                _fault("no-reason", criterion, _("Give the reason for the level of “%(criterion)s”"))
            )
    if faults:
        raise Incomplete(tuple(faults))


def require_confirmable(*, newest: int, number: int, proposed_by: UUID | None, by: UUID) -> None:
    """Let an assessor confirm the newest proposal of somebody else.

    Raises:
        ProposalChanged: there is a newer one, or none.
        OwnProposal: it is the assessor's own.
    """
    if not newest or number != newest:
        raise ProposalChanged("The proposal has changed since you opened this page. Read it again below.")
    if proposed_by == by:
        raise OwnProposal("You proposed this. The other assessor confirms it.")


def _joined(comments: Iterable[str]) -> str:
    """Put different comments one after the other, each once."""
    kept: list[str] = []
    for comment in comments:
        if comment.strip() and comment.strip() not in kept:
            kept.append(comment.strip())
    return "\n\n".join(kept)


def _fault(code: str, criterion: Criterion, message: str) -> Fault:
    return Fault(
        code=f"assessment.{code}",
        field=criterion.id,
        message=message,
        values=(("criterion", criterion.name),),
    )
