# SPDX-License-Identifier: Apache-2.0
"""From a presentation and what was found to a report: the presentation first, then each credential in it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from laurel.errors import DataLoss, LaurelError, TooMuchWork
from laurel.jsonld import mapper
from laurel.jsonld.effort import DEFAULT, Effort
from laurel.model.timestamp import require_offset
from laurel.proof import vp_jwt
from laurel.rules import verifiable_presentation
from laurel.verify import express, judgement, possession, signatures
from laurel.verify.material import Material
from laurel.verify.memory import Memory
from laurel.verify.possession import MOST_AGE
from laurel.verify.presentation_report import PresentationReport, verdict_of_all
from laurel.verify.presentations import Presentation
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Report, Result, not_checked, unreadable
from laurel.verify.signatures import Outcome

EFFORT: Final = 4 * DEFAULT
"""What a presentation and all that is in it may cost together."""


def needs_presentation(
    presentation: Presentation,
    found: Mapping[str, Material],
    *,
    at: datetime,
    seen_at: datetime | None = None,
    evidence: bool = False,
) -> tuple[str, ...]:
    """Return the URLs that are still wanted, to be fetched and asked for again.

    First the holder's keys; once the presentation's signature holds, what its credentials need. One that was
    tampered with sends nobody anywhere; one that nobody signed is no more than its credentials.

    Args:
        found: what earlier URLs led to, the unreachable ones too.
        at, seen_at, evidence: as for `needs` of one credential.

    Raises:
        ValueError: `at` or `seen_at` has no offset from UTC.
    """
    require_offset(at, "at")
    if seen_at is not None:
        require_offset(seen_at, "seen_at")
    effort = Effort(EFFORT)
    if presentation.is_signed:
        outcome = signatures.best(presentation.own, found, at=max(at, seen_at or at), effort=effort)
        if not outcome.holds:
            wanted = outcome.wanted
            return (wanted,) if wanted is not None and wanted not in found else ()
    urls: dict[str, None] = {}
    for credential in presentation.credentials:
        if isinstance(credential, Presented):
            urls |= dict.fromkeys(
                judgement.needs(credential, found, at=at, seen_at=seen_at, evidence=evidence, effort=effort)
            )
    return tuple(urls)


def verify_presentation(
    presentation: Presentation,
    found: Mapping[str, Material],
    *,
    at: datetime,
    challenge: str | None,
    domain: str | None,
    trust: Collection[str] | None = None,
    seen_at: datetime | None = None,
    most_age: timedelta = MOST_AGE,
    memory: Memory | None = None,
) -> PresentationReport:
    """Run every check of a presentation and of each credential in it. Pure; never raises on what was found.

    Args:
        found: what each URL of `needs_presentation` led to.
        at: the moment to judge by, UTC.
        challenge: the nonce that the caller gave out for this one answer, and takes back with it: see
            `laurel.verify.nonces`. None when nobody asked; then no holder counts as proven.
        domain: the name under which the caller asked. None as for the challenge.
        trust, seen_at, memory: as for `verify` of one credential.
        most_age: how old the answer to a challenge may be, give or take five minutes.

    Returns:
        All seven checks of the presentation in their fixed order, and a whole report for each credential.

    Raises:
        ValueError: `at` or `seen_at` has no offset from UTC.
    """
    require_offset(at, "at")
    if seen_at is not None:
        require_offset(seen_at, "seen_at")
    effort = Effort(EFFORT)
    outcome = signatures.best(presentation.own, found, at=max(at, seen_at or at), effort=effort)
    is_asked = challenge is not None or domain is not None
    readable = Check(
        name="readable",
        result=Result.PASSED,
        code="readable.ok",
        message="The file holds one presentation.",
    )
    proof = outcome.proof
    if not presentation.is_signed:
        message = "Nobody has signed the presentation."
        proof = not_checked("proof", message, code="proof.missing", required=is_asked)
    bound = possession.binding_of(presentation, outcome)
    answered = possession.nonce(bound, challenge)
    for_us = (
        possession.audience(bound, domain),
        answered,
        _period(presentation, possession.period(bound, answered, at, most_age), is_asked=is_asked),
    )
    holder = possession.holder(presentation, outcome, for_us)
    checks = (readable, proof, holder, *for_us, _schema(presentation, outcome))
    holder_id = presentation.own.issuer_id if outcome.issuer.result is Result.PASSED else None

    def report_on(credential: Presented | LaurelError) -> Report:
        if not isinstance(credential, Presented):
            return unreadable(credential)
        report = express.verify_inside(
            credential, found, at=at, trust=trust, seen_at=seen_at, memory=memory, effort=effort
        )
        if possession.is_self_asserted(credential, presentation, outcome):
            report = possession.as_self_asserted(report)
        return possession.with_holder(report, credential, holder, holder_id)

    credentials = tuple(map(report_on, presentation.credentials))
    return PresentationReport(
        verdict=verdict_of_all(checks, credentials),
        checks=checks,
        credentials=credentials,
        holder_id=holder_id,
        technical=_technical(presentation, outcome),
    )


def _period(presentation: Presentation, check: Check, *, is_asked: bool) -> Check:
    """An unsigned presentation has no time; that is a lack only where somebody asked for a signed one."""
    if presentation.is_signed or is_asked:
        return check
    return not_checked("period", "Nobody has signed it at any time.", required=False)


def _schema(presentation: Presentation, outcome: Outcome) -> Check:
    """Tell whether the presentation keeps to the data model, and whether all its words have a meaning."""
    if presentation.own.fault is not None or (presentation.is_signed and not outcome.holds):
        return not_checked("schema", "Not looked at, because the signature was not found to hold.")
    jwt = presentation.own.jwt
    old = isinstance(jwt, vp_jwt.JwtPresentation) and jwt.profile == "vc-data-model-1.1"
    findings = verifiable_presentation.check_document(presentation.document, may_hold_texts=old)
    if findings:
        return Check(
            name="schema",
            result=Result.FAILED,
            code="schema.broken-rule",
            message=f"It breaks a rule of its standard: {findings[0].message}",
            detail={finding.pointer or "/": finding.message for finding in findings},
        )
    try:
        # The words of the credentials are looked at with each credential.
        said = {
            name: value for name, value in presentation.own.claims.items() if name != "verifiableCredential"
        }
        mapper.to_quads(said)
    except (DataLoss, TooMuchWork) as loss:
        return Check(
            name="schema",
            result=Result.LOOK_CLOSER,
            code="schema.no-meaning",
            message=f"Readers may not agree on what all of it means. {loss}",
        )
    return Check(
        name="schema",
        result=Result.PASSED,
        code="schema.ok",
        message="It keeps to the rules for presentations.",
    )


def _technical(presentation: Presentation, outcome: Outcome) -> dict[str, str]:
    technical = {"carrier": str(presentation.own.carrier)}
    if outcome.signature is not None:
        technical["suite"] = outcome.signature.suite
        technical["verification_method"] = outcome.signature.method
    return {name: value[:500] for name, value in technical.items()}
