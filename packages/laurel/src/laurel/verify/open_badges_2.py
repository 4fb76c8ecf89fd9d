# SPDX-License-Identifier: Apache-2.0
"""Badges of Open Badges 2.0: no proofs, but three documents that lie where their issuer says.

A hosted badge is what its own address gives; the file that somebody presents only says where to look. A
signed one is a JWS under a key that the issuer's profile lists. Both hang on documents that can be changed
at any time by whoever holds the address, so a badge of this kind shows what the issuer says today.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, final
from urllib.parse import urlsplit

from laurel.errors import NotAKey, ProofFault
from laurel.model.timestamp import parse_timestamp
from laurel.proof import jose
from laurel.proof.keys import VerifyingKey
from laurel.proof.pem import from_pem
from laurel.rules import open_badges_2 as rules
from laurel.strictjson import JsonValue
from laurel.verify import key_binding
from laurel.verify import recipient as recipients
from laurel.verify.material import Material, NotFound, document, host_of
from laurel.verify.presented import Presented, id_of, texts
from laurel.verify.report import Check, Report, Result, not_checked, verdict_of

FORMAT: Final = "open-badges-2.0"
_MOST_KEYS: Final = 3
Json = Mapping[str, JsonValue]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Chain:
    """The documents as far as they were found, each with the address that it was found at."""

    assertion: Json
    badge: Json = field(default_factory=dict)
    badge_url: str = ""
    issuer: Json = field(default_factory=dict)
    issuer_url: str = ""
    missing: NotFound | None = None

    @property
    def claims(self) -> dict[str, JsonValue]:
        """The assertion with its badge class and its issuer in their places, by where they were found."""
        issuer = {**self.issuer, "id": self.issuer_url}
        return {**self.assertion, "badge": {**self.badge, "id": self.badge_url, "issuer": issuer}}


def needs(presented: Presented, found: Mapping[str, Material]) -> list[str | None]:
    """Return the URLs that the badge hangs on, as far as they are known."""
    chain = _chain(presented, found)
    wanted: list[str | None] = [chain.missing.url or None if chain.missing else None]
    if presented.jwt is not None and not chain.missing:
        urls, _ = _keys(chain, found)
        wanted += [*urls, _list_url(chain)]
    return wanted


def verify(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None,
    recipient: str | None,
    challenge: str | None = None,
    domain: str | None = None,
) -> Report:
    """Run every check of a badge of this kind. Pure; never raises on what it was given.

    Args:
        challenge, domain: as for `judgement.verify`. No badge of this kind answers them.

    Spec: OB 2.0 #HostedBadge, #SignedBadge
    """
    chain = _chain(presented, found)
    readable = Check(
        name="readable", result=Result.PASSED, code="readable.ok", message="The file holds one badge."
    )
    proof, issuer = _signed(presented, chain, found) if presented.jwt else _hosted(presented, chain)
    shown = chain.missing is None and proof.result in (Result.PASSED, Result.LOOK_CLOSER)
    rest: tuple[Check, ...]
    if shown:
        rest = (
            _trust(chain, issuer, trust),
            _status(presented, chain, found),
            _period(chain.assertion, at),
            _schema(chain),
        )
    else:
        reason = "Not looked at, because the badge itself could not be confirmed."
        required = {"trust": trust is not None, "status": True, "period": True, "schema": True}
        rest = tuple(not_checked(name, reason, required=needed) for name, needed in required.items())
    checks = (
        readable,
        proof,
        issuer,
        *rest,
        *_not_of_this_kind(),
        _recipient(chain, recipient, shown),
        key_binding.check(presented, challenge=challenge, domain=domain, at=at),
    )
    report = Report(
        verdict=verdict_of(checks),
        checks=checks,
        format=FORMAT,
        credential=chain.claims if shown else None,
        technical={"carrier": presented.carrier, "suite": "jws" if presented.jwt else "hosted"},
    )
    return _with_facts(report, chain) if shown else report


def _chain(presented: Presented, found: Mapping[str, Material]) -> _Chain:
    """Follow the badge to its badge class and its issuer, until one is missing."""
    assertion: Json = presented.document
    try:
        if presented.jwt is None:
            assertion = document(found, _web(assertion.get("id"), "badge"))
        badge, badge_url = _linked(assertion.get("badge"), "badge class", found)
    except NotFound as error:
        return _Chain(assertion=assertion, missing=error)
    try:
        issuer, issuer_url = _linked(badge.get("issuer"), "issuer", found)
    except NotFound as error:
        return _Chain(assertion=assertion, badge=badge, badge_url=badge_url, missing=error)
    return _Chain(assertion=assertion, badge=badge, badge_url=badge_url, issuer=issuer, issuer_url=issuer_url)


def _linked(value: JsonValue, name: str, found: Mapping[str, Material]) -> tuple[Json, str]:
    """Return a document that is linked or stands in place, and the address it is known by. Raises: NotFound.

    One that stands in place is only what the document around it says; it is looked up all the same. One that
    calls itself by an address of another host would be shown under somebody else's name.
    """
    url = _web(id_of(value), name)
    linked = document(found, url)
    if _host(str(linked.get("id", url))) != _host(url):
        raise NotFound(f"{host_of(url)} gave a document that calls itself by an address elsewhere.", url=url)
    return linked, url


def _web(url: object, name: str) -> str:
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise NotFound(f"The {name} has no address on the web.", url="")
    return url


def _hosted(presented: Presented, chain: _Chain) -> tuple[Check, Check]:
    if chain.missing is not None:
        return _unreachable(chain.missing)
    if chain.assertion.get("id") != presented.document.get("id"):
        message = "The address of the badge gives another badge."
        failed = Check(name="proof", result=Result.FAILED, code="proof.other-badge", message=message)
        return failed, not_checked("issuer", "Not looked at, because the badge is another.")
    issuer = _scope(chain)
    if dict(presented.document) == dict(chain.assertion):
        message = "The address of the badge gives this very badge."
        return Check(name="proof", result=Result.PASSED, code="proof.hosted", message=message), issuer
    message = "The address of the badge gives something else than this copy. What counts is shown here."
    return Check(name="proof", result=Result.LOOK_CLOSER, code="proof.other-copy", message=message), issuer


def _scope(chain: _Chain) -> Check:
    """Tell whether the badge lies where its issuer says that its badges lie.

    Spec: OB 2.0 #VerificationObject
    """
    policy = chain.issuer.get("verification")
    policy = policy if isinstance(policy, dict) else {}
    url = str(chain.assertion.get("id"))
    starts = texts(policy.get("startsWith"))
    hosts = texts(policy.get("allowedOrigins"))
    own = _host(chain.issuer_url)
    within = _host(url) in hosts if hosts else bool(starts) or own == _host(url) == _host(chain.badge_url)
    if starts:
        within = within and any(_starts(url, start) for start in starts)
    if within:
        message = "The badge lies where its issuer keeps its badges."
        return Check(name="issuer", result=Result.PASSED, code="issuer.ok", message=message)
    message = "The badge lies somewhere else than where its issuer keeps its badges."
    return Check(name="issuer", result=Result.FAILED, code="issuer.other-place", message=message)


def _starts(url: str, start: str) -> bool:
    """Tell whether a URL lies below another: `https://a.example` is no start of `https://a.example.evil`."""
    return url.startswith(start) and (start.count("/") > 2 or url[len(start) : len(start) + 1] in ("", "/"))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).netloc.lower().rpartition("@")[2] or None
    except ValueError:
        return None


def _signed(presented: Presented, chain: _Chain, found: Mapping[str, Material]) -> tuple[Check, Check]:
    """Hold the JWS against the keys that the issuer's profile lists."""
    if chain.missing is not None:
        return _unreachable(chain.missing)
    assert presented.jwt is not None
    urls, keys = _keys(chain, found)
    if not keys:
        silent = urls[0] if urls else chain.issuer_url
        return _unreachable(NotFound(f"{host_of(silent)} gave no key that we can use.", url=silent))
    for key in keys:
        try:
            jose.verify(presented.jwt.jws, key)
        except ProofFault as fault:
            failed = Check(name="proof", result=Result.FAILED, code=fault.code, message=str(fault))
            continue
        message = "The signature fits: nothing was changed since it was signed."
        listed = "The signing key is one that the issuer lists."
        return (
            Check(name="proof", result=Result.PASSED, code="proof.ok", message=message),
            Check(name="issuer", result=Result.PASSED, code="issuer.ok", message=listed),
        )
    return failed, not_checked("issuer", "Not looked at, because the signature was not found to hold.")


