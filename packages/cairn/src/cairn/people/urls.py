# SPDX-License-Identifier: Apache-2.0
"""Addresses of this room."""

from django.urls import path

from cairn.people import pages

app_name = "people"
urlpatterns = [
    path("sign-in", pages.sign_in, name="sign-in"),
    path("sign-out", pages.sign_out, name="sign-out"),
    path("settings/", pages.settings, name="settings"),
    path("theme/<slug:slug>.<str:fingerprint>.css", pages.theme, name="theme"),
]
