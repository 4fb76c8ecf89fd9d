# SPDX-License-Identifier: Apache-2.0
"""Challenges that serve once: given out with a question, taken back with the answer.

laurel keeps no state, so whoever asks for presentations keeps the challenges. What matters is that of many
who bring back the same one, one only hears True: `take` has to be a single step in whatever store there is,
such as one `DELETE … RETURNING`.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, Protocol, final

from laurel.model.timestamp import require_offset

__all__ = [
    "LIFETIME",
    "Nonces",
    "NoncesInMemory",
]

LIFETIME: Final = timedelta(minutes=5)
_MOST_KEPT: Final = 100_000


class Nonces(Protocol):
    """What a store of challenges offers."""

    def give(self, *, at: datetime) -> str:
        """Return a new challenge that nobody can guess."""

    def take(self, challenge: str, *, at: datetime) -> bool:
        """Tell whether the challenge was given, has not ended and has not been taken; from now on it has."""


@final
class NoncesInMemory:
    """Challenges of one process, gone when it ends; several processes need a store that they share."""

    def __init__(self, *, lifetime: timedelta = LIFETIME) -> None:
        """Take how long a challenge serves."""
        self._lifetime = lifetime
        self._lock = Lock()
        self._ends: dict[str, datetime] = {}

    def give(self, *, at: datetime) -> str:
        """Return a new challenge of 256 random bits, in base64url."""
        challenge = secrets.token_urlsafe(32)
        with self._open(at):
            if len(self._ends) >= _MOST_KEPT:
                del self._ends[next(iter(self._ends))]
            self._ends[challenge] = at + self._lifetime
        return challenge

    def take(self, challenge: str, *, at: datetime) -> bool:
        """Tell whether the challenge serves; it serves one caller only, however many come at once."""
        with self._open(at):
            return self._ends.pop(challenge, None) is not None

    @contextmanager
    def _open(self, at: datetime) -> Iterator[None]:
        """Hold the store alone, without the challenges that have ended; the oldest stand first."""
        require_offset(at, "at")
        with self._lock:
            while self._ends and (oldest := next(iter(self._ends))) and self._ends[oldest] < at:
                del self._ends[oldest]
            yield
