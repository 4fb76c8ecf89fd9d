# SPDX-License-Identifier: Apache-2.0
"""Takes a badge image that somebody uploads, and gives back a PNG that is only an image.

Whatever comes in is drawn anew: nothing of the original bytes is stored or served, so nothing hidden in
them can travel on.
"""

import re
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml import ElementTree
from django.utils.translation import gettext_noop
from PIL import Image, ImageOps, UnidentifiedImageError

from cairn.achievements import rasterise
from cairn.achievements.errors import NotAnImage, UnsafeImage
from cairn.foundation.errors import FileEmpty, FileTooLarge
from cairn.foundation.files import as_size

#: The most an upload may weigh, in bytes, and a drawing among them.
MOST_BYTES = 5 * 1024 * 1024
MOST_SVG = 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_ELEMENTS = 5_000
MOST_DRAWN = 20_000
LEAST_SIDE = 64
TOO_MANY_PIXELS = gettext_noop(
    "The image has more than 40 million pixels. Save it smaller and choose it again."
)
#: The side of the stored square, in pixels.
SIDE = 1024

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")
_ENDINGS = {"png": {"png"}, "jpg": {"jpeg"}, "jpeg": {"jpeg"}, "svg": {"svg"}}
_OUTSIDE = re.compile(r"@import|url\(\s*['\"]?\s*(?!['\"]?\s*#)", re.IGNORECASE)
_INLINE_IMAGE = re.compile(r"data:image/(png|jpeg);base64,", re.IGNORECASE)
_REFUSED = {"script", "foreignObject", "audio", "video", "iframe", "feImage"}
_WORDS = {"text", "tspan", "textPath", "tref"}


def as_badge_png(upload: bytes, *, name: str) -> bytes:
    """Return an uploaded PNG, JPEG or SVG as a square PNG of 1024 pixels on a clear ground.

    Args:
        name: the file's name; its ending must tell the truth.

    Raises:
        FileEmpty, FileTooLarge: there is nothing, or more than 5 MB.
        NotAnImage: it is of another kind, is not what its name says, is broken, or under 64 pixels.
        UnsafeImage: a drawing with scripts, outside parts, entities, or too much in it.
    """
    if not upload:
        raise FileEmpty("The file is empty. Choose the image again.")
    require_size(len(upload))
    kind = _kind(upload)
    ending = name.rpartition(".")[2].lower()
    if kind is None or ending not in _ENDINGS:
        raise NotAnImage("This is not an image we can take. Choose a PNG, JPEG or SVG file.")
    if kind not in _ENDINGS[ending]:
        raise NotAnImage(
            "The name ends in .%(ending)s, but the file is a %(kind)s. Rename it or choose another.",
            ending=ending,
            kind=kind.upper(),
        )
    if kind == "svg":
        upload = _draw_foreign(upload)
    return _square(upload, "PNG" if kind in {"svg", "png"} else "JPEG", SIDE)


def require_size(size: int) -> None:
    """Refuse an upload by its size in bytes, before it is read. Raises `FileTooLarge`."""
    if size > MOST_BYTES:
        raise FileTooLarge(
            "The file is %(size)s. The most we can take is %(most)s.",
            size=as_size(size),
            most=as_size(MOST_BYTES),
        )


def fit(png: bytes, size: int) -> bytes:
    """Return a stored badge PNG at another size, in pixels a side."""
    return _square(png, "PNG", size)


