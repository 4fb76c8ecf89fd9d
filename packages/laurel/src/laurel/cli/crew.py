# SPDX-License-Identifier: Apache-2.0
"""Processes that work on chunks of lines side by side; one that ends is missed, and started anew.

Each is a copy of this one. It is given chunks through a pipe and answers each through another, in bytes that
are ready to be written: what is done here for a line is next to nothing. At which line it is can be read in a
page of memory that both share, so a line that no process survives is known and holds up none of the others.
"""

import gc
import json
import mmap
import os
import selectors
import signal
import struct
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final, NoReturn

from laurel import guard
from laurel.cli.lines import LARGEST, Answer, Chunk, Line, Work, answers_to

#: One chunk that a process works on, and one that waits for it.
_AT_ONCE: Final = 2
#: So many chunks of each process are answered at most while an earlier one is not.
_AHEAD: Final = 4
#: A process that ends without having begun a line is none that the line could be blamed for.
_MOST_TRIES: Final = 3
#: The first process ends those that wait too long. Without it they end by themselves, so many seconds later.
_ALONE: Final = 5.0
#: Seconds between two looks at whether all of them get on.
_LOOK: Final = 0.5
#: What a pipe should hold, where the system allows it: a chunk, and mostly an answer.
_PIPE: Final = 1024 * 1024
#: The number of the first line, how many bytes they are, whether they come next, and where they stand if not.
_GIVEN: Final = struct.Struct("<QQ?Q")
#: What came of it, how many lines, the seconds, and how many bytes of notes and of rows come next.
_TOLD: Final = struct.Struct("<QQdQQ")
_ANSWERED, _RAISED = 0, 1
_NO_LINE: Final = 0
_OUT_OF_MEMORY: Final = 9
#: So many buffers are written at once at most, which is what the systems allow.
_MOST_PARTS: Final = 1000


class Lost(Exception):
    """Processes end whatever they are given to do, or none can be started."""


class _Ended(Exception):
    """A process is no more. `line` is the one that it worked on, if it did."""

    def __init__(self, line: int, how: str, *, was_slow: bool) -> None:
        super().__init__(how)
        self.line, self.was_slow = line, was_slow


