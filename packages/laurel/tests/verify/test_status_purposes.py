# SPDX-License-Identifier: Apache-2.0
"""What lists say for each purpose, of each size and kind, and what it makes of a credential."""

import json
from typing import Any

import pytest
from issuer_world import NOW, IssuerWorld
from samples import golden_document

from laurel import verify
from laurel.verify.report import Check, Result

URL = "https://fernhill.example/status/9"


CONTEXTS = [*golden_document()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]  # type: ignore[misc]  # a list


def status(college: IssuerWorld, entry: dict[str, Any]) -> Check:
    more = {"credentialStatus": entry, "@context": CONTEXTS}
    presented = verify.read(college.issue("open-badges-3.0", **more))
    found: dict[str, verify.Material] = {}
    for _ in range(4):
        for url in verify.needs(presented, found, at=NOW):
            found[url] = college.documents.get(url, verify.Unreachable("It did not answer."))
    return verify.verify(presented, found, at=NOW)["status"]


def entry(purpose: str, size: int = 1) -> dict[str, Any]:
    said: dict[str, Any] = {"id": f"{URL}#3", "type": "BitstringStatusListEntry", "statusPurpose": purpose}
    said |= {"statusListIndex": "3", "statusListCredential": URL}
    if size > 1:
        texts = [{"status": hex(value), "message": f"text {value}"} for value in range(1 << size)]
        said |= {"statusSize": size, "statusMessage": texts}
    return said


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize(
    ("purpose", "result", "code"),
    [
        ("revocation", Result.FAILED, "status.withdrawn"),
        ("suspension", Result.FAILED, "status.on-hold"),
        ("refresh", Result.NOT_CHECKED, "status.none"),
        ("message", Result.NOT_CHECKED, "status.none"),
    ],
)
def test_each_purpose_has_its_own_weight(purpose: str, size: int, result: Result, code: str) -> None:
    college = IssuerWorld()
    value = (1 << size) - 1
    college.documents[URL] = college.status_list(URL, purpose, (), values={3: value}, size=size)

    check = status(college, entry(purpose, size))

    assert (check.result, check.code) == (result, code)
    if purpose == "message":
        assert check.detail["message"] == (f"text {value}" if size > 1 else "0x1")
    if purpose == "refresh":
        assert check.detail["refresh"] == "yes"


def test_a_list_that_is_missing_is_named_as_the_specification_names_it() -> None:
    check = status(IssuerWorld(), entry("revocation"))

    assert check.detail["problem"].endswith("#STATUS_RETRIEVAL_ERROR")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "status.ok"),
        ([{"id": "ID"}], "status.withdrawn"),
        ([{"id": "ID", "revoked": True}], "status.withdrawn"),
        ([{"id": "ID", "revoked": False}], "status.ok"),
        ([{"id": "urn:other"}], "status.ok"),
    ],
)
@pytest.mark.parametrize("host", ["fernhill.example", "elsewhere.example"])
def test_a_1edtech_list_clears_only_on_the_issuers_own_host(host: str, rows: list[Any], code: str) -> None:
    college = IssuerWorld()
    url = f"https://{host}/revoked"
    own = json.loads(college.issue())["id"]
    listed = [row | {"id": own} if row["id"] == "ID" else row for row in rows]
    college.publish(url, {"id": url, "issuer": college.did, "revokedCredential": listed})

    check = status(college, {"id": url, "type": "1EdTechRevocationList"})

    is_open = host == "elsewhere.example" and code == "status.ok"
    assert check.code == ("status.unsigned" if is_open else code)
