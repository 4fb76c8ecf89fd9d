# SPDX-License-Identifier: Apache-2.0
"""A learner takes what they earned, shows it, and stops showing it; a stranger sees what was chosen."""

import io
import json
import re
import zipfile
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import cast
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from cairn.credentials import queries as credentials
from cairn.foundation import news
from cairn.foundation.models import Told
from cairn.wallet import queries, services
from cairn.wallet.facts import NewShare, RemarkMade, Share
from wallet.scenes import NOTEBOOK, issued, kept

pytestmark = pytest.mark.django_db


def text(reply: HttpResponse) -> str:
    """Return what a page says, without its markup and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", reply.content.decode()).split())


def mailed_key(ref: str) -> str:
    return services.new_claim_key(ref, at=timezone.now())


def shared(*refs: str, **changes: object) -> Share:
    asked = NewShare(refs=refs, name="Acme", **changes)  # type: ignore[arg-type]
    return services.share(asked, by=cast.amara().actor, at=timezone.now())


def path_of(share: Share) -> str:
    return urlsplit(share.url).path


@pytest.fixture
def amara(client: Client) -> Client:
    """Return a browser in which Amara is signed in."""
    client.force_login(cast.amara().row)
    return client


class TestClaim:
    def test_takes_two_steps(self, client: Client) -> None:
        one = issued()
        path = f"/k/{mailed_key(one.ref)}"

        opened = client.get(path)
        kept_it = client.post(f"{path}/keep", follow=True)

        assert "Well done, Amara Okafor" in text(opened)
        assert "Took 41,000 rows" in text(opened)
        assert "It is yours" in text(kept_it)
        assert client.get("/me/").status_code == 200
        assert credentials.issued_by_ref(one.ref).kept_at is not None

    def test_changes_nothing_by_being_opened(self, client: Client) -> None:
        one = issued()
        path = f"/k/{mailed_key(one.ref)}"
        for _ in range(3):
            client.get(path)
            client.head(path)

        assert client.get(f"{path}/keep").status_code == 405
        assert credentials.issued_by_ref(one.ref).kept_at is None
        assert client.get("/me/").status_code == 302

    def test_says_in_clear_words_that_the_link_was_used(self, client: Client) -> None:
        one = issued()
        path = f"/k/{mailed_key(one.ref)}"
        client.post(f"{path}/keep")

        stranger = Client()
        reply = stranger.get(path)

        assert reply.status_code == 410
        assert "This link has been used" in text(reply)
        assert "Took 41,000 rows" not in text(reply)
        assert f"/sign-in?next=%2Fme%2Fcredentials%2F{one.ref}%2F" in reply.content.decode()
        assert stranger.post(f"{path}/keep").status_code == 410

    def test_asks_whoever_has_a_password_to_sign_in(self, client: Client) -> None:
        one = issued()
        row = cast.amara().row
        row.set_password("a long enough password")
        row.save()
        path = f"/k/{mailed_key(one.ref)}"

        reply = client.post(f"{path}/keep")

        assert reply.status_code == 403
        assert "Sign in to keep it" in text(reply)
        assert f"next=%2Fk%2F{path[3:]}" in reply.content.decode()

    def test_gives_nothing_to_somebody_else_who_is_signed_in(self, client: Client) -> None:
        client.force_login(cast.lukas().row)
        path = f"/k/{mailed_key(issued().ref)}"

        reply = client.post(f"{path}/keep")

        assert reply.status_code == 403
        assert "You are signed in as somebody else" in text(reply)

    def test_looks_the_same_for_every_unknown_key(self, client: Client) -> None:
        for path in ("/k/nQ8vZk", "/k/nQ8vZk/name", "/k/nQ8vZk/not-mine"):
            assert client.get(path).status_code == 404

    def test_tells_the_issuer_of_a_wrong_name(
        self, client: Client, django_capture_on_commit_callbacks: object
    ) -> None:
        path = f"/k/{mailed_key(issued().ref)}/name"

        empty = client.post(path, {"right_name": "", "words": "It has an apostrophe"})
        told = client.post(path, {"right_name": "Amara O’Kafor", "words": "It has an apostrophe"})

        assert empty.status_code == 422
        assert "Enter your name as it should stand on the credential." in text(empty)
        assert "It has an apostrophe" in text(empty)
        assert "Fernhill College has been told" in text(told)
        assert Told.objects.filter(topic=news._topic(RemarkMade)).count() == 1

    def test_takes_the_word_of_whom_it_reached_by_mistake(self, client: Client) -> None:
        path = f"/k/{mailed_key(issued().ref)}/not-mine"

        reply = client.post(path, {"words": ""})

        assert "Fernhill College has been told" in text(reply)


class TestMyCredentials:
    def test_say_what_to_expect_when_there_are_none(self, amara: Client) -> None:
        assert "Nothing here yet When someone gives you a credential" in text(amara.get("/me/"))

    def test_show_what_waits_and_what_is_kept(self, amara: Client) -> None:
        kept()
        waiting = issued()

        page = text(amara.get("/me/"))
        amara.post(f"/me/credentials/{waiting.ref}/keep")

        assert "Waiting for you" in page
        assert "Only you" in page
        assert "Waiting for you" not in text(amara.get("/me/"))

    def test_are_only_mine(self, amara: Client) -> None:
        theirs = issued(person_id=cast.lukas().row.id)

        for path in ("", "linkedin", "public"):
            assert amara.get(f"/me/credentials/{theirs.ref}/{path}").status_code == 404
        assert amara.post(f"/me/credentials/{theirs.ref}/keep").status_code == 404

    def test_can_be_taken_along_as_signed(self, amara: Client) -> None:
        one = kept()

        archive = zipfile.ZipFile(io.BytesIO(amara.get("/me/download").content))

        assert [name.split("/")[1] for name in archive.namelist()] == [
            "credential.json", "credential.jwt", "badge.png",
        ]  # fmt: skip
        assert archive.read(archive.namelist()[0]) == credentials.document(one.ref, format="json")

    def test_open_their_page_as_the_learner_chooses(self, amara: Client) -> None:
        one = kept()
        stranger = Client()
        page = f"/me/credentials/{one.ref}/public"
        assert stranger.get(f"/c/{one.ref}").status_code == 404

        amara.post(page, {"visibility": "link", "shows_marks": "on"})
        seen = text(stranger.get(f"/c/{one.ref}"))
        amara.post(page, {"visibility": "private"})

        assert "clock fault" in seen
        assert "Cleaning notebook" not in seen
        assert stranger.get(f"/c/{one.ref}").status_code == 404
        assert amara.post(page, {"visibility": "everyone"}).status_code == 422


class TestShare:
    def test_is_made_in_one_form(self, amara: Client) -> None:
        one = kept()
        form = text(amara.get(f"/me/sharing/new?credential={one.ref}"))

        reply = amara.post(
            "/me/sharing/new",
            {"refs": [one.ref], "shows_marks": "on", "name": "Acme", "ends_on": ""},
            follow=True,
        )

        assert "You choose what shows" in form
        assert "Your link is ready" in text(reply)
        (made,) = queries.shares_of(by=cast.amara().actor)
        assert made.url in reply.content.decode()
        assert (made.shows_marks, made.shows_evidence, made.ends_at) == (True, False, None)

    def test_keeps_what_was_typed_when_something_is_wrong(self, amara: Client) -> None:
        kept()

        reply = amara.post("/me/sharing/new", {"name": "Acme", "ends_on": "2020-01-01"})
        late = amara.post("/me/sharing/new", {"refs": [kept().ref], "name": "Acme", "ends_on": "2020-01-01"})

        assert reply.status_code == late.status_code == 422
        assert "Choose at least one credential to show." in text(reply)
        assert 'value="Acme"' in reply.content.decode()
        assert "The end date has passed." in text(late)

    def test_shows_a_stranger_what_was_chosen_and_no_more(self, client: Client) -> None:
        one = kept()
        share = shared(one.ref, shows_evidence=False, shows_marks=False)
        path = path_of(share)

        page = text(client.get(path))
        files = [client.get(f"{path}/1.{kind}") for kind in ("json", "jwt", "png", "svg", "pdf")]

        assert "Genuine and current" in page
        assert "Awarded to Amara Okafor" in page
        assert "Cleaning notebook" not in page
        assert "clock fault" not in page
        assert [reply.status_code for reply in files] == [200] * 5
        assert b"Cleaning notebook" not in b"".join(reply.content for reply in files)
        assert json.loads(files[0].content)["id"].endswith("#without-evidence-and-marks")
        assert client.get(f"{path}/1/evidence/1").status_code == 404
        assert client.get(f"{path}/1.exe").status_code == 404
        assert client.get(f"{path}/2").status_code == 404
        assert client.get(f"/c/{one.ref}").status_code == 404
        assert client.get(f"/c/{one.ref}.json").status_code == 404

    def test_opens_the_evidence_where_it_is_shown(self, client: Client) -> None:
        path = path_of(shared(kept().ref, shows_evidence=True, shows_marks=True))

        page = client.get(path)
        reply = client.get(f"{path}/1/evidence/1")

        assert f'href="{path}/1/evidence/1"' in page.content.decode()
        assert b"".join(reply) == NOTEBOOK  # type: ignore[arg-type]  # a stream
        assert "sandbox" in reply["Content-Security-Policy"]

    def test_shows_several_in_the_learners_order(self, client: Client) -> None:
        first, second = kept(), kept()
        path = path_of(shared(second.ref, first.ref))

        page = text(client.get(path))
        one = client.get(f"{path}/1.json")

        assert "2 credentials" in page
        assert second.ref in json.loads(one.content)["id"]

    def test_is_gone_when_it_is_switched_off_and_back_when_that_is_undone(self, amara: Client) -> None:
        share = shared(kept().ref)
        stranger = Client()

        off = amara.post(f"/me/sharing/{share.id}/off", follow=True)
        gone = [stranger.get(path_of(share) + path) for path in ("", "/1", "/1.json", "/1/evidence/1")]
        amara.post(f"/me/sharing/{share.id}/on")

        assert "Switched off just now" in text(off)
        assert "Undo" in text(off)
        assert [reply.status_code for reply in gone] == [410] * 4
        assert "has switched it off" in text(gone[0])
        assert stranger.get(path_of(share)).status_code == 200

    def test_counts_who_opens_it_without_keeping_who(self, amara: Client) -> None:
        share = shared(kept().ref)
        stranger = Client()

        for _ in range(2):
            stranger.get(path_of(share))
        stranger.head(path_of(share))
        amara.get(path_of(share))

        assert "opened 2 times" in text(amara.get("/me/sharing/"))

    def test_says_that_nobody_sees_anything_where_there_is_none(self, amara: Client) -> None:
        assert "No live links Nobody can see your credentials." in text(amara.get("/me/sharing/"))

    def test_is_drawn_as_a_code(self, amara: Client) -> None:
        share = shared(kept().ref)

        reply = amara.get(f"/me/sharing/{share.id}/qr.svg")

        assert reply["Content-Type"] == "image/svg+xml"
        assert b"<svg" in reply.content

    def test_is_nobody_elses(self, client: Client) -> None:
        share = shared(kept().ref)
        client.force_login(cast.lukas().row)

        for path in ("", "qr.svg"):
            assert client.get(f"/me/sharing/{share.id}/{path}").status_code == 404
        for path in ("off", "on"):
            assert client.post(f"/me/sharing/{share.id}/{path}").status_code == 404


class TestLinkedIn:
    def test_leads_there_with_the_details_filled_in(self, amara: Client) -> None:
        one = kept()
        page = f"/me/credentials/{one.ref}/linkedin"

        form = amara.get(page)
        reply = amara.post(page)

        asked = parse_qs(urlsplit(reply["Location"]).query)
        assert "form-action 'self' https://www.linkedin.com" in form["Content-Security-Policy"]
        assert reply["Location"].startswith("https://www.linkedin.com/profile/add?")
        assert asked["name"] == ["Data Cleaning with Python"]
        assert asked["organizationName"] == ["Fernhill College"]
        assert Client().get(urlsplit(asked["certUrl"][0]).path).status_code == 200


def test_undo_is_over_after_ten_minutes(amara: Client) -> None:
    share = shared(kept().ref)
    services.switch_off(share.id, by=cast.amara().actor, at=timezone.now() - timedelta(minutes=11))

    assert amara.post(f"/me/sharing/{share.id}/on").status_code == 410
