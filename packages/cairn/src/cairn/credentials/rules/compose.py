# SPDX-License-Identifier: Apache-2.0
"""An award and a published achievement become an Open Badges 3.0 credential, ready to be signed."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from cairn.achievements.facts import Criterion, PublishedAchievement
from cairn.credentials.errors import AwardedTooEarly
from cairn.credentials.facts import Award, AwardedEvidence, AwardedResult
from cairn.credentials.rules import identifiers, narrative
from cairn.people.facts import Organization
from laurel.model.achievement import Achievement, Criteria
from laurel.model.alignment import Alignment
from laurel.model.credential import (
    AchievementSubject,
    IdentityObject,
    OpenBadgeCredential,
    StatusEntry,
)
from laurel.model.evidence import Evidence, RelatedResource
from laurel.model.profile import Address, Image, Profile
from laurel.model.result import Result, ResultDescription, RubricCriterionLevel

EQF = "European Qualifications Framework"
EQF_URL = "http://data.europa.eu/snb/eqf/"
#: The genre of an evidence entry that holds an assessor's words on one criterion.
COMMENT = "Assessor's comment"
_MULTIHASH_SHA256 = b"\x12\x20"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a credential comes to stand: its address, its issuer, its holder, its status entry.

    `salt` hides the e-mail address in its hash; `evidence` and `marks` say which form is composed.
    """

    base_url: str
    ref: str
    issuer: Organization
    holder_name: str = field(repr=False)
    holder_email: str = field(repr=False)
    salt: str = field(repr=False)
    list_ref: str
    status_index: int
    valid_from: datetime
    valid_until: datetime | None
    evidence: bool = True
    marks: bool = True


def require_decided(award: Award, at: datetime) -> None:
    """Refuse to issue before the decision. Raises `AwardedTooEarly`."""
    if award.decided_at > at:
        raise AwardedTooEarly("The award is dated after now. Check the date on which it was decided.")


def ends_at(valid_from: datetime, months: int | None) -> datetime | None:
    """Return the moment so many calendar months later; the last day of the month where a day is missing."""
    if months is None:
        return None
    year, month = divmod(valid_from.month - 1 + months, 12)
    year, month, day = valid_from.year + year, month + 1, valid_from.day
    while True:
        try:
            return valid_from.replace(year=year, month=month, day=day)
        except ValueError:
            day -= 1


def credential(award: Award, achievement: PublishedAchievement, setting: Setting) -> OpenBadgeCredential:
    """Compose one form of the credential for an award.

    It names two status entries, as VCDM 2.0 allows, so that a hold is not a withdrawal. 1EdTech's JSON Schema
    of Open Badges 3.0 knows only one, so the credential does not claim that schema in `credentialSchema`: a
    strict reader would have to refuse it. In all else it fits.

    Spec: OB 3.0 #achievementcredential; EU 2022/C 243/02 Annex I
    """
    marks = award.results if setting.marks else ()
    works = award.evidence if setting.evidence else ()
    return OpenBadgeCredential(
        id=identifiers.document_id(
            setting.base_url, setting.ref, evidence=setting.evidence, marks=setting.marks
        ),
        name=achievement.name,
        issuer=_issuer(setting),
        valid_from=setting.valid_from,
        valid_until=setting.valid_until,
        awarded_date=award.decided_at,
        subject=AchievementSubject(
            identifiers=_identities(setting),
            achievement=_achievement(achievement, setting),
            narrative=award.narrative.strip() or None,
            results=tuple(_result(achievement, result, setting) for result in marks),
        ),
        evidence=(
            *(_evidence(work, number, setting) for number, work in enumerate(works, start=1)),
            *(
                _comment(result, number, setting)
                for number, result in enumerate(marks, start=1)
                if result.comment.strip()
            ),
        ),
        related_resources=tuple(
            RelatedResource(
                id=evidence_url(setting, number),
                media_type=work.media_type or None,
                digest_multibase=multibase_of(work.sha256),
            )
            for number, work in enumerate(works, start=1)
            if work.sha256
        ),
        status=tuple(
            StatusEntry(
                purpose=purpose,
                index=setting.status_index,
                list_url=list_url,
                id=f"{list_url}#{setting.status_index}",
            )
            for purpose in ("revocation", "suspension")
            for list_url in [
                identifiers.status_list_url(setting.base_url, setting.issuer.slug, setting.list_ref, purpose)
            ]
        ),
    )


def evidence_url(setting: Setting, number: int) -> str:
    """Return the address of a credential's evidence file, 1-based."""
    return f"{identifiers.credential_url(setting.base_url, setting.ref)}/evidence/{number}"


def multibase_of(sha256: str) -> str:
    """Return a hex SHA-256 as a multibase multihash. Spec: VCDM 2.0 #integrity-of-related-resources"""
    packed = urlsafe_b64encode(_MULTIHASH_SHA256 + bytes.fromhex(sha256))
    return "u" + packed.decode("ascii").rstrip("=")


def _issuer(setting: Setting) -> Profile:
    organization = setting.issuer
    return Profile(
        id=identifiers.issuer_did(setting.base_url, organization.slug),
        name=organization.name,
        url=organization.url or f"{setting.base_url}/o/{organization.slug}",
        email=organization.email or None,
        description=organization.description.strip() or None,
        address=Address(address_country_code=organization.country) if organization.country else None,
    )


