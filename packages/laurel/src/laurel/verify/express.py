# SPDX-License-Identifier: Apache-2.0
"""Whole reports on credentials of a known frame: what the frame decides is remembered, all else is done anew.

Once a credential was found good by the whole way, the next one of its frame differs in some texts only. Its
signature, the rules, the dates, the status and the facts are looked at as ever; what no text can change, such
as that there are no endorsements, is not. Only the plain case is taken: a did:key, one proof or a JWT, lists
that the issuer keeps and that say nothing against it. Whatever else comes is a `Fallback` to the whole way.
"""

import hashlib
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple, final
from weakref import WeakKeyDictionary

from laurel import did, strictjson, tiers
from laurel.errors import LaurelError
from laurel.jsonld import contexts
from laurel.jsonld.effort import DEFAULT, Effort
from laurel.jsonld.frames import FRAMES, PROVED_EVERY
from laurel.jsonld.template import Template
from laurel.model.timestamp import parse_timestamp
from laurel.proof import canonical_json, canonical_rdf, jose
from laurel.proof.encodings import from_base58btc
from laurel.proof.keys import VerifyingKey
from laurel.proof.vc_jwt import JwtCredential
from laurel.rules import plain
from laurel.status import bitstring
from laurel.status.entries import Entry, entries
from laurel.strictjson import JsonValue
from laurel.tiers import Fallback
from laurel.verify import evidence as files
from laurel.verify import judgement, period, schemas, signatures, status_lists, withdrawal
from laurel.verify import presented as reading
from laurel.verify.material import Material
from laurel.verify.memory import Memory
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Party, Report, Result, Verdict, verdict_of
from laurel.verify.signatures import Signature

_PLAIN: Final = frozenset(
    {
        *(
            "@context",
            "id",
            "type",
            "issuer",
            "validFrom",
            "validUntil",
            "awardedDate",
            "name",
            "description",
        ),
        *(
            "image",
            "credentialSubject",
            "evidence",
            "credentialStatus",
            "credentialSchema",
            "relatedResource",
        ),
    }
)
_PROOF: Final = frozenset(
    {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
)
_PURPOSES: Final = ("revocation", "suspension")
_MOST_LISTS: Final = 3
_LONGEST_METHOD: Final = 512
_LARGEST_LIST: Final = 128 * 1024
# A did:key neither begins nor ends, so the moment does not matter to it.
_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)


class _Known(NamedTuple):
    """What the frame decides: a report on one credential of it, its contexts as JSON, and a counter.

    `results` are those of the report's checks, `schemas` the URLs of the JSON Schemas that it names.
    """

    report: Report
    results: list[Result]
    contexts: bytes
    schemas: frozenset[str]
    uses: list[int]


