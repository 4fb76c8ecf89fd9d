# SPDX-License-Identifier: Apache-2.0
"""Opens and ends sessions: the only place of this room, besides its pages, that touches a request."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from cairn.people import frame, queries
from cairn.people.access import require_person
from cairn.people.errors import AccountClosed, TooManyTries, WrongEmailOrPassword
from cairn.people.middleware import ActorRequest
from cairn.people.models import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def person_by_password(request: HttpRequest, *, email: str, password: str) -> UUID:
    """Return whose address and password these are. Tries are limited per address and per network address.

    Raises:
        WrongEmailOrPassword: which of the two is wrong is not told, nor is it told by the time this takes.
        TooManyTries, AccountClosed
    """
    try:
        person = get_adapter(request).authenticate(request, email=email, password=password)
    except ValidationError:
        raise TooManyTries("Too many tries. Wait five minutes, or have a link sent to you.")
    if person is None:
        raise WrongEmailOrPassword(
            "This email and password do not go together. Try again, or sign in by link."
        )
    if not person.is_active:
        raise AccountClosed("This account is closed. Write to the people who run this site.")
    return UUID(str(person.pk))


def limit_password_tries(request: HttpRequest) -> None:
    """Count a try at the current password. Raises `TooManyTries` after five in a minute."""
    if not ratelimit.consume(request, action="change_password", user=request.user):
        raise TooManyTries("Too many tries. Wait a minute, then try again.")


def open_session(request: HttpRequest, person_id: UUID, *, next_url: str = "") -> HttpResponse:
    """Sign a person in under a new session key, and lead them on in their language."""
    person = Person.objects.get(id=person_id)
    login(request, person, backend=BACKEND)
    desk = frame.desk_of(request, queries.actor_of(person))
    reply = redirect(safe_next(request, next_url) or (desk.url if desk else "/"))
    remember_language(reply, person.language)
    return reply


def keep_session(request: ActorRequest) -> None:
    """Let this session outlive a change that ends all others, under a new key."""
    # The row that the middleware read knows the old password.
    update_session_auth_hash(request, Person.objects.get(id=require_person(request.actor)))


def remember_language(reply: HttpResponse, language: str) -> None:
    """Keep the language in a cookie, for pages before the next sign-in too."""
    reply.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def safe_next(request: HttpRequest, url: str) -> str:
    """Return where to go on, if it is an address of this site; else nothing (security A32)."""
    is_ours = (
        url.startswith("/")
        and url.isprintable()
        and url_has_allowed_host_and_scheme(url, allowed_hosts=None, require_https=request.is_secure())
    )
    return url if is_ours else ""


def place_of(request: HttpRequest) -> str:
    """Return a keyed fingerprint of the network address that asks: enough to count, not to read back."""
    return salted_hmac("cairn.people.place", get_adapter(request).get_client_ip(request)).hexdigest()
