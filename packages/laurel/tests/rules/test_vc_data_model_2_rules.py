# SPDX-License-Identifier: Apache-2.0
"""The data model's rules agree with the W3C's own test inputs, and each notes the place it means."""

import json

import pytest
import samples
from shared_folder import shared_files

from laurel.rules import vc_data_model_2

W3C_INPUTS = [
    path
    for path in shared_files("*.json", "hostile", "vcdm2-input")
    if path.name.startswith(("credential-", "issuer-"))
]
# These break the meaning of a context, which the strict mapper finds (laurel.jsonld), not the shape.
LEFT_TO_THE_MAPPER = {
    "credential-context-combo3-fail",
    "credential-redef-type-fail",
    "credential-redef-type2-fail",
    "credential-type-mapped-nonurl-fail",
    "credential-type-unmapped-fail",
}


def codes(document) -> set[tuple[str, str]]:
    return {(finding.code, finding.pointer) for finding in vc_data_model_2.check_document(document)}


class TestW3cInputs:
    @pytest.mark.parametrize("path", W3C_INPUTS, ids=lambda path: path.stem)
    def test_get_the_verdict_of_their_name(self, path) -> None:
        document = _completed(json.loads(path.read_bytes()), path.stem)

        fits = vc_data_model_2.check_document(document) == ()

        assert fits == (path.stem.endswith("-ok") or path.stem in LEFT_TO_THE_MAPPER)

    def test_are_all_here(self) -> None:
        if not W3C_INPUTS:
            pytest.skip("../shared/hostile/vcdm2-input is not here")
        assert len(W3C_INPUTS) == 95


def _completed(document, stem: str):
    """Fill in what the suite adds before it sends a document: an issuer, and dates around today."""
    if "issuer" not in document and stem != "credential-no-issuer-fail":
        document["issuer"] = "https://fernhill.example/issuers/1"
    elif isinstance(document.get("issuer"), dict) and "id" not in document["issuer"]:
        document["issuer"]["id"] = "https://fernhill.example/issuers/1"
    for name, date in (("PAST DATE", "2020-01-01T00:00:00Z"), ("FUTURE DATE", "2100-01-01T00:00:00Z")):
        for member in ("validFrom", "validUntil"):
            if document.get(member) == name:
                document[member] = date
    return document


class TestCheckDocument:
    def test_has_nothing_against_the_golden_credential(self) -> None:
        assert codes(samples.golden_document()) == set()

    @pytest.mark.parametrize(
        ("change", "finding"),
        [
            ({"@context": "https://www.w3.org/2018/credentials/v1"}, ("vcdm.context", "/@context")),
            ({"@context": []}, ("vcdm.context", "/@context")),
            ({"@context": ["https://www.w3.org/ns/credentials/v2", 5]}, ("vcdm.context", "/@context")),
            ({"type": ["OpenBadgeCredential"]}, ("vcdm.type", "/type")),
            ({"type": []}, ("vcdm.type", "/type")),
            ({"id": "9f1c6f0e"}, ("vcdm.url", "/id")),
            ({"id": "https://fernhill.example/a b"}, ("vcdm.url", "/id")),
            ({"issuer": {"name": "Fernhill"}}, ("vcdm.url", "/issuer/id")),
            ({"issuer": {"id": "did:web:a.example", "name": 5}}, ("vcdm.text", "/issuer/name")),
            ({"credentialSubject": {}}, ("vcdm.subject", "/credentialSubject")),
            ({"credentialSubject": [{"id": "x"}]}, ("vcdm.url", "/credentialSubject/0/id")),
            ({"name": []}, ("vcdm.text", "/name")),
            ({"name": {"@value": "Naam", "@language": "not a tag"}}, ("vcdm.text", "/name")),
            ({"name": {"@value": "Naam", "@direction": "up"}}, ("vcdm.text", "/name")),
            ({"name": {"nl": "Naam"}}, ("vcdm.text", "/name")),
            ({"validFrom": "2026-10-14"}, ("vcdm.moment", "/validFrom")),
            ({"validUntil": "2026-10-14T09:29:59Z"}, ("vcdm.period", "/validUntil")),
            ({"validUntil": "2026-10-14T10:29:59+01:00"}, ("vcdm.period", "/validUntil")),
            ({"evidence": [{"id": "https://fernhill.example/e"}]}, ("vcdm.type", "/evidence/0/type")),
            ({"credentialStatus": "revoked"}, ("vcdm.object", "/credentialStatus")),
            ({"credentialSchema": {"type": "JsonSchema"}}, ("vcdm.url", "/credentialSchema/id")),
            ({"relatedResource": ["https://fernhill.example/e"]}, ("vcdm.object", "/relatedResource/0")),
            ({"relatedResource": [{"id": "urn:a:b"}]}, ("vcdm.digest", "/relatedResource/0")),
            ({"relatedResource": [{"digestSRI": "sha384-x"}]}, ("vcdm.url", "/relatedResource/0/id")),
        ],
    )
    def test_notes_a_break_at_its_place(self, change, finding) -> None:
        assert finding in codes(samples.golden_document() | change)

    def test_notes_a_resource_named_twice(self) -> None:
        document = samples.golden_document()
        document["relatedResource"].append(dict(document["relatedResource"][0]))

        assert codes(document) == {("vcdm.repeated", "/relatedResource/2/id")}

    def test_lets_a_credential_of_the_far_future_be(self) -> None:
        document = samples.golden_document() | {"validFrom": "9000-01-01T00:00:00Z"}
        del document["validUntil"]

        assert codes(document) == set()

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"statusPurpose": ""}, "statusPurpose"),
            ({"statusListIndex": 94567}, "statusListIndex"),
            ({"statusListIndex": "-1"}, "statusListIndex"),
            ({"statusListIndex": "٣"}, "statusListIndex"),
            ({"statusListIndex": ""}, "statusListIndex"),
            ({"statusListCredential": "status/1"}, "statusListCredential"),
            ({"id": samples.REVOCATIONS}, "id"),
            ({"statusSize": 0}, "statusSize"),
            ({"statusSize": True}, "statusSize"),
            ({"statusSize": 2}, "statusMessage"),
        ],
    )
    def test_notes_a_status_entry_that_points_nowhere(self, change, place: str) -> None:
        document = samples.golden_document()
        document["credentialStatus"][0] |= change

        assert {pointer for _, pointer in codes(document)} == {f"/credentialStatus/0/{place}"}

    def test_takes_a_status_of_several_bits_with_a_message_for_each_value(self) -> None:
        document = samples.golden_document()
        messages = [{"status": f"0x{value}", "message": f"step {value}"} for value in range(4)]
        document["credentialStatus"][0] |= {"statusSize": 2, "statusMessage": messages}

        assert codes(document) == set()

    @pytest.mark.parametrize("document", [{}, {"type": {}}, {"@context": None, "issuer": None, "type": None}])
    def test_never_raises_on_a_document_of_any_shape(self, document) -> None:
        assert vc_data_model_2.check_document(document)
