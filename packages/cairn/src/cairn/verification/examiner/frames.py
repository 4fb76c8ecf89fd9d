# SPDX-License-Identifier: Apache-2.0
"""How the platform and its examiner talk over a pipe: a JSON head and, after it, bytes as they are."""

import json
import struct
from typing import Any, BinaryIO

#: Length of the head and of the body, in bytes, big-endian.
SIZES = struct.Struct("!II")
MOST = 16 * 1024 * 1024


class Broken(Exception):
    """The pipe ended within a frame, or a frame is larger than any we send."""


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Return one frame."""
    packed = json.dumps(head).encode()
    return SIZES.pack(len(packed), len(body)) + packed + body


def sizes(start: bytes) -> tuple[int, int]:
    """Return the sizes that the start of a frame announces. Raises `Broken`."""
    if len(start) != SIZES.size:
        raise Broken("the pipe ended")
    head, body = SIZES.unpack(start)
    if head + body > MOST:
        raise Broken("a frame is too large")
    return head, body


def head_of(packed: bytes) -> dict[str, Any]:
    """Return the head of a frame. Raises `Broken`."""
    try:
        head = json.loads(packed)
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict):
        raise Broken("a frame has no head")
    return head


def read(pipe: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Wait for one frame and return it. Raises `Broken` when the pipe ends."""
    head, body = sizes(pipe.read(SIZES.size))
    packed, rest = pipe.read(head), pipe.read(body)
    if len(packed) != head or len(rest) != body:
        raise Broken("the pipe ended")
    return head_of(packed), rest
