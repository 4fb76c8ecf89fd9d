# SPDX-License-Identifier: Apache-2.0
"""Each credential in a presentation is judged as the document that it is, and none lends another anything."""

import copy
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from holder_world import BADGES, BASE, FORMS, Learner, presentation, unchecked
from issuer_world import NOW, IssuerWorld
from samples import REVOCATIONS, golden_document

from laurel.did import key as did_key
from laurel.errors import DataLoss, FailedChecks, Unreadable
from laurel.formats import envelopes
from laurel.jsonld import contexts
from laurel.proof import jose
from laurel.proof.keys import SigningKey
from laurel.strictjson import dumps
from laurel.verify import (
    PresentationReport,
    PresentationVerdict,
    Result,
    Verdict,
    check,
    read_presentation,
)

OB3 = contexts.OPEN_BADGES_3


@pytest.fixture
def amara() -> Learner:
    return Learner()


def verdicts(report: PresentationReport) -> list[str]:
    return [credential.verdict.value for credential in report.credentials]


def changed(badge: bytes, **changes: Any) -> dict[str, Any]:
    return json.loads(badge) | changes


class TestCredentials:
    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_keep_verdicts_of_their_own(self, amara: Learner, form: str) -> None:
        stranger = IssuerWorld(did="did:web:elsewhere.example")
        amara.college.documents |= {stranger.did_url: stranger.documents[stranger.did_url]}
        amara.college.set_status(revoked=[94567])
        forged = changed(amara.badge(id="urn:uuid:3"), name="Data Cleaning with Rust")
        elsewhere = Learner(college=stranger, key=amara.key).badge(id="urn:uuid:4", credentialStatus=None)
        badges = [
            amara.badge("eddsa-jcs-2022", id="urn:uuid:1", credentialStatus=None),
            amara.badge(id="urn:uuid:2"),
            dumps(forged),
            elsewhere,
        ]

        report = amara.judge(amara.shows(*badges, form=form))

        assert verdicts(report) == ["genuine", "withdrawn", "changed", "genuine"]
        assert report.verdict is PresentationVerdict.DOUBTFUL
        assert report.exit_code == 1
        assert report["proof"].result is Result.PASSED

    def test_are_held_against_the_list_of_trusted_issuers(self, amara: Learner) -> None:
        data = amara.shows(amara.badge())

        assert amara.judge(data, trust=[amara.college.did]).verdict is PresentationVerdict.GENUINE
        assert verdicts(amara.judge(data, trust=[])) == ["unknown_issuer"]

    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    @pytest.mark.parametrize("number", [2, 4])
    def test_of_one_achievement_are_told_apart(self, amara: Learner, number: int, form: str) -> None:
        badges = [amara.badge(id=f"urn:uuid:{place}") for place in range(number)]

        report = amara.judge(amara.shows(*badges, form=form))

        assert report.verdict is PresentationVerdict.GENUINE
        shown = [credential.credential for credential in report.credentials]
        assert [each and each["id"] for each in shown] == [f"urn:uuid:{place}" for place in range(number)]

    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_of_one_id_are_told_apart(self, amara: Learner, form: str) -> None:
        college = amara.college
        other = amara.badge(description="Another description under the same id.")
        forged = changed(amara.badge(), description="A third one, and nobody signed it.")

        report = amara.judge(amara.shows(amara.badge(), other, dumps(forged), form=form))

        assert verdicts(report) == ["genuine", "genuine", "changed"]
        descriptions = [each.credential and each.credential["description"] for each in report.credentials]
        assert descriptions[1] == "Another description under the same id."
        assert descriptions[2] is None
        assert college.asked.count(REVOCATIONS) == 1

    def test_do_not_borrow_the_proof_of_another(self, amara: Learner) -> None:
        one, two = (json.loads(amara.badge(id=f"urn:uuid:{place}")) for place in range(2))
        one["proof"], two["proof"] = two["proof"], one["proof"]

        report = amara.judge(amara.shows(dumps(one), dumps(two)))

        assert verdicts(report) == ["changed", "changed"]

    def test_do_not_inherit_the_contexts_around_them(self, amara: Learner) -> None:
        badge = json.loads(amara.badge())
        del badge["@context"]
        document = presentation(badge, holder=amara.did) | {"@context": [BASE, OB3]}

        report = amara.judge(unchecked(document, amara.key, form="eddsa-jcs-2022"))

        assert verdicts(report) == ["changed"]
        assert report["schema"].code == "schema.broken-rule"
        with pytest.raises(DataLoss):
            unchecked(document, amara.key, form="eddsa-rdfc-2022")

    @pytest.mark.parametrize("suite", BADGES)
    def test_mean_alone_what_they_mean_here(self, amara: Learner, suite: str) -> None:
        badge = amara.badge(suite)
        alone = check(badge, fetch=amara.college.fetch, at=NOW)
        within = amara.judge(amara.shows(badge)).credentials[0]

        assert [each for each in alone.checks if each.name != "holder"] == [
            each for each in within.checks if each.name != "holder"
        ]
        assert alone.credential == within.credential

    def test_in_an_old_presentation_are_of_the_old_model_too(self, amara: Learner) -> None:
        draft = {
            "@context": [contexts.CREDENTIALS_V1],
            "id": "urn:uuid:1",
            "type": ["VerifiableCredential"],
            "issuer": amara.college.did,
            "issuanceDate": "2026-10-14T09:30:00Z",
            "credentialSubject": {"id": amara.did},
        }
        token = jose.encode(
            {"typ": "JWT", "kid": str(amara.college.key.id)},
            dumps({"iss": amara.college.did, "sub": amara.did, "vc": draft}),
            amara.college.key,
        )
        document = {
            "@context": [contexts.CREDENTIALS_V1],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [token],
        }

        report = amara.judge(unchecked(document, amara.key, form="vp-jwt"))

        assert report["holder"].result is Result.PASSED
        assert report["schema"].result is Result.PASSED
        assert report.credentials[0].format == "vc-data-model-1.1"
        assert report.credentials[0]["proof"].result is Result.PASSED
        assert report.credentials[0]["holder"].result is Result.PASSED


