# SPDX-License-Identifier: Apache-2.0
"""The order in which status entries are given out: a permutation that only its seed knows.

Entries given out in a row would tell everyone who reads two credentials which was issued first, and how many
lie between them.

Spec: Bitstring Status List 1.0 §3.2 (smallest length), §5 (privacy)
"""

import hashlib

#: 2 ** 17 entries; the Feistel network works on 18 bits, and places beyond the list walk on.
ENTRIES = 131_072
_HALF_BITS = 9
_HALF = (1 << _HALF_BITS) - 1
_ROUNDS = 8


def entry_at(position: int, *, seed: bytes) -> int:
    """Return the status index of the `position`-th credential of a list. Every index comes exactly once.

    Args:
        position: 0-based, below 131,072.
        seed: the list's secret, 16 to 64 bytes.
    """
    if not 0 <= position < ENTRIES:
        raise ValueError("the position is not on the list")
    index = _permuted(position, seed)
    while index >= ENTRIES:
        index = _permuted(index, seed)
    return index


def _permuted(value: int, seed: bytes) -> int:
    left, right = value >> _HALF_BITS, value & _HALF
    for turn in range(_ROUNDS):
        mixed = hashlib.blake2b(bytes([turn, right >> 8, right & 0xFF]), key=seed, digest_size=2).digest()
        left, right = right, left ^ (int.from_bytes(mixed) & _HALF)
    return (left << _HALF_BITS) | right
