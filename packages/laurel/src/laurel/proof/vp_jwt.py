# SPDX-License-Identifier: Apache-2.0
"""Presentations as JWT: today's `vp+jwt` of VC-JOSE-COSE, and the older form with everything inside `vp`.

Here they are signed and read. Whether the credentials inside hold is the business of whoever asked for them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, final

from laurel.errors import NotACredential, NotAKey, ProofFault
from laurel.proof import jose
from laurel.proof.jwt import (
    REGISTERED,
    id_of,
    key_of,
    number,
    require_numbers,
    require_same_in_header,
    type_of,
)
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.strictjson import MAX_BYTES, JsonValue, dumps, loads

Profile = Literal["vc-jose-cose", "vc-data-model-1.1"]

_SET_ASIDE: Final = REGISTERED | {"nonce"}
_ENVELOPE: Final = re.compile(r"data:[a-z0-9.+/-]+(?:;[a-z0-9=+./-]+)*,.+", re.DOTALL)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class JwtPresentation:
    """A presentation out of a JWT, not yet verified.

    `presentation` is the document alone, `claims` the whole payload. `audience` holds every receiver that
    the JWT names, `nonce` what makes it serve once. `issued_at`, `not_before` and `expires` are seconds
    since 1970 UTC. `kid` and `jwk` are what the header says of the key: a claim of a stranger.
    """

    profile: Profile
    header: Mapping[str, JsonValue]
    claims: Mapping[str, JsonValue] = field(repr=False)
    presentation: Mapping[str, JsonValue] = field(repr=False)
    audience: tuple[str, ...]
    nonce: str | None
    kid: str | None
    jwk: Mapping[str, JsonValue] | None
    issued_at: float | None
    not_before: float | None
    expires: float | None
    jws: jose.Jws = field(repr=False)

    @property
    def holder(self) -> str | None:
        """Whom the presentation names as its holder, if it names one."""
        issuer = self.claims.get("iss")
        return id_of(self.presentation.get("holder")) or (issuer if isinstance(issuer, str) else None)


def sign(
    presentation: Mapping[str, JsonValue],
    key: SigningKey,
    *,
    audience: str | None,
    nonce: str | None,
    profile: Profile = "vc-jose-cose",
    issued_at: datetime | None = None,
    expires: datetime | None = None,
) -> str:
    """Return the presentation as a compact JWS, its `kid` the id of the key.

    Args:
        presentation: the document; in the profile "vc-jose-cose" its credentials are enveloped.
        audience, nonce: for whom it is, and what they gave to be signed; None when they ask for none.
        profile: "vc-jose-cose" signs the document as it is, with typ "vp+jwt"; "vc-data-model-1.1" puts it
            into `vp`, with typ "JWT".
        issued_at, expires: when the signature was made and how long it serves; any zone.

    Raises:
        NotAKey: the key has no id, so nobody could find its public half.
        NotACredential: a credential inside is not enveloped, or the document is no presentation.
        ProofFault: `proof.claims` when the document holds a name that belongs to the JWT.

    Spec: VC-JOSE-COSE 1.0 §3.1.2 (securing presentations with JOSE); VCDM 1.1 §6.3.1 (JSON Web Token)
    """
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    if profile == "vc-jose-cose":
        claims = claims_of(presentation, audience=audience, nonce=nonce, issued_at=issued_at, expires=expires)
        return jose.encode({"typ": "vp+jwt", "cty": "vp", "kid": key.id}, dumps(claims), key)
    _require_presentation(presentation, profile)
    claims = _own_claims(audience, nonce, issued_at, expires)
    for claim, document_name in (("iss", "holder"), ("jti", "id")):
        said = id_of(presentation.get(document_name))
        if said is not None:
            claims[claim] = said
    return jose.encode({"typ": "JWT", "kid": key.id}, dumps(claims | {"vp": dict(presentation)}), key)


def claims_of(
    presentation: Mapping[str, JsonValue],
    *,
    audience: str | None,
    nonce: str | None,
    issued_at: datetime | None,
    expires: datetime | None,
) -> dict[str, JsonValue]:
    """Return the payload of a `vp+jwt` or `vp+sd-jwt`. Raises: NotACredential, ProofFault; see `sign`."""
    _require_presentation(presentation, "vc-jose-cose")
    taken = sorted(_SET_ASIDE & presentation.keys())
    if taken:
        message = f'The presentation holds "{taken[0]}", which belongs to the JWT.'
        raise ProofFault(message, code="proof.claims")
    return dict(presentation) | _own_claims(audience, nonce, issued_at, expires)


def _own_claims(
    audience: str | None, nonce: str | None, issued_at: datetime | None, expires: datetime | None
) -> dict[str, JsonValue]:
    asked: dict[str, JsonValue] = {"aud": audience, "nonce": nonce}
    claims: dict[str, JsonValue] = {name: said for name, said in asked.items() if said is not None}
    for name, moment in (("iat", issued_at), ("exp", expires)):
        if moment is not None:
            claims[name] = int(moment.astimezone(UTC).timestamp())
    return claims


def read(text: str) -> JwtPresentation:
    """Read a presentation out of a JWT and hold the JWT's own claims against it.

    Raises:
        NotAJws, NotJson, TooLarge: the text cannot be read.
        NotACredential: the payload or the header's `typ` is that of something else, or a credential inside a
            `vp+jwt` is not enveloped.
        ProofFault: `proof.claims` when the claims of the JWT and the document contradict each other,
            `proof.malformed` when one of them has the wrong shape.

    Spec: VC-JOSE-COSE 1.0 §3.1.2 and §3.1.3; VCDM 1.1 §6.3.1 (JSON Web Token)
    """
    jws = jose.decode(text)
    if type_of(jws.header) == "vp+sd-jwt":
        raise NotACredential("The JWT says that it is an SD-JWT, and is none.")
    # An enveloped credential is one text, and may be as long as the presentation.
    claims = loads(jws.payload, longest_string=MAX_BYTES)
    if not isinstance(claims, dict):
        raise NotACredential("The JWT holds no JSON object, so no presentation.")
    return presentation_of(jws, claims)


def presentation_of(jws: jose.Jws, claims: Mapping[str, JsonValue]) -> JwtPresentation:
    """Return the presentation that these claims under this header are. Raises: as `read` does."""
    profile = _profile(jws.header, claims)
    if profile == "vc-jose-cose":
        presentation = {name: value for name, value in claims.items() if name not in _SET_ASIDE}
    else:
        presentation = _from_version_1(claims)
    _require_presentation(presentation, profile)
    require_numbers(claims, "nbf", "exp", "iat")
    require_same_in_header(jws.header, claims)
    for claim, said in (("iss", id_of(presentation.get("holder"))), ("jti", presentation.get("id"))):
        if claim in claims and said is not None and claims[claim] != said:
            raise ProofFault(
                f'The "{claim}" of the JWT contradicts the presentation inside it.', code="proof.claims"
            )
    kid, jwk = key_of(jws.header)
    return JwtPresentation(
        profile=profile,
        header=jws.header,
        claims=claims,
        presentation=presentation,
        audience=_audience(claims),
        nonce=_nonce(claims),
        kid=kid,
        jwk=jwk,
        issued_at=number(claims.get("iat")),
        not_before=number(claims.get("nbf")),
        expires=number(claims.get("exp")),
        jws=jws,
    )


def verify(jwt: JwtPresentation, key: VerifyingKey) -> None:
    """Hold the signature against the holder's key. Raises: ProofFault, as `jose.verify` does."""
    jose.verify(jwt.jws, key)


