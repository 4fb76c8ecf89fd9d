# SPDX-License-Identifier: Apache-2.0
"""Addresses of this room."""

from django.urls import path

from cairn.achievements.pages import editing, programmes, public

app_name = "achievements"
_PROGRAMMES = "staff/<slug:slug>/programmes/"
_PROGRAMME = f"{_PROGRAMMES}<str:ref>/"

urlpatterns = [
    path("o/<slug:slug>", public.issuer, name="issuer"),
    path("a/<str:ref>", public.achievement, name="achievement"),
    path("a/<str:ref>/badge.svg", public.badge_svg, name="badge-svg"),
    path("a/<str:ref>/badge.png", public.badge_png, name="badge-png"),
    path("a/<str:ref>/v/<int:version>", public.achievement_version, name="version"),
    path("a/<str:ref>/v/<int:version>.json", public.version_json, name="version-json"),
    path("a/<str:ref>/v/<int:version>/badge.svg", public.badge_svg, name="version-badge-svg"),
    path("a/<str:ref>/v/<int:version>/badge.png", public.badge_png, name="version-badge-png"),
    path(_PROGRAMMES, programmes.programmes, name="programmes"),
    path(f"{_PROGRAMMES}new/", programmes.start, name="start"),
    path(_PROGRAMME, programmes.programme, name="programme"),
    path(f"{_PROGRAMME}badge.svg", programmes.badge_image, name="programme-badge"),
    path(f"{_PROGRAMME}about/", editing.about, name="about"),
    path(f"{_PROGRAMME}rubric/", editing.rubric, name="rubric"),
    path(f"{_PROGRAMME}hand-in/", editing.hand_in, name="hand-in"),
    path(f"{_PROGRAMME}badge/", editing.badge, name="badge"),
    path(f"{_PROGRAMME}badge/preview/", editing.badge_preview, name="badge-preview"),
    path(f"{_PROGRAMME}badge/upload/", editing.badge_upload, name="badge-upload"),
    path(f"{_PROGRAMME}skills/", editing.skills, name="skills"),
    path(f"{_PROGRAMME}facts/", editing.facts, name="facts"),
    path(f"{_PROGRAMME}publish/", programmes.publish, name="publish"),
    path(f"{_PROGRAMME}new-version/", programmes.new_version, name="new-version"),
    path(f"{_PROGRAMME}discard/", programmes.discard, name="discard"),
    path(f"{_PROGRAMME}archive/", programmes.archive, name="archive"),
    path(f"{_PROGRAMME}unarchive/", programmes.unarchive, name="unarchive"),
]
