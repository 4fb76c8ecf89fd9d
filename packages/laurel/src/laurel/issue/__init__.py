# SPDX-License-Identifier: Apache-2.0
"""Issuing: check, then sign. What was not checked cannot be signed; what was checked is what is signed."""

from laurel.issue.batch import Batch, Form
from laurel.issue.checking import (
    BADGE_RULES,
    STATUS_LIST_RULES,
    Checked,
    NotADraft,
    Rule,
    check,
    check_document,
    check_text,
)
from laurel.issue.selective import sign_sd_jwt, sign_sd_jwt_vc
from laurel.issue.signing import JwtProfile, Suite, sign, sign_jwt, sign_status_list

__all__ = [
    "BADGE_RULES",
    "STATUS_LIST_RULES",
    "Batch",
    "Checked",
    "Form",
    "JwtProfile",
    "NotADraft",
    "Rule",
    "Suite",
    "check",
    "check_document",
    "check_text",
    "sign",
    "sign_jwt",
    "sign_sd_jwt",
    "sign_sd_jwt_vc",
    "sign_status_list",
]
