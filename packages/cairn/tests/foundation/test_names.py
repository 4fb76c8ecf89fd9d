# SPDX-License-Identifier: Apache-2.0
"""Names of strangers in our sentences."""

import pytest

from cairn.foundation import names


class TestDomain:
    @pytest.mark.parametrize(
        ("issuer_id", "domain"),
        [
            ("did:web:fernhill.example", "fernhill.example"),
            ("did:web:fernhill.example:o:main", "fernhill.example"),
            ("did:web:localhost%3A8000:o:main", "localhost:8000"),
            ("https://fernhill.example/issuer", "fernhill.example"),
            ("did:key:z6MkhaXg", ""),
            ("urn:uuid:1", ""),
            ("", ""),
        ],
    )
    def test_is_the_one_that_the_id_hangs_on(self, issuer_id: str, domain: str) -> None:
        assert names.domain_of(issuer_id) == domain


class TestCut:
    def test_leaves_short_texts_and_ends_long_ones(self) -> None:
        assert names.cut("Fernhill", 8) == "Fernhill"
        assert names.cut("Fernhill College", 10) == "Fernhill…"


class TestIsolated:
    def test_leaves_plain_names_as_they_are(self) -> None:
        assert names.isolated("Fernhill College (Ltd)") == "Fernhill College (Ltd)"

    def test_sets_apart_what_is_written_from_right_to_left(self) -> None:
        assert names.isolated("كلية 7") == "\u2068كلية 7\u2069"

    @pytest.mark.parametrize("sign", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    def test_lets_no_name_turn_the_sentence_around(self, sign: str) -> None:
        """Symptom: "Withdrawn by" and what follows it, backwards, after a name with U+202E in it."""
        assert names.isolated(f"Fern{sign}hill") == "Fernhill"
        assert names.isolated(f"كلية{sign}") == "\u2068كلية\u2069"
