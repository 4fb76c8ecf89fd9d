# SPDX-License-Identifier: Apache-2.0
"""What may stand in the head of an e-mail."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.messages.errors import NotOneAddress
from cairn.messages.rules import one_address, one_line


class TestOneAddress:
    @pytest.mark.parametrize("address", ["amara.okafor@example.org", "a+b@x.example", "zoë@bücher.example"])
    def test_takes_one_plain_mailbox(self, address: str) -> None:
        assert one_address(address) == address

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "amara",
            "a@x.example,b@x.example",
            "a@x.example;b@x.example",
            "a@x.example b@x.example",
            "a@x.example\nBcc: everyone@x.example",
            "a@x.example\r\n\r\n<script>",
            "a@x.example\u2028Bcc: b@x.example",
            "a@x.example\x00",
            "Amara <a@x.example>",
            '"a b"@x.example',
            "a" * 250 + "@x.example",
            "a@b@c.example",
        ],
    )
    def test_refuses_everything_else(self, text: str) -> None:
        with pytest.raises(NotOneAddress):
            one_address(text)

    @given(
        st.text(max_size=60),
        st.sampled_from(["\r", "\n", "\r\n", "\x85", "\u2028", "\x0b", "\x00"]),
        st.text(max_size=60),
    )
    def test_never_lets_a_line_break_through(self, before: str, line_break: str, after: str) -> None:
        with pytest.raises(NotOneAddress):
            one_address(f"a{before}{line_break}{after}@example.org")


class TestOneLine:
    def test_keeps_names_as_they_are(self) -> None:
        assert one_line("أمارا أوكافور · Zoë’s 数据") == "أمارا أوكافور · Zoë’s 数据"

    def test_turns_a_smuggled_header_into_words(self) -> None:
        assert one_line("Data\r\nBcc: all@x.example") == "Data Bcc: all@x.example"

    @given(st.text(max_size=400))
    def test_never_gives_two_lines_or_more_than_fit(self, text: str) -> None:
        line = one_line(text)

        assert len(line.splitlines()) <= 1
        assert len(line) <= 200
        assert not [letter for letter in line if unicodedata.category(letter) == "Cc"]

    @given(st.text(max_size=400))
    def test_changes_nothing_the_second_time(self, text: str) -> None:
        assert one_line(one_line(text)) == one_line(text)
