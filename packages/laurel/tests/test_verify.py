# SPDX-License-Identifier: Apache-2.0
"""Genuine only when every required check ran and passed; and only what was signed is shown."""

import copy
import hashlib
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import CLEANED_URL, ISSUER_DID, NOTEBOOK_URL, REVOCATIONS, SUSPENSIONS, golden_document
from shared_folder import shared

from laurel import issue
from laurel import verify as verifying
from laurel.did import jwk as did_jwk
from laurel.did import key as did_key
from laurel.did import web
from laurel.errors import LaurelError
from laurel.formats import baking
from laurel.proof import data_integrity, jose, vc_jwt
from laurel.proof.encodings import to_base58btc, to_base64url
from laurel.proof.keys import SigningKey
from laurel.verify import CHECK_NAMES, Report, Result, Unreachable, Verdict

CONTEXTS: Any = golden_document()["@context"]
SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "open-badges-3.0", "vc-jose-cose")


@pytest.fixture
def college() -> IssuerWorld:
    return IssuerWorld()


def judge(college: IssuerWorld, data: bytes, **more: Any) -> Report:
    """Check some bytes as of NOW, with the college's documents as the web."""
    return verifying.check(data, **({"fetch": college.fetch, "at": NOW} | more))


def results(report: Report) -> dict[str, str]:
    """Every check's result by name."""
    return {check.name: check.result.value for check in report.checks}


class TestGenuine:
    @pytest.mark.parametrize("suite", SUITES)
    def test_when_every_required_check_passed(self, college: IssuerWorld, suite: str) -> None:
        report = judge(college, college.issue(suite))

        assert report.verdict is Verdict.GENUINE
        assert report.exit_code == 0
        assert results(report) == {
            "readable": "passed",
            "proof": "passed",
            "issuer": "passed",
            "trust": "not_checked",
            "status": "passed",
            "period": "passed",
            "schema": "passed",
            "evidence": "not_checked",
            "endorsements": "not_checked",
            "recipient": "not_checked",
            "holder": "not_checked",
        }
        assert [check.required for check in report.checks] == [
            True,
            True,
            True,
            False,
            True,
            True,
            True,
            False,
            False,
            False,
            False,
        ]

    @pytest.mark.parametrize("kind", ["p256", "rsa2048"])
    def test_with_the_other_kinds_of_key(self, kind: Any) -> None:
        college = IssuerWorld()
        signing = SigningKey.generate(kind).with_id(f"{ISSUER_DID}#key-2")
        college.publish(college.did_url, web.document(ISSUER_DID, [college.key.public, signing.public]))
        college.key = signing

        assert judge(college, college.issue("open-badges-3.0")).verdict is Verdict.GENUINE

    @pytest.mark.parametrize("method", [did_key, did_jwk])
    @pytest.mark.parametrize("suite", SUITES)
    def test_for_an_issuer_that_is_its_own_document(self, method: Any, suite: str) -> None:
        key = SigningKey.generate()
        did = method.did(key.public)
        key = did_key.with_did_key(key) if method is did_key else key.with_id(f"{did}#0")
        college = IssuerWorld()
        college.did, college.key = did, key

        report = judge(college, college.issue(suite, credentialStatus=None))

        assert report.verdict is Verdict.GENUINE
        assert report["status"].code == "status.none"
        assert college.asked == []

    def test_shows_the_claims_and_not_the_proof(self, college: IssuerWorld) -> None:
        report = judge(college, college.issue())

        assert report.credential == golden_document()
        assert report.issuer_id == ISSUER_DID
        assert report.issuer_name == "Fernhill College"
        assert report.achievement_name == "Data Cleaning with Python"
        assert report.valid_until == datetime(2031, 10, 14, 9, 30, tzinfo=UTC)
        assert report.format == "open-badges-3.0"
        assert report.technical["suite"] == "eddsa-rdfc-2022"

    def test_comes_out_of_every_carrier(self, college: IssuerWorld) -> None:
        text = college.issue().decode()
        png = shared("hostile", "PngSuite", "basn2c08.png").read_bytes()
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'

        for data in (baking.bake_png(png, text), baking.bake_svg(svg, text), b"\n" + text.encode() + b"\r\n"):
            assert judge(college, data).verdict is Verdict.GENUINE

    def test_names_its_checks_always_and_in_order(self, college: IssuerWorld) -> None:
        for data in (college.issue(), b"", b"{}", college.issue().replace(b"Okafor", b"Okafar")):
            report = judge(college, data)
            assert tuple(check.name for check in report.checks) == CHECK_NAMES
            assert all(check.message.rstrip(")").endswith(".") for check in report.checks)
            assert report["holder"].result is Result.NOT_CHECKED

    def test_is_one_json_object(self, college: IssuerWorld) -> None:
        shown = json.loads(json.dumps(judge(college, college.issue()).as_json()))

        assert list(shown)[:4] == ["verdict", "checks", "format", "credential"]
        assert shown["verdict"] == "genuine"
        assert {"name", "result", "code", "message"} <= shown["checks"][0].keys()


