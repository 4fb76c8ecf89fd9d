# SPDX-License-Identifier: Apache-2.0
"""Checks what a change must keep: format, lint, types, import contracts and the fast tests."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = (
    ("format", [str(BIN / "ruff"), "format", "--check", "-q", "packages", "tools"]),
    ("lint", [str(BIN / "ruff"), "check", "-q", "packages", "tools"]),
    ("types", [str(BIN / "mypy"), "-p", "laurel", "-p", "cairn"]),
    ("import contracts", [str(BIN / "lint-imports"), "--config", ".importlinter"]),
    (
        "fast tests",
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-n",
            "2",
            "-m",
            "not browser and not oracle and not slow",
            "-k",
            "rules or model or refs or strictjson or keys or bitstring or floors or glossary or citations",
        ],
    ),
)


def main() -> int:
    """Run each check, show only what fails, and return 0 when all hold."""
    failed = False
    for name, command in CHECKS:
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1"},
        )
        seconds = time.monotonic() - began
        print(f"{'holds' if done.returncode == 0 else 'BROKEN':<8}{seconds:6.1f} s  {name}", flush=True)
        if done.returncode != 0:
            failed = True
            print(done.stdout[-6000:], done.stderr[-3000:], sep="\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
