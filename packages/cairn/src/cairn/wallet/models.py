# SPDX-License-Identifier: Apache-2.0
"""Tables of this room. Columns, constraints and nothing that decides."""

import uuid

from django.db import models


class ClaimKey(models.Model):
    """One mailed link to a finished credential. The key itself is only in the e-mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    credential_ref = models.CharField(max_length=26)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    # SHA-256 of 256 random bits: there is nothing to guess, so no slow hash is needed.
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["credential_ref"], name="claim_key_by_credential")]

    def __str__(self) -> str:
        return str(self.id)


class Share(models.Model):
    """One link that a learner made. Who opens it is not kept, only how often.

    The token is in no column. It is a MAC over the row's id under this installation's own key, so that the
    learner can be shown it again while a copy of the database opens no link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120, blank=True)
    shows_evidence = models.BooleanField(default=False)
    shows_marks = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["person", "-made_at"], name="share_of_person")]
        constraints = [
            models.CheckConstraint(
                name="share_ends_after_it_starts",
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("made_at")),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SharedCredential(models.Model):
    """One credential of a share, at its place in the learner's order, counted from 1."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="+")
    credential_ref = models.CharField(max_length=26)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="shared_once", fields=["share", "credential_ref"]),
            models.UniqueConstraint(name="one_shared_credential_a_place", fields=["share", "position"]),
        ]

    def __str__(self) -> str:
        return f"{self.share_id} {self.position}"


class Remark(models.Model):
    """What somebody who was sent a credential told its issuer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    credential_ref = models.CharField(max_length=26)
    organization = models.ForeignKey("people.Organization", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    right_name = models.CharField(max_length=300, blank=True)
    words = models.TextField(max_length=2000, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "-made_at"], name="remark_of_organization")]

    def __str__(self) -> str:
        return str(self.id)
