# SPDX-License-Identifier: Apache-2.0
"""Credentials as JWT, in two profiles that are never mixed: Open Badges 3.0, and W3C VC-JOSE-COSE."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal, final

from laurel.errors import NotACredential, NotAKey, ProofFault
from laurel.jsonld import framed
from laurel.jsonld.frames import Match
from laurel.proof import jose
from laurel.proof.jwt import (
    REGISTERED,
    id_of,
    key_of,
    number,
    require_numbers,
    require_same_in_header,
    seconds,
    type_of,
)
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.records import blank
from laurel.strictjson import JsonValue, dumps, loads

SigningProfile = Literal["open-badges-3.0", "vc-jose-cose"]
Profile = Literal["open-badges-3.0", "vc-jose-cose", "vc-data-model-1.1"]

# An absolute address with a scheme, as the `kid` of a `vc+jwt` without `iss` has to be.
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class JwtCredential:
    """A credential out of a JWT, not yet verified.

    `credential` is the document alone, `claims` the whole payload. `not_before` and `expires` are the
    JWT's own limits in seconds since 1970 UTC. `kid` and `jwk` are what the header says of the key: a
    claim of a stranger, until the issuer's own documents confirm it. `match` is the known frame of the
    document, if it was read by one.
    """

    profile: Profile
    header: Mapping[str, JsonValue]
    claims: Mapping[str, JsonValue] = field(repr=False)
    credential: Mapping[str, JsonValue] = field(repr=False)
    kid: str | None
    jwk: Mapping[str, JsonValue] | None
    not_before: float | None
    expires: float | None
    jws: jose.Jws = field(repr=False)
    match: Match | None = field(default=None, repr=False, compare=False)


_BlankCredential: Final = blank(JwtCredential)


def sign(
    credential: Mapping[str, JsonValue], key: SigningKey, *, profile: SigningProfile = "open-badges-3.0"
) -> str:
    """Return the credential as a compact JWS, its `kid` the id of the key.

    This signs what it is given; `laurel.issue` is the door that checks first.

    Args:
        profile: "open-badges-3.0" puts iss, jti, nbf, sub and exp beside the credential, "vc-jose-cose"
            signs the credential as it is, with typ "vc+jwt".

    Raises:
        NotAKey: the key has no id, so nobody could find its public half.
        ValueError: the credential has no issuer, id or validFrom, or a time that is not one.

    Spec: OB 3.0 #jwt-signing; VC-JOSE-COSE 1.0 §3.1.1 (securing with JOSE)
    """
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    if profile == "vc-jose-cose":
        header: dict[str, JsonValue] = {"typ": "vc+jwt", "cty": "vc", "kid": key.id}
        return jose.encode(header, dumps(dict(credential)), key)
    claims = dict(credential) | _open_badges_claims(credential)
    return jose.encode({"typ": "JWT", "kid": key.id}, dumps(claims), key)


def sign_written(
    written: bytes, outline: Mapping[str, JsonValue], key: SigningKey, *, profile: SigningProfile
) -> str:
    """Return what `sign` returns, for a credential that is compact JSON already.

    Args:
        outline: its members that the claims of a JWT repeat, with no more of an object than its id.

    Raises:
        NotAKey, ValueError: as `sign`.
    """
    if profile == "vc-jose-cose" and key.id is not None:
        return jose.encode({"typ": "vc+jwt", "cty": "vc", "kid": key.id}, written, key)
    if key.id is None or not outline.keys().isdisjoint(REGISTERED):
        return sign(json.loads(written), key, profile=profile)
    claims = dumps(_open_badges_claims(outline))
    return jose.encode({"typ": "JWT", "kid": key.id}, b"".join((written[:-1], b",", claims[1:])), key)


def read(text: str) -> JwtCredential:
    """Read a credential out of a JWT and hold the JWT's own claims against it.

    Raises:
        NotAJws, NotJson, TooLarge: the text cannot be read.
        NotACredential: the payload or the header's `typ` is that of something else.
        ProofFault: `proof.claims` when the claims of the JWT and the document contradict each other.

    Spec: OB 3.0 #jwt-proof; VC-JOSE-COSE 1.0 §3.1.1; VCDM 1.1 §6.3.1 (JSON Web Token)
    """
    return of_jws(jose.decode(text))


def of_jws(jws: jose.Jws) -> JwtCredential:
    """Do what `read` does, for a JWT that was taken apart already. Raises: as `read`."""
    known = framed.read(jws.payload, b'"iss"')
    claims: JsonValue = loads(jws.payload) if known is None else known.value
    if not isinstance(claims, dict):
        raise NotACredential("The JWT holds no JSON object, so no credential.")
    profile = _profile(jws.header, claims)
    credential: dict[str, JsonValue]
    if profile == "vc-jose-cose":
        credential = document_of(jws.header, claims)
    else:
        older = profile == "vc-data-model-1.1"
        credential = _from_version_1(claims) if older else _without_registered(claims)
        _check(jws.header, claims, credential, profile)
    kid, jwk = key_of(jws.header)
    made: Any = _BlankCredential()
    made.profile = profile
    made.header = jws.header
    made.claims = claims
    made.credential = credential
    made.kid = kid
    made.jwk = jwk
    made.not_before = number(claims.get("nbf"))
    made.expires = number(claims.get("exp"))
    made.jws = jws
    made.match = None if known is None or profile == "vc-data-model-1.1" else known.match
    made.__class__ = JwtCredential
    read_out: JwtCredential = made
    return read_out


def document_of(header: Mapping[str, JsonValue], claims: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the credential in the claims of a `vc+jwt` or `vc+sd-jwt`, without what is the token's own.

    Raises:
        NotACredential: `cty` says something else, or there is a `vc` or `vp`.
        ProofFault: `proof.claims` when token and credential contradict each other, `proof.kid` when without
            `iss` nothing names the key by an absolute address.

    Spec: VC-JOSE-COSE 1.0 §3.1.1, §3.1.3 and §4.3
    """
    if header.get("cty", "vc") not in ("vc", "application/vc"):
        raise NotACredential('The JWT says with "cty" that it holds something else than a credential.')
    if "vc" in claims or "vp" in claims:
        raise NotACredential('A JWT of this type holds no "vc" or "vp".')
    credential = _without_registered(claims)
    _check(header, claims, credential, "vc-jose-cose")
    kid, _ = key_of(header)
    if "iss" not in claims and not _ABSOLUTE.fullmatch(kid or ""):
        raise ProofFault('Without "iss", the "kid" of the JWT must be an absolute address.', code="proof.kid")
    return credential


