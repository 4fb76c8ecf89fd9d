# SPDX-License-Identifier: Apache-2.0
"""What can be done to awards and credentials. Each function is one transaction."""

from cairn.credentials.services.awards import record_award
from cairn.credentials.services.issuing import issue, issue_to_list
from cairn.credentials.services.sharing import keep, prepare_disclosure, set_visibility
from cairn.credentials.services.signing_keys import ensure_keys, renew_keys
from cairn.credentials.services.status_lists import current_list
from cairn.credentials.services.statuses import hold, reinstate, undo_issue, withdraw

__all__ = [
    "current_list",
    "ensure_keys",
    "hold",
    "issue",
    "issue_to_list",
    "keep",
    "prepare_disclosure",
    "record_award",
    "reinstate",
    "renew_keys",
    "set_visibility",
    "undo_issue",
    "withdraw",
]
