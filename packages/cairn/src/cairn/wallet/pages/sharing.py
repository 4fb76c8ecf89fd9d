# SPDX-License-Identifier: Apache-2.0
"""Links that a learner makes: what they show, until when, how often they were opened, and off again."""

import io
from uuid import UUID

import segno
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.credentials import queries as credentials
from cairn.foundation.errors import Refusal
from cairn.foundation.words import say
from cairn.people import frame
from cairn.people import queries as people
from cairn.people.access import require_person
from cairn.people.middleware import ActorRequest
from cairn.wallet import queries, rules, services
from cairn.wallet.facts import Share, ShareState
from cairn.wallet.forms import ShareForm


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: ActorRequest) -> HttpResponse:
    """Let a learner choose what a new link shows; `?credential=` has one chosen already."""
    now = timezone.now()
    held = credentials.held_by(require_person(request.actor))
    if request.method == "POST":
        form = ShareForm(request.POST, held=held)
        if form.is_valid():
            try:
                made = services.share(form.new_share(), by=request.actor, at=now)
            except Refusal as refusal:
                form.add_error("ends_on" if refusal.code == "wallet.ends-in-the-past" else None, say(refusal))
            else:
                return redirect("wallet:link", made.id)
    else:
        chosen = request.GET.getlist("credential")
        form = ShareForm(held=held, initial={"refs": chosen, "ends_on": (now + rules.SHARE_LASTS_FOR).date()})
    context = {"form": form, "held": held, **frame.learner_frame("sharing")}
    return render(request, "wallet/share.html", context, status=422 if form.errors else 200)


@require_safe
def sharing(request: ActorRequest) -> HttpResponse:
    """List every live link, and those that were switched off a moment ago."""
    now = timezone.now()
    names = {one.ref: one.achievement_name for one in credentials.held_by(require_person(request.actor))}
    shares = queries.shares_of(by=request.actor)

    def lines(state: ShareState) -> list[tuple[Share, list[str]]]:
        chosen = [one for one in shares if rules.share_state(one, at=now) is state]
        return [(one, [names[ref] for ref in one.refs if ref in names]) for one in chosen]

    context = {
        "live": lines(ShareState.LIVE),
        "just_off": [line for line in lines(ShareState.OFF) if rules.may_undo(line[0], at=now)],
        "ended": lines(ShareState.ENDED)[:10],
        "public": [
            one for one in credentials.held_by(require_person(request.actor)) if one.visibility == "link"
        ],
        **frame.learner_frame("sharing"),
    }
    return render(request, "wallet/sharing.html", context)


@require_safe
def link(request: ActorRequest, share_id: UUID) -> HttpResponse:
    """Show one link with everything needed to hand it on."""
    found = queries.get_share(share_id, by=request.actor)
    held = {one.ref: one for one in credentials.held_by(require_person(request.actor))}
    context = {
        "share": found,
        "shown": [held[ref] for ref in found.refs if ref in held],
        "state": rules.share_state(found, at=timezone.now()).value,
        "may_undo": rules.may_undo(found, at=timezone.now()),
        **frame.learner_frame("sharing"),
    }
    return render(request, "wallet/link.html", context)


@require_safe
def qr(request: ActorRequest, share_id: UUID) -> HttpResponse:
    """Draw a link as a QR code."""
    found = queries.get_share(share_id, by=request.actor)
    out = io.BytesIO()
    # Dark on white whatever the page's colours: many readers cannot read the reverse.
    segno.make(found.url, error="m", micro=False).save(
        out, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False
    )
    reply = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    reply["Content-Disposition"] = 'inline; filename="link.svg"'
    return reply


@require_POST
def switch_off(request: ActorRequest, share_id: UUID) -> HttpResponse:
    """Let a link show nothing any more."""
    services.switch_off(share_id, by=request.actor, at=timezone.now())
    messages.success(
        request, _("The link is off. Whoever opens it now sees nothing. You can undo this for ten minutes.")
    )
    return redirect("wallet:sharing")


@require_POST
def switch_on(request: ActorRequest, share_id: UUID) -> HttpResponse:
    """Undo the switching off of a link."""
    services.switch_on_again(share_id, by=request.actor, at=timezone.now())
    messages.success(request, _("The link works again."))
    return redirect("wallet:sharing")


# The form's answer leads to LinkedIn, and browsers hold a form's redirects against this policy too.
@csp_update({"form-action": ["https://www.linkedin.com"]})  # type: ignore[arg-type]  # takes any page
@require_http_methods(["GET", "HEAD", "POST"])
def linkedin(request: ActorRequest, ref: str) -> HttpResponse:
    """Make a link for a LinkedIn profile and lead on to LinkedIn's own form."""
    issued = queries.get_held(ref, by=request.actor)
    organization = people.organization_by_id(issued.organization_id)
    if request.method == "POST":
        made = services.share_on_linkedin(ref, by=request.actor, at=timezone.now())
        return redirect(
            rules.linkedin_url(
                name=issued.achievement_name,
                organization_name=organization.name,
                issued_at=issued.issued_at,
                ends_at=issued.valid_until,
                url=made.url,
                ref=issued.ref,
            )
        )
    context = {"issued": issued, "organization": organization, **frame.learner_frame("sharing")}
    return render(request, "wallet/linkedin.html", context)
