# SPDX-License-Identifier: Apache-2.0
"""Strangers choose the addresses in a credential; a caller's way to fetch is asked for web addresses only."""

import json
from typing import Any

import pytest
from issuer_world import ISSUED_AT, NOW
from samples import golden_document

from laurel import verify
from laurel.did import key as did_key
from laurel.proof import data_integrity, jose
from laurel.proof.keys import SigningKey

KEY = did_key.with_did_key(SigningKey.from_seed(b"A stranger with a did:key of own"))
DID = did_key.did(KEY.public)
ELSEWHERE = [
    "file:///etc/passwd",
    "/etc/passwd",
    "ftp://a.example/1",
    "data:,x",
    "urn:x:y",
    "FILE:///etc/passwd",
]


def badge(url: str) -> bytes:
    entry = {"statusListIndex": "1", "statusListCredential": url, "type": "BitstringStatusListEntry"}
    named = {
        "credentialStatus": [
            entry | {"statusPurpose": "revocation"},
            {"id": url, "type": "1EdTechRevocationList"},
        ],
        "credentialSchema": [{"id": url, "type": "1EdTechJsonSchemaValidator2019"}],
        "relatedResource": [{"id": url, "digestSRI": "sha256-x"}],
        "refreshService": {"id": url, "type": "1EdTechCredentialRefresh"},
    }
    document = golden_document(issuer_id=DID) | named
    return json.dumps(
        data_integrity.sign(document, KEY, suite="eddsa-jcs-2022", created=ISSUED_AT)  # type: ignore[arg-type]
    ).encode()


def diploma(url: str) -> bytes:
    claims: dict[str, Any] = {"iss": DID, "vct": "https://a.example/t"}
    claims["status"] = {"status_list": {"idx": 1, "uri": url}}
    token = jose.encode({"typ": "dc+sd-jwt", "kid": KEY.id}, json.dumps(claims).encode(), KEY)
    return f"{token}~".encode()


def old_badge(url: str) -> bytes:
    return json.dumps({"type": "Assertion", "id": url, "badge": url}).encode()


@pytest.mark.parametrize("made", [badge, diploma, old_badge])
@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_credential_makes_a_caller_read_a_file(made: Any, url: str) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b"{}"

    report = verify.check(made(url), fetch=fetch, at=NOW, evidence=True, refresh=True)

    assert asked == []
    assert verify.needs(verify.read(made(url)), {}, at=NOW, evidence=True) == ()
    assert report.verdict is not verify.Verdict.GENUINE


@pytest.mark.parametrize("made", [badge, diploma, old_badge])
def test_web_addresses_are_asked_for(made: Any) -> None:
    assert verify.needs(verify.read(made("https://a.example/1")), {}, at=NOW) == ("https://a.example/1",)