def _kind(upload: bytes) -> str | None:
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if upload.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    start = upload[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "svg" if start.startswith(b"<") and b"<svg" in upload[: 64 * 1024] else None


def _square(image: bytes, kind: str, side: int) -> bytes:
    try:
        with Image.open(BytesIO(image), formats=[kind]) as opened:
            # Before a pixel is unpacked: a small file can promise a billion of them.
            if opened.width * opened.height > MOST_PIXELS:
                raise UnsafeImage(TOO_MANY_PIXELS)
            if min(opened.size) < LEAST_SIDE:
                raise NotAnImage(
                    "The image is under %(least)s pixels a side. Choose a larger one.", least=LEAST_SIDE
                )
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as cause:
        raise UnsafeImage(TOO_MANY_PIXELS) from cause
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as cause:
        raise NotAnImage("The image is broken: it cannot be read to its end. Save it again.") from cause
    upright = ImageOps.contain(upright, (side, side), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    ground.paste(upright, ((side - upright.width) // 2, (side - upright.height) // 2))
    out = BytesIO()
    ground.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_foreign(svg: bytes) -> bytes:
    if len(svg) > MOST_SVG:
        raise FileTooLarge(
            "The drawing is %(size)s. The most we can take is %(most)s.",
            size=as_size(len(svg)),
            most=as_size(MOST_SVG),
        )
    try:
        root = ElementTree.fromstring(svg, forbid_dtd=True)
    except defusedxml.DefusedXmlException as cause:
        raise UnsafeImage(
            "The drawing declares a document type or entities. Save it as plain SVG and choose it again."
        ) from cause
    except (ParseError, ValueError, LookupError) as cause:
        raise NotAnImage("The drawing is broken: it is not well-formed SVG. Save it again.") from cause
    _check_drawing(root)
    try:
        return rasterise.foreign(svg, SIDE)
    except rasterise.NotDrawn as cause:
        raise UnsafeImage("The drawing is too much work to draw. Simplify it, or upload a PNG.") from cause


def _check_drawing(root: Element) -> None:
    """Refuse whatever reaches out of the file, needs fonts, or swells when drawn."""
    if root.tag != f"{_SVG}svg":
        raise NotAnImage("This is not an SVG drawing. Choose a PNG, JPEG or SVG file.")
    elements = list(root.iter())
    if len(elements) > MOST_ELEMENTS:
        raise UnsafeImage(
            "The drawing has more than %(most)s parts. Simplify it, or upload a PNG.",
            most=f"{MOST_ELEMENTS:,}",
        )
    for element in elements:
        tag = str(element.tag).removeprefix(_SVG)
        if tag in _REFUSED or any(name.lower().startswith("on") for name in element.attrib):
            raise UnsafeImage("The drawing holds a script or another document. Save it as plain SVG.")
        if tag in _WORDS:
            raise UnsafeImage(
                "The drawing holds text, which needs a font. Turn the text into outlines first."
            )
        if _reaches_out(tag, element):
            raise UnsafeImage("The drawing loads something from elsewhere. Save it with everything inside.")
    if _drawn(root, {element.get("id", ""): element for element in elements}) > MOST_DRAWN:
        raise UnsafeImage("The drawing repeats itself too often. Simplify it, or upload a PNG.")


def _reaches_out(tag: str, element: Element) -> bool:
    for name in _HREF:
        target = element.get(name, "#").strip()
        inline = tag == "image" and _INLINE_IMAGE.match(target)
        if not target.startswith("#") and not inline and tag != "a":
            return True
    words = [value for name, value in element.attrib.items() if name not in _HREF]
    if tag == "style":
        words.append(element.text or "")
    return any(_OUTSIDE.search(word) for word in words)


def _drawn(root: Element, named: dict[str, Element]) -> int:
    """Count what is drawn when every `use` is followed; a chain of them doubles with each link."""
    counted: dict[int, int] = {}
    following: set[int] = set()

    def count(element: Element) -> int:
        mark = id(element)
        if mark in counted:
            return counted[mark]
        if mark in following:
            return MOST_DRAWN + 1
        following.add(mark)
        total = 1
        targets = [named[link] for link in _links(element) if link in named]
        for child in (*element, *targets):
            total += count(child)
            if total > MOST_DRAWN:
                break
        following.discard(mark)
        counted[mark] = total
        return total

    try:
        return count(root)
    except RecursionError:
        return MOST_DRAWN + 1


def _links(element: Element) -> list[str]:
    """Return the ids an element draws again: of `use`, and of patterns, masks, markers and clips."""
    found = [element.get(name, "")[1:] for name in _HREF if element.get(name, "").startswith("#")]
    for value in element.attrib.values():
        found += re.findall(r"url\(\s*['\"]?#([^'\")\s]+)", value)
    return found
