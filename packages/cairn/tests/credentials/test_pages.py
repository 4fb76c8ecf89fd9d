# SPDX-License-Identifier: Apache-2.0
"""The pages as a browser, a wallet and a stranger meet them."""

import io
import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import cast
import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from cairn.credentials import keys, queries, services
from cairn.credentials.facts import Issued, Visibility
from cairn.credentials.models import IssuedCredential, SignedStatusList, SigningKey, StatusList
from credentials import scenes
from credentials.scenes import ISSUED_AT, NOW
from laurel import verify
from laurel.formats.baking import unbake

pytestmark = pytest.mark.django_db

FORMATS = ("json", "jwt", "png", "svg", "pdf")


def public(issued: Issued, *, evidence: bool = True, marks: bool = True) -> str:
    """Open Amara's credential to whoever has its address, and return that."""
    services.set_visibility(
        issued.ref,
        visibility=Visibility.LINK,
        shows_evidence=evidence,
        shows_marks=marks,
        by=cast.amara().actor,
        at=NOW,
    )
    return f"/c/{issued.ref}"


def browser(player: cast.Player | None = None) -> Client:
    client = Client()
    if player:
        client.force_login(player.row)
    return client


def words(reply: Any) -> str:
    """Return a page's text as it is read."""
    main = reply.content.decode().partition('<main id="main"')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace("&#x27;", "'").replace(" .", ".")


class TestCredentialPage:
    def test_says_the_verdict_first(self) -> None:
        reply = browser().get(public(scenes.issued()))

        text = words(reply)
        assert text.index("Genuine and current") < text.index("Data Cleaning with Python")
        assert "6 checks passed, one needs you." in text
        assert "Holder not checked" in text

    @pytest.mark.parametrize("player", [None, cast.lukas, cast.tomas, cast.noor, cast.sven])
    def test_of_a_private_credential_is_like_one_that_does_not_exist(self, player: Any) -> None:
        issued = scenes.issued()
        client = browser(player() if player else None)

        for end in ("", *(f".{form}" for form in FORMATS), "/evidence/1"):
            theirs = client.get(f"/c/{issued.ref}{end}")
            nobodys = client.get(f"/c/0123456789ABCDEFGHJKMNPQRS{end}")
            assert theirs.status_code == nobodys.status_code == 404, end
            assert words(theirs) == words(nobodys)

    def test_tells_the_holder_that_only_they_see_it(self) -> None:
        issued = scenes.issued()

        assert "Only you can see it" in words(browser(cast.amara()).get(f"/c/{issued.ref}"))

    def test_leads_staff_to_the_timeline(self) -> None:
        issued = scenes.issued()

        reply = browser(cast.mei_ling()).get(f"/c/{issued.ref}")

        assert f"/staff/fernhill/credentials/{issued.ref}/" in reply.content.decode()

    def test_is_found_by_the_address_on_paper(self) -> None:
        address = public(scenes.issued())
        ref = address.removeprefix("/c/")
        grouped = "-".join(ref[i : i + 4] for i in range(0, 26, 4)).lower()

        reply = browser().get(f"/c/{grouped}")

        assert reply.status_code == 302
        assert reply["Location"] == address

    @pytest.mark.parametrize(
        ("deed", "heading", "line"),
        [
            ("withdraw", "Withdrawn by Fernhill College", "Reason given: Wrong person. Do not rely on it."),
            (
                "hold",
                "Genuine, but on hold",
                "Ask the college before you rely on it. Reason given: Wrong person.",
            ),
        ],
    )
    def test_shows_what_the_issuer_did_to_whoever_may_see_it(
        self, deed: str, heading: str, line: str
    ) -> None:
        issued = scenes.issued()
        address = public(issued)
        getattr(services, deed)(issued.ref, reason="Wrong person", by=cast.priya().actor, at=NOW)

        text = words(browser().get(address))

        assert heading in text
        assert line in text

    def test_says_when_it_is_out_of_date(self) -> None:
        issued = scenes.issued(achievement_id=scenes.ending_after(months=1).id)

        shown = queries.view_shared(issued.ref, evidence=True, marks=True, at=NOW)
        text = words(browser(cast.amara()).get(f"/c/{issued.ref}"))

        assert shown.verdict == "out_of_date"
        assert "Genuine, but out of date" in text
        assert "It ended on 14 November 2026. Ask Amara Okafor whether it has been renewed." in text

    def test_hides_what_the_learner_hides(self) -> None:
        address = public(scenes.issued(), evidence=False, marks=False)

        page = browser().get(address)

        assert "clock fault" not in page.content.decode()
        assert "Cleaning notebook" not in page.content.decode()
        assert "chose not to show the marks" in words(page)
        assert browser().get(f"{address}/evidence/1").status_code == 404
        for form in FORMATS:
            sent = browser().get(f"{address}.{form}").content
            presented = verify.read(sent)
            text = json.dumps(dict(presented.document))
            assert "clock fault" not in text, form
            assert "Cleaning notebook" not in text, form
            assert verify.verify(presented, queries.material(address[3:]), at=NOW).verdict == "genuine"

    def test_escapes_what_people_write(self) -> None:
        attack = "<script>alert(1)</script>"
        player = cast.person(attack, "eve@example.org")
        issued = scenes.issued(person_id=player.row.id, narrative=f"{attack} [x](javascript:alert(1))")

        page = browser(player).get(f"/c/{issued.ref}").content.decode()

        assert attack not in page
        assert 'href="javascript' not in page

    def test_takes_few_queries(self, django_assert_max_num_queries: Any) -> None:
        address = public(scenes.issued())
        client = browser()
        client.get(address)

        with django_assert_max_num_queries(8):
            client.get(address)

    def test_is_never_kept_by_a_cache(self) -> None:
        assert "no-store" in browser().get(public(scenes.issued()))["Cache-Control"]

    def test_has_a_card_for_link_previews(self) -> None:
        page = browser().get(public(scenes.issued())).content.decode()

        assert '<meta property="og:title" content="Data Cleaning with Python">' in page
        assert 'property="og:image" content="http' in page

    def test_prints_with_a_code_and_the_date(self) -> None:
        text = words(browser().get(public(scenes.issued())))

        assert "Paper cannot be trusted on its own." in text
        assert "Printed on" in text


