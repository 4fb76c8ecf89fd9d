# SPDX-License-Identifier: Apache-2.0
"""What laurel does most often with known frames, in C; see packages/laurel/native."""

from collections.abc import Callable
from typing import Any, TypeAlias

LEVEL: int

Run: TypeAlias = tuple[int, ...]
Part: TypeAlias = tuple[Run, tuple[Run, ...], Run, Run]
Block: TypeAlias = tuple[Part, ...]

class Line:
    def __new__(cls, pieces: tuple[bytes | int, ...], texts: int) -> Line: ...
    def join(self, texts: list[bytes], /) -> bytes: ...
    def split(self, written: bytes, /) -> tuple[list[bytes], bool] | None: ...

class Statements:
    def __new__(
        cls,
        texts: int,
        blanks: int,
        constants: tuple[bytes, ...],
        statics: tuple[tuple[bytes, int], ...],
        dynamics: tuple[tuple[int, Part], ...],
        subjects: tuple[tuple[bytes | int, Block], ...],
        blocks: tuple[Block, ...],
        order: Run,
        sha256: Callable[[bytes], Any],
    ) -> Statements: ...
    def fill(self, texts: list[bytes], /) -> bytes | None: ...

def to_base64url(data: bytes, /) -> bytes: ...
def from_base64url(text: bytes, /) -> bytes | None: ...
def to_base58(data: bytes, /) -> bytes | None: ...
def from_base58(digits: bytes, /) -> bytes | None: ...
