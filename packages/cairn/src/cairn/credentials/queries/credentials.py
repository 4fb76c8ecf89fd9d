# SPDX-License-Identifier: Apache-2.0
"""Issued credentials: one, a person's, an organization's."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cairn.credentials.errors import NoSuchCredential
from cairn.credentials.facts import Batch, ChangeKind, Issued, State, TimelineEntry, Visibility
from cairn.credentials.models import IssuedCredential, StatusChange
from cairn.credentials.rules import identifiers, statuses
from cairn.people import queries as people
from cairn.people.access import require_role
from cairn.people.facts import Actor, Organization, Role

NOTHING_HERE = "There is nothing here by that name."
PAGE = 50


def find_ref(text: str) -> str | None:
    """Return the reference of a credential of ours in an address or in what somebody typed. One query."""
    ref = identifiers.ref_in(text, settings.CAIRN_BASE_URL)
    if ref is None or not IssuedCredential.objects.filter(ref=ref).exists():
        return None
    return ref


def issued_by_ref(ref: str) -> Issued:
    """Return a credential, whoever asks: the caller has decided that they may. Two queries.

    Raises:
        NoSuchCredential: there is none of that reference.
    """
    return as_issued([row_of(ref)])[0]


def get_issued(slug: str, ref: str, *, by: Actor) -> tuple[Organization, Issued]:
    """Return a credential for the staff who issue. Three queries.

    Raises:
        NoSuchOrganization, RoleMissing: the actor does not issue there.
        NoSuchCredential: the organization issued none of that reference.
    """
    organization = require_staff(slug, by=by)
    row = IssuedCredential.objects.filter(ref=ref, organization_id=organization.id).first()
    if row is None:
        raise NoSuchCredential(NOTHING_HERE)
    return organization, as_issued([row])[0]


def held_by(person_id: UUID) -> tuple[Issued, ...]:
    """Return what a person holds, newest first; what was undone is left out. Two queries."""
    rows = IssuedCredential.objects.filter(person_id=person_id, undone_at__isnull=True)
    return as_issued(rows.order_by("-issued_at", "ref"))


def find_held(achievement_ref: str, person_ids: Collection[UUID]) -> dict[UUID, Issued]:
    """Return, by person, a credential of the achievement that is not withdrawn. Two queries."""
    rows = IssuedCredential.objects.filter(
        achievement_ref=achievement_ref, person_id__in=set(person_ids), undone_at__isnull=True
    )
    found = as_issued(rows.order_by("issued_at"))
    return {
        one.person_id: one for one in found if one.person_id is not None and one.state is not State.WITHDRAWN
    }


def get_batch(batch_id: UUID, *, by: Actor, at: datetime) -> Batch:
    """Return what one act of issuing made, and until when it can be undone. Two queries.

    Raises:
        NoSuchCredential: there is no such batch.
        NoSuchOrganization, RoleMissing: the actor does not issue there.
    """
    issued = as_issued(IssuedCredential.objects.filter(batch_id=batch_id).order_by("issued_at", "ref"))
    if not issued:
        raise NoSuchCredential(NOTHING_HERE)
    require_role(by, issued[0].organization_id, Role.ISSUER)
    return as_batch(batch_id, issued, at)


def get_batch_of(slug: str, batch_id: UUID, *, by: Actor, at: datetime) -> tuple[Organization, Batch]:
    """Return the same within an organization. Three queries. Raises as `get_batch`."""
    organization = require_staff(slug, by=by)
    batch = get_batch(batch_id, by=by, at=at)
    if batch.issued[0].organization_id != organization.id:
        raise NoSuchCredential(NOTHING_HERE)
    return organization, batch


def find_batch_of_awards(slug: str, award_ids: Collection[UUID], *, by: Actor) -> tuple[UUID | None, int]:
    """Return the batch in which awards were issued last, and how many of them stand issued. Two queries.

    For a request that is sent twice: the second one finds what the first one did.

    Raises:
        NoSuchOrganization, RoleMissing: the actor does not issue there.
    """
    organization = require_staff(slug, by=by)
    rows = IssuedCredential.objects.filter(
        organization_id=organization.id, award_id__in=set(award_ids), undone_at__isnull=True
    )
    batches = list(rows.order_by("issued_at", "ref").values_list("batch_id", flat=True))
    return (batches[-1] if batches else None), len(batches)


def find_batch_of_list(
    slug: str, list_id: UUID, emails: Iterable[str], *, by: Actor
) -> tuple[UUID | None, int]:
    """Return the same for the rows of a pasted list. Two queries. Raises as `find_batch_of_awards`."""
    award_ids = {identifiers.listed_award_id(list_id, email) for email in emails}
    return find_batch_of_awards(slug, award_ids, by=by)


def search_credentials(
    slug: str, *, text: str, state: State | None, page: int, by: Actor, at: datetime
) -> tuple[Organization, tuple[Issued, ...], int]:
    """Return one page of an organization's credentials for the staff who issue. Four queries.

    Raises:
        NoSuchOrganization, RoleMissing: the actor does not issue there.
    """
    organization = require_staff(slug, by=by)
    found, total = page_of_credentials(organization.id, text=text, state=state, page=page, at=at)
    return organization, found, total


def last_issued(organization_id: UUID, *, limit: int = 5) -> tuple[Issued, ...]:
    """Return the newest credentials of an organization. Two queries."""
    rows = IssuedCredential.objects.filter(organization_id=organization_id, undone_at__isnull=True)
    return as_issued(rows.order_by("-issued_at", "ref")[:limit])


def page_of_credentials(
    organization_id: UUID, *, text: str = "", state: State | None = None, page: int = 1, at: datetime
) -> tuple[tuple[Issued, ...], int]:
    """Return one page of an organization's credentials, newest first, and how many there are. Three queries.

    Args:
        text: part of a name, an e-mail address, an achievement or a reference; empty for all.
        page: 1-based; each holds 50.
    """
    rows = _in_state(IssuedCredential.objects.filter(organization_id=organization_id), state, at)
    for word in text.split():
        # A reference is printed in groups of four.
        as_ref = word.replace("-", "").upper()
        rows = rows.filter(
            Q(person_name__icontains=word)
            | Q(person_email__icontains=word)
            | Q(achievement_name__icontains=word)
            | Q(ref__startswith=as_ref)
        )
    start = (max(page, 1) - 1) * PAGE
    return as_issued(rows.order_by("-issued_at", "ref")[start : start + PAGE]), rows.count()


def timeline(issued: Issued) -> tuple[TimelineEntry, ...]:
    """Return what happened to a credential, newest first. Three queries."""
    row = IssuedCredential.objects.select_related("award").get(id=issued.id)
    changes = list(StatusChange.objects.filter(credential=row).order_by("id"))
    persons = people.people_by_id(
        {one for one in (row.award.recorded_by_id, row.issued_by_id, *(c.by_id for c in changes)) if one}
    )

    def name_of(person_id: UUID | None) -> str:
        return persons[person_id].name if person_id in persons else ""

    entries = [
        TimelineEntry(kind="decided", at=row.award.decided_at, person_name=name_of(row.award.recorded_by_id)),
        TimelineEntry(kind="issued", at=row.issued_at, person_name=name_of(row.issued_by_id)),
    ]
    if row.kept_at:
        entries.append(TimelineEntry(kind="kept", at=row.kept_at, person_name=row.person_name))
    entries += [
        TimelineEntry(kind=one.kind, at=one.at, person_name=name_of(one.by_id), reason=one.reason)
        for one in changes
    ]
    # Newest first; of what happened at one moment, the later step of the story stands on top.
    entries.reverse()
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return tuple(entries)


def require_staff(slug: str, *, by: Actor) -> Organization:
    """Return the organization if the actor issues there. One query. Raises as `require_role` does."""
    organization = people.get_organization(slug)
    require_role(by, organization.id, Role.ISSUER)
    return organization


def row_of(ref: str) -> IssuedCredential:
    """Return the row of a reference. One query. Raises `NoSuchCredential`."""
    row = IssuedCredential.objects.filter(ref=ref).first()
    if row is None:
        raise NoSuchCredential(NOTHING_HERE)
    return row


def as_issued(rows: Iterable[IssuedCredential]) -> tuple[Issued, ...]:
    """Return rows as facts, in their order. One query for all their status changes, and that of the rows."""
    rows = list(rows)
    changes: dict[UUID, list[StatusChange]] = {}
    for change in StatusChange.objects.filter(credential__in=rows).order_by("id"):
        changes.setdefault(change.credential_id, []).append(change)
    now = timezone.now()
    return tuple(_as_issued(row, changes.get(row.id, []), now) for row in rows)


def as_batch(batch_id: UUID, issued: tuple[Issued, ...], at: datetime) -> Batch:
    """Return a batch with the end of its undo window, if that is still open for one of them."""
    until = max(one.issued_at for one in issued) + statuses.UNDO_FOR
    can_undo = at <= until and any(one.state is State.CURRENT and one.kept_at is None for one in issued)
    return Batch(id=batch_id, issued=issued, undo_until=until if can_undo else None)


def _as_issued(row: IssuedCredential, changes: list[StatusChange], now: datetime) -> Issued:
    status = statuses.status_after(ChangeKind(change.kind) for change in changes)
    return Issued(
        id=row.id,
        ref=row.ref,
        url=identifiers.credential_url(settings.CAIRN_BASE_URL, row.ref),
        award_id=row.award_id,
        organization_id=row.organization_id,
        person_id=row.person_id,
        person_name=row.person_name,
        person_email=row.person_email,
        achievement_id=row.achievement_id,
        achievement_ref=row.achievement_ref,
        achievement_name=row.achievement_name,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        batch_id=row.batch_id,
        state=statuses.state_at(status, valid_until=row.valid_until, at=now),
        state_at=changes[-1].at if changes else row.issued_at,
        reason=changes[-1].reason if changes else "",
        visibility=Visibility(row.visibility),
        shows_evidence=row.shows_evidence,
        shows_marks=row.shows_marks,
        kept_at=row.kept_at,
    )


def _in_state(
    rows: QuerySet[IssuedCredential], state: State | None, at: datetime
) -> QuerySet[IssuedCredential]:
    if state is None:
        return rows
    final = StatusChange.objects.filter(kind__in=[ChangeKind.WITHDRAWN]).values("credential_id")
    if state is State.WITHDRAWN:
        return rows.filter(id__in=final)
    if state is State.UNDONE:
        return rows.filter(undone_at__isnull=False)
    held = held_rows().values("credential_id")
    if state is State.HELD:
        return rows.filter(id__in=held)
    standing = rows.filter(undone_at__isnull=True).exclude(id__in=final).exclude(id__in=held)
    if state is State.ENDED:
        return standing.filter(valid_until__lte=at)
    return standing.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))


def held_rows() -> QuerySet[StatusChange]:
    """Return the last change of each credential that is on hold now."""
    last = StatusChange.objects.filter(credential=OuterRef("credential")).order_by("-id").values("id")[:1]
    return StatusChange.objects.filter(id=Subquery(last), kind=ChangeKind.HELD)
