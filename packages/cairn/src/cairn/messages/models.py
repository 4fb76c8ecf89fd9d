# SPDX-License-Identifier: Apache-2.0
"""Tables of this room: which letters left, and the outbox of an installation without a mail server."""

import uuid

from django.db import models


class Posting(models.Model):
    """The mark that a letter left. `key` names the news and the person, never an address."""

    key = models.CharField(max_length=200, unique=True)
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Message(models.Model):
    """A message that was kept instead of sent, where no mail server is set. Sign-in links are in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.CharField(max_length=254)
    sender = models.CharField(max_length=300)
    subject = models.CharField(max_length=998)
    text = models.TextField()
    html = models.TextField(blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-kept_at"], name="outbox_newest_first")]

    def __str__(self) -> str:
        return str(self.id)
