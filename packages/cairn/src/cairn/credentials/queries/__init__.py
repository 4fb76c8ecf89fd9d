# SPDX-License-Identifier: Apache-2.0
"""Reads of this room: rows to facts."""

from cairn.credentials.queries.awards import find_ready, ready_groups, ready_of
from cairn.credentials.queries.credentials import (
    find_held,
    find_ref,
    get_batch,
    get_batch_of,
    get_issued,
    held_by,
    issued_by_ref,
    last_issued,
    page_of_credentials,
    require_staff,
    search_credentials,
    timeline,
)
from cairn.credentials.queries.desk import check_list, issue_desk, ready_list, staff_home
from cairn.credentials.queries.documents import did_document, document, key_states, material
from cairn.credentials.queries.downloads import baked, certificate, open_baked, open_certificate
from cairn.credentials.queries.views import (
    as_view,
    disclosure,
    evidence_file,
    open_credential,
    open_document,
    open_evidence,
    report,
    view,
    view_shared,
)

__all__ = [
    "as_view",
    "baked",
    "certificate",
    "check_list",
    "did_document",
    "disclosure",
    "document",
    "evidence_file",
    "find_held",
    "find_ready",
    "find_ref",
    "get_batch",
    "get_batch_of",
    "get_issued",
    "held_by",
    "issue_desk",
    "issued_by_ref",
    "key_states",
    "last_issued",
    "material",
    "open_baked",
    "open_certificate",
    "open_credential",
    "open_document",
    "open_evidence",
    "page_of_credentials",
    "ready_groups",
    "ready_list",
    "ready_of",
    "report",
    "require_staff",
    "search_credentials",
    "staff_home",
    "timeline",
    "view",
    "view_shared",
]
