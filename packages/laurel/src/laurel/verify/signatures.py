# SPDX-License-Identifier: Apache-2.0
"""Whether a signature holds, and whether the key behind it belongs to whom the document names.

These are two questions with two answers. A stranger can sign anything with a key of their own; only the
issuer's own document, found by the issuer's id, tells that the key speaks for the issuer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, final

from laurel import did
from laurel.did import KeyNotFound
from laurel.did.documents import BadLog
from laurel.errors import DataLoss, LaurelError, NotADid, NotAKey, ProofFault, TooMuchWork
from laurel.jsonld.effort import Effort
from laurel.proof import data_integrity, jose, vc_jwt, vp_jwt
from laurel.proof.keys import VerifyingKey
from laurel.strictjson import JsonValue
from laurel.verify import histories, issuer_metadata, key_sets
from laurel.verify.material import Material, NotFound, document, host_of
from laurel.verify.memory import Memory
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Result, not_checked

if TYPE_CHECKING:
    from laurel.proof.sd_jwt_vc import SdJwtCredential

_TOO_MUCH: Final = "proof.too-much-work"
_ASK_FOR_LESS: Final = "Ask for fewer credentials at a time, or for a presentation that is signed over JSON."
_METHODS: Final = ("key", "jwk", "web", "webvh")
_MOST_SIGNATURES: Final = 4
_LISTINGS: Final = frozenset({"verificationMethod", "assertionMethod", "authentication"})
_PLAIN_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.:-]+(/(?!\.\.?(/|\Z))[A-Za-z0-9._~-]+)+")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature on what was presented, the `place`-th.

    `method` names the key: a DID URL, an https address, or nothing when the key itself stands in the header.
    `contexts` are those that were signed, where the signature says so and others may stand behind them.
    `hold` holds the signature against a key and raises what is wrong. `builds_on` are ids of other proofs.
    `metadata` is the issuer whose published keys hold the one that `method` names, or their only one.
    """

    place: int
    suite: str
    method: str
    hold: Callable[[VerifyingKey], None]
    is_supported: bool = True
    created: datetime | None = None
    begins: datetime | None = None
    expires: datetime | None = None
    own_key: Mapping[str, JsonValue] | None = None
    contexts: JsonValue = None
    id: str | None = None
    builds_on: tuple[str, ...] = ()
    metadata: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one signature: the two checks, and the URL that was missing, if one was."""

    proof: Check
    issuer: Check
    signature: Signature | None = None
    wanted: str | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the signature itself holds, whoever made it."""
        return self.proof.result is Result.PASSED


def best(
    presented: Presented, found: Mapping[str, Material], *, at: datetime, effort: Effort | None = None
) -> Outcome:
    """Return the outcome of the signature that says most: held and the issuer's, held, failed, not done.

    One good proof of several is enough; a proof that builds on others needs those to hold as well. All
    of them together, and whatever else shares the `effort`, may cause so much work and no more.

    Spec: OB 3.0 §8.2 (proof); Data Integrity 1.0 §4.5
    """
    try:
        signatures = _signatures(presented, effort or Effort())
    except ProofFault as fault:
        return _faulty(fault)
    outcomes = {index: _outcome(each, presented, found, at) for index, each in enumerate(signatures)}
    ids = {each.id: outcomes[index] for index, each in enumerate(signatures) if each.id}
    judged = [_with_chain(outcome, ids) for outcome in outcomes.values()]
    return _most_telling(judged, presented.issuer_id)


def _most_telling(judged: Sequence[Outcome], issuer_id: str | None) -> Outcome:
    """Return the outcome that says most. While a missing key could still make it better, it is wanted."""
    chosen = max(judged, key=_weight)
    if _weight(chosen) == _BEST:
        return chosen
    missing = [outcome for outcome in judged if outcome.wanted is not None]
    for outcome in missing:
        method = outcome.signature.method if outcome.signature else ""
        if _binding(method.partition("#")[0], issuer_id).result is Result.PASSED:
            # Somebody else's signature holds, and the issuer's own may hold too: nobody knows yet.
            issuer = outcome.issuer if chosen.holds else chosen.issuer
            return replace(chosen, issuer=issuer, wanted=outcome.wanted)
    return replace(chosen, wanted=missing[0].wanted) if missing else chosen


_BEST: Final = 6


