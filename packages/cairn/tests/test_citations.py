# SPDX-License-Identifier: Apache-2.0
"""A rule that comes from outside says who demands it, in a name that docs/specs.toml explains (house law 9)."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
LAUREL = PROJECT / "packages/laurel/src/laurel"
CAIRN = PROJECT / "packages/cairn/src/cairn"
SPECS = tomllib.loads((PROJECT / "docs/specs.toml").read_text(encoding="utf-8"))
#: Longest first: "JSON-LD 1.1" begins "JSON-LD 1.1 API" too.
NAMES = sorted(SPECS, key=len, reverse=True)
SOURCES = sorted(path for folder in ("src", "tests") for path in PROJECT.glob(f"packages/*/{folder}/**/*.py"))
FOLDERS_OF_OUTSIDE_RULES = ("rules", "jsonld", "proof", "status", "did", "formats")
#: Rules that nobody outside demands: the room's own, from design and interface.
OUR_OWN = {
    "assessment/rules/awards.py": "how agreed marks become an award",
    "assessment/rules/marking.py": "two assessors, differences agreed with a reason",
    "assessment/rules/submissions.py": "what a programme asks to be handed in",
    "credentials/rules/bounds.py": "how much of a stranger's document a page shows",
    "credentials/rules/disclosure.py": "what a share hides, docs/decisions/0002",
    "credentials/rules/endorsing.py": "whose endorsements count for something, and in which words",
    "credentials/rules/naming.py": "how a page points at letters that mislead",
}


def citations(source: str) -> Iterator[str]:
    """Yield each thing cited in a file, one after `Spec:` or `spec=`, several parted by semicolons."""
    for found in re.finditer(r"Spec: +(.+?)(?:\"\"\"|$)", source, flags=re.MULTILINE):
        yield from (part.strip() for part in found[1].split(";") if part.strip())
    yield from re.findall(r"\bspec=\"([^\"]+)\"", source)
    yield from re.findall(r"\bInspection\(\"\w+\", \"([^\"]+)\"\)", source)


def name_in(citation: str) -> str | None:
    """Return the name of docs/specs.toml that a citation begins with, as a word of its own."""
    return next((name for name in NAMES if re.match(re.escape(name) + r"(?![\w.])", citation)), None)


def modules_of_rules() -> list[Path]:
    """Return the modules that hold rules, without those that only gather or explain others."""
    library = [path for folder in FOLDERS_OF_OUTSIDE_RULES for path in (LAUREL / folder).rglob("*.py")]
    rooms = [*CAIRN.glob("*/rules.py"), *CAIRN.glob("*/rules/*.py")]
    return sorted(path for path in [*library, *rooms] if defines_anything(path))


def defines_anything(path: Path) -> bool:
    """Tell whether a module has a function or class of its own."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in body)


class TestCitation:
    @pytest.mark.parametrize("path", [path for path in SOURCES if "Spec: " in path.read_text(encoding="utf-8")
                                      and path != Path(__file__).resolve()],
                             ids=lambda path: str(path.relative_to(PROJECT)))  # fmt: skip
    def test_begins_with_a_known_name(self, path: Path) -> None:
        unknown = [one for one in citations(path.read_text(encoding="utf-8")) if name_in(one) is None]

        assert not unknown

    def test_of_an_unknown_authority_would_be_seen(self) -> None:
        assert name_in("RFC 6666 §1") is None
        assert name_in("OB 3.00") is None
        assert name_in("JSON-LD 1.1 API §4.1") == "JSON-LD 1.1 API"
        assert list(citations('"""Do. Spec: RFC 8259; OB 3.0 #png"""')) == ["RFC 8259", "OB 3.0 #png"]


class TestModulesOfRules:
    @pytest.mark.parametrize("path", modules_of_rules(), ids=lambda path: str(path.relative_to(PROJECT)))
    def test_say_who_demands_them(self, path: Path) -> None:
        if path.is_relative_to(CAIRN) and str(path.relative_to(CAIRN)) in OUR_OWN:
            return

        assert list(citations(path.read_text(encoding="utf-8")))

    def test_that_are_our_own_exist_and_cite_nobody(self) -> None:
        for name in OUR_OWN:
            assert not list(citations((CAIRN / name).read_text(encoding="utf-8"))), name


class TestSpecs:
    def test_are_all_cited(self) -> None:
        cited = {
            name_in(one)
            for path in SOURCES
            if path != Path(__file__).resolve()
            for one in citations(path.read_text(encoding="utf-8"))
        }

        assert set(SPECS) - cited == set()

    @pytest.mark.parametrize("name", SPECS)
    def test_say_what_they_are_and_what_for(self, name: str) -> None:
        assert SPECS[name].keys() == {"title", "version", "url", "used_for"}
        assert SPECS[name]["url"].startswith("https://")
        assert all(SPECS[name].values())
