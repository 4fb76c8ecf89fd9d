# SPDX-License-Identifier: Apache-2.0
"""Credentials in COSE: what was signed comes back, and nothing else does."""

import base64
import json
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_folder import shared_files

from laurel.errors import LaurelError, NotACredential, NotAKey, ProofFault, TooLarge
from laurel.proof import vc_cose
from laurel.proof.keys import Kind, SigningKey, VerifyingKey

CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "https://fernhill.example/",
    "credentialSubject": {"id": "did:example:amara", "name": "Amara Nwosu"},
}
KEY = SigningKey.from_seed(b"\x07" * 32).with_id("https://fernhill.example/#key-1")
FILES = shared_files("*-cose-*.txt", "hostile", "vc-jose-cose-input")
KEYS = {
    row["publicKeyJwk"]["kid"]: VerifyingKey.from_jwk(row["publicKeyJwk"])
    for path in shared_files("vm-[pe]*.json", "hostile", "vc-jose-cose-input")
    for row in [json.loads(path.read_bytes())]
}


def parts_of(message: bytes) -> list[Any]:
    return list(cbor2.loads(message).value)


def message_of(parts: list[Any], tag: int = 18) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(tag, parts))


def with_header(changes: dict[int, Any]) -> bytes:
    protected, *rest = parts_of(vc_cose.sign(CREDENTIAL, KEY))
    return message_of([cbor2.dumps(cbor2.loads(protected) | changes), *rest])


class TestRoundTrip:
    @pytest.mark.parametrize("kind", ["ed25519", "p256", "p384", "p521"])
    def test_gives_back_what_was_signed(self, kind: Kind) -> None:
        key = SigningKey.generate(kind).with_id("https://fernhill.example/#key-1")

        found = vc_cose.read(vc_cose.sign(CREDENTIAL, key))

        vc_cose.verify(found, key.public)
        assert (found.document, found.kind, found.key_id) == (CREDENTIAL, "vc", key.id)

    def test_holds_against_no_other_key(self) -> None:
        found = vc_cose.read(vc_cose.sign(CREDENTIAL, KEY))

        for other in (SigningKey.generate(), SigningKey.generate("p256")):
            with pytest.raises(ProofFault):
                vc_cose.verify(found, other.public)

    @given(place=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
    def test_no_changed_byte_is_taken(self, place: int, flip: int) -> None:
        message = bytearray(vc_cose.sign(CREDENTIAL, KEY))
        message[place % len(message)] ^= flip

        with pytest.raises(LaurelError):
            vc_cose.verify(vc_cose.read(bytes(message)), KEY.public)


class TestRefusals:
    def test_a_key_without_id_or_of_a_kind_without_a_name_in_cose_does_not_sign(self) -> None:
        for key in (SigningKey.generate(), SigningKey.generate("rsa2048").with_id("https://a.example/#1")):
            with pytest.raises(NotAKey):
                vc_cose.sign(CREDENTIAL, key)

    @pytest.mark.parametrize(
        "changes",
        [{3: "application/vp"}, {16: "application/vp+cose"}, {3: "text/plain"}, {16: "very/bad"}],
    )
    def test_what_says_that_it_is_something_else(self, changes: dict[int, Any]) -> None:
        with pytest.raises(NotACredential):
            vc_cose.read(with_header(changes))

    @pytest.mark.parametrize("changes", [{2: [1]}, {33: [b"x5chain"]}, {5: b"iv"}, {"kid": "other"}])
    def test_headers_that_ask_for_more(self, changes: dict[Any, Any]) -> None:
        with pytest.raises(ProofFault, match="more than we know"):
            vc_cose.read(with_header(changes))

    def test_headers_that_are_not_signed(self) -> None:
        protected, _, payload, signature = parts_of(vc_cose.sign(CREDENTIAL, KEY))

        with pytest.raises(ProofFault, match="not signed"):
            vc_cose.read(message_of([protected, {4: b"other"}, payload, signature]))

    @pytest.mark.parametrize("algorithm", [-7, 5, "EdDSA", None, -19])
    def test_another_algorithm_than_the_keys(self, algorithm: Any) -> None:
        with pytest.raises(ProofFault) as caught:
            vc_cose.verify(vc_cose.read(with_header({1: algorithm})), KEY.public)

        assert caught.value.code == "proof.algorithm"

    def test_claims_inside_vc(self) -> None:
        with pytest.raises(NotACredential):
            vc_cose.read(vc_cose.sign(CREDENTIAL | {"vc": {}}, KEY))

    def test_other_tags_other_parts_and_what_is_no_cbor(self) -> None:
        parts = parts_of(vc_cose.sign(CREDENTIAL, KEY))
        for data in (
            message_of(parts, tag=98),
            cbor2.dumps(parts),
            message_of(parts[:3]),
            message_of([*parts, b""]),
            message_of([{}, *parts[1:]]),
            b"",
            b"{}",
            b"\xff" * 40,
            b"\x81" * 5_000,
            vc_cose.sign(CREDENTIAL, KEY) + b"\x00",
        ):
            with pytest.raises(vc_cose.NotCose):
                vc_cose.read(data)

    def test_what_is_too_long(self) -> None:
        with pytest.raises(TooLarge):
            vc_cose.read(bytes(vc_cose.LONGEST + 1))


@pytest.mark.skipif(not FILES, reason="../shared/hostile/vc-jose-cose-input is not here")
class TestW3cFiles:
    def test_end_as_their_names_say(self) -> None:
        ended = {}
        for path in FILES:
            try:
                text = path.read_text().strip()
                found = vc_cose.read(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
                vc_cose.verify(found, KEYS[str(found.key_id)])
                ended[path.stem] = "taken"
            except (LaurelError, ValueError):
                ended[path.stem] = "refused"

        assert ended == {
            path.stem: "refused" if "bad" in path.stem or "not-base64" in path.stem else "taken"
            for path in FILES
        }
        assert len(ended) == 7
