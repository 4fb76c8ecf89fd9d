# SPDX-License-Identifier: Apache-2.0
"""Issuers that this site has never heard of: one on a web server of its own, one that is only a key."""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from laurel import issue
from laurel.did import web
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey
from laurel.status import bitstring

ISSUED_AT = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)


def draft(issuer_id: str, **changes: Any) -> dict[str, Any]:
    """Return a badge that Table Trust gives to Ines Duarte."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:5a1c8f6e-13a0-4f0e-8d0f-2f7f5d9a7c11",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Food Hygiene Level 2",
        "issuer": {"id": issuer_id, "type": ["Profile"], "name": "Table Trust"},
        "validFrom": "2026-06-12T09:30:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "Ines Duarte",
                    "identityType": "name",
                }
            ],
            "achievement": {
                "id": "https://tabletrust.example/a/food-hygiene-2",
                "type": ["Achievement"],
                "name": "Food Hygiene Level 2",
                "description": "Prepares and keeps food safely.",
                "criteria": {"narrative": "Pass the practical test."},
            },
        },
    } | changes


def signed(document: dict[str, Any], key: SigningKey, suite: str = "eddsa-rdfc-2022") -> bytes:
    """Return a badge with its proof. With eddsa-jcs-2022 it is not checked first: others sign anything."""
    if suite == "eddsa-rdfc-2022":
        return issue.sign(issue.check_document(document), key, created=ISSUED_AT)
    proven = data_integrity.sign(document, key, suite=suite, created=ISSUED_AT)  # type: ignore[arg-type]  # a name
    return json.dumps(proven, ensure_ascii=False).encode()


def self_made(suite: str = "eddsa-rdfc-2022", **changes: Any) -> bytes:
    """Return a credential signed with a key that nobody vouches for."""
    key = SigningKey.from_seed(b"nobody vouches for this key, ever"[:32])
    multikey = key.public.to_multikey()
    did = f"did:key:{multikey}"
    document = draft(did, **changes)
    document["issuer"]["id"] = did
    return signed(document, key.with_id(f"{did}#{multikey}"), suite)


def endorsement(about: str, key: SigningKey | None = None, **changes: Any) -> dict[str, Any]:
    """Return what somebody says of something, signed; without a key, by one that nobody vouches for.

    Args:
        key: with an id under the DID of the endorser.
        changes: of what stands at the top of the endorsement, and of its `comment`.
    """
    if key is None:
        bare = SigningKey.from_seed(b"this key says good things of all"[:32])
        multikey = bare.public.to_multikey()
        key = bare.with_id(f"did:key:{multikey}#{multikey}")
    comment = changes.pop("comment", "Asked for in every kitchen.")
    document = {
        "@context": draft("")["@context"],
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{key.id} {about} {comment}')}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": {"type": ["Profile"], "name": "Kitchen Guild"},
        "validFrom": "2026-06-12T09:30:00Z",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": comment},
    } | changes
    document["issuer"] = {"id": str(key.id).partition("#")[0]} | document["issuer"]
    return data_integrity.sign(document, key, suite="eddsa-rdfc-2022", created=ISSUED_AT)


def with_everything() -> bytes:
    """Return a badge with something to tell in every part of its report, names that mislead included."""
    subject = draft("")["credentialSubject"]
    subject["source"] = {"id": "https://exams.example/", "type": ["Profile"], "name": "Exams Bo\u0430rd"}
    subject["achievement"] |= {
        "name": "Food Hygi\u200bene",
        "creator": {"id": "https://guild.example/", "type": ["Profile"], "name": "نقابة الطهاة"},
        "endorsement": [
            endorsement(subject["achievement"]["id"]),
            endorsement("https://elsewhere.example/a"),
        ],
    }
    return self_made(credentialSubject=subject, validUntil="2030-01-01T00:00:00Z")


class Stranger:
    """An institution with a web server on this machine."""

    def __init__(self, port: int) -> None:
        self.documents: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.host = f"127.0.0.1:{port}"
        self.base_url = f"http://127.0.0.1:{port}"
        self.did = f"did:web:127.0.0.1%3A{port}"
        self.key = SigningKey.generate().with_id(f"{self.did}#key-1")
        self.documents["/.well-known/did.json"] = json.dumps(
            web.document(self.did, [self.key.public])
        ).encode()
        self.set_status()

    def set_status(self, revoked: Iterable[int] = ()) -> None:
        """Publish the status list anew."""
        document = bitstring.list_credential(
            url=f"{self.base_url}/status",
            issuer=self.did,
            purpose="revocation",
            indexes=revoked,
            valid_from=ISSUED_AT,
        )
        self.documents["/status"] = issue.sign_status_list(document, self.key, created=ISSUED_AT)

    def issue(self, index: int = 7, suite: str = "eddsa-rdfc-2022", **changes: Any) -> bytes:
        """Return a credential with an entry in the status list."""
        entry = {
            "id": f"{self.base_url}/status#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": f"{self.base_url}/status",
        }
        return signed(draft(self.did, credentialStatus=[entry], **changes), self.key, suite)


@contextmanager
def stranger() -> Iterator[Stranger]:
    """Run a stranger's web server for a while."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            found = known.documents.get(self.path)
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Length", str(len(found or b"")))
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = Stranger(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
