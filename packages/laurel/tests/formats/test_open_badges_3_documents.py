# SPDX-License-Identifier: Apache-2.0
"""Facts become documents and documents facts, and nothing is lost on the way."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import samples
from badge_strategies import credentials
from hypothesis import given, settings
from shared_folder import shared_files

from laurel import strictjson
from laurel.errors import NotACredential
from laurel.formats.open_badges_3 import (
    CONTEXT,
    CREDENTIALS_V2,
    EXTENSIONS,
    digest_multibase,
    from_json,
    to_json,
)
from laurel.model.credential import CredentialSchema, OpenBadgeCredential
from laurel.model.profile import Profile
from laurel.rules.inspection import find_moment

VALIDATOR_FILES = [
    path
    for path in shared_files("*.json", "standards", "1edtech-validator", "ob30")
    if path.stem not in {"endorsement-valid", "simple-err-context", "simple-err-issued", "simple-err-issuer"}
    and path.stem != "simple-err-type"
]


class TestToJson:
    @settings(max_examples=150, deadline=None)
    @given(credential=credentials)
    def test_is_read_back_as_the_same_facts(self, credential: OpenBadgeCredential) -> None:
        document = to_json(credential)
        through_text = strictjson.loads(strictjson.dumps(document))

        assert from_json(through_text) == replace(credential, contexts=tuple(document["@context"]))
        assert to_json(from_json(through_text)) == document

    def test_gives_a_new_object_each_time(self) -> None:
        credential = replace(samples.GOLDEN, extra={"termsOfUse": [{"type": "Policy"}]})

        to_json(credential)["termsOfUse"].clear()

        assert to_json(credential)["termsOfUse"] == [{"type": "Policy"}]

    def test_writes_no_nulls_and_no_empty_arrays(self) -> None:
        text = json.dumps(to_json(samples.plain_credential()))

        assert "null" not in text
        assert "[]" not in text

    def test_writes_the_contexts_in_order(self) -> None:
        assert to_json(samples.plain_credential())["@context"] == [CREDENTIALS_V2, CONTEXT]

    def test_adds_the_extensions_context_for_a_schema_of_1edtech(self) -> None:
        with_schema = replace(
            samples.plain_credential(), schemas=(CredentialSchema(id="https://fernhill.example/schema.json"),)
        )

        assert to_json(with_schema)["@context"] == [CREDENTIALS_V2, CONTEXT, EXTENSIONS]

    def test_writes_moments_in_utc(self) -> None:
        ibadan = timezone(timedelta(hours=1))
        credential = replace(
            samples.plain_credential(), valid_from=datetime(2026, 10, 14, 10, 30, tzinfo=ibadan)
        )

        assert to_json(credential)["validFrom"] == "2026-10-14T09:30:00Z"

    def test_writes_whole_credits_as_whole_numbers(self) -> None:
        document = to_json(samples.GOLDEN)

        assert document["credentialSubject"]["creditsEarned"] == 2.5
        assert isinstance(to_json(samples.GOLDEN)["credentialSubject"]["creditsEarned"], float)

    def test_writes_an_issuer_known_by_address_only_as_the_address(self) -> None:
        credential = replace(samples.plain_credential(), issuer=Profile(id=samples.ISSUER_DID, types=()))

        assert to_json(credential)["issuer"] == samples.ISSUER_DID
        assert from_json(to_json(credential)).issuer == credential.issuer

    def test_writes_one_status_as_an_object_and_two_as_an_array(self) -> None:
        one = replace(samples.GOLDEN, status=samples.GOLDEN.status[:1])

        assert isinstance(to_json(one)["credentialStatus"], dict)
        assert [entry["statusPurpose"] for entry in to_json(samples.GOLDEN)["credentialStatus"]] == [
            "revocation",
            "suspension",
        ]

    @pytest.mark.parametrize("name", samples.NAMES_FROM_ELSEWHERE.values())
    def test_keeps_a_name_of_any_script(self, name: str) -> None:
        credential = samples.named_credential(name)

        assert from_json(strictjson.loads(strictjson.dumps(to_json(credential)))) == credential


class TestFromJson:
    def test_reads_the_golden_document(self) -> None:
        assert from_json(samples.golden_document()) == samples.GOLDEN

    @pytest.mark.parametrize("path", VALIDATOR_FILES, ids=lambda path: path.stem)
    def test_keeps_all_that_a_foreign_credential_says(self, path) -> None:
        document = json.loads(path.read_bytes())

        assert _in_arrays(to_json(from_json(document))) == _in_arrays(document)

    def test_keeps_what_it_does_not_know(self) -> None:
        document = samples.golden_document()
        document["refreshService"] = {
            "id": "https://fernhill.example/refresh",
            "type": "1EdTechCredentialRefresh",
        }
        document["credentialSubject"]["achievement"]["x-workload"] = {"hours": 70}

        credential = from_json(document)

        assert credential.extra["refreshService"] == document["refreshService"]
        assert credential.subject.achievement.extra == {"x-workload": {"hours": 70}}
        assert to_json(credential) == document

    def test_is_not_changed_by_changes_to_the_document(self) -> None:
        document = samples.golden_document() | {"x-note": {"a": ["b"]}}
        credential = from_json(document)

        document["x-note"]["a"].append("c")

        assert credential.extra["x-note"] == {"a": ["b"]}

    def test_takes_a_single_value_for_an_array_of_one(self) -> None:
        document = samples.golden_document()
        single = json.loads(json.dumps(document))
        single["type"] = ["VerifiableCredential", "OpenBadgeCredential"]
        single["evidence"] = document["evidence"][0]
        single["credentialSubject"] = [document["credentialSubject"]]
        single["credentialSubject"][0]["type"] = "AchievementSubject"

        credential = from_json(single)

        assert credential.evidence == samples.GOLDEN.evidence[:1]
        assert credential.subject == samples.GOLDEN.subject

    def test_shows_the_text_of_a_name_with_a_language_and_keeps_the_language(self) -> None:
        name = {"@value": "Gegevens opschonen", "@language": "nl", "@direction": "ltr"}

        credential = from_json(samples.golden_document() | {"name": name})

        assert credential.name == "Gegevens opschonen"
        assert to_json(credential)["name"] == name

    def test_keeps_a_status_of_another_kind(self) -> None:
        status = [{"id": "https://fernhill.example/revoked", "type": "1EdTechRevocationList"}]

        credential = from_json(samples.golden_document() | {"credentialStatus": status})

        assert credential.status == ()
        assert to_json(credential)["credentialStatus"] == status

    def test_reads_the_older_form_with_its_older_dates(self) -> None:
        document = samples.golden_document()
        document["@context"][0] = "https://www.w3.org/2018/credentials/v1"
        document["issuanceDate"] = document.pop("validFrom")
        document["expirationDate"] = document.pop("validUntil")

        credential = from_json(document)

        assert credential.valid_from == samples.GOLDEN.valid_from
        assert credential.valid_until == datetime(2031, 10, 14, 9, 30, tzinfo=UTC)
        assert to_json(credential) == document

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            (("type",), ["VerifiableCredential"]),
            (("type",), "OpenBadgeCredential"),
            (("type",), [5]),
            (("id",), None),
            (("id",), 5),
            (("issuer",), None),
            (("issuer",), 5),
            (("issuer",), ["did:web:a.example", "did:web:b.example"]),
            (("validFrom",), None),
            (("validFrom",), "yesterday"),
            (("validUntil",), "2031-10-14"),
            (("credentialSubject",), None),
            (("credentialSubject",), []),
            (("credentialSubject",), "did:example:amara"),
            (("credentialSubject", "achievement"), None),
            (("credentialSubject", "achievement", "criteria"), None),
            (("credentialSubject", "achievement", "name"), None),
            (("credentialSubject", "achievement", "tag"), ["a", 5]),
            (("credentialSubject", "creditsEarned"), "2.5"),
            (("credentialSubject", "creditsEarned"), True),
            (("credentialSubject", "identifier"), {"type": "IdentityObject", "identityHash": "x"}),
            (("credentialSubject", "identifier"), {"type": "IdentityObject", "hashed": "yes"}),
            (("credentialStatus", 0, "statusListIndex"), "-1"),
            (("credentialStatus", 0, "statusListIndex"), "9" * 5000),
            (("credentialStatus", 0, "statusListIndex"), "٣"),
            (("credentialStatus", 0, "statusListIndex"), 7),
            (("image",), {"id": "https://fernhill.example/a.png", "type": "Picture"}),
            (("issuer", "address"), {"type": "Address", "geo": {"type": "GeoCoordinates", "latitude": 7.4}}),
            (("issuer", "dateOfBirth"), "1 May 1990"),
            (("evidence",), "https://fernhill.example/work"),
            (("name",), 5),
        ],
    )
    def test_refuses_a_part_of_another_shape(self, place, value) -> None:
        document = samples.golden_document()
        parent = document
        for step in place[:-1]:
            parent = parent[step]
        parent[place[-1]] = value

        with pytest.raises(NotACredential):
            from_json(document)

    @pytest.mark.parametrize("document", [{}, [], "text", None, {"type": "VerifiableCredential"}])
    def test_refuses_another_kind_of_document(self, document) -> None:
        with pytest.raises(NotACredential):
            from_json(document)


class TestDigestMultibase:
    def test_is_the_multihash_that_the_data_model_shows(self) -> None:
        # sha2-256 (0x12), 32 bytes (0x20), and the digest of the empty file.
        assert digest_multibase(b"") == "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"


def _in_arrays(value: object) -> object:
    """Return the value with each single value in an array of one and moments as such: the same to JSON-LD."""
    if isinstance(value, dict):
        return {
            name: [_in_arrays(part) for part in (inner if isinstance(inner, list) else [inner])]
            for name, inner in value.items()
        }
    return find_moment(value) or value
