# SPDX-License-Identifier: Apache-2.0
"""Files of many lines: worked on by all processor cores, answered in order, never held in memory whole."""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

import click

from laurel import guard
from laurel.cli.lines import Answer, Chunk, Line, Note, Reader, Work, answers_to, reader_of

__all__ = ["Broken", "Line", "Note", "answers", "processes_option", "require_batch", "work_through"]


class Broken(click.ClickException):
    """Processes end before their work is done, whatever it is."""

    exit_code = 70


def processes_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that says how many processes work on a batch."""
    return click.option(
        "--processes",
        type=click.IntRange(1, 256),
        metavar="N",
        help="How many processes work on a batch; default: one for each processor core.",
    )(command)


def require_batch(batch: Path | None, processes: int | None) -> None:
    """Refuse a number of processes for one source, which it would change nothing for. Raises: UsageError."""
    if batch is None and processes is not None:
        raise click.UsageError("--processes is for a file of many lines: name one with --batch.")


def work_through(
    path: Path,
    out: IO[bytes],
    work: Work,
    *,
    label: str,
    processes: int | None,
    noted: Callable[[int, Note], object],
) -> int:
    """Write for each line of a file that is not empty what comes of it, in their order; return how many.

    A line that ends the process which works on it, or that takes too long, is worked on as one whose content
    is a `laurel.guard.Stopped`.

    Args:
        path: the file, or - for standard input.
        out: where to write.
        work: what a process does with a line; it knows what it needs before the processes part.
        label: what is done, for who watches on a terminal.
        processes: how many; None for one for each processor core.
        noted: told the number of each line of which there is something to note, and the note.

    Raises:
        click.UsageError: the file cannot be read.
        Broken: no process does anything.
        RuntimeError: a defect; the message holds the traceback.
    """
    try:
        source: BinaryIO = sys.stdin.buffer if str(path) == "-" else path.open("rb")
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}.") from error
    size = max(1, path.stat().st_size) if path.is_file() else 1
    bar = click.progressbar(length=size, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
    count = last = 0
    try:
        with source, bar, closing(answers(source, work, processes)) as chunks:
            for chunk, answer in chunks:
                out.write(answer.written)
                last, count = chunk.last, count + answer.rows
                for number, note in answer.notes:
                    noted(number, note)
                bar.update(chunk.taken)
            out.flush()
    except KeyboardInterrupt:
        with suppress(OSError):
            out.flush()
        click.echo(f"The answers up to line {last} are written, and none of those after it.", err=True)
        raise
    except Broken as error:
        told = f"{error.message} The answers up to line {last} are complete, and those after it are missing."
        raise Broken(told) from error
    return count


def answers(
    file: BinaryIO,
    work: Work,
    processes: int | None,
    *,
    seconds: float = guard.MOST_SECONDS,
    waiting: float = guard.MOST_WAITING,
) -> Generator[tuple[Chunk, Answer]]:
    """Give each chunk of a file with what came of it, in their order.

    Args:
        file, work, processes: as for `work_through`, which see; it raises the same.
        seconds, waiting: of computing, and by the clock on the wall, that a line may take.
    """
    reader, number = reader_of(file)
    if not hasattr(os, "fork"):
        # Such a process would have to be told all that `work` knows, keys included.
        yield from _one_by_one(reader, work)
        return
    from laurel.cli.crew import Crew, Lost

    crew = Crew(work, processes or _cores(), number, seconds=seconds, waiting=waiting)
    try:
        while not (reader.is_over and crew.is_idle):
            wanted = crew.wants_more and not reader.is_over
            at_once = wanted and number is None
            if crew.wait(number if wanted else None, at_once=at_once) or at_once:
                chunk = reader.read()
                if chunk is not None:
                    crew.take(chunk)
            for chunk in crew.done():
                reader.took(chunk.seconds)
                yield chunk, _answer_of(chunk)
    except Lost as error:
        raise Broken(f"Processes that should do the work end before it is done ({error}).") from error
    finally:
        crew.end()


def _one_by_one(reader: Reader, work: Work) -> Iterator[tuple[Chunk, Answer]]:
    while not reader.is_over:
        chunk = reader.read()
        if chunk is not None and chunk.refused is not None:
            written, note = work(Line(chunk.first, chunk.refused))
            yield chunk, Answer(written, 1, [(chunk.first, note)] if note else [])
        elif chunk is not None:
            # Where there is no fork, there is no way to read what stands at a place of a file either.
            rows, notes = answers_to(chunk.first, chunk.lines, len(chunk.lines), work)
            yield chunk, Answer(b"".join(rows), len(rows), notes)


def _answer_of(chunk: Chunk) -> Answer:
    if isinstance(chunk.answer, RuntimeError):
        raise chunk.answer
    assert chunk.answer is not None
    return chunk.answer


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
