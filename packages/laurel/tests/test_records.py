# SPDX-License-Identifier: Apache-2.0
"""Records that are made the quick way are the same as those that their class makes, and as frozen."""

import pickle
from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from laurel.did import key as did_key
from laurel.proof import jose, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.verify import Check, Memory, Party, Presented, Report, Result, Verdict, presented, report

AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY: Final = did_key.with_did_key(SigningKey.from_seed(bytes(range(32))))
PARTY: Final = Party(id="urn:x", name="Rivermouth")
SEEN: Final = Memory({"https://rivermouth.example/status/7": AT})
TOKEN: Final = jose.encode({"typ": "JWT", "kid": "urn:k"}, b'{"iss":"urn:x","issuer":"urn:x","exp":7}', KEY)
CHECK: Final = report.passed("status", "status.ok", "All is well.", {"index": "7"}, SEEN)
READ: Final = vc_jwt.read(TOKEN)


def slowly(one: Any) -> Any:
    """The same out of the class itself."""
    return type(one)(**{each.name: getattr(one, each.name) for each in fields(one)})


MADE: Final = (
    CHECK,
    report.on_badge(
        Verdict.GENUINE,
        (CHECK,),
        {"id": "urn:x"},
        issuer=("urn:x", "Rivermouth"),
        subject_name="Amara",
        achievement_name="Water quality",
        period=(AT, None),
        created_by=PARTY,
        assessed_by=None,
        technical={"carrier": "json"},
    ),
    presented._known("json", {"id": "urn:x"}, None, None),
    READ,
    READ.jws,
)


@pytest.mark.parametrize("one", MADE, ids=lambda one: type(one).__name__)
def test_it_is_the_same_record(one: Any) -> None:
    other = slowly(one)
    assert one == other
    assert type(one) is type(other)
    assert repr(one) == repr(other)
    assert {each.name for each in fields(one)} == set(one.__slots__)
    assert pickle.loads(pickle.dumps(one)) == other


@pytest.mark.parametrize("one", MADE, ids=lambda one: type(one).__name__)
def test_it_is_frozen(one: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(one, one.__slots__[0], "x")


def test_what_is_left_out_is_what_the_class_leaves_out() -> None:
    assert (
        Check(
            name="status",
            result=Result.PASSED,
            code="status.ok",
            message="All is well.",
            detail={"index": "7"},
            remember=SEEN,
        )
        == CHECK
    )
    assert MADE[1] == Report(
        verdict=Verdict.GENUINE,
        checks=(CHECK,),
        format="open-badges-3.0",
        credential={"id": "urn:x"},
        issuer_id="urn:x",
        issuer_name="Rivermouth",
        subject_name="Amara",
        achievement_name="Water quality",
        valid_from=AT,
        created_by=PARTY,
        technical={"carrier": "json"},
    )
    assert MADE[2] == Presented(carrier="json", document={"id": "urn:x"})
    assert MADE[2].judged == MADE[2].parts == {}  # type: ignore[union-attr]  # it is the one that was read
    assert MADE[2].opened == []  # type: ignore[union-attr]  # the same
