# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: rows to facts."""

from uuid import UUID

from cairn.messages.errors import NoSuchMessage
from cairn.messages.facts import KeptMessage
from cairn.messages.models import Message


def kept(*, recipient: str = "", limit: int = 200) -> tuple[KeptMessage, ...]:
    """Return the outbox, newest first; with a recipient, only theirs. One query."""
    rows = Message.objects.order_by("-kept_at", "-id")
    if recipient:
        rows = rows.filter(recipient__iexact=recipient)
    return tuple(_as_kept(row) for row in rows[:limit])


def get_kept(message_id: UUID) -> KeptMessage:
    """Return one message of the outbox. One query. Raises `NoSuchMessage`."""
    row = Message.objects.filter(id=message_id).first()
    if row is None:
        raise NoSuchMessage("There is nothing here by that name.")
    return _as_kept(row)


def _as_kept(row: Message) -> KeptMessage:
    return KeptMessage(
        id=row.id,
        recipient=row.recipient,
        sender=row.sender,
        subject=row.subject,
        text=row.text,
        html=row.html,
        kept_at=row.kept_at,
    )
