# SPDX-License-Identifier: Apache-2.0
"""A stranger checks what they were shown: by link, by reference, by file, one or many."""

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import cast
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from wallet.scenes import ISSUED_AT, kept

from cairn.credentials import queries as credentials
from cairn.credentials import services as issuing
from cairn.credentials.facts import Issued, Visibility
from cairn.verification.models import CheckedList, ListedItem
from cairn.wallet import services as wallet
from cairn.wallet.facts import NewShare, Share
from verification.strangers import Stranger, draft, endorsement, self_made, stranger

pytestmark = pytest.mark.django_db


def text(reply: HttpResponse) -> str:
    """Return what a page says, without its markup and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", reply.content.decode()).split())


def check(client: Client, ref: str = "", file: bytes | None = None, name: str = "badge.json") -> HttpResponse:
    data: dict[str, object] = {"ref": ref}
    if file is not None:
        data["file"] = SimpleUploadedFile(name, file)
    return client.post("/check", data)


#: A proof over JSON as it is, under which ids and values may stand twice.
JCS = "eddsa-jcs-2022"
ACHIEVEMENT = "https://tabletrust.example/a/food-hygiene-2"


def endorsed(*endorsements: dict[str, Any]) -> bytes:
    """Return a badge of a key that nobody vouches for, whose achievement carries these endorsements."""
    subject = draft("")["credentialSubject"]
    subject["achievement"]["endorsement"] = list(endorsements)
    return self_made(credentialSubject=subject)


class TestEndorsements:
    def test_of_somebody_with_a_domain_passes(self, client: Client, table_trust: Stranger) -> None:
        page = text(check(client, file=endorsed(endorsement(ACHIEVEMENT, table_trust.key))))

        assert "Endorsed by others The endorsement in it holds." in page
        assert (
            f"Kitchen Guild Passed {table_trust.host} · about what was achieved · 12 June 2026 "
            f"Asked for in every kitchen. It was signed by whoever runs {table_trust.host} , and it stands."
            in page
        )

    def test_have_each_a_result_of_its_own(self, client: Client, table_trust: Stranger) -> None:
        """Symptom: one good and one bad endorsement under one sentence, and nobody can tell which is which."""
        good = endorsement(ACHIEVEMENT, table_trust.key)
        wrong = endorsement("https://elsewhere.example/a", table_trust.key, comment="Hire everybody.")
        changed = endorsement("https://third.example/a", table_trust.key)
        changed["credentialSubject"]["endorsementComment"] = "Even better."

        page = text(check(client, file=endorsed(good, wrong, changed)))

        assert "Look at each endorsement 1 of 3 endorsements hold." in page
        assert "Kitchen Guild Passed" in page
        assert "Kitchen Guild Failed" in page
        assert (
            "It endorses something else than what it is attached to. We do not repeat what it says." in page
        )
        assert "Not known who Failed" in page
        assert "Hire everybody." not in page
        assert "Even better." not in page

    def test_of_a_bare_key_are_anybodys(self, client: Client) -> None:
        """Symptom: "Endorsed by others" for what the holder signed with a key made for the purpose."""
        page = text(check(client, file=endorsed(endorsement(ACHIEVEMENT))))

        assert "Endorsed by others" not in page
        assert "Endorsement not confirmed It is signed. Look at who signed it." in page
        assert "Kitchen Guild Look closer about what was achieved" in page
        assert "Anybody can make such a key." in page

    def test_of_oneself_are_said_to_be_that(self, client: Client, table_trust: Stranger) -> None:
        subject = draft("")["credentialSubject"]
        subject["achievement"]["endorsement"] = [endorsement(ACHIEVEMENT, table_trust.key)]

        page = text(check(client, file=table_trust.issue(suite=JCS, credentialSubject=subject)))

        assert "Genuine and current" in page
        assert "Kitchen Guild Look closer" in page
        assert "The issuer says this of its own credential." in page

    def test_are_not_checked_while_their_keys_cannot_be_had(
        self, client: Client, table_trust: Stranger
    ) -> None:
        del table_trust.documents["/.well-known/did.json"]

        page = text(check(client, file=endorsed(endorsement(ACHIEVEMENT, table_trust.key))))

        assert "Not known who Not checked" in page
        assert "Asked for in every kitchen" not in page

    def test_of_something_else_are_not_confirmed_and_leave_the_badge_as_it_was(self, client: Client) -> None:
        plain, page = (
            text(check(client, file=file))
            for file in (self_made(), endorsed(endorsement("https://elsewhere.example/a")))
        )

        assert "Endorsement not confirmed" in page
        assert "ndorse" not in plain
        assert ("Genuine and current" in page) == ("Genuine and current" in plain)

    def test_on_their_own_are_no_badge_and_no_fault(self, client: Client) -> None:
        reply = check(client, file=json.dumps(endorsement("https://tabletrust.example")).encode())

        assert reply.status_code == 200
        assert "Unchanged" in text(reply)

    def test_are_told_in_dutch(self, client: Client, table_trust: Stranger) -> None:
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"

        page = text(check(client, file=endorsed(endorsement(ACHIEVEMENT, table_trust.key))))

        assert "Wat anderen ervan zeggen" in page
        assert "What others say" not in page


class TestParties:
    def badge(self, creator_id: str) -> bytes:
        subject = draft("")["credentialSubject"]
        subject["achievement"]["creator"] = {"id": creator_id, "type": ["Profile"], "name": "Kitchen Guild"}
        subject["source"] = {"id": "https://exams.example/", "type": ["Profile"], "name": "Exams Board"}
        return self_made(suite=JCS, credentialSubject=subject)

    def test_who_created_and_who_assessed_are_named(self, client: Client) -> None:
        page = text(check(client, file=self.badge("https://guild.example/")))

        assert "Created by Kitchen Guild guild.example · as the issuer tells it" in page
        assert "Assessor Exams Board exams.example · as the issuer tells it" in page

    def test_a_creator_who_is_the_issuer_is_not_named_twice(self, client: Client) -> None:
        issuer_id = json.loads(self_made())["issuer"]["id"]

        assert "Created by" not in text(check(client, file=self.badge(issuer_id)))


class TestNames:
    def test_that_mislead_the_eye_are_pointed_out(self, client: Client) -> None:
        odd = {"type": ["Profile"], "name": "Fern\u202ellih College"}

        page = text(check(client, file=self_made(issuer=odd)))

        assert "Look closely at this name Issuer Fern U+202E llih College Characters that cannot be" in page
        assert "Look closely" not in text(check(client, file=self_made()))

    def test_of_any_length_leave_room_for_the_rest(self, client: Client) -> None:
        """Symptom: a page of sixty thousand letters, whose answer is true and cannot be found."""
        subject = draft("")["credentialSubject"]
        subject["achievement"] |= {
            "name": "N" * 20_000,
            "description": "D" * 60_000,
            "tag": [f"tag {number:03}" for number in range(500)],
        }

        reply = check(client, file=self_made(credentialSubject=subject))

        assert b"N" * 299 + "…".encode() in reply.content
        assert b"N" * 301 not in reply.content
        assert reply.content.count(b"<bdi>tag ") == 200
        assert "The credential says more than this page shows. Its file holds all of it." in text(reply)
        assert "more than this page shows" not in text(check(client, file=self_made()))


def check_list(client: Client, lines: str = "", uploads: tuple[bytes, ...] = ()) -> HttpResponse:
    files = [SimpleUploadedFile(f"{number}.json", data) for number, data in enumerate(uploads, start=1)]
    reply = client.post("/check/list", {"lines": lines, "uploads": files})
    for _ in range(20):
        if reply.status_code != 302 and "so far" not in text(reply):
            break
        reply = client.get(reply["Location"] if reply.status_code == 302 else reply.wsgi_request.path)  # type: ignore[attr-defined]
    return reply


def open_to_all(one: Issued) -> Issued:
    return issuing.set_visibility(
        one.ref,
        visibility=Visibility.LINK,
        shows_evidence=True,
        shows_marks=True,
        by=cast.amara().actor,
        at=timezone.now(),
    )


def share_of(one: Issued) -> Share:
    return wallet.share(NewShare(refs=(one.ref,)), by=cast.amara().actor, at=timezone.now())


def whole(one: Issued) -> bytes:
    return credentials.document(one.ref, format="json")


@pytest.fixture
def table_trust() -> Iterator[Stranger]:
    """Run the web server of an institution that this site has never heard of."""
    with stranger() as known:
        yield known


class TestOurOwn:
    def test_opens_its_page_by_link_and_by_reference(self, client: Client) -> None:
        one = open_to_all(kept())
        typed = "-".join(one.ref[start : start + 4] for start in range(0, 26, 4)).lower()

        for ref in (
            one.url,
            f"  {one.url}.json ",
            one.ref,
            typed,
            one.url.removeprefix("http://"),
            one.url.upper().replace("/C/", "/c/"),
        ):
            reply = check(client, ref)

            assert (reply.status_code, reply["Location"]) == (302, f"/c/{one.ref}"), ref

    def test_opens_a_share_or_a_mailed_link(self, client: Client) -> None:
        one = kept()
        share = share_of(one)
        key = wallet.new_claim_key(one.ref, at=timezone.now())

        assert check(client, share.url)["Location"] == urlsplit(share.url).path
        assert check(client, f"http://localhost:8000/k/{key}")["Location"] == f"/k/{key}"

    def test_never_tells_a_private_one_from_an_unknown_one(self, client: Client) -> None:
        one = kept()
        pages = []
        for ref in (one.ref, "7K4MQ2XD7K4MQ2XD7K4MQ2XD7K", one.url, "http://localhost:8000/c/7K4MQ2XD"):
            reply = check(client, ref)
            assert reply.status_code == 422
            pages.append(re.sub(r'value="[^"]+"', "", reply.content.decode()).replace(ref, "(ref)"))

        assert len(set(pages)) == 1
        assert "We do not know this reference, or it is not open to you." in pages[0]

    def test_opens_the_holders_own(self, client: Client) -> None:
        client.force_login(cast.amara().row)
        one = kept()

        assert check(client, one.ref)["Location"] == f"/c/{one.ref}"

    def test_says_that_a_link_was_switched_off(self, client: Client) -> None:
        share = share_of(kept())
        wallet.switch_off(share.id, by=cast.amara().actor, at=timezone.now())

        reply = check(client, share.url)

        assert reply.status_code == 422
        assert "has switched it off" in text(reply)

    @pytest.mark.parametrize("format", ["json", "jwt"])
    def test_is_genuine_as_a_file(self, client: Client, format: str) -> None:
        data = credentials.document(kept().ref, format=format)  # type: ignore[arg-type]

        for reply in (check(client, file=data), check(client, data.decode())):
            assert reply.status_code == 200
            assert "Genuine and current Checked" in text(reply)
            assert "5 checks passed, one needs you." in text(reply)
            assert "Awarded to Amara Okafor" in text(reply)

    def test_is_shown_with_its_badge_and_its_issuer(self, client: Client) -> None:
        page = check(client, file=whole(kept())).content.decode()

        assert 'href="/o/fernhill"' in page
        assert "badge.svg" in page
        assert "We asked no register" not in page

    @pytest.mark.parametrize("format", ["png", "svg", "pdf"])
    def test_is_genuine_out_of_its_image_and_its_certificate(self, client: Client, format: str) -> None:
        one = kept()
        if format == "pdf":
            data = credentials.certificate(one.ref, language="en", at=timezone.now())
        else:
            data = credentials.baked(one.ref, format=format)  # type: ignore[arg-type]

        assert "Genuine and current" in text(check(client, file=data, name=f"badge.{format}"))

    def test_shows_nothing_of_a_changed_copy(self, client: Client) -> None:
        document = json.loads(whole(kept()))
        document["credentialSubject"]["achievement"]["name"] = "Brain Surgery"

        page = text(check(client, file=json.dumps(document).encode()))

        assert "This copy has been changed" in page
        assert "It no longer matches what its issuer signed." in page
        assert "Brain Surgery" not in page
        assert "Amara" not in page

    def test_says_when_and_why_it_was_withdrawn(self, client: Client) -> None:
        one = kept()
        at = ISSUED_AT + timedelta(days=1)
        issuing.withdraw(one.ref, reason="Awarded in error.", by=cast.priya().actor, at=at)

        page = text(check(client, file=whole(one)))

        assert "Withdrawn by Fernhill College" in page
        assert "Withdrawn on 15 October 2026. Reason given: Awarded in error. Do not rely on it." in page

    def test_says_when_it_was_put_on_hold(self, client: Client) -> None:
        one = kept()
        at = ISSUED_AT + timedelta(days=1)
        issuing.hold(one.ref, reason="We look into it.", by=cast.priya().actor, at=at)

        page = text(check(client, file=whole(one)))

        assert "Genuine, but on hold Fernhill College put it on hold on 15 October 2026." in page


class TestStrangers:
    def test_are_checked_by_file_and_by_link(self, client: Client, table_trust: Stranger) -> None:
        table_trust.documents["/badge.json"] = table_trust.issue()

        for reply in (
            check(client, file=table_trust.issue()),
            check(client, f"{table_trust.base_url}/badge.json"),
        ):
            page = text(reply)
            assert "Genuine and current" in page
            assert "Food Hygiene Level 2" in page
            assert "by Table Trust" in page
            assert "It was signed by whoever runs 127.0.0.1" in page

    def test_are_seen_to_withdraw(self, client: Client, table_trust: Stranger) -> None:
        table_trust.set_status(revoked=[7])

        page = text(check(client, file=table_trust.issue()))

        assert "Withdrawn by Table Trust Do not rely on it. Ask Table Trust when and why." in page

    def test_are_not_known_to_be_current_when_their_list_is_gone(
        self, client: Client, table_trust: Stranger
    ) -> None:
        del table_trust.documents["/status"]

        page = text(check(client, file=table_trust.issue()))

        assert "We could not finish checking 127.0.0.1 did not answer, so we do not know whether" in page

    def test_are_not_shown_as_signed_when_their_key_is_gone(
        self, client: Client, table_trust: Stranger
    ) -> None:
        del table_trust.documents["/.well-known/did.json"]

        page = text(check(client, file=table_trust.issue()))

        assert "We could not finish checking" in page
        assert "so we do not know whether it is genuine" in page
        assert "Ines Duarte" not in page
        assert "Withdrawn" not in page

    def test_that_are_only_a_key_are_unknown(self, client: Client) -> None:
        page = text(check(client, file=self_made()))

        assert "Signed, but we do not know who by" in page

    def test_that_are_only_a_key_cannot_borrow_a_domain(self, client: Client) -> None:
        """Symptom: "signed by whoever runs college.example" of a key whose owner only claims that home page."""
        issuer = {"type": ["Profile"], "name": "A College", "url": "https://college.example/"}

        page = text(check(client, file=self_made(issuer=issuer)))

        assert "by A College on" in page
        assert "college.example" not in page
        assert "A key alone does not say whose it is." in page

    def test_cannot_pass_for_one_of_ours_by_taking_its_id(
        self, client: Client, table_trust: Stranger
    ) -> None:
        one = kept()
        issuing.withdraw(one.ref, reason="Awarded in error.", by=cast.priya().actor, at=ISSUED_AT)

        for data in (table_trust.issue(id=one.url), self_made(id=one.url)):
            page = client.post("/check", {"ref": data.decode()}).content.decode()
            assert "/o/fernhill" not in page
            assert "badge.svg" not in page
            assert "Awarded in error" not in page

    def test_ended_are_out_of_date(self, client: Client, table_trust: Stranger) -> None:
        page = text(check(client, file=table_trust.issue(validUntil="2026-07-01T00:00:00Z")))

        assert "Genuine, but out of date It ended on 1 July 2026. Ask Ines Duarte whether" in page

    def test_cost_five_fetches_at_most(self, client: Client, table_trust: Stranger) -> None:
        check(client, file=table_trust.issue())

        assert sorted(table_trust.asked) == ["/.well-known/did.json", "/status"]


class TestHostile:
    @pytest.mark.parametrize(
        ("data", "what"),
        [
            (b"", "The file is empty."),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "The file is a photo with no credential inside."),
            (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "The file is a picture with no credential inside."),
            (b"<!DOCTYPE html><title>Hello</title>", "The file is a web page, not a credential."),
            (b"%PDF-1.7 nothing", "The file is a PDF with no credential inside."),
            (b"\x00\xfe\xff" * 300, "The file is of a kind that holds no credential."),
            (b'{"name": "Data"}', "The file is JSON with no credential inside that we know."),
            (b"[" * 200_000, "The file is "),
            (b'{"a": 1, "a": 2}', "The file is JSON with no credential inside that we know."),
        ],
    )
    def test_files_are_named_for_what_they_are(self, client: Client, data: bytes, what: str) -> None:
        reply = check(client, file=data, name="badge.png")

        assert reply.status_code == 200
        assert "This is not a credential we can read" in text(reply)
        assert what in text(reply)

    @pytest.mark.parametrize(
        "ref",
        [
            "",
            "   ",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "Amara",
            "http://",
            "//x",
        ],
    )
    def test_text_that_is_no_link_is_asked_for_again(self, client: Client, ref: str) -> None:
        reply = check(client, ref)

        assert reply.status_code == 422
        assert "Enter the link or the reference, which has 26 letters and digits" in text(reply)

    @pytest.mark.parametrize(
        "ref",
        [
            "http://127.0.0.1:5432/",
            "https://127.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]:8000/x",
            "https://0x7f.1/",
            "http://fernhill.example/c/1",
        ],
    )
    def test_links_into_a_network_are_not_followed(self, client: Client, settings: object, ref: str) -> None:
        settings.CAIRN_DEVELOPMENT = False  # type: ignore[attr-defined]

        reply = check(client, ref)

        assert reply.status_code in (200, 422)
        assert "We look only at https addresses" in text(reply) or "did not answer" in text(reply)

    def test_a_canary_inside_is_never_reached(
        self, client: Client, table_trust: Stranger, settings: object
    ) -> None:
        settings.CAIRN_DEVELOPMENT = False  # type: ignore[attr-defined]
        check(client, f"{table_trust.base_url}/badge.json")
        check(client, file=table_trust.issue())

        assert table_trust.asked == []

    def test_fifty_megabytes_are_answered_in_words(self, client: Client) -> None:
        started = time.monotonic()

        reply = check(client, file=b"x" * (50 * 1024 * 1024))

        assert reply.status_code == 422
        assert "The file is 50 MB. The most we can take is 5 MB." in text(reply)
        assert time.monotonic() - started < 5

    def test_six_megabytes_are_too_many(self, client: Client) -> None:
        reply = check(client, file=b"{" + b" " * (5 * 1024 * 1024 + 10))

        assert reply.status_code == 422
        assert "5 MB" in text(reply)

    def test_keep_nothing(self, client: Client, table_trust: Stranger) -> None:
        check(client, file=table_trust.issue())

        assert not ListedItem.objects.exists()

    def test_markup_in_a_claim_is_only_text(self, client: Client) -> None:
        reply = check(client, file=self_made(name="<script>alert(1)</script>"))

        assert b"<script>alert" not in reply.content


class TestList:
    def test_puts_what_needs_a_look_on_top(self, client: Client, table_trust: Stranger) -> None:
        one = open_to_all(kept())
        changed = json.loads(whole(one))
        changed["name"] = "Brain Surgery"

        reply = check_list(
            client,
            f"{one.url}\n{one.ref}\n7K4MQ2XD7K4MQ2XD7K4MQ2XD7K\n",
            (table_trust.issue(), json.dumps(changed).encode(), self_made()),
        )

        page = text(reply)
        assert "6 credentials checked" in page
        assert "3 are genuine and current. 3 need a closer look, and we put those first." in page
        order = [page.index(word) for word in ("Changed copy", "Unknown signer", "Not found", "Genuine ")]
        assert order[:2] == sorted(order[:2])
        assert page.index("Changed copy") < page.index("Unknown signer") < page.index("Not found")

    def test_gives_a_table_that_no_spreadsheet_runs(self, client: Client) -> None:
        reply = check_list(client, "=HYPERLINK(1)\n@SUM(1)\n", (self_made(),))

        table = client.get(reply.wsgi_request.path + ".csv")  # type: ignore[attr-defined]
        rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"), newline=""), strict=True))
        assert table["Content-Disposition"] == 'attachment; filename="checked-credentials.csv"'
        assert len(rows) == 4
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
        assert "'=HYPERLINK(1)" in [row[-1] for row in rows]

    def test_is_sealed_and_emptied_as_it_goes(self, client: Client) -> None:
        reply = client.post("/check/list", {"lines": "7K4MQ2XD7K4MQ2XD7K4MQ2XD7K"})

        (item,) = ListedItem.objects.all()
        key = reply["Location"].rsplit("/", 1)[1]
        assert b"7K4M" not in bytes(item.presented)
        assert key not in CheckedList.objects.get().key_hash
        client.get(reply["Location"])
        item.refresh_from_db()
        assert bytes(item.presented) == b""
        assert b"7K4M" not in bytes(item.answers or b"")

    def test_is_gone_after_an_hour(self, client: Client) -> None:
        path = client.post("/check/list", {"lines": "7K4M"})["Location"]
        CheckedList.objects.update(ends_at=timezone.now())

        reply = client.get(path)
        client.post("/check/list", {"lines": "7K4M"})

        assert reply.status_code == 410
        assert "we keep none for longer than an hour" in text(reply)
        assert CheckedList.objects.count() == 1

    def test_goes_on_where_it_stopped(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("cairn.verification.services.lists.STEP", 0.0)
        monkeypatch.setattr("cairn.verification.services.lists.go_on.__kwdefaults__", {"seconds": 0.0})
        path = client.post("/check/list", {"lines": "A\nB\nC"})["Location"]

        pages = [client.get(path) for _ in range(3)]

        assert "1 of 3 checked so far" in text(pages[0])
        assert 'http-equiv="refresh"' in pages[0].content.decode()
        assert 'hx-trigger="load' in pages[0].content.decode()
        assert "3 credentials checked" in text(pages[2])
        assert "hx-trigger" not in pages[2].content.decode()

    def test_leaves_a_line_to_whoever_works_on_it(self, client: Client) -> None:
        path = client.post("/check/list", {"lines": "A"})["Location"]
        CheckedList.objects.update(busy_until=timezone.now() + timedelta(seconds=20))

        assert "0 of 1 checked so far" in text(client.get(path))

    def test_answers_a_part_to_htmx(self, client: Client) -> None:
        path = client.post("/check/list", {"lines": "A"})["Location"]

        reply = client.get(path, headers={"HX-Request": "true"})

        assert "HX-Request" in reply["Vary"]
        assert "<html" not in reply.content.decode()
        assert 'id="list"' in reply.content.decode()

    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            ("", "Paste at least one link or reference, or choose files."),
            ("x\n" * 501, "You pasted 501 lines. The most we check in one go is 500."),
            ("y" * 2001, "Line 1 is longer than a link."),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_pasted(
        self, client: Client, lines: str, words: str
    ) -> None:
        reply = client.post("/check/list", {"lines": lines})

        assert reply.status_code == 422
        assert words in text(reply)
        assert lines.strip()[:100] in reply.content.decode()

    def test_takes_five_hundred_files(self, client: Client) -> None:
        files = [SimpleUploadedFile(f"{number}.json", b"{}") for number in range(500)]

        assert client.post("/check/list", {"uploads": files}).status_code == 302

    def test_says_so_when_there_is_one_file_more(self, client: Client) -> None:
        files = [SimpleUploadedFile(f"{number}.json", b"{}") for number in range(501)]

        reply = client.post("/check/list", {"uploads": files})

        assert reply.status_code == 422
        assert "These are 501 credentials." in text(reply)

    def test_lends_the_rights_of_whoever_opens_it_to_nobody(self, client: Client) -> None:
        """A stranger who knows a private reference pastes it and sends the list's address to the college."""
        private = kept()
        address = client.post("/check/list", {"lines": private.ref})["Location"]
        staff = Client()
        staff.force_login(cast.priya().row)

        opened_by_staff = staff.get(address)
        read_by_the_stranger = client.get(address)

        for page in (opened_by_staff, read_by_the_stranger):
            assert "Amara" not in page.content.decode()
            assert "Data Cleaning with Python" not in page.content.decode()

    def test_shows_every_credential_of_a_share(self, client: Client) -> None:
        first, second = kept(), kept()
        share = wallet.share(NewShare(refs=(first.ref, second.ref)), by=cast.amara().actor, at=timezone.now())

        page = check_list(client, share.url)

        assert "2 credentials checked 2 are genuine and current." in text(page)
        assert f"{share.url}/2" in page.content.decode()


class TestAnswers:
    def test_are_all_explained(self, client: Client) -> None:
        page = text(client.get("/check/answers"))

        for heading in (
            "Genuine and current",
            "Genuine, but out of date",
            "Genuine, but on hold",
            "Withdrawn by Fernhill College",
            "This copy has been changed",
            "Signed, but we do not know who by",
            "We could not finish checking",
            "This is not a credential we can read",
        ):
            assert heading in page
