# SPDX-License-Identifier: Apache-2.0
"""An assessor takes the next piece of work, marks it by the rubric, and finishes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from cairn.achievements import queries as achievements
from cairn.assessment.errors import AlreadyFinished, NothingToMark
from cairn.assessment.facts import Finished, Mark, MarksDiffer, State
from cairn.assessment.models import Mark as MarkRow
from cairn.assessment.models import Marking, Submission
from cairn.assessment.queries import marking as rows
from cairn.assessment.rules import marking as rules
from cairn.assessment.rules import submissions as submission_rules
from cairn.assessment.services.deciding import decide
from cairn.foundation import news
from cairn.people.access import require_person
from cairn.people.facts import Actor

#: How many waiting pieces are tried before giving up; others take them at the same time.
TRIES = 10


@transaction.atomic
def take_next(*, by: Actor, at: datetime) -> UUID:
    """Give the actor a seat at the work that waits longest, and return its submission's id.

    Nobody chooses what they mark. However many ask at once, no more seats are given than are needed: a seat
    is claimed by a conditional update, and two constraints stand behind it. Five queries.

    Raises:
        RoleMissing: the actor is nowhere an assessor.
        TooManyStarted: too many pieces are unfinished.
        NothingToMark: nothing waits for this person.
    """
    person_id = require_person(by)
    marks_at = rows.require_assessor_somewhere(by)
    started = Marking.objects.filter(assessor_id=person_id, seat__isnull=False, finished_at__isnull=True)
    rules.require_room_for_one_more(started.count())
    for row in rows.waiting_for(person_id, marks_at)[:TRIES]:
        submission_rules.require_not_the_learner(row.learner_id, person_id)
        if _claim(row, person_id, at):
            return row.id
    raise NothingToMark("Nothing waits to be marked. Look again later.")


@transaction.atomic
def save_marks(submission_id: UUID, marks: Iterable[Mark], *, by: Actor, at: datetime) -> datetime:
    """Keep marks as far as they are written, and return when. Six queries.

    Raises:
        NoSuchWork, NoSuchOrganization, RoleMissing: the actor has no seat at this work.
        NotMarkable: the work is not being marked any more.
        AlreadyFinished: the actor has finished; finished marks do not change.
        UnknownLevel: a mark is not of this rubric.
    """
    seat = _open_seat(submission_id, by)
    marks = tuple(marks)
    rules.require_known(achievements.get_published(seat.submission.achievement_id).rubric, marks)
    MarkRow.objects.bulk_create(
        (
            MarkRow(
                marking=seat, criterion_id=mark.criterion_id, level_id=mark.level_id, comment=mark.comment
            )
            for mark in marks
        ),
        update_conflicts=True,
        unique_fields=["marking", "criterion_id"],
        update_fields=["level_id", "comment"],
    )
    seat.saved_at = at
    seat.save(update_fields=["saved_at"])
    return at


@transaction.atomic
def finish(submission_id: UUID, *, by: Actor, at: datetime) -> Finished:
    """Finish the actor's marks as they were saved. The last to finish brings the result, or the difference.

    Raises:
        NoSuchWork, NoSuchOrganization, RoleMissing: the actor has no seat at this work.
        NotMarkable, AlreadyFinished: there is nothing more to finish.
        Incomplete: with every criterion that lacks a level or a comment.
    """
    seat = _open_seat(submission_id, by)
    row = seat.submission
    achievement = achievements.get_published(row.achievement_id)
    rules.require_finished(achievement.rubric, rows.marks_of(seat))
    seat.finished_at = at
    seat.save(update_fields=["finished_at"])
    seats = rows.seats_of(row.id)
    if len(seats) < row.assessors_needed or any(one.finished_at is None for one in seats):
        return Finished(submission_id=row.id, state=State(row.state), waits_for_other=True)
    markings = [rows.marks_of(one) for one in seats]
    if rules.differing(achievement.rubric, markings):
        row.state = State.MARKS_DIFFER
        row.save(update_fields=["state"])
        news.tell(MarksDiffer(submission_id=row.id, organization_id=row.organization_id))
        return Finished(submission_id=row.id, state=State.MARKS_DIFFER, waits_for_other=False)
    state = decide(row, achievement, rules.agreed(achievement.rubric, markings), by=by, at=at)
    return Finished(submission_id=row.id, state=state, waits_for_other=False)


@transaction.atomic
def give_back(submission_id: UUID, *, by: Actor, at: datetime) -> None:
    """Give a seat back, as when the assessor knows whose work it is; it is never offered to them again.

    Raises:
        NoSuchWork, NoSuchOrganization, RoleMissing: the actor has no seat at this work.
        NotMarkable, AlreadyFinished: it is too late for that.
    """
    seat = _open_seat(submission_id, by)
    row = seat.submission
    seat.seat = None
    seat.released_at = at
    seat.save(update_fields=["seat", "released_at"])
    row.seats_taken -= 1
    row.state = State.BEING_MARKED if row.seats_taken else State.HANDED_IN
    row.save(update_fields=["seats_taken", "state"])


def _claim(row: Submission, person_id: UUID, at: datetime) -> bool:
    """Take a seat if one is free at this very moment."""
    claimed = Submission.objects.filter(
        id=row.id, state__in=["handed-in", "being-marked"], seats_taken__lt=F("assessors_needed")
    )
    try:
        with transaction.atomic():
            if not claimed.update(seats_taken=F("seats_taken") + 1, state=State.BEING_MARKED):
                return False
            taken = Marking.objects.filter(submission_id=row.id, seat__isnull=False)
            used = set(taken.values_list("seat", flat=True))
            free = next(seat for seat in range(1, row.assessors_needed + 1) if seat not in used)
            Marking.objects.create(
                submission_id=row.id, assessor_id=person_id, learner_id=row.learner_id, seat=free, taken_at=at
            )
    except IntegrityError:
        # The same assessor asked twice at once and has a seat here by now.
        return False
    return True


def _open_seat(submission_id: UUID, by: Actor) -> Marking:
    """Return the actor's seat while it can be written to, its submission locked."""
    seat = rows.get_seat(submission_id, by=by)
    seat.submission = Submission.objects.select_for_update().get(id=submission_id)
    # Read again behind the lock: another window of the same assessor may have finished or given it back.
    seat.refresh_from_db(fields=["finished_at", "seat", "released_at"])
    if seat.finished_at is not None or seat.seat is None:
        raise AlreadyFinished("You finished this one. Marks that are finished do not change.")
    rules.require_markable(State(seat.submission.state))
    return seat
