# SPDX-License-Identifier: Apache-2.0
"""The mailed link: open what was earned, keep it, or tell the issuer that something is wrong."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.credentials import queries as credentials
from cairn.foundation.errors import Refusal
from cairn.foundation.words import say
from cairn.people import frame, sessions
from cairn.people import queries as people
from cairn.people.middleware import ActorRequest
from cairn.wallet import queries, services
from cairn.wallet.errors import ClaimUsed, SignInFirst, SomebodyElse
from cairn.wallet.facts import RemarkKind
from cairn.wallet.forms import NotMineForm, WrongNameForm


@require_safe
@login_not_required
def claim(request: ActorRequest, key: str) -> HttpResponse:
    """Show the finished credential to whoever holds the link. Nothing changes: scanners open links too."""
    try:
        mailed, issued = queries.get_claim(key, by=request.actor)
    except ClaimUsed as refusal:
        return _way_on(request, key, refusal)
    view = credentials.view_shared(issued.ref, evidence=True, marks=True, at=timezone.now())
    return render(
        request,
        "wallet/claim.html",
        {
            "key": key,
            "issued": issued,
            "view": view,
            "is_mine": mailed.person_id == request.actor.person_id,
            "is_kept": mailed.used_at is not None,
            **frame.public_frame(people.organization_by_id(issued.organization_id)),
        },
    )


@require_POST
@login_not_required
def keep(request: ActorRequest, key: str) -> HttpResponse:
    """Keep the credential; the link signs its learner in, once."""
    try:
        kept = services.keep(key, by=request.actor, at=timezone.now())
    except (ClaimUsed, SignInFirst, SomebodyElse) as refusal:
        return _way_on(request, key, refusal)
    page = reverse("wallet:claim", args=[key])
    if kept.signs_in is not None:
        return sessions.open_session(request, kept.signs_in, next_url=page)
    return redirect(page)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def wrong_name(request: ActorRequest, key: str) -> HttpResponse:
    """Let a learner tell the issuer how their name is spelled."""
    form = WrongNameForm(request.POST or None) if request.method == "POST" else WrongNameForm()
    return _remark(request, key, RemarkKind.WRONG_NAME, form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def not_mine(request: ActorRequest, key: str) -> HttpResponse:
    """Let somebody tell the issuer that the credential is not theirs."""
    form = NotMineForm(request.POST) if request.method == "POST" else NotMineForm()
    return _remark(request, key, RemarkKind.NOT_MINE, form)


def _remark(
    request: ActorRequest, key: str, kind: RemarkKind, form: WrongNameForm | NotMineForm
) -> HttpResponse:
    try:
        _claim, issued = queries.get_claim(key, by=request.actor)
        is_told = form.is_valid()
        if is_told:
            services.tell_issuer(key, kind, **form.cleaned_data, by=request.actor, at=timezone.now())
    except ClaimUsed as refusal:
        return _way_on(request, key, refusal)
    organization = people.organization_by_id(issued.organization_id)
    return render(
        request,
        "wallet/remark.html",
        {
            "key": key,
            "kind": kind.value,
            "form": form,
            "issued": issued,
            "is_told": is_told,
            "organization": organization,
            **frame.public_frame(organization),
        },
        status=422 if form.errors else 200,
    )


def _way_on(request: ActorRequest, key: str, refusal: Refusal) -> HttpResponse:
    """Say why the link is not enough, and how to go on."""
    found = queries.find_claim(key)
    target = reverse("wallet:claim", args=[key])
    if found is not None and isinstance(refusal, ClaimUsed):
        target = reverse("wallet:credential", args=[found.credential_ref])
    context = {
        "words": say(refusal),
        "is_used": isinstance(refusal, ClaimUsed),
        "is_somebody_else": isinstance(refusal, SomebodyElse),
        "sign_in_url": f"{reverse('people:sign-in')}?{urlencode({'next': target})}",
    }
    return render(request, "wallet/claim_closed.html", context, status=refusal.status)
