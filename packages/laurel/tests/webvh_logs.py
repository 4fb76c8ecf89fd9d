# SPDX-License-Identifier: Apache-2.0
"""Writes did:webvh logs for tests, right ones and wrong ones; laurel itself only reads them."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import base58
import rfc8785

from laurel.model.timestamp import format_timestamp
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey

START = datetime(2026, 1, 1, tzinfo=UTC)


def key(number: int) -> SigningKey:
    return SigningKey.from_seed(bytes([number]) * 32)


def multikey(number: int) -> str:
    return key(number).public.to_multikey()


def multihash(data: bytes) -> str:
    return base58.b58encode(b"\x12\x20" + hashlib.sha256(data).digest()).decode()


def signed(document: dict[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    """A proof by a key under its did:key."""
    name = multikey(number)
    signer = key(number).with_id(f"did:key:{name}#{name}")
    made = data_integrity.sign(
        document, signer, suite="eddsa-jcs-2022", **{"created": START, "purpose": "assertionMethod"} | changes
    )
    proof: dict[str, Any] = made["proof"]  # type: ignore[assignment]  # one proof only
    return proof


def next_hashes(*numbers: int) -> list[str]:
    return [multihash(multikey(number).encode()) for number in numbers]


@dataclass
class WebvhLog:
    """A log that grows; key 1 may change it, unless `updateKeys` says otherwise. Keys 21… witness."""

    location: str = "fernhill.example"
    entries: list[dict[str, Any]] = field(default_factory=list)
    witnessed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def did(self) -> str:
        return str(self.entries[-1]["state"]["id"])

    @property
    def scid(self) -> str:
        return str(self.entries[0]["parameters"]["scid"])

    @property
    def data(self) -> bytes:
        return b"".join(json.dumps(entry).encode() + b"\n" for entry in self.entries)

    @property
    def witnesses(self) -> bytes:
        return json.dumps(self.witnessed).encode()

    def document(self, did: str, keys: dict[str, int], **more: Any) -> dict[str, Any]:
        methods = [
            {
                "id": f"{did}#{name}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": multikey(number),
            }
            for name, number in keys.items()
        ]
        named = [method["id"] for method in methods]
        return {"id": did, "verificationMethod": methods, "assertionMethod": named} | more

    def add(
        self,
        keys: dict[str, int] | None = None,
        *,
        by: int = 1,
        parameters: dict[str, Any] | None = None,
        at: datetime | None = None,
        location: str | None = None,
        state: Callable[[dict[str, Any]], dict[str, Any]] = lambda state: state,
        change: Callable[[dict[str, Any]], object] = lambda entry: None,
        **more: Any,
    ) -> "WebvhLog":
        """Add an entry. `change` works on it before it is hashed and signed."""
        number = len(self.entries) + 1
        moment = at or START + timedelta(days=30 * (number - 1))
        scid = self.scid if self.entries else "{SCID}"
        did = f"did:webvh:{scid}:{location or self.location}"
        first = {"method": "did:webvh:1.0", "scid": "{SCID}", "updateKeys": [multikey(1)]}
        entry: dict[str, Any] = {
            "versionId": scid,
            "versionTime": format_timestamp(moment),
            "parameters": ({} if self.entries else first) | (parameters or {}),
            "state": state(self.document(did, keys if keys is not None else {"key-1": 11}, **more)),
        }
        change(entry)
        if not self.entries:
            scid = multihash(rfc8785.dumps(entry))
            entry = json.loads(json.dumps(entry).replace("{SCID}", scid))
        else:
            entry["versionId"] = self.entries[-1]["versionId"]
        entry["versionId"] = f"{number}-{multihash(rfc8785.dumps(entry))}"
        self.entries.append(entry | {"proof": [signed(entry, by)]})
        return self

    def witness(self, *numbers: int, version: int | None = None) -> "WebvhLog":
        """Let witnesses agree to a version, the last one unless it is named."""
        name = self.entries[(version or len(self.entries)) - 1]["versionId"]
        proofs = [signed({"versionId": name}, number) for number in numbers]
        self.witnessed.append({"versionId": name, "proof": proofs})
        return self


def witnesses(threshold: Any, *numbers: int) -> dict[str, Any]:
    """The parameter that names witnesses."""
    ids = [{"id": f"did:key:{multikey(number)}"} for number in numbers]
    return {"witness": {"threshold": threshold, "witnesses": ids}}
