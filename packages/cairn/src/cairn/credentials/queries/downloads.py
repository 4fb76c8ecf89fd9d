# SPDX-License-Identifier: Apache-2.0
"""A credential as files: the badge image with the proof inside, and the certificate for printing."""

from datetime import datetime
from typing import Literal

from cairn.achievements import queries as achievements
from cairn.credentials.certificates import typeset
from cairn.credentials.queries.credentials import row_of
from cairn.credentials.queries.documents import signed_document
from cairn.credentials.queries.views import disclosure, view_shared
from cairn.people import queries as people
from cairn.people.facts import Actor
from laurel.formats.baking import bake_png, bake_svg

#: Side of the PNG, in pixels.
BADGE_SIZE = 512


def baked(ref: str, *, format: Literal["png", "svg"], evidence: bool = True, marks: bool = True) -> bytes:
    """Return the badge with one signed form of the credential inside. Four queries.

    Whoever asks: the caller has decided that they may.

    Raises:
        NoSuchCredential: there is none of that reference, or its form was not prepared.
    Spec: OB 3.0 #baking
    """
    row = row_of(ref)
    text = bytes(signed_document(row, evidence=evidence, marks=marks).document).decode()
    if format == "png":
        return bake_png(achievements.badge_png(row.achievement_id, BADGE_SIZE), text)
    return bake_svg(achievements.badge_svg(row.achievement_id).encode(), text)


def open_baked(ref: str, *, format: Literal["png", "svg"], viewer: Actor) -> bytes:
    """Return the badge with the form that a person may see. Six queries. Raises `NoSuchCredential`."""
    allowed = disclosure(ref, viewer=viewer)
    return baked(ref, format=format, evidence=allowed.evidence, marks=allowed.marks)


def open_certificate(ref: str, *, viewer: Actor, language: str, at: datetime) -> bytes:
    """Return the certificate with the form that a person may see. Raises `NoSuchCredential`."""
    allowed = disclosure(ref, viewer=viewer)
    return certificate(ref, evidence=allowed.evidence, marks=allowed.marks, language=language, at=at)


def certificate(ref: str, *, evidence: bool = True, marks: bool = True, language: str, at: datetime) -> bytes:
    """Return the certificate: one A4 page as PDF/A-3 and PDF/UA-1 with the signed JSON attached. 11 queries.

    It holds no verdict, because paper cannot know one. Letters that no font of ours draws are left out of the
    drawing and the page says so.

    Raises:
        NoSuchCredential: there is none of that reference, or its form was not prepared.
    """
    row = row_of(ref)
    document = bytes(signed_document(row, evidence=evidence, marks=marks).document)
    shown = view_shared(ref, evidence=evidence, marks=marks, at=at)
    return typeset(
        shown,
        document,
        badge_svg=achievements.badge_svg(row.achievement_id),
        language=language,
        hue=people.organization_by_id(row.organization_id).hue,
    )
