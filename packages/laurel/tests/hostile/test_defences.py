# SPDX-License-Identifier: Apache-2.0
"""Each defence is taken away once, and a test must notice: a test that cannot fail protects nothing.

Run with `-s` to see the table.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from defences import DEFENCES, PLATFORM

HERE: Final = Path(__file__).parent
ATTACKS: Final = (*(f"A{number}" for number in range(1, 28)), "A41")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What failed without each defence, and under "" what failed with all of them."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "defence_run.py"],
        cwd=HERE,
        env=environment,
        capture_output=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    answers = json.loads(done.stdout)
    assert isinstance(answers, dict)
    width = max(map(len, DEFENCES))
    print(f"\n{'attack':<12} {'defence':<{width}}  without it fails")
    for name, defence in DEFENCES.items():
        print(
            f"{', '.join(defence.attacks):<12} {name:<{width}}  {(answers[name]['failed'] or ['NOTHING'])[0]}"
        )
    for attack, tests in PLATFORM.items():
        print(f"{attack:<12} {'(of the platform)':<{width}}  see {', '.join(tests)}")
    return answers


def test_every_attack_has_a_defence_that_is_tried() -> None:
    tried = {attack for defence in DEFENCES.values() for attack in defence.attacks} | set(PLATFORM)
    assert tried == set(ATTACKS)


def test_with_all_defences_nothing_fails(told: dict[str, Any]) -> None:
    assert told[""]["failed"] == []
    assert told[""]["passed"] >= len(DEFENCES)


@pytest.mark.parametrize("name", DEFENCES)
def test_without_it_a_test_fails(told: dict[str, Any], name: str) -> None:
    assert told[name]["failed"]
    assert "cannot be imported" not in told[name]["failed"][0]


@pytest.mark.parametrize("attack", PLATFORM)
def test_the_platform_has_its_tests(attack: str) -> None:
    root = HERE.parents[3]
    for test in PLATFORM[attack]:
        file, *names = test.split("::")
        if not (root / file).exists():
            pytest.skip("the platform is not here")
        assert f"def {names[-1]}(" in (root / file).read_text()
