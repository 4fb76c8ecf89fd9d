# SPDX-License-Identifier: Apache-2.0
"""What an assessor has before them. Nothing here tells who the learner is."""

from uuid import UUID

from django.db.models import F, QuerySet

from cairn.achievements import queries as achievements
from cairn.achievements.facts import Criterion
from cairn.assessment.errors import NoSuchWork
from cairn.assessment.facts import (
    Comparison,
    Desk,
    DoneLine,
    Evidence,
    GivenMark,
    Mark,
    ProposedLevel,
    Queue,
    QueueLine,
    Shown,
    State,
    StoredEvidence,
    Table,
    Words,
)
from cairn.assessment.models import Confirmation, Marking, Proposal
from cairn.assessment.models import Mark as MarkRow
from cairn.assessment.models import Submission as SubmissionRow
from cairn.assessment.queries.submissions import NOTHING_HERE, as_evidence
from cairn.assessment.rules import marking as rules
from cairn.assessment.rules import reading
from cairn.assessment.rules.media import KINDS
from cairn.foundation import files
from cairn.people import queries as people
from cairn.people.access import require_person, require_role
from cairn.people.errors import RoleMissing
from cairn.people.facts import Actor, Role

#: How many waiting pieces a page lists; the count is of all.
MOST_LISTED = 50
MOST_DONE = 200


def queue_of(by: Actor) -> Queue:
    """Return what waits for an assessor, longest waiting first. Five queries.

    Raises:
        NotASignedInPerson: nobody is signed in.
        RoleMissing: the person is nowhere an assessor.
    """
    person_id = require_person(by)
    marks_at = require_assessor_somewhere(by)
    mine = list(
        Marking.objects.filter(
            assessor_id=person_id, seat__isnull=False, submission__organization_id__in=marks_at
        )
        .exclude(submission__state__in=["passed", "not-yet"])
        .select_related("submission")
        .order_by("submission__handed_in_at", "id")
    )
    differing = [one for one in mine if one.submission.state == State.MARKS_DIFFER]
    answered = _waiting_for_others(differing)
    free = waiting_for(person_id, marks_at)
    return Queue(
        started=tuple(_line(one.submission) for one in mine if one.finished_at is None),
        to_agree=tuple(_line(one.submission) for one in differing if one.submission_id not in answered),
        to_confirm=tuple(_line(one.submission) for one in differing if one.submission_id in answered),
        waiting=tuple(_line(row) for row in free[:MOST_LISTED]),
        waiting_count=free.count(),
    )


def desk(submission_id: UUID, *, show: UUID | None, by: Actor) -> Desk:
    """Return a piece of work with the assessor's own marks, and one of its files opened. Five queries.

    Args:
        show: the file to open, by default the first.

    Raises:
        NoSuchWork, NoSuchOrganization: the actor has no seat at this work.
        RoleMissing: the actor is no assessor any more.
    """
    seat = get_seat(submission_id, by=by)
    row = seat.submission
    achievement = achievements.get_published(row.achievement_id)
    evidence = as_evidence(row.files.filter(removed_at__isnull=True), achievement)
    opened, shown = _opened(evidence, show)
    return Desk(
        submission_id=row.id,
        candidate=row.candidate,
        achievement=achievement,
        words=Words(statement=row.statement, ai_statement=row.ai_statement),
        evidence=evidence,
        marks=tuple(marks_of(seat).values()),
        handed_in_at=row.handed_in_at or row.started_at,
        saved_at=seat.saved_at,
        is_finished=seat.finished_at is not None,
        state=State(row.state),
        waiting_count=waiting_for(seat.assessor_id, assessor_at(by)).count(),
        open=opened,
        shown=shown,
    )


