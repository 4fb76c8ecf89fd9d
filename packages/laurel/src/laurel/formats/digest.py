# SPDX-License-Identifier: Apache-2.0
"""Digests as a credential writes them."""

import hashlib
from base64 import urlsafe_b64encode

_SHA2_256 = b"\x12\x20"


def digest_multibase(data: bytes) -> str:
    """Return the SHA-256 of a file as a multibase multihash: "u" and base64url without padding.

    Spec: VCDM 2.0 #integrity-of-related-resources; Controlled Identifiers 1.0 #multihash
    """
    multihash = _SHA2_256 + hashlib.sha256(data).digest()
    return "u" + urlsafe_b64encode(multihash).decode("ascii").rstrip("=")
