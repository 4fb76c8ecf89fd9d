# SPDX-License-Identifier: Apache-2.0
"""Credentials in SVG files: one element under the root, JSON in its body or a JWS in its attribute.

The two halves stand in modules of their own, which are loaded by whoever first meets an SVG file: the readers
and writers of XML take a good part of the time that loading laurel takes.
"""

from laurel.errors import CorruptImage
from laurel.formats.baking.text import only, require_carriable


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
    from laurel.formats.baking.svg_reading import read
    from laurel.formats.baking.svg_writing import with_credential

    require_carriable(text)
    read(image)
    return with_credential(image, text)


def unbake_svg(data: bytes) -> str:
    """Return the text of the one credential in an SVG file.

    Raises:
        CorruptImage: the file is not a sound SVG, declares entities, or holds no credential or several.
        TooLarge: the file is larger than 2 MiB, or the credential than 256 KiB.
    Spec: OB 3.0 #svg
    """
    from laurel.formats.baking.svg_reading import read

    reading = read(data)
    if not reading.texts and reading.has_open_badges_2:
        raise CorruptImage(
            "The SVG file holds a badge of Open Badges 2, which is read elsewhere.",
            code="unreadable.open-badges-2",
        )
    return only(reading.texts, "SVG")
