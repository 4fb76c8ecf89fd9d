# SPDX-License-Identifier: Apache-2.0
"""Templates give the bytes of the general path, or nothing."""

import copy
import json
import random
from itertools import pairwise
from typing import Any

import pytest
import samples
from credential_shapes import credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from laurel import jsonld, strictjson, tiers
from laurel.errors import DataLoss, TooMuchWork
from laurel.jsonld import frames, holes, mapper, rdfc, template
from laurel.jsonld.effort import DEFAULT, Effort
from laurel.jsonld.frames import Frames
from laurel.tiers import Fallback

HOSTILE = (
    *(
        "",
        " ",
        "a",
        "HOLE0001Z",
        "urn:hole:0001Z",
        "_:b0",
        "_:c14n0",
        'quote " and \\ and /',
        "%s %d {0}",
        "</script>",
    ),
    *(
        "tab\tline\nreturn\rbell\x07 back\x08 form\x0c null\x00 delete\x7f",
        "\\u0041",
        "\u2028\u2029",
        "\ud7ff\ue000",
    ),
    *(
        "\U0001f33f",
        "\ufffd",
        "e\u0301",
        "\u00e9",
        '","',
        '"],["',
        "}",
        "null",
        "1",
        "true",
        "2026-11-22T09:30:00Z",
    ),
    *("relative", "https://a b", "urn:", "ob:Thing", "xsd:string", "cred:x", "schema:name", "x-scheme:thing"),
    *(
        "https://fernhill.example/x>y",
        "HTTPS://FERNHILL.EXAMPLE/",
        "mailto:amara@fernhill.example",
        "did:example:1",
    ),
    *(
        "https://fernhill.example/a#1",
        "https://fernhill.example/a",
        "https://fernhill.example/a/1",
        "https:x",
    ),
)
texts = st.sampled_from(HOSTILE) | st.text(max_size=12)


def general(document: dict[str, Any]) -> bytes:
    """The oracle."""
    return rdfc.canonicalize(mapper.to_quads(document)).as_bytes()


def filled(made: template.Template, document: dict[str, Any]) -> bytes:
    """What a template says of a document."""
    found = made.texts(document, strictjson.dumps(document))
    if found is None:
        raise Fallback("another frame")
    made.require_fit(found)
    return made.fill(found)


def fits(made: template.Template, document: dict[str, Any]) -> bool:
    """Tell whether a document has the frame, and identifiers that may be filled in."""
    found = made.texts(document, strictjson.dumps(document))
    try:
        made.require_fit(found or [b""] * len(made.holes))
    except Fallback:
        return False
    return found is not None


def agrees(made: template.Template, document: dict[str, Any]) -> bool:
    """Hold a template against the oracle; tell whether it gave an answer at all."""
    try:
        found = filled(made, document)
    except Fallback:
        return False
    assert found == general(document)
    return True


def golden(number: int = 0) -> dict[str, Any]:
    """The golden credential for another learner."""
    document: dict[str, Any] = samples.golden_document(subject_id=f"urn:uuid:learner-{number}")
    document["id"] = f"urn:uuid:9f1c6f0e-52f8-4d0e-9f7b-{number:012}"
    document["description"] = f"Learner {number} earned it."
    return document


