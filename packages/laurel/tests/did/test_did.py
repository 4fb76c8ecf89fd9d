# SPDX-License-Identifier: Apache-2.0
"""A DID leads to one document, and the document vouches for a key only when everything fits."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurel import did
from laurel.did import jwk, key, web
from laurel.errors import LaurelError, NotADid
from laurel.proof.encodings import to_base64url
from laurel.proof.keys import SigningKey, VerifyingKey

VECTORS = Path(__file__).parents[4].parent / "shared" / "standards" / "did-key"

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
COLLEGE = "did:web:rivermouth.example"
ED = SigningKey.from_seed(b"Rivermouth College of Further Ed").public.with_id(f"{COLLEGE}#key-1")
EC = SigningKey.generate("p256").public.with_id(f"{COLLEGE}#key-2")
RSA = SigningKey.generate("rsa2048").public.with_id(f"{COLLEGE}#key-3")


class TestDidWeb:
    @pytest.mark.parametrize(
        ("name", "url"),
        [
            ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
            ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
            ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
            ("did:web:localhost%3A8000:o:rivermouth", "http://localhost:8000/o/rivermouth/did.json"),
            ("did:web:127.0.0.1%3A8000:o:rivermouth", "http://127.0.0.1:8000/o/rivermouth/did.json"),
            ("did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json"),
        ],
    )
    def test_names_one_url(self, name: str, url: str) -> None:
        assert did.resolve_url(name) == url

    @pytest.mark.parametrize(
        "name",
        [
            "did:web:",
            "did:web:example",
            "did:web:10.0.0.1",
            "did:web:169.254.169.254:latest",
            "did:web:0x7f.1",
            "did:web:2130706433",
            "did:web:localhost.",
            "did:web:Example.com",
            "did:web:example.com%3A0",
            "did:web:example.com%3A99999",
            "did:web:example.com%3A80%3A80",
            "did:web:example.com%3A",
            "did:web:example.com%3A\u0661",
            "did:web:user%40example.com",
            "did:web:example.com%2F..%2Fadmin",
            "did:web:example.com%23",
            "did:web:example.com%3F",
            "did:web:example.com:..:admin",
            "did:web:example.com:%2E%2E:admin",
            "did:web:example.com:a%2Fb",
            "did:web:example.com::a",
            "did:web:example.com:a%00",
            "did:web:example.com/path",
            "did:web:example.com#key-1",
            "did:web:example.com?x=1",
            "did:web:example.com:caf%C3%A9",
            "did:web:-example.com",
            "did:web:" + "a." * 200 + "example",
            "did:web:example.com\n",
            "did:web:example.com:" + "a" * 5000,
        ],
    )
    def test_never_leads_elsewhere(self, name: str) -> None:
        with pytest.raises(NotADid):
            did.resolve_url(name)

    def test_is_made_from_host_and_folders(self) -> None:
        assert web.did("localhost", "o", "rivermouth", port=8000) == "did:web:localhost%3A8000:o:rivermouth"
        assert web.did("Rivermouth.example") == "did:web:rivermouth.example"
        with pytest.raises(NotADid):
            web.did("rivermouth.example", "..")

    def test_publishes_every_kind_of_key(self) -> None:
        document = web.document(COLLEGE, [ED, EC, RSA])

        again = json.loads(json.dumps(document))
        for published in (ED, EC, RSA):
            assert published.id is not None
            assert did.key_for(again, published.id, at=AT) == published
            assert did.key_for(again, published.id, purpose="authentication", at=AT) == published
        assert document["@context"] == [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ]

    def test_publishes_no_stray_key(self) -> None:
        with pytest.raises(ValueError, match="begins with"):
            web.document(COLLEGE, [ED.with_id("did:web:other.example#key-1")])
        with pytest.raises(ValueError, match="share an id"):
            web.document(COLLEGE, [ED, EC.with_id(f"{COLLEGE}#key-1")])
        with pytest.raises(ValueError, match="begins with"):
            web.document(COLLEGE, [VerifyingKey("Ed25519", ED.material)])


class TestDidKeyAndJwk:
    @pytest.mark.parametrize("public", [ED, EC, RSA], ids=["Ed25519", "P-256", "RSA"])
    def test_hold_their_key(self, public: VerifyingKey) -> None:
        by_key = did.document(key.did(public))
        by_jwk = did.document(jwk.did(public))

        assert did.key_for(by_key, key.verification_method(public), at=AT) == public
        assert did.key_for(by_jwk, jwk.did(public) + "#0", at=AT) == public
        assert did.resolve_url(key.did(public)) is None
        assert did.resolve_url(jwk.did(public)) is None

    @pytest.mark.parametrize(
        "name",
        [
            "did:key:",
            "did:key:z6Mk",
            "did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F",
            "did:key:" + "z" * 4000,
            "did:jwk:e30",
            "did:jwk:W10",
            "did:jwk:!!",
            "did:jwk:" + to_base64url(b'{"kty":"OKP","kty":"OKP"}'),
            "did:ion:abc",
            "did:webvh:abc:example.com",
            "not a did",
            "",
        ],
    )
    def test_refuse_what_they_do_not_hold(self, name: str) -> None:
        with pytest.raises(NotADid):
            did.resolve_url(name)

    def test_refuse_a_private_key_in_public(self) -> None:
        private = SigningKey.generate().to_private_jwk()

        with pytest.raises(NotADid, match="private key"):
            did.document("did:jwk:" + to_base64url(json.dumps(private).encode()))

    def test_refuse_to_stand_in_for_a_document_on_the_web(self) -> None:
        with pytest.raises(NotADid, match="fetched"):
            did.document("did:web:rivermouth.example")
        with pytest.raises(NotADid):
            key.document("did:web:rivermouth.example")
        with pytest.raises(NotADid):
            jwk.document("did:web:rivermouth.example")
        with pytest.raises(NotADid):
            web.url("did:key:z6Mk")

    @given(st.text(max_size=200))
    def test_raise_only_our_errors(self, text: str) -> None:
        with pytest.raises(LaurelError):
            did.resolve_url("did:key:" + text)

    def test_hold_no_key_for_agreement_unless_somebody_asks(self) -> None:
        document: Any = key.document(key.did(ED), key_agreement=True)
        (agreed,) = document["keyAgreement"]

        assert "keyAgreement" not in key.document(key.did(ED))
        assert agreed["id"] == f"{key.did(ED)}#{agreed['publicKeyMultibase']}"
        assert agreed["publicKeyMultibase"].startswith("z6LS")
        # Nobody signs with it, under any purpose.
        for purpose in ("assertionMethod", "keyAgreement"):
            with pytest.raises(did.KeyNotFound):
                did.key_for(document, agreed["id"], purpose=purpose, at=AT)

    def test_give_the_key_for_signing_its_id(self) -> None:
        signing = key.with_did_key(SigningKey.generate())

        assert signing.id is not None
        assert did.key_for(did.document(did.did_of(signing.id)), signing.id, at=AT) == signing.public


class TestVectors:
    """The vectors of the did:key specification: our keys and relationships, or a clear no."""

    SUPPORTED = 5 + 2 + 7  # Ed25519, RSA, and P-256, P-384 and P-521
    ALL = 30

    def test_resolve_to_the_same_keys(self) -> None:
        if not VECTORS.is_dir():
            pytest.skip(f"the did:key vectors are not at {VECTORS}")
        resolved = refused = 0
        for path in sorted(VECTORS.glob("*.json")):
            cases = json.loads(path.read_bytes())
            for name, case in cases.get("didDocument", cases).items():
                try:
                    document: Any = key.document(name, key_agreement=True)
                except NotADid:
                    with pytest.raises(NotADid):
                        did.document(name)
                    refused += 1
                    continue
                expected = case["didDocument"]
                assert document["assertionMethod"] == expected["assertionMethod"]
                assert document["authentication"] == expected["authentication"]
                assert document["capabilityInvocation"] == expected["capabilityInvocation"]
                assert document["capabilityDelegation"] == expected["capabilityDelegation"]
                agreed = [one if isinstance(one, str) else one["id"] for one in document["keyAgreement"]]
                assert agreed == expected["keyAgreement"]
                assert did.document(name).items() <= document.items()
                jwks = [
                    case.get("publicKeyJwk"),
                    *(m.get("publicKeyJwk") for m in expected["verificationMethod"][:1]),
                ]
                for public in filter(None, jwks):
                    found = did.key_for(document, expected["assertionMethod"][0], at=AT)
                    assert found.to_jwk() | {"kid": ""} == public | {"kid": ""}
                resolved += 1

        assert (resolved, resolved + refused) == (self.SUPPORTED, self.ALL)


def published(**changes: Any) -> dict[str, Any]:
    """The college's document with its one key changed."""
    document: dict[str, Any] = web.document(COLLEGE, [ED])
    document["verificationMethod"][0] |= changes
    return document


