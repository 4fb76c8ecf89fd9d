# SPDX-License-Identifier: Apache-2.0
"""What a learner's link shows to whoever opens it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cairn.credentials import queries as credentials
from cairn.credentials.facts import CredentialView, Issued
from cairn.foundation import files, http
from cairn.people import frame
from cairn.people import queries as people
from cairn.people.middleware import ActorRequest
from cairn.wallet import queries, services
from cairn.wallet.errors import NoSuchShare
from cairn.wallet.facts import Share

MEDIA_TYPES = {
    "json": "application/vc+ld+json",
    "jwt": "application/vc+jwt",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}


@require_safe
@login_not_required
def opened(request: ActorRequest, token: str) -> HttpResponse:
    """Show the chosen credentials; a single one opens at once."""
    share, shown = queries.open_share(token, at=timezone.now())
    if request.method == "GET":
        services.count_opening(share, by=request.actor)
    if len(shown) == 1:
        return _one(request, token, share, shown, 1)
    views = [_view(share, one) for one in shown]
    context = {
        "token": token,
        "share": share,
        "lines": [
            {"number": number, "issued": one, "view": view}
            for number, (one, view) in enumerate(zip(shown, views, strict=True), start=1)
        ],
        "holder": next((view.claims.holder_name for view in views if view.claims), ""),
        "is_mine": request.actor.person_id == share.person_id,
    }
    return _unlisted(render(request, "wallet/shared.html", context))


@require_safe
@login_not_required
def one(request: ActorRequest, token: str, number: int) -> HttpResponse:
    """Show one of several chosen credentials."""
    share, shown = queries.open_share(token, at=timezone.now())
    return _one(request, token, share, shown, number)


@require_safe
@login_not_required
def document(request: ActorRequest, token: str, number: int, format: str) -> HttpResponse:
    """Serve a shared credential as a file, in the form that hides what the learner hides."""
    share, shown = queries.open_share(token, at=timezone.now())
    ref = _nth(shown, number).ref
    form = {"evidence": share.shows_evidence, "marks": share.shows_marks}
    if format == "json":
        content = credentials.document(ref, format="json", **form)
    elif format == "jwt":
        content = credentials.document(ref, format="jwt", **form)
    elif format == "png":
        content = credentials.baked(ref, format="png", **form)
    elif format == "svg":
        content = credentials.baked(ref, format="svg", **form)
    elif format == "pdf":
        content = credentials.certificate(ref, **form, language=get_language() or "en", at=timezone.now())
    else:
        raise NoSuchShare(queries.NOTHING_HERE)
    reply = HttpResponse(content, content_type=MEDIA_TYPES[format])
    reply["Content-Disposition"] = f'attachment; filename="credential.{format}"'
    reply["Content-Security-Policy"] = http.SANDBOX
    return _unlisted(reply)


@require_safe
@login_not_required
def evidence(request: ActorRequest, token: str, number: int, piece: int) -> HttpResponseBase:
    """Serve one piece of evidence of a shared credential, if the learner shows evidence."""
    share, shown = queries.open_share(token, at=timezone.now())
    if not share.shows_evidence:
        raise NoSuchShare(queries.NOTHING_HERE)
    found = credentials.evidence_file(_nth(shown, number).ref, piece)
    return http.stored_file(
        files.read(found.key), name=found.name, media_type=found.media_type, size=found.size
    )


def _one(
    request: ActorRequest, token: str, share: Share, shown: tuple[Issued, ...], number: int
) -> HttpResponse:
    issued = _nth(shown, number)
    context = {
        "token": token,
        "share": share,
        "issued": issued,
        "view": _view(share, issued),
        "downloads": f"/x/{token}/{number}",
        "evidence_base": f"/x/{token}/{number}/evidence/" if share.shows_evidence else "",
        "several": len(shown) > 1,
        "is_mine": request.actor.person_id == share.person_id,
        **frame.public_frame(people.organization_by_id(issued.organization_id)),
    }
    return _unlisted(render(request, "wallet/shared_one.html", context))


def _view(share: Share, issued: Issued) -> CredentialView:
    return credentials.view_shared(
        issued.ref, evidence=share.shows_evidence, marks=share.shows_marks, at=timezone.now()
    )


def _nth(shown: tuple[Issued, ...], number: int) -> Issued:
    if not 1 <= number <= len(shown):
        raise NoSuchShare(queries.NOTHING_HERE)
    return shown[number - 1]


def _unlisted(reply: HttpResponse) -> HttpResponse:
    """Keep a link that is itself the key out of search engines."""
    reply["X-Robots-Tag"] = "noindex"
    return reply
