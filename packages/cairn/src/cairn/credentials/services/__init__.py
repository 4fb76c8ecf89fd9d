# SPDX-License-Identifier: Apache-2.0
"""What can be done to awards and credentials. Each function is one transaction."""

from cairn.credentials.services.awards import record_award
from cairn.credentials.services.signing_keys import ensure_keys, renew_keys

__all__ = ["ensure_keys", "record_award", "renew_keys"]
