# SPDX-License-Identifier: Apache-2.0
"""Does the host of an issuer list a key as its own? For signatures that bring their key along.

A key beside a signature shows that nothing was changed since, and not whose it is. The key set in the
`.well-known` folder of the issuer's host is the host's own word, and no visitor's.
"""

import re
from collections.abc import Mapping
from typing import Final

from laurel.errors import NotAKey
from laurel.proof.keys import VerifyingKey
from laurel.verify.material import Material, document

MOST_KEYS: Final = 64
_HOST: Final = re.compile(r"https://([A-Za-z0-9.-]+(?::[0-9]{1,5})?)(?:[/?#].*)?")


def address(issuer_id: str | None) -> str | None:
    """Return where the host of an issuer lists its keys; None for an issuer that has no https address.

    Spec: RFC 7517 §5; OB 3.0 #dereference
    """
    match = _HOST.fullmatch(issuer_id or "")
    return None if match is None else f"https://{match[1]}/.well-known/jwks.json"


def lists(url: str, key: VerifyingKey, found: Mapping[str, Material]) -> bool:
    """Tell whether the key set behind a URL holds a key, under whatever name.

    Raises:
        NotFound: the key set is not at hand, or is none.
    """
    keys = document(found, url).get("keys")
    listed = keys[:MOST_KEYS] if isinstance(keys, list) else []
    return any(_is(entry, key) for entry in listed if isinstance(entry, dict))


def _is(entry: Mapping[str, object], key: VerifyingKey) -> bool:
    try:
        return VerifyingKey.from_jwk(entry) == key
    except NotAKey:
        return False
