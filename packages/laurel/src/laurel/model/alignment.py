# SPDX-License-Identifier: Apache-2.0
"""What an achievement, a scale or a result corresponds to in somebody's framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from laurel.model.json_value import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A link to a node of a framework, such as an ESCO skill or an EQF level.

    Spec: OB 3.0 #alignment
    """

    target_name: str
    target_url: str
    target_code: str | None = None
    target_description: str | None = None
    target_framework: str | None = None
    target_type: str | None = None
    types: tuple[str, ...] = ("Alignment",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)
