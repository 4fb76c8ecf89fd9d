# SPDX-License-Identifier: Apache-2.0
"""did:key: the identifier is the public key, so nothing is looked up, and the key never changes."""

from typing import Final

from laurel.did.syntax import identifier_of, method_of
from laurel.errors import NotADid, NotAKey
from laurel.proof.encodings import to_base58btc
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.strictjson import JsonValue

__all__ = [
    "did",
    "document",
    "verification_method",
    "with_did_key",
]

_P: Final = 2**255 - 19


def did(key: VerifyingKey) -> str:
    """Return the did:key of a public key."""
    return f"did:key:{key.to_multikey()}"


def verification_method(key: VerifyingKey) -> str:
    """Return the URL by which proofs name the key of its own did:key."""
    return f"{did(key)}#{key.to_multikey()}"


def with_did_key(key: SigningKey) -> SigningKey:
    """Return the signing key under the verification method of its own did:key."""
    return key.with_id(verification_method(key.public))


def document(identifier: str, *, key_agreement: bool = False) -> dict[str, JsonValue]:
    """Return the DID document that a did:key stands for.

    Args:
        key_agreement: also tell by which key to encrypt something for its holder: that of X25519 which
            belongs to the one of Ed25519, and for other kinds the key itself. laurel encrypts nothing.

    Raises:
        NotADid: no did:key, or of a kind of key that makes no signatures we check.

    Spec: did:key §3.1 (document creation, derive encryption key)
    """
    if method_of(identifier) != "key":
        raise NotADid("The DID is not a did:key.")
    multikey = identifier_of(identifier)
    try:
        key = VerifyingKey.from_multikey(multikey)
    except NotAKey as error:
        raise NotADid(f"The did:key holds no key that we use. {error}") from error
    method = f"{identifier}#{multikey}"
    document: dict[str, JsonValue] = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": identifier,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": identifier, "publicKeyMultibase": multikey}
        ],
        "assertionMethod": [method],
        "authentication": [method],
        "capabilityInvocation": [method],
        "capabilityDelegation": [method],
    }
    if not key_agreement:
        return document
    if key.algorithm != "Ed25519":
        return document | {"keyAgreement": [method]}
    agreed = _x25519(key)
    return document | {
        "keyAgreement": [
            {
                "id": f"{identifier}#{agreed}",
                "type": "Multikey",
                "controller": identifier,
                "publicKeyMultibase": agreed,
            }
        ]
    }


def _x25519(key: VerifyingKey) -> str:
    """Return the Multikey of the X25519 key that belongs to a key of Ed25519. Raises: NotADid.

    It is the same point on the other form of the curve: u = (1 + y) / (1 - y), as RFC 7748 §4.1 maps them.

    Spec: did:key §3.1 (derive encryption key)
    """
    y = int.from_bytes(key.material, "little") & (1 << 255) - 1
    if y % _P == 1:
        raise NotADid("The key of the did:key is none by which anybody could encrypt.")
    u = (1 + y) * pow(1 - y, -1, _P) % _P
    return to_base58btc(b"\xec\x01" + u.to_bytes(32, "little"))
