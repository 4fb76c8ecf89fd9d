# SPDX-License-Identifier: Apache-2.0
"""Addresses of this room."""

from django.urls import path

from cairn.verification import pages

app_name = "verification"
urlpatterns = [
    path("check", pages.check, name="check"),
    path("check/answers", pages.answers, name="answers"),
    path("check/list", pages.check_list, name="list"),
    path("check/list/<str:key>.csv", pages.list_csv, name="list-csv"),
    path("check/list/<str:key>", pages.list_so_far, name="list-so-far"),
]
