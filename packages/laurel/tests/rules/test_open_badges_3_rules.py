# SPDX-License-Identifier: Apache-2.0
"""The rules of Open Badges 3.0 say yes and no where 1EdTech's schema and validator do, and say where they differ."""

import json
from copy import deepcopy

import pytest
import samples
from badge_strategies import credentials
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft201909Validator
from shared_folder import SHARED, shared

from laurel.formats.open_badges_3 import from_json, to_json
from laurel.rules import open_badges_3, vc_data_model_2

SUBJECT = "/credentialSubject"
ACHIEVEMENT = f"{SUBJECT}/achievement"


def codes(document) -> set[tuple[str, str]]:
    return {(finding.code, finding.pointer) for finding in open_badges_3.check_document(document)}


def changed(pointer: str, value: object):
    """Return the golden document with another value at a place; None takes the member out."""
    document = samples.golden_document()
    parent = document
    *path, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    for step in path:
        parent = parent[step]
    if value is None:
        del parent[last]
    else:
        parent[last] = value
    return document


class TestCheckDocument:
    def test_has_nothing_against_the_golden_credential(self) -> None:
        assert codes(samples.golden_document()) == set()

    def test_has_nothing_against_the_smallest_credential(self) -> None:
        assert codes(to_json(samples.plain_credential())) == set()

    @pytest.mark.parametrize(
        ("pointer", "value", "code"),
        [
            ("/@context/1", "https://purl.imsglobal.org/spec/clr/v2p0/context.json", "ob3.context"),
            ("/type", ["VerifiableCredential"], "ob3.type"),
            ("/id", None, "ob3.missing"),
            ("/issuer", None, "ob3.missing"),
            ("/issuer", "Fernhill College", "ob3.url"),
            ("/issuer/id", None, "ob3.missing"),
            ("/issuer/type", "Organization", "ob3.type"),
            ("/issuer/parentOrg", {"id": "https://a.example/", "type": ["Parent"]}, "ob3.type"),
            ("/validFrom", None, "ob3.missing"),
            ("/awardedDate", "2026-10-14", "ob3.moment"),
            ("/image", "https://fernhill.example/badge.png", "ob3.object"),
            ("/image/type", "Picture", "ob3.type"),
            ("/image/width", 40, "ob3.foreign"),
            ("/name", ["Data", "Cleaning"], "ob3.one"),
            ("/name", {"@value": "Gegevens", "@language": "nl"}, "ob3.text"),
            ("/credentialSubject", [], "ob3.one"),
            (f"{SUBJECT}/type", ["Learner"], "ob3.type"),
            (f"{SUBJECT}/id", None, "ob3.missing"),
            (f"{SUBJECT}/achievement", None, "ob3.missing"),
            (f"{SUBJECT}/creditsEarned", "2.5", "ob3.number"),
            (f"{SUBJECT}/creditsEarned", True, "ob3.number"),
            (f"{SUBJECT}/source/type", ["Assessor"], "ob3.type"),
            (f"{SUBJECT}/identifier", {"type": "IdentityObject"}, "ob3.missing"),
            (f"{SUBJECT}/identifier", {"type": "IdentityObject", "hashed": "yes"}, "ob3.flag"),
            (f"{ACHIEVEMENT}/resultDescription", ["Percent"], "ob3.object"),
            (f"{ACHIEVEMENT}/id", "data-cleaning", "ob3.url"),
            (f"{ACHIEVEMENT}/name", "  ", "ob3.filled"),
            (f"{ACHIEVEMENT}/name", {"en": "Data Cleaning"}, "ob3.filled"),
            (f"{ACHIEVEMENT}/description", None, "ob3.missing"),
            (f"{ACHIEVEMENT}/criteria", {"type": "Criteria"}, "ob3.missing"),
            (f"{ACHIEVEMENT}/achievementType", "Microcredential", "ob3.word"),
            (f"{ACHIEVEMENT}/inLanguage", "English", "ob3.language"),
            (f"{ACHIEVEMENT}/alignment/0/targetUrl", "ESCO", "ob3.url"),
            (f"{ACHIEVEMENT}/alignment/0/targetName", None, "ob3.missing"),
            (f"{ACHIEVEMENT}/alignment/1/targetType", "EQF", "ob3.word"),
            (f"{ACHIEVEMENT}/tag", ["Python", 3], "ob3.text"),
            (f"{ACHIEVEMENT}/tag", [], "ob3.empty"),
            (f"{ACHIEVEMENT}/resultDescription/0/type", ["Rubric"], "ob3.type"),
            (f"{ACHIEVEMENT}/resultDescription/0/resultType", "Rubric", "ob3.word"),
            (f"{ACHIEVEMENT}/resultDescription/0/requiredLevel", "https://a.example/x", "ob3.level"),
            (f"{ACHIEVEMENT}/resultDescription/0/rubricCriterionLevel/0/name", None, "ob3.missing"),
            (f"{SUBJECT}/result/0/type", ["Grade"], "ob3.type"),
            (f"{SUBJECT}/result/0/resultDescription", "https://a.example/x", "ob3.scale"),
            (f"{SUBJECT}/result/0/achievedLevel", "https://a.example/x", "ob3.level"),
            (f"{SUBJECT}/result/2/status", "Passed", "ob3.word"),
            (f"{SUBJECT}/result/2/value", "101", "ob3.value"),
            (f"{SUBJECT}/result/2/value", "-0.5", "ob3.value"),
            (f"{SUBJECT}/result/2/value", 82, "ob3.text"),
            (f"{SUBJECT}/activityEndDate", "2026-08-31T00:00:00Z", "ob3.period"),
            ("/evidence/1/type", ["Proof of work"], "ob3.type"),
            ("/evidence/0/genre", ["a", "b"], "ob3.one"),
            ("/issuer/dateOfBirth", "1990-02-30", "ob3.day"),
            ("/issuer/address/geo", {"type": "GeoCoordinates", "latitude": 7.4}, "ob3.missing"),
            ("/endorsementJwt", ["not a token"], "ob3.jws"),
            ("/endorsement", {"type": "EndorsementCredential"}, "ob3.missing"),
            ("/refreshService", {"id": "https://a.example/"}, "ob3.missing"),
        ],
    )
    def test_notes_a_break(self, pointer: str, value: object, code: str) -> None:
        found = codes(changed(pointer, value))

        assert code in {code for code, _ in found}
        # A scale that is gone is missed by the results that name it.
        near = (pointer.rsplit("/", 1)[0], f"{SUBJECT}/result/")
        assert all(place.startswith(near) for _, place in found)

    @pytest.mark.parametrize(
        ("pointer", "value"),
        [
            ("/@context/1", "https://purl.imsglobal.org/spec/ob/v3p0/context.json"),
            ("/@context/1", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"),
            ("/type", ["VerifiableCredential", "AchievementCredential"]),
            ("/issuer", samples.ISSUER_DID),
            (f"{ACHIEVEMENT}/achievementType", "ext:NanoDegree"),
            (f"{ACHIEVEMENT}/criteria", {"id": "https://fernhill.example/criteria"}),
            (f"{ACHIEVEMENT}/inLanguage", "zh-Hant-TW"),
            (f"{SUBJECT}/result/2/value", "100"),
            (f"{SUBJECT}/result/2/value", "excellent"),
            (f"{SUBJECT}/result/2/value", "NaN"),
        ],
    )
    def test_lets_be_what_the_standard_allows(self, pointer: str, value: object) -> None:
        assert codes(changed(pointer, value)) == set()

    def test_takes_a_learner_known_by_an_identifier_alone(self) -> None:
        document = changed(f"{SUBJECT}/id", None)
        document["credentialSubject"]["identifier"] = [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$28d50415252ab6c689a54413da15b083034b66e5",
                "identityType": "emailAddress",
                "salt": "fern",
            }
        ]

        assert codes(document) == set()

    def test_notes_a_null_wherever_it_hides(self) -> None:
        document = samples.golden_document() | {"x-note": [{"a/b": {"c~d": None}}]}

        assert codes(document) == {("ob3.null", "/x-note/0/a~1b/c~0d")}

    def test_notes_scales_and_rungs_that_share_an_id(self) -> None:
        document = samples.golden_document()
        scales = document["credentialSubject"]["achievement"]["resultDescription"]
        scales[1]["id"] = scales[0]["id"]
        scales[0]["rubricCriterionLevel"][1]["id"] = scales[0]["rubricCriterionLevel"][0]["id"]
        scales[0].pop("requiredLevel")

        repeated = {pointer for code, pointer in codes(document) if code == "ob3.repeated"}

        assert repeated == {f"{ACHIEVEMENT}/resultDescription/0", f"{ACHIEVEMENT}/resultDescription/1/id"}

    def test_notes_a_value_that_is_not_among_the_allowed_ones(self) -> None:
        document = changed(f"{SUBJECT}/result/2/value", "C")
        scale = document["credentialSubject"]["achievement"]["resultDescription"][2]
        scale |= {"allowedValue": ["B", "A"], "requiredValue": "D"}

        assert {pointer for _, pointer in codes(document)} == {
            f"{SUBJECT}/result/2/value",
            f"{ACHIEVEMENT}/resultDescription/2/requiredValue",
        }

    def test_wants_the_extensions_context_for_a_type_of_1edtech(self) -> None:
        schema = {"id": "https://fernhill.example/schema.json", "type": "1EdTechJsonSchemaValidator2019"}

        assert codes(samples.golden_document() | {"credentialSchema": [schema]}) == {
            ("ob3.context", "/@context")
        }

    def test_takes_the_older_form_with_its_older_dates(self) -> None:
        document = changed("/@context/0", "https://www.w3.org/2018/credentials/v1")
        document["issuanceDate"] = document.pop("validFrom")

        assert codes(document) == set()
        assert codes({**document, "issuanceDate": "2026"}) == {("ob3.moment", "/issuanceDate")}

    @pytest.mark.parametrize("document", [{}, {"type": [{}]}, {"@context": [None], "credentialSubject": 5}])
    def test_never_raises_on_a_document_of_any_shape(self, document) -> None:
        assert open_badges_3.check_document(document)


