# SPDX-License-Identifier: Apache-2.0
"""What the W3C demanded of a verifiable credential before 2025: VC Data Model 1.1, of badges in the world."""

from collections.abc import Mapping
from typing import Any, Final

from laurel.model.finding import Finding
from laurel.rules.inspection import Inspection, listed

CONTEXT: Final = "https://www.w3.org/2018/credentials/v1"


def check_document(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Hold a credential, with or without proof, against the older data model; an empty tuple means it fits.

    Spec: VCDM 1.1
    """
    inspection = Inspection("vcdm1", "VCDM 1.1")
    contexts = listed(document.get("@context"))
    if not contexts or contexts[0] != CONTEXT:
        inspection.note("context", "/@context", f"The first context is not {CONTEXT}.", "#contexts")
    types = inspection.types(document, "", "#types")
    if types and "VerifiableCredential" not in types:
        inspection.note("type", "/type", "The type does not hold VerifiableCredential.", "#types")
    if "id" in document:
        inspection.url(document["id"], "/id", "#identifiers")
    issuer = document.get("issuer")
    if isinstance(issuer, Mapping):
        inspection.url(issuer.get("id"), "/issuer/id", "#issuer")
    else:
        inspection.url(issuer, "/issuer", "#issuer")
    _check_subjects(inspection, document)
    _check_period(inspection, document)
    _check_typed_parts(inspection, document)
    return inspection.findings


def _check_subjects(inspection: Inspection, document: Mapping[str, Any]) -> None:
    subjects = list(inspection.parts(document, "", "credentialSubject"))
    if not subjects:
        inspection.note("subject", "/credentialSubject", "There is no subject.", "#credential-subject")
    for subject, pointer in subjects:
        if not isinstance(subject, Mapping) or not subject:
            inspection.note("subject", pointer, "The subject says nothing.", "#credential-subject")
        elif "id" in subject:
            inspection.url(subject["id"], f"{pointer}/id", "#identifiers")


def _check_period(inspection: Inspection, document: Mapping[str, Any]) -> None:
    begins = inspection.moment(document.get("issuanceDate"), "/issuanceDate", "#issuance-date")
    if "expirationDate" not in document:
        return
    ends = inspection.moment(document["expirationDate"], "/expirationDate", "#expiration")
    if begins and ends and begins > ends:
        message = "The credential ends before it begins."
        inspection.note("period", "/expirationDate", message, "#expiration")


def _check_typed_parts(inspection: Inspection, document: Mapping[str, Any]) -> None:
    """Each of these says of which type it is, and the first three under which address it is found."""
    for name, anchor, needs_id in (
        ("credentialStatus", "#status", True),
        ("credentialSchema", "#data-schemas", True),
        ("refreshService", "#refreshing", True),
        ("termsOfUse", "#terms-of-use", False),
        ("evidence", "#evidence", False),
    ):
        for part, pointer in inspection.parts(document, "", name):
            if not isinstance(part, Mapping):
                inspection.note("object", pointer, f"This {name} is not an object.", anchor)
                continue
            inspection.types(part, pointer, anchor)
            if needs_id or "id" in part:
                inspection.url(part.get("id"), f"{pointer}/id", anchor)
