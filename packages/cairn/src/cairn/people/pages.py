# SPDX-License-Identifier: Apache-2.0
"""Pages of this room: read the request, make one call, show the answer."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.people import frame, queries


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


@require_safe
@login_not_required
def theme(request: HttpRequest, slug: str, fingerprint: str) -> HttpResponse:
    """Serve the colour of an organization; an old address leads to the one in force."""
    organization = queries.get_organization(slug)
    if fingerprint != frame.theme_hash(organization):
        return redirect(frame.theme_url(organization))
    reply = HttpResponse(frame.theme_css(organization), content_type="text/css")
    reply["Cache-Control"] = "public, max-age=31536000, immutable"
    return reply
