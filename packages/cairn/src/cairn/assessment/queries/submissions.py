# SPDX-License-Identifier: Apache-2.0
"""What a learner can hand in, has handed in, and got back."""

from collections.abc import Iterable
from uuid import UUID

from cairn.achievements import queries as achievements
from cairn.achievements.facts import PublishedAchievement
from cairn.assessment.errors import NoSuchWork
from cairn.assessment.facts import (
    AgreedResult,
    Evidence,
    Feedback,
    State,
    StoredEvidence,
    Submission,
    Task,
    Words,
    Work,
    WorkLine,
)
from cairn.assessment.models import AgreedLevel, EvidenceFile
from cairn.assessment.models import Submission as SubmissionRow
from cairn.assessment.rules import marking as marking_rules
from cairn.assessment.rules import submissions as rules
from cairn.assessment.rules.media import KINDS
from cairn.people import queries as people
from cairn.people.access import require_person, require_role
from cairn.people.facts import Actor, Role

NOTHING_HERE = "There is nothing here by that name."


def works_of(by: Actor) -> tuple[WorkLine, ...]:
    """Return what a person can hand in or has handed in: begun work first, newest change first.

    Two queries, and one for each organization where the person learns.

    Raises:
        NotASignedInPerson: nobody is signed in.
    """
    person_id = require_person(by)
    newest: dict[str, SubmissionRow] = {}
    for row in SubmissionRow.objects.filter(learner_id=person_id).order_by("attempt"):
        newest[row.achievement_ref] = row
    learns_at = [where for where, role in by.roles if role is Role.LEARNER]
    named = people.organizations_by_id({*learns_at, *(row.organization_id for row in newest.values())})
    begun = [
        WorkLine(
            ref=row.achievement_ref,
            name=row.achievement_name,
            organization_name=named[row.organization_id].name,
            state=State(row.state),
            attempt=row.attempt,
            changed_at=row.decided_at or row.handed_in_at or row.saved_at,
        )
        for row in sorted(newest.values(), key=lambda row: row.saved_at, reverse=True)
    ]
    offered = [
        WorkLine(
            ref=one.ref,
            name=one.name,
            organization_name=named[where].name,
            state=None,
            attempt=0,
            changed_at=None,
        )
        for where in learns_at
        for one in achievements.published_of(where)
        if one.ref not in newest and rules.is_handed_in(one)
    ]
    offered.sort(key=lambda line: (line.name.casefold(), line.ref))
    return (*begun, *offered)


def work(ref: str, *, by: Actor) -> Work:
    """Return what a learner hands in for one achievement. Four queries.

    Raises:
        NoSuchAchievement, NoSuchOrganization, NoSuchWork: there is no such thing for this person.
        RoleMissing: the person works for the organization and does not learn there.
    """
    person_id = require_person(by)
    rows = list(
        SubmissionRow.objects.filter(learner_id=person_id, achievement_ref=ref)
        .order_by("-attempt")
        .prefetch_related("files")
    )
    achievement = (
        achievements.get_published(rows[0].achievement_id) if rows else achievements.latest_published(ref)
    )
    if not rows:
        # Whoever handed in before may look at it for ever; only a learner of today begins.
        require_role(by, achievement.organization_id, Role.LEARNER)
        rules.require_handed_in(achievement)
    organization = people.organization_by_id(achievement.organization_id)
    attempts = [as_submission(row, achievement) for row in rows]
    current = attempts[0] if attempts else None
    return Work(
        achievement=achievement,
        organization_name=organization.name,
        current=current,
        tasks=tuple(
            Task(
                task=task,
                evidence=tuple(one for one in current.evidence if one.task_id == task.id) if current else (),
                removed=tuple(one for one in current.removed if one.task_id == task.id) if current else (),
            )
            for task in rules.tasks_of(achievement)
        ),
        earlier=tuple(attempts[1:]),
    )


def feedback(ref: str, attempt: int, *, by: Actor) -> Feedback:
    """Return a decided attempt with its results. Five queries.

    Raises:
        NoSuchWork: the person has no such attempt, or it is not decided yet.
    """
    person_id = require_person(by)
    attempts = list(
        SubmissionRow.objects.filter(learner_id=person_id, achievement_ref=ref)
        .order_by("-attempt")
        .prefetch_related("files")
    )
    row = next((row for row in attempts if row.attempt == attempt), None)
    if row is None or not State(row.state).is_decided:
        raise NoSuchWork(NOTHING_HERE)
    achievement = achievements.get_published(row.achievement_id)
    return Feedback(
        achievement=achievement,
        organization_name=people.organization_by_id(row.organization_id).name,
        submission=as_submission(row, achievement),
        results=results_of(row.id, achievement),
        can_try_again=row is attempts[0] and State(row.state) is State.NOT_YET,
    )


def evidence_of_learner(ref: str, evidence_id: UUID, *, by: Actor) -> StoredEvidence:
    """Return a file of the learner's own work, to be served. One query. Raises `NoSuchWork`."""
    person_id = require_person(by)
    row = EvidenceFile.objects.filter(
        id=evidence_id, submission__achievement_ref=ref, submission__learner_id=person_id
    ).first()
    if row is None:
        raise NoSuchWork(NOTHING_HERE)
    return StoredEvidence(name=row.name, media_type=row.media_type, size=row.size, file_key=row.file_key)


def as_submission(row: SubmissionRow, achievement: PublishedAchievement) -> Submission:
    """Return a row as its learner sees it. One query, none where the files came with the row."""
    rows = list(row.files.all())
    return Submission(
        id=row.id,
        attempt=row.attempt,
        state=State(row.state),
        candidate=row.candidate,
        words=Words(statement=row.statement, ai_statement=row.ai_statement),
        evidence=as_evidence((one for one in rows if one.removed_at is None), achievement),
        removed=as_evidence((one for one in rows if one.removed_at is not None), achievement),
        handed_in_at=row.handed_in_at,
        decided_at=row.decided_at,
        saved_at=row.saved_at,
    )


def as_evidence(rows: Iterable[EvidenceFile], achievement: PublishedAchievement) -> tuple[Evidence, ...]:
    """Return files in the order of the tasks, then of arrival. No query."""
    listed = list(rows)
    found: list[Evidence] = []
    for task in rules.tasks_of(achievement):
        mine = sorted(
            (row for row in listed if row.task_id == task.id), key=lambda row: (row.added_at, row.id)
        )
        for at, row in enumerate(mine, 1):
            found.append(
                Evidence(
                    id=row.id,
                    number=len(found) + 1,
                    task_id=task.id,
                    title=task.name if len(mine) == 1 else f"{task.name} {at}",
                    name=row.name,
                    media_type=row.media_type,
                    size=row.size,
                    sha256=row.sha256,
                    file_key=row.file_key,
                    added_at=row.added_at,
                    shown_as=KINDS[row.media_type].shown_as,
                )
            )
    return tuple(found)


def results_of(submission_id: UUID, achievement: PublishedAchievement) -> tuple[AgreedResult, ...]:
    """Return what was agreed, in the rubric's order. One query."""
    agreed = {row.criterion_id: row for row in AgreedLevel.objects.filter(submission_id=submission_id)}
    return tuple(
        marking_rules.as_result(criterion, agreed[criterion.id].level_id, agreed[criterion.id].comment)
        for criterion in achievement.rubric
        if criterion.id in agreed
    )
