# SPDX-License-Identifier: Apache-2.0
"""A draft that is JSON text is checked as the same draft is as an object, and signed as it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from laurel import issue, strictjson, tiers
from laurel.did import key as did_key
from laurel.errors import FailedChecks, LaurelError
from laurel.jsonld.frames import FRAMES
from laurel.proof import data_integrity, vc_jwt
from laurel.proof.keys import SigningKey

AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY: Final = did_key.with_did_key(SigningKey.from_seed(bytes(range(32))))
ISSUER: Final = did_key.did(KEY.public)


def draft(number: int = 1) -> dict[str, Any]:
    """The typical draft of the test's own issuer, for one of many learners."""
    document: dict[str, Any] = samples.typical_document(number)
    document["issuer"]["id"] = ISSUER
    return document


def spelled(document: Any) -> tuple[bytes, ...]:
    """The same draft as different programs write it."""
    return (
        strictjson.dumps(document),
        json.dumps(document).encode(),
        json.dumps(document, ensure_ascii=False).encode(),
        json.dumps(document, separators=(",", ":")).encode(),
        json.dumps(document, indent=2).encode() + b"\n",
    )


def outcome(deed: Callable[[], issue.Checked]) -> Any:
    """All that a signature is made of, or why there is none."""
    try:
        checked = deed()
        made = checked.written, checked.canonical, checked.canonical_json(), checked.issuer_id
        return *made, checked.contexts, checked.outline, checked.document
    except FailedChecks as error:
        return error.findings
    except LaurelError as error:
        return error.code, str(error)


def by_general(text: bytes) -> issue.Checked:
    """The same by no shortcut."""
    with tiers.only("general"):
        value: Any = strictjson.loads(text)
        return issue.check_document(value)


@pytest.fixture(scope="module", autouse=True)
def learned() -> None:
    """Have the frame learned, and held against the rules once."""
    assert FRAMES.learn(draft()) is not None
    for number in range(3):
        issue.check_text(strictjson.dumps(draft(number)))


def test_every_spelling_of_a_draft_is_checked_alike() -> None:
    for number in range(40):
        for text in spelled(draft(number)):
            assert outcome(lambda text=text: issue.check_text(text)) == outcome(  # type: ignore[misc]
                lambda text=text: by_general(text)  # type: ignore[misc]
            )


def test_the_usual_spellings_need_no_other_tier() -> None:
    before = tiers.taken.copy()
    for number in range(20):
        for text in spelled(draft(number))[:4]:
            issue.check_text(text)
    assert {name: count for name, count in (tiers.taken - before).items() if count} == {"template": 80}


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_what_is_signed_is_what_the_module_of_the_proof_makes(suite: Any) -> None:
    for number in range(10):
        signed = issue.sign(issue.check_text(strictjson.dumps(draft(number))), KEY, suite=suite, created=AT)
        with tiers.only("general"):
            made = data_integrity.sign(draft(number), KEY, suite=suite, created=AT)
        assert signed == strictjson.dumps(made)


@pytest.mark.parametrize("profile", ["open-badges-3.0", "vc-jose-cose"])
def test_a_token_is_what_the_module_of_tokens_makes(profile: Any) -> None:
    for number in range(10):
        token = issue.sign_jwt(issue.check_text(strictjson.dumps(draft(number))), KEY, profile=profile)
        assert token == vc_jwt.sign(draft(number), KEY, profile=profile)


PLACES: Final = (
    *(("id",), ("name",), ("description",), ("validFrom",), ("validUntil",), ("awardedDate",)),
    *(("credentialSubject", name) for name in ("id", "licenseNumber", "term")),
    ("credentialSubject", "result", 0, "value"),
    ("credentialSubject", "result", 1, "value"),
    ("credentialSubject", "result", 0, "status"),
    ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "identifier", 1, "identityHash"),
    ("evidence", 0, "id"),
    ("evidence", 1, "id"),
    ("evidence", 0, "name"),
    ("credentialStatus", "id"),
    ("credentialStatus", "statusListIndex"),
)
TEXTS: Final = (
    *("", " ", "e\u0301", "\u0301", "é", "陈", "🌿", "\\", '"', "\x7f", "\x00", "a\nb", "\u2028", "\ue000🌿"),
    *("2026-11-20T08:15:00Z", "2031-01-01T00:00:00+02:00", "yesterday", "2026-02-30T00:00:00Z", "A", "Z"),
    *("82", "61", "-1", "urn:uuid:1", "https://a b", "https://rivermouth.example/a/water-quality", "x:y"),
    *(ISSUER, "_:b0", "urn:", "https://rivermouth.example/status/7", "HOLE0001Z", "urn:hole:0001Z", "07"),
    *("Completed", "Lost", "ext:Lost", "null", "1.5", "[1.5"),
)


@settings(max_examples=120, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PLACES), st.sampled_from(TEXTS) | st.text(max_size=6), max_size=3),
    st.integers(0, 3),
)
def test_whatever_the_texts_are_the_outcome_is_that_of_the_general_path(
    values: dict[tuple[str | int, ...], str], way: int
) -> None:
    document = draft(2)
    for place, text in values.items():
        inside: Any = document
        for step in place[:-1]:
            inside = inside[step]
        inside[place[-1]] = text
    written = spelled(document)[way]
    assert outcome(lambda: issue.check_text(written)) == outcome(lambda: by_general(written))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (("description",), "e\u0301"),
        (("validFrom",), "yesterday"),
        (("validFrom",), "2099-01-01T00:00:00Z"),
        (("credentialSubject", "result", 1, "value"), "61"),
    ],
)
def test_a_text_that_breaks_a_rule_is_refused_as_it_is_in_an_object(
    place: tuple[Any, ...], text: str
) -> None:
    document = draft(2)
    inside: Any = document
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = text
    with pytest.raises(FailedChecks) as caught:
        issue.check_text(strictjson.dumps(document))
    assert caught.value.findings == outcome(lambda: by_general(strictjson.dumps(document)))


@pytest.mark.parametrize(
    "text",
    [
        strictjson.dumps(draft())[:-1] + b',"proof":{}}',
        strictjson.dumps(draft())[:-1] + b',"name":"Another"}',
        strictjson.dumps(draft())[:-1] + b',"grade":"A+"}',
        strictjson.dumps(draft()).replace(b'"creditsEarned":3', b'"creditsEarned":3.0'),
        strictjson.dumps(draft()) + b"{}",
        strictjson.dumps(draft()).replace(b"Learner 1", b"Learner \xff"),
        strictjson.dumps(draft()).replace(b"Learner 1", b"Learner \\ud800"),
        b"",
        b"{",
    ],
)
def test_a_text_that_strict_json_or_the_rules_refuse_is_refused_alike(text: bytes) -> None:
    assert outcome(lambda: issue.check_text(text)) == outcome(lambda: by_general(text))


def test_what_is_no_object_is_no_draft() -> None:
    with pytest.raises(issue.NotADraft):
        issue.check_text(b"[1]")


def test_a_draft_that_lacks_something_is_completed_and_a_whole_one_is_not_touched() -> None:
    asked: list[dict[str, Any]] = []

    def completed(found: dict[str, Any]) -> dict[str, Any]:
        asked.append(found)
        return draft(3)

    unfinished = {name: value for name, value in draft(3).items() if name != "id"}
    checked = issue.check_text(strictjson.dumps(unfinished), completed=completed)
    assert checked.document == draft(3)
    assert asked == [unfinished]
    assert issue.check_text(strictjson.dumps(draft(4)), completed=completed).document == draft(4)
    assert asked == [unfinished]