def _profile(header: Mapping[str, JsonValue], claims: Mapping[str, JsonValue]) -> Profile:
    name = type_of(header, default="JWT")
    if name in ("vp+jwt", "vp+sd-jwt"):
        if header.get("cty", "vp") not in ("vp", "application/vp"):
            raise NotACredential('The JWT says with "cty" that it holds something else than a presentation.')
        if "vc" in claims or "vp" in claims:
            raise NotACredential('A JWT of this type holds no "vc" or "vp".')
        return "vc-jose-cose"
    if name != "jwt" or "vp" not in claims or "vc" in claims:
        raise NotACredential("The JWT is not a presentation.")
    return "vc-data-model-1.1"


def _from_version_1(claims: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the document inside `vp`, completed from the claims that may stand for its properties."""
    inner = claims["vp"]
    if not isinstance(inner, dict):
        raise NotACredential('The "vp" of the JWT is not an object.')
    document = dict(inner)
    for name, claim in (("id", "jti"), ("holder", "iss")):
        if claim in claims:
            document.setdefault(name, claims[claim])
    return document


def _require_presentation(presentation: Mapping[str, JsonValue], profile: Profile) -> None:
    if "VerifiablePresentation" not in _list(presentation.get("type")):
        raise NotACredential("The JWT holds no presentation: its type does not say VerifiablePresentation.")
    if profile == "vc-jose-cose" and not all(
        is_enveloped(each) for each in _list(presentation.get("verifiableCredential"))
    ):
        raise NotACredential("The presentation holds something that is not an enveloped credential.")


def is_enveloped(value: JsonValue) -> bool:
    """Tell whether a value has the shape of an enveloped credential, whatever is in the envelope."""
    if not isinstance(value, dict):
        return False
    address = value.get("id")
    return (
        "EnvelopedVerifiableCredential" in _list(value.get("type"))
        and isinstance(address, str)
        and _ENVELOPE.fullmatch(address) is not None
    )


def _audience(claims: Mapping[str, JsonValue]) -> tuple[str, ...]:
    named = [value for value in _list(claims.get("aud")) if isinstance(value, str)]
    if len(named) != len(_list(claims.get("aud"))):
        raise ProofFault(
            'The "aud" of the JWT is neither a text nor a list of texts.', code="proof.malformed"
        )
    return tuple(named)


def _nonce(claims: Mapping[str, JsonValue]) -> str | None:
    nonce = claims.get("nonce")
    if nonce is not None and not isinstance(nonce, str):
        raise ProofFault('The "nonce" of the JWT is not text.', code="proof.malformed")
    return nonce


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [] if value is None else [value]
