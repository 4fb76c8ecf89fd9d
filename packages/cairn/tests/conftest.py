# SPDX-License-Identifier: Apache-2.0
"""What every test of the platform stands on."""

import os
import tempfile
from pathlib import Path

# Before Django reads its settings: tests keep their files and secrets away from a real data folder.
os.environ.setdefault("CAIRN_VAR", tempfile.mkdtemp(prefix="cairn-test-"))
# WhiteNoise warns where nothing was collected, and a warning is an error here.
(Path(os.environ["CAIRN_VAR"]) / "static").mkdir(exist_ok=True)

import pytest


@pytest.fixture(autouse=True)
def _plain_static_files(settings: object) -> None:
    """Let pages render without collected static files."""
    settings.STORAGES = {  # type: ignore[attr-defined]  # pytest-django's settings object
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
