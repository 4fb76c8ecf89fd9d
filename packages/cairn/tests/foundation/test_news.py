# SPDX-License-Identifier: Apache-2.0
"""News is stored with the data, heard at least once, and survives a listener that fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from cairn.foundation import news
from cairn.foundation.models import Told

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class KilnFired:
    """News for these tests only."""

    kiln_id: UUID
    fired_at: datetime
    cone: str
    pots: tuple[UUID, ...] = ()
    note: str | None = None


heard: list[KilnFired] = []
faults: list[str] = []


def listen(fired: KilnFired) -> None:
    """Remember what was heard, or fail as often as `faults` says."""
    if faults:
        raise RuntimeError(faults.pop())
    heard.append(fired)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    heard.clear()
    faults.clear()
    news.subscribe(KilnFired, listen)
    yield
    news._listeners.pop(news._topic(KilnFired))


def fired() -> KilnFired:
    return KilnFired(kiln_id=uuid4(), fired_at=NOW, cone="04", pots=(uuid4(), uuid4()))


@pytest.mark.django_db(transaction=True)
class TestTell:
    def test_reaches_the_listener_after_the_commit_as_it_was_told(self) -> None:
        told = fired()

        with transaction.atomic():
            news.tell(told)
            assert heard == []

        assert heard == [told]

    def test_is_undone_with_the_data(self) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            news.tell(fired())
            raise ZeroDivisionError

        assert heard == []
        assert not Told.objects.exists()

    def test_tells_a_listener_that_subscribed_twice_once(self) -> None:
        news.subscribe(KilnFired, listen)

        news.tell(fired())

        assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
class TestDeliverDue:
    def test_tries_again_later_when_a_listener_fails(self) -> None:
        faults.append("the mail server is away")
        news.tell(fired())
        assert heard == []
        row = Told.objects.get()
        assert (row.attempts, row.last_fault, row.heard_at) == (1, "RuntimeError", None)

        assert news.deliver_due(at=row.due_at - timedelta(seconds=1)) == 0
        assert news.deliver_due(at=row.due_at) == 1

        assert len(heard) == 1
        assert news.deliver_due(at=row.due_at + timedelta(days=1)) == 0

    def test_never_lets_a_failing_listener_undo_the_teller(self) -> None:
        faults.append("boom")

        with transaction.atomic():
            news.tell(fired())

        assert Told.objects.count() == 1

    def test_closes_news_for_a_listener_that_no_longer_exists(self) -> None:
        faults.append("boom")
        news.tell(fired())
        Told.objects.update(listener="cairn.gone.listener")

        news.deliver_due(at=NOW + timedelta(days=400))

        assert Told.objects.get().last_fault == "no such listener"
