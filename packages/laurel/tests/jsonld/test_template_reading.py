# SPDX-License-Identifier: Apache-2.0
"""JSON that a template reads has one reading, the one that strict JSON gives, whatever was done to it."""

import json
from typing import Any, Final

import pytest
import samples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from laurel import strictjson
from laurel.jsonld import template
from laurel.jsonld.frames import Frames
from laurel.tiers import Fallback


def of_learner(number: int) -> dict[str, Any]:
    """The golden credential of a learner whose name is hard to write."""
    document: dict[str, Any] = samples.golden_document(subject_id=f"urn:uuid:learner-{number}")
    document["description"] = f'Learner {number}, "Ọmọ́lará 🌿" \\ / \t earned it.'
    return document


MADE: Final = template.learn(of_learner(1))
COMPACT: Final = strictjson.dumps(of_learner(2))
ESCAPED: Final = json.dumps(of_learner(2)).encode()
#: Without any escape in its texts.
PLAIN: Final = strictjson.dumps(of_learner(2) | {"description": "Learner 2 é earned it."})
PLACE: Final = COMPACT.index(b"Learner 2")


def read(text: bytes) -> bool:
    """Hold a reading against strict JSON; tell whether there was one."""
    texts = MADE.texts_in(text)
    if texts is None:
        return False
    document = strictjson.loads(text)
    assert isinstance(document, dict)
    assert strictjson.dumps(document) == MADE.json(texts)
    return True


def test_compact_json_and_the_json_that_python_writes_are_read() -> None:
    assert read(COMPACT)
    assert read(ESCAPED)
    assert read(PLAIN)
    expected = MADE.texts(of_learner(2), COMPACT)
    assert MADE.texts_in(COMPACT) == MADE.texts_in(ESCAPED) == expected is not None


@pytest.mark.parametrize(
    "inner",
    [
        b"\x00",
        b"\n",
        b"\x1f",
        b"\xff",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\\ud800",
        b"\\udc00\\ud800",
        b"\\x",
        b"\\",
        b"\\u12",
        b'","grade":"A',
        b'"',
    ],
)
def test_a_text_that_is_no_string_of_json_is_not_read(inner: bytes) -> None:
    for text in (COMPACT, ESCAPED, PLAIN):
        place = text.index(b"Learner 2")
        assert MADE.texts_in(text[:place] + inner + text[place:]) is None


@pytest.mark.parametrize(
    "inner", [b"\\/", b"\\u00e9", b"\\ud83c\\udf3f", b'\\"', b"\\\\", b"\x7f", "é🌿".encode()]
)
def test_every_spelling_of_a_text_is_read_as_what_it_means(inner: bytes) -> None:
    assert read(COMPACT[:PLACE] + inner + COMPACT[PLACE:])
    place = PLAIN.index(b"Learner 2")
    assert read(PLAIN[:place] + inner + PLAIN[place:])


def test_one_thing_under_two_names_is_not_read() -> None:
    """A file and its fingerprint share an id in the frame, and so they must in the document."""
    text = COMPACT.replace(samples.NOTEBOOK_URL.encode(), b"https://fernhill.example/other", 1)
    assert text != COMPACT
    assert not read(text)
    # Nor where the first of the two is empty.
    assert not read(COMPACT.replace(samples.NOTEBOOK_URL.encode(), b"", 1))


@pytest.mark.parametrize(
    "text", [b"", b"{", b"{}", COMPACT[:-1], COMPACT + b" ", b" " + COMPACT, COMPACT + b"}"]
)
def test_what_is_not_the_frame_whole_is_not_read(text: bytes) -> None:
    assert not read(text)


edits = st.tuples(
    st.integers(0, len(COMPACT)),
    st.integers(0, 40),
    st.binary(max_size=6)
    | st.sampled_from([b'"', b"\\", b'\\"', b",", b"}", b"1", b'"a":1,', b"\\u0041", b" ", b"\x00", b"\xff"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(edits, min_size=1, max_size=3), st.booleans())
@example([(PLACE, 0, b'\\"')], False)
@example([(PLACE, 3, b"\\ud800")], False)
def test_whatever_is_cut_out_and_put_in_there_is_one_reading_or_none(
    done: list[tuple[int, int, bytes]], escaped: bool
) -> None:
    text = ESCAPED if escaped else COMPACT
    for place, cut, more in done:
        text = text[:place] + more + text[place + cut :]
    read(text)


def test_frames_find_a_document_by_its_json_and_nothing_that_does_not_fit() -> None:
    memory = Frames()
    assert memory.learn(of_learner(1)) is not None
    for text in (COMPACT, ESCAPED):
        match = memory.find_in(text)
        assert match.written == COMPACT
    for text in (b"{}", COMPACT + b" ", COMPACT.replace(b"urn:uuid:learner-2", b"a b")):
        with pytest.raises(Fallback):
            memory.find_in(text)


def test_a_frame_that_is_dropped_is_found_by_no_way() -> None:
    memory = Frames()
    for number in range(12):
        document = of_learner(1)
        document["credentialSubject"]["result"] = document["credentialSubject"]["result"][:1]
        document["credentialSubject"]["creditsEarned"] = number
        assert memory.learn(document) is not None
    found = {id(each) for kept in (memory._of, memory._by_text) for known in kept.values() for each in known}
    assert {id(each) for known in memory._of.values() for each in known} == found
    assert len(memory) <= 9
