# SPDX-License-Identifier: Apache-2.0
"""What the W3C demands of a credential that is a status list, beyond the data model."""

from collections.abc import Mapping
from typing import Any, Final

from laurel.model.finding import Finding
from laurel.rules.inspection import Inspection, is_url, listed

_CREDENTIAL: Final = "BitstringStatusListCredential"
_LIST: Final = "BitstringStatusList"


def check_document(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Hold a status list credential against its standard; an empty tuple means it fits.

    The list itself is not unpacked here: `laurel.status.bitstring` made it.

    Spec: Bitstring Status List 1.0 #bitstringstatuslistcredential
    """
    inspection = Inspection("status-list", "Bitstring Status List 1.0")
    anchor = "#bitstringstatuslistcredential"
    if _CREDENTIAL not in listed(document.get("type")):
        inspection.note("type", "/type", f"The type does not hold {_CREDENTIAL}.", anchor)
    # A credential points to its list by this id, so here, unlike in the data model, it is not optional.
    if not is_url(document.get("id")):
        inspection.note("missing", "/id", "The list has no address as its id.", anchor)
    subject = document.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("type") != _LIST:
        message = f"The subject is not one {_LIST}."
        inspection.note("subject", "/credentialSubject", message, anchor)
        return inspection.findings
    purposes, encoded = listed(subject.get("statusPurpose")), subject.get("encodedList")
    if not purposes or not all(isinstance(purpose, str) and purpose for purpose in purposes):
        message = "The list does not say its purpose."
        inspection.note("purpose", "/credentialSubject/statusPurpose", message, anchor)
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        message = "The list is not multibase base64url."
        inspection.note("list", "/credentialSubject/encodedList", message, anchor)
    lifetime = subject.get("ttl", 1)
    if not isinstance(lifetime, int) or isinstance(lifetime, bool) or lifetime < 1:
        message = "The time to live is not a whole number of milliseconds."
        inspection.note("ttl", "/credentialSubject/ttl", message, anchor)
    return inspection.findings
