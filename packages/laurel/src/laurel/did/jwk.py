# SPDX-License-Identifier: Apache-2.0
"""did:jwk: the identifier is a public JWK in base64url."""

from laurel.did.syntax import identifier_of, method_of
from laurel.errors import LaurelError, NotADid
from laurel.proof.encodings import from_base64url, to_base64url
from laurel.proof.keys import VerifyingKey
from laurel.strictjson import JsonValue, dumps, loads

__all__ = [
    "did",
    "document",
]


def did(key: VerifyingKey) -> str:
    """Return the did:jwk of a public key, with the required members of the JWK only."""
    jwk: dict[str, JsonValue] = {name: value for name, value in key.to_jwk().items() if name != "kid"}
    return f"did:jwk:{to_base64url(dumps(jwk))}"


def document(identifier: str) -> dict[str, JsonValue]:
    """Return the DID document that a did:jwk stands for.

    Raises:
        NotADid: no did:jwk, no JSON inside, a private key, or a kind of key that we do not use.

    Spec: did:jwk, "To create the DID Document"
    """
    if method_of(identifier) != "jwk":
        raise NotADid("The DID is not a did:jwk.")
    try:
        jwk = loads(from_base64url(identifier_of(identifier)))
        if not isinstance(jwk, dict):
            raise NotADid("The did:jwk holds no JSON object.")
        VerifyingKey.from_jwk(jwk)
    except LaurelError as error:
        raise NotADid(f"The did:jwk holds no key that we use. {error}") from error
    method = f"{identifier}#0"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": identifier,
        "verificationMethod": [
            {"id": method, "type": "JsonWebKey2020", "controller": identifier, "publicKeyJwk": jwk}
        ],
        "assertionMethod": [method],
        "authentication": [method],
        "capabilityInvocation": [method],
        "capabilityDelegation": [method],
    }
