# SPDX-License-Identifier: Apache-2.0
"""Django's entry for this room."""

from django.apps import AppConfig


class WalletConfig(AppConfig):
    """What a learner holds and shows."""

    name = "cairn.wallet"
    label = "wallet"
    default_auto_field = "django.db.models.BigAutoField"
