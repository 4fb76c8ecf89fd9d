# SPDX-License-Identifier: Apache-2.0
"""A learner keeps a draft, adds files to it, and hands it in."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from cairn.achievements import queries as achievements
from cairn.achievements.facts import PublishedAchievement
from cairn.assessment.errors import FileRefused, Incomplete, NoSuchWork
from cairn.assessment.facts import Fault, Kept, State, Upload, Words, WorkHandedIn
from cairn.assessment.models import EvidenceFile, Submission
from cairn.assessment.queries.submissions import NOTHING_HERE, as_submission
from cairn.assessment.rules import media
from cairn.assessment.rules import submissions as rules
from cairn.foundation import files, news
from cairn.people.access import require_person, require_role
from cairn.people.facts import Actor, Role

#: Candidate numbers have five digits, and more only where an organization has used up half of those.
CANDIDATES = 100_000


def keep(ref: str, words: Words | None, uploads: Iterable[Upload] = (), *, by: Actor, at: datetime) -> Kept:
    """Keep what a learner wrote and chose: the words first, then each file in a transaction of its own.

    A file that cannot be taken is reported and costs no other file and no word. The same file sent again
    with the same client key, as after a lost answer, changes nothing.

    Args:
        words: what to keep; `None` leaves the words of the draft as they are.

    Raises:
        NoSuchAchievement, NoSuchOrganization, NoSuchWork: there is no such thing to hand in.
        RoleMissing: the person works for the organization and does not learn there.
        AlreadyHandedIn: the work was handed in; nothing is changed.
        Incomplete: a statement is longer than fits; nothing is changed.
    """
    if words is not None and not rules.is_within_length(words):
        raise Incomplete(
            (
                Fault(
                    code="assessment.too-long",
                    message="Keep each text under %(most)s characters",
                    values=(("most", str(rules.LONGEST_STATEMENT)),),
                ),
            )
        )
    row, achievement = _keep_words(ref, words, by=by, at=at)
    added, faults = 0, []
    for upload in uploads:
        try:
            added += _keep_file(row.id, achievement, upload, at=at)
        except FileRefused as refusal:
            faults.append(replace(refusal.fault, field=upload.task_id))
    return Kept(submission_id=row.id, added=added, faults=tuple(faults))


@transaction.atomic
def hand_in(ref: str, *, by: Actor, at: datetime) -> None:
    """Hand the draft in for good. Five queries, and two for each removed file.

    Raises:
        NoSuchWork: the person has no such work.
        NoSuchOrganization, RoleMissing: the person does not learn there any more.
        AlreadyHandedIn: it was handed in before.
        Incomplete: with everything that is missing.
    """
    row = _newest(ref, by)
    require_role(by, row.organization_id, Role.LEARNER)
    rules.require_draft(State(row.state))
    achievement = achievements.get_published(row.achievement_id)
    rules.require_complete(achievement, as_submission(row, achievement))
    _forget_removed(row)
    row.state = State.HANDED_IN
    row.handed_in_at = at
    row.assessors_needed = achievement.assessors_needed
    row.save(update_fields=["state", "handed_in_at", "assessors_needed"])
    news.tell(
        WorkHandedIn(submission_id=row.id, organization_id=row.organization_id, person_id=row.learner_id)
    )


@transaction.atomic
def remove(ref: str, evidence_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a file out of the draft; it can be put back until handing in. Three queries.

    Raises `NoSuchWork`, `AlreadyHandedIn`.
    """
    _get_file(ref, evidence_id, by).update(removed_at=at)


@transaction.atomic
def put_back(ref: str, evidence_id: UUID, *, by: Actor) -> None:
    """Put a removed file back into the draft. Three queries. Raises `NoSuchWork`, `AlreadyHandedIn`."""
    _get_file(ref, evidence_id, by).update(removed_at=None)


@transaction.atomic
def begin_again(ref: str, *, by: Actor, at: datetime) -> None:
    """Begin a new attempt after a result of "not yet": words and files come along, the old attempt stays.

    The new attempt is made for the version in force now; files of tasks that it no longer has stay behind.
    Beginning again twice begins once. Eight queries.

    Raises:
        NoSuchWork: the person has no such work.
        NoNewAttempt: the newest attempt is not decided, or passed.
    """
    row = _newest(ref, by)
    if row.attempt > 1 and State(row.state) is State.DRAFT:
        return
    rules.require_new_attempt(State(row.state))
    achievement = achievements.latest_published(ref)
    require_role(by, achievement.organization_id, Role.LEARNER)
    rules.require_handed_in(achievement)
    words = Words(statement=row.statement, ai_statement=row.ai_statement)
    fresh, is_new = _start(achievement, row.learner_id, attempt=row.attempt + 1, words=words, at=at)
    if not is_new:
        # Two requests at once: the other one made the attempt and took the files along.
        return
    kept = {task.id for task in rules.tasks_of(achievement)}
    EvidenceFile.objects.bulk_create(
        EvidenceFile(
            submission=fresh,
            task_id=old.task_id,
            name=old.name,
            media_type=old.media_type,
            size=old.size,
            sha256=old.sha256,
            file_key=old.file_key,
            client_key=old.client_key,
            added_at=old.added_at,
        )
        for old in row.files.filter(removed_at__isnull=True)
        if old.task_id in kept
    )


