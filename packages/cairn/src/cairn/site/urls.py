# SPDX-License-Identifier: Apache-2.0
"""Root addresses: each room brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    # Before the admin, because it takes the place of the admin's sign-in page.
    path("", include("cairn.people.urls")),
    path("admin/", admin.site.urls),
    path("", include("cairn.achievements.urls")),
    path("", include("cairn.credentials.urls")),
    path("", include("cairn.assessment.urls")),
    path("", include("cairn.wallet.urls")),
    path("", include("cairn.verification.urls")),
    path("", include("cairn.messages.urls")),
    path("", include("cairn.site.page_urls")),
]

handler400 = "cairn.site.pages.bad_request"
handler403 = "cairn.site.pages.not_allowed"
handler404 = "cairn.site.pages.not_found"
handler500 = "cairn.site.pages.fault"
