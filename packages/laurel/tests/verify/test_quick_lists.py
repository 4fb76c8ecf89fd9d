# SPDX-License-Identifier: Apache-2.0
"""A status list of a known kind is held sooner, whoever signed it, and never where the whole way would not."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from laurel import strictjson, tiers
from laurel.did import key as did_key
from laurel.errors import LaurelError
from laurel.jsonld.template import Template
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey
from laurel.status import bitstring
from laurel.tiers import Fallback
from laurel.verify import current_lists, presented, quick_lists, signatures
from laurel.verify.known import State

AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
URL: Final = "https://fernhill.example/status/1"
SUITES: Final = {
    "eddsa-rdfc-2022": "ed25519",
    "eddsa-jcs-2022": "ed25519",
    "ecdsa-rdfc-2019": "p256",
    "ecdsa-jcs-2019": "p256",
}


def new_key(suite: str) -> SigningKey:
    return did_key.with_did_key(SigningKey.generate(SUITES[suite]))  # type: ignore[arg-type]  # one of two


def listing(key: SigningKey, **more: Any) -> dict[str, Any]:
    """A list of an issuer."""
    made = {"url": URL, "purpose": "revocation", "indexes": [7], "valid_from": AT} | more
    issuer = str(key.id).partition("#")[0]
    return bitstring.list_credential(**({"issuer": issuer} | made))  # type: ignore[no-any-return]


def sign(document: dict[str, Any], key: SigningKey, suite: str) -> bytes:
    return strictjson.dumps(data_integrity.sign(document, key, suite=suite, created=AT))


def is_quick(data: bytes) -> bool:
    """Tell whether a list is held sooner, which it must not be unless the whole way holds it."""
    read = presented.read(data)
    with tiers.only("general"):
        outcome = signatures.best(presented.read(data), {}, at=AT)
    try:
        own, signed = quick_lists.signed(read, {})
    except Fallback:
        return False
    assert outcome.holds
    assert outcome.issuer == own.check
    assert outcome.signature is not None
    assert (signed.method, signed.suite) == (outcome.signature.method, outcome.signature.suite)
    assert (signed.created, signed.begins, signed.expires) == (outcome.signature.created, None, None)
    return True


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the usual kinds be learned, and forgotten afterwards."""
    monkeypatch.setattr(quick_lists, "_templates", {})
    key = new_key("eddsa-rdfc-2022")
    for more in ({}, {"valid_until": AT}, {"ttl": 60_000}, {"purpose": "suspension"}):
        quick_lists.learn(presented.read(sign(listing(key, **more), key, "eddsa-rdfc-2022")))
    assert len(quick_lists._templates) == 4


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("more", [{}, {"valid_until": AT}, {"ttl": 60_000}, {"purpose": "suspension"}])
def test_lists_of_a_known_kind_are_held_sooner_whoever_signs(suite: str, more: dict[str, Any]) -> None:
    for number in range(5):
        key = new_key(suite)
        data = sign(listing(key, url=f"{URL}/{number}", indexes=range(number), **more), key, suite)
        assert is_quick(data)


def test_a_kind_is_learned_from_a_list_that_held_and_from_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_lists, "_templates", {})
    suite = "eddsa-rdfc-2022"
    key, state = new_key(suite), State("revocation", URL, 7)
    own = quick_lists.own_keys.find(str(key.id), str(key.id).partition("#")[0], {})
    good = sign(listing(key), key, suite)
    bad = good.replace(b"2026-11-22T09:30:00Z", b"2026-11-22T09:30:01Z", 1)
    assert current_lists.held(state, bad, own) is None
    assert not quick_lists._templates
    assert current_lists.held(state, good, own) is not None
    assert len(quick_lists._templates) == 1
    assert is_quick(good)


VALUES: Final = (
    *(
        "",
        "x",
        "urn:uuid:1",
        "https://fernhill.example/a b",
        "_:b0",
        "ob:x",
        "did:key:z6Mk",
        URL,
        f"{URL}#list",
    ),
    *("2026-13-01T00:00:00Z", "2027-01-01T00:00:00Z", "suspension", "message", "\x00\x7f", "e\u0301", '","'),
    *(None, 7, True, 2.5, [], {}, ["x"], {"id": "urn:x"}),
)


def edits(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give copies with one edit each."""
    for path in [(name,) for name in document] + [
        ("credentialSubject", n) for n in document["credentialSubject"]
    ]:
        for value in VALUES:
            made = copy.deepcopy(document)
            inside = made if len(path) == 1 else made[path[0]]
            inside[path[-1]] = value
            yield made
        made = copy.deepcopy(document)
        del (made if len(path) == 1 else made[path[0]])[path[-1]]
        yield made
    for name in ("name", "description", "grade", "id ", "@id", "credentialStatus"):
        yield {**document, name: "x"}
        yield {**document, "credentialSubject": {**document["credentialSubject"], name: "x"}}


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_edits_before_and_after_signing_are_held_sooner_only_where_the_whole_way_holds_them(
    suite: str,
) -> None:
    key = new_key(suite)
    document = listing(key, valid_until=AT)
    quick = 0
    for made in edits(document):
        try:
            quick += is_quick(sign(made, key, suite))
        except (LaurelError, ValueError, TypeError, AttributeError):
            continue
    assert quick > 10
    signed = json.loads(sign(document, key, suite))
    proof = signed.pop("proof")
    for made in edits(signed):
        try:
            assert made == signed or not is_quick(strictjson.dumps(made | {"proof": proof}))
        except LaurelError:
            continue
    for name in proof:
        for value in VALUES:
            assert not is_quick(strictjson.dumps(signed | {"proof": proof | {name: value}}))
    for more in ({"expires": "2020-01-01T00:00:00Z"}, {"id": "urn:x"}, {"domain": "x"}):
        assert not is_quick(strictjson.dumps(signed | {"proof": proof | more}))


def test_another_issuers_key_holds_no_list() -> None:
    key, other = new_key("eddsa-rdfc-2022"), new_key("eddsa-rdfc-2022")
    assert not is_quick(sign(listing(key), other, "eddsa-rdfc-2022"))
    assert not is_quick(sign(listing(key), other.with_id(str(key.id)), "eddsa-rdfc-2022"))


def test_a_template_that_lies_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_key("eddsa-rdfc-2022")
    data = sign(listing(key), key, "eddsa-rdfc-2022")
    with monkeypatch.context() as lying:
        lying.setattr(Template, "fill", lambda self, texts: b"something else")
        with pytest.warns(RuntimeWarning, match="not used again"):
            assert is_quick(data)
    assert not is_quick(data)


def test_kinds_are_bounded_and_the_rest_goes_the_whole_way() -> None:
    key = new_key("eddsa-rdfc-2022")
    for ttl in range(2 * quick_lists.MOST_KINDS):
        quick_lists.learn(presented.read(sign(listing(key, ttl=ttl), key, "eddsa-rdfc-2022")))
    assert len(quick_lists._templates) == quick_lists.MOST_KINDS
    own = quick_lists.own_keys.find(str(key.id), str(key.id).partition("#")[0], {})
    data = sign(listing(key, ttl=10**6), key, "eddsa-rdfc-2022")
    assert current_lists.held(State("revocation", URL, 7), data, own) is not None
    assert not is_quick(data)
