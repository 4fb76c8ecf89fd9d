# SPDX-License-Identifier: Apache-2.0
"""The parameters of a did:webvh log: who may change the identifier, who witnesses that, and how it ends."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from laurel.did.documents import BadLog
from laurel.errors import NotAKey
from laurel.proof.encodings import to_base58btc
from laurel.proof.keys import VerifyingKey
from laurel.strictjson import JsonValue

METHOD: Final = "did:webvh:1.0"
MOST_KEYS: Final = 50
_NAMES: Final = frozenset(
    {
        "method",
        "scid",
        "updateKeys",
        "nextKeyHashes",
        "witness",
        "watchers",
        "portable",
        "deactivated",
        "ttl",
    }
)
_LONGEST_TTL: Final = 2**31


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessing:
    """Who has to agree to a version: at least `threshold` of the did:keys in `witnesses`."""

    threshold: int
    witnesses: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What holds after an entry. `authorised` are the keys that may have signed this very entry."""

    scid: str
    update_keys: tuple[str, ...]
    next_key_hashes: tuple[str, ...]
    witness: Witnessing | None
    portable: bool
    deactivated: bool
    authorised: tuple[str, ...]


def after(before: Parameters | None, said: JsonValue) -> Parameters:
    """Return the parameters after an entry that says these, on top of those before it.

    A null stands for the default, as older software wrote it.

    Raises:
        BadLog: an unknown or malformed parameter, one that may not be set here, or keys that the entry before
            did not announce.

    Spec: did:webvh 1.0 #didwebvh-did-method-parameters, #authorized-keys, #pre-rotation
    """
    if not isinstance(said, dict) or not said.keys() <= _NAMES:
        raise BadLog("An entry of the log sets a parameter that we do not know.")
    if said.get("method", None if before is None else METHOD) != METHOD:
        raise BadLog(f"The log follows another version of the method than {METHOD}.")
    scid = _scid(before, said)
    keys = _keys(said, "updateKeys", before.update_keys if before else ())
    hashes = _texts(said, "nextKeyHashes", before.next_key_hashes if before else ())
    announced = before.next_key_hashes if before else ()
    if announced:
        # Nothing is inherited here: that would let the keys of before go round the announcement.
        if not {"updateKeys", "nextKeyHashes"} <= said.keys():
            raise BadLog("An entry of the log does not name its keys, which were announced before.")
        if not all(multihash(key.encode()) in announced for key in keys):
            raise BadLog("An entry of the log names a key that was not announced before.")
    if before is None and not keys:
        raise BadLog("The first entry of the log names no keys.")
    _texts(said, "watchers", ())
    _check_lifetime(said)
    return Parameters(
        scid=scid,
        update_keys=keys,
        next_key_hashes=hashes,
        witness=_witness(said, before.witness if before else None),
        portable=_portable(before, said),
        deactivated=_flag(said, "deactivated", before=False),
        authorised=keys if before is None or announced else before.update_keys,
    )


def _scid(before: Parameters | None, said: Mapping[str, JsonValue]) -> str:
    if before is not None:
        if "scid" in said:
            raise BadLog("A later entry of the log sets the identifier anew.")
        return before.scid
    scid = said.get("scid")
    if not isinstance(scid, str) or not scid:
        raise BadLog("The first entry of the log does not say which identifier it makes.")
    return scid


def _portable(before: Parameters | None, said: Mapping[str, JsonValue]) -> bool:
    wanted = _flag(said, "portable", before=before.portable if before else False)
    if before is not None and said.get("portable") is True:
        raise BadLog("A later entry of the log lets the identifier move.")
    return wanted


def _flag(said: Mapping[str, JsonValue], name: str, *, before: bool) -> bool:
    if name not in said:
        return before
    value = said[name]
    if value is not None and not isinstance(value, bool):
        raise BadLog(f"The parameter {name} of the log is neither true nor false.")
    return bool(value)


def _texts(said: Mapping[str, JsonValue], name: str, before: tuple[str, ...]) -> tuple[str, ...]:
    if name not in said:
        return before
    value = said[name]
    listed = [] if value is None else value
    if not isinstance(listed, list) or len(listed) > MOST_KEYS or not all(isinstance(v, str) for v in listed):
        raise BadLog(f"The parameter {name} of the log is not a list of at most {MOST_KEYS} texts.")
    return tuple(str(item) for item in listed)


def _keys(said: Mapping[str, JsonValue], name: str, before: tuple[str, ...]) -> tuple[str, ...]:
    keys = _texts(said, name, before)
    if keys is not before:
        for key in keys:
            _require_ed25519(key)
    return keys


def _witness(said: Mapping[str, JsonValue], before: Witnessing | None) -> Witnessing | None:
    """Return who has to witness the entries that follow. Spec: did:webvh 1.0 #the-witness-parameter"""
    if "witness" not in said:
        return before
    value = said["witness"]
    if value is None or value == {}:
        return None
    threshold, listed = (
        (value.get("threshold"), value.get("witnesses")) if isinstance(value, dict) else (None, None)
    )
    rows = listed if isinstance(listed, list) and len(listed) <= MOST_KEYS else []
    ids = [row.get("id") for row in rows if isinstance(row, dict)]
    names = tuple(name for name in ids if isinstance(name, str) and name.startswith("did:key:"))
    if len(names) != len(rows) or len(set(names)) != len(names):
        raise BadLog("The witnesses in the log are not did:keys, each named once.")
    if not isinstance(threshold, int) or isinstance(threshold, bool) or not 1 <= threshold <= len(names):
        raise BadLog("The log does not say how many of its witnesses have to agree.")
    for name in names:
        _require_ed25519(name.removeprefix("did:key:"))
    return Witnessing(threshold=threshold, witnesses=names)


def _require_ed25519(multikey: str) -> None:
    try:
        key = VerifyingKey.from_multikey(multikey)
    except NotAKey as error:
        raise BadLog(f"The log names a key that is none. {error}") from error
    if key.algorithm != "Ed25519":
        raise BadLog(f"The log names a key of the kind {key.algorithm}; the method takes Ed25519 only.")


def _check_lifetime(said: Mapping[str, JsonValue]) -> None:
    ttl = said.get("ttl")
    if ttl is not None and (
        not isinstance(ttl, int) or isinstance(ttl, bool) or not 0 <= ttl <= _LONGEST_TTL
    ):
        raise BadLog("The time to live in the log is not a number of seconds.")


def multihash(data: bytes) -> str:
    """Return the SHA-256 of the data as a multihash in base58btc, without a letter for the base in front."""
    return to_base58btc(b"\x12\x20" + hashlib.sha256(data).digest())[1:]
