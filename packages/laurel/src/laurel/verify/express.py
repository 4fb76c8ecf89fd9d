# SPDX-License-Identifier: Apache-2.0
"""Whole reports on plain badges: what all of them have in common is known, all else is looked at as ever.

The signature, the rules, the dates, the status and the facts are those of the document; what no plain badge
can change, such as that there are no endorsements, is not asked again. Where the frame of the badge is known
too, only its texts are looked at. Only the plain case is taken: a did:key, one proof or a JWT. Whatever else
comes is a `Fallback` to the whole way, which one report in so many is held against.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from laurel import did, jsonld, strictjson, tiers
from laurel.errors import LaurelError
from laurel.jsonld import contexts
from laurel.jsonld.effort import DEFAULT, Effort
from laurel.jsonld.frames import FRAMES, PROVED_EVERY, Match
from laurel.model.timestamp import parse_timestamp
from laurel.proof import canonical_json, canonical_rdf, jose
from laurel.proof.encodings import from_base58btc
from laurel.proof.keys import VerifyingKey
from laurel.proof.vc_jwt import JwtCredential
from laurel.rules import plain
from laurel.strictjson import JsonValue
from laurel.tiers import Fallback
from laurel.verify import (
    current_lists,
    endorsements,
    judgement,
    key_binding,
    known,
    period,
    signatures,
    structure,
    withdrawal,
)
from laurel.verify import evidence as files
from laurel.verify import recipient as recipients
from laurel.verify.appearance import notes
from laurel.verify.known import Known, State
from laurel.verify.material import Material, Unreachable
from laurel.verify.memory import Memory
from laurel.verify.presented import Presented, id_of
from laurel.verify.report import Check, Report, Result, Verdict, verdict_of
from laurel.verify.signatures import Signature

_PROOF: Final = frozenset(
    {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
)
_PROOF_AND_CONTEXT: Final = _PROOF | {"@context"}
_LONGEST_METHOD: Final = 500
_ANY_TIME: Final = current_lists.ANY_TIME
_EXAMPLE: Final = "2026-11-22T09:30:00Z"

# What the whole way says of every plain badge.
_NOBODY: Final = Presented(carrier="json", document={})
_ISSUER: Final = signatures._binding("did:key:z", "did:key:z")
_SCHEMA: Final = structure.kept("Open Badges 3.0")
_NO_LIST: Final = judgement._trust(_NOBODY, _ISSUER, None)
_NO_STATUS: Final = withdrawal.check(_NOBODY, {}, at=_ANY_TIME, seen_at=_ANY_TIME)
_NO_FILES: Final = files.check(_NOBODY, {})
_LAST: Final = (
    endorsements.check(_NOBODY, ()),
    recipients.check({}, None),
    key_binding.check(_NOBODY, challenge=None, domain=None, at=_ANY_TIME),
)


class _Proofs:
    """How many reports were made this way, and whether one without a known frame was wrong."""

    uses = 0
    is_off = False

    def is_due(self) -> bool:
        """Count a report; tell whether it is time for a look at the whole way."""
        self.uses += 1
        return self.uses % (PROVED_EVERY if self.uses < 10 * PROVED_EVERY else 10 * PROVED_EVERY) == 1


_proofs: Final = _Proofs()


class Opened(NamedTuple):
    """A plain badge whose signature holds, and which keeps to the rules."""

    claims: Mapping[str, JsonValue]
    known: Known
    match: Match | None
    signature: Signature
    states: list[State]

    @property
    def lists(self) -> tuple[str, ...]:
        """The URLs of its status lists, each once."""
        return tuple(dict.fromkeys(state.list_url for state in self.states))


def verify(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None = None,
    seen_at: datetime | None = None,
    recipient: str | None = None,
    challenge: str | None = None,
    domain: str | None = None,
    memory: Memory | None = None,
    effort: Effort | None = None,
) -> Report:
    """Run every check with what was found, and report them all. Pure; never raises on what it was given.

    Args:
        found: what each URL of `needs` led to.
        at: the moment to judge by, UTC. The credential must be current then.
        trust: the ids of the issuers one trusts. None means that no list is kept: then `trust` is neither
            checked nor required. An empty list trusts nobody.
        seen_at: when the material was found, if not at `at`. A status list serves if it was current at
            either moment, so that a past or future `at` does not make today's list look stale. A key that was
            revoked at the later of both vouches for nothing, so that no past `at` brings a stolen key back.
        recipient: the e-mail address or the id of the person whose it should be; None asks nothing.
        challenge, domain: the nonce that the holder was given, and the name they sign for; both or neither.
            Only an SD-JWT with a key binding answers them by itself.
        memory: what earlier checks have seen. An older copy of a status list is then refused; what this check
            has seen stands in the report's `memory`, for whoever keeps one. A key that the issuer did not use
            before makes the issuer check `look_closer`, until the caller remembers the key too.
        effort: a budget of work shared with other documents; without one this credential has its own.

    Returns:
        All eleven checks in their fixed order. Whatever could not be decided is `not_checked`.
    """
    if recipient is challenge is domain is None and memory is None and effort is None:
        one = attempt(presented)
        if one is not None and one.known.schemas.isdisjoint(found):
            return report(presented, one, found, at=at, trust=trust, seen_at=seen_at)
    return judgement.verify(
        presented,
        found,
        at=at,
        trust=trust,
        seen_at=seen_at,
        recipient=recipient,
        challenge=challenge,
        domain=domain,
        memory=memory,
        effort=effort,
    )


def needs(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime | None = None,
    seen_at: datetime | None = None,
    evidence: bool = False,
    effort: Effort | None = None,
) -> tuple[str, ...]:
    """Return the URLs that are still wanted, to be fetched and asked for again.

    First the issuer's keys; once the signature holds, the status lists, and then the keys behind those, the
    JSON Schemas that it names, and the same for the endorsements inside; with `evidence` also the files whose
    fingerprints were signed. A document that nobody signed sends nobody to any other address.

    Args:
        found: what earlier URLs led to, the unreachable ones too.
        at, seen_at, effort: as for `verify`.
    """
    one = attempt(presented) if effort is None else None
    if one is None or not one.known.schemas.isdisjoint(found) or not _are_settled(one, found):
        return judgement.needs(presented, found, at=at, seen_at=seen_at, evidence=evidence, effort=effort)
    wanted: list[str | None] = [*one.lists, *(files.needs(presented) if evidence else ())]
    return judgement._unasked(wanted, found)


def _are_settled(one: Opened, found: Mapping[str, Material]) -> bool:
    """Tell whether no list that was found can ask for anything more, such as the keys behind it."""
    return len(one.lists) <= current_lists.MOST and all(
        material is None or isinstance(material, Unreachable) or current_lists.held(state, material)
        for state in one.states
        for material in [found.get(state.list_url)]
    )


def attempt(presented: Presented) -> Opened | None:
    """Return what `opened` returns, or None; a credential is opened once."""
    if presented.opened and tiers.is_on("template"):
        return presented.opened[0]  # type: ignore[return-value]  # nothing else is put there
    try:
        one = opened(presented)
    except Fallback as reason:
        tiers.taken[f"fallback: report: {reason}"] += 1
        return None
    presented.opened[:] = [one]
    return one


def opened(presented: Presented) -> Opened:
    """Hold the signature of what was presented against the issuer's key, and its claims against the rules.

    Raises:
        Fallback: anything is not as plain as this takes it.
    """
    if not tiers.is_on("template") or presented.fault is not None or presented.sd_jwt is not None:
        raise Fallback("not plain")
    if presented.purpose != "assertionMethod":
        raise Fallback("not plain")
    jwt, claims = presented.jwt, presented.claims
    if jwt is None:
        method, suite = _asked_in_proof(presented.document.get("proof"), claims)
    elif isinstance(jwt, JwtCredential) and jwt.profile != "vc-data-model-1.1":
        method, suite = jwt.kid or "", ""
    else:
        raise Fallback("not plain")
    key = _key_of(method, claims)
    match, common = presented.match, None
    if match is None:
        with suppress(Fallback):
            match = FRAMES.find(claims)
    if match is not None:
        common = known.of_match(match, claims)
    else:
        if _proofs.is_off or not plain.is_plain(claims):
            raise Fallback("a broken rule")
        common = known.of_plain(claims)
    FRAMES.begin()
    if isinstance(jwt, JwtCredential):
        signature = _held_jwt(jwt, method, key)
    else:
        signature = _held_proof(presented, suite, match, common, key)
    if match is None:
        # That it is plain and its signature holds makes it one to learn from.
        FRAMES.begin()
        FRAMES.missed(claims)
        FRAMES.good()
    return Opened(claims, common, match, signature, known.states(claims))


def report(
    presented: Presented,
    one: Opened,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None,
    seen_at: datetime | None,
) -> Report:
    """Return the report that `judgement.verify` gives, where no official JSON Schema is at hand."""
    common, claims = one.known, one.claims
    seen = seen_at or at
    status = _NO_STATUS
    if one.states:
        quick = current_lists.check(one.states, common.issuer_id, found, at=at, seen_at=seen)
        status = quick or withdrawal.check(presented, found, at=at, seen_at=seen, trust=trust)
    starts, ends = _moment_of(claims.get("validFrom")), _moment_of(claims.get("validUntil"))
    checks = (
        judgement.READABLE,
        signatures.HELD,
        _ISSUER,
        _NO_LIST if trust is None else judgement._trust(presented, _ISSUER, trust),
        status,
        period.judged(starts, ends, one.signature, at),
        _SCHEMA,
        files.check(presented, found) if common.has_files else _NO_FILES,
        *_LAST,
    )
    subject: Any = claims["credentialSubject"]
    name = _name_of(subject)
    made = Report(
        verdict=_verdict(checks),
        checks=checks,
        format="open-badges-3.0",
        credential=claims,
        issuer_id=common.issuer_id,
        issuer_name=common.issuer_name,
        subject_name=name,
        achievement_name=common.achievement_name,
        valid_from=starts,
        valid_until=ends,
        created_by=common.created_by,
        assessed_by=known.party(subject.get("source")),
        technical=_technical(presented.carrier, one, name),
    )
    tiers.taken["template: whole report"] += 1
    if not _proofs.is_due():
        return made
    return _proved(presented, one, made, found, at=at, trust=trust, seen_at=seen_at)


def _verdict(checks: tuple[Check, ...]) -> Verdict:
    if (
        checks[3] is _NO_LIST
        and (checks[4] is _NO_STATUS or checks[4].result is Result.PASSED)
        and checks[5].result is Result.PASSED
        and checks[7] is _NO_FILES
        and not _NO_STATUS.required
    ):
        return Verdict.GENUINE
    return verdict_of(checks)


def _proved(
    presented: Presented,
    one: Opened,
    made: Report,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None,
    seen_at: datetime | None,
) -> Report:
    """Return a report after a look at what the whole way says of the same credential."""
    with tiers.only("general"):
        anew = replace(presented, judged={}, parts={}, match=None, opened=[])
        whole = judgement.verify(anew, found, at=at, trust=trust, seen_at=seen_at)
    if whole == made and whole.memory == made.memory:
        return made
    if one.match is not None:
        known.forget(one.match.template)
    else:
        _proofs.is_off = True
    presented.opened.clear()
    tiers.alarm("template", "A quick report differed from the whole way; its kind is not used again.")
    return whole


def _held_jwt(jwt: JwtCredential, method: str, key: VerifyingKey) -> Signature:
    begins, expires = (_from_seconds(seconds) for seconds in (jwt.not_before, jwt.expires))
    try:
        jose.verify(jwt.jws, key)
    except LaurelError:
        raise Fallback("a signature that does not hold") from None
    return Signature(
        place=0,
        suite=f"vc-jwt ({jwt.profile})",
        method=method,
        hold=_nothing,
        created=begins,
        begins=begins,
        expires=expires,
    )


def _asked_in_proof(proof: Any, claims: Mapping[str, JsonValue]) -> tuple[str, str]:
    """Return the method and the suite of a plain proof. Raises: Fallback."""
    if not isinstance(proof, dict):
        raise Fallback("not plain")
    suite = proof.get("cryptosuite")
    is_json = suite == "eddsa-jcs-2022"
    if (
        proof.keys() != (_PROOF_AND_CONTEXT if is_json else _PROOF)
        or not all(isinstance(proof[name], str) for name in _PROOF)
        or (is_json and proof["@context"] != claims.get("@context"))
        or suite not in ("eddsa-rdfc-2022", "eddsa-jcs-2022")
        or proof["type"] != "DataIntegrityProof"
        or proof["proofPurpose"] != "assertionMethod"
    ):
        raise Fallback("not plain")
    return proof["verificationMethod"], suite


def _held_proof(
    presented: Presented, suite: str, match: Match | None, common: Known, key: VerifyingKey
) -> Signature:
    proof: Any = presented.document["proof"]
    method, created = proof["verificationMethod"], proof["created"]
    if key.algorithm != "Ed25519":
        raise Fallback("not plain")
    try:
        signature, moment = from_base58btc(proof["proofValue"]), _moment(created)
        options = _options(suite, method, common.contexts)
        digest = hashlib.sha256(options[0] + created.encode() + options[1]).digest()
        canonical = _canonical(presented, suite, match)
    except (LaurelError, ValueError):
        raise Fallback("a signature that is none") from None
    if len(signature) != 64 or not key.verify(digest + hashlib.sha256(canonical).digest(), signature):
        raise Fallback("a signature that does not hold")
    listed = proof.get("@context")
    return Signature(place=0, suite=suite, method=method, hold=_nothing, created=moment, contexts=listed)


def _canonical(presented: Presented, suite: str, match: Match | None) -> bytes:
    """Return the canonical form of the claims. Raises: Fallback, LaurelError."""
    is_json = suite == "eddsa-jcs-2022"
    if match is not None:
        if 2 * match.template.cost > DEFAULT:
            raise Fallback("not plain")
        if is_json:
            return match.template.canonical_json(match.texts)
        tiers.taken["template"] += 1
        return FRAMES.proved(match.template, presented.claims, match.template.fill(match.texts))
    claims = presented.claims
    if is_json:
        return canonical_json.canonical_document(claims, {}, contexts.context)
    return jsonld.canonize(claims)


def _key_of(method: str, claims: Mapping[str, JsonValue]) -> VerifyingKey:
    key = _did_key(method) if len(method) <= _LONGEST_METHOD else None
    if key is None or method.partition("#")[0] != id_of(claims.get("issuer")):
        raise Fallback("another key than a did:key of the issuer's own")
    return key


@lru_cache(maxsize=1024)
def _did_key(method: str) -> VerifyingKey | None:
    controller, _, fragment = method.partition("#")
    if not controller.startswith("did:key:") or not fragment:
        return None
    try:
        return did.key_for(did.document(controller), method, at=_ANY_TIME)
    except LaurelError:
        return None


@lru_cache(maxsize=1024)
def _options(suite: str, method: str, listed: bytes) -> tuple[bytes, bytes]:
    """Return what is hashed of a proof without its value, before its `created` and behind it.

    Args:
        listed: the contexts of the document as JSON.

    Raises:
        Fallback, LaurelError: they do not go together.
    """
    document = {"@context": strictjson.loads(listed)}
    form = canonical_json if suite == "eddsa-jcs-2022" else canonical_rdf
    options: dict[str, JsonValue] = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": _EXAMPLE,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    written = form.canonical_options(document, form.options_for(document, options), contexts.context)
    before, sign, behind = written.partition(b'"%b"' % _EXAMPLE.encode())
    if not sign or _EXAMPLE.encode() in behind or _EXAMPLE in method:
        raise Fallback("not plain")
    return before + b'"', b'"' + behind


_moment: Final[Callable[[str], datetime]] = lru_cache(maxsize=4096)(parse_timestamp)


def _moment_of(text: Any) -> datetime | None:
    return None if text is None else _moment(text)


def _name_of(subject: Mapping[str, Any]) -> str | None:
    identifiers = subject.get("identifier", ())
    for entry in identifiers if isinstance(identifiers, list) else (identifiers or ()) and [identifiers]:
        if entry["identityType"] == "name" and not entry["hashed"]:
            name: str = entry["identityHash"]
            return name
    return None


def _technical(carrier: str, one: Opened, name: str | None) -> dict[str, str]:
    signature, common = one.signature, one.known
    technical = {
        "carrier": carrier,
        "suite": signature.suite,
        "verification_method": signature.method,
    }
    if signature.created is not None:
        technical["signed_at"] = signature.created.isoformat()
    names = (
        ("issuer_name", common.issuer_name),
        ("subject_name", name),
        ("achievement_name", common.achievement_name),
    )
    return technical | notes(names, common.issuer_id)


def _from_seconds(seconds: float | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise Fallback("not plain") from None


def _nothing(key: VerifyingKey) -> None:
    """Hold nothing: the signature was held already."""
