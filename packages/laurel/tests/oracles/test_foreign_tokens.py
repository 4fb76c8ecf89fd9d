# SPDX-License-Identifier: Apache-2.0
"""Other people's software takes our tokens, and we take theirs: SD-JWT by sd-jwt-js, JWT by jose.

Skips where node or the packages of the lock file cannot be had; required as the other oracles are.
"""

import json
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest
from samples import golden_document
from test_foreign_verifiers import FOLDER, installed

from laurel.errors import LaurelError
from laurel.proof import sd_jwt, sd_jwt_vc, vc_jwt, vc_sd_jwt, vp_jwt
from laurel.proof.keys import SigningKey

__all__ = ["installed"]

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ISSUERS = {
    "EdDSA": SigningKey.from_seed(b"Fernhill College signs with this").with_id(
        "did:web:fernhill.example#key-1"
    ),
    "ES256": SigningKey.generate("p256").with_id("did:web:fernhill.example#key-2"),
}
HOLDER = SigningKey.generate("p256")
AUDIENCE, NONCE = "https://verifier.example", "n-0S6_WzA2Mj"

CLAIMS: dict[str, Any] = {
    "iss": "https://fernhill.example",
    "vct": "https://fernhill.example/types/diploma",
    "iat": int(AT.timestamp()) - 1000,
    "exp": int(AT.timestamp()) + 100_000,
    "name": "Amina Haddad, أمينة حداد",
    "address": {"street": "Quay 7", "city": "Rivermouth"},
    "marks": [9, 8.5, None],
    "cnf": {"jwk": {name: value for name, value in HOLDER.public.to_jwk().items() if name != "kid"}},
}
POINTERS = ("/name", "/address", "/address/city", "/address/street", "/marks/0", "/marks/2")
FRAME = {"_sd": ["name", "address"], "address": {"_sd": ["street", "city"]}, "marks": {"_sd": [0, 2]}}
SHOWN_POINTERS = ("/address/city", "/marks/2")
SHOWN_FRAME = {"address": {"city": True}, "marks": {2: True}}
SHOWN = {name: value for name, value in CLAIMS.items() if name != "name"} | {
    "address": {"city": "Rivermouth"},
    "marks": [8.5, None],
}


