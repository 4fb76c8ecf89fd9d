# SPDX-License-Identifier: Apache-2.0
"""What somebody presented together: a presentation and the credentials in it, parsed and not yet believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, final

from laurel.errors import ProofFault, Unreadable
from laurel.formats import baking, envelopes
from laurel.model.json_value import JsonValue
from laurel.proof import data_integrity, vp_jwt
from laurel.proof.jwt import moment
from laurel.strictjson import MAX_BYTES, loads
from laurel.verify import presented
from laurel.verify.presented import Presented, id_of, texts

MOST_CREDENTIALS: Final = 16
PURPOSE: Final = "authentication"

_KINDS: Final = frozenset({"VerifiablePresentation", envelopes.PRESENTATION})


class NotAPresentation(Unreadable):
    """The document reads well, but it is not a presentation."""

    code = "unreadable.not-a-presentation"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """A presentation as it came.

    `own` is the presentation as far as its own signature goes. `credentials` holds what was found under
    `verifiableCredential`, in its order: each a document of its own, or why it cannot be read.
    """

    own: Presented
    credentials: tuple[Presented | Unreadable, ...]

    @property
    def document(self) -> Mapping[str, JsonValue]:
        """The presentation as JSON, with its embedded proofs."""
        return self.own.document

    @property
    def is_signed(self) -> bool:
        """Tell whether anybody has signed the presentation, well or not."""
        return self.own.jwt is not None or self.own.fault is not None or "proof" in self.document


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What one signature of a presentation is bound to: for whom, in answer to what, and when."""

    domains: tuple[str, ...]
    challenge: str | None
    created: datetime | None
    begins: datetime | None
    expires: datetime | None


def read(data: bytes) -> Presentation:
    """Read a presentation: JSON, JWT, or JSON that envelops a JWT.

    JSON of 256 KiB at most and up to 16 credentials, as for one credential; a presentation within a
    presentation is refused, for nobody could tell whose proof proves what.

    Raises:
        NotAPresentation: it is something else, or a credential.
        Unreadable: another of its leaves, saying what the bytes are not.
        TypeError: it is a text, and no bytes.

    Spec: VCDM 2.0 #verifiable-presentations; VC-JOSE-COSE 1.0 #securing-vps-with-jose
    """
    presented.require_bytes(data)
    carrier, content = presented.taken_out(data)
    if baking.detect(content) == "jwt":
        return _of_jwt(content.decode("ascii"), carrier)
    value = loads(content, longest_string=MAX_BYTES)
    if not isinstance(value, dict):
        raise NotAPresentation("The file holds JSON, but no presentation.")
    if envelopes.is_envelope(value, envelopes.PRESENTATION):
        return _of_jwt(envelopes.unwrap(value, envelopes.PRESENTATION).text, carrier)
    kinds = texts(value.get("type"))
    if "VerifiablePresentation" not in kinds:
        raise NotAPresentation(
            "This is a credential, and no presentation: nobody has proven who shows it."
            if "VerifiableCredential" in kinds or envelopes.CREDENTIAL in kinds
            else "The file is JSON, but its type does not say VerifiablePresentation."
        )
    if str(value.get("id", "")).startswith("data:"):
        raise NotAPresentation("The id holds another text, and the type does not say that it is an envelope.")
    own = Presented(carrier=carrier, document=value, purpose=PURPOSE, signer=_only_controller(value))
    return Presentation(own=own, credentials=_credentials(value, may_hold_texts=False))


def _of_jwt(text: str, carrier: baking.Format) -> Presentation:
    try:
        jwt = _of_sd_jwt(text) if "~" in text else vp_jwt.read(text)
    except ProofFault as fault:
        return Presentation(
            own=Presented(carrier=carrier, document={}, fault=fault, purpose=PURPOSE), credentials=()
        )
    method = jwt.kid or ""
    own = Presented(
        carrier=carrier,
        document=jwt.presentation,
        jwt=jwt,
        purpose=PURPOSE,
        signer=jwt.holder or method.partition("#")[0] or None,
    )
    found = _credentials(jwt.presentation, may_hold_texts=jwt.profile == "vc-data-model-1.1")
    return Presentation(own=own, credentials=found)


def _of_sd_jwt(text: str) -> vp_jwt.JwtPresentation:
    from laurel.proof import vc_sd_jwt  # loaded with the first of them

    return vc_sd_jwt.read_presentation(text).inner


def _only_controller(document: Mapping[str, JsonValue]) -> str | None:
    """Return whose keys signed, by the names of the keys, if that is one only."""
    try:
        signed = data_integrity.proofs(document)
    except ProofFault:
        return None
    controllers = {proof.verification_method.partition("#")[0] for proof in signed}
    return controllers.pop() if len(controllers) == 1 else None


def _credentials(
    document: Mapping[str, JsonValue], *, may_hold_texts: bool
) -> tuple[Presented | Unreadable, ...]:
    value = document.get("verifiableCredential")
    items = value if isinstance(value, list) else [] if value is None else [value]
    if len(items) > MOST_CREDENTIALS:
        raise NotAPresentation(
            f"The presentation holds more than {MOST_CREDENTIALS} credentials. Ask for fewer at a time.",
            code="unreadable.too-many-credentials",
        )
    if any(isinstance(item, dict) and _KINDS & set(texts(item.get("type"))) for item in items):
        raise NotAPresentation(
            "The presentation holds another presentation. Ask for the credentials alone.",
            code="unreadable.nested-presentation",
        )
    return tuple(_credential(item, may_hold_texts=may_hold_texts) for item in items)


def _credential(item: JsonValue, *, may_hold_texts: bool) -> Presented | Unreadable:
    """Return a credential as the document that it is, whatever stands around it."""
    try:
        if isinstance(item, str) and may_hold_texts:
            return presented.of_jwt(item, "jwt")
        return presented.of_json(item, "json")
    except Unreadable as error:
        return error


def binding(presentation: Presentation, place: int) -> Binding:
    """Return what the `place`-th signature of a presentation is bound to.

    Raises:
        ProofFault: the signature, or one of its dates, is malformed.

    Spec: Data Integrity 1.0 #proofs; RFC 7519 §4.1
    """
    jwt = presentation.own.jwt
    if isinstance(jwt, vp_jwt.JwtPresentation):
        return Binding(
            domains=jwt.audience,
            challenge=jwt.nonce,
            created=moment(jwt.issued_at),
            begins=moment(jwt.not_before),
            expires=moment(jwt.expires),
        )
    proof = data_integrity.proofs(presentation.document)[place]
    return Binding(
        domains=proof.domain,
        challenge=proof.challenge,
        created=proof.created,
        begins=None,
        expires=proof.expires,
    )


def holder_named(presentation: Presentation) -> str | None:
    """Return the holder that the presentation itself names, if it names one."""
    return id_of(presentation.document.get("holder"))
