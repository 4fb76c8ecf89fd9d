# SPDX-License-Identifier: Apache-2.0
"""The outbox: what this site would have mailed. Only where the settings say development."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from cairn.messages import queries
from cairn.messages.errors import NoSuchMessage

#: A message runs nothing and loads nothing; its links open in the whole window.
MESSAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-top-navigation-by-user-activation"
)


def development_only(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page exist only in development. There it needs no sign-in: the sign-in link is on it."""

    @wraps(page)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not settings.CAIRN_DEVELOPMENT:
            raise NoSuchMessage("There is nothing here by that name.")
        return page(request, **kwargs)

    return login_not_required(guarded)


@require_safe
@development_only
def outbox(request: HttpRequest) -> HttpResponse:
    """List what was kept, newest first; `?to=` shows one person's."""
    # PostgreSQL cannot look up a NUL character.
    recipient = request.GET.get("to", "").replace("\0", "").strip()
    kept = queries.kept(recipient=recipient)
    return render(request, "messages/outbox.html", {"kept": kept, "recipient": recipient})


@require_safe
@development_only
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show one message: its text with links, and how its HTML looks."""
    return render(request, "messages/message.html", {"message": queries.get_kept(message_id)})


@require_safe
@development_only
@xframe_options_sameorigin
def message_html(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Serve a message's HTML for the frame, sandboxed by its own policy."""
    html = queries.get_kept(message_id).html
    # Links would otherwise open inside the frame.
    reply = HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))
    reply["Content-Security-Policy"] = MESSAGE_POLICY
    return reply