class TestKeyFor:
    METHOD = f"{COLLEGE}#key-1"

    def code(self, document: Any, method: str = METHOD, **more: Any) -> str:
        with pytest.raises(did.KeyNotFound) as caught:
            did.key_for(document, method, at=AT, **more)
        return caught.value.code

    def test_needs_the_document_of_the_same_did(self) -> None:
        other = web.document("did:web:other.example", [])

        assert self.code(other) == "issuer.wrong-document"
        assert self.code({}) == "issuer.wrong-document"

    def test_needs_the_very_method(self) -> None:
        assert self.code(published(), f"{COLLEGE}#key-2") == "issuer.key-not-listed"
        assert self.code(published(), COLLEGE) == "issuer.key-not-listed"
        assert self.code(published(), "key-1") == "issuer.key-not-listed"
        assert self.code(published() | {"verificationMethod": "x"}) == "issuer.key-not-listed"

    def test_never_takes_one_of_two_under_the_same_name(self) -> None:
        document = published()
        document["verificationMethod"].append(dict(document["verificationMethod"][0]))

        assert self.code(document) == "issuer.key-not-listed"

    @pytest.mark.parametrize(
        "proof_for", ["assertionMethod", "authentication", "keyAgreement", "capabilityInvocation"]
    )
    @pytest.mark.parametrize(
        "listed_for", ["assertionMethod", "authentication", "keyAgreement", "capabilityInvocation"]
    )
    def test_respects_the_purpose(self, proof_for: str, listed_for: str) -> None:
        document = {k: v for k, v in published().items() if k not in ("assertionMethod", "authentication")}
        document[listed_for] = [self.METHOD]

        if proof_for == listed_for:
            assert did.key_for(document, self.METHOD, purpose=proof_for, at=AT) == ED
        else:
            assert self.code(document, purpose=proof_for) == "issuer.key-purpose"

    def test_takes_relative_names_and_embedded_methods(self) -> None:
        relative = published(id="#key-1") | {"assertionMethod": ["#key-1"]}
        embedded = published()
        embedded["assertionMethod"] = embedded.pop("verificationMethod")

        assert did.key_for(relative, self.METHOD, at=AT) == ED
        assert did.key_for(embedded, self.METHOD, at=AT) == ED

    @pytest.mark.parametrize("controller", ["did:web:other.example", None, [COLLEGE], 1])
    def test_needs_the_issuer_in_control(self, controller: Any) -> None:
        assert self.code(published(controller=controller)) == "issuer.key-not-listed"

    def test_never_believes_a_revoked_key(self) -> None:
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)

        assert (
            self.code(published(revoked="2026-11-22T09:30:00Z"), signed_at=long_ago) == "issuer.key-revoked"
        )
        assert did.key_for(published(revoked="2026-11-22T09:30:01Z"), self.METHOD, at=AT) == ED

    def test_believes_an_expired_key_for_what_it_signed_before(self) -> None:
        document = published(expires="2026-01-01T00:00:00Z")
        before, after = datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)

        assert did.key_for(document, self.METHOD, at=AT, signed_at=before) == ED
        assert self.code(document, signed_at=after) == "issuer.key-expired"
        assert self.code(document) == "issuer.key-expired"

    @pytest.mark.parametrize("end", ["soon", "", 7, [], "2026-13-01T00:00:00Z"])
    def test_never_guesses_an_end(self, end: Any) -> None:
        assert self.code(published(revoked=end)) == "issuer.key-unusable"

    @pytest.mark.parametrize(
        "change",
        [
            {"publicKeyMultibase": "z6Mk"},
            {"publicKeyMultibase": None},
            {"publicKeyMultibase": 5},
            {"publicKeyJwk": EC.to_jwk()},
            {"type": "JsonWebKey"},
            {"type": "X25519KeyAgreementKey2020"},
            {"type": None},
            {"type": ["Multikey"]},
            {"type": "JsonWebKey", "publicKeyMultibase": None, "publicKeyJwk": {"kty": "oct", "k": "AA"}},
        ],
    )
    def test_says_when_a_key_cannot_be_used(self, change: dict[str, Any]) -> None:
        assert self.code(published(**change)) == "issuer.key-unusable"
