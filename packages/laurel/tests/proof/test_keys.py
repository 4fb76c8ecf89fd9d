# SPDX-License-Identifier: Apache-2.0
"""Keys of strangers are read strictly, and our own never show their secret."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurel.errors import NotAKey
from laurel.proof.encodings import NotCanonical, from_base58btc, from_base64url, to_base58btc, to_base64url
from laurel.proof.keys import Kind, SigningKey, VerifyingKey

ROOT = Path(__file__).parents[4]
WYCHEPROOF = ROOT.parent / "shared" / "hostile" / "wycheproof"

KINDS: tuple[Kind, ...] = ("ed25519", "p256", "p384", "p521", "rsa2048")
RSA = SigningKey.generate("rsa2048")  # slow to make, so made once
KEYS = {
    "ed25519": SigningKey.from_seed(b"Rivermouth College of Further Ed"),
    "p256": SigningKey.generate("p256"),
    "p384": SigningKey.generate("p384"),
    "p521": SigningKey.generate("p521"),
}
KEYS["rsa2048"] = RSA


@pytest.mark.parametrize("kind", KINDS)
class TestSigningKey:
    def test_signs_what_its_public_half_accepts(self, kind: Kind) -> None:
        key = KEYS[kind]

        signature = key.sign(b"Home battery installer")

        assert key.public.verify(b"Home battery installer", signature)
        assert not key.public.verify(b"Home battery installers", signature)
        assert not key.public.verify(b"Home battery installer", signature[:-1] + bytes([signature[-1] ^ 1]))
        assert not key.public.verify(b"Home battery installer", b"")

    def test_signs_the_same_to_the_same_bytes(self, kind: Kind) -> None:
        assert KEYS[kind].sign(b"sample") == KEYS[kind].sign(b"sample")

    def test_comes_back_from_its_jwk_with_its_id(self, kind: Kind) -> None:
        key = KEYS[kind].with_id("did:web:rivermouth.example#key-1")

        again = SigningKey.from_jwk(json.loads(json.dumps(key.to_private_jwk())))

        assert again.public == key.public
        assert again.id == "did:web:rivermouth.example#key-1"
        assert key.public.verify(b"same", again.sign(b"same"))

    def test_never_shows_its_secret(self, kind: Kind) -> None:
        key = KEYS[kind]
        secrets = [value for name, value in key.to_private_jwk().items() if name in {"d", "p", "q"}]

        shown = repr(key) + str(key) + repr(key.public)

        assert secrets
        assert not any(secret in shown for secret in secrets)

    def test_refuses_a_jwk_of_two_different_halves(self, kind: Kind) -> None:
        if kind == "rsa2048":
            mixed = RSA.to_private_jwk() | {"e": "Aw"}
        else:
            mixed = SigningKey.generate(kind).to_private_jwk() | KEYS[kind].public.to_jwk()

        with pytest.raises(NotAKey):
            SigningKey.from_jwk(mixed)

    def test_is_not_made_from_a_public_jwk(self, kind: Kind) -> None:
        with pytest.raises(NotAKey, match="no private part"):
            SigningKey.from_jwk(KEYS[kind].public.to_jwk())


@pytest.mark.parametrize("kind", KINDS)
class TestVerifyingKey:
    def test_comes_back_from_its_multikey(self, kind: Kind) -> None:
        public = KEYS[kind].public

        assert VerifyingKey.from_multikey(public.to_multikey()) == public

    def test_comes_back_from_its_jwk(self, kind: Kind) -> None:
        public = KEYS[kind].public

        assert VerifyingKey.from_jwk(public.to_jwk()) == public

    def test_refuses_a_private_jwk(self, kind: Kind) -> None:
        with pytest.raises(NotAKey, match="private key"):
            VerifyingKey.from_jwk(KEYS[kind].to_private_jwk())

    @pytest.mark.parametrize(
        "said",
        [
            {"use": "enc"},
            {"use": None},
            {"key_ops": ["sign"]},
            {"key_ops": []},
            {"key_ops": "verify"},
            {"alg": "HS256"},
            {"alg": "none"},
            {"alg": "PS256"},
            {"kid": 7},
        ],
    )
    def test_respects_what_the_owner_allowed(self, kind: Kind, said: dict[str, Any]) -> None:
        with pytest.raises(NotAKey):
            VerifyingKey.from_jwk(KEYS[kind].public.to_jwk() | said)

    def test_takes_a_key_that_is_for_checking(self, kind: Kind) -> None:
        jwk = KEYS[kind].public.to_jwk() | {"use": "sig", "key_ops": ["verify"], "kid": "#key-1"}

        assert VerifyingKey.from_jwk(jwk).id == "#key-1"

    def test_prefixes_are_the_known_ones(self, kind: Kind) -> None:
        prefix = {"ed25519": "z6Mk", "p256": "zDna", "p384": "z82L", "p521": "z2J9", "rsa2048": "z4MX"}[kind]

        assert KEYS[kind].public.to_multikey().startswith(prefix)


ED = KEYS["ed25519"].public


class TestStrangeKeys:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "z",
            "z6Mk",
            "u7QEAAAA",
            ED.to_multikey()[1:],
            ED.to_multikey() + " ",
            ED.to_multikey() + "\n",
            ED.to_multikey() + "1",
            ED.to_multikey().replace("z6Mk", "z6Ml0", 1),
            "z" + "1" * 100_000,
            to_base58btc(b"\xec\x01" + bytes(32)),  # X25519: for secrets, not for signatures
        ],
    )
    def test_refuses_a_text_that_is_no_multikey(self, text: str) -> None:
        with pytest.raises(NotAKey):
            VerifyingKey.from_multikey(text)

    @pytest.mark.parametrize("y", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18, 2**255 - 1])
    @pytest.mark.parametrize("sign", [0, 1])
    def test_refuses_ed25519_points_that_bind_nobody(self, y: int, sign: int) -> None:
        with pytest.raises(NotAKey):
            VerifyingKey("Ed25519", (y | sign << 255).to_bytes(32, "little"))

    @pytest.mark.parametrize(
        "change",
        [
            {"x": ED.to_jwk()["x"] + "="},
            {"x": ED.to_jwk()["x"] + "AA"},
            {"x": ED.to_jwk()["x"][:-2]},
            {"x": 5},
            {"x": None},
            {"crv": "X25519"},
            {"crv": "Ed448"},
            {"kty": "oct", "k": "AAAA"},
            {"kty": ["OKP"]},
        ],
    )
    def test_refuses_a_jwk_that_is_no_key(self, change: dict[str, Any]) -> None:
        with pytest.raises(NotAKey):
            VerifyingKey.from_jwk(ED.to_jwk() | change)

    def test_refuses_a_point_beside_the_curve(self) -> None:
        jwk = KEYS["p256"].public.to_jwk()

        with pytest.raises(NotAKey):
            VerifyingKey.from_jwk(jwk | {"y": jwk["x"]})

    def test_refuses_an_rsa_key_that_is_too_small(self) -> None:
        with pytest.raises(NotAKey, match="bits"):
            VerifyingKey.from_jwk({"kty": "RSA", "e": "AQAB", "n": to_base64url(b"\xc1" * 128)})

    def test_refuses_an_unknown_kind(self) -> None:
        with pytest.raises(ValueError, match="unknown kind"):
            SigningKey.generate("dsa")  # type: ignore[arg-type]  # what an untyped caller may send

    def test_refuses_a_short_seed(self) -> None:
        with pytest.raises(NotAKey):
            SigningKey.from_seed(b"short")


class TestEncodings:
    @given(st.binary(max_size=80))
    def test_come_back(self, data: bytes) -> None:
        assert from_base64url(to_base64url(data)) == data
        if data:
            assert from_base58btc(to_base58btc(data)) == data

    @pytest.mark.parametrize("text", ["AA==", "AB", "A", "A+", "A/", "AA\n", " AA", "AAA\u0661", "ÅA"])
    def test_refuse_a_second_spelling_of_base64url(self, text: str) -> None:
        with pytest.raises(NotCanonical):
            from_base64url(text)

    @pytest.mark.parametrize("text", ["z0", "zI", "zl", "zO", "", "Z1", "z1 ", "z1\n", "z\u0661"])
    def test_refuse_letters_outside_base58(self, text: str) -> None:
        with pytest.raises(NotCanonical):
            from_base58btc(text)


def _wycheproof(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    if not WYCHEPROOF.is_dir():
        pytest.skip(f"the Wycheproof vectors are not at {WYCHEPROOF}")
    suite = json.loads((WYCHEPROOF / name).read_bytes())
    cases = [(group, case) for group in suite["testGroups"] for case in group["tests"]]
    assert len(cases) == suite["numberOfTests"], "the corpus shrank"
    return cases


class TestWycheproof:
    """Every vector of the algorithms we use; a deviation must be listed with its reason."""

    EXPECTED_DEVIATIONS: dict[tuple[str, int], str] = {}

    @pytest.mark.parametrize(
        ("name", "count"),
        [
            ("ed25519_test.json", 151),
            ("ecdsa_secp256r1_sha256_p1363_test.json", 262),
            ("ecdsa_secp384r1_sha384_p1363_test.json", 280),
            ("rsa_signature_2048_sha256_test.json", 259),
        ],
    )
    def test_gives_the_expected_answer(self, name: str, count: int) -> None:
        wrong = set()
        ran = 0
        for group, case in _wycheproof(name):
            key = self._key(group)
            accepted = key.verify(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            if accepted != (case["result"] == "valid") and case["result"] != "acceptable":
                wrong.add((name, case["tcId"]))
            ran += 1

        assert ran == count
        assert wrong == {deviation for deviation in self.EXPECTED_DEVIATIONS if deviation[0] == name}

    @staticmethod
    def _key(group: dict[str, Any]) -> VerifyingKey:
        if group["type"].startswith("Eddsa"):
            return VerifyingKey("Ed25519", bytes.fromhex(group["publicKey"]["pk"]))
        if group["type"].startswith("Rsassa"):
            return VerifyingKey("RSA", bytes.fromhex(group["publicKeyAsn"]))
        curve = {"secp256r1": "P-256", "secp384r1": "P-384"}[group["publicKey"]["curve"]]
        size = {"P-256": 32, "P-384": 48}[curve]
        x, y = (to_base64url(int(group["publicKey"][part], 16).to_bytes(size)) for part in ("wx", "wy"))
        return VerifyingKey.from_jwk({"kty": "EC", "crv": curve, "x": x, "y": y})
