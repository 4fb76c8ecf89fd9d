# SPDX-License-Identifier: Apache-2.0
"""Root addresses: each room brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from cairn.people.pages import admin_sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    # The admin's own sign-in page would let passwords be tried without end.
    path("admin/login/", admin_sign_in, name="admin-sign-in"),
    path("admin/", admin.site.urls),
    path("", include("cairn.people.urls")),
    path("", include("cairn.achievements.urls")),
    path("", include("cairn.messages.urls")),
    path("", include("cairn.site.page_urls")),
]
