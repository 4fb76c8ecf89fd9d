# SPDX-License-Identifier: Apache-2.0
"""The vendored contexts are those that were published, and no other is ever read."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from foreign_rdf import STANDARDS, needs_standards, published_contexts

from laurel import jsonld
from laurel.errors import DataLoss
from laurel.jsonld import contexts

FOLDER = Path(contexts.__file__).parent / "contexts"
# The text in the W3C repository differs in two terms; issuers use the one of the package.
DIFFERENT = {"https://w3id.org/security/suites/ed25519-2020/v1"}


class TestContext:
    @pytest.mark.parametrize("url", contexts.known())
    def test_reads_every_context_of_the_manifest(self, url: str) -> None:
        assert "@context" in contexts.context(url)

    @pytest.mark.parametrize(
        "url",
        [
            "https://attacker.example/v1",
            "http://www.w3.org/ns/credentials/v2",
            "https://www.w3.org/ns/credentials/v2#",
            "https://www.w3.org/ns/credentials/undefined-terms/v2",
            "",
        ],
    )
    def test_refuses_every_other_one(self, url: str) -> None:
        with pytest.raises(DataLoss):
            contexts.context(url)

    def test_refuses_a_file_that_was_changed(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        name = "multikey-v1.json"
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes() + b"\n")
        monkeypatch.setattr(contexts, "_FOLDER", tmp_path)
        contexts.context.cache_clear()

        with pytest.raises(RuntimeError, match=name):
            contexts.context("https://w3id.org/security/multikey/v1")


class TestAdd:
    URL = "https://fernhill.example/contexts/workload-v1.json"
    DATA = b'{"@context": {"@version": 1.1, "workload": "https://fernhill.example/terms#workload"}}'
    SHA256 = hashlib.sha256(DATA).hexdigest()

    @pytest.fixture(autouse=True)
    def _forgets(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(contexts, "_added", {})
        yield
        contexts.context.cache_clear()

    def test_makes_the_terms_of_an_extension_known(self) -> None:
        document = {
            "@context": [contexts.CREDENTIALS_V2, self.URL],
            "type": "VerifiableCredential",
            "workload": "28 hours",
        }
        with pytest.raises(DataLoss):
            jsonld.canonize(document)

        contexts.add(self.URL, self.DATA, sha256=self.SHA256)

        assert self.URL in contexts.known()
        assert b'<https://fernhill.example/terms#workload> "28 hours"' in jsonld.canonize(document)

    def test_refuses_a_file_with_another_hash(self) -> None:
        with pytest.raises(ValueError, match="SHA-256"):
            contexts.add(self.URL, self.DATA + b" ", sha256=self.SHA256)

    @pytest.mark.parametrize("url", [contexts.CREDENTIALS_V2, URL])
    def test_never_replaces_a_context(self, url: str) -> None:
        contexts.add(self.URL, self.DATA, sha256=self.SHA256)
        other = b'{"@context": {}}'

        with pytest.raises(ValueError, match="already"):
            contexts.add(url, other, sha256=hashlib.sha256(other).hexdigest())


class TestManifest:
    def test_names_every_file_and_no_other(self) -> None:
        named = {row["file"] for row in json.loads((FOLDER / "MANIFEST.json").read_text()).values()}

        assert named == {path.name for path in FOLDER.glob("*.json")} - {"MANIFEST.json"}

    def test_names_package_version_and_licence(self) -> None:
        for row in json.loads((FOLDER / "MANIFEST.json").read_text()).values():
            assert row.keys() == {"file", "sha256", "package", "path", "licence"}
            assert "@" in row["package"][5:]

    def test_files_are_named_in_the_licences(self) -> None:
        licences = (FOLDER / "LICENSES.md").read_text()

        for path in FOLDER.glob("*.json"):
            if path.name != "MANIFEST.json":
                assert path.name in licences or path.name.startswith("ob-v3p0-")

    @needs_standards
    @pytest.mark.parametrize("url", contexts.known())
    def test_equals_what_was_published(self, url: str) -> None:
        published = json.loads(published_contexts()[url].read_bytes())

        assert (contexts.context(url) == published) == (url not in DIFFERENT)

    @needs_standards
    def test_is_not_the_second_text_of_open_badges(self) -> None:
        variant = STANDARDS / "contexts/1edtech/ob-v3p0-context-3.0.3.validator-variant.json"

        assert contexts.context(contexts.OPEN_BADGES_3) != json.loads(variant.read_bytes())
