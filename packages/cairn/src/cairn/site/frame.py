# SPDX-License-Identifier: Apache-2.0
"""What every page's frame shows: whose page it is, the places of the bar, the languages."""

from django.conf import settings
from django.http import HttpRequest

from cairn.people import frame as people_frame
from cairn.people.facts import NOBODY


def frame(request: HttpRequest) -> dict[str, object]:
    """Return what the frame's templates need."""
    actor = getattr(request, "actor", NOBODY)
    return {
        "actor": actor,
        # Called by the account menu only, so that other pages pay nothing for it.
        "desks": lambda: people_frame.desks_of(actor),
        "base_url": settings.CAIRN_BASE_URL,
        "development": settings.CAIRN_DEVELOPMENT,
    }
