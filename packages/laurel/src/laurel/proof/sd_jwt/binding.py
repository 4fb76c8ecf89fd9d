# SPDX-License-Identifier: Apache-2.0
"""The key binding: the holder signs who receives the token, which nonce they gave, and what is shown."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Final, final

from laurel.errors import NotAKey, ProofFault, Unreadable
from laurel.proof import jose
from laurel.proof.jwt import moment, number, require_numbers, type_of
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.proof.sd_jwt.disclosures import CannotDisclose
from laurel.proof.sd_jwt.reading import SdJwt
from laurel.strictjson import JsonValue, dumps, loads

TYPE: Final = "kb+jwt"
LONGEST_AGE: Final = timedelta(minutes=5)
SKEW: Final = timedelta(minutes=1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBinding:
    """A key binding that holds: for whom the holder signed, with which nonce, when and by which key."""

    audience: str
    nonce: str
    issued_at: datetime
    key: VerifyingKey


def sign(sd_jwt: SdJwt, key: SigningKey, *, audience: str, nonce: str, issued_at: datetime) -> str:
    """Return the JWT that binds an SD-JWT with its disclosures to a receiver.

    Raises:
        CannotDisclose: `disclosure.binding` when the key is not the one that the token names in `cnf`.

    Spec: RFC 9901 §4.3 (key binding JWT)
    """
    try:
        named = holder_key(sd_jwt)
    except ProofFault as fault:
        raise CannotDisclose(str(fault), pointer="/cnf", code="disclosure.binding") from fault
    if named != key.public:
        message = "The key is not the one that the credential was issued to."
        raise CannotDisclose(message, pointer="/cnf", code="disclosure.binding")
    claims: dict[str, JsonValue] = {
        "iat": int(issued_at.astimezone(UTC).timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": sd_jwt.sd_hash,
    }
    return jose.encode({"typ": TYPE}, dumps(claims), key)


def holder_key(sd_jwt: SdJwt) -> VerifyingKey:
    """Return the key that the token names as its holder's.

    Raises:
        ProofFault: `holder.no-key` when it names none, `holder.key-unusable` when it names one in another way
            than as a JWK, or one that we do not use.

    Spec: RFC 9901 §4.1.2 (key binding); RFC 7800 §3.2 (JWK)
    """
    confirmation = sd_jwt.claims.get("cnf")
    if confirmation is None:
        raise ProofFault("The credential is not bound to a key of its holder.", code="holder.no-key")
    jwk = confirmation.get("jwk") if isinstance(confirmation, dict) else None
    if not isinstance(jwk, dict):
        raise ProofFault(
            "The credential names its holder's key in a way that we do not follow.",
            code="holder.key-unusable",
        )
    try:
        return VerifyingKey.from_jwk(jwk)
    except NotAKey as error:
        raise ProofFault(f"The holder's key cannot be used. {error}", code="holder.key-unusable") from error


def verify_binding(
    sd_jwt: SdJwt, *, audience: str, nonce: str, at: datetime, longest_age: timedelta = LONGEST_AGE
) -> KeyBinding:
    """Make sure that the holder signed for this receiver, just now, and for what is shown.

    Whether this must hold is for the receiver to decide before they look, never for the token.

    Args:
        audience, nonce: what the receiver asked to be signed.
        at: now, UTC.
        longest_age: how long ago the holder may have signed.

    Raises:
        ProofFault: `holder.no-binding`, `holder.no-key`, `holder.key-unusable`, `holder.type`,
            `holder.bad-signature`, `holder.malformed`, `holder.time`, `holder.nonce`, `holder.audience` or
            `holder.other-token`.

    Spec: RFC 9901 §7.3, steps 2 and 5; RFC 9901 §4.3
    """
    jws = sd_jwt.binding
    if jws is None:
        raise ProofFault("Whoever shows it did not sign that it is theirs.", code="holder.no-binding")
    key = holder_key(sd_jwt)
    if type_of(jws.header) != TYPE:
        raise ProofFault("What the holder signed is not a key binding.", code="holder.type")
    try:
        jose.verify(jws, key)
    except ProofFault as fault:
        message = f"The holder's signature does not hold. {fault}"
        raise ProofFault(message, code="holder.bad-signature") from fault
    claims, issued_at = _claims(jws, at)
    if issued_at is None or not at - longest_age - SKEW <= issued_at <= at + SKEW:
        raise ProofFault("The holder did not sign just now.", code="holder.time")
    for name, expected, code in (
        ("nonce", nonce, "holder.nonce"),
        ("aud", audience, "holder.audience"),
        ("sd_hash", sd_jwt.sd_hash, "holder.other-token"),
    ):
        if not _same(claims.get(name), expected):
            raise ProofFault(_WRONG[name], code=code)
    return KeyBinding(audience=audience, nonce=nonce, issued_at=issued_at, key=key)


_WRONG: Final = {
    "nonce": "The holder signed another nonce than the one that was given.",
    "aud": "The holder signed for somebody else.",
    "sd_hash": "The holder signed for another choice of claims, or another credential.",
}


def _claims(jws: jose.Jws, at: datetime) -> tuple[dict[str, JsonValue], datetime | None]:
    """Return what the holder signed, if it serves now, and when they signed it."""
    try:
        claims = loads(jws.payload)
        if not isinstance(claims, dict):
            raise ProofFault("It holds no JSON object.")
        require_numbers(claims, "iat", "nbf", "exp")
        issued_at, begins, ends = (moment(number(claims.get(name))) for name in ("iat", "nbf", "exp"))
    except (Unreadable, ProofFault) as error:
        raise ProofFault(f"The key binding cannot be read. {error}", code="holder.malformed") from error
    if (begins is not None and begins - at > SKEW) or (ends is not None and at - ends > SKEW):
        raise ProofFault("The holder's signature does not serve now.", code="holder.time")
    return claims, issued_at


def _same(value: JsonValue, expected: str) -> bool:
    return isinstance(value, str) and compare_digest(value.encode(), expected.encode())
