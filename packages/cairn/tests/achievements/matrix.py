# SPDX-License-Identifier: Apache-2.0
"""Who may reach the addresses of achievements: everyone what is published, staff read, editors write."""

import cast
from django.utils import timezone
from matrix import EVERYONE, STAFF, Row

from cairn.achievements import services

#: Of right length and alphabet, and nobody's.
NO_REF = "0123456789ABCDEFGHJKMNPQRS"
NOWHERE = {"slug": "nowhere", "ref": NO_REF}
EDITORS = {"editor": 200, "admin": 200, "assessor": 403, "issuer": 403}


def _draft(organization: object, editor: cast.Player, slug: str) -> dict[str, object]:
    started = services.draft(
        organization.id,  # type: ignore[attr-defined]  # an Organization row of the cast
        "Querying Data with SQL",
        by=editor.actor,
        at=timezone.now(),
    )
    return {"slug": slug, "ref": started.ref}


def own() -> dict[str, object]:
    """Return a draft of Fernhill College."""
    return _draft(cast.fernhill(), cast.wanda(), "fernhill")


def foreign() -> dict[str, object]:
    """Return a draft of North Quay Institute."""
    return _draft(cast.north_quay(), cast.sven(), "north-quay")


def published() -> dict[str, object]:
    """Return Data Cleaning with Python as an editor addresses it."""
    return {"slug": "fernhill", "ref": cast.data_cleaning().ref}


def renewed() -> dict[str, object]:
    """Return Data Cleaning with Python with a new version begun."""
    ref = cast.data_cleaning().ref
    services.new_version(ref, by=cast.priya().actor, at=timezone.now())
    return {"slug": "fernhill", "ref": ref}


def public() -> dict[str, object]:
    """Return what a stranger addresses."""
    return {"ref": cast.data_cleaning().ref}


def version() -> dict[str, object]:
    """Return one version as a stranger addresses it."""
    return {"ref": cast.data_cleaning().ref, "version": 1}


def fernhill() -> dict[str, object]:
    """Return Fernhill College."""
    return {"slug": cast.fernhill().slug}


def north_quay() -> dict[str, object]:
    """Return North Quay Institute."""
    return {"slug": cast.north_quay().slug}


def _writes(status: int) -> dict[str, int]:
    return {**EDITORS, "editor": status, "admin": status}


def _editing(data: dict[str, object], status: int) -> tuple[Row, Row]:
    return (
        Row(own=own, foreign=foreign, unknown=NOWHERE, may=EDITORS),
        Row("post", data=data, own=own, foreign=foreign, unknown=NOWHERE, may=_writes(status)),
    )


ABOUT = {"name": "Querying Data with SQL", "achievement_type": "Badge", "language": "en"}

MATRIX = {
    "achievements:issuer": Row(own=fernhill, unknown={"slug": "nowhere"}, may=EVERYONE, public=True),
    "achievements:achievement": Row(own=public, unknown={"ref": NO_REF}, may=EVERYONE, public=True),
    "achievements:badge-svg": Row(own=public, unknown={"ref": NO_REF}, may=EVERYONE, public=True),
    "achievements:badge-png": Row(own=public, unknown={"ref": NO_REF}, may=EVERYONE, public=True),
    **{
        f"achievements:{name}": Row(
            own=version, unknown={"ref": NO_REF, "version": 1}, may=EVERYONE, public=True
        )
        for name in ("version", "version-json", "version-badge-svg", "version-badge-png")
    },
    "achievements:programmes": Row(own=fernhill, foreign=north_quay, unknown={"slug": "nowhere"}, may=STAFF),
    "achievements:start": (
        Row(own=fernhill, foreign=north_quay, unknown={"slug": "nowhere"}, may=EDITORS),
        Row(
            "post",
            data={"name": "Food Hygiene", "language": "en", "field": "food"},
            own=fernhill,
            foreign=north_quay,
            unknown={"slug": "nowhere"},
            may=_writes(302),
        ),
    ),
    "achievements:programme": Row(own=own, foreign=foreign, unknown=NOWHERE, may=STAFF),
    "achievements:programme-badge": Row(own=own, foreign=foreign, unknown=NOWHERE, may=STAFF),
    "achievements:about": _editing(ABOUT, 302),
    "achievements:rubric": _editing({"level-0-name": "Only one", "criterion-0-name": "Joins tables"}, 422),
    "achievements:hand-in": _editing({"assessors_needed": "2", "task-0-name": "Queries"}, 302),
    "achievements:badge": _editing({"field": "data", "level": "2", "kind": "credential", "hue": "999"}, 422),
    "achievements:badge-preview": Row(
        data={"field": "data", "level": "2", "kind": "credential"},
        own=own,
        foreign=foreign,
        unknown=NOWHERE,
        may=EDITORS,
    ),
    "achievements:badge-upload": Row("post", own=own, foreign=foreign, unknown=NOWHERE, may=_writes(422)),
    "achievements:skills": _editing({"tags": "databases"}, 302),
    "achievements:facts": _editing({"workload_hours": "-1"}, 422),
    "achievements:publish": _editing({}, 422),
    "achievements:new-version": Row(
        "post", own=published, foreign=foreign, unknown=NOWHERE, may=_writes(302)
    ),
    "achievements:discard": Row("post", own=renewed, foreign=foreign, unknown=NOWHERE, may=_writes(302)),
    "achievements:archive": Row("post", own=own, foreign=foreign, unknown=NOWHERE, may=_writes(302)),
    "achievements:unarchive": Row("post", own=own, foreign=foreign, unknown=NOWHERE, may=_writes(302)),
}
