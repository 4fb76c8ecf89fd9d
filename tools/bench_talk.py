# SPDX-License-Identifier: Apache-2.0
"""What `./cairn bench` times, and the processes that it asks: each answers a line of JSON, or is ended."""

import gc
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
#: Longer than any request takes on a busy machine; whoever is silent for so long is ended.
PATIENCE = 120.0


@dataclass
class Contender:
    """One side of a comparison: does a deed `count` times and tells what it took."""

    name: str
    suite: str
    deed: str
    #: Count of items → (CPU seconds, wall seconds) of all of them together.
    run: Callable[[int], tuple[float, float]]
    count: int = 1
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    fault: str = ""


def timed(deed: Callable[[Any], object], items: Sequence[Any]) -> Callable[[int], tuple[float, float]]:
    """Return a run of a Python function over items in turn; each run goes on where the last one ended."""
    place = 0

    def run(count: int) -> tuple[float, float]:
        nonlocal place
        size = len(items)
        work = [items[(place + n) % size] for n in range(count)]
        place = (place + count) % size
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        for item in work:
            deed(item)
        return time.process_time() - cpu, time.perf_counter() - wall

    return run


class Talker:
    """A process that answers each line of JSON by one, kept warm over all rounds."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def tell(self, request: dict[str, Any]) -> None:
        """Send a request and do not wait for the answer."""
        assert self._process.stdin is not None
        with self._patience(PATIENCE):
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()

    def hear(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """Return the answer to what was asked. Raises `RuntimeError` where it failed or took too long."""
        assert self._process.stdout is not None
        with self._patience(seconds):
            line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"its process ended, or was silent for {seconds:g} s")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise RuntimeError(answer["failed"])
        return answer

    @contextmanager
    def _patience(self, seconds: float) -> Iterator[None]:
        """End the process unless all that is inside is over in so many seconds."""
        end = threading.Timer(seconds, self._process.kill)
        end.daemon = True
        end.start()
        try:
            yield
        finally:
            end.cancel()

    def ask(self, request: dict[str, Any], seconds: float = PATIENCE) -> dict[str, Any]:
        """Send a request and return its answer. Raises `RuntimeError` as `hear`."""
        self.tell(request)
        return self.hear(seconds)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):  # it has ended already
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


def worker(*without: str) -> Talker:
    """Return a fresh process of laurel, as if these modules were not installed."""
    return Talker([sys.executable, str(HERE / "bench_worker.py"), *without], HERE)


def by(talker: Talker, **request: Any) -> Callable[[int], tuple[float, float]]:
    """Return a run that asks a process to do the work and to time it."""

    def run(count: int) -> tuple[float, float]:
        took = talker.ask({"do": "time", "count": count, **request})
        return took["cpu"], took["wall"]

    return run


def calibrated(wall_of: Callable[[int], float], seconds: float) -> int:
    """Warm up for about `seconds`, and return how many items fill a turn."""
    count, wall = 1, 1.0
    began = time.perf_counter()
    while True:
        wall = max(wall_of(count) / count, 1e-7)
        if time.perf_counter() - began >= seconds:
            return max(3, int(seconds / wall))
        count = max(1, min(count * 2, int(seconds / 2 / wall)))
