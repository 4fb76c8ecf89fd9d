# SPDX-License-Identifier: Apache-2.0
"""An agreed result is written down once, and a passed one becomes an award in the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from cairn.achievements.facts import PublishedAchievement
from cairn.assessment.facts import AgreedResult, State, WorkDecided
from cairn.assessment.models import AgreedLevel, Submission
from cairn.assessment.queries.submissions import as_submission
from cairn.assessment.rules.awards import as_award
from cairn.assessment.rules.marking import is_passed
from cairn.credentials import services as credentials
from cairn.foundation import news
from cairn.people.facts import Actor


def decide(
    row: Submission,
    achievement: PublishedAchievement,
    results: Sequence[AgreedResult],
    *,
    by: Actor,
    at: datetime,
) -> State:
    """Write the result down and tell of it, within the caller's transaction and behind its lock."""
    state = State.PASSED if is_passed(results) else State.NOT_YET
    AgreedLevel.objects.bulk_create(
        AgreedLevel(submission=row, criterion_id=one.criterion.id, level_id=one.level_id, comment=one.comment)
        for one in results
    )
    row.state = state
    row.decided_at = at
    row.save(update_fields=["state", "decided_at"])
    if state is State.PASSED:
        submission = as_submission(row, achievement)
        award = as_award(achievement, submission, results, learner_id=row.learner_id, at=at)
        credentials.record_award(award, by=by, at=at)
    news.tell(
        WorkDecided(
            submission_id=row.id,
            organization_id=row.organization_id,
            person_id=row.learner_id,
            achievement_ref=row.achievement_ref,
            attempt=row.attempt,
            passed=state is State.PASSED,
        )
    )
    return state
