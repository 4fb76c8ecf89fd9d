# SPDX-License-Identifier: Apache-2.0
"""References are unguessable, and forgiving to a person who types them."""

from hypothesis import given
from hypothesis import strategies as st

from cairn.foundation.refs import ALPHABET, LENGTH, clean_ref, new_key, new_ref

REFS = st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH)


class TestNewRef:
    def test_never_repeats(self) -> None:
        assert len({new_ref() for _ in range(2_000)}) == 2_000

    def test_carries_128_bits(self) -> None:
        # 25 letters of 5 bits and a first one of 3: the first is below 8 in value.
        assert {len(new_ref()) for _ in range(50)} == {LENGTH}
        assert max(ALPHABET.index(new_ref()[0]) for _ in range(500)) < 8

    def test_makes_keys_of_256_bits(self) -> None:
        assert len(new_key()) == 43


class TestCleanRef:
    @given(REFS)
    def test_reads_what_it_made(self, ref: str) -> None:
        assert clean_ref(ref) == ref

    @given(REFS)
    def test_passes_over_case_spaces_and_hyphens(self, ref: str) -> None:
        typed = "-".join(ref[at : at + 4] for at in range(0, LENGTH, 4)).lower()

        assert clean_ref(f" {typed} ") == ref

    def test_reads_the_letters_that_people_mistake(self) -> None:
        assert clean_ref("O" * 13 + "IL" * 6 + "I") == "0" * 13 + "1" * 13

    def test_refuses_what_cannot_be_one(self) -> None:
        assert clean_ref("7K4M-Q2XD") is None
        assert clean_ref("U" * 26) is None
        assert clean_ref("") is None
