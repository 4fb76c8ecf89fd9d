# SPDX-License-Identifier: Apache-2.0
"""The strict side of JSON-LD: a document becomes its canonical statements, or it is refused."""

from collections.abc import Mapping

from laurel.jsonld import contexts, mapper, rdfc
from laurel.jsonld.rdfc import HashName
from laurel.jsonld.terms import Loader
from laurel.strictjson import JsonValue


def canonize(
    document: Mapping[str, JsonValue], *, hash_name: HashName = "sha256", load: Loader = contexts.context
) -> bytes:
    """Return the canonical N-Quads of a document, in UTF-8.

    Raises:
        DataLoss: the statements would not hold all that the document says.
        TooMuchWork: ordering its blank nodes would take too long.

    Spec: JSON-LD 1.1; RDFC-1.0; Data Integrity 1.0 §4.3.
    """
    return rdfc.canonicalize(mapper.to_quads(document, load=load), hash_name=hash_name).as_bytes()
