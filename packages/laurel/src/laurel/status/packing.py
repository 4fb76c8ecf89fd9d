# SPDX-License-Identifier: Apache-2.0
"""Unpacking what strangers packed: one stream, whole, and never more than a set number of bytes."""

import zlib
from typing import Final

from laurel.errors import CorruptBitstring

MAX_BYTES: Final = 1024 * 1024
MAX_PACKED: Final = 512 * 1024

GZIP: Final = 31
ZLIB: Final = 15


def inflate(packed: bytes, *, window: int, limit: int = MAX_BYTES) -> bytes:
    """Return what was packed, once it is known to be all of it and not too much.

    Args:
        window: `GZIP` or `ZLIB`: this kind, and no other.
        limit: the most bytes to unpack to, by default 1 MiB. No more memory than that is taken.

    Raises:
        CorruptBitstring: it is not packed this way, is cut off, has something behind it, or is too much.

    Spec: Bitstring Status List 1.0 §3.4 (expansion); Token Status List §4.1 (compressed byte array)
    """
    name = "gzip" if window == GZIP else "zlib"
    unpacker = zlib.decompressobj(wbits=window)
    try:
        data = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise CorruptBitstring(f"The status list is not packed with {name}.") from error
    if len(data) > limit:
        raise CorruptBitstring(f"The status list unpacks to more than {limit:,} bytes.")
    if not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        raise CorruptBitstring("The status list is cut off, or something follows it.")
    return data
