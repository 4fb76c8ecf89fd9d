# SPDX-License-Identifier: Apache-2.0
"""Which files are taken: told by what is in them, never by what they are called alone.

Nothing is unpacked here: a ZIP archive is known by its first and last bytes and handed out for download only.
"""

import json
import re
import unicodedata
from dataclasses import dataclass

from cairn.assessment.errors import FileRefused
from cairn.assessment.facts import Fault, ShownAs
from cairn.foundation.sentences import gettext_noop as _

LONGEST_NAME = 200

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
GIF = "image/gif"
WEBP = "image/webp"
MP4 = "video/mp4"
WEBM = "video/webm"
ZIP = "application/zip"
TEXT = "text/plain"
CSV = "text/csv"
MARKDOWN = "text/markdown"
JSON = "application/json"
NOTEBOOK = "application/x-ipynb+json"
PYTHON = "text/x-python"
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
PPTX = f"{_OFFICE}.presentationml.presentation"
_ODF = "application/vnd.oasis.opendocument"
ODT = f"{_ODF}.text"
ODS = f"{_ODF}.spreadsheet"
ODP = f"{_ODF}.presentation"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file we take: the endings it may have, what people call it, how it is shown."""

    media_type: str
    endings: tuple[str, ...]
    words: str
    shown_as: ShownAs
    genre: str


KINDS = {
    kind.media_type: kind
    for kind in (
        Kind(PDF, ("pdf",), _("a PDF"), ShownAs.PDF, "Document"),
        Kind(PNG, ("png",), _("a PNG picture"), ShownAs.IMAGE, "Picture"),
        Kind(JPEG, ("jpg", "jpeg", "jfif"), _("a JPEG picture"), ShownAs.IMAGE, "Picture"),
        Kind(GIF, ("gif",), _("a GIF picture"), ShownAs.IMAGE, "Picture"),
        Kind(WEBP, ("webp",), _("a WebP picture"), ShownAs.IMAGE, "Picture"),
        Kind(MP4, ("mp4", "m4v", "m4a", "mov"), _("an MP4 recording"), ShownAs.DOWNLOAD, "Recording"),
        Kind(WEBM, ("webm",), _("a WebM recording"), ShownAs.DOWNLOAD, "Recording"),
        Kind(ZIP, ("zip",), _("a ZIP archive"), ShownAs.DOWNLOAD, "Archive"),
        Kind(DOCX, ("docx",), _("a Word document"), ShownAs.DOWNLOAD, "Document"),
        Kind(XLSX, ("xlsx",), _("an Excel workbook"), ShownAs.DOWNLOAD, "Table"),
        Kind(PPTX, ("pptx",), _("a PowerPoint presentation"), ShownAs.DOWNLOAD, "Presentation"),
        Kind(ODT, ("odt",), _("an OpenDocument text"), ShownAs.DOWNLOAD, "Document"),
        Kind(ODS, ("ods",), _("an OpenDocument sheet"), ShownAs.DOWNLOAD, "Table"),
        Kind(ODP, ("odp",), _("an OpenDocument presentation"), ShownAs.DOWNLOAD, "Presentation"),
        Kind(TEXT, ("txt", "text", "log"), _("plain text"), ShownAs.TEXT, "Text"),
        Kind(CSV, ("csv", "tsv"), _("a CSV table"), ShownAs.TABLE, "Table"),
        Kind(MARKDOWN, ("md", "markdown"), _("Markdown text"), ShownAs.TEXT, "Text"),
        Kind(JSON, ("json", "geojson"), _("JSON"), ShownAs.TEXT, "Data"),
        Kind(NOTEBOOK, ("ipynb",), _("a Jupyter notebook"), ShownAs.NOTEBOOK, "Notebook"),
        Kind(PYTHON, ("py",), _("Python source"), ShownAs.TEXT, "Source code"),
    )
}
_BY_ENDING = {ending: kind for kind in KINDS.values() for ending in kind.endings}
#: Kinds that are all text and can be told apart by their name only.
_TEXTS = frozenset({TEXT, CSV, MARKDOWN, JSON, NOTEBOOK, PYTHON})
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})$")
#: What a browser's file chooser offers first.
ACCEPT = ",".join(f".{ending}" for ending in _BY_ENDING)
WHAT_WE_TAKE = _(
    "PDF, pictures (PNG, JPEG, GIF, WebP), text, CSV, Markdown, JSON, Jupyter notebooks, Python, "
    "MP4 and WebM, ZIP, Word, Excel, PowerPoint and OpenDocument"
)

# Cc without tab and line ends, as bytes: no text that people write holds them.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# Both joiners are letters' glue in Persian, Urdu and many Indian scripts; other format characters can
# turn the order of a name around so that "gpj.exe" reads "exe.jpg".
_KEPT_FORMAT = {"\u200c", "\u200d"}


def clean_name(given: str) -> str:
    """Return a file's name without path parts, control and direction characters; the script stays.

    At most `LONGEST_NAME` characters, the ending kept; "file" where nothing is left.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(
        letter
        for letter in name
        if letter in _KEPT_FORMAT
        or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    name = " ".join(name.split()).strip(". ") or "file"
    if len(name) <= LONGEST_NAME:
        return name
    ending = _ENDING.search(name)
    tail = ending.group(0) if ending else ""
    return name[: LONGEST_NAME - len(tail)].rstrip() + tail


def require_size(name: str, size: int, *, limit: int) -> None:
    """Take neither empty files nor files of more than `limit` bytes. Raises `FileRefused`."""
    if not size:
        raise FileRefused(
            Fault(
                code="assessment.file-empty",
                about=name,
                message="The file is empty. Choose the one with your work in it",
            )
        )
    if size <= limit:
        return
    told, most = as_size(size), as_size(limit)
    raise FileRefused(
        Fault(
            code="assessment.file-too-large",
            about=name,
            # A file one byte over must not read "is 5 MB. The most we can take is 5 MB".
            message="The file is %(size)s. The most we can take is %(most)s"
            if told != most
            else "The file is a little over %(most)s, the most we can take",
            values=(("size", told), ("most", most)),
        )
    )


def as_size(size: int) -> str:
    """Return a size in bytes the way people say it: `9 MB`, `214 KB`."""
    if size >= 1024 * 1024:
        return f"{size / (1024 * 1024):.1f}".removesuffix(".0") + " MB"
    return f"{max(1, round(size / 1024))} KB"


def sniff(name: str, content: bytes) -> str:
    """Return the media type of a file.

    Raises:
        FileRefused: we do not take files of this kind, or the content belies the name.
    """
    match = _ENDING.search(name)
    ending = match.group(1).lower() if match else ""
    called = _BY_ENDING.get(ending)
    if ending and called is None:
        raise FileRefused(
            Fault(
                code="assessment.file-kind",
                about=name,
                message="We can't take .%(ending)s files. We take %(kinds)s",
                values=(("ending", ending), ("kinds", WHAT_WE_TAKE)),
            )
        )
    found = _by_signature(content)
    if found is None and _is_text(content):
        return _text_kind(name, called, content)
    if found is None and called is not None:
        raise FileRefused(
            Fault(
                code="assessment.file-belies-name",
                about=name,
                message="The file is named like %(called)s, but does not hold one we can read. "
                "Open it to check, save it again, and add it",
                values=(("called", called.words),),
            )
        )
    if found is None:
        raise FileRefused(
            Fault(
                code="assessment.file-kind",
                about=name,
                message="We can't tell what is in the file. We take %(kinds)s",
                values=(("kinds", WHAT_WE_TAKE),),
            )
        )
    if called is None or called.media_type == found:
        return found
    if called.media_type == ZIP and KINDS[found].media_type in _zipped():
        return ZIP
    raise _belies(name, called, KINDS[found].words)


def _text_kind(name: str, called: Kind | None, content: bytes) -> str:
    if called is None:
        return TEXT
    if called.media_type not in _TEXTS:
        raise _belies(name, called, _("plain text"))
    if called.media_type in {JSON, NOTEBOOK}:
        try:
            # Depth is bounded by Python itself, which refuses with RecursionError.
            value = json.loads(content)
        except (ValueError, RecursionError):
            raise _belies(name, called, _("text that is not JSON")) from None
        if called.media_type == NOTEBOOK and not (
            isinstance(value, dict) and isinstance(value.get("cells", value.get("worksheets")), list)
        ):
            raise _belies(name, called, _("JSON without the cells of a notebook"))
    return called.media_type


def _belies(name: str, called: Kind, holds: str) -> FileRefused:
    return FileRefused(
        Fault(
            code="assessment.file-belies-name",
            about=name,
            message="The file is named like %(called)s, but holds %(holds)s. "
            "Give it the right ending, or choose another file",
            values=(("called", called.words), ("holds", holds)),
        )
    )


def _by_signature(content: bytes) -> str | None:
    """Return the media type that the first bytes speak of, `None` where they speak of none.

    Spec: MIME Sniffing §6 (matching a MIME type pattern)
    """
    for start, media_type in (
        (b"%PDF-", PDF),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"\xff\xd8\xff", JPEG),
        (b"GIF87a", GIF),
        (b"GIF89a", GIF),
    ):
        if content.startswith(start):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp":
        return MP4
    if content.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in content[:64]:
        return WEBM
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")) and b"PK\x05\x06" in content[-66_000:]:
        return _kind_of_zip(content)
    return None


def _kind_of_zip(content: bytes) -> str:
    """Tell an office document from any other archive by the names in it, unpacking nothing."""
    # An OpenDocument file begins with an unpacked entry named "mimetype" that holds its type.
    if content[30:38] == b"mimetype":
        said = content[38:120]
        for media_type in (ODT, ODS, ODP):
            if said.startswith(media_type.encode()):
                return media_type
    if b"[Content_Types].xml" in content:
        for folder, media_type in ((b"word/", DOCX), (b"xl/", XLSX), (b"ppt/", PPTX)):
            if folder in content:
                return media_type
    return ZIP


def _zipped() -> frozenset[str]:
    return frozenset({ZIP, DOCX, XLSX, PPTX, ODT, ODS, ODP})


def _is_text(content: bytes) -> bool:
    return not _BINARY.search(content)