class TestChanged:
    @pytest.mark.parametrize("suite", SUITES)
    def test_when_a_word_is_another(self, college: IssuerWorld, suite: str) -> None:
        data = college.issue(suite)
        if suite in ("open-badges-3.0", "vc-jose-cose"):
            head, payload, signature = data.decode().split(".")
            place = len(payload) // 2
            letter = "A" if payload[place] != "A" else "B"
            data = f"{head}.{payload[:place]}{letter}{payload[place + 1 :]}.{signature}".encode()
        else:
            data = data.replace(b"Amara Okafor", b"Zoe Okafor")

        report = judge(college, data)

        assert report.verdict in (Verdict.CHANGED, Verdict.UNREADABLE)
        assert report.credential is None
        assert report.subject_name is report.issuer_name is report.achievement_name is None

    def test_when_the_proof_is_gone(self, college: IssuerWorld) -> None:
        report = judge(college, json.dumps(golden_document()).encode())

        assert (report.verdict, report["proof"].code) == (Verdict.CHANGED, "proof.missing")
        assert college.asked == []

    def test_before_anything_else(self, college: IssuerWorld) -> None:
        college.set_status(revoked=[94567])
        data = college.issue(validUntil="2026-10-15T00:00:00Z").replace(b"Okafor", b"Okafar")

        report = judge(college, data, trust=())

        assert report.verdict is Verdict.CHANGED
        assert report.exit_code == 1

    def test_leaves_every_later_check_undone(self, college: IssuerWorld) -> None:
        report = judge(college, college.issue().replace(b"Okafor", b"Okafar"), evidence=True)

        assert set(results(report).values()) == {"passed", "failed", "not_checked"}
        assert results(report)["readable"] == "passed"
        assert list(results(report).values()).count("passed") == 1
        assert college.asked == [college.did_url]


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "undefined property": lambda d: d.update(grade="distinction"),
    "undefined property inside": lambda d: d["credentialSubject"]["achievement"].update(honours=True),
    "misspelt term": lambda d: d.update(Description="Best of all"),
    "inline context that renames": lambda d: d["@context"].append(
        {"name": "https://schema.org/alternateName"}
    ),
    "inline context inside": lambda d: d["credentialSubject"].update(
        {"@context": {"grade": "https://x.example/g"}}
    ),
    "null first in the contexts": lambda d: d["@context"].insert(0, None),
    "null last in the contexts": lambda d: d["@context"].append(None),
    "contexts in another order": lambda d: d["@context"].reverse(),
    "a context twice": lambda d: d["@context"].append(d["@context"][0]),
    "a context nobody knows": lambda d: d["@context"].append("https://attacker.example/context.json"),
    "@graph": lambda d: d.update({"@graph": []}),
    "@reverse": lambda d: d.update({"@reverse": {}}),
    "@nest": lambda d: d.update({"@nest": {"name": "Other"}}),
    "@included": lambda d: d.update({"@included": []}),
    "@index": lambda d: d.update({"@index": "x"}),
    "null value": lambda d: d.update(awardedBy=None, name=None) or d.update(name=None),
    "null for a defined term": lambda d: d["credentialSubject"].update(role=None),
    "doubled string": lambda d: d["credentialSubject"]["achievement"]["tag"].append("Python"),
    "alias doubled": lambda d: d.update({"@id": d["id"]}),
    "empty object": lambda d: d.update(grade={}),
    "relative id": lambda d: d["credentialSubject"].update(image={"id": "badge.png", "type": "Image"}),
    "extra type": lambda d: d["type"].append("DistinctionCredential"),
    "value object": lambda d: d.update(name={"@value": d["name"], "grade": "A"}),
    "proof purpose": lambda d: d["proof"].update(proofPurpose="authentication"),
    "proof created": lambda d: d["proof"].update(created="2020-01-01T00:00:00Z"),
    "proof term": lambda d: d["proof"].update(grade="A"),
    "proof suite": lambda d: d["proof"].update(
        cryptosuite={"eddsa-jcs-2022": "eddsa-rdfc-2022"}.get(d["proof"]["cryptosuite"], "eddsa-jcs-2022")
    ),
    "status gone": lambda d: d.pop("credentialStatus"),
    "status elsewhere": lambda d: d["credentialStatus"][0].update(statusListIndex="5"),
    "end gone": lambda d: d.pop("validUntil"),
    "result raised": lambda d: d["credentialSubject"]["result"][2].update(value="99"),
    "digest swapped": lambda d: d["relatedResource"][0].update(digestMultibase="uEiAAAA"),
}


class TestEdits:
    """What a plain JSON-LD verifier lets through: nothing of it is called genuine, nothing of it shown."""

    @pytest.mark.parametrize("name", EDITS)
    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_are_never_verified(self, college: IssuerWorld, suite: str, name: str) -> None:
        document = json.loads(college.issue(suite))
        before = copy.deepcopy(document)
        EDITS[name](document)
        assert document != before

        report = judge(college, json.dumps(document).encode())

        assert report["proof"].result is not Result.PASSED
        assert report.credential is None
        assert report.exit_code != 0

    @settings(
        max_examples=60,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        deadline=None,
    )
    @given(data=st.data())
    def test_of_any_byte_are_never_shown(self, data: st.DataObject) -> None:
        text = ISSUED.decode()
        place = data.draw(st.integers(0, len(text) - 1))
        letter = data.draw(st.sampled_from('0aZ"{}[],:\\ \u00e9'))
        changed = text[:place] + letter + text[place + 1 :]

        report = judge(COLLEGE, changed.encode())

        if report.credential is not None:
            assert json.loads(changed) == json.loads(text)  # such as another letter of white space
        else:
            assert report.exit_code != 0


COLLEGE = IssuerWorld()
ISSUED = COLLEGE.issue()


