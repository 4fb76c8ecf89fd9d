# SPDX-License-Identifier: Apache-2.0
"""A fresh site holds what the welcome promises: every person of the cast, and something on every desk."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import resolve

from cairn.assessment import queries as assessment
from cairn.credentials import queries as credentials
from cairn.people import queries as people
from cairn.people.facts import Actor, Role
from cairn.people.models import Membership, Person
from cairn.site import seeding, welcome

SITE = "http://localhost:8123"


@pytest.fixture
def _filled(db: None) -> None:
    """Fill the empty site, as `./cairn up` does on its first run."""
    cache.clear()
    assert seeding.is_empty()
    seeding.fill()


def actor(email: str) -> Actor:
    """Return one of the cast."""
    return people.actor_of(Person.objects.get(email=email))


class TestWelcome:
    def test_names_everybody_and_what_they_do(self) -> None:
        text = welcome.text(SITE)

        for email, does in welcome.CAST:
            assert re.search(rf"^    {re.escape(email)} +{re.escape(does)}$", text, flags=re.MULTILINE)

    def test_fits_a_terminal(self) -> None:
        assert max(map(len, welcome.text(SITE).splitlines())) <= 100

    def test_names_nobody_of_the_demo_where_there_is_none(self) -> None:
        real = welcome.text(SITE, has_demo=False, has_outbox=False, kept="Everything lives in var/.")

        assert re.findall(rf"{SITE}(/\S*)", real) == ["/check"]
        assert "fernhill" not in real
        assert "./cairn found" not in real
        assert "./cairn found" in welcome.text(SITE, has_demo=False, is_empty=True)
        assert real.endswith("Stop with Ctrl-C. Everything lives in var/.\n")

    def test_leads_to_pages_that_exist(self) -> None:
        addresses = re.findall(rf"{SITE}(/\S*)", welcome.text(SITE))

        assert addresses == ["/check", "/o/fernhill", "/outbox", "/sign-in"]
        for address in addresses:
            resolve(address)


@pytest.mark.usefixtures("_filled")
class TestFilledSite:
    def test_is_empty_no_more(self) -> None:
        assert not seeding.is_empty()

    @pytest.mark.parametrize("email", [email for email, _ in welcome.CAST])
    def test_signs_in_everybody_that_the_welcome_names(
        self, email: str, client: Client, settings: object, django_capture_on_commit_callbacks: Any
    ) -> None:
        settings.EMAIL_BACKEND = "cairn.messages.outbox.OutboxBackend"  # type: ignore[attr-defined]  # pytest-django's

        with django_capture_on_commit_callbacks(execute=True):
            client.post("/sign-in", {"email": email})
        letters = client.get("/outbox", {"to": email}).content.decode()
        newest = re.findall(r"/outbox/[0-9a-f-]{36}", letters)[0]
        link = re.search(r"/sign-in/[\w-]+", unescape(client.get(newest).content.decode()))
        assert link
        entered = client.post(link[0], follow=True)

        assert entered.status_code == 200
        assert client.session["_auth_user_id"] == str(Person.objects.get(email=email).pk)

    def test_gives_each_the_roles_that_the_welcome_says(self) -> None:
        held: dict[str, set[str]] = {}
        for row in Membership.objects.select_related("person"):
            held.setdefault(row.person.email, set()).add(row.role)

        assert held == {
            "priya.nair@fernhill.example": {Role.ADMIN, Role.EDITOR, Role.ISSUER},
            "tomas.reyes@fernhill.example": {Role.ASSESSOR},
            "ingrid.solberg@fernhill.example": {Role.ASSESSOR},
            "amara.okafor@example.org": {Role.LEARNER},
            "lukas.brandt@example.org": {Role.LEARNER},
        }
        assert held.keys() == {email for email, _ in welcome.CAST}

    def test_has_a_credential_for_amara_and_none_for_lukas(self) -> None:
        amara, lukas = (actor(f"{name}@example.org") for name in ("amara.okafor", "lukas.brandt"))
        (issued,) = credentials.held_by(amara.person_id)

        assert issued.achievement_name == "Data Cleaning with Python"
        assert credentials.held_by(lukas.person_id) == ()

    def test_has_work_of_lukas_waiting_for_both_assessors(self) -> None:
        for name in ("tomas.reyes", "ingrid.solberg"):
            assert assessment.queue_of(actor(f"{name}@fernhill.example")).waiting_count == 1

    def test_shows_the_institution_to_anyone(self, client: Client) -> None:
        page = client.get("/o/fernhill", follow=True)

        assert page.status_code == 200
        assert "Fernhill College" in page.content.decode()
        assert "Data Cleaning with Python" in page.content.decode()
