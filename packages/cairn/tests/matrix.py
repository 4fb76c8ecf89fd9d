# SPDX-License-Identifier: Apache-2.0
"""How a room says who may reach its addresses. `test_matrix.py` tries every row as everyone.

Each room has `tests/<room>/matrix.py` with one name, `MATRIX`, that maps **every** URL name of the room to
one row, or to a tuple of rows where an address takes several methods:

    from matrix import EVERYONE, SIGNED_IN, STAFF, Row

    def own() -> dict[str, object]:          # makes an object of Fernhill College (and, where it belongs
        ...                                  # to a learner, of Amara); returns the kwargs of the URL
        return {"slug": "fernhill", "programme_id": programme.id}

    def foreign() -> dict[str, object]:      # the same at North Quay Institute, of a learner there
        ...

    UNKNOWN = {"slug": "fernhill", "programme_id": UUID(int=1)}

    MATRIX = {
        "achievements:programme": (
            Row(own=own, foreign=foreign, unknown=UNKNOWN, may={**STAFF, "assessor": 403}),
            Row("post", data={"name": ""}, own=own, foreign=foreign, unknown=UNKNOWN,
                may={"admin": 422, "editor": 422, "issuer": 403, "assessor": 403}),
        ),
        "verification:check": Row(may=EVERYONE),
        "wallet:home": Row(may=SIGNED_IN),
    }

`may` gives the status that each role gets for the *own* object. A role that is left out gets 302 to the
sign-in page when it is `anonymous`, and 404 otherwise: foreign and unknown look the same. Roles:

    anonymous      nobody is signed in
    learner        Amara: a learner at Fernhill, the owner of what `own` makes
    other-learner  another learner at Fernhill, who owns nothing
    assessor · editor · issuer · admin    each holds this one role at Fernhill
    foreign-admin  holds every staff role at North Quay; for them `own` is what is foreign
    superuser      runs the platform through Django's admin; holds no role anywhere

For the *foreign* and the *unknown* object each role of Fernhill must get 404 (`anonymous`: 302, or 404 too on
a page with `public=True`; a role that gets 403 for its own object may get 403), and the two pages must be
equal byte for byte, apart from their own address and CSRF tokens. Where an address names an organization and
an object, put the foreign object under Fernhill's slug, and the unknown one too: that is how it is tried. Leave `foreign` and `unknown` out where an address names no object (`/me/`). On a public page
that shows everyone everybody's object leave `foreign` out and give `unknown` with `public=True`.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

ROLES = (
    "anonymous",
    "learner",
    "other-learner",
    "assessor",
    "editor",
    "issuer",
    "admin",
    "foreign-admin",
    "superuser",
)
#: A public page.
EVERYONE: dict[str, int] = dict.fromkeys(ROLES, 200)
#: A page of one's own that every signed-in person has.
SIGNED_IN: dict[str, int] = {role: 200 for role in ROLES if role != "anonymous"}
#: A page of an organization's staff.
STAFF: dict[str, int] = dict.fromkeys(("assessor", "editor", "issuer", "admin"), 200)

Kwargs = Mapping[str, object]


def everyone(status: int) -> dict[str, int]:
    """Return one status for every role, a visitor too."""
    return dict.fromkeys(ROLES, status)


def signed_in(status: int) -> dict[str, int]:
    """Return one status for every signed-in role."""
    return {role: status for role in ROLES if role != "anonymous"}


@dataclass(frozen=True, slots=True)
class Row:
    """One address and method, and what everyone gets there: see the head of this file."""

    method: str = "get"
    _: KW_ONLY
    may: Mapping[str, int]
    data: Mapping[str, Any] = field(default_factory=dict)
    own: Callable[[], Kwargs] = dict
    foreign: Callable[[], Kwargs] | None = None
    unknown: Kwargs | None = None
    public: bool = False

    def expected(self, role: str) -> int:
        """Return the status for the own object."""
        return self.may.get(role, 302 if role == "anonymous" and not self.public else 404)

    def elsewhere(self, role: str) -> set[int]:
        """Return the statuses that a foreign and an unknown object may have; both have the same one."""
        if role == "anonymous" and not self.public:
            return {302}
        return {403, 404} if self.may.get(role) == 403 else {404}
