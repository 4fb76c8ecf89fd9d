# SPDX-License-Identifier: Apache-2.0
"""No changed credential is called genuine, unless what it then shows is what was signed: in every form, by chance.

Ten thousand changes, the same in every run. `./cairn fuzz` makes others.
"""

import json
import random
from collections import Counter
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signed_forms import NAMES, Form, form, forms

from laurel import tiers
from laurel.verify import Report

TOTAL: Final = 10_000
EACH: Final = TOTAL // len(NAMES)
#: Of so many changes one is also judged by the general path alone, and must get the same report.
SAMPLE: Final = 10


def judged(one: Form, chance: random.Random) -> tuple[bytes, Any]:
    """Change a file by chance and judge it."""
    data = one.change(one.data, chance)
    return data, one.judge(data)


def told(answer: Any) -> Any:
    """Everything that an answer says."""
    remembered = [check.remember for check in answer.checks] if isinstance(answer, Report) else []
    return answer, answer.as_json(), answer.exit_code, remembered


def test_there_are_ten_thousand_changes_of_every_form() -> None:
    assert tuple(one.name for one in forms()) == NAMES
    assert EACH * len(NAMES) == TOTAL


@pytest.mark.parametrize("name", NAMES)
class TestForms:
    def test_is_genuine_as_it_was_signed(self, name: str) -> None:
        one = form(name)
        for _ in range(3):  # the second time its frame is learned, the third it is known
            answer = one.judge(one.data)
            assert answer.verdict == "genuine"
            assert one.is_honest(answer)

    def test_shows_what_was_signed_or_is_not_genuine_whatever_is_changed(self, name: str) -> None:
        one = form(name)
        verdicts: Counter[str] = Counter()
        for number in range(EACH):
            data, answer = judged(one, random.Random(f"{name} {number}"))
            verdicts[answer.verdict] += 1
            if answer.verdict == "genuine":
                assert one.is_honest(answer), (number, data)
            if number % SAMPLE == 0:
                with tiers.only("general"):
                    assert told(answer) == told(one.judge(data)), (number, data)
        print(f"\n{name}: {dict(verdicts)}")
        assert sum(verdicts.values()) == EACH
        # Some changes are none: the order of keys, white space. Were there none, the test above would be idle.
        assert verdicts["genuine"] > 0
        assert EACH - verdicts["genuine"] > EACH / 2


def test_an_endorsement_that_is_spelled_otherwise_and_means_the_same_is_no_forgery() -> None:
    """Symptom: the fuzzer told of a type beside itself in an array as a forgery, where RDF was signed."""
    one = form("eddsa-rdfc-2022 with an endorsement")
    document = json.loads(one.data)
    endorsement = document["credentialSubject"]["achievement"]["endorsement"][0]
    endorsement["issuer"]["type"] = "Profile"

    answer = one.judge(json.dumps(document).encode())

    assert answer.verdict == "genuine"
    assert isinstance(answer, Report)
    assert answer.endorsements[0].holds
    assert one.is_honest(answer)


def test_an_endorsement_of_other_words_would_be_noticed() -> None:
    one = form("eddsa-rdfc-2022 with an endorsement")
    answer = one.judge(one.data)
    assert isinstance(answer, Report)
    (held,) = answer.endorsements
    other = replace(held.report, credential={**(held.report.credential or {}), "name": "In good standing!"})

    assert one.is_honest(answer)
    assert not one.is_honest(replace(answer, endorsements=(replace(held, report=other),)))


@st.composite
def changes(draw: st.DrawFn) -> tuple[Form, bytes]:
    """Changes as Hypothesis draws them, which makes them small when one is found that is taken."""
    one = draw(st.sampled_from(forms()))
    return one, one.change(one.data, draw(st.randoms(use_true_random=False)))


@given(changes())
@settings(max_examples=100)
def test_whatever_hypothesis_draws_shows_what_was_signed_or_is_not_genuine(made: tuple[Form, bytes]) -> None:
    one, data = made
    answer = one.judge(data)
    assert answer.verdict != "genuine" or one.is_honest(answer)
