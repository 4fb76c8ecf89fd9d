# SPDX-License-Identifier: Apache-2.0
"""The pages of programme editors: nothing is lost, every fault is named, buttons work without scripts."""

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO

import cast
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from cairn.achievements import queries, services
from cairn.achievements.facts import Draft
from cairn.site import samples

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LEVELS = {
    f"level-{n}-name": name for n, name in enumerate(("Emerging", "Developing", "Proficient", "Exemplary"))
}


@pytest.fixture
def editor() -> Client:
    """Return a browser in which an editor of Fernhill is signed in."""
    client = Client()
    client.force_login(cast.noor().row)
    return client


@pytest.fixture
def draft() -> Draft:
    """Return a programme of Fernhill that was only begun."""
    return services.draft(cast.fernhill().id, "Querying Data with SQL", by=cast.noor().actor, at=NOW)


def page(name: str, draft: Draft) -> str:
    """Return the address of one of the draft's pages."""
    return reverse(f"achievements:{name}", args=("fernhill", draft.ref))


def stored(draft: Draft) -> Draft:
    """Return the draft as it is stored now."""
    return queries.draft_to_edit("fernhill", draft.ref, by=cast.noor().actor)[1]


def text(reply: object) -> str:
    """Return what a page says, entities read."""
    return unescape(reply.content.decode())  # type: ignore[attr-defined]  # an HttpResponse


def value(reply: object, name: str) -> str:
    """Return what stands in an input or text area of a page."""
    html = reply.content.decode()  # type: ignore[attr-defined]  # an HttpResponse
    area = re.search(rf'<textarea name="{name}"[^>]*>\s*(.*?)</textarea>', html, re.S)
    if area:
        return unescape(area[1])
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    assert tag, name
    found = re.search(r'value="([^"]*)"', tag[0])
    return unescape(found[1]) if found else ""


def criterion(place: int, name: str, **more: str) -> dict[str, str]:
    """Return what a browser sends for one criterion."""
    start = f"criterion-{place}-"
    empty = {f"{start}level_{n}": "" for n in range(4)}
    return {
        f"{start}id": "",
        f"{start}name": name,
        f"{start}description": "",
        f"{start}required": "2",
        **empty,
        **{start + key: text for key, text in more.items()},
    }


class TestStart:
    def test_needs_only_a_title(self, editor):
        reply = editor.post(
            reverse("achievements:start", args=("fernhill",)),
            {"name": "  Food   Hygiene ", "description": "", "language": "en", "field": "food"},
        )

        _organization, (programme,) = queries.programmes_of("fernhill", by=cast.noor().actor)
        assert reply.status_code == 302
        assert programme.content.name == "Food Hygiene"
        assert programme.content.badge.field == "food"

    def test_keeps_a_title_of_300_characters_and_says_what_to_do(self, editor):
        reply = editor.post(
            reverse("achievements:start", args=("fernhill",)),
            {"name": "é" * 300, "description": "Kept", "language": "nl", "field": "food"},
        )

        assert reply.status_code == 422
        assert "This is 300 characters long. Shorten it to 200." in text(reply)
        assert value(reply, "name") == "é" * 300
        assert value(reply, "description") == "Kept"

    def test_takes_a_name_in_arabic(self, editor):
        editor.post(
            reverse("achievements:start", args=("fernhill",)),
            {"name": "تنظيف البيانات", "description": "", "language": "en", "field": "data"},
        )

        _organization, (programme,) = queries.programmes_of("fernhill", by=cast.noor().actor)
        assert "تنظيف البيانات" in text(
            editor.get(reverse("achievements:programme", args=("fernhill", programme.ref)))
        )


class TestAbout:
    def test_saves_one_outcome_a_line(self, editor, draft):
        reply = editor.post(
            page("about", draft),
            {
                "name": draft.name,
                "description": "Ask a database.",
                "outcomes": "join tables\r\n\r\n- read a query plan\r\n",
                "criteria_narrative": "Answer ten questions.",
                "achievement_type": "MicroCredential",
                "language": "en",
            },
        )

        assert reply.status_code == 302
        assert stored(draft).outcomes == ("join tables", "read a query plan")


