# SPDX-License-Identifier: Apache-2.0
"""Two JWT profiles, never mixed, and never two stories in one token."""

import json
from pathlib import Path
from typing import Any

import pytest

from laurel.errors import LaurelError, NotACredential, NotAKey, ProofFault
from laurel.proof import jose, vc_jwt
from laurel.proof.keys import SigningKey, VerifyingKey

SHARED = Path(__file__).parents[4].parent / "shared"

KEY = SigningKey.from_seed(b"Rivermouth College of Further Ed").with_id("did:web:rivermouth.example#key-1")

CREDENTIAL: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "https://rivermouth.example/c/7K4M-Q2XD",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:rivermouth.example", "type": ["Profile"], "name": "Rivermouth College"},
    "validFrom": "2026-11-22T09:30:00Z",
    "validUntil": "2029-11-22T10:30:00+01:00",
    "credentialSubject": {"id": "did:key:z6MkAmina", "type": ["AchievementSubject"]},
}


def forged(claims: dict[str, Any], **header: Any) -> str:
    """A well-signed JWT with these claims and header members."""
    return jose.encode({"typ": "JWT", "kid": KEY.id} | header, json.dumps(claims).encode(), KEY)


class TestOpenBadgesProfile:
    def test_puts_the_claims_beside_the_credential(self) -> None:
        jwt = vc_jwt.read(vc_jwt.sign(CREDENTIAL, KEY))

        vc_jwt.verify(jwt, KEY.public)
        assert jwt.header == {"alg": "EdDSA", "typ": "JWT", "kid": "did:web:rivermouth.example#key-1"}
        assert jwt.claims == CREDENTIAL | {
            "iss": "did:web:rivermouth.example",
            "jti": "https://rivermouth.example/c/7K4M-Q2XD",
            "nbf": 1795339800,
            "sub": "did:key:z6MkAmina",
            "exp": 1890034200,
        }
        assert jwt.credential == CREDENTIAL
        assert jwt.profile == "open-badges-3.0"

    def test_leaves_out_what_the_credential_lacks(self) -> None:
        named = CREDENTIAL | {"credentialSubject": {"type": ["AchievementSubject"]}}
        del named["validUntil"]

        claims = vc_jwt.read(vc_jwt.sign(named, KEY)).claims

        assert "sub" not in claims
        assert "exp" not in claims

    @pytest.mark.parametrize("missing", ["id", "issuer", "validFrom"])
    def test_needs_what_the_claims_are_made_of(self, missing: str) -> None:
        partial = {name: value for name, value in CREDENTIAL.items() if name != missing}

        with pytest.raises(ValueError, match="needs an issuer"):
            vc_jwt.sign(partial, KEY)

    @pytest.mark.parametrize(
        "claim",
        [
            {"iss": "did:web:attacker.example"},
            {"iss": ["did:web:rivermouth.example"]},
            {"jti": "https://rivermouth.example/c/other"},
            {"sub": "did:key:z6MkZoe"},
            {"nbf": 1795339801},
            {"exp": 1990034200},
            {"exp": None},
            {"nbf": "2026-11-22T09:30:00Z"},
            {"nbf": True},
        ],
    )
    def test_never_tells_two_stories(self, claim: dict[str, Any]) -> None:
        with pytest.raises(ProofFault):
            vc_jwt.read(forged(CREDENTIAL | claim))

    def test_names_no_issuer_that_the_document_does_not(self) -> None:
        anonymous = {name: value for name, value in CREDENTIAL.items() if name != "issuer"}

        with pytest.raises(ProofFault):
            vc_jwt.read(forged(anonymous | {"iss": "did:web:rivermouth.example"}))

    @pytest.mark.parametrize("header", [{"kid": 7}, {"jwk": "z6Mk"}, {"kid": ["a"]}])
    def test_names_its_key_in_the_right_shape(self, header: dict[str, Any]) -> None:
        with pytest.raises(ProofFault):
            vc_jwt.read(forged(CREDENTIAL, **header))


