# SPDX-License-Identifier: Apache-2.0
"""Django's entry for this room."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Issued credentials."""

    name = "cairn.credentials"
    label = "credentials"
    default_auto_field = "django.db.models.BigAutoField"
