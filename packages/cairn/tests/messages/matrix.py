# SPDX-License-Identifier: Apache-2.0
"""Who may read the outbox: in development everyone, because a newcomer's sign-in link lies there."""

from datetime import UTC, datetime
from uuid import UUID

from matrix import EVERYONE, Row

from cairn.messages.models import Message

UNKNOWN = {"message_id": UUID(int=1)}


def own() -> dict[str, object]:
    """Keep a message to Amara."""
    row = Message.objects.create(
        recipient="amara.okafor@example.org",
        sender="Fernhill College <no-reply@localhost>",
        subject="You have earned Data Cleaning with Python",
        text="Well done.",
        html="<html><head></head><body>Well done.</body></html>",
        kept_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    )
    return {"message_id": row.id}


MATRIX = {
    "messages:outbox": Row(may=EVERYONE),
    "messages:message": Row(may=EVERYONE, own=own, unknown=UNKNOWN, public=True),
    "messages:message-html": Row(may=EVERYONE, own=own, unknown=UNKNOWN, public=True),
}
