# SPDX-License-Identifier: Apache-2.0
"""Credentials in PNG files: one iTXt chunk, read by a chunk reader of our own that never decodes the picture.

Picture libraries read past a wrong checksum, and take the last of two chunks of the same name.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from laurel.errors import CorruptImage, TooLarge
from laurel.formats.baking.text import LIMIT, decoded, encoded, only, require_carriable

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEYWORD: Final = b"openbadgecredential"
_OPEN_BADGES_2: Final = b"openbadges"
_TEXT_CHUNKS: Final = {b"iTXt", b"tEXt", b"zTXt"}
_LARGEST_FILE: Final = 16 * 1024 * 1024
_MOST_CHUNKS: Final = 100_000


class _Chunk(NamedTuple):
    kind: bytes
    data: bytes

    @property
    def keyword(self) -> bytes | None:
        """The name of a text chunk; None for any other."""
        return self.data.partition(b"\0")[0] if self.kind in _TEXT_CHUNKS else None


def bake_png(image: bytes, text: str) -> bytes:
    """Return the picture with the credential in it; one that it held before is replaced.

    Args:
        image: a whole PNG file of at most 16 MiB; its pixels are copied as they are.
        text: a JSON object or a compact JWS.

    Raises:
        CorruptImage: the file is not a sound PNG.
        NotACredential: the text is neither.
        TooLarge: the file or the text is larger than allowed.
    Spec: OB 3.0 #png
    """
    require_carriable(text)
    chunks = [chunk for chunk in _chunks(image) if chunk.keyword != _KEYWORD]
    # Keyword, not compressed, method 0, no language, no translated keyword.
    credential = _Chunk(b"iTXt", _KEYWORD + b"\0\0\0\0\0" + encoded(text))
    # Straight after the header, so that a reader finds it without going through the pixels.
    return _SIGNATURE + b"".join(_packed(chunk) for chunk in (chunks[0], credential, *chunks[1:]))


def unbake_png(data: bytes) -> str:
    """Return the text of the one credential in a PNG file.

    A compressed chunk is read as well, up to 256 KiB unpacked, although OB 3.0 asks for an uncompressed one.

    Raises:
        CorruptImage: the file is not a sound PNG up to its end mark, or holds no credential or several.
        TooLarge: the file is larger than 16 MiB, or the credential than 256 KiB.
    Spec: OB 3.0 #png
    """
    chunks = list(_chunks(data))
    found = [_text(chunk) for chunk in chunks if chunk.keyword == _KEYWORD]
    if not found and any(chunk.keyword == _OPEN_BADGES_2 for chunk in chunks):
        raise CorruptImage(
            "The PNG file holds a badge of Open Badges 2, which is read elsewhere.",
            code="unreadable.open-badges-2",
        )
    return only(found, "PNG")


def unbake_old_png(data: bytes) -> str:
    """Return the text of the one badge of Open Badges 2.0 in a PNG file: an assertion or a JWS.

    Raises:
        CorruptImage, TooLarge: as `unbake_png`; also for a file that holds only the address of a badge.

    Spec: OB 2.0 #Baking
    """
    return only([_text(chunk) for chunk in _chunks(data) if chunk.keyword == _OPEN_BADGES_2], "PNG")


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Yield the chunks up to and with IEND; what follows that mark is no part of the picture."""
    if len(data) > _LARGEST_FILE:
        raise TooLarge(f"The PNG file is larger than {_LARGEST_FILE:,} bytes.")
    if not data.startswith(_SIGNATURE):
        raise CorruptImage("The file does not start like a PNG file.")
    at = len(_SIGNATURE)
    for count in range(_MOST_CHUNKS):
        if len(data) - at < 12:
            raise CorruptImage("The PNG file breaks off before its end mark.")
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        if length > 0x7FFFFFFF or end + 4 > len(data):
            raise CorruptImage("A part of the PNG file claims to be longer than the file.")
        if (kind == b"IHDR") != (count == 0):
            raise CorruptImage("The PNG file does not have its header once, at the start.")
        if zlib.crc32(data[at + 4 : end]) != int.from_bytes(data[end : end + 4]):
            raise CorruptImage("A part of the PNG file does not match its checksum.")
        yield _Chunk(kind, data[at + 8 : end])
        if kind == b"IEND":
            return
        at = end + 4
    raise CorruptImage("The PNG file has more parts than any picture needs.")


def _packed(chunk: _Chunk) -> bytes:
    body = chunk.kind + chunk.data
    return struct.pack(">I", len(chunk.data)) + body + struct.pack(">I", zlib.crc32(body))


def _text(chunk: _Chunk) -> str:
    if chunk.kind != b"iTXt":
        raise CorruptImage("The credential in the PNG file is not in an iTXt chunk.")
    _, _, rest = chunk.data.partition(b"\0")
    if len(rest) < 2:
        raise CorruptImage("The text chunk of the PNG file breaks off.")
    flag, method = rest[0], rest[1]
    parts = rest[2:].split(b"\0", 2)
    if len(parts) != 3 or method != 0 or flag > 1:
        raise CorruptImage("The text chunk of the PNG file is not put together as PNG demands.")
    return decoded(_inflated(parts[2]) if flag else parts[2], "PNG")


def _inflated(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(packed, LIMIT + 1)
    except zlib.error as error:
        raise CorruptImage("The compressed text of the PNG file does not unpack.") from error
    if len(text) > LIMIT:
        raise TooLarge(f"The credential in the PNG file unpacks to more than {LIMIT:,} bytes.")
    if not inflater.eof or inflater.unused_data:
        raise CorruptImage("The compressed text of the PNG file breaks off or has something after it.")
    return text
