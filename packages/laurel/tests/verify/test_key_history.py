# SPDX-License-Identifier: Apache-2.0
"""Keys begin, retire and are stolen. What they signed is judged by what is known of them now.

did:web says when a key ended and never when it began; the log of a did:webvh proves both.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from issuer_identities import NOW, Web, signed
from webvh_logs import START, WebvhLog, key

from laurel import did, verify
from laurel.did import web
from laurel.proof.keys import SigningKey
from laurel.verify.memory import Memory
from laurel.verify.report import Report, Result, Verdict

DID = "did:web:alder.example"
#: The old key was used from MADE to ENDED, the new one ever since.
MADE, ENDED = START + timedelta(days=30), START + timedelta(days=120)
WHEN = {
    "before": MADE - timedelta(days=10),
    "inside": MADE + timedelta(days=30),
    "after": ENDED + timedelta(days=10),
}


def by_web(end: str) -> tuple[Web, str, SigningKey]:
    """A did:web whose old key retired or was stolen; its name, and that key."""
    old, new = (SigningKey.generate().with_id(f"{DID}#key-{number}") for number in (1, 2))
    hosts = Web()
    ended = {str(old.id): ENDED}
    document = web.document(
        DID, [new.public, old.public], **{"retired" if end == "rotated" else "revoked": ended}
    )
    hosts.publish(web.url(DID), document)
    return hosts, DID, old


def by_log(end: str) -> tuple[Web, str, SigningKey]:
    """The same in a did:webvh."""

    def stolen(state: dict[str, Any]) -> dict[str, Any]:
        for method in state["verificationMethod"]:
            if method["id"].endswith("#old"):
                method["revoked"] = ENDED.isoformat().replace("+00:00", "Z")
        return state

    log = WebvhLog("alder.example").add({"first": 10}, at=START).add({"old": 11}, at=MADE)
    if end == "rotated":
        log.add({"new": 12}, at=ENDED)
    else:
        log.add({"new": 12, "old": 11}, at=ENDED, state=stolen)
    hosts = Web()
    hosts.publish("https://alder.example/.well-known/did.jsonl", log.data)
    return hosts, log.did, key(11).with_id(f"{log.did}#old")


def judged(
    world: tuple[Web, str, SigningKey], created: datetime, form: str, *, at: datetime = NOW, **more: Any
) -> Report:
    hosts, issuer, signer = world
    data = signed(issuer, signer, form, created=created)
    return verify.check(data, fetch=hosts, at=at, seen_at=NOW, **more)


#: What comes of a signature, by what the issuer is, what became of the key and when it says it was made.
#: Only the log tells when a key began. `changed`: the document of that time does not hold the key.
MATRIX = {
    ("web", "rotated", "before"): (Verdict.GENUINE, "issuer.ok"),
    ("web", "rotated", "inside"): (Verdict.GENUINE, "issuer.ok"),
    ("web", "rotated", "after"): (Verdict.UNKNOWN_ISSUER, "issuer.key-expired"),
    ("web", "compromised", "before"): (Verdict.UNKNOWN_ISSUER, "issuer.key-revoked"),
    ("web", "compromised", "inside"): (Verdict.UNKNOWN_ISSUER, "issuer.key-revoked"),
    ("web", "compromised", "after"): (Verdict.UNKNOWN_ISSUER, "issuer.key-revoked"),
    ("webvh", "rotated", "before"): (Verdict.CHANGED, "issuer.key-not-listed"),
    ("webvh", "rotated", "inside"): (Verdict.GENUINE, "issuer.ok"),
    ("webvh", "rotated", "after"): (Verdict.CHANGED, "issuer.key-not-listed"),
    ("webvh", "compromised", "before"): (Verdict.CHANGED, "issuer.key-not-listed"),
    ("webvh", "compromised", "inside"): (Verdict.UNKNOWN_ISSUER, "issuer.key-revoked"),
    ("webvh", "compromised", "after"): (Verdict.UNKNOWN_ISSUER, "issuer.key-revoked"),
}


@pytest.mark.parametrize("form", ["jcs", "jwt"])
@pytest.mark.parametrize(("method", "end", "when"), MATRIX)
def test_a_key_holds_for_its_time_and_a_stolen_one_for_none(
    method: str, end: str, when: str, form: str
) -> None:
    world = by_web(end) if method == "web" else by_log(end)

    report = judged(world, WHEN[when], form)

    assert (report.verdict, report["issuer"].code) == MATRIX[method, end, when]


@pytest.mark.parametrize("form", ["jcs", "jwt"])
@pytest.mark.parametrize("at", [ENDED - timedelta(days=1), ENDED, ENDED + timedelta(days=1), NOW])
@pytest.mark.parametrize("method", ["web", "webvh"])
def test_no_past_moment_brings_a_stolen_key_back(method: str, at: datetime, form: str) -> None:
    """Who stole it can date what they sign as they like, so an older calendar changes nothing."""
    world = by_web("compromised") if method == "web" else by_log("compromised")

    assert judged(world, WHEN["inside"], form, at=at)["issuer"].code == "issuer.key-revoked"


@pytest.mark.parametrize("method", ["web", "webvh"])
def test_a_past_moment_still_sees_what_a_retired_key_signed(method: str) -> None:
    """The log has entries newer than that moment, and it is no forgery for that."""
    world = by_web("rotated") if method == "web" else by_log("rotated")
    report = judged(world, WHEN["inside"], "jwt", at=ENDED - timedelta(days=1))

    assert (report.verdict, report["issuer"].code) == (Verdict.GENUINE, "issuer.ok")


def test_a_revocation_that_is_announced_holds_from_its_day() -> None:
    key_ = SigningKey.generate().with_id(f"{DID}#key-1")
    later = NOW + timedelta(days=30)
    hosts = Web()
    hosts.publish(web.url(DID), web.document(DID, [key_.public], revoked={str(key_.id): later}))
    document = web.document(DID, [key_.public])
    document["verificationMethod"][0]["revoked"] = later.isoformat()  # type: ignore[index,call-overload]
    announced = Web()
    announced.publish(web.url(DID), document)

    assert judged((announced, DID, key_), WHEN["inside"], "jcs")["issuer"].result is Result.PASSED
    future = judged((announced, DID, key_), WHEN["inside"], "jcs", at=later)
    assert future["issuer"].code == "issuer.key-revoked"
    # laurel's own document lists it for no purpose, so nobody takes it from the start.
    assert judged((hosts, DID, key_), WHEN["inside"], "jcs")["issuer"].code == "issuer.key-purpose"


def test_without_a_date_of_signing_a_retired_key_says_nothing() -> None:
    """Nobody knows then whether it was still in use; a past moment to judge by does not make it so."""
    _, _, old = by_web("rotated")
    document = web.document(DID, [old.public], retired={str(old.id): ENDED})

    report = judged(by_web("rotated"), WHEN["inside"], "vc+jwt", at=WHEN["inside"])
    assert report["issuer"].code == "issuer.key-expired"
    for moment in (ENDED, NOW):
        with pytest.raises(did.KeyNotFound) as caught:
            did.key_for(document, str(old.id), at=moment)
        assert caught.value.code == "issuer.key-expired"
    assert did.key_for(document, str(old.id), at=ENDED - timedelta(seconds=1)) == old.public


def test_whoever_remembers_notices_a_key_from_before_its_time() -> None:
    """did:web cannot say when a key began; a memory of the keys that were used can."""
    hosts, issuer, old = by_web("rotated")
    new = old.with_id(f"{DID}#key-2")
    known = Memory(keys={issuer: frozenset({SigningKey.generate().public.to_multikey()})})
    presented = verify.read(signed(issuer, old, created=WHEN["before"]))
    found = {web.url(DID): hosts.documents[web.url(DID)]}

    report = verify.verify(presented, found, at=NOW, memory=known)

    assert (report["issuer"].result, report["issuer"].code) == (Result.LOOK_CLOSER, "issuer.new-key")
    assert report.verdict is Verdict.UNFINISHED
    assert new.public.material == old.public.material


class TestDocument:
    """The document that laurel writes for a did:web."""

    OLD, NEW = (SigningKey.generate().public.with_id(f"{DID}#key-{number}") for number in (1, 2))

    def test_says_when_each_key_ended(self) -> None:
        document: Any = web.document(DID, [self.NEW, self.OLD], retired={str(self.OLD.id): ENDED})
        new, old = document["verificationMethod"]

        assert old["expires"] == "2026-05-01T00:00:00Z"
        assert "expires" not in new
        assert document["assertionMethod"] == [self.NEW.id, self.OLD.id]

    def test_lists_a_stolen_key_for_no_purpose(self) -> None:
        document: Any = web.document(DID, [self.NEW, self.OLD], revoked={str(self.OLD.id): ENDED})
        _, old = document["verificationMethod"]

        assert old["revoked"] == "2026-05-01T00:00:00Z"
        assert document["assertionMethod"] == document["authentication"] == [self.NEW.id]

    @pytest.mark.parametrize("word", ["retired", "revoked"])
    def test_ends_no_key_that_it_does_not_hold(self, word: str) -> None:
        with pytest.raises(ValueError, match="has an end"):
            web.document(DID, [self.NEW], **{word: {str(self.OLD.id): ENDED}})

    def test_needs_a_zone(self) -> None:
        naive = datetime(2026, 5, 1, tzinfo=UTC).replace(tzinfo=None)
        with pytest.raises(ValueError, match="zone"):
            web.document(DID, [self.NEW], retired={str(self.NEW.id): naive})
