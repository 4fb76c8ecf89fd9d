# SPDX-License-Identifier: Apache-2.0
"""Credentials in PDF files: the one attached file that is JSON or a signed token."""

import json
import os
import sys
from io import BytesIO
from typing import Final

from laurel.errors import CorruptImage, TooLarge, Unreadable
from laurel.formats.baking.text import LARGEST_PDF

# By the clock on the wall, where two seconds of computing take longer on a busy machine.
_MOST_SECONDS: Final = 10.0
_READER: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from laurel.formats.baking.pdf_reading import main; main()"
)
# What an interpreter may need to start. Nothing else of ours is for a process that reads a stranger's file.
_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_KINDS: Final = {kind.__name__: kind for kind in (CorruptImage, TooLarge)}


def attach_pdf(pdf: bytes, filename: str, data: bytes) -> bytes:
    """Return the PDF with one more file attached.

    Args:
        pdf: a whole, unencrypted PDF of at most 16 MiB.
        filename: the name that readers show, such as "credential.json".
        data: the bytes of that file, kept as they are.

    Raises:
        CorruptImage: the PDF cannot be read.
        TooLarge: it is larger than allowed.

    Spec: ISO 32000-2 §7.11.4 (embedded files)
    """
    # pypdf takes longer to load than all of laurel, and few callers ever meet a PDF file.
    from pypdf import PdfWriter

    from laurel.formats.baking.pdf_reading import PARSER_FAULTS, reader_of

    reader = reader_of(pdf)
    written = BytesIO()
    try:
        writer = PdfWriter(clone_from=reader)
        writer.add_attachment(filename, data)
        writer.write(written)
    except PARSER_FAULTS as error:
        raise CorruptImage("The PDF file cannot be read.") from error
    return written.getvalue()


def unbake_pdf(data: bytes) -> str:
    """Return the text of the one credential attached to a PDF file.

    A credential is an attached file whose name ends in .json, .jsonld, .jwt or .jws. The file is read in a
    process of its own, which may compute for two seconds and, on Linux, take 320 MiB.

    Raises:
        CorruptImage: the file is broken or encrypted, or no such file is attached, or several are.
        TooLarge: the file is larger than 16 MiB, or the credential than 256 KiB, or reading takes too much.
        Unreadable: no process could be started here (`unreadable.no-reader`).
    """
    if len(data) > LARGEST_PDF:
        raise TooLarge(f"The PDF file is larger than {LARGEST_PDF:,} bytes.")
    answer = _read_apart(data)
    if "text" in answer:
        return answer["text"]
    raise _KINDS[answer["kind"]](answer["message"], code=answer["code"])


def _read_apart(data: bytes) -> dict[str, str]:
    """Return what `pdf_reading` answers in a process of its own. Raises: TooLarge, Unreadable."""
    import subprocess  # loaded when it is needed, which is hardly ever

    command = [sys.executable, "-I", "-c", _READER, json.dumps(sys.path)]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and our own words; the file goes to its stdin
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooLarge("The PDF file takes too long to read.") from error
    except OSError as error:
        message = "PDF files cannot be read here: no process could be started."
        raise Unreadable(message, code="unreadable.no-reader") from error
    if done.returncode != 0:  # stopped by the operating system, or out of memory
        raise TooLarge("The PDF file takes more time or memory to read than any certificate needs.")
    answer: dict[str, str] = json.loads(done.stdout)
    return answer
