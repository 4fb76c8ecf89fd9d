# SPDX-License-Identifier: Apache-2.0
"""Says a refusal in the reader's language."""

from django.utils.translation import gettext

from cairn.foundation.errors import Refusal


def say(refusal: Refusal) -> str:
    """Return the sentence of a refusal in the reader's language."""
    # Django answers an empty message with the header of the whole catalogue.
    if not refusal.message:
        return ""
    words = gettext(refusal.message)
    return words % refusal.values if refusal.values else words
