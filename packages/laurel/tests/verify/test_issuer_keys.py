# SPDX-License-Identifier: Apache-2.0
"""A key that comes with a signature shows that nothing was changed; whose it is, only the issuer can tell."""

import json
from typing import Any

import pytest
from issuer_world import ISSUED_AT, NOW
from samples import golden_document

from laurel import verify as verifying
from laurel.errors import LaurelError
from laurel.proof import data_integrity, jose, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.verify import Report, Result, Verdict, key_sets

ISSUER = "https://college.example/issuers/7"
KEY_SET = "https://college.example/.well-known/jwks.json"


class Web:
    """What the hosts of this file answer."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.asked: list[str] = []

    def publish(self, url: str, document: Any) -> None:
        self.documents[url] = document if isinstance(document, bytes) else json.dumps(document).encode()

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.documents:
            raise LaurelError(f"{url} did not answer.")
        return self.documents[url]


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture(scope="module")
def key() -> SigningKey:
    bare = SigningKey.generate()
    return bare.with_id(f"{ISSUER}#{bare.public.to_multikey()}")


def document() -> dict[str, Any]:
    golden = golden_document(issuer_id=ISSUER)
    del golden["credentialStatus"]
    return golden


def embedded(key: SigningKey) -> bytes:
    return json.dumps(
        data_integrity.sign(document(), key, suite="eddsa-rdfc-2022", created=ISSUED_AT)
    ).encode()


def token(key: SigningKey) -> bytes:
    """A JWT whose header carries the key itself."""
    text = vc_jwt.sign(document(), key.with_id(f"{ISSUER}#k"), profile="open-badges-3.0")
    payload = jose.decode(text).payload
    return jose.encode({"alg": "EdDSA", "jwk": key.public.with_id(None).to_jwk()}, payload, key).encode()


def key_set(*keys: SigningKey) -> dict[str, Any]:
    return {"keys": [each.public.with_id(None).to_jwk() | {"kid": str(n)} for n, each in enumerate(keys)]}


def judge(web: Web, data: bytes) -> Report:
    return verifying.check(data, fetch=web, at=NOW)


class TestTheKeyInTheFragment:
    """The verification method of 1EdTech's profile: `https://issuer#z6Mk…`."""

    def test_is_the_issuers_when_its_document_lists_it(self, web: Web, key: SigningKey) -> None:
        method = {
            "id": key.id,
            "type": "Multikey",
            "controller": ISSUER,
            "publicKeyMultibase": key.public.to_multikey(),
        }
        web.publish(ISSUER, {"id": ISSUER, "assertionMethod": [method]})

        assert judge(web, embedded(key)).verdict is Verdict.GENUINE

    @pytest.mark.parametrize(
        "profile",
        [
            {"id": ISSUER, "type": ["Profile"], "name": "College"},
            b"<!doctype html><title>A page for people</title>",
            None,
        ],
        ids=["a profile without keys", "a web page", "nothing"],
    )
    def test_shows_that_nothing_was_changed_and_not_whose_it_is(
        self, web: Web, key: SigningKey, profile: Any
    ) -> None:
        if profile is not None:
            web.publish(ISSUER, profile)
        report = judge(web, embedded(key))

        assert report.verdict is Verdict.UNFINISHED
        assert (report["proof"].result, report["issuer"].result) == (Result.PASSED, Result.NOT_CHECKED)
        assert report.credential is not None
        assert web.asked == [ISSUER, KEY_SET]

    def test_is_the_issuers_when_its_host_lists_it(self, web: Web, key: SigningKey) -> None:
        web.publish(ISSUER, {"id": ISSUER, "type": ["Profile"], "name": "College"})
        web.publish(KEY_SET, key_set(SigningKey.generate(), key))

        assert judge(web, embedded(key)).verdict is Verdict.GENUINE

    def test_is_not_the_issuers_when_its_document_lists_others(self, web: Web, key: SigningKey) -> None:
        web.publish(ISSUER, {"id": ISSUER, "assertionMethod": []})
        web.publish(KEY_SET, key_set(key))

        assert judge(web, embedded(key)).verdict is Verdict.CHANGED

    def test_of_somebody_else_is_not_the_issuers(self, web: Web) -> None:
        bare = SigningKey.generate()
        forger = bare.with_id(f"https://evil.example/i#{bare.public.to_multikey()}")
        web.publish("https://evil.example/.well-known/jwks.json", key_set(bare))
        report = judge(web, embedded(forger))

        assert report.verdict is not Verdict.GENUINE
        assert report["issuer"].result is not Result.PASSED
        assert web.asked == ["https://evil.example/i"]


class TestTheKeyInTheHeader:
    def test_is_the_issuers_when_its_host_lists_it(self, web: Web, key: SigningKey) -> None:
        web.publish(KEY_SET, key_set(key))
        report = judge(web, token(key))

        assert report.verdict is Verdict.GENUINE
        assert web.asked == [KEY_SET]

    def test_is_somebodys_when_the_host_lists_others(self, web: Web, key: SigningKey) -> None:
        web.publish(KEY_SET, key_set(SigningKey.generate()))

        assert judge(web, token(key)).verdict is Verdict.UNKNOWN_ISSUER

    def test_is_doubt_while_the_host_does_not_answer(self, web: Web, key: SigningKey) -> None:
        report = judge(web, token(key))

        assert report.verdict is Verdict.UNFINISHED
        assert report["issuer"].code == "issuer.unreachable"

    @pytest.mark.parametrize(
        "change",
        [{"use": "enc"}, {"kty": "oct"}, {"d": "AAAA"}, {"x": "AAAA"}, {"crv": 5}, {"key_ops": ["sign"]}],
    )
    def test_counts_only_as_a_key_for_signatures(self, web: Web, key: SigningKey, change: Any) -> None:
        listed = key_set(key)
        listed["keys"][0] |= change
        web.publish(KEY_SET, listed)

        assert judge(web, token(key)).verdict is Verdict.UNKNOWN_ISSUER

    @pytest.mark.parametrize("found", [{"keys": "no"}, {"keys": [5, None, "x"]}, {}])
    def test_is_nobodys_in_a_set_that_is_none(self, web: Web, key: SigningKey, found: Any) -> None:
        web.publish(KEY_SET, found)

        assert judge(web, token(key)).verdict is Verdict.UNKNOWN_ISSUER

    def test_nobody_is_asked_about_a_signature_that_does_not_hold(self, web: Web, key: SigningKey) -> None:
        head, payload, _signature = token(key).decode().split(".")
        other = token(SigningKey.generate()).decode().rpartition(".")[2]
        report = judge(web, f"{head}.{payload}.{other}".encode())

        assert report.verdict is Verdict.CHANGED
        assert web.asked == []


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [
        (ISSUER, KEY_SET),
        ("https://college.example", KEY_SET),
        ("https://college.example:8443/x?y#z", "https://college.example:8443/.well-known/jwks.json"),
        ("https://user@college.example/x", None),
        ("https://college.example\\@evil.example/", None),
        ("http://college.example/x", None),
        ("did:web:college.example", None),
        ("urn:uuid:1", None),
        (None, None),
    ],
)
def test_where_a_host_lists_its_keys(issuer: str | None, expected: str | None) -> None:
    assert key_sets.address(issuer) == expected