def _keys(chain: _Chain, found: Mapping[str, Material]) -> tuple[list[str], list[VerifyingKey]]:
    """Return the addresses of the keys that the issuer lists, and those of the keys that were found.

    A key that only the badge names counts for nothing: the issuer has to list it, and the key to name its
    issuer.

    Spec: OB 2.0 #SignedBadge
    """
    held = chain.issuer.get("publicKey")
    listed = (held if isinstance(held, list) else [held])[:_MOST_KEYS]
    verification = chain.assertion.get("verification")
    named = verification.get("creator") if isinstance(verification, dict) else None
    urls = [url for url in map(id_of, listed) if url is not None and named in (None, url)]
    keys: list[VerifyingKey] = []
    for url in urls:
        try:
            entry = document(found, _web(url, "key"))
            owners = (chain.issuer_url, chain.issuer.get("id"))
            if entry.get("owner") in owners and isinstance(pem := entry.get("publicKeyPem"), str):
                keys.append(from_pem(pem))
        except (NotFound, NotAKey):
            continue
    return urls, keys


def _list_url(chain: _Chain) -> str | None:
    return id_of(chain.issuer.get("revocationList"))


def _status(presented: Presented, chain: _Chain, found: Mapping[str, Material]) -> Check:
    """Tell whether the issuer took the badge back: a hosted one says so itself, a signed one is in a list."""
    # Whatever is not plainly false revokes: a careless host must not let anything through.
    if chain.assertion.get("revoked", False) is not False:
        return _withdrawn(chain.assertion.get("revocationReason"))
    if presented.jwt is None:
        message = "The issuer still hosts it, and has not withdrawn it."
        return Check(name="status", result=Result.PASSED, code="status.ok", message=message)
    url = _list_url(chain)
    if url is None:
        message = "Its issuer keeps no revocation list, so nobody could tell if it were withdrawn."
        return not_checked("status", message, code="status.none", required=False)
    try:
        revoked = document(found, url).get("revokedAssertions")
    except NotFound as error:
        message = f"It could not be looked up whether it has been withdrawn. {error}"
        return not_checked("status", message, code="status.unreachable")
    own = _names(chain.assertion)
    for entry in revoked if isinstance(revoked, list) else []:
        if isinstance(entry, dict) and _names(entry) & own:
            return _withdrawn(entry.get("revocationReason"))
        if isinstance(entry, str) and entry in own:
            return _withdrawn(None)
    return Check(
        name="status", result=Result.PASSED, code="status.ok", message="The issuer has not withdrawn it."
    )


