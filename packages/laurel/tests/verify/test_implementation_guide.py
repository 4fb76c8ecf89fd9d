# SPDX-License-Identifier: Apache-2.0
"""The worked examples of 1EdTech's implementation guide: the same bytes, hashes and signature at each step."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from shared_folder import SHARED

from laurel.jsonld import canonize
from laurel.proof import data_integrity
from laurel.proof.encodings import to_base64url
from laurel.proof.keys import SigningKey

STANDARDS = SHARED / "standards"
METHOD = "https://example.edu/issuers/565049#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
OPTIONS = {
    "type": "DataIntegrityProof",
    "created": "2010-01-01T19:23:24Z",
    "verificationMethod": METHOD,
    "cryptosuite": "eddsa-rdfc-2022",
    "proofPurpose": "assertionMethod",
}
# The guide's key pair, the seed first; published, and so nobody's.
SEED = "6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4"
PUBLIC = "4bdeafde2ea8beefadd8c699b5c7e0704cf51154d52e17b20b71337ca04cc5a5"
OPTIONS_HASH = "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19"
EXAMPLES = {
    "obv3p0": (
        "87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773",
        "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr",
    ),
    "clrv2p0": (
        "768d7015ae69e0210e1c2a45194d9c1d15d7a6022e52b946574a2a27f6fa85fe",
        "zF52sU1nfPAjcwCqtgxPNSor6SJnAzRBwZW5VNQXPt8xXCHkd39sgqj32DnMjhFCzbyHsLkhQ8HpBqQTkMgXy329",
    ),
}


def document(name: str) -> dict[str, Any]:
    """The guide's credential, which differs in a few values from one of the validator's."""
    file = {"obv3p0": "ob30/simple.json", "clrv2p0": "clr20/simple.json"}[name]
    found: dict[str, Any] = json.loads((STANDARDS / "1edtech-validator" / file).read_bytes())
    del found["proof"]
    issuer = {"id": "https://example.edu/issuers/565049", "type": ["Profile"]}
    if name == "obv3p0":
        found["issuer"] = issuer | {"url": "https://www.imsglobal.org", "name": "Example Corp"}
        return found
    subject = found["credentialSubject"]
    (inner,) = subject["verifiableCredential"]
    inner |= {
        "@context": [*inner["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
        "id": "urn:uuid:91537dba-56cb-11ec-bf63-0242ac130002",
        "name": "Example University Degree",
        "issuer": issuer,
        "credentialSchema": [
            {
                "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
                "ob_v3p0_achievementcredential_schema.json",
                "type": "1EdTechJsonSchemaValidator2019",
            }
        ],
    }
    inner["credentialSubject"]["achievement"] = subject["achievement"][0]
    value = "z45QnLySMt2mWuW787G6cf3SLkP97ZkMZxLeXH5yaaTQPCtTup4GCV95tU8HEnQJSyGCokSj3AvUhmJtvveTmN4Vu"
    inner["proof"] = [OPTIONS | {"proofValue": value}]
    return found


@pytest.fixture(scope="module")
def key() -> SigningKey:
    jwk = {"kty": "OKP", "crv": "Ed25519"}
    jwk |= {"d": to_base64url(bytes.fromhex(SEED)), "x": to_base64url(bytes.fromhex(PUBLIC))}
    return SigningKey.from_jwk(jwk).with_id(METHOD)


@pytest.mark.skipif(not STANDARDS.exists(), reason="../shared/standards is not here")
@pytest.mark.parametrize("name", EXAMPLES)
class TestExample:
    def test_has_the_same_statements(self, name: str) -> None:
        folder = STANDARDS / "ob3-impl-guide" / name
        unsigned = document(name)
        options = OPTIONS | {"@context": unsigned["@context"]}

        assert canonize(unsigned) == (folder / "document-canon.txt").read_bytes()
        assert canonize(options) == (folder / "proof-canon.txt").read_bytes()

    def test_has_the_same_hashes(self, name: str) -> None:
        unsigned = document(name)

        assert hashlib.sha256(canonize(unsigned)).hexdigest() == EXAMPLES[name][0]
        options = canonize(OPTIONS | {"@context": unsigned["@context"]})
        assert hashlib.sha256(options).hexdigest() == OPTIONS_HASH

    def test_has_the_same_signature(self, name: str, key: SigningKey) -> None:
        signed = data_integrity.sign(
            document(name), key, suite="eddsa-rdfc-2022", created=datetime(2010, 1, 1, 19, 23, 24, tzinfo=UTC)
        )

        proof = signed["proof"]
        assert isinstance(proof, dict)
        assert proof["proofValue"] == EXAMPLES[name][1]
