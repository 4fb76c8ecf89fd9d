# SPDX-License-Identifier: Apache-2.0
"""Replies whose headers matter: stored files that must never run as part of our own pages."""

from collections.abc import Iterable
from urllib.parse import quote

from django.http import HttpRequest, StreamingHttpResponse

#: What a browser may show by itself; everything else is downloaded. SVG and HTML are never shown.
SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"})
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def stored_file(chunks: Iterable[bytes], *, name: str, media_type: str, size: int) -> StreamingHttpResponse:
    """Reply with somebody's file so that it cannot act on our pages, whatever it holds."""
    shown = media_type in SHOWN
    reply = StreamingHttpResponse(chunks, content_type=media_type if shown else "application/octet-stream")
    reply["Content-Length"] = str(size)
    reply["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name)}"
    reply["Content-Security-Policy"] = SANDBOX
    reply["X-Content-Type-Options"] = "nosniff"
    reply["Cache-Control"] = "private, no-store"
    reply["Cross-Origin-Resource-Policy"] = "same-origin"
    return reply


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether a partial is wanted instead of a whole page."""
    return request.headers.get("HX-Request") == "true"
