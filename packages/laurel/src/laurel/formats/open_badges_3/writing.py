# SPDX-License-Identifier: Apache-2.0
"""Open Badges 3.0 facts to documents: always the same form, and nothing left out."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from laurel.model.achievement import Achievement, Related
from laurel.model.alignment import Alignment
from laurel.model.credential import (
    AchievementSubject,
    CredentialSchema,
    IdentityObject,
    OpenBadgeCredential,
    StatusEntry,
)
from laurel.model.evidence import Evidence, RelatedResource
from laurel.model.json_value import JsonValue
from laurel.model.profile import Address, GeoCoordinates, IdentifierEntry, Image, Profile
from laurel.model.result import Result, ResultDescription, RubricCriterionLevel
from laurel.model.timestamp import format_timestamp

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
CONTEXT: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

# The terms of the extensions context; without it a signature would not cover them.
_EXTENSION_TYPES: Final = {
    "1EdTechJsonSchemaValidator2019",
    "1EdTechRevocationList",
    "1EdTechCredentialRefresh",
}

Json = dict[str, JsonValue]


def to_json(credential: OpenBadgeCredential) -> dict[str, JsonValue]:
    """Return the credential as a JSON object without proof; a new object at each call.

    Spec: OB 3.0 #achievementcredential
    """
    document = _present(
        {
            "@context": None,
            "id": credential.id,
            "type": list(credential.types),
            "issuer": _profile_or_id(credential.issuer),
            # A credential of VCDM 1.1 keeps issuanceDate and expirationDate in `extra`.
            "validFrom": None if "issuanceDate" in credential.extra else _moment(credential.valid_from),
            "validUntil": None if "expirationDate" in credential.extra else _moment(credential.valid_until),
            "awardedDate": _moment(credential.awarded_date),
            "name": credential.name,
            "description": credential.description,
            "image": _image(credential.image),
            "credentialSubject": _subject(credential.subject),
            "evidence": [_evidence(evidence) for evidence in credential.evidence],
            "credentialSchema": [_schema(schema) for schema in credential.schemas],
            "credentialStatus": _one_or_many([_status(entry) for entry in credential.status]),
            "relatedResource": [_related_resource(resource) for resource in credential.related_resources],
        },
        credential.extra,
    )
    contexts: list[JsonValue] = list(credential.contexts or _needed_contexts(document))
    return {"@context": contexts, **document}


def _needed_contexts(document: Json) -> list[str]:
    """Return the contexts that define every term we write."""
    used = {
        kind
        for name in ("credentialSchema", "credentialStatus", "refreshService")
        for part in _listed(document.get(name))
        if isinstance(part, dict)
        for kind in _listed(part.get("type"))
    }
    return [CREDENTIALS_V2, CONTEXT, *([EXTENSIONS] if used & _EXTENSION_TYPES else [])]


def _subject(subject: AchievementSubject) -> Json:
    return _present(
        {
            "id": subject.id,
            "type": list(subject.types),
            "identifier": [_identity(identity) for identity in subject.identifiers],
            "achievement": achievement_to_json(subject.achievement),
            "result": [_result(result) for result in subject.results],
            "activityStartDate": _moment(subject.activity_start_at),
            "activityEndDate": _moment(subject.activity_end_at),
            "creditsEarned": _number(subject.credits_earned),
            "image": _image(subject.image),
            "licenseNumber": subject.license_number,
            "narrative": subject.narrative,
            "role": subject.role,
            "source": _profile(subject.source),
            "term": subject.term,
        },
        subject.extra,
    )


def achievement_to_json(achievement: Achievement) -> dict[str, JsonValue]:
    """Return an achievement as credentials hold it, without contexts of its own. Spec: OB 3.0 #achievement"""
    return _present(
        {
            "id": achievement.id,
            "type": list(achievement.types),
            "name": achievement.name,
            "description": achievement.description,
            "criteria": _present(
                {"id": achievement.criteria.id, "narrative": achievement.criteria.narrative},
                achievement.criteria.extra,
            ),
            "achievementType": achievement.achievement_type,
            "alignment": [_alignment(alignment) for alignment in achievement.alignments],
            "creator": _profile(achievement.creator),
            "creditsAvailable": _number(achievement.credits_available),
            "fieldOfStudy": achievement.field_of_study,
            "humanCode": achievement.human_code,
            "image": _image(achievement.image),
            "inLanguage": achievement.in_language,
            "otherIdentifier": [_identifier(entry) for entry in achievement.other_identifiers],
            "related": [_related(related) for related in achievement.related],
            "resultDescription": [_scale(scale) for scale in achievement.result_descriptions],
            "specialization": achievement.specialization,
            "tag": list(achievement.tags),
            "version": achievement.version,
        },
        achievement.extra,
    )


def _profile_or_id(profile: Profile) -> JsonValue:
    written = _profile(profile)
    return profile.id if written == {"id": profile.id} else written


def _profile(profile: Profile | None) -> Json | None:
    if profile is None:
        return None
    return _present(
        {
            "id": profile.id,
            "type": list(profile.types),
            "name": profile.name,
            "url": profile.url,
            "phone": profile.phone,
            "description": profile.description,
            "image": _image(profile.image),
            "email": profile.email,
            "address": _address(profile.address),
            "otherIdentifier": [_identifier(entry) for entry in profile.other_identifiers],
            "official": profile.official,
            "parentOrg": _profile(profile.parent_org),
            "familyName": profile.family_name,
            "givenName": profile.given_name,
            "additionalName": profile.additional_name,
            "patronymicName": profile.patronymic_name,
            "honorificPrefix": profile.honorific_prefix,
            "honorificSuffix": profile.honorific_suffix,
            "familyNamePrefix": profile.family_name_prefix,
            "dateOfBirth": profile.date_of_birth.isoformat() if profile.date_of_birth else None,
        },
        profile.extra,
    )


