# SPDX-License-Identifier: Apache-2.0
"""Pages of this room: read the request, make one call, show the answer."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let a person sign in."""
    return render(request, "people/sign_in.html")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("site:home")


def settings(request: HttpRequest) -> HttpResponse:
    """Show a person's own settings."""
    return render(request, "people/settings.html")
