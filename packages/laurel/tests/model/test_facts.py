# SPDX-License-Identifier: Apache-2.0
"""Facts do not change, do not give a learner away, and know what a required level means."""

from copy import deepcopy
from dataclasses import FrozenInstanceError, replace

import pytest
import samples

from laurel import model
from laurel.model.credential import IdentityObject
from laurel.model.result import Result


class TestResultDescription:
    def test_is_met_on_the_required_rung_and_above(self) -> None:
        scale = samples.FINDING_FAULTS
        rungs = [rung.id for rung in scale.rubric_criterion_levels]

        met = [scale.is_met_by(Result(result_description=scale.id, achieved_level=rung)) for rung in rungs]

        assert met == [False, True, True]

    def test_is_not_met_by_a_result_on_another_scale(self) -> None:
        result = samples.AMARA.results[1]

        assert samples.TELLING_WHY.is_met_by(result)
        assert not samples.FINDING_FAULTS.is_met_by(result)
        assert not samples.FINDING_FAULTS.is_met_by(
            replace(result, result_description=samples.FINDING_FAULTS.id)
        )

    def test_is_met_by_any_rung_when_none_is_required(self) -> None:
        scale = replace(samples.FINDING_FAULTS, required_level=None)
        lowest = scale.rubric_criterion_levels[0].id

        assert scale.is_met_by(Result(result_description=scale.id, achieved_level=lowest))

    def test_is_not_met_by_a_value_alone(self) -> None:
        assert not samples.OVERALL.is_met_by(samples.AMARA.results[2])


class TestFacts:
    def test_never_change(self) -> None:
        with pytest.raises(FrozenInstanceError):
            samples.GOLDEN.name = "Something else"

    def test_show_nobody_s_name_in_a_log(self) -> None:
        told = repr(replace(samples.GOLDEN, description="A course."))

        for private in ("Amara", "Sade", samples.LEARNER_DID, "Cleaning air-quality", "credentials@"):
            assert private not in told
        assert "amara@" not in repr(
            IdentityObject(identity_hash="amara@fernhill.example", identity_type="emailAddress", hashed=False)
        )

    def test_can_be_copied_and_hashed(self) -> None:
        assert deepcopy(samples.GOLDEN) == samples.GOLDEN
        assert hash(samples.GOLDEN) == hash(deepcopy(samples.GOLDEN))


class TestPackage:
    def test_gives_every_fact_that_it_promises(self) -> None:
        for name in model.__all__:
            assert getattr(model, name).__module__.startswith("laurel.model.")

    def test_gives_nothing_else(self) -> None:
        with pytest.raises(AttributeError, match=r"'laurel\.model' has no attribute 'Diploma'"):
            model.Diploma  # type: ignore[attr-defined]