class Crew:
    """So many processes, and the chunks that were taken and not given back, in the order of the file."""

    def __init__(
        self,
        work: Work,
        count: int,
        source: int | None,
        *,
        seconds: float,
        waiting: float,
    ) -> None:
        """Start with none; each is started when there is something for it to do.

        Args:
            work: what to do with each line; a copy of this process does it, and changes nothing here.
            count: how many processes there are at most.
            source: the number of the file, in which they read what stands there.
            seconds, waiting: of computing, and by the clock on the wall, that a line may take.
        """
        self._work, self._count, self._source = work, count, source
        self._seconds, self._waiting = seconds, waiting
        self._workers: list[_Worker] = []
        self._order: deque[Chunk] = deque()
        self._todo: deque[Chunk] = deque()
        self._looked = time.monotonic()

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is left to be done or to be given back."""
        return not self._order

    @property
    def wants_more(self) -> bool:
        """Tell whether there is somebody for another chunk."""
        if self._todo or len(self._order) >= _AHEAD * self._count:
            return False
        return len(self._workers) < self._count or any(len(each.chunks) < _AT_ONCE for each in self._workers)

    def take(self, chunk: Chunk) -> None:
        """Have a chunk worked on.

        Raises:
            Lost: there is nobody to do it, and nobody can be started.
        """
        self._order.append(chunk)
        self._todo.append(chunk)
        self._hand_out()

    def done(self) -> Iterator[Chunk]:
        """Give back the chunks that are done and stand behind none that is not."""
        while self._order and self._order[0].answer is not None:
            yield self._order.popleft()

    def wait(self, source: int | None, *, at_once: bool = False) -> bool:
        """Wait until a process has something to tell; return whether a file has something to read.

        Args:
            source: the number of a file that is waited for as well.
            at_once: do not wait at all.

        Raises:
            Lost: as `take`.
        """
        poll = selectors.PollSelector()
        if source is not None:
            poll.register(source, selectors.EVENT_READ)
        for each in self._workers:
            poll.register(each.outbox, selectors.EVENT_READ)
            if each.has_unsent:
                poll.register(each.inbox, selectors.EVENT_WRITE)
        ready = {key.fd for key, _ in poll.select(0 if at_once else _LOOK)}
        is_time = time.monotonic() - self._looked > _LOOK
        if is_time:
            self._looked = time.monotonic()
        for each in tuple(self._workers):
            try:
                if each.inbox in ready:
                    each.push()
                if each.outbox in ready:
                    each.hear()
                elif is_time:
                    each.look_after(self._waiting)
            except _Ended as ended:
                self._workers.remove(each)
                self._go_on_without(each.chunks, ended)
        self._hand_out()
        return source in ready

    def end(self) -> None:
        """End all processes, whatever they do."""
        while self._workers:
            self._workers.pop().kill()

    def _hand_out(self) -> None:
        while self._todo:
            chunk = self._todo[0]
            if chunk.refused is not None:
                written, note = self._work(Line(chunk.first, chunk.refused))
                chunk.answer = Answer(written, 1, [(chunk.first, note)] if note else [])
            else:
                free = min(self._workers, key=lambda each: len(each.chunks), default=None)
                if len(self._workers) < self._count and (free is None or free.chunks):
                    free = self._started() or free
                if free is None or len(free.chunks) >= _AT_ONCE:
                    return
                free.give(chunk)
            self._todo.popleft()

    def _started(self) -> "_Worker | None":
        try:
            times = self._seconds, self._waiting + _ALONE
            worker = _Worker(self._work, self._source, self._workers, times)
        except OSError as error:
            if not self._workers:
                raise Lost(f"no process can be started: {error.strerror}") from error
            self._count = len(self._workers)
            return None
        self._workers.append(worker)
        return worker

    def _go_on_without(self, left: deque[Chunk], ended: _Ended) -> None:
        """Have the chunks of a process that ended done by others, but for the line that it ended over."""
        if left and left[0].first <= ended.line <= left[0].last:
            chunk = left.popleft()
            parts = chunk.parts(ended.line, self._source)
            guilty = next(part for part in parts if part.first == ended.line)
            # What has worked for long may lack memory for no other reason. So each line has a second chance.
            guilty.tries = 1 + (chunk.tries if chunk.first == chunk.last else 0)
            if ended.was_slow or guilty.tries > 1:
                guilty.refused = guard.Stopped(_why(ended))
            place = self._order.index(chunk)
            order = [*self._order]
            self._order = deque((*order[:place], *parts, *order[place + 1 :]))
            left.extendleft(reversed(parts))
        elif left:
            left[0].tries += 1
            if left[0].tries >= _MOST_TRIES:
                raise Lost(f"they end, each {ended}")
        self._todo.extendleft(reversed(left))


def _why(ended: _Ended) -> str:
    if ended.was_slow:
        return "Working on this line takes more time than any credential needs, and was stopped."
    return f"The process that worked on this line ended ({ended}), and so did the next one."


class _Worker:
    """One process, the chunks that it was given and has not answered, and the pipes to it and from it."""

    def __init__(
        self, work: Work, source: int | None, others: Iterable["_Worker"], times: tuple[float, float]
    ) -> None:
        """Start it. Raises: OSError, when the system starts no more."""
        self.chunks: deque[Chunk] = deque()
        self._page = mmap.mmap(-1, mmap.PAGESIZE)
        self._line = memoryview(self._page).cast("Q")
        self._seen, self._since = _NO_LINE, 0.0
        self._unsent: deque[memoryview] = deque()
        self._head, self._body, self._got = b"", bytearray(), 0
        theirs, self.inbox = _pipe()
        self.outbox, back = _pipe()
        os.set_blocking(self.inbox, False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads, which the command has none of
            self._pid = os.fork()
        if self._pid == 0:
            ours = [pipe for each in (self, *others) for pipe in each.pipes]
            _work_apart(work, source, (theirs, back), ours, self._line, times)
        os.close(theirs)
        os.close(back)
        with suppress(OSError):  # it does so as well; whoever is first
            os.setpgid(self._pid, self._pid)

    @property
    def pipes(self) -> tuple[int, int]:
        """Our ends of both pipes."""
        return self.inbox, self.outbox

    @property
    def has_unsent(self) -> bool:
        """Tell whether something waits for room in the pipe."""
        return bool(self._unsent)

    def give(self, chunk: Chunk) -> None:
        """Hand it a chunk; what finds no room in the pipe is for `push`."""
        self.chunks.append(chunk)
        is_here = chunk.place is None
        head = _GIVEN.pack(chunk.first, chunk.taken, is_here, chunk.place or 0)
        self._unsent += [memoryview(head), memoryview(chunk.lines)][: 1 + is_here]
        self.push()

    def push(self) -> None:
        """Send what there is room for. That it has ended is found by `hear`."""
        try:
            while self._unsent:
                sent = os.write(self.inbox, self._unsent[0])
                if sent < len(self._unsent[0]):
                    self._unsent[0] = self._unsent[0][sent:]
                else:
                    self._unsent.popleft()
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self._unsent.clear()

    def hear(self) -> None:
        """Read what is there of an answer; once it is whole, its chunk has it.

        Raises:
            _Ended: the process is no more.
        """
        if len(self._head) < _TOLD.size:
            part = os.read(self.outbox, _TOLD.size - len(self._head))
            self._head += part
            if not part:
                raise self._end()
            if len(self._head) < _TOLD.size:
                return
            *_, notes, rows = _TOLD.unpack(self._head)
            self._body, self._got = bytearray(notes + rows), 0
        if self._got < len(self._body):
            got = os.readv(self.outbox, [memoryview(self._body)[self._got :]])
            self._got += got
            if not got:
                raise self._end()
        if self._got == len(self._body):
            self._answered()

    def _answered(self) -> None:
        kind, count, seconds, size, _ = _TOLD.unpack(self._head)
        notes, rows = self._body[:size], memoryview(self._body)[size:]
        self._head = b""
        chunk = self.chunks.popleft()
        chunk.seconds = seconds
        if kind == _RAISED:
            chunk.answer = RuntimeError(bytes(rows).decode(errors="replace"))
        else:
            chunk.answer = Answer(rows, count, json.loads(notes))

    def look_after(self, waiting: float) -> None:
        """End it if it has been at one line for too long.

        Raises:
            _Ended: it was.
        """
        line, now = self._line[0], time.monotonic()
        if line != self._seen:
            self._seen, self._since = line, now
        elif line != _NO_LINE and now - self._since > waiting:
            self.kill()
            raise _Ended(line, "it took too long", was_slow=True)

    def _end(self) -> _Ended:
        line, status = self._line[0], self.kill()
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            was_slow = number in (signal.SIGPROF, signal.SIGALRM)
            return _Ended(line, f"by signal {number}", was_slow=was_slow)
        code = os.WEXITSTATUS(status)
        return _Ended(line, "out of memory" if code == _OUT_OF_MEMORY else f"with {code}", was_slow=False)

    def kill(self) -> int:
        """End it and all that it started, and clear up after it; return the status that it ended with."""
        for end in (os.killpg, os.kill):
            with suppress(OSError):
                end(self._pid, signal.SIGKILL)
        _, status = os.waitpid(self._pid, 0)
        for pipe in self.pipes:
            os.close(pipe)
        self._line.release()
        self._page.close()
        return status


def _pipe() -> tuple[int, int]:
    """Return a pipe to read from and to write to that holds much, so that nobody waits for the other."""
    ends = os.pipe()
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, _PIPE)
    return ends


def _work_apart(
    work: Work,
    source: int | None,
    pipes: tuple[int, int],
    others: Iterable[int],
    line: "memoryview[int]",
    times: tuple[float, float],
) -> NoReturn:
    """Answer chunks until there are no more; what stands in this process's buffers stays unwritten.

    `times` are the seconds of computing, and by the clock on the wall, after which the system ends it.
    """
    try:
        for pipe in others:
            os.close(pipe)
        os.setpgid(0, 0)  # Ctrl-C is for the first process, which ends this one and all that it has started
        gc.freeze()
        guard.limit_memory()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        seconds, waiting = times
        usual = bytearray(LARGEST)

        def begin(number: int) -> None:
            line[0] = number
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.setitimer(signal.ITIMER_REAL, waiting)

        given, back = pipes
        with open(given, "rb") as chunks:
            while len(head := chunks.read(_GIVEN.size)) == _GIVEN.size:
                first, size, is_here, place = _GIVEN.unpack(head)
                buffer = usual if size <= LARGEST else bytearray(size)
                with memoryview(buffer)[:size] as room:
                    # A file that somebody cuts short meanwhile has fewer lines.
                    got = chunks.readinto(room) if is_here else os.preadv(source or 0, [room], place)
                told = _told(first, buffer, got, work, begin)
                line[0] = _NO_LINE
                signal.setitimer(signal.ITIMER_REAL, 0)
                _write(back, told)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    finally:
        os._exit(0)


def _told(first: int, lines: bytearray, size: int, work: Work, begin: Callable[[int], object]) -> list[bytes]:
    """Return what to tell of a chunk: how it went, and behind that the notes and the rows."""
    began = time.perf_counter()
    rows: list[bytes]
    try:
        rows, found = answers_to(first, lines, size, work, begin)
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001  # it goes on in the first process
        kind, notes, rows = _RAISED, b"[]", [traceback.format_exc().encode(errors="replace")]
    else:
        kind, notes = _ANSWERED, json.dumps(found).encode()
    seconds = time.perf_counter() - began
    return [_TOLD.pack(kind, len(rows), seconds, len(notes), sum(map(len, rows))), notes, *rows]


def _write(pipe: int, parts: list[bytes]) -> None:
    for begin in range(0, len(parts), _MOST_PARTS):
        some = parts[begin : begin + _MOST_PARTS]
        sent = os.writev(pipe, some)
        if sent < sum(map(len, some)):
            rest = memoryview(b"".join(some))[sent:]
            while rest:
                rest = rest[os.write(pipe, rest) :]
