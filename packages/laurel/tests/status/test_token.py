# SPDX-License-Identifier: Apache-2.0
"""One value a token, least significant bit first, out of signed lists that may be hostile."""

import contextlib
import json
import re
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_folder import shared

from laurel.errors import CorruptBitstring, LaurelError, NotAKey, ProofFault
from laurel.proof import jose
from laurel.proof.encodings import to_base64url
from laurel.proof.keys import SigningKey
from laurel.status import token
from laurel.status.faults import StatusFault

URI = "https://rivermouth.example/status/1"
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY = SigningKey.generate("p256").with_id("did:web:rivermouth.example#key-1")


def statuses(bits: int) -> st.SearchStrategy[dict[int, int]]:
    return st.dictionaries(st.integers(0, 999), st.integers(0, (1 << bits) - 1), max_size=60)


class TestPack:
    @settings(max_examples=80)
    @given(st.sampled_from(token.SIZES).flatmap(lambda bits: st.tuples(st.just(bits), statuses(bits))))
    def test_comes_back_value_for_value(self, case: tuple[int, dict[int, int]]) -> None:
        bits, values = case

        data = token.expand(token.pack(values, bits=bits, length=1000))

        found = {i: v for i in range(1000) if (v := token.value_at(data, i, bits=bits))}
        assert found == {index: value for index, value in values.items() if value}

    @pytest.mark.parametrize(
        ("values", "bits", "length"),
        [
            ({8: 1}, 1, 8),
            ({-1: 1}, 1, 8),
            ({0: 2}, 1, 8),
            ({0: -1}, 2, 8),
            ({}, 3, 8),
            ({}, 0, 8),
            ({}, 1, 0),
        ],
    )
    def test_refuses_what_does_not_fit(self, values: dict[int, int], bits: int, length: int) -> None:
        with pytest.raises(ValueError, match=r"outside|fit|bits"):
            token.pack(values, bits=bits, length=length)


class TestExpand:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "!",
            "eNrbuRgAAhcBXQ==",
            to_base64url(b"not zlib"),
            to_base64url(zlib.compress(b"\0" * 9) + b"\0"),
        ],
    )
    def test_refuses_what_is_no_list(self, text: str) -> None:
        with pytest.raises(CorruptBitstring):
            token.expand(text)

    def test_stops_before_a_bomb(self) -> None:
        with pytest.raises(CorruptBitstring, match="more than"):
            token.expand(to_base64url(zlib.compress(bytes(64 * 1024 * 1024))))

    @pytest.mark.parametrize("index", [-1, 16, 10**9])
    def test_refuses_an_index_outside(self, index: int) -> None:
        with pytest.raises(StatusFault) as caught:
            token.value_at(b"\0\0", index, bits=1)
        assert caught.value.code == "status.range"

    @given(st.binary(max_size=100))
    def test_raises_only_our_errors(self, data: bytes) -> None:
        with contextlib.suppress(CorruptBitstring):
            token.expand(to_base64url(data))


class TestEntry:
    def test_is_read_out_of_the_claims(self) -> None:
        claims: dict[str, Any] = {"status": {"status_list": {"idx": 0, "uri": URI}}}

        assert token.entry(claims) == token.TokenEntry(index=0, uri=URI)
        assert token.entry({}) is None

    @pytest.mark.parametrize(
        "status",
        [None, [], {}, "x", {"status_list": None}, {"status_list": []}, {"status_list": {"uri": URI}}]
        + [{"status_list": {"idx": idx, "uri": URI}} for idx in (-1, 1.5, "1", True, None, [])]
        + [{"status_list": {"idx": 1, "uri": uri}} for uri in (None, "", 5, "x" * 3000)],
    )
    def test_is_never_guessed(self, status: Any) -> None:
        with pytest.raises(StatusFault) as caught:
            token.entry({"status": status})
        assert caught.value.code == "status.malformed"

    def test_says_when_only_other_ways_are_named(self) -> None:
        with pytest.raises(StatusFault) as caught:
            token.entry({"status": {"identifier_list": {}}})
        assert caught.value.code == "status.unknown-type"


