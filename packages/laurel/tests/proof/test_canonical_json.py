# SPDX-License-Identifier: Apache-2.0
"""Canonical JSON is the same with and without the fast writer, and is that of RFC 8785."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shared_folder import shared, shared_files

from laurel import fast
from laurel.errors import DataLoss
from laurel.proof import canonical_json
from laurel.proof.canonical_json import canonical_document

VECTORS: Final = shared_files("input/*.json", "hostile", "jcs")
ALL_CHARACTERS: Final = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]

letters = st.characters(codec="utf-8") | st.sampled_from("\ue000\uffff\ufffd\U00010000\U0001f33f\ud7ff")
keys = st.text(letters, max_size=3)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**54), 2**54)
    | st.floats()
    | st.sampled_from([5.0, -0.0, 1e21, 1e-7, 1.5e300, 0.1])
    | st.text(letters, max_size=5)
    | st.sampled_from(['a":1.5', "[1.5", ",2e9", "null"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)


def written(value: dict[str, Any]) -> bytes | str:
    """Canonical JSON, or why there is none."""
    try:
        return canonical_document(value, {}, lambda url: {})
    except DataLoss as error:
        return error.code


def by_reference(value: dict[str, Any]) -> bytes | str:
    """The same by the writer that follows the standard letter by letter."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError):
        return "data-loss.canonical-json"


def test_every_character_there_is_is_escaped_as_the_standard_says() -> None:
    """In texts and in keys; a thousand characters at a time."""
    checked = 0
    for start in range(0, len(ALL_CHARACTERS), 1000):
        some = ALL_CHARACTERS[start : start + 1000]
        value: dict[str, Any] = {"all": some, "text": "".join(some)} | dict.fromkeys(some, 1)
        assert written(value) == by_reference(value)
        checked += len(some)
    assert checked == 0x110000 - 0x800


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(keys, values, max_size=5))
@example({"\U0001f33f": 1, "\ufffd": 2})
@example({"a": [1.5, {"b": [2.5]}], "c": {"d": -1e-7}})
@example({"a": 2**53})
@example({"a": float("nan")})
@example({"a": "\ud800"})
def test_any_value_is_written_as_the_standard_says_or_refused(value: dict[str, Any]) -> None:
    assert written(value) == by_reference(value)


@pytest.mark.skipif(fast.orjson is None, reason="the fast writer is not installed")
def test_the_fast_writer_writes_what_credentials_mostly_hold_and_leaves_the_rest() -> None:
    at_once = canonical_json._at_once
    assert (
        at_once({"b": 1, "a": ["x", {"z": True, "y": "🌿 é"}]})
        == '{"a":["x",{"y":"🌿 é","z":true}],"b":1}'.encode()
    )
    for value in (1.0, [2.5], {"x": [1, 2e300]}, None, "\U0001f33f\ufffd", 2**53, "\ud800"):
        assert at_once({"a": value}) is None


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_published_vectors_hold_both_ways(path: Path) -> None:
    expected = shared("hostile", "jcs", "output", path.name).read_bytes()
    value = json.loads(path.read_bytes())
    assert written({"all": value}) == b'{"all":' + expected + b"}"
    assert written({"all": json.loads(expected)}) == b'{"all":' + expected + b"}"


def test_no_published_vector_is_missing() -> None:
    shared("hostile", "jcs")
    assert len(VECTORS) == 6
