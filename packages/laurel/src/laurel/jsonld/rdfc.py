# SPDX-License-Identifier: Apache-2.0
"""RDF Dataset Canonicalization (RDFC-1.0), with a limit on the work a graph can demand.

Blank nodes that look alike are told apart by trying their orders, which costs factorial time on a graph made
for it. Honest credentials need a handful of steps; the limit is a thousand times that.

Spec: RDFC-1.0 §4.4-4.8.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final, Literal

from laurel.errors import TooMuchWork
from laurel.jsonld.effort import Effort
from laurel.jsonld.rdf import Quad

HashName = Literal["sha256", "sha384"]

MAX_STEPS: Final = 10_000
MAX_ALIKE: Final = 64


@dataclass(frozen=True, slots=True)
class Canonical:
    """A canonical dataset: its sorted lines, and the label each blank node got."""

    lines: tuple[str, ...]
    labels: dict[str, str]

    def as_bytes(self) -> bytes:
        """Return the canonical N-Quads document in UTF-8."""
        return "".join(self.lines).encode()


def canonicalize(
    quads: Iterable[Quad],
    *,
    hash_name: HashName = "sha256",
    max_steps: int = MAX_STEPS,
    max_alike: int = MAX_ALIKE,
    effort: Effort | None = None,
) -> Canonical:
    """Return the one form that all datasets of the same meaning share.

    Args:
        quads: statements in canonical spelling; blank node labels begin with `_:`.
        hash_name: SHA-384 goes with P-384 keys.
        max_steps: how many steps of telling alike blank nodes apart may be taken.
        max_alike: how many blank nodes may look like another one at first sight.
        effort: a budget shared with other datasets, from which these steps are taken too.

    Raises:
        TooMuchWork: the graph needs more than that.

    Spec: RDFC-1.0 §4.4.3, §7.1 (dataset poisoning).
    """
    dataset = list(dict.fromkeys(quads))
    labels = _Labelling(dataset, hash_name, max_steps, max_alike, effort).labels()
    if not labels:
        return Canonical(tuple(sorted(quad.line() for quad in dataset)), {})
    lines = (
        Quad(
            labels.get(quad.subject, quad.subject),
            quad.predicate,
            labels.get(quad.object, quad.object),
            labels.get(quad.graph, quad.graph),
        ).line()
        for quad in dataset
    )
    return Canonical(tuple(sorted(lines)), labels)


@dataclass(slots=True)
class _Issuer:
    """Gives out labels in order, and remembers to whom."""

    prefix: str
    issued: dict[str, str] = field(default_factory=dict)

    def issue(self, node: str) -> str:
        if (label := self.issued.get(node)) is None:
            label = self.issued[node] = f"{self.prefix}{len(self.issued)}"
        return label

    def copy(self) -> "_Issuer":
        return _Issuer(self.prefix, dict(self.issued))


class _Labelling:
    """The canonicalization state of one dataset."""

    def __init__(
        self, quads: list[Quad], hash_name: HashName, max_steps: int, max_alike: int, effort: Effort | None
    ) -> None:
        self._new_hash = getattr(hashlib, hash_name)
        self._steps_left = max_steps
        self._max_alike = max_alike
        self._effort = effort
        self._canonical = _Issuer("_:c14n")
        self._quads_of: dict[str, list[Quad]] = {}
        for quad in quads:
            for node in {quad.subject, quad.object, quad.graph}:
                if node.startswith("_:"):
                    self._quads_of.setdefault(node, []).append(quad)
        self._first_degree: dict[str, str] = {}
        self._links_of: dict[str, list[tuple[str, str, str]]] = {}

    def labels(self) -> dict[str, str]:
        """Return the canonical label of every blank node."""
        by_hash = defaultdict(list)
        for node in self._quads_of:
            by_hash[self._hash_first_degree(node)].append(node)
        alike = []
        for _, nodes in sorted(by_hash.items()):
            if len(nodes) == 1:
                self._canonical.issue(nodes[0])
            else:
                alike.append(nodes)
        if sum(map(len, alike)) > self._max_alike:
            raise TooMuchWork(f"More than {self._max_alike} objects of the document look alike.")
        for nodes in alike:
            self._tell_apart(nodes)
        return self._canonical.issued

    def _tell_apart(self, nodes: list[str]) -> None:
        """Label nodes that share a first degree hash, in the order of their n-degree hashes."""
        results = []
        for node in nodes:
            if node in self._canonical.issued:
                continue
            issuer = _Issuer("_:b")
            issuer.issue(node)
            results.append(self._hash_n_degree(node, issuer))
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for node in issuer.issued:
                self._canonical.issue(node)

    def _hash_first_degree(self, node: str) -> str:
        """Hash the statements around a node as they look without any labels."""
        if (known := self._first_degree.get(node)) is not None:
            return known
        lines = []
        for quad in self._quads_of[node]:
            seen = (_veiled(term, node) for term in (quad.subject, quad.object, quad.graph))
            subject, stated, graph = seen
            lines.append(Quad(subject, quad.predicate, stated, graph).line())
        lines.sort()
        found = self._first_degree[node] = self._hash("".join(lines))
        return found

    def _hash_n_degree(self, node: str, issuer: _Issuer) -> tuple[str, _Issuer]:
        """Hash the paths that lead away from a node, in the order that gives the least text."""
        self._spend()
        related = defaultdict(list)
        for position, predicate, other in self._links(node):
            related[self._hash_related(position, predicate, other, issuer)].append(other)
        to_hash: list[str] = []
        for related_hash, others in sorted(related.items()):
            path, issuer = self._least_path(others, issuer)
            to_hash += (related_hash, path)
        return self._hash("".join(to_hash)), issuer

    def _links(self, node: str) -> list[tuple[str, str, str]]:
        """Return position, predicate (none for a graph) and name of each blank node beside this one."""
        if (known := self._links_of.get(node)) is None:
            known = self._links_of[node] = [
                (position, "" if position == "g" else quad.predicate, other)
                for quad in self._quads_of[node]
                for position, other in (("s", quad.subject), ("o", quad.object), ("g", quad.graph))
                if other.startswith("_:") and other != node
            ]
        return known

    def _hash_related(self, position: str, predicate: str, other: str, issuer: _Issuer) -> str:
        self._spend()
        label = (
            self._canonical.issued.get(other) or issuer.issued.get(other) or self._hash_first_degree(other)
        )
        return self._hash(f"{position}{predicate}{label}")

    def _least_path(self, others: list[str], issuer: _Issuer) -> tuple[str, _Issuer]:
        """Try every order of nodes that look alike from here; return the least path and its labels."""
        least: tuple[str, _Issuer] | None = None
        for order in _orders(others):
            found = self._path(order, issuer.copy(), least[0] if least else None)
            if found is not None and (least is None or found[0] < least[0]):
                least = found
        assert least is not None
        return least

    def _path(self, order: tuple[str, ...], issuer: _Issuer, best: str | None) -> tuple[str, _Issuer] | None:
        """Return the path for one order, or None as soon as it cannot become less than the best one."""
        path = ""
        to_visit = []
        for node in order:
            self._spend()
            if (label := self._canonical.issued.get(node)) is not None:
                path += label
            else:
                if node not in issuer.issued:
                    to_visit.append(node)
                path += issuer.issue(node)
            if _is_hopeless(path, best):
                return None
        for node in to_visit:
            found, deeper = self._hash_n_degree(node, issuer)
            path += f"{issuer.issue(node)}<{found}>"
            issuer = deeper
            if _is_hopeless(path, best):
                return None
        return path, issuer

    def _spend(self) -> None:
        self._steps_left -= 1
        if self._steps_left < 0:
            raise TooMuchWork(
                "The objects of the document are linked so that ordering them would take too long."
            )
        if self._effort is not None:
            self._effort.spend()

    def _hash(self, text: str) -> str:
        digest: str = self._new_hash(text.encode()).hexdigest()
        return digest


def _orders(nodes: list[str]) -> Iterator[tuple[str, ...]]:
    """Give every order of nodes once.

    A node stands here as often as statements link to it: the graph around an object of a presentation once
    for each thing said there. Orders that differ only in which of the same goes first give the same path.
    """
    if len(set(nodes)) == len(nodes):
        yield from permutations(sorted(nodes))
        return
    left = Counter(nodes)

    def following(order: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if len(order) == len(nodes):
            yield order
            return
        for node in sorted(left):
            if left[node]:
                left[node] -= 1
                yield from following((*order, node))
                left[node] += 1

    yield from following(())


def _veiled(term: str, node: str) -> str:
    if not term.startswith("_:"):
        return term
    return "_:a" if term == node else "_:z"


def _is_hopeless(path: str, best: str | None) -> bool:
    return best is not None and len(path) >= len(best) and path > best
