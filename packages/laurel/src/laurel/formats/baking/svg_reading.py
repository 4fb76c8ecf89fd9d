# SPDX-License-Identifier: Apache-2.0
"""Reads an SVG file with expat, without entities, as far as credentials are concerned.

Spec: OB 3.0 #svg
"""

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from laurel.errors import CorruptImage, TooLarge
from laurel.formats.baking.text import decoded, encoded

_SVG: Final = "http://www.w3.org/2000/svg"
_OPEN_BADGES: Final = "https://purl.imsglobal.org/ob/v3p0"
_OPEN_BADGES_2: Final = "http://openbadges.org"
_CREDENTIAL: Final = f"{{{_OPEN_BADGES}}}credential"
_LARGEST_FILE: Final = 2 * 1024 * 1024
_DEEPEST: Final = 200


class Reading:
    """What expat tells of the file, kept only as far as it concerns credentials: no tree is ever built."""

    def __init__(self) -> None:
        self.root: str | None = None
        self.texts: list[str] = []
        self.has_open_badges_2 = False
        self._depth = 0
        self._attribute: str | None = None
        self._body: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Hear that an element begins."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CorruptImage("The SVG file nests deeper than any badge needs.")
        if self._attribute is not None:
            raise CorruptImage("The credential of the SVG file has elements inside.")
        self.root = self.root or tag
        self.has_open_badges_2 |= tag == f"{{{_OPEN_BADGES_2}}}assertion"
        if tag == _CREDENTIAL:
            # Readers differ on an element deeper in the tree; ours takes it only where the standard puts it.
            if self._depth != 2:
                raise CorruptImage("The credential of the SVG file is not straight under its root.")
            self._attribute, self._body = attributes.get("verify", ""), []

    def data(self, text: str) -> None:
        """Hear text."""
        if self._attribute is not None:
            self._body.append(text)

    def end(self, _tag: str) -> None:
        """Hear that an element ends."""
        self._depth -= 1
        if self._attribute is not None:
            body = "".join(self._body).strip()
            if self._attribute and body:
                raise CorruptImage("The credential of the SVG file says two things at once.")
            self.texts.append(decoded(encoded(self._attribute or body), "SVG"))
            self._attribute = None

    def close(self) -> None:
        """Hear that the file ends."""


class _Parser(DefusedXMLParser):
    """expat without entities, without anything outside the file, and without an internal document type.

    Drawing programs write a bare document type that names SVG 1.1; only one with a body of its own could give
    an element attributes that nobody wrote.
    """

    def defused_start_doctype_decl(
        self, name: str, sysid: str | None, pubid: str | None, has_internal_subset: bool
    ) -> None:
        """Refuse a document type that has a body."""
        if has_internal_subset:
            super().defused_start_doctype_decl(name, sysid, pubid, has_internal_subset)


def read(data: bytes) -> Reading:
    """Return what an SVG file says about credentials.

    Raises:
        CorruptImage: it is not a sound SVG, or declares entities or a document type of its own.
        TooLarge: it is larger than 2 MiB.
    """
    if len(data) > _LARGEST_FILE:
        raise TooLarge(f"The SVG file is larger than {_LARGEST_FILE:,} bytes.")
    reading = Reading()
    try:
        parser = _Parser(target=reading, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise CorruptImage("The SVG file declares entities or types of its own.") from error
    # expat answers an encoding that it does not know with LookupError or ValueError.
    except (ParseError, LookupError, ValueError) as error:
        raise CorruptImage("The SVG file is not well-formed XML.") from error
    if reading.root != f"{{{_SVG}}}svg":
        raise CorruptImage("The file is XML, but not an SVG picture.")
    return reading
