# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: rows to facts."""

from uuid import UUID

from lxml import html

from cairn.messages.errors import NoSuchMessage
from cairn.messages.facts import KeptMessage
from cairn.messages.models import Message, Posting


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


def has_left(key: str) -> bool:
    """Tell whether the letter of this key left already. One query."""
    return Posting.objects.filter(key=key).exists()


def _links(page: str) -> tuple[tuple[str, str], ...]:
    """Return the words and the address of each link in a message of ours."""
    if not page.strip():
        return ()
    anchors = html.document_fromstring(page).iter("a")
    return tuple(
        (" ".join("".join(str(part) for part in one.itertext()).split()), str(one.get("href", "")))
        for one in anchors
    )


def _as_kept(row: Message) -> KeptMessage:
    return KeptMessage(
        id=row.id,
        recipient=row.recipient,
        sender=row.sender,
        subject=row.subject,
        text=row.text,
        html=row.html,
        links=_links(row.html),
        kept_at=row.kept_at,
    )
