# SPDX-License-Identifier: Apache-2.0
"""Runs tests without one defence after the other, each in a process of its own; `test_defences.py` starts it.

The tests of laurel are imported once, the process parts for each defence, and what takes too long without it is
stopped: that counts as a test that failed.
"""

import contextlib
import io
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TESTS = HERE.parent
MOST_SECONDS = 5
LEFT_OUT = ("cacheprovider", "randomly", "xdist", "django", "playwright", "cov", "anyio", "timeout", "socket")


class _Names:
    """Notes which tests failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.passed = 0

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(report.nodeid.split("laurel/tests/")[-1])
        elif report.when == "call" and report.passed:
            self.passed += 1

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid} cannot be imported")


def run(tests: list[str], options: list[str], seconds: int = MOST_SECONDS) -> dict[str, Any]:
    """Run tests in a process of its own, and tell what came of them."""
    import pytest

    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        with os.fdopen(read) as told:
            text = told.read()
        _, status = os.waitpid(child, 0)
        return json.loads(text) if text else {"failed": [f"stopped ({status})"], "passed": 0}
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        names = _Names()
        # Nothing of the project's own configuration: it would load the platform each time.
        arguments = ["-c", os.devnull, "--rootdir", str(TESTS), "-q", *options]
        arguments += [word for name in LEFT_OUT for word in ("-p", f"no:{name}")]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            began = time.process_time()
            pytest.main([*arguments, *(str(TESTS / test) for test in tests)], plugins=[names])
        answer = {"failed": names.failed, "passed": names.passed, "seconds": time.process_time() - began}
        with os.fdopen(write, "w") as out:
            out.write(json.dumps(answer))
    finally:
        os._exit(0)


def main() -> None:
    """Write one JSON object: name of a defence → what failed without it, and "" → what failed with all."""
    sys.path[:0] = [str(TESTS), str(HERE)]
    # So that each process need not.
    import hypothesis  # noqa: F401
    import pytest  # noqa: F401
    import samples  # noqa: F401
    from defences import DEFENCES

    import laurel.present
    import laurel.verify  # noqa: F401

    chosen = sys.argv[1:] or list(DEFENCES)
    every = list(dict.fromkeys(test for name in chosen for test in DEFENCES[name].tests))
    told = {"": run(every, [], 60)}
    for name in chosen:
        told[name] = run(list(DEFENCES[name].tests), ["-x", "--defence-off", name])
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
