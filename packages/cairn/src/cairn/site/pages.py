# SPDX-License-Identifier: Apache-2.0
"""Home, and the sign of life that a process manager asks for."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Welcome a stranger."""
    return render(request, "site/home.html")


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def words(request: HttpRequest, page: str) -> HttpResponse:
    """Show one of the pages that are only words: help, accessibility, privacy."""
    return render(request, f"site/{page}.html")
