# SPDX-License-Identifier: Apache-2.0
"""Tables of this room. Columns, constraints and nothing that decides."""

import uuid

from django.db import models
from django.db.models import Q

#: Entries of one status list: the least the specification allows, so that no holder stands out.
ENTRIES = 131_072


class Award(models.Model):
    """A decision that somebody earned an achievement, kept as it was told. Issued or waiting."""

    id = models.UUIDField(primary_key=True, editable=False)
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    # The published version. Not a foreign key: what was awarded stays readable by itself.
    achievement_id = models.UUIDField()
    # The same over all versions, so that a person who holds an older one is seen to hold it.
    achievement_ref = models.CharField(max_length=26)
    achievement_name = models.CharField(max_length=300)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    narrative = models.TextField(blank=True)
    results = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    assessed = models.BooleanField()
    decided_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    # Set when the issuing of a pasted row was undone: nobody waits for it.
    set_aside_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "achievement_id"], name="award_by_achievement")]

    def __str__(self) -> str:
        return str(self.id)


class SigningKey(models.Model):
    """One key pair of an organization. The private half is sealed and only `keys.py` opens it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    algorithm = models.CharField(max_length=12)
    public_jwk = models.JSONField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="signing_key_number", fields=["organization", "number"]),
            models.UniqueConstraint(
                name="one_active_key_per_algorithm",
                fields=["organization", "algorithm"],
                condition=Q(retired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="signing_key_algorithm_is_known", condition=Q(algorithm__in=["Ed25519", "P-256"])
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.number} ({self.algorithm})"


class StatusList(models.Model):
    """131,072 status entries of one organization, given out in an order that only `seed` knows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ref = models.CharField(max_length=26, unique=True)
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    seed = models.BinaryField()
    claimed = models.PositiveIntegerField(default=0, db_default=0)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="status_list_holds_131072", condition=Q(claimed__lte=ENTRIES)),
            models.UniqueConstraint(
                name="one_open_status_list",
                fields=["organization"],
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class SignedStatusList(models.Model):
    """A status list as it was last signed, for one purpose. Made again from the changes, never edited."""

    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12)
    document = models.BinaryField()
    etag = models.CharField(max_length=64)
    last_change = models.PositiveBigIntegerField(default=0)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_signed_list_per_purpose", fields=["status_list", "purpose"]),
            models.CheckConstraint(
                name="status_purpose_is_known", condition=Q(purpose__in=["revocation", "suspension"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.status_list_id}"


class IssuedCredential(models.Model):
    """One issued credential. Rows are added and, on erasure, emptied; what was signed is never edited.

    An emptied row keeps its status entry taken, so that no other inherits it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ref = models.CharField(max_length=26, unique=True)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    batch_id = models.UUIDField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    # What the signed document says, whatever the person or the achievement is called today.
    person_name = models.CharField(max_length=300, blank=True)
    person_email = models.CharField(max_length=254, blank=True)
    achievement_id = models.UUIDField()
    achievement_ref = models.CharField(max_length=26)
    achievement_name = models.CharField(max_length=300)
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="+")
    status_index = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    valid_until = models.DateTimeField(null=True)
    visibility = models.CharField(max_length=8, default="private")
    shows_evidence = models.BooleanField(default=False)
    shows_marks = models.BooleanField(default=False)
    kept_at = models.DateTimeField(null=True)
    # Taken back within minutes: the award may be issued again, under another reference.
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_credential_per_status_entry", fields=["status_list", "status_index"]
            ),
            models.UniqueConstraint(
                name="one_credential_per_award", fields=["award"], condition=Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(name="status_index_is_on_the_list", condition=Q(status_index__lt=ENTRIES)),
            models.CheckConstraint(
                name="credential_visibility_is_known", condition=Q(visibility__in=["private", "link"])
            ),
            models.CheckConstraint(
                name="credential_ends_after_issuing",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("issued_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-issued_at"], name="credential_newest_first"),
            models.Index(fields=["person", "-issued_at"], name="credential_of_person"),
            models.Index(fields=["batch_id"], name="credential_of_batch"),
        ]

    def __str__(self) -> str:
        return self.ref


class SignedDocument(models.Model):
    """The bytes as signed, one row for each form of a credential: with or without evidence and marks."""

    credential = models.ForeignKey(IssuedCredential, on_delete=models.PROTECT, related_name="+")
    has_evidence = models.BooleanField()
    has_marks = models.BooleanField()
    document = models.BinaryField()
    jwt = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_document_per_form", fields=["credential", "has_evidence", "has_marks"]
            )
        ]

    def __str__(self) -> str:
        return str(self.credential_id)


class StatusChange(models.Model):
    """One change of one credential's status. Rows are only ever added."""

    credential = models.ForeignKey(IssuedCredential, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    # Shown to everyone who may see the credential.
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="status_change_is_known",
                condition=Q(kind__in=["withdrawn", "held", "reinstated", "undone"]),
            ),
            # A second withdrawal says nothing; two at once must not both be told as done.
            models.UniqueConstraint(
                name="withdrawn_once",
                fields=["credential"],
                condition=Q(kind__in=["withdrawn", "undone"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.credential_id}"
