# SPDX-License-Identifier: Apache-2.0
"""Where the vectors and hostile files of others lie: beside the project, never in it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[4] / "shared"


def shared(*parts: str) -> Path:
    """Return a path in the shared folder; skip the test or module where that is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"../shared/{'/'.join(parts)} is not here", allow_module_level=True)
    return path


def shared_files(pattern: str, *parts: str) -> list[Path]:
    """Return the files of a shared folder in order, for parametrization; none where the folder is absent."""
    return sorted(SHARED.joinpath(*parts).glob(pattern))
