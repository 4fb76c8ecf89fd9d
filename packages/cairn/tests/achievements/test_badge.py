# SPDX-License-Identifier: Apache-2.0
"""The drawn badge: the same for ever, legible at every hue, and nothing in it but a drawing."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.achievements import badge, rasterise
from cairn.achievements.facts import BadgeDesign, BadgeKind

#: Letters of several scripts, and those that mean something in XML.
LETTERS = "aZé <>&\"'-]\u0645\u4e2d\U0001f393"
GOLDEN = Path(__file__).parent / "golden"
SAMPLES = {
    "data-cleaning": ("Data Cleaning with Python", "Fernhill College", BadgeDesign(field="data", level=2)),
    "dementia-care": (
        "Dementia Care Practice",
        "Harbour Health Academy",
        BadgeDesign(field="care", level=3, kind=BadgeKind.LICENCE),
    ),
    "foundations": (
        "Data Analyst Foundations",
        "Fernhill College",
        BadgeDesign(field="data", level=3, kind=BadgeKind.STACK),
    ),
    "mentoring": (
        "Peer Mentoring",
        "Fernhill College",
        BadgeDesign(field="people", kind=BadgeKind.PARTICIPATION, hue=88),
    ),
}


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`. Spec: WCAG 2.2 relative luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class TestDrawing:
    @pytest.mark.parametrize("name", SAMPLES)
    def test_is_what_it_was_in_the_first_release(self, name):
        title, issuer, design = SAMPLES[name]

        assert badge.draw(title, issuer, design) == (GOLDEN / f"{name}.svg").read_text(encoding="utf-8")

    @given(
        name=st.text(min_size=1, max_size=80, alphabet=LETTERS),
        field=st.sampled_from(sorted(badge.FIELDS)),
        level=st.integers(0, 4),
        kind=st.sampled_from(BadgeKind),
        hue=st.none() | st.integers(0, 359),
    )
    def test_is_well_formed_small_and_repeatable(self, name, field, level, kind, hue):
        design = BadgeDesign(field=field, level=level, kind=kind, hue=hue)

        svg = badge.draw(name, "Fernhill College", design)

        assert len(svg.encode()) < 9_000
        assert svg == badge.draw(name, "Fernhill College", design)
        title = ElementTree.fromstring(svg)[0]
        assert title.text == name

    def test_differs_by_name_and_by_issuer(self):
        design = BadgeDesign(field="data", level=2)
        drawn = {
            badge.draw("Data Cleaning", "Fernhill", design),
            badge.draw("Data Cleaning", "North Quay", design),
            badge.draw("Data Cleansing", "Fernhill", design),
        }

        assert len(drawn) == 3

    def test_never_lets_a_name_become_markup(self):
        svg = badge.draw('</title><script>alert("x")</script>', "<b>", BadgeDesign())

        assert "<script" not in svg
        assert "<b>" not in svg

    def test_shows_the_level_as_diamonds(self):
        diamonds = [
            badge.draw("A", "B", BadgeDesign(level=level)).count("l13 15-13 15-13-15Z") for level in range(5)
        ]

        assert diamonds == [0, 1, 2, 3, 4]


class TestColours:
    @pytest.mark.parametrize("hue", range(0, 360, 6))
    def test_are_legible_at_every_hue(self, hue):
        ink = badge.palette(hue)

        assert contrast(ink["ink"], ink["paper"]) >= 7
        assert contrast(ink["paper"], ink["rim"]) >= 7


class TestPng:
    def test_is_a_square_of_the_size_asked_for(self):
        png = rasterise.own(badge.draw("A", "B", BadgeDesign()), 96)

        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert int.from_bytes(png[16:20], "big") == int.from_bytes(png[20:24], "big") == 96