@transaction.atomic
def _keep_words(
    ref: str, words: Words | None, *, by: Actor, at: datetime
) -> tuple[Submission, PublishedAchievement]:
    """Return the draft with these words, begun where there is none."""
    person_id = require_person(by)
    row = _rows(person_id, ref).first()
    if row is None:
        achievement = achievements.latest_published(ref)
        require_role(by, achievement.organization_id, Role.LEARNER)
        rules.require_handed_in(achievement)
        if achievements.is_archived(ref):
            raise NoSuchWork(NOTHING_HERE)
        return _start(achievement, person_id, attempt=1, words=words or Words(), at=at)[0], achievement
    require_role(by, row.organization_id, Role.LEARNER)
    rules.require_draft(State(row.state))
    if words is not None:
        row.statement, row.ai_statement = words.statement, words.ai_statement
    row.saved_at = at
    row.save(update_fields=["statement", "ai_statement", "saved_at"])
    return row, achievements.get_published(row.achievement_id)


def _start(
    achievement: PublishedAchievement, person_id: UUID, *, attempt: int, words: Words, at: datetime
) -> tuple[Submission, bool]:
    """Return an attempt, and whether this call made it."""
    # Two requests may begin the same draft at once; the second takes what the first one made.
    return Submission.objects.get_or_create(
        learner_id=person_id,
        achievement_ref=achievement.ref,
        attempt=attempt,
        defaults={
            "organization_id": achievement.organization_id,
            "achievement_id": achievement.id,
            "achievement_name": achievement.name,
            "candidate": _new_candidate(achievement.organization_id),
            "statement": words.statement,
            "ai_statement": words.ai_statement,
            "assessors_needed": achievement.assessors_needed,
            "started_at": at,
            "saved_at": at,
        },
    )


def _new_candidate(organization_id: UUID) -> int:
    """Return a number that tells neither the order of handing in nor the person."""
    taken = Submission.objects.filter(organization_id=organization_id)
    span = CANDIDATES
    while taken.count() * 2 > span:
        span *= 10
    while True:
        number = span // 10 + secrets.randbelow(span - span // 10)
        if not taken.filter(candidate=number).exists():
            return number


def _keep_file(
    submission_id: UUID, achievement: PublishedAchievement, upload: Upload, *, at: datetime
) -> bool:
    """Store one file and return whether it is new."""
    name = media.clean_name(upload.name)
    limit: int = settings.CAIRN_FILE_LIMIT
    if upload.task_id not in {task.id for task in rules.tasks_of(achievement)}:
        raise NoSuchWork(NOTHING_HERE)
    media.require_size(name, upload.size, limit=limit)
    content = upload.read()
    media_type = media.sniff(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        row = Submission.objects.select_for_update().get(id=submission_id)
        rules.require_draft(State(row.state))
        same = row.files.filter(task_id=upload.task_id, sha256=sha256).first()
        if same is not None:
            return _keep_same(same, upload, name)
        rules.require_room(name, row.files.filter(removed_at__isnull=True).count())
        stored = files.put([content], limit=limit)
        try:
            row.files.create(
                task_id=upload.task_id,
                name=name,
                media_type=media_type,
                size=stored.size,
                sha256=stored.sha256,
                file_key=stored.key,
                client_key=upload.client_key,
                added_at=at,
            )
        except BaseException:
            files.forget(stored.key)
            raise
    return True


def _keep_same(same: EvidenceFile, upload: Upload, name: str) -> bool:
    """Deal with content that is there already: removed, sent twice by the browser, or chosen twice."""
    if same.removed_at is not None:
        same.removed_at = None
        same.name = name
        same.save(update_fields=["removed_at", "name"])
        return True
    if same.client_key == upload.client_key:
        return False
    raise FileRefused(
        Fault(
            code="assessment.file-twice",
            about=name,
            message="You added this file already, as “%(same)s”. It is there once",
            values=(("same", same.name),),
        )
    )


def _rows(person_id: UUID, ref: str) -> QuerySet[Submission]:
    """Return a learner's attempts, newest first, locked until the transaction ends."""
    return (
        Submission.objects.select_for_update()
        .filter(learner_id=person_id, achievement_ref=ref)
        .order_by("-attempt")
    )


def _newest(ref: str, by: Actor) -> Submission:
    row = _rows(require_person(by), ref).first()
    if row is None:
        raise NoSuchWork(NOTHING_HERE)
    return row


def _get_file(ref: str, evidence_id: UUID, by: Actor) -> QuerySet[EvidenceFile]:
    row = _newest(ref, by)
    rules.require_draft(State(row.state))
    found = row.files.filter(id=evidence_id)
    if not found.exists():
        raise NoSuchWork(NOTHING_HERE)
    return found


def _forget_removed(row: Submission) -> None:
    """Drop removed files for good; their bytes go after the commit, unless an earlier attempt has them."""
    for old in row.files.filter(removed_at__isnull=False):
        old.delete()
        if not EvidenceFile.objects.filter(file_key=old.file_key).exists():
            transaction.on_commit(partial(files.forget, old.file_key))
