# SPDX-License-Identifier: Apache-2.0
"""Lists of the older kinds: the bits stand where they do today, and what only looks like a list says nothing."""

import base64
import gzip
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laurel.errors import CorruptBitstring, LaurelError
from laurel.status import bitstring, legacy
from laurel.status.entries import Entry, entries
from laurel.status.faults import StatusFault

URL = "https://rivermouth.example/status/2021"
# Of the specification, §4.2: no bit of 131,072 is set.
PUBLISHED = "H4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def entry(index: int | str = 94567, purpose: str = "revocation") -> Entry:
    (found,) = entries(
        {
            "credentialStatus": {
                "id": f"{URL}#{index}",
                "type": "StatusList2021Entry",
                "statusPurpose": purpose,
                "statusListIndex": str(index),
                "statusListCredential": URL,
            }
        }
    )
    return found


def listing(encoded: Any = PUBLISHED, **subject: Any) -> dict[str, Any]:
    said = {"type": "StatusList2021", "statusPurpose": "revocation", "encodedList": encoded} | subject
    return {"type": ["VerifiableCredential", "StatusList2021Credential"], "credentialSubject": said}


def packed(bits: bytes) -> bytes:
    return gzip.compress(bits, mtime=0)


def test_the_published_list_has_no_bit_set() -> None:
    assert legacy.bits_of_2021(listing(), entry()) == bytes(16384)


@settings(max_examples=25)
@given(st.sets(st.integers(0, 131_071), max_size=30), st.booleans(), st.booleans())
def test_bits_stand_where_they_do_today(indexes: set[int], is_for_urls: bool, is_padded: bool) -> None:
    """Both specifications count from the left-most bit; the text alone lost its letter for the base."""
    bits = bitstring.expand(bitstring.pack(indexes))
    encode = base64.urlsafe_b64encode if is_for_urls else base64.b64encode
    text = encode(packed(bits)).decode()

    found = legacy.bits_of_2021(listing(text if is_padded else text.rstrip("=")), entry())

    assert found == bits


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"encoded": None}, "status.not-a-list"),
        ({"encoded": 5}, "status.not-a-list"),
        ({"encoded": "A" * 600_000}, "status.not-a-list"),
        ({"encoded": "u" + PUBLISHED}, "unreadable.corrupt-bitstring"),
        ({"encoded": "no list!"}, "unreadable.corrupt-bitstring"),
        ({"encoded": ""}, "unreadable.corrupt-bitstring"),
        ({"encoded": PUBLISHED[:-8]}, "unreadable.corrupt-bitstring"),
        ({"encoded": base64.b64encode(packed(bytes(16383))).decode()}, "status.length"),
        ({"encoded": base64.b64encode(packed(bytes(2 * 1024 * 1024))).decode()}, "unreadable.corrupt-bitstring"),
        ({"statusPurpose": "suspension"}, "status.purpose"),
        ({"statusPurpose": ["revocation"]}, "status.purpose"),
        ({"statusPurpose": None}, "status.purpose"),
        ({"type": "BitstringStatusList"}, "status.not-a-list"),
    ],
)  # fmt: skip
def test_what_is_no_such_list_says_nothing(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises((StatusFault, CorruptBitstring)) as caught:
        legacy.bits_of_2021(listing(**wrong), entry())

    assert caught.value.code == code


@pytest.mark.parametrize("types", [None, 5, "VerifiableCredential", ["BitstringStatusListCredential"], {}])
def test_a_list_calls_itself_one(types: Any) -> None:
    with pytest.raises(StatusFault):
        legacy.bits_of_2021(listing() | {"type": types}, entry())


@given(st.text(max_size=100))
def test_only_our_errors_come_out(text: str) -> None:
    with pytest.raises(LaurelError):
        legacy.bits_of_2021(listing(text), entry())


@pytest.mark.parametrize(
    "kind",
    ["RevocationList2020Status", "RevocationList2021Status", "StatusList2017", "CredentialStatusList2017"],
)
def test_kinds_that_are_older_still_are_named_as_unknown(kind: str) -> None:
    with pytest.raises(StatusFault) as caught:
        entries(
            {
                "credentialStatus": {
                    "id": f"{URL}#1",
                    "type": kind,
                    "revocationListIndex": "1",
                    "revocationListCredential": URL,
                }
            }
        )

    assert caught.value.code == "status.unknown-type"
