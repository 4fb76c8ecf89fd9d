# SPDX-License-Identifier: Apache-2.0
"""Addresses of this room's own pages."""

from django.urls import path

from cairn.site import pages

app_name = "site"
urlpatterns = [
    path("", pages.home, name="home"),
    path("help", pages.words, {"page": "help"}, name="help"),
    path("accessibility", pages.words, {"page": "accessibility"}, name="accessibility"),
    path("privacy", pages.words, {"page": "privacy"}, name="privacy"),
    path("healthz", pages.healthz, name="healthz"),
]
