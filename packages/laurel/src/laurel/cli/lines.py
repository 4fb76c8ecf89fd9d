# SPDX-License-Identifier: Apache-2.0
"""Files of many lines, cut into chunks of whole lines, and what comes of a chunk."""

import io
import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple, TypeAlias

from laurel.errors import TooLarge
from laurel.verify.presented import LARGEST_FILE

# A chunk is worth the way to another process and back, and is done soon enough for a progress bar that moves
# and for two processes to end together. Lines cost from 0.1 ms to a minute, where a slow host is asked.
SMALLEST: Final = 1024
LARGEST: Final = 256 * 1024
_FIRST: Final = 16 * 1024
_SOON: Final = 0.01
_LATE: Final = 0.2
#: What is written for a line may be many times as long as the line.
MOST_LINES: Final = 4096

TOO_LONG: Final = f"The line is longer than {LARGEST_FILE // 1024 // 1024} MB."

Note: TypeAlias = str | int
"""What is to be known of a line besides what is written for it; empty or 0 for nothing."""


class Line(NamedTuple):
    """One line that is not empty: its number from 1, and its bytes, or why nobody looks at them."""

    number: int
    content: bytes | TooLarge


Work: TypeAlias = Callable[[Line], tuple[bytes, Note]]
"""What is done with a line: gives what to write for it, and what to note of it."""


class Answer(NamedTuple):
    """What came of the lines of a chunk: what to write for them, how many rows that is, and their notes."""

    written: bytes | memoryview
    rows: int
    notes: list[tuple[int, Note]]


@dataclass(slots=True, eq=False)
class Chunk:
    """Some lines of a file that stand together.

    `first` is the number of the first one, `last` that of the last one, `taken` how many bytes they have.
    They stand in the file from `place` on, or, where that is None, in `lines`. `refused` is why nobody looks
    at its one line. `tries` counts how often a process ended over it. `answer` is what came of it, or a
    defect, after so many `seconds`.
    """

    first: int
    last: int
    taken: int
    place: int | None = None
    lines: bytes = b""
    refused: TooLarge | None = None
    tries: int = 0
    answer: Answer | RuntimeError | None = None
    seconds: float = 0.0

    def parts(self, number: int, source: int | None) -> list["Chunk"]:
        """Return the lines before one, that one, and those after it; each part that there is.

        `source` is the number of the file.
        """
        whole = (
            self.lines if self.place is None or source is None else os.pread(source, self.taken, self.place)
        )
        lines = whole.split(b"\n")
        found = []
        for first, last in ((self.first, number - 1), (number, number), (number + 1, self.last)):
            if first <= last:
                part = b"\n".join(lines[first - self.first : last - self.first + 1]) + b"\n"
                found.append(Chunk(first, last, len(part), lines=part))
        return found


def answers_to(
    first: int,
    lines: bytes | bytearray,
    size: int,
    work: Work,
    begin: Callable[[int], object] | None = None,
) -> tuple[list[bytes], list[tuple[int, Note]]]:
    """Do the work for every line that is not empty; return what to write for each, and their notes.

    Args:
        first: the number of the first line.
        lines, size: so many bytes of a buffer hold them.
        work: what to do.
        begin: told the number of a line before its work begins.
    """
    rows: list[bytes] = []
    notes: list[tuple[int, Note]] = []
    number, place, view = first - 1, 0, memoryview(lines)
    while place < size:
        number, begins = number + 1, place
        end = lines.find(b"\n", place, size)
        place = (end if end >= 0 else size) + 1
        content: bytes | TooLarge = bytes(view[begins : place - 1]).strip()
        if not content:
            continue
        if begin is not None:
            begin(number)
        if place - begins > LARGEST_FILE:
            content = TooLarge(TOO_LONG)
        row, note = work(Line(number, content))
        rows.append(row)
        if note:
            notes.append((number, note))
    return rows, notes


