# SPDX-License-Identifier: Apache-2.0
"""Letters leave once, to one person, in that person's language."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage, get_connection

from cairn.messages import queries, services
from cairn.messages.errors import NotOneAddress
from cairn.messages.facts import Letter
from cairn.messages.models import Message, Posting

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
URL = "http://localhost:8000/k/nQ8vZk"


def letter() -> Letter:
    return Letter(
        subject="You have earned Data Cleaning with Python",
        greeting="Dear Amara <Okafor>,",
        paragraphs=("Fernhill College & you.",),
        button="See it and keep it",
        url=URL,
        sender="Fernhill College",
    )


def send(
    to: str = "amara.okafor@example.org", key: str = "credential-issued/1", language: str = "en"
) -> bool:
    return services.send(letter, to=to, language=language, key=key, at=NOW)


@pytest.mark.django_db
class TestSend:
    def test_says_the_same_in_html_and_in_text(self) -> None:
        send()

        (sent,) = mail.outbox
        (html, _kind) = sent.alternatives[0]
        assert sent.to == ["amara.okafor@example.org"]
        assert sent.subject == "You have earned Data Cleaning with Python"
        assert sent.from_email == "Fernhill College <no-reply@localhost>"
        assert URL in sent.body
        assert f'href="{URL}"' in html
        assert "Dear Amara <Okafor>," in sent.body
        assert "Dear Amara &lt;Okafor&gt;," in html
        assert '<html lang="en" dir="ltr">' in html
        assert "<img" not in html
        assert "<table" not in html

    def test_writes_no_second_letter_for_the_same_news(self) -> None:
        assert send()

        assert not send()
        assert len(mail.outbox) == 1

    def test_writes_in_the_language_of_the_reader(self) -> None:
        send(language="nl")

        assert '<html lang="nl" dir="ltr">' in mail.outbox[0].alternatives[0][0]

    def test_falls_back_to_a_language_it_speaks(self) -> None:
        send(language="tlh")

        assert '<html lang="en" dir="ltr">' in mail.outbox[0].alternatives[0][0]

    @pytest.mark.parametrize("to", ["a@x.example, b@x.example", "a@x.example\nBcc: b@x.example"])
    def test_refuses_more_than_one_recipient(self, to: str) -> None:
        with pytest.raises(NotOneAddress):
            send(to=to)

        assert not mail.outbox
        assert not Posting.objects.exists()

    def test_cannot_be_made_to_write_a_header(self) -> None:
        services.send(
            lambda: Letter(subject="Data\r\nBcc: b@x.example", sender="Fern\r\nBcc: b@x.example"),
            to="a@x.example",
            language="en",
            key="k",
            at=NOW,
        )

        head = mail.outbox[0].message()
        assert head["Bcc"] is None
        assert head["Subject"] == "Data Bcc: b@x.example"
        assert mail.outbox[0].recipients() == ["a@x.example"]

    def test_leaves_no_mark_when_the_server_refuses(self, settings: object) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]

        with pytest.raises(OSError, match="refused"):
            send()

        assert not Posting.objects.exists()


@pytest.mark.django_db
class TestOutboxBackend:
    def kept_by(self, message: EmailMessage) -> None:
        message.connection = get_connection("cairn.messages.outbox.OutboxBackend")
        message.send()

    def test_keeps_what_would_have_been_sent(self, settings: object) -> None:
        settings.EMAIL_BACKEND = "cairn.messages.outbox.OutboxBackend"  # type: ignore[attr-defined]

        send()

        (kept,) = queries.kept()
        assert kept.recipient == "amara.okafor@example.org"
        assert URL in kept.text
        assert URL in kept.html
        assert queries.get_kept(kept.id) == kept

    def test_refuses_a_header_with_a_line_break(self) -> None:
        with pytest.raises(BadHeaderError):
            self.kept_by(EmailMessage("Data\nBcc: b@x.example", "", "a@x.example", ["a@x.example"]))

        assert not Message.objects.exists()

    def test_shows_the_newest_first_and_one_persons_only(self) -> None:
        for to in ("amara@x.example", "lukas@x.example"):
            self.kept_by(EmailMessage(f"For {to}", "", "c@x.example", [to]))

        assert [kept.recipient for kept in queries.kept()] == ["lukas@x.example", "amara@x.example"]
        assert [kept.subject for kept in queries.kept(recipient="AMARA@x.example")] == ["For amara@x.example"]
