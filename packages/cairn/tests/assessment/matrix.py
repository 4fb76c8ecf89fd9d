# SPDX-License-Identifier: Apache-2.0
"""Who may reach this room's addresses. See `tests/matrix.py`."""

from uuid import UUID, uuid4

import cast
from matrix import SIGNED_IN, Row

from assessment import pieces
from cairn.achievements import services as achieving
from cairn.assessment import services
from cairn.assessment.models import EvidenceFile, Submission
from cairn.people.facts import Role
from cairn.site import samples

LEARNERS = {"learner": 200, "other-learner": 200}
#: Working at the college without learning there: it exists, and is not theirs.
STAFF_REFUSED = dict.fromkeys(("assessor", "editor", "issuer", "admin"), 403)
ASSESSORS = {"assessor": 200, "admin": 200, "foreign-admin": 200}
NOT_ASSESSORS = dict.fromkeys(("learner", "other-learner", "editor", "issuer", "superuser"), 403)
NOWHERE = UUID(int=1)


def foreign_achievement() -> str:
    """Return the ref of an achievement that North Quay published."""
    sven, quay = cast.sven().actor, cast.north_quay()
    started = achieving.draft(quay.id, "Berthing", by=sven, at=cast.PUBLISHED_AT)
    for part in samples.DATA_CLEANING:
        achieving.edit(started.ref, part, by=sven, at=cast.PUBLISHED_AT)
    return achieving.publish(started.ref, by=sven, at=cast.PUBLISHED_AT).ref


def foreign_submission(*, marked: bool = False) -> Submission:
    """Return work that a learner of North Quay handed in, with differing marks if asked."""
    quay = cast.north_quay()
    learner = cast.person("Jip Visser", "jip@north-quay.example", quay, Role.LEARNER)
    ref = foreign_achievement()
    services.keep(ref, pieces.WORDS, pieces.FILES, by=learner.actor, at=pieces.NOW)
    services.hand_in(ref, by=learner.actor, at=pieces.NOW)
    if marked:
        one = cast.person("Bo Smit", "bo@north-quay.example", quay, Role.ASSESSOR)
        other = cast.person("Cas Mulder", "cas@north-quay.example", quay, Role.ASSESSOR)
        pieces.marked(one, 3, 3, 3, 3)
        pieces.marked(other, 3, 3, 3, 2)
    return Submission.objects.get(learner=learner.row)


def work() -> dict[str, object]:
    """An achievement that Fernhill's learners can hand in for."""
    return {"ref": cast.data_cleaning().ref}


def foreign_work() -> dict[str, object]:
    """The same at North Quay."""
    return {"ref": foreign_achievement()}


def decided() -> dict[str, object]:
    """Amara's attempt with a result of not yet."""
    row = pieces.handed_in()
    pieces.marked(cast.ingrid(), 1, 1, 1, 1)
    pieces.marked(
        cast.person("Ada Brook", "ada@fernhill.example", cast.fernhill(), Role.ASSESSOR), 1, 1, 1, 1
    )
    return {"ref": row.achievement_ref, "attempt": 1}


def begun_again() -> dict[str, object]:
    """Amara's achievement, ready for a new attempt."""
    return {"ref": decided()["ref"]}


def own_file() -> dict[str, object]:
    """A file of Amara's."""
    row = pieces.handed_in()
    return {"ref": row.achievement_ref, "evidence_id": EvidenceFile.objects.filter(submission=row)[0].id}


def foreign_file() -> dict[str, object]:
    """A file of a learner at North Quay."""
    row = foreign_submission()
    return {"ref": row.achievement_ref, "evidence_id": EvidenceFile.objects.filter(submission=row)[0].id}


def on_the_desk() -> dict[str, object]:
    """Amara's work, which Tomas marks."""
    pieces.handed_in()
    return {"submission_id": services.take_next(by=cast.tomas().actor, at=pieces.NOW)}


def foreign_desk() -> dict[str, object]:
    """Work at North Quay."""
    return {"submission_id": foreign_submission().id}


def file_on_the_desk() -> dict[str, object]:
    """A file of it."""
    kwargs = on_the_desk()
    found = EvidenceFile.objects.filter(submission_id=kwargs["submission_id"])[0]
    return {**kwargs, "evidence_id": found.id}


def foreign_file_on_a_desk() -> dict[str, object]:
    """A file of work at North Quay."""
    row = foreign_submission()
    return {"submission_id": row.id, "evidence_id": EvidenceFile.objects.filter(submission=row)[0].id}


def differing() -> dict[str, object]:
    """Amara's work, on which Tomas and Ingrid differ."""
    return {"submission_id": pieces.differing().id}


def foreign_differing() -> dict[str, object]:
    """The same at North Quay."""
    return {"submission_id": foreign_submission(marked=True).id}


WORK = {"own": work, "foreign": foreign_work, "unknown": {"ref": "0" * 26}}
NO_DESK = {"submission_id": NOWHERE}
DESK = {"own": on_the_desk, "foreign": foreign_desk, "unknown": NO_DESK}
TABLE = {"own": differing, "foreign": foreign_differing, "unknown": NO_DESK}

MATRIX = {
    "assessment:works": Row(may=SIGNED_IN),
    "assessment:work": (
        Row(may={**LEARNERS, **STAFF_REFUSED}, **WORK),
        Row("post", may={"learner": 302, "other-learner": 302, **STAFF_REFUSED}, **WORK),
        Row(
            "post",
            data={"do": "hand-in"},
            may={"learner": 422, "other-learner": 422, **STAFF_REFUSED},
            **WORK,
        ),
    ),
    "assessment:begin-again": Row(
        "post", may={"learner": 302}, own=begun_again, foreign=foreign_work, unknown={"ref": "0" * 26}
    ),
    "assessment:feedback": Row(
        may={"learner": 200},
        own=decided,
        foreign=lambda: {**foreign_work(), "attempt": 1},
        unknown={"ref": "0" * 26, "attempt": 1},
    ),
    "assessment:own-file": Row(
        may={"learner": 200},
        own=own_file,
        foreign=foreign_file,
        unknown={"ref": "0" * 26, "evidence_id": uuid4()},
    ),
    "assessment:queue": Row(may={**ASSESSORS, **NOT_ASSESSORS}),
    "assessment:take-next": Row("post", may={**dict.fromkeys(ASSESSORS, 302), **NOT_ASSESSORS}),
    "assessment:done": Row(may={**ASSESSORS, **NOT_ASSESSORS}),
    "assessment:mark": (
        Row(may={"assessor": 200}, **DESK),
        Row("post", may={"assessor": 302}, **DESK),
        Row("post", data={"do": "next"}, may={"assessor": 422}, **DESK),
        Row("post", data={"level-0": "c9-l9"}, may={"assessor": 422}, **DESK),
    ),
    "assessment:give-back": Row("post", may={"assessor": 302}, **DESK),
    "assessment:file": Row(
        may={"assessor": 200},
        own=file_on_the_desk,
        foreign=foreign_file_on_a_desk,
        unknown={"submission_id": NOWHERE, "evidence_id": NOWHERE},
    ),
    "assessment:agree": (
        Row(may={"assessor": 200}, **TABLE),
        Row("post", may={"assessor": 422}, **TABLE),
    ),
    "assessment:confirm": Row("post", data={"proposal": "1"}, may={"assessor": 302}, **TABLE),
}
