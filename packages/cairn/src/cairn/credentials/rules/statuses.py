# SPDX-License-Identifier: Apache-2.0
"""What a credential's status may become, and what it is."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cairn.credentials.errors import (
    AlreadyHeld,
    AlreadyWithdrawn,
    NotHeld,
    ReasonMissing,
    TooLateToUndo,
)
from cairn.credentials.facts import ChangeKind, State

UNDO_FOR = timedelta(minutes=10)
LONGEST_REASON = 500
_FINAL = {ChangeKind.WITHDRAWN: State.WITHDRAWN, ChangeKind.UNDONE: State.UNDONE}


def status_after(kinds: Iterable[ChangeKind]) -> State:
    """Return what changes, oldest first, leave a credential with. A withdrawal is for good.

    Spec: Bitstring Status List 1.0 §2.2 (revocation is not reversible, suspension is)
    """
    state = State.CURRENT
    for kind in kinds:
        if kind in _FINAL:
            return _FINAL[kind]
        state = State.HELD if kind is ChangeKind.HELD else State.CURRENT
    return state


def state_at(status: State, *, valid_until: datetime | None, at: datetime) -> State:
    """Return where a credential stands: its status, or that its time is over."""
    if status is State.CURRENT and valid_until is not None and valid_until <= at:
        return State.ENDED
    return status


def require_change(status: State, kind: ChangeKind) -> None:
    """Refuse a change that makes no sense after the others.

    Raises:
        AlreadyWithdrawn: nothing follows a withdrawal.
        AlreadyHeld, NotHeld: the change says nothing new.
    """
    if status in (State.WITHDRAWN, State.UNDONE):
        raise AlreadyWithdrawn("This credential is withdrawn. That cannot be undone: issue a new one.")
    if kind is ChangeKind.HELD and status is State.HELD:
        raise AlreadyHeld("This credential is already on hold.")
    if kind is ChangeKind.REINSTATED and status is not State.HELD:
        raise NotHeld("This credential is not on hold.")


def clean_reason(reason: str) -> str:
    """Return a public reason in one line. Raises `ReasonMissing` for an empty or overlong one."""
    cleaned = " ".join(reason.split())
    if not cleaned:
        raise ReasonMissing("Write the reason. Everyone who checks the credential will read it.")
    if len(cleaned) > LONGEST_REASON:
        raise ReasonMissing(
            "Shorten the reason to %(most)s characters. It has %(length)s.",
            most=LONGEST_REASON,
            length=len(cleaned),
        )
    return cleaned


def require_undoable(*, issued_at: datetime, kept_at: datetime | None, status: State, at: datetime) -> None:
    """Refuse to take back a credential that somebody may already rely on. Raises `TooLateToUndo`."""
    if status is not State.CURRENT:
        raise TooLateToUndo("Its status has changed since. Open the credential to see what can be done.")
    if kept_at is not None:
        raise TooLateToUndo("The learner has kept this credential. Withdraw it instead, and say why.")
    if at - issued_at > UNDO_FOR:
        raise TooLateToUndo("The ten minutes are over. Withdraw the credential instead, and say why.")
