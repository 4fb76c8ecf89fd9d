# SPDX-License-Identifier: Apache-2.0
"""Signed claims become the parts that a page shows: of our credentials, and of anybody's."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from cairn.achievements import narrative
from cairn.achievements.documents import EQF
from cairn.credentials.facts import (
    CheckLine,
    Claims,
    EvidenceLine,
    Fact,
    FileState,
    MarkedCriterion,
    Skill,
)
from cairn.credentials.rules.bounds import NAME, bounded
from cairn.credentials.rules.compose import is_comment
from cairn.foundation import names
from laurel.model.credential import OpenBadgeCredential
from laurel.model.result import Result as AchievedResult
from laurel.model.result import ResultDescription
from laurel.verify.report import Check, Report, Result, verdict_of

#: In the order of the page.
SHOWN_CHECKS = (
    "readable",
    "proof",
    "issuer",
    "trust",
    "status",
    "period",
    "evidence",
    "schema",
    "endorsements",
    "recipient",
    "holder",
)


def claims(credential: OpenBadgeCredential) -> Claims:
    """Return what a verified credential says, in parts, as far as a page shows it."""
    return bounded(_claims(credential))


def _claims(credential: OpenBadgeCredential) -> Claims:
    achievement = credential.subject.achievement
    criteria = narrative.read(achievement.criteria.narrative or "")
    rubric = _rubric(credential)
    return Claims(
        id=credential.id,
        name=achievement.name,
        description=achievement.description,
        achievement_type=achievement.achievement_type or "",
        level=criteria.elements.get("level", ""),
        language=achievement.in_language or "",
        holder_name=_holder_name(credential),
        issuer_id=credential.issuer.id,
        issuer_name=credential.issuer.name or "",
        issuer_url=credential.issuer.url or "",
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
        awarded_at=credential.awarded_date,
        narrative=credential.subject.narrative or "",
        criteria=criteria.narrative,
        criteria_url=achievement.criteria.id or "",
        outcomes=criteria.outcomes,
        facts=_facts(credential, criteria.elements),
        more_facts=_more_facts(credential, criteria.elements),
        rubric=rubric,
        pass_mark=_pass_mark(rubric),
        assessors=criteria.elements.get("assessors", ""),
        evidence=_evidence(credential),
        skills=tuple(
            Skill(
                name=one.target_name,
                framework=one.target_framework or "",
                code=one.target_code or "",
                url=one.target_url if one.target_url.startswith(("https://", "http://")) else "",
            )
            for one in achievement.alignments
            if one.target_framework != EQF
        ),
        tags=achievement.tags,
        image_url=achievement.image.id if achievement.image else "",
    )


def names_shown(shown: Claims) -> tuple[tuple[str, str], ...]:
    """Return the names on a page that people go by, and whose each is."""
    others = ((fact.kind, fact.value) for fact in shown.more_facts if fact.kind in ("creator", "assessor"))
    own = (("issuer", shown.issuer_name), ("holder", shown.holder_name), ("achievement", shown.name))
    return (*own, *others)


def shown_checks(checks: tuple[CheckLine, ...]) -> tuple[CheckLine, ...]:
    """Return the checks a page shows, in its order.

    Left out: `readable` when it passed, since everything below says so; `trust` when no register was asked;
    `evidence` and `recipient` when nothing was compared; `endorsements` when there are none.
    """
    quiet = {("readable", "passed")} | {
        (name, "not_checked") for name in ("trust", "evidence", "endorsements", "recipient")
    }
    shown = [check for check in checks if (check.name, check.result) not in quiet]
    return tuple(sorted(shown, key=lambda check: SHOWN_CHECKS.index(check.name)))


def with_evidence(report: Report, lines: tuple[EvidenceLine, ...]) -> Report:
    """Return a report in which comparing the evidence files counts as laurel counts it."""
    checks = tuple(_evidence_check(lines) if check.name == "evidence" else check for check in report.checks)
    return replace(report, checks=checks, verdict=verdict_of(checks))


def _evidence_check(lines: tuple[EvidenceLine, ...]) -> Check:
    states = [line.state for line in lines if line.sha256]
    same = sum(state is FileState.UNCHANGED for state in states)
    if FileState.CHANGED in states:
        result, code = Result.FAILED, "evidence.changed"
    elif FileState.GONE in states:
        result, code = Result.LOOK_CLOSER, "evidence.gone"
    elif not states or FileState.NOT_CHECKED in states:
        result, code = Result.NOT_CHECKED, "evidence.not-checked"
    else:
        result, code = Result.PASSED, "evidence.unchanged"
    return Check(
        name="evidence",
        result=result,
        code=code,
        message=f"{same} of {len(states)} files match their fingerprints.",
        required=False,
    )


def _holder_name(credential: OpenBadgeCredential) -> str:
    named = [
        one.identity_hash
        for one in credential.subject.identifiers
        if one.identity_type == "name" and not one.hashed
    ]
    return named[0] if named else ""


def _facts(credential: OpenBadgeCredential, elements: Mapping[str, str]) -> tuple[Fact, ...]:
    level, credits_ = elements.get("level", ""), elements.get("credits", "")
    eqf = next(
        (
            f"EQF {one.target_code}"
            for one in credential.subject.achievement.alignments
            if one.target_framework == EQF and one.target_code
        ),
        "",
    )
    workload = elements.get("workload", "")
    identity, supervision = elements.get("identity_check", ""), elements.get("supervision", "")
    found = (
        Fact(kind="level", value=eqf or level, note=level if eqf else ""),
        Fact(kind="workload", value=workload or credits_, note=credits_ if workload else ""),
        Fact(kind="assessment", value=elements.get("assessment", ""), note=elements.get("assessors", "")),
        Fact(kind="identity", value=identity or supervision, note=supervision if identity else ""),
    )
    until = credential.valid_until.date().isoformat() if credential.valid_until else ""
    return (
        *(fact for fact in found if fact.value),
        Fact(kind="until", value=until, note=_iso_date(elements.get("review_by", ""))),
    )


def _more_facts(credential: OpenBadgeCredential, elements: Mapping[str, str]) -> tuple[Fact, ...]:
    address = credential.issuer.address
    country = (address.address_country_code or address.address_country or "") if address else ""
    found = (
        *_others(credential),
        Fact(kind="country", value=country),
        *(
            Fact(kind=kind, value=elements.get(kind, ""))
            for kind in ("participation", "quality_assurance", "prerequisites", "stackability")
        ),
    )
    return tuple(fact for fact in found if fact.value)


def _others(credential: OpenBadgeCredential) -> tuple[Fact, ...]:
    """Return who created the achievement and who assessed, where that is another than the issuer."""
    subject = credential.subject
    named = (("creator", subject.achievement.creator), ("assessor", subject.source))
    return tuple(
        Fact(kind=kind, value=names.cut(profile.name or profile.id, NAME), note=names.domain_of(profile.id))
        for kind, profile in named
        if profile is not None and profile.id != credential.issuer.id
    )


def _iso_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _rubric(credential: OpenBadgeCredential) -> tuple[MarkedCriterion, ...]:
    scales = {scale.id: scale for scale in credential.subject.achievement.result_descriptions}
    comments = {one.name: one.narrative or "" for one in credential.evidence if is_comment(one) and one.name}
    return tuple(
        _criterion(scales[result.result_description], result, comments)
        for result in credential.subject.results
        if result.result_description in scales
    )


def _criterion(
    scale: ResultDescription, result: AchievedResult, comments: Mapping[str, str]
) -> MarkedCriterion:
    rungs = [level.id for level in scale.rubric_criterion_levels]
    names = {level.id: level.name for level in scale.rubric_criterion_levels}
    reached = result.achieved_level or ""
    return MarkedCriterion(
        name=scale.name,
        level_name=names.get(reached, result.value or result.status or ""),
        position=rungs.index(reached) + 1 if reached in rungs else 0,
        out_of=len(rungs) if reached in rungs else 0,
        required_level=names.get(scale.required_level or "", ""),
        comment=comments.get(scale.name, ""),
    )


def _pass_mark(rubric: tuple[MarkedCriterion, ...]) -> str:
    """Return the level that passes on every criterion, or nothing where they differ."""
    required = {criterion.required_level for criterion in rubric}
    return required.pop() if len(required) == 1 else ""


def _evidence(credential: OpenBadgeCredential) -> tuple[EvidenceLine, ...]:
    pinned = {one.id: one for one in credential.related_resources}
    works = [one for one in credential.evidence if not is_comment(one)]
    lines = []
    for number, work in enumerate(works, start=1):
        resource = pinned.get(work.id or "")
        lines.append(
            EvidenceLine(
                number=number,
                id=work.id or "",
                name=work.name or "",
                description=work.description or "",
                narrative=work.narrative or "",
                genre=work.genre or "",
                media_type=(resource.media_type or "") if resource else "",
                sha256=sha256_of(resource.digest_multibase or "") if resource else "",
            )
        )
    return tuple(lines)


def sha256_of(multibase: str) -> str:
    """Return the hex SHA-256 inside a multibase multihash, or nothing where it holds another digest.

    Spec: Controlled Identifiers 1.0 #multihash
    """
    if not multibase.startswith("u"):
        return ""
    try:
        packed = urlsafe_b64decode(multibase[1:] + "=" * (-len(multibase[1:]) % 4))
    except ValueError:
        return ""
    return packed[2:].hex() if len(packed) == 34 and packed.startswith(b"\x12\x20") else ""