def _names(value: Json) -> set[str]:
    return {name for name in (value.get("id"), value.get("uid")) if isinstance(name, str)}


def _withdrawn(reason: JsonValue) -> Check:
    detail = {"message": reason[:500]} if isinstance(reason, str) else {}
    message = "The issuer has withdrawn it."
    return Check(name="status", result=Result.FAILED, code="status.withdrawn", message=message, detail=detail)


def _period(assertion: Json, at: datetime) -> Check:
    try:
        starts, ends = (_moment(assertion.get(name)) for name in ("issuedOn", "expires"))
    except ValueError:
        return not_checked("period", "The badge has a date that is none.", code="period.malformed")
    if starts is not None and starts > at:
        code, message = "period.not-yet", f"It does not begin before {starts.astimezone(UTC):%-d %B %Y}."
    elif ends is not None and at > ends:
        code, message = "period.ended", f"It ended on {ends.astimezone(UTC):%-d %B %Y}."
    else:
        return Check(name="period", result=Result.PASSED, code="period.ok", message="It is current.")
    return Check(name="period", result=Result.FAILED, code=code, message=message)


def _moment(value: JsonValue) -> datetime | None:
    return None if value is None else parse_timestamp(value if isinstance(value, str) else "")


def _schema(chain: _Chain) -> Check:
    findings = rules.check_badge(chain.assertion, chain.badge, chain.issuer)
    if not findings:
        message = "It keeps to the rules of Open Badges 2.0."
        return Check(name="schema", result=Result.PASSED, code="schema.ok", message=message)
    message = f"It breaks a rule of Open Badges 2.0. {findings[0].message}"
    detail = {finding.pointer or "/": finding.message for finding in findings[:20]}
    return Check(
        name="schema", result=Result.FAILED, code="schema.broken-rule", message=message, detail=detail
    )


def _trust(chain: _Chain, issuer: Check, trust: Collection[str] | None) -> Check:
    if trust is None:
        message = "No list of trusted issuers was given, so nobody vouches for the issuer here."
        return not_checked("trust", message, code="trust.no-list", required=False)
    if issuer.result is Result.PASSED and chain.issuer_url in trust:
        message = "The issuer is on the list of trusted ones."
        return Check(name="trust", result=Result.PASSED, code="trust.ok", message=message)
    message = "The issuer is not on the list of trusted ones."
    return Check(name="trust", result=Result.FAILED, code="trust.unknown", message=message)


def _recipient(chain: _Chain, known: str | None, shown: bool) -> Check:
    if not shown and known is not None:
        return not_checked("recipient", "Not looked at, because the badge itself could not be confirmed.")
    given = chain.assertion.get("recipient")
    entry: dict[str, JsonValue] = {}
    if isinstance(given, dict):
        entry = {**given, "identityType": given.get("type"), "identityHash": given.get("identity")}
    return recipients.check({"credentialSubject": {"identifier": [entry]}}, known)


def _not_of_this_kind() -> tuple[Check, Check]:
    return (
        not_checked("evidence", "Open Badges 2.0 signs no fingerprints of files.", required=False),
        not_checked("endorsements", "Endorsements of Open Badges 2.0 are not looked at.", required=False),
    )


def _unreachable(error: NotFound) -> tuple[Check, Check]:
    message = f"What the badge hangs on could not be looked up. {error}"
    detail = {"host": error.host, "url": error.url} if error.url else {}
    return (
        Check(
            name="proof",
            result=Result.NOT_CHECKED,
            code="proof.unreachable",
            message=message,
            detail=detail,
        ),
        not_checked("issuer", message, code="issuer.unreachable"),
    )


def _with_facts(report: Report, chain: _Chain) -> Report:
    """Add the few facts that a page shows first. The issuer goes by the address it was found at."""

    def text(value: JsonValue) -> str | None:
        return value if isinstance(value, str) else None

    try:
        starts, ends = (_moment(chain.assertion.get(name)) for name in ("issuedOn", "expires"))
    except ValueError:
        starts = ends = None
    return replace(
        report,
        issuer_id=chain.issuer_url,
        issuer_name=text(chain.issuer.get("name")),
        achievement_name=text(chain.badge.get("name")),
        valid_from=starts,
        valid_until=ends,
    )
