# SPDX-License-Identifier: Apache-2.0
"""The process in which strangers' files are read: little memory, two seconds of computing each, no network.

It knows neither Django nor the database. What it needs from outside it asks for over its pipe, and whoever
started it may end it at any moment. Run as `python -m cairn.verification.examiner.worker`.
"""

import resource
import signal
import sys
from collections.abc import Collection
from datetime import datetime
from typing import BinaryIO

from cairn.verification.examiner import frames, reports
from laurel import verify as laurel
from laurel.errors import LaurelError

CPU_SECONDS = 2.0
MEMORY = 512 * 1024 * 1024


class NotFetched(LaurelError):
    """The platform could not give a document that was asked for."""

    code = "fetch.unreachable"


def main() -> None:
    """Answer one frame after another until the pipe ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    came, goes = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            head, data = frames.read(came)
        except frames.Broken:
            return
        # The timer's signal ends this process, whatever it is deep inside of; the platform sees the pipe end.
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        report = examine(data, came, goes, at=datetime.fromisoformat(head["at"]))
        signal.setitimer(signal.ITIMER_PROF, 0)
        goes.write(frames.pack({"report": reports.as_told(report)}))
        goes.flush()


def examine(data: bytes, came: BinaryIO, goes: BinaryIO, *, at: datetime) -> laurel.Report:
    """Check what was presented; documents are asked for over the pipe."""

    def fetch(url: str) -> bytes:
        goes.write(frames.pack({"fetch": url}))
        goes.flush()
        answer, body = frames.read(came)
        if "fault" in answer:
            raise NotFetched(answer["fault"])
        return body

    try:
        presented = laurel.read(data)
    except LaurelError:
        return laurel.check(data, fetch=fetch, at=at)
    return laurel.check(data, fetch=fetch, at=at, trust=trusted(presented.issuer_id or ""))


def trusted(issuer_id: str) -> Collection[str] | None:
    """Return whom to trust when this issuer is named: nobody, or no list is asked.

    A domain stands behind `did:web` and `https`, and the page names it. A bare key is anybody's, so an
    issuer that is only a key is one that nobody knows.
    """
    return None if issuer_id.startswith(("did:web:", "https://", "http://")) else frozenset()


if __name__ == "__main__":
    main()
