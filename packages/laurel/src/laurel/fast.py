# SPDX-License-Identifier: Apache-2.0
"""The faster parts that laurel takes where they are installed (`laurel[fast]`, and `laurel._native`).

Each of them stands beside a way of laurel's own that gives the same answer, and is asked only where that is
sure. None of them decides anything: a document that a fast part does not know exactly goes the other way.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Final, NamedTuple, Protocol

try:
    import orjson as _orjson
except ImportError:  # pragma: no cover - tests run a process without it
    _orjson = None  # type: ignore[assignment]
try:
    from laurel import _native
except ImportError:  # pragma: no cover - tests run a process without it
    _native = None  # type: ignore[assignment]

_LEVEL: Final = 1


#: The JSON parser and writer in native code, or None.
orjson: ModuleType | None = _orjson
#: The fixed loops of known frames in C, or None where no compiler built them, or for another laurel.
native: ModuleType | None = _native if getattr(_native, "LEVEL", None) == _LEVEL else None


class Schema(Protocol):
    """A compiled JSON Schema."""

    def is_valid(self, instance: object) -> bool:
        """Tell whether a value fits the schema."""


# Over b"laurel", as seed 5 and nonce 7 make it on the bare curve: first as it should be, then with a point of
# order eight added to the nonce's. Whoever multiplies by eight before comparing takes the second one too;
# RFC 8032 §5.1.7 leaves that open, and OpenSSL does not do it.
_KEY: Final = bytes.fromhex("edc876d6831fd2105d0b4389ca2e283166469289146e2ce06faefe98b22548df")
_SOUND: Final = bytes.fromhex(
    "b862409fb5c4c4123df2abf7462b88f041ad36dd6864ce872fd5472be363c5b1"
    "46673d3cc708ab989f526c4ced66b7979e9e9cc429dd3329a728e55e3e8dc207"
)
_TIMES_EIGHT: Final = bytes.fromhex(
    "e9b2fe981587efae6478f48ba1fa60cec6126d0e26dde72a0a24f640dcd783e5"
    "10e65f0b29209fe4a848efd5b7bd5273d90326406488fa8cfbbd17f9c16f530a"
)


class Sodium(NamedTuple):
    """What is used of libsodium, as `nacl.bindings` has it."""

    sign: Callable[[bytes, bytes], bytes]
    """Message, seed and public key → signature and message."""
    open: Callable[[bytes, bytes], bytes]
    """Signature and message, public key → message; raises what is `refused`."""
    refused: type[Exception]


@cache
def sodium() -> Sodium | None:
    """Return libsodium, or None where it is not installed or checks signatures by another equation."""
    try:
        bindings = import_module("nacl.bindings")
        found = Sodium(
            bindings.crypto_sign,
            bindings.crypto_sign_open,
            import_module("nacl.exceptions").BadSignatureError,
        )
    except (ImportError, AttributeError):
        return None
    return found if _takes(found, _SOUND) and not _takes(found, _TIMES_EIGHT) else None


def _takes(library: Sodium, signature: bytes) -> bool:
    try:
        return library.open(signature + b"laurel", _KEY) == b"laurel"
    except library.refused:
        return False


@cache
def schema_compiler() -> Callable[..., Schema] | None:
    """Return what compiles a JSON Schema of draft 2020-12, or None where nothing does."""
    try:
        return import_module("jsonschema_rs").Draft202012Validator  # type: ignore[no-any-return]
    except ImportError:
        return None
