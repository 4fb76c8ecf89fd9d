# SPDX-License-Identifier: Apache-2.0
"""What 1EdTech demands of endorsements, and of badges of Open Badges 2.0."""

from copy import deepcopy
from typing import Any

import pytest
from samples import golden_document

from laurel.rules import open_badges_2, open_badges_3

OLD: Any = [
    "https://www.w3.org/2018/credentials/v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def endorsement(**changes: Any) -> dict[str, Any]:
    document = {
        "@context": golden_document()["@context"],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "In good standing",
        "issuer": {"id": "https://board.example", "type": ["Profile"]},
        "validFrom": "2026-10-01T00:00:00Z",
        "credentialSubject": {"id": "https://college.example", "type": ["EndorsementSubject"]},
    } | changes
    return {name: value for name, value in document.items() if value is not None}


def codes(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one.code, one.pointer) for one in open_badges_3.check_endorsement(document)}


class TestEndorsement:
    def test_of_either_data_model_fits(self) -> None:
        assert codes(endorsement()) == set()
        assert (
            codes(endorsement(**{"@context": OLD}, validFrom=None, issuanceDate="2022-10-01T00:00:00Z"))
            == set()
        )

    @pytest.mark.parametrize(
        ("change", "code", "pointer"),
        [
            ({"name": None}, "ob3.missing", "/name"),
            ({"validFrom": None}, "ob3.missing", "/validFrom"),
            ({"issuanceDate": "2022-10-01T00:00:00Z", "validFrom": None}, "ob3.missing", "/validFrom"),
            ({"@context": OLD}, "ob3.missing", "/issuanceDate"),
            ({"@context": OLD[:1]}, "ob3.context", "/@context"),
            ({"type": ["VerifiableCredential"]}, "ob3.type", "/type"),
            (
                {"issuer": {"id": "https://board.example", "type": ["Organization"]}},
                "ob3.type",
                "/issuer/type",
            ),
            ({"credentialSubject": {"type": ["EndorsementSubject"]}}, "ob3.missing", "/credentialSubject/id"),
            (
                {"credentialSubject": {"id": "https://a.example", "type": ["AchievementSubject"]}},
                "ob3.type",
                "/credentialSubject/type",
            ),
            (
                {
                    "credentialSubject": {
                        "id": "urn:a",
                        "type": ["EndorsementSubject"],
                        "endorsementComment": 5,
                    }
                },
                "ob3.text",
                "/credentialSubject/endorsementComment",
            ),
        ],
    )
    def test_of_another_shape_does_not(self, change: Any, code: str, pointer: str) -> None:
        assert (code, pointer) in codes(endorsement(**change))

    def test_inside_a_badge_is_held_to_the_same(self) -> None:
        badge = golden_document()
        badge["endorsement"] = [endorsement(name=None)]

        found = {(one.code, one.pointer) for one in open_badges_3.check_document(badge)}
        assert found == {("ob3.missing", "/endorsement/0/name")}


class TestOpenBadges2:
    GOOD: Any = (
        {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Assertion",
            "id": "https://a.example/1",
            "recipient": {"type": "email", "hashed": True, "identity": "sha256$00"},
            "issuedOn": "2020-01-01T00:00:00Z",
            "badge": "https://a.example/b",
            "verification": {"type": "HostedBadge"},
        },
        {"type": "BadgeClass", "name": "B", "description": "D", "criteria": {"narrative": "N"}},
        {"type": ["Profile"], "name": "I", "url": "https://a.example", "email": "a@a.example"},
    )

    def test_that_is_whole_fits(self) -> None:
        assert open_badges_2.check_badge(*self.GOOD) == ()

    @pytest.mark.parametrize(
        ("place", "name", "pointer"),
        [
            (0, "@context", "/@context"),
            (0, "type", "/type"),
            (0, "id", "/id"),
            (0, "recipient", "/recipient"),
            (0, "issuedOn", "/issuedOn"),
            (0, "verification", "/verification/type"),
            (1, "type", "/badge/type"),
            (1, "name", "/badge/name"),
            (1, "description", "/badge/description"),
            (1, "criteria", "/badge/criteria"),
            (2, "type", "/badge/issuer/type"),
            (2, "email", "/badge/issuer/email"),
        ],
    )
    @pytest.mark.parametrize("value", [None, 5, [], ""])
    def test_that_lacks_a_part_does_not(self, place: int, name: str, pointer: str, value: Any) -> None:
        documents = deepcopy(self.GOOD)
        documents[place][name] = value

        assert pointer in {one.pointer for one in open_badges_2.check_badge(*documents)}