class TestFiles:
    @pytest.mark.parametrize("form", FORMATS)
    def test_carry_the_credential_as_signed(self, form: str) -> None:
        issued = scenes.issued()

        reply = browser(cast.amara()).get(f"/c/{issued.ref}.{form}")

        assert reply.status_code == 200
        report = verify.verify(verify.read(reply.content), queries.material(issued.ref), at=NOW)
        assert report.verdict == "genuine"
        if form in ("png", "pdf"):
            assert unbake(reply.content).encode() == scenes.whole(issued.ref)

    def test_of_json_are_byte_for_byte_what_was_signed(self) -> None:
        issued = scenes.issued()

        sent = browser(cast.amara()).get(f"/c/{issued.ref}.json")

        assert sent.content == scenes.whole(issued.ref)
        assert sent["Content-Type"] == "application/vc+ld+json"

    @pytest.mark.parametrize(
        "name", ["Amara Okafor", "أمينة الزهراني", "山田 太郎", "עדי לוי", "😀", "#panic() $x$", "N" * 300]
    )
    def test_of_paper_are_one_tagged_page_whatever_the_name(self, name: str) -> None:
        player = cast.person(name, "somebody@example.org")
        issued = scenes.issued(person_id=player.row.id, with_files=False)

        sent = browser(player).get(f"/c/{issued.ref}.pdf")

        paper = pypdf.PdfReader(io.BytesIO(sent.content))
        assert len(paper.pages) == 1
        root: Any = paper.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en"
        metadata = root["/Metadata"].get_data()
        assert b"pdfaid:part>3<" in metadata
        assert b"pdfuaid:part>1<" in metadata
        text = paper.pages[0].extract_text()
        assert "Data Cleaning with Python" in text
        assert "Genuine" not in text


class TestEvidence:
    def test_is_sent_so_that_it_cannot_act(self) -> None:
        issued = scenes.issued()

        reply = browser(cast.amara()).get(f"/c/{issued.ref}/evidence/1")

        assert b"".join(reply.streaming_content) == scenes.NOTEBOOK  # type: ignore[attr-defined]  # it streams
        assert "sandbox" in reply["Content-Security-Policy"]
        assert reply["X-Content-Type-Options"] == "nosniff"
        assert reply["Content-Disposition"].startswith("attachment")

    @pytest.mark.parametrize("number", [0, 3, 99999])
    def test_of_another_number_is_not_there(self, number: int) -> None:
        issued = scenes.issued()

        assert browser(cast.amara()).get(f"/c/{issued.ref}/evidence/{number}").status_code == 404


