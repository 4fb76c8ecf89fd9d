# SPDX-License-Identifier: Apache-2.0
"""A report out of a known frame is the report of the whole way, field by field, for good copies and bad ones."""

import copy
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from laurel import issue, strictjson, tiers, verify
from laurel.did import key as did_key
from laurel.errors import LaurelError
from laurel.jsonld import contexts
from laurel.jsonld.frames import FRAMES
from laurel.proof import data_integrity, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.status import bitstring
from laurel.verify import express, judgement, known, opening

AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY: Final = did_key.with_did_key(SigningKey.from_seed(bytes(range(32))))
ISSUER: Final = did_key.did(KEY.public)
MALLORY: Final = did_key.with_did_key(SigningKey.from_seed(bytes(32)))
FORMS: Final = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "open-badges-3.0", "vc-jose-cose")
SET: Final = 4_000

Document = dict[str, Any]


def draft(number: int = 0) -> Document:
    """A golden credential of the test's issuer for one of many learners."""
    document: Document = samples.golden_document(issuer_id=ISSUER, subject_id=f"urn:uuid:learner-{number}")
    document["id"] = f"urn:uuid:9f1c6f0e-52f8-4d0e-9f7b-{number:012}"
    document["description"] = f"Learner {number} earned it."
    document["credentialSubject"]["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": f"Amara {number}", "identityType": "name"}
    ]
    for place, entry in enumerate(document["credentialStatus"]):
        entry["statusListIndex"] = str(2 * number + place)
        entry["id"] = f"{entry['statusListCredential']}#{entry['statusListIndex']}"
    return document


def sign(document: Document, form: str, key: SigningKey = KEY) -> bytes:
    """Sign whatever it is, without any check."""
    if form in ("open-badges-3.0", "vc-jose-cose"):
        return vc_jwt.sign(document, key, profile=form).encode()  # type: ignore[arg-type]  # one of two
    return strictjson.dumps(data_integrity.sign(document, key, suite=form, created=AT))


def status_lists(**more: Any) -> dict[str, bytes]:
    """Both lists of the issuer; one entry is set in each."""
    return {
        url: issue.sign_status_list(
            bitstring.list_credential(
                url=url, purpose=purpose, indexes=[SET], **({"issuer": ISSUER, "valid_from": AT} | more)
            ),
            KEY,
            created=AT,
        )
        for url, purpose in ((samples.REVOCATIONS, "revocation"), (samples.SUSPENSIONS, "suspension"))
    }


LISTS: Final = status_lists()


def lists_of_another(key: SigningKey) -> dict[str, bytes]:
    """Both lists, kept by somebody else."""
    made = {}
    for url, data in LISTS.items():
        listing = json.loads(data) | {"issuer": str(key.id).partition("#")[0]}
        del listing["proof"]
        made[url] = sign(listing, "eddsa-rdfc-2022", key)
    return made


def check(data: bytes, lists: dict[str, bytes] = LISTS, **more: Any) -> verify.Report:
    """Check with these lists at hand."""

    def fetch(url: str) -> bytes:
        if url not in lists:
            raise LaurelError("Nobody answered.")
        return lists[url]

    return verify.check(data, fetch=fetch, **({"at": AT} | more))


