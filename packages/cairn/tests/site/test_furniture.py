# SPDX-License-Identifier: Apache-2.0
"""Templates, stylesheet and vendored files keep the rules that no reviewer should have to look for."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cairn

SOURCE = Path(cairn.__file__).resolve().parent
STATIC = SOURCE / "site" / "static" / "site"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
PHYSICAL = re.compile(
    r"(?<![-\w])(?:margin|padding|border|inset)-(?:left|right|top|bottom)(?![-\w])|(?<![-\w])(?:left|right)\s*:"
)


def said_in(template: Path) -> Iterator[str]:
    """Yield the English words of a template, without tags, variables and comments."""
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<style.*?</style>", " ", text, flags=re.DOTALL)
    for quoted in re.findall(r"{%\s*translate\s+(?:\"([^\"]*)\"|'([^']*)')", text):
        yield quoted[0] or quoted[1]
    yield from re.findall(r"{%\s*blocktranslate.*?%}(.*?){%\s*endblocktranslate", text, flags=re.DOTALL)


class TestTemplates:
    def test_are_found(self) -> None:
        assert len(TEMPLATES) >= 20

    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
    def test_hold_no_style_script_or_handler_of_their_own(self, template: Path) -> None:
        text = template.read_text(encoding="utf-8")

        if "mail" in template.parts:
            # Mail clients read no stylesheet of ours; they also run nothing.
            text = re.sub(r'\sstyle="[^"]*"|<style.*?</style>', "", text, flags=re.DOTALL)
        assert not re.search(r"\sstyle=", text)
        assert not re.search(r"\son[a-z]+=", text)
        assert not re.search(r"<script(?![^>]*\ssrc=)", text)
        assert "hx-on" not in text
        assert "hx-vals='js:" not in text
        assert "javascript:" not in text

    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
    def test_speak_plainly(self, template: Path) -> None:
        for words in said_in(template):
            found = re.findall(
                r"\b(please|sorry|oops|invalid|successfully|simply|this field is required)\b",
                words,
                re.IGNORECASE,
            )
            assert not found, f"{template.name}: {words!r}"
            assert not re.search(r"\w!(\s|$)", words), f"{template.name}: {words!r}"

    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
    def test_post_only_with_the_token_that_guards_forms(self, template: Path) -> None:
        text = template.read_text(encoding="utf-8")

        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, flags=re.DOTALL | re.IGNORECASE):
            assert "csrf_token" in form, f"{template.name} has a form without csrf_token"


class TestStylesheet:
    def test_uses_logical_properties_only(self) -> None:
        css = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(encoding="utf-8"), flags=re.DOTALL)

        assert PHYSICAL.findall(css) == []

    def test_keeps_colours_in_the_tokens(self) -> None:
        css = (STATIC / "app.css").read_text(encoding="utf-8")
        after_tokens = css[css.index("@layer base {") :]

        assert re.findall(r"#[0-9a-fA-F]{6}\b", after_tokens) == []

    def test_stays_within_its_budget(self) -> None:
        import gzip

        assert len(gzip.compress((STATIC / "app.css").read_bytes(), 9)) <= 12 * 1024


class TestVendoredFiles:
    def test_are_the_bytes_that_were_pinned(self) -> None:
        manifest = json.loads((STATIC / "vendor" / "MANIFEST.json").read_text(encoding="utf-8"))

        for name, pinned in manifest.items():
            assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == pinned["sha256"], name

    def test_are_all_pinned(self) -> None:
        manifest = json.loads((STATIC / "vendor" / "MANIFEST.json").read_text(encoding="utf-8"))
        shipped = {
            str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.suffix in {".woff2", ".js"}
        }

        assert shipped - {"site.js"} == set(manifest)
