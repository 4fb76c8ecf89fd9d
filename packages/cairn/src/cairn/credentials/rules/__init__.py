# SPDX-License-Identifier: Apache-2.0
"""Decisions of this room: facts in, facts or a refusal out."""