def made(**changes: Any) -> str:
    return token.sign(
        KEY, **{"uri": URI, "statuses": {3: 2}, "bits": 2, "length": 100, "issued_at": AT} | changes
    )


def forged(header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A list with other words in it, under the same key."""
    jws = jose.decode(made())
    payload = {k: v for k, v in (json.loads(jws.payload) | claims).items() if v is not ...}
    return jose.encode(header or dict(jws.header), json.dumps(payload).encode(), KEY)


class TestToken:
    def test_says_what_was_put_in(self) -> None:
        text = made(
            issuer="did:web:rivermouth.example", expires=AT + timedelta(days=1), ttl=timedelta(hours=12)
        )

        read = token.read(text)

        jose.verify(read.jws, KEY.public)
        assert (read.uri, read.issuer, read.issued_at) == (URI, "did:web:rivermouth.example", AT)
        assert (read.expires, read.ttl) == (AT + timedelta(days=1), timedelta(hours=12))
        assert token.status_of(read, token.TokenEntry(index=3, uri=URI)) == token.SUSPENDED
        assert token.status_of(read, token.TokenEntry(index=4, uri=URI)) == token.VALID

    def test_is_for_its_own_address_only(self) -> None:
        with pytest.raises(StatusFault) as caught:
            token.status_of(token.read(made()), token.TokenEntry(index=3, uri=URI + "0"))
        assert caught.value.code == "status.other-list"

    def test_does_not_hold_under_another_key(self) -> None:
        with pytest.raises(ProofFault):
            jose.verify(token.read(made()).jws, SigningKey.generate("p256").public)

    @pytest.mark.parametrize("typ", [None, "JWT", "vc+jwt", "statuslist", "statuslist+cwt", 5])
    def test_needs_its_type(self, typ: Any) -> None:
        with pytest.raises(StatusFault) as caught:
            token.read(forged({"typ": typ} if typ else {"kid": "x"}))
        assert caught.value.code == "status.not-a-list"

    @pytest.mark.parametrize(
        "claims",
        [{"sub": value} for value in (None, 5, ...)]
        + [{"iat": value} for value in (None, "2026", True, -1, 10**15, ...)]
        + [{"exp": value} for value in (None, "soon", 10**15)]
        + [{"ttl": value} for value in (None, 0, -5, "12", True, 10**15)]
        + [{"iss": 5}]
        + [{"status_list": value} for value in (None, [], {}, {"bits": 1}, {"lst": "eNrbuRgAAhcBXQ"}, ...)]
        + [
            {"status_list": {"bits": bits, "lst": "eNrbuRgAAhcBXQ"}}
            for bits in (0, 3, 16, True, "1", 1.5, [])
        ],
    )
    def test_needs_its_claims(self, claims: dict[str, Any]) -> None:
        with pytest.raises(StatusFault) as caught:
            token.read(forged(**claims))
        assert caught.value.code == "status.malformed"

    @given(st.text(max_size=60))
    def test_raises_only_our_errors(self, text: str) -> None:
        with pytest.raises(LaurelError):
            token.read(text)

    def test_is_made_with_a_key_that_can_be_found(self) -> None:
        with pytest.raises(NotAKey):
            token.sign(SigningKey.generate(), uri=URI, statuses={}, bits=1, length=8, issued_at=AT)
        with pytest.raises(ValueError, match="positive"):
            made(ttl=timedelta(0))


class TestVectorsOfTheSpecification:
    """Every list of the specification, in JSON and in CBOR, decodes to the values that its text gives."""

    SHORT_1 = (1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1)
    SHORT_2 = (1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3)
    # Spec: Token Status List, appendix "Test vectors for Status List encoding"
    LONG_1 = (0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345)
    LONG_2 = {0: 1, 1993: 2, 25460: 1, 159495: 3, 495669: 1, 554353: 1, 645645: 2, 723232: 1, 854545: 1}
    LONG_2 |= {934534: 2, 1000345: 3}
    LONG_4 = (0, 1993, 35460, 459495, 595669, 754353, 845645, 923232, 924445, 934534, 1004534, 1000345)
    LONG_4 += (1030203, 1030204, 1030205)

    @staticmethod
    def listed(path: Path) -> tuple[int, str]:
        text = path.read_text(encoding="utf-8")
        block = json.loads(re.sub(r"\s+", "", text[text.index("{") :]))
        return block["bits"], block["lst"]

    def test_in_json(self) -> None:
        folder = shared("standards", "token-status-list")
        found = {path.name: self.listed(path) for path in sorted(folder.glob("*encoding*_json.md"))}

        values = {name: (bits, token.expand(lst)) for name, (bits, lst) in found.items()}

        def at(name: str, *indexes: int) -> list[int]:
            bits, data = values[f"status_list_encoding{name}_json.md"]
            return [token.value_at(data, index, bits=bits) for index in indexes]

        assert at("", *range(16)) == list(self.SHORT_1)
        assert at("2", *range(12)) == list(self.SHORT_2)
        assert at("1_long", *self.LONG_1) == [1] * len(self.LONG_1)
        assert sum(byte.bit_count() for byte in values["status_list_encoding1_long_json.md"][1]) == 11
        assert at("2_long", *self.LONG_2) == list(self.LONG_2.values())
        assert at("4", *self.LONG_4) == list(range(1, 16))
        # Each of the 256 values stands somewhere once, 0 everywhere else.
        assert sorted(filter(None, values["status_list_encoding8_json.md"][1])) == list(range(1, 256))
        assert at("8", 233478, 52451, 576778, 513575, 468106) == [0, 1, 2, 3, 4]
        assert {len(data) for _, data in values.values()} >= {2, 3, 2**17, 2**18, 2**19, 2**20}
        assert len(values) == 6

    def test_in_cbor_they_hold_the_same_bytes(self) -> None:
        folder = shared("standards", "token-status-list")
        compared = 0
        for path in sorted(folder.glob("*encoding*_cbor.md")):
            digits = re.sub(r"\s+", "", path.read_text(encoding="utf-8").rpartition("encoded:")[2])
            held = bytes.fromhex(digits)
            _, packed = self.listed(path.with_name(path.name.replace("_cbor", "_json")))

            assert zlib.decompress(held[held.index(b"\x78\xda") :]) == token.expand(packed)
            compared += 1
        assert compared == 6

    def test_the_token_is_read(self) -> None:
        folder = shared("standards", "token-status-list")
        text = "".join((folder / "status_list_jwt_raw.md").read_text(encoding="utf-8").split())
        claims = (folder / "status_list_jwt.md").read_text(encoding="utf-8").partition("\n.\n")[2]

        read = token.read(text)

        said = json.loads(claims)
        assert read.uri == said["sub"] == "https://example.com/statuslists/1"
        assert read.ttl == timedelta(seconds=said["ttl"])
        assert (read.bits, read.packed) == (said["status_list"]["bits"], said["status_list"]["lst"])
        assert token.status_of(read, token.TokenEntry(index=3, uri=read.uri)) == token.INVALID

    def test_every_block_was_looked_at(self) -> None:
        folder = shared("standards", "token-status-list")
        names = {path.name for path in folder.iterdir()}
        in_cbor = {name for name in names if "cwt" in name or "cbor_diag" in name}

        # The diagnoses repeat the blocks in words; the four of CWT belong to the form that laurel leaves out.
        assert len(names) == 20
        assert len(in_cbor) == 6
        assert len(names - in_cbor) == 6 + 6 + 2