class TestRubric:
    def test_is_saved_and_shown_again(self, editor, draft):
        texts = {"level_0": "a", "level_1": "b", "level_2": "c", "level_3": "d"}

        editor.post(page("rubric", draft), {**LEVELS, **criterion(0, "Joins tables", **texts)})

        (saved,) = stored(draft).rubric
        assert [(level.name, level.description) for level in saved.levels] == [
            ("Emerging", "a"),
            ("Developing", "b"),
            ("Proficient", "c"),
            ("Exemplary", "d"),
        ]
        assert saved.required_level == saved.levels[2].id
        assert value(editor.get(page("rubric", draft)), "criterion-0-level_2") == "c"

    @pytest.mark.parametrize("own", ["c1", "x" * 100, "a b", "c1/../c2"])
    def test_gives_an_id_of_its_own_to_a_criterion_that_came_with_an_odd_or_a_taken_one(
        self, editor, draft, own
    ):
        first, second = criterion(0, "Joins tables"), criterion(1, "Counts rows")

        reply = editor.post(
            page("rubric", draft),
            {**LEVELS, **first, "criterion-0-id": "c1", **second, "criterion-1-id": own},
        )

        assert reply.status_code == 302
        assert [one.id for one in stored(draft).rubric] == ["c1", "c2"]

    def test_takes_a_number_of_thousands_of_digits_for_no_level(self, editor, draft):
        reply = editor.post(
            page("rubric", draft),
            {
                **LEVELS,
                **criterion(0, "Joins tables"),
                "criterion-0-required": "9" * 5000,
                "do": "remove-level-0",
            },
        )

        assert reply.status_code == 200

    def test_with_one_level_is_refused_and_keeps_every_answer(self, editor, draft):
        reply = editor.post(
            page("rubric", draft),
            {
                "level-0-name": "Good",
                "criterion-0-name": "Joins tables",
                "criterion-0-level_0": "Joins three tables without help.",
                "criterion-0-required": "0",
            },
        )

        assert reply.status_code == 422
        assert "A rubric needs two levels or more" in text(reply)
        assert value(reply, "level-0-name") == "Good"
        assert value(reply, "criterion-0-level_0") == "Joins three tables without help."
        assert stored(draft).rubric == ()

    def test_with_a_criterion_twice_links_to_the_second(self, editor, draft):
        reply = editor.post(
            page("rubric", draft), {**LEVELS, **criterion(0, "Joins tables"), **criterion(1, "joins tables")}
        )

        assert reply.status_code == 422
        assert '<a href="#id_criterion-1-name">Two criteria are called “joins tables”.' in text(reply)

    @pytest.mark.parametrize(
        ("deed", "names"),
        [
            ("add-criterion", ["Joins", "Filters", "Explains", ""]),
            ("remove-criterion-1", ["Joins", "Explains"]),
            ("up-criterion-2", ["Joins", "Explains", "Filters"]),
            ("down-criterion-0", ["Filters", "Joins", "Explains"]),
            ("up-criterion-0", ["Joins", "Filters", "Explains"]),
            ("remove-criterion-99", ["Joins", "Filters", "Explains"]),
            ("nonsense", ["Joins", "Filters", "Explains"]),
        ],
    )
    def test_rows_move_by_plain_buttons_and_nothing_is_saved(self, editor, draft, deed, names):
        sent = {**LEVELS}
        for place, name in enumerate(("Joins", "Filters", "Explains")):
            sent |= criterion(place, name, level_3=f"{name} well")

        reply = editor.post(page("rubric", draft), {**sent, "do": deed})

        assert reply.status_code == 200
        for place, name in enumerate(names):
            assert value(reply, f"criterion-{place}-name") == name
            assert value(reply, f"criterion-{place}-level_3") == (f"{name} well" if name else "")
        assert f'name="criterion-{len(names)}-name"' not in text(reply)
        assert "Not saved yet" in text(reply)
        assert stored(draft).rubric == ()

    def test_a_level_goes_with_its_text_in_every_criterion(self, editor, draft):
        texts = {"level_0": "a", "level_1": "b", "level_2": "c", "level_3": "d"}

        reply = editor.post(
            page("rubric", draft), {**LEVELS, **criterion(0, "Joins", **texts), "do": "remove-level-1"}
        )

        assert [value(reply, f"level-{n}-name") for n in range(3)] == ["Emerging", "Proficient", "Exemplary"]
        assert [value(reply, f"criterion-0-level_{n}") for n in range(3)] == ["a", "c", "d"]
        assert '<option value="1" selected>Proficient</option>' in text(reply)

    def test_passes_over_rows_that_were_left_empty(self, editor, draft):
        sent = {**LEVELS, "level-4-name": "", **criterion(0, ""), **criterion(1, "Joins tables")}

        reply = editor.post(page("rubric", draft), sent)

        assert reply.status_code == 302
        assert [one.name for one in stored(draft).rubric] == ["Joins tables"]
        assert len(stored(draft).rubric[0].levels) == 4

    def test_keeps_the_ids_of_criteria_that_stay(self, editor, draft):
        editor.post(page("rubric", draft), {**LEVELS, **criterion(0, "Joins"), **criterion(1, "Filters")})
        first, second = (one.id for one in stored(draft).rubric)

        editor.post(
            page("rubric", draft),
            {
                **LEVELS,
                **criterion(0, "Filters", id=second),
                **criterion(1, "New"),
                **criterion(2, "Joins", id=first),
            },
        )

        ids = [one.id for one in stored(draft).rubric]
        assert (ids[0], ids[2]) == (second, first)
        assert len(set(ids)) == 3

    def test_takes_no_passing_level_that_is_not_there(self, editor, draft):
        reply = editor.post(page("rubric", draft), {**LEVELS, **criterion(0, "Joins", required="7")})

        assert reply.status_code == 422


