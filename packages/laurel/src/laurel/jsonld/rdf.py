# SPDX-License-Identifier: Apache-2.0
"""RDF statements as text: every term already in its canonical N-Quads spelling.

Spec: RDFC-1.0 §A (canonical N-Quads); JSON-LD 1.1 API §8.6 (data round-tripping).
"""

import re
from typing import Final, NamedTuple

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE: Final = f"<{RDF}type>"
RDF_FIRST: Final = f"<{RDF}first>"
RDF_REST: Final = f"<{RDF}rest>"
RDF_NIL: Final = f"<{RDF}nil>"

# Scheme, colon, and at least one character; what N-Quads forbids inside <> is forbidden here.
_ABSOLUTE_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
_TO_ESCAPE: Final = re.compile(r'[\x00-\x1f"\\\x7f]')
_ESCAPES: Final = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}


#: Tells whether a text holds a character that a literal escapes.
needs_escape: Final = _TO_ESCAPE.search


class Quad(NamedTuple):
    """One statement of `<iri>`, `_:label` and `"literal"…`; the default graph is an empty text."""

    subject: str
    predicate: str
    object: str
    graph: str = ""

    def line(self) -> str:
        """Return the statement as one line of N-Quads."""
        if self.graph:
            return f"{self.subject} {self.predicate} {self.object} {self.graph} .\n"
        return f"{self.subject} {self.predicate} {self.object} .\n"


def is_absolute_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI that N-Quads can carry."""
    return _ABSOLUTE_IRI.fullmatch(text) is not None


def literal(text: str, datatype: str = "", language: str = "") -> str:
    """Return a literal; without datatype and language it is a plain string."""
    if needs_escape(text):
        text = escape(text)
    if language:
        return f'"{text}"@{language}'
    if datatype and datatype != f"{XSD}string":
        return f'"{text}"^^<{datatype}>'
    return f'"{text}"'


def escape(text: str) -> str:
    """Return the characters of a literal as canonical N-Quads write them."""
    return _TO_ESCAPE.sub(_escaped, text)


def canonical_double(number: float) -> str:
    """Return a number as xsd:double is written: `5.0E-1`, at most 16 digits."""
    mantissa, exponent = f"{number:.15E}".split("E")
    digits = mantissa.rstrip("0")
    return f"{digits}0E{int(exponent)}" if digits.endswith(".") else f"{digits}E{int(exponent)}"


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"
