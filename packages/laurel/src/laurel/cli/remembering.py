# SPDX-License-Identifier: Apache-2.0
"""The memory of `laurel verify --memory`: a file of what earlier checks have seen, for the next ones.

It is JSON that people may read and change: whoever has asked an issuer about a new key takes the issuer out
of `keys`, and the next check begins anew with it.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Final

import click

from laurel.cli.sources import about, plain, read_file, replace
from laurel.errors import LaurelError
from laurel.model.timestamp import format_timestamp, parse_timestamp
from laurel.verify import Memory, PresentationReport, Report

_LARGEST: Final = 64 * 1024 * 1024
#: Seconds to wait for other runs, each of which needs a few milliseconds, and between two tries.
_MOST_WAITING: Final = 10.0
_PAUSE: Final = 0.02


def load_memory(path: Path) -> Memory:
    """Return what a file remembers, which is nothing as long as there is no such file.

    Raises:
        click.UsageError: it holds something else, or could not be written again.
    """
    if not path.exists():
        if not path.resolve().parent.is_dir():
            raise click.UsageError(f"{plain(str(path))} cannot be written: its folder is not there.")
        return Memory()
    if not path.is_file():
        raise click.UsageError(f"{plain(str(path))} is no file, so nothing can be remembered there.")
    try:
        return _memory(json.loads(read_file(path, _LARGEST)))
    except LaurelError as error:
        raise click.UsageError(about(path, error)) from error
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise click.UsageError(
            f"{plain(str(path))} is no memory that laurel verify has written, and was left as it is. Put it "
            "back from a copy, or name another file: that begins anew, and notices nothing the first time."
        ) from error


def remember(path: Path, report: Report | PresentationReport) -> None:
    """Add to a memory file what a check has seen; the file changes at once and whole, or not at all.

    Raises:
        click.UsageError: it cannot be written, or is no memory any more.
    """
    seen = _seen(report)
    try:
        with _alone_in(path.resolve().parent):
            before = load_memory(path)  # again: another run may have written it in the meantime
            after = before + seen
            if after == before and path.exists():
                return
            replace(path, json.dumps(_as_json(after), indent=2, sort_keys=True).encode() + b"\n")
    except OSError as error:
        raise click.UsageError(f"{plain(str(path))} cannot be written: {error.strerror}.") from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs from writing a memory into a folder: what they have seen in between would be lost.

    The folder is locked, for the file itself is another one after each run. Where a system locks no folders
    nothing is kept apart.

    Raises:
        TimeoutError: somebody else holds it all the time.
    """
    try:
        import fcntl

        held = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        until = time.monotonic() + _MOST_WAITING
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise TimeoutError(error.errno, "another program holds its folder") from error
                time.sleep(_PAUSE)
                continue
            except OSError:
                pass  # such as some network drives
            break
        yield
    finally:
        os.close(held)


def _seen(report: Report | PresentationReport) -> Memory:
    if isinstance(report, Report):
        return report.memory
    return reduce(add, (credential.memory for credential in report.credentials), Memory())


def _memory(value: Any) -> Memory:
    """Return the memory that JSON holds. Raises: ValueError, TypeError, AttributeError; it holds none."""
    lists, keys = value.pop("lists"), value.pop("keys")
    if value or not all(_are_texts(used) for used in keys.values()):
        raise ValueError("not the members of a memory")
    return Memory(
        lists={url: parse_timestamp(begins) for url, begins in lists.items()},
        keys={issuer: frozenset(used) for issuer, used in keys.items()},
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def _as_json(memory: Memory) -> dict[str, Any]:
    return {
        "lists": {url: format_timestamp(begins) for url, begins in memory.lists.items()},
        "keys": {issuer: sorted(used) for issuer, used in memory.keys.items()},
    }
