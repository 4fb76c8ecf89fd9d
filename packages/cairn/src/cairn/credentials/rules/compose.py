# SPDX-License-Identifier: Apache-2.0
"""An award and a published achievement become an Open Badges 3.0 credential, ready to be signed."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime

from cairn.achievements import documents
from cairn.achievements.facts import PublishedAchievement
from cairn.credentials.errors import AwardedTooEarly
from cairn.credentials.facts import Award, AwardedEvidence, AwardedResult
from cairn.credentials.rules import identifiers
from cairn.people.facts import Organization
from cairn.people.identifiers import issuer_did
from laurel.model.credential import (
    AchievementSubject,
    IdentityObject,
    OpenBadgeCredential,
    StatusEntry,
)
from laurel.model.evidence import Evidence, RelatedResource
from laurel.model.profile import Address, Profile
from laurel.model.result import Result

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
            achievement=documents.as_achievement(
                achievement,
                base_url=setting.base_url,
                creator=Profile(
                    id=issuer_did(setting.base_url, setting.issuer.slug), name=setting.issuer.name
                ),
            ),
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
        id=issuer_did(setting.base_url, organization.slug),
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


def _result(achievement: PublishedAchievement, result: AwardedResult, setting: Setting) -> Result:
    url = documents.achievement_url(setting.base_url, achievement.ref, achievement.version)
    return Result(
        result_description=documents.criterion_id(url, result.criterion_id),
        achieved_level=documents.level_id(url, result.level_id),
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
