# SPDX-License-Identifier: Apache-2.0
"""Credentials in PDF files: the one attached file that is JSON or a signed token."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from laurel.errors import CorruptImage, TooLarge
from laurel.formats.baking.text import decoded, only

_LARGEST_FILE: Final = 16 * 1024 * 1024
_MOST_NODES: Final = 200
_ENDINGS: Final = (".json", ".jsonld", ".jwt", ".jws")

# pypdf is written for well-meant files: on damaged ones these come out of its depths besides its own errors.
_PARSER_FAULTS: Final = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)


def attach_pdf(pdf: bytes, filename: str, data: bytes) -> bytes:
    """Return the PDF with one more file attached.

    Args:
        pdf: a whole, unencrypted PDF of at most 16 MiB.
        filename: the name that readers show, such as "credential.json".
        data: the bytes of that file, kept as they are.

    Raises:
        CorruptImage: the PDF cannot be read.
        TooLarge: it is larger than allowed.
    """
    reader = _reader(pdf)
    written = BytesIO()
    try:
        writer = PdfWriter(clone_from=reader)
        writer.add_attachment(filename, data)
        writer.write(written)
    except _PARSER_FAULTS as error:
        raise CorruptImage("The PDF file cannot be read.") from error
    return written.getvalue()


def unbake_pdf(data: bytes) -> str:
    """Return the text of the one credential attached to a PDF file.

    A credential is an attached file whose name ends in .json, .jsonld, .jwt or .jws.

    Raises:
        CorruptImage: the file is broken or encrypted, or no such file is attached, or several are.
        TooLarge: the file is larger than 16 MiB, or the credential than 256 KiB.
    """
    reader = _reader(data)
    try:
        found = [
            _content(specification)
            for name, specification in _attached(reader)
            if any(_is_ours(each) for each in (name, specification.get("/UF"), specification.get("/F")))
        ]
    except _PARSER_FAULTS as error:
        raise CorruptImage("The PDF file cannot be read.") from error
    return only([decoded(content, "PDF") for content in found], "PDF")


def _reader(data: bytes) -> PdfReader:
    if len(data) > _LARGEST_FILE:
        raise TooLarge(f"The PDF file is larger than {_LARGEST_FILE:,} bytes.")
    try:
        reader = PdfReader(BytesIO(data))
        encrypted = reader.is_encrypted
    except _PARSER_FAULTS as error:
        raise CorruptImage("The PDF file cannot be read.") from error
    if encrypted:
        raise CorruptImage("The PDF file is encrypted. Save it without a password, then try again.")
    return reader


def _attached(reader: PdfReader) -> Iterator[tuple[Any, DictionaryObject]]:
    """Yield name and file specification of each attached file, through every level of the name tree.

    pypdf's own list stops at the first level, where another reader would find a second credential below.

    Spec: ISO 32000-2 §7.9.6 (name trees); ISO 32000-2 §7.11.4 (embedded files)
    """
    names = _dictionary(reader.root_object.get("/Names"))
    waiting = [_dictionary(names.get("/EmbeddedFiles"))]
    seen = 0
    while waiting:
        node = waiting.pop()
        pairs = _array(node.get("/Names"))
        waiting.extend(_dictionary(kid) for kid in _array(node.get("/Kids")))
        seen += 1 + len(pairs) // 2
        if seen + len(waiting) > _MOST_NODES:
            raise CorruptImage("The PDF file has more attached files than a certificate needs.")
        for name, specification in zip(pairs[::2], pairs[1::2], strict=False):
            yield name.get_object(), _dictionary(specification)


def _content(specification: DictionaryObject) -> bytes:
    embedded = _dictionary(specification.get("/EF"))
    stream = embedded.get("/UF") or embedded.get("/F")
    if stream is None:
        raise CorruptImage("A file attached to the PDF has no content.")
    content: bytes = stream.get_object().get_data()
    return content


def _is_ours(name: object) -> bool:
    return isinstance(name, str) and name.lower().endswith(_ENDINGS)


def _dictionary(value: Any) -> DictionaryObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(value: Any) -> list[Any]:
    found = value.get_object() if value is not None else None
    return list(found) if isinstance(found, list) else []
