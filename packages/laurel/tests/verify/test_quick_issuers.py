# SPDX-License-Identifier: Apache-2.0
"""Quick reports on badges of every plain kind of issuer and key are those of the whole way, in every field."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import samples

from laurel import issue, present, strictjson, tiers, verify
from laurel.did import jwk as did_jwk
from laurel.did import key as did_key
from laurel.did import web
from laurel.errors import LaurelError
from laurel.jsonld import contexts
from laurel.jsonld.effort import Effort
from laurel.proof import canonical_json, canonical_rdf, data_integrity, vc_jwt
from laurel.proof.encodings import to_base58btc
from laurel.proof.keys import SigningKey
from laurel.status import bitstring
from laurel.verify import current_lists, express, judgement, opening
from laurel.verify.material import Kept, Rewritten

AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
WEB: Final = "did:web:fernhill.example:badges"
WEB_URL: Final = web.url(WEB)
SET: Final = 4_000
JWTS: Final = ("open-badges-3.0", "vc-jose-cose")
FORMS: Final = {
    "ed25519": ("eddsa-rdfc-2022", "eddsa-jcs-2022", *JWTS),
    "p256": ("ecdsa-rdfc-2019", "ecdsa-jcs-2019", *JWTS),
    "p384": JWTS,
    "rsa2048": JWTS,
}
CREATED: Final = "2026-11-22T09:30:00Z"
KINDS: Final[dict[str, Any]] = {"Ed25519": "ed25519", "P-256": "p256", "P-384": "p384", "RSA": "rsa2048"}
Lists = dict[str, Any]


def web_key(kind: Any = "ed25519", name: str = "key-1") -> SigningKey:
    """A new key of the college's did:web."""
    return SigningKey.generate(kind).with_id(f"{WEB}#{name}")


def issuers() -> dict[str, SigningKey]:
    """One key of each kind and each way to publish it."""
    made = {}
    for kind in ("ed25519", "p256"):
        plain = SigningKey.generate(kind)  # type: ignore[arg-type]  # one of two
        made[f"did:key {kind}"] = did_key.with_did_key(plain)
        made[f"did:jwk {kind}"] = plain.with_id(f"{did_jwk.did(plain.public)}#0")
        made[f"did:web {kind}"] = web_key(kind)
    made["did:web p384"] = web_key("p384")
    made["did:web rsa2048"] = web_key("rsa2048")
    return made


ISSUERS: Final = issuers()
CASES: Final = [(name, form) for name in ISSUERS for form in FORMS[name.partition(" ")[2]]]
OTHER: Final = web_key("ed25519")


def issuer_of(key: SigningKey) -> str:
    return str(key.id).partition("#")[0]


def draft(key: SigningKey, number: int = 0) -> dict[str, Any]:
    """A golden credential of an issuer for one of many learners."""
    document = samples.golden_document(issuer_id=issuer_of(key), subject_id=f"urn:uuid:learner-{number}")
    document["id"] = f"urn:uuid:9f1c6f0e-52f8-4d0e-9f7b-{number:012}"
    for place, entry in enumerate(document["credentialStatus"]):
        entry["statusListIndex"] = str(2 * number + place)
        entry["id"] = f"{entry['statusListCredential']}#{entry['statusListIndex']}"
    return document


def sign(document: dict[str, Any], form: str, key: SigningKey) -> bytes:
    """Sign whatever it is, without any check."""
    if form in JWTS:
        return vc_jwt.sign(document, key, profile=form).encode()  # type: ignore[arg-type]  # one of two
    return strictjson.dumps(data_integrity.sign(document, key, suite=form, created=AT))


def lists_of(key: SigningKey, **more: Any) -> Lists:
    """Both lists of an issuer, and its keys where they are to be found; one entry is set in each list."""
    made: Lists = {}
    form = {"P-256": "ecdsa-rdfc-2019", "P-384": "ecdsa-rdfc-2019"}.get(key.algorithm, "eddsa-rdfc-2022")
    for url, purpose in ((samples.REVOCATIONS, "revocation"), (samples.SUSPENSIONS, "suspension")):
        listing = bitstring.list_credential(
            url=url,
            purpose=purpose,
            indexes=[SET],
            **({"issuer": issuer_of(key), "valid_from": AT} | more),
        )
        is_rsa = key.algorithm == "RSA"
        made[url] = vc_jwt.sign(listing, key).encode() if is_rsa else sign(listing, form, key)
    if issuer_of(key) == WEB:
        made[WEB_URL] = strictjson.dumps(web.document(WEB, [key.public]))
    return made


