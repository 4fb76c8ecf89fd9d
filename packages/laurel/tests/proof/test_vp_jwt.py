# SPDX-License-Identifier: Apache-2.0
"""Presentations as JWT: two forms that are never mixed, with enveloped credentials only in today's."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from laurel.errors import LaurelError, NotACredential, NotAKey, ProofFault
from laurel.proof import jose, vc_jwt, vp_jwt
from laurel.proof.keys import SigningKey

KEY = SigningKey.from_seed(b"Rivermouth College of Further Ed").with_id("did:web:rivermouth.example#key-1")
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

ENVELOPED: dict[str, Any] = {
    "@context": "https://www.w3.org/ns/credentials/v2",
    "type": "EnvelopedVerifiableCredential",
    "id": "data:application/vc+jwt,eyJhbGciOiJFUzI1NiJ9.e30.AAAA",
}
PRESENTATION: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5",
    "type": ["VerifiablePresentation"],
    "holder": "did:web:rivermouth.example",
    "verifiableCredential": [ENVELOPED],
}
OLDER = PRESENTATION | {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "verifiableCredential": ["eyJhbGciOiJFUzI1NiJ9.e30.AAAA"],
}


def signed(**changes: Any) -> str:
    return vp_jwt.sign(PRESENTATION | changes, KEY, audience="https://v.example", nonce="n-1", issued_at=AT)


def forged(claims: dict[str, Any], **header: Any) -> str:
    """A well-signed JWT with these claims and header members."""
    return jose.encode({"typ": "vp+jwt", "kid": KEY.id} | header, json.dumps(claims).encode(), KEY)


class TestRoundTrip:
    def test_gives_the_presentation_and_whom_it_is_for(self) -> None:
        jwt = vp_jwt.read(signed())

        vp_jwt.verify(jwt, KEY.public)
        assert jwt.header == {"alg": "EdDSA", "typ": "vp+jwt", "cty": "vp", "kid": KEY.id}
        assert jwt.presentation == PRESENTATION
        assert (jwt.audience, jwt.nonce, jwt.issued_at) == (("https://v.example",), "n-1", 1795339800)
        assert (jwt.profile, jwt.holder, jwt.expires) == ("vc-jose-cose", "did:web:rivermouth.example", None)

    def test_of_the_older_form_gives_the_same(self) -> None:
        text = vp_jwt.sign(OLDER, KEY, audience=None, nonce=None, profile="vc-data-model-1.1", expires=AT)

        jwt = vp_jwt.read(text)

        vp_jwt.verify(jwt, KEY.public)
        assert jwt.header["typ"] == "JWT"
        assert jwt.claims == {
            "iss": "did:web:rivermouth.example",
            "jti": PRESENTATION["id"],
            "exp": 1795339800,
            "vp": OLDER,
        }
        assert (jwt.presentation, jwt.audience, jwt.nonce) == (OLDER, (), None)

    def test_of_a_changed_copy_does_not_verify(self) -> None:
        jwt = vp_jwt.read(signed())
        other = vp_jwt.read(signed(holder="did:web:mallory.example"))
        swapped = f"{other.jws.signing_input.decode()}.{jwt.jws.encoded_signature}"

        with pytest.raises(ProofFault):
            vp_jwt.verify(vp_jwt.read(swapped), KEY.public)


class TestSigning:
    def test_needs_a_key_that_can_be_found(self) -> None:
        with pytest.raises(NotAKey):
            vp_jwt.sign(PRESENTATION, SigningKey.from_seed(bytes(range(32))), audience=None, nonce=None)

    @pytest.mark.parametrize(
        "change",
        [
            {"type": ["VerifiableCredential"]},
            {"type": None},
            {"verifiableCredential": [{"type": ["VerifiableCredential"]}]},
            {"verifiableCredential": ["eyJhbGciOiJFUzI1NiJ9.e30.AAAA"]},
            {"verifiableCredential": [ENVELOPED | {"id": "https://a.example/vc"}]},
            {"verifiableCredential": [ENVELOPED | {"id": "not-a-credential"}]},
            {"verifiableCredential": [ENVELOPED | {"type": "VerifiableCredential"}]},
            {"verifiableCredential": [ENVELOPED | {"id": "data:application/vc+jwt,"}]},
        ],
    )
    def test_is_of_presentations_with_enveloped_credentials(self, change: dict[str, Any]) -> None:
        with pytest.raises(NotACredential):
            signed(**change)

    @pytest.mark.parametrize("name", ["nonce", "aud", "exp", "iss"])
    def test_leaves_the_names_of_the_jwt_alone(self, name: str) -> None:
        with pytest.raises(ProofFault):
            signed(**{name: "x"})


class TestReading:
    @pytest.mark.parametrize("typ", ["vc+jwt", "vp+sd-jwt", "kb+jwt", "dc+sd-jwt", "JWT", "at+jwt", 7, None])
    def test_takes_no_other_type(self, typ: Any) -> None:
        with pytest.raises(NotACredential):
            vp_jwt.read(forged(PRESENTATION, typ=typ))

    @pytest.mark.parametrize("member", ["vc", "vp"])
    def test_mixes_no_forms(self, member: str) -> None:
        with pytest.raises(NotACredential):
            vp_jwt.read(forged(PRESENTATION | {member: {}}))
        with pytest.raises(NotACredential):
            vp_jwt.read(forged({"vp": OLDER, "vc": {}}, typ="JWT"))

    def test_takes_no_other_content(self) -> None:
        with pytest.raises(NotACredential):
            vp_jwt.read(forged(PRESENTATION, cty="vc"))

    @pytest.mark.parametrize(
        "claim",
        [
            {"iss": "did:web:mallory.example"},
            {"jti": "urn:uuid:1"},
            {"aud": 7},
            {"aud": ["https://v.example", 7]},
            {"nonce": 7},
            {"exp": "2026-11-22T09:30:00Z"},
            {"iat": True},
        ],
    )
    def test_refuses_claims_that_contradict_or_are_none(self, claim: dict[str, Any]) -> None:
        with pytest.raises(ProofFault):
            vp_jwt.read(forged(PRESENTATION | claim))

    def test_refuses_a_header_that_names_another_receiver(self) -> None:
        with pytest.raises(ProofFault):
            vp_jwt.read(forged(PRESENTATION | {"aud": "https://v.example"}, aud="https://w.example"))

    def test_is_never_that_of_a_credential(self) -> None:
        with pytest.raises(LaurelError):
            vc_jwt.read(signed())
        with pytest.raises(LaurelError):
            vc_jwt.read(forged({"vp": OLDER}, typ="JWT"))
