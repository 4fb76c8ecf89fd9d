# SPDX-License-Identifier: Apache-2.0
"""Credentials in and out of the pictures and papers that carry them: PNG, SVG and PDF.

Nothing here draws or decodes a picture. Files come from strangers: every size is bounded, and whatever is
wrong with a file ends in `CorruptImage` or `TooLarge`. A file with two credentials is refused, because two
readers could show different ones.

Spec: OB 3.0 #baking
"""

import re
from typing import Final, Literal

from laurel.errors import Unreadable
from laurel.formats.baking.pdf import attach_pdf, unbake_pdf
from laurel.formats.baking.png import bake_png, unbake_old_png, unbake_png
from laurel.formats.baking.svg import bake_svg, unbake_svg

__all__ = [
    "Format",
    "attach_pdf",
    "bake_png",
    "bake_svg",
    "detect",
    "unbake",
    "unbake_old_png",
    "unbake_pdf",
    "unbake_png",
    "unbake_svg",
]

Format = Literal["json", "jwt", "png", "svg", "pdf"]

_JWS: Final = rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*"
# An SD-JWT is a JWS, a tilde, disclosures with a tilde after each, and at times a JWS of the holder.
_COMPACT_JWS: Final = re.compile(_JWS + rb"(?:~(?:[A-Za-z0-9_-]*~)*(?:" + _JWS + rb")?)?\Z")
# A COSE message with one signature, as bytes and in base64.
_COSE: Final = (b"\xd2\x84", b"0oR")
_UNBAKE: Final = {"png": unbake_png, "svg": unbake_svg, "pdf": unbake_pdf}


def detect(data: bytes) -> Format:
    """Tell by its first bytes what a file is; that it is whole and well formed is for the reader to find.

    Raises:
        Unreadable: it is none of these.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"%PDF-"):
        return "pdf"
    start = data.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n")
    if start.startswith((b"{", b"[")):
        return "json"
    if start.startswith(b"<") and b"<svg" in start:
        return "svg"
    if _COMPACT_JWS.match(start):
        return "jwt"
    if start.startswith(_COSE):
        message = "This is signed with COSE, which we do not read. Ask for it as JSON or as a JWT."
        raise Unreadable(message, code="unreadable.cose")
    raise Unreadable(
        "The file is not a credential: it is neither JSON nor a signed token, and no PNG, SVG or PDF file.",
        code="unreadable.unknown-format",
    )


def unbake(data: bytes) -> str:
    """Return the JSON or JWS text that a PNG, SVG or PDF file carries, as it was put in.

    Raises:
        CorruptImage: the file is broken, or holds no credential or more than one.
        TooLarge: the file or its credential is larger than we read.
        Unreadable: the file is of another kind.
    """
    found = detect(data)
    if found not in _UNBAKE:
        raise Unreadable("The file is not a PNG, SVG or PDF file.", code="unreadable.unknown-format")
    return _UNBAKE[found](data)
