# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: rows to facts."""

from cairn.credentials.queries.awards import find_ready, ready_groups, ready_of
from cairn.credentials.queries.credentials import (
    find_held,
    find_ref,
    get_batch,
    get_issued,
    held_by,
    issued_by_ref,
    last_issued,
    page_of_credentials,
    require_staff,
    timeline,
)
from cairn.credentials.queries.documents import did_document, document, key_states, material

__all__ = [
    "did_document",
    "document",
    "find_held",
    "find_ready",
    "find_ref",
    "get_batch",
    "get_issued",
    "held_by",
    "issued_by_ref",
    "key_states",
    "last_issued",
    "material",
    "page_of_credentials",
    "ready_groups",
    "ready_of",
    "require_staff",
    "timeline",
]
