# SPDX-License-Identifier: Apache-2.0
"""Tables of this room. Columns, constraints and nothing that decides."""

import uuid

from django.db import models
from django.db.models import Q


class Achievement(models.Model):
    """Something that can be earned, whatever its version. `ref` is its public name in addresses."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=26, unique=True)
    started_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.ref


class AchievementVersion(models.Model):
    """One version. Once published the row never changes; a trigger of the database refuses it too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    # No foreign key: forgetting a person would have to change a row that never changes.
    published_by = models.UUIDField(null=True)

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    criteria_narrative = models.TextField(blank=True)
    outcomes = models.JSONField(default=list)
    achievement_type = models.CharField(max_length=60, default="MicroCredential")
    language = models.CharField(max_length=12, default="en")

    rubric = models.JSONField(default=list)

    evidence_tasks = models.JSONField(default=list)
    assessors_needed = models.PositiveSmallIntegerField(default=2)

    badge_field = models.CharField(max_length=20, default="general")
    badge_level = models.PositiveSmallIntegerField(default=0)
    badge_kind = models.CharField(max_length=20, default="credential")
    badge_hue = models.PositiveSmallIntegerField(null=True)
    badge_upload = models.UUIDField(null=True)
    # Drawn for good on publishing: a later release may draw otherwise, this version may not.
    badge_svg = models.TextField(blank=True)

    alignments = models.JSONField(default=list)
    tags = models.JSONField(default=list)

    workload_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    ects = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    eqf_level = models.PositiveSmallIntegerField(null=True)
    level_applies = models.BooleanField(default=True)
    assessment_type = models.CharField(max_length=24, blank=True)
    participation = models.CharField(max_length=24, blank=True)
    quality_assurance = models.CharField(max_length=300, blank=True)
    prerequisites = models.TextField(blank=True)
    supervision = models.CharField(max_length=24, blank=True)
    identity_check = models.CharField(max_length=200, blank=True)
    stackability = models.TextField(blank=True)
    valid_for_months = models.PositiveSmallIntegerField(null=True)
    review_by = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_row_per_version", fields=["achievement", "version"]),
            models.UniqueConstraint(
                name="one_draft_per_achievement",
                fields=["achievement"],
                condition=Q(published_at__isnull=True),
            ),
            models.CheckConstraint(name="badge_level_is_0_to_4", condition=Q(badge_level__lte=4)),
            models.CheckConstraint(
                name="badge_hue_is_a_degree", condition=Q(badge_hue__isnull=True) | Q(badge_hue__lt=360)
            ),
            models.CheckConstraint(
                name="eqf_level_is_1_to_8",
                condition=Q(eqf_level__isnull=True) | (Q(eqf_level__gte=1) & Q(eqf_level__lte=8)),
            ),
            models.CheckConstraint(
                name="what_is_published_has_its_badge",
                condition=Q(published_at__isnull=True) | ~Q(badge_svg=""),
            ),
            models.CheckConstraint(name="two_assessors_at_most", condition=Q(assessors_needed__lte=2)),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
