# SPDX-License-Identifier: Apache-2.0
"""did:key: the identifier is the public key, so nothing is looked up, and the key never changes."""

from laurel.did.syntax import identifier_of, method_of
from laurel.errors import NotADid, NotAKey
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.strictjson import JsonValue


def did(key: VerifyingKey) -> str:
    """Return the did:key of a public key."""
    return f"did:key:{key.to_multikey()}"


def verification_method(key: VerifyingKey) -> str:
    """Return the URL by which proofs name the key of its own did:key."""
    return f"{did(key)}#{key.to_multikey()}"


def with_did_key(key: SigningKey) -> SigningKey:
    """Return the signing key under the verification method of its own did:key."""
    return key.with_id(verification_method(key.public))


def document(identifier: str) -> dict[str, JsonValue]:
    """Return the DID document that a did:key stands for.

    Raises:
        NotADid: no did:key, or of a kind of key that makes no signatures we check.

    Spec: did:key §3.1 (document creation)
    """
    if method_of(identifier) != "key":
        raise NotADid("The DID is not a did:key.")
    multikey = identifier_of(identifier)
    try:
        VerifyingKey.from_multikey(multikey)
    except NotAKey as error:
        raise NotADid(f"The did:key holds no key that we use. {error}") from error
    method = f"{identifier}#{multikey}"
    return {
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
