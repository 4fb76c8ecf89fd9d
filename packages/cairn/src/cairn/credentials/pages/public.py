# SPDX-License-Identifier: Apache-2.0
"""What strangers and holders see: a credential, its files, and what a verifier needs to check it."""

import io

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cairn.credentials import queries, services
from cairn.foundation import files
from cairn.foundation.http import stored_file
from cairn.people import queries as people
from cairn.people.frame import public_frame
from cairn.people.middleware import ActorRequest

#: Lists and key documents: the same for everyone, kept by anyone for a minute.
A_MINUTE = "public, max-age=60"
#: An SVG opened by itself may neither run nor load anything.
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@login_not_required
@require_safe
def show(request: ActorRequest, ref: str) -> HttpResponse:
    """Show one credential: the verdict first."""
    address = f"/c/{ref}"
    if request.path != address:
        # Typed in groups of four, as it is printed.
        return redirect(address)
    opened = queries.open_credential(ref, viewer=request.actor, at=timezone.now())
    context = {
        "view": opened.view,
        "allowed": opened.disclosure,
        "organization": opened.organization,
        "qr": qr_svg(opened.view.page_url),
        "downloads": address,
        "evidence_base": f"{address}/evidence/",
        **public_frame(opened.organization),
    }
    return render(request, "credentials/credential.html", context)


@login_not_required
@require_safe
def json_file(request: ActorRequest, ref: str) -> HttpResponse:
    """Send the signed credential as JSON, byte for byte."""
    signed = queries.open_document(ref, format="json", viewer=request.actor)
    return _signed(signed, "application/vc+ld+json", f"{ref}.json")


@login_not_required
@require_safe
def jwt_file(request: ActorRequest, ref: str) -> HttpResponse:
    """Send the signed credential as compact JWS."""
    signed = queries.open_document(ref, format="jwt", viewer=request.actor)
    return _signed(signed, "text/plain; charset=us-ascii", f"{ref}.jwt")


@login_not_required
@require_safe
def png_file(request: ActorRequest, ref: str) -> HttpResponse:
    """Send the badge as PNG with the credential inside."""
    return _download(queries.open_baked(ref, format="png", viewer=request.actor), "image/png", f"{ref}.png")


@login_not_required
@require_safe
def svg_file(request: ActorRequest, ref: str) -> HttpResponse:
    """Send the badge as SVG with the credential inside."""
    reply = _download(
        queries.open_baked(ref, format="svg", viewer=request.actor), "image/svg+xml", f"{ref}.svg"
    )
    reply["Content-Security-Policy"] = SVG_POLICY
    return reply


@login_not_required
@require_safe
def pdf_file(request: ActorRequest, ref: str) -> HttpResponse:
    """Send the certificate for printing."""
    made = queries.open_certificate(
        ref, viewer=request.actor, language=get_language() or "en", at=timezone.now()
    )
    return _download(made, "application/pdf", f"{ref}.pdf")


@login_not_required
@require_safe
def evidence(request: ActorRequest, ref: str, number: int) -> HttpResponseBase:
    """Send one evidence file, where the reader may see the evidence."""
    found = queries.open_evidence(ref, number, viewer=request.actor)
    return stored_file(files.read(found.key), name=found.name, media_type=found.media_type, size=found.size)


@login_not_required
@require_safe
def did_document(request: HttpRequest, slug: str) -> HttpResponse:
    """Send an organization's DID document: the keys it signs and signed with."""
    document = queries.did_document(people.get_organization(slug))
    return _open_to_all(request, HttpResponse(document, content_type="application/did+ld+json"))


@login_not_required
@require_safe
def status_list(request: HttpRequest, slug: str, list_ref: str, purpose: str) -> HttpResponse:
    """Send a signed status list: the same bytes for everyone, so that nobody learns who is looked up."""
    found = services.current_list(slug, list_ref, purpose, at=timezone.now())
    tag = f'"{found.etag}"'
    reply: HttpResponse
    if tag in request.headers.get("If-None-Match", ""):
        reply = HttpResponseNotModified()
    else:
        reply = HttpResponse(found.document, content_type="application/vc+ld+json")
    reply["ETag"] = tag
    return _open_to_all(request, reply)


def qr_svg(url: str) -> SafeString:
    """Draw a QR code that takes the page's colours: paths only, made from an address of ours."""
    drawn = io.BytesIO()
    segno.make(url, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=2, dark="#000", light="#fff", omitsize=True
    )
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 - drawn by segno, holds no text


def _signed(signed: bytes, content_type: str, name: str) -> HttpResponse:
    reply = HttpResponse(signed, content_type=content_type)
    reply["Content-Disposition"] = f'inline; filename="{name}"'
    # Checkers that run in a browser read it too; without cookies they get what a stranger gets.
    reply["Access-Control-Allow-Origin"] = "*"
    reply["X-Content-Type-Options"] = "nosniff"
    return reply


def _download(made: bytes, content_type: str, name: str) -> HttpResponse:
    reply = HttpResponse(made, content_type=content_type)
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    reply["X-Content-Type-Options"] = "nosniff"
    return reply


def _open_to_all(request: HttpRequest, reply: HttpResponse) -> HttpResponse:
    # The sign-in check looked at the session; this reply does not depend on it, so caches may share it.
    request.session.accessed = False
    reply["Cache-Control"] = A_MINUTE
    reply["Access-Control-Allow-Origin"] = "*"
    return reply
