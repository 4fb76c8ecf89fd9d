# SPDX-License-Identifier: Apache-2.0
"""A mail backend that keeps messages where people can read them, for installations without a mail server."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from cairn.messages.models import Message


class OutboxBackend(BaseEmailBackend):
    """Keep each message as a row. One query a recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages and return how many there were."""
        kept = 0
        for message in email_messages:
            # Building it the way a mail server would get it refuses line breaks in its head.
            message.message()
            for recipient in message.recipients():
                Message.objects.create(
                    recipient=recipient,
                    sender=message.from_email,
                    subject=str(message.subject),
                    text=str(message.body),
                    html=_html(message),
                    kept_at=timezone.now(),
                )
            kept += 1
        return kept


def _html(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    return next((str(part[0]) for part in message.alternatives if part[1] == "text/html"), "")
