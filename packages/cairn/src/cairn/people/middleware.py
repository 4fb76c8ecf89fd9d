# SPDX-License-Identifier: Apache-2.0
"""Says who asks: every request carries an `actor`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from cairn.people import queries
from cairn.people.facts import NOBODY, Actor


class ActorRequest(HttpRequest):
    """A request that has passed `ActorMiddleware`."""

    actor: Actor


class ActorMiddleware:
    """Put the `Actor` on the request. One query, on the first use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]  # typed by ActorRequest
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    return queries.actor_of(user) if user.is_authenticated else NOBODY
