# SPDX-License-Identifier: Apache-2.0
"""What the front page and the pages behind it say is so: recipes run as printed, tables are whole, links lead on."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import laurel
from laurel.verify import CHECK_NAMES, PRESENTATION_CHECK_NAMES, PresentationVerdict, Verdict

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME.parents[1] / "tools"))
import api_reference  # noqa: E402 - after its path

FRONT = (HOME / "README.md").read_text(encoding="utf-8")
PAGES = [HOME / "README.md", *sorted((HOME / "docs").glob("*.md"))]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in Path(laurel.__file__).parent.rglob("*.py"))


def page(name: str) -> str:
    """Return a page of docs/."""
    return (HOME / "docs" / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[tuple[str, str]]:
    """Return the language and the text of each block of code."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def first_cells(text: str) -> list[list[str]]:
    """Return what stands in backticks in the first cell of each row of each table, in order."""
    return [re.findall(r"`([^`]+)`", cell) for cell in re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)]


class TestFrontPage:
    def test_is_read_in_one_go(self) -> None:
        assert len(FRONT.splitlines()) < 200
        assert all(
            len([line for line in text.splitlines() if line.strip()]) <= 12
            for language, text in blocks(FRONT)
            if language in ("sh", "python")
        )

    def test_recipes_run_as_printed(self, tmp_path: Path) -> None:
        """In order, in one empty folder; what a recipe prints stands behind its `print`."""
        recipes = blocks(FRONT)
        (tmp_path / "draft.json").write_text(dict(recipes)["json"], encoding="utf-8")
        ran = {"sh": 0, "python": 0}
        folders = f"{Path(sys.executable).parent}:/usr/bin:/bin"

        for language, text in recipes[1:]:  # the first one installs
            if language not in ran:
                continue
            done = subprocess.run(
                ["/bin/sh", "-ec", text] if language == "sh" else [sys.executable, "-c", text],
                cwd=tmp_path,
                env={"PATH": folders},
                capture_output=True,
                text=True,
            )
            assert (done.returncode, done.stderr) == (0, ""), (text, done.stdout)
            if language == "python":
                assert done.stdout.splitlines() == re.findall(r"^print\(.*\)  # (.*)$", text, re.MULTILINE)
            ran[language] += 1

        assert ran == {"sh": 5, "python": 5}

    def test_recipes_are_the_five_that_it_names(self) -> None:
        at = FRONT.index("## Five recipes"), FRONT.index("## Where to read on")
        titles = re.findall(r"^### (.*)$", FRONT[slice(*at)], re.MULTILINE)

        assert titles == ["Issue", "Verify", "Bake", "Present", "Check a status"]


class TestCommands:
    def test_recipes_run_as_printed(self, tmp_path: Path) -> None:
        """In order, in one empty folder."""
        recipes = [text for language, text in blocks(page("commands.md")) if language == "sh"]
        folders = f"{Path(sys.executable).parent}:/usr/bin:/bin"

        for text in recipes:
            done = subprocess.run(
                ["/bin/sh", "-ec", text], cwd=tmp_path, env={"PATH": folders}, capture_output=True, text=True
            )
            assert done.returncode == 0, (text, done.stdout, done.stderr)

        assert len(recipes) >= 4


