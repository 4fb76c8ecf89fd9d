# SPDX-License-Identifier: Apache-2.0
"""The templates that this process has learned: which document has whose frame, and when to learn one more.

A template is learned from a document that the general path took and whose signature held, or that was checked
for issuing, and not at its first sight. What is remembered is bounded in number and in bytes, what learning
costs is bounded by the number of documents, and neither ever changes an answer: a template gives the bytes of
the general path or nothing, which is tried at its first use and once in so many.

Spec: RFC 8259 §9 (a parser may set limits); Data Integrity 1.0 #securing-data-losslessly
"""

import threading
from collections.abc import Mapping
from itertools import chain
from typing import Final, NamedTuple

from laurel import fast, strictjson, tiers
from laurel.errors import DataLoss, TooMuchWork
from laurel.jsonld import mapper, rdfc, template
from laurel.jsonld.effort import Effort
from laurel.jsonld.template import Template
from laurel.strictjson import JsonValue
from laurel.tiers import Fallback

PROVED_EVERY: Final = 1_000
"""A template's first document, and one in so many, is worked out on the general path as well.

After ten times as many it is one in ten times as many, so that it costs next to nothing.
"""

SIGHTINGS: Final = 2
MOST_TEMPLATES: Final = 512
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_OF_ONE_KIND: Final = 8
_MOST_KINDS_SEEN: Final = 4_096
# Learning, and the look at the general path, take as long as some thirty documents on the next tier. What
# was looked at pays for it, so that frames which come and go, by chance or by ill will, slow nothing down by
# more than a small part.
_PRICE: Final = 200
_MOST_CREDIT: Final = 6_000
_USUAL_SIZE: Final = 50_000


class Match(NamedTuple):
    """A document that has the frame of a template: its texts, which fit, and the document as JSON."""

    template: Template
    texts: list[bytes]
    written: bytes


