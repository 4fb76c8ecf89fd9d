# SPDX-License-Identifier: Apache-2.0
"""What each key means at each place of a document: JSON-LD context processing for pinned contexts.

Only what the vendored contexts use is implemented; a context that needs more is refused when it is read,
never read approximately. An `ActiveContext` never changes, and remembers the contexts that follow from it, so
that a second credential of the same shape does no context processing at all.

Spec: JSON-LD 1.1 API §4.1 (context processing), §4.2 (create term definition).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from laurel.errors import DataLoss
from laurel.strictjson import JsonValue

Loader: TypeAlias = Callable[[str], Mapping[str, JsonValue]]

KEYWORD_ALIASES: Final = ("@id", "@type")
_TERM_MEMBERS: Final = frozenset({"@id", "@type", "@container", "@context", "@protected"})
_CONTEXT_SETTINGS: Final = frozenset({"@protected", "@version", "@vocab"})
_CONTAINERS: Final = frozenset({"", "@set", "@list", "@graph"})
_PREFIX_ENDINGS: Final = tuple(":/?#[]@")
_ABSENT: Final = object()
_MOST_REMEMBERED: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one key or type name stands for.

    `coercion` is "", "@id", "@vocab", "@json" or a datatype IRI; `container` is "", "@set", "@list" or
    "@graph".
    """

    iri: str | None
    coercion: str = ""
    container: str = ""
    context: object = _ABSENT
    protected: bool = False
    is_prefix: bool = False

    @property
    def has_context(self) -> bool:
        """Tell whether values of this term are read under a context of their own."""
        return self.context is not _ABSENT


class ActiveContext:
    """All terms in force at one place of a document."""

    __slots__ = ("_loader", "_memory", "_spellings", "previous", "terms", "vocab")

    def __init__(
        self,
        loader: Loader,
        terms: Mapping[str, Term] | None = None,
        vocab: str | None = None,
        previous: "ActiveContext | None" = None,
        memory: "dict[object, ActiveContext] | None" = None,
    ) -> None:
        """Start from these terms; `previous` is what applies again inside the next node.

        `memory` is shared by all contexts that follow from one another.
        """
        self.terms: Mapping[str, Term] = terms or {}
        self.vocab = vocab
        self.previous = previous
        self._loader = loader
        self._memory: dict[object, ActiveContext] = {} if memory is None else memory
        self._spellings: dict[str, list[str]] | None = None

    def spellings(self, iri: str) -> list[str]:
        """Return every term that stands for an IRI here."""
        if self._spellings is None:
            self._spellings = {}
            for name, term in self.terms.items():
                if term.iri is not None:
                    self._spellings.setdefault(term.iri, []).append(name)
        return self._spellings.get(iri, [])

    def with_urls(self, urls: tuple[str, ...]) -> "ActiveContext":
        """Return the context after an `@context` that lists these URLs in this order."""
        if (found := self._memory.get((self, urls))) is None:
            found = self
            for url in urls:
                found = _process(found, self._loader(url).get("@context"), self._loader)
            self._remember((self, urls), found)
        return found

    def under(self, parent: "ActiveContext", key: str) -> "ActiveContext":
        """Return this context for the values of a parent's key, which may bring a context of its own."""
        term = parent.terms.get(key)
        if term is None or not term.has_context:
            return self
        if (found := self._memory.get((self, parent, key))) is None:
            found = _process(self, term.context, self._loader, overrides=True)
            self._remember((self, parent, key), found)
        return found

    def for_types(self, names: Iterable[str]) -> "ActiveContext":
        """Return the context inside a node of these types, which ends where the next node begins."""
        scoped = tuple(
            sorted(name for name in names if (t := self.terms.get(name)) is not None and t.has_context)
        )
        if not scoped:
            return self
        if (found := self._memory.get((self, "@type", scoped))) is None:
            found = self
            for name in scoped:
                # Looked up before any of them applies: one type never changes what another one means.
                found = _process(found, self.terms[name].context, self._loader, propagates=False)
            self._remember((self, "@type", scoped), found)
        return found

    def _remember(self, name: object, found: "ActiveContext") -> None:
        # What is remembered is chosen by documents of strangers: never let it grow without end. One memory
        # for all, for a memory in each context would be as many as the contexts it holds.
        if len(self._memory) >= _MOST_REMEMBERED:
            self._memory.clear()
        self._memory[name] = found


