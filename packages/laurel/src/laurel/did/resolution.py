# SPDX-License-Identifier: Apache-2.0
"""Which document a DID stands for: known at once, or to be fetched from a URL."""

from laurel.did import jwk, key, web
from laurel.did.syntax import method_of
from laurel.errors import NotADid
from laurel.strictjson import JsonValue


def resolve_url(did: str) -> str | None:
    """Return the URL of the DID document, or of the log of a did:webvh; None when the DID holds it itself.

    Raises:
        NotADid: malformed, or of a method other than key, jwk, web and webvh.

    Spec: DID Core 1.0 §7.1 (resolution)
    """
    match method_of(did):
        case "web":
            return web.url(did)
        case "webvh":
            from laurel.did import webvh  # loaded with the first of them

            return webvh.url(did)
    document(did)
    return None


def document(did: str) -> dict[str, JsonValue]:
    """Return the document of a DID that holds it itself: did:key or did:jwk. Raises: NotADid."""
    match method_of(did):
        case "key":
            return key.document(did)
        case "jwk":
            return jwk.document(did)
        case "web" | "webvh" as method:
            raise NotADid(f"The document of a did:{method} must be fetched.")
        case method:
            raise NotADid(f"We do not know the DID method {method[:40]}; we know key, jwk, web and webvh.")
