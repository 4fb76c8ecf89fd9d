# SPDX-License-Identifier: Apache-2.0
"""What every carrier asks of the credential's text."""

import re
from typing import Final

from laurel.errors import CorruptImage, NotACredential, TooLarge

LIMIT: Final = 256 * 1024
"""The most bytes of a credential's text, packed or unpacked."""

LARGEST_PDF: Final = 16 * 1024 * 1024
"""The most bytes of a PDF file."""

_COMPACT_JWS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def is_compact_jws(text: str) -> bool:
    """Tell whether the text has the three parts of a compact JWS. Spec: RFC 7515 §3.1"""
    return _COMPACT_JWS.fullmatch(text) is not None


def require_carriable(text: str) -> None:
    """Refuse to put anything into a file but a JSON object or a compact JWS of bounded size.

    Raises:
        NotACredential: the text is neither.
        TooLarge: it is longer than 256 KiB.
    """
    if not is_compact_jws(text) and not text.lstrip(" \t\r\n").startswith("{"):
        raise NotACredential("Only a JSON object or a compact JWS can be put into a file.")
    if len(encoded(text)) > LIMIT:
        raise TooLarge(f"The credential is larger than {LIMIT:,} bytes.")


def encoded(text: str) -> bytes:
    """Return the text in UTF-8.

    Raises:
        NotACredential: it holds half of a surrogate pair.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotACredential("The text holds half of a character and cannot be written down.") from error


def decoded(data: bytes, carrier: str) -> str:
    """Return the text out of a carrier's bytes.

    Raises:
        CorruptImage: the bytes are not UTF-8.
        TooLarge: there are more than 256 KiB of them.
    """
    if len(data) > LIMIT:
        raise TooLarge(f"The credential in the {carrier} file is larger than {LIMIT:,} bytes.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise CorruptImage(f"The credential in the {carrier} file is not UTF-8 text.") from error


def only(found: list[str], carrier: str) -> str:
    """Return the one credential that was found.

    Raises:
        CorruptImage: there is none, or more than one.
    """
    if not found:
        raise CorruptImage(f"The {carrier} file holds no credential.", code="unreadable.no-credential")
    if len(found) > 1:
        raise CorruptImage(
            f"The {carrier} file holds {len(found)} credentials, so it cannot be told which one is meant.",
            code="unreadable.several-credentials",
        )
    return found[0]
