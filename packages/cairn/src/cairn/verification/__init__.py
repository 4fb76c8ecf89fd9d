# SPDX-License-Identifier: Apache-2.0
"""Checking what somebody shows you: a link, a reference, a file, of any issuer; one or five hundred.

An **answer** is what this room says about one thing that was presented: one of eight verdicts, the checks
that ran, and what the credential says, as far as it is signed. Nothing that is presented is kept: one check
leaves no trace, and a list is sealed under a key that only its address holds, and removed within the hour.
"""
