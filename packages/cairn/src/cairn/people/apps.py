# SPDX-License-Identifier: Apache-2.0
"""Django's entry for this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons and organizations."""

    name = "cairn.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
