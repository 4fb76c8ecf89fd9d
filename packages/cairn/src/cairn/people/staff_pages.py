# SPDX-License-Identifier: Apache-2.0
"""Pages of an organization's staff: its people, its invitations, what it says of itself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.foundation.errors import NotFound, Refusal
from cairn.foundation.words import say
from cairn.people import frame, queries, services
from cairn.people.access import require_role
from cairn.people.facts import Member, OpenInvitation, Role
from cairn.people.forms import ROLE_NAMES, InviteForm, OrganizationForm, RolesForm, SearchForm
from cairn.people.middleware import ActorRequest

A_PAGE = 50


@require_safe
def people(request: ActorRequest, slug: str) -> HttpResponse:
    """List an organization's people and the invitations that wait for an answer."""
    organization = queries.get_organization(slug)
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    number = _page_number(request)
    members, total = queries.page_of_members(
        organization.id,
        search=wanted.get("q", ""),
        role=Role(wanted["role"]) if wanted.get("role") else None,
        offset=(number - 1) * A_PAGE,
        limit=A_PAGE,
        by=request.actor,
    )
    context = {
        **frame.staff_frame(organization, current="people", actor=request.actor),
        "form": form,
        "members": [(member, _names(member)) for member in members],
        "total": total,
        "invitations": [
            (one, _names(one))
            for one in queries.open_invitations(organization.id, at=timezone.now(), by=request.actor)
        ],
        "may_manage": request.actor.has_role(organization.id, Role.ADMIN),
        "is_search": bool(wanted.get("q") or wanted.get("role")),
        "before": number - 1,
        "after": number + 1 if number * A_PAGE < total else 0,
    }
    return render(request, "people/staff_people.html", context)


@require_http_methods(["GET", "POST"])
def person(request: ActorRequest, slug: str, person_id: UUID) -> HttpResponse:
    """Show one of the people, and let an administrator set what they may do."""
    organization = queries.get_organization(slug)
    member = queries.get_member(organization.id, person_id, by=request.actor)
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": member.roles})
    if form.is_valid():
        try:
            services.set_roles(organization.id, person_id, form.chosen(), by=request.actor, at=timezone.now())
        except NotFound:
            raise
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            form.add_error("roles", say(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("people:people", slug)
    context = {
        **frame.staff_frame(organization, current="people", actor=request.actor),
        "form": form,
        "member": member,
        "role_names": _names(member),
        "may_manage": request.actor.has_role(organization.id, Role.ADMIN),
    }
    return render(request, "people/staff_person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def invite(request: ActorRequest, slug: str) -> HttpResponse:
    """Invite somebody by e-mail."""
    organization = queries.get_organization(slug)
    require_role(request.actor, organization.id, Role.ADMIN)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            services.invite(
                organization.id, email=email, roles=form.chosen(), by=request.actor, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal))
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": email})
            return redirect("people:people", slug)
    context = {**frame.staff_frame(organization, current="people", actor=request.actor), "form": form}
    return render(request, "people/staff_invite.html", context, status=422 if form.errors else 200)


@require_POST
def resend_invitation(request: ActorRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """Send an invitation again, for another 14 days."""
    organization = queries.get_organization(slug)
    services.resend_invitation(organization.id, invitation_id, by=request.actor, at=timezone.now())
    messages.success(request, _("The invitation was sent again. The earlier link no longer works."))
    return redirect("people:people", slug)


@require_POST
def withdraw_invitation(request: ActorRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    organization = queries.get_organization(slug)
    services.withdraw_invitation(organization.id, invitation_id, by=request.actor, at=timezone.now())
    messages.success(request, _("The invitation was withdrawn. Its link no longer works."))
    return redirect("people:people", slug)


@require_http_methods(["GET", "POST"])
def settings(request: ActorRequest, slug: str) -> HttpResponse:
    """Change what an organization says of itself, and its colour."""
    organization = queries.get_organization(slug)
    require_role(request.actor, organization.id, Role.ADMIN)
    start = {name: getattr(organization, name) for name in OrganizationForm.base_fields}
    form = OrganizationForm(
        request.POST if request.method == "POST" else None, initial=start, organization=organization
    )
    if form.is_valid():
        services.change_organization(organization.id, **form.cleaned_data, by=request.actor)
        messages.success(request, _("Saved."))
        return redirect("people:staff-settings", slug)
    context = {**frame.staff_frame(organization, current="settings", actor=request.actor), "form": form}
    return render(request, "people/staff_settings.html", context, status=422 if form.errors else 200)


def _names(holder: Member | OpenInvitation) -> list[str]:
    return [str(ROLE_NAMES[role]) for role in holder.roles]


def _page_number(request: ActorRequest) -> int:
    text = request.GET.get("page", "")
    # Longer numbers than any list has pages would overflow the database.
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