class TestIssuer:
    def test_is_another_than_the_one_who_signed(self, college: IssuerWorld) -> None:
        stranger = did_key.with_did_key(SigningKey.generate())
        data = json.dumps(
            data_integrity.sign(golden_document(), stranger, suite="eddsa-rdfc-2022", created=ISSUED_AT)
        )

        report = judge(college, data.encode())

        assert (report.verdict, report.exit_code) == (Verdict.UNKNOWN_ISSUER, 1)
        assert report["proof"].result is Result.PASSED
        assert report["issuer"].code == "issuer.other-key"

    def test_five_issuers_by_five_keys_gives_five(self, college: IssuerWorld) -> None:
        keys = [did_key.with_did_key(SigningKey.generate()) for _ in range(2)]
        keys += [
            key.with_id(did_jwk.did(key.public) + "#0")
            for key in (SigningKey.generate(), SigningKey.generate())
        ]
        keys.append(college.key)
        dids = [str(key.id).partition("#")[0] for key in keys]

        verdicts = [
            judge(
                college, vc_jwt.sign(golden_document(issuer_id=did) | {"credentialStatus": []}, key).encode()
            )["issuer"].result
            for did in dids
            for key in keys
        ]

        assert verdicts.count(Result.PASSED) == 5
        assert verdicts[::6] == [Result.PASSED] * 5

    def test_does_not_list_the_key(self, college: IssuerWorld) -> None:
        data = college.issue()
        college.publish(
            college.did_url,
            web.document(college.did, [SigningKey.generate().public.with_id(f"{college.did}#key-9")]),
        )

        report = judge(college, data)

        assert report.exit_code == 1
        assert report["proof"].code == "proof.key-not-listed"

    def test_changed_the_key_under_the_same_name(self, college: IssuerWorld) -> None:
        data = college.issue()
        college.publish(
            college.did_url,
            web.document(college.did, [SigningKey.generate().public.with_id(f"{college.did}#key-1")]),
        )

        assert judge(college, data).verdict is Verdict.CHANGED

    def test_revoked_the_key(self, college: IssuerWorld) -> None:
        data = college.issue()
        document: dict[str, Any] = web.document(college.did, [college.key.public])
        document["verificationMethod"][0]["revoked"] = "2026-11-01T00:00:00Z"
        college.publish(college.did_url, document)

        report = judge(college, data)

        assert report["issuer"].code == "issuer.key-revoked"
        assert report.verdict is Verdict.UNKNOWN_ISSUER

    def test_retired_the_key_after_signing(self, college: IssuerWorld) -> None:
        data = college.issue()
        document: dict[str, Any] = web.document(college.did, [college.key.public])
        document["verificationMethod"][0]["expires"] = "2026-11-01T00:00:00Z"
        college.publish(college.did_url, document)

        assert judge(college, data).verdict is Verdict.GENUINE

    def test_document_belongs_to_somebody_else(self, college: IssuerWorld) -> None:
        data = college.issue()
        college.publish(
            college.did_url,
            web.document(
                "did:web:other.example", [SigningKey.generate().public.with_id("did:web:other.example#key-1")]
            ),
        )

        assert judge(college, data)["issuer"].code == "issuer.wrong-document"

    @pytest.mark.parametrize("answer", [None, b"", b"<html>", b"[]", b"null", b"\xff", b'{"id":1,"id":2}'])
    def test_document_cannot_be_had(self, college: IssuerWorld, answer: bytes | None) -> None:
        data = college.issue()
        del college.documents[college.did_url]
        if answer is not None:
            college.documents[college.did_url] = answer

        report = judge(college, data)

        assert (report.verdict, report.exit_code) == (Verdict.UNFINISHED, 3)
        assert report["issuer"].detail["host"] == "fernhill.example"
        assert report.credential is None

    def test_is_not_blamed_for_an_address_that_we_did_not_ask(self, college: IssuerWorld) -> None:
        report = judge(college, college.issue(), most_fetches=1)

        assert report["issuer"].result is Result.PASSED
        assert report["status"].code == "status.unreachable"
        assert (
            "The limit for one file is reached: with most_fetches=1 nothing more" in report["status"].message
        )

    @pytest.mark.parametrize(
        "method", ["did:ion:abc#1", "http://fernhill.example/keys/1", "urn:uuid:1#k", "did:web:10.0.0.1#k"]
    )
    def test_key_is_named_in_a_way_we_do_not_follow(self, college: IssuerWorld, method: str) -> None:
        data = data_integrity.sign(
            golden_document(), college.key.with_id(method), suite="eddsa-rdfc-2022", created=ISSUED_AT
        )

        report = judge(college, json.dumps(data).encode())

        assert report.exit_code in (1, 3)
        assert report.credential is None
        assert college.asked == []