class Reader(ABC):
    """Cuts a file into chunks; holds one of them at most."""

    def __init__(self) -> None:
        """Begin at the first line."""
        self.is_over = False
        self._number = 1
        self._size = _FIRST

    @abstractmethod
    def read(self) -> Chunk | None:
        """Read once; return the lines that are whole then, or None where there are none yet."""

    def took(self, seconds: float) -> None:
        """Choose the size of the chunks to come by how long one has taken."""
        if seconds < _SOON:
            self._size = min(LARGEST, self._size * 2)
        elif seconds > _LATE:
            self._size = max(SMALLEST, self._size // 2)

    def _chunk(self, breaks: int, taken: int, *, place: int | None = None, lines: bytes = b"") -> Chunk:
        """Return the next chunk, which has so many line breaks, or is one line that has none."""
        first, self._number = self._number, self._number + max(1, breaks)
        return Chunk(first, self._number - 1, taken, place, lines)

    def _refused(self, taken: int) -> Chunk:
        chunk = self._chunk(1, taken)
        chunk.refused = TooLarge(TOO_LONG)
        return chunk


class FileReader(Reader):
    """Reads a file on a disk only to see where its lines end: whoever works on them reads them again."""

    def __init__(self, number: int) -> None:
        """Take the number of a file that is open, and begin where it stands."""
        super().__init__()
        self._file = number
        self._place = os.lseek(number, 0, os.SEEK_CUR)
        self._buffer = bytearray(LARGEST)

    def read(self) -> Chunk | None:
        """Return the next lines, or None where there are no more."""
        size = self._size
        while True:
            if size > len(self._buffer):
                self._buffer = bytearray(size)
            got = os.preadv(self._file, [memoryview(self._buffer)[:size]], self._place)
            end = self._buffer.rfind(b"\n", 0, got) + 1
            if end or got < size:
                break
            if size > LARGEST_FILE:
                return self._too_long()
            size = min(2 * size, LARGEST_FILE + 1)
        if not got:
            self.is_over = True
            return None
        breaks, end = _some_of(self._buffer, end)
        place, taken = self._place, end or got
        self._place += taken
        return self._chunk(breaks, taken, place=place)

    def _too_long(self) -> Chunk:
        begin = self._place
        self._place += LARGEST_FILE
        while got := os.preadv(self._file, [memoryview(self._buffer)[:LARGEST]], self._place):
            end = self._buffer.find(b"\n", 0, got) + 1
            self._place += end or got
            if end:
                break
        return self._refused(self._place - begin)


class StreamReader(Reader):
    """Reads what comes through a pipe, or is in memory, and keeps it until it is answered."""

    def __init__(self, file: BinaryIO) -> None:
        """Take a file that is open."""
        super().__init__()
        self._file = file
        # Of a line that is not whole yet; one that is too long is counted and not kept.
        self._begun: list[bytes] = []
        self._length = 0
        self._ahead = b""

    def read(self) -> Chunk | None:
        """Read what stands there and no more: lines that come by themselves do not wait for others."""
        piece: bytes = self._ahead or self._file.read1(self._size)  # type: ignore[attr-defined]
        self._ahead = b""
        if not piece:
            self.is_over = True
            return self._cut(b"", b"") if self._length else None
        find = piece.find if self._is_too_long else piece.rfind
        end = find(b"\n") + 1
        if end:
            return self._cut(piece[:end], piece[end:])
        self._keep(piece)
        return None

    @property
    def _is_too_long(self) -> bool:
        return self._length > LARGEST_FILE

    def _keep(self, piece: bytes) -> None:
        self._length += len(piece)
        self._begun.append(piece)
        if self._is_too_long:
            self._begun.clear()

    def _cut(self, end: bytes, after: bytes) -> Chunk:
        taken = self._length + len(end)
        if self._is_too_long:
            self._begun, self._length, self._ahead = [], 0, after
            return self._refused(taken)
        lines = b"".join((*self._begun, end))
        breaks, cut = _some_of(lines, len(lines))
        if cut < len(lines):
            self._begun, self._length, self._ahead = [], 0, lines[cut:] + after
            return self._chunk(breaks, cut, lines=lines[:cut])
        self._begun, self._length = [after] if after else [], len(after)
        return self._chunk(breaks, taken, lines=lines)


def _some_of(lines: bytes | bytearray, end: int) -> tuple[int, int]:
    """Return how many of the line breaks before an end one chunk may have, and where those lines end."""
    breaks = lines.count(b"\n", 0, end)
    if breaks <= MOST_LINES:
        return breaks, end
    place = 0
    for _ in range(MOST_LINES):
        place = lines.find(b"\n", place, end) + 1
    return MOST_LINES, place


def reader_of(file: BinaryIO) -> tuple[Reader, int | None]:
    """Return what reads a file, and the number by which the system knows it; None for one in memory."""
    try:
        number = file.fileno()
        is_on_disk = stat.S_ISREG(os.fstat(number).st_mode) and hasattr(os, "preadv")
    except (OSError, io.UnsupportedOperation):
        return StreamReader(file), None
    return FileReader(number) if is_on_disk else StreamReader(file), number
