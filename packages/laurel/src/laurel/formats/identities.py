# SPDX-License-Identifier: Apache-2.0
"""Is this the person whom a badge names? Compares what one knows of them with names that may be hashed."""

import hashlib
import re
from hmac import compare_digest
from typing import Final

_ALGORITHMS: Final = {"sha256": hashlib.sha256, "md5": hashlib.md5}
_HASH: Final = re.compile(r"(sha256)\$([0-9a-fA-F]{64})|(md5)\$([0-9a-fA-F]{32})")


def identity_hash(identity: str, salt: str = "", *, algorithm: str = "sha256") -> str:
    """Return the hash of an identity, such as "sha256$b580…", over the identity and then the salt.

    Args:
        algorithm: "sha256" or "md5", which is for reading old badges.

    Spec: OB 3.0 #identityhash
    """
    digest = _ALGORITHMS[algorithm](_octets(identity + salt)).hexdigest()
    return f"{algorithm}${digest}"


def _octets(text: str) -> bytes:
    """Return the text as bytes, even where it holds half a character, as the words of a command line can."""
    return text.encode("utf-8", "surrogatepass")


def is_same(known: str, written: str, *, hashed: bool, salt: str = "", fold: bool = False) -> bool | None:
    """Tell whether a badge names somebody by what one knows of them; None for a hash of another kind.

    Args:
        known: the plain e-mail address or other identifier.
        written: what the badge holds: the same, or its hash.
        fold: small and capital letters are the same, as they are to mail hosts. Under a hash only the known
            text as it is and all in small letters can be tried.
    """
    if not hashed:
        first, second = (known.casefold(), written.casefold()) if fold else (known, written)
        return compare_digest(_octets(first), _octets(second))
    match = _HASH.fullmatch(written)
    if match is None:
        return None
    algorithm = match[1] or match[3]
    tried = (known, known.lower()) if fold else (known,)
    # No early end: how long it takes does not tell which spelling fits.
    fits = [compare_digest(identity_hash(each, salt, algorithm=algorithm), written.lower()) for each in tried]
    return any(fits)
