# SPDX-License-Identifier: Apache-2.0
"""What a learner holds: the list, one credential with all they can do with it, everything to take along."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.credentials import queries as credentials
from cairn.credentials import services as issuing
from cairn.credentials.facts import Visibility
from cairn.people import frame
from cairn.people import queries as people
from cairn.people.access import require_person
from cairn.people.middleware import ActorRequest
from cairn.wallet import documents, queries
from cairn.wallet.forms import PublicPageForm


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """List what a person holds, the newest first."""
    held = credentials.held_by(require_person(request.actor))
    context = {
        "earned": [one for one in held if one.kept_at is not None],
        "waiting": [one for one in held if one.kept_at is None],
        "organizations": people.organizations_by_id(one.organization_id for one in held),
        **frame.learner_frame("credentials"),
    }
    return render(request, "wallet/home.html", context)


@require_safe
def credential(request: ActorRequest, ref: str) -> HttpResponse:
    """Show everything a learner can do with one of their credentials."""
    issued = queries.get_held(ref, by=request.actor)
    return _credential(request, ref, PublicPageForm(initial=_public_page(issued)))


@require_POST
def keep(request: ActorRequest, ref: str) -> HttpResponse:
    """Keep a credential that is waiting."""
    issuing.keep(ref, person_id=require_person(request.actor), at=timezone.now())
    messages.success(request, _("It is yours. Only you can see it until you share it."))
    return redirect("wallet:credential", ref)


@require_http_methods(["GET", "HEAD", "POST"])
def public_page(request: ActorRequest, ref: str) -> HttpResponse:
    """Open or close the credential's own page, and choose what it shows."""
    if request.method != "POST":
        return redirect("wallet:credential", queries.get_held(ref, by=request.actor).ref)
    queries.get_held(ref, by=request.actor)
    form = PublicPageForm(request.POST)
    if not form.is_valid():
        return _credential(request, ref, form, status=422)
    issued = issuing.set_visibility(
        ref,
        visibility=Visibility(form.cleaned_data["visibility"]),
        shows_evidence=form.cleaned_data["shows_evidence"],
        shows_marks=form.cleaned_data["shows_marks"],
        by=request.actor,
        at=timezone.now(),
    )
    if issued.visibility is Visibility.LINK:
        messages.success(request, _("Saved. Anyone with the link can open its page."))
    else:
        messages.success(request, _("Saved. Only you can open its page."))
    return redirect("wallet:credential", ref)


@require_safe
def download(request: ActorRequest) -> HttpResponse:
    """Hand over everything a person holds, as signed, in one file."""
    archive = documents.pack(credentials.held_by(require_person(request.actor)))
    reply = HttpResponse(archive, content_type="application/zip")
    reply["Content-Disposition"] = 'attachment; filename="credentials.zip"'
    return reply


def _credential(request: ActorRequest, ref: str, form: PublicPageForm, status: int = 200) -> HttpResponse:
    issued = queries.get_held(ref, by=request.actor)
    context = {
        "issued": issued,
        "organization": people.organization_by_id(issued.organization_id),
        "form": form,
        "shares": [
            share for share in queries.live_shares(by=request.actor, at=timezone.now()) if ref in share.refs
        ],
        **frame.learner_frame("credentials"),
    }
    return render(request, "wallet/credential.html", context, status=status)


def _public_page(issued: object) -> dict[str, object]:
    names = ("visibility", "shows_evidence", "shows_marks")
    return {name: getattr(issued, name) for name in names}
