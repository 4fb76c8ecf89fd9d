# SPDX-License-Identifier: Apache-2.0
"""Files of many lines: worked on by all processor cores, answered in order, never held in memory whole."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, TypeVar

import click

from laurel.errors import TooLarge
from laurel.verify.presented import LARGEST_FILE

Answer = TypeVar("Answer")

# A chunk is worth the way to another process and back, and small enough for a progress bar that moves.
_CHUNK_LINES: Final = 64
_CHUNK_BYTES: Final = 512 * 1024
# So many chunks of each process are on their way at once: one that it works on, and two that wait.
_AHEAD: Final = 3


class Broken(click.ClickException):
    """A process has ended before its work was done."""

    exit_code = 70


class Line(NamedTuple):
    """One line that is not empty: its number from 1, its bytes or an error for a huge one, its length."""

    number: int
    content: bytes | TooLarge
    taken: int


def processes_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that says how many processes work on a batch."""
    return click.option(
        "--processes",
        type=click.IntRange(1, 256),
        metavar="N",
        help="How many processes work on a batch; default: one for each processor core.",
    )(command)


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """Give each line of a file that is not empty."""
    number = 0
    while line := file.readline(LARGEST_FILE + 1):
        number += 1
        taken = len(line)
        content: bytes | TooLarge = line.strip()
        if taken > LARGEST_FILE:
            while line and not line.endswith(b"\n"):
                line = file.readline(LARGEST_FILE)
                taken += len(line)
            content = TooLarge(f"The line is longer than {LARGEST_FILE // 1024 // 1024} MB.")
        if content:
            yield Line(number, content, taken)


def size_of(path: Path) -> int:
    """Return how many bytes a file has, or 1 where nobody knows, as of a pipe."""
    return max(1, path.stat().st_size) if path.is_file() else 1


def answers(
    lines: Iterable[Line], work: Callable[[Line], Answer], processes: int | None
) -> Iterator[tuple[Line, Answer]]:
    """Give each line with its answer, in the order of the lines.

    Args:
        work: what a process does with a line; it knows what it needs before the processes part.
        processes: how many; None for one for each processor core.

    Raises:
        click.ClickException: a process has ended before its work was done.
    """
    chunks = _chunks(lines)
    first = list(next(chunks, ()))
    second = list(next(chunks, ()))
    everything = chain((first,), (second,), chunks)
    count = processes or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(1))
    # Without a fork a process would have to be told all that `work` knows, keys included.
    if count == 1 or not second or "fork" not in multiprocessing.get_all_start_methods():
        for line in chain.from_iterable(everything):
            yield line, work(line)
        return
    yield from _by_processes(everything, work, count)


def _by_processes(
    chunks: Iterable[list[Line]], work: Callable[[Line], Answer], count: int
) -> Iterator[tuple[Line, Answer]]:
    waiting: deque[tuple[list[Line], Future[list[Answer]]]] = deque()
    done = 0
    pool = ProcessPoolExecutor(
        count, mp_context=multiprocessing.get_context("fork"), initializer=_begin, initargs=(work,)
    )
    try:
        for chunk in chain(chunks, [None] * (_AHEAD * count)):
            if chunk is not None:
                waiting.append((chunk, pool.submit(_work_on, chunk)))
            if waiting and (chunk is None or len(waiting) >= _AHEAD * count):
                finished, future = waiting.popleft()
                for line, answer in zip(finished, future.result(), strict=True):
                    yield line, answer
                    done = line.number
    except BrokenProcessPool as error:
        message = (
            f"A process ended before its work was done. The answers up to line {done} are complete, and those"
            " after it are missing. Perhaps memory is short: go on from there with --processes 1."
        )
        raise Broken(message) from error
    finally:
        # After Ctrl-C nobody waits for the chunks that were not begun.
        pool.shutdown(wait=True, cancel_futures=True)


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += line.taken
        if len(chunk) >= _CHUNK_LINES or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


_deed: Callable[[Line], Any] | None = None


def _begin(work: Callable[[Line], Any]) -> None:
    """Make a new process ready: Ctrl-C is for the first process to answer."""
    global _deed
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _deed = work


def _work_on(chunk: list[Line]) -> list[Any]:
    assert _deed is not None
    return [_deed(line) for line in chunk]
