# SPDX-License-Identifier: Apache-2.0
"""What the W3C demands of every verifiable presentation, in the data model of today and in the older one."""

from collections.abc import Mapping
from typing import Any, Final

from laurel.model.finding import Finding
from laurel.rules.inspection import Inspection, is_url, listed

_CONTEXTS: Final = ("https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1")
_ANCHOR: Final = "#verifiable-presentations"
_NESTED: Final = frozenset({"VerifiablePresentation", "EnvelopedVerifiablePresentation"})


def check_document(document: Mapping[str, Any], *, may_hold_texts: bool = False) -> tuple[Finding, ...]:
    """Hold a presentation, with or without proof, against the data model; an empty tuple means it fits.

    The credentials inside are looked at only so far as they have to be objects of the right kind.

    Args:
        may_hold_texts: credentials may be JWTs as they stand, as in the `vp` of an older JWT.

    Spec: VCDM 2.0 #verifiable-presentations; VCDM 1.1 §4.10
    """
    inspection = Inspection("vcdm", "VCDM 2.0")
    contexts = listed(document.get("@context"))
    if not contexts or contexts[0] not in _CONTEXTS:
        inspection.note("context", "/@context", f"The first context is not {_CONTEXTS[0]}.", "#contexts")
    if not all(isinstance(context, str | Mapping) for context in contexts):
        inspection.note("context", "/@context", "A context is neither a URL nor an object.", "#contexts")
    types = inspection.types(document, "", "#types")
    if types and "VerifiablePresentation" not in types:
        inspection.note("type", "/type", "The type does not hold VerifiablePresentation.", "#types")
    if "id" in document:
        inspection.url(document["id"], "/id", "#identifiers")
    if "holder" in document:
        holder = document["holder"]
        if isinstance(holder, Mapping):
            inspection.url(holder.get("id"), "/holder/id", _ANCHOR)
        else:
            inspection.url(holder, "/holder", _ANCHOR)
    for name, anchor in (("termsOfUse", "#terms-of-use"), ("proof", "#securing-mechanisms")):
        for part, pointer in inspection.parts(document, "", name):
            if isinstance(part, Mapping):
                inspection.types(part, pointer, anchor)
            else:
                inspection.note("object", pointer, f"This {name} is not an object.", anchor)
    for credential, pointer in inspection.parts(document, "", "verifiableCredential"):
        if not (may_hold_texts and isinstance(credential, str)):
            _check_credential(inspection, credential, pointer)
    return inspection.findings


def _check_credential(inspection: Inspection, credential: object, pointer: str) -> None:
    if not isinstance(credential, Mapping):
        message = "This is not a credential, and not an envelope that holds one."
        inspection.note("object", pointer, message, _ANCHOR)
        return
    types = set(listed(credential.get("type"))) if _are_texts(credential.get("type")) else set()
    if types & _NESTED:
        message = "This is a presentation inside a presentation."
        inspection.note("nested", f"{pointer}/type", message, _ANCHOR)
    elif types == {"EnvelopedVerifiableCredential"}:
        address = credential.get("id")
        if not is_url(address) or not str(address).startswith("data:"):
            message = "The id of the envelope is not a data: URL."
            inspection.note("url", f"{pointer}/id", message, "#enveloped-verifiable-credentials")
    elif "VerifiableCredential" not in types:
        message = "The type holds neither VerifiableCredential nor EnvelopedVerifiableCredential alone."
        inspection.note("type", f"{pointer}/type", message, _ANCHOR)
    if not listed(credential.get("@context")):
        message = "The credential has no context of its own."
        inspection.note("context", f"{pointer}/@context", message, "#contexts")


def _are_texts(value: object) -> bool:
    return all(isinstance(name, str) for name in listed(value))