class TestJwtKeys:
    def test_in_the_header_alone_prove_no_issuer(self, college: IssuerWorld) -> None:
        stranger = SigningKey.generate()
        claims = json.dumps(golden_document()).encode()

        report = judge(
            college,
            jose.encode({"typ": "JWT", "jwk": dict(stranger.public.to_jwk())}, claims, stranger).encode(),
        )

        assert report.verdict is Verdict.UNKNOWN_ISSUER
        assert report["issuer"].result is Result.FAILED

    def test_in_the_header_prove_the_issuer_that_is_the_key(self, college: IssuerWorld) -> None:
        key = SigningKey.generate()
        document = golden_document(issuer_id=did_key.did(key.public))
        del document["credentialStatus"]

        for header in ({"jwk": dict(key.public.to_jwk())}, {}):
            text = jose.encode({"typ": "JWT"} | header, json.dumps(document).encode(), key)  # type: ignore[arg-type]  # JSON
            assert judge(college, text.encode()).verdict is Verdict.GENUINE

    def test_behind_an_address_of_the_issuer(self, college: IssuerWorld) -> None:
        issuer = "https://fernhill.example/issuers/7"
        key = SigningKey.generate("rsa2048").with_id(f"{issuer}/keys/1")
        college.publish(f"{issuer}/keys/1", key.public.to_jwk())
        document = golden_document(issuer_id=issuer)
        del document["credentialStatus"]

        assert judge(college, vc_jwt.sign(document, key).encode()).verdict is Verdict.GENUINE

        elsewhere = key.with_id("https://attacker.example/keys/1")
        college.publish("https://attacker.example/keys/1", key.public.to_jwk())
        assert judge(college, vc_jwt.sign(document, elsewhere).encode()).verdict is Verdict.UNKNOWN_ISSUER

    @pytest.mark.parametrize(
        ("issuer", "key_url"),
        [
            (
                "https://fernhill.example/issuers/7",
                "https://fernhill.example/issuers/7/../../files/mallory.json",
            ),
            ("https://fernhill.example/issuers/7", "https://fernhill.example/issuers/7/%2e%2e/mallory.json"),
            ("https://fernhill.example/issuers/7", "https://fernhill.example/issuers/7/?file=mallory.json"),
            ("https://fernhill.example/issuers/7", "https://fernhill.example/issuers/7//mallory.json"),
            ("https://fernhill.example/issuers/7", "https://fernhill.example/issuers/7/.."),
            ("https://fernhill.example/issuers/7", "https://fernhill.example/issuers/77/keys/1"),
            ("https://fernhill.example", "https://fernhill.example/uploads/mallory.json"),
            ("https://fernhill.example/", "https://fernhill.example/uploads/mallory.json"),
            ("https://fernhill.example", "https://fernhill.example.attacker.example/.well-known/key.json"),
            ("https://fernhill.example", "https://fernhill.example/.well-known/../uploads/mallory.json"),
        ],
    )
    def test_behind_an_address_that_others_may_write_to_prove_no_issuer(
        self, college: IssuerWorld, issuer: str, key_url: str
    ) -> None:
        key = SigningKey.generate("p256").with_id(key_url)
        college.publish(key_url, key.public.to_jwk())
        document = golden_document(issuer_id=issuer)
        del document["credentialStatus"]

        report = judge(college, vc_jwt.sign(document, key).encode())

        assert (report.verdict, report["issuer"].code) == (Verdict.UNKNOWN_ISSUER, "issuer.other-key")

    def test_in_the_well_known_folder_of_the_issuer_prove_it(self, college: IssuerWorld) -> None:
        key = SigningKey.generate("p256").with_id("https://fernhill.example/.well-known/key.json")
        college.publish(str(key.id), key.public.to_jwk())
        document = golden_document(issuer_id="https://fernhill.example")
        del document["credentialStatus"]

        assert judge(college, vc_jwt.sign(document, key).encode()).verdict is Verdict.GENUINE

    @pytest.mark.parametrize(
        ("algorithm", "verdict"),
        [("PS256", Verdict.UNFINISHED), ("HS256", Verdict.CHANGED), ("none", Verdict.CHANGED)],
    )
    def test_that_sign_in_a_way_we_do_not_check_leave_it_open(
        self, college: IssuerWorld, algorithm: str, verdict: Verdict
    ) -> None:
        key = SigningKey.generate("rsa2048")
        key = key.with_id(f"{did_jwk.did(key.public)}#0")
        document = golden_document(issuer_id=did_jwk.did(key.public))
        _, payload, signature = vc_jwt.sign(document, key).split(".")
        header = to_base64url(json.dumps({"alg": algorithm, "kid": key.id}).encode())

        assert judge(college, f"{header}.{payload}.{signature}".encode()).verdict is verdict

    def test_that_nobody_names_leave_it_open(self, college: IssuerWorld) -> None:
        text = jose.encode({"typ": "JWT"}, json.dumps(golden_document()).encode(), college.key)

        assert judge(college, text.encode())["proof"].code == "proof.no-key-named"

    def test_contradicting_claims_are_a_change(self, college: IssuerWorld) -> None:
        claims = golden_document() | {"iss": "did:web:other.example"}
        text = jose.encode({"typ": "JWT", "kid": college.key.id}, json.dumps(claims).encode(), college.key)

        report = judge(college, text.encode())

        assert (report.verdict, report["proof"].code) == (Verdict.CHANGED, "proof.claims")


class TestProofSets:
    def secured(self, college: IssuerWorld, *, second: SigningKey) -> dict[str, Any]:
        return dict(
            data_integrity.sign(
                json.loads(college.issue()), second, suite="eddsa-rdfc-2022", created=ISSUED_AT
            )
        )

    def test_one_good_proof_of_the_issuer_is_enough(self, college: IssuerWorld) -> None:
        document = self.secured(college, second=did_key.with_did_key(SigningKey.generate()))

        assert judge(college, json.dumps(document).encode()).verdict is Verdict.GENUINE
        document["proof"].reverse()
        assert judge(college, json.dumps(document).encode()).verdict is Verdict.GENUINE

    def test_a_proof_that_builds_on_a_broken_one_is_broken(self, college: IssuerWorld) -> None:
        first = data_integrity.sign(
            golden_document(),
            did_key.with_did_key(SigningKey.generate()),
            suite="eddsa-rdfc-2022",
            created=ISSUED_AT,
            proof_id="urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544",
        )
        chained: dict[str, Any] = data_integrity.sign(
            first,
            college.key,
            suite="eddsa-rdfc-2022",
            created=ISSUED_AT,
            previous=["urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544"],
        )
        assert judge(college, json.dumps(chained).encode()).verdict is Verdict.GENUINE

        other = data_integrity.sign(
            golden_document() | {"name": "Other"}, college.key, suite="eddsa-rdfc-2022", created=ISSUED_AT
        )
        chained["proof"][0]["proofValue"] = other["proof"]["proofValue"]  # type: ignore[call-overload,index]  # an object
        assert judge(college, json.dumps(chained).encode()).verdict is Verdict.CHANGED

        del chained["proof"][0]
        assert judge(college, json.dumps(chained).encode()).verdict is Verdict.CHANGED

    def test_a_crowd_of_proofs_is_not_worked_through(self, college: IssuerWorld) -> None:
        document = json.loads(college.issue())
        document["proof"] = [document["proof"]] * 5

        assert judge(college, json.dumps(document).encode())["proof"].code == "proof.too-many"

    def test_an_unknown_suite_is_left_open(self, college: IssuerWorld) -> None:
        document = json.loads(college.issue())
        document["proof"] |= {"cryptosuite": "bbs-2023"}

        report = judge(college, json.dumps(document).encode())

        assert (report.verdict, report["proof"].code) == (Verdict.UNFINISHED, "proof.unsupported")


