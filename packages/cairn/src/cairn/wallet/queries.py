# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: rows to facts."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from cairn.credentials import queries as credentials
from cairn.credentials.facts import Issued, State
from cairn.people.access import require_person
from cairn.people.facts import Actor
from cairn.wallet import keys, rules
from cairn.wallet.errors import NoSuchClaim, NoSuchCredential, NoSuchShare
from cairn.wallet.facts import Claim, Remark, RemarkKind, Share, ShareState
from cairn.wallet.models import ClaimKey, SharedCredential
from cairn.wallet.models import Remark as RemarkRow
from cairn.wallet.models import Share as ShareRow

NOTHING_HERE = "There is nothing here by that name."


def get_claim(key: str, *, by: Actor) -> tuple[Claim, Issued]:
    """Return what a mailed link opens. Three queries. Changes nothing: mail scanners open links too.

    Raises:
        NoSuchClaim: no such link was mailed, or what it opened was taken back.
        ClaimUsed: the credential was kept, and somebody else or nobody is signed in.
    """
    claim = find_claim(key)
    if claim is None:
        raise NoSuchClaim(NOTHING_HERE)
    rules.require_shown(claim, asker=by.person_id)
    issued = credentials.issued_by_ref(claim.credential_ref)
    if issued.state is State.UNDONE:
        raise NoSuchClaim(NOTHING_HERE)
    return claim, issued


def find_claim(key: str) -> Claim | None:
    """Return a mailed link by its key, whatever its state. One query."""
    row = ClaimKey.objects.filter(key_hash=keys.fingerprint(key)).first()
    return as_claim(row) if row else None


def get_held(ref: str, *, by: Actor) -> Issued:
    """Return one credential of the person who asks. Two queries. Raises `NoSuchCredential`."""
    person_id = require_person(by)
    for issued in credentials.held_by(person_id):
        if issued.ref == ref:
            return issued
    raise NoSuchCredential(NOTHING_HERE)


def shares_of(*, by: Actor) -> tuple[Share, ...]:
    """Return every link that the person who asks has made, newest first. Two queries."""
    rows = ShareRow.objects.filter(person_id=require_person(by)).order_by("-made_at", "id")
    return as_shares(list(rows))


def live_shares(*, by: Actor, at: datetime) -> tuple[Share, ...]:
    """Return the links of the person who asks that work now, newest first. Two queries."""
    return tuple(one for one in shares_of(by=by) if rules.share_state(one, at=at) is ShareState.LIVE)


def get_share(share_id: UUID, *, by: Actor) -> Share:
    """Return one link of the person who asks. Two queries. Raises `NoSuchShare`."""
    row = ShareRow.objects.filter(id=share_id, person_id=require_person(by)).first()
    if row is None:
        raise NoSuchShare(NOTHING_HERE)
    return as_shares([row])[0]


def find_share(token: str) -> Share | None:
    """Return a share by the token in its address, whatever its state. Two queries."""
    row = ShareRow.objects.filter(token_hash=keys.fingerprint(token)).first()
    return as_shares([row])[0] if row else None


def open_share(token: str, *, at: datetime) -> tuple[Share, tuple[Issued, ...]]:
    """Return what a live share shows, in its learner's order. Two queries, and two a credential.

    Raises:
        NoSuchShare: there is none, or nothing of it is left.
        ShareSwitchedOff, ShareEnded: it is no longer live.
    """
    share = find_share(token)
    if share is None:
        raise NoSuchShare(NOTHING_HERE)
    rules.require_live(share, at=at)
    shown = tuple(credentials.issued_by_ref(ref) for ref in share.refs)
    shown = tuple(one for one in shown if one.state is not State.UNDONE)
    if not shown:
        raise NoSuchShare(NOTHING_HERE)
    return share, shown


def find_live_share(ref: str, *, name: str, by: Actor, at: datetime) -> Share | None:
    """Return a live share of just this credential under this name, if there is one. Two queries."""
    live = live_shares(by=by, at=at)
    return next((one for one in live if one.refs == (ref,) and one.name == name), None)


def get_remark(remark_id: UUID) -> Remark:
    """Return a remark. One query. Raises `Remark.DoesNotExist`: news names only what is stored."""
    return as_remark(RemarkRow.objects.get(id=remark_id))


def remarks_of(organization_id: UUID, *, limit: int = 50) -> tuple[Remark, ...]:
    """Return what an organization was told about its credentials, newest first. One query.

    The caller has decided that the asker may read them.
    """
    rows = RemarkRow.objects.filter(organization_id=organization_id).order_by("-made_at", "id")
    return tuple(as_remark(row) for row in rows[:limit])


def as_claim(row: ClaimKey) -> Claim:
    """Return a row as a fact."""
    return Claim(
        id=row.id,
        credential_ref=row.credential_ref,
        person_id=row.person_id,
        made_at=row.made_at,
        used_at=row.used_at,
    )


def as_shares(rows: Iterable[ShareRow]) -> tuple[Share, ...]:
    """Return rows as facts, in their order. One query."""
    rows = list(rows)
    refs: dict[UUID, list[str]] = {row.id: [] for row in rows}
    chosen = SharedCredential.objects.filter(share__in=rows).order_by("position")
    for share_id, ref in chosen.values_list("share_id", "credential_ref"):
        refs[share_id].append(ref)
    return tuple(_as_share(row, tuple(refs[row.id])) for row in rows)


def as_remark(row: RemarkRow) -> Remark:
    """Return a row as a fact."""
    return Remark(
        id=row.id,
        credential_ref=row.credential_ref,
        organization_id=row.organization_id,
        person_id=row.person_id,
        kind=RemarkKind(row.kind),
        right_name=row.right_name,
        words=row.words,
        made_at=row.made_at,
    )


def _as_share(row: ShareRow, refs: tuple[str, ...]) -> Share:
    token = keys.share_token(row.id)
    is_ours = keys.fingerprint(token) == row.token_hash
    return Share(
        id=row.id,
        person_id=row.person_id,
        refs=refs,
        name=row.name,
        shows_evidence=row.shows_evidence,
        shows_marks=row.shows_marks,
        made_at=row.made_at,
        ends_at=row.ends_at,
        off_at=row.off_at,
        opened=row.opened,
        url=f"{settings.CAIRN_BASE_URL}/x/{token}" if is_ours else "",
    )