class TestJoseCoseProfile:
    def test_signs_the_credential_as_it_is(self) -> None:
        jwt = vc_jwt.read(vc_jwt.sign(CREDENTIAL, KEY, profile="vc-jose-cose"))

        vc_jwt.verify(jwt, KEY.public)
        assert jwt.header["typ"] == "vc+jwt"
        assert jwt.header["cty"] == "vc"
        assert jwt.claims == CREDENTIAL
        assert jwt.profile == "vc-jose-cose"

    @pytest.mark.parametrize("member", ["vc", "vp"])
    def test_holds_no_older_wrapping(self, member: str) -> None:
        with pytest.raises(NotACredential):
            vc_jwt.read(forged(CREDENTIAL | {member: {}}, typ="vc+jwt"))

    @pytest.mark.parametrize("kid", ["key-1", "#key-1", "", None])
    def test_without_iss_names_its_key_by_an_absolute_address(self, kid: str | None) -> None:
        header = {"typ": "vc+jwt"} | ({} if kid is None else {"kid": kid})

        with pytest.raises(ProofFault) as caught:
            vc_jwt.read(jose.encode(header, json.dumps(CREDENTIAL).encode(), KEY))
        assert caught.value.code == "proof.kid"
        named = CREDENTIAL | {"iss": "did:web:rivermouth.example"}
        assert vc_jwt.read(jose.encode(header, json.dumps(named).encode(), KEY)).kid == kid

    @pytest.mark.parametrize("name", ["iss", "sub"])
    def test_repeats_no_claim_with_another_value_in_its_header(self, name: str) -> None:
        with pytest.raises(ProofFault):
            vc_jwt.read(
                forged(CREDENTIAL | {name: "did:web:rivermouth.example"}, typ="vc+jwt", **{name: "x"})
            )

    def test_lets_the_signature_end_before_the_credential(self) -> None:
        jwt = vc_jwt.read(forged(CREDENTIAL | {"exp": 1800000000}, typ="vc+jwt"))

        assert jwt.expires == 1800000000


class TestType:
    @pytest.mark.parametrize("typ", ["vp+jwt", "dc+sd-jwt", "bad+typ", "statuslist+jwt", "at+jwt", 7, None])
    def test_of_something_else_is_refused(self, typ: Any) -> None:
        with pytest.raises(NotACredential):
            vc_jwt.read(forged(CREDENTIAL, typ=typ))

    @pytest.mark.parametrize("typ", ["VC+JWT", "application/vc+jwt", "vc+jwt"])
    def test_is_a_media_type_and_so_without_case(self, typ: str) -> None:
        assert vc_jwt.read(forged(CREDENTIAL, typ=typ)).profile == "vc-jose-cose"

    def test_of_the_content_is_a_credential(self) -> None:
        with pytest.raises(NotACredential):
            vc_jwt.read(forged(CREDENTIAL, typ="vc+jwt", cty="bad+cty"))

    @pytest.mark.parametrize("payload", [b"[]", b'"text"', b"null"])
    def test_of_the_payload_is_an_object(self, payload: bytes) -> None:
        with pytest.raises(NotACredential):
            vc_jwt.read(jose.encode({"typ": "JWT"}, payload, KEY))


class TestVersion1:
    def test_is_read_from_inside_vc(self) -> None:
        inner = {"type": ["VerifiableCredential"], "issuanceDate": "2020-01-01T00:00:00Z"}

        jwt = vc_jwt.read(
            forged({"iss": "did:web:a.example", "jti": "urn:x:1", "nbf": 1577836800, "vc": inner})
        )

        assert jwt.profile == "vc-data-model-1.1"
        assert jwt.credential == inner | {"id": "urn:x:1", "issuer": "did:web:a.example"}

    def test_never_tells_two_stories(self) -> None:
        with pytest.raises(ProofFault):
            vc_jwt.read(forged({"iss": "did:web:a.example", "vc": {"issuer": "did:web:b.example"}}))

    def test_needs_an_object(self) -> None:
        with pytest.raises(NotACredential):
            vc_jwt.read(forged({"vc": "oops"}))


class TestSigning:
    def test_needs_a_key_that_can_be_found(self) -> None:
        with pytest.raises(NotAKey):
            vc_jwt.sign(CREDENTIAL, SigningKey.from_seed(bytes(range(32))))


class TestW3cExamples:
    """The JOSE files of the VC-JOSE-COSE test suite."""

    FOLDER = SHARED / "hostile" / "vc-jose-cose-input"
    # ES512 is no algorithm of ours.
    EXPECTED = {
        "credential-jose-minimal.txt": True,
        "credential-issuer-match-signed.txt": True,
        "credential-jose-bad-media-type.txt": False,
        "credential-jose-bad-signature.txt": False,
        "credential-jose-vc-vp-claims.txt": False,
        "credential-jose-unknown-extensions.txt": False,
        "presentation-jose-bad-credential.txt": False,
        "presentation-jose-bad-media-type.txt": False,
        "presentation-jose-multiple.txt": False,
    }

    def test_are_accepted_or_refused_as_named(self) -> None:
        if not self.FOLDER.is_dir():
            pytest.skip(f"the VC-JOSE-COSE files are not at {self.FOLDER}")
        names = {path.name for path in self.FOLDER.glob("*-jose-*.txt")} | {
            "credential-issuer-match-signed.txt"
        }

        assert {name: self._accepts(name) for name in names} == self.EXPECTED

    def _accepts(self, name: str) -> bool:
        keys = [
            json.loads((self.FOLDER / f).read_bytes())["publicKeyJwk"]
            for f in ("vm-ed25519.json", "vm-p256.json")
        ]
        try:
            jwt = vc_jwt.read((self.FOLDER / name).read_text().strip())
            jwk = next(jwk for jwk in keys if jwk["kid"] == jwt.kid)
            vc_jwt.verify(jwt, VerifyingKey.from_jwk(jwk))
        except (LaurelError, StopIteration):
            return False
        return True
