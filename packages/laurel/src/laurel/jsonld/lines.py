# SPDX-License-Identifier: Apache-2.0
"""Lines of N-Quads by their subjects, from the first to the canonical document: labels and order.

Spec: RDFC-1.0 §4.4.3, §A (canonical N-Quads).
"""

from functools import lru_cache
from typing import Final, TypeAlias

from laurel.tiers import Fallback

VEILED: Final = "_:a "
"""A blank node where its own hash is worked out. Spec: RDFC-1.0 §4.6."""

#: Of each predicate with blank nodes: where its lines begin among the others, the predicate, their hashes.
Slots: TypeAlias = list[tuple[int, str, list[bytes]]]
#: The same as text: what stands before the first label, what between two, and the hashes they stand for.
Holes: TypeAlias = list[tuple[bytes, bytes, list[bytes]]]


class Lines:
    """What a document, or a subtree of it, says so far.

    `blocks` holds the lines of each named subject, `blanks` those of each blank node by its first-degree
    hash, after `_:a `. What mentions blank nodes lacks their labels still: `waiting` holds it in pieces, and
    its place in `blocks` or `blanks` is empty. `unnamed` counts what was put into `blanks`: less is there
    where two looked alike. `repeated` holds what was said of a subject that is in `blocks` already.
    `resources` holds what is said of related resources, and `digested` who else is said to have a digest.
    `statements` counts; `steps` has a bit for each context that was worked out.
    """

    __slots__ = (
        "blanks",
        "blocks",
        "digested",
        "repeated",
        "resources",
        "statements",
        "steps",
        "unnamed",
        "waiting",
    )

    def __init__(self) -> None:
        """Start with none."""
        self.blocks: dict[str, bytes] = {}
        self.blanks: dict[bytes, bytes] = {}
        self.waiting: list[tuple[str | bytes, bytes, Holes]] = []
        self.resources: dict[str, bytes] = {}
        self.digested: list[str] = []
        self.repeated: list[tuple[str, bytes]] = []
        self.unnamed = 0
        self.statements = 0
        self.steps = 0

    def repeat(self, subject: str, block: bytes) -> None:
        """Lay aside one of two descriptions of a subject; only the other may wait for labels."""
        before = self.blocks[subject]
        if not (block or before):
            raise Fallback("an id that is described twice")
        self.repeated.append((subject, block or before))
        if not block:
            self.blocks[subject] = block

    def wait(self, name: str | bytes, subject: str, lines: list[str], slots: Slots) -> None:
        """Part the lines where labels will stand; a blank node's own are `_:a ` but for its first line."""
        begin = subject if type(name) is str else ""
        holes: Holes = []
        before = ""
        done = 0
        for start, predicate, hashes in slots:
            if start > done:
                before += begin + subject.join(lines[done:start])
                begin = subject
            lead = f"{begin}{predicate}"
            begin = subject
            holes.append((f"{before}{lead}".encode(), f".\n{subject}{predicate}".encode(), hashes))
            before, done = ".\n", start + len(hashes)
        if done < len(lines):
            before += begin + subject.join(lines[done:])
        self.waiting.append((name, before.encode(), holes))

    def take_in(self, more: "Lines") -> None:
        """Add the lines of a subtree. Raises: Fallback, where both describe one subject in their own ways."""
        if self.blocks.keys().isdisjoint(more.blocks):
            self.blocks.update(more.blocks)
        else:
            for subject, block in more.blocks.items():
                if subject in self.blocks:
                    self.repeat(subject, block)
                else:
                    self.blocks[subject] = block
        self.repeated += more.repeated
        self.blanks.update(more.blanks)
        self.waiting += more.waiting
        self.unnamed += more.unnamed
        self.statements += more.statements
        self.steps |= more.steps
        self.digested += more.digested
        if more.resources:
            raise Fallback("related resources below what recurs")

    def written(self) -> bytes:
        """Label the blank nodes by the order of their hashes, and put all lines in order.

        Spec: RDFC-1.0 §4.4.3.
        """
        blocks, blanks = self.blocks, self.blanks
        if len(blanks) != self.unnamed:
            raise Fallback("blank nodes that look alike")
        labels, order = _labels(len(blanks))
        hashes = sorted(blanks)
        label_of = dict(zip(hashes, labels, strict=True))
        for name, end, holes in self.waiting:
            text = b""
            for before, between, found in holes:
                if len(found) == 1:
                    text += before + label_of[found[0]]
                else:
                    text += before + between.join(sorted([label_of[one] for one in found]))
            if type(name) is str:
                blocks[name] = text + end
            else:
                blanks[name] = text + end  # type: ignore[index]
        if self.repeated:
            self._drop_repeated()
        if self.resources:
            self._gather()
        parts = [blocks[name] for name in sorted(blocks)]
        for index, label, next_line in order:
            parts += (label, blanks[hashes[index]].replace(b"\n_:a ", next_line))
        if not parts:
            raise Fallback("a document that says nothing")
        return b"".join(parts)

    def _drop_repeated(self) -> None:
        """Take one description of each subject, the one that holds the others. Raises: Fallback, for none."""
        for subject, repeated in self.repeated:
            # A line feed never stands inside a line, and other breaks are written as escapes.
            said, again = set(self.blocks[subject].splitlines()), set(repeated.splitlines())
            if said < again:
                self.blocks[subject] = repeated
            elif not again <= said:
                raise Fallback("an id that is described twice")

    def _gather(self) -> None:
        """Put the digests of related resources among what else is said of these. Raises: Fallback."""
        if not self.resources.keys().isdisjoint(self.digested):
            raise Fallback("digests of one resource in two places")
        for subject, lines in self.resources.items():
            if (more := self.blocks.get(subject)) is not None:
                lines = b"".join(sorted((lines + more).splitlines(keepends=True)))
            self.blocks[subject] = lines


@lru_cache(maxsize=256)
def _labels(count: int) -> tuple[tuple[bytes, ...], tuple[tuple[int, bytes, bytes], ...]]:
    """Return so many labels with a space behind; and in their order as text: number, label, next line's."""
    labels = tuple(f"_:c14n{number} ".encode() for number in range(count))
    return labels, tuple(
        (index, labels[index], b"\n" + labels[index])
        for index in sorted(range(count), key=labels.__getitem__)
    )
