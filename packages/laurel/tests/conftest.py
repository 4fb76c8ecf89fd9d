# SPDX-License-Identifier: Apache-2.0
"""Lets every test of laurel import `samples`, for pytest puts the folder of this file on the path.

Examples are the same in every run, so that a red build is red for everybody; LAUREL_EXPLORE=1 draws new ones.
No example has a deadline: a machine with other work is no fault of ours, and what must end soon is tested so.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeat", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("LAUREL_EXPLORE") else "repeat")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run say which defence to do without; see `hostile/defences.py`."""
    parser.addoption(
        "--defence-off", metavar="NAME", help="run the tests of laurel without one of its defences"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Take the defence away before any test is imported."""
    name = config.getoption("--defence-off", default=None)
    if name is None:
        return
    sys.path.insert(0, str(Path(__file__).parent / "hostile"))
    from defences import without

    taken_away = without(name)
    taken_away.__enter__()
    config.add_cleanup(lambda: taken_away.__exit__(None, None, None))
