# SPDX-License-Identifier: Apache-2.0
"""From what was presented and what was found to a report: which URLs are needed, and what they add up to."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from laurel.errors import DataLoss, NotACredential, TooMuchWork
from laurel.formats import open_badges_3 as badge_format
from laurel.jsonld import mapper
from laurel.jsonld.effort import Effort
from laurel.model.timestamp import parse_timestamp
from laurel.rules import open_badges_3, vc_data_model_2
from laurel.strictjson import JsonValue
from laurel.verify import evidence as files
from laurel.verify import signatures, withdrawal
from laurel.verify.material import Material
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Report, Result, not_checked, verdict_of

SKEW: Final = timedelta(minutes=5)


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

    First the issuer's keys; once the signature holds, the status lists, and then the keys behind those; with
    `evidence` also the files whose fingerprints were signed. A document that nobody signed sends nobody to
    any other address.

    Args:
        found: what earlier URLs led to, the unreachable ones too.
        at, seen_at, effort: as for `verify`.
    """
    moment = at or datetime.now(UTC)
    outcome = signatures.best(presented, found, at=moment, effort=effort)
    if not outcome.holds:
        return _unasked([outcome.wanted], found)
    wanted: list[str | None] = [outcome.wanted]
    wanted += withdrawal.needs(presented, found, at=moment, seen_at=seen_at or moment, effort=effort)
    if evidence:
        wanted += files.needs(presented)
    return _unasked(wanted, found)


def verify(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None = None,
    seen_at: datetime | None = None,
    effort: Effort | None = None,
) -> Report:
    """Run every check with what was found, and report them all. Pure; never raises on what it was given.

    Args:
        found: what each URL of `needs` led to.
        at: the moment to judge by, UTC. The credential must be current then.
        trust: the ids of the issuers one trusts. None means that no list is kept: then `trust` is neither
            checked nor required. An empty list trusts nobody.
        seen_at: when the material was found, if not at `at`. A status list serves if it was current at
            either moment, so that a past or future `at` does not make today's list look stale.
        effort: a budget of work shared with other documents; without one this credential has its own.

    Returns:
        All nine checks in their fixed order. Whatever could not be decided is `not_checked`.
    """
    outcome = signatures.best(presented, found, at=at, effort=effort)
    readable = Check(
        name="readable",
        result=Result.PASSED,
        code="readable.ok",
        message="The file holds one credential.",
    )
    rest: tuple[Check, ...]
    if outcome.holds:
        presented = _as_signed(presented, outcome.signature)
        seen = seen_at or at
        rest = (
            _trust(presented, outcome.issuer, trust),
            withdrawal.check(presented, found, at=at, seen_at=seen, effort=effort),
            _period(presented, outcome.signature, at),
            _schema(presented, outcome.signature),
            files.check(presented, found),
        )
    else:
        rest = _not_looked_at(has_list=trust is not None)
    checks = (readable, outcome.proof, outcome.issuer, *rest, _holder())
    report = Report(
        verdict=verdict_of(checks),
        checks=checks,
        format=presented.format,
        credential=presented.claims if outcome.holds else None,
        technical=_technical(presented, outcome),
    )
    return _with_facts(report, presented) if outcome.holds else report


def _as_signed(presented: Presented, signature: signatures.Signature | None) -> Presented:
    """Return what was presented under the contexts that were signed, without those that others added."""
    if signature is None or signature.contexts is None:
        return presented
    return replace(presented, document={**presented.document, "@context": signature.contexts})


def _unasked(wanted: list[str | None], found: Mapping[str, Material]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for url in wanted if url is not None and url not in found))


def _not_looked_at(*, has_list: bool) -> tuple[Check, ...]:
    reason = "Not looked at, because the signature was not found to hold."
    return tuple(
        not_checked(name, reason, required=required)
        for name, required in (
            ("trust", has_list),
            ("status", True),
            ("period", True),
            ("schema", True),
            ("evidence", False),
        )
    )


def _trust(presented: Presented, issuer: Check, trust: Collection[str] | None) -> Check:
    if trust is None:
        message = "No list of trusted issuers was given, so nobody vouches for the issuer here."
        return not_checked("trust", message, code="trust.no-list", required=False)
    if issuer.result is not Result.PASSED:
        return not_checked("trust", "Not looked at, because it is not sure who the issuer is.")
    if presented.issuer_id in trust:
        return Check(
            name="trust",
            result=Result.PASSED,
            code="trust.ok",
            message="The issuer is on the list of trusted ones.",
        )
    return Check(
        name="trust",
        result=Result.FAILED,
        code="trust.unknown",
        message="The issuer is not on the list of trusted ones.",
        detail={"issuer": presented.issuer_id or ""},
    )


