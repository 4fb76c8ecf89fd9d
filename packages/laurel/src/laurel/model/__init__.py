# SPDX-License-Identifier: Apache-2.0
"""Frozen facts: what an Open Badges 3.0 credential says, in Python's spelling."""

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
