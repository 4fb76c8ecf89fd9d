# SPDX-License-Identifier: Apache-2.0
"""A person's own pages: signing in and out, links from messages, settings, language, desk."""

from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.foundation.errors import Gone, NotAllowed, Refusal
from cairn.foundation.words import say
from cairn.people import frame, queries, services, sessions
from cairn.people.errors import AddressTaken
from cairn.people.facts import KeyPurpose, MailedLink
from cairn.people.forms import (
    ROLE_NAMES,
    AddAddressForm,
    LinkForm,
    NameForm,
    PasswordForm,
    PasswordSignInForm,
    ProfileForm,
)
from cairn.people.middleware import ActorRequest


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: ActorRequest) -> HttpResponse:
    """Send a sign-in link. The answer is the same whether or not the address is known."""
    form = LinkForm(_sent(request), auto_id="link_%s")
    if form.is_valid():
        try:
            services.ask_for_sign_in_link(
                email=form.cleaned_data["email"],
                language=get_language() or "en",
                next_url=sessions.safe_next(request, request.POST.get("next", "")),
                asked_from=sessions.place_of(request),
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal))
            return _sign_in_page(request, link=form, status=refusal.status)
        return redirect("people:link-sent")
    return _sign_in_page(request, link=form, status=422 if form.errors else 200)


@login_not_required
@require_POST
def sign_in_with_password(request: ActorRequest) -> HttpResponse:
    """Sign in with an email and a password."""
    form = PasswordSignInForm(request.POST, auto_id="password_%s")
    if form.is_valid():
        try:
            person_id = sessions.person_by_password(request, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, say(refusal))
            return _sign_in_page(request, password=form, status=refusal.status)
        return sessions.open_session(request, person_id, next_url=request.POST.get("next", ""))
    return _sign_in_page(request, password=form, status=422)


@login_not_required
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look for the link."""
    return render(request, "people/link_sent.html")


@login_not_required
@require_http_methods(["GET", "POST"])
def use_link(request: ActorRequest, key: str) -> HttpResponse:
    """Sign in by a link. Opening it changes nothing, because mail scanners open links; the button does."""
    now = timezone.now()
    try:
        link = queries.get_link(key, KeyPurpose.SIGN_IN, at=now)
        form = NameForm(_sent(request))
        if request.method == "POST" and (link.person or form.is_valid()):
            name = form.cleaned_data["name"] if link.person is None else ""
            person = services.use_sign_in_link(key, name=name, at=now)
            return sessions.open_session(request, person.id, next_url=link.next_url)
    except Gone as refusal:
        return _link_over(request, refusal)
    return _landing(request, "people/use_link.html", link, form)


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: ActorRequest, key: str) -> HttpResponse:
    """Accept an invitation: the roles go to the person of the address it was sent to."""
    now = timezone.now()
    try:
        link = queries.get_link(key, KeyPurpose.INVITATION, at=now)
        form = NameForm(_sent(request))
        if request.method == "POST" and (link.person or form.is_valid()):
            name = form.cleaned_data["name"] if link.person is None else ""
            person = services.accept_invitation(key, name=name, at=now)
            return sessions.open_session(request, person.id)
    except Gone as refusal:
        return _link_over(request, refusal)
    return _landing(request, "people/invitation.html", link, form)


@login_not_required
@require_http_methods(["GET", "POST"])
def confirm_address(request: ActorRequest, key: str) -> HttpResponse:
    """Confirm an e-mail address. It signs nobody in."""
    now = timezone.now()
    try:
        link = queries.get_link(key, KeyPurpose.CONFIRM_ADDRESS, at=now)
        if request.method == "POST":
            services.confirm_address(key, at=now)
            messages.success(request, _("You can now sign in with %(email)s.") % {"email": link.email})
            return redirect("people:settings")
    except (Gone, AddressTaken) as refusal:
        return _link_over(request, refusal)
    return _landing(request, "people/confirm_address.html", link, Form())


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect("site:home")


@login_not_required
@require_POST
def choose_language(request: ActorRequest) -> HttpResponse:
    """Show these pages, and write messages, in another language."""
    reply = redirect(sessions.safe_next(request, request.POST.get("next", "")) or "site:home")
    language = request.POST.get("language", "")
    if language in dict(django_settings.LANGUAGES):
        if request.actor.person_id is not None:
            services.choose_language(language, by=request.actor)
        sessions.remember_language(reply, language)
    return reply


@require_POST
def choose_desk(request: ActorRequest) -> HttpResponse:
    """Switch role: the bar on top follows."""
    wanted = request.POST.get("desk", "")
    desk = next((one for one in frame.desks_of(request.actor) if one.key == wanted), None)
    if desk is None:
        raise NotAllowed(_("You do not have this role. Ask an administrator to add you."))
    request.session[frame.DESK] = desk.key
    return redirect(desk.url)


@require_http_methods(["GET", "POST"])
def settings(request: ActorRequest) -> HttpResponse:
    """Let people change their name and language, and see everything else they can set."""
    form = ProfileForm(_sent(request), auto_id="profile_%s")
    if request.method == "POST" and form.is_valid():
        services.change_profile(**form.cleaned_data, by=request.actor)
        messages.success(request, _("Saved."))
        reply = redirect("people:settings")
        sessions.remember_language(reply, form.cleaned_data["language"])
        return reply
    if request.method == "POST":
        return _settings_page(request, profile=form, status=422)
    return _settings_page(request)


@require_POST
def add_address(request: ActorRequest) -> HttpResponse:
    """Add an e-mail address, to be confirmed by a link."""
    form = AddAddressForm(request.POST, auto_id="address_%s")
    if form.is_valid():
        try:
            services.add_address(email=form.cleaned_data["email"], by=request.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error("email", say(refusal))
        else:
            return _saved(request, _("We sent a link to the new address. Open it to confirm."))
    return _settings_page(request, address=form, status=422)


@require_POST
def make_primary(request: ActorRequest, address_id: int) -> HttpResponse:
    """Make an address the one that messages go to."""
    services.make_primary(address_id, by=request.actor, at=timezone.now())
    return _saved(request, _("Messages now go to this address."))


@require_POST
def resend_confirmation(request: ActorRequest, address_id: int) -> HttpResponse:
    """Send the confirming link again."""
    services.resend_confirmation(address_id, by=request.actor, at=timezone.now())
    return _saved(request, _("We sent another link. Open it to confirm the address."))


@require_POST
def remove_address(request: ActorRequest, address_id: int) -> HttpResponse:
    """Take an address away."""
    services.remove_address(address_id, by=request.actor, at=timezone.now())
    return _saved(request, _("The address was removed."))


@require_POST
def set_password(request: ActorRequest) -> HttpResponse:
    """Set or change the password; other devices are signed out."""
    form = PasswordForm(request.POST, person=request.user, auto_id="password_%s")
    if form.is_valid():
        try:
            sessions.limit_password_tries(request)
            services.set_password(
                current=form.cleaned_data.get("current", ""),
                password=form.cleaned_data["password"],
                by=request.actor,
            )
        except Refusal as refusal:
            form.add_error("current" if "current" in form.fields else None, say(refusal))
        else:
            return _kept_session(request, _("The password is set. Other devices were signed out."))
    return _settings_page(request, password=form, status=422)


@require_POST
def remove_password(request: ActorRequest) -> HttpResponse:
    """Leave links as the only way in."""
    services.remove_password(by=request.actor)
    return _kept_session(request, _("The password is gone. Sign in by link from now on."))


@require_POST
def sign_out_everywhere(request: ActorRequest) -> HttpResponse:
    """End every session, this one too."""
    services.end_all_sessions(by=request.actor)
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("people:sign-in")


@login_not_required
@require_safe
def theme(request: HttpRequest, slug: str, fingerprint: str) -> HttpResponse:
    """Serve the colour of an organization; an old address leads to the one in force."""
    organization = queries.get_organization(slug)
    if fingerprint != frame.theme_hash(organization):
        return redirect(frame.theme_url(organization))
    reply = HttpResponse(frame.theme_css(organization), content_type="text/css")
    reply["Cache-Control"] = "public, max-age=31536000, immutable"
    return reply


@login_not_required
@require_safe
def admin_sign_in(request: ActorRequest) -> HttpResponse:
    """Lead Django's admin to our own sign-in, whose tries are limited."""
    if request.actor.person_id is not None:
        raise NotAllowed(_("Only those who run the platform can see this."))
    return redirect(f"{reverse('people:sign-in')}?next=/admin/")


