# SPDX-License-Identifier: Apache-2.0
"""JSON Schemas that a credential names are run on it, apart, and refer to nothing but themselves."""

import hashlib
import json
import resource
import time
from base64 import b64encode
from typing import Any

import pytest
from issuer_world import NOW, IssuerWorld
from samples import golden_document
from shared_folder import shared

from laurel import verify as verifying
from laurel.formats import envelopes
from laurel.proof import vc_jwt
from laurel.rules import schema_running
from laurel.verify import Report, Result, Rewritten, Verdict

pytest.importorskip("jsonschema_rs")

URL = "https://fernhill.example/schemas/course.json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
FITS: dict[str, Any] = {
    "$schema": DRAFT,
    "type": "object",
    "properties": {"name": {"type": "string", "pattern": "Cleaning"}},
    "required": ["name"],
}
DOES_NOT: dict[str, Any] = FITS | {"required": ["name", "language"]}


@pytest.fixture
def college() -> IssuerWorld:
    return IssuerWorld()


def badge(college: IssuerWorld, kind: str = "JsonSchema", url: str = URL, **more: Any) -> bytes:
    """A badge that names one schema; as a JWT, whose words need no context."""
    named = {"id": url, "type": kind} | more
    return vc_jwt.sign(golden_document() | {"credentialSchema": [named]}, college.key).encode()


def judge(college: IssuerWorld, data: bytes, **more: Any) -> Report:
    return verifying.check(data, **({"fetch": college.fetch, "at": NOW} | more))


class TestOutcome:
    def test_success(self, college: IssuerWorld) -> None:
        college.publish(URL, FITS)
        report = judge(college, badge(college))

        assert report.verdict is Verdict.GENUINE
        assert "JSON Schema" in report["schema"].message

    def test_failure(self, college: IssuerWorld) -> None:
        college.publish(URL, DOES_NOT)
        report = judge(college, badge(college))

        assert report.verdict is Verdict.UNFINISHED
        assert (report["schema"].result, report["schema"].code) == (Result.FAILED, "schema.does-not-fit")
        assert "language" in str(report["schema"].detail)

    @pytest.mark.parametrize(
        ("schema", "code"),
        [
            ({"type": "object"}, "schema.indeterminate"),
            (FITS | {"$schema": "https://json-schema.org/draft/2042-01/schema"}, "schema.indeterminate"),
            (FITS | {"$schema": 5}, "schema.indeterminate"),
            (FITS | {"type": "nothing"}, "schema.indeterminate"),
            (FITS | {"properties": {"name": {"pattern": "(?=look)ahead"}}}, "schema.indeterminate"),
            (FITS | {"properties": {"name": {"pattern": "("}}}, "schema.indeterminate"),
            ([], "schema.indeterminate"),
            (True, "schema.indeterminate"),
        ],
    )
    def test_indeterminate(self, college: IssuerWorld, schema: Any, code: str) -> None:
        college.publish(URL, schema)
        report = judge(college, badge(college))

        assert (report["schema"].result, report["schema"].code) == (Result.NOT_CHECKED, code)
        assert report.verdict is Verdict.UNFINISHED

    def test_of_1edtechs_kind_needs_no_draft_for_it_has_one(self, college: IssuerWorld) -> None:
        college.publish(URL, {"type": "object", "required": ["language"]})
        data = badge(college, "1EdTechJsonSchemaValidator2019")
        presented = verifying.read(data)
        found = {url: college.fetch(url) for url in [college.did_url, URL]}
        report = verifying.verify(presented, found, at=NOW)

        # The kind is a term of the extensions context, which this badge does not have.
        assert "schema" in {check.name for check in report.checks if check.result is not Result.PASSED}

    @pytest.mark.parametrize("kind", ["1EdTechJsonSchemaValidator2019", "SomebodysSchema"])
    def test_of_a_kind_or_place_that_needs_no_asking_leaves_it_to_our_rules(
        self, college: IssuerWorld, kind: str
    ) -> None:
        url = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
        judge(college, badge(college, kind, url))

        assert url not in college.asked

    def test_is_doubt_where_the_schema_is_not_at_hand(self, college: IssuerWorld) -> None:
        report = judge(college, badge(college))

        assert (report["schema"].result, report["schema"].code) == (Result.NOT_CHECKED, "schema.unreachable")
        assert URL in college.asked

    def test_is_doubt_where_no_library_is_installed(
        self, college: IssuerWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(schema_running, "find_spec", lambda _: None)
        college.publish(URL, FITS)

        assert judge(college, badge(college))["schema"].code == "schema.not-run"

    def test_is_asked_for_only_once_the_signature_holds(self, college: IssuerWorld) -> None:
        college.publish(URL, FITS)
        other = IssuerWorld()
        judge(college, badge(other))

        assert URL not in college.asked

    def test_leaves_our_own_rules_in_force(self, college: IssuerWorld) -> None:
        college.publish(URL, {"$schema": DRAFT})
        named = {"credentialSchema": [{"id": URL, "type": "JsonSchema"}], "name": 5}
        report = judge(college, vc_jwt.sign(golden_document() | named, college.key).encode())  # type: ignore[operator]

        assert report["schema"].code == "schema.broken-rule"


class TestPinned:
    def digest(self, data: bytes) -> str:
        return "sha384-" + b64encode(hashlib.sha384(data).digest()).decode()

    def test_by_its_fingerprint(self, college: IssuerWorld) -> None:
        college.publish(URL, FITS)
        data = badge(college, digestSRI=self.digest(college.documents[URL]))

        assert judge(college, data).verdict is Verdict.GENUINE

    def test_and_changed_since(self, college: IssuerWorld) -> None:
        college.publish(URL, FITS)
        data = badge(college, digestSRI=self.digest(college.documents[URL]))
        college.publish(URL, FITS | {"title": "another"})

        assert judge(college, data)["schema"].code == "schema.changed"

    def test_is_not_asked_of_what_was_written_again_on_its_way(self, college: IssuerWorld) -> None:
        data = badge(college, digestSRI=self.digest(b"other bytes of the same document"))
        found = college.documents | {URL: Rewritten(json.dumps(FITS).encode())}

        assert verifying.verify(verifying.read(data), found, at=NOW).verdict is Verdict.GENUINE


class TestSigned:
    def holding(self, college: IssuerWorld, schema: Any) -> bytes:
        document = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": URL,
            "type": ["VerifiableCredential", "JsonSchemaCredential"],
            "issuer": college.did,
            "validFrom": "2026-10-01T00:00:00Z",
            "credentialSubject": {"id": URL, "type": "JsonSchema", "jsonSchema": schema},
        }
        return vc_jwt.sign(document, college.key, profile="vc-jose-cose").encode()  # type: ignore[arg-type]

    def test_schema_of_its_issuer_counts(self, college: IssuerWorld) -> None:
        college.documents[URL] = self.holding(college, FITS)
        assert judge(college, badge(college, "JsonSchemaCredential")).verdict is Verdict.GENUINE

        college.documents[URL] = self.holding(college, DOES_NOT)
        assert judge(college, badge(college, "JsonSchemaCredential"))["schema"].code == "schema.does-not-fit"

    def test_schema_of_a_forger_does_not(self, college: IssuerWorld) -> None:
        forger = IssuerWorld()
        college.documents[URL] = self.holding(forger, FITS)

        assert judge(college, badge(college, "JsonSchemaCredential"))["schema"].code == "schema.bad-signature"


