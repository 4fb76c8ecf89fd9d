# SPDX-License-Identifier: Apache-2.0
"""A holder shows parts of a credential: just those parts, all of the mandatory ones, and not a word of their own."""

import copy
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import cbor2
import pytest
from foreign_rdf import STANDARDS, any_context, needs_standards
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import golden_document

from laurel.did import key as did_key
from laurel.errors import DataLoss, LaurelError, ProofFault, TooMuchWork
from laurel.jsonld import canonize, contexts, mapper, rdfc
from laurel.jsonld.effort import Effort
from laurel.jsonld.rdf import Quad
from laurel.proof import data_integrity, ecdsa_sd_values
from laurel.proof.ecdsa_sd_2023 import Statements, derive
from laurel.proof.ecdsa_sd_values import BaseValue, DerivedValue
from laurel.proof.encodings import from_base64url, to_base64url
from laurel.proof.keys import SigningKey
from laurel.proof.selection import Selection

KEY = did_key.with_did_key(SigningKey.generate("p256"))
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MANDATORY = ("/issuer", "/validFrom", "/validUntil", "/credentialStatus")
ALWAYS = {"@context", "id", "type"}


def signed(document: dict[str, Any] | None = None, mandatory: tuple[str, ...] = MANDATORY) -> dict[str, Any]:
    return data_integrity.sign(
        document or golden_document(), KEY, suite="ecdsa-sd-2023", created=AT, mandatory=mandatory
    )


BASE = signed()
SHOWN = ["/credentialSubject/achievement/name", "/credentialSubject/result", "/evidence/0/name"]
DERIVED = derive(BASE, SHOWN)


def check(document: dict[str, Any], **more: Any) -> None:
    (proof,) = data_integrity.proofs(document)
    data_integrity.verify(document, proof, KEY.public, **more)


def refusal(document: dict[str, Any]) -> str | None:
    try:
        check(document)
    except LaurelError as error:
        return error.code
    return None


def value_of(document: dict[str, Any]) -> DerivedValue:
    value = ecdsa_sd_values.read(document["proof"]["proofValue"])
    assert isinstance(value, DerivedValue)
    return value


