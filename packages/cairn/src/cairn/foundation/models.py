# SPDX-License-Identifier: Apache-2.0
"""Tables of this room: news that was told and is still to be heard."""

from django.db import models


class Told(models.Model):
    """One piece of news for one listener. The row is written with the data that made the news."""

    topic = models.CharField(max_length=200)
    listener = models.CharField(max_length=200)
    payload = models.JSONField()
    told_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    heard_at = models.DateTimeField(null=True)
    last_fault = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(heard_at__isnull=True), name="told_still_due")
        ]

    def __str__(self) -> str:
        return f"{self.topic} for {self.listener}"
