# SPDX-License-Identifier: Apache-2.0
"""The `proofValue` of ecdsa-sd-2023: what the issuer gives the holder, and what the holder shows others.

Spec: ECDSA Cryptosuites 1.0 §3.5.2, §3.5.3, §3.5.7, §3.5.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, final

from laurel.errors import NotAKey
from laurel.proof import cbor
from laurel.proof.encodings import NotCanonical, from_base64url, to_base58btc, to_base64url
from laurel.proof.keys import VerifyingKey
from laurel.proof.suites import malformed

LONGEST: Final = 256 * 1024
"""The most letters of a value: as many as the largest document has."""

_BASE: Final = b"\xd9\x5d\x00"
_DERIVED: Final = b"\xd9\x5d\x01"
_SIGNATURE: Final = 64
_HMAC: Final = 32
_MOST: Final = 2**32  # of what is counted; more than any document holds, and a number in its plain spelling
# The prefix of two bytes and the compressed point. (§3.5.8 says 36; its own examples hold 35.)
_PUBLIC: Final = 35


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BaseValue:
    """What the issuer signed, with all that the holder needs to show parts of it.

    `public` is the key of the statements' signatures, in the bytes of a Multikey. `signatures` are those of
    the statements that are not mandatory, in the order of their lines.
    """

    signature: bytes
    public: bytes
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    pointers: tuple[str, ...]

    def text(self) -> str:
        """Return the `proofValue`."""
        parts = [self.signature, self.public, self.hmac_key, list(self.signatures), list(self.pointers)]
        return "u" + to_base64url(_BASE + cbor.dumps(parts))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedValue:
    """What a verifier needs to hold the shown statements against the issuer's key.

    `labels` leads from the number of a blank node in the shown document to the secret label that it had when
    it was signed. `mandatory` are the places, in the sorted lines, of those that the issuer always shows.
    """

    signature: bytes
    public: bytes
    signatures: tuple[bytes, ...]
    labels: Mapping[int, bytes]
    mandatory: tuple[int, ...]

    def text(self) -> str:
        """Return the `proofValue`."""
        labels = dict(sorted(self.labels.items()))
        parts = [self.signature, self.public, list(self.signatures), labels, list(self.mandatory)]
        return "u" + to_base64url(_DERIVED + cbor.dumps(parts))


def read(text: str) -> BaseValue | DerivedValue:
    """Return what a `proofValue` holds.

    Raises:
        ProofFault: `proof.malformed`: another alphabet or header, CBOR that is not in its plain spelling (no
            tags, no key twice, nothing behind it), or parts of another kind or length.
    """
    if len(text) > LONGEST:
        raise malformed(f"The proofValue is longer than {LONGEST} characters.")
    if not text.startswith("u"):
        raise malformed('The proofValue is not multibase base64url, which begins with "u".')
    try:
        data = from_base64url(text[1:])
    except NotCanonical as error:
        raise malformed(f"The proofValue cannot be read. {error}") from error
    header, body = data[:3], data[3:]
    if header not in (_BASE, _DERIVED):
        raise malformed("The proofValue begins neither like a base proof nor like a derived one.")
    parts = _decoded(body)
    if not isinstance(parts, list) or len(parts) != 5:
        raise malformed("The proofValue does not hold five parts.")
    return _base(parts) if header == _BASE else _derived(parts)


def _decoded(body: bytes) -> Any:
    try:
        return cbor.loads(body)
    except cbor.NotPlain as error:
        raise malformed(f"The proofValue cannot be read. {error}") from error


def _base(parts: list[Any]) -> BaseValue:
    signature, public, hmac_key, signatures, pointers = parts
    if not isinstance(pointers, list) or not all(isinstance(pointer, str) for pointer in pointers):
        raise malformed("The mandatory pointers of the proofValue are not texts.")
    return BaseValue(
        signature=_bytes(signature, _SIGNATURE),
        public=_public(public),
        hmac_key=_bytes(hmac_key, _HMAC),
        signatures=_signatures(signatures),
        pointers=tuple(pointers),
    )


def _derived(parts: list[Any]) -> DerivedValue:
    signature, public, signatures, labels, mandatory = parts
    if not isinstance(labels, dict) or not all(_is_count(number) for number in labels):
        raise malformed("The labels of the proofValue are not numbered.")
    if not isinstance(mandatory, list) or not all(_is_count(place) for place in mandatory):
        raise malformed("The mandatory places of the proofValue are not numbers.")
    return DerivedValue(
        signature=_bytes(signature, _SIGNATURE),
        public=_public(public),
        signatures=_signatures(signatures),
        labels={number: _bytes(label, _HMAC) for number, label in labels.items()},
        mandatory=tuple(mandatory),
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST


def _bytes(value: Any, size: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != size:
        raise malformed(f"A part of the proofValue is not {size} bytes.")
    return value


def _signatures(value: Any) -> tuple[bytes, ...]:
    if not isinstance(value, list):
        raise malformed("The proofValue holds no signatures of statements.")
    return tuple(_bytes(signature, _SIGNATURE) for signature in value)


def _public(value: Any) -> bytes:
    data = _bytes(value, _PUBLIC)
    statement_key(data)
    return data


def statement_key(public: bytes) -> VerifyingKey:
    """Return the key of the statements' signatures. Raises: ProofFault, where it is none of P-256."""
    try:
        key = VerifyingKey.from_multikey(to_base58btc(public))
    except NotAKey as error:
        raise malformed(f"The proofValue holds no key for its statements. {error}") from error
    if key.algorithm != "P-256":
        raise malformed("The key for the statements is not one of P-256.")
    return key
