# SPDX-License-Identifier: Apache-2.0
"""The older data model: what is right passes, and each missing or wrong member is named at its place."""

import copy
from typing import Any

import pytest

from laurel.rules import vc_data_model_1_1

GOOD: dict[str, Any] = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "id": "urn:uuid:86294362-4254-4f36-854f-3952fe42555d",
    "type": ["VerifiableCredential"],
    "issuer": {"id": "https://fernhill.example/", "name": "Fernhill College"},
    "issuanceDate": "2020-03-16T22:37:26.544Z",
    "expirationDate": "2030-03-16T22:37:26Z",
    "credentialSubject": {"id": "did:example:learner", "name": "Amara"},
    "credentialStatus": {"id": "https://fernhill.example/status/1", "type": "1EdTechRevocationList"},
    "evidence": [{"type": "Evidence"}],
}

WRONG = {
    "no context": ("@context", None, "/@context"),
    "another first context": ("@context", ["https://www.w3.org/ns/credentials/v2"], "/@context"),
    "no type": ("type", None, "/type"),
    "another type": ("type", ["OpenBadgeCredential"], "/type"),
    "an id that is no URL": ("id", "86294362", "/id"),
    "no issuer": ("issuer", None, "/issuer"),
    "an issuer without id": ("issuer", {"name": "Fernhill"}, "/issuer/id"),
    "no subject": ("credentialSubject", None, "/credentialSubject"),
    "a subject that is text": ("credentialSubject", "Amara", "/credentialSubject"),
    "one empty subject of two": ("credentialSubject", [{"id": "did:example:a"}, {}], "/credentialSubject/1"),
    "a subject whose id is no URL": ("credentialSubject", {"id": "Amara"}, "/credentialSubject/id"),
    "no issuanceDate": ("issuanceDate", None, "/issuanceDate"),
    "an issuanceDate that is none": ("issuanceDate", "last Monday", "/issuanceDate"),
    "an end before the beginning": ("expirationDate", "2019-03-16T22:37:26Z", "/expirationDate"),
    "a status without type": (
        "credentialStatus",
        {"id": "https://fernhill.example/1"},
        "/credentialStatus/type",
    ),
    "a status without id": ("credentialStatus", {"type": "1EdTechRevocationList"}, "/credentialStatus/id"),
    "a schema that is text": ("credentialSchema", "https://fernhill.example/s", "/credentialSchema"),
    "evidence without type": ("evidence", [{"type": "Evidence"}, {"name": "A"}], "/evidence/1/type"),
    "terms of use without type": ("termsOfUse", {"id": "https://fernhill.example/terms"}, "/termsOfUse/type"),
}


class TestCheckDocument:
    def test_takes_what_fits(self) -> None:
        assert vc_data_model_1_1.check_document(GOOD) == ()

    @pytest.mark.parametrize(("name", "value", "place"), WRONG.values(), ids=WRONG)
    def test_names_what_does_not(self, name: str, value: object, place: str) -> None:
        document = copy.deepcopy(GOOD)
        if value is None:
            del document[name]
        else:
            document[name] = value

        findings = vc_data_model_1_1.check_document(document)

        assert [finding.pointer for finding in findings] == [place]
        assert findings[0].spec.startswith("VCDM 1.1 #")
