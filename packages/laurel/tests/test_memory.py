# SPDX-License-Identifier: Apache-2.0
"""What a service remembers keeps others from taking it back in time, or into other hands."""

from datetime import UTC, datetime, timedelta

import pytest
from holder_world import CHALLENGE, DOMAIN, Learner
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import REVOCATIONS

from laurel import verify
from laurel.did import web
from laurel.proof.keys import SigningKey
from laurel.verify.memory import Memory
from laurel.verify.report import Report, Result, Verdict


def judge(college: IssuerWorld, data: bytes, memory: Memory | None = None) -> Report:
    presented = verify.read(data)
    found: dict[str, verify.Material] = {}
    for _ in range(4):
        for url in verify.needs(presented, found, at=NOW):
            found[url] = college.fetch(url)
    return verify.verify(presented, found, at=NOW, memory=memory)


def test_the_same_again_changes_nothing() -> None:
    college = IssuerWorld()
    first = judge(college, college.issue())

    again = judge(college, college.issue(), first.memory)

    assert first.verdict is again.verdict is Verdict.GENUINE
    assert first.memory.lists[REVOCATIONS] == ISSUED_AT
    assert first.memory.keys == {college.did: frozenset({college.key.public.to_multikey()})}
    assert first.memory + again.memory == first.memory


def test_an_older_list_is_refused() -> None:
    college = IssuerWorld()
    credential = college.issue()
    yesterdays = dict(college.documents)
    college.set_status(valid_from=ISSUED_AT + timedelta(days=1))
    memory = judge(college, credential).memory

    college.documents = yesterdays
    report = judge(college, credential, memory)

    assert judge(college, credential).verdict is Verdict.GENUINE  # without a memory nobody can tell
    assert (report["status"].result, report["status"].code) == (Result.NOT_CHECKED, "status.rolled-back")
    assert report.verdict is Verdict.UNFINISHED


def test_keys_that_changed_hands_are_never_silently_valid() -> None:
    college = IssuerWorld()
    memory = judge(college, college.issue()).memory
    taken_over = IssuerWorld(key=SigningKey.generate())

    report = judge(taken_over, taken_over.issue(), memory)

    assert (report["issuer"].result, report["issuer"].code) == (Result.LOOK_CLOSER, "issuer.new-key")
    assert report["status"].code == "status.new-key"
    assert report.verdict is Verdict.UNFINISHED
    # Whoever has asked the issuer adds the new key.
    assert judge(
        taken_over, taken_over.issue(), memory + judge(taken_over, taken_over.issue()).memory
    ).verdict is (Verdict.GENUINE)


@pytest.mark.parametrize("kind", ["rotated", "compromised"])
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_an_old_key_holds_for_what_it_signed_in_its_time(kind: str, days: int) -> None:
    """A key that was rotated away keeps its word; one that was stolen has none, whatever date it writes."""
    college = IssuerWorld()
    college.documents.clear()
    end = (ISSUED_AT - timedelta(days=days)).isoformat()
    document = web.document(college.did, [college.key.public])
    (method,) = document["verificationMethod"]  # type: ignore[misc]  # one key
    method |= {"expires" if kind == "rotated" else "revoked": end}  # type: ignore[operator]  # an object
    college.publish(college.did_url, document)
    credential = college.issue(credentialStatus=None)

    issuer = judge(college, credential)["issuer"]

    if kind == "compromised":
        assert issuer.code == "issuer.key-revoked"
    else:
        assert issuer.code == ("issuer.ok" if days < 0 else "issuer.key-expired")


def test_a_check_that_fetches_remembers_too() -> None:
    college, taken_over = IssuerWorld(), IssuerWorld(key=SigningKey.generate())
    first = verify.check(college.issue(), fetch=college.fetch, at=NOW)

    again = verify.check(college.issue(), fetch=college.fetch, at=NOW, memory=first.memory)
    report = verify.check(taken_over.issue(), fetch=taken_over.fetch, at=NOW, memory=first.memory)

    assert again.verdict is Verdict.GENUINE
    assert (report.verdict, report["issuer"].code) == (Verdict.UNFINISHED, "issuer.new-key")


def test_a_presentation_is_held_against_what_was_seen_before() -> None:
    college, taken_over = IssuerWorld(), IssuerWorld(key=SigningKey.generate())
    memory = verify.check(college.issue(), fetch=college.fetch, at=NOW).memory
    codes = []
    for world in (college, taken_over):
        learner = Learner(college=world)
        shown = verify.check_presentation(
            learner.shows(learner.badge()),
            fetch=world.fetch,
            at=NOW,
            challenge=CHALLENGE,
            domain=DOMAIN,
            memory=memory,
        )
        codes.append(shown.credentials[0]["issuer"].code)

    assert codes == ["issuer.ok", "issuer.new-key"]


def test_memories_add_up() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    one = Memory({"a": late, "b": early}, {"x": frozenset({"1"})})
    two = Memory({"a": early}, {"x": frozenset({"2"}), "y": frozenset({"3"})})

    both = one + two

    assert both.lists == {"a": late, "b": early}
    assert both.keys == {"x": frozenset({"1", "2"}), "y": frozenset({"3"})}
    assert both.knows("x", "2")
    assert both.knows("never seen", "9")
    assert not both.knows("y", "1")