def _process(
    active: ActiveContext,
    local: object,
    loader: Loader,
    *,
    overrides: bool = False,
    propagates: bool = True,
) -> ActiveContext:
    """Return the context that follows from an active one and a context in its published form."""
    previous = active.previous if propagates else (active.previous or active)
    if local is None:
        if not overrides and any(term.protected for term in active.terms.values()):
            raise _unusable("a context empties terms that are protected")
        return ActiveContext(loader, previous=previous, memory=active._memory)
    if isinstance(local, str):
        return _process(
            active, loader(local).get("@context"), loader, overrides=overrides, propagates=propagates
        )
    if isinstance(local, list):
        for part in local:
            active = _process(active, part, loader, overrides=overrides, propagates=propagates)
        return active
    if not isinstance(local, dict):
        raise _unusable("a context is neither an object nor a URL")
    settings = {name for name in local if name.startswith("@")}
    if not settings <= _CONTEXT_SETTINGS:
        raise _unusable(f"a context uses {', '.join(sorted(settings - _CONTEXT_SETTINGS))}")
    vocab = local.get("@vocab", active.vocab)
    if vocab is not None and not isinstance(vocab, str):
        raise _unusable("@vocab is not a text")
    definitions = _Definitions(active, local, vocab)
    return ActiveContext(loader, definitions.all(overrides=overrides), vocab, previous, active._memory)


class _Definitions:
    """The term definitions of one context, made in whatever order they need one another."""

    def __init__(self, active: ActiveContext, local: Mapping[str, object], vocab: str | None) -> None:
        self._local = local
        self._before = active.terms
        self._vocab = vocab
        self._made: dict[str, Term] = {}
        self._underway: set[str] = set()
        self._protected = local.get("@protected") is True

    def all(self, *, overrides: bool) -> dict[str, Term]:
        """Return the terms before and those of this context.

        Raises:
            DataLoss: the context redefines a protected term.
        """
        terms = dict(self._before)
        for name in self._local:
            if name.startswith("@"):
                continue
            made = self._make(name)
            before = self._before.get(name)
            if before is not None and before.protected and not overrides:
                if replace(made, protected=True) != before:
                    raise _unusable(f"a context redefines {name}, which is protected")
                made = before
            terms[name] = made
        return terms

    def _make(self, name: str) -> Term:
        if name in self._made:
            return self._made[name]
        if name in self._underway or name == "" or ":" in name or "/" in name:
            raise _unusable(f"the term {name!r} is defined by itself or is no plain name")
        self._underway.add(name)
        term = self._define(name, self._local[name])
        self._underway.discard(name)
        self._made[name] = term
        return term

    def _define(self, name: str, written: object) -> Term:
        if written is None or (isinstance(written, dict) and "@id" in written and written["@id"] is None):
            return Term(iri=None, protected=self._protected)
        simple = isinstance(written, str)
        members: Mapping[str, object] = written if isinstance(written, dict) else {"@id": written}
        if not set(members) <= _TERM_MEMBERS:
            raise _unusable(f"the term {name} uses {', '.join(sorted(set(members) - _TERM_MEMBERS))}")
        iri = self._identifier(name, members.get("@id", name))
        container = members.get("@container", "")
        if not isinstance(container, str) or container not in _CONTAINERS:
            raise _unusable(f"the term {name} has a container that we do not read")
        return Term(
            iri=iri,
            coercion=self._coercion(members.get("@type")),
            container=container,
            context=members.get("@context", _ABSENT),
            protected=members.get("@protected", self._protected) is True,
            is_prefix=simple and iri.endswith(_PREFIX_ENDINGS),
        )

    def _identifier(self, name: str, written: object) -> str:
        if not isinstance(written, str):
            raise _unusable(f"the term {name} has an identifier that is not a text")
        if written != name:
            return self._expand(written)
        if self._vocab is None:
            raise _unusable(f"the term {name} has no identifier")
        return self._vocab + name

    def _coercion(self, written: object) -> str:
        if written is None:
            return ""
        if not isinstance(written, str):
            raise _unusable("a term has a type that is not a text")
        return written if written in ("@id", "@vocab", "@json") else self._expand(written)

    def _expand(self, written: str) -> str:
        """Return the IRI or keyword behind a name inside the context itself."""
        if written.startswith("@"):
            if written not in KEYWORD_ALIASES:
                raise _unusable(f"a term stands for {written}")
            return written
        if (term := self._find(written)) is not None and term.iri is not None:
            return term.iri
        prefix, colon, suffix = written.partition(":")
        if colon:
            term = None if suffix.startswith("//") else self._find(prefix)
            return f"{term.iri}{suffix}" if term is not None and term.is_prefix else written
        if self._vocab is None:
            raise _unusable(f"{written} is not an absolute identifier")
        return self._vocab + written

    def _find(self, name: str) -> Term | None:
        if name in self._local and not name.startswith("@"):
            return self._make(name)
        return self._before.get(name)


def _unusable(reason: str) -> DataLoss:
    return DataLoss(f"The contexts of the document do not fit together: {reason}.", code="data-loss.context")