def test_a_template_of_the_golden_credential_gives_the_same_bytes_for_five_hundred_learners() -> None:
    made = template.learn(golden())
    rng = random.Random(7)
    for number in range(500):
        document = golden(number)
        document["credentialSubject"]["result"][2]["value"] = str(rng.randrange(101))
        document["credentialSubject"]["result"][0]["achievedLevel"] = (
            f"{samples.COURSE}#finding-faults-{number % 3 + 1}"
        )
        document["evidence"][0]["name"] = rng.choice(HOSTILE)
        assert agrees(made, document)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_for_any_credential_and_any_texts_a_template_gives_the_bytes_of_the_general_path_or_none(
    data: st.DataObject,
) -> None:
    document = data.draw(credentials())
    try:
        general(document)
        made = template.learn(document)
    except (DataLoss, TooMuchWork, Fallback):
        return
    agrees(made, document)
    places = [path for hole in made.holes for path in hole.paths]
    every = sorted(set(_texts(document)))
    for _ in range(5):
        chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=4, unique=True))
        other = holes.with_texts(
            document, {path: data.draw(texts | st.sampled_from(every)) for path in chosen}
        )
        try:
            found = filled(made, other)
        except Fallback:
            assert not made.is_sure or not fits(made, other)
            continue
        assert found == general(other)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_in_any_place_is_filled_as_the_general_path_writes_it_or_not_at_all(text: str) -> None:
    document = golden()
    made = template.learn(document)
    answered = 0
    for hole in made.holes:
        other = holes.with_texts(document, dict.fromkeys(hole.paths, text))
        answered += agrees(made, other)
    assert answered >= sum(hole.kind == "text" for hole in made.holes) - 2


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (("id",), samples.COURSE),
        (("id",), samples.ISSUER_DID),
        (("credentialSubject", "id"), samples.ISSUER_DID),
        (("credentialSubject", "id"), "urn:uuid:9f1c6f0e-52f8-4d0e-9f7b-000000000000"),
        (("credentialSubject", "source", "id"), samples.COURSE),
        (("evidence", 0, "id"), samples.CLEANED_URL),
        (("credentialSubject", "id"), "_:b1"),
        (("credentialSubject", "id"), "urn:"),
        (("credentialSubject", "id"), "xsd:string"),
        (("credentialSubject", "id"), "https://fernhill.example/a b"),
        (("credentialStatus", 0, "id"), "not an address"),
    ],
)
def test_an_identifier_that_would_run_together_with_another_or_is_none_is_never_filled(
    place: tuple[str | int, ...], text: str
) -> None:
    made = template.learn(golden())
    other = holes.with_texts(golden(), {place: text})
    with pytest.raises(Fallback):
        filled(made, other)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(grade="A+"),
        lambda d: d.pop("name"),
        lambda d: d["credentialSubject"].update(role="Tutor"),
        lambda d: d["credentialSubject"]["achievement"].update(name="Another"),
        lambda d: d["credentialSubject"]["result"].pop(),
        lambda d: d["credentialSubject"]["result"].append(d["credentialSubject"]["result"][0]),
        lambda d: d.update(name=["Data Cleaning with Python"]),
        lambda d: d.update(name=None),
        lambda d: d.update(name=7),
        lambda d: d.update(name={"@value": "x", "@language": "en"}),
        lambda d: d.update(evidence=d["evidence"][0]),
        lambda d: d["credentialSubject"].update(creditsEarned=3),
        lambda d: d["@context"].append("https://w3id.org/security/multikey/v1"),
        lambda d: d["type"].append("AchievementCredential"),
        lambda d: d.update(dict(reversed(list(d.items())))),
        lambda d: d["credentialStatus"][0].update(statusPurpose="suspension"),
    ],
)
def test_a_document_of_another_frame_is_no_document_of_the_template(change: Any) -> None:
    made = template.learn(golden())
    other = copy.deepcopy(golden(1))
    before = json.dumps(other)
    change(other)
    if json.dumps(other) != before:
        with pytest.raises(Fallback):
            filled(made, other)


def test_blank_nodes_that_come_to_look_alike_are_left_to_the_general_path() -> None:
    document = golden()
    document["credentialSubject"]["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
        for name in ("Amara", "Amara Okafor")
    ]
    made = template.learn(document)
    assert agrees(made, document)
    assert not made.is_sure
    document["credentialSubject"]["identifier"][1]["identityHash"] = "Amara"
    with pytest.raises(Fallback, match="alike"):
        filled(made, document)


def test_two_texts_of_one_list_that_come_to_be_equal_are_left_to_the_general_path() -> None:
    path = ("credentialSubject", "achievement", "tag")
    found = [holes.Hole("text", ((*path, place),)) for place in range(2)]
    made = template.learn(golden(), found)
    assert not made.is_sure
    for one, other in (("x", "y"), ("y", "x")):
        document = holes.with_texts(golden(), {(*path, 0): one, (*path, 1): other})
        assert made.fill([one.encode(), other.encode()]) == general(document)
    with pytest.raises(Fallback, match="the same"):
        made.fill([b"x", b"x"])