class TestTrust:
    def test_is_neither_checked_nor_required_without_a_list(self, college: IssuerWorld) -> None:
        report = judge(college, college.issue())

        assert report["trust"].result is Result.NOT_CHECKED
        assert not report["trust"].required

    @pytest.mark.parametrize(
        ("trust", "verdict"),
        [
            ([ISSUER_DID], Verdict.GENUINE),
            (["did:web:other.example"], Verdict.UNKNOWN_ISSUER),
            ([], Verdict.UNKNOWN_ISSUER),
            ([ISSUER_DID + ":x", ISSUER_DID[:-1]], Verdict.UNKNOWN_ISSUER),
        ],
    )
    def test_is_what_the_list_says(self, college: IssuerWorld, trust: list[str], verdict: Verdict) -> None:
        assert judge(college, college.issue(), trust=trust).verdict is verdict

    def test_is_never_given_to_a_name_alone(self, college: IssuerWorld) -> None:
        stranger = did_key.with_did_key(SigningKey.generate())
        data = json.dumps(
            data_integrity.sign(golden_document(), stranger, suite="eddsa-rdfc-2022", created=ISSUED_AT)
        )

        report = judge(college, data.encode(), trust=[ISSUER_DID])

        assert report["trust"].result is Result.NOT_CHECKED
        assert report.verdict is Verdict.UNKNOWN_ISSUER


class TestStatus:
    @pytest.mark.parametrize(
        ("revoked", "suspended", "verdict"),
        [
            ([94567], [], Verdict.WITHDRAWN),
            ([], [17], Verdict.ON_HOLD),
            ([94567], [17], Verdict.WITHDRAWN),
            ([94566, 94568, 17], [16, 18, 94567], Verdict.GENUINE),
        ],
    )
    def test_is_the_credentials_own_bit(
        self, college: IssuerWorld, revoked: list[int], suspended: list[int], verdict: Verdict
    ) -> None:
        data = college.issue()
        college.set_status(revoked, suspended)

        report = judge(college, data)

        assert report.verdict is verdict
        assert report.exit_code == (0 if verdict is Verdict.GENUINE else 1)
        assert report.credential is not None

    def test_of_one_list_counts_when_the_other_is_missing(self, college: IssuerWorld) -> None:
        college.set_status(revoked=[94567])
        del college.documents[SUSPENSIONS]

        assert judge(college, college.issue()).verdict is Verdict.WITHDRAWN

    @pytest.mark.parametrize("url", [REVOCATIONS, SUSPENSIONS])
    def test_is_open_when_any_list_is_missing(self, college: IssuerWorld, url: str) -> None:
        del college.documents[url]

        report = judge(college, college.issue())

        assert (report.verdict, report.exit_code) == (Verdict.UNFINISHED, 3)
        assert report["status"].detail["host"] == "fernhill.example"
        assert "did not answer" in report["status"].message

    @pytest.mark.parametrize(
        "answer", [b"", b"<html></html>", b"{}", b"[]", b"\x89PNG\r\n\x1a\n", b"a.b.c", b"x" * 2_000_000]
    )
    def test_is_open_when_the_list_is_something_else(self, college: IssuerWorld, answer: bytes) -> None:
        college.documents[REVOCATIONS] = answer

        assert judge(college, college.issue()).verdict is Verdict.UNFINISHED

    def test_is_open_when_the_list_was_changed(self, college: IssuerWorld) -> None:
        data = college.issue()
        honest = json.loads(college.status_list(REVOCATIONS, "revocation", []))
        revoking = json.loads(college.status_list(REVOCATIONS, "revocation", [94567]))
        revoking["credentialSubject"]["encodedList"] = honest["credentialSubject"]["encodedList"]
        college.publish(REVOCATIONS, revoking)

        report = judge(college, data)

        assert (report.verdict, report["status"].code) == (Verdict.UNFINISHED, "status.bad-signature")

    def test_is_open_when_somebody_else_signed_the_list(self, college: IssuerWorld) -> None:
        stranger = did_key.with_did_key(SigningKey.generate())
        own = did_key.did(stranger.public)
        college.documents[REVOCATIONS] = college.status_list(
            REVOCATIONS, "revocation", [], issuer=own, key=stranger
        )

        assert judge(college, college.issue())["status"].code == "status.other-issuer"

    def test_is_open_when_the_list_is_for_another_purpose(self, college: IssuerWorld) -> None:
        college.documents[REVOCATIONS] = college.status_list(REVOCATIONS, "suspension", [])

        assert judge(college, college.issue())["status"].code == "status.purpose"

    def test_is_open_when_another_list_stands_in(self, college: IssuerWorld) -> None:
        college.documents[REVOCATIONS] = college.status_list(REVOCATIONS + "-old", "revocation", [])

        assert judge(college, college.issue())["status"].code == "status.other-list"

    def test_is_open_when_the_index_lies_outside(self, college: IssuerWorld) -> None:
        entries = golden_document()["credentialStatus"]
        outside = [entries[0] | {"statusListIndex": "131072"}, entries[1]]  # type: ignore[index,operator]  # objects

        assert judge(college, college.issue(credentialStatus=outside))["status"].code == "status.range"

    def test_is_open_when_the_list_is_of_yesterday(self, college: IssuerWorld) -> None:
        data = college.issue()
        college.set_status(valid_until=NOW - timedelta(days=1))

        assert judge(college, data)["status"].code == "status.stale"
        assert judge(college, data, at=NOW - timedelta(days=2)).verdict is Verdict.GENUINE

    def test_of_today_serves_for_another_moment_too(self, college: IssuerWorld) -> None:
        data = college.issue()
        college.set_status(valid_from=NOW - timedelta(hours=1), valid_until=NOW + timedelta(days=1))

        assert (
            judge(college, data, at=datetime(2040, 1, 1, tzinfo=UTC), seen_at=NOW).verdict
            is Verdict.OUT_OF_DATE
        )
        assert (
            judge(college, data, at=datetime(2026, 10, 20, tzinfo=UTC), seen_at=NOW).verdict
            is Verdict.GENUINE
        )

    @pytest.mark.parametrize("form", ["proof", "jwt", "jwt not yet"])
    def test_is_open_when_the_signature_of_the_list_does_not_serve(
        self, college: IssuerWorld, form: str
    ) -> None:
        data = college.issue()
        listing = json.loads(college.documents[REVOCATIONS])
        del listing["proof"]
        if form == "proof":
            old = data_integrity.sign(
                listing,
                college.key,
                suite="eddsa-rdfc-2022",
                created=ISSUED_AT,
                expires=ISSUED_AT + timedelta(days=1),
            )
            college.publish(REVOCATIONS, old)
        else:
            limit = {"exp": ISSUED_AT.timestamp() + 60} if form == "jwt" else {"nbf": NOW.timestamp() + 3600}
            claims = {name: value for name, value in listing.items() if name != "validFrom"} | limit
            token = jose.encode(
                {"typ": "vc+jwt", "kid": str(college.key.id)}, json.dumps(claims).encode(), college.key
            )
            college.documents[REVOCATIONS] = token.encode()

        report = judge(college, data)

        assert (report.verdict, report["status"].code) == (Verdict.UNFINISHED, "status.stale")

    def test_may_come_as_a_jwt(self, college: IssuerWorld) -> None:
        data = college.issue()
        listing = json.loads(college.status_list(REVOCATIONS, "revocation", [94567]))
        del listing["proof"]
        college.documents[REVOCATIONS] = vc_jwt.sign(listing, college.key, profile="vc-jose-cose").encode()

        assert judge(college, data).verdict is Verdict.WITHDRAWN

    def test_of_a_kind_we_do_not_know_is_open(self, college: IssuerWorld) -> None:
        entry = {"id": "https://fernhill.example/r", "type": "RevocationList2020Status"}
        document = golden_document() | {"credentialStatus": entry}

        report = judge(college, vc_jwt.sign(document, college.key).encode())

        assert report["status"].code == "status.unknown-type"
        assert report.verdict is not Verdict.GENUINE


