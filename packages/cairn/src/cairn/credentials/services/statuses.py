# SPDX-License-Identifier: Apache-2.0
"""Withdraw, hold, reinstate, undo: a row each, and the signed lists follow in the same transaction."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.credentials import queries
from cairn.credentials.errors import NoSuchCredential, TooLateToUndo
from cairn.credentials.facts import (
    ChangeKind,
    CredentialHeld,
    CredentialReinstated,
    CredentialWithdrawn,
    Issued,
)
from cairn.credentials.models import Award, IssuedCredential, StatusChange, StatusList
from cairn.credentials.queries.credentials import NOTHING_HERE, as_issued
from cairn.credentials.rules import statuses
from cairn.credentials.services.status_lists import publish
from cairn.foundation import news
from cairn.people.access import require_role
from cairn.people.facts import Actor, Role

_NEWS = {ChangeKind.HELD: CredentialHeld, ChangeKind.REINSTATED: CredentialReinstated}
UNDONE_REASON = "Issued by mistake and taken back within minutes."


@transaction.atomic
def withdraw(ref: str, *, reason: str, by: Actor, at: datetime) -> Issued:
    """Withdraw a credential for good. Everyone who may see it sees the reason.

    Raises:
        NoSuchCredential: there is none of that reference.
        NoSuchOrganization, RoleMissing: the actor does not issue there.
        ReasonMissing: no reason, or one over 500 characters.
        AlreadyWithdrawn: it is withdrawn.
    """
    return _change(ref, ChangeKind.WITHDRAWN, statuses.clean_reason(reason), by=by, at=at)


@transaction.atomic
def hold(ref: str, *, reason: str, by: Actor, at: datetime) -> Issued:
    """Put a credential on hold, with a public reason. Raises as `withdraw`, and `AlreadyHeld`."""
    return _change(ref, ChangeKind.HELD, statuses.clean_reason(reason), by=by, at=at)


@transaction.atomic
def reinstate(ref: str, *, reason: str = "", by: Actor, at: datetime) -> Issued:
    """Lift a hold; a reason is welcome, not needed. Raises as `withdraw`, and `NotHeld`."""
    cleaned = statuses.clean_reason(reason) if reason.strip() else ""
    return _change(ref, ChangeKind.REINSTATED, cleaned, by=by, at=at)


@transaction.atomic
def undo_issue(batch_id: UUID, *, by: Actor, at: datetime) -> tuple[Issued, ...]:
    """Take back what one act of issuing made, within ten minutes and before anybody kept it.

    The awards that were decided by marking wait to be issued again; pasted rows are set aside. What
    somebody has kept already stays.

    Returns:
        What was taken back.

    Raises:
        NoSuchCredential, NoSuchOrganization, RoleMissing: as `get_batch`.
        TooLateToUndo: nothing of it can be taken back.
    """
    batch = queries.get_batch(batch_id, by=by, at=at)
    # Awards first, then the list, as issuing does: two orders would be a deadlock.
    award_ids = [one.award_id for one in batch.issued]
    list(Award.objects.select_for_update().filter(id__in=award_ids).order_by("id"))
    lists = {
        one.id: one
        for one in StatusList.objects.select_for_update().filter(
            organization_id=batch.issued[0].organization_id
        )
    }
    # Locked, so that nobody keeps what is being taken back.
    rows = list(IssuedCredential.objects.select_for_update().filter(batch_id=batch_id).order_by("ref"))
    undone = []
    for row, issued in zip(rows, as_issued(rows), strict=True):
        try:
            statuses.require_undoable(
                issued_at=row.issued_at, kept_at=row.kept_at, status=issued.state, at=at
            )
        except TooLateToUndo:
            continue
        row.undone_at = at
        row.save(update_fields=["undone_at"])
        Award.objects.filter(id=row.award_id, assessed=False).update(set_aside_at=at)
        _store(row, ChangeKind.UNDONE, UNDONE_REASON, by=by, at=at)
        undone.append(row)
    if not undone:
        raise TooLateToUndo("The ten minutes are over. Withdraw the credentials instead, and say why.")
    for list_id in {row.status_list_id for row in undone}:
        publish(lists[list_id], at=at)
    return as_issued(undone)


def _change(ref: str, kind: ChangeKind, reason: str, *, by: Actor, at: datetime) -> Issued:
    row = IssuedCredential.objects.filter(ref=ref).first()
    if row is None:
        raise NoSuchCredential(NOTHING_HERE)
    require_role(by, row.organization_id, Role.ISSUER)
    # One change of a list at a time: each signs the list from the rows of all before it, so none is lost.
    status_list = StatusList.objects.select_for_update().get(id=row.status_list_id)
    kinds = StatusChange.objects.filter(credential=row).order_by("id").values_list("kind", flat=True)
    statuses.require_change(statuses.status_after(ChangeKind(one) for one in kinds), kind)
    _store(row, kind, reason, by=by, at=at)
    publish(status_list, at=at)
    return as_issued([row])[0]


def _store(row: IssuedCredential, kind: ChangeKind, reason: str, *, by: Actor, at: datetime) -> None:
    StatusChange.objects.create(credential=row, kind=kind, reason=reason, by_id=by.person_id, at=at)
    if row.person_id is None:
        return
    if kind in _NEWS:
        news.tell(_NEWS[kind](credential_ref=row.ref, person_id=row.person_id, reason=reason))
    else:
        news.tell(
            CredentialWithdrawn(
                credential_ref=row.ref,
                person_id=row.person_id,
                reason=reason,
                undone=kind is ChangeKind.UNDONE,
            )
        )
