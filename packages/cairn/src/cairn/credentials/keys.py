# SPDX-License-Identifier: Apache-2.0
"""The only place where private signing keys are open: sealed in their rows, unsealed to sign.

A key is sealed with AES-256-GCM. The sealing key is derived from `settings.CAIRN_KEY_SECRET`, and the id of
the row goes in as associated data, so a sealed key moved into another row does not open.
"""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from cairn.credentials.models import SigningKey as KeyRow
from cairn.credentials.rules import identifiers
from laurel.proof.keys import SigningKey, VerifyingKey

_NONCE = 12
#: Data Integrity signs with the first, VC-JWT with the second.
ALGORITHMS = ("Ed25519", "P-256")


def new_row(*, organization_id: UUID, number: int, algorithm: str, made_at: datetime) -> KeyRow:
    """Return an unsaved row with a fresh key pair, its private half sealed."""
    key = SigningKey.generate("ed25519" if algorithm == "Ed25519" else "p256")
    row = KeyRow(
        organization_id=organization_id,
        number=number,
        algorithm=algorithm,
        public_jwk=key.public.to_jwk(),
        made_at=made_at,
    )
    row.sealed = _seal(key.to_private_jwk(), row)
    return row


def signing_key(row: KeyRow, did: str) -> SigningKey:
    """Return the private key of a row under its verification method."""
    return SigningKey.from_jwk(_open(row)).with_id(identifiers.key_id(did, row.number))


def opens(row: KeyRow) -> bool:
    """Tell whether this installation's secret is the one that the row's private key was sealed with."""
    try:
        _open(row)
    except InvalidTag:
        return False
    return True


def verifying_key(row: KeyRow, did: str) -> VerifyingKey:
    """Return the public key of a row under its verification method."""
    return VerifyingKey.from_jwk(row.public_jwk, id=identifiers.key_id(did, row.number))


def _seal(jwk: Mapping[str, str], row: KeyRow) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _box().encrypt(nonce, json.dumps(dict(jwk)).encode(), _bound_to(row))


def _open(row: KeyRow) -> dict[str, str]:
    sealed = bytes(row.sealed)
    opened = _box().decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(row))
    return dict(json.loads(opened))


def _bound_to(row: KeyRow) -> bytes:
    return f"cairn signing key {row.id}".encode()


def _box() -> AESGCM:
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"cairn signing keys v1").derive(
        str(settings.CAIRN_KEY_SECRET).encode()
    )
    return AESGCM(derived)
