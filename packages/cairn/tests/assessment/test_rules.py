# SPDX-License-Identifier: Apache-2.0
"""Decisions on marks: complete, agreed, passed; for every rubric, not only for the one of the cast."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.achievements.facts import Criterion, Level
from cairn.assessment.errors import (
    AlreadyHandedIn,
    Incomplete,
    NoNewAttempt,
    NotMarkable,
    OwnProposal,
    OwnWork,
    ProposalChanged,
    TooManyStarted,
    UnknownLevel,
)
from cairn.assessment.facts import Mark, ProposedLevel, State
from cairn.assessment.rules import marking, submissions

NAMES = ("Emerging", "Developing", "Proficient", "Exemplary")


def criterion(number: int, levels: int = 4, required: int | None = 3) -> Criterion:
    """Return a criterion; `required` is 1-based."""
    return Criterion(
        id=f"c{number}",
        name=f"Criterion {number}",
        levels=tuple(Level(id=f"c{number}-l{n}", name=NAMES[n % 4]) for n in range(1, levels + 1)),
        required_level=f"c{number}-l{required}" if required else None,
    )


@st.composite
def rubrics(draw):
    """Draw a rubric of one to six criteria with one to six levels each, some without a required level."""
    made = []
    for number in range(draw(st.integers(1, 6))):
        levels = draw(st.integers(1, 6))
        made.append(criterion(number, levels, draw(st.none() | st.integers(1, levels))))
    return tuple(made)


@st.composite
def markings(draw, rubric):
    """Draw one finished marking of a rubric."""
    return {
        one.id: Mark(
            criterion_id=one.id,
            level_id=draw(st.sampled_from(one.levels)).id,
            comment=draw(st.sampled_from(["", "Seen in section 3.", "Tests run."])),
        )
        for one in rubric
    }


@st.composite
def marked(draw, assessors=2):
    """Draw a rubric with finished markings."""
    rubric = draw(rubrics())
    return rubric, [draw(markings(rubric)) for _ in range(assessors)]


class TestPassing:
    @given(marked(assessors=1))
    def test_takes_every_criterion_at_its_required_level_or_above(self, drawn):
        rubric, [marks] = drawn

        results = marking.agreed(rubric, [marks])

        by_hand = all(
            [level.id for level in one.levels].index(marks[one.id].level_id)
            >= ([level.id for level in one.levels].index(one.required_level) if one.required_level else 0)
            for one in rubric
        )
        assert marking.is_passed(results) == by_hand

    @given(marked(assessors=1), st.data())
    def test_is_never_lost_by_a_higher_level(self, drawn, data):
        rubric, [marks] = drawn
        raised = data.draw(st.sampled_from(rubric))
        top = Mark(criterion_id=raised.id, level_id=raised.levels[-1].id)

        before = marking.is_passed(marking.agreed(rubric, [marks]))
        after = marking.is_passed(marking.agreed(rubric, [{**marks, raised.id: top}]))

        assert after or not before

    def test_is_not_given_for_nothing(self):
        assert not marking.is_passed(())

    @pytest.mark.parametrize(("level", "passes"), [(1, False), (2, False), (3, True), (4, True)])
    def test_turns_at_the_required_level(self, level, passes):
        result = marking.as_result(criterion(1), f"c1-l{level}", "")

        assert marking.is_passed([result]) is passes
        assert (result.position, result.out_of) == (level, 4)

    def test_takes_no_level_that_the_criterion_does_not_have(self):
        with pytest.raises(ValueError, match="no level"):
            marking.as_result(criterion(1), "c2-l4", "")
        assert not marking.is_met(criterion(1, required=None), "c2-l4")


class TestDiffering:
    @given(marked())
    def test_does_not_depend_on_who_marked_first(self, drawn):
        rubric, [one, other] = drawn

        assert marking.differing(rubric, [one, other]) == marking.differing(rubric, [other, one])

    @given(marked(assessors=1))
    def test_finds_nothing_between_equal_marks(self, drawn):
        rubric, [one] = drawn

        assert marking.differing(rubric, [one, one]) == ()

    @given(marked())
    def test_settled_by_a_proposal_leaves_one_result_for_each_criterion(self, drawn):
        rubric, both = drawn
        proposed = {
            one.id: ProposedLevel(criterion_id=one.id, level_id=one.levels[0].id, reason="Read again.")
            for one in marking.differing(rubric, both)
        }

        results = marking.agreed(rubric, both, proposed)

        assert [result.criterion for result in results] == list(rubric)
        for result in results:
            expected = proposed.get(result.criterion.id)
            assert result.level_id == (
                expected.level_id if expected else both[0][result.criterion.id].level_id
            )

    @given(marked())
    def test_is_never_passed_over(self, drawn):
        rubric, both = drawn

        if marking.differing(rubric, both):
            with pytest.raises(ValueError, match="nothing is agreed"):
                marking.agreed(rubric, both)
        else:
            marking.agreed(rubric, both)

    def test_says_the_same_comment_once(self):
        rubric = (criterion(1),)
        mark = Mark(criterion_id="c1", level_id="c1-l3", comment="Tests run. ")

        [result] = marking.agreed(rubric, [{"c1": mark}, {"c1": mark}])

        assert result.comment == "Tests run."


class TestFinishing:
    def gaps(self, *marks):
        with pytest.raises(Incomplete) as refusal:
            marking.require_finished(
                (criterion(1), criterion(2)), {mark.criterion_id: mark for mark in marks}
            )
        return [(fault.code.removeprefix("assessment."), fault.field) for fault in refusal.value.faults]

    def test_needs_a_level_for_every_criterion(self):
        assert self.gaps() == [("no-level", "c1"), ("no-level", "c2")]

    def test_needs_a_comment_where_a_level_is_below_what_is_needed(self):
        low = Mark(criterion_id="c1", level_id="c1-l2", comment=" \n")
        fine = Mark(criterion_id="c2", level_id="c2-l3", comment="Runs.")

        assert self.gaps(low, fine) == [("no-comment", "c1")]

    def test_needs_one_comment_at_least(self):
        one, other = (Mark(criterion_id=f"c{n}", level_id=f"c{n}-l4") for n in (1, 2))

        assert self.gaps(one, other) == [("no-comments", "")]

    def test_is_done_with_four_choices_and_one_comment(self):
        rubric = tuple(criterion(n) for n in range(1, 5))
        marks = {one.id: Mark(criterion_id=one.id, level_id=one.levels[2].id) for one in rubric}
        marks["c1"] = Mark(criterion_id="c1", level_id="c1-l4", comment="Spotted the clock change.")

        marking.require_finished(rubric, marks)

    def test_takes_marks_of_this_rubric_only(self):
        rubric = (criterion(1),)

        marking.require_known(rubric, [Mark(criterion_id="c1"), Mark(criterion_id="c1", level_id="c1-l1")])
        for wrong in (Mark(criterion_id="c9"), Mark(criterion_id="c1", level_id="c9-l1")):
            with pytest.raises(UnknownLevel):
                marking.require_known(rubric, [wrong])


class TestProposing:
    def test_is_complete_with_a_level_and_a_reason_for_each_difference(self):
        rubric = (criterion(1), criterion(2))
        both = [
            {
                "c1": Mark(criterion_id="c1", level_id="c1-l2"),
                "c2": Mark(criterion_id="c2", level_id="c2-l3"),
            },
            {
                "c1": Mark(criterion_id="c1", level_id="c1-l3"),
                "c2": Mark(criterion_id="c2", level_id="c2-l3"),
            },
        ]
        whole = ProposedLevel(criterion_id="c1", level_id="c1-l3", reason="Read again.")

        marking.require_proposal(rubric, both, {"c1": whole})
        with pytest.raises(Incomplete):
            marking.require_proposal(rubric, both, {})

    def test_is_confirmed_by_somebody_else_who_read_the_newest(self):
        tomas, ingrid = uuid4(), uuid4()

        marking.require_confirmable(newest=2, number=2, proposed_by=tomas, by=ingrid)
        with pytest.raises(ProposalChanged):
            marking.require_confirmable(newest=2, number=1, proposed_by=tomas, by=ingrid)
        with pytest.raises(ProposalChanged):
            marking.require_confirmable(newest=0, number=0, proposed_by=None, by=ingrid)
        with pytest.raises(OwnProposal):
            marking.require_confirmable(newest=2, number=2, proposed_by=tomas, by=tomas)


class TestStates:
    @pytest.mark.parametrize("state", State)
    def test_allow_one_deed_each(self, state):
        allowed = {
            submissions.require_draft: {State.DRAFT},
            submissions.require_new_attempt: {State.NOT_YET},
            marking.require_markable: {State.BEING_MARKED},
            marking.require_differing: {State.MARKS_DIFFER},
        }
        for require, states in allowed.items():
            if state in states:
                require(state)
            else:
                with pytest.raises((AlreadyHandedIn, NoNewAttempt, NotMarkable)):
                    require(state)

    def test_are_decided_at_the_end_only(self):
        assert {state for state in State if state.is_decided} == {State.PASSED, State.NOT_YET}


class TestTaking:
    def test_never_lets_learners_mark_their_own_work(self):
        one = uuid4()

        submissions.require_not_the_learner(one, uuid4())
        with pytest.raises(OwnWork):
            submissions.require_not_the_learner(one, one)

    def test_stops_at_five_unfinished_pieces(self):
        marking.require_room_for_one_more(4)
        with pytest.raises(TooManyStarted, match="Finish one"):
            marking.require_room_for_one_more(5)
