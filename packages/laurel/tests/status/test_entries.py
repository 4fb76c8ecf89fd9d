# SPDX-License-Identifier: Apache-2.0
"""A status entry is read exactly or refused: two readers must never look at two different bits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurel.status.entries import LARGEST_SIZE, Entry, entries
from laurel.status.faults import StatusFault

URL = "https://rivermouth.example/status/revocation-1"
ENTRY = {
    "id": f"{URL}#94567",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": URL,
}
TWENTY_ODD_INDEXES = [
    None,
    -1,
    1.5,
    "",
    "-1",
    "+1",
    "1.0",
    "1e3",
    "0x10",
    " 1",
    "1 ",
    "1\n",
    "01",
    "\u0661",
    "\u00b2",
    "1_0",
    "9" * 11,
    "9" * 5000,
    True,
    [],
    {},
]


def code_of(**changes: Any) -> str:
    with pytest.raises(StatusFault) as caught:
        entries({"credentialStatus": ENTRY | changes})
    return caught.value.code


def messages(size: int) -> list[dict[str, str]]:
    return [{"status": hex(value), "message": f"text {value}"} for value in range(1 << size)]


def test_one_or_many_are_read() -> None:
    expected = Entry(
        kind="BitstringStatusListEntry", purpose="revocation", index=94567, list_url=URL, id=f"{URL}#94567"
    )

    assert entries({"credentialStatus": ENTRY}) == (expected,)
    assert entries({"credentialStatus": [ENTRY, ENTRY]}) == (expected, expected)
    assert entries({"credentialStatus": ENTRY | {"statusListIndex": 94567}}) == (expected,)
    assert entries({}) == ()


def test_there_are_twenty_odd_indexes_and_one_more() -> None:
    assert len(TWENTY_ODD_INDEXES) == 21


@pytest.mark.parametrize("index", TWENTY_ODD_INDEXES)
@pytest.mark.parametrize("kind", ["BitstringStatusListEntry", "StatusList2021Entry"])
def test_only_plain_numbers_are_taken(kind: str, index: Any) -> None:
    assert code_of(type=kind, statusListIndex=index) == "status.malformed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "RevocationList2020Status"}, "status.unknown-type"),
        ({"type": None}, "status.unknown-type"),
        ({"type": ["BitstringStatusListEntry"]}, "status.unknown-type"),
        ({"statusPurpose": None}, "status.malformed"),
        ({"statusPurpose": ""}, "status.malformed"),
        ({"statusPurpose": ["revocation"]}, "status.malformed"),
        ({"statusListCredential": 7}, "status.malformed"),
        ({"type": "1EdTechRevocationList", "id": None}, "status.malformed"),
        ({"type": "1EdTechRevocationList", "id": ""}, "status.malformed"),
        ({"statusReference": [5]}, "status.malformed"),
        ({"statusReference": {}}, "status.malformed"),
    ],
)
def test_what_is_not_understood_is_said(change: dict[str, Any], code: str) -> None:
    assert code_of(**change) == code


@pytest.mark.parametrize("value", [None, "x", [None], [[]], 0, False])
def test_something_is_never_taken_for_nothing(value: Any) -> None:
    with pytest.raises(StatusFault):
        entries({"credentialStatus": value})


@given(st.integers(1, LARGEST_SIZE))
def test_a_size_brings_a_message_for_each_value(size: int) -> None:
    (entry,) = entries({"credentialStatus": ENTRY | {"statusSize": size, "statusMessage": messages(size)}})

    assert (entry.size, len(entry.messages)) == (size, 2**size)
    assert entry.messages[2**size - 1] == f"text {2**size - 1}"


def test_one_bit_needs_no_messages_and_may_have_two() -> None:
    (plain,) = entries({"credentialStatus": ENTRY | {"statusSize": 1}})
    (told,) = entries({"credentialStatus": ENTRY | {"statusMessage": messages(1)}})

    assert (plain.messages, told.messages) == ({}, {0: "text 0", 1: "text 1"})


@pytest.mark.parametrize("size", [0, -1, LARGEST_SIZE + 1, 64, True, 1.0, "1", None, []])
def test_sizes_that_cannot_be_are_refused(size: Any) -> None:
    assert code_of(statusSize=size) == "status.size"


@pytest.mark.parametrize(
    "listed",
    [
        None,
        {},
        "x",
        [],
        messages(1),
        messages(3),
        messages(2)[:3],
        # The suite of the specification asks for as many messages as bits; the text asks for one a value.
        messages(2)[:2],
        [*messages(2)[:3], messages(2)[0]],
        [*messages(2)[:3], {"status": "0x4", "message": "beyond"}],
    ],
)
def test_two_bits_need_four_messages(listed: Any) -> None:
    assert code_of(statusSize=2, statusMessage=listed) == "status.size"
    if listed is None:
        assert code_of(statusSize=2) == "status.size"


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "x",
        {},
        {"status": "1", "message": "a"},
        {"status": "0x", "message": "a"},
        {"status": 1, "message": "a"},
        {"status": "0x1"},
        {"status": "0x1", "message": 5},
        {"status": "0x1\n", "message": "a"},
    ],
)
def test_a_message_is_a_value_and_a_text(wrong: Any) -> None:
    assert code_of(statusMessage=[messages(1)[0], wrong]) == "status.malformed"


def test_references_are_kept() -> None:
    (one,) = entries({"credentialStatus": ENTRY | {"statusReference": "https://a.example/"}})
    (two,) = entries(
        {"credentialStatus": ENTRY | {"statusReference": ["https://a.example/", "https://b.example/"]}}
    )

    assert one.references == ("https://a.example/",)
    assert two.references == ("https://a.example/", "https://b.example/")


def test_older_kinds_are_read() -> None:
    old = {name: ENTRY[name] for name in ENTRY if name != "type"} | {"type": "StatusList2021Entry"}
    (of_2021, plain) = entries({"credentialStatus": [old, {"type": "1EdTechRevocationList", "id": URL}]})

    assert (of_2021.kind, of_2021.index, of_2021.list_url) == ("StatusList2021Entry", 94567, URL)
    assert (plain.kind, plain.purpose, plain.list_url) == ("1EdTechRevocationList", "revocation", URL)
