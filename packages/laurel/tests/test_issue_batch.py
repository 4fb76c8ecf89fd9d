# SPDX-License-Identifier: Apache-2.0
"""A batch signs what check_document and sign would, byte for byte, and refuses what they refuse."""

import json
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from laurel import issue, strictjson, tiers
from laurel.did import key as did_key
from laurel.errors import FailedChecks, NotAKey
from laurel.proof import data_integrity, vc_jwt
from laurel.proof.keys import SigningKey

AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY: Final = did_key.with_did_key(SigningKey.from_seed(bytes(range(32))))
ISSUER: Final = did_key.did(KEY.public)
FORMS: Final = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "open-badges-3.0", "vc-jose-cose")

texts = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    [
        *(
            '"',
            "\\",
            "\\u0041",
            "%s",
            "null",
            '","',
            "\x00",
            "\x7f",
            "\u2028",
            "e\u0301",
            "\u00e9",
            "HOLE0001Z",
        ),
        *(
            "2026-10-14T09:30:00Z",
            "2031-01-01T00:00:00+02:00",
            "urn:uuid:1",
            samples.COURSE,
            ISSUER,
            "a b",
            "ob:x",
        ),
        *(
            f"{samples.COURSE}#finding-faults-1",
            f"{samples.COURSE}#telling-why-9",
            "82",
            "120",
            "urn:hole:0001Z",
        ),
    ]
)


def draft() -> dict[str, Any]:
    """A draft of the test's own issuer."""
    return samples.golden_document(issuer_id=ISSUER)


def outcome(deed: Any) -> Any:
    """What came of it: bytes, or the findings."""
    try:
        return deed()
    except FailedChecks as error:
        return error.findings


def by_general(document: dict[str, Any], form: str) -> bytes:
    """The same without any shortcut: the rules, then the module of the proof itself."""
    with tiers.only("general"):
        issue.check_document(document)
        if form in ("open-badges-3.0", "vc-jose-cose"):
            return vc_jwt.sign(document, KEY, profile=form).encode()  # type: ignore[arg-type]  # one of two
        return strictjson.dumps(data_integrity.sign(document, KEY, suite=form, created=AT))


def changed(values: dict[str, str]) -> dict[str, Any]:
    """The draft with other texts at these pointers."""
    document = draft()
    for place, text in values.items():
        *way, last = place.split("/")[1:]
        inside: Any = document
        for step in way:
            inside = inside[int(step) if isinstance(inside, list) else step]
        inside[int(last) if isinstance(inside, list) else last] = text
    return document


@pytest.fixture(scope="module")
def batches() -> dict[str, issue.Batch]:
    return {form: issue.Batch(draft(), KEY, form=form) for form in FORMS}  # type: ignore[arg-type]  # of FORMS


@pytest.mark.parametrize("form", FORMS)
def test_a_batch_gives_the_bytes_of_the_general_path(form: str, batches: dict[str, issue.Batch]) -> None:
    before = tiers.taken["template"]
    for number in range(50):
        values = {
            "/id": f"urn:uuid:9f1c6f0e-52f8-4d0e-9f7b-{number:012}",
            "/credentialSubject/id": f"urn:uuid:learner-{number}",
            "/description": f"Amara {number} 🌿 earned it.",
            "/credentialSubject/result/2/value": str(50 + number % 50),
            "/credentialSubject/result/0/achievedLevel": f"{samples.COURSE}#finding-faults-{number % 3 + 1}",
        }
        assert batches[form].issue(values, created=AT) == by_general(changed(values), form)
    assert tiers.taken["template"] >= before + 50


@settings(max_examples=60, deadline=None)
@given(form=st.sampled_from(FORMS), data=st.data())
def test_whatever_the_texts_are_a_batch_signs_and_refuses_as_the_general_path_does(
    form: str, data: st.DataObject, batches: dict[str, issue.Batch]
) -> None:
    batch = batches[form]
    alone = [place for place in batch.places if not place.startswith(("/relatedResource", "/evidence"))]
    values = data.draw(st.dictionaries(st.sampled_from(alone), texts, max_size=3))
    found = outcome(lambda: batch.issue(values, created=AT))
    assert found == outcome(lambda: by_general(changed(values), form))


def test_one_thing_named_in_two_places_changes_in_both(batches: dict[str, issue.Batch]) -> None:
    made = json.loads(batches["eddsa-rdfc-2022"].issue({"/evidence/0/id": "https://fernhill.example/new"}))
    assert made["evidence"][0]["id"] == made["relatedResource"][0]["id"] == "https://fernhill.example/new"


def test_a_text_that_the_frame_keeps_can_be_changed_too(batches: dict[str, issue.Batch]) -> None:
    values = {"/credentialSubject/achievement/name": "Data Cleaning with Rust"}
    found = batches["eddsa-rdfc-2022"].issue(values, created=AT)
    assert found == by_general(changed(values), "eddsa-rdfc-2022")


@pytest.mark.parametrize("place", ["/nothing", "/credentialSubject", "/evidence/7/id", "id", ""])
def test_a_place_that_is_none_is_an_error(place: str, batches: dict[str, issue.Batch]) -> None:
    with pytest.raises(KeyError):
        batches["eddsa-rdfc-2022"].issue({place: "x"}, created=AT)


def test_a_refused_credential_leaves_nothing_behind_for_the_next(batches: dict[str, issue.Batch]) -> None:
    batch = batches["eddsa-rdfc-2022"]
    good = batch.issue({}, created=AT)
    with pytest.raises(FailedChecks):
        batch.issue({"/validFrom": "yesterday"}, created=AT)
    assert batch.issue({}, created=AT) == good == by_general(draft(), "eddsa-rdfc-2022")


def test_a_key_or_an_example_that_does_not_fit_is_refused_at_the_start() -> None:
    other = did_key.with_did_key(SigningKey.generate())
    with pytest.raises(FailedChecks):
        issue.Batch(draft(), other)
    with pytest.raises(FailedChecks):
        issue.Batch(draft() | {"grade": "A+"}, KEY)
    with pytest.raises(NotAKey):
        issue.Batch(draft() | {"issuer": "urn:x"}, SigningKey.generate("p256").with_id("urn:x#key"))


def test_without_templates_a_batch_works_all_the_same() -> None:
    with tiers.only("general"):
        batch = issue.Batch(draft(), KEY)
        values = {"/description": "Another."}
        assert batch.places == ()
        assert batch.issue(values, created=AT) == by_general(changed(values), "eddsa-rdfc-2022")
