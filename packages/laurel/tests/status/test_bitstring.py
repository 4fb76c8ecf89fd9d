# SPDX-License-Identifier: Apache-2.0
"""One bit a credential, in the right place, out of lists that may be hostile."""

import gzip
import json
import tracemalloc
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laurel.errors import CorruptBitstring, LaurelError
from laurel.proof.encodings import to_base64url
from laurel.status import bitstring
from laurel.status.entries import entries
from laurel.status.faults import StatusFault

VALIDATOR = Path(__file__).parents[4].parent / "shared" / "standards" / "1edtech-validator"
URL = "https://rivermouth.example/status/revocation-1"
ENTRY = {
    "id": f"{URL}#94567",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": URL,
}


def packed(data: bytes) -> str:
    return "u" + to_base64url(data)


class TestPack:
    @settings(max_examples=30)
    @given(st.sets(st.integers(0, bitstring.SMALLEST_LENGTH - 1), max_size=40))
    def test_comes_back_bit_for_bit(self, indexes: set[int]) -> None:
        bits = bitstring.expand(bitstring.pack(indexes))

        assert len(bits) == 16384
        assert sum(byte.bit_count() for byte in bits) == len(indexes)
        assert all(bitstring.is_set(bits, index) for index in indexes)

    def test_puts_entry_0_leftmost(self) -> None:
        bits = bitstring.expand(bitstring.pack([0, 15]))

        assert bits[:3] == b"\x80\x01\x00"

    def test_says_the_same_in_the_same_letters(self) -> None:
        assert bitstring.pack([5, 7]) == bitstring.pack([7, 5, 5])

    @pytest.mark.parametrize("index", [-1, bitstring.SMALLEST_LENGTH])
    def test_refuses_an_entry_outside(self, index: int) -> None:
        with pytest.raises(ValueError, match="outside"):
            bitstring.pack([index])

    @pytest.mark.parametrize("length", [0, 8, bitstring.SMALLEST_LENGTH - 8, bitstring.SMALLEST_LENGTH + 1])
    def test_refuses_a_list_in_which_nobody_hides(self, length: int) -> None:
        with pytest.raises(ValueError, match="multiple of 8"):
            bitstring.pack([], length=length)


class TestExpand:
    def test_reads_the_example_of_the_specification(self) -> None:
        bits = bitstring.expand("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA")

        assert bits == bytes(16384)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "u",
            "H4sIAAAA",
            "mH4sIAAAA",
            packed(b"not gzip"),
            packed(zlib.compress(bytes(16384))),
            packed(gzip.compress(bytes(16384), mtime=0)[:-1]),
            packed(gzip.compress(bytes(16384), mtime=0)[:-9]),
            packed(gzip.compress(bytes(16384), mtime=0) + b"\0"),
            packed(gzip.compress(bytes(16384), mtime=0) + gzip.compress(bytes(16384), mtime=0)),
            packed(gzip.compress(bytes(16383), mtime=0)),
            packed(gzip.compress(b"", mtime=0)),
            bitstring.pack([]) + "=",
            bitstring.pack([]) + "\n",
            "u" + "A" * 1_000_000,
        ],
    )
    def test_refuses_what_is_no_list(self, text: str) -> None:
        with pytest.raises(CorruptBitstring):
            bitstring.expand(text)

    def test_stays_small_before_a_bomb(self) -> None:
        bomb = packed(gzip.compress(bytes(256 * 1024 * 1024), mtime=0))
        tracemalloc.start()

        with pytest.raises(CorruptBitstring, match="more than"):
            bitstring.expand(bomb)

        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
        tracemalloc.stop()

    @given(st.binary(max_size=200))
    def test_raises_only_our_errors(self, data: bytes) -> None:
        with pytest.raises(CorruptBitstring):
            bitstring.expand(packed(data))

    def test_refuses_an_index_outside_the_list(self) -> None:
        bits = bitstring.expand(bitstring.pack([]))

        for index in (-1, 131072):
            with pytest.raises(StatusFault) as caught:
                bitstring.is_set(bits, index)
            assert caught.value.code == "status.range"


class TestListCredential:
    AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def make(self, **changes: Any) -> dict[str, Any]:
        return bitstring.list_credential(
            **{
                "url": URL,
                "issuer": "did:web:rivermouth.example",
                "purpose": "revocation",
                "indexes": [94567],
                "valid_from": self.AT,
                "ttl": 300_000,
            }
            | changes
        )

    def test_says_what_an_entry_asks(self) -> None:
        (entry,) = entries({"credentialStatus": ENTRY})

        bits = bitstring.bits_of(json.loads(json.dumps(self.make())), entry)

        assert bitstring.is_set(bits, entry.index)
        assert not bitstring.is_set(bits, entry.index + 1)

    def test_answers_for_its_purpose_only(self) -> None:
        (entry,) = entries({"credentialStatus": ENTRY | {"statusPurpose": "suspension"}})

        with pytest.raises(StatusFault) as caught:
            bitstring.bits_of(self.make(), entry)

        assert caught.value.code == "status.purpose"

    def test_is_made_for_known_purposes_only(self) -> None:
        with pytest.raises(ValueError, match="revocation, suspension"):
            self.make(purpose="cancellation")

    def test_carries_its_end(self) -> None:
        document = self.make(
            valid_until=datetime(2026, 11, 23, tzinfo=UTC), issuer={"id": "did:web:a.example"}
        )

        assert document["validUntil"] == "2026-11-23T00:00:00Z"
        assert document["issuer"] == {"id": "did:web:a.example"}

    @pytest.mark.parametrize(
        "change",
        [
            {"type": ["VerifiableCredential"]},
            {"type": None},
            {"credentialSubject": None},
            {"credentialSubject": []},
            {"credentialSubject": {"type": "Other"}},
            {"credentialSubject": {"type": "BitstringStatusList", "statusPurpose": "revocation"}},
            {
                "credentialSubject": {
                    "type": "BitstringStatusList",
                    "statusPurpose": "revocation",
                    "encodedList": "u",
                }
            },
        ],
    )
    def test_is_not_just_any_document(self, change: dict[str, Any]) -> None:
        (entry,) = entries({"credentialStatus": ENTRY})

        with pytest.raises(LaurelError):
            bitstring.bits_of(self.make() | change, entry)


class TestForeignLists:
    def test_the_1edtech_list_revokes_its_credential(self) -> None:
        folder = VALIDATOR / "ob30" / "bit-string-list"
        if not folder.is_dir():
            pytest.skip(f"the 1EdTech fixtures are not at {folder}")
        credential = json.loads((folder / "credential-status-revoked.json").read_bytes())
        document = json.loads((folder / "testlist").read_bytes())

        (entry,) = entries(credential)

        assert bitstring.is_set(bitstring.bits_of(document, entry), entry.index)
