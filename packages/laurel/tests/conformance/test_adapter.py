# SPDX-License-Identifier: Apache-2.0
"""The thin VC-API that the W3C suites talk to does what it says, over real HTTPS on loopback."""

import json
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError

import pytest
from conformance import adapter as vc_api
from conformance import run_suites

from laurel.strictjson import loads

CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:0b3f6c1e-52f8-4d0e-9f7b-7c61b1c5d2aa",
    "type": ["VerifiableCredential"],
    "credentialSubject": {"id": "did:example:amara", "name": "Amara Nwosu"},
}
ISSUERS = [(suite, kind) for suite in vc_api.SUITES for kind in vc_api.kinds_of(suite)]


@dataclass(frozen=True)
class Served:
    """A running adapter: its address, and the id of the issuer with each kind of key."""

    base: str
    ids: dict[str, str]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    # In a process of its own: it makes contexts known that no other test may find known.
    command = [sys.executable, vc_api.__file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield Served(told["base"], {row["kind"]: row["id"] for row in told["issuers"]})
        process.stdin.close()


def post(adapter: Served, path: str, body: Any) -> tuple[int, Any]:
    request = urllib.request.Request(
        adapter.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    # As the suites do: the certificate is nobody's.
    anybody = ssl._create_unverified_context()
    try:
        with urllib.request.urlopen(request, context=anybody) as answer:
            return answer.status, loads(answer.read())
    except HTTPError as error:
        return error.code, loads(error.read())


def issued(adapter: Served, suite: str, kind: str, **options: Any) -> Any:
    body = {"credential": CREDENTIAL | {"issuer": adapter.ids[kind]}, "options": options}
    status, answer = post(adapter, f"/issuers/{suite}/credentials/issue?kind={kind}", body)
    assert status == 201, answer
    return answer["verifiableCredential"]


def verified(adapter: Served, credential: Any) -> tuple[int, Any]:
    return post(adapter, "/verifiers/any/credentials/verify", {"verifiableCredential": credential})


@pytest.mark.parametrize(("suite", "kind"), [each for each in ISSUERS if each[0] != "ecdsa-sd-2023"])
def test_what_is_issued_verifies_and_a_change_does_not(served: Served, suite: str, kind: str) -> None:
    credential = issued(served, suite, kind)

    assert verified(served, credential) == (200, {"verified": True, "checks": ["proof"]})
    if suite != vc_api.ENVELOPED:
        status, answer = verified(served, credential | {"credentialSubject": {"id": "did:example:eve"}})
        assert (status, answer["verified"]) == (400, False)


def test_a_part_is_derived_and_verifies(served: Served) -> None:
    base = issued(served, "ecdsa-sd-2023", "P-256", mandatoryPointers=["/issuer", "/type"])
    body = {"verifiableCredential": base, "options": {"selectivePointers": ["/credentialSubject/name"]}}

    status, derived = post(served, "/derive/credentials/derive", body)

    assert status == 201
    assert derived["credentialSubject"]["name"] == "Amara Nwosu"
    assert verified(served, derived)[0] == 200
    assert verified(served, base)[0] == 400


def test_the_status_of_what_is_issued_is_served(served: Served) -> None:
    body = {"credential": CREDENTIAL | {"issuer": served.ids["Ed25519"]}}
    _, answer = post(served, "/issuers/eddsa-rdfc-2022/credentials/issue?status=1", body)
    entry = answer["verifiableCredential"]["credentialStatus"]

    with urllib.request.urlopen(
        entry["statusListCredential"], context=ssl._create_unverified_context()
    ) as found:
        assert "BitstringStatusListCredential" in loads(found.read())["type"]  # type: ignore[index, operator]


def test_a_presentation_needs_no_proof_but_a_good_one(served: Served) -> None:
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [issued(served, "eddsa-rdfc-2022", "Ed25519")],
    }
    proof = presentation["verifiableCredential"][0]["proof"] | {"proofPurpose": "authentication"}

    path = "/presentations/verify"
    assert post(served, path, {"verifiablePresentation": presentation})[0] == 200
    assert post(served, path, {"verifiablePresentation": presentation | {"proof": proof}})[0] == 400


@pytest.mark.parametrize(
    "credential",
    [
        None,
        {},
        CREDENTIAL,
        CREDENTIAL | {"issuer": "fake-issuer"},
        CREDENTIAL | {"issuer": "did:example:a", "type": ["Undefined"]},
        CREDENTIAL | {"issuer": "did:example:a", "undefinedWord": "x"},
    ],
)
def test_bad_input_is_told_as_such(served: Served, credential: Any) -> None:
    status, answer = post(served, "/issuers/eddsa-rdfc-2022/credentials/issue", {"credential": credential})

    assert status == 400
    assert answer["errors"][0]["message"]


def test_the_report_counts_what_the_suites_say() -> None:
    results = {
        "tests": [
            {"fullTitle": "A laurel does", "err": {}},
            {"fullTitle": "A laurel fails", "err": {"message": "expected\n  this"}},
            {"fullTitle": "A laurel skips", "err": {}},
        ],
        "passes": [{"fullTitle": "A laurel does"}],
        "pending": [{"fullTitle": "A laurel skips"}],
        "failures": [{"fullTitle": "A laurel fails", "title": "fails", "err": {"message": "expected"}}],
    }

    outcomes = list(run_suites.outcomes_of(results))
    text = run_suites.written([(run_suites.SUITES[0], "abc1234 (2025-03-03)", outcomes)])

    assert run_suites.told(outcomes) == "3 tests: 1 pass, 1 fail, 1 skipped"
    assert "| abc1234 (2025-03-03) | 3 | 1 | 1 | 1 |" in text
    assert "expected this" in text