class TestTables:
    def test_hold_every_verdict_from_the_gravest(self) -> None:
        credentials = page("checks.md").partition("## Checks")[0]
        verdicts = [cell[0] for cell in first_cells(credentials)]
        assert sorted(verdicts) == sorted(verdict.value for verdict in Verdict)

        shown = page("presentations.md").partition("| verdict |")[2]
        verdicts = [cell[0] for cell in first_cells(shown)]
        assert sorted(verdicts) == sorted(verdict.value for verdict in PresentationVerdict)

    def test_hold_every_check_in_its_order(self) -> None:
        table = page("checks.md").partition("| check |")[2].partition("\n\n")[0]
        assert tuple(cell[0] for cell in first_cells(table)) == CHECK_NAMES

        table = page("presentations.md").partition("| check |")[2].partition("\n\n")[0]
        assert tuple(cell[0] for cell in first_cells(table)) == PRESENTATION_CHECK_NAMES

    def test_name_no_code_that_there_is_not(self) -> None:
        """A code stands in the source whole, or is put together there from a check and a reason."""
        table = page("checks.md").partition("| code |")[2].partition("\n\n")[0]
        codes = [code for cell in first_cells(table) for code in cell]

        assert len(codes) > 35
        for code in codes:
            check, _, reason = code.partition(".")
            whole = f'"{code}"' in SOURCE
            assert check in CHECK_NAMES
            assert whole or any(f"{quote}{reason}{quote}" in SOURCE for quote in ('"', "'")), code


class TestEveryPage:
    @pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
    def test_leads_to_what_is_there(self, path: Path) -> None:
        for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            if link.startswith("https://"):
                continue
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.exists(), link
            if anchor:
                titles = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
                assert anchor in {
                    re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles
                }

    @pytest.mark.parametrize(
        "path", [path for path in PAGES if path.name != "api.md"], ids=lambda path: path.name
    )
    def test_holds_python_that_python_reads(self, path: Path) -> None:
        for language, text in blocks(path.read_text(encoding="utf-8")):
            if language == "python":
                ast.parse(text)

    def test_is_named_on_the_front_page(self) -> None:
        for path in PAGES[1:]:
            assert f"docs/{path.name}" in FRONT


class TestReference:
    def test_says_what_the_docstrings_say(self) -> None:
        written = api_reference.PAGE.read_text(encoding="utf-8")

        assert written == api_reference.page(), "Run: .venv/bin/python tools/api_reference.py"

    def test_leaves_no_public_name_without_a_word(self) -> None:
        assert api_reference.undocumented() == []
        assert sum(len(api_reference.names(module)) for module in api_reference.PUBLIC) > 150

    def test_holds_every_name_that_the_pages_tell_of(self) -> None:
        """Whatever is told of by its whole name is promised, or is a module or a member of what is promised."""
        names = {
            f"{module}.{name}" for module in api_reference.PUBLIC for name in api_reference.names(module)
        }
        told = {
            name for path in PAGES for name in re.findall(r"laurel(?:\.\w+){2,}", path.read_text("utf-8"))
        }

        missing = {
            name
            for name in told - set(api_reference.PUBLIC) - names
            if not any(name.startswith(f"{known}.") for known in names)
        }

        assert {"laurel.proof.sd_jwt.present", "laurel.proof.ecdsa_sd_2023.derive"} <= told & names
        assert missing == set()

    def test_sends_nobody_to_a_function_that_is_not_promised(self) -> None:
        """`verify` of `laurel.verify` once said no more than what another module's `verify` does."""
        functions = {
            f"{module.stem if module.stem != '__init__' else module.parent.name}.{name}"
            for module in Path(laurel.__file__).parent.rglob("*.py")
            for name in re.findall(r"^def (\w+)", module.read_text("utf-8"), re.MULTILINE)
        }
        told = set(re.findall(r"`(?:laurel\.)?(?:\w+\.)*(\w+\.\w+)`", page("api.md"))) & functions

        names = {
            f"{module.rpartition('.')[2]}.{name}"
            for module in api_reference.PUBLIC
            for name in api_reference.names(module)
        }
        assert "ecdsa_sd_2023.derive" in told
        assert told - names == set()

    def test_holds_what_operators_do(self) -> None:
        written = page("api.md")

        for method in ("def __getitem__(self, name: str) -> Check", "def __add__(self, newer: 'Memory')"):
            assert method in written

    @pytest.mark.parametrize("module", api_reference.PUBLIC)
    def test_promises_what_can_be_imported(self, module: str) -> None:
        found = importlib.import_module(module)

        assert sorted(found.__all__) == sorted(api_reference.names(module))
        assert all(hasattr(found, name) for name in found.__all__)
