# SPDX-License-Identifier: Apache-2.0
"""What everyone may see: an issuer, an achievement, exactly one version of it, its badge."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cairn.achievements import documents, queries, rules, words
from cairn.achievements.errors import NoSuchAchievement
from cairn.achievements.facts import Content, PublishedAchievement
from cairn.foundation.refs import clean_ref
from cairn.people import queries as people
from cairn.people.facts import Organization
from cairn.people.frame import public_frame
from cairn.people.identifiers import issuer_did
from laurel.model import Profile

#: Sides of the badge as PNG, in pixels: a closed list, so that nobody makes us draw a thousand sizes.
SIZES = (48, 96, 128, 256, 512, 1024)
#: An SVG opened by itself may neither run nor load anything; its own style and picture are inside.
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
FOREVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"


@login_not_required
@require_safe
def issuer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who an issuer is, what vouches for it, and what can be earned there."""
    organization, achievements = queries.issuer_page(slug)
    context = {
        "organization": organization,
        "country": words.country_name(organization.country),
        "achievements": achievements,
        **public_frame(organization),
    }
    return render(request, "achievements/issuer.html", context)


@login_not_required
@require_safe
def achievement(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the version in force of an achievement."""
    return _page(request, queries.latest_published(_ref(ref)))


@login_not_required
@require_safe
def achievement_version(request: HttpRequest, ref: str, version: int) -> HttpResponse:
    """Show exactly one version, as a page or, to a program that asks for it, as JSON.

    This address is the id of the achievement in credentials.
    """
    shown = queries.published_version(_ref(ref), version)
    accepted = request.headers.get("Accept", "")
    if "json" in accepted and "text/html" not in accepted:
        reply: HttpResponse = _json(shown)
    else:
        reply = _page(request, shown)
    patch_vary_headers(reply, ("Accept",))
    return reply


@login_not_required
@require_safe
def version_json(request: HttpRequest, ref: str, version: int) -> HttpResponse:
    """Serve one version as an Open Badges 3.0 Achievement."""
    return _json(queries.published_version(_ref(ref), version))


@login_not_required
@require_safe
def badge_svg(request: HttpRequest, ref: str, version: int | None = None) -> HttpResponse:
    """Serve the badge as SVG, of one version or of the one in force."""
    shown = _shown(ref, version)
    reply = HttpResponse(queries.badge_svg(shown.id), content_type="image/svg+xml")
    reply["Content-Security-Policy"] = SVG_POLICY
    return _cached(reply, version)


@login_not_required
@require_safe
def badge_png(request: HttpRequest, ref: str, version: int | None = None) -> HttpResponse:
    """Serve the badge as PNG, 512 pixels square or another of the sizes by `?size=`."""
    wanted = request.GET.get("size", "512")
    if wanted not in {str(size) for size in SIZES}:
        raise NoSuchAchievement(queries.NOTHING_HERE)
    shown = _shown(ref, version)
    return _cached(HttpResponse(queries.badge_png(shown.id, int(wanted)), content_type="image/png"), version)


def presentation(content: Content, organization: Organization) -> dict[str, object]:
    """Return what the template that describes an achievement needs."""
    return {
        "achievement": content,
        "organization": organization,
        "facts": words.fact_strip(content, organization.country),
        "type_name": words.TYPES.get(content.achievement_type, content.achievement_type),
        "level_name": words.LEVELS[content.badge.level] if content.badge.level else "",
        "passing": words.passing_level(content),
        "language_name": words.language_name(content.language),
        "eu_conformant": rules.is_eu_conformant(content, organization),
        "eu_missing": [
            (words.element(finding), finding.part) for finding in rules.eu_missing(content, organization)
        ],
    }


def _page(request: HttpRequest, shown: PublishedAchievement) -> HttpResponse:
    organization = people.organization_by_id(shown.organization_id)
    context = {
        **presentation(shown, organization),
        "latest": queries.latest_published(shown.ref).version,
        "is_archived": queries.is_archived(shown.ref),
        **public_frame(organization),
    }
    return render(request, "achievements/achievement.html", context)


def _json(shown: PublishedAchievement) -> HttpResponse:
    organization = people.organization_by_id(shown.organization_id)
    document = documents.achievement_document(
        shown,
        base_url=settings.CAIRN_BASE_URL,
        creator=Profile(id=issuer_did(settings.CAIRN_BASE_URL, organization.slug), name=organization.name),
    )
    reply = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
    reply["Content-Type"] = "application/ld+json"
    # Anybody's page may read what is public anyway.
    reply["Access-Control-Allow-Origin"] = "*"
    reply["Cache-Control"] = A_WHILE
    return reply


def _shown(ref: str, version: int | None) -> PublishedAchievement:
    if version is None:
        return queries.latest_published(_ref(ref))
    return queries.published_version(_ref(ref), version)


def _ref(text: str) -> str:
    ref = clean_ref(text)
    if ref is None:
        raise NoSuchAchievement(queries.NOTHING_HERE)
    return ref


def _cached(reply: HttpResponse, version: int | None) -> HttpResponse:
    reply["Cache-Control"] = FOREVER if version is not None else A_WHILE
    reply["X-Content-Type-Options"] = "nosniff"
    # Badges are made to be shown on other people's pages.
    reply["Cross-Origin-Resource-Policy"] = "cross-origin"
    reply["Access-Control-Allow-Origin"] = "*"
    return reply
