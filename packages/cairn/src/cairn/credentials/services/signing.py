# SPDX-License-Identifier: Apache-2.0
"""Checks and signs in the name of an organization, within a transaction that stores what was signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag

from cairn.credentials import keys
from cairn.credentials.errors import KeysLocked
from cairn.credentials.services.signing_keys import active_keys
from laurel import issue as laurel
from laurel.model.credential import OpenBadgeCredential
from laurel.proof.keys import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """An organization's open keys: one for Data Integrity proofs, one for JWTs."""

    data_integrity: SigningKey
    jwt: SigningKey

    def sign(self, credential: OpenBadgeCredential, at: datetime) -> tuple[bytes, str]:
        """Return a credential as JSON with its proof and as JWT. Raises `FailedChecks`: a bug of ours."""
        checked = laurel.check(credential)
        return (
            laurel.sign(checked, self.data_integrity, suite="eddsa-rdfc-2022", created=at),
            laurel.sign_jwt(checked, self.jwt, profile="open-badges-3.0"),
        )

    def sign_list(self, document: Mapping[str, Any], at: datetime) -> bytes:
        """Return a status list with its proof. Raises `FailedChecks`: a bug of ours."""
        return laurel.sign_status_list(document, self.data_integrity, created=at)


def signer_of(organization_id: UUID, did: str, *, at: datetime) -> Signer:
    """Return the organization's signer. One query; its keys are made where it has none.

    Raises:
        KeysLocked: the secret that seals the keys is gone, as after a restore without the data folder.
    """
    rows = active_keys(organization_id, at=at)
    try:
        return Signer(
            data_integrity=keys.signing_key(rows["Ed25519"], did), jwt=keys.signing_key(rows["P-256"], did)
        )
    except InvalidTag as fault:
        raise KeysLocked(
            "Nothing was signed: the signing keys do not open. "
            "Whoever runs this site can put back the file secrets/signing-keys."
        ) from fault
