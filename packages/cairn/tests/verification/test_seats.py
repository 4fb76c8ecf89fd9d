# SPDX-License-Identifier: Apache-2.0
"""Checks of strangers' files leave room for every other page."""

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from django.test import Client

from cairn.verification import services
from cairn.verification.errors import TooBusy
from cairn.verification.models import ListedItem
from cairn.verification.services import seats

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def all_taken(monkeypatch: pytest.MonkeyPatch) -> object:
    """Let every seat be taken for the length of a test, and nobody wait long."""
    monkeypatch.setattr(seats, "PATIENCE", 0.0)
    with ExitStack() as held:
        for _ in range(seats.SEATS):
            held.enter_context(seats.seat(patience=0))
        yield


class TestSeat:
    def test_is_given_back_when_a_check_fails(self) -> None:
        for _ in range(seats.SEATS + 1):
            with pytest.raises(ZeroDivisionError), seats.seat(patience=0):
                raise ZeroDivisionError

    @pytest.mark.usefixtures("all_taken")
    def test_is_refused_with_words_when_none_comes_free(self) -> None:
        with pytest.raises(TooBusy, match="Many checks are running"):
            services.check_file(b"{}", name="badge.json", at=NOW)

    @pytest.mark.django_db
    @pytest.mark.usefixtures("all_taken")
    def test_leaves_the_form_with_its_answer_when_none_comes_free(self, client: Client) -> None:
        reply = client.post("/check", {"ref": '{"type": "a credential"}'})

        assert reply.status_code == 422
        assert "Try again in a minute" in reply.content.decode()
        assert "a credential" in reply.content.decode()

    @pytest.mark.django_db
    @pytest.mark.usefixtures("all_taken")
    def test_loses_nothing_of_a_list_when_none_comes_free(self, client: Client) -> None:
        started = client.post(
            "/check/list", {"lines": "https://fernhill.example/1\nhttps://fernhill.example/2"}
        )

        page = client.get(started["Location"])

        assert page.status_code == 200
        assert ListedItem.objects.filter(answers__isnull=True).exclude(presented=b"").count() == 2