def _identities(setting: Setting) -> tuple[IdentityObject, ...]:
    return (
        IdentityObject(identity_hash=setting.holder_name, identity_type="name", hashed=False),
        IdentityObject(
            identity_hash=identifiers.hashed_identity(setting.holder_email.strip().lower(), setting.salt),
            identity_type="emailAddress",
            hashed=True,
            salt=setting.salt,
        ),
    )


def _achievement(achievement: PublishedAchievement, setting: Setting) -> Achievement:
    url = identifiers.achievement_url(setting.base_url, achievement.ref, achievement.version)
    return Achievement(
        id=url,
        name=achievement.name,
        description=achievement.description.strip() or achievement.name,
        criteria=Criteria(id=f"{setting.base_url}/a/{achievement.ref}", narrative=_criteria(achievement)),
        achievement_type=achievement.achievement_type or None,
        alignments=(*_framework_level(achievement), *(_alignments(achievement))),
        creator=Profile(
            id=identifiers.issuer_did(setting.base_url, setting.issuer.slug), name=setting.issuer.name
        ),
        credits_available=achievement.ects,
        image=Image(id=f"{url}/badge.png"),
        in_language=achievement.language or None,
        result_descriptions=tuple(_scale(url, criterion) for criterion in achievement.rubric),
        tags=achievement.tags,
        version=str(achievement.version),
    )


def _framework_level(achievement: PublishedAchievement) -> tuple[Alignment, ...]:
    if achievement.eqf_level is None:
        return ()
    return (
        Alignment(
            target_name=f"EQF level {achievement.eqf_level}",
            target_url=f"{EQF_URL}{achievement.eqf_level}",
            target_framework=EQF,
            target_code=str(achievement.eqf_level),
            target_type="ext:QualificationLevel",
        ),
    )


def _alignments(achievement: PublishedAchievement) -> tuple[Alignment, ...]:
    return tuple(
        Alignment(
            target_name=alignment.target_name,
            target_url=alignment.target_url,
            target_framework=alignment.target_framework or None,
            target_code=alignment.target_code or None,
            target_type=alignment.target_type or None,
            target_description=alignment.target_description or None,
        )
        for alignment in achievement.alignments
    )


def _criteria(achievement: PublishedAchievement) -> str:
    language = achievement.language
    elements = {
        "level": narrative.choice("level", str(achievement.badge.level), language)
        if achievement.badge.level
        else "",
        "workload": _hours(achievement.workload_hours, language),
        "credits": f"{_plain(achievement.ects)} ECTS" if achievement.ects is not None else "",
        "assessment": narrative.choice("assessment", achievement.assessment_type or "", language),
        "assessors": str(achievement.assessors_needed or ""),
        "participation": narrative.choice("participation", achievement.participation or "", language),
        "quality_assurance": achievement.quality_assurance,
        "supervision": narrative.choice("supervision", achievement.supervision or "", language),
        "identity_check": achievement.identity_check,
        "prerequisites": achievement.prerequisites,
        "stackability": achievement.stackability,
        "review_by": achievement.review_by.isoformat() if achievement.review_by else "",
    }
    written = narrative.write(
        narrative.Criteria(
            narrative=achievement.criteria_narrative, outcomes=achievement.outcomes, elements=elements
        ),
        language,
    )
    return written or achievement.name


def _hours(hours: Decimal | None, language: str) -> str:
    if hours is None:
        return ""
    word = {"nl": "uur"}.get(language.partition("-")[0], "hour" if hours == 1 else "hours")
    return f"{_plain(hours)} {word}"


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _scale(url: str, criterion: Criterion) -> ResultDescription:
    return ResultDescription(
        id=identifiers.fragment(url, "criterion", criterion.id),
        name=criterion.name,
        result_type="RubricCriterionLevel",
        rubric_criterion_levels=tuple(
            RubricCriterionLevel(
                id=_level_id(url, level.id),
                name=level.name,
                description=level.description or None,
                level=str(position),
                points=_plain(level.points) or None,
            )
            for position, level in enumerate(criterion.levels, start=1)
        ),
        required_level=_level_id(url, criterion.required_level) if criterion.required_level else None,
    )


def _level_id(url: str, level_id: str) -> str:
    return identifiers.fragment(url, "level", level_id)


def _result(achievement: PublishedAchievement, result: AwardedResult, setting: Setting) -> Result:
    url = identifiers.achievement_url(setting.base_url, achievement.ref, achievement.version)
    return Result(
        result_description=identifiers.fragment(url, "criterion", result.criterion_id),
        achieved_level=_level_id(url, result.level_id),
        value=result.level_name,
    )


def _evidence(work: AwardedEvidence, number: int, setting: Setting) -> Evidence:
    return Evidence(
        id=evidence_url(setting, number) if work.file_key else (work.url or evidence_url(setting, number)),
        name=work.name,
        description=work.description.strip() or None,
        genre=work.genre or None,
    )


def _comment(result: AwardedResult, number: int, setting: Setting) -> Evidence:
    # Open Badges 3.0 has no place for words beside a result; an evidence narrative tells "the process of
    # achievement", and every wallet shows it.
    return Evidence(
        id=f"{identifiers.credential_url(setting.base_url, setting.ref)}#comment-{number}",
        name=result.criterion_name,
        narrative=result.comment.strip(),
        genre=COMMENT,
    )


def is_comment(evidence: Evidence) -> bool:
    """Tell whether an evidence entry holds an assessor's words rather than a work."""
    return evidence.genre == COMMENT and "#comment-" in (evidence.id or "")
