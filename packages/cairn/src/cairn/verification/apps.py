# SPDX-License-Identifier: Apache-2.0
"""Django's entry for this room."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """Checking what somebody shows you."""

    name = "cairn.verification"
    label = "verification"
    default_auto_field = "django.db.models.BigAutoField"
