# SPDX-License-Identifier: Apache-2.0
"""Presenting: what was not checked cannot be signed, and nobody signs in another's name."""

import json
from typing import Any

import pytest
from badge_strategies import sound_credentials
from holder_world import BADGES, BASE, CHALLENGE, DOMAIN, Learner, did_of, presentation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from issuer_world import ISSUED_AT, NOW
from samples import golden_document

from laurel import issue, present
from laurel.did import key as did_key
from laurel.errors import FailedChecks, LaurelError, NotACredential, NotAKey
from laurel.formats import envelopes
from laurel.model.credential import OpenBadgeCredential
from laurel.proof import data_integrity, vc_sd_jwt
from laurel.proof.keys import SigningKey
from laurel.strictjson import dumps
from laurel.verify import PresentationVerdict, Result, Verdict, check

AMARA = Learner()


def found(error: pytest.ExceptionInfo[FailedChecks]) -> set[tuple[str, str]]:
    return {(finding.code, finding.pointer) for finding in error.value.findings}


class TestCheck:
    def test_puts_each_credential_where_it_belongs(self) -> None:
        embedded, token = AMARA.badge(), AMARA.badge("vc-jose-cose")

        document = present.check([embedded, token, json.loads(embedded)], holder=AMARA.did).document

        assert document == presentation(
            json.loads(embedded),
            envelopes.wrap(token.decode(), envelopes.JWT),
            json.loads(embedded),
            holder=AMARA.did,
        )

    def test_names_nobody_and_nothing_that_it_was_not_given(self) -> None:
        assert present.check([], holder=None).document == presentation()
        assert present.check([], holder=None, id="urn:uuid:1").document["id"] == "urn:uuid:1"

    @pytest.mark.parametrize(
        "credential", [b"", b"x", b"{", b"[]", b"5", b"eyJhbGciOiJFZERTQSJ9.e30.AA", "é", "a.b.c"]
    )
    def test_refuses_what_is_no_credential(self, credential: Any) -> None:
        with pytest.raises(FailedChecks):
            present.check([credential], holder=AMARA.did)

    @pytest.mark.parametrize(
        ("changes", "finding"),
        [
            ({"@context": "https://example.org/v1"}, ("vcdm.context", "/@context")),
            ({"@context": [BASE, 5]}, ("vcdm.context", "/@context")),
            ({"type": ["Presentation"]}, ("vcdm.type", "/type")),
            ({"id": "9f1c"}, ("vcdm.url", "/id")),
            ({"holder": "amara"}, ("vcdm.url", "/holder")),
            ({"holder": {"name": "Amara"}}, ("vcdm.url", "/holder/id")),
            ({"termsOfUse": [{"id": "urn:a:b"}]}, ("vcdm.type", "/termsOfUse/0/type")),
            ({"termsOfUse": "urn:a:b"}, ("vcdm.object", "/termsOfUse")),
            ({"proof": {"type": "x"}}, ("present.proof", "/proof")),
            ({"verifiableCredential": ["eyJ.e30.AA"]}, ("vcdm.object", "/verifiableCredential/0")),
            ({"verifiableCredential": [{"type": []}]}, ("vcdm.type", "/verifiableCredential/0/type")),
            (
                {"verifiableCredential": [presentation()]},
                ("vcdm.nested", "/verifiableCredential/0/type"),
            ),
            (
                {"verifiableCredential": [envelopes.wrap("a.b.c", envelopes.JWT) | {"name": "x"}]},
                ("present.credential", "/verifiableCredential/0"),
            ),
            (
                {"verifiableCredential": {"@context": BASE, "type": "VerifiableCredential"}},
                ("present.unsigned", "/verifiableCredential"),
            ),
            ({"verifiableCredential": [{}] * 17}, ("present.too-many", "/verifiableCredential")),
            ({"name": float("nan")}, ("present.json", "")),
        ],
    )
    def test_notes_a_break_at_its_place(self, changes: dict[str, Any], finding: tuple[str, str]) -> None:
        with pytest.raises(FailedChecks) as error:
            present.check_document(presentation(holder=AMARA.did) | changes)

        assert finding in found(error)

    def test_is_the_only_way_to_something_showable(self) -> None:
        with pytest.raises(TypeError):
            present.Showable(b"{}", object())


