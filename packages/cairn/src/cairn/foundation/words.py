# SPDX-License-Identifier: Apache-2.0
"""Says a refusal in the reader's language, and holds the sentences that fields of every room say."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cairn.foundation.errors import Refusal

#: What a field says of a text over its `max_length`; Django's own words speak of a value.
TOO_LONG = _("This is %(show_value)d characters long. Shorten it to %(limit_value)d.")


def say(refusal: Refusal) -> str:
    """Return the sentence of a refusal in the reader's language."""
    # Django answers an empty message with the header of the whole catalogue.
    if not refusal.message:
        return ""
    words = gettext(refusal.message)
    return words % refusal.values if refusal.values else words
