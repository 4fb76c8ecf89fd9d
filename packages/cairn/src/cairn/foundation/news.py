# SPDX-License-Identifier: Apache-2.0
"""News goes up: a room tells what happened, and rooms above it listen without being known.

`tell` writes one row per listener in the caller's transaction, so news is stored exactly when the data is.
After the commit the rows are delivered; a listener that fails is tried again later with back-off. A
listener therefore runs at least once and must be idempotent.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from cairn.foundation.models import Told

logger = logging.getLogger(__name__)

N = TypeVar("N")
_listeners: dict[str, dict[str, tuple[type[Any], Callable[[Any], None]]]] = {}

MOST_ATTEMPTS = 12
BATCH = 50


def subscribe(kind: type[N], listener: Callable[[N], None]) -> None:
    """Let `listener` hear every news of a kind. Called from a room's `apps.ready`; twice is once."""
    name = f"{listener.__module__}.{listener.__qualname__}"
    _listeners.setdefault(_topic(kind), {})[name] = (kind, listener)


def tell(news: object) -> None:
    """Store a piece of news for everyone who listens, in the caller's transaction. One query a listener.

    Args:
        news: a frozen dataclass of text, numbers, truth values, UUIDs and aware datetimes.
    """
    if not is_dataclass(news):
        raise TypeError("news is a frozen dataclass")
    now = timezone.now()
    for name in _listeners.get(_topic(type(news)), {}):
        Told.objects.create(
            topic=_topic(type(news)), listener=name, payload=_pack(news), told_at=now, due_at=now
        )
    transaction.on_commit(partial(_wake, now), robust=True)


def deliver_due(*, at: datetime) -> int:
    """Let listeners hear what is due, oldest first, and return how many heard.

    Each delivery is a transaction of its own: the listener's writes and the mark that it heard commit
    together. A listener's failure is kept on the row, by the name of the fault only, and tried again.
    """
    heard = 0
    for row_id in list(
        Told.objects.filter(heard_at__isnull=True, due_at__lte=at, attempts__lt=MOST_ATTEMPTS)
        .order_by("id")
        .values_list("id", flat=True)[:BATCH]
    ):
        heard += _deliver(row_id, at)
    return heard


def _wake(at: datetime) -> None:
    """Deliver at once where the settings say so; elsewhere the worker finds the rows."""
    if settings.CAIRN_NEWS_INLINE:
        deliver_due(at=at)


def _deliver(row_id: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            rows = Told.objects.filter(id=row_id, heard_at__isnull=True)
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            row = rows.first()
            if row is None:
                return False
            known = _listeners.get(row.topic, {}).get(row.listener)
            if known is None:
                # A listener that a release took away: nobody will ever hear this.
                row.heard_at = at
                row.last_fault = "no such listener"
                row.save(update_fields=["heard_at", "last_fault"])
                return False
            kind, listener = known
            listener(_unpack(kind, row.payload))
            row.heard_at = at
            row.attempts += 1
            row.save(update_fields=["heard_at", "attempts"])
            return True
    # Whatever a listener raises, the teller's work must stand and the news must stay due.
    except Exception as fault:  # noqa: BLE001
        row = Told.objects.get(id=row_id)
        row.attempts += 1
        row.due_at = at + timedelta(seconds=2 ** min(row.attempts, 12))
        row.last_fault = type(fault).__name__
        row.save(update_fields=["attempts", "due_at", "last_fault"])
        # The name only: the message of a mail fault holds an address.
        logger.error("listener %s failed on news %s: %s", row.listener, row_id, row.last_fault)
        return False


def _topic(kind: type[object]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _pack(news: Any) -> dict[str, Any]:
    packed = {field.name: getattr(news, field.name) for field in fields(news)}
    return dict(json.loads(json.dumps(packed, default=_as_text)))


def _as_text(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"news cannot carry a {type(value).__name__}")


def _unpack(kind: type[N], payload: dict[str, Any]) -> N:
    hints = get_type_hints(kind)
    return kind(**{name: _from_text(hints[name], value) for name, value in payload.items()})


def _from_text(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if getattr(hint, "__origin__", None) is tuple:
        return tuple(_from_text(hint.__args__[0], item) for item in value)
    if hint is UUID or UUID in getattr(hint, "__args__", ()):
        return UUID(value)
    if hint is datetime or datetime in getattr(hint, "__args__", ()):
        return datetime.fromisoformat(value)
    return value
