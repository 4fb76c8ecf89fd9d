# SPDX-License-Identifier: Apache-2.0
"""A programme is written part by part, published for good, and changed only by a new version."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from io import BytesIO

import cast
import pytest
from django.db import DatabaseError, connection, transaction
from PIL import Image

from cairn.achievements import queries, services
from cairn.achievements.errors import DraftExists, NoDraft, NoSuchAchievement, NotAnImage, NotReady, Unfit
from cairn.achievements.facts import BadgeDesign, BadgeKind, Content, Draft, State
from cairn.achievements.models import Achievement, AchievementVersion
from cairn.foundation import files
from cairn.people.errors import NoSuchOrganization, NotASignedInPerson, RoleMissing
from cairn.people.facts import NOBODY
from cairn.site import samples

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ABOUT = samples.DATA_CLEANING[0]


def sql_course() -> Draft:
    """Return a programme of Fernhill that was only begun."""
    return services.draft(cast.fernhill().id, "Querying Data with SQL", by=cast.noor().actor, at=NOW)


def finished() -> Draft:
    """Return a programme of Fernhill with every task done."""
    draft = sql_course()
    for part in samples.DATA_CLEANING:
        draft = services.edit(draft.ref, part, by=cast.noor().actor, at=NOW)
    return draft


def png(side: int = 300) -> bytes:
    """Return a plain square picture."""
    out = BytesIO()
    Image.new("RGB", (side, side), "#1456b8").save(out, "PNG")
    return out.getvalue()


def said(content: Content) -> dict[str, object]:
    """Return what a version says, without which version it is."""
    return {field.name: getattr(content, field.name) for field in fields(Content)}


class TestDrafting:
    def test_gives_back_every_word_that_was_put_in(self):
        published = cast.data_cleaning()

        for part in samples.DATA_CLEANING:
            for field in fields(part):
                assert getattr(published, field.name) == getattr(part, field.name), field.name

    def test_starts_with_the_organizations_own_quality_assurance(self):
        assert sql_course().quality_assurance == "External review every three years"

    def test_takes_no_title_of_300_characters(self):
        with pytest.raises(Unfit):
            services.draft(cast.fernhill().id, "x" * 300, by=cast.noor().actor, at=NOW)

        assert not Achievement.objects.exists()

    def test_changes_one_part_and_leaves_the_others(self):
        draft = finished()

        edited = services.edit(draft.ref, replace(ABOUT, name="SQL"), by=cast.noor().actor, at=NOW)

        assert said(edited) == {**said(draft), "name": "SQL"}

    def test_keeps_the_stored_part_where_a_new_one_is_refused(self):
        draft = finished()

        with pytest.raises(Unfit):
            services.edit(draft.ref, replace(ABOUT, name=""), by=cast.noor().actor, at=NOW)

        assert queries.get_programme("fernhill", draft.ref, by=cast.noor().actor)[1].draft == draft

    def test_of_a_part_takes_few_queries(self, django_assert_max_num_queries):
        draft, editor = sql_course(), cast.noor().actor

        with django_assert_max_num_queries(5):  # two reads, one write, a savepoint around them
            services.edit(draft.ref, ABOUT, by=editor, at=NOW)


class TestRoles:
    @pytest.mark.parametrize(
        ("who", "refusal"),
        [
            (lambda: NOBODY, NotASignedInPerson),
            (lambda: cast.amara().actor, NoSuchOrganization),
            (lambda: cast.tomas().actor, RoleMissing),
            (lambda: cast.mei_ling().actor, RoleMissing),
            (lambda: cast.sven().actor, NoSuchOrganization),
        ],
    )
    def test_of_others_never_change_anything(self, who, refusal):
        draft, by = finished(), who()
        deeds = [
            lambda: services.draft(cast.fernhill().id, "Another", by=by, at=NOW),
            lambda: services.edit(draft.ref, ABOUT, by=by, at=NOW),
            lambda: services.draw_badge(draft.ref, BadgeDesign(), by=by, at=NOW),
            lambda: services.upload_badge(draft.ref, png(), name="a.png", by=by, at=NOW),
            lambda: services.publish(draft.ref, by=by, at=NOW),
            lambda: services.new_version(draft.ref, by=by, at=NOW),
            lambda: services.discard(draft.ref, by=by),
            lambda: services.archive(draft.ref, by=by, at=NOW),
            lambda: services.unarchive(draft.ref, by=by),
        ]

        for deed in deeds:
            with pytest.raises(refusal):
                deed()

        assert Achievement.objects.count() == 1

    def test_of_an_administrator_are_enough_to_edit(self):
        services.edit(sql_course().ref, ABOUT, by=cast.wanda().actor, at=NOW)


class TestPublishing:
    def test_names_everything_that_is_missing(self):
        draft = sql_course()

        with pytest.raises(NotReady) as refused:
            services.publish(draft.ref, by=cast.noor().actor, at=NOW)

        assert {found.part for found in refused.value.findings} == {"about", "rubric", "hand-in"}
        with pytest.raises(NoSuchAchievement):
            queries.latest_published(draft.ref)

    def test_shows_the_achievement_to_everyone(self):
        draft = finished()

        published = services.publish(draft.ref, by=cast.noor().actor, at=NOW)

        assert said(published) == said(draft)
        assert queries.get_published(draft.id) == published
        assert queries.latest_published(draft.ref) == published
        assert queries.published_of(cast.fernhill().id) == (published,)

    def test_draws_the_badge_for_good(self):
        published = cast.data_cleaning()
        fernhill = cast.fernhill()
        drawn = queries.badge_svg(published.id)

        fernhill.name = "Fernhill University"
        fernhill.save()

        assert "Fernhill College" in drawn
        assert queries.badge_svg(published.id) == drawn


class TestAPublishedVersion:
    def test_takes_no_edit(self):
        published = cast.data_cleaning()

        for deed in (
            lambda: services.edit(published.ref, ABOUT, by=cast.noor().actor, at=NOW),
            lambda: services.draw_badge(published.ref, BadgeDesign(), by=cast.noor().actor, at=NOW),
            lambda: services.upload_badge(published.ref, png(), name="a.png", by=cast.noor().actor, at=NOW),
            lambda: services.publish(published.ref, by=cast.noor().actor, at=NOW),
        ):
            with pytest.raises(NoDraft):
                deed()

    def test_is_guarded_by_the_database_itself(self):
        published = cast.data_cleaning()

        for change in ({"name": "Forged"}, {"published_at": None}, {"rubric": []}):
            with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
                AchievementVersion.objects.filter(id=published.id).update(**change)

        assert queries.get_published(published.id) == published

    def test_is_guarded_against_bare_sql_too(self):
        cast.data_cleaning()

        with (
            pytest.raises(DatabaseError, match="never changes"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE achievements_achievementversion SET name = 'Forged'")

    def test_stays_while_a_new_one_is_written_and_published(self):
        first = cast.data_cleaning()
        editor = cast.noor().actor

        services.new_version(first.ref, by=editor, at=NOW)
        services.edit(first.ref, replace(ABOUT, name="Data Cleaning"), by=editor, at=NOW)
        assert queries.latest_published(first.ref) == first
        second = services.publish(first.ref, by=editor, at=NOW)

        assert (second.version, second.name) == (2, "Data Cleaning")
        assert queries.get_published(first.id) == first
        assert queries.published_version(first.ref, 1) == first
        assert queries.latest_published(first.ref) == second
        assert queries.published_of(cast.fernhill().id) == (second,)


class TestANewVersion:
    def test_starts_as_a_copy(self):
        published = cast.data_cleaning()

        draft = services.new_version(published.ref, by=cast.noor().actor, at=NOW)

        assert said(draft) == said(published)
        assert draft.version == 2

    def test_is_begun_once(self):
        published = cast.data_cleaning()
        services.new_version(published.ref, by=cast.noor().actor, at=NOW)

        with pytest.raises(DraftExists):
            services.new_version(published.ref, by=cast.noor().actor, at=NOW)

    def test_can_be_discarded_and_begun_again(self):
        published = cast.data_cleaning()
        services.new_version(published.ref, by=cast.noor().actor, at=NOW)

        services.discard(published.ref, by=cast.noor().actor)

        assert queries.latest_published(published.ref) == published
        assert services.new_version(published.ref, by=cast.noor().actor, at=NOW).version == 2

    def test_that_is_the_first_is_never_discarded(self):
        draft = sql_course()

        with pytest.raises(Unfit, match="Archive the programme"):
            services.discard(draft.ref, by=cast.noor().actor)


class TestArchiving:
    def test_takes_it_from_the_list_and_keeps_its_page(self):
        published = cast.data_cleaning()

        services.archive(published.ref, by=cast.noor().actor, at=NOW)

        assert queries.published_of(cast.fernhill().id) == ()
        assert queries.latest_published(published.ref) == published
        assert queries.is_archived(published.ref)

    def test_can_be_undone(self):
        published = cast.data_cleaning()
        services.archive(published.ref, by=cast.noor().actor, at=NOW)

        services.unarchive(published.ref, by=cast.noor().actor)

        assert queries.published_of(cast.fernhill().id) == (published,)


class TestProgrammes:
    def test_are_listed_by_name_with_their_state(self):
        cast.data_cleaning()
        sql_course()
        services.archive(sql_course().ref, by=cast.noor().actor, at=NOW)

        _organization, found = queries.programmes_of("fernhill", by=cast.tomas().actor)

        assert [one.state for one in found] == [State.PUBLISHED, State.DRAFT, State.ARCHIVED]

    def test_take_three_queries_however_many(self, django_assert_num_queries):
        for _ in range(3):
            sql_course()
        reader = cast.tomas().actor

        with django_assert_num_queries(2):
            queries.programmes_of("fernhill", by=reader)


class TestAnUpload:
    def test_replaces_the_drawing_and_nothing_of_it_is_kept(self):
        draft = services.upload_badge(finished().ref, png(), name="a.png", by=cast.noor().actor, at=NOW)
        published = services.publish(draft.ref, by=cast.noor().actor, at=NOW)

        assert 'href="data:image/png;base64,' in queries.badge_svg(published.id)
        image = Image.open(BytesIO(queries.badge_png(published.id, 96)))
        assert image.size == (96, 96)
        assert image.getpixel((48, 48)) == (0x14, 0x56, 0xB8, 255)

    def test_that_is_refused_leaves_the_badge_as_it_was(self):
        draft = finished()

        with pytest.raises(NotAnImage):
            services.upload_badge(draft.ref, b"%PDF-1.7", name="a.png", by=cast.noor().actor, at=NOW)

        assert queries.get_programme("fernhill", draft.ref, by=cast.noor().actor)[1].draft == draft

    def test_is_forgotten_when_another_takes_its_place(self, django_capture_on_commit_callbacks):
        draft = services.upload_badge(finished().ref, png(), name="a.png", by=cast.noor().actor, at=NOW)
        first = draft.badge.upload

        with django_capture_on_commit_callbacks(execute=True):
            services.draw_badge(draft.ref, BadgeDesign(), by=cast.noor().actor, at=NOW)

        assert files.sha256_now(first) is None

    def test_stays_while_a_published_version_shows_it(self, django_capture_on_commit_callbacks):
        draft = services.upload_badge(finished().ref, png(), name="a.png", by=cast.noor().actor, at=NOW)
        services.publish(draft.ref, by=cast.noor().actor, at=NOW)
        services.new_version(draft.ref, by=cast.noor().actor, at=NOW)

        with django_capture_on_commit_callbacks(execute=True):
            services.draw_badge(draft.ref, BadgeDesign(), by=cast.noor().actor, at=NOW)

        assert files.sha256_now(draft.badge.upload) is not None


class TestBadgePng:
    @pytest.mark.parametrize("size", [48, 512])
    def test_has_the_size_asked_for(self, size):
        published = cast.data_cleaning()

        assert Image.open(BytesIO(queries.badge_png(published.id, size))).size == (size, size)

    def test_of_a_draft_is_nobodys(self):
        draft = services.draw_badge(
            finished().ref, BadgeDesign(kind=BadgeKind.STACK), by=cast.noor().actor, at=NOW
        )

        with pytest.raises(NoSuchAchievement):
            queries.badge_png(draft.id, 512)
        with pytest.raises(NoSuchAchievement):
            queries.badge_svg(draft.id)