class TestWhatVerifiersNeed:
    def paths(self) -> list[str]:
        scenes.issued()
        ref = StatusList.objects.get().ref
        return [
            "/o/fernhill/did.json",
            f"/o/fernhill/status/{ref}/revocation",
            f"/o/fernhill/status/{ref}/suspension",
        ]

    def test_is_the_same_for_everyone_and_sets_no_cookie(self) -> None:
        for path in self.paths():
            stranger, holder = browser().get(path), browser(cast.amara()).get(path)

            assert stranger.content == holder.content
            assert not stranger.cookies
            assert not holder.cookies
            assert "Cookie" not in stranger.get("Vary", "")
            assert stranger["Cache-Control"] == "public, max-age=60"
            assert stranger["Access-Control-Allow-Origin"] == "*"

    def test_answers_304_to_who_has_it(self) -> None:
        path = self.paths()[1]
        tag = browser().get(path)["ETag"]

        assert browser().get(path, headers={"if-none-match": tag}).status_code == 304
        assert browser().get(path, headers={"if-none-match": '"older"'}).status_code == 200

    def test_is_at_the_addresses_that_the_credential_names(self) -> None:
        issued = scenes.issued()

        for url in queries.material(issued.ref):
            sent = browser().get("/" + url.split("/", 3)[3])
            assert sent.content == queries.material(issued.ref)[url]

    def test_changes_with_a_withdrawal(self) -> None:
        path = self.paths()[1]
        before = browser().get(path)["ETag"]
        ref = IssuedCredential.objects.get().ref

        services.withdraw(ref, reason="Wrong person", by=cast.priya().actor, at=NOW)

        assert browser().get(path)["ETag"] != before

    def test_is_signed_again_when_it_was_lost_or_is_a_day_old(self) -> None:
        path = self.paths()[1]
        SignedStatusList.objects.all().delete()

        assert browser().get(path).status_code == 200
        assert SignedStatusList.objects.count() == 1
        SignedStatusList.objects.update(signed_at=timezone.now() - timedelta(days=2), etag="old")
        assert browser().get(path)["ETag"] != '"old"'

    @pytest.mark.parametrize("path", ["/o/nowhere/did.json", "/o/fernhill/status/NOWHERE/revocation"])
    def test_of_nobody_is_not_there(self, path: str) -> None:
        cast.fernhill()

        assert browser().get(path).status_code == 404

    def test_has_no_list_for_another_purpose_or_another_issuer(self) -> None:
        path = self.paths()[1]
        cast.north_quay()

        assert browser().get(path.replace("revocation", "message")).status_code == 404
        assert browser().get(path.replace("fernhill", "north-quay")).status_code == 404


class TestPrivateKeys:
    def test_are_in_no_page_and_no_file(self) -> None:
        address = public(scenes.issued())
        ref = address[3:]
        secrets = [
            keys.signing_key(row, "did:web:x").to_private_jwk()["d"].encode()
            for row in SigningKey.objects.all()
        ] + [bytes(row.sealed) for row in SigningKey.objects.all()]
        list_ref = StatusList.objects.get().ref
        paths = [
            address,
            *(f"{address}.{form}" for form in FORMATS),
            "/o/fernhill/did.json",
            f"/o/fernhill/status/{list_ref}/revocation",
            "/staff/fernhill/",
            "/staff/fernhill/credentials/",
            f"/staff/fernhill/credentials/{ref}/",
        ]

        for path in paths:
            sent = browser(cast.priya()).get(path)
            assert sent.status_code == 200, path
            assert not any(secret in sent.content for secret in secrets), path


