# SPDX-License-Identifier: Apache-2.0
"""Each outside rule that the code cites has a test, and docs/coverage.md says which."""

import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(PROJECT / "tools"))

import coverage_table  # noqa: E402 - after its path
from coverage_table import Line  # noqa: E402


@pytest.fixture(scope="module")
def promises() -> list[Line]:
    return coverage_table.lines()


class TestPromises:
    def test_are_found(self, promises: list[Line]) -> None:
        kept = {(line.spec, line.where) for line in promises}

        assert ("RFC 6901", "laurel.rules.inspection.below") in kept
        assert ("EdDSA Cryptosuites 1.0", "laurel.proof.canonical_rdf") in kept
        assert len(kept) > 100

    def test_each_have_a_test(self, promises: list[Line]) -> None:
        assert not [f"{line.spec} {line.place}: {line.where}" for line in promises if not line.tests]

    def test_are_those_of_the_table(self, promises: list[Line]) -> None:
        table = coverage_table.PAGE.read_text(encoding="utf-8")
        written = {
            tuple(row.split(" | ")[:2]) for row in table.splitlines() if row.startswith("| ") and "`" in row
        }
        kept = {
            (f"| {coverage_table.cell(line.place) or 'the whole'}", f"`{line.where}`") for line in promises
        }

        assert written == kept, "Run: .venv/bin/python tools/coverage_table.py"


class TestTests:
    def test_of_a_module_that_no_test_imports_are_those_of_its_users(self) -> None:
        tests = coverage_table.Importers().tests_of("laurel.formats.members")

        assert "packages/laurel/tests/formats/test_open_badges_3_documents.py" in tests

    def test_of_a_module_that_is_not_there_are_none(self) -> None:
        assert coverage_table.Importers().tests_of("laurel.proof.bbs_2023") == ()
