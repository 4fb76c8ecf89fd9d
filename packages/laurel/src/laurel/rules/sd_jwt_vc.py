# SPDX-License-Identifier: Apache-2.0
"""The rules of SD-JWT VC for the claims of a credential, as they are before anything is hidden."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeGuard

from laurel.model.finding import Finding

SPEC: Final = "SD-JWT VC"

# A name that nobody else uses by accident: an address, a domain name, an OID or a UUID.
_OWN_NAME: Final = re.compile(r"[^\s]*[:.-][^\s]*")
_HASH: Final = r"(?:sha256|sha384|sha512)-[A-Za-z0-9+/]+={0,2}"
_INTEGRITY: Final = re.compile(rf"{_HASH}(?: +{_HASH})*")
_TIMES: Final = ("iat", "nbf", "exp")


def check_claims(claims: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Hold the claims against the rules; without findings they keep to all of them.

    Spec: SD-JWT VC §2.2.2 (JWT claims set)
    """
    return tuple(_findings(claims))


def _findings(claims: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _types(claims)
    for name in ("iss", "sub"):
        if name in claims and not (isinstance(claims[name], str) and claims[name]):
            yield _finding("text", f"/{name}", f"{name} is a text.")
    yield from _times(claims)
    confirmation = claims.get("cnf", ...)
    if confirmation is not ... and not (isinstance(confirmation, dict) and confirmation):
        yield _finding("cnf", "/cnf", "cnf names the key of the holder, for instance as a jwk.")
    status = claims.get("status", ...)
    if status is not ... and not (isinstance(status, dict) and status):
        yield _finding("status", "/status", "status is an object that says where the status is kept.")
    elif isinstance(status, dict) and "status_list" in status:
        yield from _status_list(status["status_list"])


def _types(claims: Mapping[str, Any]) -> Iterator[Finding]:
    kind = claims.get("vct")
    if not _is_name(kind):
        message = "vct names the type of the credential, by an address for instance. Give one."
        yield _finding("vct", "/vct", message)
    others = claims.get("aka_vcts", ...)
    if others is not ...:
        if not isinstance(others, list) or not others or not all(map(_is_name, others)):
            yield _finding("aka-vcts", "/aka_vcts", "aka_vcts is a list of names of further types.")
        elif kind in others:
            yield _finding("aka-vcts", "/aka_vcts", "aka_vcts repeats the vct.")
    integrity = claims.get("vct#integrity", ...)
    if integrity is not ... and not (isinstance(integrity, str) and _INTEGRITY.fullmatch(integrity)):
        message = "vct#integrity is a hash as browsers write it: sha256- and base64."
        yield _finding("integrity", "/vct#integrity", message)


def _times(claims: Mapping[str, Any]) -> Iterator[Finding]:
    for name in _TIMES:
        if name in claims and not _is_number(claims[name]):
            yield _finding("time", f"/{name}", f"{name} is a number of seconds since 1970.")
    begins, ends = claims.get("nbf"), claims.get("exp")
    if _is_number(begins) and _is_number(ends) and ends < begins:
        yield _finding("period", "/exp", "The credential ends before it begins.")


def _status_list(listed: Any) -> Iterator[Finding]:
    place = "/status/status_list"
    index, uri = (listed.get("idx"), listed.get("uri")) if isinstance(listed, dict) else (None, None)
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        yield _finding("status", place, "idx is the credential's number in the list, from 0.")
    if not isinstance(uri, str) or not uri:
        yield _finding("status", place, "uri is the address of the list.")


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and _OWN_NAME.fullmatch(value) is not None


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _finding(code: str, pointer: str, message: str) -> Finding:
    return Finding(code=f"sd-jwt-vc.{code}", pointer=pointer, message=message, spec=SPEC)
