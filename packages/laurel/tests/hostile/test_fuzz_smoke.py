# SPDX-License-Identifier: Apache-2.0
"""A short run of every fuzzing target, the same each time; `./cairn fuzz` runs them for hours and with coverage."""

import random
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from fuzz_targets import TARGETS, changed, once, seeds

RUNS: Final = 400
FUZZ: Final = Path(__file__).parents[4] / "tools/fuzz.py"
WITHOUT_ATHERIS: Final = """
import runpy, sys
sys.modules["atheris"] = None
runpy.run_path(sys.argv.pop(1), run_name="__main__")
"""


@pytest.mark.parametrize("name", TARGETS)
def test_ends_in_an_answer_or_in_an_error_of_our_own(name: str) -> None:
    sound = seeds(name)
    for data in sound:
        once(name, data)
    for number in range(RUNS):
        chance = random.Random(f"{name} {number}")
        data = changed(chance.choice(sound), chance)
        try:
            once(name, data)
        except Exception as error:
            raise AssertionError(f"{name} {number}: {data[:200]!r}") from error


class TestWithoutAtheris:
    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        if not FUZZ.exists():
            pytest.skip("the tools are not here")
        command = [
            sys.executable,
            "-c",
            WITHOUT_ATHERIS,
            str(FUZZ),
            "--seed",
            "1",
            "--hours",
            "0.0001",
            *options,
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    def test_a_target_of_atheris_is_refused_with_what_to_do(self) -> None:
        """Symptom: where there was no wheel, the installation broke off in the middle of building one."""
        done = self.run("--target", "cose")

        assert done.returncode == 2
        assert "atheris has no wheel for Python" in done.stderr
        assert "PYTHON=python3.13 ./cairn fuzz" in done.stderr

    def test_the_changes_run_all_the_same(self) -> None:
        done = self.run()

        assert done.returncode == 0, done.stdout + done.stderr
        assert "only the target `changes` runs" in done.stdout
        assert "changes " in done.stdout.splitlines()[-2]
