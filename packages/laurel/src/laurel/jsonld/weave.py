# SPDX-License-Identifier: Apache-2.0
"""The statements of a document with sentinels, woven into lines of cells: what a template is made of.

Spec: RDFC-1.0 §4.4.3, §4.6.3
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise, takewhile
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias

from laurel.jsonld.holes import Hole
from laurel.jsonld.rdf import Quad
from laurel.tiers import Fallback

MOST_BLANKS: Final = 200

SENTINEL: Final = re.compile(rb"HOLE\d{4}Z|urn:hole:\d{4}Z")

END: Final = b" .\n"

Run: TypeAlias = Callable[[Sequence[bytes]], tuple[bytes, ...]]
Line: TypeAlias = list[bytes | int]
"""Constants, and numbers of cells. Neighbouring constants are one."""


class Part(NamedTuple):
    """Some lines: one run of cells if their order is always the same.

    Otherwise `lines` are sorted before they are written: whole ones, or what stands in each behind the `head`
    that they share, which is how it is with the values of one property. Of blank nodes it is only the
    `labels`, before the end of each line; a blank there sorts before all that a label has.
    """

    run: Run | None
    lines: tuple[Run, ...] = ()
    head: Run | None = None
    labels: Run | None = None

    def written(self, cells: Sequence[bytes]) -> Sequence[bytes]:
        """Return the pieces that make the lines. Raises: Fallback, if two are the same."""
        if self.run is not None:
            return self.run(cells)
        if self.labels is not None and self.head is not None:
            head = b"".join(self.head(cells))
            return (head, (END + head).join(sorted(self.labels(cells))), END)
        ends = [b"".join(run(cells)) for run in self.lines]
        ends.sort()
        if len(set(ends)) != len(ends):
            raise Fallback("two statements that are the same")
        if self.head is None:
            return ends
        head = b"".join(self.head(cells))
        return (head, head.join(ends))


def in_numbers(part: Part) -> Any:
    """Return a part as the numbers of its cells: its run, its lines, its head, its labels."""
    return (
        _numbers_of(part.run),
        tuple(map(_numbers_of, part.lines)),
        _numbers_of(part.head),
        _numbers_of(part.labels),
    )


def _numbers_of(run: Run | None) -> tuple[int, ...]:
    # A getter tells what it gets only to be copied.
    numbers: Any = () if run is None else run.__reduce__()[1]
    return tuple(numbers)


def split(text: bytes) -> Line:
    """Return a text with the numbers of the holes where their sentinels stand."""
    line: Line = []
    start = 0
    for match in SENTINEL.finditer(text):
        line += (text[start : match.start()], int(match.group()[-5:-1]))
        start = match.end()
    return [*line, text[start:]]


Block: TypeAlias = tuple[Part, ...]


class Weave:
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

    def nodes(self) -> tuple[list[tuple[bytes, int]], list[tuple[int, Part]]]:
        """Return the blank nodes that no hole touches with their hashes, and what to hash for the others."""
        around: dict[str, list[Quad]] = {node: [] for node in self.blanks}
        for quad in self._quads:
            for node in {quad.subject, quad.object} & around.keys():
                around[node].append(quad)
        static: list[tuple[bytes, int]] = []
        dynamic: list[tuple[int, Part]] = []
        for node, number in self.blanks.items():
            lines = self._in_order([self._line(quad, veiled_for=node) for quad in around[node]])
            if any(len(line) > 1 for line in lines):
                dynamic.append((number, self._part(lines)))
            else:
                static.append((hashlib.sha256(b"".join(map(_text, lines))).digest(), number))
        return static, dynamic

    def blocks(self) -> tuple[list[tuple[bytes, Block]], list[tuple[int, Block]], list[Block]]:
        """Return the statements of each constant subject, each hole, and each blank node in its number."""
        of: dict[str, list[Quad]] = {}
        for quad in self._quads:
            of.setdefault(quad.subject, []).append(quad)
        named: list[tuple[bytes, Block]] = []
        filled: list[tuple[int, Block]] = []
        blank: list[Block] = [()] * len(self.blanks)
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

    def leaves(self) -> list[tuple[bytes, ...]]:
        """Return for each blank node its lines without their subject, if they mention nothing that changes.

        What joins them is the node's label, so they begin with nothing; of another node there are none.
        """
        found: list[tuple[bytes, ...]] = [()] * len(self.blanks)
        own: dict[str, list[Line]] = {node: [] for node in self.blanks}
        for quad in self._quads:
            if quad.subject in own:
                own[quad.subject].append(self._line(quad))
        for node, number in self.blanks.items():
            lines = self._in_order(own[node])
            if lines and all(len(line) == 2 and line[0] == len(self._holes) + number for line in lines):
                found[number] = (b"", *(_text(line) for line in lines))
        return found

    def is_sure(self) -> bool:
        """Tell whether no two blank nodes can look alike, and no two statements be one, whatever the texts.

        Two nodes of the learned document differ. They may stop to do so only where a text may change.
        """
        said: dict[str, dict[str, list[str]]] = {}
        for quad in self._quads:
            said.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
            if quad.object in self.blanks:
                said.setdefault(quad.object, {}).setdefault(f"^{quad.predicate}", []).append(quad.subject)
        for objects in (each for about in said.values() for each in about.values()):
            if any(self._may_be_one(one, other) for one, other in combinations(objects, 2)):
                return False
        changing = [
            node
            for node in self.blanks
            if any(self._hole(term) is not None for terms in said[node].values() for term in terms)
        ]
        return not any(
            node != other and self._may_be_alike(said[node], said[other])
            for node in changing
            for other in self.blanks
        )

    def _may_be_alike(self, one: dict[str, list[str]], other: dict[str, list[str]]) -> bool:
        """Tell whether what is said of two blank nodes can come to be the same but for other blank nodes."""
        if {name: len(terms) for name, terms in one.items()} != {
            name: len(terms) for name, terms in other.items()
        }:
            return False
        return all(
            (terms[0] in self.blanks and other[name][0] in self.blanks)
            or self._may_be_one(terms[0], other[name][0])
            for name, terms in one.items()
            if len(terms) == 1
        )

    def _may_be_one(self, one: str, other: str) -> bool:
        """Tell whether two terms can come to be the same; blank nodes are told apart elsewhere."""
        if one in self.blanks or other in self.blanks:
            return False
        numbers = self._hole(one), self._hole(other)
        kinds = {"fixed" if number is None else self._holes[number].kind for number in numbers}
        # Documents whose identifiers are not all different are never filled in.
        if kinds == {"fixed"} or (kinds <= {"id", "fixed"} and numbers[0] != numbers[1]):
            return one == other
        if one[0] != other[0]:
            return False
        return one[0] == "<" or one[one.rindex('"') :] == other[other.rindex('"') :]

    def run(self, line: Line) -> Run:
        """Return what takes the pieces of a line out of the cells."""
        numbers = [piece if isinstance(piece, int) else self._constant(piece) for piece in _joined(line)]
        # Of one number alone it would take the piece itself; nothing at the end changes nothing.
        return itemgetter(*numbers, self._constant(b"")) if len(numbers) < 2 else itemgetter(*numbers)

    def _block(self, stated: Sequence[Quad]) -> Block:
        by_predicate: dict[str, list[Line]] = {}
        for quad in sorted(stated, key=lambda quad: quad.predicate):
            by_predicate.setdefault(quad.predicate, []).append(self._line(quad))
        fixed: Line = []
        block: list[Part] = []
        for lines in by_predicate.values():
            part = self._in_order(lines)
            if _is_decided(part):
                fixed += [piece for line in part for piece in line]
                continue
            if fixed:
                block.append(Part(self.run(fixed)))
                fixed = []
            block.append(self._part(part))
        if fixed:
            block.append(Part(self.run(fixed)))
        return tuple(block)

    def _part(self, lines: Sequence[Line]) -> Part:
        if _is_decided(lines):
            return Part(self.run([piece for line in lines for piece in line]))
        alike = takewhile(lambda pieces: len({*pieces}) == 1, zip(*lines, strict=False))
        shared = [pieces[0] for pieces in alike]
        if shared and all(line[: len(shared)] == shared and len(line) > len(shared) for line in lines):
            first_label = len(self._holes)
            behind = [line[len(shared) :] for line in lines]
            if all(
                len(line) == 2
                and isinstance(line[0], int)
                and 0 <= line[0] - first_label < len(self.blanks)
                and line[1] == END
                for line in behind
            ):
                labels = itemgetter(*[line[0] for line in behind])
                return Part(None, (), self.run(shared), labels)
            ends = tuple(self.run(line) for line in behind)
            return Part(None, ends, self.run(shared))
        return Part(None, tuple(self.run(line) for line in lines))

    def _line(self, quad: Quad, *, veiled_for: str = "") -> Line:
        """Return a statement as a line; blank nodes as the hash of one of them wants them."""
        return _joined(
            [
                *self._term(quad.subject, veiled_for),
                f" {quad.predicate} ".encode(),
                *self._term(quad.object, veiled_for),
                END,
            ]
        )

    def _term(self, term: str, veiled_for: str) -> Line:
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
        if term.startswith("_:"):
            return None
        is_iri = term.startswith("<")
        inner = term[1:-1] if is_iri else term[1 : term.rindex('"')]
        match = SENTINEL.fullmatch(inner.encode())
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
    def _in_order(lines: Sequence[Line]) -> list[Line]:
        return sorted(lines, key=_text)


def _joined(line: Line) -> Line:
    joined: Line = []
    for piece in line:
        if isinstance(piece, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += piece
        elif piece != b"":
            joined.append(piece)
    return joined


def _text(line: Line) -> bytes:
    """Return a line with something in its holes: good enough to sort those lines whose order is decided."""
    return b"".join(piece if isinstance(piece, bytes) else b"" for piece in line)


def _is_decided(lines: Sequence[Line]) -> bool:
    """Tell whether sorted lines stay in this order whatever is filled in."""
    return all(_is_before(line, after) for line, after in pairwise(lines))


def _is_before(line: Line, after: Line) -> bool:
    """Tell whether one line stands before another, or is the same, whatever is filled in."""
    for one, other in zip(line, after, strict=False):
        if one == other:
            continue
        if not isinstance(one, bytes) or not isinstance(other, bytes):
            return False
        shorter = min(len(one), len(other))
        return one[:shorter] < other[:shorter]
    return len(line) == len(after)