class TestIssueInThreeSteps:
    PASTED = "Petra Novak, petra@example.org\nSiobhán Ó Néill\tsiobhan.oneill\nJonas, petra@example.org"

    def start(self, client: Client, pasted: str) -> Any:
        return client.post(
            "/staff/fernhill/issue/", {"achievement": str(cast.data_cleaning().id), "people": pasted}
        )

    def fields(self, reply: Any) -> dict[str, str]:
        """Return what the browser would send back: every input of the form as it stands."""
        page = reply.content.decode()
        found = {}
        for tag in re.findall(r"<input[^>]+>", page):
            name = re.search(r'name="([^"]+)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            if name and 'type="checkbox"' not in tag and name[1] != "csrfmiddlewaretoken":
                found[name[1]] = value[1] if value else ""
        return found

    def test_tells_errors_beside_the_rows_and_holds_up_nobody_else(self) -> None:
        client = browser(cast.mei_ling())

        reply = self.start(client, self.PASTED)

        text = words(reply)
        assert "1 is ready. 2 need fixing." in text
        assert "Row 2: Enter an email like name@example.org" in text
        assert "Row 3: The same email stands in row 1" in text
        assert "Issue 1 credential" in text

    def test_issues_what_the_button_says(self) -> None:
        client = browser(cast.mei_ling())
        fields = self.fields(self.start(client, self.PASTED))

        reply = client.post("/staff/fernhill/issue/list/", {**fields, "issue": "1"})

        assert reply.status_code == 302
        assert [row.person_email for row in IssuedCredential.objects.all()] == ["petra@example.org"]
        assert "1 row was not issued" not in words(client.get(reply["Location"]))

    def test_shows_a_row_that_was_fixed_before_it_counts(self) -> None:
        client = browser(cast.mei_ling())
        fields = self.fields(self.start(client, self.PASTED))

        shown = client.post(
            "/staff/fernhill/issue/list/",
            {**fields, "email-2": "siobhan@example.org", "leave-3": "on", "issue": "1"},
        )
        assert "Issue 2 credentials" in words(shown)
        assert not IssuedCredential.objects.exists()
        done = client.post("/staff/fernhill/issue/list/", {**self.fields(shown), "issue": "1"})

        assert done.status_code == 302
        assert IssuedCredential.objects.count() == 2

    def test_issues_once_when_it_is_sent_twice(self) -> None:
        client = browser(cast.mei_ling())
        fields = {**self.fields(self.start(client, "Petra Novak, petra@example.org")), "issue": "1"}

        first = client.post("/staff/fernhill/issue/list/", fields)
        second = client.post("/staff/fernhill/issue/list/", fields)

        assert first.status_code == second.status_code == 302
        assert first["Location"] == second["Location"]
        assert IssuedCredential.objects.count() == 1

    def test_leads_a_second_press_to_what_the_first_one_issued(self) -> None:
        award = scenes.award()
        services.record_award(award, by=cast.tomas().actor, at=ISSUED_AT)
        client = browser(cast.mei_ling())
        path = f"/staff/fernhill/issue/ready/{award.achievement_id}/"

        first = client.post(path, {"award": [str(award.id)]})
        second = client.post(path, {"award": [str(award.id)]})

        assert second.status_code == 302
        assert first["Location"] == second["Location"]
        assert IssuedCredential.objects.count() == 1

    def test_leads_nobody_to_what_another_organization_issued(self) -> None:
        issued = scenes.issued()

        reply = browser(cast.sven()).post(
            f"/staff/north-quay/issue/ready/{issued.achievement_id}/", {"award": [str(issued.award_id)]}
        )

        assert reply.status_code == 404

    def test_takes_a_number_of_thousands_of_digits_for_no_row(self) -> None:
        client = browser(cast.mei_ling())
        fields = self.fields(self.start(client, "Petra Novak, petra@example.org"))

        reply = client.post(
            "/staff/fernhill/issue/list/",
            urlencode({**fields, f"email-{'9' * 5000}": "a@example.org"}),
            content_type="application/x-www-form-urlencoded",
        )

        assert reply.status_code == 200
        assert "1 is ready." in words(reply)

    def test_tells_who_holds_it_already(self) -> None:
        issued = scenes.issued()

        reply = self.start(browser(cast.mei_ling()), "Amara, AMARA.okafor@example.org")

        assert "This person already holds this credential" in words(reply)
        assert f"/staff/fernhill/credentials/{issued.ref}/" in reply.content.decode()

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"people": "Petra, petra@example.org"}, "Choose what they get."),
            ({"people": ""}, "Add a name and an email on each line."),
            ({"people": "Name, Email"}, "There is no name on the list."),
            # More than Python's csv takes for one field.
            ({"people": "a, a@example.org\n" + "x" * 140_000}, "Line 2 is too long for one person."),
            (
                {"people": "a, a@example.org\nPetra\n" + '"' + "y" * 150_000},
                "Line 3 is too long for one person.",
            ),
            ({"people": "a, a@example.org\n" * 501}, "The list has 501 people. Issue to 500 at a time."),
        ],
    )
    def test_keeps_what_was_typed_and_says_what_to_do(self, sent: dict[str, str], said: str) -> None:
        cast.data_cleaning()

        reply = browser(cast.mei_ling()).post("/staff/fernhill/issue/", sent)

        assert reply.status_code == 422
        assert said in words(reply)
        assert sent["people"].strip()[:20] in reply.content.decode()

    def test_issues_the_chosen_of_those_who_wait(self) -> None:
        awards = [scenes.award(), scenes.award(person_id=cast.lukas().row.id)]
        for award in awards:
            services.record_award(award, by=cast.tomas().actor, at=ISSUED_AT)
        client = browser(cast.mei_ling())
        path = f"/staff/fernhill/issue/ready/{awards[0].achievement_id}/"
        assert client.get(path).status_code == 200

        nobody = client.post(path, {})
        some = client.post(path, {"award": [str(awards[1].id)]})

        assert nobody.status_code == 422
        assert "Choose at least one person." in words(nobody)
        assert some.status_code == 302
        assert [row.award_id for row in IssuedCredential.objects.all()] == [awards[1].id]

    def test_is_undone_within_ten_minutes(self) -> None:
        client = browser(cast.mei_ling())
        fields = self.fields(self.start(client, "Petra Novak, petra@example.org"))
        done = client.post("/staff/fernhill/issue/list/", {**fields, "issue": "1"})["Location"]
        assert "You can undo this until" in words(client.get(done))

        reply = client.post(f"{done}undo", follow=True)

        assert "1 credential was taken back." in words(reply)
        assert "You can undo this until" not in words(reply)


