# SPDX-License-Identifier: Apache-2.0
"""Strangers' files are read in a process of their own, which is ended when it takes too long (I13).

Why not `laurel.guard`, which has the same purpose: it copies the process that calls it. A server has threads,
open database connections and unsealed secrets, and none of that belongs into a process that reads a
stranger's file; and what the copy answers is unpickled, which a file that takes it over could use. This one
starts empty, reads file after file, and answers in JSON. `laurel.guard` is for the command, which has one
thread and nothing to lose.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from cairn.verification.examiner import frames, reports
from laurel import verify as laurel
from laurel.errors import LaurelError, Unreadable

#: The longest one file may take, start of the process and five fetches included, in seconds.
LONGEST = 10.0
TOO_MUCH_WORK = "too-much-work"
#: What the process runs.
PROGRAM = ("-m", "cairn.verification.examiner.worker")
Fetch = Callable[[str], bytes]


class Examiner:
    """Checks one file after another in a process that is started on first use.

    Used with `with`, and by one thread at a time. A file that ends its process costs itself only: the next
    one gets a new process.
    """

    def __init__(self, *, longest: float = LONGEST) -> None:
        self._longest = longest
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def examine(self, data: bytes, *, fetch: Fetch, at: datetime) -> laurel.Report:
        """Return laurel's report on a file. Whatever the bytes hold, this ends within the time allowed.

        Args:
            fetch: gives the document behind a URL, or raises a `LaurelError`; called in this process, five
                times at most.
        """
        deadline = time.monotonic() + self._longest
        try:
            self._send(frames.pack({"at": at.isoformat()}, data), deadline)
            fetches = 0
            while True:
                head, _body = self._receive(deadline)
                if "report" in head:
                    return reports.as_report(head["report"])
                fetches += 1
                if fetches > laurel.MOST_FETCHES:
                    raise frames.Broken("it asks for more than it may")
                self._send(_fetched(fetch, str(head["fetch"])), deadline)
        except (frames.Broken, TimeoutError, OSError, ValueError, KeyError):
            self._end()
            return laurel.unreadable(
                Unreadable("Checking this took more work than any credential needs.", code=TOO_MUCH_WORK)
            )

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no argument from outside
                [sys.executable, "-I", *PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Nothing of this server's settings and secrets.
                env={"LANG": "C.UTF-8"},
                bufsize=0,
                # A group of its own: what reads a PDF or runs a schema for it ends with it.
                start_new_session=True,
            )
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                os.set_blocking(pipe.fileno(), False)
        return self._process

    def _send(self, frame: bytes, deadline: float) -> None:
        pipe = self._started().stdin
        assert pipe is not None
        rest = memoryview(frame)
        while rest:
            self._wait(pipe.fileno(), select.POLLOUT, deadline)
            rest = rest[os.write(pipe.fileno(), rest[: 64 * 1024]) :]

    def _receive(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        head, body = frames.sizes(self._read(frames.SIZES.size, deadline))
        packed = self._read(head, deadline)
        rest = self._read(body, deadline)
        return frames.head_of(packed), rest

    def _read(self, size: int, deadline: float) -> bytes:
        pipe = self._started().stdout
        assert pipe is not None
        got = bytearray()
        while len(got) < size:
            self._wait(pipe.fileno(), select.POLLIN, deadline)
            chunk = os.read(pipe.fileno(), min(size - len(got), 64 * 1024))
            if not chunk:
                raise frames.Broken("the pipe ended")
            got += chunk
        return bytes(got)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        left = deadline - time.monotonic()
        poll = select.poll()
        poll.register(descriptor, event)
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError

    def _end(self) -> None:
        if self._process is None:
            return
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()
        self._process = None


def _fetched(fetch: Fetch, url: str) -> bytes:
    try:
        return frames.pack({}, fetch(url))
    except LaurelError as fault:
        return frames.pack({"fault": str(fault)})
