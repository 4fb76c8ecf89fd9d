# SPDX-License-Identifier: Apache-2.0
"""Who may reach the addresses of credentials: holders and issuing staff, and everyone what verifiers need."""

from uuid import UUID, uuid4

import cast
from django.utils import timezone
from matrix import EVERYONE, STAFF, Row

from cairn.achievements import services as achieving
from cairn.achievements.facts import PublishedAchievement
from cairn.credentials import services
from cairn.credentials.facts import Award, ListedPerson
from cairn.credentials.models import StatusList
from cairn.site import samples
from credentials import scenes

#: Of right length and alphabet, and nobody's.
NO_REF = "0123456789ABCDEFGHJKMNPQRS"
NOBODYS = {"ref": NO_REF}
NOWHERE = {"slug": "nowhere"}
#: Those who issue: the roles that may, and those who work there and may not.
ISSUERS = {"issuer": 200, "admin": 200, "editor": 403, "assessor": 403}
#: A private credential: its holder and the issuer's staff who issue.
THEIRS = {"learner": 200, "issuer": 200, "admin": 200, "anonymous": 404}


def like(may: dict[str, int], status: int) -> dict[str, int]:
    """Return the same roles with another answer for those who are let in."""
    return {role: status if was == 200 else was for role, was in may.items()}


def own() -> dict[str, object]:
    """Return Amara's credential."""
    return {"ref": scenes.issued().ref}


def own_svg() -> dict[str, object]:
    """Return a file of it with its number."""
    return {**own(), "number": 1}


def quay_achievement() -> PublishedAchievement:
    """Return an achievement that North Quay Institute published."""
    sven = cast.sven()
    started = achieving.draft(
        cast.north_quay().id, "Data Cleaning with Python", by=sven.actor, at=cast.PUBLISHED_AT
    )
    for part in samples.DATA_CLEANING:
        achieving.edit(started.ref, part, by=sven.actor, at=cast.PUBLISHED_AT)
    return achieving.publish(started.ref, by=sven.actor, at=cast.PUBLISHED_AT)


def quay_batch() -> tuple[str, UUID]:
    """Return a credential of somebody at North Quay, and its batch."""
    batch = services.issue_to_list(
        quay_achievement().id,
        [ListedPerson(number=1, name="Femke Bos", email="femke.bos@example.org")],
        list_id=uuid4(),
        by=cast.sven().actor,
        at=timezone.now(),
    )
    return batch.issued[0].ref, batch.id


def foreign() -> dict[str, object]:
    """Return a credential of somebody else, by somebody else."""
    return {"ref": quay_batch()[0]}


def foreign_file() -> dict[str, object]:
    """Return a file of it."""
    return {**foreign(), "number": 1}


def fernhill() -> dict[str, object]:
    """Return Fernhill College."""
    return {"slug": cast.fernhill().slug}


def north_quay() -> dict[str, object]:
    """Return North Quay Institute."""
    return {"slug": cast.north_quay().slug}


def one() -> dict[str, object]:
    """Return Amara's credential as staff address it."""
    return {**fernhill(), **own()}


def held() -> dict[str, object]:
    """Return Amara's credential on hold."""
    found = one()
    services.hold(str(found["ref"]), reason="A complaint", by=cast.priya().actor, at=timezone.now())
    return found


def foreign_one() -> dict[str, object]:
    """Return a foreign credential as staff address it."""
    return {**north_quay(), **foreign()}


def waiting() -> dict[str, object]:
    """Return an achievement of which one award waits."""
    award = scenes.award(with_files=False)
    services.record_award(award, by=cast.tomas().actor, at=timezone.now())
    return {**fernhill(), "achievement_id": award.achievement_id}


def foreign_waiting() -> dict[str, object]:
    """Return the same elsewhere."""
    achievement = quay_achievement()
    award = Award(
        id=uuid4(),
        achievement_id=achievement.id,
        person_id=cast.lukas().row.id,
        decided_at=scenes.DECIDED_AT,
        assessed=True,
    )
    services.record_award(award, by=cast.sven().actor, at=timezone.now())
    return {**north_quay(), "achievement_id": achievement.id}


def batch() -> dict[str, object]:
    """Return what was issued to Amara a moment ago."""
    award = scenes.award(with_files=False)
    services.record_award(award, by=cast.tomas().actor, at=timezone.now())
    issued = services.issue([award.id], by=cast.priya().actor, at=timezone.now())
    return {**fernhill(), "batch_id": issued.id}


