# SPDX-License-Identifier: Apache-2.0
"""Signing in, settling an account and managing people, as a browser without JavaScript does it."""

import re
import statistics
import time
from datetime import timedelta
from typing import Any

import cast
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cairn.people import queries, services
from cairn.people.facts import KeyPurpose
from cairn.people.models import Invitation, MailedKey, Membership, Organization, Person

pytestmark = pytest.mark.django_db

PASSWORD = "seven grey otters sing"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    " https://evil.example",
    "http://testserver@evil.example/",
    "data:text/html,hello",
]


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    """Forget the tries that earlier tests counted."""
    cache.clear()


def key_for(email: str, purpose: KeyPurpose = KeyPurpose.SIGN_IN) -> str:
    """Write the newest message to an address, and return the key in it."""
    row = MailedKey.objects.filter(email=email, purpose=purpose).latest("asked_at")
    fresh = services.fresh_key(row.id, at=timezone.now())
    assert fresh is not None
    return fresh.key


def browser(player: cast.Player) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(player.row)
    return client


def words(reply: Any) -> str:
    """Return the text of a page without CSRF tokens."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", str(reply.content, "utf-8"))


class TestSignInByLink:
    def test_goes_from_the_address_to_the_desk(self, client: Client) -> None:
        priya = cast.priya()
        asked = client.post("/sign-in", {"email": " Priya.Nair@Fernhill.example "})
        assert asked["Location"] == "/sign-in/sent"
        address = f"/sign-in/{key_for(priya.row.email)}"

        looked = client.get(address)
        assert "Sign in as" in words(looked)
        assert "_auth_user_id" not in client.session
        entered = client.post(address)

        assert entered["Location"] == "/staff/fernhill/"
        assert client.session["_auth_user_id"] == str(priya.row.id)

    def test_answers_known_and_unknown_addresses_alike(self) -> None:
        cast.amara()
        replies = [
            Client().post("/sign-in", {"email": email})
            for email in ("amara.okafor@example.org", "nobody@example.org")
        ]

        assert replies[0].status_code == replies[1].status_code == 302
        assert dict(replies[0].items()) == dict(replies[1].items())
        assert replies[0].content == replies[1].content

    @pytest.mark.slow
    def test_takes_known_and_unknown_addresses_the_same_time(self) -> None:
        for number in range(40):
            cast.person(f"Learner {number}", f"known{number}@example.org")
        spent: dict[str, list[float]] = {"known": [], "unknown": []}
        for number in range(40):
            for kind, times in spent.items():
                client = Client(REMOTE_ADDR=f"10.0.{number}.{len(kind)}")
                began = time.perf_counter()
                client.post("/sign-in", {"email": f"{kind}{number}@example.org"})
                times.append(time.perf_counter() - began)

        ratio = statistics.median(spent["known"]) / statistics.median(spent["unknown"])

        assert 0.8 < ratio < 1.25

    def test_welcomes_somebody_new(self, client: Client) -> None:
        client.post("/sign-in", {"email": "olu.bankole@example.org"})
        address = f"/sign-in/{key_for('olu.bankole@example.org')}"

        nameless = client.post(address, {"name": "  "})
        entered = client.post(address, {"name": "Olu Bankole"})

        assert nameless.status_code == 422
        assert entered["Location"] == "/me/"
        assert Person.objects.get(email="olu.bankole@example.org").name == "Olu Bankole"

    def test_says_that_a_link_was_used(self, client: Client) -> None:
        cast.amara()
        client.post("/sign-in", {"email": "amara.okafor@example.org"})
        address = f"/sign-in/{key_for('amara.okafor@example.org')}"
        client.post(address)

        for again in (Client().get(address), Client().post(address)):
            assert again.status_code == 410
            assert "This link has been used" in words(again)

    def test_says_that_a_link_has_run_out(self, client: Client) -> None:
        cast.amara()
        client.post("/sign-in", {"email": "amara.okafor@example.org"})
        address = f"/sign-in/{key_for('amara.okafor@example.org')}"
        MailedKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        late = client.get(address)

        assert late.status_code == 410
        assert "This link has run out" in words(late)

    def test_changes_the_session_key(self, client: Client) -> None:
        cast.amara()
        client.get("/sign-in")
        session = client.session
        session["seen"] = "before"
        session.save()
        client.cookies["sessionid"] = session.session_key or ""
        before = session.session_key
        client.post("/sign-in", {"email": "amara.okafor@example.org"})

        client.post(f"/sign-in/{key_for('amara.okafor@example.org')}")

        assert client.session.session_key != before
        assert Client(headers={"cookie": f"sessionid={before}"}).get("/settings/").status_code == 302

    def test_leads_on_to_the_page_that_was_wanted(self, client: Client) -> None:
        cast.amara()
        wanted = client.get("/settings/")
        assert wanted["Location"] == "/sign-in?next=/settings/"
        assert 'name="next" value="/settings/"' in words(client.get(wanted["Location"]))
        client.post("/sign-in", {"email": "amara.okafor@example.org", "next": "/settings/"})

        entered = client.post(f"/sign-in/{key_for('amara.okafor@example.org')}")

        assert entered["Location"] == "/settings/"

    @pytest.mark.parametrize("url", ELSEWHERE)
    def test_never_leads_to_another_site(self, client: Client, url: str) -> None:
        amara = cast.amara().row
        amara.set_password(PASSWORD)
        amara.save()
        client.post("/sign-in", {"email": amara.email, "next": url})

        by_link = client.post(f"/sign-in/{key_for(amara.email)}")
        by_password = Client().post(
            "/sign-in/password", {"email": amara.email, "password": PASSWORD, "next": url}
        )
        switched = Client().post("/language", {"language": "nl", "next": url})

        assert by_link["Location"] == by_password["Location"] == "/me/"
        assert switched["Location"] == "/"

    def test_stops_a_flood(self, client: Client) -> None:
        for _time in range(5):
            client.post("/sign-in", {"email": "amara.okafor@example.org"})

        flooded = client.post("/sign-in", {"email": "amara.okafor@example.org"})

        assert flooded.status_code == 429
        assert "wait 15 minutes" in words(flooded)
        assert 'value="amara.okafor@example.org"' in words(flooded)

    def test_warns_somebody_who_is_signed_in_as_somebody_else(self) -> None:
        cast.amara()
        services.ask_for_sign_in_link(email="amara.okafor@example.org", language="en", at=timezone.now())

        page = browser(cast.priya()).get(f"/sign-in/{key_for('amara.okafor@example.org')}")

        assert "You are signed in as" in words(page)


class TestSignInByPassword:
    @pytest.fixture(autouse=True)
    def _passwords(self) -> None:
        amara = cast.amara().row
        amara.set_password(PASSWORD)
        amara.save()

    def test_opens_a_session(self, client: Client) -> None:
        entered = client.post(
            "/sign-in/password", {"email": "AMARA.okafor@example.org", "password": PASSWORD}
        )

        assert entered["Location"] == "/me/"
        assert client.get("/settings/").status_code == 200

    def test_does_not_tell_which_of_the_two_is_wrong(self) -> None:
        cast.tomas()  # has no password at all
        pages = []
        for email in ("amara.okafor@example.org", "tomas.reyes@fernhill.example", "nobody@example.org"):
            reply = Client().post("/sign-in/password", {"email": email, "password": "not this one, sorry"})
            assert reply.status_code == 422
            pages.append(words(reply).replace(email, "(email)"))

        assert pages[0] == pages[1] == pages[2]
        assert "not this one" not in pages[0]

    def test_stops_guessing_and_then_refuses_the_right_one_too(self, client: Client) -> None:
        for _try in range(5):
            client.post("/sign-in/password", {"email": "amara.okafor@example.org", "password": "a guess"})

        stopped = client.post(
            "/sign-in/password", {"email": "amara.okafor@example.org", "password": PASSWORD}
        )

        assert stopped.status_code == 429
        assert "_auth_user_id" not in client.session

    def test_never_opens_a_closed_account(self, client: Client) -> None:
        Person.objects.update(is_active=False)

        refused = client.post(
            "/sign-in/password", {"email": "amara.okafor@example.org", "password": PASSWORD}
        )

        assert refused.status_code == 403
        assert "_auth_user_id" not in client.session


class TestSessions:
    def test_end_everywhere_at_once(self) -> None:
        phone, library = browser(cast.amara()), browser(cast.amara())

        phone.post("/settings/sign-out-everywhere")

        assert phone.get("/settings/").status_code == library.get("/settings/").status_code == 302

    def test_end_elsewhere_with_a_new_password(self) -> None:
        here, elsewhere = browser(cast.amara()), browser(cast.amara())
        before = here.session.session_key

        here.post("/settings/password", {"password": PASSWORD})

        assert here.get("/settings/").status_code == 200
        assert here.session.session_key != before
        assert elsewhere.get("/settings/").status_code == 302

    def test_end_by_post_alone(self) -> None:
        here = browser(cast.amara())

        assert here.get("/sign-out").status_code == 405
        here.post("/sign-out")

        assert here.get("/settings/").status_code == 302

    def test_are_never_kept_by_a_cache(self) -> None:
        for address in ("/settings/", "/staff/fernhill/people/", "/sign-in"):
            assert browser(cast.wanda()).get(address)["Cache-Control"] == "private, no-store"


class TestSettings:
    def test_keep_what_was_typed_when_something_is_wrong(self) -> None:
        reply = browser(cast.amara()).post("/settings/", {"name": "x" * 301, "language": "nl"})

        assert reply.status_code == 422
        assert "x" * 301 in words(reply)
        assert "301 characters" in words(reply)

    def test_change_name_and_language(self) -> None:
        here = browser(cast.amara())

        reply = here.post("/settings/", {"name": "أمارا أوكافور", "language": "nl"})

        assert reply.cookies["django_language"].value == "nl"
        person = queries.find_person("amara.okafor@example.org")
        assert person is not None
        assert (person.name, person.language) == ("أمارا أوكافور", "nl")

    def test_refuse_a_weak_password(self) -> None:
        for weak in ("otters", "amara.okafor@example.org"):
            reply = browser(cast.amara()).post("/settings/password", {"password": weak})

            assert reply.status_code == 422, weak
            assert f'value="{weak}"' not in words(reply)

    def test_confirm_an_added_address_by_its_link(self, client: Client) -> None:
        browser(cast.amara()).post("/settings/addresses/add", {"email": "amara@home.example"})
        address = f"/confirm/{key_for('amara@home.example', KeyPurpose.CONFIRM_ADDRESS)}"

        looked = client.get(address)
        assert "Amara Okafor" in words(looked)
        client.post(address)

        assert queries.find_person("amara@home.example") is not None
        assert "_auth_user_id" not in client.session

    def test_do_not_tell_that_an_address_is_somebody_elses(self) -> None:
        cast.sven()
        replies = [
            browser(cast.amara()).post("/settings/addresses/add", {"email": email})
            for email in ("sven.dekker@north-quay.example", "nobody@example.org")
        ]

        assert replies[0].status_code == replies[1].status_code == 302
        taken = Client().post(
            f"/confirm/{key_for('sven.dekker@north-quay.example', KeyPurpose.CONFIRM_ADDRESS)}"
        )
        assert taken.status_code == 422
        assert "Another account uses this address" in words(taken)


class TestDesk:
    def test_is_the_most_responsible_one_until_another_is_chosen(self) -> None:
        here = browser(cast.priya())
        assert "Programmes" in words(here.get("/settings/"))

        switched = here.post("/desk", {"desk": "learner"})

        assert switched["Location"] == "/me/"
        assert "My work" in words(here.get("/settings/"))

    def test_of_somebody_else_cannot_be_taken(self) -> None:
        for desk in ("staff:north-quay", "staff:fernhill", "assessor", ""):
            assert browser(cast.amara()).post("/desk", {"desk": desk}).status_code == 403


class TestLanguage:
    def test_stays_for_the_next_visit(self, client: Client) -> None:
        client.post("/language", {"language": "nl", "next": "/help"})

        assert '<html lang="nl"' in words(client.get("/sign-in"))

    def test_of_nobody_is_passed_over(self, client: Client) -> None:
        assert "django_language" not in client.post("/language", {"language": "xx"}).cookies


class TestPeoplePage:
    def test_shows_an_administrator_what_can_be_done(self) -> None:
        for player in (cast.amara, cast.tomas):
            player()

        page = words(browser(cast.wanda()).get("/staff/fernhill/people/"))

        assert "Invite somebody" in page
        assert "Amara Okafor" in page
        assert "Sven Dekker" not in page

    def test_shows_an_issuer_the_people_alone(self) -> None:
        cast.amara()

        page = words(browser(cast.mei_ling()).get("/staff/fernhill/people/"))

        assert "Amara Okafor" in page
        assert "Invite somebody" not in page

    def test_survives_any_page_number(self) -> None:
        for number in ("0", "-1", "x", "9" * 30, "٣"):
            assert browser(cast.wanda()).get("/staff/fernhill/people/", {"page": number}).status_code == 200

    def test_keeps_the_last_administrator(self) -> None:
        wanda = cast.wanda()

        reply = browser(wanda).post(f"/staff/fernhill/people/{wanda.row.id}/", {"roles": ["editor"]})

        assert reply.status_code == 422
        assert "last administrator" in words(reply)


class TestInvitation:
    def test_goes_from_the_form_to_the_desk(self, client: Client) -> None:
        sent = browser(cast.wanda()).post(
            "/staff/fernhill/people/invite", {"email": "olu.bankole@example.org", "roles": ["assessor"]}
        )
        assert sent.status_code == 302
        address = f"/invitation/{key_for('olu.bankole@example.org', KeyPurpose.INVITATION)}"

        looked = client.get(address)
        assert "Fernhill College" in words(looked)
        assert "Assessor" in words(looked)
        entered = client.post(address, {"name": "Olu Bankole"})

        assert entered["Location"] == "/mark/"
        assert Client().get(address).status_code == 410

    def test_gives_nothing_to_whoever_happens_to_be_signed_in(self) -> None:
        browser(cast.wanda()).post(
            "/staff/fernhill/people/invite", {"email": "olu.bankole@example.org", "roles": ["admin"]}
        )
        sven = browser(cast.sven())

        sven.post(
            f"/invitation/{key_for('olu.bankole@example.org', KeyPurpose.INVITATION)}",
            {"name": "Olu Bankole"},
        )

        assert not Membership.objects.filter(person=cast.sven().row, organization=cast.fernhill()).exists()

    def test_keeps_the_answers_when_something_is_wrong(self) -> None:
        reply = browser(cast.wanda()).post(
            "/staff/fernhill/people/invite", {"email": "olu", "roles": ["issuer"]}
        )

        assert reply.status_code == 422
        assert 'value="olu"' in words(reply)
        assert re.search(r'value="issuer"[^>]*checked', words(reply))
        assert not Invitation.objects.exists()


class TestOrganizationSettings:
    FIELDS = {
        "name": "Fernhill College",
        "country": "GB",
        "description": "",
        "url": "",
        "email": "",
        "quality_assurance": "",
        "hue": "186",
    }

    def test_change_the_colour_and_with_it_the_address_of_the_theme(self) -> None:
        wanda = browser(cast.wanda())
        before = re.findall(r"/theme/fernhill\.\w+\.css", words(wanda.get("/staff/fernhill/settings/")))[0]

        wanda.post("/staff/fernhill/settings/", self.FIELDS)

        after = re.findall(r"/theme/fernhill\.\w+\.css", words(wanda.get("/staff/fernhill/settings/")))[0]
        assert after != before
        assert wanda.get(after).content == b":root{--brand-h:186}\n"
        assert "immutable" in wanda.get(after)["Cache-Control"]
        assert wanda.get(before)["Location"] == after

    def test_change_nothing_that_the_form_does_not_name(self) -> None:
        before = cast.fernhill()

        browser(cast.wanda()).post(
            "/staff/fernhill/settings/",
            {**self.FIELDS, "slug": "taken-over", "id": "0", "created_at": "2001-01-01", "is_superuser": "1"},
        )

        after = Organization.objects.get(slug="fernhill")
        assert (after.id, after.created_at) == (before.id, before.created_at)
        assert not Person.objects.filter(is_superuser=True).exists()

    @pytest.mark.parametrize(
        ("field", "bad"),
        [("hue", "999"), ("hue", "red"), ("country", "ZZ"), ("url", "javascript:1"), ("name", "")],
    )
    def test_refuse_what_cannot_be(self, field: str, bad: str) -> None:
        reply = browser(cast.wanda()).post("/staff/fernhill/settings/", {**self.FIELDS, field: bad})

        assert reply.status_code == 422

    def test_offer_a_swatch_for_every_hue(self) -> None:
        page = words(browser(cast.wanda()).get("/staff/fernhill/settings/"))

        assert len(re.findall(r'type="radio" name="hue"', page)) == 30
