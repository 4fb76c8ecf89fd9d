# SPDX-License-Identifier: Apache-2.0
"""What may be saved, and what is still missing before everyone may see it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.achievements import rules
from cairn.achievements.errors import NotReady, Unfit
from cairn.achievements.facts import BadgeDesign, Content, EvidenceTask, Finding, Rubric
from cairn.people.facts import Organization
from cairn.site import samples

TODAY = date(2026, 11, 22)
ABOUT, RUBRIC, HAND_IN, SKILLS, FACTS = samples.DATA_CLEANING
FERNHILL = Organization(
    id=UUID(int=1),
    slug="fernhill",
    name="Fernhill College",
    country="GB",
    url="",
    email="",
    description="",
    hue=258,
    quality_assurance="",
)


def complete() -> Content:
    """Return Data Cleaning with Python, finished."""
    parts = {
        name: getattr(part, name) for part in samples.DATA_CLEANING for name in part.__dataclass_fields__
    }
    return Content(badge=BadgeDesign(field="data", level=2), **parts)


def faults(part: object) -> dict[str, str]:
    """Return the codes and fields of what is wrong with a part."""
    with pytest.raises(Unfit) as refused:
        rules.check_part(part, today=TODAY)
    return {found.code: found.field for found in refused.value.findings}


def missing(content: Content, organization: Organization = FERNHILL) -> list[str]:
    """Return the codes of what blocks publishing."""
    return [found.code for found in rules.findings(content, organization, today=TODAY) if found.blocks]


class TestAPart:
    @pytest.mark.parametrize("part", samples.DATA_CLEANING)
    def test_of_the_cast_is_fit(self, part):
        rules.check_part(part, today=TODAY)

    def test_with_a_title_of_300_characters_is_refused_at_the_title(self):
        assert faults(replace(ABOUT, name="x" * 300)) == {"about.too-long": "name"}

    def test_says_how_long_it_is_and_may_be(self):
        with pytest.raises(Unfit, match=r"300 characters long\. Shorten it to 200"):
            rules.check_part(replace(ABOUT, name="x" * 300), today=TODAY)

    def test_without_a_title_is_refused(self):
        assert faults(replace(ABOUT, name="  ")) == {"about.no-name": "name"}

    def test_that_is_only_unfinished_may_be_saved(self):
        rules.check_part(replace(ABOUT, description="", outcomes=(), criteria_narrative=""), today=TODAY)

    def test_with_an_outcome_twice_is_refused(self):
        twice = replace(ABOUT, outcomes=("clean data", "Clean  data"))

        assert faults(twice) == {"about.outcome-twice": "outcomes"}

    def test_with_a_day_in_the_past_is_refused(self):
        assert faults(replace(FACTS, review_by=date(2026, 11, 22))) == {"facts.review-past": "review_by"}
        rules.check_part(replace(FACTS, review_by=date(2026, 11, 23)), today=TODAY)

    @pytest.mark.parametrize("hours", ["0", "-5", "10001"])
    def test_with_impossible_hours_is_refused(self, hours):
        assert faults(replace(FACTS, workload_hours=Decimal(hours))) == {"facts.hours": "workload_hours"}

    def test_with_a_skill_that_has_no_address_is_refused(self):
        lost = replace(SKILLS.alignments[0], target_url="cleanse data")

        assert faults(replace(SKILLS, alignments=(lost,))) == {"skills.no-address": "skill-0-target_url"}

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://", "//host.example"])
    def test_never_links_to_what_is_no_web_page(self, url):
        lost = replace(SKILLS.alignments[0], target_url=url)

        assert "skills.no-address" in faults(replace(SKILLS, alignments=(lost,)))

    def test_with_the_same_thing_to_hand_in_twice_is_refused(self):
        tasks = (EvidenceTask(id="t1", name="Report"), EvidenceTask(id="t2", name="report "))

        assert faults(replace(HAND_IN, evidence_tasks=tasks)) == {"hand-in.twice": "task-1-name"}


class TestRubric:
    def test_with_one_level_is_refused(self):
        criterion = RUBRIC.rubric[0]
        poor = replace(criterion, levels=criterion.levels[:1], required_level=None)

        assert faults(Rubric(rubric=(poor,))) == {"rubric.one-level": "level-0-name"}

    def test_with_two_criteria_of_one_name_is_refused_at_the_second(self):
        first, second = RUBRIC.rubric[:2]

        assert faults(Rubric(rubric=(first, replace(second, name="finds  ERRORS in the data")))) == {
            "rubric.criterion-twice": "criterion-1-name"
        }

    def test_with_a_required_level_of_another_criterion_is_refused(self):
        first, second = RUBRIC.rubric[:2]
        crossed = replace(first, required_level=second.required_level)

        assert faults(Rubric(rubric=(crossed,))) == {"rubric.required-level": "criterion-0-required"}

    def test_with_two_levels_of_one_name_is_refused(self):
        criterion = RUBRIC.rubric[0]
        low, *rest = criterion.levels
        doubled = replace(criterion, levels=(low, replace(rest[0], name=low.name), *rest[1:]))

        assert faults(Rubric(rubric=(doubled,))) == {"rubric.level-twice": "level-1-name"}


class TestPublishing:
    def test_finds_nothing_missing_in_what_is_complete(self):
        assert rules.findings(complete(), FERNHILL, today=TODAY) == ()

    def test_names_everything_that_is_missing_at_once(self):
        bare = replace(
            complete(), description="", outcomes=(), criteria_narrative="", rubric=(), evidence_tasks=()
        )

        with pytest.raises(NotReady) as refused:
            rules.require_ready(bare, FERNHILL, today=TODAY)

        assert [found.code for found in refused.value.findings] == [
            "about.no-description",
            "about.no-outcomes",
            "about.no-criteria",
            "rubric.none",
            "hand-in.none",
        ]

    def test_wants_every_level_described(self):
        criterion = RUBRIC.rubric[0]
        silent = replace(
            criterion, levels=(replace(criterion.levels[0], description=""), *criterion.levels[1:])
        )

        assert missing(replace(complete(), rubric=(silent,))) == ["rubric.level-not-described"]

    def test_asks_no_rubric_of_what_nobody_marks(self):
        assert missing(replace(complete(), rubric=(), evidence_tasks=(), assessors_needed=0)) == []

    def test_never_gives_more_credits_than_the_hours_are(self):
        assert missing(replace(complete(), ects=Decimal("2.01"))) == ["facts.ects-over"]
        assert missing(replace(complete(), ects=Decimal(2))) == []

    def test_is_stopped_by_a_day_that_passed_since_it_was_entered(self):
        assert missing(replace(complete(), review_by=date(2026, 11, 21))) == ["facts.review-past"]


class TestTitle:
    @pytest.mark.parametrize(
        ("title", "codes"),
        [
            ("A Master of Baking", ["about.title-word"]),
            ("Mastering Baking", []),
            ("NATIONAL degree in baking", ["about.title-word"] * 2),
            ("International Baking", []),
            ("Baking in New Zealand", ["about.title-word"]),
        ],
    )
    def test_is_held_to_whole_words_in_new_zealand(self, title, codes):
        assert [found.code for found in rules.check_title(title, "NZ")] == codes

    def test_is_free_where_no_rule_is_known(self):
        assert rules.check_title("A Master of Baking", "GB") == ()


class TestEuElements:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"outcomes": ()}, "eu.outcomes"),
            ({"workload_hours": None}, "eu.workload_hours"),
            ({"eqf_level": None}, "eu.eqf_level"),
            ({"assessment_type": None}, "eu.assessment_type"),
            ({"participation": None}, "eu.participation"),
            ({"quality_assurance": ""}, "eu.quality_assurance"),
        ],
    )
    def test_are_each_missed_and_none_is_guessed(self, change, code):
        lacking = replace(complete(), **change)

        assert [found.code for found in rules.eu_missing(lacking, FERNHILL)] == [code]
        assert not rules.is_eu_conformant(lacking, FERNHILL)

    def test_do_not_stop_a_publication(self):
        assert missing(replace(complete(), workload_hours=None, ects=None)) == []

    def test_are_complete_where_no_level_applies(self):
        assert rules.is_eu_conformant(replace(complete(), eqf_level=None, level_applies=False), FERNHILL)

    def test_want_the_country_of_the_issuer(self):
        assert [found.code for found in rules.eu_missing(complete(), replace(FERNHILL, country=""))] == [
            "eu.issuer"
        ]


class TestEcts:
    def test_of_50_hours_are_1_67_to_2(self):
        assert rules.ects_range(Decimal(50)) == (Decimal("1.67"), Decimal(2))

    @given(st.decimals(min_value=1, max_value=10_000, places=2))
    def test_is_never_rounded_up_past_the_hours(self, hours):
        least, most = rules.ects_range(hours)

        assert most * 25 <= hours
        assert least * 30 >= hours


class TestDesign:
    @pytest.mark.parametrize(
        ("design", "field"),
        [
            (BadgeDesign(hue=999), "hue"),
            (BadgeDesign(hue=-1), "hue"),
            (BadgeDesign(level=5), "level"),
            (BadgeDesign(field="alchemy"), "field"),
        ],
    )
    def test_that_cannot_be_drawn_is_refused_at_its_field(self, design, field):
        with pytest.raises(Unfit) as refused:
            rules.check_design(design)

        assert [found.field for found in refused.value.findings] == [field]


class TestSentences:
    def test_have_a_value_for_every_place(self):
        bare = replace(complete(), description="", ects=Decimal(9), rubric=(), quality_assurance="")

        for found in rules.findings(bare, FERNHILL, today=TODAY):
            assert isinstance(found, Finding)
            assert "%" not in found.message % dict(found.values)
