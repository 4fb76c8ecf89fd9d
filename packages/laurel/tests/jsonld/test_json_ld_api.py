# SPDX-License-Identifier: Apache-2.0
"""The W3C's tests of JSON-LD: whatever the strict mapper takes, it reads as the specification does.

The mapper is narrow on purpose, so most of these documents are refused; what must never happen is a document that
is read otherwise than its vector says. Each is put in the form that the mapper takes at all: its contexts are
served under addresses, after one that gives `id` and `type` their meaning, and `@id` and `@type` go by those names.
"""

import json
import tarfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from foreign_rdf import oxigraph_canonical
from pyld import jsonld as pyld
from shared_folder import SHARED

from laurel.errors import DataLoss, LaurelError
from laurel.jsonld import mapper, meanings, rdfc

CASES = {"toRdf": 467, "expand": 385, "compact": 246, "flatten": 58, "fromRdf": 54, "remote-doc": 18}
#: What laurel never does; their documents are not read at all.
NOT_OURS = {
    "fromRdf": "laurel never makes JSON from RDF",
    "remote-doc": "laurel never fetches a document or a context",
}
#: How many the mapper takes: fewer would mean that this corpus stopped testing anything.
LEAST_TAKEN = {"toRdf": 51, "expand": 46, "compact": 14, "flatten": 2}
BASE = "urn:test:base"
ALIASES = {"@context": {"id": "@id", "type": "@type"}}
ARCHIVE = SHARED / "hostile" / "json-ld-api.tar.gz"


@dataclass(frozen=True)
class Case:
    """One entry of a manifest: the document, and either the N-Quads it must give or the error it must raise."""

    name: str
    document: Any
    is_negative: bool
    expected: bytes | None
    options: Mapping[str, Any]


def cases(kind: str) -> list[Case]:
    """Read the cases of one manifest out of the archive."""
    with tarfile.open(ARCHIVE) as archive:

        def text(name: str) -> bytes:
            member = archive.extractfile(f"json-ld-api/{name}")
            assert member is not None
            return member.read()

        found = []
        for entry in json.loads(text(f"{kind}-manifest.jsonld"))["sequence"]:
            expected = entry.get("expect", "")
            found.append(
                Case(
                    name=entry["@id"],
                    document=None if kind in NOT_OURS else json.loads(text(entry["input"])),
                    is_negative="jld:NegativeEvaluationTest" in entry["@type"],
                    expected=text(expected) if expected.endswith(".nq") else None,
                    options=entry.get("option", {}),
                )
            )
        return found


def read_strictly(document: Any) -> bytes:
    """Return the canonical N-Quads by laurel. Raises: DataLoss, as the mapper does."""
    served: dict[str, Any] = {BASE: ALIASES}
    if not isinstance(document, dict):
        raise DataLoss("not one object")
    written = document.get("@context", [])
    urls = [BASE]
    for place, item in enumerate(written if isinstance(written, list) else [written]):
        urls.append(f"urn:test:{place}")
        served[urls[-1]] = {"@context": item}
    renamed = _by_alias({name: value for name, value in document.items() if name != "@context"})

    def load(url: str) -> Mapping[str, Any]:
        if url not in served:
            raise DataLoss("nothing is ever fetched")
        found: Mapping[str, Any] = served[url]
        return found

    quads = mapper.to_quads({"@context": urls, **renamed}, load=load)
    return rdfc.canonicalize(quads).as_bytes()


def _by_alias(value: Any) -> Any:
    if isinstance(value, list):
        return [_by_alias(item) for item in value]
    if not isinstance(value, dict):
        return value
    names = {"@id": "id", "@type": "type"}
    return {names.get(name, name): _by_alias(item) for name, item in value.items()}


def by_pyld(case: Case) -> bytes | None:
    """Return the canonical N-Quads by another processor, or None when it refuses the document."""
    options = {name: case.options[name] for name in ("base", "processingMode") if name in case.options}

    def nothing(url: str, _options: object = None) -> dict[str, Any]:
        raise pyld.JsonLdError(f"nothing is fetched: {url}", "test")

    try:
        text = pyld.to_rdf(
            case.document, {"format": "application/n-quads", "documentLoader": nothing, **options}
        )
    except (pyld.JsonLdError, AttributeError, KeyError, TypeError, ValueError):  # Python's, on wrong shapes
        return None
    return oxigraph_canonical(text.encode())


@pytest.fixture(autouse=True)
def _any_base_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mapper wants the context of credentials to come first; here another one does."""
    monkeypatch.setattr(meanings, "_BASE_CONTEXTS", (BASE,))


@pytest.mark.skipif(not ARCHIVE.exists(), reason="../shared/hostile/json-ld-api.tar.gz is not here")
class TestJsonLdVectors:
    def test_are_all_here(self) -> None:
        assert {kind: len(cases(kind)) for kind in CASES} == CASES

    @pytest.mark.parametrize("kind", ["toRdf", "expand", "compact", "flatten"])
    def test_are_read_as_they_must_be_or_refused(self, kind: str) -> None:
        ended: Counter[str] = Counter()
        wrong = []
        for case in cases(kind):
            try:
                found = read_strictly(case.document)
            except LaurelError:
                ended["refused"] += 1
                continue
            expected = by_pyld(case) if case.expected is None else oxigraph_canonical(case.expected)
            if case.is_negative or expected is None:
                wrong.append(f"{case.name} must be refused")
            elif found != expected:
                wrong.append(f"{case.name} is read otherwise")
            else:
                ended["equal"] += 1

        print(f"{kind}: {dict(ended)}")
        assert wrong == []
        assert sum(ended.values()) == CASES[kind]
        assert ended["equal"] >= LEAST_TAKEN[kind]
