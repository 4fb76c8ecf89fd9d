# SPDX-License-Identifier: Apache-2.0
"""Files that people hand in, kept outside the web root under names that say nothing."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from cairn.foundation.errors import FileEmpty, FileTooLarge

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """Where a file lies and what it held when it came in. `size` in bytes, `sha256` in hex."""

    key: UUID
    size: int
    sha256: str


def put(chunks: Iterable[bytes], *, limit: int) -> StoredFile:
    """Store a file for good: the bytes and the folder are on disk before this returns.

    Raises:
        FileTooLarge: more than `limit` bytes came in; nothing is kept.
        FileEmpty: no byte came in; nothing is kept.
    """
    key = uuid4()
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise FileTooLarge(
                        "The file is over %(most)s, the most we can take. Choose a smaller one.",
                        most=as_size(limit),
                    )
                digest.update(chunk)
                out.write(chunk)
            if not size:
                raise FileEmpty("The file is empty. Choose the one with your work in it.")
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return StoredFile(key=key, size=size, sha256=digest.hexdigest())


def read(key: UUID) -> Iterator[bytes]:
    """Yield the bytes of a stored file. Raises `FileNotFoundError` where it is gone."""
    with _path(key).open("rb") as stored:
        while chunk := stored.read(CHUNK):
            yield chunk


def sha256_now(key: UUID) -> str | None:
    """Return the hex SHA-256 of what lies on the disk at this moment, or `None` where nothing does."""
    digest = hashlib.sha256()
    try:
        for chunk in read(key):
            digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def forget(key: UUID) -> None:
    """Remove a stored file. Removing it again changes nothing."""
    _path(key).unlink(missing_ok=True)


def as_size(size: int) -> str:
    """Return a size in bytes the way people say it: `9 MB`, `214 KB`."""
    if size >= 1024 * 1024:
        return f"{size / (1024 * 1024):.1f}".removesuffix(".0") + " MB"
    return f"{max(1, round(size / 1024))} KB" if size >= 1000 else f"{size} bytes"


def _path(key: UUID) -> Path:
    return Path(settings.CAIRN_VAR) / "files" / key.hex[:2] / key.hex


def _sync_folder(folder: Path) -> None:
    # Without this a power cut may forget the name of a file whose bytes are safe.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
