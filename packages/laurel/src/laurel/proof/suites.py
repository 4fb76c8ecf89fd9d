# SPDX-License-Identifier: Apache-2.0
"""What a cryptosuite is, and the kind that most of them are: two hashes side by side, signed once.

Such a suite is made of two choices: the form in which a document is hashed (`canonical_rdf`,
`canonical_json`), and the kinds of key, each with its hash.

Spec: EdDSA Cryptosuites 1.0 §3.2, §3.3.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, final

from laurel.errors import ProofFault
from laurel.jsonld.effort import Effort
from laurel.jsonld.rdfc import HashName
from laurel.jsonld.terms import Loader
from laurel.proof.encodings import NotCanonical, from_base58btc, to_base58btc
from laurel.strictjson import JsonValue

SIGNATURE_BYTES: Final[Mapping[str, int]] = {"Ed25519": 64, "P-256": 64, "P-384": 96}
"""How long a signature is, by the kind of key. An ECDSA one is r and s side by side, never DER."""


class Signer(Protocol):
    """What signing needs of a key: `laurel.proof.keys.SigningKey` fits."""

    @property
    def id(self) -> str | None:
        """The URL of the verification method."""

    @property
    def algorithm(self) -> str:
        """The kind of key: "Ed25519", "P-256" or "P-384"."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature over a message."""


class Verifier(Protocol):
    """What verifying needs of a key: `laurel.proof.keys.VerifyingKey` fits."""

    @property
    def id(self) -> str | None:
        """The URL of the verification method, where it is known."""

    @property
    def algorithm(self) -> str:
        """The kind of key: "Ed25519", "P-256" or "P-384"."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature was made over the message."""


class Suite(Protocol):
    """One way to make a `proofValue` and to hold it against a document.

    `document` is what the proof covers, without the proof itself; `options` are the members of the proof
    without its value.
    """

    @property
    def name(self) -> str:
        """What proofs call it."""

    @property
    def algorithms(self) -> Collection[str]:
        """The kinds of key that it takes."""

    def options_for(
        self, document: Mapping[str, JsonValue], options: Mapping[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Return the members that a new proof gets."""

    def require_shape(self, value: str) -> None:
        """Refuse a `proofValue` that no key could have made. Raises: ProofFault."""

    def make(
        self, document: Mapping[str, JsonValue], options: Mapping[str, JsonValue], key: Signer, load: Loader
    ) -> str:
        """Return the `proofValue`. Raises: DataLoss, TooMuchWork."""

    def hold(
        self,
        document: Mapping[str, JsonValue],
        options: Mapping[str, JsonValue],
        value: str,
        key: Verifier,
        load: Loader,
        effort: Effort | None = None,
    ) -> None:
        """Hold a `proofValue` against a key. Raises: ProofFault, DataLoss, TooMuchWork."""


class Form(Protocol):
    """The form in which a document and the members of a proof are hashed: a module of its own."""

    def options_for(
        self, document: Mapping[str, JsonValue], options: Mapping[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Return the members that a new proof gets."""

    def canonical_document(
        self,
        document: Mapping[str, JsonValue],
        options: Mapping[str, JsonValue],
        load: Loader,
        effort: Effort | None = None,
        hash_name: HashName = "sha256",
    ) -> bytes:
        """Return the one form that all spellings of the document share."""

    def canonical_options(
        self,
        document: Mapping[str, JsonValue],
        options: Mapping[str, JsonValue],
        load: Loader,
        effort: Effort | None = None,
        hash_name: HashName = "sha256",
    ) -> bytes:
        """Return the same of the members of the proof."""


@final
@dataclass(frozen=True, slots=True)
class HashSuite:
    """A suite that signs the hash of the options, then the hash of the document.

    `hashes` tells the hash that goes with each kind of key.
    """

    name: str
    form: Form
    hashes: Mapping[str, HashName]

    @property
    def algorithms(self) -> Collection[str]:
        """The kinds of key that it takes."""
        return self.hashes.keys()

    def options_for(
        self, document: Mapping[str, JsonValue], options: Mapping[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Return the members that a new proof gets."""
        return self.form.options_for(document, options)

    def require_shape(self, value: str) -> None:
        """Refuse what no key of this suite makes. Raises: ProofFault (`proof.malformed`)."""
        self._signature(value, self.algorithms)

    def message(
        self,
        document: Mapping[str, JsonValue],
        options: Mapping[str, JsonValue],
        load: Loader,
        effort: Effort | None = None,
        *,
        algorithm: str,
    ) -> bytes:
        """Return the bytes to sign: the hash of the options, then the hash of the document.

        Spec: EdDSA Cryptosuites 1.0 §3.2.4 and §3.3.4 (hashing).
        """
        name = self.hashes[algorithm]
        return b"".join(
            hashlib.new(name, form(document, options, load, effort, name)).digest()
            for form in (self.form.canonical_options, self.form.canonical_document)
        )

    def make(
        self, document: Mapping[str, JsonValue], options: Mapping[str, JsonValue], key: Signer, load: Loader
    ) -> str:
        """Return the `proofValue`: the signature as base58btc."""
        return to_base58btc(key.sign(self.message(document, options, load, algorithm=key.algorithm)))

    def hold(
        self,
        document: Mapping[str, JsonValue],
        options: Mapping[str, JsonValue],
        value: str,
        key: Verifier,
        load: Loader,
        effort: Effort | None = None,
    ) -> None:
        """Hold a signature against a key. Raises: ProofFault, DataLoss, TooMuchWork."""
        signature = self._signature(value, (key.algorithm,))
        message = self.message(document, options, load, effort, algorithm=key.algorithm)
        if not key.verify(message, signature):
            raise bad_signature()

    def _signature(self, value: str, algorithms: Collection[str]) -> bytes:
        try:
            signature = from_base58btc(value)
        except NotCanonical as error:
            raise malformed(f"The proofValue is not a signature. {error}") from error
        wanted = {SIGNATURE_BYTES[algorithm] for algorithm in algorithms}
        if len(signature) not in wanted:
            sizes = " or ".join(map(str, sorted(wanted)))
            raise malformed(f"The proofValue holds {len(signature)} bytes, not {sizes}.")
        return signature


def malformed(message: str) -> ProofFault:
    """Return the fault of a proof that is not shaped like one."""
    return ProofFault(message, code="proof.malformed")


def bad_signature() -> ProofFault:
    """Return the fault of a proof that does not fit its document."""
    return ProofFault(
        "The signature does not fit the document: one of the two was changed.", code="proof.bad-signature"
    )
