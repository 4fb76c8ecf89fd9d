# SPDX-License-Identifier: Apache-2.0
"""What every test of the platform stands on."""

import os
import tempfile
import uuid

# Before Django reads its settings: tests keep their files and secrets away from a real data folder.
os.environ.setdefault("CAIRN_VAR", tempfile.mkdtemp(prefix="cairn-test-"))

from pathlib import Path

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Move the data folder: the settings may have been read before the line above ran."""
    from django.conf import settings

    settings.CAIRN_VAR = Path(os.environ["CAIRN_VAR"])
    settings.STATIC_ROOT = settings.CAIRN_VAR / "static"
    # WhiteNoise warns where the folder is missing, and a warning is an error here.
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    # A language that was asked for before its words were compiled stays English for the whole run.
    from cairn.site import words

    words.compile_all()


@pytest.fixture(autouse=True)
def _own_limits(settings: object) -> None:
    """Let every test start with unspent limits."""
    settings.CACHES = {  # type: ignore[attr-defined]  # pytest-django's settings object
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": uuid.uuid4().hex}
    }


@pytest.fixture(autouse=True)
def _plain_static_files(settings: object) -> None:
    """Let pages render without collected static files."""
    settings.STORAGES = {  # type: ignore[attr-defined]  # pytest-django's settings object
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
