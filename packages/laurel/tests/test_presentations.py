# SPDX-License-Identifier: Apache-2.0
"""A presentation proves who shows credentials: only the one they are about, only to us, and only now."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from holder_world import (
    BADGES,
    CHALLENGE,
    DOMAIN,
    FORMS,
    Learner,
    presentation,
    unchecked,
)
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import golden_document

from laurel import issue
from laurel.did import key as did_key
from laurel.did import web
from laurel.formats import envelopes
from laurel.proof import data_integrity, jose
from laurel.proof.keys import SigningKey
from laurel.rules import vc_data_model_2
from laurel.strictjson import dumps
from laurel.verify import (
    PRESENTATION_CHECK_NAMES,
    PresentationReport,
    PresentationVerdict,
    Result,
    Verdict,
    read_presentation,
    verify_presentation,
)
from laurel.verify.nonces import NoncesInMemory

PURPOSES = ("assertionMethod", "authentication", "capabilityInvocation", "capabilityDelegation")


@pytest.fixture
def amara() -> Learner:
    return Learner()


def codes(report: PresentationReport) -> dict[str, str]:
    """The code of every check of the presentation itself."""
    return {check.name: check.code for check in report.checks}


class TestGenuine:
    @pytest.mark.parametrize("form", FORMS)
    def test_when_the_one_it_is_about_signed_it_for_us(self, amara: Learner, form: str) -> None:
        badges = [amara.badge(suite) for suite in (BADGES[2:] if form == "vp+jwt" else BADGES)]

        report = amara.judge(amara.shows(*badges, form=form))

        assert report.verdict is PresentationVerdict.GENUINE
        assert report.exit_code == 0
        assert codes(report) == {name: f"{name}.ok" for name in PRESENTATION_CHECK_NAMES}
        assert all(check.required for check in report.checks)
        assert report.holder_id == amara.did
        assert [each.verdict for each in report.credentials] == [Verdict.GENUINE] * len(badges)
        assert [each["holder"].code for each in report.credentials] == ["holder.ok"] * len(badges)
        assert all(each["holder"].required for each in report.credentials)

    @pytest.mark.parametrize(
        ("kind", "form"),
        [
            ("p256", "ecdsa-rdfc-2019"),
            ("p256", "ecdsa-jcs-2019"),
            ("p384", "ecdsa-rdfc-2019"),
            ("p256", "vp+jwt"),
        ],
    )
    def test_with_other_kinds_of_key(self, kind: Any, form: str) -> None:
        amara = Learner(key=did_key.with_did_key(SigningKey.generate(kind)))

        report = amara.judge(amara.shows(amara.badge("vc-jose-cose"), form=form))

        assert report.verdict is PresentationVerdict.GENUINE

    @pytest.mark.parametrize("form", FORMS)
    def test_for_a_holder_whose_document_must_be_fetched(self, form: str) -> None:
        amara = Learner(key=SigningKey.generate().with_id("did:web:amara.example#key-1"))
        did_url = "https://amara.example/.well-known/did.json"
        amara.college.publish(did_url, web.document(amara.did, [amara.key.public]))
        data = amara.shows(amara.badge("vc-jose-cose"), form=form)

        assert amara.judge(data).verdict is PresentationVerdict.GENUINE
        assert amara.college.asked[0] == did_url

    def test_in_an_envelope_of_its_own(self, amara: Learner) -> None:
        inner = amara.shows(amara.badge("vc-jose-cose"), form="vp+jwt").decode()

        report = amara.judge(dumps(envelopes.wrap(inner, envelopes.PRESENTATION_JWT)))

        assert report.verdict is PresentationVerdict.GENUINE

    @pytest.mark.parametrize("form", FORMS)
    def test_without_any_credential(self, amara: Learner, form: str) -> None:
        report = amara.judge(amara.shows(form=form))

        assert report.verdict is PresentationVerdict.GENUINE
        assert report.credentials == ()

    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_when_it_names_no_holder_but_the_key(self, amara: Learner, form: str) -> None:
        report = amara.judge(amara.shows(amara.badge(), form=form, holder=None))

        assert report.verdict is PresentationVerdict.GENUINE
        assert report.holder_id == amara.did

    def test_judged_at_once_as_in_rounds(self, amara: Learner) -> None:
        data = amara.shows(amara.badge(), amara.badge("open-badges-3.0", id="urn:uuid:2"))

        in_rounds = amara.judge(data)
        found = {url: amara.college.documents[url] for url in amara.college.asked}
        at_once = verify_presentation(
            read_presentation(data), found, at=NOW, challenge=CHALLENGE, domain=DOMAIN
        )

        assert at_once == in_rounds
        assert len(amara.college.asked) == 3


class TestPurpose:
    """What a key may be used for, times what it was used for: one of sixteen each."""

    def learner(self, relationship: str) -> Learner:
        amara = Learner(key=SigningKey.generate().with_id("did:web:amara.example#key-1"))
        document = web.document(amara.did, [amara.key.public])
        for name in PURPOSES:
            document.pop(name, None)
        document[relationship] = [str(amara.key.id)]
        amara.college.publish("https://amara.example/.well-known/did.json", document)
        return amara

    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_of_a_presentation_is_authentication_alone(self, form: str) -> None:
        taken = set()
        for purpose, relationship in product(PURPOSES, PURPOSES):
            amara = self.learner(relationship)
            document = presentation(json.loads(amara.badge()), holder=amara.did)
            report = amara.judge(unchecked(document, amara.key, form=form, purpose=purpose))
            if report.verdict is PresentationVerdict.GENUINE:
                taken.add((purpose, relationship))

        assert taken == {("authentication", "authentication")}

    def test_of_a_jwt_presentation_is_authentication_too(self) -> None:
        taken = set()
        for relationship in PURPOSES:
            amara = self.learner(relationship)
            report = amara.judge(amara.shows(amara.badge("vc-jose-cose"), form="vp+jwt"))
            if report.verdict is PresentationVerdict.GENUINE:
                taken.add(relationship)

        assert taken == {"authentication"}

    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_of_a_credential_inside_is_assertion_alone(self, amara: Learner, suite: str) -> None:
        draft = {
            name: value
            for name, value in golden_document(subject_id=amara.did).items()
            if name != "credentialStatus"
        }
        taken = set()
        for purpose, relationship in product(PURPOSES, PURPOSES):
            college = IssuerWorld()
            listed = web.document(college.did, [college.key.public])
            for name in PURPOSES:
                listed.pop(name, None)
            listed[relationship] = [str(college.key.id)]
            college.publish(college.did_url, listed)
            badge = dumps(
                data_integrity.sign(draft, college.key, suite=suite, created=ISSUED_AT, purpose=purpose)
            )
            report = amara.judge(amara.shows(badge), fetch=college.fetch)
            if report.verdict is PresentationVerdict.GENUINE:
                taken.add((purpose, relationship))

        assert taken == {("assertionMethod", "assertionMethod")}


class TestHolder:
    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "vp+jwt"])
    def test_is_proven_only_where_subject_holder_and_key_are_one(self, form: str) -> None:
        people = [Learner() for _ in range(3)]
        college = people[0].college
        holders = [*(person.did for person in people), None]
        proven = set()
        for about, holder, signer in product(people, holders, people):
            badge = Learner(college=college, key=about.key).badge("vc-jose-cose").decode()
            named = {} if holder is None else {"holder": holder}
            document = presentation(envelopes.wrap(badge, envelopes.JWT), **named)
            report = signer.judge(unchecked(document, signer.key, form=form), fetch=college.fetch)
            inner = report.credentials[0]
            assert (report.verdict is PresentationVerdict.GENUINE) == (
                inner["holder"].result is Result.PASSED
            )
            assert inner["proof"].result is Result.PASSED
            if report.verdict is PresentationVerdict.GENUINE:
                proven.add((about.did, holder, signer.did))
            elif holder in (None, signer.did):
                assert codes(report)["holder"] == "holder.ok"
                assert inner["holder"].code == "holder.other-subject"
                assert report.verdict is PresentationVerdict.NOT_THEIRS
            else:
                assert codes(report)["holder"] == "holder.other-key"
                assert report.verdict is PresentationVerdict.NOT_THEIRS

        assert proven == {
            (person.did, holder, person.did) for person in people for holder in (person.did, None)
        }

    def test_of_a_credential_about_nobody_in_particular_is_not_checked(self, amara: Learner) -> None:
        subject: Any = golden_document()["credentialSubject"]
        del subject["id"]
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "identityType": "name",
                "identityHash": "Amara Okafor",
                "hashed": False,
            }
        ]

        report = amara.judge(amara.shows(amara.badge(credentialSubject=subject)))

        assert report.credentials[0]["holder"].code == "holder.no-subject"
        assert report.verdict is PresentationVerdict.UNFINISHED
        assert report.exit_code == 3

    def test_of_a_credential_about_two_must_be_both(self, amara: Learner) -> None:
        draft = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": amara.college.did,
            "credentialSubject": [{"id": amara.did, "name": "A"}, {"id": "did:example:bo", "name": "B"}],
        }
        checked = issue.check_document(draft, rules=(vc_data_model_2.check_document,))
        badge = issue.sign(checked, amara.college.key, created=ISSUED_AT)

        report = amara.judge(amara.shows(badge))

        assert report.credentials[0]["holder"].code == "holder.other-subject"

    @pytest.mark.parametrize(
        "asked", [{"challenge": None}, {"domain": None}, {"challenge": None, "domain": None}]
    )
    @pytest.mark.parametrize("form", FORMS)
    def test_is_never_proven_to_whom_asked_nothing(
        self, amara: Learner, form: str, asked: dict[str, None]
    ) -> None:
        report = amara.judge(amara.shows(amara.badge("vc-jose-cose"), form=form), **asked)

        assert report["holder"].result is Result.LOOK_CLOSER
        assert report.credentials[0]["holder"].result is Result.LOOK_CLOSER
        nothing = len(asked) == 2
        assert report["holder"].required == (not nothing)
        # Half a question gets no answer; none at all leaves a file that is as genuine as one credential.
        assert report.exit_code == (0 if nothing else 3)


class TestReplay:
    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize(
        ("signed", "check", "code"),
        [
            ({"challenge": "another"}, "nonce", "nonce.other"),
            ({"challenge": None}, "nonce", "nonce.missing"),
            ({"challenge": CHALLENGE + "="}, "nonce", "nonce.other"),
            ({"domain": "https://other.example"}, "audience", "audience.other"),
            ({"domain": DOMAIN + "/"}, "audience", "audience.other"),
            ({"domain": None}, "audience", "audience.missing"),
            ({"created": NOW - timedelta(minutes=11)}, "period", "period.too-old"),
            ({"created": NOW - timedelta(days=400)}, "period", "period.too-old"),
            ({"created": NOW + timedelta(minutes=6)}, "period", "period.not-yet"),
            ({"expires": NOW}, "period", "period.signature-ended"),
        ],
    )
    def test_is_refused(
        self, amara: Learner, form: str, signed: dict[str, Any], check: str, code: str
    ) -> None:
        report = amara.judge(amara.shows(amara.badge("vc-jose-cose"), form=form, **signed))

        assert report["proof"].result is Result.PASSED
        assert (report[check].result, report[check].code) == (Result.FAILED, code)
        assert report["holder"].code == "holder.replayed"
        assert report.credentials[0]["holder"].code == "holder.replayed"
        assert report.verdict is PresentationVerdict.REPLAYED
        assert report.exit_code == 1

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("minutes", [-9, 4])
    def test_is_not_to_be_feared_of_a_clock_that_is_a_little_off(
        self, amara: Learner, form: str, minutes: int
    ) -> None:
        data = amara.shows(amara.badge("vc-jose-cose"), form=form, created=NOW + timedelta(minutes=minutes))

        assert amara.judge(data).verdict is PresentationVerdict.GENUINE

    def test_with_a_second_receiver_is_refused(self, amara: Learner) -> None:
        document = presentation(json.loads(amara.badge()), holder=amara.did)
        embedded = unchecked(document, amara.key, form="eddsa-jcs-2022", domain=[DOMAIN, "https://b.example"])
        claims = presentation(holder=amara.did) | {"aud": [DOMAIN, "https://b.example"], "nonce": CHALLENGE}
        token = jose.encode({"typ": "vp+jwt", "kid": str(amara.key.id)}, dumps(claims), amara.key)

        assert codes(amara.judge(embedded))["audience"] == "audience.other"
        assert codes(amara.judge(token.encode()))["audience"] == "audience.other"

    def test_of_one_without_a_date_rests_on_the_challenge(self, amara: Learner) -> None:
        claims = presentation(holder=amara.did) | {"aud": DOMAIN, "nonce": CHALLENGE}
        token = jose.encode({"typ": "vp+jwt", "kid": str(amara.key.id)}, dumps(claims), amara.key).encode()

        assert amara.judge(token).verdict is PresentationVerdict.GENUINE
        assert codes(amara.judge(token, challenge=None))["period"] == "period.undated"

    def test_to_a_second_receiver_who_never_gave_the_challenge_is_refused(self, amara: Learner) -> None:
        nonces, other = NoncesInMemory(), NoncesInMemory()
        challenge = nonces.give(at=NOW)
        data = amara.shows(amara.badge(), challenge=challenge)

        assert nonces.take(challenge, at=NOW)
        assert amara.judge(data, challenge=challenge).verdict is PresentationVerdict.GENUINE
        assert not nonces.take(challenge, at=NOW)
        assert not other.take(challenge, at=NOW)


class TestNonces:
    def test_serve_one_of_fifty_who_come_at_once(self) -> None:
        nonces = NoncesInMemory()
        challenge = nonces.give(at=NOW)

        with ThreadPoolExecutor(50) as pool:
            taken = list(pool.map(lambda _: nonces.take(challenge, at=NOW), range(50)))

        assert sum(taken) == 1

    def test_end_after_five_minutes(self) -> None:
        nonces = NoncesInMemory()
        early, late = nonces.give(at=NOW), nonces.give(at=NOW + timedelta(minutes=3))

        assert not nonces.take(early, at=NOW + timedelta(minutes=5, seconds=1))
        assert nonces.take(late, at=NOW + timedelta(minutes=5, seconds=1))

    def test_are_never_given_twice_and_cannot_be_guessed(self) -> None:
        nonces = NoncesInMemory()
        given = {nonces.give(at=NOW) for _ in range(1_000)}

        assert len(given) == 1_000
        assert {len(challenge) for challenge in given} == {43}
        assert not nonces.take("guessed", at=NOW)

    def test_of_a_flood_push_out_the_oldest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("laurel.verify.nonces._MOST_KEPT", 3)
        nonces = NoncesInMemory()
        given = [nonces.give(at=NOW) for _ in range(5)]

        assert [nonces.take(challenge, at=NOW) for challenge in given] == [False, False, True, True, True]


class TestTooManyAlike:
    def test_is_not_checked_and_the_receiver_hears_what_to_ask_for(self, amara: Learner) -> None:
        badges = [amara.badge("eddsa-jcs-2022", id=f"urn:uuid:{number}") for number in range(12)]
        shown = json.loads(amara.shows(*badges, form="eddsa-jcs-2022"))
        shown["proof"]["cryptosuite"] = "eddsa-rdfc-2022"

        report = amara.judge(dumps(shown))

        assert report.verdict is PresentationVerdict.UNFINISHED
        assert (report["proof"].result, report["proof"].code) == (Result.NOT_CHECKED, "proof.too-much-work")
        assert "Ask for fewer credentials at a time" in report["proof"].message


class TestUnsigned:
    def test_is_no_more_than_the_credentials_in_it(self, amara: Learner) -> None:
        data = dumps(presentation(json.loads(amara.badge()), holder=amara.did))

        report = amara.judge(data, challenge=None, domain=None)

        assert report.verdict is PresentationVerdict.GENUINE
        assert (report["proof"].result, report["proof"].code) == (Result.NOT_CHECKED, "proof.missing")
        assert (report["holder"].result, report["holder"].code) == (Result.NOT_CHECKED, "holder.unsigned")
        assert report.holder_id is None
        assert report.credentials[0]["holder"].result is Result.NOT_CHECKED

    @pytest.mark.parametrize("asked", [{}, {"challenge": None}, {"domain": None}])
    def test_answers_no_question(self, amara: Learner, asked: dict[str, None]) -> None:
        data = dumps(presentation(json.loads(amara.badge()), holder=amara.did))

        report = amara.judge(data, **asked)

        assert report["proof"].required
        assert report["holder"].required
        assert report.verdict is PresentationVerdict.UNFINISHED
        assert report.exit_code == 3

    @pytest.mark.parametrize("asked", [{}, {"challenge": None, "domain": None}])
    @pytest.mark.parametrize("value", ["z3s", "", "u" + "A" * 88, None, 5])
    def test_is_not_what_a_bad_proof_makes_it(
        self, amara: Learner, value: Any, asked: dict[str, None]
    ) -> None:
        shown = json.loads(amara.shows(amara.badge()))
        shown["proof"]["proofValue"] = value

        report = amara.judge(dumps(shown), **asked)

        assert report["proof"].result is Result.FAILED
        assert report.verdict is PresentationVerdict.CHANGED
        assert report.exit_code == 1
