# SPDX-License-Identifier: Apache-2.0
"""Addresses and identifiers that credentials carry for good."""

import hashlib
import re
from uuid import NAMESPACE_URL, UUID, uuid5

from cairn.foundation.refs import LENGTH, clean_ref


def key_id(did: str, number: int) -> str:
    """Return the verification method of an organization's key."""
    return f"{did}#key-{number}"


def credential_url(base_url: str, ref: str) -> str:
    """Return the address and id of a credential."""
    return f"{base_url}/c/{ref}"


def document_id(base_url: str, ref: str, *, evidence: bool, marks: bool) -> str:
    """Return the id of one signed form of a credential; the whole one has the credential's own."""
    hidden = "-and-".join(name for name, shown in (("evidence", evidence), ("marks", marks)) if not shown)
    return credential_url(base_url, ref) + (f"#without-{hidden}" if hidden else "")


def status_list_url(base_url: str, slug: str, list_ref: str, purpose: str) -> str:
    """Return the address and id of a status list."""
    return f"{base_url}/o/{slug}/status/{list_ref}/{purpose}"


def hashed_identity(identity: str, salt: str) -> str:
    """Return a hashed identity as Open Badges writes it. Spec: OB 3.0 #identityobject (identityHash)"""
    return "sha256$" + hashlib.sha256((identity + salt).encode()).hexdigest()


def listed_award_id(list_id: UUID, email: str) -> UUID:
    """Return the award id of one row of a pasted list, so that posting the list twice issues once."""
    return uuid5(NAMESPACE_URL, f"cairn:list:{list_id}:{email.strip().casefold()}")


def ref_in(text: str, base_url: str) -> str | None:
    """Return the credential's reference in an address of ours or in what somebody typed, if there is one."""
    text = text.strip()
    if text.startswith(("http://", "https://")):
        match = re.match(re.escape(base_url) + f"/c/([0-9A-Za-z]{{{LENGTH}}})(?=[./?#]|$)", text)
        return clean_ref(match[1]) if match else None
    return clean_ref(text)


def grouped(ref: str) -> str:
    """Return a reference in groups of four, as people read it out."""
    return "-".join(ref[start : start + 4] for start in range(0, len(ref), 4))
