# SPDX-License-Identifier: Apache-2.0
"""Checks what a change must keep: format, lint, types, import contracts, the script and the fast tests."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
#: Tests that need no server, browser or foreign software, and few of them a database: rules, facts, keys, the
#: reading of JSON, status lists, and what holds the house together.
FAST = (
    "packages/laurel/tests/model",
    "packages/laurel/tests/rules",
    "packages/laurel/tests/status",
    "packages/laurel/tests/did",
    "packages/laurel/tests/proof/test_keys.py",
    "packages/laurel/tests/jsonld/test_contexts.py",
    "packages/laurel/tests/test_strictjson.py",
    "packages/cairn/tests/*/test_rules*.py",
    "packages/cairn/tests/foundation/test_refs.py",
    "packages/cairn/tests/foundation/test_http.py",
    "packages/cairn/tests/foundation/test_markdown.py",
    "packages/cairn/tests/site/test_environment.py",
    "packages/cairn/tests/site/test_furniture.py",
    "packages/cairn/tests/site/test_script.py",
    "packages/cairn/tests/test_citations.py",
    "packages/cairn/tests/test_coverage.py",
    "packages/cairn/tests/test_floors.py",
    "packages/cairn/tests/test_glossary.py",
    "packages/cairn/tests/test_repository.py",
)


@dataclass(frozen=True)
class Outcome:
    """How one check ended."""

    name: str
    holds: bool
    seconds: float
    said: str


def main() -> int:
    """Run the checks, two at a time, and show what fails. Returns 0 when all hold."""
    began = time.monotonic()
    failed = False
    # The tests take longest, so they begin; the rest goes by beside them.
    with ThreadPoolExecutor(max_workers=2) as lanes:
        for done in as_completed([lanes.submit(run, *check) for check in checks()]):
            outcome = done.result()
            print(
                f"{'holds' if outcome.holds else 'BROKEN':<8}{outcome.seconds:6.1f} s  {outcome.name}",
                flush=True,
            )
            if not outcome.holds:
                failed = True
                print(outcome.said)
    print(f"{'':<8}{time.monotonic() - began:6.1f} s  in all")
    return int(failed)


def checks() -> list[tuple[str, list[str]]]:
    """Return the name and the command of each check, the longest first."""
    fast = sorted({str(path.relative_to(ROOT)) for pattern in FAST for path in ROOT.glob(pattern)})
    script = ["shellcheck", "cairn", ".ci/run"] if shutil.which("shellcheck") else ["sh", "-n", "cairn"]
    pytest = [sys.executable, "-m", "pytest", "-q", "-m", "not browser and not oracle and not slow"]
    return [
        ("fast tests", [*pytest, *fast]),
        ("types", [str(BIN / "mypy"), "-p", "laurel", "-p", "cairn"]),
        ("import contracts", [str(BIN / "lint-imports"), "--config", ".importlinter"]),
        ("format", [str(BIN / "ruff"), "format", "--check", "-q", "packages", "tools"]),
        ("lint", [str(BIN / "ruff"), "check", "-q", "packages", "tools"]),
        (f"scripts, by {script[0]}", script),
    ]


def run(name: str, command: list[str]) -> Outcome:
    """Run one check from the root of the project."""
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"}
    )
    said = f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}".strip()
    return Outcome(name, done.returncode == 0, time.monotonic() - began, said)


if __name__ == "__main__":
    sys.exit(main())
