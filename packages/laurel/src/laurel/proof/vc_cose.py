# SPDX-License-Identifier: Apache-2.0
"""Credentials and presentations as COSE: signed and read here, for programs that exchange CBOR.

`laurel.verify` does not take these yet: badges are not passed round in this form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, final

from laurel.errors import NotACredential, NotAKey, ProofFault, TooLarge, Unreadable
from laurel.proof import cbor, vp_jwt
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.strictjson import MAX_BYTES, JsonValue, dumps, loads

__all__ = [
    "LONGEST",
    "CoseDocument",
    "Kind",
    "NotCose",
    "read",
    "sign",
    "verify",
]

Kind = Literal["vc", "vp"]

_SIGN1: Final = 18
_ALGORITHM, _CONTENT_TYPE, _KEY_ID, _TYPE = 1, 3, 4, 16
#: RFC 9053 §2.1 and §2.2 name these; RSA with PKCS #1 v1.5 has no place in COSE.
_ALGORITHMS: Final = {"Ed25519": -8, "P-256": -7, "P-384": -35, "P-521": -36}
_MEMBERS: Final = {_ALGORITHM, _CONTENT_TYPE, _KEY_ID, _TYPE}
LONGEST: Final = MAX_BYTES + 8 * 1024


class NotCose(Unreadable):
    """The bytes are no COSE message with one signature."""

    code = "unreadable.not-cose"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CoseDocument:
    """A credential or presentation out of a COSE message, not yet verified.

    `key_id` is what the header says of the key: a claim of a stranger.
    """

    kind: Kind
    document: Mapping[str, JsonValue] = field(repr=False)
    algorithm: int
    key_id: str | None
    signature: bytes = field(repr=False)
    to_verify: bytes = field(repr=False)


def sign(document: Mapping[str, JsonValue], key: SigningKey) -> bytes:
    """Return a credential or presentation as a COSE message with one signature.

    This signs what it is given; `laurel.issue` and `laurel.present` are the doors that check first.

    Raises:
        NotAKey: the key has no id, or is of a kind that COSE does not use here.
        NotACredential: the type says neither VerifiableCredential nor VerifiablePresentation.

    Spec: VC-JOSE-COSE 1.0 §3.3.1, §3.3.2 (securing with COSE); RFC 9052 §4.4
    """
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    if key.algorithm not in _ALGORITHMS:
        raise NotAKey(f"A {key.algorithm} key does not sign in COSE. Use an Ed25519 or a P-256 key.")
    kind = _kind_of(document)
    header = {
        _ALGORITHM: _ALGORITHMS[key.algorithm],
        _CONTENT_TYPE: f"application/{kind}",
        _KEY_ID: key.id.encode(),
        _TYPE: f"application/{kind}+cose",
    }
    protected, payload = cbor.dumps(header), dumps(dict(document))
    signature = key.sign(_to_sign(protected, payload))
    return cbor.dumps([protected, {}, payload, signature], tag=_SIGN1)


def read(data: bytes) -> CoseDocument:
    """Take a COSE message apart, without judging its signature.

    Raises:
        TooLarge, NotCose: too long, no COSE message with one signature, or CBOR that is not in its plain
            spelling.
        NotJson: what it holds is no JSON.
        NotACredential: it says that it holds something else, or does hold something else.
        ProofFault: `proof.unsupported` for a header that asks for more than we do.

    Spec: VC-JOSE-COSE 1.0 §4.1.3; RFC 9052 §3, §4.2
    """
    if len(data) > LONGEST:
        raise TooLarge(f"The COSE message is longer than {LONGEST:,} bytes.")
    match _decoded(data, tag=_SIGN1):
        case [bytes(protected), Mapping() as unprotected, bytes(payload), bytes(signature)]:
            pass
        case _:
            raise NotCose("The COSE message does not hold its four parts.")
    header = _decoded(protected)
    if not isinstance(header, Mapping):
        raise NotCose("The header of the COSE message is no map.")
    if unprotected or not set(header) <= _MEMBERS:
        # Whoever passes a message on could change what is not signed.
        raise ProofFault(
            "The header of the COSE message holds more than we know, or what is not signed.",
            code="proof.unsupported",
        )
    kind = _kind_said(header)
    document = loads(payload)
    if not isinstance(document, dict) or _kind_of(document) != kind:
        raise NotACredential("The COSE message holds something else than it says.")
    held = document.get("verifiableCredential", [])
    if kind == "vp" and not all(map(vp_jwt.is_enveloped, held if isinstance(held, list) else [held])):
        raise NotACredential("The presentation holds something that is not an enveloped credential.")
    if "vc" in document or "vp" in document:
        raise NotACredential('A document in COSE holds no "vc" or "vp".')
    key_id = header.get(_KEY_ID)
    return CoseDocument(
        kind=kind,
        document=document,
        algorithm=header[_ALGORITHM] if isinstance(header.get(_ALGORITHM), int) else 0,
        key_id=_text(key_id) if isinstance(key_id, bytes) else None,
        signature=signature,
        to_verify=_to_sign(protected, payload),
    )


def verify(document: CoseDocument, key: VerifyingKey) -> None:
    """Hold the signature against the key, whose kind decides the algorithm.

    Raises:
        ProofFault: `proof.algorithm` for one that is not the key's, `proof.bad-signature`.

    Spec: RFC 9052 §4.4
    """
    if document.algorithm != _ALGORITHMS.get(key.algorithm):
        raise ProofFault(
            "The header of the COSE message names another algorithm than the signing key has.",
            code="proof.algorithm",
        )
    if not key.verify(document.to_verify, document.signature):
        raise ProofFault("The signature does not match the document.", code="proof.bad-signature")


def _to_sign(protected: bytes, payload: bytes) -> bytes:
    return cbor.dumps(["Signature1", protected, b"", payload])


def _decoded(data: bytes, *, tag: int | None = None) -> Any:
    try:
        return cbor.loads(data, tag=tag)
    except cbor.NotPlain as error:
        raise NotCose(f"This is no COSE message with one signature. {error}") from error


def _kind_said(header: Mapping[Any, Any]) -> Kind:
    for kind in ("vc", "vp"):
        if header.get(_TYPE, f"application/{kind}+cose") == f"application/{kind}+cose" and (
            header.get(_CONTENT_TYPE) == f"application/{kind}"
        ):
            return kind
    raise NotACredential("The COSE message says that it holds neither a credential nor a presentation.")


def _kind_of(document: Mapping[str, JsonValue]) -> Kind:
    types = document.get("type")
    names = types if isinstance(types, list) else [types]
    if "VerifiablePresentation" in names:
        return "vp"
    if "VerifiableCredential" in names:
        return "vc"
    raise NotACredential("The type says neither VerifiableCredential nor VerifiablePresentation.")


def _text(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