LISTS: Final = {name: lists_of(key) for name, key in ISSUERS.items()}


def check(data: bytes, lists: Lists, **more: Any) -> verify.Report:
    """Check with what is at hand."""

    def fetch(url: str) -> bytes:
        if not isinstance(lists.get(url), bytes):
            raise LaurelError("Nobody answered.")
        return lists[url]  # type: ignore[no-any-return]  # as was just seen

    return verify.check(data, fetch=fetch, **({"at": AT} | more))


def same(data: bytes, lists: Lists, **more: Any) -> verify.Report:
    """Check both ways; the answers must be the same in every field."""
    quick = check(data, lists, **more)
    with tiers.only("general"):
        whole = check(data, lists, **more)
    assert quick == whole
    assert quick.as_json() == whole.as_json()
    assert quick.memory == whole.memory
    assert [one.remember for one in quick.checks] == [one.remember for one in whole.checks]
    return quick


def took_express(data: bytes, lists: Lists, **more: Any) -> bool:
    before = tiers.taken["template: whole report"]
    same(data, lists, **more)
    return tiers.taken["template: whole report"] > before


@pytest.mark.parametrize(("name", "form"), CASES)
def test_each_kind_of_issuer_and_key_has_its_quick_report(name: str, form: str) -> None:
    key, lists = ISSUERS[name], LISTS[name]
    for number in range(6):
        data = sign(draft(key, number), form, key)
        assert took_express(data, lists)
        report = same(data, lists)
        assert report.verdict == "genuine"
        assert report["status"].code == "status.ok"
    withdrawn = draft(key, SET // 2)
    assert same(sign(withdrawn, form, key), lists).verdict == "withdrawn"


@pytest.mark.parametrize(("name", "form"), CASES)
def test_changes_after_signing_are_seen(name: str, form: str) -> None:
    key, lists = ISSUERS[name], LISTS[name]
    data = sign(draft(key, 7), form, key)
    for place in (40, len(data) // 2, len(data) - 20, len(data) - 3):
        letter = b"B" if data[place : place + 1] != b"B" else b"C"
        assert same(data[:place] + letter + data[place + 1 :], lists).verdict != "genuine"
    by_another = SigningKey.generate(KINDS[key.algorithm]).with_id(str(key.id))
    assert same(sign(draft(key, 7), form, by_another), lists).verdict == "changed"


def listing(key: SigningKey = ISSUERS["did:web ed25519"], **changes: Any) -> dict[str, Any]:
    """The college's did.json with other members."""
    return web.document(WEB, [key.public]) | changes


def method(key: SigningKey = ISSUERS["did:web ed25519"], **changes: Any) -> dict[str, Any]:
    """A did.json whose only method has other members."""
    made: Any = listing(key)
    made["verificationMethod"][0] |= changes
    return made


#: What may be found at the address of a did:web, and whether the badge is then genuine.
DID_FILES: Final[dict[str, tuple[Any, bool]]] = {
    "another's": (listing(id="did:web:other.example"), False),
    "of another key": (listing(OTHER), False),
    "a key twice": (listing() | {"verificationMethod": 2 * listing()["verificationMethod"]}, False),
    "for another purpose": (listing(assertionMethod=[]), False),
    "no keys": ({"id": WEB}, False),
    "a key of another controller": (method(controller="did:web:other.example"), False),
    "a key that ended": (method(expires="2026-11-01T00:00:00Z"), False),
    "a key that ends": (method(expires="2027-11-01T00:00:00Z"), True),
    "a key that was revoked": (method(revoked="2026-11-20T00:00:00Z"), False),
    "a key that will be revoked": (method(revoked="2027-11-20T00:00:00Z"), True),
    "a revocation that is none": (method(revoked="soon"), False),
    "a type that nobody knows": (method(type="Key"), False),
    "two keys": (
        web.document(WEB, [OTHER.with_id(f"{WEB}#2").public, ISSUERS["did:web ed25519"].public]),
        True,
    ),
    "more members": (listing(service=[{"id": "#x", "type": "LinkedDomains"}]), True),
    "names that begin with a sign": (method(id="#key-1") | {"assertionMethod": ["#key-1"]}, True),
    "a key inside": (listing(verificationMethod=[], assertionMethod=method()["verificationMethod"]), True),
    "no object": ([], False),
    "no JSON": (b"<html>", False),
    "nothing": (None, False),
    "a key twice in JSON": (strictjson.dumps(listing()).replace(b'"id"', b'"id":"x","id"', 1), False),
    "other letters": (strictjson.dumps(listing()).replace(b"key-1", b"key\\u002d1"), True),
    "an end in other letters": (
        strictjson.dumps(method(revoked="2026-11-20T00:00:00Z")).replace(b"revoked", b"revo\\u006bed"),
        False,
    ),
    "indented": (json.dumps(listing(), indent=4).encode(), True),
    "long": (listing(service=[{"id": f"#{n}", "type": "x" * 100} for n in range(300)]), True),
    "kept": (Kept(strictjson.dumps(listing()), since=AT - timedelta(days=900)), True),
    "written again": (Rewritten(strictjson.dumps(listing())), True),
}


@pytest.mark.parametrize("form", FORMS["ed25519"])
@pytest.mark.parametrize(("found", "is_genuine"), DID_FILES.values(), ids=DID_FILES)
def test_what_is_found_at_the_address_of_the_keys_decides(form: str, found: Any, is_genuine: bool) -> None:
    key = ISSUERS["did:web ed25519"]
    lists = dict(LISTS["did:web ed25519"])
    for number in range(3):
        assert same(sign(draft(key, number), form, key), lists).verdict == "genuine"
    lists[WEB_URL] = found if isinstance(found, bytes | None) else strictjson.dumps(found)
    data = sign(draft(key, 5), form, key)
    assert (same(data, lists).verdict == "genuine") is is_genuine
    for more in ({"at": AT - timedelta(days=30)}, {"at": AT + timedelta(days=400), "seen_at": AT}):
        same(data, lists, **more)
    assert same(data, LISTS["did:web ed25519"]).verdict == "genuine"


@pytest.mark.parametrize("form", FORMS["ed25519"])
def test_a_key_that_was_taken_back_is_not_remembered(form: str) -> None:
    key = ISSUERS["did:web ed25519"]
    lists = LISTS["did:web ed25519"]
    data = sign(draft(key, 9), form, key)
    for _ in range(3):
        assert check(data, lists).verdict == "genuine"
    presented = verify.read(data)
    assert verify.verify(presented, lists, at=AT).verdict == "genuine"
    for found in (listing(OTHER), method(revoked="2026-11-20T00:00:00Z"), listing(assertionMethod=[])):
        changed = lists | {WEB_URL: strictjson.dumps(found)}
        assert verify.verify(presented, changed, at=AT).verdict != "genuine"
        assert verify.verify(verify.read(data), changed, at=AT).verdict != "genuine"
    missing = {url: found for url, found in lists.items() if url != WEB_URL}
    assert verify.verify(presented, missing, at=AT).verdict == "unfinished"
    assert verify.verify(presented, lists, at=AT).verdict == "genuine"


@pytest.mark.parametrize("form", FORMS["ed25519"])
@pytest.mark.parametrize(
    "change",
    [
        lambda lists: lists | lists_of(OTHER, issuer=WEB) | {WEB_URL: lists[WEB_URL]},
        lambda lists: lists | {samples.SUSPENSIONS: LISTS["did:key ed25519"][samples.SUSPENSIONS]},
        lambda lists: lists | lists_of(ISSUERS["did:key ed25519"], issuer=WEB),
        lambda lists: lists | {samples.REVOCATIONS: lists[samples.SUSPENSIONS]},
        lambda lists: lists | lists_of(ISSUERS["did:web ed25519"], valid_until=AT - timedelta(days=2)),
        lambda lists: lists | lists_of(ISSUERS["did:web ed25519"], ttl=1),
        lambda lists: lists | {samples.REVOCATIONS: None},
    ],
)
def test_lists_that_are_not_the_issuers_or_not_current_do_not_count(
    form: str, change: Callable[[Lists], Lists]
) -> None:
    key = ISSUERS["did:web ed25519"]
    lists = change(LISTS["did:web ed25519"])
    for days in (-400, -1, 0, 30, 400):
        same(sign(draft(key, 3), form, key), lists, at=AT + timedelta(days=days))
        same(sign(draft(key, 3), form, key), lists, at=AT + timedelta(days=days), seen_at=AT)


@pytest.mark.parametrize(("name", "form"), CASES)
def test_what_is_needed_is_what_the_whole_way_needs(name: str, form: str) -> None:
    key, lists = ISSUERS[name], LISTS[name]
    data = sign(draft(key, 4), form, key)
    for left_out in ((), (WEB_URL,), (samples.REVOCATIONS,), (WEB_URL, samples.SUSPENSIONS), tuple(lists)):
        found = {url: each for url, each in lists.items() if url not in left_out}
        for evidence in (False, True):
            quick = verify.needs(verify.read(data), found, at=AT, evidence=evidence)
            with tiers.only("general"):
                assert quick == verify.needs(verify.read(data), found, at=AT, evidence=evidence)


def test_a_list_by_the_issuers_key_is_taken_by_a_badge_of_each_issuer_for_what_it_is() -> None:
    lists = LISTS["did:web ed25519"]
    for name in ("did:key ed25519", "did:jwk p256", "did:web ed25519"):
        key = ISSUERS[name]
        report = same(sign(draft(key, 3), FORMS[name.partition(" ")[2]][0], key), lists)
        expected = "status.ok" if name == "did:web ed25519" else "status.other-issuer"
        assert report["status"].code == expected
        same(sign(draft(key, 3), FORMS[name.partition(" ")[2]][0], key), lists, trust=[WEB, issuer_of(key)])


def test_a_p256_key_makes_no_proof_of_the_other_curve() -> None:
    key = ISSUERS["did:web p256"]
    signed = json.loads(sign(draft(key), "ecdsa-rdfc-2019", key))
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-jcs-2019", "ecdsa-sd-2023"):
        proof = signed["proof"] | {"cryptosuite": suite}
        if "jcs" in suite:
            proof |= {"@context": signed["@context"]}
        assert same(strictjson.dumps(signed | {"proof": proof}), LISTS["did:web p256"]).verdict != "genuine"


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_key_signs_by_its_own_suites_only(suite: str) -> None:
    key, lists = ISSUERS["did:web p256"], LISTS["did:web p256"]
    for number in range(4):
        same(sign(draft(key, number), "ecdsa-rdfc-2019", key), lists)
    claims = draft(key, 5)
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": "2026-11-22T09:30:00Z",
        "verificationMethod": str(key.id),
        "proofPurpose": "assertionMethod",
    } | ({"@context": claims["@context"]} if "jcs" in suite else {})
    maker: Any = data_integrity.SUITES[suite]
    message = maker.message(claims, proof, contexts.context, algorithm="Ed25519")
    value = to_base58btc(key.sign(message))
    report = same(strictjson.dumps(claims | {"proof": proof | {"proofValue": value}}), lists)
    assert report["proof"].code == "proof.key-kind"


@pytest.mark.parametrize("name", ISSUERS)
def test_lists_by_each_kind_of_key_are_held_once(name: str) -> None:
    key, lists = ISSUERS[name], LISTS[name]
    one = opening.attempt(verify.read(sign(draft(key, 3), FORMS[name.partition(" ")[2]][0], key)), lists)
    assert one is not None
    for state in one.states:
        first = current_lists.held(state, lists[state.list_url], one.own)
        assert first is not None
        assert current_lists.held(state, lists[state.list_url], one.own) is first


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
@pytest.mark.parametrize(
    "created", ["2026-11-22T09:30:00Z", "2026-11-22T09:30:00.25+01:00", "0001-01-01T00:00:00Z"]
)
@pytest.mark.parametrize(
    "name",
    [
        str(ISSUERS["did:key p256"].id),
        str(ISSUERS["did:jwk p256"].id),
        "did:web:fernhill.example%3A8443:a:b#key-1",
        "did:web:fernhill.example#2026-11-22T09:30:00Z",
        "did:key:HOLE#HOLE",
        "did:web:2026-11-22T09:30:00Z#HOLE#HOLE",
    ],
)
def test_the_hash_of_a_proof_is_that_of_the_suite(suite: str, created: str, name: str) -> None:
    listed = draft(ISSUERS["did:key p256"])["@context"]
    form = canonical_json if "jcs" in suite else canonical_rdf
    options = form.options_for(
        {"@context": listed},
        {
            "type": "DataIntegrityProof",
            "cryptosuite": suite,
            "created": created,
            "verificationMethod": name,
            "proofPurpose": "assertionMethod",
        },
    )
    written = form.canonical_options({"@context": listed}, options, contexts.context)
    try:
        told = opening._options(suite, name, strictjson.dumps(listed), created)
    except tiers.Fallback:
        assert name.count("#") == 2
    else:
        assert told[0] == hashlib.sha256(written).digest()
        assert told[1] == datetime.fromisoformat(created)
        assert told[2] == told[1].isoformat()


@pytest.mark.parametrize(
    "name", ["did:web:x.example#a b", "did:web:x.example#é", 'did:key:z"#z"', "did:x:y#z"]
)
def test_a_method_in_other_letters_has_no_hash_of_its_own(name: str) -> None:
    with pytest.raises(tiers.Fallback):
        opening._options("eddsa-rdfc-2022", name, b'["https://www.w3.org/ns/credentials/v2"]', CREATED)


def inside(data: bytes, lists: Lists, left: int, **more: Any) -> tuple[verify.Report, int]:
    """The report on one of several credentials that share a budget, and what is left of it."""
    asked: Any = {"at": AT, "trust": None, "seen_at": None, "memory": None} | more
    quick, effort = Effort(left), Effort(left)
    report = express.verify_inside(verify.read(data), lists, effort=quick, **asked)
    with tiers.only("general"):
        whole = judgement.verify(verify.read(data), lists, effort=effort, **asked)
    assert report == whole
    assert report.memory == whole.memory
    assert max(quick.left, 0) == max(effort.left, 0)
    return report, quick.left


@pytest.mark.parametrize(("name", "form"), CASES)
def test_credentials_that_share_a_budget_take_from_it_what_the_whole_way_takes(name: str, form: str) -> None:
    key, lists = ISSUERS[name], LISTS[name]
    for number in range(4):
        same(sign(draft(key, number), form, key), lists)
    for document in (draft(key, 5), draft(key, SET // 2), draft(key, 5) | {"name": f"Unseen {name} {form}"}):
        data = sign(document, form, key)
        before = tiers.taken["template: whole report"]
        _, left = inside(data, lists, 20_000)
        assert tiers.taken["template: whole report"] == before + 1
        for enough in (20_000 - left, 20_000 - left - 1, 5, 0):
            inside(data, lists, max(enough, 0))
        inside(data, lists, 20_000, trust=[WEB], seen_at=AT)
        inside(data, lists, 20_000, memory=verify.Memory())
        inside(data, lists, 20_000, at=AT + timedelta(days=900))
        for left_out in lists:
            inside(data, {url: found for url, found in lists.items() if url != left_out}, 20_000)


@pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "vc-jose-cose"])
def test_credentials_in_a_presentation_get_their_quick_reports(form: str) -> None:
    key, lists = ISSUERS["did:web ed25519"], LISTS["did:web ed25519"]
    holder = did_key.with_did_key(SigningKey.generate())
    documents = [draft(key, number) for number in range(6)]
    for document in documents:
        document["credentialSubject"]["id"] = issuer_of(holder)
    signed = [sign(document, form, key) for document in documents]
    for data in signed:
        same(data, lists)
    shown = present.sign(
        present.check(signed[4:], holder=issuer_of(holder)), holder, created=AT, challenge="x", domain="y"
    )
    asked: Any = {"at": AT, "challenge": "x", "domain": "y"}
    before = tiers.taken["template: whole report"]
    quick = verify.verify_presentation(verify.read_presentation(shown), lists, **asked)
    assert tiers.taken["template: whole report"] == before + 2
    with tiers.only("general"):
        assert quick == verify.verify_presentation(verify.read_presentation(shown), lists, **asked)
    assert quick.verdict == "genuine"
    assert [report.verdict for report in quick.credentials] == ["genuine", "genuine"]


def test_a_badge_from_issue_is_taken_too() -> None:
    key = ISSUERS["did:web ed25519"]
    checked = issue.check_document(draft(key, 11))
    data = issue.sign(checked, key, created=AT)
    assert took_express(data, LISTS["did:web ed25519"])
