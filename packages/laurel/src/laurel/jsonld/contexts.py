# SPDX-License-Identifier: Apache-2.0
"""The JSON-LD contexts we know: files beside this one, pinned by SHA-256. Nothing is ever fetched.

Spec: VCDM 2.0 #base-context; OB 3.0 #contexts
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from laurel import strictjson
from laurel.errors import DataLoss
from laurel.strictjson import JsonValue

__all__ = [
    "CREDENTIALS_V1",
    "CREDENTIALS_V2",
    "OPEN_BADGES_3",
    "OPEN_BADGES_3_EXTENSIONS",
    "add",
    "context",
    "known",
]

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_3_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

_FOLDER = Path(__file__).parent / "contexts"
_added: dict[str, bytes] = {}


def known() -> tuple[str, ...]:
    """Return the URLs of all contexts that this process knows: the vendored ones and those of `add`."""
    return (*_manifest(), *_added)


def add(url: str, data: bytes, *, sha256: str) -> None:
    """Make one more context known to this process, for credentials that extend Open Badges.

    Call it once at the start, with a file that you ship: what a context says never hangs on who serves it.

    Args:
        url: the address by which credentials name it.
        data: the JSON document, with an `@context` member.
        sha256: of the data, in hexadecimal; written into your code, so that another file is noticed.

    Raises:
        ValueError: the data has another hash, or the URL is known already with other data.
        NotJson, TypeError: the data is no JSON object.
    """
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ValueError(f"The context for {url} has the SHA-256 {found}, not {sha256}.")
    if url in _manifest() or _added.get(url, data) != data:
        raise ValueError(f"There is a context for {url} already.")
    _object(data)
    _added[url] = data


@cache
def context(url: str) -> Mapping[str, JsonValue]:
    """Return the vendored document behind a context URL; its `@context` member is the context itself.

    Raises:
        DataLoss: we do not know the URL, so its terms have no meaning that a signature could cover.
        RuntimeError: the file is not the one that was pinned.
    """
    entry = _manifest().get(url)
    if entry is None and url in _added:
        return _object(_added[url])
    if entry is None:
        raise DataLoss(
            f"The context {url} is not one that we know, so its terms mean nothing here.",
            code="data-loss.unknown-context",
        )
    data = (_FOLDER / entry["file"]).read_bytes()
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise RuntimeError(f"{entry['file']} is not the file that was pinned for {url}.")
    return _object(data)


@cache
def _manifest() -> dict[str, dict[str, str]]:
    """Return URL → file, sha256, package, path, licence."""
    rows = _object((_FOLDER / "MANIFEST.json").read_bytes())
    return {
        url: {name: str(text) for name, text in row.items()}
        for url, row in rows.items()
        if isinstance(row, dict)
    }


def _object(data: bytes) -> dict[str, JsonValue]:
    value = strictjson.loads(data)
    if not isinstance(value, dict):
        raise TypeError("A context file holds one JSON object.")
    return value
