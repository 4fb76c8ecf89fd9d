# SPDX-License-Identifier: Apache-2.0
"""Home, and the sign of life that a process manager asks for."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cairn.people.frame import desk_of
from cairn.people.middleware import ActorRequest


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
