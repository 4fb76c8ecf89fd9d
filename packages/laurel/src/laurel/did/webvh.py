# SPDX-License-Identifier: Apache-2.0
"""did:webvh: a log of all versions of the DID document, in which each entry proves the one before it.

Whoever takes over the web server cannot rewrite the log: its first entry makes the identifier, every entry is
signed by a key that the entry before allowed, and witnesses may have to agree. laurel reads such logs and
writes none. It takes no Unicode in domains and paths, and no query in a DID URL.

Spec: did:webvh 1.0 #read-resolve
"""

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, final

import rfc8785

from laurel.did import webvh_parameters
from laurel.did.documents import BadLog
from laurel.did.syntax import identifier_of, method_of
from laurel.did.web import folder
from laurel.did.webvh_parameters import Parameters, multihash
from laurel.errors import LaurelError, NotADid, NotAKey
from laurel.model.timestamp import format_timestamp, parse_timestamp
from laurel.proof import data_integrity
from laurel.proof.keys import VerifyingKey
from laurel.strictjson import JsonValue, dumps, loads

MOST_BYTES: Final = 1024 * 1024
MOST_ENTRIES: Final = 500
MOST_PROOFS: Final = 1_000
# An entry of a usual document holds some eighty; each is written out again for every signature over it.
MOST_VALUES: Final = 40_000
SKEW: Final = timedelta(minutes=5)

_SUITE: Final = "eddsa-jcs-2022"
_SCID: Final = re.compile(r"Qm[1-9A-HJ-NP-Za-km-z]{44}")
_VERSION: Final = re.compile(r"([1-9][0-9]{0,5})-(Qm[1-9A-HJ-NP-Za-km-z]{44})")
_MEMBERS: Final = frozenset({"versionId", "versionTime", "parameters", "state", "proof"})
_LISTING: Final = (
    "verificationMethod",
    "assertionMethod",
    "authentication",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)
