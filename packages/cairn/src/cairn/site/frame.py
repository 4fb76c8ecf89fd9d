# SPDX-License-Identifier: Apache-2.0
"""What every page's frame shows: whose page it is, the places of the bar, the languages."""

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """Return what the frame's templates need."""
    return {
        "actor": getattr(request, "actor", None),
        "base_url": settings.CAIRN_BASE_URL,
        "development": settings.CAIRN_DEVELOPMENT,
    }
