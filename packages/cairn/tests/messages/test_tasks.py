# SPDX-License-Identifier: Apache-2.0
"""Who is written to when something happens, what the letter says, and that it leaves once."""

import re
from datetime import timedelta
from uuid import uuid4

import cast
import pytest
from allauth.account.models import EmailAddress
from credentials.scenes import ISSUED_AT, issued
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from cairn.assessment.facts import WorkDecided
from cairn.credentials import services as issuing
from cairn.foundation import news
from cairn.foundation.models import Told
from cairn.messages import tasks
from cairn.people import services as accounts
from cairn.people.facts import NOBODY, Role
from cairn.wallet import queries as wallet
from cairn.wallet import services as holding
from cairn.wallet.facts import RemarkKind

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r"http://localhost:8000(/\S+)")


def delivered() -> list[EmailMultiAlternatives]:
    """Let everything that was told be heard, and return the letters that left."""
    mail.outbox.clear()
    while news.deliver_due(at=timezone.now() + timedelta(days=1)):
        pass
    assert not Told.objects.exclude(last_fault="").exists()
    return list(mail.outbox)  # type: ignore[arg-type]  # ours have two parts


def told_again() -> None:
    """Let all news be told a second time, as after a lost acknowledgement."""
    Told.objects.update(heard_at=None)


def path_in(letter: EmailMultiAlternatives) -> str:
    found = ADDRESS.search(letter.body)
    assert found is not None
    return found[1]


class TestAMovedAddress:
    def test_is_told_to_the_earlier_one_each_time(self) -> None:
        """Whoever sits down at an open session could otherwise take the account without a sound."""
        amara = cast.amara()
        first = EmailAddress.objects.create(
            user=amara.row, email=amara.row.email, verified=True, primary=True
        )
        second = EmailAddress.objects.create(user=amara.row, email="amara@home.example", verified=True)
        start = timezone.now()

        for hours, row in enumerate((second, first, second)):
            accounts.make_primary(row.pk, by=amara.actor, at=start + timedelta(hours=hours))
        letters = delivered()
        told_again()

        assert [letter.to for letter in letters] == [[first.email], [second.email], [first.email]]
        assert "Was it not you?" in letters[0].body
        assert "amara@home.example" not in letters[0].body
        assert path_in(letters[0]) == "/settings/"
        assert delivered() == []


class TestLinks:
    def test_sign_a_person_in_once(self, client: Client) -> None:
        cast.amara()
        accounts.ask_for_sign_in_link(email="amara.okafor@example.org", language="en", at=timezone.now())

        (letter,) = delivered()

        assert letter.to == ["amara.okafor@example.org"]
        assert letter.subject == "Your sign-in link"
        assert "The link works once, for 15 minutes." in letter.body
        assert client.get(path_in(letter)).status_code == 200

    def test_keep_working_when_the_news_is_heard_twice(self, client: Client) -> None:
        cast.amara()
        accounts.ask_for_sign_in_link(email="amara.okafor@example.org", language="en", at=timezone.now())
        (letter,) = delivered()

        told_again()

        assert delivered() == []
        assert client.get(path_in(letter)).status_code == 200

    def test_invite_by_name_and_role(self, client: Client) -> None:
        accounts.invite(
            cast.fernhill().id,
            email="noor@fernhill.example",
            roles=[Role.ASSESSOR, Role.ISSUER],
            by=cast.priya().actor,
            at=timezone.now(),
        )

        (letter,) = delivered()

        assert letter.subject == "Fernhill College invites you"
        assert letter.from_email.startswith("Fernhill College <")
        assert "Priya Nair invites you to work with Fernhill College" in letter.body
        assert "assessor, issuer" in letter.body
        assert client.get(path_in(letter)).status_code == 200

    def test_confirm_a_further_address(self, client: Client) -> None:
        accounts.add_address(email="amara@home.example", by=cast.amara().actor, at=timezone.now())

        (letter,) = delivered()

        assert letter.to == ["amara@home.example"]
        assert letter.subject == "Confirm your email address"
        assert "/confirm/" in path_in(letter)