class TestHandIn:
    def test_saves_tasks_in_order(self, editor, draft):
        editor.post(
            page("hand-in", draft),
            {
                "assessors_needed": "1",
                "task-0-id": "",
                "task-0-name": "Queries",
                "task-0-description": "Ten of them",
                "task-0-required": "on",
                "task-1-id": "",
                "task-1-name": "A film",
                "task-1-description": "",
            },
        )

        tasks = stored(draft).evidence_tasks
        assert [(task.name, task.required) for task in tasks] == [("Queries", True), ("A film", False)]
        assert stored(draft).assessors_needed == 1

    def test_gives_an_id_of_its_own_to_a_task_that_came_with_an_odd_one(self, editor, draft):
        sent = {"task-0-id": "t1", "task-0-name": "Queries", "task-1-id": "x" * 100, "task-1-name": "A film"}

        editor.post(page("hand-in", draft), {"assessors_needed": "1", **sent})

        assert [task.id for task in stored(draft).evidence_tasks] == ["t1", "t2"]

    def test_keeps_answers_when_a_name_is_missing(self, editor, draft):
        reply = editor.post(
            page("hand-in", draft),
            {"assessors_needed": "2", "task-0-name": "", "task-0-description": "Ten of them"},
        )

        assert reply.status_code == 422
        assert "Name what is handed in, or remove it." in text(reply)
        assert value(reply, "task-0-description") == "Ten of them"

    def test_a_row_can_be_added_without_losing_the_others(self, editor, draft):
        reply = editor.post(
            page("hand-in", draft),
            {"assessors_needed": "0", "task-0-name": "Queries", "do": "add-task"},
        )

        assert value(reply, "task-0-name") == "Queries"
        assert value(reply, "task-1-name") == ""
        assert '<option value="0" selected>' in text(reply)


class TestSkills:
    def test_are_saved_with_tags_once_each(self, editor, draft):
        editor.post(
            page("skills", draft),
            {
                "tags": "sql, databases , sql",
                "skill-0-target_name": "SQL",
                "skill-0-target_framework": "ESCO",
                "skill-0-target_url": "http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742",
                "skill-0-target_code": "",
            },
        )

        assert stored(draft).tags == ("sql", "databases")
        assert [one.target_name for one in stored(draft).alignments] == ["SQL"]

    def test_without_an_address_are_refused_in_words(self, editor, draft):
        reply = editor.post(
            page("skills", draft), {"tags": "", "skill-0-target_name": "SQL", "skill-0-target_url": "esco"}
        )

        assert reply.status_code == 422
        assert "Enter the skill's address in its framework" in text(reply)


class TestFacts:
    FILLED = {
        "workload_hours": "50",
        "ects": "2",
        "eqf_level": "5",
        "assessment_type": "project",
        "participation": "blended",
        "supervision": "",
        "quality_assurance": "External review",
    }

    def test_are_saved(self, editor, draft):
        reply = editor.post(page("facts", draft), {**self.FILLED, "review_by": "2031-09-01"})

        assert reply.status_code == 302
        assert stored(draft).eqf_level == 5
        assert stored(draft).review_by is not None

    def test_tell_no_level_from_a_level_not_said(self, editor, draft):
        editor.post(page("facts", draft), {**self.FILLED, "eqf_level": "none"})

        assert (stored(draft).eqf_level, stored(draft).level_applies) == (None, False)
        assert '<option value="none" selected>' in text(editor.get(page("facts", draft)))

    @pytest.mark.parametrize(
        ("field", "wrong", "sentence"),
        [
            ("review_by", "2020-02-29", "This day has passed."),
            ("review_by", "31 February", "Enter the day as year, month and day"),
            ("workload_hours", "fifty", "Enter the hours as a number"),
            ("workload_hours", "1e400", "Enter the hours"),
            ("ects", "NaN", "Enter the credits as a number"),
            ("valid_for_months", "2.5", "Enter the months as a whole number"),
            ("valid_for_months", "99999999999999999999", "Enter the months, between 1 and 600."),
        ],
    )
    def test_keep_a_wrong_answer_and_say_what_to_enter(self, editor, draft, field, wrong, sentence):
        reply = editor.post(page("facts", draft), {**self.FILLED, field: wrong})

        assert reply.status_code == 422
        assert sentence in text(reply)
        assert value(reply, field) == wrong
        assert value(reply, "quality_assurance") == "External review"


