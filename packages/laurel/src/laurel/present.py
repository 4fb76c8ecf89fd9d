# SPDX-License-Identifier: Apache-2.0
"""Presenting: a holder puts credentials together and signs that they show them, to whom and when."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, cast, final

from laurel import strictjson
from laurel.errors import (
    DataLoss,
    FailedChecks,
    LaurelError,
    NotACredential,
    NotAKey,
    ProofFault,
    TooMuchWork,
    Unreadable,
)
from laurel.formats import envelopes
from laurel.jsonld.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from laurel.model.finding import Finding
from laurel.model.json_value import JsonValue
from laurel.model.timestamp import require_offset
from laurel.proof import data_integrity, selective_suite, vc_jwt, vp_jwt
from laurel.proof.keys import SigningKey
from laurel.rules import verifiable_presentation

if TYPE_CHECKING:
    from laurel.proof.sd_jwt_vc import SdJwtCredential

__all__ = [
    "MOST_CREDENTIALS",
    "JwtProfile",
    "Showable",
    "bind",
    "check",
    "check_document",
    "reveal",
    "sign",
    "sign_jwt",
]

MOST_CREDENTIALS: Final = 16
JwtProfile = Literal["vc-jose-cose", "vc-data-model-1.1"]

_SEAL: Final = object()
_PURPOSE: Final = "authentication"
_TOO_ALIKE: Final = "Put fewer in, or sign with a suite over JSON, such as eddsa-jcs-2022."


@final
@dataclass(frozen=True, slots=True)
class Showable:
    """A presentation that keeps to the rules and is not signed yet. Only this module makes one."""

    _json: bytes = field(repr=False)
    _seal: object = field(repr=False)

    def __post_init__(self) -> None:
        """Guard against a draft that skips the checks."""
        if self._seal is not _SEAL:
            raise TypeError("Only laurel.present.check and check_document make a Showable presentation.")

    @property
    def document(self) -> dict[str, JsonValue]:
        """The presentation without proof; a new object at each call."""
        return cast("dict[str, JsonValue]", json.loads(self._json))

    @property
    def holder_id(self) -> str | None:
        """Whom the presentation names as its holder, if it names one."""
        return _id_of(self.document.get("holder"))


def check(
    credentials: Sequence[bytes | str | Mapping[str, Any]],
    *,
    holder: str | None,
    id: str | None = None,
    version: Literal["2.0", "1.1"] = "2.0",
) -> Showable:
    """Put credentials into a presentation and hold it against the rules.

    Args:
        credentials: each as it came, signed: JSON, an object, or a JWT or SD-JWT, which gets an envelope.
        holder: the DID of whoever presents them, or None to name nobody but the key.
        id: a URL of the presentation's own, for whoever needs one.
        version: of the data model; "1.1" for receivers who read no newer one.

    Raises:
        FailedChecks: with every finding.

    Spec: VCDM 2.0 #verifiable-presentations
    """
    base = CREDENTIALS_V2 if version == "2.0" else CREDENTIALS_V1
    document: dict[str, Any] = {"@context": [base]}
    if id is not None:
        document["id"] = id
    document["type"] = ["VerifiablePresentation"]
    if holder is not None:
        document["holder"] = holder
    try:
        placed = [_placed(each) for each in credentials]
    except Unreadable as error:
        finding = Finding(code="present.credential", pointer="/verifiableCredential", message=str(error))
        raise FailedChecks((finding,)) from error
    return check_document(document | ({"verifiableCredential": placed} if placed else {}))


def check_document(document: Mapping[str, Any]) -> Showable:
    """Hold a presentation that is JSON already against the rules.

    Raises:
        FailedChecks: with every finding.
    """
    try:
        text = strictjson.dumps(dict(document))
        draft = strictjson.loads(text, longest_string=strictjson.MAX_BYTES)
    except (Unreadable, TypeError, ValueError, RecursionError) as error:
        finding = Finding(code="present.json", pointer="", message=str(error), spec="RFC 7493")
        raise FailedChecks((finding,)) from error
    assert isinstance(draft, dict)
    findings = list(verifiable_presentation.check_document(draft))
    if "proof" in draft:
        message = "The presentation carries a proof already. Take it out, then try again."
        findings.append(Finding(code="present.proof", pointer="/proof", message=message))
    findings += _unshowable(draft)
    if findings:
        raise FailedChecks(findings)
    return Showable(text, _SEAL)


def sign(
    showable: Showable,
    key: SigningKey,
    *,
    suite: str = "eddsa-rdfc-2022",
    created: datetime,
    challenge: str | None,
    domain: str | None,
    expires: datetime | None = None,
) -> bytes:
    """Return the presentation with a Data Integrity proof of the holder, as bytes to send.

    Args:
        showable: what `check` or `check_document` gave.
        key: a key of the holder that their DID document lists under `authentication`.
        suite: a cryptosuite that fits the key. One over RDF has to cover the credentials as well: where they
            hold words without a meaning, take one over JSON.
        created: when the proof is made; any zone.
        challenge, domain: what the receiver asked for; None only where nobody asked.
        expires: until when the proof serves.

    Raises:
        FailedChecks: the key is not the holder's, the signature would not cover all that is shown, or a suite
            over RDF has too much to order: some ten badges of one achievement are the most it takes.
        NotAKey: the key has no id, or does not fit the suite.
        ValueError: `created` or `expires` has no offset from UTC.

    Spec: VCDM 2.0 #verifiable-presentations; Data Integrity 1.0 #add-proof
    """
    _require_offsets(created, expires)
    _require_holders_key(showable, key)
    try:
        secured = data_integrity.sign(
            showable.document,
            key,
            suite=suite,
            created=created,
            purpose=_PURPOSE,
            expires=expires,
            challenge=challenge,
            domain=domain,
        )
    except (DataLoss, TooMuchWork) as error:
        pointer = error.pointer if isinstance(error, DataLoss) else ""
        message = f"A signature {suite} would not cover this. {error}"
        if isinstance(error, TooMuchWork):
            message = f"{error} {_TOO_ALIKE}"
        finding = Finding(
            code=error.code,
            pointer=pointer,
            message=message,
            spec="Data Integrity 1.0 #securing-data-losslessly",
        )
        raise FailedChecks((finding,)) from error
    except ValueError as error:
        raise NotAKey(str(error)) from error
    return strictjson.dumps(secured)


def sign_jwt(
    showable: Showable,
    key: SigningKey,
    *,
    created: datetime,
    challenge: str | None,
    domain: str | None,
    expires: datetime | None = None,
    profile: JwtProfile = "vc-jose-cose",
) -> str:
    """Return the presentation as a compact JWS.

    Args:
        showable, key, created, challenge, domain, expires: as for `sign`; a key of any kind. The challenge
            becomes the `nonce`, the domain the `aud`.
        profile: "vc-jose-cose" for `vp+jwt`, which holds enveloped credentials only; "vc-data-model-1.1" for
            the older form, with everything inside `vp`.

    Raises:
        FailedChecks: the key is not the holder's, or a credential does not fit the profile.
        NotAKey: the key has no id.
        ValueError: `created` or `expires` has no offset from UTC.

    Spec: VC-JOSE-COSE 1.0 #securing-vps-with-jose
    """
    _require_offsets(created, expires)
    _require_holders_key(showable, key)
    try:
        return vp_jwt.sign(
            showable.document,
            key,
            audience=domain,
            nonce=challenge,
            profile=profile,
            issued_at=created,
            expires=expires,
        )
    except (Unreadable, ProofFault) as error:
        message = f"{error} A Data Integrity proof goes with credentials of any kind."
        finding = Finding(code="present.jwt", pointer="/verifiableCredential", message=message)
        raise FailedChecks((finding,)) from error


def reveal(credential: bytes | str, pointers: Collection[str]) -> bytes:
    """Return a credential that shows only what its issuer left open or made mandatory, and these places.

    Args:
        credential: an SD-JWT, or JSON with a base proof `ecdsa-sd-2023`, as the issuer gave it.
        pointers: JSON Pointers (RFC 6901) to what is to be shown.

    Raises:
        NotACredential: the issuer signed it as a whole, so nothing can be left out.
        Unreadable, ProofFault, DataLoss, TooMuchWork, CannotDisclose: as `laurel.proof.sd_jwt.present` and
            `laurel.proof.ecdsa_sd_2023.derive`.

    Spec: RFC 9901 §7.2; ECDSA Cryptosuites 1.0 §3.6.6
    """
    data = (credential.encode() if isinstance(credential, str) else credential).strip()
    if b"~" in data and not data.startswith(b"{"):
        from laurel.proof import sd_jwt  # loaded with the first of them

        return sd_jwt.present(_ascii(data), pointers).encode()
    value = strictjson.loads(data) if data.startswith(b"{") else None
    if isinstance(value, dict) and any(map(_is_base_proof, _listed(value.get("proof")))):
        from laurel.proof import ecdsa_sd_2023

        return strictjson.dumps(ecdsa_sd_2023.derive(value, pointers))
    if isinstance(value, dict) and "proof" not in value:
        raise NotACredential("Nobody has signed this, so there is nothing of which a part could be shown.")
    raise NotACredential("The issuer signed this credential as a whole, so nothing of it can be left out.")


def bind(
    credential: bytes | str, key: SigningKey, *, created: datetime, challenge: str, domain: str
) -> bytes:
    """Return an SD-JWT with the signature of its holder for one receiver, without a presentation around it.

    Args:
        credential: an SD-JWT that names the key as its holder's; what it shows stays shown.
        key, created, challenge, domain: as for `sign`.

    Raises:
        NotACredential: it is no SD-JWT, or one that is bound already.
        Unreadable, ProofFault, CannotDisclose: as `laurel.proof.sd_jwt.present`.
        ValueError: `created` has no offset from UTC.

    Spec: RFC 9901 §4.3
    """
    _require_offsets(created, None)
    from laurel.proof import sd_jwt

    data = (credential.encode() if isinstance(credential, str) else credential).strip()
    text = _ascii(data)
    if "~" not in text:
        raise NotACredential("Only an SD-JWT can be bound to its holder's key. Take another --suite.")
    shown = sd_jwt.read(text).disclosed.keys()
    return sd_jwt.present(text, shown, key=key, audience=domain, nonce=challenge, issued_at=created).encode()


def _require_offsets(created: datetime, expires: datetime | None) -> None:
    """Refuse what a JWT would take for a moment of this machine's own zone. Raises: ValueError."""
    require_offset(created, "created")
    if expires is not None:
        require_offset(expires, "expires")


