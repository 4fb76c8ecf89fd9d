# SPDX-License-Identifier: Apache-2.0
"""Takes the one credential out of a PDF file; `laurel.formats.baking.pdf` runs this in a process of its own.

pypdf reads what a PDF file says, and a PDF file can say: unpack this a hundred times over, row by row. Its
limits are for each part of a file. So the whole is also limited from outside, by the operating system.
"""

import json
import logging
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import DictionaryObject

from laurel.errors import CorruptImage, LaurelError, TooLarge
from laurel.formats.baking.text import LARGEST_PDF, decoded, only

LONGEST_SECONDS: Final = 2
LARGEST_MEMORY: Final = 320 * 1024 * 1024
"""Bytes of address space, of which the interpreter takes a part before it reads anything."""

_MOST_NODES: Final = 200
_ENDINGS: Final = (".json", ".jsonld", ".jwt", ".jws")

# pypdf is written for well-meant files: on damaged ones these come out of its depths besides its own errors.
PARSER_FAULTS: Final = (
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


def attached_credential(data: bytes) -> str:
    """Return the text of the one credential attached to a PDF file.

    This bounds what it finds, and not what looking for it costs: use `unbake_pdf` on files of strangers.

    Raises:
        CorruptImage: the file is broken or encrypted, or no such file is attached, or several are.
        TooLarge: the file is larger than 16 MiB, or the credential than 256 KiB.
    """
    reader = reader_of(data)
    try:
        found = [
            _content(specification)
            for name, specification in _attached(reader)
            if any(_is_ours(each) for each in (name, specification.get("/UF"), specification.get("/F")))
        ]
    except LimitReachedError as error:
        raise TooLarge("The PDF file unpacks to more than any certificate holds.") from error
    except PARSER_FAULTS as error:
        raise CorruptImage("The PDF file cannot be read.") from error
    return only([decoded(content, "PDF") for content in found], "PDF")


def reader_of(data: bytes) -> PdfReader:
    """Return pypdf's reader of an unencrypted file. Raises: CorruptImage, TooLarge."""
    if len(data) > LARGEST_PDF:
        raise TooLarge(f"The PDF file is larger than {LARGEST_PDF:,} bytes.")
    try:
        reader = PdfReader(BytesIO(data))
        encrypted = reader.is_encrypted
    except PARSER_FAULTS as error:
        raise CorruptImage("The PDF file cannot be read.") from error
    if encrypted:
        raise CorruptImage("The PDF file is encrypted. Save it without a password, then try again.")
    return reader


def main() -> None:
    """Read a PDF file from standard input, and write {"text": …} or {"code": …, "message": …}."""
    _limit_ourselves()
    logging.disable()
    try:
        answer = {"text": attached_credential(sys.stdin.buffer.read(LARGEST_PDF + 1))}
    except LaurelError as error:
        answer = {"kind": type(error).__name__, "code": error.code, "message": str(error)}
    sys.stdout.write(json.dumps(answer))


def _limit_ourselves() -> None:
    """Ask the operating system to stop us; where it cannot (Windows), the clock of our caller has to do."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_SECONDS, LONGEST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the limit is not kept, or counts what the system itself maps
        resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))


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
