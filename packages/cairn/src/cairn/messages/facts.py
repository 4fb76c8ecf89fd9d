# SPDX-License-Identifier: Apache-2.0
"""What this room takes and gives."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one e-mail says. The words are final: in the reader's language, without markup.

    `button` is the one thing to do, with its address; `after` follows it.
    """

    subject: str = field(repr=False)
    greeting: str = field(default="", repr=False)
    paragraphs: tuple[str, ...] = field(default=(), repr=False)
    quote: str = field(default="", repr=False)
    button: str = ""
    # The address may be a key: it opens what it names.
    url: str = field(default="", repr=False)
    after: tuple[str, ...] = field(default=(), repr=False)
    sender: str = "Cairn"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessage:
    """One message of the outbox. `kept_at` is UTC."""

    id: UUID
    recipient: str = field(repr=False)
    sender: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    # Words and address.
    links: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    kept_at: datetime
