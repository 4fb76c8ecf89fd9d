# SPDX-License-Identifier: Apache-2.0
"""The signed bytes, and the documents that a verifier needs beside them."""

import json
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from cairn.credentials import keys
from cairn.credentials.errors import NoSuchCredential
from cairn.credentials.facts import KeyState
from cairn.credentials.models import IssuedCredential, SignedDocument, SignedStatusList
from cairn.credentials.models import SigningKey as KeyRow
from cairn.credentials.queries.credentials import NOTHING_HERE, row_of
from cairn.credentials.rules import identifiers
from cairn.people import identifiers as organization_ids
from cairn.people import queries as people
from cairn.people.facts import Organization
from laurel.did import web

Format = Literal["json", "jwt"]


def document(ref: str, *, format: Format, evidence: bool = True, marks: bool = True) -> bytes:
    """Return one form of a credential exactly as it was signed. Two queries.

    Whoever asks: the caller has decided that they may. A form that hides something exists once
    `prepare_disclosure` made it.

    Raises:
        NoSuchCredential: there is none of that reference, or not in that form.
    """
    found = signed_document(row_of(ref), evidence=evidence, marks=marks)
    return bytes(found.document) if format == "json" else found.jwt.encode("ascii")


def signed_document(row: IssuedCredential, *, evidence: bool, marks: bool) -> SignedDocument:
    """Return the row of one signed form. One query. Raises `NoSuchCredential`."""
    found = SignedDocument.objects.filter(credential=row, has_evidence=evidence, has_marks=marks).first()
    if found is None:
        raise NoSuchCredential(NOTHING_HERE)
    return found


def material(ref: str) -> dict[str, bytes]:
    """Return the DID document and the status lists of a credential, by address. Four queries.

    Raises:
        NoSuchCredential: there is none of that reference.
    """
    row = row_of(ref)
    organization = people.organization_by_id(row.organization_id)
    return material_of(row, organization)


def material_of(row: IssuedCredential, organization: Organization) -> dict[str, bytes]:
    """Return the same for a row at hand. Two queries."""
    found = {organization_ids.did_url(settings.CAIRN_BASE_URL, organization.slug): did_document(organization)}
    for signed in SignedStatusList.objects.filter(status_list_id=row.status_list_id).select_related(
        "status_list"
    ):
        url = identifiers.status_list_url(
            settings.CAIRN_BASE_URL, organization.slug, signed.status_list.ref, signed.purpose
        )
        found[url] = bytes(signed.document)
    return found


def did_document(organization: Organization) -> bytes:
    """Return an organization's DID document: every key it ever signed with, the newest first. One query.

    A retired key stands there like the others: by its letter, whoever reads an `expires` takes nothing of the
    key any more, not even what it signed before.

    Spec: did:web §3.1; DID Core 1.0 §5.2 (verification methods)
    """
    did = organization_ids.issuer_did(settings.CAIRN_BASE_URL, organization.slug)
    rows = KeyRow.objects.filter(organization_id=organization.id).order_by("-number")
    listed = [keys.verifying_key(row, did) for row in rows]
    return json.dumps(web.document(did, listed), ensure_ascii=False, indent=2).encode()


def find_signed_address() -> str | None:
    """Return the base URL in the credential signed last, or None before the first. One query.

    Where it is not the base URL of now, what this site signed can't be checked at its address.
    """
    last = SignedDocument.objects.order_by("-signed_at", "-id").first()
    if last is None:
        return None
    parts = urlsplit(json.loads(bytes(last.document))["id"])
    return f"{parts.scheme}://{parts.netloc}"


def count_locked_keys() -> int:
    """Return how many active keys this installation's secret does not open. One query."""
    return sum(not keys.opens(row) for row in KeyRow.objects.filter(retired_at__isnull=True))


def key_states(organization_id: UUID) -> tuple[KeyState, ...]:
    """Return an organization's signing keys without their secrets, the newest first. Two queries."""
    organization = people.organization_by_id(organization_id)
    did = organization_ids.issuer_did(settings.CAIRN_BASE_URL, organization.slug)
    return tuple(
        KeyState(
            number=row.number,
            algorithm=row.algorithm,
            verification_method=identifiers.key_id(did, row.number),
            made_at=row.made_at,
            retired_at=row.retired_at,
        )
        for row in KeyRow.objects.filter(organization_id=organization_id).order_by("-number")
    )