class TestSelfAsserted:
    DRAFT: dict[str, Any] = {
        "@context": [BASE],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"name": "Gouda"},
    }

    def report(self, amara: Learner, issuer: str, form: str, **members: Any) -> PresentationReport:
        document = presentation(self.DRAFT | {"issuer": issuer}, **members)
        return amara.judge(unchecked(document, amara.key, form=form))

    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_is_what_only_the_holder_says(self, amara: Learner, form: str) -> None:
        report = self.report(amara, amara.did, form, holder=amara.did)

        proof = report.credentials[0]["proof"]
        assert (proof.result, proof.code) == (Result.LOOK_CLOSER, "proof.self-asserted")
        assert report.verdict is PresentationVerdict.UNFINISHED
        assert report.credentials[0].credential is None

    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_needs_a_holder_that_is_the_issuer(self, amara: Learner, form: str) -> None:
        for issuer, members in (
            (amara.did, {}),
            ("did:example:alice", {"holder": amara.did}),
            ("did:example:alice", {}),
        ):
            report = self.report(amara, issuer, form, **members)
            assert report.credentials[0]["proof"].code == "proof.missing"
            assert report.credentials[0]["proof"].result is Result.FAILED
            assert report.verdict is PresentationVerdict.DOUBTFUL

    def test_needs_a_signature_that_is_the_holders(self, amara: Learner) -> None:
        report = self.report(amara, "did:example:alice", "eddsa-jcs-2022", holder="did:example:alice")

        assert report.credentials[0]["proof"].code == "proof.missing"

    def test_is_never_believed_unsigned(self, amara: Learner) -> None:
        document = presentation(self.DRAFT | {"issuer": amara.did}, holder=amara.did)

        report = amara.judge(dumps(document), challenge=None, domain=None)

        assert report.credentials[0]["proof"].code == "proof.missing"


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the path to every node, the inner ones first."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in pairs:
        yield from leaves(part, (*path, step))
        yield (*path, step)