def _sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; an empty form is one too."""
    return request.POST if request.method == "POST" else None


def _sign_in_page(
    request: ActorRequest,
    *,
    link: LinkForm | None = None,
    password: PasswordSignInForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "link": link or LinkForm(auto_id="link_%s"),
        "password": password or PasswordSignInForm(auto_id="password_%s"),
        "failed": password if password is not None else link,
        "next": sessions.safe_next(request, request.POST.get("next") or request.GET.get("next") or ""),
    }
    return render(request, "people/sign_in.html", context, status=status)


def _landing(request: ActorRequest, template: str, link: MailedLink, form: Form) -> HttpResponse:
    failed = request.method == "POST"
    context = {
        "link": link,
        "form": form,
        "role_names": [ROLE_NAMES[role] for role in link.roles],
        "is_somebody_else": request.actor.person_id is not None
        and (link.person is None or link.person.id != request.actor.person_id),
        **(frame.public_frame(link.organization) if link.organization else {}),
    }
    return render(request, template, context, status=422 if failed else 200)


def _link_over(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"refusal": say(refusal), "code": refusal.code}
    return render(request, "people/link_over.html", context, status=refusal.status)


def _settings_page(
    request: ActorRequest,
    *,
    profile: ProfileForm | None = None,
    address: AddAddressForm | None = None,
    password: PasswordForm | None = None,
    status: int = 200,
) -> HttpResponse:
    account = queries.get_account(by=request.actor)
    start = {"name": account.person.name, "language": account.person.language}
    context = {
        **frame.desk_frame(request, request.actor),
        "account": account,
        "profile": profile or ProfileForm(initial=start, auto_id="profile_%s"),
        "address": address or AddAddressForm(auto_id="address_%s"),
        "password": password or PasswordForm(person=request.user, auto_id="password_%s"),
        "failed": profile or address or password,
    }
    return render(request, "people/settings.html", context, status=status)


def _saved(request: HttpRequest, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("people:settings")


def _kept_session(request: ActorRequest, message: str) -> HttpResponse:
    sessions.keep_session(request)
    return _saved(request, message)
