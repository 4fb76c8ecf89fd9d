# SPDX-License-Identifier: Apache-2.0
"""The cryptosuite eddsa-rdfc-2022: Ed25519 over the RDF of a document. The suite that Open Badges certifies.

Spec: EdDSA Cryptosuites 1.0 §3.2.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from laurel.errors import DataLoss
from laurel.jsonld import canonize
from laurel.jsonld.effort import Effort
from laurel.jsonld.terms import Loader
from laurel.strictjson import JsonValue

NAME: Final = "eddsa-rdfc-2022"


def options_for(document: Mapping[str, JsonValue], options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the members a new proof gets: under RDF the document's `@context` goes without saying."""
    del document
    return dict(options)


def canonical_document(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    load: Loader,
    effort: Effort | None = None,
) -> bytes:
    """Return the document without its proof as canonical N-Quads.

    Raises:
        DataLoss, TooMuchWork: see `laurel.jsonld.canonize`.
    """
    if "@context" in options and options["@context"] != document.get("@context"):
        raise DataLoss(
            "The proof brings contexts of its own, which no signature covers.",
            pointer="/proof/@context",
            code="data-loss.context",
        )
    return canonize(document, load=load, effort=effort)


def canonical_options(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    load: Loader,
    effort: Effort | None = None,
) -> bytes:
    """Return the proof without its value as canonical N-Quads, under the document's contexts."""
    return canonize({**options, "@context": document.get("@context")}, load=load, effort=effort)


def message(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    load: Loader,
    effort: Effort | None = None,
) -> bytes:
    """Return the 64 bytes to sign: the hash of the options, then the hash of the document.

    Spec: EdDSA Cryptosuites 1.0 §3.2.4 (hashing).
    """
    return (
        hashlib.sha256(canonical_options(document, options, load, effort)).digest()
        + hashlib.sha256(canonical_document(document, options, load, effort)).digest()
    )
