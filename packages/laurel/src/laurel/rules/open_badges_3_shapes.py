# SPDX-License-Identifier: Apache-2.0
"""The objects of Open Badges 3.0 as a table: which members each has, and of which kind.

Spec: OB 3.0 appendix B (data models), the anchor of each object standing beside it
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, NamedTuple

_COMPACT_JWS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+")
_IN_LANGUAGE: Final = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_EXTENSION: Final = re.compile(r"ext:[A-Za-z0-9._|-]+")


class Kind(Enum):
    """The kinds of plain values; each says what it is in a sentence that starts with "This is not"."""

    TEXT = "text"
    FILLED = "text that says something"
    URL = "one absolute URL"
    MOMENT = "a date and time with an offset"
    DAY = "a date"
    NUMBER = "a number"
    FLAG = "true or false"
    LANGUAGE = "a language tag such as en or pt-BR"
    JWS = "a compact JWS"

    def fits(self, value: object) -> bool:
        """Tell whether a value is of this kind; moments, days and URLs are looked at elsewhere."""
        if self is Kind.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        if self is Kind.FLAG:
            return isinstance(value, bool)
        if not isinstance(value, str):
            return False
        if self is Kind.FILLED:
            return bool(value.strip())
        if self is Kind.LANGUAGE:
            return _IN_LANGUAGE.fullmatch(value) is not None
        if self is Kind.JWS:
            return _COMPACT_JWS.fullmatch(value) is not None
        return True


class Words:
    """A list of words of the standard; most lists may be extended by words that start with "ext:"."""

    def __init__(self, words: str, *, extensible: bool = True) -> None:
        """Take the words, separated by blanks."""
        self._words, self._extensible = frozenset(words.split()), extensible

    def has(self, value: object) -> bool:
        """Tell whether a value is one of the words."""
        if not isinstance(value, str):
            return False
        return value in self._words or (self._extensible and _EXTENSION.fullmatch(value) is not None)


class Member(NamedTuple):
    """What one member may hold: a plain kind, a word, or an object by the name of its shape."""

    kind: "Kind | Words | str"
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One kind of object; `closed` ones have no other members, and of `one_of` at least one must be there."""

    name: str
    anchor: str
    type: str | None = None
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    closed: bool = False
    may_be_an_address: bool = False
    members: Mapping[str, Member] = field(default_factory=dict)


_TEXT, _FILLED, _URL, _MOMENT = Member(Kind.TEXT), Member(Kind.FILLED), Member(Kind.URL), Member(Kind.MOMENT)
_NUMBER, _IMAGE = Member(Kind.NUMBER), Member("Image")
_IDENTIFIER_TYPES: Final = Words(
    "name sourcedId systemId productId userName accountId emailAddress nationalIdentityNumber isbn issn"
    " lisSourcedId oneRosterSourcedId sisSourcedId ltiContextId ltiDeploymentId ltiToolId ltiPlatformId"
    " ltiUserId identifier"
)
_ACHIEVEMENT_TYPES: Final = Words(
    "Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge BachelorDegree"
    " Certificate CertificateOfCompletion Certification CommunityService Competency Course CoCurricular"
    " Degree Diploma DoctoralDegree Fieldwork GeneralEducationDevelopment JourneymanCertificate"
    " LearningProgram License Membership ProfessionalDoctorate QualityAssuranceCredential MasterCertificate"
    " MasterDegree MicroCredential ResearchDoctorate SecondarySchoolDiploma"
)
_ALIGNMENT_TARGETS: Final = Words(
    "ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion CFRubricCriterionLevel CTDL"
)
_RESULT_TYPES: Final = Words(
    "GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result RubricCriterion"
    " RubricCriterionLevel RubricScore ScaledScore Status"
)
_RESULT_STATUSES: Final = Words(
    "Completed Enrolled Failed InProgress OnHold Provisional Withdrew", extensible=False
)
_ENDORSEMENTS: Final = {
    "endorsement": Member("EndorsementCredential", many=True),
    "endorsementJwt": Member(Kind.JWS, many=True),
}
_CREDENTIAL: Final = {
    "id": _URL,
    "name": _TEXT,
    "description": _TEXT,
    "awardedDate": _MOMENT,
    "validFrom": _MOMENT,
    "validUntil": _MOMENT,
    "credentialSchema": Member("CredentialSchema", many=True),
    "refreshService": Member("RefreshService"),
    "evidence": Member("Evidence", many=True),
}
_OLD_DATES: Final = {"issuanceDate": _MOMENT, "expirationDate": _MOMENT}
_ACHIEVEMENT_CREDENTIAL: Final = {
    **_CREDENTIAL,
    **_ENDORSEMENTS,
    "image": _IMAGE,
    "issuer": Member("Issuer"),
    "credentialSubject": Member("AchievementSubject"),
}