def table(submission_id: UUID, *, show: UUID | None, by: Actor) -> Table:
    """Return the finished marks of all assessors side by side. Ten queries.

    Raises:
        NoSuchWork, NoSuchOrganization: the actor has no seat at this work, or not everyone has finished, so
            that nobody sees another's marks before.
        RoleMissing: the actor is no assessor any more.
    """
    seat = get_seat(submission_id, by=by)
    row = seat.submission
    state = State(row.state)
    if state is not State.MARKS_DIFFER and not state.is_decided:
        raise NoSuchWork(NOTHING_HERE)
    achievement = achievements.get_published(row.achievement_id)
    seats = seats_of(row.id)
    marks = [marks_of(one) for one in seats]
    proposal = newest_proposal(row.id)
    named = people.people_by_id(one.assessor_id for one in seats)
    evidence = as_evidence(row.files.filter(removed_at__isnull=True), achievement)
    opened, shown = _opened(evidence, show)
    differing = {criterion.id for criterion in rules.differing(achievement.rubric, marks)}
    lines = proposed_levels(proposal)
    return Table(
        submission_id=row.id,
        candidate=row.candidate,
        achievement=achievement,
        evidence=evidence,
        comparisons=tuple(
            _comparison(
                criterion,
                [
                    (named[one.assessor_id].name, one.id == seat.id, given.get(criterion.id))
                    for one, given in zip(seats, marks, strict=True)
                ],
                lines.get(criterion.id),
                differs=criterion.id in differing,
            )
            for criterion in achievement.rubric
        ),
        proposal=proposal.number if proposal else 0,
        proposed_by_me=proposal is not None and proposal.marking_id == seat.id,
        proposed_by=named[proposal.marking.assessor_id].name if proposal else "",
        confirmed_by_me=proposal is not None and _has_confirmed(proposal, seat),
        state=state,
        open=opened,
        shown=shown,
    )


def done_of(by: Actor) -> tuple[DoneLine, ...]:
    """Return what an assessor finished, newest first, at most `MOST_DONE`. One query.

    Raises:
        RoleMissing: the person is nowhere an assessor.
    """
    marks_at = require_assessor_somewhere(by)
    rows = (
        Marking.objects.filter(
            assessor_id=require_person(by),
            finished_at__isnull=False,
            submission__organization_id__in=marks_at,
        )
        .select_related("submission")
        .order_by("-finished_at", "-id")[:MOST_DONE]
    )
    return tuple(
        DoneLine(
            id=row.submission_id,
            candidate=row.submission.candidate,
            achievement_name=row.submission.achievement_name,
            finished_at=row.finished_at,
            state=State(row.submission.state),
        )
        for row in rows
        if row.finished_at is not None
    )


def evidence_for_assessor(submission_id: UUID, evidence_id: UUID, *, by: Actor) -> StoredEvidence:
    """Return a file for an assessor, under a name that tells nothing of the learner. Three queries.

    Raises:
        NoSuchWork, NoSuchOrganization: the actor has no seat at this work, or it has no such file.
        RoleMissing: the actor is no assessor any more.
    """
    seat = get_seat(submission_id, by=by)
    row = seat.submission
    achievement = achievements.get_published(row.achievement_id)
    evidence = as_evidence(row.files.filter(removed_at__isnull=True), achievement)
    one = next((one for one in evidence if one.id == evidence_id), None)
    if one is None:
        raise NoSuchWork(NOTHING_HERE)
    return StoredEvidence(
        name=f"candidate-{row.candidate}-{one.number}.{KINDS[one.media_type].endings[0]}",
        media_type=one.media_type,
        size=one.size,
        file_key=one.file_key,
    )


def assessor_at(by: Actor) -> frozenset[UUID]:
    """Return the organizations for which the actor marks. No query."""
    return frozenset(where for where, role in by.roles if role in (Role.ASSESSOR, Role.ADMIN))


def require_assessor_somewhere(by: Actor) -> frozenset[UUID]:
    """Return where the actor marks. Raises `RoleMissing` where that is nowhere. No query."""
    marks_at = assessor_at(by)
    if not marks_at:
        raise RoleMissing("Only assessors can see this. Ask an administrator to add you.")
    return marks_at


def waiting_for(person_id: UUID, marks_at: frozenset[UUID]) -> QuerySet[SubmissionRow]:
    """Return the rows that a person could take, longest waiting first. No query until read."""
    return (
        SubmissionRow.objects.filter(
            organization_id__in=marks_at,
            state__in=["handed-in", "being-marked"],
            seats_taken__lt=F("assessors_needed"),
        )
        .exclude(learner_id=person_id)
        .exclude(id__in=Marking.objects.filter(assessor_id=person_id).values("submission_id"))
        .order_by("handed_in_at", "id")
    )


