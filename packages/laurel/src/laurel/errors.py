# SPDX-License-Identifier: Apache-2.0
"""Everything laurel raises, in one tree.

    LaurelError
    ├── Unreadable                  the bytes are not the document they claim to be
    │   ├── NotACredential
    │   ├── NotJson
    │   ├── TooLarge
    │   ├── CorruptBitstring
    │   ├── CorruptImage            a PNG, SVG or PDF from which no single credential can be taken
    │   ├── NotAKey
    │   └── NotADid
    ├── DataLoss                    a signature over the document would not cover all of it
    ├── TooMuchWork                 canonicalisation would take more steps than allowed
    ├── ProofFault                  a proof is malformed or does not hold
    └── FailedChecks                the draft breaks a rule and may not be signed

A credential that reads well but does not hold up raises nothing: `verify` answers with a `Report`. Doubt
about a credential is data; only laurel's own inability to go on is an exception.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from laurel.model.finding import Finding

__all__ = [
    "CorruptBitstring",
    "CorruptImage",
    "DataLoss",
    "FailedChecks",
    "LaurelError",
    "NotACredential",
    "NotADid",
    "NotAKey",
    "NotJson",
    "ProofFault",
    "TooLarge",
    "TooMuchWork",
    "Unreadable",
]


class LaurelError(Exception):
    """Base of the tree. `code` never changes once released; the message may."""

    code: str = "laurel"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        """Take the sentence for a person, and a code where it is finer than the class's own."""
        super().__init__(message)
        if code is not None:
            self.code = code


class Unreadable(LaurelError):
    """The bytes are not the document they claim to be."""

    code = "unreadable"


class NotACredential(Unreadable):
    """The document reads well, but it is not a credential."""

    code = "unreadable.not-a-credential"


class NotJson(Unreadable):
    """The text is not JSON, or it is JSON that two readers could understand differently."""

    code = "unreadable.not-json"


class TooLarge(Unreadable):
    """The document is larger, deeper or wider than anything we read."""

    code = "unreadable.too-large"


class CorruptBitstring(Unreadable):
    """The encoded list of a status list credential does not unpack."""

    code = "unreadable.corrupt-bitstring"


class CorruptImage(Unreadable):
    """No single credential can be taken from the PNG, SVG or PDF file."""

    code = "unreadable.corrupt-image"


class NotAKey(Unreadable):
    """The text or object does not describe a key that we can use."""

    code = "unreadable.not-a-key"


class NotADid(Unreadable):
    """The text is not a DID, or not of a method that we know."""

    code = "unreadable.not-a-did"


class DataLoss(LaurelError):
    """The document holds something that a signature over its RDF would not cover.

    `pointer` is a JSON Pointer (RFC 6901) to the place; empty when the whole document is meant.
    """

    code = "data-loss"

    def __init__(self, message: str, *, pointer: str = "", code: str | None = None) -> None:
        """Take the sentence and the place."""
        super().__init__(message, code=code)
        self.pointer = pointer


class TooMuchWork(LaurelError):
    """The graph would take more steps to canonicalise than allowed: almost always an attack."""

    code = "too-much-work"


class ProofFault(LaurelError):
    """A proof is malformed or does not hold; `code` tells which."""

    code = "proof"


class FailedChecks(LaurelError):
    """The draft breaks a rule and may not be signed. Holds every finding, not only the first."""

    code = "failed-checks"

    def __init__(self, findings: "Iterable[Finding]", *, code: str | None = None) -> None:
        """Take the findings in the order in which they were found."""
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings), code=code)