class TestBounds:
    def seconds(self, schema: Any, document: Any = None) -> tuple[float, str]:
        started = time.monotonic()
        (answer,) = schema_running.run([schema], {} if document is None else document)
        return time.monotonic() - started, answer.outcome

    def test_a_schema_that_names_itself_without_end_is_stopped(self) -> None:
        layers: dict[str, Any] = {
            f"l{n}": {"allOf": [{"$ref": f"#/$defs/l{n + 1}"}, {"$ref": f"#/$defs/l{n + 1}"}]}
            for n in range(40)
        }
        schema = {"$schema": DRAFT, "$ref": "#/$defs/l0", "$defs": layers | {"l40": {"minProperties": 0}}}
        took, outcome = self.seconds(schema)

        assert outcome == "too-much-work"
        # The system stops it after a second of computing; the clock of our own would only after eight.
        assert took < 7

    def test_a_pattern_takes_time_for_each_letter_once(self) -> None:
        schema = {"$schema": DRAFT, "properties": {"a": {"pattern": "^(a+)+$"}}}
        took, outcome = self.seconds(schema, {"a": "a" * 50_000 + "b"})

        assert outcome == "failure"
        assert took < 10

    @pytest.mark.parametrize("word", ["$ref", "$dynamicRef"])
    @pytest.mark.parametrize(
        "url", ["https://elsewhere.example/s.json", "file:///etc/passwd", "http://127.0.0.1/"]
    )
    def test_nothing_else_is_looked_at(self, word: str, url: str) -> None:
        (answer,) = schema_running.run([{"$schema": DRAFT, word: url}], {})

        assert answer.outcome == "indeterminate"
        # A dynamic reference is refused by the library before it asks us.
        assert word == "$dynamicRef" or "nothing but itself may be looked at" in answer.message

    def test_a_meta_schema_of_its_own_is_not_followed(self) -> None:
        schema = {"$schema": DRAFT, "$id": "https://a.example/s", "properties": {"a": {"$ref": "other"}}}
        _, outcome = self.seconds(schema, {"a": 1})

        assert outcome == "indeterminate"

    def test_more_schemas_than_we_look_at_are_doubt(self, college: IssuerWorld) -> None:
        named = [{"id": f"{URL}?{n}", "type": "JsonSchema"} for n in range(9)]
        data = vc_jwt.sign(golden_document() | {"credentialSchema": named}, college.key).encode()  # type: ignore[arg-type]
        report = judge(college, data)

        assert report["schema"].code == "schema.too-many"


def test_the_official_schema_is_run_where_somebody_hands_it_over(college: IssuerWorld) -> None:
    path = shared("standards", "schemas", "ob3", "ob_v3p0_achievementcredential_schema.json")
    (answer,) = schema_running.run([json.loads(path.read_bytes())], golden_document())

    # OB 3.0's schema takes one status, where the data model takes several: the one place where we take more.
    assert list(answer.detail) == ["/credentialStatus"]


def test_a_presentation_of_many_endless_schemas_takes_no_longer_than_three(college: IssuerWorld) -> None:
    twice = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(30)}
    college.publish(URL, {"$schema": DRAFT, "$defs": twice | {"d30": {}}, "$ref": "#/$defs/d0"})
    token = badge(college).decode()
    envelope = envelopes.wrap(token, envelopes.JWT) | {"id": f"data:{envelopes.PLAIN_JWT},{token}"}
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [envelope] * 8,
    }
    began = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime

    report = verifying.check_presentation(
        json.dumps(document).encode(), fetch=college.fetch, at=NOW, challenge=None, domain=None
    )

    ended = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    codes = [each["schema"].code for each in report.credentials]
    assert codes == ["schema.too-much-work"] * 3 + ["schema.not-run"] * 5
    assert sum(ended) - sum(began) < 5
