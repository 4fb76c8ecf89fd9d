# SPDX-License-Identifier: Apache-2.0
"""Django's entry for this room, and the news it listens to."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Letters to people."""

    name = "cairn.messages"
    label = "cairn_messages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what people should be told."""
        from cairn.messages import tasks

        tasks.subscribe_all()