class TestPeriod:
    START, END = datetime(2026, 10, 14, 9, 30, tzinfo=UTC), datetime(2031, 10, 14, 9, 30, tzinfo=UTC)

    @pytest.mark.parametrize("suite", SUITES)
    @pytest.mark.parametrize(
        ("at", "code"),
        [
            (START - timedelta(minutes=6), "period.not-yet"),
            (START - timedelta(minutes=4), "period.ok"),
            (END, "period.ok"),
            (END + timedelta(seconds=1), "period.ended"),
        ],
    )
    def test_has_sharp_edges(self, college: IssuerWorld, suite: str, at: datetime, code: str) -> None:
        report = judge(college, college.issue(suite), at=at, seen_at=NOW)

        assert report["period"].code == code
        assert report.verdict is (Verdict.GENUINE if code == "period.ok" else Verdict.OUT_OF_DATE)
        assert report.exit_code == (0 if code == "period.ok" else 1)

    def test_says_its_end_in_words(self, college: IssuerWorld) -> None:
        report = judge(college, college.issue(), at=datetime(2040, 1, 1, tzinfo=UTC), seen_at=NOW)

        assert report["period"].message == "It ended on 14 October 2031."
        assert report["period"].detail["valid_until"] == "2031-10-14T09:30:00Z"

    def test_ends_with_the_signature(self, college: IssuerWorld) -> None:
        data = data_integrity.sign(
            golden_document(),
            college.key,
            suite="eddsa-rdfc-2022",
            created=ISSUED_AT,
            expires=NOW - timedelta(days=1),
        )

        report = judge(college, json.dumps(data).encode())

        assert report["proof"].result is Result.PASSED
        assert (report.verdict, report["period"].code) == (Verdict.OUT_OF_DATE, "period.signature-ended")

    @pytest.mark.parametrize("value", ["soon", 7, "2031-10-14", "2031-10-14T09:30:00"])
    def test_that_cannot_be_read_is_open(self, college: IssuerWorld, value: Any) -> None:
        document = golden_document() | {"validUntil": value}
        data = jose.encode({"typ": "JWT", "kid": college.key.id}, json.dumps(document).encode(), college.key)

        report = judge(college, data.encode())

        assert report["period"].code == "period.malformed"
        assert report.exit_code != 0

    def test_ends_at_the_earlier_of_two_ends(self, college: IssuerWorld) -> None:
        key = did_key.with_did_key(SigningKey.generate())
        document = {
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "id": "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544",
            "type": ["VerifiableCredential"],
            "issuer": str(key.id).partition("#")[0],
            "issuanceDate": "2020-01-01T00:00:00Z",
            "expirationDate": "2021-01-01T00:00:00Z",
            "validUntil": "2099-01-01T00:00:00Z",
            "credentialSubject": {"id": "urn:example:amara"},
        }
        data = data_integrity.sign(document, key, suite="eddsa-jcs-2022", created=ISSUED_AT)

        assert judge(college, json.dumps(data).encode()).verdict is Verdict.OUT_OF_DATE


