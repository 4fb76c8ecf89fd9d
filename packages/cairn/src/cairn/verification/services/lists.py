# SPDX-License-Identifier: Apache-2.0
"""Checks a list a few seconds at a time, so that five hundred strangers' files keep no server waiting.

What was presented and what was answered lie sealed in the database; the key is in the list's address only.
"""

import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from cairn.foundation.errors import Refusal
from cairn.foundation.refs import new_key
from cairn.people.facts import NOBODY
from cairn.verification import keys, queries, rules
from cairn.verification.errors import TooBusy
from cairn.verification.examiner import Examiner
from cairn.verification.facts import Answer, Examined, Presented
from cairn.verification.models import CheckedList, ListedItem
from cairn.verification.services import checking
from cairn.verification.services.looking_up import Finder
from cairn.verification.services.seats import seat

KEPT_FOR = timedelta(hours=1)
NEITHER = gettext_noop("This is neither a link nor a reference.")
#: How long one step works before it answers, in seconds.
STEP = 2.5
#: How long one step may be away before another takes over: longer than any single file takes.
AWAY = timedelta(seconds=30)


@transaction.atomic
def start_list(presented: Sequence[Presented], *, at: datetime) -> str:
    """Store a list, sealed, and return the key that opens it; it is told this once. Four queries.

    Raises:
        NothingPresented, TooMuchPresented: the list holds nothing, or more than is checked in one go.
    """
    rules.require_list(
        [one.text for one in presented if one.data is None],
        [len(one.data) for one in presented if one.data is not None],
    )
    CheckedList.objects.filter(ends_at__lte=at).delete()
    key = new_key()
    row = CheckedList.objects.create(key_hash=keys.fingerprint(key), made_at=at, ends_at=at + KEPT_FOR)
    ListedItem.objects.bulk_create(
        ListedItem(
            checked_list=row,
            number=number,
            presented=keys.seal(key, queries.as_bytes(_as_stored(one)), place=f"presented:{number}"),
        )
        for number, one in enumerate(presented, start=1)
    )
    return key


def go_on(key: str, *, at: datetime, seconds: float = STEP) -> None:
    """Check what of a list is still to be checked, for a few seconds. Two queries, and two an item.

    A list shows what a stranger may see, whoever opens it: the answers are there for everybody who has its
    address, so a holder or a member of staff must not lend their rights to whoever wrote the list.

    No transaction is open while a file is checked. Whoever comes while somebody else works on the same list
    does nothing.

    Raises:
        ListGone: there is no such list, or its hour is over.
    """
    row = queries.get_row(key, at=at)
    mine = CheckedList.objects.filter(Q(busy_until__isnull=True) | Q(busy_until__lte=at), id=row.id)
    if not mine.update(busy_until=at + AWAY):
        return
    ends_at = time.monotonic() + seconds
    find = Finder(at=at)
    try:
        with seat(patience=0), Examiner() as examiner:
            for item in ListedItem.objects.filter(checked_list=row, answers__isnull=True).order_by("number"):
                answers = _answers(queries.unsealed(key, item), at, examiner, find)
                stored = [asdict(answer) for answer in answers]
                item.answers = keys.seal(key, queries.as_bytes(stored), place=f"answers:{item.number}")
                item.presented = b""
                item.save(update_fields=["answers", "presented"])
                if time.monotonic() >= ends_at:
                    break
    except TooBusy:
        # The page asks again in a moment; nothing of the list is lost.
        return
    finally:
        CheckedList.objects.filter(id=row.id).update(busy_until=None)


def _answers(presented: Presented, at: datetime, examiner: Examiner, find: Finder) -> tuple[Answer, ...]:
    try:
        if presented.data is not None:
            found: tuple[Examined, ...] = (
                checking.check_file(presented.data, name=presented.name, at=at, examiner=examiner, find=find),
            )
        else:
            found = checking.our_own(presented.text, by=NOBODY, at=at) or (
                checking.check_text(presented.text, at=at, examiner=examiner, find=find),
            )
    except Refusal as refusal:
        said = NEITHER if str(refusal) == checking.WANTED else str(refusal)
        return (rules.answer_of_refusal(said, source=presented.name or presented.text),)
    return tuple(one.answer for one in found)


def _as_stored(presented: Presented) -> dict[str, str | None]:
    data = None if presented.data is None else b64encode(presented.data).decode("ascii")
    return {"text": presented.text, "data": data, "name": presented.name}
