# SPDX-License-Identifier: Apache-2.0
"""Marks sentences for the translators in modules that know no Django."""


def gettext_noop(message: str) -> str:
    """Return the sentence as it is; it is translated at the door."""
    return message
