# SPDX-License-Identifier: Apache-2.0
"""What the RDF suites hash: the statements of a document. Its JSON may be spelled in another order.

Spec: EdDSA Cryptosuites 1.0 §3.2.3 and §3.2.5 (transformation, proof configuration).
"""

from collections.abc import Mapping

from laurel.errors import DataLoss
from laurel.jsonld import canonize
from laurel.jsonld.effort import Effort
from laurel.jsonld.rdfc import HashName
from laurel.jsonld.terms import Loader
from laurel.strictjson import JsonValue


def options_for(document: Mapping[str, JsonValue], options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the members a new proof gets: under RDF the document's `@context` goes without saying."""
    del document
    return dict(options)


def canonical_document(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    load: Loader,
    effort: Effort | None = None,
    hash_name: HashName = "sha256",
) -> bytes:
    """Return the document without its proof as canonical N-Quads.

    Raises:
        DataLoss, TooMuchWork: see `laurel.jsonld.canonize`.
    """
    del options
    return canonize(document, hash_name=hash_name, load=load, effort=effort)


def canonical_options(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    load: Loader,
    effort: Effort | None = None,
    hash_name: HashName = "sha256",
) -> bytes:
    """Return the proof without its value as canonical N-Quads, under the document's contexts.

    Raises:
        DataLoss, TooMuchWork: as above; `data-loss.context` also where the proof names contexts of its own.
    """
    if "@context" in options and options["@context"] != document.get("@context"):
        raise DataLoss(
            "The proof brings contexts of its own, which no signature covers.",
            pointer="/proof/@context",
            code="data-loss.context",
        )
    configuration = {**options, "@context": document.get("@context")}
    return canonize(configuration, hash_name=hash_name, load=load, effort=effort)
