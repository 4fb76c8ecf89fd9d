# SPDX-License-Identifier: Apache-2.0
"""CBOR of strangers: plain values come back, and nothing in it is put to work while it is read."""

from time import process_time
from typing import Any

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from laurel.proof import cbor

PLAIN: Any = [
    0,
    -1,
    23,
    24,
    255,
    256,
    65_536,
    2**32,
    2**64 - 1,
    "é",
    b"\xff" * 300,
    [],
    {},
    {1: [None, True, 0.5]},
]

scalars = (
    st.integers(-(2**64), 2**64 - 1)
    | st.binary(max_size=300)
    | st.text(max_size=40)
    | st.booleans()
    | st.none()
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 99) | st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


def tagged(tag: int, value: Any) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(tag, value))


#: About 250 kB each, of what a reader for all of CBOR makes a pattern, a message, a number or a date from.
BUSY = {
    "a pattern of many classes": tagged(35, "(?i)" + "[\x01-\U0010ffff]" * 30_000),
    "a message of many parts": tagged(36, "Content-Type: multipart/x; boundary=a\n\n--a\n" * 6_000),
    "a long number": tagged(2, b"\xff" * 250_000),
    "a fraction": tagged(30, [1, 2**60]),
    "a decimal": tagged(4, [2**30, 1]),
    "a moment": tagged(1, 1.5),
    "a value that holds itself": bytes.fromhex("d81c81d81d00"),
    "a set": tagged(258, [1, 2]),
    "an address": tagged(52, b"\x7f\x00\x00\x01"),
    "one of them inside": cbor2.dumps([{1: cbor2.CBORTag(35, "(a+)+$")}]),
    "one of them as a key": cbor2.dumps({cbor2.CBORTag(35, "a"): 1}),
    "a tag in a tag": tagged(18, cbor2.CBORTag(18, [])),
    "a tag that says nothing": b"\xd9\xd9\xf7" * 300 + b"\x00",
}


class TestLoads:
    @given(values)
    @example(PLAIN)
    def test_gives_what_was_written(self, value: Any) -> None:
        assert cbor.loads(cbor2.dumps(value)) == value

    @given(values)
    def test_gives_what_was_written_under_the_tag_that_is_awaited(self, value: Any) -> None:
        assert cbor.loads(tagged(18, value), tag=18) == value

    @given(values)
    def test_takes_what_is_written_here(self, value: Any) -> None:
        assert cbor.loads(cbor.dumps(value)) == value
        assert cbor.loads(cbor.dumps(value, tag=18), tag=18) == value

    def test_wants_the_tag_that_is_awaited(self) -> None:
        for data in (cbor2.dumps([]), tagged(17, []), b"\xd8\x12", b"\xd9\x00\x12\x80", b""):
            with pytest.raises(cbor.NotPlain):
                cbor.loads(data, tag=18)

    @pytest.mark.parametrize("name", BUSY)
    @pytest.mark.parametrize("tag", [None, 18])
    def test_puts_nothing_to_work_that_a_tag_asks_for(self, name: str, tag: int | None) -> None:
        data = BUSY[name] if tag is None or name == "a tag in a tag" else b"\xd2" + BUSY[name]
        before = process_time()

        with pytest.raises(cbor.NotPlain, match="tag"):
            cbor.loads(data, tag=tag)

        assert process_time() - before < 0.2

    @given(st.binary(max_size=200))
    @example(b"")
    @example(b"\x9f\xff")
    @example(b"\x5f\x41a\xff")
    @example(b"\x18\x00")
    @example(b"\x00\x00")
    @example(b"\x61\xff")
    @example(b"\xa2\x00\x00\x00\x00")
    @example(b"\x1c")
    @example(b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff")
    @example(b"\x81" * 60_000 + b"\x00")
    def test_gives_a_value_that_is_written_so_or_refuses(self, data: bytes) -> None:
        try:
            value = cbor.loads(data)
        except cbor.NotPlain:
            return
        assert cbor2.dumps(value) == data
