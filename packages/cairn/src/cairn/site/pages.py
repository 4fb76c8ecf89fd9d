# SPDX-License-Identifier: Apache-2.0
"""Home, the pages that are only words, the pages of faults, and the sign of life."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from cairn.people.frame import desk_of
from cairn.people.middleware import ActorRequest

#: The most that is read of a request only to answer it, and how much at a time, in bytes.
MOST_DROPPED = 160 * 1024 * 1024
CHUNK = 64 * 1024


@login_not_required
def home(request: ActorRequest) -> HttpResponse:
    """Welcome a stranger; lead a signed-in person to where they work."""
    desk = desk_of(request, request.actor)
    return redirect(desk.url) if desk else render(request, "site/home.html")


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def words(request: HttpRequest, page: str) -> HttpResponse:
    """Show one of the pages that are only words: help, accessibility, privacy."""
    return render(request, f"site/{page}.html")


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere exactly as one that is not open to this person."""
    return render(request, "refusal.html", {"status": 404, "message": ""}, status=404)


@login_not_required
def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what Django itself forbids."""
    return render(request, "refusal.html", {"status": 403, "message": ""}, status=403)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read, such as one for a foreign host name or with too much in it."""
    _read_to_the_end(request)
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("fault.html", {"kind": "size"}), status=413)
    return HttpResponse(render_to_string("fault.html", {"kind": "request"}), status=400)


def _read_to_the_end(request: HttpRequest) -> None:
    """Take in, and drop, what the browser is still sending: it reads no answer before it has sent all.

    Without this somebody who sends too much sees a broken connection instead of the page that says so.
    """
    left = MOST_DROPPED
    try:
        while left > 0 and (chunk := request.read(CHUNK)):
            left -= len(chunk)
    except UnreadablePostError:
        return


@login_not_required
def fault(request: HttpRequest) -> HttpResponse:
    """Say that something broke on our side, without the database or the session: they may be what broke."""
    return HttpResponse(render_to_string("fault.html", {"kind": "fault"}), status=500)


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose guard against forgery does not fit, mostly because the page stood open for long."""
    return render(request, "form_expired.html", status=403)
