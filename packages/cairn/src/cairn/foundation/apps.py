# SPDX-License-Identifier: Apache-2.0
"""Django's entry for this room."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The ground floor."""

    name = "cairn.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
