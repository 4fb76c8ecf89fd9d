# SPDX-License-Identifier: Apache-2.0
"""Root addresses: each room brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("cairn.people.urls")),
    path("", include("cairn.messages.urls")),
    path("", include("cairn.site.page_urls")),
]
