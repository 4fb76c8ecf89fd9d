# SPDX-License-Identifier: Apache-2.0
"""Puts a credential into an SVG file that `laurel.formats.baking.svg` has read and found sound.

Spec: OB 3.0 #svg
"""

import re
from typing import Final, cast

from lxml import etree

from laurel.errors import CorruptImage
from laurel.formats.baking.text import is_compact_jws

_OPEN_BADGES: Final = "https://purl.imsglobal.org/ob/v3p0"
_CREDENTIAL: Final = f"{{{_OPEN_BADGES}}}credential"

# A picture that we hand out must not run anything wherever it is opened.
_ACTIVE_ELEMENTS: Final = {"script", "foreignobject", "iframe", "object", "embed", "handler", "listener"}
_ACTIVE_ADDRESS: Final = re.compile(r"[\s\x00-\x20]*(javascript|vbscript|data:text|data:application)", re.I)
# What XML 1.0 cannot hold although JSON can, and the end of a CDATA section; only ever inside a JSON string.
_NOT_FOR_CDATA: Final = re.compile("(?<=]])>|[\ufffe\uffff]")


def with_credential(image: bytes, text: str) -> bytes:
    """Return the picture with the credential in it; one that it held before is replaced.

    Args:
        image: an SVG file that expat has read without finding entities or a document type of its own.
        text: a JSON object or a compact JWS.

    Raises:
        CorruptImage: lxml finds the file broken, or it would run something.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(image, parser)
    except etree.XMLSyntaxError as error:
        raise CorruptImage("The SVG file is not well-formed XML.") from error
    _require_passive(root)
    for old in root.findall(_CREDENTIAL):
        root.remove(old)
    return _rebuilt(root, text)


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


def _rebuilt(root: etree._Element, text: str) -> bytes:
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
