# SPDX-License-Identifier: Apache-2.0
"""A newer copy of a badge is asked for only on demand, and taken only if it is the same badge and holds."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import golden_document

from laurel import verify as verifying
from laurel.cli import main
from laurel.did import key as did_key
from laurel.proof import data_integrity, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.verify import Report, Verdict

URL = "https://fernhill.example/refresh/1"
SERVICE = {"id": URL, "type": "1EdTechCredentialRefresh"}
CONTEXTS: Any = [
    *golden_document()["@context"],  # type: ignore[misc]
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
]


@pytest.fixture
def college() -> IssuerWorld:
    return IssuerWorld()


def badge(college: IssuerWorld, **changes: Any) -> bytes:
    return college.issue(**({"@context": CONTEXTS, "refreshService": SERVICE} | changes))


def judge(college: IssuerWorld, data: bytes, *, refresh: bool = True, **more: Any) -> Report:
    return verifying.check(data, fetch=college.fetch, at=NOW, refresh=refresh, **more)


def test_nobody_is_asked_unless_the_caller_wants_it(college: IssuerWorld) -> None:
    report = judge(college, badge(college), refresh=False)

    assert report.verdict is Verdict.GENUINE
    assert URL not in college.asked
    assert "refresh" not in report.technical


def test_the_newer_copy_is_judged_in_its_place(college: IssuerWorld) -> None:
    college.documents[URL] = badge(college, validUntil="2026-11-01T00:00:00Z")
    report = judge(college, badge(college))

    assert report.verdict is Verdict.OUT_OF_DATE
    assert report.technical["refresh"] == "This is the newer copy."


def test_one_copy_is_asked_for_and_no_copy_of_the_copy(college: IssuerWorld) -> None:
    college.documents[URL] = badge(college, refreshService=SERVICE | {"id": URL + "/again"})
    judge(college, badge(college))

    assert college.asked.count(URL) == 1
    assert URL + "/again" not in college.asked


def another(college: IssuerWorld) -> bytes:
    return badge(college, id="urn:uuid:11111111-1111-4111-8111-111111111111")


def of_a_forger(_: IssuerWorld) -> bytes:
    return badge(IssuerWorld())


def by_another_key(college: IssuerWorld) -> bytes:
    """A signature that holds, in the name of the college, by a key that is its own."""
    key = did_key.with_did_key(SigningKey.generate())
    draft = golden_document() | {"@context": CONTEXTS, "refreshService": SERVICE}
    return json.dumps(data_integrity.sign(draft, key, suite="eddsa-rdfc-2022", created=ISSUED_AT)).encode()


def of_another_learner(college: IssuerWorld) -> bytes:
    subject = dict(golden_document()["credentialSubject"], id="did:web:somebody.example")  # type: ignore[arg-type]
    return badge(college, credentialSubject=subject)


def older(college: IssuerWorld) -> bytes:
    return badge(college, validFrom="2026-01-01T00:00:00Z")


def changed(college: IssuerWorld) -> bytes:
    return badge(college).replace(b"Okafor", b"Okafur")


@pytest.mark.parametrize(
    "newer",
    [
        another,
        of_a_forger,
        by_another_key,
        of_another_learner,
        older,
        changed,
        lambda _: b"gone",
        lambda _: b"{}",
    ],
)
def test_the_original_stays_where_the_copy_is_not_one_of_it(college: IssuerWorld, newer: Any) -> None:
    college.documents[URL] = newer(college)
    report = judge(college, badge(college))

    assert report.verdict is Verdict.GENUINE
    assert report.technical["refresh"].startswith("What the issuer gave")


def named(college: IssuerWorld, email: str | None) -> bytes:
    """A badge whose subject has no id; two of them under no other name, where there is no e-mail address."""
    subject: Any = {n: v for n, v in dict(golden_document()["credentialSubject"]).items() if n != "id"}  # type: ignore[call-overload]
    entry = {"type": "IdentityObject", "identityType": "emailAddress", "hashed": False, "identityHash": email}
    subject["identifier"] = [entry]
    token = golden_document() | {
        "@context": CONTEXTS,
        "refreshService": SERVICE,
        "credentialSubject": subject if email else [subject, subject],
    }
    return vc_jwt.sign(token, college.key).encode()


@pytest.mark.parametrize("other", ["bo@example.org", None])
def test_a_copy_for_somebody_else_is_not_newer_where_nobody_has_an_id(
    college: IssuerWorld, other: str | None
) -> None:
    college.documents[URL] = named(college, other)
    report = judge(college, named(college, "amara@example.org"))

    assert report.credential is not None
    assert "amara@example.org" in json.dumps(report.credential["credentialSubject"])
    assert report.technical["refresh"] == "What the issuer gave as a newer copy is another credential."


def test_the_original_stays_where_nothing_answers(college: IssuerWorld) -> None:
    report = judge(college, badge(college))

    assert report.verdict is Verdict.GENUINE
    assert report.technical["refresh"] == "fernhill.example did not answer."


def test_a_badge_that_does_not_hold_sends_nobody_anywhere(college: IssuerWorld) -> None:
    judge(college, badge(college).replace(b"Okafor", b"Okafur"))
    judge(college, badge(IssuerWorld()))
    judge(college, by_another_key(college))

    assert URL not in college.asked


@pytest.mark.parametrize(
    "service",
    [
        {"id": URL, "type": "AnotherRefresh"},
        {"id": "http://fernhill.example/r", "type": "1EdTechCredentialRefresh"},
    ],
)
def test_other_services_are_left_alone(college: IssuerWorld, service: Any) -> None:
    data = vc_jwt.sign(golden_document() | {"refreshService": service}, college.key).encode()
    asked = len(set(college.asked))
    judge(college, data)

    assert not {URL, "http://fernhill.example/r"} & set(college.asked[asked:])


def test_it_shares_the_five_fetches(college: IssuerWorld) -> None:
    college.documents[URL] = badge(college)
    judge(college, badge(college), most_fetches=3)

    assert len(college.asked) == 3


def test_terms_of_use_of_any_kind_are_told_and_never_fail(college: IssuerWorld) -> None:
    terms = [{"type": "IssuerPolicy"}, {"type": ["ShareWithCare", "Other"], "id": "https://x.example/terms"}]
    data = vc_jwt.sign(
        golden_document() | {"termsOfUse": terms}, college.key, profile="vc-jose-cose"
    ).encode()  # type: ignore[operator]
    report = judge(college, data, refresh=False)

    assert report.technical["terms_of_use"] == "IssuerPolicy, ShareWithCare, Other"
    assert report["proof"].code == "proof.ok"


def test_the_command_asks_whose_it_is(college: IssuerWorld, tmp_path: Any) -> None:
    path = tmp_path / "badge.json"
    subject = dict(golden_document()["credentialSubject"])  # type: ignore[arg-type]
    subject["identifier"] = [
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": "a@b.example",
            "identityType": "emailAddress",
        }
    ]
    path.write_bytes(college.issue(credentialSubject=subject, credentialStatus=None))
    material = tmp_path / "material.json"
    material.write_text(json.dumps({college.did_url: json.loads(college.documents[college.did_url])}))
    command = ["verify", str(path), "--offline", "--material", str(material), "--at", "2026-11-22"]

    theirs = CliRunner().invoke(main, [*command, "--email", "A@b.example"])
    others = CliRunner().invoke(main, [*command, "--email", "c@b.example"])

    assert theirs.exit_code == 0, theirs.output
    assert "It was given to the person you named." in theirs.output
    assert others.exit_code == 1
    assert others.output.startswith("Genuine, but given to somebody else")
