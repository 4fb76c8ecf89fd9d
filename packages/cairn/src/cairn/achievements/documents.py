# SPDX-License-Identifier: Apache-2.0
"""A published achievement as the document that other software reads.

Ids are made the way credentials make them, so that a credential and this document name the same things.
"""

from typing import Any
from urllib.parse import quote

from cairn.achievements.facts import Alignment, Criterion, PublishedAchievement
from cairn.people.facts import Organization

CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
EQF = "European Qualifications Framework"
EQF_URL = "http://data.europa.eu/snb/eqf/"


def achievement_document(
    achievement: PublishedAchievement, organization: Organization, *, base_url: str
) -> dict[str, Any]:
    """Return a version as JSON-LD, without what is not given: no nulls, no empty lists.

    Args:
        base_url: the site's address, without a slash at the end.

    Spec: OB 3.0 #achievement
    """
    page = f"{base_url}/a/{achievement.ref}"
    url = f"{page}/v/{achievement.version}"
    document: dict[str, Any] = {
        "@context": list(CONTEXT),
        "id": url,
        "type": ["Achievement"],
        "achievementType": achievement.achievement_type,
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"id": page, "narrative": _criteria(achievement)},
        "creator": {
            "id": f"{base_url}/o/{organization.slug}",
            "type": ["Profile"],
            "name": organization.name,
        },
        "image": {"id": f"{url}/badge.png", "type": "Image"},
        "inLanguage": achievement.language,
        "version": str(achievement.version),
        "alignment": [*_level(achievement), *(_alignment(one) for one in achievement.alignments)],
        "resultDescription": [_scale(url, criterion) for criterion in achievement.rubric],
        "tag": list(achievement.tags),
    }
    if achievement.ects is not None:
        document["creditsAvailable"] = float(achievement.ects)
    return {name: value for name, value in document.items() if value not in ("", [])}


def _criteria(achievement: PublishedAchievement) -> str:
    outcomes = "\n".join(f"- {outcome}" for outcome in achievement.outcomes)
    return "\n\n".join(part for part in (achievement.criteria_narrative, outcomes) if part)


def _level(achievement: PublishedAchievement) -> list[dict[str, Any]]:
    if achievement.eqf_level is None:
        return []
    return [
        {
            "type": ["Alignment"],
            "targetName": f"EQF level {achievement.eqf_level}",
            "targetUrl": f"{EQF_URL}{achievement.eqf_level}",
            "targetFramework": EQF,
            "targetCode": str(achievement.eqf_level),
            "targetType": "ext:QualificationLevel",
        }
    ]


def _alignment(alignment: Alignment) -> dict[str, Any]:
    written = {
        "type": ["Alignment"],
        "targetName": alignment.target_name,
        "targetUrl": alignment.target_url,
        "targetFramework": alignment.target_framework,
        "targetCode": alignment.target_code,
        "targetType": alignment.target_type,
        "targetDescription": alignment.target_description,
    }
    return {name: value for name, value in written.items() if value}


def _scale(url: str, criterion: Criterion) -> dict[str, Any]:
    scale: dict[str, Any] = {
        "id": _below(url, criterion.id),
        "type": ["ResultDescription"],
        "name": criterion.name,
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": [_rung(url, criterion, place) for place in range(len(criterion.levels))],
    }
    if criterion.required_level is not None:
        scale["requiredLevel"] = _below(url, criterion.id, criterion.required_level)
    return scale


def _rung(url: str, criterion: Criterion, place: int) -> dict[str, Any]:
    level = criterion.levels[place]
    rung = {
        "id": _below(url, criterion.id, level.id),
        "type": ["RubricCriterionLevel"],
        "name": level.name,
        "description": level.description,
        "level": str(place + 1),
        "points": "" if level.points is None else f"{level.points.normalize():f}",
    }
    return {name: value for name, value in rung.items() if value}


def _below(url: str, *parts: str) -> str:
    return f"{url}#criterion-" + "-".join(quote(part, safe="") for part in parts)
