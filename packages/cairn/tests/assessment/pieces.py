# SPDX-License-Identifier: Apache-2.0
"""Amara's work for Data Cleaning with Python, and how Tomas and Ingrid mark it."""

import io
import json
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from uuid import UUID

import cast

from cairn.assessment import services
from cairn.assessment.facts import Mark, Upload, Words
from cairn.assessment.models import Submission

NOW = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)
WORDS = Words(
    statement="I cleaned 41,166 records of bus arrivals and found out why some had no arrival time.",
    ai_statement="I asked an assistant for a regular expression and rewrote it.",
)

NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "markdown", "source": ["# Missing arrival times\n", "The clocks went forward."]},
            {
                "cell_type": "code",
                "source": 'gap = arrivals["actual"].isna()\ngap.sum()',
                "outputs": [
                    {
                        "output_type": "execute_result",
                        "data": {"text/plain": ["1204"], "text/html": "<b>1204</b><script>alert(1)</script>"},
                    }
                ],
            },
        ],
    }
).encode()
TABLE = b"stop,route,planned,actual\nMill Lane,12,2026-03-31 05:00,2026-03-31 05:02\nSt Anne's,12,,\n"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 144]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


def png(width: int = 1, height: int = 1) -> bytes:
    """Return a real picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x16\x54\xaa" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def archive(*names: str) -> bytes:
    """Return a ZIP with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, "x" * 100)
    return out.getvalue()


def upload(task_id: str, name: str, content: bytes, key: str = "") -> Upload:
    """Return a file as a form brings it."""
    return Upload(
        client_key=key or f"page-1.{task_id}.{name}",
        task_id=task_id,
        name=name,
        size=len(content),
        read=lambda: content,
    )


FILES = (
    upload("t1", "Amara Okafor cleaning.ipynb", NOTEBOOK),
    upload("t2", "arrivals.csv", TABLE),
    upload("t3", "report.pdf", PDF),
)


def handed_in(learner: cast.Player | None = None) -> Submission:
    """Return work that was handed in, Amara's by default."""
    learner = learner or cast.amara()
    ref = cast.data_cleaning().ref
    services.keep(ref, WORDS, FILES, by=learner.actor, at=NOW)
    services.hand_in(ref, by=learner.actor, at=NOW)
    return Submission.objects.filter(learner=learner.row, achievement_ref=ref).latest("attempt")


def marks(*levels: int, comment: str = "Spotted the clock change in section 3.") -> tuple[Mark, ...]:
    """Return marks on the four criteria of Data Cleaning: 1 Emerging to 4 Exemplary; 0 leaves one out."""
    rubric = cast.data_cleaning().rubric
    assert len(levels) == len(rubric)
    return tuple(
        Mark(criterion_id=one.id, level_id=one.levels[level - 1].id if level else "", comment=comment)
        for one, level in zip(rubric, levels, strict=True)
    )


def marked(
    assessor: cast.Player, *levels: int, comment: str = "Spotted the clock change in section 3."
) -> UUID:
    """Let an assessor take the next piece and finish it with these levels; return its submission's id."""
    submission_id = services.take_next(by=assessor.actor, at=NOW)
    services.save_marks(submission_id, marks(*levels, comment=comment), by=assessor.actor, at=NOW)
    services.finish(submission_id, by=assessor.actor, at=NOW)
    return submission_id


def differing() -> Submission:
    """Return Amara's work on which the finished marks of Tomas and Ingrid differ on one criterion."""
    row = handed_in()
    marked(cast.tomas(), 3, 3, 3, 4)
    marked(cast.ingrid(), 3, 3, 2, 4, comment="No test runs on a fresh copy.")
    return Submission.objects.get(id=row.id)
