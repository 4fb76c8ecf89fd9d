# SPDX-License-Identifier: Apache-2.0
"""A published achievement in the words of Open Badges 3.0: inside every credential, and on its own.

Pure, and a door of this room: `credentials` puts the same Achievement into what it signs.
"""

from decimal import Decimal
from typing import Any
from urllib.parse import quote

from cairn.achievements import narrative
from cairn.achievements.facts import Criterion, PublishedAchievement
from laurel.formats import open_badges_3
from laurel.model import (
    Achievement,
    Alignment,
    Criteria,
    Image,
    Profile,
    ResultDescription,
    RubricCriterionLevel,
)

EQF = "European Qualifications Framework"
EQF_URL = "http://data.europa.eu/snb/eqf/"


def achievement_url(base_url: str, ref: str, version: int) -> str:
    """Return the id of a published version of an achievement."""
    return f"{base_url}/a/{ref}/v/{version}"


def criterion_id(url: str, criterion: str) -> str:
    """Return the id of a result description below a version's id."""
    return _below(url, "criterion", criterion)


def level_id(url: str, level: str) -> str:
    """Return the id of a rubric criterion level below a version's id."""
    return _below(url, "level", level)


def achievement_document(
    achievement: PublishedAchievement, *, base_url: str, creator: Profile
) -> dict[str, Any]:
    """Return a version as JSON-LD of its own, without what is not given: no nulls, no empty lists.

    Args:
        base_url: the site's address, without a slash at the end.

    Spec: OB 3.0 #achievement
    """
    contexts = [open_badges_3.CREDENTIALS_V2, open_badges_3.CONTEXT]
    written = open_badges_3.achievement_to_json(
        as_achievement(achievement, base_url=base_url, creator=creator)
    )
    return {"@context": contexts, **written}


def as_achievement(achievement: PublishedAchievement, *, base_url: str, creator: Profile) -> Achievement:
    """Return a version as credentials carry it.

    Args:
        base_url: the site's address, without a slash at the end.
        creator: the organization, by its DID and name.

    Spec: OB 3.0 #achievement
    """
    url = achievement_url(base_url, achievement.ref, achievement.version)
    return Achievement(
        id=url,
        name=achievement.name,
        description=achievement.description.strip() or achievement.name,
        criteria=Criteria(id=f"{base_url}/a/{achievement.ref}", narrative=_criteria(achievement)),
        achievement_type=achievement.achievement_type or None,
        alignments=(*_framework_level(achievement), *(_alignments(achievement))),
        creator=creator,
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
        id=criterion_id(url, criterion.id),
        name=criterion.name,
        result_type="RubricCriterionLevel",
        rubric_criterion_levels=tuple(
            RubricCriterionLevel(
                id=level_id(url, level.id),
                name=level.name,
                description=level.description or None,
                level=str(position),
                points=_plain(level.points) or None,
            )
            for position, level in enumerate(criterion.levels, start=1)
        ),
        required_level=level_id(url, criterion.required_level) if criterion.required_level else None,
    )


def _below(url: str, *parts: str) -> str:
    """Return an id below another one, made of letters, digits, `-` and percent signs only."""
    return url + "#" + "-".join(quote(part, safe="") for part in parts)