def same(data: bytes, lists: dict[str, bytes] = LISTS, **more: Any) -> verify.Report:
    """Check both ways; the answers must be the same in every field."""
    quick = check(data, lists, **more)
    with tiers.only("general"):
        whole = check(data, lists, **more)
    assert quick == whole
    assert quick.as_json() == whole.as_json()
    assert quick.memory == whole.memory
    assert quick.exit_code == whole.exit_code
    assert [one.remember for one in quick.checks] == [one.remember for one in whole.checks]
    return quick


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Let the frames of all forms be learned."""
    for form in FORMS:
        for number in range(4):
            assert check(sign(draft(number), form)).verdict == "genuine"


def took_express(data: bytes) -> bool:
    before = tiers.taken["template: whole report"]
    check(data)
    return tiers.taken["template: whole report"] > before


@pytest.mark.parametrize("form", FORMS)
def test_the_report_on_each_learner_is_that_of_the_whole_way(form: str) -> None:
    before = tiers.taken["template: whole report"]
    for number in range(10, 40):
        report = same(sign(draft(number), form))
        assert report.verdict == "genuine"
        assert report.subject_name == f"Amara {number}"
    assert tiers.taken["template: whole report"] == before + 30


@pytest.mark.parametrize("form", FORMS)
def test_credentials_that_say_little_are_known_as_well(form: str) -> None:
    for left_out in (("identifier", "source", "id"), ("identifier", "id"), ("result",), ()):
        for number in range(4):
            document = draft(number)
            document["credentialSubject"]["identifier"] = document["credentialSubject"]["identifier"][0]
            for name in left_out:
                if name in document["credentialSubject"] and (name != "id" or "identifier" not in left_out):
                    del document["credentialSubject"][name]
            for name in ("credentialStatus", "validUntil", "evidence", "relatedResource", "awardedDate"):
                del document[name]
            same(sign(document, form))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("trust", [None, (), (ISSUER,), ("did:example:other",)])
def test_whom_the_caller_trusts_counts(form: str, trust: tuple[str, ...] | None) -> None:
    same(sign(draft(3), form), trust=trust)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("days", [-4000, -400, -39, 0, 1000, 1785, 1786, 1790, 4000])
def test_the_moment_counts(form: str, days: int) -> None:
    at = AT + timedelta(days=days)
    same(sign(draft(3), form), at=at)
    same(sign(draft(3), form), at=at, seen_at=AT)


@pytest.mark.parametrize(
    "lists",
    [
        {},
        {samples.REVOCATIONS: b"{}", samples.SUSPENSIONS: b"no json"},
        status_lists(valid_from=AT - timedelta(days=9), valid_until=AT - timedelta(days=2)),
        status_lists(valid_from=AT + timedelta(days=2)),
        status_lists(ttl=1),
        {samples.REVOCATIONS: LISTS[samples.SUSPENSIONS], samples.SUSPENSIONS: LISTS[samples.REVOCATIONS]},
        {url: data.replace(b"revocation", b"suspension") for url, data in LISTS.items()},
        {samples.REVOCATIONS: LISTS[samples.REVOCATIONS]},
    ],
)
def test_status_lists_that_cannot_be_had_or_believed_count(lists: dict[str, bytes]) -> None:
    for form in FORMS:
        same(sign(draft(5), form), lists)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("index", [str(SET), "131071", "131072", "0x10", "-1", "007", "", "9" * 12, "٣"])
def test_the_entry_of_a_list_counts(form: str, index: str) -> None:
    document = draft(6)
    document["credentialStatus"][0]["statusListIndex"] = index
    same(sign(document, form))
    document["credentialStatus"][1]["statusListIndex"] = index
    same(sign(document, form))


VALUES: Final = (
    *(
        "",
        " ",
        "x",
        "2026-13-01T00:00:00Z",
        "2026-10-14",
        "2027-01-01T00:00:00Z",
        "2020-01-01T00:00:00+14:00",
    ),
    *(
        "https://fernhill.example/else",
        "a b",
        "_:b0",
        "ob:x",
        "urn:uuid:learner-7",
        ISSUER,
        samples.COURSE,
        "82",
    ),
    *(
        "101",
        "-1",
        "\x00\x7f",
        "e\u0301",
        "\ud7ff",
        '","',
        "did:key:z6Mk",
        "https://",
        "sha256$0",
        "HOLE0001Z",
    ),
    *(f"{samples.COURSE}#finding-faults-1", f"{samples.COURSE}#telling-why-1", samples.NOTEBOOK_URL),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield every place of a document but its root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield (*path, key)
        yield from places(part, (*path, key))


def put(document: Document, path: tuple[Any, ...], value: Any) -> None:
    inside: Any = document
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value


def edited(rng: random.Random, document: Document) -> Document:
    """Return a copy with one edit of a value or of the structure."""
    made = copy.deepcopy(document)
    path = rng.choice(list(places(made)))
    inside: Any = made
    for step in path[:-1]:
        inside = inside[step]
    deed = rng.randrange(6)
    if deed < 3:
        inside[path[-1]] = rng.choice(VALUES)
    elif deed == 3:
        inside[path[-1]] = rng.choice([None, 7, True, [], {}, [inside[path[-1]]], {"id": "urn:x"}, 2.5])
    elif deed == 4:
        del inside[path[-1]]
    elif isinstance(inside, dict):
        inside[rng.choice(["grade", "name", "role", "id", "endorsement", "@id"])] = rng.choice(VALUES)
    else:
        inside.append(copy.deepcopy(rng.choice(inside)))
    return made


@pytest.mark.parametrize("form", FORMS)
def test_edits_before_and_after_signing_are_judged_as_the_whole_way_judges_them(form: str) -> None:
    rng = random.Random(form)
    taken = 0
    for number in range(60):
        made = edited(rng, draft(number))
        try:
            data = sign(made, form)
        except (LaurelError, ValueError, TypeError, KeyError, AttributeError):
            continue
        taken += 1
        same(data)
    assert taken > 25
    if form.startswith("eddsa"):
        for number in range(40):
            same(strictjson.dumps(edited(rng, json.loads(sign(draft(number), form)))))


@pytest.mark.parametrize("form", FORMS)
def test_each_text_may_be_hostile(form: str) -> None:
    rng = random.Random(form)
    document = draft(8)
    texts = [path for path in places(document) if isinstance(_at(document, path), str)]
    for path in texts:
        made = draft(8)
        put(made, path, rng.choice(VALUES))
        try:
            data = sign(made, form)
        except (LaurelError, ValueError):
            continue
        same(data)


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@settings(max_examples=40, deadline=None)
@given(form=st.sampled_from(FORMS), text=st.text(max_size=30), place=st.sampled_from(("name", "description")))
def test_any_words_may_stand_where_words_stand(form: str, text: str, place: str) -> None:
    same(sign(draft(9) | {place: text}, form))


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_who_signs_the_same_frame_is_a_stranger(form: str) -> None:
    assert same(sign(draft(11), form, MALLORY)).verdict != "genuine"
    by_name = MALLORY.with_id(str(KEY.id))
    assert same(sign(draft(11), form, by_name)).verdict == "changed"


@pytest.mark.parametrize("form", FORMS[:2])
def test_every_edit_of_a_proof_counts(form: str) -> None:
    signed = json.loads(sign(draft(12), form))
    for name in list(signed["proof"]):
        for value in ("", "x", None, 7, ["x"], "2026-11-22T09:30:01Z", "assertionMethod", "eddsa-jcs-2022"):
            made = copy.deepcopy(signed)
            made["proof"][name] = value
            same(strictjson.dumps(made))
        del made["proof"][name]
        same(strictjson.dumps(made))
    for extra in (
        {"id": "urn:x"},
        {"expires": "2026-11-20T00:00:00Z"},
        {"domain": "a"},
        {"@context": "urn:x"},
    ):
        same(strictjson.dumps(signed | {"proof": signed["proof"] | extra}))
    same(strictjson.dumps(signed | {"proof": [signed["proof"]]}))
    same(strictjson.dumps(signed | {"proof": [signed["proof"], signed["proof"]]}))


def test_spaces_and_order_of_the_file_change_nothing() -> None:
    signed = json.loads(sign(draft(13), "eddsa-rdfc-2022"))
    same(json.dumps(signed, indent=3).encode())
    same(json.dumps(dict(reversed(list(signed.items())))).encode())
    same(json.dumps(signed).replace('"name"', '"n\\u0061me"').encode())


def test_a_bad_first_document_teaches_nothing() -> None:
    document = draft()
    document["credentialSubject"]["achievement"]["id"] += "-new"
    document["credentialSubject"]["achievement"]["tag"] = ["one of its own"]
    signed = json.loads(sign(document, "eddsa-rdfc-2022"))
    before = len(FRAMES), len(known._of)
    for number in range(6):
        check(strictjson.dumps(signed | {"description": f"Changed {number}"}))
    assert (len(FRAMES), len(known._of)) == before


@pytest.mark.parametrize("form", FORMS)
def test_what_stands_beside_a_frame_when_it_is_first_met_is_no_part_of_it(form: str) -> None:
    document = draft(14)
    document["credentialSubject"]["achievement"]["id"] += f"-{form}"
    del document["awardedDate"]
    FRAMES.learn(document)
    later: dict[str, Any] = {"awardedDate": "2026-10-14T09:30:00Z"}
    if form.startswith("eddsa"):
        more = strictjson.dumps(json.loads(sign(document, form)) | later)
        assert same(more).verdict == "changed"
        assert same(sign(document, form)).verdict == "genuine"
        assert same(more).verdict == "changed"
    else:
        # In a token it would be signed, and then it counts.
        assert same(sign(document | {"jti": document["id"]} | later, form)).verdict == "genuine"
        assert same(sign(document, form)).verdict == "genuine"
        report = same(sign(document | {"jti": document["id"]} | later, form))
        assert report.credential is not None
        assert "awardedDate" in report.credential


@pytest.mark.parametrize("name", ["name", "type", "identityHash", "n\\u0061me", "proof", "nobody"])
def test_no_key_stands_twice_behind_a_frame(name: str) -> None:
    data = sign(draft(18), "eddsa-rdfc-2022")
    assert took_express(data)
    more = data[:-1] + b',"%b":"Mallory"}' % name.encode()
    assert same(more).verdict in ("unreadable", "changed", "unfinished")
    inside = data.replace(b'"proof":{', b'"proof":{"proofPurpose":"x",')
    assert same(inside).verdict == "unreadable"


def start_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next quick report be looked at in full, and forget that afterwards."""
    monkeypatch.setattr(opening.proofs, "uses", 0)
    monkeypatch.setattr(opening.proofs, "is_off", False)


