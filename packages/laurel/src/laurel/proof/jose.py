# SPDX-License-Identifier: Apache-2.0
"""Compact JWS, read strictly: the key decides the algorithm, and the header may ask for nothing clever."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, final

from laurel.errors import LaurelError, ProofFault, TooLarge, Unreadable
from laurel.proof.encodings import NotCanonical, from_base64url, to_base64url
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.records import blank
from laurel.strictjson import MAX_BYTES, JsonValue, dumps, loads

LONGEST_HEADER: Final = 8 * 1024
_USUAL_HEADER: Final = 1024
LONGEST_TEXT: Final = 4 * (MAX_BYTES + LONGEST_HEADER + 1024) // 3

# Each of these once made a library trust what a stranger sent: a key fetched from where the header says, a
# payload that is not what was signed, or an extension that was quietly ignored.
_REFUSED: Final = frozenset({"crit", "b64", "zip", "jku", "x5u", "x5c", "x5t", "x5t#S256", "enc"})
# Those of them that only offer a key, and can be left aside by whoever has found the key elsewhere.
_KEY_SOURCES: Final = frozenset({"jku", "x5u", "x5c", "x5t", "x5t#S256"})


# What an RSA key can sign with too, and we do not check. That says nothing about the text.
_OTHER_RSA: Final = frozenset({"PS256", "PS384", "PS512", "RS384", "RS512"})


class NotAJws(Unreadable):
    """The text is not a JWS in compact form."""

    code = "unreadable.not-a-jws"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Jws:
    """A compact JWS taken apart. Nothing in it is vouched for until `verify` has passed."""

    header: Mapping[str, JsonValue]
    payload: bytes = field(repr=False)
    signing_input: bytes = field(repr=False)
    encoded_signature: str = field(repr=False)


_BlankJws: Final = blank(Jws)


def encode(header: Mapping[str, JsonValue], payload: bytes, key: SigningKey) -> str:
    """Return a compact JWS; `alg` comes from the key, whatever else the header holds.

    Spec: RFC 7515 §3.1
    """
    whole = {"alg": key.jose_algorithm} | {name: value for name, value in header.items() if name != "alg"}
    # One key mostly signs many. In a memory 1 and true would be the same, so it holds texts only.
    is_plain = all(type(value) is str for value in whole.values())
    opening = _opening(tuple(whole.items())) if is_plain else to_base64url(dumps(whole))
    signing_input = f"{opening}.{to_base64url(payload)}"
    return f"{signing_input}.{to_base64url(key.sign(signing_input.encode('ascii')))}"


@lru_cache(maxsize=256)
def _opening(header: tuple[tuple[str, JsonValue], ...]) -> str:
    return to_base64url(dumps(dict(header)))


def decode(text: str) -> Jws:
    """Take a compact JWS apart, without judging its signature.

    Raises:
        NotAJws: not three parts, a spelling of base64url that is not canonical, or a header that is no
            JSON object.
        TooLarge: longer than a credential may be.

    Spec: RFC 7515 §5.2, steps 1 to 7
    """
    if len(text) > LONGEST_TEXT:
        raise TooLarge(f"The JWS is longer than {LONGEST_TEXT:,} characters.")
    parts = text.split(".")
    if len(parts) != 3:
        raise NotAJws("A compact JWS has three parts with a dot between them.")
    encoded_header, encoded_payload, encoded_signature = parts
    try:
        payload = from_base64url(encoded_payload)
        header = _header(encoded_header)
    except LaurelError as error:
        raise NotAJws(f"The text is not a JWS. {error}") from error
    if not isinstance(header, dict):
        raise NotAJws("The header of the JWS is not a JSON object.")
    made: Any = _BlankJws()
    made.header = dict(header)
    made.payload = payload
    made.signing_input = text[: -1 - len(encoded_signature)].encode("ascii")
    made.encoded_signature = encoded_signature
    made.__class__ = Jws
    jws: Jws = made
    return jws


def _header(encoded: str) -> JsonValue:
    """Return the JSON of a header; an issuer's tokens mostly have the same. Raises: Unreadable."""
    usual = _usual_header(encoded) if len(encoded) <= _USUAL_HEADER else None
    return _read_header(encoded) if usual is None else usual


def _read_header(encoded: str) -> JsonValue:
    return loads(from_base64url(encoded), limit=LONGEST_HEADER)


@lru_cache(maxsize=512)
def _usual_header(encoded: str) -> dict[str, JsonValue] | None:
    """Return a header that a copy keeps apart from all others; None for one with objects or lists inside."""
    header = _read_header(encoded)
    if not isinstance(header, dict) or any(isinstance(value, dict | list) for value in header.values()):
        return None
    return header


def verify(jws: Jws, key: VerifyingKey, *, ignoring: Collection[str] = ()) -> None:
    """Hold the signature against the key, whose kind decides the algorithm.

    Args:
        ignoring: header members that are refused otherwise, and that the caller makes no use of. Only what
            says where a key could come from, such as `x5c`, can be left aside, not what changes the text.

    Raises:
        ProofFault: `proof.unsupported` for a header member that we refuse, `proof.unsupported-algorithm` for
            an algorithm that fits the key and that we do not check, `proof.algorithm` for any other that is
            not the key's, `proof.malformed` for a signature that is not canonical base64url,
            `proof.bad-signature` when it does not hold.

    Spec: RFC 7515 §5.2; RFC 8725 §3.1 (the caller, not the token, chooses the algorithm)
    """
    if not _REFUSED.isdisjoint(jws.header):
        asked = sorted((_REFUSED - (_KEY_SOURCES & set(ignoring))) & jws.header.keys())
        if asked:
            raise ProofFault(
                f'The header of the JWS asks for "{asked[0]}", which we refuse.', code="proof.unsupported"
            )
    # RFC 9864 gives EdDSA with Ed25519 a name of its own.
    allowed = ("EdDSA", "Ed25519") if key.algorithm == "Ed25519" else (key.jose_algorithm,)
    asked_for = jws.header.get("alg")
    if key.algorithm == "RSA" and isinstance(asked_for, str) and asked_for in _OTHER_RSA:
        raise ProofFault(
            f"The text is signed with {asked_for}, which we cannot check.", code="proof.unsupported-algorithm"
        )
    if asked_for not in allowed:
        raise ProofFault(
            "The header of the JWS names another algorithm than the signing key has.", code="proof.algorithm"
        )
    try:
        signature = from_base64url(jws.encoded_signature)
    except NotCanonical as error:
        raise ProofFault(f"The signature is malformed. {error}", code="proof.malformed") from error
    if not key.verify(jws.signing_input, signature):
        raise ProofFault("The signature does not match the text.", code="proof.bad-signature")