def _ascii(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Unreadable("The credential is neither JSON nor a JWT.") from error


def _placed(credential: bytes | str | Mapping[str, Any]) -> Any:
    """Return a credential as it stands in a presentation. Raises: Unreadable."""
    if isinstance(credential, Mapping):
        return dict(credential)
    data = (credential.encode() if isinstance(credential, str) else credential).strip()
    if data.startswith(b"{"):
        return strictjson.loads(data, longest_string=strictjson.MAX_BYTES)
    text = _ascii(data)
    is_selective = "~" in text
    try:
        found = _selective(text) if is_selective else vc_jwt.read(text)
    except ProofFault as error:
        raise Unreadable(f"The credential does not hold. {error}") from error
    if "VerifiableCredential" not in _listed(found.credential.get("type")):
        raise NotACredential("The JWT holds no credential: its type does not say VerifiableCredential.")
    return envelopes.wrap(text, envelopes.SD_JWT if is_selective else envelopes.JWT)


def _selective(text: str) -> "SdJwtCredential":
    from laurel.proof import vc_sd_jwt

    return vc_sd_jwt.read(text)


def _is_base_proof(proof: Any) -> bool:
    """Tell whether a proof is for the holder alone: whoever sees it can find out what is left out."""
    if not isinstance(proof, dict) or proof.get("cryptosuite") != selective_suite.NAME:
        return False
    from laurel.proof import ecdsa_sd_values

    try:
        return isinstance(ecdsa_sd_values.read(str(proof.get("proofValue"))), ecdsa_sd_values.BaseValue)
    except ProofFault:
        return False


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _unshowable(draft: Mapping[str, Any]) -> list[Finding]:
    """Find what no receiver would take: too many credentials, or one that nobody has signed."""
    held = draft.get("verifiableCredential", [])
    credentials = _listed(held)
    findings = []
    if len(credentials) > MOST_CREDENTIALS:
        message = f"A presentation holds {MOST_CREDENTIALS} credentials at most."
        findings.append(Finding(code="present.too-many", pointer="/verifiableCredential", message=message))
    holder = _id_of(draft.get("holder"))
    for place, credential in enumerate(credentials):
        pointer = f"/verifiableCredential/{place}" if isinstance(held, list) else "/verifiableCredential"
        if not isinstance(credential, dict):
            continue
        try:
            if envelopes.is_envelope(credential, envelopes.CREDENTIAL):
                envelopes.unwrap(credential, envelopes.CREDENTIAL)
            elif not data_integrity.proofs(credential) and (
                holder is None or _id_of(credential.get("issuer")) != holder
            ):
                message = "Nobody has signed this credential, and the holder is not the one who issued it."
                findings.append(Finding(code="present.unsigned", pointer=pointer, message=message))
            elif any(map(_is_base_proof, _listed(credential.get("proof")))):
                message = "Its proof is the holder's own, from which all can be seen. Choose what to reveal."
                findings.append(Finding(code="present.base-proof", pointer=pointer, message=message))
        except LaurelError as error:
            findings.append(Finding(code="present.credential", pointer=pointer, message=str(error)))
    return findings


def _require_holders_key(showable: Showable, key: SigningKey) -> None:
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    holder = showable.holder_id
    if holder is not None and key.id.partition("#")[0] != holder:
        message = f"The key {key.id} does not belong to the holder {holder}."
        raise FailedChecks((Finding(code="present.key", pointer="/holder", message=message),))


def _id_of(value: Any) -> str | None:
    identifier = value.get("id") if isinstance(value, dict) else value
    return identifier if isinstance(identifier, str) else None
