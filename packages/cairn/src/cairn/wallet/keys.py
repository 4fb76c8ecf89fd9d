# SPDX-License-Identifier: Apache-2.0
"""The secrets in this room's links, and the fingerprints that are kept of them."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from django.conf import settings


def fingerprint(secret: str) -> str:
    """Return the SHA-256 in hex that is kept in place of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def share_token(share_id: UUID) -> str:
    """Return the 256-bit token of a share, which only this installation can make."""
    message = b"cairn.wallet.share:" + share_id.bytes
    mac = hmac.digest(settings.CAIRN_KEY_SECRET.encode(), message, "sha256")
    return urlsafe_b64encode(mac).rstrip(b"=").decode("ascii")