def _address(address: Address | None) -> Json | None:
    if address is None:
        return None
    return _present(
        {
            "type": list(address.types),
            "addressCountry": address.address_country,
            "addressCountryCode": address.address_country_code,
            "addressRegion": address.address_region,
            "addressLocality": address.address_locality,
            "streetAddress": address.street_address,
            "postOfficeBoxNumber": address.post_office_box_number,
            "postalCode": address.postal_code,
            "geo": _geo(address.geo),
        },
        address.extra,
    )


def _geo(geo: GeoCoordinates | None) -> Json | None:
    if geo is None:
        return None
    return _present(
        {"type": "GeoCoordinates", "latitude": _number(geo.latitude), "longitude": _number(geo.longitude)},
        geo.extra,
    )


def _image(image: Image | None) -> Json | None:
    if image is None:
        return None
    return _present({"id": image.id, "type": "Image", "caption": image.caption}, image.extra)


def _identifier(entry: IdentifierEntry) -> Json:
    return _present(
        {
            "type": "IdentifierEntry",
            "identifier": entry.identifier,
            "identifierType": entry.identifier_type,
        },
        entry.extra,
    )


def _identity(identity: IdentityObject) -> Json:
    return _present(
        {
            "type": "IdentityObject",
            "hashed": identity.hashed,
            "identityHash": identity.identity_hash,
            "identityType": identity.identity_type,
            "salt": identity.salt,
        },
        identity.extra,
    )


def _alignment(alignment: Alignment) -> Json:
    return _present(
        {
            "type": list(alignment.types),
            "targetName": alignment.target_name,
            "targetUrl": alignment.target_url,
            "targetCode": alignment.target_code,
            "targetDescription": alignment.target_description,
            "targetFramework": alignment.target_framework,
            "targetType": alignment.target_type,
        },
        alignment.extra,
    )


def _related(related: Related) -> Json:
    return _present(
        {
            "id": related.id,
            "type": list(related.types),
            "inLanguage": related.in_language,
            "version": related.version,
        },
        related.extra,
    )


def _scale(scale: ResultDescription) -> Json:
    return _present(
        {
            "id": scale.id,
            "type": list(scale.types),
            "name": scale.name,
            "resultType": scale.result_type,
            "rubricCriterionLevel": [_rung(rung) for rung in scale.rubric_criterion_levels],
            "requiredLevel": scale.required_level,
            "allowedValue": list(scale.allowed_values),
            "requiredValue": scale.required_value,
            "valueMin": scale.value_min,
            "valueMax": scale.value_max,
            "alignment": [_alignment(alignment) for alignment in scale.alignments],
        },
        scale.extra,
    )


def _rung(rung: RubricCriterionLevel) -> Json:
    return _present(
        {
            "id": rung.id,
            "type": list(rung.types),
            "name": rung.name,
            "description": rung.description,
            "level": rung.level,
            "points": rung.points,
            "alignment": [_alignment(alignment) for alignment in rung.alignments],
        },
        rung.extra,
    )


def _result(result: Result) -> Json:
    return _present(
        {
            "type": list(result.types),
            "resultDescription": result.result_description,
            "achievedLevel": result.achieved_level,
            "value": result.value,
            "status": result.status,
            "alignment": [_alignment(alignment) for alignment in result.alignments],
        },
        result.extra,
    )


def _evidence(evidence: Evidence) -> Json:
    return _present(
        {
            "id": evidence.id,
            "type": list(evidence.types),
            "name": evidence.name,
            "description": evidence.description,
            "narrative": evidence.narrative,
            "genre": evidence.genre,
            "audience": evidence.audience,
        },
        evidence.extra,
    )


def _schema(schema: CredentialSchema) -> Json:
    return _present({"id": schema.id, "type": schema.type}, schema.extra)


def _status(entry: StatusEntry) -> Json:
    return _present(
        {
            "id": entry.id,
            "type": "BitstringStatusListEntry",
            "statusPurpose": entry.purpose,
            "statusListIndex": str(entry.index),
            "statusListCredential": entry.list_url,
            "statusSize": entry.size if entry.size != 1 else None,
        },
        entry.extra,
    )


def _related_resource(resource: RelatedResource) -> Json:
    return _present(
        {
            "id": resource.id,
            "mediaType": resource.media_type,
            "digestMultibase": resource.digest_multibase,
            "digestSRI": resource.digest_sri,
        },
        resource.extra,
    )


def _present(members: Mapping[str, Any], extra: Mapping[str, JsonValue] | None = None) -> Json:
    """Return the members that say something, with what `extra` adds or says instead."""
    said = {name: value for name, value in members.items() if value is not None and value != []}
    return {**said, **deepcopy(dict(extra or {}))}


def _one_or_many(values: list[Json]) -> Json | list[Json]:
    # OB 3.0 gives credentialStatus as one object; VCDM 2.0 allows several. One stays an object for both.
    return values[0] if len(values) == 1 else values


def _moment(moment: datetime | None) -> str | None:
    return format_timestamp(moment) if moment else None


def _number(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _listed(value: JsonValue) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
