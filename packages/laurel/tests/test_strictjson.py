# SPDX-License-Identifier: Apache-2.0
"""The JSON gate reads one way or not at all."""

import contextlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurel.errors import NotJson, TooLarge, Unreadable
from laurel.strictjson import MAX_SAFE_INTEGER, JsonValue, dumps, loads

SUITE = Path(__file__).parents[4] / "shared" / "hostile" / "JSONTestSuite"
needs_suite = pytest.mark.skipif(
    not SUITE.is_dir(), reason="the JSONTestSuite folder is not beside the project"
)

# Valid JSON by RFC 8259 that we refuse all the same, with the reason.
STRICTER = {
    "y_object_duplicated_key.json": "two readers may keep different values",
    "y_object_duplicated_key_and_value.json": "a doubled key is never meant",
}
# What the suite leaves open: only these are read, every other `i_` file is refused.
ACCEPTED_OPEN: set[str] = set()
# The transformations that lose nothing.
ACCEPTED_TRANSFORMS = {
    "number_1.0.json": [1.0],
    "number_1000000000000000.json": [10**15],
    "number_1e6.json": [1e6],
    "object_key_nfc_nfd.json": {"\u00e9": "NFC", "e\u0301": "NFD"},
    "object_key_nfd_nfc.json": {"e\u0301": "NFD", "\u00e9": "NFC"},
    "string_with_escaped_NULL.json": ["A\0B"],
}


def files(folder: str, prefix: str = "") -> list[Path]:
    return sorted((SUITE / folder).glob(f"{prefix}*.json"))


@needs_suite
class TestJsonTestSuite:
    def test_is_complete(self) -> None:
        counts = [len(files("test_parsing", prefix)) for prefix in ("y_", "n_", "i_")]

        assert counts == [95, 188, 35]
        assert len(files("test_transform")) == 22

    @pytest.mark.parametrize("path", files("test_parsing", "n_"), ids=lambda path: path.name)
    def test_refuses_what_is_not_json(self, path: Path) -> None:
        with pytest.raises(Unreadable):
            loads(path.read_bytes())

    @pytest.mark.parametrize("path", files("test_parsing", "y_"), ids=lambda path: path.name)
    def test_reads_json_as_the_standard_parser_does(self, path: Path) -> None:
        data = path.read_bytes()

        if path.name in STRICTER:
            with pytest.raises(NotJson):
                loads(data)
        else:
            assert loads(data) == json.loads(data)

    @pytest.mark.parametrize("path", files("test_parsing", "i_"), ids=lambda path: path.name)
    def test_refuses_what_readers_disagree_on(self, path: Path) -> None:
        if path.name in ACCEPTED_OPEN:
            loads(path.read_bytes())
        else:
            with pytest.raises(Unreadable):
                loads(path.read_bytes())

    @pytest.mark.parametrize("path", files("test_transform"), ids=lambda path: path.name)
    def test_never_changes_a_value_on_the_way(self, path: Path) -> None:
        if path.name in ACCEPTED_TRANSFORMS:
            assert loads(path.read_bytes()) == ACCEPTED_TRANSFORMS[path.name]
        else:
            with pytest.raises(NotJson):
                loads(path.read_bytes())


class TestLoads:
    @pytest.mark.parametrize(
        "text",
        [
            '{"name": "A", "name": "B"}',
            '{"issuer": {"id": "a", "id": "a"}}',
            '{"a": 1, "\\u0061": 2}',
            "NaN",
            "[Infinity]",
            '"\\ud83d"',
            '{"\\udc00": 1}',
            "9007199254740992",
            "-9007199254740992",
            "1e400",
            "1e-400",
            "1.00000000000000001",
            '{"a": 1} {"b": 2}',
            "{'a': 1}",
            "",
            "\ufeff{}",
        ],
    )
    def test_refuses_what_two_readers_could_understand_differently(self, text: str) -> None:
        with pytest.raises(NotJson):
            loads(text)
        with pytest.raises(NotJson):
            loads(text.encode())

    @pytest.mark.parametrize("octets", [b'"\xc0\xaf"', b'"\xed\xa0\x80"', b'"\xff"', b"\xff\xfe{\x00}\x00"])
    def test_refuses_bytes_that_are_not_utf_8(self, octets: bytes) -> None:
        with pytest.raises(NotJson):
            loads(octets)

    def test_refuses_a_lone_surrogate_in_text(self) -> None:
        with pytest.raises(NotJson):
            loads('"\ud800"')

    def test_reads_a_surrogate_pair_as_one_character(self) -> None:
        assert loads(r'"\ud83c\udf93"') == "🎓"

    def test_reads_the_largest_safe_integer(self) -> None:
        assert loads(f"[{MAX_SAFE_INTEGER}, -{MAX_SAFE_INTEGER}]") == [MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER]

    @pytest.mark.parametrize(
        "data",
        [
            b"[" * 33 + b"]" * 33,
            b'{"a":' * 33 + b"1" + b"}" * 33,
            b"[" * 250_000,
            b"[" + b"1," * 10_000 + b"1]",
            b'"' + b"a" * 65_537 + b'"',
            b'{"' + b"a" * 65_537 + b'": 1}',
            b" " * 262_145,
            ('"' + "é" * 140_000 + '"').encode(),
        ],
        ids=["deep", "deep-objects", "open", "wide", "string", "key", "long", "long-utf8"],
    )
    def test_refuses_large_input_at_once(self, data: bytes) -> None:
        started = time.perf_counter()

        with pytest.raises(TooLarge):
            loads(data)

        assert time.perf_counter() - started < 0.5

    @pytest.mark.parametrize(
        "data", [b"[" * 32 + b"]" * 32, b'{"a":"' + b'[{,\\"' * 5_000 + b'"}', b"[" + b"1," * 9_998 + b"1]"]
    )
    def test_reads_what_is_just_small_enough(self, data: bytes) -> None:
        assert loads(data) == json.loads(data)

    def test_takes_a_larger_limit_for_a_long_list(self) -> None:
        data = b'"' + b"a" * 300_000 + b'"'

        assert loads(data, limit=1 << 20, longest_string=1 << 20) == "a" * 300_000

    def test_never_spends_long_on_digits(self) -> None:
        started = time.perf_counter()

        for text in ("9" * 250_000, "0." + "9" * 250_000, "1e" + "9" * 250_000):
            with pytest.raises(NotJson):
                loads(text)

        assert time.perf_counter() - started < 0.5

    @given(st.binary(max_size=200))
    def test_raises_nothing_but_its_own_errors(self, data: bytes) -> None:
        with contextlib.suppress(Unreadable):
            loads(data)


text = st.text(st.characters(exclude_categories=["Cs"]))
values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


class TestDumps:
    @given(values)
    def test_writes_what_loads_reads_back(self, value: JsonValue) -> None:
        assert repr(loads(dumps(value))) == repr(value)

    def test_keeps_the_order_of_keys_and_plain_characters(self) -> None:
        assert dumps({"z": "Zoë", "a": [1, 2.5, None]}) == '{"z":"Zoë","a":[1,2.5,null]}'.encode()

    def test_refuses_a_number_that_is_not_finite(self) -> None:
        with pytest.raises(ValueError):
            dumps(float("nan"))
