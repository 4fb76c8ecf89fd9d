# SPDX-License-Identifier: Apache-2.0
"""SD-JWT VC: credentials of plain claims with a type, of the media type `dc+sd-jwt` and no other.

It is not a credential of the W3C data model; `laurel.proof.vc_sd_jwt` has those.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, final

from laurel.errors import NotACredential, NotAKey, ProofFault
from laurel.proof import sd_jwt
from laurel.proof.jwt import key_of, number
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.proof.sd_jwt import CannotDisclose, SdJwt
from laurel.proof.sd_jwt.pointers import lies_under
from laurel.proof.sd_jwt.reading import hidden_under
from laurel.strictjson import JsonValue

Profile = Literal["sd-jwt-vc", "vc-jose-cose"]

TYPE: Final = "dc+sd-jwt"

# Whoever could hide one of these, or a part of it, could hide that the credential does not hold.
NEVER_HIDDEN: Final = ("/iss", "/nbf", "/exp", "/cnf", "/vct", "/vct#integrity", "/aka_vcts", "/status")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwtCredential:
    """A credential out of an SD-JWT with what its holder shows of it, not yet verified.

    `credential` is the document: in the profile "sd-jwt-vc" all claims, in "vc-jose-cose" those of the W3C
    data model. `kid` and `jwk` are what the header says of the key; `not_before` and `expires` are the
    token's own limits in seconds since 1970 UTC.
    """

    profile: Profile
    credential: Mapping[str, JsonValue] = field(repr=False)
    kid: str | None
    jwk: Mapping[str, JsonValue] | None
    not_before: float | None
    expires: float | None
    sd_jwt: SdJwt = field(repr=False)


def sign(
    claims: Mapping[str, JsonValue],
    key: SigningKey,
    *,
    disclosable: Iterable[str] = (),
    algorithm: str = "sha-256",
    decoys: int = 0,
) -> str:
    """Return the claims as an SD-JWT VC with all of its disclosures, its `kid` the id of the key.

    This signs what it is given; `laurel.issue` is the door that checks first.

    Args:
        claims: with `vct`, and `iss` so that others find the key.
        disclosable, algorithm, decoys: as for `laurel.proof.sd_jwt.sign`.

    Raises:
        NotAKey: the key has no id, so nobody could find its public half.
        CannotDisclose: as `laurel.proof.sd_jwt.sign` does, and `disclosure.never` for a claim that must
            always be seen.

    Spec: SD-JWT VC §2.2 (data format)
    """
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    chosen = tuple(disclosable)
    require_open(chosen, NEVER_HIDDEN)
    header: dict[str, JsonValue] = {"typ": TYPE, "kid": key.id}
    return sd_jwt.sign(claims, key, header=header, disclosable=chosen, algorithm=algorithm, decoys=decoys)


def read(text: str) -> SdJwtCredential:
    """Read an SD-JWT VC, without judging its signature.

    Raises:
        Unreadable, ProofFault: as `laurel.proof.sd_jwt.read` does.
        NotACredential: the header's `typ` is that of something else.
        ProofFault: `proof.disclosure` when a claim can be hidden that must always be seen.

    Spec: SD-JWT VC §2.2.1, §2.2.2 and §2.4
    """
    return of_token(sd_jwt.read(text))


def of_token(token: SdJwt) -> SdJwtCredential:
    """Return the credential that a token is. Raises: NotACredential, ProofFault, as `read` does."""
    if token.type != TYPE:
        raise NotACredential('The SD-JWT says with "typ" that it is not an SD-JWT VC.')
    return credential_of(token, "sd-jwt-vc", token.claims, NEVER_HIDDEN)


def verify(credential: SdJwtCredential, key: VerifyingKey) -> None:
    """Hold the signature against the issuer's key. Raises: ProofFault, as `jose.verify` does.

    An `x5c` may stand beside it in an SD-JWT VC and is not looked at: we keep no list of authorities whose
    certificates would make the key in it the issuer's.
    """
    ignoring = ("x5c",) if credential.profile == "sd-jwt-vc" else ()
    sd_jwt.verify(credential.sd_jwt, key, ignoring=ignoring)


def credential_of(
    token: SdJwt, profile: Profile, document: Mapping[str, JsonValue], never_hidden: tuple[str, ...]
) -> SdJwtCredential:
    """Return what a token holds, if what must be seen cannot be hidden. Raises: ProofFault."""
    hidden = hidden_under(token, never_hidden)
    if hidden is not None:
        raise ProofFault(
            f"The credential lets its holder hide {hidden}, which must always be seen.",
            code="proof.disclosure",
        )
    kid, jwk = key_of(token.header)
    return SdJwtCredential(
        profile=profile,
        credential=document,
        kid=kid,
        jwk=jwk,
        not_before=number(token.claims.get("nbf")),
        expires=number(token.claims.get("exp")),
        sd_jwt=token,
    )


def require_open(chosen: Iterable[str], never_hidden: tuple[str, ...]) -> None:
    """Refuse to hide what must always be seen. Raises: CannotDisclose, `disclosure.never`."""
    for pointer in chosen:
        if any(lies_under(pointer, each) or lies_under(each, pointer) for each in never_hidden):
            message = f"{pointer} must always be seen: whoever hid it could hide that the credential ended."
            raise CannotDisclose(message, pointer=pointer, code="disclosure.never")
