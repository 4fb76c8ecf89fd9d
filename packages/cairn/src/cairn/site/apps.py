# SPDX-License-Identifier: Apache-2.0
"""Django's entry for this room."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The top floor."""

    name = "cairn.site"
    label = "site"
