# SPDX-License-Identifier: Apache-2.0
"""Django's entry for this room."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Handing in, marking, agreeing."""

    name = "cairn.assessment"
    label = "assessment"
    default_auto_field = "django.db.models.BigAutoField"
