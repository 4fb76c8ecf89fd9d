# SPDX-License-Identifier: Apache-2.0
"""Turns a refusal that no page handled into a page that says so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cairn.foundation.errors import Refusal
from cairn.foundation.words import say


class RefusalMiddleware:
    """Answer a `Refusal` with its own status and sentence; leave every other fault alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reply = self.get_response(request)
        # What a signed-in person sees must not be kept by any cache on the way (security A34).
        if not reply.has_header("Cache-Control"):
            reply["Cache-Control"] = "private, no-store"
        return reply

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show the refusal; Django calls this for whatever a view raises."""
        if not isinstance(exception, Refusal):
            return None
        # A stranger's object and an unknown one must not differ by one letter.
        message = "" if exception.status == 404 else say(exception)
        return render(
            request, "refusal.html", {"status": exception.status, "message": message}, status=exception.status
        )
