# SPDX-License-Identifier: Apache-2.0
"""Other people's software reads the same bits out of our lists as we do, and we out of theirs.

Skips where node or the packages of the lock file cannot be had; required as the other oracles are.
"""

import json
import random
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest
from samples import golden_document
from test_foreign_verifiers import FOLDER, installed

from laurel import issue, verify
from laurel.did import key as did_key
from laurel.jsonld import contexts
from laurel.proof.keys import SigningKey
from laurel.status import bitstring
from laurel.verify.report import Verdict

__all__ = ["installed"]

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
URL = "https://fernhill.example/status/1"
KEY = did_key.with_did_key(SigningKey.from_seed(bytes(range(32))))
DID = str(KEY.id).partition("#")[0]
SMALLEST = bitstring.SMALLEST_LENGTH


def ask(node: str, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the answers to requests, in their order."""
    known = {url: contexts.context(url) for url in contexts.known()}
    done = subprocess.run(
        [node, "status_oracle.js"],
        cwd=FOLDER,
        input=json.dumps({"now": AT.isoformat(), "contexts": known, "requests": requests}).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    output = json.loads(done.stdout)
    assert output["versions"] == {"@digitalbazaar/vc-bitstring-status-list": "2.0.1"}
    answers = output["answers"]
    assert isinstance(answers, list)
    return answers


def drawn() -> list[tuple[int, list[int]]]:
    """Lists of several lengths, the first and the last entry among those that are set."""
    draw = random.Random(7)
    sets: list[tuple[int, list[int]]] = [(SMALLEST, []), (SMALLEST, [0]), (SMALLEST, [SMALLEST - 1])]
    for length in (SMALLEST, SMALLEST + 8, 4 * SMALLEST):
        drawn_of_it = ({0, length - 1, *draw.sample(range(length), many)} for many in (1, 9, 800))
        sets.extend((length, sorted(indexes)) for indexes in drawn_of_it)
    return sets


def indexes_of(bits: bytes) -> list[int]:
    """Every set bit, counted from the left; not by the code under test."""
    return [
        8 * place + bit for place, byte in enumerate(bits) if byte for bit in range(8) if byte >> 7 - bit & 1
    ]


def test_our_lists_hold_the_same_bits_for_them(installed: str) -> None:
    lists = drawn()
    requests = [
        {"op": "decode", "encodedList": bitstring.pack(indexes, length=length)} for length, indexes in lists
    ]

    answers = ask(installed, *requests)

    assert len(answers) == len(lists) == 12
    assert answers == [{"length": length, "indexes": indexes} for length, indexes in lists]


def test_their_lists_hold_the_same_bits_for_us(installed: str) -> None:
    lists = drawn()

    answers = ask(
        installed, *({"op": "encode", "length": length, "indexes": indexes} for length, indexes in lists)
    )

    assert len(answers) == len(lists) == 12
    for (length, indexes), answer in zip(lists, answers, strict=True):
        bits = bitstring.expand(answer["encodedList"])
        assert (len(bits) * 8, indexes_of(bits)) == (length, indexes)
        assert all(bitstring.is_set(bits, index) for index in indexes)


def badge(index: int) -> dict[str, Any]:
    document: dict[str, Any] = golden_document(issuer_id=DID)
    document["credentialStatus"] = {
        "id": f"{URL}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": URL,
    }
    return document


def listing(indexes: list[int], suite: Any) -> dict[str, Any]:
    made = bitstring.list_credential(
        url=URL, issuer=DID, purpose="revocation", indexes=indexes, valid_from=AT, ttl=60_000
    )
    signed = issue.sign_status_list(made, KEY, created=AT, suite=suite)
    document: dict[str, Any] = json.loads(signed)
    return document


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_they_come_to_the_same_of_our_signed_lists(installed: str, suite: str) -> None:
    indexes = [0, 3, 94_567, SMALLEST - 1]
    asked = [*indexes, 1, 2, 4, 94_566, 94_568, SMALLEST - 2]
    listed = listing(indexes, suite)
    spoilt = listing([], suite)
    spoilt["credentialSubject"]["encodedList"] = listed["credentialSubject"]["encodedList"]

    answers = ask(
        installed,
        *({"op": "check", "document": badge(index), "list": listed} for index in asked),
        {"op": "check", "document": badge(1), "list": spoilt},
    )

    # `verified` tells of the list's own signature.
    assert len(answers) == len(asked) + 1 == 11
    assert all(answer["verified"] for answer in answers[:-1])
    assert [answer["status"] for answer in answers[:-1]] == [[index in indexes] for index in asked]
    assert not answers[-1]["verified"]


def test_a_list_that_they_made_decides_for_us(installed: str) -> None:
    (answer,) = ask(
        installed, {"op": "make", "id": URL, "length": SMALLEST, "indexes": [3], "purpose": "revocation"}
    )
    document = answer["document"] | {"issuer": DID, "validFrom": "2026-10-14T09:30:00Z"}
    found = {URL: issue.sign_status_list(document, KEY, created=AT)}
    verdicts = []
    for index in (2, 3, 4):
        signed = issue.sign(issue.check_document(badge(index)), KEY, suite="eddsa-jcs-2022", created=AT)
        verdicts.append(verify.check(signed, fetch=found.__getitem__, at=AT).verdict)

    assert verdicts == [Verdict.GENUINE, Verdict.WITHDRAWN, Verdict.GENUINE]
