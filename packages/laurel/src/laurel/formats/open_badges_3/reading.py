# SPDX-License-Identifier: Apache-2.0
"""Open Badges 3.0 documents to facts: lenient on form, and nothing dropped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from laurel.errors import NotACredential
from laurel.formats.members import Members
from laurel.model.achievement import Achievement, Criteria, Related
from laurel.model.alignment import Alignment
from laurel.model.credential import (
    AchievementSubject,
    CredentialSchema,
    IdentityObject,
    OpenBadgeCredential,
    StatusEntry,
)
from laurel.model.evidence import Evidence, RelatedResource
from laurel.model.profile import Address, GeoCoordinates, IdentifierEntry, Image, Profile
from laurel.model.result import Result, ResultDescription, RubricCriterionLevel

_BADGE_TYPES: Final = {"AchievementCredential", "OpenBadgeCredential"}
_STATUS_TYPE: Final = "BitstringStatusListEntry"


def from_json(document: Mapping[str, Any]) -> OpenBadgeCredential:
    """Read an Open Badges 3.0 credential, of VCDM 2.0 or the older 1.1 form; its proof stays in `extra`.

    Reading says nothing about whether the credential holds up: `laurel.verify` does.

    Raises:
        NotACredential: it is another kind of document, or a part that we read has another shape.
    Spec: OB 3.0 #achievementcredential
    """
    members = Members(document, "")
    types = members.texts("type")
    if "VerifiableCredential" not in types or not _BADGE_TYPES & set(types):
        raise NotACredential("The document is not an Open Badges 3.0 credential: its type names none.")
    # Credentials of VCDM 1.1 say issuanceDate and expirationDate; both stay in `extra`, as they were signed.
    valid_from = members.find_moment("validFrom") or _peek_moment(document, "issuanceDate")
    if valid_from is None:
        raise NotACredential("/validFrom is missing.")
    subject = members.find("credentialSubject", _read_subject)
    issuer = members.find("issuer", _read_profile_or_id)
    if subject is None or issuer is None:
        raise NotACredential("/credentialSubject or /issuer is missing.")
    return OpenBadgeCredential(
        contexts=_read_contexts(members),
        types=types,
        id=members.text("id"),
        issuer=issuer,
        valid_from=valid_from,
        valid_until=members.find_moment("validUntil") or _peek_moment(document, "expirationDate"),
        awarded_date=members.find_moment("awardedDate"),
        name=members.find_text("name"),
        description=members.find_text("description"),
        image=members.find("image", _read_image),
        subject=subject,
        evidence=members.all("evidence", _read_evidence),
        schemas=members.all("credentialSchema", _read_schema),
        status=_read_statuses(members),
        related_resources=members.all("relatedResource", _read_related_resource),
        extra=members.rest(),
    )


def _peek_moment(document: Mapping[str, Any], name: str) -> datetime | None:
    return Members({name: document.get(name)}, "").find_moment(name)


def _read_contexts(members: Members) -> tuple[str, ...]:
    """Take the contexts when all are URLs; an inline context stays among the rest, which the rules refuse."""
    contexts = members.peek("@context")
    listed = contexts if isinstance(contexts, list) else [contexts]
    return members.texts("@context") if all(isinstance(context, str) for context in listed) else ()


def _read_subject(value: object, pointer: str) -> AchievementSubject:
    members = Members(value, pointer)
    achievement = members.find("achievement", _read_achievement)
    if achievement is None:
        raise NotACredential(f"{pointer}/achievement is missing.")
    return AchievementSubject(
        id=members.find_text("id"),
        types=members.texts("type"),
        identifiers=members.all("identifier", _read_identity),
        achievement=achievement,
        results=members.all("result", _read_result),
        activity_start_at=members.find_moment("activityStartDate"),
        activity_end_at=members.find_moment("activityEndDate"),
        credits_earned=members.find_number("creditsEarned"),
        image=members.find("image", _read_image),
        license_number=members.find_text("licenseNumber"),
        narrative=members.find_text("narrative"),
        role=members.find_text("role"),
        source=members.find("source", _read_profile),
        term=members.find_text("term"),
        extra=members.rest(),
    )


def _read_achievement(value: object, pointer: str) -> Achievement:
    members = Members(value, pointer)
    criteria = members.find("criteria", _read_criteria)
    if criteria is None:
        raise NotACredential(f"{pointer}/criteria is missing.")
    return Achievement(
        id=members.text("id"),
        types=members.texts("type"),
        name=members.text("name"),
        description=members.text("description"),
        criteria=criteria,
        achievement_type=members.find_text("achievementType"),
        alignments=members.all("alignment", _read_alignment),
        creator=members.find("creator", _read_profile),
        credits_available=members.find_number("creditsAvailable"),
        field_of_study=members.find_text("fieldOfStudy"),
        human_code=members.find_text("humanCode"),
        image=members.find("image", _read_image),
        in_language=members.find_text("inLanguage"),
        other_identifiers=members.all("otherIdentifier", _read_identifier),
        related=members.all("related", _read_related),
        result_descriptions=members.all("resultDescription", _read_scale),
        specialization=members.find_text("specialization"),
        tags=members.texts("tag"),
        version=members.find_text("version"),
        extra=members.rest(),
    )


def _read_criteria(value: object, pointer: str) -> Criteria:
    members = Members(value, pointer)
    return Criteria(
        id=members.find_text("id"), narrative=members.find_text("narrative"), extra=members.rest()
    )


def _read_profile_or_id(value: object, pointer: str) -> Profile:
    return Profile(id=value, types=()) if isinstance(value, str) else _read_profile(value, pointer)


def _read_profile(value: object, pointer: str) -> Profile:
    members = Members(value, pointer)
    return Profile(
        id=members.text("id"),
        types=members.texts("type"),
        name=members.find_text("name"),
        url=members.find_text("url"),
        phone=members.find_text("phone"),
        description=members.find_text("description"),
        image=members.find("image", _read_image),
        email=members.find_text("email"),
        address=members.find("address", _read_address),
        other_identifiers=members.all("otherIdentifier", _read_identifier),
        official=members.find_text("official"),
        parent_org=members.find("parentOrg", _read_profile),
        family_name=members.find_text("familyName"),
        given_name=members.find_text("givenName"),
        additional_name=members.find_text("additionalName"),
        patronymic_name=members.find_text("patronymicName"),
        honorific_prefix=members.find_text("honorificPrefix"),
        honorific_suffix=members.find_text("honorificSuffix"),
        family_name_prefix=members.find_text("familyNamePrefix"),
        date_of_birth=members.find_day("dateOfBirth"),
        extra=members.rest(),
    )


def _read_address(value: object, pointer: str) -> Address:
    members = Members(value, pointer)
    return Address(
        types=members.texts("type"),
        address_country=members.find_text("addressCountry"),
        address_country_code=members.find_text("addressCountryCode"),
        address_region=members.find_text("addressRegion"),
        address_locality=members.find_text("addressLocality"),
        street_address=members.find_text("streetAddress"),
        post_office_box_number=members.find_text("postOfficeBoxNumber"),
        postal_code=members.find_text("postalCode"),
        geo=members.find("geo", _read_geo),
        extra=members.rest(),
    )


def _read_geo(value: object, pointer: str) -> GeoCoordinates:
    members = Members(value, pointer)
    _require_type(members, "GeoCoordinates")
    latitude, longitude = members.find_number("latitude"), members.find_number("longitude")
    if latitude is None or longitude is None:
        raise NotACredential(f"{pointer} lacks its latitude or longitude.")
    return GeoCoordinates(latitude=latitude, longitude=longitude, extra=members.rest())


def _read_image(value: object, pointer: str) -> Image:
    # VCDM 1.1 documents of OB 3.0's early days wrote the bare URL.
    if isinstance(value, str):
        return Image(id=value)
    members = Members(value, pointer)
    _require_type(members, "Image")
    return Image(id=members.text("id"), caption=members.find_text("caption"), extra=members.rest())


def _read_identifier(value: object, pointer: str) -> IdentifierEntry:
    members = Members(value, pointer)
    _require_type(members, "IdentifierEntry")
    return IdentifierEntry(
        identifier=members.text("identifier"),
        identifier_type=members.text("identifierType"),
        extra=members.rest(),
    )


def _read_identity(value: object, pointer: str) -> IdentityObject:
    members = Members(value, pointer)
    _require_type(members, "IdentityObject")
    hashed = members.find_flag("hashed")
    if hashed is None:
        raise NotACredential(f"{pointer}/hashed is missing.")
    return IdentityObject(
        hashed=hashed,
        identity_hash=members.text("identityHash"),
        identity_type=members.text("identityType"),
        salt=members.find_text("salt"),
        extra=members.rest(),
    )


def _read_alignment(value: object, pointer: str) -> Alignment:
    members = Members(value, pointer)
    return Alignment(
        types=members.texts("type"),
        target_name=members.text("targetName"),
        target_url=members.text("targetUrl"),
        target_code=members.find_text("targetCode"),
        target_description=members.find_text("targetDescription"),
        target_framework=members.find_text("targetFramework"),
        target_type=members.find_text("targetType"),
        extra=members.rest(),
    )


def _read_related(value: object, pointer: str) -> Related:
    members = Members(value, pointer)
    return Related(
        id=members.text("id"),
        types=members.texts("type"),
        in_language=members.find_text("inLanguage"),
        version=members.find_text("version"),
        extra=members.rest(),
    )


def _read_scale(value: object, pointer: str) -> ResultDescription:
    members = Members(value, pointer)
    return ResultDescription(
        id=members.text("id"),
        types=members.texts("type"),
        name=members.text("name"),
        result_type=members.text("resultType"),
        rubric_criterion_levels=members.all("rubricCriterionLevel", _read_rung),
        required_level=members.find_text("requiredLevel"),
        allowed_values=members.texts("allowedValue"),
        required_value=members.find_text("requiredValue"),
        value_min=members.find_text("valueMin"),
        value_max=members.find_text("valueMax"),
        alignments=members.all("alignment", _read_alignment),
        extra=members.rest(),
    )


def _read_rung(value: object, pointer: str) -> RubricCriterionLevel:
    members = Members(value, pointer)
    return RubricCriterionLevel(
        id=members.text("id"),
        types=members.texts("type"),
        name=members.text("name"),
        description=members.find_text("description"),
        level=members.find_text("level"),
        points=members.find_text("points"),
        alignments=members.all("alignment", _read_alignment),
        extra=members.rest(),
    )


def _read_result(value: object, pointer: str) -> Result:
    members = Members(value, pointer)
    return Result(
        types=members.texts("type"),
        result_description=members.find_text("resultDescription"),
        achieved_level=members.find_text("achievedLevel"),
        value=members.find_text("value"),
        status=members.find_text("status"),
        alignments=members.all("alignment", _read_alignment),
        extra=members.rest(),
    )


def _read_evidence(value: object, pointer: str) -> Evidence:
    members = Members(value, pointer)
    return Evidence(
        id=members.find_text("id"),
        types=members.texts("type"),
        name=members.find_text("name"),
        description=members.find_text("description"),
        narrative=members.find_text("narrative"),
        genre=members.find_text("genre"),
        audience=members.find_text("audience"),
        extra=members.rest(),
    )


def _read_schema(value: object, pointer: str) -> CredentialSchema:
    members = Members(value, pointer)
    return CredentialSchema(id=members.text("id"), type=members.text("type"), extra=members.rest())


def _read_related_resource(value: object, pointer: str) -> RelatedResource:
    members = Members(value, pointer)
    return RelatedResource(
        id=members.text("id"),
        media_type=members.find_text("mediaType"),
        digest_multibase=members.find_text("digestMultibase"),
        digest_sri=members.find_text("digestSRI"),
        extra=members.rest(),
    )


def _read_statuses(members: Members) -> tuple[StatusEntry, ...]:
    """Take the status entries when all are of the kind we know; otherwise leave them all among the rest."""
    found = members.peek("credentialStatus")
    listed = found if isinstance(found, list) else [found]
    if not all(isinstance(entry, Mapping) and entry.get("type") == _STATUS_TYPE for entry in listed):
        return ()
    return members.all("credentialStatus", _read_status)


def _read_status(value: object, pointer: str) -> StatusEntry:
    members = Members(value, pointer)
    _require_type(members, _STATUS_TYPE)
    size = members.find_number("statusSize")
    return StatusEntry(
        id=members.find_text("id"),
        purpose=members.text("statusPurpose"),
        index=_read_index(members),
        list_url=members.text("statusListCredential"),
        size=1 if size is None else int(size),
        extra=members.rest(),
    )


def _read_index(members: Members) -> int:
    index = members.text("statusListIndex")
    # 16 digits are more than any list has entries, and keep int() cheap.
    if not (index.isascii() and index.isdigit() and len(index) <= 16):
        raise NotACredential(f"{members.pointer}/statusListIndex is not a whole number written as text.")
    return int(index)


def _require_type(members: Members, expected: str) -> None:
    if members.texts("type") != (expected,):
        raise NotACredential(f"{members.pointer}/type is not {expected}.")
