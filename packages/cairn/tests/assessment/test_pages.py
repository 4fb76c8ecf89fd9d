# SPDX-License-Identifier: Apache-2.0
"""Pages keep what people typed and chose, work without JavaScript, and tell assessors no name."""

import re
from urllib.parse import quote

import cast
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessment import pieces
from assessment.pieces import NOW
from cairn.assessment import services
from cairn.assessment.facts import State
from cairn.assessment.models import EvidenceFile, Mark, Submission
from cairn.credentials.models import Award

pytestmark = pytest.mark.django_db

STATEMENT = {"statement": "I cleaned 41,166 records.", "ai_statement": "I did not."}


def browser(player, *, checks_csrf=False):
    client = Client(enforce_csrf_checks=checks_csrf)
    client.force_login(player.row)
    return client


def chosen(name, content):
    return SimpleUploadedFile(name, content)


def work_url():
    return reverse("assessment:work", args=[cast.data_cleaning().ref])


def files_of(*sent):
    fields = {}
    for task, name, content in sent:
        fields.setdefault(f"files-{task}", []).append(chosen(name, content))
    return fields


def token_of(reply):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', reply.content.decode()).group(1)


ALL_FILES = (
    ("t1", "clean.ipynb", pieces.NOTEBOOK),
    ("t2", "arrivals.csv", pieces.TABLE),
    ("t3", "report.pdf", pieces.PDF),
)


