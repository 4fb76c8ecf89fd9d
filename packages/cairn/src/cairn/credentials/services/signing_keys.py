# SPDX-License-Identifier: Apache-2.0
"""Signing keys of an organization: made on first need, retired and never thrown away."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from cairn.credentials import keys
from cairn.credentials.models import SigningKey as KeyRow
from cairn.people.access import require_role
from cairn.people.facts import Actor, Role


@transaction.atomic
def ensure_keys(organization_id: UUID, *, at: datetime) -> None:
    """Make the organization's signing keys where it has none. One query when they are there."""
    active_keys(organization_id, at=at)


@transaction.atomic
def renew_keys(organization_id: UUID, *, by: Actor, at: datetime) -> None:
    """Retire the active keys and make new ones; what the old ones signed goes on verifying.

    Raises:
        NoSuchOrganization, RoleMissing: only an administrator changes keys.
    """
    require_role(by, organization_id, Role.ADMIN)
    KeyRow.objects.select_for_update().filter(
        organization_id=organization_id, retired_at__isnull=True
    ).update(retired_at=at)
    active_keys(organization_id, at=at)


def active_keys(organization_id: UUID, *, at: datetime) -> dict[str, KeyRow]:
    """Return the active key rows by algorithm, made where missing. Within the caller's transaction."""
    active = {
        row.algorithm: row
        for row in KeyRow.objects.filter(organization_id=organization_id, retired_at__isnull=True)
    }
    for algorithm in keys.ALGORITHMS:
        if algorithm not in active:
            active[algorithm] = _make(organization_id, algorithm, at)
    return active


def _make(organization_id: UUID, algorithm: str, at: datetime) -> KeyRow:
    last = KeyRow.objects.filter(organization_id=organization_id).aggregate(last=Max("number"))["last"]
    row = keys.new_row(
        organization_id=organization_id, number=(last or 0) + 1, algorithm=algorithm, made_at=at
    )
    # Two first issuings at once: the second waits here, and takes the first one's key.
    with transaction.atomic():
        kept, is_new = KeyRow.objects.get_or_create(
            organization_id=organization_id,
            algorithm=algorithm,
            retired_at=None,
            defaults={
                "id": row.id,
                "number": row.number,
                "public_jwk": row.public_jwk,
                "sealed": row.sealed,
                "made_at": at,
            },
        )
    return row if is_new else kept
