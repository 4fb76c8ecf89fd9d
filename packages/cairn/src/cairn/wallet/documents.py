# SPDX-License-Identifier: Apache-2.0
"""Everything a learner holds, packed in one archive that any other wallet can take in."""

import io
import re
import zipfile
from collections.abc import Iterable

from cairn.credentials import queries as credentials
from cairn.credentials.facts import Issued


def pack(held: Iterable[Issued]) -> bytes:
    """Return a ZIP with each credential as JSON, as JWT and as a badge image. About seven queries each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(held, start=1):
            folder = f"{number:02d}-{_file_name(one.achievement_name)}"
            archive.writestr(f"{folder}/credential.json", credentials.document(one.ref, format="json"))
            archive.writestr(f"{folder}/credential.jwt", credentials.document(one.ref, format="jwt"))
            archive.writestr(f"{folder}/badge.png", credentials.baked(one.ref, format="png"))
    return out.getvalue()


def _file_name(name: str) -> str:
    """Return a name that every file system takes and none takes for a path."""
    return re.sub(r"[^\w-]+", "-", name).strip("-_")[:60] or "credential"