class TestSchema:
    def test_is_held_against_the_rules(self, college: IssuerWorld) -> None:
        document = golden_document()
        del document["credentialSubject"]["achievement"]["criteria"]  # type: ignore[call-overload,index]  # an object

        report = judge(college, vc_jwt.sign(document, college.key).encode())

        assert (report["schema"].result, report.verdict) == (Result.FAILED, Verdict.UNFINISHED)
        assert report.exit_code == 1

    @pytest.mark.parametrize(
        "twist",
        [
            {"@context": [*CONTEXTS, {"name": "https://attacker.example/name"}]},
            {"@context": [*CONTEXTS, "https://unknown.example/context"]},
            {"grade": "A+"},
            {"@graph": [{"id": "urn:example:1"}]},
            {"@nest": {"name": "Other"}},
        ],
        ids=["inline context", "unknown context", "undefined term", "graph", "nest"],
    )
    @pytest.mark.parametrize("form", ["eddsa-jcs-2022", "JWT", "vc+jwt"])
    def test_wants_a_closer_look_at_words_without_a_meaning(
        self, college: IssuerWorld, form: str, twist: dict[str, Any]
    ) -> None:
        """A signature over the text covers them, and two readers may still understand two things."""
        document = golden_document() | twist
        if form == "eddsa-jcs-2022":
            data = json.dumps(
                data_integrity.sign(document, college.key, suite=form, created=ISSUED_AT)
            ).encode()
        else:
            header: dict[str, Any] = {"typ": form, "kid": college.key.id}
            data = jose.encode(header, json.dumps(document).encode(), college.key).encode()

        report = judge(college, data)

        assert report["proof"].result is Result.PASSED
        assert (report.verdict, report["schema"].code) == (Verdict.UNFINISHED, "schema.no-meaning")
        assert report["schema"].result is Result.LOOK_CLOSER

    def test_goes_by_the_contexts_that_were_signed_and_so_do_the_claims(self, college: IssuerWorld) -> None:
        document = json.loads(college.issue("eddsa-jcs-2022"))
        signed = list(document["@context"])
        document["@context"].append("https://w3id.org/security/multikey/v1")

        report = judge(college, json.dumps(document).encode())

        assert report.verdict is Verdict.GENUINE
        assert report.credential is not None
        assert report.credential["@context"] == signed


class TestEvidence:
    def test_fits_its_fingerprints(self, college: IssuerWorld) -> None:
        report = judge(college, college.issue(), evidence=True)

        assert report["evidence"].result is Result.PASSED
        assert report["evidence"].message == "All 2 files fit the fingerprint that was signed."

    def test_that_was_swapped_is_a_change(self, college: IssuerWorld) -> None:
        college.documents[CLEANED_URL] += b"\n"

        report = judge(college, college.issue(), evidence=True)

        assert (report.verdict, report["evidence"].code, report.exit_code) == (
            Verdict.CHANGED,
            "evidence.changed",
            1,
        )

    def test_that_was_swapped_is_not_hidden_behind_a_fingerprint_we_do_not_know(
        self, college: IssuerWorld
    ) -> None:
        other = {"id": "https://fernhill.example/x", "type": ["Evidence"], "digestMultibase": "zQmUnknown"}
        resources = golden_document()["relatedResource"]
        data = college.issue(relatedResource=[{k: v for k, v in other.items() if k != "type"}, *resources])  # type: ignore[misc]  # a list
        college.documents |= {NOTEBOOK_URL: b"other", "https://fernhill.example/x": b"x"}

        assert judge(college, data, evidence=True)["evidence"].code == "evidence.changed"

    @pytest.mark.parametrize(
        ("name", "prefix"),
        [("sha256", b"\x12\x20"), ("sha384", b"\x20\x30"), ("sha512", b"\x13\x40"), ("sha256", b"")],
    )
    @pytest.mark.parametrize("base", ["base64url", "base58btc"])
    def test_may_have_a_fingerprint_of_any_usual_kind(
        self, college: IssuerWorld, name: str, prefix: bytes, base: str
    ) -> None:
        def written(data: bytes) -> str:
            multihash = prefix + hashlib.new(name, data).digest()
            return "u" + to_base64url(multihash) if base == "base64url" else to_base58btc(multihash)

        right, wrong = written(college.documents[NOTEBOOK_URL]), written(b"another file")
        codes = [
            judge(
                college,
                college.issue(relatedResource=[{"id": NOTEBOOK_URL, "digestMultibase": each}]),
                evidence=True,
            )["evidence"].code
            for each in (right, wrong, right[:-2])
        ]

        assert codes == ["evidence.ok", "evidence.changed", "evidence.unknown-digest"]

    def test_that_is_private_leaves_the_rest_genuine(self, college: IssuerWorld) -> None:
        del college.documents[CLEANED_URL]
        partly = judge(college, college.issue(), evidence=True)
        del college.documents[NOTEBOOK_URL]
        none = judge(college, college.issue(), evidence=True)

        assert (partly.verdict, partly["evidence"].code) == (Verdict.GENUINE, "evidence.partly")
        assert (none.verdict, none["evidence"].code) == (Verdict.GENUINE, "evidence.not-checked")
        assert none["evidence"].message.startswith("None of the files behind it was at hand")

    def test_is_not_fetched_unless_asked_for(self, college: IssuerWorld) -> None:
        judge(college, college.issue())

        assert college.asked == [college.did_url, REVOCATIONS, SUSPENSIONS]

    @pytest.mark.parametrize(
        ("sri", "result"),
        [
            ("sha384-AAAA", "failed"),
            ("md5-AAAA", "not_checked"),
            ("", "not_checked"),
            ("sha256-2jmj7l5rSw0yVb/vlWAYkK/YBwk= sha384-{good}", "passed"),
        ],
    )
    def test_may_have_other_fingerprints(self, college: IssuerWorld, sri: str, result: str) -> None:
        good = b64encode(hashlib.sha384(college.documents[NOTEBOOK_URL]).digest()).decode()
        document = golden_document() | {
            "relatedResource": [{"id": NOTEBOOK_URL, "digestSRI": sri.format(good=good)}]
        }

        report = judge(college, vc_jwt.sign(document, college.key).encode(), evidence=True)

        assert report["evidence"].result.value == result


