# SPDX-License-Identifier: Apache-2.0
"""Documents of one frame, worked out once: then only the texts that differ are filled in.

A template is learned from one document. Its holes get sentinels, the general path maps it, and where the
sentinels land is where the texts of other documents go: into the canonical statements, into the few hashes of
blank nodes that they touch, and so into the labels, which are the ranks of those hashes. Whatever could make
another document of the frame read otherwise than the learned one is a `Fallback`.

Content is never made into code: a template is lists of numbers of cells, which one fixed loop runs.

Spec: RDFC-1.0 §4.4.3, §4.6.3
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from laurel import fast, strictjson
from laurel.jsonld import holes, mapper
from laurel.jsonld.effort import DEFAULT, Effort
from laurel.jsonld.holes import Hole
from laurel.jsonld.losses import Path
from laurel.jsonld.rdf import literal
from laurel.jsonld.spelling import inner_texts, read_back, spelling
from laurel.jsonld.weave import SENTINEL, Weave, in_numbers, split
from laurel.strictjson import JsonValue
from laurel.tiers import Fallback

if TYPE_CHECKING:
    from laurel._native import Statements

MOST_HOLES: Final = 200

# What N-Quads forbids inside an IRI, and the backslash by which JSON would escape some of it.
_NOT_IN_IRI: Final = bytes(range(0x21)) + b'<>"{}|\\^`\x7f'


class Template:
    """A frame, compiled. `learn` makes it, and nothing changes it afterwards but its counters and notes.

    `is_normal` tells that all but the texts is in Unicode normal form C. `is_sure` tells that whatever
    the texts are no two blank nodes look alike and no two statements are one, so that `fill` need not look.
    `cost` is what the general path takes from a document's budget; `size` is a rough number of bytes of
    memory; `fills` counts how often it was filled, `used` when last, by its keeper's own count. `notes` is
    for whoever works with the frame's texts.
    """

    def __init__(
        self, found: Sequence[Hole], marked: Mapping[str, JsonValue], schemes: frozenset[str]
    ) -> None:
        """Compile a document whose holes hold their sentinels. Raises: as `learn`."""
        self.holes = tuple(found)
        self.fills = self.used = 0
        self.notes: Any = None
        effort = Effort()
        quads = mapper.to_quads(marked, effort=effort)
        self.cost = DEFAULT - effort.left
        weave = Weave(self.holes, quads)
        self._spellings = tuple(spelling(split(text), len(self.holes)) for text in _spelled(marked))
        self._compact = self._spellings[0]
        self._canonical = spelling(split(_jcs(marked)), len(self.holes))
        self._static, self._dynamic = weave.nodes()
        self._named, self._filled, self._blank = weave.blocks()
        self._leaves = weave.leaves()
        self.is_sure = weave.is_sure()
        self._order = sorted(range(len(weave.blanks)), key=lambda rank: f"{rank} ")
        self._labels = [b"_:c14n%d" % rank for rank in range(len(weave.blanks))]
        self._first_label = len(self.holes)
        self._constants = tuple(weave.constants)
        self._statements = self._in_c()
        self._known = frozenset(weave.known)
        self._schemes = frozenset(name.encode() for name in schemes)
        self._ids = [number for number, hole in enumerate(self.holes) if hole.kind == "id"]
        self._iris = [number for number, hole in enumerate(self.holes) if hole.kind != "text"]
        self.is_normal = unicodedata.is_normalized("NFC", strictjson.dumps(dict(marked)).decode())
        self._steps, self._ends = _way([hole.paths[0] for hole in self.holes])
        self.size = 4_000 + 300 * len(quads) + 2 * sum(map(len, self._constants))

    def _in_c(self) -> "Statements | None":
        """Return what fills in the statements in C, where that was built."""
        if fast.native is None:
            return None
        made: Statements = fast.native.Statements(
            texts=len(self.holes),
            blanks=len(self._labels),
            constants=self._constants,
            statics=tuple(self._static),
            dynamics=tuple((node, in_numbers(part)) for node, part in self._dynamic),
            subjects=tuple(
                (key, tuple(map(in_numbers, block))) for key, block in (*self._named, *self._filled)
            ),
            blocks=tuple(tuple(map(in_numbers, block)) for block in self._blank),
            order=tuple(self._order),
            sha256=hashlib.sha256,
        )
        return made

    def texts(self, document: Mapping[str, JsonValue], written: bytes) -> list[bytes] | None:
        """Return the texts of a document as JSON writes them, without quotes; None if it has another frame.

        `written` is the document as `strictjson.dumps` writes it. The template filled with the texts gives
        those same bytes, and that is the proof that nothing else differs.
        """
        nodes: list[Any] = [document]
        try:
            for parent, key in self._steps:
                nodes.append(nodes[parent][key])
            values = [nodes[parent][key] for parent, key in self._ends]
        except (KeyError, IndexError, TypeError):
            return None
        texts = inner_texts(values)
        return texts if texts is not None and self.json(texts) == written else None

    def texts_in(self, written: bytes) -> list[bytes] | None:
        """Return the texts of a document out of its JSON, as `texts` does; None if the frame may be another.

        The JSON is compact or spaced as Python does it, in UTF-8 or in ASCII. All but the texts is compared
        byte for byte, and the texts are single strings of JSON: so there is one reading only.
        """
        for each in self._spellings:
            found = each.split(written)
            if found is not None:
                texts, is_ours = found
                return texts if is_ours else read_back(texts)
        return None

    def json(self, texts: list[bytes]) -> bytes:
        """Return the document with these texts, as `strictjson.dumps` writes it."""
        return self._compact.join(texts)

    def canonical_json(self, texts: list[bytes]) -> bytes:
        """Return the document with these texts as canonical JSON. Spec: EdDSA Cryptosuites 1.0 §3.3.3"""
        return self._canonical.join(texts)

    def require_fit(self, texts: Sequence[bytes]) -> None:
        """Make sure that a document with these texts loses nothing on its way to RDF.

        Raises:
            Fallback: that is not sure. An identifier may be a shortened one, or none; two that differed in
                the learned document may be equal here, so that their descriptions would run together.
        """
        iris = [texts[number] for number in self._iris]
        for iri in iris:
            scheme, _, rest = iri.partition(b":")
            if scheme not in self._schemes or not rest:
                raise Fallback("an identifier of another kind")
        every = b"".join(iris)
        if len(every.translate(None, _NOT_IN_IRI)) != len(every):
            raise Fallback("an identifier of another kind")
        ids = {texts[number] for number in self._ids}
        if len(ids) != len(self._ids) or not self._known.isdisjoint(ids):
            raise Fallback("an identifier that stands elsewhere too")

    def fill(self, texts: list[bytes]) -> bytes:
        """Return the canonical N-Quads of the document with these texts, for which `require_fit` passed.

        Raises:
            Fallback: two blank nodes look alike, or two statements of one object have become the same.
        """
        if self._statements is not None and (filled := self._statements.fill(texts)) is not None:
            return filled
        every = b"".join(texts)
        if b"\\u" in every or b"\x7f" in every:
            texts = [_canonical(text) for text in texts]
        cells = [*texts, *self._labels, *self._constants]
        pairs = self._static[:]
        for node, part in self._dynamic:
            text = b"".join(part.run(cells) if part.run is not None else part.written(cells))
            pairs.append((hashlib.sha256(text).digest(), node))
        pairs.sort()
        last = b""
        for label, (digest, node) in zip(self._labels, pairs, strict=True):
            if digest == last:
                raise Fallback("blank nodes that look alike")
            last = digest
            cells[self._first_label + node] = label
        # No two have the same subject, so that no two blocks are ever compared.
        named = self._named[:]
        for number, block in self._filled:
            named.append((cells[number] + b">", block))
        named.sort()
        out: list[bytes] = []
        for _, block in named:
            for part in block:
                run = part.run
                out += run(cells) if run is not None else part.written(cells)
        for rank in self._order:
            node = pairs[rank][1]
            leaf = self._leaves[node]
            if leaf:
                out.append(self._labels[rank].join(leaf))
                continue
            for part in self._blank[node]:
                run = part.run
                out += run(cells) if run is not None else part.written(cells)
        return b"".join(out)


def learn(document: Mapping[str, JsonValue], found: Sequence[Hole] | None = None) -> Template:
    """Return the template of a document that the general path takes.

    Args:
        document: a document without its proof.
        found: the holes; those that `holes.find` finds unless they are given.

    Raises:
        Fallback: no template can be made of it.
        DataLoss, TooMuchWork: the general path does not take it.
    """
    if SENTINEL.search(strictjson.dumps(dict(document))):
        raise Fallback("a document that looks like a template")
    chosen = holes.find(document) if found is None else tuple(found)
    if not chosen or len(chosen) > MOST_HOLES:
        raise Fallback("no holes, or too many")
    marked = holes.with_texts(
        document, {path: _sentinel(hole, number) for number, hole in enumerate(chosen) for path in hole.paths}
    )
    made = Template(chosen, marked, holes.vocabulary(document).schemes)
    made.fill([_sentinel(hole, number).encode() for number, hole in enumerate(chosen)])
    return made


def _sentinel(hole: Hole, number: int) -> str:
    return f"HOLE{number:04}Z" if hole.kind == "text" else f"urn:hole:{number:04}Z"


def _spelled(document: Mapping[str, JsonValue]) -> Iterable[bytes]:
    """Return a document as programs mostly write JSON, each spelling once; first the one of ours."""
    found = {strictjson.dumps(dict(document)): None}
    for separators in (None, (",", ":")):
        for is_ascii in (True, False):
            text = json.dumps(document, separators=separators, ensure_ascii=is_ascii)
            found[text.encode()] = None
    return found


def _jcs(document: Mapping[str, JsonValue]) -> bytes:
    try:
        return rfc8785.dumps(dict(document))
    except rfc8785.CanonicalizationError:
        raise Fallback("no canonical JSON") from None


def _canonical(text: bytes) -> bytes:
    """Return a text as canonical N-Quads escape it, out of JSON, which escapes some otherwise."""
    return literal(json.loads(b'"' + text + b'"'))[1:-1].encode()


def _way(paths: Sequence[Path]) -> tuple[list[tuple[int, str | int]], list[tuple[int, str | int]]]:
    """Return how to reach the texts at these paths: steps from node to node, then the place in each node."""
    numbers: dict[Path, int] = {(): 0}
    steps: list[tuple[int, str | int]] = []
    for path in paths:
        for depth in range(1, len(path)):
            if path[:depth] not in numbers:
                steps.append((numbers[path[: depth - 1]], path[depth - 1]))
                numbers[path[:depth]] = len(steps)
    return steps, [(numbers[path[:-1]], path[-1]) for path in paths]