class TestSign:
    def sign(self, showable: present.Showable, key: SigningKey, **changes: Any) -> bytes:
        asked = {"created": NOW, "challenge": CHALLENGE, "domain": DOMAIN} | changes
        return present.sign(showable, key, **asked)

    def test_writes_what_the_receiver_asked_for(self) -> None:
        proof = json.loads(self.sign(present.check([], holder=AMARA.did), AMARA.key))["proof"]

        assert (proof["proofPurpose"], proof["challenge"], proof["domain"]) == (
            "authentication",
            CHALLENGE,
            DOMAIN,
        )

    @pytest.mark.parametrize("make", [present.sign, present.sign_jwt])
    def test_never_signs_in_anothers_name(self, make: Any) -> None:
        other = did_key.with_did_key(SigningKey.generate())

        with pytest.raises(FailedChecks) as error:
            make(present.check([], holder=AMARA.did), other, created=NOW, challenge=CHALLENGE, domain=DOMAIN)

        assert found(error) == {("present.key", "/holder")}

    @pytest.mark.parametrize("make", [present.sign, present.sign_jwt])
    def test_needs_a_key_with_a_name(self, make: Any) -> None:
        with pytest.raises(NotAKey):
            make(
                present.check([], holder=None),
                SigningKey.generate(),
                created=NOW,
                challenge=None,
                domain=None,
            )

    @pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "no-such-suite", "Ed25519Signature2020"])
    def test_needs_a_suite_that_fits_the_key(self, suite: str) -> None:
        with pytest.raises(NotAKey):
            self.sign(present.check([], holder=AMARA.did), AMARA.key, suite=suite)

    def test_says_which_word_a_signature_would_not_cover(self) -> None:
        badge = json.loads(AMARA.badge()) | {"unsaid": True}
        showable = present.check([badge], holder=AMARA.did)

        with pytest.raises(FailedChecks) as error:
            self.sign(showable, AMARA.key)

        assert found(error) == {("data-loss.undefined-term", "/verifiableCredential/0/unsaid")}
        assert self.sign(showable, AMARA.key, suite="eddsa-jcs-2022")

    def test_says_what_to_do_with_more_badges_alike_than_a_proof_over_rdf_takes(self) -> None:
        """Symptom: twelve badges of one achievement were refused because "objects look alike", and that was all."""
        badges = [AMARA.badge("eddsa-jcs-2022", id=f"urn:uuid:{number}") for number in range(12)]
        showable = present.check(badges, holder=AMARA.did)

        with pytest.raises(FailedChecks) as caught:
            self.sign(showable, AMARA.key, suite="eddsa-rdfc-2022")

        assert found(caught) == {("too-much-work", "")}
        assert "Put fewer in, or sign with a suite over JSON, such as eddsa-jcs-2022." in str(caught.value)
        shown = AMARA.shows(*badges, form="eddsa-jcs-2022")
        assert AMARA.judge(shown).verdict is PresentationVerdict.GENUINE

    def test_puts_only_envelopes_into_a_jwt(self) -> None:
        showable = present.check([AMARA.badge()], holder=AMARA.did)
        asked: dict[str, Any] = {"created": NOW, "challenge": CHALLENGE, "domain": DOMAIN}

        with pytest.raises(FailedChecks) as error:
            present.sign_jwt(showable, AMARA.key, **asked)

        assert found(error) == {("present.jwt", "/verifiableCredential")}
        assert present.sign_jwt(showable, AMARA.key, profile="vc-data-model-1.1", **asked)

    def test_signs_what_was_checked_whatever_became_of_it_since(self) -> None:
        document = presentation(json.loads(AMARA.badge()), holder=AMARA.did)
        showable = present.check_document(document)
        document["verifiableCredential"][0]["name"] = "Another"
        showable.document["holder"] = "did:example:mallory"

        signed = json.loads(self.sign(showable, AMARA.key))

        assert signed["verifiableCredential"][0]["name"] != "Another"
        assert signed["holder"] == AMARA.did


class TestWhatIsPresented:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(sound_credentials, min_size=1, max_size=3),
        st.sampled_from(["eddsa-rdfc-2022", "eddsa-jcs-2022"]),
    )
    def test_is_found_to_be_the_holders(self, drafts: list[OpenBadgeCredential], suite: str) -> None:
        badges = [
            issue.sign(issue.check(draft), AMARA.college.key, created=ISSUED_AT, suite=suite)  # type: ignore[arg-type]  # one of two
            for draft in drafts
        ]

        report = AMARA.judge(AMARA.shows(*badges, form=suite))

        assert report["holder"].code == "holder.ok"
        assert {each["proof"].result for each in report.credentials} == {Result.PASSED}
        shown = [json.loads(badge) for badge in badges]
        assert [each.credential for each in report.credentials] == [
            {name: value for name, value in badge.items() if name != "proof"} for badge in shown
        ]


