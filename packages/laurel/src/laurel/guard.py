# SPDX-License-Identifier: Apache-2.0
"""Does a piece of work in a process that the operating system stops: for who looks at files of strangers.

Every step of a check is bounded by what it counts. This is the second wall, for what cannot be interrupted
and for what nobody thought of: a parser written in C, a regular expression, a signature under a huge key.
"""

import gc
import os
import pickle
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Final, TypeVar

from laurel.errors import TooLarge

__all__ = [
    "MOST_MEMORY",
    "MOST_SECONDS",
    "MOST_WAITING",
    "Stopped",
    "limit_memory",
    "run",
]

Answer = TypeVar("Answer")

MOST_SECONDS: Final = 2
"""Seconds of computing, in whole ones."""

MOST_MEMORY: Final = 256 * 1024 * 1024
"""Bytes that the work may take beyond what the process has; on Linux."""

MOST_WAITING: Final = 20.0
"""Seconds by the clock on the wall, in which documents are fetched and other processes waited for."""


class Stopped(TooLarge):
    """The work took more than it may, and was stopped."""

    code = "unreadable.stopped"


def run(
    work: Callable[[], Answer],
    *,
    seconds: int = MOST_SECONDS,
    memory: int = MOST_MEMORY,
    waiting: float = MOST_WAITING,
) -> Answer:
    """Return what the work returns, done in a process of its own that begins as a copy of this one.

    The work sees all that this process has, and changes nothing in it. Where processes cannot be copied
    (Windows), the work is done in this one, without limits. A process with other threads should not be
    copied: start one for this purpose first.

    Args:
        work: what to do; its answer must be such that it can be pickled.
        seconds, memory, waiting: how much the work may take, by default `MOST_SECONDS` of computing,
            `MOST_MEMORY` and `MOST_WAITING`.

    Raises:
        Stopped: it took more.
        RuntimeError: the work raised an exception; the message holds the traceback.
    """
    if not hasattr(os, "fork"):
        return work()
    theirs, ours = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, which the docstring speaks of
        child = os.fork()
    if child == 0:
        os.close(theirs)
        _work_apart(work, ours, seconds, memory)
    os.close(ours)
    kind: str | None = None
    try:
        with Connection(theirs, writable=False) as told:
            kind, content = _answer(told, time.monotonic() + waiting)
    finally:
        _end(child)
    if kind == "raised":
        raise RuntimeError(content)
    if kind != "answer":
        raise Stopped("Looking at the file takes more time or memory than any credential needs.")
    return content  # type: ignore[return-value]  # what the work returned


def _answer(told: Connection, deadline: float) -> tuple[str | None, object]:
    """Return what the process tells, or (None, None) when it ended or the time is up."""
    if not wait([told], timeout=max(0.0, deadline - time.monotonic())):
        return None, None
    try:
        kind, content = pickle.loads(told.recv_bytes())  # noqa: S301  # written by ourselves, a moment ago
    except (EOFError, OSError):
        return None, None
    return kind, content


def _end(child: int) -> None:
    """End the process and all that it started, and clear up after it."""
    for end in (os.killpg, os.kill):
        try:
            end(child, signal.SIGKILL)
        except OSError:
            continue
    os.waitpid(child, 0)


def _work_apart(work: Callable[[], object], out: int, seconds: int, memory: int) -> None:
    """Do the work, tell what came of it, and end; what stands in this process's buffers stays unwritten."""
    try:
        os.setpgid(0, 0)
        gc.freeze()
        _limit_ourselves(seconds, memory)
        try:
            told = pickle.dumps(("answer", work()))
        except MemoryError:
            os._exit(1)
        except BaseException:  # noqa: BLE001  # it goes on in the process that waits
            told = pickle.dumps(("raised", traceback.format_exc()))
        with Connection(out, readable=False) as back:
            back.send_bytes(told)
    finally:
        os._exit(0)


def _limit_ourselves(seconds: int, memory: int) -> None:
    """Set limits that hold for this process, and that a process it starts may set anew for itself."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit_memory(memory)


def limit_memory(memory: int = MOST_MEMORY) -> None:
    """Give this process so many bytes more than it has, for good: then comes `MemoryError`. On Linux."""
    import resource

    if sys.platform == "linux":  # elsewhere the limit is not kept, or counts what the system itself maps
        with open("/proc/self/statm", encoding="ascii") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, hard))
