# SPDX-License-Identifier: Apache-2.0
"""A name that looks like another's is pointed out, and an honest name of any script is not."""

import random
from typing import Any, Final

import pytest
from issuer_world import NOW, IssuerWorld
from samples import NAMES_FROM_ELSEWHERE, golden_document

from laurel import strictjson, tiers, verify
from laurel.did import key as did_key
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey
from laurel.verify import appearance
from laurel.verify.appearance import notes

SCHOOLS: Final = ("Fernhill College", "Rivermouth Institute", "Harbour Academy", "Oxford", "Open University")
LOOK_ALIKES: Final = {
    "e": "е",
    "o": "о",
    "a": "а",
    "c": "с",
    "p": "р",
    "i": "і",
    "x": "х",
    "v": "ν",
    "n": "ո",
}
DRESSED: Final = {letter: chr(0xFF41 + number) for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
HIDING: Final = "\u200b\u200d\u202e\u2060\u00ad\ufeff\u2066\U000e0041\u034f\u3164"


def confusable() -> list[str]:
    """Fifty names that look like those of schools."""
    chance = random.Random("look-alikes")
    made: set[str] = set()
    while len(made) < 50:
        school = chance.choice(SCHOOLS)
        kind = chance.randrange(3)
        table = (LOOK_ALIKES, DRESSED)[kind] if kind < 2 else {}
        place = chance.choice([at for at, letter in enumerate(school) if letter in (table or school) and at])
        letter = table[school[place]] if table else chance.choice(HIDING) + school[place]
        made.add(school[:place] + letter + school[place + 1 :])
    return sorted(made)


@pytest.mark.parametrize("name", confusable())
def test_each_of_fifty_confusable_names_is_marked(name: str) -> None:
    assert notes([("issuer_name", name)], None)


@pytest.mark.parametrize(
    "name", [*NAMES_FROM_ELSEWHERE.values(), *SCHOOLS, "École d’été", "Πανεπιστήμιο MIT"]
)
def test_an_honest_name_of_any_script_is_not(name: str) -> None:
    assert notes([("issuer_name", name)], "did:web:fernhill.example") == {}


def test_a_host_in_other_letters_is_spelled_out() -> None:
    assert notes([], "did:web:xn--80ak6aa92e.com:o:fernhill") == {"issuer_host": "xn--80ak6aa92e (аррӏе)"}
    assert "cannot" in notes([], "https://xn--\x7f.example/")["issuer_host"]


def test_a_long_name_takes_no_time() -> None:
    assert notes([("subject_name", "а" * 60_000 + "b")], None) == {}


def test_no_letter_that_counts_is_passed_over() -> None:
    looks = (appearance._HIDING, appearance._LIKE_LATIN, appearance._DRESSED)
    for point in range(0x110000):
        letter = chr(point)
        if any(look.search(f"a{letter}b") for look in looks):
            assert not appearance.is_plain(f"a{letter}b"), hex(point)
    assert appearance.is_plain("Zoë Ångström, 李明, Aarav शर्मा")


def names(issuer: str, **changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = golden_document(issuer_id=issuer) | changes
    document["issuer"]["name"] = "Fernhill\u202e Cоllege"
    document["credentialSubject"]["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Am\u200bara", "identityType": "name"}
    ]
    return document


def test_the_report_tells_and_the_verdict_stays() -> None:
    college = IssuerWorld()
    changed = names(college.did)
    data = college.issue(
        "eddsa-jcs-2022", issuer=changed["issuer"], credentialSubject=changed["credentialSubject"]
    )

    report = verify.check(data, fetch=college.fetch, at=NOW)

    assert report.verdict == "genuine"
    assert report.technical["hidden_characters"] == "issuer_name U+202E, subject_name U+200B"
    assert report.technical["mixed_letters"] == "issuer_name"


def test_the_quick_report_tells_the_same() -> None:
    key = did_key.with_did_key(SigningKey.from_seed(bytes(range(32))))
    reports = []
    for learner in ("Amara", "Zoe", "Bola", "A\u200bmara"):
        document = names(did_key.did(key.public))
        del document["credentialStatus"]
        document["credentialSubject"]["identifier"][0]["identityHash"] = learner
        data = strictjson.dumps(data_integrity.sign(document, key, suite="eddsa-jcs-2022", created=NOW))
        reports.append(verify.check(data, fetch=lambda url: b"", at=NOW))
        with tiers.only("general"):
            assert reports[-1] == verify.check(data, fetch=lambda url: b"", at=NOW)
    assert [report.technical["hidden_characters"] for report in reports][-2:] == [
        "issuer_name U+202E",
        "issuer_name U+202E, subject_name U+200B",
    ]
