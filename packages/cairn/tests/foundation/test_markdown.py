# SPDX-License-Identifier: Apache-2.0
"""What people write in Markdown can never run."""

import re

import lxml.html
import pytest

from cairn.foundation.markdown import as_html


class TestAsHtml:
    def test_keeps_lists_links_and_stress(self) -> None:
        html = as_html("Works **alone**:\n\n- finds errors\n- [reads](https://example.org/)")

        assert "<strong>alone</strong>" in html
        assert "<li>finds errors</li>" in html
        assert 'href="https://example.org/"' in html
        assert "noopener" in html

    @pytest.mark.parametrize(
        "attack",
        [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "![x](https://tracker.example/pixel.png)",
            '<a href="#" onclick="alert(1)">x</a>',
            "<svg onload=alert(1)>",
            "<style>body{display:none}</style>",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
        ],
    )
    def test_lets_nothing_through_that_runs_or_loads(self, attack: str) -> None:
        tree = lxml.html.fragment_fromstring(as_html(attack), create_parent="div")

        for element in tree.iter():
            assert element.tag in {"div", "p", "a"}
            assert set(element.attrib) <= {"href", "rel"}
            assert element.get("href", "https:").startswith("https:")

    @pytest.mark.parametrize(
        "address", ["/sign-out", "settings", "//attacker.example/x", "#checks", "?next=x", "ftp:x"]
    )
    def test_leads_nowhere_on_our_own_site(self, address: str) -> None:
        """Symptom: "Check it at the ministry" in a stranger's criteria, and the link opens a page of ours."""
        html = as_html(f"[Check it](https://example.org/) or [there]({address})")

        assert re.findall(r'href="([^"]*)"', html) == ["https://example.org/"]
        assert "there" in html
