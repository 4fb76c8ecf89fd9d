# SPDX-License-Identifier: Apache-2.0
"""Every collection of other people's hostile input is here whole: one that shrank silently would prove less.

The tests that go through each of them stand where the reader in question is tested; this holds their number.
"""

import json
import re
from pathlib import Path
from typing import Final

import pytest
from issuer_world import NOW
from shared_folder import shared

from laurel import verify
from laurel.errors import LaurelError

FILES: Final = {
    "JSONTestSuite/test_parsing/*.json": 318,
    "JSONTestSuite/test_transform/*": 22,
    "PngSuite/*.png": 175,
    "PngSuite/x*.png": 14,
    "jcs/input/*.json": 6,
    "jcs/output/*.json": 6,
    "vcdm2-input/*.json": 120,
}
REST: Final = {"pillow-images": 57, "vc-jose-cose-input": 36}


@pytest.mark.parametrize(("pattern", "count"), FILES.items())
def test_has_its_files(pattern: str, count: int) -> None:
    assert len(list(shared("hostile").glob(pattern))) == count


@pytest.mark.parametrize(("folder", "count"), REST.items())
def test_has_its_files_beside_the_licence(folder: str, count: int) -> None:
    names = [path.name for path in shared("hostile", folder).iterdir() if not path.name.startswith("LICENSE")]
    assert len(names) == count


def test_wycheproof_has_its_cases() -> None:
    suites = [json.loads(path.read_bytes()) for path in shared("hostile", "wycheproof").glob("*_test.json")]
    assert sum(len(group["tests"]) for suite in suites for group in suite["testGroups"]) == 2_732


def test_rdf_canon_has_its_cases() -> None:
    manifest = json.loads(shared("hostile", "rdf-canon", "manifest.jsonld").read_bytes())
    assert len(manifest["entries"]) == 86


def test_every_collection_is_gone_through_by_some_test() -> None:
    folders = {path.name for path in shared("hostile").iterdir() if path.is_dir()}
    assert len(folders) == 11
    texts = [
        path.read_text(encoding="utf-8")
        for path in Path(__file__).parents[1].rglob("test_*.py")
        if "node_modules" not in path.parts and path.name not in ("test_collections.py", "test_bounds.py")
    ]
    for folder in folders:
        assert any(re.search(rf"[\"'/]{re.escape(folder)}[\"'/]", text) for text in texts), folder


def test_every_sample_of_1edtech_gets_an_answer() -> None:
    paths = sorted(path for path in shared("standards", "1edtech-validator").rglob("*") if path.is_file())
    samples = [path for path in paths if path.name != "expectations.json"]
    assert len(samples) == 46

    def nobody(url: str) -> bytes:
        raise LaurelError("Nobody answered.")

    verdicts = [verify.check(path.read_bytes(), fetch=nobody, at=NOW).verdict for path in samples]
    verdicts += [
        verify.check_presentation(
            path.read_bytes(), fetch=nobody, at=NOW, challenge=None, domain=None
        ).verdict
        for path in samples
    ]
    assert len(verdicts) == 92
