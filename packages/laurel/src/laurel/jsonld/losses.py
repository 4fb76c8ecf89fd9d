# SPDX-License-Identifier: Apache-2.0
"""How the mapper says where a document would lose something."""

from typing import TypeAlias

from laurel.errors import DataLoss

Path: TypeAlias = tuple[str | int, ...]


def loss(message: str, path: Path, code: str) -> DataLoss:
    """Return the error for a place in the document; the code goes under `data-loss.`."""
    return DataLoss(message, pointer=pointer(path), code=f"data-loss.{code}")


def pointer(path: Path) -> str:
    """Return a path as a JSON Pointer. Spec: RFC 6901 §3."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
