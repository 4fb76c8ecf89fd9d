# SPDX-License-Identifier: Apache-2.0
"""Credentials in SVG files: one element under the root, JSON in its body or a JWS in its attribute."""

import re
from collections.abc import Mapping
from typing import Final, cast
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from lxml import etree

from laurel.errors import CorruptImage, TooLarge
from laurel.formats.baking.text import decoded, encoded, is_compact_jws, only, require_carriable

_SVG: Final = "http://www.w3.org/2000/svg"
_OPEN_BADGES: Final = "https://purl.imsglobal.org/ob/v3p0"
_OPEN_BADGES_2: Final = "http://openbadges.org"
_CREDENTIAL: Final = f"{{{_OPEN_BADGES}}}credential"
_LARGEST_FILE: Final = 2 * 1024 * 1024
_DEEPEST: Final = 200

# A picture that we hand out must not run anything wherever it is opened.
_ACTIVE_ELEMENTS: Final = {"script", "foreignobject", "iframe", "object", "embed", "handler", "listener"}
_ACTIVE_ADDRESS: Final = re.compile(r"[\s\x00-\x20]*(javascript|vbscript|data:text|data:application)", re.I)
# What XML 1.0 cannot hold although JSON can, and the end of a CDATA section; only ever inside a JSON string.
_NOT_FOR_CDATA: Final = re.compile("(?<=]])>|[\ufffe\uffff]")


def bake_svg(image: bytes, text: str) -> bytes:
    """Return the picture with the credential in it; one that it held before is replaced.

    JSON keeps its value; only "]]>" and two code points that XML does not have are written as JSON escapes.

    Args:
        image: a whole SVG file of at most 2 MiB without an internal document type and without scripts.
        text: a JSON object or a compact JWS.

    Raises:
        CorruptImage: the file is not a sound SVG, declares entities, or would run something.
        NotACredential: the text is neither.
        TooLarge: the file or the text is larger than allowed.
    Spec: OB 3.0 #svg
    """
    require_carriable(text)
    _read(image)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(image, parser)
    except etree.XMLSyntaxError as error:
        raise CorruptImage("The SVG file is not well-formed XML.") from error
    _require_passive(root)
    for old in root.findall(_CREDENTIAL):
        root.remove(old)
    return _with_credential(root, text)


def unbake_svg(data: bytes) -> str:
    """Return the text of the one credential in an SVG file.

    Raises:
        CorruptImage: the file is not a sound SVG, declares entities, or holds no credential or several.
        TooLarge: the file is larger than 2 MiB, or the credential than 256 KiB.
    Spec: OB 3.0 #svg
    """
    reading = _read(data)
    if not reading.texts and reading.has_open_badges_2:
        raise CorruptImage(
            "The SVG file holds a badge of Open Badges 2, which is read elsewhere.",
            code="unreadable.open-badges-2",
        )
    return only(reading.texts, "SVG")


class _Reading:
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


def _read(data: bytes) -> _Reading:
    if len(data) > _LARGEST_FILE:
        raise TooLarge(f"The SVG file is larger than {_LARGEST_FILE:,} bytes.")
    reading = _Reading()
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


def _require_passive(root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        if etree.QName(element).localname.lower() in _ACTIVE_ELEMENTS:
            raise CorruptImage(
                f"The SVG file has a <{etree.QName(element).localname}> and could run something."
            )
        for name, value in element.attrib.items():
            local = etree.QName(name).localname.lower()
            address = local in {"href", "to", "from", "values"}
            if local.startswith("on") or (address and _ACTIVE_ADDRESS.match(str(value))):
                raise CorruptImage(f"The SVG file has a {local} attribute that could run something.")


def _with_credential(root: etree._Element, text: str) -> bytes:
    # lxml cannot add a prefix to an element that exists, so the root is made anew around the same children.
    names = {**root.nsmap, "openbadges": _OPEN_BADGES}
    attributes = {str(name): str(value) for name, value in root.attrib.items()}
    # The types of lxml forget that the prefix of a default namespace is None.
    new = etree.Element(root.tag, attrib=attributes, nsmap=cast("dict[str, str]", names))
    credential = etree.SubElement(new, _CREDENTIAL)
    if is_compact_jws(text):
        credential.set("verify", text)
    else:
        credential.text = etree.CDATA(_NOT_FOR_CDATA.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
    credential.tail = root.text
    new.extend(list(root))
    return etree.tostring(new, encoding="UTF-8", xml_declaration=True)
