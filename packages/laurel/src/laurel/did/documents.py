# SPDX-License-Identifier: Apache-2.0
"""Which key a DID document lists, for which purpose, and until when."""

from collections.abc import Mapping
from datetime import datetime

from laurel.did.syntax import did_of
from laurel.errors import LaurelError, NotADid, NotAKey, Unreadable
from laurel.model.timestamp import parse_timestamp
from laurel.proof.encodings import NotCanonical
from laurel.proof.keys import VerifyingKey
from laurel.strictjson import JsonValue

_MULTIKEY = ("Multikey", "Ed25519VerificationKey2020")
_JWK = ("JsonWebKey", "JsonWebKey2020")


class KeyNotFound(LaurelError):
    """The DID document does not vouch for the key. `code` tells why.

    `key` is set where the document still tells which key is meant, but says that it must not be used: then
    the signature can be held against it all the same.
    """

    code = "issuer.key-not-listed"

    def __init__(self, message: str, *, code: str | None = None, key: VerifyingKey | None = None) -> None:
        """Take the sentence, the finer code and the key that was meant."""
        super().__init__(message, code=code)
        self.key = key


class BadLog(Unreadable):
    """The log of a did:webvh breaks a rule of the method, so nothing in it is believed."""

    code = "unreadable.did-log"


def key_for(
    document: Mapping[str, JsonValue],
    verification_method: str,
    *,
    purpose: str = "assertionMethod",
    at: datetime,
    signed_at: datetime | None = None,
) -> VerifyingKey:
    """Return the key that a DID document, or one of an https address, lists under a verification method.

    Args:
        document: the DID document as fetched; only its `id` says whose it is.
        verification_method: absolute, the DID or https address and a fragment.
        purpose: the relationship that must list the method.
        at: the moment up to which something is known of the keys, UTC: now, also for who judges as of a past
            moment. A method that was revoked by then vouches for nothing, old signatures included.
        signed_at: when the signature says that it was made. A method that merely expired still vouches
            for what was signed before; without this moment `at` is taken.

    Raises:
        KeyNotFound: `issuer.wrong-document`, `issuer.key-not-listed`, `issuer.key-purpose`,
            `issuer.key-revoked`, `issuer.key-expired` or `issuer.key-unusable`.

    Spec: DID Core 1.0 §5.3 (verification relationships); Controlled Identifiers 1.0 §2.2 and §3.3
    """
    did = _controller(verification_method)
    if document.get("id") != did:
        raise KeyNotFound(
            "The DID document that was found belongs to another DID.", code="issuer.wrong-document"
        )
    listed = _objects(document.get("verificationMethod"))
    related = _list(document.get(purpose))
    embedded = [entry for entry in related if isinstance(entry, dict)]
    found = [
        entry for entry in [*listed, *embedded] if _absolute(did, entry.get("id")) == verification_method
    ]
    if len(found) != 1:
        raise KeyNotFound(f"{did} does not list the key that made the signature.")
    method = found[0]
    key = _load(method, verification_method)
    _require_unrevoked(method, key, at)
    names = {_absolute(did, entry.get("id") if isinstance(entry, dict) else entry) for entry in related}
    if verification_method not in names:
        raise KeyNotFound(
            f"{did} lists the key, but not for the purpose {purpose}.", code="issuer.key-purpose", key=key
        )
    if method.get("controller") != did:
        raise KeyNotFound(f"{did} lists the key, but somebody else controls it.", key=key)
    _require_unexpired(method, key, signed_at or at)
    return key


def _controller(verification_method: str) -> str:
    if verification_method.startswith("https://") and "#" in verification_method:
        return verification_method.partition("#")[0]
    try:
        return did_of(verification_method)
    except NotADid as error:
        raise KeyNotFound("The signature names its key by something that is not a DID.") from error


def _load(method: Mapping[str, JsonValue], verification_method: str) -> VerifyingKey:
    kind, multikey, jwk = method.get("type"), method.get("publicKeyMultibase"), method.get("publicKeyJwk")
    try:
        if kind in _MULTIKEY and isinstance(multikey, str) and jwk is None:
            return VerifyingKey.from_multikey(multikey, id=verification_method)
        if kind in _JWK and isinstance(jwk, dict) and multikey is None:
            return VerifyingKey.from_jwk(jwk, id=verification_method)
    except (NotAKey, NotCanonical) as error:
        raise KeyNotFound(f"The issuer's key cannot be used. {error}", code="issuer.key-unusable") from error
    raise KeyNotFound("The issuer's key is of a type that we do not know.", code="issuer.key-unusable")


def _require_unrevoked(method: Mapping[str, JsonValue], key: VerifyingKey, at: datetime) -> None:
    revoked = _moment(method.get("revoked"))
    # Whoever stole a key can write any date into a proof, so after a revocation no date helps.
    if revoked is not None and revoked <= at:
        raise KeyNotFound(
            "The issuer has revoked the key that made the signature.", code="issuer.key-revoked", key=key
        )


def _require_unexpired(method: Mapping[str, JsonValue], key: VerifyingKey, signed_at: datetime) -> None:
    expires = _moment(method.get("expires"))
    if expires is not None and expires <= signed_at:
        raise KeyNotFound(
            "The key had expired when the signature was made.", code="issuer.key-expired", key=key
        )


def _moment(value: JsonValue) -> datetime | None:
    if value is None:
        return None
    try:
        return parse_timestamp(value if isinstance(value, str) else "")
    except ValueError as error:
        raise KeyNotFound(
            "The issuer's key has an end that is no date.", code="issuer.key-unusable"
        ) from error


def _absolute(did: str, identifier: JsonValue) -> str | None:
    if not isinstance(identifier, str):
        return None
    return did + identifier if identifier.startswith("#") else identifier


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _objects(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]