def verify(jwt: JwtCredential, key: VerifyingKey) -> None:
    """Hold the signature against the issuer's key. Raises: ProofFault, as `jose.verify` does."""
    jose.verify(jwt.jws, key)


def _open_badges_claims(credential: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    issuer, identifier = id_of(credential.get("issuer")), credential.get("id")
    valid_from, valid_until = credential.get("validFrom"), credential.get("validUntil")
    if issuer is None or not isinstance(identifier, str) or not isinstance(valid_from, str):
        raise ValueError("A credential needs an issuer, an id and validFrom before it becomes a JWT.")
    claims: dict[str, JsonValue] = {"iss": issuer, "jti": identifier, "nbf": seconds(valid_from)}
    subject = id_of(credential.get("credentialSubject"))
    if subject is not None:
        claims["sub"] = subject
    if isinstance(valid_until, str):
        claims["exp"] = seconds(valid_until)
    return claims


def _profile(header: Mapping[str, JsonValue], claims: Mapping[str, JsonValue]) -> Profile:
    name = type_of(header, default="JWT")
    if name == "vc+jwt":
        return "vc-jose-cose"
    if name != "jwt":
        raise NotACredential('The JWT says with "typ" that it is not a credential.')
    if "vp" in claims:
        raise NotACredential("The JWT holds a presentation, not a credential.")
    return "vc-data-model-1.1" if "vc" in claims else "open-badges-3.0"


def _without_registered(claims: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in claims.items() if name not in REGISTERED}


def _from_version_1(claims: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the document inside `vc`, completed from the claims that may stand for its properties."""
    inner = claims["vc"]
    if not isinstance(inner, dict):
        raise NotACredential('The "vc" of the JWT is not an object.')
    document = dict(inner)
    for name, claim in (("id", "jti"), ("issuer", "iss")):
        if claim in claims:
            document.setdefault(name, claims[claim])
    return document


def _check(
    header: Mapping[str, JsonValue],
    claims: Mapping[str, JsonValue],
    credential: Mapping[str, JsonValue],
    profile: Profile,
) -> None:
    # The W3C example files write `iat` as a date-time; only the two that limit use are held to numbers.
    require_numbers(claims, "nbf", "exp")
    require_same_in_header(header, claims)
    _check_agreement(claims, credential, profile)


def _check_agreement(
    claims: Mapping[str, JsonValue], credential: Mapping[str, JsonValue], profile: Profile
) -> None:
    """Refuse a JWT that says one thing to readers of JWT and another to readers of credentials."""
    pairs: list[tuple[str, object]] = [
        ("iss", id_of(credential.get("issuer"))),
        ("jti", credential.get("id")),
        ("sub", id_of(credential.get("credentialSubject"))),
        ("nbf", _start(credential)),
    ]
    if profile != "vc-jose-cose":  # there exp is how long the signature serves, not the credential
        pairs.append(("exp", _end(credential)))
    for claim, said in pairs:
        if claim in claims and said is not None and claims[claim] != said:
            raise ProofFault(
                f'The "{claim}" of the JWT contradicts the credential inside it.', code="proof.claims"
            )
    if "iss" in claims and id_of(credential.get("issuer")) is None:
        raise ProofFault("The JWT names an issuer, and the credential inside it none.", code="proof.claims")


def _start(credential: Mapping[str, JsonValue]) -> int | None:
    return _seconds_or_none(credential.get("validFrom", credential.get("issuanceDate")))


def _end(credential: Mapping[str, JsonValue]) -> int | None:
    return _seconds_or_none(credential.get("validUntil", credential.get("expirationDate")))


def _seconds_or_none(value: JsonValue) -> int | None:
    return _seconds_of(value) if isinstance(value, str) else None


# Many credentials begin on the day when they were issued together.
@lru_cache(maxsize=1024)
def _seconds_of(text: str) -> int | None:
    try:
        return seconds(text)
    except ValueError:
        return None  # the rules say what is wrong with it; here it only cannot be compared