class TestReveal:
    """Parts of a credential only, where its issuer made that possible."""

    def sd_jwt(self, **more: Any) -> bytes:
        draft = golden_document(issuer_id=AMARA.college.did, subject_id=AMARA.did)
        del draft["credentialStatus"]
        return vc_sd_jwt.sign(
            draft, AMARA.college.key, disclosable=["/credentialSubject/result", "/evidence"], **more
        ).encode()

    def base(self) -> bytes:
        college = did_key.with_did_key(SigningKey.generate("p256"))
        draft = golden_document(issuer_id=did_of(college), subject_id=AMARA.did)
        del draft["credentialStatus"]
        secured = data_integrity.sign(
            draft, college, suite="ecdsa-sd-2023", created=ISSUED_AT, mandatory=["/issuer", "/validFrom"]
        )
        return dumps(secured)

    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "vp+jwt"])
    def test_leaves_the_rest_of_an_sd_jwt_at_home(self, form: str) -> None:
        chosen = present.reveal(self.sd_jwt(), ["/evidence"])

        report = AMARA.judge(AMARA.shows(chosen, form=form))

        assert report.verdict is PresentationVerdict.GENUINE
        (credential,) = report.credentials
        assert credential.credential is not None
        assert "evidence" in credential.credential
        assert "result" not in credential.credential["credentialSubject"]

    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_leaves_the_rest_of_an_object_at_home(self, form: str) -> None:
        chosen = present.reveal(
            self.base(), ["/credentialSubject/id", "/credentialSubject/achievement", "/id"]
        )

        report = AMARA.judge(AMARA.shows(chosen, form=form))

        (credential,) = report.credentials
        assert report["holder"].code == "holder.ok"
        assert (credential["proof"].code, credential["holder"].code) == ("proof.ok", "holder.ok")
        assert credential.credential is not None
        assert "result" not in credential.credential["credentialSubject"]
        assert "evidence" not in credential.credential

    def test_is_needed_where_a_proof_would_tell_all(self) -> None:
        with pytest.raises(FailedChecks) as error:
            AMARA.shows(self.base())

        assert found(error) == {("present.base-proof", "/verifiableCredential/0")}

    @pytest.mark.parametrize("suite", BADGES)
    def test_is_refused_where_all_was_signed_as_one(self, suite: str) -> None:
        with pytest.raises(NotACredential):
            present.reveal(AMARA.badge(suite), ["/name"])

    @pytest.mark.parametrize("credential", [b"", b"[]", b"{}", "é~", b'{"proof": [5, {"cryptosuite": []}]}'])
    def test_is_refused_of_anything_else(self, credential: Any) -> None:
        with pytest.raises(LaurelError):
            present.reveal(credential, ["/name"])


class TestBind:
    def test_signs_an_sd_jwt_for_one_receiver(self) -> None:
        whole = TestReveal().sd_jwt(holder=AMARA.key.public)
        data = present.bind(whole, AMARA.key, created=NOW, challenge=CHALLENGE, domain=DOMAIN)

        report = check(data, fetch=AMARA.college.fetch, at=NOW, challenge=CHALLENGE, domain=DOMAIN)
        assert (report.verdict, report["holder"].code) == (Verdict.GENUINE, "holder.ok")
        for challenge, domain in (("other", DOMAIN), (CHALLENGE, "https://other.example")):
            report = check(data, fetch=AMARA.college.fetch, at=NOW, challenge=challenge, domain=domain)
            assert report["holder"].result is Result.FAILED

    def test_needs_the_key_that_the_issuer_named(self) -> None:
        other = did_key.with_did_key(SigningKey.generate())

        with pytest.raises(LaurelError):
            present.bind(
                TestReveal().sd_jwt(holder=AMARA.key.public),
                other,
                created=NOW,
                challenge=CHALLENGE,
                domain=DOMAIN,
            )
        with pytest.raises(NotACredential):
            present.bind(
                AMARA.badge("vc-jose-cose"), AMARA.key, created=NOW, challenge=CHALLENGE, domain=DOMAIN
            )
