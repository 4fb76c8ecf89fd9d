# SPDX-License-Identifier: Apache-2.0
"""Frozen facts: what an Open Badges 3.0 credential says, in Python's spelling."""
