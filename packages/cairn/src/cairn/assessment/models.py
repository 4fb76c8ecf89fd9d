# SPDX-License-Identifier: Apache-2.0
"""Tables of this room. Columns, constraints and nothing that decides."""

import uuid

from django.db import models
from django.db.models import F, Q

STATES = ["draft", "handed-in", "being-marked", "marks-differ", "passed", "not-yet"]


class Submission(models.Model):
    """One attempt of one learner at one achievement. After handing in only its state changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    # The published version that the learner works to; a newer one does not move them.
    achievement_id = models.UUIDField()
    achievement_ref = models.CharField(max_length=26)
    achievement_name = models.CharField(max_length=200)
    attempt = models.PositiveSmallIntegerField()
    # All that assessors see of the learner.
    candidate = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="draft")
    statement = models.TextField(blank=True)
    ai_statement = models.TextField(blank=True)
    assessors_needed = models.PositiveSmallIntegerField()
    seats_taken = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_submission_per_attempt", fields=["learner", "achievement_ref", "attempt"]
            ),
            models.UniqueConstraint(
                name="one_open_submission",
                fields=["learner", "achievement_ref"],
                condition=~Q(state__in=["passed", "not-yet"]),
            ),
            models.UniqueConstraint(name="one_candidate_number", fields=["organization", "candidate"]),
            models.CheckConstraint(name="submission_state_is_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="no_more_seats_than_needed", condition=Q(seats_taken__lte=F("assessors_needed"))
            ),
            models.CheckConstraint(
                name="draft_is_not_handed_in",
                condition=Q(state="draft", handed_in_at__isnull=True)
                | (~Q(state="draft") & Q(handed_in_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="decided_has_a_time",
                condition=Q(state__in=["passed", "not-yet"], decided_at__isnull=False)
                | (~Q(state__in=["passed", "not-yet"]) & Q(decided_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "handed_in_at"],
                condition=Q(state__in=["handed-in", "being-marked"]),
                name="submission_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"candidate {self.candidate}"


class EvidenceFile(models.Model):
    """One file handed in for one task. A removed one can be put back until handing in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="files")
    task_id = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file_key = models.UUIDField()
    client_key = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_row_per_file_and_task", fields=["submission", "task_id", "sha256"]
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Marking(models.Model):
    """One assessor's seat at a submission. One given back keeps its row, and is not offered again."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="markings")
    assessor = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    # A copy, so that the database itself can refuse a learner who marks their own work.
    learner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    seat = models.PositiveSmallIntegerField(null=True)
    taken_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_assessor_per_seat", fields=["submission", "seat"]),
            models.UniqueConstraint(name="one_seat_per_assessor", fields=["submission", "assessor"]),
            models.CheckConstraint(name="nobody_marks_their_own_work", condition=~Q(assessor=F("learner"))),
            models.CheckConstraint(
                name="a_seat_is_held_or_given_back",
                condition=Q(seat__isnull=False, released_at__isnull=True)
                | Q(seat__isnull=True, released_at__isnull=False, finished_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.seat} at {self.submission_id}"


class Mark(models.Model):
    """What one assessor saw on one criterion. Rows of a finished marking never change."""

    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="marks")
    criterion_id = models.CharField(max_length=64)
    level_id = models.CharField(max_length=64, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_mark_per_criterion", fields=["marking", "criterion_id"])
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.level_id}"


class Proposal(models.Model):
    """How one assessor would settle the differences. Rows are added, never changed; the newest counts."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="proposals")
    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_proposal_per_number", fields=["submission", "number"])
        ]

    def __str__(self) -> str:
        return f"proposal {self.number}"


class ProposedLevel(models.Model):
    """The level proposed on one criterion, and the reason, in words the learner can read."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="levels")
    criterion_id = models.CharField(max_length=64)
    level_id = models.CharField(max_length=64)
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_level_per_proposal", fields=["proposal", "criterion_id"])
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.level_id}"


class Confirmation(models.Model):
    """Another assessor's yes to a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="confirmations")
    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_confirmation_per_assessor", fields=["proposal", "marking"])
        ]

    def __str__(self) -> str:
        return f"yes to {self.proposal_id}"


class AgreedLevel(models.Model):
    """What counts on one criterion. Written once, with the decision."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="agreed")
    criterion_id = models.CharField(max_length=64)
    level_id = models.CharField(max_length=64)
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_agreed_level_per_criterion", fields=["submission", "criterion_id"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.level_id}"
