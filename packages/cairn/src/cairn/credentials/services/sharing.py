# SPDX-License-Identifier: Apache-2.0
"""What the holder decides: keep it, open its page to others, hide the evidence or the marks."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cairn.credentials.errors import NotTheHolder
from cairn.credentials.facts import Issued, Visibility
from cairn.credentials.models import IssuedCredential, SignedDocument
from cairn.credentials.queries.credentials import NOTHING_HERE, as_issued, row_of
from cairn.credentials.rules import identifiers
from cairn.credentials.rules.disclosure import without
from cairn.credentials.services.signing import signer_of
from cairn.people import identifiers as organization_ids
from cairn.people import queries as people
from cairn.people.access import require_person
from cairn.people.facts import Actor
from laurel import strictjson
from laurel.formats import open_badges_3


@transaction.atomic
def keep(ref: str, *, person_id: UUID, at: datetime) -> Issued:
    """Note that the holder took the credential. Keeping it again changes nothing. Four queries.

    Raises:
        NotTheHolder: it is somebody else's, or there is none of that reference.
    """
    row = _locked(ref, person_id)
    if row.kept_at is None:
        row.kept_at = at
        row.save(update_fields=["kept_at"])
    return as_issued([row])[0]


@transaction.atomic
def set_visibility(
    ref: str,
    *,
    visibility: Visibility,
    shows_evidence: bool,
    shows_marks: bool,
    by: Actor,
    at: datetime,
) -> Issued:
    """Open or close the credential's own page, and choose what it shows to others.

    Raises:
        NotASignedInPerson, NotTheHolder: only the holder decides.
    """
    row = _locked(ref, require_person(by))
    row.visibility, row.shows_evidence, row.shows_marks = visibility, shows_evidence, shows_marks
    row.save(update_fields=["visibility", "shows_evidence", "shows_marks"])
    if visibility == Visibility.LINK:
        _prepare(row, evidence=shows_evidence, marks=shows_marks, at=at)
    return as_issued([row])[0]


@transaction.atomic
def prepare_disclosure(ref: str, *, evidence: bool, marks: bool) -> None:
    """Sign and keep the form of a credential without its evidence or marks. One query when it is there.

    Raises:
        NoSuchCredential: there is none of that reference.
    """
    _prepare(row_of(ref), evidence=evidence, marks=marks, at=timezone.now())


def _locked(ref: str, person_id: UUID) -> IssuedCredential:
    rows = IssuedCredential.objects.select_for_update().filter(ref=ref, undone_at__isnull=True)
    row = rows.filter(person_id=person_id).first()
    if row is None:
        raise NotTheHolder(NOTHING_HERE)
    return row


def _prepare(row: IssuedCredential, *, evidence: bool, marks: bool, at: datetime) -> None:
    documents = SignedDocument.objects.filter(credential=row)
    if documents.filter(has_evidence=evidence, has_marks=marks).exists():
        return
    whole = documents.get(has_evidence=True, has_marks=True)
    signed = strictjson.loads(bytes(whole.document))
    if not isinstance(signed, dict):
        raise TypeError("a signed credential is an object")
    slug = people.organization_by_id(row.organization_id).slug
    signer = signer_of(row.organization_id, organization_ids.issuer_did(settings.CAIRN_BASE_URL, slug), at=at)
    form_id = identifiers.document_id(settings.CAIRN_BASE_URL, row.ref, evidence=evidence, marks=marks)
    form = replace(without(open_badges_3.from_json(signed), evidence=evidence, marks=marks), id=form_id)
    document, jwt = signer.sign(form, at)
    SignedDocument.objects.get_or_create(
        credential=row,
        has_evidence=evidence,
        has_marks=marks,
        defaults={"document": document, "jwt": jwt, "signed_at": at},
    )
