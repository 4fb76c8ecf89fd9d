# SPDX-License-Identifier: Apache-2.0
"""A newcomer reads the sign-in link without a mail server; nobody does in production."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from cairn.messages.models import Message


def message(html: str = "<html><head></head><body><a href='/k/x'>See it</a></body></html>") -> Message:
    return Message.objects.create(
        recipient="amara.okafor@example.org",
        sender="Cairn <no-reply@localhost>",
        subject="Your sign-in <link>",
        text="Open this:\nhttp://localhost:8000/sign-in/abc\n",
        html=html,
        kept_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    )


@pytest.mark.django_db
class TestOutbox:
    def test_is_read_without_signing_in(self, client: Client) -> None:
        row = message()

        listed = client.get("/outbox").content.decode()
        shown = client.get(f"/outbox/{row.id}").content.decode()

        assert "Your sign-in &lt;link&gt;" in listed
        assert '<a href="http://localhost:8000/sign-in/abc" rel="nofollow">' in shown
        assert f'src="/outbox/{row.id}/html"' in shown

    def test_shows_html_that_can_run_nothing(self, client: Client) -> None:
        reply = client.get(f"/outbox/{message().id}/html")

        assert reply["X-Frame-Options"] == "SAMEORIGIN"
        assert "script-src" not in reply["Content-Security-Policy"]
        assert "default-src 'none'" in reply["Content-Security-Policy"]
        assert "allow-scripts" not in reply["Content-Security-Policy"]
        assert b'<base target="_top">' in reply.content

    def test_says_what_to_do_when_nothing_was_sent(self, client: Client) -> None:
        assert "Nothing here yet" in client.get("/outbox").content.decode()

    @pytest.mark.parametrize("path", ["/outbox", "/outbox/{}", "/outbox/{}/html"])
    def test_is_not_there_in_production(self, client: Client, settings: object, path: str) -> None:
        settings.CAIRN_DEVELOPMENT = False  # type: ignore[attr-defined]

        assert client.get(path.format(message().id)).status_code == 404

    def test_answers_an_unknown_message_with_404(self, client: Client) -> None:
        assert client.get(f"/outbox/{uuid4()}").status_code == 404
