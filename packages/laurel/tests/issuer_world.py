# SPDX-License-Identifier: Apache-2.0
"""A college in memory: its keys, its documents behind their URLs, and credentials that it signs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from samples import (
    CLEANED,
    CLEANED_URL,
    ISSUER_DID,
    NOTEBOOK,
    NOTEBOOK_URL,
    REVOCATIONS,
    SUSPENSIONS,
    golden_document,
)

from laurel import issue
from laurel.did import resolve_url, web
from laurel.errors import LaurelError
from laurel.proof.keys import SigningKey
from laurel.status import bitstring

ISSUED_AT: Final = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)
NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class NoAnswer(LaurelError):
    """The host did not answer."""

    code = "fetch.unreachable"


@dataclass
class IssuerWorld:
    """Fernhill College on the web. Change `documents` to make its hosts misbehave."""

    did: str = ISSUER_DID
    key: SigningKey = field(default_factory=lambda: SigningKey.generate())
    documents: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = self.key.with_id(f"{self.did}#key-1")
        self.publish(self.did_url, web.document(self.did, [self.key.public]))
        self.set_status()
        self.documents |= {NOTEBOOK_URL: NOTEBOOK, CLEANED_URL: CLEANED}

    @property
    def did_url(self) -> str:
        """Where its DID document lies."""
        return str(resolve_url(self.did))

    def publish(self, url: str, document: Any) -> None:
        """Put a JSON document behind a URL."""
        self.documents[url] = json.dumps(document).encode()

    def set_status(self, revoked: Iterable[int] = (), suspended: Iterable[int] = (), **more: Any) -> None:
        """Publish both status lists anew."""
        for url, purpose, indexes in (
            (REVOCATIONS, "revocation", revoked),
            (SUSPENSIONS, "suspension", suspended),
        ):
            self.documents[url] = self.status_list(url, purpose, indexes, **more)

    def status_list(self, url: str, purpose: str, indexes: Iterable[int], **more: Any) -> bytes:
        """A signed status list."""
        made = {"issuer": self.did, "valid_from": ISSUED_AT, "key": self.key} | more
        key = made.pop("key")
        document = bitstring.list_credential(url=url, purpose=purpose, indexes=indexes, **made)
        return issue.sign_status_list(document, key, created=ISSUED_AT)

    def issue(self, suite: str = "eddsa-rdfc-2022", **changes: Any) -> bytes:
        """The golden credential, changed before it is signed."""
        draft = {
            name: value
            for name, value in (golden_document(issuer_id=self.did) | changes).items()
            if value is not None
        }
        checked = issue.check_document(draft)
        if suite in ("open-badges-3.0", "vc-jose-cose"):
            return issue.sign_jwt(checked, self.key, profile=suite).encode()  # type: ignore[arg-type]  # as in the test
        return issue.sign(checked, self.key, suite=suite, created=ISSUED_AT)  # type: ignore[arg-type]  # as in the test

    def fetch(self, url: str) -> bytes:
        """Answer as the web would."""
        self.asked.append(url)
        if url not in self.documents:
            raise NoAnswer(f"{url.split('/')[2]} did not answer.")
        return self.documents[url]
