# SPDX-License-Identifier: Apache-2.0
"""The cryptosuite ecdsa-sd-2023: an issuer signs each statement, and the holder shows some.

The issuer's *base proof* is for the holder alone. The holder derives from it a document with fewer words and
a *derived proof*, which anyone holds against the issuer's key. What the issuer named mandatory is always
shown.

The specification finds the statements of a part by giving every object an id for a while. Here the mapper
says at which place of the document each statement is made, which comes to the same and needs no ids.

Spec: ECDSA Cryptosuites 1.0 §3.4, §3.5, §3.6.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

from laurel.errors import ProofFault
from laurel.jsonld import contexts, mapper, rdfc
from laurel.jsonld.effort import Effort
from laurel.jsonld.losses import Path
from laurel.jsonld.rdf import Quad
from laurel.jsonld.terms import Loader
from laurel.proof import canonical_rdf, ecdsa_sd_values
from laurel.proof.ecdsa_sd_values import BaseValue, DerivedValue, statement_key
from laurel.proof.encodings import from_base58btc, to_base64url
from laurel.proof.keys import SigningKey
from laurel.proof.selection import Selection
from laurel.proof.suites import Signer, Verifier, bad_signature, malformed
from laurel.strictjson import JsonValue

__all__ = [
    "NAME",
    "derive",
]

#: What proofs call the suite; the one to name when a credential is issued with it.
NAME: Final = "ecdsa-sd-2023"

_HMAC_BYTES: Final = 32
# Checking one signature costs about as much as working out two statements.
_EFFORT_OF_A_SIGNATURE: Final = 2


def hold(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    value: str,
    key: Verifier,
    load: Loader,
    effort: Effort | None = None,
) -> None:
    """Hold a derived proof against the issuer's key.

    Raises:
        ProofFault: `proof.base-proof`, `proof.malformed` or `proof.bad-signature`.
        DataLoss, TooMuchWork: as for every suite over RDF.

    Spec: ECDSA Cryptosuites 1.0 §3.6.7, §3.5.9.
    """
    read = ecdsa_sd_values.read(value)
    if isinstance(read, BaseValue):
        raise ProofFault(
            "This is the holder's own copy, from which they show parts. Ask them for what you need.",
            code="proof.base-proof",
        )
    effort = effort or Effort()
    effort.spend(_EFFORT_OF_A_SIGNATURE * len(read.signatures))
    quads = mapper.to_quads(document, load=load, effort=effort)
    canonical = rdfc.canonicalize(quads, effort=effort)
    lines = sorted(_relabelled(quad, _labels(canonical, read)).line() for quad in quads)
    mandatory, rest = _parted(lines, read)
    to_sign = _to_sign(document, options, read.public, mandatory, load, effort)
    if not key.verify(to_sign, read.signature):
        raise bad_signature()
    own = statement_key(read.public)
    for line, signature in zip(rest, read.signatures, strict=True):
        if not own.verify(line.encode(), signature):
            raise bad_signature()


def base_value(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    key: Signer,
    mandatory: Sequence[str],
    *,
    load: Loader = contexts.context,
    hmac_key: bytes | None = None,
    own: SigningKey | None = None,
) -> BaseValue:
    """Sign every statement of a document for a holder.

    Args:
        document: what is signed, without this proof.
        options: the members of the proof without its value.
        key: the issuer's key, of P-256.
        mandatory: JSON Pointers to what is always shown; it must be a document that can stand alone.
        hmac_key: 32 bytes that hide the order of the blank nodes; drawn anew unless a test brings them.
        own: the key of the statements, used once and forgotten; likewise.

    Raises:
        ProofFault: `proof.pointer`.
        DataLoss, TooMuchWork: as for every suite over RDF.

    Spec: ECDSA Cryptosuites 1.0 §3.6.1-3.6.5.
    """
    hmac_key = hmac_key or secrets.token_bytes(_HMAC_BYTES)
    own = own or SigningKey.generate("p256")
    statements = Statements.of(document, hmac_key, load, Effort())
    selection = Selection.of(document, mandatory)
    always = statements.chosen(selection)
    if always:
        _alone(document, selection, statements, load, Effort())
    public = from_base58btc(own.public.to_multikey())
    shown = [line for place, line in enumerate(statements.lines) if place in always]
    return BaseValue(
        signature=key.sign(_to_sign(document, options, public, shown, load, Effort())),
        public=public,
        hmac_key=hmac_key,
        signatures=tuple(
            own.sign(line.encode()) for place, line in enumerate(statements.lines) if place not in always
        ),
        pointers=tuple(mandatory),
    )


def derive(
    document: Mapping[str, JsonValue],
    pointers: Iterable[str],
    *,
    load: Loader = contexts.context,
    effort: Effort | None = None,
) -> dict[str, JsonValue]:
    """Return a document that shows only what is mandatory and what the pointers name, with its derived proof.

    Other proofs stay behind: they cover words that are not shown. The issuer's own signature is not checked
    here, for which one needs the issuer's key; verify what comes out.

    Args:
        document: a document with one base proof of this suite.
        pointers: JSON Pointers to what is shown besides what is mandatory. An object or array is shown whole.
        load: where contexts come from.
        effort: a budget of work shared with other documents.

    Raises:
        ProofFault: `proof.no-base-proof`, `proof.pointer` (one leads to nothing, nothing is chosen at all, or
            the part cannot stand alone), `proof.malformed` or `proof.bad-signature` (the proof is not one
            of this document).
        DataLoss: the part that is left cannot stand alone, for instance because two of its objects share an
            id and the one that explains the other is hidden; `pointer` tells where.
        TooMuchWork: the document is too large.

    Spec: ECDSA Cryptosuites 1.0 §3.6.6, §3.5.4.
    """
    effort = effort or Effort()
    proof, base = _base_proof(document)
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    wanted = list(pointers)
    statements = Statements.of(unsecured, base.hmac_key, load, effort)
    always = statements.chosen(Selection.of(unsecured, base.pointers))
    combined = Selection.of(unsecured, [*base.pointers, *wanted])
    shown = statements.chosen(combined)
    if not shown:
        raise ProofFault("Nothing was chosen. Name what to show.", code="proof.pointer")
    optional = [place for place in range(len(statements.lines)) if place not in always]
    if len(optional) != len(base.signatures):
        raise bad_signature()
    reveal, labels = _alone(unsecured, combined, statements, load, effort)
    value = DerivedValue(
        signature=base.signature,
        public=base.public,
        signatures=tuple(
            signature for place, signature in zip(optional, base.signatures, strict=True) if place in shown
        ),
        labels={_number(label): statements.digests[node] for node, label in labels.items()},
        mandatory=tuple(number for number, place in enumerate(sorted(shown)) if place in always),
    )
    return {**reveal, "proof": {**proof, "proofValue": value.text()}}


@final
@dataclass(frozen=True, slots=True)
class Statements:
    """All statements of a document under the secret labels of its blank nodes.

    `lines` are sorted. `places_of` tells for each line where the document makes it. `digests` are the labels,
    by the name that a blank node has in `placed`.
    """

    placed: tuple[tuple[Quad, Path], ...]
    lines: tuple[str, ...]
    places_of: Mapping[str, list[Path]]
    digests: Mapping[str, bytes]

    @classmethod
    def of(
        cls,
        document: Mapping[str, JsonValue],
        hmac_key: bytes,
        load: Loader,
        effort: Effort | None = None,
    ) -> "Statements":
        """Map and label a document. Spec: ECDSA Cryptosuites 1.0 §3.4.4, §3.4.16"""
        placed = mapper.quads_with_places(document, load=load, effort=effort)
        canonical = rdfc.canonicalize((quad for quad, _ in placed), effort=effort)
        digests = {
            node: hmac.digest(hmac_key, label.removeprefix("_:").encode(), "sha256")
            for node, label in canonical.labels.items()
        }
        labels = {node: _secret_label(digest) for node, digest in digests.items()}
        places_of: dict[str, list[Path]] = {}
        for quad, place in placed:
            places_of.setdefault(_relabelled(quad, labels).line(), []).append(place)
        return cls(tuple(placed), tuple(sorted(places_of)), places_of, digests)

    def chosen(self, selection: Selection) -> frozenset[int]:
        """Return the places in `lines` of the statements that a selection holds."""
        return frozenset(
            number
            for number, line in enumerate(self.lines)
            if any(selection.holds(place) for place in self.places_of[line])
        )


def _alone(
    document: Mapping[str, JsonValue],
    selection: Selection,
    statements: Statements,
    load: Loader,
    effort: Effort,
) -> tuple[dict[str, JsonValue], Mapping[str, str]]:
    """Return the chosen part of a document, and the labels that its blank nodes have when it stands alone.

    Raises:
        ProofFault, DataLoss: the part by itself would say something else than it does in the document.
    """
    part = selection.document(document)
    chosen = dict.fromkeys(quad for quad, place in statements.placed if selection.holds(place))
    wanted = rdfc.canonicalize(chosen, effort=effort)
    found = rdfc.canonicalize(mapper.to_quads(part, load=load, effort=effort), effort=effort)
    if found.lines != wanted.lines:
        raise ProofFault(
            "What was chosen means something else when it stands alone. Choose what is around it, whole.",
            code="proof.pointer",
        )
    return part, wanted.labels


def _base_proof(document: Mapping[str, JsonValue]) -> tuple[Mapping[str, JsonValue], BaseValue]:
    """Return the one base proof of a document, and what its value holds."""
    written = document.get("proof")
    found = []
    for proof in written if isinstance(written, list) else [written]:
        if isinstance(proof, dict) and proof.get("cryptosuite") == NAME:
            text = proof.get("proofValue")
            value = ecdsa_sd_values.read(text if isinstance(text, str) else "")
            if isinstance(value, BaseValue):
                found.append((proof, value))
    if len(found) != 1:
        raise ProofFault(
            "The document does not have one base proof, so nothing can be left out of it.",
            code="proof.no-base-proof",
        )
    if "previousProof" in found[0][0]:
        raise malformed("The base proof builds on another one, which would have to be shown whole.")
    return found[0]


def _labels(canonical: rdfc.Canonical, value: DerivedValue) -> dict[str, str]:
    """Return the secret label of each blank node; each has its own, and no other is named.

    Two objects under one label would be read as two and hold as one.
    """
    numbers = {node: _number(label) for node, label in canonical.labels.items()}
    if set(numbers.values()) != value.labels.keys() or len(set(value.labels.values())) != len(value.labels):
        raise malformed("The labels of the proofValue are not those of the document's objects.")
    return {node: _secret_label(value.labels[number]) for node, number in numbers.items()}


def _parted(lines: Sequence[str], value: DerivedValue) -> tuple[list[str], list[str]]:
    """Return the mandatory lines and the others, of which each has a signature."""
    mandatory = value.mandatory
    if list(mandatory) != sorted(set(mandatory)) or (mandatory and mandatory[-1] >= len(lines)):
        raise malformed("The mandatory places of the proofValue are not those of the document's statements.")
    always = set(mandatory)
    rest = [line for place, line in enumerate(lines) if place not in always]
    if len(rest) != len(value.signatures):
        raise ProofFault("The document makes other statements than were signed.", code="proof.bad-signature")
    return [lines[place] for place in mandatory], rest


def _to_sign(
    document: Mapping[str, JsonValue],
    options: Mapping[str, JsonValue],
    public: bytes,
    mandatory: Iterable[str],
    load: Loader,
    effort: Effort,
) -> bytes:
    """Return what the issuer's key signs. Spec: ECDSA Cryptosuites 1.0 §3.5.1, §3.4.17"""
    proof_hash = hashlib.sha256(canonical_rdf.canonical_options(document, options, load, effort)).digest()
    return proof_hash + public + hashlib.sha256("".join(mandatory).encode()).digest()


def _relabelled(quad: Quad, labels: Mapping[str, str]) -> Quad:
    return Quad(
        labels.get(quad.subject, quad.subject),
        quad.predicate,
        labels.get(quad.object, quad.object),
        labels.get(quad.graph, quad.graph),
    )


def _secret_label(digest: bytes) -> str:
    return f"_:u{to_base64url(digest)}"


def _number(label: str) -> int:
    return int(label.removeprefix("_:c14n"))
