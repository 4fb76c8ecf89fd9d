# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: what a learner has handed in, what an assessor has before them."""

from cairn.assessment.queries.marking import desk, done_of, evidence_for_assessor, queue_of, table
from cairn.assessment.queries.submissions import evidence_of_learner, feedback, work, works_of

__all__ = [
    "desk",
    "done_of",
    "evidence_for_assessor",
    "evidence_of_learner",
    "feedback",
    "queue_of",
    "table",
    "work",
    "works_of",
]