def with_value(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    text = replace(value_of(document), **changes).text()
    return {**document, "proof": {**document["proof"], "proofValue": text}}


def pointers_of(value: Any, path: str = "") -> Iterator[str]:
    """Every place of a document that a holder may want to show."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in ALWAYS and name != "proof":
                yield f"{path}/{name}"
                yield from pointers_of(part, f"{path}/{name}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield f"{path}/{index}"
            yield from pointers_of(part, f"{path}/{index}")


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every word of a document with its path."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, (*path, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from leaves(part, (*path, index))
    else:
        yield path, value


def expected(document: dict[str, Any], pointers: list[str]) -> Counter[tuple[tuple[str, ...], Any]]:
    """The words that pointers choose, found without the code under test: paths without the numbers in them."""
    chosen = [tuple(pointer.split("/")[1:]) for pointer in pointers]
    words: Counter[tuple[tuple[str, ...], Any]] = Counter()
    for path, word in leaves(document):
        texts = tuple(map(str, path))
        around = next((texts[:n] for n, step in enumerate(path) if step in ALWAYS), None)
        if any(texts[: len(steps)] == steps for steps in chosen) or (
            around is not None and any(steps[: len(around)] == around for steps in chosen)
        ):
            words[plain(path), word] += 1
    return words


def plain(path: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))


POINTERS = list(pointers_of(golden_document()))


class TestDerive:
    @settings(deadline=None, max_examples=60)
    @given(chosen=st.lists(st.sampled_from(POINTERS), max_size=8))
    def test_shows_what_was_chosen_and_what_is_mandatory_and_nothing_else(self, chosen: list[str]) -> None:
        derived = derive(BASE, chosen)

        check(derived, at=AT)
        shown = {name: part for name, part in derived.items() if name != "proof"}
        words = Counter((plain(path), word) for path, word in leaves(shown))
        assert words == expected(golden_document(), [*MANDATORY, *chosen])

    def test_of_every_single_place_holds(self) -> None:
        """No place of the golden credential is one that cannot be shown by itself."""
        assert len(POINTERS) > 100
        for pointer in POINTERS[::7]:
            check(derive(BASE, [pointer]))

    def test_keeps_the_order_of_the_document(self) -> None:
        derived = derive(BASE, ["/evidence/1", "/credentialSubject/result/2", "/credentialSubject/result/0"])

        assert list(derived) == [name for name in BASE if name in derived]
        results = [result["resultDescription"] for result in derived["credentialSubject"]["result"]]
        whole = [result["resultDescription"] for result in BASE["credentialSubject"]["result"]]
        assert results == [whole[0], whole[2]]

    def test_of_everything_is_the_credential(self) -> None:
        derived = derive(BASE, [""])

        check(derived)
        assert {name: part for name, part in derived.items() if name != "proof"} == golden_document()

    def test_of_two_objects_that_look_alike_holds_either_way_round(self) -> None:
        alike = derive(signed(mandatory=()), [f"/credentialSubject/result/{n}/type" for n in (0, 1)])
        assert alike["credentialSubject"]["result"] == [{"type": ["Result"]}] * 2
        labels = value_of(alike).labels
        first, second = labels

        check(alike)
        check(with_value(alike, labels={first: labels[second], second: labels[first]}))

    def test_leaves_other_proofs_behind(self) -> None:
        other = did_key.with_did_key(SigningKey.from_seed(bytes(32)))
        both = data_integrity.sign(BASE, other, suite="eddsa-rdfc-2022", created=AT)

        derived = derive(both, ["/name"])

        assert isinstance(derived["proof"], dict)
        check(derived)

    def test_needs_a_base_proof(self) -> None:
        other = did_key.with_did_key(SigningKey.from_seed(bytes(32)))
        for document in (
            golden_document(),
            DERIVED,
            data_integrity.sign(golden_document(), other, suite="eddsa-rdfc-2022", created=AT),
            {**BASE, "proof": [BASE["proof"], BASE["proof"]]},
        ):
            with pytest.raises(ProofFault) as refused:
                derive(document, ["/name"])
            assert refused.value.code == "proof.no-base-proof"

    @pytest.mark.parametrize(
        "pointer",
        [
            "name",
            "/",
            "/nothing",
            "/credentialSubject/result/3",
            "/credentialSubject/result/-",
            "/credentialSubject/result/-1",
            "/credentialSubject/result/01",
            "/credentialSubject/result/٢",
            "/credentialSubject/result/name",
            "/name/0",
            "/a~b",
            "/a~2",
            "/proof",
            "/proof/created",
        ],
    )
    def test_refuses_a_pointer_to_nothing(self, pointer: str) -> None:
        with pytest.raises(ProofFault) as refused:
            derive(BASE, ["/name", pointer])

        assert refused.value.code == "proof.pointer"

    def test_refuses_to_show_nothing(self) -> None:
        with pytest.raises(ProofFault) as refused:
            derive(signed(mandatory=()), [])

        assert refused.value.code == "proof.pointer"

    def test_refuses_half_of_a_value_that_is_signed_as_one(self) -> None:
        named = {**golden_document(), "name": {"@value": "Data Cleaning", "@language": "en"}}

        with pytest.raises(LaurelError):
            derive(signed(named), ["/name/@value"])
        check(derive(signed(named), ["/name"]))

    def test_shows_a_list_whole_or_not_at_all(self) -> None:
        listed: dict[str, Any] = golden_document()
        described = listed["credentialSubject"]["achievement"]["resultDescription"]
        described[2] = {**described[2], "allowedValue": ["A", "B", "A"], "resultType": "LetterGrade"}
        at = "/credentialSubject/achievement/resultDescription/2/allowedValue"

        check(derive(signed(listed), [at]))
        with pytest.raises(ProofFault) as refused:
            derive(signed(listed), [f"{at}/0"])

        assert refused.value.code == "proof.pointer"

    def test_refuses_a_part_in_which_two_places_would_describe_one_thing(self) -> None:
        # The issuer describes itself at `issuer`, and a part of that again as the achievement's creator.
        repeated: dict[str, Any] = golden_document()
        issuer = repeated["issuer"]
        creator = {"id": issuer["id"], "type": issuer["type"], "name": issuer["name"], "url": issuer["url"]}
        repeated["credentialSubject"]["achievement"]["creator"] = creator
        base = signed(repeated, mandatory=("/issuer/name",))

        check(derive(base, ["/issuer/url", "/credentialSubject/achievement/creator"]))
        with pytest.raises(DataLoss) as refused:
            derive(base, ["/issuer/email", "/credentialSubject/achievement/creator/url"])

        assert refused.value.code == "data-loss.scattered"

    def test_of_another_credentials_proof_is_refused(self) -> None:
        document: dict[str, Any] = golden_document()
        document["credentialSubject"]["achievement"]["tag"] = ["other"]

        with pytest.raises(ProofFault) as refused:
            derive({**document, "proof": BASE["proof"]}, ["/name"])

        assert refused.value.code == "proof.bad-signature"

    def test_of_an_edited_credential_gives_what_no_verifier_takes(self) -> None:
        edited = {**BASE, "name": "Data Cleaning with Rust"}

        assert refusal(derive(edited, ["/name"])) == "proof.bad-signature"
        assert refusal(derive(edited, ["/evidence"])) is None

    def test_stops_at_the_budget(self) -> None:
        with pytest.raises(TooMuchWork):
            derive(BASE, ["/name"], effort=Effort(1_000))


class TestSign:
    def test_makes_another_secret_each_time(self) -> None:
        values = [ecdsa_sd_values.read(signed()["proof"]["proofValue"]) for _ in range(2)]

        first, second = (value for value in values if isinstance(value, BaseValue))
        assert first.hmac_key != second.hmac_key
        assert first.public != second.public
        assert not set(first.signatures) & set(second.signatures)

    def test_refuses_a_mandatory_pointer_to_nothing(self) -> None:
        with pytest.raises(ProofFault) as refused:
            signed(mandatory=("/issuer", "/nothing"))

        assert refused.value.code == "proof.pointer"

    def test_refuses_mandatory_pointers_where_all_is_shown(self) -> None:
        key = did_key.with_did_key(SigningKey.from_seed(bytes(32)))

        with pytest.raises(ValueError, match="mandatory"):
            data_integrity.sign(
                golden_document(), key, suite="eddsa-rdfc-2022", created=AT, mandatory=("/issuer",)
            )

    def test_refuses_to_build_on_another_proof(self) -> None:
        name = "urn:uuid:56d4a9a0-6b8f-4f57-9a1c-9d2d8d6e4c11"
        first = data_integrity.sign(
            golden_document(), KEY, suite="ecdsa-rdfc-2019", created=AT, proof_id=name
        )

        with pytest.raises(ValueError, match="build"):
            data_integrity.sign(first, KEY, suite="ecdsa-sd-2023", created=AT, previous=(name,))


def without(document: dict[str, Any], path: tuple[str | int, ...]) -> None:
    at: Any = document
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]


def put(document: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    at: Any = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value


LEAVES = [path for path, _ in leaves(DERIVED)]
HIDDEN = [pointer for pointer in POINTERS if not any(pointer.startswith(p) for p in (*MANDATORY, *SHOWN))]


class TestVerify:
    def test_refuses_a_base_proof(self) -> None:
        assert refusal(BASE) == "proof.base-proof"

    @pytest.mark.parametrize("path", LEAVES, ids=lambda path: "/".join(map(str, path)))
    def test_refuses_any_word_changed_or_left_out(self, path: tuple[str | int, ...]) -> None:
        changed, cut = copy.deepcopy(DERIVED), copy.deepcopy(DERIVED)
        old = dict(leaves(DERIVED))[path]
        put(changed, path, f"{old}x" if isinstance(old, str) else 7)
        without(cut, path)

        for edited in (changed, cut):
            assert refusal(edited) is not None

    @settings(deadline=None, max_examples=60)
    @given(pointer=st.sampled_from(HIDDEN))
    def test_refuses_hidden_words_put_back(self, pointer: str) -> None:
        """Without their signatures they may be anybody's."""
        more = {**derive(BASE, [*SHOWN, pointer]), "proof": DERIVED["proof"]}
        bare = [{name: part for name, part in d.items() if name != "proof"} for d in (more, DERIVED)]

        assert (refusal(more) is None) == (canonize(bare[0]) == canonize(bare[1]))

    def test_refuses_the_proof_of_another_choice(self) -> None:
        other = derive(BASE, ["/credentialSubject/achievement/description"])

        assert refusal({**DERIVED, "proof": other["proof"]}) is not None

    def test_refuses_statements_of_another_credential_of_the_issuer(self) -> None:
        better: dict[str, Any] = golden_document()
        better["credentialSubject"]["result"][2]["value"] = "99"
        mixed = derive(signed(better), SHOWN)
        signatures = value_of(mixed).signatures

        assert refusal(mixed) is None
        assert refusal({**mixed, "proof": DERIVED["proof"]}) == "proof.bad-signature"
        assert refusal(with_value(DERIVED, signatures=signatures)) == "proof.bad-signature"

    def test_refuses_one_bad_signature_wherever_it_stands(self) -> None:
        good = value_of(DERIVED).signatures

        for place in range(len(good)):
            bad = bytes([good[place][0] ^ 1]) + good[place][1:]
            for changed in (
                (*good[:place], bad, *good[place + 1 :]),
                (*good[:place], *good[place + 1 :]),
                (*good[:place], good[place - 1], *good[place + 1 :]),
                (*good[:place], good[place], *good[place:]),
            ):
                assert refusal(with_value(DERIVED, signatures=changed)) == "proof.bad-signature"

    def test_refuses_one_bad_mandatory_place_wherever_it_stands(self) -> None:
        good = value_of(DERIVED).mandatory
        count = len(good) + len(value_of(DERIVED).signatures)

        for place in range(len(good)):
            for other in (count, 2**64, good[place - 1]):
                changed = (*good[:place], other, *good[place + 1 :])
                assert refusal(with_value(DERIVED, mandatory=changed)) == "proof.malformed"
            fewer = (*good[:place], *good[place + 1 :])
            assert refusal(with_value(DERIVED, mandatory=fewer)) == "proof.bad-signature"

    def test_refuses_one_bad_label_wherever_it_stands(self) -> None:
        good = dict(value_of(DERIVED).labels)
        assert len(good) > 3

        for number, label in good.items():
            others = [other for other in good if other != number]
            cases: list[tuple[dict[int, bytes], str]] = [
                ({**good, number: bytes(32)}, "proof.bad-signature"),
                # Two objects under one label would be read as two and hold as one.
                ({**good, number: good[others[0]]}, "proof.malformed"),
                ({name: good[name] for name in others}, "proof.malformed"),
                ({**good, number + 1_000: bytes(32)}, "proof.malformed"),
            ]
            for labels, code in cases:
                assert refusal(with_value(DERIVED, labels=labels)) == code
            assert label == good[number]

    def test_refuses_one_object_shown_as_two(self) -> None:
        """Every statement of both halves is signed, and those that they share twice over."""
        torn = derive(BASE, ["/credentialSubject/result/2"])
        (result,) = torn["credentialSubject"]["result"]
        torn["credentialSubject"]["result"] = [
            {name: part for name, part in result.items() if name in names}
            for names in (("type", "value"), ("type", "status", "resultDescription"))
        ]

        (forged,) = forgeries(torn)

        assert refusal(forged) == "proof.malformed"

    def test_takes_what_a_holder_puts_together_without_our_help(self) -> None:
        (made,) = forgeries(derive(BASE, ["/credentialSubject/result/2"]))

        assert refusal(made) is None

    def test_refuses_contexts_in_the_proof(self) -> None:
        proof = {**DERIVED["proof"], "@context": ["https://www.w3.org/ns/credentials/v2"]}

        assert refusal({**DERIVED, "proof": proof}) == "data-loss.context"

    def test_looks_at_no_signature_while_their_number_is_wrong(self) -> None:
        many = with_value(DERIVED, signatures=value_of(DERIVED).signatures * 100)
        effort = Effort()

        with pytest.raises(ProofFault):
            check(many, effort=effort)
        with pytest.raises(TooMuchWork):
            check(many, effort=Effort(500))

    def test_takes_a_key_of_p256_alone(self) -> None:
        (proof,) = data_integrity.proofs(DERIVED)

        for key in (SigningKey.generate("p384"), SigningKey.from_seed(bytes(32))):
            with pytest.raises(ProofFault) as refused:
                data_integrity.verify(DERIVED, proof, key.public)
            assert refused.value.code == "proof.key-kind"


def forgeries(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give a document every proof that fits it and that a holder can put together out of signed statements."""
    base = ecdsa_sd_values.read(BASE["proof"]["proofValue"])
    assert isinstance(base, BaseValue)
    whole = {name: part for name, part in BASE.items() if name != "proof"}
    statements = Statements.of(whole, base.hmac_key, contexts.context)
    always = statements.chosen(Selection.of(whole, base.pointers))
    optional = [line for place, line in enumerate(statements.lines) if place not in always]
    signatures = dict(zip(optional, base.signatures, strict=True))
    quads = mapper.to_quads({name: part for name, part in document.items() if name != "proof"})
    nodes = rdfc.canonicalize(quads).labels
    for digests in product(statements.digests.values(), repeat=len(nodes)):
        labels = {node: f"_:u{to_base64url(digest)}" for node, digest in zip(nodes, digests, strict=True)}
        lines = sorted(Quad(*(labels.get(term, term) for term in quad)).line() for quad in quads)
        if set(lines) <= set(statements.lines):
            yield with_value(
                document,
                signatures=tuple(signatures[line] for line in lines if line in signatures),
                labels={
                    int(label.removeprefix("_:c14n")): digest
                    for label, digest in zip(nodes.values(), digests, strict=True)
                },
                mandatory=tuple(place for place, line in enumerate(lines) if line not in signatures),
            )


SIGNATURE, PUBLIC, LABEL = bytes(64), b"\x80\x24" + KEY.public.material, bytes(range(32))
PARTS: list[Any] = [SIGNATURE, PUBLIC, [SIGNATURE], {0: LABEL}, [0]]
BASE_PARTS: list[Any] = [SIGNATURE, PUBLIC, LABEL, [SIGNATURE], ["/issuer"]]


def encoded(parts: Any, header: bytes = b"\xd9\x5d\x01") -> str:
    return f"u{to_base64url(header + cbor2.dumps(parts))}"


def derived_with(place: int, part: Any) -> str:
    return encoded([*PARTS[:place], part, *PARTS[place + 1 :]])


def base_with(place: int, part: Any) -> str:
    return encoded([*BASE_PARTS[:place], part, *BASE_PARTS[place + 1 :]], b"\xd9\x5d\x00")


def raw(body: bytes) -> str:
    return "u" + to_base64url(b"\xd9\x5d\x01" + body)


PLAIN = cbor2.dumps(PARTS)
NOT_VALUES: dict[str, str] = {
    "nothing": "",
    "base58": "z5ptCet75SaEgzG4",
    "padding": encoded(PARTS) + "=",
    "only a header": "u" + to_base64url(b"\xd9\x5d\x01"),
    "another header": encoded(PARTS, b"\xd9\x5d\x02"),
    "a header of BBS": encoded(PARTS, b"\xd9\x5d\x03"),
    "something behind it": raw(PLAIN + b"\x00"),
    "a second value behind it": raw(PLAIN + PLAIN),
    "cut short": raw(PLAIN[:-1]),
    "a tag around it": raw(b"\xd9\xd9\xf7" + PLAIN),
    "a tag inside": derived_with(0, cbor2.CBORTag(24, SIGNATURE)),
    "an array without a length": raw(b"\x9f" + PLAIN[1:] + b"\xff"),
    "a number in a longer spelling": raw(PLAIN[:-1] + b"\x18\x00"),
    "a key twice": raw(
        cbor2.dumps(PARTS[:3])[1:].join((b"\x85", b""))
        + b"\xa2"
        + 2 * (b"\x00\x58\x20" + LABEL)
        + b"\x81\x00"
    ),
    "a text": encoded("derived"),
    "a map": encoded({0: 0}),
    "four parts": encoded(PARTS[:4]),
    "six parts": encoded([*PARTS, 0]),
    "deep arrays": raw(b"\x81" * 60_000 + b"\x00"),
    "an array that says it is huge": raw(b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"),
    "bytes that say they are huge": raw(b"\x85\x5b\x7f\xff\xff\xff\xff\xff\xff\xff"),
    "a map that says it is huge": raw(b"\xbb\x7f\xff\xff\xff\xff\xff\xff\xff"),
    "a short signature": derived_with(0, SIGNATURE[1:]),
    "a signature as text": derived_with(0, "a" * 64),
    "a key of 36 bytes": derived_with(1, PUBLIC + b"\x00"),
    "a key that is no point": derived_with(1, b"\x80\x24\x02" + b"\xff" * 32),
    "a key of another kind": derived_with(1, (b"\xed\x01" + bytes(33))),
    "no signatures": derived_with(2, None),
    "a short one among the signatures": derived_with(2, [SIGNATURE, SIGNATURE[1:]]),
    "labels by text": derived_with(3, {"c14n0": LABEL}),
    "labels by truth": derived_with(3, {True: LABEL}),
    "labels below zero": derived_with(3, {-1: LABEL}),
    "a label as text": derived_with(3, {0: "a" * 32}),
    "a short label": derived_with(3, {0: LABEL[1:]}),
    "labels in an array": derived_with(3, [LABEL]),
    "a place below zero": derived_with(4, [-1]),
    "a place between two": derived_with(4, [0.5]),
    "a place that is true": derived_with(4, [True]),
    "a place of a thousand digits": derived_with(4, [10**1000]),
    "places as bytes": derived_with(4, b"\x00"),
    "a short secret": base_with(2, LABEL[1:]),
    "pointers as one text": base_with(4, "/issuer"),
    "a number among the pointers": base_with(4, ["/issuer", 0]),
    "too long": encoded([*PARTS[:2], [SIGNATURE] * 4_000, *PARTS[3:]]),
}


class TestValues:
    def test_are_read_as_they_were_written(self) -> None:
        assert ecdsa_sd_values.read(encoded(PARTS)).text() == encoded(PARTS)
        base = encoded(BASE_PARTS, b"\xd9\x5d\x00")
        assert ecdsa_sd_values.read(base).text() == base

    @pytest.mark.parametrize("text", NOT_VALUES.values(), ids=NOT_VALUES)
    def test_are_refused_when_they_are_none(self, text: str) -> None:
        with pytest.raises(ProofFault) as refused:
            ecdsa_sd_values.read(text)

        assert refused.value.code == "proof.malformed"

    @settings(max_examples=300)
    @given(body=st.binary(max_size=200), header=st.sampled_from([b"\xd9\x5d\x00", b"\xd9\x5d\x01"]))
    def test_of_chance_bytes_never_end_in_another_error(self, body: bytes, header: bytes) -> None:
        with pytest.raises(ProofFault):
            ecdsa_sd_values.read(f"u{to_base64url(header + body)}")

    @settings(max_examples=300)
    @given(place=st.integers(0, len(PLAIN) - 1), byte=st.integers(0, 255))
    def test_with_a_byte_changed_are_read_anew_or_refused(self, place: int, byte: int) -> None:
        text = raw(PLAIN[:place] + bytes([byte]) + PLAIN[place + 1 :])

        try:
            value = ecdsa_sd_values.read(text)
        except ProofFault:
            return
        assert value.text() == text

    def test_hold_the_longest_proof_of_a_document(self) -> None:
        assert len(from_base64url(BASE["proof"]["proofValue"][1:])) < ecdsa_sd_values.LONGEST / 10


@needs_standards
@pytest.mark.parametrize("kind", ["achievement", "valid"])
@pytest.mark.parametrize("version", ["vc1.1", "vc2.0"])
class TestInputsOfTheSuite:
    """What the W3C's own suite gives an implementation to sign and to derive."""

    @pytest.mark.parametrize(
        "suite",
        ["ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-rdfc-2019 with P-384", "ecdsa-jcs-2019 with P-384"],
    )
    def test_are_signed_and_verified(self, version: str, kind: str, suite: str) -> None:
        document, _, _ = inputs(kind, version)
        key = did_key.with_did_key(SigningKey.generate("p384" if "384" in suite else "p256"))

        secured = data_integrity.sign(
            document, key, suite=suite.partition(" ")[0], created=AT, load=load_inputs
        )

        (proof,) = data_integrity.proofs(secured)
        data_integrity.verify(secured, proof, key.public, load=load_inputs)

    def test_are_signed_derived_and_verified(self, version: str, kind: str) -> None:
        document, mandatory, selective = inputs(kind, version)

        base = data_integrity.sign(
            document, KEY, suite="ecdsa-sd-2023", created=AT, mandatory=mandatory, load=load_inputs
        )
        derived = derive(base, selective, load=load_inputs)

        check(derived, load=load_inputs)
        shown = {name: part for name, part in derived.items() if name != "proof"}
        words = Counter((plain(path), word) for path, word in leaves(shown))
        assert words == expected(document, [*mandatory, *selective])


def inputs(kind: str, version: str) -> tuple[dict[str, Any], list[str], list[str]]:
    folder = STANDARDS / "vc-di-ecdsa-mocks" / kind / version
    names = ("document", "mandatoryPointers", "selectivePointers")
    document, mandatory, selective = (as_node_reads(folder / f"{name}.json") for name in names)
    urls = [f"{OWN}{kind}/{version}" if isinstance(url, dict) else url for url in document["@context"]]
    if version == "vc1.1":
        # That version does not know proofs of this type by itself.
        urls.append("https://w3id.org/security/data-integrity/v2")
        document["issuanceDate"] = "2026-10-14T09:30:00Z"
    return document | {"@context": urls, "issuer": str(KEY.id).partition("#")[0]}, mandatory, selective


def as_node_reads(path: Path) -> Any:
    """Return the JSON of a file, in which 7.0 is the number 7."""
    whole = lambda text: int(float(text)) if float(text).is_integer() else float(text)  # noqa: E731
    return json.loads(path.read_bytes(), parse_float=whole)


OWN = "https://suite.example/"


@cache
def load_inputs(url: str) -> Mapping[str, Any]:
    """Serve the context that an input writes into itself, which laurel never takes, under an address."""
    if not url.startswith(OWN):
        return any_context(url)
    path = STANDARDS / "vc-di-ecdsa-mocks" / url.removeprefix(OWN) / "document.json"
    return {
        "@context": next(part for part in json.loads(path.read_bytes())["@context"] if isinstance(part, dict))
    }
