# SPDX-License-Identifier: Apache-2.0
"""What the JSON suites hash: the JSON of a document as it stands, but for white space and the order of keys.

Spec: EdDSA Cryptosuites 1.0 §3.3.3 and §3.3.5 (transformation, proof configuration).
"""

from collections.abc import Mapping

import rfc8785

from laurel.errors import DataLoss
from laurel.jsonld.effort import Effort
from laurel.jsonld.rdfc import HashName
from laurel.jsonld.terms import Loader
from laurel.strictjson import JsonValue


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
    hash_name: HashName = "sha256",
) -> bytes:
    """Return the document without its proof as canonical JSON, under the contexts it was signed with.

    Contexts that were added behind those of the proof are not signed; they are let through only if we know
    them, for then they change nothing that is read.

    Raises:
        DataLoss: the contexts do not begin with those of the proof, or the JSON has no canonical form.

    Spec: EdDSA Cryptosuites 1.0 §3.3.2 steps 4 and 5.
    """
    del effort, hash_name  # what it takes grows with the size of the document, and that is bounded
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
    hash_name: HashName = "sha256",
) -> bytes:
    """Return the proof without its value as canonical JSON."""
    del document, load, effort, hash_name
    return _canonical(options)


def _listed(contexts: JsonValue) -> list[JsonValue]:
    return contexts if isinstance(contexts, list) else [contexts]


def _canonical(value: Mapping[str, JsonValue]) -> bytes:
    try:
        return rfc8785.dumps(dict(value))
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise DataLoss(
            "The document cannot be written as canonical JSON.", code="data-loss.canonical-json"
        ) from error
