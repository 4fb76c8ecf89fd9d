# SPDX-License-Identifier: Apache-2.0
"""Turns a refusal that no page handled into a page that says so, and NUL away at the door."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cairn.foundation.errors import Refusal
from cairn.foundation.words import say


class NoNulMiddleware:
    """Refuse an address with a NUL character in it, and pass over a cookie that holds one.

    PostgreSQL stores none in text and fails on a look-up by one, so it would be a fault of ours; no link
    and no session of this site ever has one. Fields of forms, searches too, say so beside the field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise BadRequest("The address holds a NUL character.")
        # A quoted cookie spells it as \000, and Django undoes that.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)


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