def _shapes() -> dict[str, Shape]:
    """Return the table; credentials come without their type, which `open_badges_3` looks at itself."""
    profile = Shape(
        name="Profile",
        anchor="#profile",
        type="Profile",
        required=("id",),
        members={
            **_ENDORSEMENTS,
            **dict.fromkeys(
                ("name", "phone", "description", "email", "official", "familyName", "givenName"), _TEXT
            ),
            **dict.fromkeys(("additionalName", "patronymicName", "familyNamePrefix"), _TEXT),
            **dict.fromkeys(("honorificPrefix", "honorificSuffix"), _TEXT),
            "id": _URL,
            "url": _URL,
            "image": _IMAGE,
            "address": Member("Address"),
            "otherIdentifier": Member("IdentifierEntry", many=True),
            "parentOrg": Member("Profile"),
            "dateOfBirth": Member(Kind.DAY),
        },
    )
    shapes = [
        Shape(
            name="credential",
            anchor="#achievementcredential",
            required=("id", "issuer", "validFrom", "credentialSubject"),
            members=_ACHIEVEMENT_CREDENTIAL,
        ),
        Shape(
            name="AchievementSubject",
            anchor="#achievementsubject",
            type="AchievementSubject",
            required=("achievement",),
            one_of=("id", "identifier"),
            members={
                "id": _URL,
                "achievement": Member("Achievement"),
                "identifier": Member("IdentityObject", many=True),
                "result": Member("Result", many=True),
                "activityStartDate": _MOMENT,
                "activityEndDate": _MOMENT,
                "creditsEarned": _NUMBER,
                "image": _IMAGE,
                "source": Member("Profile"),
                **dict.fromkeys(("licenseNumber", "narrative", "role", "term"), _TEXT),
            },
        ),
        Shape(
            name="Achievement",
            anchor="#achievement",
            type="Achievement",
            required=("id", "name", "description", "criteria"),
            members={
                **_ENDORSEMENTS,
                "id": _URL,
                "name": _FILLED,
                "description": _TEXT,
                "criteria": Member("Criteria"),
                "achievementType": Member(_ACHIEVEMENT_TYPES),
                "alignment": Member("Alignment", many=True),
                "creator": Member("Profile"),
                "creditsAvailable": _NUMBER,
                "image": _IMAGE,
                "inLanguage": Member(Kind.LANGUAGE),
                "otherIdentifier": Member("IdentifierEntry", many=True),
                "related": Member("Related", many=True),
                "resultDescription": Member("ResultDescription", many=True),
                "tag": Member(Kind.TEXT, many=True),
                **dict.fromkeys(("fieldOfStudy", "humanCode", "specialization", "version"), _TEXT),
            },
        ),
        Shape(
            name="Criteria",
            anchor="#criteria",
            one_of=("id", "narrative"),
            members={"id": _URL, "narrative": _TEXT},
        ),
        Shape(
            name="Image",
            anchor="#image",
            type="Image",
            required=("id",),
            closed=True,
            members={"id": _URL, "caption": _TEXT},
        ),
        profile,
        Shape(
            name="issuer",
            anchor="#profile",
            type="Profile",
            required=("id",),
            may_be_an_address=True,
            members=profile.members,
        ),
        Shape(
            name="Address",
            anchor="#address",
            type="Address",
            members={
                **dict.fromkeys(("addressCountry", "addressCountryCode", "addressRegion"), _TEXT),
                **dict.fromkeys(("addressLocality", "streetAddress", "postalCode"), _TEXT),
                "postOfficeBoxNumber": _TEXT,
                "geo": Member("GeoCoordinates"),
            },
        ),
        Shape(
            name="GeoCoordinates",
            anchor="#geocoordinates",
            type="GeoCoordinates",
            required=("latitude", "longitude"),
            members={"latitude": _NUMBER, "longitude": _NUMBER},
        ),
        Shape(
            name="IdentifierEntry",
            anchor="#identifierentry",
            type="IdentifierEntry",
            required=("identifier", "identifierType"),
            closed=True,
            members={"identifier": _TEXT, "identifierType": Member(_IDENTIFIER_TYPES)},
        ),
        Shape(
            name="IdentityObject",
            anchor="#identityobject",
            type="IdentityObject",
            required=("hashed", "identityHash", "identityType"),
            closed=True,
            members={
                "hashed": Member(Kind.FLAG),
                "identityHash": _TEXT,
                "identityType": Member(_IDENTIFIER_TYPES),
                "salt": _TEXT,
            },
        ),
        Shape(
            name="Alignment",
            anchor="#alignment",
            type="Alignment",
            required=("targetName", "targetUrl"),
            members={
                "targetName": _TEXT,
                "targetUrl": _URL,
                "targetType": Member(_ALIGNMENT_TARGETS),
                **dict.fromkeys(("targetCode", "targetDescription", "targetFramework"), _TEXT),
            },
        ),
        Shape(
            name="Related",
            anchor="#related",
            type="Related",
            required=("id",),
            members={"id": _URL, "inLanguage": Member(Kind.LANGUAGE), "version": _TEXT},
        ),
        Shape(
            name="ResultDescription",
            anchor="#resultdescription",
            type="ResultDescription",
            required=("id", "name", "resultType"),
            members={
                "id": _URL,
                "name": _FILLED,
                "resultType": Member(_RESULT_TYPES),
                "alignment": Member("Alignment", many=True),
                "allowedValue": Member(Kind.TEXT, many=True),
                "rubricCriterionLevel": Member("RubricCriterionLevel", many=True),
                "requiredLevel": _URL,
                **dict.fromkeys(("requiredValue", "valueMin", "valueMax"), _TEXT),
            },
        ),
        Shape(
            name="RubricCriterionLevel",
            anchor="#rubriccriterionlevel",
            type="RubricCriterionLevel",
            required=("id", "name"),
            members={
                "id": _URL,
                "name": _FILLED,
                "alignment": Member("Alignment", many=True),
                **dict.fromkeys(("description", "level", "points"), _TEXT),
            },
        ),
        Shape(
            name="Result",
            anchor="#result",
            type="Result",
            members={
                "achievedLevel": _URL,
                "resultDescription": _URL,
                "alignment": Member("Alignment", many=True),
                "status": Member(_RESULT_STATUSES),
                "value": _TEXT,
            },
        ),
        Shape(
            name="Evidence",
            anchor="#evidence",
            type="Evidence",
            members={
                "id": _URL,
                **dict.fromkeys(("narrative", "name", "description", "genre", "audience"), _TEXT),
            },
        ),
        Shape(
            name="CredentialSchema",
            anchor="#credentialschema",
            required=("id", "type"),
            members={"id": _URL, "type": _TEXT},
        ),
        Shape(
            name="RefreshService",
            anchor="#refreshservice",
            required=("id", "type"),
            members={"id": _URL, "type": _TEXT},
        ),
        Shape(
            name="EndorsementCredential",
            anchor="#endorsementcredential",
            type="EndorsementCredential",
            required=("@context", "id", "name", "issuer", "validFrom", "credentialSubject"),
            members={
                **_CREDENTIAL,
                "issuer": Member("Issuer"),
                "credentialSubject": Member("EndorsementSubject"),
            },
        ),
        Shape(
            name="EndorsementSubject",
            anchor="#endorsementsubject",
            type="EndorsementSubject",
            required=("id",),
            members={"id": _URL, "endorsementComment": _TEXT},
        ),
    ]
    table = {shape.name: shape for shape in shapes}
    table["AchievementCredential"] = table.pop("credential")
    table["Issuer"] = table.pop("issuer")
    table["AchievementCredential, VCDM 1.1"] = Shape(
        name="credential",
        anchor="#achievementcredential",
        required=("id", "issuer", "issuanceDate", "credentialSubject"),
        members={**_ACHIEVEMENT_CREDENTIAL, **_OLD_DATES},
    )
    table["EndorsementCredential, VCDM 1.1"] = replace(
        (today := table["EndorsementCredential"]),
        required=("@context", "id", "name", "issuer", "issuanceDate", "credentialSubject"),
        members={**today.members, **_OLD_DATES},
    )
    return table


SHAPES: Final[Mapping[str, Shape]] = _shapes()
