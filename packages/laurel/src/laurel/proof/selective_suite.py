# SPDX-License-Identifier: Apache-2.0
"""ecdsa-sd-2023 among the other suites: its name and its keys. What it does is loaded with its first proof.

Spec: ECDSA Cryptosuites 1.0 §3.6
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, final

from laurel.jsonld.effort import Effort
from laurel.jsonld.terms import Loader
from laurel.proof import canonical_rdf
from laurel.proof.suites import Signer, Verifier
from laurel.strictjson import JsonValue

NAME: Final = "ecdsa-sd-2023"


@final
@dataclass(frozen=True, slots=True)
class SelectiveSuite:
    """The suite as the others see it. `mandatory` are JSON Pointers to what every derived document shows."""

    mandatory: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What proofs call it."""
        return NAME

    @property
    def algorithms(self) -> Collection[str]:
        """The kinds of key that it takes."""
        return ("P-256",)

    def options_for(
        self, document: Mapping[str, JsonValue], options: Mapping[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Return the members that a new proof gets."""
        return canonical_rdf.options_for(document, options)

    def require_shape(self, value: str) -> None:
        """Refuse what is neither a base nor a derived proof. Raises: ProofFault (`proof.malformed`)."""
        from laurel.proof import ecdsa_sd_values

        ecdsa_sd_values.read(value)

    def make(
        self, document: Mapping[str, JsonValue], options: Mapping[str, JsonValue], key: Signer, load: Loader
    ) -> str:
        """Return the value of a base proof. Raises: DataLoss, TooMuchWork, ProofFault (`proof.pointer`)."""
        from laurel.proof import ecdsa_sd_2023

        return ecdsa_sd_2023.base_value(document, options, key, self.mandatory, load=load).text()

    def hold(
        self,
        document: Mapping[str, JsonValue],
        options: Mapping[str, JsonValue],
        value: str,
        key: Verifier,
        load: Loader,
        effort: Effort | None = None,
    ) -> None:
        """Hold a derived proof against the issuer's key. Raises: as `ecdsa_sd_2023.hold`."""
        from laurel.proof import ecdsa_sd_2023

        ecdsa_sd_2023.hold(document, options, value, key, load, effort)
