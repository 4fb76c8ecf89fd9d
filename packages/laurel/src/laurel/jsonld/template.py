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
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias

import rfc8785

from laurel import strictjson
from laurel.jsonld import holes, mapper
from laurel.jsonld.effort import DEFAULT, Effort
from laurel.jsonld.holes import Hole
from laurel.jsonld.losses import Path
from laurel.jsonld.rdf import Quad, literal
from laurel.strictjson import JsonValue
from laurel.tiers import Fallback

MOST_HOLES: Final = 200
MOST_BLANKS: Final = 200

_SENTINEL: Final = re.compile(rb"HOLE\d{4}Z|urn:hole:\d{4}Z")
# What N-Quads forbids inside an IRI, and the backslash by which JSON would escape some of it.
_NOT_IN_IRI: Final = bytes(range(0x21)) + b'<>"{}|\\^`\x7f'

_Run: TypeAlias = Callable[[Sequence[bytes]], tuple[bytes, ...]]
_Line: TypeAlias = list[bytes | int]
"""Constants, and numbers of cells. Neighbouring constants are one."""


class _Part(NamedTuple):
    """Some lines: one run of cells if their order is always the same.

    Otherwise `lines` are sorted before they are written: whole ones, or what stands in each behind the `head`
    that they share, which is how it is with the values of one property.
    """

    run: _Run | None
    lines: tuple[_Run, ...] = ()
    head: _Run | None = None

    def written(self, cells: Sequence[bytes]) -> Sequence[bytes]:
        """Return the pieces that make the lines. Raises: Fallback, if two are the same."""
        if self.run is not None:
            return self.run(cells)
        ends = [b"".join(run(cells)) for run in self.lines]
        ends.sort()
        if len(set(ends)) != len(ends):
            raise Fallback("two statements that are the same")
        if self.head is None:
            return ends
        head = b"".join(self.head(cells))
        return (head, head.join(ends))


class Template:
    """A frame, compiled. `learn` makes it, and nothing changes it afterwards but its two counters.

    `is_normal` tells that all but the texts is in Unicode normal form C. `cost` is what the general path
    takes from a document's budget; `size` is a rough number of bytes of memory; `fills` counts how often it
    was filled, `used` when last, by its keeper's own count.
    """

    def __init__(
        self, found: Sequence[Hole], marked: Mapping[str, JsonValue], schemes: frozenset[str]
    ) -> None:
        """Compile a document whose holes hold their sentinels. Raises: as `learn`."""
        self.holes = tuple(found)
        self.fills = self.used = 0
        effort = Effort()
        quads = mapper.to_quads(marked, effort=effort)
        self.cost = DEFAULT - effort.left
        weave = _Weave(self.holes, quads)
        self._json = weave.run(_split(strictjson.dumps(dict(marked))))
        self._canonical_json = weave.run(_split(_jcs(marked)))
        self._static, self._dynamic = weave.nodes()
        self._named, self._filled, self._blank = weave.blocks()
        self._order = sorted(range(len(weave.blanks)), key=lambda rank: f"{rank} ")
        self._labels = [b"_:c14n%d" % rank for rank in range(len(weave.blanks))]
        self._first_label = len(self.holes)
        self._constants = tuple(weave.constants)
        self._known = frozenset(weave.known)
        self._schemes = frozenset(name.encode() for name in schemes)
        self._ids = [number for number, hole in enumerate(self.holes) if hole.kind == "id"]
        self._iris = [number for number, hole in enumerate(self.holes) if hole.kind != "text"]
        self.is_normal = unicodedata.is_normalized("NFC", strictjson.dumps(dict(marked)).decode())
        self._steps, self._leaves = _way([hole.paths[0] for hole in self.holes])
        self.size = 4_000 + 300 * len(quads) + 2 * sum(map(len, self._constants))

    def texts(self, document: Mapping[str, JsonValue], written: bytes) -> list[bytes] | None:
        """Return the texts of a document as JSON writes them, without quotes; None if it has another frame.

        `written` is the document as `strictjson.dumps` writes it. The template filled with the texts gives
        those same bytes, and that is the proof that nothing else differs.
        """
        nodes: list[Any] = [document]
        try:
            for parent, key in self._steps:
                nodes.append(nodes[parent][key])
            values = [nodes[parent][key] for parent, key in self._leaves]
        except (KeyError, IndexError, TypeError):
            return None
        texts = inner_texts(values)
        return texts if texts is not None and self.json(texts) == written else None

    def json(self, texts: Sequence[bytes]) -> bytes:
        """Return the document with these texts, as `strictjson.dumps` writes it."""
        return b"".join(self._json([*texts, *self._labels, *self._constants]))

    def canonical_json(self, texts: Sequence[bytes]) -> bytes:
        """Return the document with these texts as canonical JSON. Spec: EdDSA Cryptosuites 1.0 §3.3.3"""
        return b"".join(self._canonical_json([*texts, *self._labels, *self._constants]))

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

    def fill(self, texts: Sequence[bytes]) -> bytes:
        """Return the canonical N-Quads of the document with these texts, for which `require_fit` passed.

        Raises:
            Fallback: two blank nodes look alike, or two statements of one object have become the same.
        """
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
        blocks = [block for _, block in named]
        blocks += [self._blank[pairs[rank][1]] for rank in self._order]
        for block in blocks:
            for part in block:
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
    if _SENTINEL.search(strictjson.dumps(dict(document))):
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