_lock: Final = threading.Lock()
_known: Final[WeakKeyDictionary[Template, _Known | None]] = WeakKeyDictionary()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A credential of a known frame whose signature holds and which keeps to the rules."""

    presented: Presented
    claims: Mapping[str, JsonValue]
    known: _Known
    template: Template
    signature: Signature
    entries: tuple[Entry, ...]

    @property
    def lists(self) -> tuple[str, ...]:
        """The URLs of its status lists, each once."""
        return tuple(dict.fromkeys(entry.list_url for entry in self.entries))


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
    """Do what `judgement.verify` does, which see, and sooner where the frame of the credential is known."""
    is_plain = all(one is None for one in (recipient, challenge, domain, memory, effort))
    if is_plain and (one := attempt(presented)) is not None:
        try:
            return report(one, found, at=at, trust=trust, seen_at=seen_at)
        except Fallback as reason:
            tiers.taken[f"fallback: report: {reason}"] += 1
    judged = judgement.verify(
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
    if is_plain:
        learn(presented, judged, found)
    return judged


def attempt(presented: Presented) -> Opened | None:
    """Return what `opened` returns, or None."""
    try:
        return opened(presented)
    except Fallback as reason:
        tiers.taken[f"fallback: report: {reason}"] += 1
        return None


def opened(presented: Presented) -> Opened:
    """Hold the signature of what was presented against the issuer's key, and its claims against the rules.

    Raises:
        Fallback: its frame is not known, or anything is not as plain as this takes it.
    """
    if not tiers.is_on("template") or presented.fault is not None or presented.sd_jwt is not None:
        raise Fallback("not plain")
    claims = presented.claims
    found, texts, _ = FRAMES.find(claims)
    known = _known.get(found)
    if known is None or presented.purpose != "assertionMethod":
        raise Fallback("no report of the frame")
    if isinstance(presented.jwt, JwtCredential):
        signature = _held_jwt(presented.jwt, claims)
    elif presented.jwt is None:
        signature = _held_proof(presented, found, texts, known, claims)
    else:
        raise Fallback("not plain")
    if plain.check_badge(claims):
        raise Fallback("a broken rule")
    return Opened(
        presented=presented,
        claims=claims,
        known=known,
        template=found,
        signature=signature,
        entries=_entries(claims),
    )


def report(
    one: Opened,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None,
    seen_at: datetime | None,
) -> Report:
    """Return the report that `judgement.verify` gives, with what was found behind the URLs of its lists.

    Raises:
        Fallback: a status list that tells anything but that all is well, or a JSON Schema that can be run.
    """
    presented, was, results = one.presented, one.known.report, one.known.results
    if not one.known.schemas.isdisjoint(found):
        raise Fallback("a JSON Schema that is at hand")
    status = _status(one, found, at=at, seen_at=seen_at or at)
    checks = (
        *was.checks[:3],
        judgement._trust(presented, was["issuer"], trust),
        status or withdrawal.check(presented, found, at=at, seen_at=seen_at or at),
        period.check(presented, one.signature, at),
        was["schema"],
        files.check(presented, found),
        *was.checks[8:],
    )
    facts = _facts(one.claims)
    made = replace(
        was,
        # The verdict is made of the results, and those were good ones.
        verdict=was.verdict if [one.result for one in checks] == results else verdict_of(checks),
        checks=checks,
        credential=one.claims,
        technical=_technical(one) | judgement.noted(was, facts["subject_name"]),
        **facts,
    )
    tiers.taken["template: whole report"] += 1
    one.known.uses[0] += 1
    if one.known.uses[0] % PROVED_EVERY == 0:
        return _proved(one, made, found, at=at, trust=trust, seen_at=seen_at)
    return made


def learn(presented: Presented, judged: Report, found: Mapping[str, Material]) -> None:
    """Remember what the frame of a credential decides, after the whole way has found it good."""
    document = presented.document
    method = judged.technical.get("verification_method", "")
    if (
        not tiers.is_on("template")
        or judged.verdict is not Verdict.GENUINE
        or judged.format != "open-badges-3.0"
        or judged.endorsements
        or judged["endorsements"].code != "endorsements.none"
        or not method.startswith("did:key:")
        or not (document.keys() - {"proof"}) <= _PLAIN
        or presented.is_version_1
        or presented.sd_jwt is not None
        # A schema that was run is run each time. Where none was and all is well, our own rules stand for it.
        or not schemas.urls(presented).isdisjoint(found)
    ):
        return
    try:
        template = FRAMES.find(presented.claims).template
    except Fallback:
        return
    if template not in _known:
        listed = strictjson.dumps(document["@context"])
        # Nothing of the one whose credential taught it is kept.
        kept = replace(judged, credential=None, subject_name=None, assessed_by=None, technical={})
        with _lock:
            results = [check.result for check in judged.checks]
            _known[template] = _Known(kept, results, listed, schemas.urls(presented), [0])


def _proved(
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
        anew = replace(one.presented, judged={}, parts={})
        whole = judgement.verify(anew, found, at=at, trust=trust, seen_at=seen_at)
    if whole == made and whole.memory == made.memory:
        return made
    with _lock:
        _known[one.template] = None
    tiers.alarm("template", "A remembered report differed from the whole way; it is not used again.")
    return whole


def _held_jwt(jwt: JwtCredential, claims: Mapping[str, JsonValue]) -> Signature:
    method = jwt.kid or ""
    key = _key_of(method, claims)
    if jwt.profile == "vc-data-model-1.1":
        raise Fallback("not plain")
    begins, expires = (_moment(seconds) for seconds in (jwt.not_before, jwt.expires))
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


def _held_proof(
    presented: Presented,
    template: Template,
    texts: list[bytes],
    known: _Known,
    claims: Mapping[str, JsonValue],
) -> Signature:
    proof: Any = presented.document.get("proof")
    if not isinstance(proof, dict):
        raise Fallback("not plain")
    suite = proof.get("cryptosuite")
    is_json = suite == "eddsa-jcs-2022"
    if (
        proof.keys() != (_PROOF | {"@context"} if is_json else _PROOF)
        or not all(isinstance(proof[name], str) for name in _PROOF)
        or (is_json and proof["@context"] != claims["@context"])
        or suite not in ("eddsa-rdfc-2022", "eddsa-jcs-2022")
        or proof["type"] != "DataIntegrityProof"
        or proof["proofPurpose"] != "assertionMethod"
        or 2 * template.cost > DEFAULT
    ):
        raise Fallback("not plain")
    method, created = proof["verificationMethod"], proof["created"]
    key = _key_of(method, claims)
    digest = _options_digest(suite, method, created, known.contexts)
    if digest is None or key.algorithm != "Ed25519":
        raise Fallback("not plain")
    try:
        signature, moment = from_base58btc(proof["proofValue"]), parse_timestamp(created)
    except (LaurelError, ValueError):
        raise Fallback("a signature that is none") from None
    if is_json:
        canonical = template.canonical_json(texts)
    else:
        canonical = FRAMES.proved(template, claims, template.fill(texts))
    if len(signature) != 64 or not key.verify(digest + hashlib.sha256(canonical).digest(), signature):
        raise Fallback("a signature that does not hold")
    listed = proof.get("@context")
    return Signature(place=0, suite=suite, method=method, hold=_nothing, created=moment, contexts=listed)


def _key_of(method: str, claims: Mapping[str, JsonValue]) -> VerifyingKey:
    issuer: Any = claims["issuer"]
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    key = _did_key(method) if len(method) <= _LONGEST_METHOD else None
    if key is None or method.partition("#")[0] != identifier:
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
def _options_digest(suite: str, method: str, created: str, listed: bytes) -> bytes | None:
    """Return the hash of a proof without its value, under contexts that are given as JSON."""
    document = {"@context": strictjson.loads(listed)}
    form = canonical_json if suite == "eddsa-jcs-2022" else canonical_rdf
    options: dict[str, JsonValue] = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    try:
        written = form.canonical_options(document, form.options_for(document, options), contexts.context)
    except LaurelError:
        return None
    return hashlib.sha256(written).digest()


def _entries(claims: Mapping[str, JsonValue]) -> tuple[Entry, ...]:
    try:
        found = entries(claims)
    except LaurelError:
        raise Fallback("a status that is not plain") from None
    if len({entry.list_url for entry in found}) > _MOST_LISTS or not all(
        entry.kind == "BitstringStatusListEntry"
        and entry.purpose in _PURPOSES
        and entry.size == 1
        and not entry.messages
        and not entry.references
        for entry in found
    ):
        raise Fallback("a status that is not plain")
    return found


class _List(NamedTuple):
    """A status list that its issuer signed: whose it is, from when to when it serves, and its bits."""

    issuer_id: str | None
    starts: datetime | None
    ends: datetime | None
    begins: datetime | None
    lifetime: timedelta | None
    bits: bytes


def _status(one: Opened, found: Mapping[str, Material], *, at: datetime, seen_at: datetime) -> Check | None:
    """Return the check of the status where every list says that all is well; None where there is no list."""
    remember = Memory()
    for entry in one.entries:
        material = found.get(entry.list_url)
        if not isinstance(material, bytes) or len(material) > _LARGEST_LIST:
            raise Fallback("a status list that is not at hand")
        listed = _list(entry.list_url, bytes(material), entry.purpose)
        if listed is None or listed.issuer_id != one.presented.issuer_id:
            raise Fallback("a status list that is not plain")
        try:
            status_lists.require_period(listed.starts, listed.ends, at, seen_at)
            status_lists.require_fresh(material, listed.lifetime, seen_at)
            if bitstring.value_at(listed.bits, entry.index, size=1):
                raise Fallback("a status that is not plain")
        except LaurelError:
            raise Fallback("a status list that is not plain") from None
        if listed.begins:
            remember += Memory({entry.list_url: listed.begins})
    if not one.entries:
        return None
    first = one.entries[0]
    detail = {"list": first.list_url, "index": str(first.index), "purpose": first.purpose}
    return Check(
        name="status",
        result=Result.PASSED,
        code="status.ok",
        message="The issuer has not withdrawn it.",
        detail=detail,
        remember=remember,
    )


@lru_cache(maxsize=32)
def _list(url: str, data: bytes, purpose: str) -> _List | None:
    """Return a status list whose signature was held against its issuer's own did:key, or None."""
    try:
        listing = reading.read(data)
        outcome = signatures.best(listing, {}, at=_ANY_TIME)
        signature = outcome.signature
        if (
            not outcome.holds
            or outcome.issuer.result is not Result.PASSED
            or signature is None
            or not signature.method.startswith("did:key:")
            or listing.document.get("id") != url
        ):
            return None
        starts, ends, begins = status_lists.period_of(listing.document, signature)
        entry = Entry(kind="BitstringStatusListEntry", purpose=purpose, list_url=url)
        bits = bitstring.bits_of(listing.document, entry)
    except LaurelError:
        return None
    lifetime = status_lists.lifetime_of(listing.document)
    return _List(listing.issuer_id, starts, ends, begins, lifetime, bits)


def _technical(one: Opened) -> dict[str, str]:
    signature = one.signature
    technical = {
        "carrier": one.presented.carrier,
        "suite": signature.suite,
        "verification_method": signature.method,
    }
    if signature.created is not None:
        technical["signed_at"] = signature.created.isoformat()
    return technical


def _facts(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that texts may change; that all of them can be read is sure, for no rule is broken."""
    subject = claims["credentialSubject"]
    identifiers = subject.get("identifier", [])
    named = (
        entry["identityHash"]
        for entry in (identifiers if isinstance(identifiers, list) else [identifiers])
        if entry["identityType"] == "name" and not entry["hashed"]
    )
    source, ends = subject.get("source"), claims.get("validUntil")
    return {
        "subject_name": next(named, None),
        "assessed_by": Party(id=source["id"], name=source.get("name")) if source else None,
        "valid_from": parse_timestamp(claims["validFrom"]),
        "valid_until": parse_timestamp(ends) if ends else None,
    }


def _moment(seconds: float | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise Fallback("not plain") from None


def _nothing(key: VerifyingKey) -> None:
    """Hold nothing: the signature was held already."""
