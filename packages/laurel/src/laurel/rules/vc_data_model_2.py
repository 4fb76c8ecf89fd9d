# SPDX-License-Identifier: Apache-2.0
"""What the W3C demands of every verifiable credential: VC Data Model 2.0 and Bitstring Status List 1.0."""

from collections.abc import Mapping
from typing import Any, Final

from laurel.model.finding import Finding
from laurel.rules.inspection import Inspection, below, is_language, is_url, listed

_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
_LIST_ENTRY: Final = "BitstringStatusListEntry"


def check_document(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Hold a credential, with or without proof, against the data model; an empty tuple means it fits.

    Spec: VCDM 2.0; Bitstring Status List 1.0
    """
    inspection = Inspection("vcdm", "VCDM 2.0")
    contexts = listed(document.get("@context"))
    if not contexts or contexts[0] != _CONTEXT:
        inspection.note("context", "/@context", f"The first context is not {_CONTEXT}.", "#contexts")
    if not all(isinstance(context, str | Mapping) for context in contexts):
        inspection.note("context", "/@context", "A context is neither a URL nor an object.", "#contexts")
    types = inspection.types(document, "", "#types")
    if types and "VerifiableCredential" not in types:
        inspection.note("type", "/type", "The type does not hold VerifiableCredential.", "#types")
    if "id" in document:
        inspection.url(document["id"], "/id", "#identifiers")
    _check_texts(inspection, document, "")
    _check_issuer(inspection, document)
    _check_subjects(inspection, document)
    _check_period(inspection, document)
    _check_typed_parts(inspection, document)
    _check_related_resources(inspection, document)
    for entry, pointer in inspection.parts(document, "", "credentialStatus"):
        if isinstance(entry, Mapping) and _LIST_ENTRY in listed(entry.get("type")):
            _check_list_entry(inspection, entry, pointer)
    return inspection.findings


def _check_texts(inspection: Inspection, value: Mapping[str, Any], pointer: str) -> None:
    for name in ("name", "description"):
        texts = listed(value.get(name))
        if (name in value and not texts) or not all(_is_text(text) for text in texts):
            message = f"The {name} is neither text nor text with a language."
            inspection.note("text", below(pointer, name), message, "#language-and-base-direction")


def _is_text(value: object) -> bool:
    if isinstance(value, str):
        return True
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("@value"), str)
        and value.keys() <= {"@value", "@language", "@direction"}
        and ("@language" not in value or is_language(value["@language"]))
        and value.get("@direction", "ltr") in ("ltr", "rtl", None)
    )


def _check_issuer(inspection: Inspection, document: Mapping[str, Any]) -> None:
    issuer = document.get("issuer")
    if isinstance(issuer, Mapping):
        inspection.url(issuer.get("id"), "/issuer/id", "#issuer")
        _check_texts(inspection, issuer, "/issuer")
    else:
        inspection.url(issuer, "/issuer", "#issuer")


def _check_subjects(inspection: Inspection, document: Mapping[str, Any]) -> None:
    subjects = list(inspection.parts(document, "", "credentialSubject"))
    if not subjects:
        inspection.note("subject", "/credentialSubject", "There is no subject.", "#credential-subject")
    for subject, pointer in subjects:
        if not isinstance(subject, Mapping) or not subject:
            inspection.note("subject", pointer, "The subject says nothing.", "#credential-subject")
        elif "id" in subject:
            inspection.url(subject["id"], f"{pointer}/id", "#credential-subject")


def _check_period(inspection: Inspection, document: Mapping[str, Any]) -> None:
    first, last = (
        inspection.moment(document[name], f"/{name}", "#validity-period") if name in document else None
        for name in ("validFrom", "validUntil")
    )
    if first and last and first > last:
        message = "The credential ends before it begins."
        inspection.note("period", "/validUntil", message, "#validity-period")


def _check_typed_parts(inspection: Inspection, document: Mapping[str, Any]) -> None:
    """Each of these is an object, or several, that says of which type it is."""
    for name, anchor in (
        ("credentialStatus", "#status"),
        ("credentialSchema", "#data-schemas"),
        ("refreshService", "#refreshing"),
        ("termsOfUse", "#terms-of-use"),
        ("evidence", "#evidence"),
        ("proof", "#securing-mechanisms"),
        ("confidenceMethod", "#reserved-extension-points"),
        ("renderMethod", "#reserved-extension-points"),
    ):
        for part, pointer in inspection.parts(document, "", name):
            if not isinstance(part, Mapping):
                inspection.note("object", pointer, f"This {name} is not an object.", anchor)
                continue
            inspection.types(part, pointer, anchor)
            if "id" in part or name == "credentialSchema":
                inspection.url(part.get("id"), f"{pointer}/id", anchor)


def _check_related_resources(inspection: Inspection, document: Mapping[str, Any]) -> None:
    anchor = "#integrity-of-related-resources"
    seen: set[str] = set()
    for resource, pointer in inspection.parts(document, "", "relatedResource"):
        if not isinstance(resource, Mapping):
            inspection.note("object", pointer, "This related resource is not an object.", anchor)
            continue
        address = resource.get("id")
        inspection.url(address, f"{pointer}/id", anchor)
        if is_url(address) and address in seen:
            inspection.note("repeated", f"{pointer}/id", "Another related resource has this id.", anchor)
        seen.add(str(address))
        digests = [resource.get("digestSRI"), resource.get("digestMultibase")]
        if not any(isinstance(digest, str) and digest for digest in digests):
            inspection.note("digest", pointer, "The related resource has no digest.", anchor)


def _check_list_entry(inspection: Inspection, entry: Mapping[str, Any], pointer: str) -> None:
    anchor = "(Bitstring Status List 1.0 #bitstringstatuslistentry)"
    purpose, index = entry.get("statusPurpose"), entry.get("statusListIndex")
    if not isinstance(purpose, str) or not purpose:
        message = "The status entry does not say its purpose."
        inspection.note("status", f"{pointer}/statusPurpose", message, anchor)
    if not (isinstance(index, str) and index.isascii() and index.isdigit() and len(index) <= 16):
        message = "The index of the status entry is not a whole number written as text."
        inspection.note("status", f"{pointer}/statusListIndex", message, anchor)
    inspection.url(entry.get("statusListCredential"), f"{pointer}/statusListCredential", anchor)
    if entry.get("id") is not None and entry["id"] == entry.get("statusListCredential"):
        message = "The status entry has the address of its list as its own."
        inspection.note("status", f"{pointer}/id", message, anchor)
    _check_size(inspection, entry, pointer, anchor)


def _check_size(inspection: Inspection, entry: Mapping[str, Any], pointer: str, anchor: str) -> None:
    size = entry.get("statusSize", 1)
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= 8:
        message = "The size of the status entry is not a whole number from 1 to 8."
        inspection.note("status", f"{pointer}/statusSize", message, anchor)
    elif size > 1 and len(listed(entry.get("statusMessage"))) != 2**size:
        message = "A status entry of several bits needs one message for each value."
        inspection.note("status", f"{pointer}/statusMessage", message, anchor)
