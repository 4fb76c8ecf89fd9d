# SPDX-License-Identifier: Apache-2.0
"""Checking one thing, and checking a list step by step."""

from cairn.verification.services.checking import check_file, check_text, page_of
from cairn.verification.services.lists import go_on, start_list

__all__ = ["check_file", "check_text", "go_on", "page_of", "start_list"]
