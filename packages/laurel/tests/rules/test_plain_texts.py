# SPDX-License-Identifier: Apache-2.0
"""Texts that are held one by one make a plain badge, and ordinary ones pass."""

import json
import re
from typing import Any, Final

import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from laurel import fast
from laurel.jsonld import holes, template
from laurel.jsonld.spelling import inner_texts
from laurel.rules import plain, plain_texts
from laurel.rules.plain_texts import PlainTexts
from laurel.tiers import Fallback

if fast.orjson is None or fast.schema_compiler() is None:
    pytest.skip("nothing is plain without the faster parts", allow_module_level=True)


def of_twins() -> dict[str, Any]:
    """A badge with results and identifiers that can come to be equal, and dates of an activity."""
    document: dict[str, Any] = samples.golden_document()
    subject = document["credentialSubject"]
    subject["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
        for name in ("Amara", "Amara Okafor")
    ]
    subject["result"].append(dict(subject["result"][2], value="83"))
    return document


DOCUMENTS: Final[dict[str, dict[str, Any]]] = {
    "golden": samples.golden_document(),
    "typical": samples.typical_document(),
    "twins": of_twins(),
}
FOUND: Final = {name: holes.find(document) for name, document in DOCUMENTS.items()}
HELD: Final = {
    name: PlainTexts(document, [hole.paths for hole in FOUND[name]]) for name, document in DOCUMENTS.items()
}
TEMPLATES: Final = {name: template.learn(document) for name, document in DOCUMENTS.items()}
POOL: Final = (
    *("", " ", "a", "\t", "\u00a0", "\u0301", "é", "陈", "🌿", "\\", '"', "\x7f", "\ue000", "a\n", "\n"),
    *("2026-10-14T09:30:00Z", "2026-10-14T09:30:00Z\n", "2026-10-14T09:30:00.5Z", "2026-02-30T00:00:00Z"),
    *("2026-10-14T09:30:00+02:00", "2026-10-14T24:00:00Z", "2099-01-01T00:00:00Z", "2000-01-01T00:00:00Z"),
    *("urn:uuid:1", "https://fernhill.example/x", "https://fernhill.example/x\n", "https://a b", "ftp://x"),
    *(
        "mailto:a@b.example",
        "did:example:1",
        "HTTPS://X",
        "urn:",
        "82",
        "83",
        "101",
        "-1",
        "0",
        "1e3",
        "A",
        "F",
    ),
    *("01", "94567", "99999999999", "Completed", "Failed", "ext:Other", "name", "Amara", "Amara Okafor", "G"),
    *(f"{samples.COURSE}#finding-faults-1", f"{samples.COURSE}#telling-why-2", f"{samples.COURSE}#overall"),
)


def texts_with(name: str, values: dict[int, str]) -> tuple[dict[str, Any], list[bytes]]:
    """A document with other texts in some holes, and all its texts."""
    found = FOUND[name]
    document = holes.with_texts(
        DOCUMENTS[name], {path: text for number, text in values.items() for path in found[number].paths}
    )
    inner = inner_texts([_at(document, hole.paths[0]) for hole in found])
    assert inner is not None
    return document, inner


def _at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def must_agree(name: str, values: dict[int, str]) -> bool:
    """Whatever is held is plain; tell whether it was held."""
    document, inner = texts_with(name, values)
    try:
        TEMPLATES[name].require_fit(inner)
    except Fallback:
        return False
    held = HELD[name].hold(inner)
    assert not held or plain.is_plain(document), json.dumps(values)
    return held


@pytest.mark.parametrize("name", DOCUMENTS)
def test_any_one_text_in_any_place_is_held_only_if_the_badge_is_plain(name: str) -> None:
    assert plain.is_plain(DOCUMENTS[name])
    assert must_agree(name, {})
    held = sum(must_agree(name, {number: text}) for number in range(len(FOUND[name])) for text in POOL)
    # Plain words may be nearly anything: were nothing held, nothing would be shown.
    assert held > 100


@settings(max_examples=400, deadline=None)
@given(st.data(), st.sampled_from(sorted(DOCUMENTS)))
def test_any_texts_together_are_held_only_if_the_badge_is_plain(data: st.DataObject, name: str) -> None:
    numbers = st.integers(0, len(FOUND[name]) - 1)
    must_agree(name, data.draw(st.dictionaries(numbers, st.sampled_from(POOL), max_size=4)))


def test_two_objects_that_come_to_be_equal_are_not_held() -> None:
    number_of = {path: number for number, hole in enumerate(FOUND["twins"]) for path in hole.paths}
    first = number_of["credentialSubject", "identifier", 0, "identityHash"]
    second = number_of["credentialSubject", "identifier", 1, "identityHash"]
    assert must_agree("twins", {first: "Sade", second: "Bello"})
    assert not must_agree("twins", {first: "Sade", second: "Sade"})
    assert not must_agree("twins", {number_of["credentialSubject", "result", 3, "value"]: "82"})


def test_an_end_before_its_beginning_is_not_held() -> None:
    number_of = {path: number for number, hole in enumerate(FOUND["golden"]) for path in hole.paths}
    first, last = number_of["validFrom",], number_of["validUntil",]
    assert must_agree("golden", {first: "2026-10-15T00:00:00Z", last: "2026-10-15T00:00:00Z"})
    assert not must_agree("golden", {first: "2026-10-15T00:00:01Z", last: "2026-10-15T00:00:00Z"})


@pytest.mark.parametrize(("text", "held"), [("82", True), ("101", False), ("-1", False), ("A", True)])
def test_a_result_off_its_scale_is_not_held(text: str, held: bool) -> None:
    number_of = {path: number for number, hole in enumerate(FOUND["golden"]) for path in hole.paths}
    assert must_agree("golden", {number_of["credentialSubject", "result", 2, "value"]: text}) is held


def test_a_level_of_another_scale_is_not_held() -> None:
    number_of = {path: number for number, hole in enumerate(FOUND["golden"]) for path in hole.paths}
    level = number_of["credentialSubject", "result", 0, "achievedLevel"]
    assert must_agree("golden", {level: f"{samples.COURSE}#finding-faults-1"})
    assert not must_agree("golden", {level: f"{samples.COURSE}#telling-why-1"})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_most_texts_of_a_badge_are_looked_at_together(name: str) -> None:
    held = HELD[name]

    assert len(held._others) < len(held._asked) / 2


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_text_that_is_looked_at_together_with_others_can_swallow_one(name: str) -> None:
    for _, ask in HELD[name]._asked:
        for text in (b'"', b'a"', b'a"b', b'https://a.example/"', b"\\", b'\\"', b"a\\u0041"):
            assert ask.pattern is None or not re.fullmatch(ask.pattern, text, re.DOTALL)


@pytest.mark.parametrize(
    "pattern", [b".", b"a.b", b'[!-~]"', b'"', b"[!-~]", b"[^a]", b"\\S+", b"\\\\", b"[\\S]"]
)
def test_an_expression_that_could_match_a_quote_is_used_alone(pattern: bytes) -> None:
    assert plain_texts._unquoted(pattern) is None


@pytest.mark.parametrize(
    "pattern", [b"a|b", b"[a-z]+", b"https?://[a-z./]+", b"[0-9](?:\\.[0-9]{1,6})?", b"a\\-b"]
)
def test_an_expression_that_matches_no_quote_is_used_with_others(pattern: bytes) -> None:
    assert plain_texts._unquoted(pattern) == pattern
