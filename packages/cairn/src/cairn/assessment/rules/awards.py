# SPDX-License-Identifier: Apache-2.0
"""Agreed results become an award."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cairn.achievements.facts import PublishedAchievement
from cairn.assessment.facts import AgreedResult, Evidence, Submission
from cairn.assessment.rules.media import KINDS
from cairn.credentials.facts import Award, AwardedEvidence, AwardedResult

#: Stands in the award, so it is in the achievement's language and not in that of whoever marks last.
_AI_HEADING = {"en": "How AI was used", "nl": "Hoe AI is gebruikt"}


def as_award(
    achievement: PublishedAchievement,
    submission: Submission,
    results: Sequence[AgreedResult],
    *,
    learner_id: UUID,
    at: datetime,
) -> Award:
    """Return the award for a passed submission. It has the submission's id, so a repeat is the same award."""
    described = {task.id: task.description for task in achievement.evidence_tasks}
    return Award(
        id=submission.id,
        achievement_id=achievement.id,
        person_id=learner_id,
        narrative=_narrative(submission, achievement.language),
        results=tuple(_result(result) for result in results),
        evidence=tuple(_evidence(one, described.get(one.task_id, "")) for one in submission.evidence),
        decided_at=at,
        assessed=True,
    )


def _narrative(submission: Submission, language: str) -> str:
    heading = _AI_HEADING.get(language.split("-")[0], _AI_HEADING["en"])
    words = submission.words
    return f"{words.statement.strip()}\n\n{heading}: {words.ai_statement.strip()}"


def _result(result: AgreedResult) -> AwardedResult:
    return AwardedResult(
        criterion_id=result.criterion.id,
        criterion_name=result.criterion.name,
        level_id=result.level_id,
        level_name=result.level_name,
        position=result.position,
        out_of=result.out_of,
        comment=result.comment,
    )


def _evidence(evidence: Evidence, description: str) -> AwardedEvidence:
    return AwardedEvidence(
        name=evidence.title,
        description=description,
        genre=KINDS[evidence.media_type].genre,
        media_type=evidence.media_type,
        size=evidence.size,
        sha256=evidence.sha256,
        file_key=evidence.file_key,
    )
