# SPDX-License-Identifier: Apache-2.0
"""Few checks of strangers' credentials run at once: slow hosts leave room for every other page (A42)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils.translation import gettext_noop

from cairn.verification.errors import TooBusy

#: How many at once in one server process; half of its threads.
SEATS = 4
#: How long to wait for one, in seconds.
PATIENCE = 4.0
_seats = threading.BoundedSemaphore(SEATS)
P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def seat(*, patience: float | None = None) -> Iterator[None]:
    """Hold one of the seats.

    Args:
        patience: how long to wait for one, in seconds; `PATIENCE` by default.

    Raises:
        TooBusy: none came free in that time.
    """
    if not _seats.acquire(timeout=PATIENCE if patience is None else patience):
        raise TooBusy(gettext_noop("Many checks are running at the moment. Try again in a minute."))
    try:
        yield
    finally:
        _seats.release()


def seated(check: Callable[P, R]) -> Callable[P, R]:
    """Let a check take a seat, but where it is part of a list: that holds one already."""

    @wraps(check)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs.get("examiner") is not None:
            return check(*args, **kwargs)
        with seat():
            return check(*args, **kwargs)

    return checked
