# SPDX-License-Identifier: Apache-2.0
"""Data Integrity proofs: put one on a document, find those it has, and hold one against a key.

A proof says only that a key signed this document. Whether the key belongs to whom the document names as its
issuer is another question, and not answered here.

Spec: Data Integrity 1.0 §2.1, §4.2-4.5.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from laurel.errors import ProofFault
from laurel.jsonld import contexts
from laurel.jsonld.effort import Effort
from laurel.jsonld.frames import FRAMES
from laurel.jsonld.rdf import is_absolute_iri
from laurel.jsonld.rdfc import HashName
from laurel.jsonld.terms import Loader
from laurel.model.timestamp import parse_timestamp
from laurel.proof import canonical_json, canonical_rdf
from laurel.proof.selective_suite import SelectiveSuite
from laurel.proof.suites import HashSuite, Signer, Suite, Verifier, malformed
from laurel.strictjson import JsonValue

_MOST_PROOFS: Final = 16


_ED25519: Final[Mapping[str, HashName]] = {"Ed25519": "sha256"}
# With P-384, RDFC-1.0 itself runs SHA-384 too. Spec: ECDSA Cryptosuites 1.0 §3.2.3, §3.2.4
_ECDSA: Final[Mapping[str, HashName]] = {"P-256": "sha256", "P-384": "sha384"}

SUITES: Final[Mapping[str, Suite]] = {
    suite.name: suite
    for suite in (
        HashSuite("eddsa-rdfc-2022", canonical_rdf, _ED25519),
        HashSuite("eddsa-jcs-2022", canonical_json, _ED25519),
        HashSuite("ecdsa-rdfc-2019", canonical_rdf, _ECDSA),
        HashSuite("ecdsa-jcs-2019", canonical_json, _ECDSA),
        SelectiveSuite(),
    )
}
# Types of proofs from before Data Integrity, which are in the world: verified, never made.
_OLD_TYPES: Final[Mapping[str, Suite]] = {
    suite.name: suite for suite in (HashSuite("Ed25519Signature2020", canonical_rdf, _ED25519),)
}
# What drafts of the specifications called a suite: verified under the name that was signed, never made.
_OLD_NAMES: Final = {"eddsa-2022": "eddsa-rdfc-2022"}
COVERS_MEANING: Final = frozenset(
    {"eddsa-rdfc-2022", "ecdsa-rdfc-2019", "ecdsa-sd-2023", *_OLD_TYPES, *_OLD_NAMES}
)
"""The suites whose proof holds only if every word of the document has a meaning that we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One proof of a document, its shape checked and nothing more.

    `suite` is the cryptosuite, or the type of a proof that is no DataIntegrityProof. `value` is multibase
    text as it stands; empty for proofs of another type. `previous` holds the ids of the proofs that this one
    signs over. Times are aware. `raw` is the JSON object itself.
    """

    suite: str
    verification_method: str
    purpose: str
    created: datetime | None = None
    expires: datetime | None = None
    domain: tuple[str, ...] = ()
    challenge: str | None = None
    value: str = ""
    id: str | None = None
    previous: tuple[str, ...] = ()
    raw: Mapping[str, JsonValue] = field(repr=False)

    @property
    def is_supported(self) -> bool:
        """Tell whether `verify` knows the cryptosuite."""
        return suite_of(self.raw) is not None


def proofs(document: Mapping[str, JsonValue]) -> tuple[Proof, ...]:
    """Return the proofs of a document in their order; none if it has no `proof`.

    Raises:
        ProofFault: a proof is not shaped like one (`proof.malformed`).
    """
    if "proof" not in document:
        return ()
    written = document["proof"]
    items = written if isinstance(written, list) else [written]
    if not items or len(items) > _MOST_PROOFS:
        raise malformed(f"A document holds between one and {_MOST_PROOFS} proofs.")
    found = tuple(_read(item) for item in items)
    ids = [proof.id for proof in found if proof.id is not None]
    if len(set(ids)) != len(ids):
        raise malformed("Two proofs share an id.")
    return found


def sign(
    document: Mapping[str, JsonValue],
    key: Signer,
    *,
    suite: str,
    created: datetime,
    purpose: str = "assertionMethod",
    expires: datetime | None = None,
    domain: str | Sequence[str] | None = None,
    challenge: str | None = None,
    proof_id: str | None = None,
    previous: Sequence[str] = (),
    mandatory: Sequence[str] = (),
    load: Loader = contexts.context,
) -> dict[str, JsonValue]:
    """Return a copy of the document with one more proof.

    Args:
        document: what to secure; proofs it has already are kept, and are not signed over unless named.
        key: a key that knows its verification method.
        suite: one of `SUITES`, which takes this kind of key.
        created: an aware moment; written in UTC to the second.
        domain: what the proof is bound to; one text or several.
        previous: ids of proofs of the document that the new one signs over, for a chain.
        mandatory: for "ecdsa-sd-2023", JSON Pointers to what the holder cannot leave out.
        load: where contexts come from.

    Raises:
        DataLoss: the suite would not cover all of the document.
        ProofFault: `previous` names a proof that the document does not have (`proof.previous`), or a
            mandatory pointer leads to nothing (`proof.pointer`).
        TooMuchWork: the document's graph takes too long to order.
        ValueError: no such suite, another kind of key, or a key or time that says too little.

    Spec: Data Integrity 1.0 §4.2, §4.2.1 (sets and chains).
    """
    if suite not in SUITES or key.algorithm not in SUITES[suite].algorithms:
        raise ValueError(f"No proof {suite} can be made with a key of the kind {key.algorithm}.")
    maker = SUITES[suite]
    if isinstance(maker, SelectiveSuite):
        if previous:
            raise ValueError(f"A proof {suite} does not build on others: nothing of them could be left out.")
        maker = SelectiveSuite(tuple(mandatory))
    elif mandatory:
        raise ValueError(f"Under {suite} everything is shown, so nothing is mandatory.")
    if key.id is None:
        raise ValueError("The key does not know its verification method.")
    options: dict[str, JsonValue] = {"type": "DataIntegrityProof", "cryptosuite": suite}
    if proof_id is not None:
        options["id"] = proof_id
    options |= {"created": _stamp(created), "verificationMethod": key.id, "proofPurpose": purpose}
    if expires is not None:
        options["expires"] = _stamp(expires)
    if domain is not None:
        options["domain"] = domain if isinstance(domain, str) else list(domain)
    if challenge is not None:
        options["challenge"] = challenge
    if previous:
        options["previousProof"] = previous[0] if len(previous) == 1 else list(previous)
    options = maker.options_for(document, options)
    earlier = proofs(document)
    made: dict[str, JsonValue] = {**options, "proofValue": ""}
    made["proofValue"] = maker.make(_secured_part(document, earlier, previous), options, key, load)
    # Read back what was made, so that we never give out a proof that we would refuse.
    _read(made)
    kept: list[JsonValue] = [dict(proof.raw) for proof in earlier]
    return {**document, "proof": [*kept, made] if kept else made}


def verify(
    document: Mapping[str, JsonValue],
    proof: Proof,
    key: Verifier,
    *,
    purpose: str = "assertionMethod",
    at: datetime | None = None,
    domain: str | Collection[str] | None = None,
    challenge: str | None = None,
    load: Loader = contexts.context,
    effort: Effort | None = None,
) -> None:
    """Hold one proof of a document against a key; return nothing if it holds.

    The signatures of the proofs that this one builds on (`previous`) are not checked here: check each one.

    Args:
        document: the secured document, with its proofs.
        proof: one of `proofs(document)`.
        at: the moment to judge `expires` by, aware; None judges no time.
        domain: what the proof must be bound to, where that matters: to this, or to all of these and to
            nothing else.
        challenge: likewise.
        effort: a budget of work shared with other proofs and documents.

    Raises:
        ProofFault: `proof.unsupported`, `proof.key-kind` (the suite takes no such key), `proof.key` (the key
            is another method's), `proof.base-proof` (ecdsa-sd-2023, before its holder chose),
            `proof.purpose`, `proof.expired`, `proof.domain`, `proof.challenge`, `proof.previous`,
            `proof.malformed` or `proof.bad-signature`.
        DataLoss: the signature would not cover all that the document says.
        TooMuchWork: the document's graph takes too long to order.

    Spec: Data Integrity 1.0 §4.4, §4.5.
    """
    suite = suite_of(proof.raw)
    if suite is None:
        raise ProofFault(f"We cannot check a proof of the kind {proof.suite[:80]}.", code="proof.unsupported")
    if key.algorithm not in suite.algorithms:
        raise ProofFault(
            f"A proof {suite.name} is not made with a {key.algorithm} key.", code="proof.key-kind"
        )
    if key.id is not None and key.id != proof.verification_method:
        raise ProofFault("The key is not the one that the proof names.", code="proof.key")
    if proof.purpose != purpose:
        raise ProofFault(f"The proof was made for {proof.purpose}, not for {purpose}.", code="proof.purpose")
    if at is not None and proof.expires is not None and at >= proof.expires:
        raise ProofFault(f"The proof expired on {_stamp(proof.expires)}.", code="proof.expired")
    wanted = {domain} if isinstance(domain, str) else set(domain or ())
    if domain is not None and wanted != set(proof.domain):
        names = " and ".join(sorted(wanted)) or "nothing"
        raise ProofFault(f"The proof is not bound to {names}, and to nothing else.", code="proof.domain")
    if challenge is not None and challenge != proof.challenge:
        raise ProofFault("The proof does not answer the challenge.", code="proof.challenge")
    options = {name: value for name, value in proof.raw.items() if name != "proofValue"}
    signed = _secured_part(document, proofs(document), proof.previous)
    FRAMES.begin()
    suite.hold(signed, options, proof.value, key, load, effort)
    FRAMES.good()


def _secured_part(
    document: Mapping[str, JsonValue], found: Iterable[Proof], previous: Sequence[str]
) -> dict[str, JsonValue]:
    """Return what a proof covers: the document, and of its proofs only those that are built on."""
    part = {name: value for name, value in document.items() if name != "proof"}
    if previous:
        built_on = [proof for proof in found if proof.id in previous]
        if len(built_on) != len(previous) or len(set(previous)) != len(previous):
            raise ProofFault("The proof builds on a proof that is not there.", code="proof.previous")
        part["proof"] = [dict(proof.raw) for proof in built_on]
    return part


def suite_of(written: Mapping[str, JsonValue]) -> Suite | None:
    """Return the suite that a proof was made by, or None where we cannot check it."""
    kind, suite = written.get("type"), written.get("cryptosuite")
    if kind == "DataIntegrityProof":
        return SUITES.get(_OLD_NAMES.get(suite, suite)) if isinstance(suite, str) else None
    return _OLD_TYPES.get(kind) if isinstance(kind, str) else None


def _read(written: JsonValue) -> Proof:
    if not isinstance(written, dict):
        raise malformed("A proof is an object.")
    kind = written.get("type")
    if not isinstance(kind, str):
        raise malformed("A proof has one type.")
    if kind != "DataIntegrityProof" and kind not in _OLD_TYPES:
        # Another kind of proof may stand beside ours in a set; it is told apart, not judged.
        return Proof(
            suite=kind,
            verification_method=_text(written, "verificationMethod") or "",
            purpose=_text(written, "proofPurpose") or "",
            id=_text(written, "id"),
            raw=written,
        )
    method = _required(written, "verificationMethod")
    identifier = _text(written, "id")
    if not is_absolute_iri(method) or (identifier is not None and not is_absolute_iri(identifier)):
        raise malformed("The verificationMethod and the id of a proof are absolute URLs.")
    name = kind if kind in _OLD_TYPES else _required(written, "cryptosuite")
    value = _required(written, "proofValue")
    if (suite := suite_of(written)) is not None:
        suite.require_shape(value)
    return Proof(
        suite=name,
        verification_method=method,
        purpose=_required(written, "proofPurpose"),
        created=_moment(written, "created"),
        expires=_moment(written, "expires"),
        domain=_texts(written, "domain"),
        challenge=_text(written, "challenge"),
        value=value,
        id=identifier,
        previous=_texts(written, "previousProof"),
        raw=written,
    )


def _required(written: Mapping[str, JsonValue], name: str) -> str:
    text = _text(written, name)
    if not text:
        raise malformed(f"The proof has no {name}.")
    return text


def _text(written: Mapping[str, JsonValue], name: str) -> str | None:
    if name not in written:
        return None
    value = written[name]
    if not isinstance(value, str):
        raise malformed(f"The {name} of a proof is a text.")
    return value


def _texts(written: Mapping[str, JsonValue], name: str) -> tuple[str, ...]:
    if name not in written:
        return ()
    value = written[name]
    items = value if isinstance(value, list) else [value]
    texts = tuple(item for item in items if isinstance(item, str) and item)
    if not texts or len(texts) != len(items):
        raise malformed(f"The {name} of a proof is a text or an array of texts.")
    return texts


def _moment(written: Mapping[str, JsonValue], name: str) -> datetime | None:
    text = _text(written, name)
    if text is None:
        return None
    try:
        return parse_timestamp(text)
    except ValueError as error:
        raise malformed(f"The {name} of a proof is not a date and time with an offset.") from error


def _stamp(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("A moment needs its offset from UTC.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
