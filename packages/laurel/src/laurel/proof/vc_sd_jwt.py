# SPDX-License-Identifier: Apache-2.0
"""Credentials and presentations of the W3C data model as SD-JWT: `vc+sd-jwt` and `vp+sd-jwt`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, final

from laurel.errors import NotACredential, NotAKey
from laurel.proof import sd_jwt, sd_jwt_vc, vc_jwt, vp_jwt
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.proof.sd_jwt import SdJwt
from laurel.proof.sd_jwt_vc import SdJwtCredential, credential_of, require_open
from laurel.strictjson import JsonValue

CREDENTIAL_TYPE: Final = "vc+sd-jwt"
PRESENTATION_TYPE: Final = "vp+sd-jwt"

# Whoever could hide one of these could hide who issued the credential, or that it does not hold.
NEVER_HIDDEN: Final = (
    "/iss",
    "/nbf",
    "/exp",
    "/cnf",
    "/@context",
    "/issuer/id",
    "/validFrom",
    "/validUntil",
    "/credentialStatus",
)
# An issuer should leave these open too, but another one's credential that does not is as sure as any.
_KEPT_OPEN: Final = (*NEVER_HIDDEN, "/type", "/credentialSchema", "/relatedResource")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwtPresentation:
    """A presentation out of an SD-JWT with what is shown of it, not yet verified.

    `inner` is the same as of a `vp+jwt`: document, holder, audience, nonce, key and times.
    """

    inner: vp_jwt.JwtPresentation = field(repr=False)
    sd_jwt: SdJwt = field(repr=False)


def sign(
    credential: Mapping[str, JsonValue],
    key: SigningKey,
    *,
    disclosable: Iterable[str] = (),
    holder: VerifyingKey | None = None,
    algorithm: str = "sha-256",
    decoys: int = 0,
) -> str:
    """Return the credential as a `vc+sd-jwt` with all of its disclosures, its `kid` the id of the key.

    This signs what it is given; `laurel.issue` is the door that checks first.

    Args:
        credential: the document of VCDM 2.0.
        holder: the key of the holder, for whom they show it to ask for; it goes into `cnf`.
        disclosable, algorithm, decoys: as for `laurel.proof.sd_jwt.sign`.

    Raises:
        NotAKey: the key has no id, so nobody could find its public half.
        CannotDisclose: as `laurel.proof.sd_jwt.sign` does, and `disclosure.never` for what must always be
            seen.

    Spec: VC-JOSE-COSE 1.0 §3.2.1 (securing with SD-JWT)
    """
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    chosen = tuple(disclosable)
    require_open(chosen, _KEPT_OPEN)
    header: dict[str, JsonValue] = {"typ": CREDENTIAL_TYPE, "cty": "vc", "kid": key.id}
    claims = dict(credential) | ({"cnf": confirmation(holder)} if holder is not None else {})
    return sd_jwt.sign(claims, key, header=header, disclosable=chosen, algorithm=algorithm, decoys=decoys)


def confirmation(holder: VerifyingKey) -> dict[str, JsonValue]:
    """Return the `cnf` that names a holder's key. Spec: RFC 7800 §3.2 (JWK)"""
    jwk: dict[str, JsonValue] = {name: value for name, value in holder.to_jwk().items() if name != "kid"}
    return {"jwk": jwk}


def read_any(text: str) -> SdJwtCredential:
    """Read a `vc+sd-jwt` or an SD-JWT VC, whichever it says that it is. Raises: as `read` does."""
    token = sd_jwt.read(text)
    if token.type == sd_jwt_vc.TYPE:
        return sd_jwt_vc.of_token(token)
    if token.type == PRESENTATION_TYPE:
        raise NotACredential("This is a presentation. Ask for the credential inside it.")
    return of_token(token)


def read(text: str) -> SdJwtCredential:
    """Read a `vc+sd-jwt`, without judging its signature.

    Raises:
        Unreadable, ProofFault: as `laurel.proof.sd_jwt.read` does.
        NotACredential: the header's `typ` or `cty` is that of something else, or there is a `vc` or `vp`.
        ProofFault: `proof.claims` and `proof.kid` as for a `vc+jwt`, `proof.disclosure` when something can be
            hidden that must always be seen.

    Spec: VC-JOSE-COSE 1.0 §3.2.1 and §4.1.2; RFC 9901 §9.7
    """
    return of_token(sd_jwt.read(text))


def of_token(token: SdJwt) -> SdJwtCredential:
    """Return the credential that a token is. Raises: NotACredential, ProofFault, as `read` does."""
    if token.type != CREDENTIAL_TYPE:
        raise NotACredential('The SD-JWT says with "typ" that it is not a credential.')
    document = vc_jwt.document_of(token.header, token.claims)
    return credential_of(token, "vc-jose-cose", document, NEVER_HIDDEN)


def sign_presentation(
    presentation: Mapping[str, JsonValue],
    key: SigningKey,
    *,
    audience: str | None,
    nonce: str | None,
    disclosable: Iterable[str] = (),
    issued_at: datetime | None = None,
    expires: datetime | None = None,
) -> str:
    """Return the presentation as a `vp+sd-jwt`; see `laurel.proof.vp_jwt.sign`.

    Raises:
        NotAKey, NotACredential, ProofFault: as `laurel.proof.vp_jwt.sign` does.
        CannotDisclose: as `laurel.proof.sd_jwt.sign` does.

    Spec: VC-JOSE-COSE 1.0 §3.2.2 (securing presentations with SD-JWT)
    """
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    claims = vp_jwt.claims_of(
        presentation, audience=audience, nonce=nonce, issued_at=issued_at, expires=expires
    )
    header: dict[str, JsonValue] = {"typ": PRESENTATION_TYPE, "cty": "vp", "kid": key.id}
    chosen = tuple(disclosable)
    require_open(chosen, ("/iss", "/nbf", "/exp", "/aud", "/nonce", "/cnf"))
    return sd_jwt.sign(claims, key, header=header, disclosable=chosen)


def read_presentation(text: str) -> SdJwtPresentation:
    """Read a `vp+sd-jwt`, without judging its signature.

    Raises:
        Unreadable, ProofFault: as `laurel.proof.sd_jwt.read` does.
        NotACredential, ProofFault: as `laurel.proof.vp_jwt.read` does.

    Spec: VC-JOSE-COSE 1.0 §3.2.2 and §4.1.2
    """
    token = sd_jwt.read(text)
    if token.type != PRESENTATION_TYPE:
        raise NotACredential('The SD-JWT says with "typ" that it is not a presentation.')
    return SdJwtPresentation(inner=vp_jwt.presentation_of(token.jws, token.claims), sd_jwt=token)


def verify(token: SdJwtCredential | SdJwtPresentation, key: VerifyingKey) -> None:
    """Hold the signature against the signer's key. Raises: ProofFault, as `jose.verify` does."""
    sd_jwt.verify(token.sd_jwt, key)