def test_a_report_that_lies_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sign(draft(15), "eddsa-rdfc-2022")
    if verify.read(data).match is None:  # other tests may have used up what learning may cost
        FRAMES.learn(draft(15))
    assert took_express(data)
    start_counting(monkeypatch)
    monkeypatch.setattr(express, "_name_of", lambda subject: "Mallory")
    with pytest.warns(RuntimeWarning, match="not used again"):
        report = check(data)
    monkeypatch.undo()
    assert report.subject_name == "Amara 15"
    assert not took_express(data)
    known._of.clear()
    assert took_express(data)


def test_a_report_without_a_frame_that_lies_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    start_counting(monkeypatch)
    monkeypatch.setattr(express, "_name_of", lambda subject: "Mallory")
    with pytest.warns(RuntimeWarning, match="not used again"):
        report = check(sign(of_its_own(1), "eddsa-rdfc-2022"))
    assert report.subject_name == "Amara 1"
    assert not took_express(sign(of_its_own(2), "eddsa-rdfc-2022"))


def test_nothing_of_a_person_is_remembered() -> None:
    assert known._of
    for each in known._of.values():
        assert "Amara" not in repr(each)


_numbers = iter(range(1_000_000))


def of_its_own(number: int) -> Document:
    """A draft for an achievement that nobody has seen before."""
    document = draft(number)
    document["credentialSubject"]["achievement"]["id"] += f"-{next(_numbers)}"
    return document