def _weight(outcome: Outcome) -> int:
    if outcome.holds:
        return {Result.PASSED: _BEST, Result.NOT_CHECKED: 5}.get(outcome.issuer.result, 4)
    if outcome.wanted is not None and outcome.proof.result is Result.NOT_CHECKED:
        return 3
    return {Result.FAILED: 2}.get(outcome.proof.result, 1)


def _with_chain(outcome: Outcome, ids: Mapping[str, Outcome]) -> Outcome:
    """Take a signature for good only if all that it builds on hold too; it ends with the first of them."""
    waiting = list(outcome.signature.builds_on) if outcome.signature else []
    ends = [outcome.signature.expires if outcome.signature else None]
    seen: set[str] = set()
    while outcome.holds and waiting:
        name = waiting.pop()
        earlier = ids.get(name)
        if earlier is None:
            return _faulty(ProofFault("The proof builds on one that is not there.", code="proof.previous"))
        if not earlier.holds:
            return earlier
        if name not in seen and earlier.signature:
            waiting.extend(earlier.signature.builds_on)
            ends.append(earlier.signature.expires)
        seen.add(name)
    if not outcome.holds or outcome.signature is None or not seen:
        return outcome
    first = min((end for end in ends if end is not None), default=None)
    return replace(outcome, signature=replace(outcome.signature, expires=first))


def _signatures(presented: Presented, effort: Effort) -> tuple[Signature, ...]:
    if presented.fault is not None:
        raise presented.fault
    if presented.jwt is not None:
        return (_jwt_signature(presented.jwt, presented.issuer_id),)
    if presented.sd_jwt is not None:
        return (_sd_jwt_signature(presented.sd_jwt, presented.issuer_id),)
    proofs = data_integrity.proofs(presented.document)
    if not proofs:
        raise ProofFault("Nobody has signed this document.", code="proof.missing")
    if len(proofs) > _MOST_SIGNATURES:
        raise ProofFault(f"The document has more than {_MOST_SIGNATURES} signatures.", code="proof.too-many")

    def holding(proof: data_integrity.Proof) -> Callable[[VerifyingKey], None]:
        # An expired proof was not tampered with: its date is for the check of the period.
        return lambda key: data_integrity.verify(
            presented.document, proof, key, purpose=presented.purpose, at=None, effort=effort
        )

    return tuple(
        Signature(
            place=place,
            suite=proof.suite,
            method=proof.verification_method,
            hold=holding(proof),
            is_supported=proof.is_supported,
            created=proof.created,
            expires=proof.expires,
            contexts=proof.raw.get("@context"),
            id=proof.id,
            builds_on=proof.previous,
        )
        for place, proof in enumerate(proofs)
    )


def _jwt_signature(jwt: vc_jwt.JwtCredential | vp_jwt.JwtPresentation, issuer_id: str | None) -> Signature:
    method = jwt.kid or ""
    if method.startswith("#") and issuer_id:
        method = issuer_id + method
    return Signature(
        place=0,
        suite=f"{'vp' if isinstance(jwt, vp_jwt.JwtPresentation) else 'vc'}-jwt ({jwt.profile})",
        method=method,
        hold=lambda key: jose.verify(jwt.jws, key),
        created=_moment(jwt.not_before),
        begins=_moment(jwt.not_before),
        expires=_moment(jwt.expires),
        own_key=jwt.jwk,
    )


def _sd_jwt_signature(token: "SdJwtCredential", issuer_id: str | None) -> Signature:
    from laurel.proof import sd_jwt_vc

    signature = _named(token.kid, issuer_id, lambda key: sd_jwt_vc.verify(token, key))
    kind = "sd-jwt-vc" if token.profile == "sd-jwt-vc" else f"sd-jwt ({token.profile})"
    # Certificates beside the token would count only with a list of authorities to trust, and we keep none.
    only_certificates = "x5c" in token.sd_jwt.header and not (signature.metadata or signature.method)
    return replace(
        signature,
        suite=f"{kind}, key by x5c" if only_certificates else kind,
        is_supported=not only_certificates,
        created=_moment(token.not_before),
        begins=_moment(token.not_before),
        expires=_moment(token.expires),
        own_key=token.jwk if not signature.metadata else None,
    )


