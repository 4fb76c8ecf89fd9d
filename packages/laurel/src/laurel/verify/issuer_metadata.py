# SPDX-License-Identifier: Apache-2.0
"""The keys that an issuer publishes under its own web address, as JWT VC Issuer Metadata."""

import re
from collections.abc import Mapping
from typing import Final

from laurel.did import KeyNotFound
from laurel.errors import NotAKey
from laurel.proof.keys import VerifyingKey
from laurel.strictjson import JsonValue
from laurel.verify.material import Material, NotFound, document, host_of

MOST_KEYS: Final = 64

# A host, a port and a path that no server reads in two ways: no dots, escapes, user, query or fragment.
_ISSUER: Final = re.compile(
    r"https://([A-Za-z0-9.-]+(?::[0-9]{1,5})?)((?:/(?!\.\.?(?:/|\Z))[A-Za-z0-9._~-]+)*)/?"
)


def address(issuer: str) -> str | None:
    """Return where an issuer's metadata lie; None for an issuer that cannot have any.

    The well-known part goes before the issuer's own path, not after it.

    Spec: SD-JWT VC §4.1 (JWT VC issuer metadata request)
    """
    match = _ISSUER.fullmatch(issuer)
    return None if match is None else f"https://{match[1]}/.well-known/jwt-vc-issuer{match[2]}"


def key_for(issuer: str, kid: str | None, found: Mapping[str, Material]) -> VerifyingKey:
    """Return the key of that name that an issuer publishes, or its only one where no name is given.

    Raises:
        NotFound: the metadata, or the key set that they name, is not at hand. `url` says which.
        KeyNotFound: `issuer.wrong-document` when they are another's, `issuer.key-not-listed`,
            `issuer.key-unusable`.

    Spec: SD-JWT VC §4.2 and §4.3 (response, validation)
    """
    url = address(issuer)
    if url is None:
        raise KeyNotFound("The issuer's address is not one at which its keys could be published.")
    metadata = document(found, url)
    if metadata.get("issuer") != issuer:
        raise KeyNotFound("The keys that were found belong to another issuer.", code="issuer.wrong-document")
    named, held = metadata.get("jwks_uri"), metadata.get("jwks")
    if (named is None) == (held is None):
        raise NotFound(f"{host_of(url)} gave something else than was expected.", url=url)
    if named is not None:
        if not isinstance(named, str) or not named.startswith("https://"):
            raise NotFound(f"{host_of(url)} names its keys by something that is no https address.", url=url)
        held = document(found, named)
    return _chosen(held, kid, issuer)


def _chosen(key_set: JsonValue, kid: str | None, issuer: str) -> VerifyingKey:
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    listed = [each for each in keys if isinstance(each, dict)] if isinstance(keys, list) else []
    if len(listed) > MOST_KEYS:
        raise KeyNotFound(f"The issuer publishes more than {MOST_KEYS} keys.", code="issuer.key-unusable")
    fitting = [each for each in listed if kid is None or each.get("kid") == kid]
    if len(fitting) != 1:
        raise KeyNotFound(f"{issuer} does not list the key that made the signature.")
    try:
        return VerifyingKey.from_jwk(fitting[0])
    except NotAKey as error:
        raise KeyNotFound(f"The issuer's key cannot be used. {error}", code="issuer.key-unusable") from error