@pytest.mark.parametrize("form", FORMS)
def test_achievements_that_were_never_seen_are_reported_on_as_the_whole_way_does(form: str) -> None:
    for number in range(8):
        data = sign(of_its_own(number), form)
        assert took_express(data)
        assert same(sign(of_its_own(number), form)).verdict == "genuine"


@pytest.mark.parametrize("form", FORMS)
def test_edits_of_achievements_that_were_never_seen_are_judged_as_the_whole_way_judges_them(
    form: str,
) -> None:
    rng = random.Random(f"{form} unseen")
    taken = 0
    for number in range(40):
        try:
            data = sign(edited(rng, of_its_own(number)), form)
        except (LaurelError, ValueError, TypeError, KeyError, AttributeError):
            continue
        taken += 1
        same(data)
    assert taken > 15
    if form.startswith("eddsa"):
        for number in range(20):
            same(strictjson.dumps(edited(rng, json.loads(sign(of_its_own(number), form)))))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_needed_is_what_the_whole_way_needs(form: str) -> None:
    gone = verify.Unreachable("Nobody answered.")
    for found in (
        {},
        LISTS,
        {samples.REVOCATIONS: LISTS[samples.REVOCATIONS]},
        {samples.REVOCATIONS: gone},
        {samples.REVOCATIONS: gone, samples.SUSPENSIONS: b"no list"},
        lists_of_another(MALLORY),
        lists_of_another(MALLORY.with_id("did:web:lists.example#key-1")),
        {samples.NOTEBOOK_URL: b"a file"},
    ):
        for document in (draft(3), of_its_own(3)):
            for evidence in (False, True):
                data = sign(document, form)
                quick = verify.needs(verify.read(data), found, at=AT, evidence=evidence)
                with tiers.only("general"):
                    whole = verify.needs(verify.read(data), found, at=AT, evidence=evidence)
                assert quick == whole


