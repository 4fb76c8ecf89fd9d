# SPDX-License-Identifier: Apache-2.0
"""The curve of Ed25519 in a few lines, to make signatures that no honest signer makes.

Spec: RFC 8032 §5.1
"""

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, P) % P

Point = tuple[int, int]

NEUTRAL: Point = (0, 1)


def add(left: Point, right: Point) -> Point:
    """Return the sum of two points of the curve."""
    (x1, y1), (x2, y2) = left, right
    product = _D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x % P, y % P


def times(factor: int, point: Point) -> Point:
    """Return a point added to itself."""
    total = NEUTRAL
    while factor:
        if factor & 1:
            total = add(total, point)
        point, factor = add(point, point), factor >> 1
    return total


def with_y(y: int) -> Point:
    """Return the point of an even x with this y. Raises: ValueError where there is none."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        raise ValueError("no point of the curve")
    return (P - x if x & 1 else x), y


BASE = with_y(4 * pow(5, -1, P) % P)


def encoded(point: Point) -> bytes:
    """Return the 32 bytes of a point."""
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def eighths() -> list[Point]:
    """Return the eight points whose eighth multiple is the neutral one, that one first."""
    y = 2
    while True:
        try:
            small = times(ORDER, with_y(y))
        except ValueError:
            small = NEUTRAL
        if times(4, small) != NEUTRAL:
            return [times(n, small) for n in range(8)]
        y += 1


def signed(
    message: bytes, *, secret: int, nonce: int, on_key: Point, on_nonce: Point
) -> tuple[bytes, bytes, bool]:
    """Return a key and a signature with a small point added to each, and whether both sides are equal.

    They always are after both are multiplied by eight. Spec: RFC 8032 §5.1.7 step 3
    """
    key = encoded(add(times(secret, BASE), on_key))
    first = encoded(add(times(nonce, BASE), on_nonce))
    digest = int.from_bytes(hashlib.sha512(first + key + message).digest(), "little") % ORDER
    left_over = add(on_nonce, times(digest, on_key))
    last = (nonce + digest * secret) % ORDER
    return key, first + last.to_bytes(32, "little"), left_over == NEUTRAL
