# SPDX-License-Identifier: Apache-2.0
"""Asks openbadgeslib to work and times it, one request a line. For `./cairn bench`, which runs it by itself.

It runs in the environment of `requirements-peers.lock` (.venv-peers), where laurel is not, and goes through
public doors of openbadgeslib only. The first line sets it up:
In:  {"seed": hex, "key": id of the key, "created": time, "lists": {address: unsigned status list}}
Out: {"versions": {...}}
Then, where "model" means that the credential goes through openbadgeslib's own classes before it is signed:
In:  {"do": "sign" or "verify", "suite": "...", "text": "...", "model": false}
     {"do": "time", "deed": "issue" or "verify", "suite": "...", "texts": [...], "model": false, "count": 100}
Out: {"text": "..."}, {"verified": true, "reason": ""}, {"cpu": seconds, "wall": seconds}
"""

import importlib.metadata
import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bench_talk import timed
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from openbadgeslib import ob3

RDFC, JWT = "eddsa-rdfc-2022", "VC-JWT EdDSA"


class Desk:
    """openbadgeslib with one key, and with the status lists that it would else fetch."""

    def __init__(self, seed: str, key: str, created: str, lists: dict[str, dict[str, Any]]) -> None:
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
        self.pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.key, self.created = key, datetime.fromisoformat(created)
        issuer = key.partition("#")[0]
        self.jwt_signer, self.jwt_verifier = (
            ob3.OB3Signer(self.pem, "EdDSA"),
            ob3.OB3Verifier.for_issuer_did(issuer),
        )
        self.signer, self.verifier = (
            ob3.OB3LdpSigner(self.pem, key),
            ob3.OB3LdpVerifier.for_issuer_did(issuer),
        )
        # It holds the signature of a list that is a JWT, and of no other, so it gets them in this form.
        self.lists: dict[str, bytes] = {
            address: ob3.sign_status_list_credential(document, self.pem, "EdDSA").encode()
            for address, document in lists.items()
        }

    def deed(self, name: str, suite: str, *, model: bool = False) -> Callable[[str], Any]:
        """Return what signs or verifies one text."""
        deeds: dict[tuple[str, str, bool], Callable[[str], Any]] = {
            ("issue", RDFC, False): self._sign,
            ("issue", RDFC, True): self._sign_by_model,
            ("verify", RDFC, False): self._verify,
            ("issue", JWT, False): lambda text: self.jwt_signer.sign_payload(json.loads(text)),
            ("verify", JWT, False): self._verify_jwt,
        }
        return deeds[name, suite, model]

    def _sign(self, text: str) -> str:
        signed = ob3.add_data_integrity_proof(json.loads(text), self.pem, self.key, created=self.created)
        return json.dumps(signed)

    def _sign_by_model(self, text: str) -> str:
        credential = ob3.OpenBadgeCredential.from_vc_document(json.loads(text))
        return str(self.signer.sign_to_json(credential, created=self.created))

    def _verify(self, text: str) -> None:
        self.verifier.verify(text, check_status=True, download=self._fetch)

    def _verify_jwt(self, token: str) -> None:
        self.jwt_verifier.verify(token, check_status=True, download=self._fetch)

    def _fetch(self, address: str) -> bytes:
        return self.lists[address]  # what is not there fails, as without a network


def main() -> None:
    """Answer until nothing more is asked."""
    desk = Desk(**json.loads(sys.stdin.readline()))
    print(json.dumps({"versions": {"openbadgeslib": versions()}}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = answer_to(desk, **request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other end shows it
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def answer_to(desk: Desk, do: str, suite: str, *, model: bool = False, **given: Any) -> dict[str, Any]:
    """Return the answer to one request."""
    if do == "time":
        texts, count = given["texts"], given["count"]
        cpu, wall = timed(desk.deed(given["deed"], suite, model=model), texts)(count)
        return {"cpu": cpu, "wall": wall}
    if do == "sign":
        return {"text": desk.deed("issue", suite, model=model)(given["text"])}
    try:
        desk.deed("verify", suite)(given["text"])
    except ob3.OB3VerificationError as error:
        return {"verified": False, "reason": str(error)}
    return {"verified": True, "reason": ""}


def versions() -> str:
    """Return its version and those of what it stands on here."""
    own, *others = (
        importlib.metadata.version(name) for name in ("openbadgeslib", "PyLD", "PyJWT", "cryptography")
    )
    return "{} (with PyLD {}, PyJWT {}, cryptography {})".format(own, *others)


if __name__ == "__main__":
    main()
