# SPDX-License-Identifier: Apache-2.0
"""Pages of the staff who issue: home, all credentials, one credential and what can be done to it."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.credentials import queries, services
from cairn.credentials.facts import Issued
from cairn.credentials.forms import ReasonForm, ReinstateForm, SearchForm
from cairn.credentials.queries.credentials import PAGE
from cairn.foundation.errors import NotAllowed, NotFound, Refusal
from cairn.foundation.words import say
from cairn.people.frame import staff_frame
from cairn.people.middleware import ActorRequest


@require_safe
def home(request: ActorRequest, slug: str) -> HttpResponse:
    """Show what needs somebody, and what was issued last."""
    shown = queries.staff_home(slug, by=request.actor, at=timezone.now())
    context = {"home": shown, **staff_frame(shown.organization, current="home", actor=request.actor)}
    return render(request, "credentials/home.html", context)


@require_safe
def credentials(request: ActorRequest, slug: str) -> HttpResponse:
    """List an organization's credentials."""
    form = SearchForm(request.GET)
    text, state, page = form.wanted()
    organization, found, total = queries.search_credentials(
        slug, text=text, state=state, page=page, by=request.actor, at=timezone.now()
    )
    asked = {name: value for name, value in (("q", text), ("state", state or "")) if value}
    context = {
        "form": form,
        "found": found,
        "total": total,
        "text": text,
        "is_search": bool(asked),
        "before": f"?{urlencode({**asked, 'page': page - 1})}" if page > 1 else "",
        "after": f"?{urlencode({**asked, 'page': page + 1})}" if page * PAGE < total else "",
        **staff_frame(organization, current="credentials", actor=request.actor),
    }
    template = "_list.html" if request.headers.get("HX-Request") == "true" else "list.html"
    reply = render(request, f"credentials/{template}", context)
    reply["Vary"] = "HX-Request, Cookie"
    return reply


@require_safe
def credential(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Show one credential with what happened to it."""
    organization, issued = queries.get_issued(slug, ref, by=request.actor)
    context = {
        "issued": issued,
        "timeline": queries.timeline(issued),
        **staff_frame(organization, current="credentials", actor=request.actor),
    }
    return render(request, "credentials/one.html", context)


@require_http_methods(["GET", "POST"])
def withdraw(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Ask for the reason, say what everyone will see, and withdraw."""
    return _with_reason(request, slug, ref, "withdraw", services.withdraw, _("The credential is withdrawn."))


@require_http_methods(["GET", "POST"])
def hold(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Put a credential on hold."""
    return _with_reason(request, slug, ref, "hold", services.hold, _("The credential is on hold."))


@require_http_methods(["GET", "POST"])
def reinstate(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Lift a hold."""
    return _with_reason(request, slug, ref, "reinstate", services.reinstate, _("The hold is lifted."))


def _with_reason(
    request: ActorRequest,
    slug: str,
    ref: str,
    deed: str,
    change: Callable[..., Issued],
    said: str,
) -> HttpResponse:
    organization, issued = queries.get_issued(slug, ref, by=request.actor)
    form = (ReinstateForm if deed == "reinstate" else ReasonForm)(
        request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            change(ref, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            form.add_error(None, say(refusal))
        else:
            messages.success(request, said)
            return redirect("credentials:credential", slug, ref)
    context = {
        "issued": issued,
        "form": form,
        "deed": deed,
        **staff_frame(organization, current="credentials", actor=request.actor),
    }
    return render(request, "credentials/change.html", context, status=422 if form.errors else 200)
