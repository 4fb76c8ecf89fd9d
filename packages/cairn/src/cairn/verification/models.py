# SPDX-License-Identifier: Apache-2.0
"""Tables of this room: lists while they are being checked, sealed. Nothing else is ever stored."""

import uuid

from django.db import models


class CheckedList(models.Model):
    """One list. What is in it can be read only with the key in its address; it is removed within the hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Two readers of one list must not check the same line twice: one of them works until then.
    busy_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="checked_list_ends")]

    def __str__(self) -> str:
        return str(self.id)


class ListedItem(models.Model):
    """One line or file of a list. What was presented is emptied as soon as its answers are there."""

    checked_list = models.ForeignKey(CheckedList, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    presented = models.BinaryField()
    answers = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_item_a_place_in_a_list", fields=["checked_list", "number"])
        ]

    def __str__(self) -> str:
        return str(self.pk)