class TestCredentials:
    def test_arrive_with_the_link_that_opens_them(self, client: Client) -> None:
        one = issued()

        (letter,) = delivered()

        assert letter.to == ["amara.okafor@example.org"]
        assert letter.subject == "You have earned Data Cleaning with Python"
        key = path_in(letter).removeprefix("/k/")
        assert wallet.get_claim(key, by=NOBODY)[1].ref == one.ref
        assert client.get(path_in(letter)).status_code == 200

    def test_bring_one_letter_and_one_key_however_often_it_is_told(self) -> None:
        issued()
        (letter,) = delivered()

        told_again()

        assert delivered() == []
        assert wallet.find_claim(path_in(letter).removeprefix("/k/")) is not None

    def test_are_not_announced_when_they_were_taken_back_before(self) -> None:
        one = issued()
        issuing.undo_issue(one.batch_id, by=cast.priya().actor, at=ISSUED_AT + timedelta(minutes=1))

        assert delivered() == []

    def test_are_taken_back_in_words_where_they_had_been_announced(self) -> None:
        one = issued()
        delivered()
        issuing.undo_issue(one.batch_id, by=cast.priya().actor, at=ISSUED_AT + timedelta(minutes=1))

        (letter,) = delivered()

        assert letter.subject == "Issued by mistake: Data Cleaning with Python"

    def test_are_withdrawn_with_the_reason(self) -> None:
        one = issued()
        delivered()
        issuing.withdraw(one.ref, reason="Awarded in error.", by=cast.priya().actor, at=ISSUED_AT)

        (letter,) = delivered()

        assert letter.subject == "Withdrawn: Data Cleaning with Python"
        assert "Awarded in error." in letter.body
        assert "Write to credentials@fernhill.example." in letter.body

    def test_are_held_and_reinstated_as_often_as_it_happens(self) -> None:
        one = issued()
        delivered()
        subjects = []
        for day in (1, 2):
            at = ISSUED_AT + timedelta(days=day)
            issuing.hold(one.ref, reason="We look into it.", by=cast.priya().actor, at=at)
            subjects += [letter.subject for letter in delivered()]
            issuing.reinstate(one.ref, by=cast.priya().actor, at=at + timedelta(hours=1))
            subjects += [letter.subject for letter in delivered()]
            told_again()
            assert delivered() == []

        assert (
            subjects
            == [
                "On hold: Data Cleaning with Python",
                "In force again: Data Cleaning with Python",
            ]
            * 2
        )

    def test_are_not_told_to_be_on_hold_when_they_no_longer_are(self) -> None:
        one = issued()
        delivered()
        issuing.hold(one.ref, reason="We look into it.", by=cast.priya().actor, at=ISSUED_AT)
        issuing.reinstate(one.ref, by=cast.priya().actor, at=ISSUED_AT + timedelta(hours=1))

        assert [letter.subject for letter in delivered()] == ["In force again: Data Cleaning with Python"]


class TestResults:
    @pytest.mark.parametrize(
        ("passed", "subject"),
        [(True, "You passed: Data Cleaning with Python"), (False, "Your result: Data Cleaning with Python")],
    )
    def test_reach_the_learner_without_the_marks(self, passed: bool, subject: str) -> None:
        achievement = cast.data_cleaning()
        heard = WorkDecided(
            submission_id=uuid4(),
            organization_id=achievement.organization_id,
            person_id=cast.amara().row.id,
            achievement_ref=achievement.ref,
            attempt=1,
            passed=passed,
        )
        for _ in range(2):
            tasks.tell_of_result(heard)

        (letter,) = mail.outbox
        assert letter.subject == subject
        assert path_in(letter) == f"/me/work/{achievement.ref}/1/"  # type: ignore[arg-type]


class TestRemarks:
    def remark(self) -> None:
        one = issued()
        delivered()
        key = holding.new_claim_key(one.ref, at=ISSUED_AT)
        holding.tell_issuer(
            key, RemarkKind.WRONG_NAME, right_name="Amara O’Kafor", words="Thank you", by=NOBODY, at=ISSUED_AT
        )

    def test_reach_the_address_of_the_organization(self) -> None:
        self.remark()

        (letter,) = delivered()

        assert letter.to == ["credentials@fernhill.example"]
        assert "It should say: Amara O’Kafor" in letter.body
        assert "Thank you" in letter.body

    def test_reach_each_administrator_alone_where_there_is_no_address(self) -> None:
        row = cast.fernhill()
        row.email = ""
        row.save()
        cast.wanda()
        cast.priya()
        self.remark()

        letters = delivered()

        assert all(len(letter.recipients()) == 1 for letter in letters)
        assert "priya.nair@fernhill.example" in [letter.to[0] for letter in letters]


class TestLanguages:
    def test_follow_the_reader(self) -> None:
        row = cast.amara().row
        row.language = "nl"
        row.save()
        issued()

        (letter,) = delivered()

        assert '<html lang="nl" dir="ltr">' in str(letter.alternatives[0][0])