def get_seat(submission_id: UUID, *, by: Actor) -> Marking:
    """Return the actor's seat with its submission. One query.

    Raises:
        NoSuchWork, NoSuchOrganization, RoleMissing: see `desk`.
    """
    person_id = require_person(by)
    seat = (
        Marking.objects.select_related("submission")
        .filter(submission_id=submission_id, assessor_id=person_id, seat__isnull=False)
        .first()
    )
    if seat is None:
        raise NoSuchWork(NOTHING_HERE)
    require_role(by, seat.submission.organization_id, Role.ASSESSOR)
    return seat


def seats_of(submission_id: UUID) -> list[Marking]:
    """Return the seats held at a submission, by number. One query."""
    return list(Marking.objects.filter(submission_id=submission_id, seat__isnull=False).order_by("seat"))


def marks_of(seat: Marking) -> dict[str, Mark]:
    """Return an assessor's marks by criterion. One query."""
    return {
        row.criterion_id: Mark(criterion_id=row.criterion_id, level_id=row.level_id, comment=row.comment)
        for row in MarkRow.objects.filter(marking=seat)
    }


def newest_proposal(submission_id: UUID) -> Proposal | None:
    """Return the proposal that counts, with its proposer's seat. One query."""
    return (
        Proposal.objects.filter(submission_id=submission_id)
        .select_related("marking")
        .order_by("-number")
        .first()
    )


def proposed_levels(proposal: Proposal | None) -> dict[str, ProposedLevel]:
    """Return what a proposal says, by criterion. One query, none without a proposal."""
    if proposal is None:
        return {}
    return {
        row.criterion_id: ProposedLevel(
            criterion_id=row.criterion_id, level_id=row.level_id, reason=row.reason
        )
        for row in proposal.levels.all()
    }


def _waiting_for_others(seats: list[Marking]) -> set[UUID]:
    """Return where this assessor has said all they can: proposed or confirmed. Two queries."""
    if not seats:
        return set()
    newest: dict[UUID, Proposal] = {}
    for proposal in Proposal.objects.filter(
        submission_id__in=[seat.submission_id for seat in seats]
    ).order_by("number"):
        newest[proposal.submission_id] = proposal
    own = {seat.id for seat in seats}
    confirmed = set(
        Confirmation.objects.filter(
            proposal_id__in=[proposal.id for proposal in newest.values()], marking_id__in=own
        ).values_list("proposal_id", flat=True)
    )
    return {
        where for where, proposal in newest.items() if proposal.marking_id in own or proposal.id in confirmed
    }


def _has_confirmed(proposal: Proposal, seat: Marking) -> bool:
    return Confirmation.objects.filter(proposal=proposal, marking=seat).exists()


def _line(row: SubmissionRow) -> QueueLine:
    return QueueLine(
        id=row.id,
        candidate=row.candidate,
        achievement_name=row.achievement_name,
        handed_in_at=row.handed_in_at or row.started_at,
    )


def _opened(evidence: tuple[Evidence, ...], show: UUID | None) -> tuple[Evidence | None, Shown | None]:
    """Read the file that is looked at, if it is shown as words; its size was bounded when it came in."""
    one = next((one for one in evidence if one.id == show), evidence[0] if evidence else None)
    if one is None:
        return None, None
    if one.shown_as not in reading.READ:
        return one, Shown(how=one.shown_as)
    try:
        return one, reading.shown(one.shown_as, b"".join(files.read(one.file_key)))
    except FileNotFoundError:
        # A disk that lost one file must not keep anybody from marking the others.
        return one, Shown(how=one.shown_as, is_gone=True)


def _comparison(
    criterion: Criterion,
    given: list[tuple[str, bool, Mark | None]],
    proposed: ProposedLevel | None,
    *,
    differs: bool,
) -> Comparison:
    names = {level.id: level.name for level in criterion.levels}
    return Comparison(
        criterion=criterion,
        given=tuple(
            GivenMark(
                assessor_name=name,
                is_mine=is_mine,
                level_id=mark.level_id,
                level_name=names.get(mark.level_id, ""),
                comment=mark.comment,
            )
            for name, is_mine, mark in given
            if mark is not None
        ),
        differs=differs,
        proposed=proposed,
        proposed_name=names.get(proposed.level_id, "") if proposed else "",
    )
