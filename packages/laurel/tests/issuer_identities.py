# SPDX-License-Identifier: Apache-2.0
"""Issuers of every kind that laurel knows, each with its own key and what their hosts answer."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from samples import golden_document
from webvh_logs import WebvhLog
from webvh_logs import key as numbered_key

from laurel.did import jwk, web
from laurel.did import key as did_key
from laurel.errors import LaurelError
from laurel.proof import data_integrity, vc_jwt
from laurel.proof.keys import SigningKey

SIGNED_AT: Final = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)
NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SITE: Final = "https://birchwood.example/issuer"


@dataclass
class Web:
    """What the hosts answer, and what they were asked."""

    documents: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self, url: str, document: Any) -> None:
        """Put bytes or a JSON document behind a URL."""
        self.documents[url] = document if isinstance(document, bytes) else json.dumps(document).encode()

    def __call__(self, url: str) -> bytes:
        """Answer as the web would."""
        self.asked.append(url)
        if url not in self.documents:
            raise LaurelError(f"{url} did not answer.")
        return self.documents[url]


def issuers(hosts: Web) -> dict[str, SigningKey]:
    """Return a key for each kind of issuer, under the name that its issuer gives it, and publish it."""
    bare = SigningKey.generate("p256")
    named = {
        "did:key Ed25519": did_key.with_did_key(SigningKey.generate()),
        "did:key P-256": did_key.with_did_key(SigningKey.generate("p256")),
        "did:jwk": bare.with_id(f"{jwk.did(bare.public)}#0"),
        "did:web": SigningKey.generate().with_id("did:web:alder.example:o:alder#key-1"),
        "https": SigningKey.generate().with_id(f"{SITE}#key-1"),
    }
    log = WebvhLog("cedar.example").add({"key-1": 11})
    named["did:webvh"] = numbered_key(11).with_id(f"{log.did}#key-1")
    hosts.publish("https://cedar.example/.well-known/did.jsonl", log.data)
    alder = named["did:web"]
    hosts.publish("https://alder.example/o/alder/did.json", web.document(issuer_of(alder), [alder.public]))
    method = {"id": f"{SITE}#key-1", "type": "Multikey", "controller": SITE}
    method["publicKeyMultibase"] = named["https"].public.to_multikey()
    hosts.publish(SITE, {"id": SITE, "verificationMethod": [method], "assertionMethod": [method["id"]]})
    return named


def issuer_of(key: SigningKey) -> str:
    """Return the id of the issuer under which a key is named."""
    return str(key.id).partition("#")[0]


def signed(issuer: str, key: SigningKey, form: str = "jcs", *, created: datetime = SIGNED_AT) -> bytes:
    """A credential of that issuer without a status list, whoever signs it.

    Args:
        form: "jcs" for a Data Integrity proof, "jwt" for a token of the Open Badges profile, which says that
            it was signed at its `validFrom`, "vc+jwt" for one of the W3C's, which says nothing of that.
    """
    document: dict[str, Any] = golden_document(issuer_id=issuer)
    del document["credentialStatus"]
    if form != "jcs":
        document["validFrom"] = created.isoformat()
        profile = "open-badges-3.0" if form == "jwt" else "vc-jose-cose"
        return vc_jwt.sign(document, key, profile=profile).encode()  # type: ignore[arg-type]  # one of two
    suite = "eddsa-jcs-2022" if key.public.algorithm == "Ed25519" else "ecdsa-jcs-2019"
    return json.dumps(data_integrity.sign(document, key, suite=suite, created=created)).encode()