# Verdicts of the official validator on its own test files, as far as they are about the document's structure;
# the others are about signatures, dates, lists and keys.
STRUCTURAL_PROBES = {
    "TypePropertyProbe",
    "ContextPropertyProbe",
    "JsonSchemaProbe",
    "EvidenceProbe",
    "IssuerProbe",
}
FAIL_BESIDES = {
    # Fails in the validator for its date alone; it lacks its achievement as well.
    "ob30/simple-err-issued.json",
}


class TestValidatorOfOneEdTech:
    def test_agrees_on_every_file_about_structure(self) -> None:
        expectations = json.loads(shared("standards", "1edtech-validator", "expectations.json").read_bytes())
        compared = 0
        for expectation in expectations:
            for case in expectation["cases"]:
                if expectation["suite"] != "OB30Tests" or not case["file"].endswith(".json"):
                    continue
                document = json.loads(shared("standards", "1edtech-validator", case["file"]).read_bytes())
                broken = bool(STRUCTURAL_PROBES & set(case["probes"])) or case["file"] in FAIL_BESIDES
                assert bool(codes(document)) == broken, case["file"]
                compared += 1
        assert compared == 17


# Where we are stricter than 1EdTech's JSON Schema, with the reason (standards.md, trap 7).
STRICTER = {
    "ob3.type": "a wrong type of a nested object passes the schema",
    "ob3.text": "language maps are not defined by the context, so a signature would not cover them",
    "ob3.filled": "a name that says nothing names nothing",
    "ob3.url": "the schema takes any text for a URL",
    "ob3.scale": "the schema does not look across objects",
    "ob3.level": "the schema does not look across objects",
    "ob3.value": "the schema does not look across objects",
    "ob3.repeated": "the schema does not look across objects",
    "ob3.period": "the schema does not compare dates",
    "ob3.missing": "the text demands what the schema leaves open: criteria and subject say something",
    "ob3.empty": "the text forbids empty arrays",
    "ob3.null": "the text forbids nulls, also in members that the schema does not know",
    "ob3.moment": "the schema's format is not checked",
    "ob3.day": "the schema's format is not checked",
    "ob3.one": "JSON Schema takes arrays for a few single values",
    "ob3.context": "the schema does not know which types need the extensions context",
    "ob3.jws": "the schema takes a language map for a token",
    "ob3.language": "the schema takes a language map for a language",
    "vcdm.url": "the schema takes any text for a URL",
    "vcdm.text": "the W3C's rule",
    "vcdm.period": "the W3C's rule",
    "vcdm.moment": "the W3C's rule",
    "vcdm.type": "the W3C's rule",
    "vcdm.digest": "the W3C's rule",
    "vcdm.repeated": "the W3C's rule",
    "vcdm.status": "the W3C's rule",
    "vcdm.subject": "the W3C's rule",
    "vcdm.context": "the W3C's rule",
    "vcdm.object": "the W3C's rule",
}


