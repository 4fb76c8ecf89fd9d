# SPDX-License-Identifier: Apache-2.0
"""Django's entry for this room."""

from django.apps import AppConfig


class AchievementsConfig(AppConfig):
    """What can be earned."""

    name = "cairn.achievements"
    label = "achievements"
    default_auto_field = "django.db.models.BigAutoField"
