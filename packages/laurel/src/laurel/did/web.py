# SPDX-License-Identifier: Apache-2.0
"""did:web: the keys stand in a document on the web server of the domain that the DID names."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, unquote

from laurel.did.syntax import did_of, identifier_of, method_of
from laurel.errors import NotADid
from laurel.model.timestamp import format_timestamp
from laurel.proof.keys import VerifyingKey
from laurel.strictjson import JsonValue

__all__ = [
    "did",
    "document",
    "folder",
    "url",
]

# The only hosts that are reached by plain http, and by the fetcher only when the caller allows it.
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1"})

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9._~-]+")


def did(host: str, *segments: str, port: int | None = None) -> str:
    """Return the did:web of a host and the path segments under which its did.json lies.

    Raises:
        NotADid: the host is no domain name, or a segment no name of a folder.

    Spec: did:web §2.2 (method-specific identifier)
    """
    parts = [
        host.lower() + (f"%3A{port}" if port else ""),
        *(quote(segment, safe="") for segment in segments),
    ]
    made = "did:web:" + ":".join(parts)
    url(made)
    return made


def url(identifier: str) -> str:
    """Return the URL of the DID document: https, or http for a loopback host.

    Raises:
        NotADid: no did:web, an IP address, or a path that climbs or hides a slash.

    Spec: did:web §3.2 (read)
    """
    if method_of(identifier) != "web":
        raise NotADid("The DID is not a did:web.")
    return folder(identifier_of(identifier)) + "did.json"


def folder(location: str) -> str:
    """Return the URL of the folder that a host and path segments name, parted by colons, as in a did:web.

    Raises:
        NotADid: an IP address, no domain name in lower case, or a path that climbs or hides a slash.
    """
    authority, *segments = location.split(":")
    host, port = _host_and_port(unquote(authority))
    for segment in segments:
        name = unquote(segment, errors="replace")
        if name in {"", ".", ".."} or not _SEGMENT.fullmatch(name):
            raise NotADid("A path segment of the DID is not the name of a folder.")
    path = "/".join(segments) if segments else ".well-known"
    scheme = "http" if host in LOOPBACK else "https"
    return f"{scheme}://{host}{port}/{path}/"


def document(
    identifier: str,
    keys: Sequence[VerifyingKey],
    *,
    retired: Mapping[str, datetime] = MappingProxyType({}),
    revoked: Mapping[str, datetime] = MappingProxyType({}),
) -> dict[str, JsonValue]:
    """Return the DID document to serve for a did:web: the keys of today, and what became of the earlier ones.

    Args:
        keys: every key that may have signed, the current one first; each with an id under the DID.
            Ed25519 keys are published as Multikey, others as JsonWebKey.
        retired: from the id of a key to when it stopped signing, its `expires`. What it signed before still
            holds for laurel; a reader that goes by the letter of the specification takes nothing of it any
            more. A key whose private half was destroyed is better left without.
        revoked: from the id of a key to when somebody else may have had it, its `revoked`. It is listed for
            no purpose then, so that readers who do not know the word refuse it too.

    Raises:
        NotADid: no did:web.
        ValueError: a key has no id, or one that does not lie under the DID, or two share one; or an end is
            without a time zone, or that of a key which is not among them.

    Spec: did:web §3.1; Controlled Identifiers 1.0 §2.2 (expires, revoked), §2.2.2 and §2.2.3
    """
    url(identifier)
    if not retired.keys() | revoked.keys() <= {key.id for key in keys}:
        raise ValueError("a key that is not in the document has an end")
    methods: list[JsonValue] = [
        _method(identifier, key) | _ends(key.id or "", retired=retired, revoked=revoked) for key in keys
    ]
    ids: list[JsonValue] = [key.id for key in keys if key.id not in revoked]
    if len({key.id for key in keys}) != len(keys):
        raise ValueError("two keys of the document share an id")
    contexts: list[JsonValue] = ["https://www.w3.org/ns/did/v1"]
    if any(key.algorithm == "Ed25519" for key in keys):
        contexts.append("https://w3id.org/security/multikey/v1")
    if any(key.algorithm != "Ed25519" for key in keys):
        contexts.append("https://w3id.org/security/jwk/v1")
    return {
        "@context": contexts,
        "id": identifier,
        "verificationMethod": methods,
        "assertionMethod": ids,
        "authentication": list(ids),
    }


def _ends(
    name: str, *, retired: Mapping[str, datetime], revoked: Mapping[str, datetime]
) -> dict[str, JsonValue]:
    ends = {"expires": retired.get(name), "revoked": revoked.get(name)}
    return {word: format_timestamp(moment) for word, moment in ends.items() if moment is not None}


def _method(identifier: str, key: VerifyingKey) -> dict[str, JsonValue]:
    if key.id is None or did_of(key.id) != identifier:
        raise ValueError(f"the id of a key of {identifier} begins with {identifier}#")
    if key.algorithm == "Ed25519":
        material: dict[str, JsonValue] = {"type": "Multikey", "publicKeyMultibase": key.to_multikey()}
    else:
        jwk: dict[str, JsonValue] = {name: value for name, value in key.to_jwk().items() if name != "kid"}
        material = {"type": "JsonWebKey", "publicKeyJwk": jwk}
    return {"id": key.id, "controller": identifier} | material


def _host_and_port(authority: str) -> tuple[str, str]:
    host, sign, port = authority.partition(":")
    if host != host.lower() or not (_DOMAIN.fullmatch(host) or host in LOOPBACK):
        raise NotADid("The DID names no domain in lower case.")
    if sign and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise NotADid("The port of the DID is not a number from 1 to 65535.")
    return host, f":{int(port)}" if sign else ""
