# SPDX-License-Identifier: Apache-2.0
"""A StatusList2021 decides as a list of today does, however its issuer signed it."""

import base64
import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import golden_document

from laurel import verify
from laurel.jsonld import contexts
from laurel.proof import data_integrity, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.status import bitstring
from laurel.verify.report import Report, Result, Verdict

URL = "https://fernhill.example/status/2021"
CONTEXT = "https://w3id.org/vc/status-list/2021/v1"
V1, V2 = contexts.CREDENTIALS_V1, contexts.CREDENTIALS_V2
#: How a list may be signed, by version of the data model. The context of 2021 does not fit together with that
#: of the data model 2.0, so there nobody can sign one over RDF; JWTs of the data model 1.1 are not read.
WAYS = [
    ("eddsa-rdfc-2022", V1),
    ("eddsa-jcs-2022", V1),
    ("eddsa-jcs-2022", V2),
    ("open-badges-3.0", V2),
    ("vc-jose-cose", V2),
]


def plain_list(college: IssuerWorld, indexes: list[int], purpose: str, version: str) -> dict[str, Any]:
    bits = bitstring.expand(bitstring.pack(indexes))
    begins = "2026-10-14T09:30:00Z"
    dates = {"issuanceDate": begins} if version == V1 else {"validFrom": begins}
    more = ["https://w3id.org/security/data-integrity/v2"] if version == V1 else []
    return {
        "@context": [version, CONTEXT, *more],
        "id": URL,
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuer": college.did,
        **dates,
        "credentialSubject": {
            "id": f"{URL}#list",
            "type": "StatusList2021",
            "statusPurpose": purpose,
            "encodedList": base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).decode(),
        },
    }


def signed(document: dict[str, Any], key: SigningKey, way: str) -> bytes:
    if way in ("open-badges-3.0", "vc-jose-cose"):
        return vc_jwt.sign(document, key, profile=way).encode()  # type: ignore[arg-type]  # one of WAYS
    made = data_integrity.sign(document, key, suite=way, created=ISSUED_AT)  # type: ignore[arg-type]
    return json.dumps(made).encode()


def judged(college: IssuerWorld, index: int = 3, purpose: str = "revocation") -> Report:
    listed: Any = golden_document()["@context"]
    entry = {
        "id": f"{URL}#{index}",
        "type": "StatusList2021Entry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": URL,
    }
    data = college.issue(**{"@context": [*listed, CONTEXT], "credentialStatus": entry})
    return verify.check(data, fetch=college.fetch, at=NOW)


@pytest.mark.parametrize(("way", "version"), WAYS)
@pytest.mark.parametrize(
    ("indexes", "purpose", "verdict"),
    [
        ([], "revocation", Verdict.GENUINE),
        ([2, 4], "revocation", Verdict.GENUINE),
        ([3], "revocation", Verdict.WITHDRAWN),
        ([3], "suspension", Verdict.ON_HOLD),
    ],
)
def test_it_decides(way: str, version: str, indexes: list[int], purpose: str, verdict: Verdict) -> None:
    college = IssuerWorld()
    document = plain_list(college, indexes, purpose, version)
    college.documents[URL] = signed(document, college.key, way)

    report = judged(college, purpose=purpose)

    assert report.verdict is verdict, report["status"]


@pytest.mark.parametrize(("way", "version"), WAYS)
def test_whoever_else_signs_it_says_nothing(way: str, version: str) -> None:
    college, other = IssuerWorld(), SigningKey.generate()
    document = plain_list(college, [], "revocation", version)
    college.documents[URL] = signed(document, other.with_id(college.key.id or ""), way)

    report = judged(college)

    assert (report["status"].result, report["status"].code) == (Result.NOT_CHECKED, "status.bad-signature")
    assert report.verdict is Verdict.UNFINISHED


@pytest.mark.parametrize("way", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_bit_that_was_turned_over_says_nothing(way: str) -> None:
    college = IssuerWorld()
    withdrawn = json.loads(signed(plain_list(college, [3], "revocation", V1), college.key, way))
    clear = plain_list(college, [], "revocation", V1)
    college.publish(URL, withdrawn | {"credentialSubject": clear["credentialSubject"]})

    assert judged(college)["status"].code == "status.bad-signature"


def test_one_that_ended_says_nothing() -> None:
    college = IssuerWorld()
    document = plain_list(college, [], "revocation", V1)
    document["expirationDate"] = (NOW - timedelta(days=1)).isoformat()
    college.documents[URL] = signed(document, college.key, "eddsa-rdfc-2022")

    assert judged(college)["status"].code == "status.stale"


def test_a_list_of_one_kind_does_not_serve_an_entry_of_the_other() -> None:
    college = IssuerWorld()
    college.documents[URL] = college.status_list(URL, "revocation", ())

    assert judged(college)["status"].code == "status.not-a-list"
