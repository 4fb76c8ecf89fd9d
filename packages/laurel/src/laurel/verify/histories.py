# SPDX-License-Identifier: Apache-2.0
"""The keys of a did:webvh, out of the log that proves them, at the moment when a signature was made."""

from collections.abc import Mapping
from datetime import datetime

from laurel.strictjson import JsonValue
from laurel.verify.material import Material, text


def listing(
    identifier: str, found: Mapping[str, Material], *, at: datetime, signed_at: datetime | None
) -> Mapping[str, JsonValue]:
    """Return the DID document by which to judge a signature, as `webvh.document_at` does.

    Raises:
        NotFound: the log was not found, or the file of its witnesses, where it names any; `url` tells which.
        BadLog: they were found and prove nothing.
        NotADid: the identifier is malformed.
    """
    from laurel.did import webvh  # loaded with the first of them

    history = webvh.read(identifier, text(found, webvh.url(identifier)))
    if history.is_witnessed:
        webvh.require_witnesses(history, text(found, webvh.witness_url(identifier)))
    return webvh.document_at(history, at=at, signed_at=signed_at)
