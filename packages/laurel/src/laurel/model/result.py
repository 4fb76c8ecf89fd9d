# SPDX-License-Identifier: Apache-2.0
"""What a learner scored, and the scale it is scored on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from laurel.model.alignment import Alignment
from laurel.model.json_value import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricCriterionLevel:
    """One rung of a rubric criterion.

    Spec: OB 3.0 #rubriccriterionlevel
    """

    id: str
    name: str
    description: str | None = None
    level: str | None = None
    points: str | None = None
    alignments: tuple[Alignment, ...] = ()
    types: tuple[str, ...] = ("RubricCriterionLevel",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDescription:
    """The scale behind a score: rubric rungs or allowed values, low to high, and the one that passes.

    Spec: OB 3.0 #resultdescription
    """

    id: str
    name: str
    result_type: str
    rubric_criterion_levels: tuple[RubricCriterionLevel, ...] = ()
    required_level: str | None = None
    allowed_values: tuple[str, ...] = ()
    required_value: str | None = None
    value_min: str | None = None
    value_max: str | None = None
    alignments: tuple[Alignment, ...] = ()
    types: tuple[str, ...] = ("ResultDescription",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)

    def is_met_by(self, result: "Result") -> bool:
        """Tell whether a result stands on the required rung or a higher one."""
        rungs = [level.id for level in self.rubric_criterion_levels]
        if result.result_description != self.id or result.achieved_level not in rungs:
            return False
        # Without a required level any rung counts: the issuer asserts, and does not grade.
        floor = rungs.index(self.required_level) if self.required_level in rungs else 0
        return rungs.index(result.achieved_level) >= floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was scored on one scale.

    `result_description` is the id of the scale, `achieved_level` the id of one of its rungs.

    Spec: OB 3.0 #result
    """

    result_description: str | None = None
    achieved_level: str | None = None
    value: str | None = None
    status: str | None = None
    alignments: tuple[Alignment, ...] = ()
    types: tuple[str, ...] = ("Result",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)