def foreign_batch() -> dict[str, object]:
    """Return what North Quay issued a moment ago."""
    return {**north_quay(), "batch_id": quay_batch()[1]}


def listed() -> dict[str, object]:
    """Return the status list of Fernhill College."""
    scenes.issued()
    return {**fernhill(), "list_ref": StatusList.objects.get().ref, "purpose": "revocation"}


_FILE = Row(own=own, foreign=foreign, unknown=NOBODYS, may=THEIRS, public=True)
_UNKNOWN_ONE = {**NOWHERE, **NOBODYS}
_UNKNOWN_WAITING = {**NOWHERE, "achievement_id": UUID(int=1)}
_UNKNOWN_BATCH = {**NOWHERE, "batch_id": UUID(int=1)}

MATRIX = {
    "credentials:show": _FILE,
    "credentials:json": _FILE,
    "credentials:jwt": _FILE,
    "credentials:png": _FILE,
    "credentials:svg": _FILE,
    "credentials:pdf": _FILE,
    "credentials:evidence": Row(
        own=own_svg, foreign=foreign_file, unknown={**NOBODYS, "number": 1}, may=THEIRS, public=True
    ),
    "credentials:did": Row(own=fernhill, unknown=NOWHERE, may=EVERYONE, public=True),
    "credentials:status-list": Row(
        own=listed,
        unknown={**NOWHERE, "list_ref": NO_REF, "purpose": "revocation"},
        may=EVERYONE,
        public=True,
    ),
    "credentials:home": Row(own=fernhill, foreign=north_quay, unknown=NOWHERE, may=STAFF),
    "credentials:issue": (
        Row(own=fernhill, foreign=north_quay, unknown=NOWHERE, may=ISSUERS),
        Row(
            "post",
            own=fernhill,
            foreign=north_quay,
            unknown=NOWHERE,
            data={"people": "Petra, petra@example.org"},
            may=like(ISSUERS, 422),
        ),
    ),
    "credentials:check-list": Row(
        "post",
        own=fernhill,
        foreign=north_quay,
        unknown=NOWHERE,
        data={"list_id": "", "achievement": ""},
        may=like(ISSUERS, 302),
    ),
    "credentials:ready": (
        Row(own=waiting, foreign=foreign_waiting, unknown=_UNKNOWN_WAITING, may=ISSUERS),
        Row(
            "post",
            own=waiting,
            foreign=foreign_waiting,
            unknown=_UNKNOWN_WAITING,
            data={"award": ["unknown"]},
            may=like(ISSUERS, 422),
        ),
    ),
    "credentials:issued": Row(own=batch, foreign=foreign_batch, unknown=_UNKNOWN_BATCH, may=ISSUERS),
    "credentials:undo": Row(
        "post", own=batch, foreign=foreign_batch, unknown=_UNKNOWN_BATCH, may=like(ISSUERS, 302)
    ),
    "credentials:credentials": Row(own=fernhill, foreign=north_quay, unknown=NOWHERE, may=ISSUERS),
    "credentials:credential": Row(own=one, foreign=foreign_one, unknown=_UNKNOWN_ONE, may=ISSUERS),
    "credentials:withdraw": (
        Row(own=one, foreign=foreign_one, unknown=_UNKNOWN_ONE, may=ISSUERS),
        Row(
            "post",
            own=one,
            foreign=foreign_one,
            unknown=_UNKNOWN_ONE,
            data={"reason": "Wrong person"},
            may=like(ISSUERS, 302),
        ),
    ),
    "credentials:hold": (
        Row(own=one, foreign=foreign_one, unknown=_UNKNOWN_ONE, may=ISSUERS),
        Row(
            "post",
            own=one,
            foreign=foreign_one,
            unknown=_UNKNOWN_ONE,
            data={"reason": ""},
            may=like(ISSUERS, 422),
        ),
    ),
    "credentials:reinstate": (
        Row(own=held, foreign=foreign_one, unknown=_UNKNOWN_ONE, may=ISSUERS),
        Row(
            "post",
            own=held,
            foreign=foreign_one,
            unknown=_UNKNOWN_ONE,
            data={"reason": ""},
            may=like(ISSUERS, 302),
        ),
    ),
}