def edits(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give copies of a document with one node changed, taken away, nested or doubled."""
    for path in leaves(document):
        for kind in ("changed", "gone", "nested", "joined"):
            copied = copy.deepcopy(document)
            holder: Any = copied
            for step in path[:-1]:
                holder = holder[step]
            value = holder[path[-1]]
            if kind == "changed":
                holder[path[-1]] = f"{value}x" if isinstance(value, str) else "x"
            elif kind == "gone":
                del holder[path[-1]]
            elif kind == "nested":
                holder[path[-1]] = {"id": "urn:example:new", "name": value}
            elif isinstance(holder, dict):
                holder["unsaid"] = value
            else:
                holder.append("urn:example:new")
            yield f"{kind} {'/'.join(map(str, path))}", copied


class TestEdits:
    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_of_any_node_are_seen(self, suite: str, form: str) -> None:
        amara = Learner()
        badge = amara.badge(suite)
        shown = json.loads(amara.shows(badge, form=form))
        assert amara.judge(dumps(shown)).verdict is PresentationVerdict.GENUINE

        tried = list(edits(shown))
        taken = [name for name, edited in tried if amara.judge(dumps(edited)).exit_code == 0]

        assert len(tried) > 900
        assert taken == []

    @pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_that_swap_add_or_take_credentials_are_seen(self, amara: Learner, form: str) -> None:
        one, two, three = (json.loads(amara.badge(id=f"urn:uuid:{place}")) for place in range(3))
        shown = json.loads(amara.shows(dumps(one), dumps(two), form=form))

        for credentials in ([one], [one, three], [one, two, three], [one, two, two], [], one):
            edited = shown | {"verifiableCredential": credentials}
            assert amara.judge(dumps(edited)).verdict is PresentationVerdict.CHANGED


class TestEnvelopes:
    def test_hold_a_credential_of_their_own(self, amara: Learner) -> None:
        for suite in ("open-badges-3.0", "vc-jose-cose"):
            data = dumps(envelopes.wrap(amara.badge(suite).decode(), envelopes.JWT))
            report = check(data, fetch=amara.college.fetch, at=NOW)

            assert report.verdict is Verdict.GENUINE
            assert report.credential is not None
            assert report.credential["id"] == golden_document()["id"]

    @pytest.mark.parametrize("form", FORMS[:2])
    def test_that_cannot_be_read_leave_the_others_be(self, amara: Learner, form: str) -> None:
        broken = envelopes.wrap("eyJhbGciOiJFZERTQSJ9.e30", envelopes.JWT)
        document = presentation(broken, json.loads(amara.badge()), holder=amara.did)

        report = amara.judge(unchecked(document, amara.key, form=form))

        assert verdicts(report) == ["unreadable", "genuine"]
        assert report.exit_code == 1


class TestLimits:
    def test_refuse_a_presentation_in_a_presentation(self, amara: Learner) -> None:
        inner = json.loads(amara.shows(amara.badge()))
        enveloped = envelopes.wrap(
            amara.shows(amara.badge("vc-jose-cose"), form="vp+jwt").decode(), envelopes.PRESENTATION_JWT
        )

        for nested in (
            inner,
            enveloped,
            inner | {"type": ["VerifiableCredential", "VerifiablePresentation"]},
        ):
            report = amara.judge(dumps(presentation(nested, holder=amara.did)))
            assert report.verdict is PresentationVerdict.UNREADABLE
            assert report["readable"].code == "unreadable.nested-presentation"

    def test_a_document_in_the_id_of_a_plain_presentation_is_refused(self) -> None:
        hidden = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": "VerifiablePresentation",
            "id": "data:application/vp+jwt,eyJhbGciOiJFZERTQSJ9.e30.AA",
        }

        with pytest.raises(Unreadable, match="does not say that it is an envelope"):
            read_presentation(json.dumps(hidden).encode())

    def test_take_a_bare_token_only_in_the_older_form(self, amara: Learner) -> None:
        document = presentation(amara.badge("vc-jose-cose").decode(), holder=amara.did)

        today = amara.judge(unchecked(document, amara.key, form="eddsa-jcs-2022"))
        older = amara.judge(unchecked(document, amara.key, form="vp-jwt"))

        assert verdicts(today) == ["unreadable"]
        assert today["schema"].code == "schema.broken-rule"
        assert verdicts(older) == ["genuine"]

    def test_take_sixteen_credentials_and_no_more(self, amara: Learner) -> None:
        key = did_key.with_did_key(SigningKey.generate())
        amara.college.did, amara.college.key = str(key.id).partition("#")[0], key
        badges = [
            amara.badge("open-badges-3.0", id=f"urn:uuid:{n}", credentialStatus=None) for n in range(17)
        ]

        report = amara.judge(amara.shows(*badges[:16]))
        assert report.verdict is PresentationVerdict.GENUINE
        with pytest.raises(FailedChecks, match="16 credentials"):
            amara.shows(*badges)
        more = presentation(*(envelopes.wrap(badge.decode(), envelopes.JWT) for badge in badges))
        report = amara.judge(dumps(more))
        assert report["readable"].code == "unreadable.too-many-credentials"

    @pytest.mark.parametrize("form", FORMS)
    def test_let_an_envelope_be_longer_than_other_texts(self, amara: Learner, form: str) -> None:
        badge = amara.badge("vc-jose-cose", description="x" * 60_000)
        assert len(badge) > 64 * 1024

        assert amara.judge(amara.shows(badge, form=form)).verdict is PresentationVerdict.GENUINE

    def test_fetch_five_times_for_all_of_it(self, amara: Learner) -> None:
        colleges = [IssuerWorld(did=f"did:web:college-{n}.example") for n in range(8)]
        for college in colleges:
            amara.college.documents |= {college.did_url: college.documents[college.did_url]}
        badges = [
            Learner(college=college, key=amara.key).badge(id=f"urn:uuid:{n}", credentialStatus=None)
            for n, college in enumerate(colleges)
        ]

        report = amara.judge(amara.shows(*badges))

        assert len(amara.college.asked) == 5
        assert verdicts(report) == ["genuine"] * 5 + ["unfinished"] * 3
        assert report.verdict is PresentationVerdict.UNFINISHED

    def test_send_nobody_anywhere_for_a_changed_presentation(self, amara: Learner) -> None:
        shown = json.loads(amara.shows(amara.badge()))
        shown["holder"] = "did:example:mallory"

        assert amara.judge(dumps(shown)).verdict is PresentationVerdict.CHANGED
        assert amara.college.asked == []

    def test_hold_for_all_credentials_together(self, amara: Learner) -> None:
        draft = golden_document(subject_id=amara.did)
        achievement: Any = draft["credentialSubject"]
        achievement["achievement"]["alignment"] = [
            {"type": "Alignment", "targetName": f"skill {n}", "targetUrl": f"https://a.example/{n}"}
            for n in range(80)
        ]
        badges = [json.loads(amara.college.issue(**draft | {"id": f"urn:uuid:{n}"})) for n in range(16)]
        data = unchecked(presentation(*badges, holder=amara.did), amara.key, form="eddsa-jcs-2022")
        assert 200_000 < len(data) < 256 * 1024

        started = time.process_time()
        report = amara.judge(data)

        assert time.process_time() - started < 2
        assert set(verdicts(report)) <= {"genuine", "unfinished"}

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"[]",
            b"5",
            b"{}",
            b'{"type": "VerifiablePresentation"}',
            b'{"type": ["VerifiablePresentation"], "verifiableCredential": null, "@context": null}',
            b'{"type": ["VerifiablePresentation"], "verifiableCredential": [null, 5, "x", [], {}], "proof": []}',
            b'{"type": ["VerifiablePresentation"], "holder": 5, "proof": {"type": "DataIntegrityProof"}}',
            b'{"type": "EnvelopedVerifiablePresentation", "id": "data:application/vp+jwt,x"}',
            b"eyJhbGciOiJFZERTQSIsInR5cCI6InZwK2p3dCJ9.e30.AA",
            b"{" * 99_999,
        ],
    )
    def test_never_raise(self, amara: Learner, data: bytes) -> None:
        report = amara.judge(data)

        assert report.exit_code in (1, 2, 3)
        assert report.as_json()["verdict"] == report.verdict.value
