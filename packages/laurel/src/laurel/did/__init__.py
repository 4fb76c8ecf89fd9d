# SPDX-License-Identifier: Apache-2.0
"""Decentralised identifiers: `did:key` and `did:jwk` hold their key, the others say where to look it up."""

from laurel.did.documents import KeyNotFound, key_for
from laurel.did.resolution import document, resolve_url
from laurel.did.syntax import did_of, method_of

__all__ = ["KeyNotFound", "did_of", "document", "key_for", "method_of", "resolve_url"]
