# SPDX-License-Identifier: Apache-2.0
"""What the JSON suites hash: the JSON of a document as it stands, but for white space and the order of keys.

Spec: EdDSA Cryptosuites 1.0 §3.3.3 and §3.3.5 (transformation, proof configuration).
"""

import re
from collections.abc import Mapping
from typing import Final

import rfc8785

from laurel import fast
from laurel.errors import DataLoss
from laurel.jsonld.effort import Effort
from laurel.jsonld.rdfc import HashName
from laurel.jsonld.terms import Loader
from laurel.strictjson import JsonValue

# A number with a fraction or an exponent behind a key, in an array, or first in one; or a text that looks so.
_FRACTIONS: Final = tuple(re.compile(start + rb"-?[0-9]++[.e]").search for start in (rb'":', rb",", rb"\["))
# First bytes in UTF-8: from U+10000 on; and from U+E000 to U+FFFF.
_BEYOND_16_BITS: Final = bytes(range(0xF0, 0xF5))
_AFTER_SURROGATES: Final = b"\xee\xef"


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
    written = _at_once(value)
    if written is not None:
        return written
    try:
        return rfc8785.dumps(dict(value))
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise DataLoss(
            "The document cannot be written as canonical JSON.", code="data-loss.canonical-json"
        ) from error


def _at_once(value: Mapping[str, JsonValue]) -> bytes | None:
    """Return canonical JSON where the fast writer is sure to give it, and nothing otherwise.

    It escapes as ECMAScript does, and sorts keys by their UTF-8. That is the order of UTF-16 unless there are
    both letters beyond 16 bits and letters that come after the surrogates. Fractions it spells differently.

    Spec: RFC 8785 §3.2.2, §3.2.3
    """
    orjson = fast.orjson
    if orjson is None:
        return None
    try:
        written: bytes = orjson.dumps(
            value,
            option=orjson.OPT_SORT_KEYS
            | orjson.OPT_STRICT_INTEGER
            | orjson.OPT_PASSTHROUGH_SUBCLASS
            | orjson.OPT_PASSTHROUGH_DATACLASS
            | orjson.OPT_PASSTHROUGH_DATETIME,
        )
    except (TypeError, ValueError, RecursionError):
        return None  # the other way knows what is wrong, or that nothing is
    # What is not finite is written as null, and white space never stands before a number.
    if b"null" in written or any(fraction(written) for fraction in _FRACTIONS):
        return None
    if not written.isascii():
        beyond = len(written.translate(None, _BEYOND_16_BITS)) != len(written)
        if beyond and len(written.translate(None, _AFTER_SURROGATES)) != len(written):
            return None
    return written
