# SPDX-License-Identifier: Apache-2.0
"""Work that would not end is ended, with all that it started; work that ends gives its answer."""

import os
import subprocess
import sys
import time
from typing import Any

import pytest
from issuer_world import NOW, IssuerWorld

from laurel import guard, verify


def for_ever() -> None:
    while True:
        pass


def all_memory() -> int:
    return len(bytearray(1 << 30))


def wait_with_another() -> None:
    subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"], check=False)


def end_at_once() -> None:
    os._exit(3)


class TestRun:
    def test_gives_the_report_as_it_is(self) -> None:
        college = IssuerWorld()
        data = college.issue()

        def work() -> verify.Report:
            return verify.check(data, fetch=college.fetch, at=NOW)

        apart, here = guard.run(work), work()
        assert apart == here
        assert apart.as_json() == here.as_json()
        assert apart.memory == here.memory

    @pytest.mark.parametrize(
        ("work", "limits"),
        [
            (for_ever, {"seconds": 1}),
            (all_memory, {}),
            (wait_with_another, {"waiting": 0.5}),
            (end_at_once, {}),
        ],
    )
    def test_stops_what_takes_too_much(self, work: Any, limits: dict[str, Any]) -> None:
        began = time.monotonic()
        with pytest.raises(guard.Stopped) as stopped:
            guard.run(work, **limits)
        assert time.monotonic() - began < 15
        assert verify.unreadable(stopped.value)["readable"].code == "unreadable.stopped"

    def test_leaves_no_process_behind(self) -> None:
        with pytest.raises(guard.Stopped):
            guard.run(wait_with_another, waiting=0.3)
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)

    def test_tells_of_a_defect(self) -> None:
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            guard.run(lambda: 1 // 0)

    def test_changes_nothing_here(self) -> None:
        heap: list[int] = []
        assert guard.run(lambda: heap.append(1)) is None
        assert heap == []
