# SPDX-License-Identifier: Apache-2.0
"""Runs every test: the library, the platform on SQLite and PostgreSQL, the browser, the demonstration."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
#: By the local socket: what a fresh PostgreSQL allows its own machine's user.
POSTGRES = "postgres:///postgres"


@dataclass(frozen=True)
class Step:
    """One part of the run and how it is started."""

    name: str
    command: list[str]
    env: dict[str, str]


def main(arguments: list[str]) -> int:
    """Run the steps in order and say how each ended. Returns the exit code: 0 when all passed."""
    compile_words()
    if arguments:
        return subprocess.run([*PYTEST, *arguments], cwd=ROOT, check=False).returncode
    postgres = find_postgres()
    endings: list[tuple[str, str, float]] = []
    with tempfile.TemporaryDirectory(prefix="cairn-test-") as folder:
        for step in steps(Path(folder), postgres):
            print(f"\n=== {step.name}", flush=True)
            began = time.monotonic()
            done = subprocess.run(step.command, cwd=ROOT, env={**os.environ, **step.env}, check=False)
            endings.append(
                (step.name, "passed" if done.returncode == 0 else "FAILED", time.monotonic() - began)
            )
    if postgres is None:
        endings.append(
            ("platform on PostgreSQL", "FAILED" if required("POSTGRES") else "skipped: no server", 0.0)
        )
    print("\n=== Summary")
    for name, ending, seconds in endings:
        print(f"{ending:<22}{seconds:7.1f} s  {name}")
    return int(any(ending == "FAILED" for _, ending, _ in endings))


def steps(folder: Path, postgres: str | None) -> list[Step]:
    """Return the parts of a whole run, in order."""
    spread = ["-n", str(min(4, os.cpu_count() or 1))]
    run: list[Step] = [
        Step(
            "laurel, the library",
            [*PYTEST, *spread, "packages/laurel/tests"],
            {"CAIRN_VAR": str(folder / "laurel")},
        ),
        Step(
            "platform on SQLite",
            [*PYTEST, *spread, "packages/cairn/tests", "-m", "not browser"],
            {"CAIRN_VAR": str(folder / "sqlite"), "CAIRN_DATABASE_URL": ""},
        ),
    ]
    if postgres is not None:
        run.append(
            Step(
                "platform on PostgreSQL",
                [*PYTEST, *spread, "packages/cairn/tests", "-m", "not browser"],
                {"CAIRN_VAR": str(folder / "postgres"), "CAIRN_DATABASE_URL": postgres},
            )
        )
    run += [
        Step(
            "pages in a real browser",
            [*PYTEST, "packages/cairn/tests", "-m", "browser"],
            {"CAIRN_VAR": str(folder / "browser"), "CAIRN_DATABASE_URL": ""},
        ),
        Step(
            "the demonstration",
            [sys.executable, "-m", "cairn.site.command", "demo", "--out", str(folder / "demo")],
            {"CAIRN_DATABASE_URL": ""},
        ),
    ]
    return run


def compile_words() -> None:
    """Compile the translations, which are kept as text only."""
    from cairn.site import words

    words.compile_all()


def find_postgres() -> str | None:
    """Return the address of a PostgreSQL server that answers, or `None`."""
    import psycopg

    from_environment = os.environ.get("CAIRN_DATABASE_URL", "")
    for url in filter(None, [from_environment, POSTGRES, "postgres://postgres@127.0.0.1:5432/postgres"]):
        try:
            with psycopg.connect(url, connect_timeout=3):
                return url
        except psycopg.OperationalError:
            continue
    if shutil.which("psql") is None:
        print("No PostgreSQL here, so the tests run on SQLite only. apt install postgresql brings it.")
    return None


def required(name: str) -> bool:
    """Tell whether the environment forbids to skip for want of a tool."""
    return os.environ.get(f"CAIRN_REQUIRE_{name}") == "1"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
