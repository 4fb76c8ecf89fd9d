# SPDX-License-Identifier: Apache-2.0
"""JSON Pointers: how a place in the claims is named."""

import re
from typing import Final

from laurel.proof.sd_jwt.disclosures import CannotDisclose

_WRONG_ESCAPE: Final = re.compile(r"~(?![01])")


def below(pointer: str, token: str | int) -> str:
    """Return the pointer to a member or an element. Spec: RFC 6901 §3"""
    return f"{pointer}/{str(token).replace('~', '~0').replace('/', '~1')}"


def tokens(pointer: str) -> list[str]:
    """Return the names and indexes on the way to a place.

    Raises:
        CannotDisclose: `disclosure.pointer` when the text is no JSON Pointer.

    Spec: RFC 6901 §3 and §4
    """
    if (pointer and not pointer.startswith("/")) or _WRONG_ESCAPE.search(pointer):
        message = f"{pointer[:80]} is not a JSON Pointer, such as /credentialSubject/name."
        raise CannotDisclose(message, pointer=pointer[:80], code="disclosure.pointer")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def lies_under(pointer: str, ancestor: str) -> bool:
    """Tell whether a place is another, or lies in it."""
    return pointer == ancestor or pointer.startswith(ancestor + "/")
