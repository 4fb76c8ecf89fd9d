# SPDX-License-Identifier: Apache-2.0
"""A JWS is read one way or not at all, and its header decides nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurel.errors import LaurelError, ProofFault, TooLarge
from laurel.proof import jose
from laurel.proof.encodings import to_base64url
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.strictjson import JsonValue

WYCHEPROOF = Path(__file__).parents[4].parent / "shared" / "hostile" / "wycheproof"

KEY = SigningKey.from_seed(b"Rivermouth College of Further Ed")
EC_KEY = SigningKey.generate("p256")
RSA_KEY = SigningKey.generate("rsa2048")
KEYS = {
    key.jose_algorithm: key
    for key in (KEY, EC_KEY, SigningKey.generate("p384"), SigningKey.generate("p521"), RSA_KEY)
}
PAYLOAD = b'{"name":"Home battery installer"}'


def resigned(header: JsonValue, key: SigningKey = KEY) -> str:
    """A JWS whose header is exactly this, with a signature that holds."""
    signing_input = f"{to_base64url(json.dumps(header).encode())}.{to_base64url(PAYLOAD)}"
    return f"{signing_input}.{to_base64url(key.sign(signing_input.encode()))}"


class TestRoundTrip:
    @pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
    def test_what_was_encoded_verifies(self, key: SigningKey) -> None:
        text = jose.encode({"typ": "JWT", "kid": "did:web:rivermouth.example#1", "alg": "none"}, PAYLOAD, key)

        jws = jose.decode(text)

        jose.verify(jws, key.public)
        assert jws.payload == PAYLOAD
        assert jws.header == {
            "alg": key.jose_algorithm,
            "typ": "JWT",
            "kid": "did:web:rivermouth.example#1",
        }

    @given(st.data())
    def test_one_changed_character_never_verifies(self, data: st.DataObject) -> None:
        text = jose.encode({"typ": "JWT"}, PAYLOAD, KEY)
        place = data.draw(st.integers(0, len(text) - 1))
        letter = data.draw(st.characters(min_codepoint=0x20, max_codepoint=0x17F))
        changed = text[:place] + letter + text[place + 1 :]

        if changed == text:
            return
        with pytest.raises(LaurelError):
            jose.verify(jose.decode(changed), KEY.public)

    @given(st.text(max_size=300))
    def test_only_our_errors_come_out_of_any_text(self, text: str) -> None:
        with pytest.raises(LaurelError):
            jose.decode(text)


class TestHeader:
    @pytest.mark.parametrize("member", [{"jwk": {"kty": "OKP"}}, {"x": [1]}, {"kid": "a"}])
    def test_is_a_tokens_own(self, member: dict[str, Any]) -> None:
        """Symptom: whoever changed what stood inside a header changed it for every later token with the same."""
        first = jose.decode(resigned({"alg": "EdDSA"} | member))
        for name in member:
            inside: Any = first.header[name]
            if isinstance(inside, str):
                first.header[name] = "other"  # type: ignore[index]  # a caller may
            else:
                inside.clear()

        assert jose.decode(resigned({"alg": "EdDSA"} | member)).header == {"alg": "EdDSA"} | member

    @pytest.mark.parametrize(
        "member",
        [
            {"crit": ["exp"], "exp": 1},
            {"crit": []},
            {"b64": False},
            {"b64": True},
            {"zip": "DEF"},
            {"jku": "https://attacker.example/keys"},
            {"x5u": "https://attacker.example/cert"},
            {"x5c": ["MII"]},
            {"enc": "A256GCM"},
        ],
    )
    def test_never_asks_for_something_clever(self, member: dict[str, Any]) -> None:
        jws = jose.decode(resigned({"alg": "EdDSA"} | member))

        with pytest.raises(ProofFault) as caught:
            jose.verify(jws, KEY.public)

        assert caught.value.code == "proof.unsupported"

    @pytest.mark.parametrize(
        "alg", ["none", "None", "HS256", "ES256", "RS256", "eddsa", "", None, 7, ["EdDSA"], {"a": 1}]
    )
    def test_never_chooses_the_algorithm(self, alg: Any) -> None:
        jws = jose.decode(resigned({"alg": alg}))

        with pytest.raises(ProofFault) as caught:
            jose.verify(jws, KEY.public)

        assert caught.value.code == "proof.algorithm"

    def test_must_name_an_algorithm(self) -> None:
        with pytest.raises(ProofFault):
            jose.verify(jose.decode(resigned({"typ": "JWT"})), KEY.public)

    def test_may_call_eddsa_by_its_newer_name(self) -> None:
        jose.verify(jose.decode(resigned({"alg": "Ed25519"})), KEY.public)

    @pytest.mark.parametrize("header", [[], "EdDSA", None, 1])
    def test_is_an_object(self, header: Any) -> None:
        with pytest.raises(jose.NotAJws):
            jose.decode(resigned(header))

    def test_never_doubles_a_member(self) -> None:
        twice = to_base64url(b'{"alg":"none","alg":"EdDSA"}')

        with pytest.raises(jose.NotAJws, match="twice"):
            jose.decode(f"{twice}.{to_base64url(PAYLOAD)}.AAAA")

    def test_never_nests_without_end(self) -> None:
        deep = to_base64url(b'{"a":' * 900 + b"1" + b"}" * 900)

        with pytest.raises(jose.NotAJws):
            jose.decode(f"{deep}.{to_base64url(PAYLOAD)}.AAAA")


class TestSize:
    def test_is_bounded(self) -> None:
        with pytest.raises(TooLarge):
            jose.decode("A" * 50_000_000)


class TestWycheproof:
    """510 JOSE vectors: no wrong one is accepted; the right ones we turn down are listed by their key."""

    # HMAC is no signature a stranger can check; the others are outside what OB 3.0 and the W3C profile ask.
    UNSUPPORTED = {"HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "PS384", "PS512", "ES521"}

    @staticmethod
    def _suite(name: str) -> dict[str, Any]:
        if not WYCHEPROOF.is_dir():
            pytest.skip(f"the Wycheproof vectors are not at {WYCHEPROOF}")
        suite: dict[str, Any] = json.loads((WYCHEPROOF / name).read_bytes())
        return suite

    @pytest.mark.parametrize(
        ("name", "count", "right"),
        [
            ("json_web_signature_test.json", 401, 10),
            ("json_web_crypto_test.json", 83, 2),
            ("json_web_key_test.json", 26, 1),
        ],
    )
    def test_gives_the_expected_answer(self, name: str, count: int, right: int) -> None:
        ran = accepted = 0
        for group in self._suite(name)["testGroups"]:
            jwk = group.get("public") or group["private"]
            for case in group["tests"]:
                ran += 1
                algorithms = {member.get("alg") for member in jwk.get("keys", [jwk])}
                expected = case["result"] == "valid" and not algorithms & self.UNSUPPORTED
                if "jws" not in case or not isinstance(case["jws"], str):
                    continue  # encryption, and the JSON serialisation, are nothing we read
                got = self._accepts(case["jws"], jwk)
                accepted += got
                assert got == expected, (case["tcId"], group["comment"], case["comment"])

        assert ran == count
        assert accepted == right

    @staticmethod
    def _accepts(text: str, jwk: dict[str, Any]) -> bool:
        try:
            jws = jose.decode(text)
            named = [
                member for member in jwk.get("keys", [jwk]) if member.get("kid") == jws.header.get("kid")
            ]
            jose.verify(jws, VerifyingKey.from_jwk(named[0] if "keys" in jwk and named else jwk))
        except LaurelError:
            return False
        return True