def ask(node: str, *requests: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the answers to requests, in their order, and the versions that gave them."""
    done = subprocess.run(
        [node, "sd_jwt_oracle.js"],
        cwd=FOLDER,
        input=json.dumps({"now": AT.isoformat(), "requests": requests}).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    output = json.loads(done.stdout)
    return output["answers"], output["versions"]


def edits(text: str) -> dict[str, str]:
    """Copies of an SD-JWT that nobody may take."""
    token, *shown, bound = text.split("~")
    header, payload, signature = token.split(".")
    other = sd_jwt.sign(CLAIMS | {"name": "Mallory"}, ISSUERS["EdDSA"], header={"typ": "dc+sd-jwt"}).split(
        "."
    )
    return {
        "another payload": "~".join([f"{header}.{other[1]}.{signature}", *shown, bound]),
        "another signature": "~".join([f"{header}.{payload}.{other[2][:-1]}", *shown, bound]),
        "another algorithm": "~".join([f"eyJhbGciOiJub25lIn0.{payload}.", *shown, bound]),
        "another choice": "~".join([token, *shown[:-1], bound]),
        "no binding": "~".join([token, *shown, ""]),
    }


def takes(text: str, key: SigningKey, *, nonce: str = NONCE) -> dict[str, Any] | None:
    """Return what laurel reads, or None where it refuses."""
    try:
        read = sd_jwt.read(text)
        sd_jwt.verify(read, key.public)
        sd_jwt.verify_binding(read, audience=AUDIENCE, nonce=nonce, at=AT)
    except LaurelError:
        return None
    return dict(read.claims)


class TestSdJwtJs:
    @pytest.mark.parametrize("algorithm", sorted(ISSUERS))
    @pytest.mark.parametrize("hashed", ["sha-256", "sha-384", "sha-512"])
    def test_takes_what_laurel_makes_and_no_changed_copy(
        self, installed: str, algorithm: str, hashed: str
    ) -> None:
        key = ISSUERS[algorithm]
        text = sd_jwt_vc.sign(CLAIMS, key, disclosable=POINTERS, algorithm=hashed, decoys=2)
        shown = sd_jwt.present(text, SHOWN_POINTERS, key=HOLDER, audience=AUDIENCE, nonce=NONCE, issued_at=AT)
        asked = {"op": "verify", "vc": True, "key": key.public.to_jwk(), "nonce": NONCE}

        answers, versions = ask(
            installed,
            asked | {"text": text, "nonce": None},
            asked | {"text": shown},
            asked | {"text": shown, "nonce": "another"},
            *(asked | {"text": changed} for changed in edits(shown).values()),
        )

        print(f"\n{versions}")
        whole, chosen, *refused = answers
        assert whole.get("claims") == CLAIMS, whole
        assert chosen.get("claims") == SHOWN, chosen
        assert chosen["binding"]["aud"] == AUDIENCE
        assert [answer["verified"] for answer in refused] == [False] * 6, refused
        assert takes(shown, key) == SHOWN
        assert takes(shown, key, nonce="another") is None
        assert [takes(changed, key) for changed in edits(shown).values()] == [None] * 5

    @pytest.mark.parametrize("algorithm", sorted(ISSUERS))
    def test_makes_what_laurel_takes(self, installed: str, algorithm: str) -> None:
        key = ISSUERS[algorithm]
        ((made,), _) = ask(
            installed,
            {"op": "issue", "vc": True, "claims": CLAIMS, "frame": FRAME, "key": key.to_private_jwk()},
        )
        binding = {"key": HOLDER.to_private_jwk(), "audience": AUDIENCE, "nonce": NONCE}
        ((shown,), _) = ask(
            installed, {"op": "present", "text": made["text"], "frame": SHOWN_FRAME} | binding
        )

        whole = sd_jwt_vc.read(made["text"])
        sd_jwt_vc.verify(whole, key.public)
        assert whole.credential == CLAIMS
        assert set(whole.sd_jwt.disclosed) == set(POINTERS)
        assert takes(shown["text"], key) == SHOWN
        assert takes(shown["text"], key, nonce="another") is None
        assert [takes(changed, key) for changed in edits(shown["text"]).values()] == [None] * 5

    def test_presents_what_laurel_issued_and_the_reverse(self, installed: str) -> None:
        key = ISSUERS["EdDSA"]
        ours = sd_jwt_vc.sign(CLAIMS, key, disclosable=POINTERS)
        binding = {"key": HOLDER.to_private_jwk(), "audience": AUDIENCE, "nonce": NONCE}
        ((made, shown), _) = ask(
            installed,
            {"op": "issue", "vc": True, "claims": CLAIMS, "frame": FRAME, "key": key.to_private_jwk()},
            {"op": "present", "text": ours, "frame": SHOWN_FRAME} | binding,
        )
        chosen = sd_jwt.present(
            made["text"], SHOWN_POINTERS, key=HOLDER, audience=AUDIENCE, nonce=NONCE, issued_at=AT
        )
        asked = {"op": "verify", "vc": True, "key": key.public.to_jwk(), "nonce": NONCE, "text": chosen}
        ((answer,), _) = ask(installed, asked)

        assert takes(shown["text"], key) == SHOWN
        assert answer.get("claims") == SHOWN

    def test_takes_a_credential_of_the_w3c_data_model(self, installed: str) -> None:
        key = ISSUERS["ES256"]
        document = golden_document(issuer_id="did:web:fernhill.example")
        text = vc_sd_jwt.sign(document, key, disclosable=["/name", "/credentialSubject/result/0"])

        ((answer,), _) = ask(installed, {"op": "verify", "text": text, "key": key.public.to_jwk()})

        assert answer.get("claims") == document, answer


class TestJose:
    DOCUMENT = golden_document(issuer_id="did:web:fernhill.example")

    @pytest.mark.parametrize("algorithm", sorted(ISSUERS))
    def test_takes_what_laurel_signs_and_no_other_type(self, installed: str, algorithm: str) -> None:
        key = ISSUERS[algorithm]
        presentation = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": "did:web:fernhill.example",
        }
        credential = vc_jwt.sign(self.DOCUMENT, key, profile="vc-jose-cose")
        shown = vp_jwt.sign(presentation, key, audience=AUDIENCE, nonce=NONCE, issued_at=AT)
        jwk = key.public.to_jwk()
        asked = [
            {"text": credential, "typ": "vc+jwt"},
            {"text": shown, "typ": "vp+jwt", "audience": AUDIENCE},
            {"text": shown, "typ": "vp+jwt", "audience": "https://other.example"},
            {"text": credential, "typ": "vp+jwt"},
            {"text": credential[:-6] + "AAAAAA", "typ": "vc+jwt"},
        ]

        answers, versions = ask(installed, *({"op": "jws-verify", "key": jwk} | each for each in asked))

        print(f"\n{versions['jose']}")
        assert answers[0].get("claims") == self.DOCUMENT
        assert answers[1]["claims"]["nonce"] == NONCE
        assert [answer["verified"] for answer in answers] == [True, True, False, False, False]

    @pytest.mark.parametrize("algorithm", sorted(ISSUERS))
    def test_signs_what_laurel_takes(self, installed: str, algorithm: str) -> None:
        key = ISSUERS[algorithm]
        signing = {"op": "jws-sign", "key": key.to_private_jwk(), "claims": self.DOCUMENT}
        ((made, other), _) = ask(
            installed,
            signing | {"header": {"typ": "vc+jwt", "cty": "vc", "kid": key.id}},
            signing | {"header": {"typ": "vp+jwt", "kid": key.id}},
        )

        read = vc_jwt.read(made["text"])
        vc_jwt.verify(read, key.public)
        assert read.credential == self.DOCUMENT
        with pytest.raises(LaurelError):
            vc_jwt.read(other["text"])
        with pytest.raises(LaurelError):
            vc_jwt.verify(vc_jwt.read(made["text"]), HOLDER.public)