class TestWithdrawPage:
    def test_says_who_will_see_what_and_asks_why(self) -> None:
        issued = scenes.issued()
        client = browser(cast.mei_ling())
        path = f"/staff/fernhill/credentials/{issued.ref}/withdraw/"

        assert "This cannot be undone." in words(client.get(path))
        empty = client.post(path, {"reason": " "})
        long = client.post(path, {"reason": "x" * 501})
        done = client.post(path, {"reason": "Wrong person"}, follow=True)
        again = client.post(path, {"reason": "Wrong person"})

        assert empty.status_code == long.status_code == again.status_code == 422
        assert "Write the reason." in words(empty)
        assert "Shorten the reason to 500 characters. It has 501." in words(long)
        assert "x" * 501 in long.content.decode()
        assert "The credential is withdrawn." in words(done)
        assert "This credential is withdrawn. That cannot be undone" in words(again)


class TestCredentialsList:
    def test_answers_htmx_with_the_list_alone(self) -> None:
        scenes.issued()
        client = browser(cast.mei_ling())

        part = client.get("/staff/fernhill/credentials/?q=okafor", headers={"hx-request": "true"})

        assert "<html" not in part.content.decode()
        assert "HX-Request" in part["Vary"]
        assert "Amara Okafor" in part.content.decode()

    @pytest.mark.parametrize(
        "query",
        [
            "?q=nobody",
            "?state=held",
            "?state=odd",
            "?page=0",
            "?page=99999999999",
            "?q=%00",
            "?q=" + "x" * 300,
        ],
    )
    def test_takes_any_question(self, query: str) -> None:
        scenes.issued()

        assert browser(cast.mei_ling()).get(f"/staff/fernhill/credentials/{query}").status_code == 200


class TestHome:
    def test_shows_no_names_to_those_who_do_not_issue(self) -> None:
        scenes.issued()

        for player, sees in ((cast.mei_ling(), True), (cast.noor(), False), (cast.tomas(), False)):
            page = browser(player).get("/staff/fernhill/").content.decode()
            assert ("Amara Okafor" in page) is sees

    def test_says_what_waits(self) -> None:
        award = scenes.award()
        services.record_award(award, by=cast.tomas().actor, at=NOW)

        assert "Issue 1 credential" in words(browser(cast.mei_ling()).get("/staff/fernhill/"))


class TestTimeline:
    def test_tells_the_story_newest_first(self) -> None:
        issued = scenes.issued()
        services.keep(issued.ref, person_id=cast.amara().row.id, at=ISSUED_AT + timedelta(hours=1))
        services.withdraw(issued.ref, reason="Wrong person", by=cast.priya().actor, at=NOW)

        assert [entry.kind for entry in queries.timeline(queries.issued_by_ref(issued.ref))] == [
            "withdrawn",
            "kept",
            "issued",
            "decided",
        ]
        text = words(browser(cast.mei_ling()).get(f"/staff/fernhill/credentials/{issued.ref}/"))
        assert text.index("Withdrawn") < text.index("Kept by the learner") < text.index("Earned")


def test_unknown_batch_is_not_there() -> None:
    cast.fernhill()

    reply = browser(cast.mei_ling()).get(f"/staff/fernhill/issue/done/{UUID(int=7)}/")

    assert reply.status_code == 404
