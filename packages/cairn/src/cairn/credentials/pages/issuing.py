# SPDX-License-Identifier: Apache-2.0
"""Issue in three steps: who, check the list, done with undo."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.credentials import queries, services
from cairn.credentials.forms import AwardsForm, CheckedListForm, PeopleForm
from cairn.credentials.queries.desk import CheckedList
from cairn.foundation.errors import NotFound, Refusal
from cairn.foundation.words import say
from cairn.people.frame import staff_frame
from cairn.people.middleware import ActorRequest


@require_http_methods(["GET", "POST"])
def start(request: ActorRequest, slug: str) -> HttpResponse:
    """Step 1: choose ready awards, or paste people."""
    organization, groups, achievements = queries.issue_desk(slug, by=request.actor)
    form = PeopleForm(request.POST if request.method == "POST" else None, achievements=achievements)
    if request.method == "POST" and form.is_valid():
        checked = queries.check_list(
            slug, UUID(form.cleaned_data["achievement"]), form.cleaned_data["people"], by=request.actor
        )
        return _show_list(request, checked, uuid4(), status=200)
    context = {
        "form": form,
        "groups": groups,
        "has_achievements": bool(achievements),
        **staff_frame(organization, current="credentials", actor=request.actor),
    }
    return render(request, "credentials/issue.html", context, status=422 if form.errors else 200)


@require_POST
def check(request: ActorRequest, slug: str) -> HttpResponse:
    """Step 2: check the list again, and issue what is right."""
    form = CheckedListForm(request.POST)
    if not form.is_valid():
        # No page of ours sends that; who may not issue here still learns nothing.
        return redirect("credentials:issue", queries.require_staff(slug, by=request.actor).slug)
    sent = form.cleaned_data
    checked = queries.check_list(slug, sent["achievement"], form.listed(), by=request.actor)
    good = [row.person for row in checked.rows if row.fault is None]
    if "issue" in request.POST and not good:
        emails = [row.person.email for row in checked.rows]
        batch_id, count = queries.find_batch_of_list(slug, sent["list_id"], emails, by=request.actor)
        if batch_id is not None and count == sent["expected"]:
            # The button was pressed twice; the first press did what it said.
            return redirect("credentials:issued", slug, batch_id)
    # What the button said is what is issued: a row fixed meanwhile is shown before it counts.
    if "issue" not in request.POST or sent["expected"] != len(good) or not good:
        return _show_list(request, checked, sent["list_id"], status=422)
    batch = services.issue_to_list(
        checked.achievement.id, good, list_id=sent["list_id"], by=request.actor, at=timezone.now()
    )
    left = len(checked.rows) - len(good)
    if left:
        messages.warning(
            request,
            ngettext(
                "%(n)d row was not issued, because it still needs fixing.",
                "%(n)d rows were not issued, because they still need fixing.",
                left,
            )
            % {"n": left},
        )
    return redirect("credentials:issued", slug, batch.id)


@require_http_methods(["GET", "POST"])
def ready(request: ActorRequest, slug: str, achievement_id: UUID) -> HttpResponse:
    """Step 2 for marked work: choose among the awards that wait, and issue them."""
    if request.method == "POST":
        chosen_ids = AwardsForm.ids_in(request.POST.getlist("award"))
        batch_id, count = queries.find_batch_of_awards(slug, chosen_ids, by=request.actor)
        if batch_id is not None and count == len(chosen_ids):
            # The button was pressed twice; the first press did what it said.
            return redirect("credentials:issued", slug, batch_id)
    organization, waiting = queries.ready_list(slug, achievement_id, by=request.actor)
    form = AwardsForm(
        request.POST if request.method == "POST" else None, waiting=[award.id for award in waiting]
    )
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.issue(form.award_ids(), by=request.actor, at=timezone.now())
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, say(refusal))
        else:
            return redirect("credentials:issued", slug, batch.id)
    chosen = set(request.POST.getlist("award")) if request.method == "POST" else None
    context = {
        "form": form,
        "waiting": [(award, chosen is None or str(award.id) in chosen) for award in waiting],
        "achievement_name": waiting[0].achievement_name,
        "achievement_id": achievement_id,
        **staff_frame(organization, current="credentials", actor=request.actor),
    }
    return render(request, "credentials/ready.html", context, status=422 if form.errors else 200)


@require_safe
def done(request: ActorRequest, slug: str, batch_id: UUID) -> HttpResponse:
    """Step 3: what people got, and ten minutes to take it back."""
    organization, batch = queries.get_batch_of(slug, batch_id, by=request.actor, at=timezone.now())
    standing = [one for one in batch.issued if one.state != "undone"]
    context = {
        "batch": batch,
        "issued": sorted(batch.issued, key=lambda one: one.person_name.casefold()),
        "standing": standing,
        "achievement_name": batch.issued[0].achievement_name,
        **staff_frame(organization, current="credentials", actor=request.actor),
    }
    return render(request, "credentials/issued.html", context)


@require_POST
def undo(request: ActorRequest, slug: str, batch_id: UUID) -> HttpResponse:
    """Take back what was issued by mistake."""
    try:
        undone = services.undo_issue(batch_id, by=request.actor, at=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, say(refusal))
    else:
        said = ngettext(
            "%(n)d credential was taken back. Whoever opens it reads that it was a mistake.",
            "%(n)d credentials were taken back. Whoever opens one reads that it was a mistake.",
            len(undone),
        )
        messages.success(request, said % {"n": len(undone)})
    return redirect("credentials:issued", slug, batch_id)


def _show_list(request: ActorRequest, checked: CheckedList, list_id: UUID, *, status: int) -> HttpResponse:
    good = [row for row in checked.rows if row.fault is None]
    bad = [
        (row, checked.holds.get(row.person.email.casefold())) for row in checked.rows if row.fault is not None
    ]
    context = {
        "title": _("Check the list before you issue"),
        "achievement": checked.achievement,
        "organization": checked.organization,
        "good": good,
        "bad": bad,
        "list_id": list_id,
        **staff_frame(checked.organization, current="credentials", actor=request.actor),
    }
    return render(request, "credentials/check_list.html", context, status=status if bad else 200)
