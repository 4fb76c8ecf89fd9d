# SPDX-License-Identifier: Apache-2.0
"""The identifiers that an organization carries for good: its DID and where that leads."""

from urllib.parse import urlsplit

from laurel.did import web


def issuer_did(base_url: str, slug: str) -> str:
    """Return the DID of an organization, `did:web:` of `<base_url>/o/<slug>`.

    Spec: did:web §2.2 (method-specific identifier)
    """
    parts = urlsplit(base_url)
    path = [step for step in parts.path.split("/") if step]
    return web.did(parts.hostname or "", *path, "o", slug, port=parts.port)


def did_url(base_url: str, slug: str) -> str:
    """Return where the DID document of an organization lies."""
    return f"{base_url}/o/{slug}/did.json"