class Frames:
    """A bounded memory of templates."""

    def __init__(self, *, most: int = MOST_TEMPLATES, most_bytes: int = MOST_BYTES) -> None:
        """Start empty."""
        self._most, self._most_bytes = most, most_bytes
        self._of: dict[int, tuple[Template, ...]] = {}
        #: The same templates by what is quick to see of a document's JSON.
        self._by_text: dict[int, tuple[Template, ...]] = {}
        self._latest: Template | None = None
        self._seen: dict[int, int] = {}
        self._clock = 0
        self._paid = -_MOST_CREDIT
        self._lock = threading.Lock()
        self._mine = threading.local()

    def __len__(self) -> int:
        """Return how many templates are remembered."""
        return sum(map(len, self._of.values()))

    @property
    def size(self) -> int:
        """The rough number of bytes that the templates take."""
        return sum(each.size for each in chain.from_iterable(self._of.values()))

    def find(self, document: Mapping[str, JsonValue]) -> Match:
        """Return the template of a document and the document's texts.

        Raises:
            Fallback: its frame is not known, or its texts might mean something else than they seem to.
        """
        self._clock += 1
        known = self._of.get(_kind(document))
        if known is None:
            raise Fallback("not seen before")
        written = _written(document)
        for each in known:
            texts = each.texts(document, written)
            if texts is not None:
                each.require_fit(texts)
                each.used = self._clock
                return Match(each, texts, written)
        raise Fallback("another frame")

    def find_in(self, written: bytes) -> Match:
        """Return the template of a document that is JSON still, and the document's texts; as `find`.

        The JSON of a frame that is known has one reading only, so that it need not go through `strictjson`.
        """
        # Mostly many of one frame come one after another.
        found = self._latest
        texts = None if found is None else found.texts_in(written)
        if found is None or texts is None:
            for found in self._by_text.get(_kind_of_text(written), ()):
                texts = found.texts_in(written)
                if texts is not None:
                    self._latest = found
                    break
            else:
                raise Fallback("another frame")
        found.require_fit(texts)
        self._clock += 1
        found.used = self._clock
        return Match(found, texts, found.json(texts))

    def canonical(self, document: Mapping[str, JsonValue], effort: Effort) -> bytes:
        """Return the canonical N-Quads of a document out of its template.

        Raises:
            Fallback: no template gives them for sure.
            TooMuchWork: the general path would have used up the budget.
        """
        try:
            found, texts, _ = self.find(document)
            filled = found.fill(texts)
        except Fallback:
            self._missed().append(document)
            raise
        effort.spend(found.cost)
        tiers.taken["template"] += 1
        return self.proved(found, document, filled)

    def proved(self, found: Template, document: Mapping[str, JsonValue], filled: bytes) -> bytes:
        """Return what a template gave, after a look at the general path when it is time for one."""
        return self.compared(found, document, filled) if self.is_due(found) else filled

    def is_due(self, found: Template) -> bool:
        """Count a use of a template; tell whether it is time for a look at the general path."""
        found.fills += 1
        every = PROVED_EVERY if found.fills < 10 * PROVED_EVERY else 10 * PROVED_EVERY
        return found.fills % every == 1

    def compared(self, found: Template, document: Mapping[str, JsonValue], filled: bytes) -> bytes:
        """Return what the general path gives; if a template gave something else, do not use it again."""
        expected = rdfc.canonicalize(mapper.to_quads(document)).as_bytes()
        if expected != filled:
            self._forget(found)
            tiers.alarm(
                "template", "A template gave other bytes than the general path; it is not used again."
            )
        return expected

    def is_lossless(self, document: Mapping[str, JsonValue]) -> bool:
        """Tell whether a document has the frame of a template, so that RDF holds all that it says.

        False says nothing. Whoever asks about a document whose signature holds may call `good` next.
        """
        try:
            self.find(document)
        except Fallback as reason:
            self._missed().append(document)
            tiers.taken[f"fallback: template: {reason}"] += 1
            return False
        return True

    def begin(self) -> None:
        """Forget which documents had no template: nobody has said yet that they are good."""
        self._missed().clear()

    def good(self) -> None:
        """Learn from the documents that had no template since `begin`: they have turned out to be good."""
        missed = self._missed()
        documents, missed[:] = missed[:], ()
        for document in documents:
            kind = _kind(document)
            if self._is_worth_it(kind):
                self.learn(document, kind)

    def learn(self, document: Mapping[str, JsonValue], kind: int | None = None) -> Template | None:
        """Learn the frame of a document, which the general path must take; None if it makes no template."""
        try:
            made = template.learn(document)
        except (Fallback, DataLoss, TooMuchWork):
            return None
        with self._lock:
            made.used = self._clock
            kind = _kind(document) if kind is None else kind
            self._make_room(made.size)
            if len(self) < self._most and self.size + made.size <= self._most_bytes:
                self._put(self._of, kind, made)
                self._put(self._by_text, _kind_of_text(_written(document)), made)
        return made

    def missed(self, document: Mapping[str, JsonValue]) -> None:
        """Remember a document that had no template until it has turned out good, or `begin` is called."""
        self._missed().append(document)

    def _is_worth_it(self, kind: int) -> bool:
        if len(self._seen) >= _MOST_KINDS_SEEN:
            self._seen.clear()
        sightings = self._seen[kind] = self._seen.get(kind, 0) + 1
        paid = max(self._paid, self._clock - _MOST_CREDIT) + _PRICE
        if sightings < SIGHTINGS or paid > self._clock:
            return False
        self._paid = paid
        # To learn what cannot be kept would cost as much each time.
        with self._lock:
            self._make_room(_USUAL_SIZE)
        return len(self) < self._most and self.size + _USUAL_SIZE <= self._most_bytes

    def _make_room(self, size: int) -> None:
        """Drop templates that were not used for long, while there is no room for one more."""
        while len(self) >= self._most or self.size + size > self._most_bytes:
            oldest = min(chain.from_iterable(self._of.values()), key=lambda each: each.used, default=None)
            # One that is in use stays: a memory that is too small by one would otherwise only churn.
            if oldest is None or self._clock - oldest.used < 8 * self._most:
                return
            self._drop(oldest)

    def _put(self, kept: dict[int, tuple[Template, ...]], kind: int, made: Template) -> None:
        for oldest in kept.get(kind, ())[MOST_OF_ONE_KIND - 1 :]:
            self._drop(oldest)
        kept[kind] = (made, *kept.get(kind, ()))

    def _forget(self, found: Template) -> None:
        with self._lock:
            self._drop(found)

    def _drop(self, found: Template) -> None:
        if self._latest is found:
            self._latest = None
        for kept in (self._of, self._by_text):
            for kind, known in list(kept.items()):
                if found in known:
                    left = tuple(each for each in known if each is not found)
                    if left:
                        kept[kind] = left
                    else:
                        del kept[kind]

    def _missed(self) -> list[Mapping[str, JsonValue]]:
        missed: list[Mapping[str, JsonValue]] | None = getattr(self._mine, "missed", None)
        if missed is None:
            missed = self._mine.missed = []
        del missed[:-2]
        return missed


def _written(document: Mapping[str, JsonValue]) -> bytes:
    """Return a document as `strictjson.dumps` writes it, but for rare cases. Raises: Fallback."""
    orjson = fast.orjson
    try:
        if orjson is None:
            return strictjson.dumps(dict(document))
        # What is no JSON is an error here, but for NaN, which becomes the null that no template holds.
        written: bytes = orjson.dumps(
            document,
            option=orjson.OPT_PASSTHROUGH_SUBCLASS
            | orjson.OPT_PASSTHROUGH_DATACLASS
            | orjson.OPT_PASSTHROUGH_DATETIME,
        )
        return written
    except (TypeError, ValueError, RecursionError):
        raise Fallback("no JSON") from None


def _kind(document: Mapping[str, JsonValue]) -> int:
    """Return what is quick to see of a frame: the issuer, the achievement and the keys in their order.

    As a hash, for the names may be long, and it does not matter if two kinds share one.
    """
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    return hash((_id(document.get("issuer")), _id(achievement), *document))


def _kind_of_text(written: bytes) -> int:
    """Return the same of a document's JSON, whatever white space it has: the first ids behind two names.

    It is only where to look: what is found there is compared with the whole of the JSON.
    """
    found = []
    for name in (b'"issuer"', b'"achievement"'):
        start = written.find(b'"', written.find(b'"id"', written.find(name)) + 4)
        found.append(written[start : written.find(b'"', start + 1)])
    return hash(tuple(found))


def _id(value: JsonValue) -> str | None:
    identifier = value.get("id") if isinstance(value, dict) else value
    return identifier if isinstance(identifier, str) else None


FRAMES: Final = Frames()
"""What this process has learned."""