@pytest.mark.parametrize("form", FORMS[:2])
@pytest.mark.parametrize(
    "created", ["2026-11-22T09:30:00.5Z", "2026-11-22T09:30:00+01:00", "0001-01-01T00:00:00Z"]
)
def test_any_spelling_of_a_moment_may_stand_in_a_proof(form: str, created: str) -> None:
    signed = json.loads(sign(draft(17), form))
    proof = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    proof["created"] = created
    suite = data_integrity.SUITES[form]
    claims = {name: value for name, value in signed.items() if name != "proof"}
    value = suite.make(claims, proof, KEY, contexts.context)
    data = strictjson.dumps(signed | {"proof": {**proof, "proofValue": value}})
    assert same(data).verdict == "genuine"
    assert took_express(data)


def test_what_else_is_asked_goes_the_whole_way() -> None:
    presented = verify.read(sign(draft(16), "eddsa-rdfc-2022"))
    for more in ({"recipient": "x"}, {"memory": verify.express.Memory()}, {"challenge": "x", "domain": "y"}):
        found = express.verify(presented, LISTS, at=AT, **more)  # type: ignore[arg-type]  # as in the list
        assert found == judgement.verify(presented, LISTS, at=AT, **more)  # type: ignore[arg-type]  # the same


OFFICIAL: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)


def with_schema(number: int, url: str, *, achievement: str = "water-quality") -> bytes:
    """A badge that names a JSON Schema."""
    document = samples.typical_document(number, achievement=achievement)
    document["issuer"]["id"] = ISSUER  # type: ignore[index,call-overload]  # an object
    del document["credentialStatus"]
    document["credentialSchema"][0]["id"] = url  # type: ignore[index,call-overload]  # a list of one object
    return sign(document, "eddsa-rdfc-2022")


def test_a_schema_that_our_rules_stand_for_is_no_hindrance_unless_it_is_at_hand() -> None:
    for number in range(4):
        same(with_schema(number, OFFICIAL))
    data = with_schema(5, OFFICIAL)
    assert took_express(data)
    at_hand = {OFFICIAL: b'{"type": "object", "required": ["grade"]}'}
    presented = verify.read(data)
    assert express.verify(presented, at_hand, at=AT)["schema"].code == "schema.does-not-fit"
    assert took_express(data)


@pytest.mark.parametrize("url", [OFFICIAL, "https://fernhill.example/schema.json"])
def test_what_a_schema_at_hand_says_is_not_remembered(url: str) -> None:
    before = tiers.taken["template: whole report"]
    for number in range(4):
        presented = verify.read(with_schema(number, url, achievement=f"of-{len(url)}"))
        assert express.verify(presented, {url: b'{"type": "object"}'}, at=AT).verdict == "genuine"
    assert tiers.taken["template: whole report"] == before
    data = with_schema(5, url, achievement=f"of-{len(url)}")
    assert took_express(data) == (url == OFFICIAL)
    same(data)
