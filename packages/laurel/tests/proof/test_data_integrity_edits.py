# SPDX-License-Identifier: Apache-2.0
"""Small edits of a signed credential: what a plain verifier calls verified, and we never.

The plain verifier does what many do: PyLD normalises the document, the two hashes are made, Ed25519 decides.
Run with `-s` to see the table.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import base58
import pytest
from foreign_rdf import pyld_nquads
from pyld import jsonld
from samples import golden_document

from laurel.errors import LaurelError
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.strictjson import dumps, loads

KEY = SigningKey.from_seed(hashlib.sha256(b"Fernhill College").digest()).with_id(
    "did:web:fernhill.example#key-1"
)
AT = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)
OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
Edit = Callable[[dict[str, Any]], object]


def renamed(node: dict[str, Any], old: str, new: str) -> None:
    """Give one key another name, in its place."""
    members = [(new if key == old else key, value) for key, value in node.items()]
    node.clear()
    node.update(members)


def with_alias(d: dict[str, Any]) -> None:
    d["@context"].append({"honours": "https://schema.org/name"})
    renamed(d, "name", "honours")


def nested(d: dict[str, Any]) -> None:
    d["@nest"] = {"description": d.pop("description"), "honours": "summa cum laude"}


def moved_digest(d: dict[str, Any]) -> None:
    d["evidence"][0]["digestMultibase"] = d["relatedResource"][0].pop("digestMultibase")


EDITS: dict[str, Edit] = {
    "add `grade`, which no context defines": lambda d: d.update(grade="A+"),
    "add `finalMark` to the learner": lambda d: d["credentialSubject"].update(finalMark="10 of 10"),
    "add the misspelt `validUntill`": lambda d: d.update(validUntill="2099-01-01T00:00:00Z"),
    "inline context: `name` becomes `honours`": with_alias,
    "null first in @context": lambda d: d["@context"].insert(0, None),
    "empty inline context at the end": lambda d: d["@context"].append({}),
    "first context named again at the end": lambda d: d["@context"].append(d["@context"][0]),
    "an inline context inside the achievement": lambda d: d["credentialSubject"]["achievement"].update(
        {"@context": {}}
    ),
    "`@graph: []`": lambda d: d.update({"@graph": []}),
    "`@reverse: {}`": lambda d: d.update({"@reverse": {}}),
    "`@included: []`": lambda d: d.update({"@included": []}),
    "`@nest` with an undefined term": nested,
    "`@index` on a result": lambda d: d["credentialSubject"]["result"][0].update(
        {"@index": "with distinction"}
    ),
    "an unknown keyword": lambda d: d.update({"@grade": "A+"}),
    "a null value": lambda d: d.update(termsOfUse=None),
    "a null among the tags": lambda d: d["credentialSubject"]["achievement"]["tag"].append(None),
    "an empty array": lambda d: d.update(endorsement=[]),
    "a doubled tag": lambda d: d["credentialSubject"]["achievement"]["tag"].append("Python"),
    "a tag inside two arrays": lambda d: d["credentialSubject"]["achievement"].update(
        tag=[d["credentialSubject"]["achievement"]["tag"]]
    ),
    'a value that is `{"@value": null}`': lambda d: d.update(termsOfUse={"@value": None}),
    "the name as a value object": lambda d: d.update(name={"@value": d["name"]}),
    "the name written from right to left": lambda d: d.update(
        name={"@value": d["name"], "@direction": "rtl"}
    ),
    "the name as a set": lambda d: d.update(name={"@set": [d["name"]]}),
    "`Criteria` for `criteria`": lambda d: renamed(
        d["credentialSubject"]["achievement"], "criteria", "Criteria"
    ),
    "`@id` for `id`": lambda d: renamed(d, "id", "@id"),
    "`@type` for `type`": lambda d: renamed(d["issuer"], "type", "@type"),
    "a type by its full address": lambda d: d.update(
        type=["VerifiableCredential", f"{OB}OpenBadgeCredential"]
    ),
    "a type twice": lambda d: d["type"].append("OpenBadgeCredential"),
    "a type that nobody defines": lambda d: d["type"].append("HonoursCredential"),
    "a relative type": lambda d: d["type"].append("./honours"),
    "credits as a text": lambda d: d["credentialSubject"].update(creditsEarned="2.5E0"),
    "a digest moved to the evidence": moved_digest,
    "evidence with a relative id": lambda d: d["evidence"].append({"id": "extra.pdf", "type": "Evidence"}),
    "an undefined term with a whole object": lambda d: d.update(honours={"type": "Honours", "rank": 1}),
    "the proof says something more": lambda d: d["proof"].update(checkedBy="The Registrar"),
    # These are covered by any signature: a check that the plain verifier is one at all.
    "another name": lambda d: d.update(name="Data Cleaning with Rust"),
    "another mark": lambda d: d["credentialSubject"]["result"][2].update(value="99"),
    "the status left out": lambda d: d.pop("credentialStatus"),
}
COVERED = ("another name", "another mark", "the status left out")


@pytest.fixture(scope="module")
def text() -> bytes:
    return dumps(data_integrity.sign(golden_document(), KEY, suite="eddsa-rdfc-2022", created=AT))


def plain_verdict(data: bytes) -> str:
    """Return what a verifier says that trusts its JSON-LD library to cover the document."""
    secured = json.loads(data)
    proof = secured.pop("proof")
    signature = base58.b58decode(proof.pop("proofValue")[1:])
    try:
        message = b"".join(
            hashlib.sha256(pyld_nquads(part)).digest()
            for part in ({**proof, "@context": secured["@context"]}, secured)
        )
    except jsonld.JsonLdError as error:
        return f"error: {error.code or error.type}"
    return "verified" if KEY.public.verify(message, signature) else "changed"


def our_verdict(data: bytes, key: VerifyingKey = KEY.public) -> str:
    """Return what laurel says: "verified", or the code of its refusal."""
    try:
        secured = loads(data)
        assert isinstance(secured, dict)
        (proof,) = data_integrity.proofs(secured)
        data_integrity.verify(secured, proof, key, at=AT)
    except LaurelError as refused:
        return refused.code
    return "verified"


def edited(data: bytes, edit: Edit) -> bytes:
    secured = json.loads(data)
    edit(secured)
    return json.dumps(secured).encode()


def with_doubled_key(data: bytes) -> bytes:
    """Put a forged name before the signed one; most parsers keep the last."""
    return b'{"name":"Data Cleaning, with honours",' + data[1:]


class TestEdits:
    def test_of_nothing_is_verified_by_both(self, text: bytes) -> None:
        assert (plain_verdict(text), our_verdict(text)) == ("verified", "verified")

    def test_are_never_verified_here_and_mostly_by_a_plain_verifier(self, text: bytes) -> None:
        table = [
            (name, plain_verdict(changed), our_verdict(changed))
            for name, changed in [
                *((name, edited(text, edit)) for name, edit in EDITS.items()),
                ("a key twice, the first one forged", with_doubled_key(text)),
            ]
        ]

        width = max(len(name) for name, _, _ in table)
        print(f"\n{'edit':<{width}}  {'plain PyLD verifier':<36}  laurel")
        for name, plain, ours in table:
            print(f"{name:<{width}}  {plain:<36}  {ours}")
        fooled = [name for name, plain, _ in table if plain == "verified"]
        print(f"{len(fooled)} of {len(table)} verified by the plain verifier, none by laurel")
        assert [name for name, _, ours in table if ours == "verified"] == []
        assert len(fooled) >= 14
        assert not set(fooled) & set(COVERED)

    @pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
    def test_are_never_verified_under_the_json_suite(self, edit: Edit) -> None:
        secured = data_integrity.sign(golden_document(), KEY, suite="eddsa-jcs-2022", created=AT)

        assert our_verdict(edited(dumps(secured), edit)) != "verified"