class TestHandIn:
    def test_takes_words_and_files_in_one_go(self):
        amara = browser(cast.amara())

        reply = amara.post(work_url(), {**STATEMENT, **files_of(*ALL_FILES), "do": "hand-in"}, follow=True)

        row = Submission.objects.get()
        assert (row.state, row.statement) == (State.HANDED_IN, STATEMENT["statement"])
        assert row.files.count() == 3
        assert "You handed it in on" in reply.content.decode()

    def test_keeps_everything_when_something_is_missing(self):
        amara = browser(cast.amara())

        reply = amara.post(
            work_url(), {"statement": "Most of it.", **files_of(*ALL_FILES[:1]), "do": "hand-in"}
        )
        page = reply.content.decode()

        assert reply.status_code == 422
        assert "<title>Error: Hand in: Data Cleaning with Python</title>" in page
        assert "Most of it.</textarea>" in page
        assert "clean.ipynb" in page
        for problem in (
            '<a href="#id_ai_statement">Say how you used AI, or write that you did not</a>',
            '<a href="#files-t2">Add a file for “Cleaned data”</a>',
            '<a href="#files-t3">Add a file for “Data quality report”</a>',
        ):
            assert problem in page
        assert EvidenceFile.objects.count() == 1

    def test_refuses_a_photo_of_nine_megabytes_and_keeps_the_rest(self):
        amara = browser(cast.amara())
        photo = pieces.JPEG + bytes(9 * 1024 * 1024 - len(pieces.JPEG))

        reply = amara.post(
            work_url(),
            {**STATEMENT, **files_of(("t1", "photo.jpg", photo), ALL_FILES[1]), "do": "hand-in"},
        )
        page = reply.content.decode()

        assert reply.status_code == 422
        assert "<bdi>photo.jpg</bdi>: The file is 9 MB. The most we can take is 5 MB" in page
        assert [one.name for one in EvidenceFile.objects.all()] == ["arrivals.csv"]
        assert Submission.objects.get().statement == STATEMENT["statement"]

    def test_says_which_file_belies_its_name(self):
        reply = browser(cast.amara()).post(work_url(), {**files_of(("t3", "report.pdf", pieces.png()))})

        assert reply.status_code == 422
        assert (
            "<bdi>report.pdf</bdi>: The file is named like a PDF, but holds a PNG picture."
            in reply.content.decode()
        )

    def test_keeps_files_even_where_the_words_are_too_long(self):
        reply = browser(cast.amara()).post(
            work_url(), {"statement": "x" * 4001, "ai_statement": "No", **files_of(ALL_FILES[0])}
        )

        assert reply.status_code == 422
        assert "x" * 4001 in reply.content.decode()
        assert "This is 4001 characters long. Shorten it to 4000." in reply.content.decode()
        assert EvidenceFile.objects.count() == 1
        assert Submission.objects.get().statement == ""

    def test_sent_twice_after_a_lost_answer_adds_nothing(self):
        amara = browser(cast.amara())
        for _ in range(2):
            reply = amara.post(work_url(), {**STATEMENT, **files_of(*ALL_FILES), "client_key": "page-1"})

            assert reply.status_code == 302
        assert EvidenceFile.objects.count() == 3

    def test_with_the_same_file_chosen_again_says_so(self):
        amara = browser(cast.amara())
        amara.post(work_url(), {**files_of(ALL_FILES[1]), "client_key": "page-1"})

        reply = amara.post(work_url(), {**files_of(ALL_FILES[1]), "client_key": "page-2"})

        assert reply.status_code == 422
        assert "You added this file already" in reply.content.decode()

    def test_shows_a_name_in_arabic_as_it_is(self):
        reply = browser(cast.amara()).post(
            work_url(), {**files_of(("t2", "سجلات الوصول.csv", pieces.TABLE))}, follow=True
        )

        assert "<bdi>سجلات الوصول.csv</bdi>" in reply.content.decode()

    def test_escapes_names_and_words(self):
        reply = browser(cast.amara()).post(
            work_url(),
            {
                "statement": "</textarea><script>alert(1)</script>",
                **files_of(("t2", "<img src=x onerror=alert(1)>.csv", pieces.TABLE)),
            },
            follow=True,
        )
        page = reply.content.decode()

        assert "<script>alert" not in page
        assert "<img src=x" not in page

    def test_removes_a_file_and_puts_it_back(self):
        amara = browser(cast.amara())
        amara.post(work_url(), files_of(*ALL_FILES))
        one = EvidenceFile.objects.get(name="arrivals.csv")

        removed = amara.post(work_url(), {**STATEMENT, "remove": str(one.id)}, follow=True).content.decode()
        back = amara.post(work_url(), {**STATEMENT, "put_back": str(one.id)}, follow=True).content.decode()

        assert f'name="put_back" value="{one.id}"' in removed
        assert f'name="remove" value="{one.id}"' in back

    def test_cannot_be_changed_afterwards(self):
        pieces.handed_in()
        amara = browser(cast.amara())

        reply = amara.post(work_url(), {**STATEMENT, **files_of(("t1", "more.csv", pieces.TABLE))})

        assert reply.status_code == 409
        assert '<form method="post" enctype' not in amara.get(work_url()).content.decode()
        assert EvidenceFile.objects.count() == 3
        assert Submission.objects.get().statement == pieces.WORDS.statement

    def test_pressed_twice_shows_what_was_handed_in(self):
        amara = browser(cast.amara())
        sent = {**STATEMENT, **files_of(*ALL_FILES), "do": "hand-in"}

        first = amara.post(work_url(), sent)
        second = amara.post(work_url(), {**STATEMENT, **files_of(*ALL_FILES), "do": "hand-in"}, follow=True)

        assert first.status_code == 302
        assert second.status_code == 200
        assert "You handed this in, so it can no longer be changed." in second.content.decode()
        assert Submission.objects.get().files.count() == 3

    def test_takes_a_nul_in_what_a_browser_calls_the_page(self):
        amara = browser(cast.amara())

        reply = amara.post(
            work_url(), {**STATEMENT, **files_of(ALL_FILES[0]), "client_key": "a\0b", "do": "save"}
        )

        assert reply.status_code == 302
        assert EvidenceFile.objects.count() == 1

    def test_works_with_a_csrf_token_from_its_own_page(self):
        amara = browser(cast.amara(), checks_csrf=True)
        token = token_of(amara.get(work_url()))

        assert amara.post(work_url(), {**STATEMENT, "csrfmiddlewaretoken": token}).status_code == 302
        assert amara.post(work_url(), STATEMENT).status_code == 403


class TestFiles:
    def test_are_served_so_that_they_cannot_act_on_our_pages(self):
        row = pieces.handed_in()
        amara = browser(cast.amara())
        for one in row.files.all():
            reply = amara.get(reverse("assessment:own-file", args=[row.achievement_ref, one.id]))

            assert b"".join(reply.streaming_content)
            assert "sandbox" in reply["Content-Security-Policy"]
            assert reply["X-Content-Type-Options"] == "nosniff"
            assert reply["Cache-Control"] == "private, no-store"
            assert "html" not in reply["Content-Type"]

    def test_keep_their_own_name_for_the_learner(self):
        row = pieces.handed_in()
        one = row.files.get(task_id="t1")

        reply = browser(cast.amara()).get(reverse("assessment:own-file", args=[row.achievement_ref, one.id]))

        assert quote("Amara Okafor cleaning.ipynb") in reply["Content-Disposition"]

    def test_of_an_assessor_carry_no_name_and_may_stand_in_our_viewer(self):
        row = pieces.handed_in()
        services.take_next(by=cast.tomas().actor, at=NOW)
        one = row.files.get(task_id="t1")

        reply = browser(cast.tomas()).get(reverse("assessment:file", args=[row.id, one.id]))

        assert f"candidate-{row.candidate}-1.ipynb" in reply["Content-Disposition"]
        assert reply["X-Frame-Options"] == "SAMEORIGIN"

    def test_close_to_an_assessor_who_gave_the_work_back(self):
        row = pieces.handed_in()
        services.take_next(by=cast.tomas().actor, at=NOW)
        services.give_back(row.id, by=cast.tomas().actor, at=NOW)

        reply = browser(cast.tomas()).get(reverse("assessment:file", args=[row.id, row.files.all()[0].id]))

        assert reply.status_code == 404


