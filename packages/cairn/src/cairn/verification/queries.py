# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: a list as far as it has been checked."""

import json
from base64 import b64decode
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from cairn.verification import keys, rules
from cairn.verification.errors import ListGone
from cairn.verification.facts import Answer, CheckLine, Kind, ListSoFar, Presented, Row, Voice, Way
from cairn.verification.models import CheckedList, ListedItem

OVER = gettext_noop(
    "This list is over: we keep none for longer than an hour. Paste it again to check it again."
)
_MOMENTS = ("valid_from", "valid_until", "changed_at")


def list_so_far(key: str, *, at: datetime, voice: Voice) -> ListSoFar:
    """Return the answers that are there, what needs a look on top, in this reader's words. Two queries.

    Raises:
        ListGone: there is no such list, or its hour is over.
    """
    row = get_row(key, at=at)
    items = list(ListedItem.objects.filter(checked_list=row).order_by("number"))
    answered = [item for item in items if item.answers is not None]
    rows = [
        Row(number=item.number, answer=answer, words=rules.words(answer, at=at, voice=voice))
        for item in answered
        for answer in _answers(key, item)
    ]
    return ListSoFar(
        total=len(items), done=len(answered), rows=rules.needs_a_look_first(rows), ends_at=row.ends_at
    )


def get_row(key: str, *, at: datetime) -> CheckedList:
    """Return the row of a list; for this room only. One query. Raises `ListGone`."""
    row = CheckedList.objects.filter(key_hash=keys.fingerprint(key), ends_at__gt=at).first()
    if row is None:
        raise ListGone(OVER)
    return row


def unsealed(key: str, item: ListedItem) -> Presented:
    """Return what was presented; for this room only. No query."""
    stored = json.loads(keys.unseal(key, bytes(item.presented), place=f"presented:{item.number}"))
    data = None if stored["data"] is None else b64decode(stored["data"])
    return Presented(text=stored["text"], data=data, name=stored["name"])


def as_bytes(value: Any) -> bytes:
    """Return JSON for sealing; moments as ISO 8601."""
    return json.dumps(value, default=datetime.isoformat).encode()


def _answers(key: str, item: ListedItem) -> list[Answer]:
    assert item.answers is not None
    stored = json.loads(keys.unseal(key, bytes(item.answers), place=f"answers:{item.number}"))
    return [_as_answer(one) for one in stored]


def _as_answer(stored: dict[str, Any]) -> Answer:
    moments = {name: datetime.fromisoformat(stored[name]) if stored[name] else None for name in _MOMENTS}
    return Answer(
        **(
            stored
            | moments
            | {
                "way": Way(stored["way"]),
                "kind": Kind(stored["kind"]),
                "checks": tuple(CheckLine(**check) for check in stored["checks"]),
            }
        )
    )
