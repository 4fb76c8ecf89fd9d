# SPDX-License-Identifier: Apache-2.0
"""Other people's JSON-LD and RDF software, to compare with, and the contexts of their test data."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyld import jsonld

from laurel.jsonld import contexts
from laurel.strictjson import JsonValue, loads

SHARED = Path(__file__).parents[4] / "shared"
STANDARDS = SHARED / "standards"
HOSTILE = SHARED / "hostile"

needs_standards = pytest.mark.skipif(
    not STANDARDS.is_dir(), reason="the standards folder is not beside the project"
)
needs_hostile = pytest.mark.skipif(
    not HOSTILE.is_dir(), reason="the hostile data folder is not beside the project"
)


@cache
def published_contexts() -> dict[str, Path]:
    """Return URL → file of the published contexts in the standards folder."""
    rows = json.loads((STANDARDS / "INDEX.json").read_text())
    rows = rows if isinstance(rows, list) else rows["files"]
    return {
        row["url"]: STANDARDS / row["path"]
        for row in rows
        if "url" in row and row["path"].startswith("contexts/")
    }


@cache
def any_context(url: str) -> dict[str, JsonValue]:
    """Return a vendored context, or one that only the test data uses."""
    if url in contexts.known():
        return dict(contexts.context(url))
    value = loads(published_contexts()[url].read_bytes())
    assert isinstance(value, dict)
    return value


def _load_for_pyld(url: str, options: object = None) -> dict[str, Any]:
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": any_context(url),
        "contentType": "application/ld+json",
    }


def pyld_nquads(document: dict[str, Any]) -> bytes:
    """Return what PyLD calls the canonical N-Quads of a document, dropping what it drops."""
    text: str = jsonld.normalize(
        document,
        {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load_for_pyld},
    )
    return text.encode()


def oxigraph_canonical(nquads: bytes, *, sha384: bool = False) -> bytes:
    """Return the canonical form of any N-Quads by pyoxigraph."""
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(nquads, pyoxigraph.RdfFormat.N_QUADS))
    algorithm = pyoxigraph.CanonicalizationAlgorithm
    dataset.canonicalize(algorithm.RDFC_1_0_SHA_384 if sha384 else algorithm.RDFC_1_0)
    written = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS)
    assert written is not None
    # Not splitlines: U+2028 and its like stand inside literals.
    return b"".join(line + b"\n" for line in sorted(written.split(b"\n")) if line)