def marked_form(*levels, text="Seen in section 3."):
    fields = {f"text-{at}": text for at in range(len(levels))}
    return fields | {f"level-{at}": f"c{at + 1}-l{level}" for at, level in enumerate(levels) if level}


class TestMark:
    def desk(self, player=None):
        row = pieces.handed_in()
        services.take_next(by=(player or cast.tomas()).actor, at=NOW)
        return row, reverse("assessment:mark", args=[row.id])

    def test_tells_no_name_anywhere(self):
        row, url = self.desk()
        tomas = browser(cast.tomas())
        for page in (url, *(f"{url}?show={one.id}" for one in row.files.all()), reverse("assessment:queue")):
            shown = tomas.get(page).content.decode()

            assert "Amara" not in shown
            assert "Okafor" not in shown
            assert str(row.learner_id) not in shown
        assert f"Candidate {row.candidate}" in tomas.get(url).content.decode()

    def test_shows_each_file_as_far_as_it_can(self):
        row, url = self.desk()
        tomas = browser(cast.tomas())
        notebook, table, report = (
            tomas.get(f"{url}?show={row.files.get(task_id=task).id}").content.decode()
            for task in ("t1", "t2", "t3")
        )

        assert "gap = arrivals[&quot;actual&quot;].isna()" in notebook
        assert "<script>alert" not in notebook
        assert '<th scope="col">planned</th>' in table
        assert "St Anne&#x27;s" in table
        assert "<iframe src=" in report

    def test_saves_as_one_writes(self):
        row, url = self.desk()

        reply = browser(cast.tomas()).post(
            url, marked_form(4, 0, 0, 0, text="Half"), headers={"HX-Request": "true"}
        )

        assert reply.status_code == 200
        assert re.fullmatch(
            r'<span class="muted f-sm" id="saved" role="status">Saved at \d\d:\d\d UTC</span>\n?',
            reply.content.decode(),
        )
        assert "HX-Request" in reply["Vary"]
        assert Mark.objects.get(marking__submission=row, criterion_id="c1").level_id == "c1-l4"

    def test_saves_before_it_shows_another_file(self):
        row, url = self.desk()
        other = row.files.get(task_id="t2").id

        reply = browser(cast.tomas()).post(url, {**marked_form(4, 0, 0, 0), "show": str(other)})

        assert reply["Location"] == f"{url}?show={other}"
        assert Mark.objects.filter(criterion_id="c1", level_id="c1-l4").exists()

    def test_saves_before_it_says_what_is_missing(self):
        _row, url = self.desk()

        reply = browser(cast.tomas()).post(url, {**marked_form(4, 2, 0, 3, text=""), "do": "next"})
        page = reply.content.decode()

        assert reply.status_code == 422
        assert '<a href="#id_level-2_1">Choose a level for “Writes code others can rerun”</a>' in page
        assert "Say what is missing in “Treats missing values”" in page
        assert re.search(r'value="c1-l4" checked', page)
        assert Mark.objects.filter(criterion_id="c1", level_id="c1-l4").exists()

    def test_goes_on_to_the_next(self):
        _row, url = self.desk()
        other = pieces.handed_in(cast.lukas())

        reply = browser(cast.tomas()).post(url, {**marked_form(3, 3, 3, 3), "do": "next"})

        assert reply["Location"] == reverse("assessment:mark", args=[other.id])

    def test_ends_at_the_queue_when_nothing_waits(self):
        _row, url = self.desk()

        reply = browser(cast.tomas()).post(url, {**marked_form(3, 3, 3, 3), "do": "next"}, follow=True)

        assert reply.redirect_chain[-1][0] == reverse("assessment:queue")
        assert "The other assessor has still to finish." in reply.content.decode()

    def test_can_wait_for_later(self):
        _row, url = self.desk()

        reply = browser(cast.tomas()).post(url, {**marked_form(3, 0, 0, 0), "do": "later"}, follow=True)

        assert f'<a href="{url}">' in reply.content.decode()

    def test_of_finished_marks_shows_them_locked(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 3, 3, 3, 3)
        url = reverse("assessment:mark", args=[row.id])
        tomas = browser(cast.tomas())

        assert '<fieldset class="seg" disabled>' in tomas.get(url).content.decode()
        assert tomas.post(url, marked_form(4, 4, 4, 4)).status_code == 409

    def test_pressed_twice_shows_the_finished_marks(self):
        _row, url = self.desk()
        tomas = browser(cast.tomas())

        for _press in range(2):
            reply = tomas.post(url, {**marked_form(3, 3, 3, 3), "do": "next"}, follow=True)

        assert reply.status_code == 200
        assert "You finished this one. Marks that are finished do not change." in reply.content.decode()

    def test_works_with_a_csrf_token_from_its_own_page(self):
        _row, url = self.desk()
        tomas = browser(cast.tomas(), checks_csrf=True)
        form = re.search(r'<form class="two.*?</form>', tomas.get(url).content.decode(), re.DOTALL).group(0)
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', form).group(1)

        assert tomas.post(url, {**marked_form(4, 0, 0, 0), "csrfmiddlewaretoken": token}).status_code == 302