def official_schema() -> Draft201909Validator:
    path = SHARED / "standards" / "schemas" / "ob3" / "ob_v3p0_achievementcredential_schema.json"
    if not path.exists():
        pytest.skip("../shared/standards/schemas/ob3 is not here")
    return Draft201909Validator(json.loads(path.read_bytes()))


def findings(document):
    return (*open_badges_3.check_document(document), *vc_data_model_2.check_document(document))


@st.composite
def damaged_documents(draw):
    """Return the golden document, or a random one, with one member changed, doubled, emptied or taken out."""
    source = draw(st.sampled_from([samples.GOLDEN, samples.plain_credential()]) | credentials)
    document = deepcopy(to_json(source))
    status = document.get("credentialStatus")
    if isinstance(status, list):
        document["credentialStatus"] = status[0]
    parents = [part for part in _objects(document) if part]
    parent = draw(st.sampled_from(parents))
    name = draw(st.sampled_from(sorted(parent)))
    value = parent[name]
    change = draw(st.sampled_from(["take out", "number", "text", "object", "null", "list", "empty", "keep"]))
    if change == "take out":
        del parent[name]
    elif change != "keep":
        parent[name] = {
            "number": 5,
            "text": "fern",
            "object": {"en": "fern"},
            "null": None,
            "list": [value],
            "empty": [],
        }[change]
    return document


