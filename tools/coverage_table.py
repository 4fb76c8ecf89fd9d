# SPDX-License-Identifier: Apache-2.0
"""Writes docs/coverage.md: each outside rule that the code cites, where it is kept, and which tests hold it.

The code's side comes from its `Spec:` lines, the tests' side from what the tests import. A module that no
test imports counts as held by the tests of the modules that use it.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/coverage.md"
SPECS = tomllib.loads((ROOT / "docs/specs.toml").read_text(encoding="utf-8"))
CITED = re.compile(r"Spec: +(.+?)(?:\"\"\"|$)", flags=re.MULTILINE)


@dataclass(frozen=True, order=True)
class Line:
    """One promise: which place of which specification, kept where, held by which test files."""

    spec: str
    place: str
    where: str
    tests: tuple[str, ...]


def main() -> int:
    """Write the page; return 1 where a promise has no test."""
    found = lines()
    PAGE.write_text(page(found), encoding="utf-8")
    untested = [line for line in found if not line.tests]
    for line in untested:
        print(f"No test holds {line.spec} {line.place}, kept by {line.where}.")
    specs = len({line.spec for line in found})
    print(f"{len(found)} promises of {specs} specifications, {len(untested)} without test")
    return int(bool(untested))


def lines() -> list[Line]:
    """Return every promise of the code, by specification."""
    importers = Importers()
    found = set()
    for module, path in modules().items():
        tests = importers.tests_of(module)
        for where, citation in citations(path):
            name = max((name for name in SPECS if citation.startswith(name)), key=len, default="")
            if name:
                place = citation[len(name) :].strip(" ,:.")
                found.add(Line(name, place, f"{module}.{where}".rstrip("."), tests))
    order = list(SPECS)
    return sorted(found, key=lambda line: (order.index(line.spec), line))


def modules() -> dict[str, Path]:
    """Return the dotted name and the file of every module of both packages."""
    found = {}
    for package in ("laurel", "cairn"):
        source = ROOT / f"packages/{package}/src"
        for path in sorted(source.rglob("*.py")):
            if "migrations" not in path.parts:
                found[".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")] = (
                    path
                )
    return found


def citations(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the function or class that cites, and what it cites, one after the other."""
    text = path.read_text(encoding="utf-8")
    named = sorted(definitions(ast.parse(text)), key=lambda found: found[2] - found[1])
    for match in CITED.finditer(text):
        number = text.count("\n", 0, match.start()) + 1
        where = next((name for name, first, last in named if first <= number <= last), "")
        yield from ((where, part.strip()) for part in match[1].split(";") if part.strip())


def definitions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, int, int]]:
    """Yield the name, first and last line of every function and class, inner ones too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield f"{prefix}{node.name}", node.lineno, node.end_lineno or node.lineno
            yield from definitions(node, f"{prefix}{node.name}.")


class Importers:
    """Who imports what: of the tests, and of the code itself."""

    def __init__(self) -> None:
        known = modules()
        self._by_code = {name: set(imported(path)) & set(known) for name, path in known.items()}
        self._by_tests = {
            str(path.relative_to(ROOT)): set(imported(path)) & set(known)
            for path in sorted(ROOT.glob("packages/*/tests/**/test_*.py"))
            if "node_modules" not in path.parts
        }

    def tests_of(self, module: str) -> tuple[str, ...]:
        """Return the tests that import a module, or else those of the modules that use it, and so on."""
        ring, seen = {module}, {module}
        while ring:
            tests = tuple(test for test, names in self._by_tests.items() if names & ring)
            if tests:
                return tests
            ring = {name for name, names in self._by_code.items() if names & ring} - seen
            seen |= ring
        return ()


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def page(found: list[Line]) -> str:
    """Return the page in Markdown."""
    parts = [
        "# What others demand, and which test holds it",
        "",
        "Written by `python tools/coverage_table.py`; do not edit. One line is one place of a specification",
        "that the code cites. The tests are the files that import the module which keeps the rule, or, where",
        "none does, those of the modules that use it: the table shows where to look, not that each word is",
        "tested.",
        "",
    ]
    for name in dict.fromkeys(line.spec for line in found):
        about = SPECS[name]
        parts += [
            f"## {name}",
            "",
            f"[{about['title']}]({about['url']}), {about['version']}: {about['used_for']}.",
            "",
        ]
        parts += ["| place | kept by | tests |", "| --- | --- | --- |"]
        for line in found:
            if line.spec == name:
                tests = (
                    "<br>".join(f"`{test.removeprefix('packages/')}`" for test in line.tests) or "**none**"
                )
                parts.append(f"| {cell(line.place) or 'the whole'} | `{line.where}` | {tests} |")
        parts.append("")
    return "\n".join(parts)


def cell(text: str) -> str:
    """Return text that stays inside its cell."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
