# SPDX-License-Identifier: Apache-2.0
"""Addresses of this room."""

from django.urls import path

from cairn.messages import pages

app_name = "messages"
urlpatterns = [
    path("outbox", pages.outbox, name="outbox"),
    path("outbox/<uuid:message_id>", pages.message, name="message"),
    path("outbox/<uuid:message_id>/html", pages.message_html, name="message-html"),
]