_PLACEHOLDER: Final = "{SCID}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One entry of a log that was found good: a DID document and since when it holds."""

    id: str
    time: datetime
    document: Mapping[str, JsonValue] = field(repr=False)
    parameters: Parameters = field(repr=False)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All versions of a DID, the oldest first, each entry's signature and hash checked; witnesses are not."""

    did: str
    versions: tuple[Version, ...]
    #: What came of the files of witnesses that were held against it, by their hashes.
    judged: dict[bytes, BadLog | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def document(self) -> Mapping[str, JsonValue]:
        """The DID document of today."""
        return self.versions[-1].document

    @property
    def is_deactivated(self) -> bool:
        """Tell whether the identifier was given up."""
        return self.versions[-1].parameters.deactivated

    @property
    def is_witnessed(self) -> bool:
        """Tell whether any version needs witnesses, so that their file has to be looked at too."""
        return any(self.witnessing(place) for place in range(len(self.versions)))

    def witnessing(self, place: int) -> webvh_parameters.Witnessing | None:
        """Return who has to agree to a version: those named before it, or if nobody was, those that it names.

        Spec: did:webvh 1.0 #the-witness-parameter, #witness-lists
        """
        before = self.versions[place - 1].parameters.witness if place else None
        return before or self.versions[place].parameters.witness


def url(identifier: str) -> str:
    """Return the URL of the log of a did:webvh. Raises: NotADid.

    Spec: did:webvh 1.0 #the-did-to-https-transformation
    """
    return folder(_parts(identifier)[1]) + "did.jsonl"


def witness_url(identifier: str) -> str:
    """Return the URL of the file in which the witnesses of a did:webvh agree. Raises: NotADid."""
    return folder(_parts(identifier)[1]) + "did-witness.json"


def read(identifier: str, data: bytes) -> History:
    """Check every entry of a log, and return the versions of the document.

    What was found is remembered for a while: a check asks for the same log several times.

    Args:
        identifier: the DID whose log it should be.
        data: the did.jsonl as served, 1 MiB, 500 entries and 40,000 values at most.

    Raises:
        BadLog: it breaks a rule of the method, or is too large. The whole log counts as broken then.
        NotADid: the identifier is no did:webvh.

    Spec: did:webvh 1.0 #read-resolve
    """
    outcome = _read_once(identifier, bytes(data))
    if isinstance(outcome, LaurelError):
        raise outcome
    return outcome


@lru_cache(maxsize=8)
def _read_once(identifier: str, data: bytes) -> History | LaurelError:
    try:
        return _read(identifier, data)
    except LaurelError as error:
        return error.with_traceback(None)


def require_witnesses(history: History, data: bytes) -> None:
    """Check that enough witnesses agreed to every version that needs them.

    An approval of one version is an approval of all before it. Proofs of strangers, of versions that are not
    in the log, and those that do not hold count for nothing.

    Args:
        data: the did-witness.json as served.

    Raises:
        BadLog: too few of them agreed to a version, or the file is not one.

    What came of it is remembered with the history: a check asks several times, and for each signature.

    Spec: did:webvh 1.0 #verifying-witness-proofs-during-resolution
    """
    name = hashlib.sha256(data).digest()
    if name in history.judged:
        outcome = history.judged[name]
    else:
        outcome = _fault_of_witnesses(history, data)
        if len(history.judged) < MOST_ENTRIES:
            history.judged[name] = outcome
    if outcome is not None:
        raise outcome.with_traceback(None)


def _fault_of_witnesses(history: History, data: bytes) -> BadLog | None:
    try:
        _require_witnesses(history, data)
    except BadLog as error:
        return error
    return None


def _require_witnesses(history: History, data: bytes) -> None:
    places = {version.id: place for place, version in enumerate(history.versions)}
    latest: dict[str, int] = {}
    for version_id, proofs in _witness_file(data):
        place = places.get(version_id)
        if place is None:
            continue
        for proof in proofs:
            witness = _signer(proof)
            if latest.get(witness, -1) < place and _is_signed({"versionId": version_id}, proof, witness):
                latest[witness] = place
    for place in range(len(history.versions)):
        needed = history.witnessing(place)
        if needed is None:
            continue
        agreed = sum(latest.get(witness, -1) >= place for witness in needed.witnesses)
        if agreed < needed.threshold:
            raise BadLog("Too few witnesses agreed to a version of the identifier.")


def document_at(history: History, *, at: datetime, signed_at: datetime | None) -> dict[str, JsonValue]:
    """Return the DID document by which to judge a signature: the one that held when it was made.

    Without a moment of signing it is the one of today. What a later version says of a key that it still
    lists, such as that it was revoked, holds for the earlier versions too. After the identifier was given up
    all of its keys count as revoked.

    Args:
        at: now, UTC.
        signed_at: when the signature says that it was made.

    Raises:
        BadLog: an entry lies ahead of now, or the identifier did not exist when the signature was made.

    Spec: did:webvh 1.0 #read-resolve (versionTime), #deactivate-revoke
    """
    if history.versions[-1].time - at > SKEW:
        raise BadLog("The log of the identifier has an entry of a time that has not come yet.")
    chosen = history.versions[-1]
    if signed_at is not None:
        if history.versions[0].time - signed_at > SKEW:
            raise BadLog("The identifier did not exist yet when the signature was made.")
        earlier = [version for version in history.versions if version.time <= signed_at]
        chosen = (earlier or history.versions[:1])[-1]
    # A DID that has moved keeps the keys that it had under its old name, for what they signed then.
    if chosen.document.get("id") != history.did:
        return {"id": history.did}
    ends: dict[str, dict[str, JsonValue]] = {}
    for version in history.versions:
        for method in _methods(version.document):
            ended = ends.setdefault(_name(method, history.did), {})
            # An end may be moved; a revocation only to the front, for a thief may move it back.
            if "expires" in method:
                ended["expires"] = method["expires"]
            if "revoked" in method:
                ended["revoked"] = min(ended.get("revoked", method["revoked"]), method["revoked"], key=_when)
    gone: dict[str, JsonValue] = (
        {"revoked": format_timestamp(history.versions[-1].time)} if history.is_deactivated else {}
    )

    def ended_by_now(value: JsonValue) -> JsonValue:
        return {**value, **ends[_name(value, history.did)], **gone} if isinstance(value, dict) else value

    return {
        name: [ended_by_now(item) for item in value]
        if name in _LISTING and isinstance(value, list)
        else value
        for name, value in chosen.document.items()
    }


def _read(identifier: str, data: bytes) -> History:
    scid, _ = _parts(identifier)
    if len(data) > MOST_BYTES:
        raise BadLog("The log of the identifier is larger than 1 MiB.")
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise BadLog(f"The log of the identifier holds more than {MOST_VALUES:,} values.")
    lines = [line for line in data.split(b"\n") if line.strip()]
    if not 0 < len(lines) <= MOST_ENTRIES:
        raise BadLog(f"The log of the identifier has no entry, or more than {MOST_ENTRIES}.")
    versions: list[Version] = []
    for line in lines:
        versions.append(_version(_entry(line), versions, scid))
    if not any(version.document.get("id") == identifier for version in versions):
        raise BadLog("The log belongs to another identifier.")
    return History(did=identifier, versions=tuple(versions))


def _entry(line: bytes) -> dict[str, JsonValue]:
    try:
        entry = loads(line)
    except LaurelError as error:
        raise BadLog(f"An entry of the log cannot be read. {error}") from error
    if not isinstance(entry, dict) or set(entry) != _MEMBERS:
        raise BadLog("An entry of the log is not one.")
    return entry


def _version(entry: Mapping[str, JsonValue], earlier: list[Version], scid: str) -> Version:
    """Check one entry against those before it. Raises: BadLog."""
    before = earlier[-1] if earlier else None
    if before is not None and before.parameters.deactivated:
        raise BadLog("The log goes on after the identifier was given up.")
    parameters = webvh_parameters.after(before.parameters if before else None, entry["parameters"])
    unsigned = {name: value for name, value in entry.items() if name != "proof"}
    _require_chained(unsigned, before, len(earlier) + 1, scid)
    if before is None:
        _require_scid(unsigned, parameters.scid, scid)
    _require_signed(entry, parameters.authorised)
    document = _state(entry["state"], before, parameters, scid)
    return Version(
        id=str(entry["versionId"]), time=_time(entry, before), document=document, parameters=parameters
    )


def _require_chained(
    unsigned: Mapping[str, JsonValue], before: Version | None, number: int, scid: str
) -> None:
    """Check number and hash of an entry. Spec: did:webvh 1.0 #verify-the-entry-hash"""
    named = unsigned["versionId"]
    match = _VERSION.fullmatch(named) if isinstance(named, str) else None
    if match is None or int(match[1]) != number:
        raise BadLog("The entries of the log are not numbered one by one.")
    if match[2] != _hash({**unsigned, "versionId": before.id if before else scid}):
        raise BadLog("An entry of the log was changed after it was made.")


def _require_scid(unsigned: Mapping[str, JsonValue], named: str, scid: str) -> None:
    """Check that the first entry makes the identifier. Spec: did:webvh 1.0 #verify-scid"""
    text = dumps({**unsigned, "versionId": _PLACEHOLDER}).decode().replace(named, _PLACEHOLDER)
    if named != scid or _hash(_entry_of(text)) != scid:
        raise BadLog("The identifier was not made from the first entry of the log.")


def _entry_of(text: str) -> Mapping[str, JsonValue]:
    value = loads(text)
    return value if isinstance(value, dict) else {}


def _hash(value: Mapping[str, JsonValue]) -> str:
    try:
        canonical = rfc8785.dumps(dict(value))
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise BadLog("An entry of the log has no canonical form.") from error
    return multihash(canonical)


def _time(entry: Mapping[str, JsonValue], before: Version | None) -> datetime:
    said = entry["versionTime"]
    try:
        moment = parse_timestamp(said if isinstance(said, str) else "")
    except ValueError as error:
        raise BadLog("An entry of the log has a time that is none.") from error
    if moment.utcoffset() or (before is not None and moment <= before.time):
        raise BadLog("The times of the log are not in UTC, each later than the one before.")
    return moment


def _state(
    state: JsonValue, before: Version | None, parameters: Parameters, scid: str
) -> Mapping[str, JsonValue]:
    """Check whose document an entry holds. Spec: did:webvh 1.0 #did-portability"""
    name = state.get("id") if isinstance(state, dict) else None
    try:
        own = _parts(name)[0] if isinstance(name, str) else None
        if isinstance(name, str):
            url(name)
    except NotADid as error:
        raise BadLog("An entry of the log holds no document of a did:webvh.") from error
    if own != scid or not isinstance(state, dict):
        raise BadLog("An entry of the log holds the document of another identifier.")
    if before is not None and before.document["id"] != name:
        others = state.get("alsoKnownAs")
        if not parameters.portable or not isinstance(others, list) or before.document["id"] not in others:
            raise BadLog("The identifier has moved, and was not made to, or does not name its old address.")
    return state


def _require_signed(entry: Mapping[str, JsonValue], authorised: tuple[str, ...]) -> None:
    """Check every proof of an entry. Spec: did:webvh 1.0 #authorized-keys"""
    proofs = entry["proof"] if isinstance(entry["proof"], list) else [entry["proof"]]
    unsigned = {name: value for name, value in entry.items() if name != "proof"}
    if not proofs or len(proofs) > 4:
        raise BadLog("An entry of the log has no signature, or too many.")
    for proof in proofs:
        signer = _signer(proof)
        if signer.removeprefix("did:key:") not in authorised or not _is_signed(unsigned, proof, signer):
            raise BadLog("An entry of the log is not signed by a key that may change the identifier.")


def _signer(proof: JsonValue) -> str:
    """Return the did:key that a proof names, both halves of its method being the same; else nothing."""
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    owner, _, fragment = method.partition("#") if isinstance(method, str) else ("", "", "")
    return owner if owner.startswith("did:key:") and owner == f"did:key:{fragment}" else ""


def _is_signed(document: Mapping[str, JsonValue], proof: JsonValue, signer: str) -> bool:
    """Tell whether a proof of the one permitted suite holds under the key that its did:key is."""
    is_permitted = isinstance(proof, dict) and proof.get("cryptosuite") == _SUITE and signer
    try:
        if not is_permitted:
            return False
        whole = {**document, "proof": proof}
        (read,) = data_integrity.proofs(whole)
        key = VerifyingKey.from_multikey(signer.removeprefix("did:key:"), id=read.verification_method)
        data_integrity.verify(whole, read, key)
    except (LaurelError, NotAKey):
        return False
    return True


def _witness_file(data: bytes) -> list[tuple[str, list[JsonValue]]]:
    try:
        value = loads(data, limit=MOST_BYTES)
    except LaurelError as error:
        raise BadLog(f"The file of the witnesses cannot be read. {error}") from error
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    found: list[tuple[str, list[JsonValue]]] = []
    for row in rows:
        name, proofs = row.get("versionId"), row.get("proof")
        if isinstance(name, str) and isinstance(proofs, list):
            found.append((name, proofs))
    if sum(len(proofs) for _, proofs in found) > MOST_PROOFS:
        raise BadLog(f"The file of the witnesses has more than {MOST_PROOFS:,} signatures.")
    return found


def _methods(document: Mapping[str, JsonValue]) -> list[dict[str, JsonValue]]:
    """Return the keys of a document, those that stand inside a relationship too."""
    lists = [value for name in _LISTING if isinstance(value := document.get(name), list)]
    return [method for listed in lists for method in listed if isinstance(method, dict)]


def _when(said: JsonValue) -> float:
    """Return a moment as a number; one that is none comes first, for such a key is of no use."""
    try:
        return parse_timestamp(said if isinstance(said, str) else "").timestamp()
    except ValueError:
        return -math.inf


def _name(method: Mapping[str, JsonValue], did: str) -> str:
    name = str(method.get("id"))
    return did + name if name.startswith("#") else name


def _parts(identifier: str) -> tuple[str, str]:
    """Return the SCID and the rest of a did:webvh. Raises: NotADid."""
    if method_of(identifier) != "webvh":
        raise NotADid("The DID is not a did:webvh.")
    scid, _, location = identifier_of(identifier).partition(":")
    if not _SCID.fullmatch(scid) or not location:
        raise NotADid("The did:webvh does not begin with the hash of its first entry.")
    return scid, location
