# SPDX-License-Identifier: Apache-2.0
"""The cryptosuite eddsa-jcs-2022: Ed25519 over the JSON of a document, every byte of meaning covered.

Spec: EdDSA Cryptosuites 1.0 §3.3.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import rfc8785

from laurel.errors import DataLoss
from laurel.jsonld.effort import Effort
from laurel.jsonld.terms import Loader
from laurel.strictjson import JsonValue

NAME: Final = "eddsa-jcs-2022"


def options_for(document: Mapping[str, JsonValue], options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the members a new proof gets: it repeats the document's `@context`.

    Spec: EdDSA Cryptosuites 1.0 §3.3.1 step 2
    """
    if "@context" not in document:
        return dict(options)
    return {**options, "@context": document["@context"]}


def canonical_document(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    load: Loader,
    effort: Effort | None = None,
) -> bytes:
    """Return the document without its proof as canonical JSON, under the contexts it was signed with.

    Contexts that were added behind those of the proof are not signed; they are let through only if we know
    them, for then they change nothing that is read.

    Raises:
        DataLoss: the contexts do not begin with those of the proof, or the JSON has no canonical form.

    Spec: EdDSA Cryptosuites 1.0 §3.3.2 steps 4 and 5.
    """
    del effort  # what it takes grows with the size of the document, and that is bounded
    if "@context" not in options:
        return _canonical(document)
    signed, present = _listed(options["@context"]), _listed(document.get("@context"))
    added = present[len(signed) :]
    if present[: len(signed)] != signed or any(item in present[:index] for index, item in enumerate(present)):
        raise DataLoss(
            "The contexts of the document are not those that were signed.",
            pointer="/@context",
            code="data-loss.context",
        )
    for item in added:
        load(str(item))
    return _canonical({**document, "@context": options["@context"]})


def canonical_options(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    load: Loader,
    effort: Effort | None = None,
) -> bytes:
    """Return the proof without its value as canonical JSON."""
    del document, load, effort
    return _canonical(options)


def message(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    load: Loader,
    effort: Effort | None = None,
) -> bytes:
    """Return the 64 bytes to sign: the hash of the options, then the hash of the document.

    Spec: EdDSA Cryptosuites 1.0 §3.3.4 (hashing).
    """
    return (
        hashlib.sha256(canonical_options(document, options, load, effort)).digest()
        + hashlib.sha256(canonical_document(document, options, load, effort)).digest()
    )


def _listed(contexts: JsonValue) -> list[JsonValue]:
    return contexts if isinstance(contexts, list) else [contexts]


def _canonical(value: Mapping[str, JsonValue]) -> bytes:
    try:
        return rfc8785.dumps(dict(value))
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise DataLoss(
            "The document cannot be written as canonical JSON.", code="data-loss.canonical-json"
        ) from error
