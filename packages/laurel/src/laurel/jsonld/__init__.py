# SPDX-License-Identifier: Apache-2.0
"""The strict side of JSON-LD: a document becomes its canonical statements, or it is refused."""

from collections.abc import Mapping
from typing import Final

from laurel import tiers
from laurel.jsonld import compiled, contexts, mapper, rdfc
from laurel.jsonld.effort import Effort
from laurel.jsonld.frames import FRAMES
from laurel.jsonld.rdfc import HashName
from laurel.jsonld.terms import Loader
from laurel.strictjson import JsonValue

#: A document may hold many proofs, and the mapper looks at it for each: not when it is of no use.
_MOST_IN_VAIN: Final = 8


def canonize(
    document: Mapping[str, JsonValue],
    *,
    hash_name: HashName = "sha256",
    load: Loader = contexts.context,
    effort: Effort | None = None,
) -> bytes:
    """Return the canonical N-Quads of a document, in UTF-8.

    Args:
        document: as for `mapper.to_quads`.
        hash_name: as for `rdfc.canonicalize`.
        load: where contexts come from.
        effort: a budget shared with other documents; without one this document has one of its own.

    Raises:
        DataLoss: the statements would not hold all that the document says.
        TooMuchWork: reading it or ordering its blank nodes would take too long.

    Spec: JSON-LD 1.1; RDFC-1.0; Data Integrity 1.0 §4.3.
    """
    effort = effort or Effort()
    if hash_name == "sha256" and load is contexts.context and tiers.is_on("template"):
        try:
            return FRAMES.canonical(document, effort)
        except tiers.Fallback as reason:
            tiers.taken[f"fallback: template: {reason}"] += 1
    if load is contexts.context and tiers.is_on("mapper") and effort.in_vain < _MOST_IN_VAIN:
        try:
            written = compiled.canonize(document, hash_name=hash_name, effort=effort)
        except tiers.Fallback as reason:
            effort.in_vain += 1
            tiers.taken[f"fallback: mapper: {reason}"] += 1
        else:
            tiers.taken["mapper"] += 1
            return written
    tiers.taken["general"] += 1
    quads = mapper.to_quads(document, load=load, effort=effort)
    return rdfc.canonicalize(quads, hash_name=hash_name, effort=effort).as_bytes()


def require_lossless(document: Mapping[str, JsonValue]) -> None:
    """Make sure that RDF would hold all that a document says, for a document whose signature held.

    Raises:
        DataLoss: it would not.
        TooMuchWork: reading it would take too long.
    """
    FRAMES.begin()
    if tiers.is_on("template") and FRAMES.is_lossless(document):
        return
    try:
        if not tiers.is_on("mapper"):
            raise tiers.Fallback("off")
        compiled.canonize(document)
    except tiers.Fallback:
        mapper.to_quads(document)
    FRAMES.good()