def _objects(value):
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _objects(part)
    elif isinstance(value, list):
        for part in value:
            yield from _objects(part)


class TestOfficialSchema:
    def test_takes_the_golden_credential_except_for_its_second_status(self) -> None:
        """OB 3.0 gives credentialStatus once, VCDM 2.0 allows several: the one place where we take more."""
        document = samples.golden_document()

        complaints = [error.json_path for error in official_schema().iter_errors(document)]

        assert complaints == ["$.credentialStatus"]
        document["credentialStatus"] = document["credentialStatus"][0]
        assert official_schema().is_valid(document)

    @settings(max_examples=80, deadline=None)
    @given(document=damaged_documents())
    def test_differs_from_our_rules_only_where_we_say_why(self, document) -> None:
        ours = {finding.code for finding in findings(document)}
        if official_schema().is_valid(document):
            assert ours <= STRICTER.keys()
        else:
            assert ours

    def test_agrees_on_the_validator_s_own_files(self) -> None:
        schema = official_schema()
        for path in sorted(shared("standards", "1edtech-validator", "ob30").glob("*.json")):
            document = json.loads(path.read_bytes())
            if "validFrom" not in document or path.stem == "endorsement-valid":
                continue
            ours = {finding.code for finding in open_badges_3.check_document(document)}
            if schema.is_valid(document):
                assert ours <= STRICTER.keys(), path.name
            else:
                assert ours, path.name

    def test_reads_what_it_takes(self) -> None:
        """A document without findings is one that `from_json` reads."""
        assert from_json(samples.golden_document()) == samples.GOLDEN
