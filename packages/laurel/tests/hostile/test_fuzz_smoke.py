# SPDX-License-Identifier: Apache-2.0
"""A short run of every fuzzing target, the same each time; `./cairn fuzz` runs them for hours and with coverage."""

import random
from typing import Final

import pytest
from fuzz_targets import TARGETS, changed, once, seeds

RUNS: Final = 400


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