class TestUnreadable:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "unreadable.empty"),
            (b" \n", "unreadable.empty"),
            (b"<!DOCTYPE html><title>Fernhill</title>", "unreadable.web-page"),
            (b"\n<HTML><body>", "unreadable.web-page"),
            (b"\x00\xff\xfe garbage", "unreadable.unknown-format"),
            (b"{", "unreadable.not-json"),
            (b'{"a":1,"a":2}', "unreadable.not-json"),
            (b"{}", "unreadable.not-a-credential"),
            (b"[]", "unreadable.not-a-credential"),
            (b'{"type":"Assertion"}', "unreadable.not-a-credential"),
            (b'{"type":"VerifiablePresentation"}', "unreadable.not-a-credential"),
            (b'{"type":[1,null,{}]}', "unreadable.not-a-credential"),
            (b"a.b.c", "unreadable.not-a-jws"),
            (b"[" * 100_000, "unreadable.too-large"),
            (b"{" + b" " * 11_000_000, "unreadable.too-large"),
            (b"\x89PNG\r\n\x1a\n", "unreadable.corrupt-image"),
            (b"%PDF-1.7", "unreadable.corrupt-image"),
        ],
    )
    def test_says_what_it_is(self, college: IssuerWorld, data: bytes, code: str) -> None:
        report = judge(college, data)

        assert (report.verdict, report.exit_code) == (Verdict.UNREADABLE, 2)
        assert report["readable"].code == code
        assert report.credential is None
        assert college.asked == []

    @settings(max_examples=150)
    @given(st.binary(max_size=300))
    def test_is_the_answer_to_any_noise(self, data: bytes) -> None:
        assert judge(COLLEGE, data).verdict is Verdict.UNREADABLE

    @settings(max_examples=100, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(sorted(golden_document())),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=8),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(
                        st.sampled_from(["id", "type", "@value", "statusPurpose"]), inner, max_size=3
                    )
                ),
                max_leaves=6,
            ),
            max_size=4,
        )
    )
    def test_nothing_raises_on_a_twisted_document(self, twist: dict[str, Any]) -> None:
        for document in (json.loads(ISSUED) | twist, golden_document() | twist):
            data = json.dumps(document).encode()
            token = jose.encode({"kid": COLLEGE.key.id}, data, COLLEGE.key).encode()
            for presented in (data, token):
                assert judge(COLLEGE, presented, evidence=True, trust=[ISSUER_DID]).as_json()

    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_is_a_presentation_even_one_that_calls_itself_a_credential(
        self, college: IssuerWorld, suite: str
    ) -> None:
        key = did_key.with_did_key(SigningKey.generate())
        document = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544",
            "type": ["VerifiablePresentation", "VerifiableCredential"],
            "issuer": str(key.id).partition("#")[0],
            "credentialSubject": {"id": "urn:example:amara"},
            "verifiableCredential": [json.loads(college.issue())],
        }
        data = data_integrity.sign(document, key, suite=suite, created=ISSUED_AT)

        assert judge(college, json.dumps(data).encode()).verdict is Verdict.UNREADABLE


class TestRounds:
    def test_need_keys_first_and_lists_only_once_the_signature_holds(self, college: IssuerWorld) -> None:
        presented = verifying.read(college.issue())
        keys = {college.did_url: college.documents[college.did_url]}
        lists = {url: college.documents[url] for url in (REVOCATIONS, SUSPENSIONS)}

        assert verifying.needs(presented, {}, at=NOW) == (college.did_url,)
        assert verifying.needs(presented, keys, at=NOW) == (REVOCATIONS, SUSPENSIONS)
        assert verifying.needs(presented, keys | lists, at=NOW) == ()
        assert verifying.needs(presented, keys | lists, at=NOW, evidence=True) == (NOTEBOOK_URL, CLEANED_URL)
        assert verifying.needs(presented, {college.did_url: Unreachable("It did not answer.")}, at=NOW) == ()

    def test_end_after_five_fetches(self, college: IssuerWorld) -> None:
        many = [{"id": f"https://x.example/{n}", "digestMultibase": "uEiAAAA"} for n in range(40)]
        data = vc_jwt.sign(golden_document() | {"relatedResource": many}, college.key)  # type: ignore[arg-type]  # JSON

        judge(college, data.encode(), evidence=True)

        assert len(college.asked) == 5

    @pytest.mark.parametrize("position", range(len(CHECK_NAMES)))
    def test_no_check_that_did_not_pass_gives_genuine(self, college: IssuerWorld, position: int) -> None:
        checks = list(judge(college, college.issue()).checks)
        for result in (Result.FAILED, Result.NOT_CHECKED, Result.LOOK_CLOSER):
            twisted = list(checks)
            original = twisted[position]
            twisted[position] = verifying.Check(
                name=original.name, result=result, code="x", message="x.", required=True
            )

            assert verifying.report.verdict_of(twisted) is not Verdict.GENUINE

    def test_a_fetch_that_fails_in_our_own_way_is_doubt(self, college: IssuerWorld) -> None:
        def fetch(_: str) -> bytes:
            raise LaurelError("The line is dead.")

        assert judge(college, college.issue(), fetch=fetch).verdict is Verdict.UNFINISHED


class TestForeignCredentials:
    """Fixtures of 1EdTech's validator: nothing it calls invalid is genuine here."""

    def test_of_the_1edtech_validator(self) -> None:
        folder = shared("standards", "1edtech-validator")
        cases = [
            case
            for suite in json.loads((folder / "expectations.json").read_bytes())
            for case in suite["cases"]
            if case["file"].startswith("ob30/")
        ]

        def fetch(url: str) -> bytes:
            keys = (
                "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
                "z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x",
            )
            methods = [
                {"id": f"{url}#{key}", "type": "Multikey", "controller": url, "publicKeyMultibase": key}
                for key in keys
            ]
            return json.dumps({"id": url, "assertionMethod": methods}).encode()

        verdicts = {
            case["file"]: (
                case["expect"],
                verifying.check((folder / case["file"]).read_bytes(), fetch=fetch, at=NOW).verdict,
            )
            for case in cases
        }

        assert len(verdicts) == 22
        genuine = {name for name, (_, verdict) in verdicts.items() if verdict is Verdict.GENUINE}
        assert not {name for name in genuine if verdicts[name][0] == "invalid"}
        assert {
            "ob30/simple.json",
            "ob30/simple-json.png",
            "ob30/simple-json.svg",
            "ob30/simple-context-alias.json",
        } <= genuine


def test_unchecked_drafts_cannot_be_signed() -> None:
    with pytest.raises(TypeError):
        issue.Checked(b"{}", object())
