# SPDX-License-Identifier: Apache-2.0
"""Frozen facts: what an Open Badges 3.0 credential says, in Python's spelling.

Each is loaded when it is first asked for: whoever checks plain badges, or issues from JSON, needs none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from laurel.model.achievement import Achievement, Criteria, Related
    from laurel.model.alignment import Alignment
    from laurel.model.credential import (
        AchievementSubject,
        CredentialSchema,
        IdentityObject,
        OpenBadgeCredential,
        StatusEntry,
    )
    from laurel.model.evidence import Evidence, RelatedResource
    from laurel.model.finding import Finding
    from laurel.model.profile import Address, GeoCoordinates, IdentifierEntry, Image, Profile
    from laurel.model.result import Result, ResultDescription, RubricCriterionLevel
else:
    _HOMES: Final = {
        "achievement": ("Achievement", "Criteria", "Related"),
        "alignment": ("Alignment",),
        "credential": (
            "AchievementSubject",
            "CredentialSchema",
            "IdentityObject",
            "OpenBadgeCredential",
            "StatusEntry",
        ),
        "evidence": ("Evidence", "RelatedResource"),
        "finding": ("Finding",),
        "profile": ("Address", "GeoCoordinates", "IdentifierEntry", "Image", "Profile"),
        "result": ("Result", "ResultDescription", "RubricCriterionLevel"),
    }

    def __getattr__(name: str) -> object:
        for home, names in _HOMES.items():
            if name in names:
                found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
                return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Achievement",
    "AchievementSubject",
    "Address",
    "Alignment",
    "CredentialSchema",
    "Criteria",
    "Evidence",
    "Finding",
    "GeoCoordinates",
    "IdentifierEntry",
    "IdentityObject",
    "Image",
    "OpenBadgeCredential",
    "Profile",
    "Related",
    "RelatedResource",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
    "StatusEntry",
]
