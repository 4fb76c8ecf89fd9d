# SPDX-License-Identifier: Apache-2.0
"""What can be earned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from laurel.model.alignment import Alignment
from laurel.model.json_value import JsonValue
from laurel.model.profile import IdentifierEntry, Image, Profile
from laurel.model.result import ResultDescription


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What must be done to earn the achievement: a page (`id`), a text in Markdown (`narrative`), or both.

    Spec: OB 3.0 #criteria
    """

    id: str | None = None
    narrative: str | None = None
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """The same achievement in another language or version.

    Spec: OB 3.0 #related
    """

    id: str
    in_language: str | None = None
    version: str | None = None
    types: tuple[str, ...] = ("Related",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """What can be earned, with its criteria and the scales it is marked on.

    `achievement_type` is a word of the OB 3.0 list, or starts with "ext:". `credits_available` is in the
    issuer's own unit, most often ECTS.

    Spec: OB 3.0 #achievement
    """

    id: str
    name: str
    description: str
    criteria: Criteria
    achievement_type: str | None = None
    alignments: tuple[Alignment, ...] = ()
    creator: Profile | None = None
    credits_available: Decimal | None = None
    field_of_study: str | None = None
    human_code: str | None = None
    image: Image | None = None
    in_language: str | None = None
    other_identifiers: tuple[IdentifierEntry, ...] = ()
    related: tuple[Related, ...] = ()
    result_descriptions: tuple[ResultDescription, ...] = ()
    specialization: str | None = None
    tags: tuple[str, ...] = ()
    version: str | None = None
    types: tuple[str, ...] = ("Achievement",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)
