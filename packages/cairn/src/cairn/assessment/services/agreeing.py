# SPDX-License-Identifier: Apache-2.0
"""Where finished marks differ, one assessor proposes a result with reasons and the others confirm it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.achievements import queries as achievements
from cairn.assessment.facts import Finished, ProposedLevel, State
from cairn.assessment.models import Confirmation, Marking, Proposal, Submission
from cairn.assessment.models import ProposedLevel as ProposedRow
from cairn.assessment.queries import marking as rows
from cairn.assessment.rules import marking as rules
from cairn.assessment.services.deciding import decide
from cairn.people.facts import Actor


@transaction.atomic
def propose(submission_id: UUID, levels: Iterable[ProposedLevel], *, by: Actor, at: datetime) -> Finished:
    """Propose a level and a reason for every criterion on which the marks differ. Nine queries.

    A new proposal takes the place of an earlier one, whoever made it; all are kept, and so are the marks.

    Raises:
        NoSuchWork, NoSuchOrganization, RoleMissing: the actor has no seat at this work.
        NotMarkable: there is nothing to agree on.
        Incomplete: with every difference that lacks a level or a reason.
    """
    seat = _seat_at_table(submission_id, by)
    achievement = achievements.get_published(seat.submission.achievement_id)
    markings = [rows.marks_of(one) for one in rows.seats_of(submission_id)]
    lines = {line.criterion_id: line for line in levels}
    rules.require_proposal(achievement.rubric, markings, lines)
    newest = rows.newest_proposal(submission_id)
    proposal = Proposal.objects.create(
        submission_id=submission_id,
        marking=seat,
        number=newest.number + 1 if newest else 1,
        made_at=at,
    )
    ProposedRow.objects.bulk_create(
        ProposedRow(
            proposal=proposal,
            criterion_id=criterion.id,
            level_id=lines[criterion.id].level_id,
            reason=lines[criterion.id].reason.strip(),
        )
        for criterion in rules.differing(achievement.rubric, markings)
    )
    return Finished(submission_id=submission_id, state=State.MARKS_DIFFER, waits_for_other=True)


@transaction.atomic
def confirm(submission_id: UUID, number: int, *, by: Actor, at: datetime) -> Finished:
    """Confirm the newest proposal; with everybody's yes it is the result.

    Args:
        number: the proposal that the actor has read.

    Raises:
        NoSuchWork, NoSuchOrganization, RoleMissing: the actor has no seat at this work.
        NotMarkable: there is nothing to agree on.
        ProposalChanged: the proposal is not the newest one.
        OwnProposal: it is the actor's own.
    """
    seat = _seat_at_table(submission_id, by)
    proposal = rows.newest_proposal(submission_id)
    rules.require_confirmable(
        newest=proposal.number if proposal else 0,
        number=number,
        proposed_by=proposal.marking.assessor_id if proposal else None,
        by=seat.assessor_id,
    )
    assert proposal is not None  # the rule lets no missing one through
    Confirmation.objects.get_or_create(proposal=proposal, marking=seat, defaults={"made_at": at})
    seats = rows.seats_of(submission_id)
    # The proposer's own yes is the proposal.
    if proposal.confirmations.count() + 1 < len(seats):
        return Finished(submission_id=submission_id, state=State.MARKS_DIFFER, waits_for_other=True)
    achievement = achievements.get_published(seat.submission.achievement_id)
    results = rules.agreed(
        achievement.rubric, [rows.marks_of(one) for one in seats], rows.proposed_levels(proposal)
    )
    state = decide(seat.submission, achievement, results, by=by, at=at)
    return Finished(submission_id=submission_id, state=state, waits_for_other=False)


def _seat_at_table(submission_id: UUID, by: Actor) -> Marking:
    """Return the actor's seat at work on which marks differ, its submission locked."""
    seat = rows.get_seat(submission_id, by=by)
    seat.submission = Submission.objects.select_for_update().get(id=submission_id)
    rules.require_differing(State(seat.submission.state))
    return seat