def _period(presented: Presented, signature: signatures.Signature | None, at: datetime) -> Check:
    document = presented.document
    try:
        starts = max(_moments(document, "validFrom", "issuanceDate"), default=None)
        ends = min(_moments(document, "validUntil", "expirationDate"), default=None)
    except ValueError:
        return not_checked("period", "The credential has a date that is none.", code="period.malformed")
    if signature is not None:
        starts = max(filter(None, (starts, signature.begins)), default=None)
    signed_until = signature.expires if signature else None
    if starts is not None and starts - at > SKEW:
        return _off("period.not-yet", f"It does not begin before {_day(starts)}.", "valid_from", starts)
    if ends is not None and at > ends:
        return _off("period.ended", f"It ended on {_day(ends)}.", "valid_until", ends)
    if signed_until is not None and at > signed_until:
        return _off(
            "period.signature-ended",
            f"Its signature served until {_day(signed_until)}.",
            "valid_until",
            signed_until,
        )
    until = f" It ends on {_day(ends)}." if ends is not None else ""
    return Check(name="period", result=Result.PASSED, code="period.ok", message=f"It is current.{until}")


def _off(code: str, message: str, name: str, moment: datetime) -> Check:
    return Check(
        name="period",
        result=Result.FAILED,
        code=code,
        message=message,
        detail={name: moment.astimezone(UTC).isoformat().replace("+00:00", "Z")},
    )


def _moments(document: Mapping[str, JsonValue], *names: str) -> list[datetime]:
    """Return the dates under these names, of today's data model and of version 1.1. Raises: ValueError."""
    values = (document.get(name) for name in names)
    return [parse_timestamp(value if isinstance(value, str) else "") for value in values if value is not None]


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B %Y}"


def _schema(presented: Presented, signature: signatures.Signature | None) -> Check:
    """Hold the claims against the rules of their standard, which we wrote out from its text.

    A signature over the text covers words as well that have no meaning, or one that the document gives them
    itself. Readers would not agree on those, so they need a closer look.
    """
    claims = presented.claims
    findings = () if presented.is_version_1 else vc_data_model_2.check_document(claims)
    standard = "the data model for verifiable credentials"
    if presented.format == "open-badges-3.0":
        findings = (*findings, *open_badges_3.check_document(claims))
        standard = "Open Badges 3.0"
    if not findings and (loss := _meaningless(presented, signature)) is not None:
        return Check(
            name="schema",
            result=Result.LOOK_CLOSER,
            code="schema.no-meaning",
            message=f"Readers may not agree on what all of it means. {loss}",
            detail={loss.pointer or "/": str(loss)},
        )
    if not findings:
        return Check(
            name="schema",
            result=Result.PASSED,
            code="schema.ok",
            message=f"It keeps to the rules of {standard}.",
        )
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return Check(
        name="schema",
        result=Result.FAILED,
        code="schema.broken-rule",
        message=f"It breaks a rule of {standard}, so it may not mean what it seems to. {first.message}{more}",
        detail={f"{finding.pointer or '/'}": finding.message for finding in findings[:20]},
    )


_NO_MEANING: Final = frozenset(
    f"data-loss.{kind}"
    for kind in (
        "context",
        "unknown-context",
        "undefined-term",
        "undefined-type",
        "keyword",
        "second-spelling",
    )
)


def _meaningless(presented: Presented, signature: signatures.Signature | None) -> DataLoss | None:
    """Return the first word without a meaning of its own; a proof over RDF has looked for it already."""
    if signature is not None and signature.suite == "eddsa-rdfc-2022":
        return None
    try:
        mapper.to_quads(presented.claims)
    except DataLoss as loss:
        return loss if loss.code in _NO_MEANING else None
    except TooMuchWork:
        return None
    return None


def _holder() -> Check:
    message = "A file or a link cannot prove who is showing it. Ask them to show that it is theirs."
    return not_checked("holder", message, required=False)


def _technical(presented: Presented, outcome: signatures.Outcome) -> dict[str, str]:
    technical: dict[str, str] = {"carrier": presented.carrier}
    if outcome.signature is not None:
        technical["suite"] = outcome.signature.suite
        technical["verification_method"] = outcome.signature.method
        if outcome.signature.created is not None:
            technical["signed_at"] = outcome.signature.created.isoformat()
    return {name: value[:500] for name, value in technical.items()}


def _with_facts(report: Report, presented: Presented) -> Report:
    """Return the report with the few facts that a page shows first, out of the signed claims only."""
    report = replace(report, issuer_id=presented.issuer_id)
    try:
        credential = badge_format.from_json(presented.claims)
    except NotACredential:
        issuer = presented.document.get("issuer")
        return replace(report, issuer_name=_text(issuer.get("name")) if isinstance(issuer, dict) else None)
    named = (
        entry.identity_hash
        for entry in credential.subject.identifiers
        if entry.identity_type == "name" and not entry.hashed
    )
    return replace(
        report,
        issuer_name=credential.issuer.name,
        subject_name=next(named, None),
        achievement_name=credential.subject.achievement.name,
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
    )


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
