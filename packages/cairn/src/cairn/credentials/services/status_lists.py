# SPDX-License-Identifier: Apache-2.0
"""Status lists: entries are claimed for good, and the signed list is made again from the changes."""

import hashlib
import os
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from cairn.credentials.errors import NoSuchList
from cairn.credentials.facts import ChangeKind, PublishedList
from cairn.credentials.models import (
    ENTRIES,
    IssuedCredential,
    SignedStatusList,
    StatusChange,
    StatusList,
)
from cairn.credentials.queries.credentials import held_rows
from cairn.credentials.rules import identifiers
from cairn.credentials.rules.shuffle import entry_at
from cairn.credentials.services.signing import Signer, signer_of
from cairn.foundation.refs import new_ref
from cairn.people import identifiers as organization_ids
from cairn.people import queries as people
from cairn.people.facts import Organization
from laurel.status import bitstring

PURPOSES = ("revocation", "suspension")
#: Readers ask again after this long, so that a withdrawal is seen within a minute.
TTL = timedelta(seconds=60)
#: A list that nothing changed is signed again after a day, when somebody asks. It has no end date: then
#: a quiet month would leave every credential of the list unfinished.
RENEW_AFTER = timedelta(days=1)
_FINAL = (ChangeKind.WITHDRAWN, ChangeKind.UNDONE)


def claim_entry(organization: Organization, *, at: datetime) -> tuple[StatusList, int]:
    """Return a status list and an index on it that nobody ever had. Two queries, within a transaction.

    The list stays locked until the transaction ends: that lines up everything which claims an entry or
    changes a status of the organization's.
    """
    status_list = _lock_open_list(organization, at)
    if status_list.claimed == ENTRIES:
        status_list.closed_at = at
        status_list.save(update_fields=["closed_at"])
        status_list = _lock_open_list(organization, at)
    index = entry_at(status_list.claimed, seed=bytes(status_list.seed))
    status_list.claimed += 1
    status_list.save(update_fields=["claimed"])
    return status_list, index


def _lock_open_list(organization: Organization, at: datetime) -> StatusList:
    rows = StatusList.objects.select_for_update()
    status_list = rows.filter(organization_id=organization.id, closed_at__isnull=True).first()
    if status_list is None:
        # Two first issuings at once: the constraint lets one of them make it, the other takes that.
        made, is_new = StatusList.objects.get_or_create(
            organization_id=organization.id,
            closed_at=None,
            defaults={"ref": new_ref(), "seed": os.urandom(32), "made_at": at},
        )
        status_list = rows.get(id=made.id)
        if is_new:
            publish(status_list, at=at)
    return status_list


def current_list(slug: str, list_ref: str, purpose: str, *, at: datetime) -> PublishedList:
    """Return a status list as signed last; signed now where there is none or it is a day old.

    Four queries while it is fresh.

    Raises:
        NoSuchOrganization: there is none.
        NoSuchList: the organization has no such list.
    """
    organization = people.get_organization(slug)
    row = StatusList.objects.filter(ref=list_ref, organization_id=organization.id).first()
    if row is None or purpose not in PURPOSES:
        raise NoSuchList("There is nothing here by that name.")
    signed = SignedStatusList.objects.filter(status_list=row, purpose=purpose).first()
    if signed is None or signed.last_change != _last_change(row) or at - signed.signed_at >= RENEW_AFTER:
        with transaction.atomic():
            StatusList.objects.select_for_update().get(id=row.id)
            publish(row, at=at, purposes=(purpose,))
        signed = SignedStatusList.objects.get(status_list=row, purpose=purpose)
    return PublishedList(document=bytes(signed.document), etag=signed.etag, signed_at=signed.signed_at)


def publish(
    status_list: StatusList,
    *,
    at: datetime,
    purposes: tuple[str, ...] = PURPOSES,
    signer: Signer | None = None,
) -> None:
    """Sign a list again from the rows of its changes. The caller holds the list's lock."""
    organization = people.organization_by_id(status_list.organization_id)
    did = organization_ids.issuer_did(settings.CAIRN_BASE_URL, organization.slug)
    signer = signer or signer_of(organization.id, did, at=at)
    last_change = _last_change(status_list)
    for purpose in purposes:
        document = bitstring.list_credential(
            url=identifiers.status_list_url(
                settings.CAIRN_BASE_URL, organization.slug, status_list.ref, purpose
            ),
            issuer=did,
            purpose=purpose,
            indexes=_indexes(status_list, purpose),
            valid_from=at,
            ttl=int(TTL.total_seconds() * 1000),
        )
        signed = signer.sign_list(document, at)
        SignedStatusList.objects.update_or_create(
            status_list=status_list,
            purpose=purpose,
            defaults={
                "document": signed,
                "etag": hashlib.sha256(signed).hexdigest(),
                "last_change": last_change,
                "signed_at": at,
            },
        )


def _indexes(status_list: StatusList, purpose: str) -> list[int]:
    changes = StatusChange.objects.filter(kind__in=_FINAL) if purpose == "revocation" else held_rows()
    rows = IssuedCredential.objects.filter(status_list=status_list, id__in=changes.values("credential_id"))
    return list(rows.values_list("status_index", flat=True))


def _last_change(status_list: StatusList) -> int:
    changes = StatusChange.objects.filter(credential__status_list=status_list)
    return changes.aggregate(last=Max("id"))["last"] or 0
