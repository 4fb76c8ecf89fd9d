# SPDX-License-Identifier: Apache-2.0
"""The spelling of DIDs and of the DID URLs that name keys."""

import re
from typing import Final

from laurel.errors import NotADid

LONGEST: Final = 4096  # a did:jwk or did:key of an RSA key takes some 1,500 characters

_DID: Final = re.compile(r"did:([a-z0-9]+):((?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})*[A-Za-z0-9._-])")


def method_of(did: str) -> str:
    """Return the method of a DID, such as "web".

    Raises:
        NotADid: the text is no DID; a DID URL with path, query or fragment is none either.

    Spec: DID Core 1.0 §3.1
    """
    return _parts(did)[0]


def identifier_of(did: str) -> str:
    """Return what follows "did:<method>:". Raises: NotADid."""
    return _parts(did)[1]


def did_of(verification_method: str) -> str:
    """Return the DID before the "#" of a verification method. Raises: NotADid, also without a fragment."""
    did, sign, fragment = verification_method.partition("#")
    _parts(did)
    if not sign or not fragment:
        raise NotADid("A verification method is a DID with a fragment, such as did:web:example.org#key-1.")
    return did


def _parts(did: str) -> tuple[str, str]:
    match = _DID.fullmatch(did) if len(did) <= LONGEST else None
    if match is None:
        raise NotADid("The text is not a DID, such as did:web:example.org.")
    return match[1], match[2]
