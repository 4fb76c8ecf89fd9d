# SPDX-License-Identifier: Apache-2.0
"""The golden credential of the tests: all that Fernhill College says about Amara Okafor."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from laurel.formats.open_badges_3 import CONTEXT, CREDENTIALS_V2, digest_multibase, to_json
from laurel.model.achievement import Achievement, Criteria
from laurel.model.alignment import Alignment
from laurel.model.credential import AchievementSubject, OpenBadgeCredential, StatusEntry
from laurel.model.evidence import Evidence, RelatedResource
from laurel.model.json_value import JsonValue
from laurel.model.profile import Address, Image, Profile
from laurel.model.result import Result, ResultDescription, RubricCriterionLevel

ISSUER_DID: Final = "did:web:fernhill.example:o:fernhill-college"
LEARNER_DID: Final = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
SITE: Final = "https://fernhill.example"
COURSE: Final = f"{SITE}/a/data-cleaning-with-python/v3"
REFERENCE: Final = "9f1c6f0e-52f8-4d0e-9f7b-7c61b1c5d2aa"
CREDENTIAL_ID: Final = f"urn:uuid:{REFERENCE}"

NOTEBOOK: Final = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'
CLEANED: Final = b"station,day,pm10\nJos,2026-09-01,41\nIbadan,2026-09-01,37\n"

NAMES_FROM_ELSEWHERE: Final = {
    "ar": "أمارا أوكافور",
    "zh": "陳美玲",
    "hi": "अमारा ओकाफोर",
    "he": "עמרה אוקפור",
    "el": "Αμάρα Οκαφόρ",
    "yo": "Ọmọ́lará Òkáfọ̀r",
    "emoji": "Amara 🌿 Okafor",
}

FERNHILL: Final = Profile(
    id=ISSUER_DID,
    name="Fernhill College",
    url=SITE,
    email="credentials@fernhill.example",
    description="A college for working people, in Ibadan and online.",
    image=Image(id=f"{SITE}/o/fernhill-college/logo.png", caption="A fern on a shield"),
    address=Address(address_country="Nigeria", address_country_code="NG", address_locality="Ibadan"),
)


def rung(criterion: str, level: int, name: str, description: str) -> RubricCriterionLevel:
    """Return one rung of a criterion; levels count from 1, low to high."""
    return RubricCriterionLevel(
        id=f"{COURSE}#{criterion}-{level}",
        name=name,
        description=description,
        level=str(level),
        points=str(level * 5),
    )


FINDING_FAULTS: Final = ResultDescription(
    id=f"{COURSE}#finding-faults",
    name="Finding faults in data",
    result_type="RubricCriterionLevel",
    rubric_criterion_levels=(
        rung("finding-faults", 1, "Beginning", "Finds faults that stop the program."),
        rung("finding-faults", 2, "Competent", "Finds missing, doubled and impossible values."),
        rung("finding-faults", 3, "Strong", "Finds faults that only the subject's own rules show."),
    ),
    required_level=f"{COURSE}#finding-faults-2",
)
TELLING_WHY: Final = ResultDescription(
    id=f"{COURSE}#telling-why",
    name="Documenting decisions",
    result_type="RubricCriterionLevel",
    rubric_criterion_levels=(
        rung("telling-why", 1, "Beginning", "Says what was changed."),
        rung("telling-why", 2, "Competent", "Says what was changed and why."),
        rung("telling-why", 3, "Strong", "Another person could undo each change."),
    ),
    required_level=f"{COURSE}#telling-why-2",
)
OVERALL: Final = ResultDescription(
    id=f"{COURSE}#overall",
    name="Overall mark",
    result_type="Percent",
    value_min="0",
    value_max="100",
    required_value="50",
)

DATA_CLEANING: Final = Achievement(
    id=COURSE,
    name="Data Cleaning with Python",
    description="Find faults in real data, mend them with Python, and show how it was done.",
    criteria=Criteria(
        id=f"{COURSE}/criteria",
        narrative="Hand in a notebook that cleans a data set of your own, with a log of every decision.\n\n"
        "Two assessors mark it by the rubric; *Competent* in both criteria is required.",
    ),
    achievement_type="MicroCredential",
    alignments=(
        Alignment(
            target_name="cleanse data",
            target_url="http://data.europa.eu/esco/skill/f0deeac8-4b77-4b3a-b8c9-2ef2c4f2c1b5",
            target_framework="ESCO",
            target_type="CFItem",
        ),
        Alignment(
            target_name="EQF level 5",
            target_url="http://data.europa.eu/snb/eqf/5",
            target_framework="European Qualifications Framework",
            target_code="5",
        ),
    ),
    creator=Profile(id=f"{SITE}/o/fernhill-college/data", name="Fernhill College, School of Data"),
    credits_available=Decimal("2.5"),
    field_of_study="Data science",
    human_code="FC-DATA-203",
    image=Image(id=f"{COURSE}/badge.png", caption="Three bars on a blue shield"),
    in_language="en",
    result_descriptions=(FINDING_FAULTS, TELLING_WHY, OVERALL),
    tags=("data cleaning", "Python", "data quality"),
    version="3",
)

NOTEBOOK_URL: Final = f"{SITE}/c/{REFERENCE}/evidence/cleaning.ipynb"
CLEANED_URL: Final = f"{SITE}/c/{REFERENCE}/evidence/air-quality-clean.csv"
REVOCATIONS: Final = f"{SITE}/o/fernhill-college/status/revocation/1"
SUSPENSIONS: Final = f"{SITE}/o/fernhill-college/status/suspension/1"

AMARA: Final = AchievementSubject(
    id=LEARNER_DID,
    achievement=DATA_CLEANING,
    results=(
        Result(
            result_description=FINDING_FAULTS.id,
            achieved_level=FINDING_FAULTS.rubric_criterion_levels[2].id,
        ),
        Result(
            result_description=TELLING_WHY.id,
            achieved_level=TELLING_WHY.rubric_criterion_levels[1].id,
        ),
        Result(result_description=OVERALL.id, value="82", status="Completed"),
    ),
    activity_start_at=datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
    activity_end_at=datetime(2026, 10, 12, 16, 30, tzinfo=UTC),
    credits_earned=Decimal("2.5"),
    source=Profile(id=f"{SITE}/o/fernhill-college/assessors/7", name="Dr Sade Bello"),
)

GOLDEN: Final = OpenBadgeCredential(
    contexts=(CREDENTIALS_V2, CONTEXT),
    id=CREDENTIAL_ID,
    name="Data Cleaning with Python",
    description="Amara Okafor earned Data Cleaning with Python at Fernhill College.",
    issuer=FERNHILL,
    valid_from=datetime(2026, 10, 14, 9, 30, tzinfo=UTC),
    valid_until=datetime(2031, 10, 14, 9, 30, tzinfo=UTC),
    awarded_date=datetime(2026, 10, 14, 9, 30, tzinfo=UTC),
    image=Image(id=f"{SITE}/c/{REFERENCE}/badge.png"),
    subject=AMARA,
    evidence=(
        Evidence(
            id=NOTEBOOK_URL,
            name="Cleaning air-quality data from four cities",
            description="Notebook with the decision log.",
            genre="Notebook",
        ),
        Evidence(id=CLEANED_URL, name="The cleaned data", genre="Data set"),
    ),
    status=(
        StatusEntry(id=f"{REVOCATIONS}#94567", purpose="revocation", index=94567, list_url=REVOCATIONS),
        StatusEntry(id=f"{SUSPENSIONS}#17", purpose="suspension", index=17, list_url=SUSPENSIONS),
    ),
    related_resources=(
        RelatedResource(
            id=NOTEBOOK_URL,
            media_type="application/x-ipynb+json",
            digest_multibase=digest_multibase(NOTEBOOK),
        ),
        RelatedResource(id=CLEANED_URL, media_type="text/csv", digest_multibase=digest_multibase(CLEANED)),
    ),
)


def plain_credential() -> OpenBadgeCredential:
    """Return the smallest credential that OB 3.0 accepts."""
    return OpenBadgeCredential(
        id=CREDENTIAL_ID,
        issuer=Profile(id=ISSUER_DID, name="Fernhill College"),
        valid_from=datetime(2026, 10, 14, 9, 30, tzinfo=UTC),
        subject=AchievementSubject(
            id=LEARNER_DID,
            achievement=Achievement(
                id=COURSE,
                name="Data Cleaning with Python",
                description="Find faults in real data and mend them.",
                criteria=Criteria(narrative="Hand in a notebook."),
            ),
        ),
    )


def golden_credential(
    *, issuer_id: str = ISSUER_DID, subject_id: str | None = LEARNER_DID
) -> OpenBadgeCredential:
    """Return the golden credential, for another issuer or learner where a test needs its own key."""
    return replace(GOLDEN, issuer=replace(FERNHILL, id=issuer_id), subject=replace(AMARA, id=subject_id))


def golden_document(
    *, issuer_id: str = ISSUER_DID, subject_id: str | None = LEARNER_DID
) -> dict[str, JsonValue]:
    """Return the golden credential as a JSON object without proof; a new object at each call."""
    return to_json(golden_credential(issuer_id=issuer_id, subject_id=subject_id))


def named_credential(name: str) -> OpenBadgeCredential:
    """Return the golden credential for somebody else, such as one of NAMES_FROM_ELSEWHERE."""
    return replace(GOLDEN, description=f"{name} earned Data Cleaning with Python at Fernhill College.")


def typical_document(learner: int = 1, *, achievement: str = "water-quality") -> dict[str, JsonValue]:
    """Return the credential that speed is measured with: 122 statements, 14 blank nodes, 4.3 kB of JSON.

    Learners differ in what is theirs; `achievement` names one of many.
    """
    course = f"https://rivermouth.example/a/{achievement}"
    reference = f"0b7f3c52-6c1e-4f7e-9d0a-{learner:012d}"
    skills = (
        ("ilma kalitesi ölçümü", "S1.2.3", "كيمياء المياه: القياس والتوثيق"),
        ("prøvetaking", "S4.8.1", "水样采集与保存"),
        ("communicating findings", "T3.1", "निष्कर्षों को स्पष्ट रूप से बताना"),
    )
    return {
        "@context": [CREDENTIALS_V2, CONTEXT, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
        "id": f"urn:uuid:{reference}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Water quality in the field",
        "description": f"Learner {learner} can sample, measure and report the quality of a river.",
        "issuer": {
            "id": "did:web:rivermouth.example",
            "type": ["Profile"],
            "name": "Rivermouth Institute",
            "url": "https://rivermouth.example",
            "email": "badges@rivermouth.example",
            "description": "An institute of field science at the mouth of the river.",
            "image": {"id": "https://rivermouth.example/logo.png", "type": "Image", "caption": "A heron"},
        },
        "validFrom": "2026-11-20T08:15:00Z",
        "validUntil": "2031-11-20T08:15:00Z",
        "awardedDate": "2026-11-19T00:00:00Z",
        "credentialSubject": {
            "id": f"https://rivermouth.example/learners/{learner}",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": f"sha256$8d3f0c1b7ae14452f9e0c7d1{learner:040x}",
                    "identityType": "emailAddress",
                    "salt": f"r1v3r{learner}",
                },
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": f"Zoë Ναταλία 陳 {learner}",
                    "identityType": "name",
                },
            ],
            "achievement": {
                "id": course,
                "type": ["Achievement"],
                "name": "Water quality in the field",
                "description": "Sample a river, measure what matters, and say what it means.",
                "achievementType": "MicroCredential",
                "criteria": {
                    "narrative": "Three visits to one river in different weather, a report with all readings and "
                    "their doubts, and a talk with the people who live by the water and drink it."
                },
                "image": {"id": f"{course}/badge.png", "type": "Image", "caption": "A drop above a wave"},
                "creator": {
                    "id": "https://rivermouth.example/schools/water",
                    "type": ["Profile"],
                    "name": "School of Water",
                },
                "creditsAvailable": 3,
                "fieldOfStudy": "Hydrology",
                "humanCode": "RI-WQ-12",
                "inLanguage": "en",
                "tag": ["water", "ποτάμι", "field work"],
                "version": "2",
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": name,
                        "targetCode": code,
                        "targetDescription": described,
                        "targetFramework": "ESCO",
                        "targetUrl": f"http://data.europa.eu/esco/skill/{code}",
                    }
                    for name, code, described in skills
                ],
                "resultDescription": [
                    {
                        "id": f"{course}#grade",
                        "type": ["ResultDescription"],
                        "name": "Grade",
                        "resultType": "LetterGrade",
                        "allowedValue": ["A", "B", "C", "D", "E", "F"],
                        "requiredValue": "D",
                    },
                    {
                        "id": f"{course}#hours",
                        "type": ["ResultDescription"],
                        "name": "Hours in the field",
                        "resultType": "RawScore",
                        "valueMin": "0",
                        "valueMax": "60",
                    },
                ],
            },
            "creditsEarned": 3,
            "licenseNumber": f"RI-{learner:06d}",
            "term": "2026/2",
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": f"{course}#grade",
                    "value": "ABC"[learner % 3],
                    "status": "Completed",
                },
                {
                    "type": ["Result"],
                    "resultDescription": f"{course}#hours",
                    "value": str(20 + learner % 40),
                },
            ],
        },
        "evidence": [
            {
                "id": f"https://rivermouth.example/e/{reference}/report",
                "type": ["Evidence"],
                "name": "تقرير جودة المياه",
                "narrative": "The report: oxygen, nitrate, turbidity and what lives there, month by month.",
            },
            {
                "id": f"https://rivermouth.example/e/{reference}/talk",
                "type": ["Evidence"],
                "name": "The talk at the town hall",
                "genre": "Video",
            },
        ],
        "credentialStatus": {
            "id": f"https://rivermouth.example/status/7#{learner}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(learner),
            "statusListCredential": "https://rivermouth.example/status/7",
        },
        "credentialSchema": [
            {
                "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
                "ob_v3p0_achievementcredential_schema.json",
                "type": "1EdTechJsonSchemaValidator2019",
            }
        ],
    }