class TestAgree:
    def test_shows_both_marks_and_ends_with_an_award(self):
        row = pieces.differing()
        url = reverse("assessment:agree", args=[row.id])
        tomas, ingrid = browser(cast.tomas()), browser(cast.ingrid())

        page = tomas.get(url).content.decode()
        proposed = tomas.post(url, {"level-0": "c3-l3", "text-0": "Section 4 runs on a fresh copy."})
        to_confirm = ingrid.get(url).content.decode()
        number = re.search(r'name="proposal" value="(\d+)"', to_confirm).group(1)
        confirmed = ingrid.post(
            reverse("assessment:confirm", args=[row.id]), {"proposal": number}, follow=True
        )

        assert "You differ on 1 criterion." in page
        assert "<bdi>Ingrid Solberg</bdi>" in page
        assert "Amara" not in page
        assert proposed.status_code == 302
        assert "Section 4 runs on a fresh copy." in to_confirm
        assert "Agreed: passed. The award is ready to issue." in confirmed.content.decode()
        assert Award.objects.filter(id=row.id).exists()

    def test_asks_for_the_reason(self):
        row = pieces.differing()

        reply = browser(cast.tomas()).post(
            reverse("assessment:agree", args=[row.id]), {"level-0": "c3-l3", "text-0": ""}
        )

        assert reply.status_code == 422
        assert "Give the reason for the level of “Writes code others can rerun”" in reply.content.decode()

    @pytest.mark.parametrize("number", ["", "x", "2", "-1", "９", "9" * 400, "9" * 5000])
    def test_takes_no_made_up_number(self, number):
        row = pieces.differing()
        tomas = browser(cast.tomas())
        tomas.post(reverse("assessment:agree", args=[row.id]), {"level-0": "c3-l3", "text-0": "Read again."})

        browser(cast.ingrid()).post(reverse("assessment:confirm", args=[row.id]), {"proposal": number})

        assert Submission.objects.get(id=row.id).state == State.MARKS_DIFFER

    def test_confirmed_twice_shows_the_result(self):
        row = pieces.differing()
        url = reverse("assessment:agree", args=[row.id])
        browser(cast.tomas()).post(url, {"level-0": "c3-l3", "text-0": "Read again."})
        ingrid = browser(cast.ingrid())

        for _press in range(2):
            reply = ingrid.post(reverse("assessment:confirm", args=[row.id]), {"proposal": "1"}, follow=True)

        assert reply.status_code == 200
        assert Award.objects.count() == 1


class TestResult:
    def test_says_what_was_seen_and_offers_a_new_attempt(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 4, 4, 2, 4, comment="No test runs.")
        pieces.marked(cast.ingrid(), 4, 4, 2, 4, comment="Not on a clean machine.")
        amara = browser(cast.amara())

        page = amara.get(work_url(), follow=True).content.decode()
        again = amara.post(reverse("assessment:begin-again", args=[row.achievement_ref]), follow=True)

        assert "Not yet" in page
        assert "needed: Proficient" in page
        assert "No test runs." in page
        assert "Tomas" not in page
        assert "This is a new attempt." in again.content.decode()

    def test_of_a_pass_offers_no_new_attempt(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 3, 3, 3, 3)
        pieces.marked(cast.ingrid(), 3, 3, 3, 3)

        page = browser(cast.amara()).get(work_url(), follow=True).content.decode()

        assert "Passed" in page
        assert reverse("assessment:begin-again", args=[row.achievement_ref]) not in page


class TestEmptyPages:
    def test_say_why_they_are_empty(self):
        assert "Nothing to mark" in browser(cast.tomas()).get(reverse("assessment:queue")).content.decode()
        assert "Nothing marked yet" in browser(cast.tomas()).get(reverse("assessment:done")).content.decode()
        assert "Nothing to hand in" in browser(cast.sven()).get(reverse("assessment:works")).content.decode()