def _named(kid: str | None, issuer_id: str | None, hold: Callable[[VerifyingKey], None]) -> Signature:
    """Return a signature whose key is named by an absolute address, or by a name among its issuer's keys."""
    method, issuer = kid or "", issuer_id or ""
    is_address = method.startswith(("did:", "https://"))
    if issuer.startswith("did:") and method and not is_address:
        method = f"{issuer}#{method.removeprefix('#')}"
    published = issuer_metadata.address(issuer) is not None and not is_address
    return Signature(place=0, suite="jwt", method=method, hold=hold, metadata=issuer if published else None)


def of_issuer(
    issuer_id: str | None,
    kid: str | None,
    hold: Callable[[VerifyingKey], None],
    found: Mapping[str, Material],
    *,
    at: datetime,
) -> Outcome:
    """Return the outcome of a token's signature that has to be by a certain issuer.

    Args:
        kid: how the token names its key.
        hold: holds the signature against a key and raises a `ProofFault` when it does not.
    """
    signature = _named(kid, issuer_id, hold)
    document: dict[str, JsonValue] = {"issuer": issuer_id}
    return _outcome(signature, Presented(carrier="jwt", document=document), found, at)


def _moment(seconds: float | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise ProofFault("The JWT has a date that is none.", code="proof.malformed") from error


def _outcome(
    signature: Signature, presented: Presented, found: Mapping[str, Material], at: datetime
) -> Outcome:
    if not signature.is_supported:
        message = f"The document is signed in a way that we cannot check ({signature.suite[:80]})."
        return _undone(signature, message, code="proof.unsupported")
    if not signature.method and signature.metadata is None:
        return _by_own_key(signature, presented, found, at)
    controller = signature.method.partition("#")[0]
    try:
        if signature.metadata is not None:
            controller = signature.metadata
            key = issuer_metadata.key_for(controller, signature.method or None, found)
        else:
            listing, method = _listing(signature.method, found, at=at, signed_at=signature.created)
            key = did.key_for(listing, method, at=at, signed_at=signature.created, purpose=presented.purpose)
    except NotFound as error:
        return _without_listing(presented, signature, error, found)
    except KeyNotFound as error:
        return _not_vouched_for(presented, signature, error)
    except BadLog as error:
        return _undone(signature, str(error), code="proof.bad-did-log")
    except (NotADid, NotAKey) as error:
        return _faulty(ProofFault(f"The signature names no key. {error}", code="proof.key-malformed"))
    except _UnknownMethod as error:
        return _undone(signature, str(error), code=error.code)
    proof = _held(presented, signature, key)
    if proof.result is not Result.PASSED:
        return Outcome(proof=proof, issuer=_issuer_open(), signature=signature)
    issuer = _remembering(_binding(controller, presented.issuer_id), presented.issuer_id, key)
    return Outcome(proof=proof, issuer=issuer, signature=signature)


class _UnknownMethod(LaurelError):
    """The key is named in a way that we cannot follow."""

    code = "proof.unknown-method"


def controller_url(method: str) -> str | None:
    """Return the URL that must be fetched for the key of a signature, or None when nothing must.

    Raises:
        NotADid: a DID that is malformed.
        _UnknownMethod: neither a DID that we know nor an https address.
    """
    controller = method.partition("#")[0]
    if controller.startswith("https://"):
        return controller
    if not controller.startswith("did:"):
        raise _UnknownMethod("The signature names its key in a way that we do not know.")
    if did.method_of(controller) not in _METHODS:
        raise _UnknownMethod("The signature names its key by a kind of DID that we do not know.")
    return did.resolve_url(controller)


def _listing(
    method: str, found: Mapping[str, Material], *, at: datetime, signed_at: datetime | None = None
) -> tuple[Mapping[str, JsonValue], str]:
    """Return the document that lists the key, and the key's full name in it."""
    url = controller_url(method)
    controller, _, fragment = method.partition("#")
    if url is None:
        own = did.document(controller)
        names = own["assertionMethod"]
        # Some write the bare DID of a document that has one key only, and it is clear which they mean.
        only = str(names[0]) if isinstance(names, list) else ""
        return own, method if fragment else only
    if controller.startswith("did:webvh:"):
        return histories.listing(controller, found, at=at, signed_at=signed_at), method
    listing: Mapping[str, JsonValue] = document(found, url)
    if not fragment and "kty" in listing:
        # Spec: OB 3.0 §8.2.4.1: a `kid` may be the address of a bare JWK.
        named: dict[str, JsonValue] = {
            "id": f"{url}#",
            "type": "JsonWebKey",
            "controller": url,
            "publicKeyJwk": dict(listing),
        }
        return {"id": url, "assertionMethod": [named]}, f"{url}#"
    if controller.startswith("https://") and not _LISTINGS & listing.keys():
        # An issuer's profile says who it is, and need not say which keys it has.
        raise NotFound(f"{host_of(url)} tells of the issuer, and of no keys.", url=url)
    return listing, method


HELD: Final = Check(
    name="proof",
    result=Result.PASSED,
    code="proof.ok",
    message="The signature fits: nothing was changed since it was signed.",
)


def _held(presented: Presented, signature: Signature, key: VerifyingKey) -> Check:
    """Hold a signature against a key, once: each round of looking things up asks this anew."""
    asked = (signature.place, key)
    if asked not in presented.judged:
        held = _hold(signature, key)
        if held.code == _TOO_MUCH and presented.purpose == "authentication":
            held = replace(held, message=f"{held.message} {_ASK_FOR_LESS}")
        presented.judged[asked] = held
    return presented.judged[asked]


def _hold(signature: Signature, key: VerifyingKey) -> Check:
    try:
        signature.hold(key.with_id(signature.method))
    except ProofFault as fault:
        # Nobody has changed a base proof: it is only not for showing.
        if fault.code in ("proof.unsupported-algorithm", "proof.base-proof"):
            return not_checked("proof", str(fault), code=fault.code)
        return _failed(fault)
    except DataLoss as fault:
        if fault.code == "data-loss.unknown-context":
            return not_checked("proof", str(fault), code="proof.unknown-context")
        message = f"Something in the document is not covered by the signature. {fault}"
        return Check(name="proof", result=Result.FAILED, code="proof.data-loss", message=message)
    except TooMuchWork as fault:
        return not_checked("proof", str(fault), code=_TOO_MUCH)
    return HELD


def _binding(controller: str, issuer_id: str | None) -> Check:
    # Without a name nobody is named, and two names that are missing are not the same one.
    if issuer_id and (controller == issuer_id or _lies_under(controller, issuer_id)):
        return Check(
            name="issuer",
            result=Result.PASSED,
            code="issuer.ok",
            message="The signing key belongs to the issuer that the credential names.",
        )
    return Check(
        name="issuer",
        result=Result.FAILED,
        code="issuer.other-key",
        message="The signing key belongs to somebody else than the issuer that the credential names.",
    )


def _remembering(issuer: Check, issuer_id: str | None, key: VerifyingKey) -> Check:
    """Note the key that an issuer signed with, where whoever holds the issuer's address can change its keys.

    did:key and did:jwk are their key, and a did:webvh proves each change of its keys.
    """
    if issuer.result is not Result.PASSED or not (issuer_id or "").startswith(("did:web:", "https://")):
        return issuer
    return replace(issuer, remember=Memory(keys={str(issuer_id): frozenset({_multikey(key)})}))


@lru_cache(maxsize=1024)
def _multikey(key: VerifyingKey) -> str:
    return key.to_multikey()


def _lies_under(controller: str, issuer_id: str) -> bool:
    """Tell whether a key's own address lies where only the issuer can have put it.

    That is below an issuer's own path, or in the `.well-known` folder of its host. Below a host that is an
    issuer as a whole there may be files that its visitors left there. A host may read dots, escapes and
    queries in its own way, so an address with any of them lies nowhere.
    """
    if not issuer_id.startswith("https://") or not _PLAIN_ADDRESS.fullmatch(controller):
        return False
    host, _, path = issuer_id.removeprefix("https://").rstrip("/").partition("/")
    keepers = [f"https://{host}/.well-known/", *([f"https://{host}/{path}/"] if path else [])]
    return controller.startswith(tuple(keepers))


def _by_own_key(
    signature: Signature, presented: Presented, found: Mapping[str, Material], at: datetime
) -> Outcome:
    """Judge a JWT that names no key: by the one in its header, or the only one its issuer's DID holds."""
    issuer_id = presented.issuer_id or ""
    try:
        if issuer_id.startswith(("did:key:", "did:jwk:")):
            listing, method = _listing(issuer_id, {}, at=at)
            listed = did.key_for(listing, method, at=at, purpose=presented.purpose)
            own = listed if signature.own_key is None else VerifyingKey.from_jwk(signature.own_key)
            issuer = _binding(issuer_id if own == listed else "", issuer_id)
            return Outcome(proof=_held(presented, signature, own), issuer=issuer, signature=signature)
        if signature.own_key is None:
            return _undone(signature, "The signature does not name its key.", code="proof.no-key-named")
        own = VerifyingKey.from_jwk(signature.own_key)
    except (NotAKey, NotADid, KeyNotFound) as error:
        return _faulty(ProofFault(f"The signature names no key. {error}", code="proof.key-malformed"))
    proof = _held(presented, signature, own)
    if proof.result is not Result.PASSED:
        return Outcome(proof=proof, issuer=_issuer_open(), signature=signature)
    # Anybody can put a key of their own beside what they sign; so the issuer's host is asked for its keys.
    try:
        is_listed = _is_in_key_set(presented, own, found)
    except NotFound as error:
        issuer = _unreachable(error)
        return Outcome(proof=proof, issuer=issuer, signature=signature, wanted=error.url)
    issuer = _binding(issuer_id if is_listed else "", issuer_id)
    return Outcome(proof=proof, issuer=_remembering(issuer, issuer_id, own), signature=signature)


def _is_in_key_set(presented: Presented, key: VerifyingKey, found: Mapping[str, Material]) -> bool:
    """Tell whether the host of an issuer with an https address lists a key. Raises: NotFound."""
    url = key_sets.address(presented.issuer_id)
    return url is not None and key_sets.lists(url, key, found)


def _without_listing(
    presented: Presented, signature: Signature, error: NotFound, found: Mapping[str, Material]
) -> Outcome:
    """Judge what can be judged while the issuer's document is missing, or lists no keys."""
    issuer = _unreachable(error)
    proof = not_checked("proof", str(issuer.message), code="proof.unreachable")
    wanted: str | None = error.url
    controller, _, multikey = signature.method.partition("#")
    if signature.method.startswith("https://") and multikey.startswith("z"):
        # As 1EdTech's validator reads it, the fragment of an https method is the key itself. That shows that
        # nothing was changed. Whose key it is only the issuer tells, in its document or its host's key set.
        with suppress(NotAKey, NotFound):
            key = VerifyingKey.from_multikey(multikey)
            proof = _held(presented, signature, key)
            if proof.result is Result.PASSED and error.url in found and controller == presented.issuer_id:
                wanted = key_sets.address(controller)
                if _is_in_key_set(presented, key, found):
                    issuer = _remembering(_binding(controller, controller), controller, key)
    return Outcome(proof=proof, issuer=issuer, signature=signature, wanted=wanted)


def _unreachable(error: NotFound) -> Check:
    return Check(
        name="issuer",
        result=Result.NOT_CHECKED,
        code="issuer.unreachable",
        message=f"The issuer's signing keys could not be looked up. {error}",
        detail={"host": error.host, "url": error.url},
    )


def _not_vouched_for(presented: Presented, signature: Signature, error: KeyNotFound) -> Outcome:
    if error.code == "issuer.key-unusable":
        return _undone(signature, str(error), code="proof.key-unusable")
    issuer = Check(name="issuer", result=Result.FAILED, code=error.code, message=str(error))
    if error.key is not None:
        return Outcome(proof=_held(presented, signature, error.key), issuer=issuer, signature=signature)
    code = "proof.key-not-listed"
    proof = Check(name="proof", result=Result.FAILED, code=code, message=str(error))
    return Outcome(proof=proof, issuer=issuer, signature=signature)


def _faulty(fault: ProofFault) -> Outcome:
    return Outcome(proof=_failed(fault), issuer=_issuer_open())


def _failed(fault: ProofFault) -> Check:
    return Check(name="proof", result=Result.FAILED, code=fault.code, message=str(fault))


def _undone(signature: Signature, message: str, *, code: str) -> Outcome:
    return Outcome(proof=not_checked("proof", message, code=code), issuer=_issuer_open(), signature=signature)


def _issuer_open() -> Check:
    return not_checked("issuer", "Not looked at, because the signature was not found to hold.")