class TestBadge:
    CHOICE = {"field": "green", "level": "3", "kind": "licence", "hue": ""}

    def test_is_chosen(self, editor, draft):
        editor.post(page("badge", draft), {**self.CHOICE, "hue": "145"})

        assert (stored(draft).badge.field, stored(draft).badge.level, stored(draft).badge.hue) == (
            "green",
            3,
            145,
        )

    def test_is_shown_before_it_is_saved_without_scripts(self, editor, draft):
        before = text(editor.get(page("badge", draft)))

        reply = editor.post(page("badge", draft), {**self.CHOICE, "do": "preview"})

        pictures = re.findall(r"data:image/svg\+xml;base64,[\w+/=]+", text(reply))
        assert len(pictures) == 3
        assert pictures[0] not in before
        assert stored(draft).badge.field == "general"

    def test_hue_999_is_refused_and_kept(self, editor, draft):
        reply = editor.post(page("badge", draft), {**self.CHOICE, "hue": "999"})

        assert reply.status_code == 422
        assert "Enter a hue from 0 to 359" in text(reply)
        assert value(reply, "hue") == "999"

    def test_preview_answers_a_fault_in_words(self, editor, draft):
        reply = editor.get(page("badge-preview", draft), {**self.CHOICE, "hue": "999"})

        assert reply.status_code == 422
        assert "Enter a hue from 0 to 359" in text(reply)
        assert "<html" not in text(reply)

    def test_takes_an_image_of_ones_own(self, editor, draft):
        out = BytesIO()
        Image.new("RGB", (200, 200), "red").save(out, "PNG")

        reply = editor.post(
            page("badge-upload", draft),
            {"image": SimpleUploadedFile("ours.png", out.getvalue(), "image/png")},
        )

        assert reply.status_code == 302
        assert stored(draft).badge.upload is not None
        assert "This is your own image." in text(editor.get(page("badge", draft)))

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            (
                "photo.jpg",
                b"\xff\xd8\xff" + bytes(9 * 1024 * 1024),
                "The file is 9 MB. The most we can take is 5 MB.",
            ),
            ("empty.png", b"", "The file is empty. Choose the image again."),
            ("page.svg", b"<html></html>", "This is not an image we can take."),
            ("lie.png", b"\xff\xd8\xff\xe0 hello", "The name ends in .png, but the file is a JPEG."),
            (
                "bomb.svg",
                b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
                "The drawing declares a document type or entities.",
            ),
        ],
    )
    def test_refuses_other_files_in_words(self, editor, draft, name, content, sentence):
        reply = editor.post(
            page("badge-upload", draft), {"image": SimpleUploadedFile(name, content, "image/png")}
        )

        assert reply.status_code == 422
        assert sentence in text(reply)
        assert stored(draft).badge.upload is None

    def test_without_a_file_says_so(self, editor, draft):
        reply = editor.post(page("badge-upload", draft))

        assert reply.status_code == 422
        assert "Choose a PNG, JPEG or SVG file." in text(reply)


class TestPublish:
    def test_names_what_is_missing_with_a_link_to_each_task(self, editor, draft):
        reply = editor.post(page("publish", draft))

        assert reply.status_code == 422
        for task in ("about", "rubric", "hand-in"):
            assert f'href="{page(task, draft)}"' in text(reply)
        assert "Not EU-conformant" in text(reply)

    def test_publishes_what_is_complete(self, editor, draft):
        for part in samples.DATA_CLEANING:
            services.edit(draft.ref, part, by=cast.noor().actor, at=NOW)
        assert "Ready to publish" in text(editor.get(page("publish", draft)))

        reply = editor.post(page("publish", draft), follow=True)

        assert "Published. Everyone can see it now." in text(reply)
        assert Client().get(reverse("achievements:achievement", args=(draft.ref,))).status_code == 200

    def test_leads_to_a_page_without_forms_for_what_is_published(self, editor):
        published = cast.data_cleaning()

        reply = editor.get(reverse("achievements:about", args=("fernhill", published.ref)))

        assert reply.status_code == 422
        assert "Start a new version to change it." in text(reply)


class TestReaders:
    def test_see_a_programme_and_no_way_to_change_it(self, draft):
        client = Client()
        client.force_login(cast.tomas().row)

        reply = client.get(page("programme", draft))

        assert reply.status_code == 200
        assert '<form method="post" action="/staff' not in text(reply)
        assert page("rubric", draft) not in text(reply)