def test_a_document_that_speaks_like_a_template_teaches_none() -> None:
    document = golden() | {"name": "HOLE0003Z"}
    with pytest.raises(Fallback):
        template.learn(document)


def test_what_the_general_path_refuses_teaches_nothing() -> None:
    memory = Frames()
    assert memory.learn(golden() | {"grade": "A+"}) is None
    assert len(memory) == 0


def test_a_template_costs_as_much_of_the_budget_as_the_general_path() -> None:
    memory = Frames()
    memory.learn(golden())
    one, other = Effort(), Effort()
    rdfc.canonicalize(mapper.to_quads(golden(1), effort=one), effort=one)
    assert memory.canonical(golden(1), other) == general(golden(1))
    assert one.left == other.left < DEFAULT
    with pytest.raises(TooMuchWork):
        memory.canonical(golden(2), Effort(100))


def test_frames_are_learned_at_their_second_sight_and_only_once_they_are_said_to_be_good() -> None:
    memory = Frames()
    for number in range(4):
        memory.begin()
        assert not memory.is_lossless(golden(number))
    assert len(memory) == 0
    memory.good()
    assert len(memory) == 0
    memory.begin()
    assert not memory.is_lossless(golden(5))
    memory.good()
    assert len(memory) == 1
    assert memory.is_lossless(golden(6))


def test_the_memory_stays_bounded_whatever_comes() -> None:
    memory = Frames(most=5, most_bytes=300_000)
    for number in range(40):
        document = golden()
        document["issuer"]["id"] = f"did:web:issuer-{number}.example"
        for _ in range(3):
            memory.begin()
            memory.is_lossless(document)
            memory.good()
    assert 0 < len(memory) <= 5
    assert memory.size <= 300_000


def test_what_is_learned_is_paid_for_by_what_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_PRICE", 40)
    monkeypatch.setattr(frames, "_MOST_CREDIT", 80)
    memory = Frames()
    learned: list[int] = []
    monkeypatch.setattr(memory, "learn", lambda document, kind: learned.append(memory._clock))
    for number in range(100):
        document = golden()
        document["issuer"]["id"] = f"did:web:issuer-{number}.example"
        for _ in range(2):
            memory.begin()
            memory.is_lossless(document)
            memory.good()
    # Two at once, for nothing was learned before, and one more for each forty documents.
    assert 2 < len(learned) <= 2 + 200 // 40
    assert all(later - earlier >= 30 for earlier, later in pairwise(learned[2:]))


def test_the_look_at_the_general_path_comes_at_first_and_ever_less_often() -> None:
    memory = Frames()
    made = template.learn(golden())
    due = [number for number in range(1, 40_001) if memory.is_due(made)]
    assert due[:3] == [1, frames.PROVED_EVERY + 1, 2 * frames.PROVED_EVERY + 1]
    assert due[10:] == [10_001, 20_001, 30_001]


def test_a_template_that_lies_is_found_out_and_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Frames()
    memory.learn(golden())
    right = template.Template.fill
    monkeypatch.setattr(template.Template, "fill", lambda self, texts: right(self, texts) + b"x")
    before = tiers.taken["alarm: template"]
    with pytest.warns(RuntimeWarning, match="not used again"):
        assert memory.canonical(golden(1), Effort()) == general(golden(1))
    assert tiers.taken["alarm: template"] == before + 1
    assert len(memory) == 0


def test_canonize_takes_the_template_unless_it_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Frames()
    monkeypatch.setattr(jsonld, "FRAMES", memory)
    memory.learn(golden())
    before = tiers.taken["template"]
    assert jsonld.canonize(golden(1)) == general(golden(1))
    assert tiers.taken["template"] == before + 1
    with tiers.only("general"):
        assert jsonld.canonize(golden(2)) == general(golden(2))
    assert tiers.taken["template"] == before + 1


def test_the_second_look_comes_once_in_so_many() -> None:
    memory = Frames()
    made = memory.learn(golden())
    assert made is not None
    made.fills = frames.PROVED_EVERY - 1
    looked: list[int] = []
    for number in range(3):
        before = made.fills
        memory.canonical(golden(number), Effort())
        looked.append(made.fills - before)
    assert looked == [1, 1, 1]