def inner_texts(values: Sequence[object]) -> list[bytes] | None:
    """Return texts as JSON writes them, without the quotes; None if one is no text."""
    if set(map(type, values)) != {str}:
        return None
    try:
        written = strictjson.dumps(list(values))  # type: ignore[arg-type]  # texts, as was just seen
    except ValueError:
        return None  # half of a surrogate pair
    # Inside a text a quote has a backslash before it, so these three bytes stand between two texts only.
    return written[2:-2].split(b'","')


def _sentinel(hole: Hole, number: int) -> str:
    return f"HOLE{number:04}Z" if hole.kind == "text" else f"urn:hole:{number:04}Z"


def _jcs(document: Mapping[str, JsonValue]) -> bytes:
    try:
        return rfc8785.dumps(dict(document))
    except rfc8785.CanonicalizationError:
        raise Fallback("no canonical JSON") from None


def _split(text: bytes) -> _Line:
    """Return a text with the numbers of the holes where their sentinels stand."""
    line: _Line = []
    start = 0
    for match in _SENTINEL.finditer(text):
        line += (text[start : match.start()], int(match.group()[-5:-1]))
        start = match.end()
    return [*line, text[start:]]


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


_Block: TypeAlias = tuple[_Part, ...]


class _Weave:
    """The statements of a document with sentinels, as lines of cells.

    The cells are: a text for each hole, a label for each blank node, then the constants.
    """

    def __init__(self, found: Sequence[Hole], quads: Sequence[Quad]) -> None:
        """Note where the sentinels landed. Raises: Fallback, if one of them is not where it belongs."""
        self._holes = found
        self._quads = quads
        self.constants: list[bytes] = []
        self.blanks: dict[str, int] = {}
        self.known: set[bytes] = set()
        self._numbers: dict[bytes, int] = {}
        landed: set[int] = set()
        for quad in quads:
            if quad.graph:
                raise Fallback("a graph of its own")
            for term in (quad.subject, quad.object):
                if term.startswith("_:"):
                    self.blanks.setdefault(term, len(self.blanks))
                elif (number := self._hole(term)) is not None:
                    landed.add(number)
                elif term.startswith("<"):
                    self.known.add(term[1:-1].encode())
        if len(landed) != len(found):
            raise Fallback("a text that no statement holds")
        if len(self.blanks) > MOST_BLANKS:
            raise Fallback("too many objects without an id")

    def nodes(self) -> tuple[list[tuple[bytes, int]], list[tuple[int, _Part]]]:
        """Return the blank nodes that no hole touches with their hashes, and what to hash for the others."""
        around: dict[str, list[Quad]] = {node: [] for node in self.blanks}
        for quad in self._quads:
            for node in {quad.subject, quad.object} & around.keys():
                around[node].append(quad)
        static: list[tuple[bytes, int]] = []
        dynamic: list[tuple[int, _Part]] = []
        for node, number in self.blanks.items():
            lines = self._in_order([self._line(quad, veiled_for=node) for quad in around[node]])
            if any(len(line) > 1 for line in lines):
                dynamic.append((number, self._part(lines)))
            else:
                static.append((hashlib.sha256(b"".join(map(_text, lines))).digest(), number))
        return static, dynamic

    def blocks(self) -> tuple[list[tuple[bytes, _Block]], list[tuple[int, _Block]], list[_Block]]:
        """Return the statements of each constant subject, each hole, and each blank node in its number."""
        of: dict[str, list[Quad]] = {}
        for quad in self._quads:
            of.setdefault(quad.subject, []).append(quad)
        named: list[tuple[bytes, _Block]] = []
        filled: list[tuple[int, _Block]] = []
        blank: list[_Block] = [()] * len(self.blanks)
        for subject, stated in of.items():
            block = self._block(stated)
            if subject in self.blanks:
                blank[self.blanks[subject]] = block
            elif (number := self._hole(subject)) is not None:
                filled.append((number, block))
            else:
                # With the bracket, for `#` and `/` sort before it, and letters after it.
                named.append((subject[1:].encode(), block))
        return named, filled, blank

    def run(self, line: _Line) -> _Run:
        """Return what takes the pieces of a line out of the cells."""
        numbers = [piece if isinstance(piece, int) else self._constant(piece) for piece in _joined(line)]
        # Of one number alone it would take the piece itself; nothing at the end changes nothing.
        return itemgetter(*numbers, self._constant(b"")) if len(numbers) < 2 else itemgetter(*numbers)

    def _block(self, stated: Sequence[Quad]) -> _Block:
        by_predicate: dict[str, list[_Line]] = {}
        for quad in sorted(stated, key=lambda quad: quad.predicate):
            by_predicate.setdefault(quad.predicate, []).append(self._line(quad))
        fixed: _Line = []
        block: list[_Part] = []
        for lines in by_predicate.values():
            part = self._in_order(lines)
            if _is_decided(part):
                fixed += [piece for line in part for piece in line]
                continue
            if fixed:
                block.append(_Part(self.run(fixed)))
                fixed = []
            block.append(self._part(part))
        if fixed:
            block.append(_Part(self.run(fixed)))
        return tuple(block)

    def _part(self, lines: Sequence[_Line]) -> _Part:
        if _is_decided(lines):
            return _Part(self.run([piece for line in lines for piece in line]))
        shared = [pieces[0] for pieces in zip(*lines, strict=False) if len({*pieces}) == 1]
        if shared and all(line[: len(shared)] == shared and len(line) > len(shared) for line in lines):
            ends = tuple(self.run(line[len(shared) :]) for line in lines)
            return _Part(None, ends, self.run(shared))
        return _Part(None, tuple(self.run(line) for line in lines))

    def _line(self, quad: Quad, *, veiled_for: str = "") -> _Line:
        """Return a statement as a line; blank nodes as the hash of one of them wants them."""
        return _joined(
            [
                *self._term(quad.subject, veiled_for),
                f" {quad.predicate} ".encode(),
                *self._term(quad.object, veiled_for),
                b" .\n",
            ]
        )

    def _term(self, term: str, veiled_for: str) -> _Line:
        if term.startswith("_:"):
            if veiled_for:
                return [b"_:a" if term == veiled_for else b"_:z"]
            return [len(self._holes) + self.blanks[term]]
        if (number := self._hole(term)) is None:
            return [term.encode()]
        if term.startswith("<"):
            return [b"<", number, b">"]
        return [b'"', number, term[term.rindex('"') :].encode()]

    def _hole(self, term: str) -> int | None:
        """Return the number of the hole whose sentinel a term is, if it is one. Raises: Fallback."""
        is_iri = term.startswith("<")
        inner = term[1:-1] if is_iri else term[1 : term.rindex('"')]
        match = _SENTINEL.fullmatch(inner.encode())
        if match is None:
            return None
        number = int(inner[-5:-1])
        if is_iri != (self._holes[number].kind != "text"):
            raise Fallback("a text where an identifier was thought to stand, or the other way about")
        return number

    def _constant(self, text: bytes) -> int:
        if (number := self._numbers.get(text)) is None:
            number = self._numbers[text] = len(self._holes) + len(self.blanks) + len(self.constants)
            self.constants.append(text)
        return number

    @staticmethod
    def _in_order(lines: Sequence[_Line]) -> list[_Line]:
        return sorted(lines, key=_text)


def _joined(line: _Line) -> _Line:
    joined: _Line = []
    for piece in line:
        if isinstance(piece, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += piece
        elif piece != b"":
            joined.append(piece)
    return joined


def _text(line: _Line) -> bytes:
    """Return a line with something in its holes: good enough to sort those lines whose order is decided."""
    return b"".join(piece if isinstance(piece, bytes) else b"" for piece in line)


def _is_decided(lines: Sequence[_Line]) -> bool:
    """Tell whether sorted lines stay in this order whatever is filled in."""
    return all(_is_before(line, after) for line, after in pairwise(lines))


def _is_before(line: _Line, after: _Line) -> bool:
    """Tell whether one line stands before another, or is the same, whatever is filled in."""
    for one, other in zip(line, after, strict=False):
        if one == other:
            continue
        if not isinstance(one, bytes) or not isinstance(other, bytes):
            return False
        shorter = min(len(one), len(other))
        return one[:shorter] < other[:shorter]
    return len(line) == len(after)
