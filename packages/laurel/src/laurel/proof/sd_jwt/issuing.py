# SPDX-License-Identifier: Apache-2.0
"""Making an SD-JWT: claims that may be shown on their own give way to digests, the innermost first."""

import copy
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from laurel.proof import jose
from laurel.proof.keys import SigningKey
from laurel.proof.sd_jwt.disclosures import (
    ALGORITHM,
    DIGESTS,
    HASHES,
    PLACEHOLDER,
    RESERVED,
    CannotDisclose,
    Disclosure,
    decoy,
    digest,
    make,
)
from laurel.proof.sd_jwt.pointers import tokens
from laurel.proof.sd_jwt.reading import MOST_DISCLOSURES
from laurel.strictjson import JsonValue, dumps


def sign(
    claims: Mapping[str, JsonValue],
    key: SigningKey,
    *,
    header: Mapping[str, JsonValue],
    disclosable: Iterable[str] = (),
    algorithm: str = "sha-256",
    decoys: int = 0,
) -> str:
    """Return the claims as an SD-JWT with all of its disclosures, for the holder to choose from.

    Args:
        claims: the whole payload as it would be without hiding anything.
        header: the protected header; `alg` comes from the key.
        disclosable: JSON Pointers (RFC 6901) to the claims and elements that the holder can show or leave
            out. One that lies under another is shown only together with it.
        algorithm: the hash function: "sha-256", "sha-384" or "sha-512".
        decoys: up to so many digests that nothing stands behind, one at least, go beside those of each
            object and array that hides something; so nobody can count what is hidden.

    Raises:
        CannotDisclose: `disclosure.not-there` for a pointer that leads nowhere or to the whole,
            `disclosure.reserved` for claims that use a name of the format, `disclosure.too-many`.
        ValueError: another hash function, or a negative number of decoys.

    Spec: RFC 9901 §4.1 and §4.2 (issuer-signed JWT, disclosures)
    """
    if algorithm not in HASHES or decoys < 0:
        raise ValueError("the hash function is one of sha-256, sha-384 and sha-512, decoys are 0 or more")
    payload: Any = copy.deepcopy(dict(claims))
    _require_free_names(payload)
    places = {pointer: tokens(pointer) for pointer in disclosable}
    if len(places) > MOST_DISCLOSURES:
        message = f"More than {MOST_DISCLOSURES} claims are to be hidden."
        raise CannotDisclose(message, pointer="", code="disclosure.too-many")
    for pointer, path in places.items():
        _require_there(payload, pointer, path)
    hidden: list[Disclosure] = []
    by_parent: dict[tuple[str, ...], set[str]] = {}
    for path in places.values():
        by_parent.setdefault(tuple(path[:-1]), set()).add(path[-1])
    # The innermost first: a disclosure holds the digests of those inside it.
    for parent in sorted(by_parent, key=len, reverse=True):
        holder = _at(payload, parent)
        hidden += [_hide(holder, name, algorithm) for name in sorted(by_parent[parent])]
        _blur(holder, algorithm, decoys)
    if hidden:
        payload[ALGORITHM] = algorithm
    secrets.SystemRandom().shuffle(hidden)
    return "~".join([jose.encode(header, dumps(payload), key), *(each.text for each in hidden), ""])


def _hide(holder: Any, name: str, algorithm: str) -> Disclosure:
    """Put a digest where a member or an element stands, and return what it stands for."""
    if isinstance(holder, list):
        hidden = make(holder[int(name)])
        holder[int(name)] = {PLACEHOLDER: digest(hidden.text, algorithm)}
    else:
        hidden = make(holder.pop(name), name=name)
        holder.setdefault(DIGESTS, []).append(digest(hidden.text, algorithm))
    return hidden


def _blur(holder: Any, algorithm: str, decoys: int) -> None:
    """Mix decoys in, and give the digests of an object an order that says nothing."""
    extra = [decoy(algorithm) for _ in range(secrets.randbelow(decoys) + 1)] if decoys else []
    if isinstance(holder, list):
        for each in extra:
            holder.insert(secrets.randbelow(len(holder) + 1), {PLACEHOLDER: each})
    else:
        holder[DIGESTS] = sorted([*holder[DIGESTS], *extra])


def _require_there(payload: Any, pointer: str, path: list[str]) -> None:
    if not path:
        message = "The whole of a credential cannot be hidden, only parts of it."
        raise CannotDisclose(message, pointer=pointer, code="disclosure.not-there")
    try:
        _at(payload, tuple(path))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        message = f"{pointer} leads nowhere, so it cannot be hidden."
        raise CannotDisclose(message, pointer=pointer, code="disclosure.not-there") from error


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for token in path:
        if isinstance(value, list):
            # As RFC 6901 §4 writes an index: no sign, no zero before other digits.
            if not token.isascii() or not token.isdigit() or token != str(int(token)):
                raise ValueError(token)
            value = value[int(token)]
        else:
            value = value[token]
    return value


def _require_free_names(value: Any) -> None:
    if isinstance(value, dict):
        taken = sorted(RESERVED & value.keys())
        if taken:
            message = f'A claim is called "{taken[0]}", which is a name of the format.'
            raise CannotDisclose(message, pointer="", code="disclosure.reserved")
        for part in value.values():
            _require_free_names(part)
    elif isinstance(value, list):
        for part in value:
            _require_free_names(part)
