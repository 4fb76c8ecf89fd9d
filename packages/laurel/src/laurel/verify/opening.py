# SPDX-License-Identifier: Apache-2.0
"""Plain badges opened: the signature held against the issuer's key, the claims against the rules.

Only what is plain is taken: one proof of a usual kind or a JWT, by a key that stands for its issuer at every
moment. Whatever else comes is a `Fallback` to the whole way.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from laurel import jsonld, strictjson, tiers
from laurel.errors import LaurelError
from laurel.jsonld import contexts
from laurel.jsonld.effort import DEFAULT
from laurel.jsonld.frames import FRAMES, PROVED_EVERY, Match
from laurel.model.timestamp import parse_timestamp
from laurel.proof import canonical_json, canonical_rdf, jose
from laurel.proof.encodings import from_base58btc
from laurel.proof.vc_jwt import JwtCredential
from laurel.rules import plain
from laurel.strictjson import JsonValue
from laurel.tiers import Fallback
from laurel.verify import known, own_keys
from laurel.verify.known import Known, State
from laurel.verify.material import Material
from laurel.verify.own_keys import OwnKey
from laurel.verify.presented import Presented, id_of

_PROOF: Final = frozenset(
    {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
)
_PROOF_AND_CONTEXT: Final = _PROOF | {"@context"}
_RDF: Final[Mapping[str, str]] = {"eddsa-rdfc-2022": "Ed25519", "ecdsa-rdfc-2019": "P-256"}
_JSON: Final[Mapping[str, str]] = {"eddsa-jcs-2022": "Ed25519", "ecdsa-jcs-2019": "P-256"}
_ALGORITHM: Final[Mapping[str, str]] = {**_RDF, **_JSON}
_SIGNATURE_BYTES: Final = 64
_EXAMPLE: Final = "2026-11-22T09:30:00Z"


class Proofs:
    """How many reports were made this way, and whether one without a known frame was wrong."""

    uses = 0
    is_off = False

    def is_due(self) -> bool:
        """Count a report; tell whether it is time for a look at the whole way."""
        self.uses += 1
        return self.uses % (PROVED_EVERY if self.uses < 10 * PROVED_EVERY else 10 * PROVED_EVERY) == 1


proofs: Final = Proofs()


class Signed(NamedTuple):
    """A signature that holds: how it was made and by which key, when, and from when to when it serves.

    `stamp` is `created` as it is shown.
    """

    suite: str
    method: str
    created: datetime | None
    stamp: str | None
    begins: datetime | None = None
    expires: datetime | None = None


class Opened(NamedTuple):
    """A plain badge whose signature holds, and which keeps to the rules."""

    claims: Mapping[str, JsonValue]
    known: Known
    match: Match | None
    own: OwnKey
    signed: Signed
    states: list[State]

    @property
    def lists(self) -> tuple[str, ...]:
        """The URLs of its status lists, each once."""
        return tuple(dict.fromkeys(state.list_url for state in self.states))


def attempt(presented: Presented, found: Mapping[str, Material]) -> Opened | None:
    """Return what `opened` returns, or None; a credential is opened once, as long as its key is the same."""
    if presented.opened and tiers.is_on("template"):
        one: Opened = presented.opened[0]  # type: ignore[assignment]  # nothing else is put there
        if own_keys.is_current(one.own, found):
            return one
    try:
        one = opened(presented, found)
    except Fallback as reason:
        tiers.taken[f"fallback: report: {reason}"] += 1
        return None
    presented.opened[:] = [one]
    return one


def opened(presented: Presented, found: Mapping[str, Material]) -> Opened:
    """Hold the signature of what was presented against the issuer's key, and its claims against the rules.

    Args:
        found: what was found; of it only the issuer's DID document is looked at.

    Raises:
        Fallback: anything is not as plain as this takes it.
    """
    if (
        presented.fault is not None
        or presented.sd_jwt is not None
        or presented.purpose != "assertionMethod"
        or not tiers.is_on("template")
    ):
        raise Fallback("not plain")
    jwt, claims = presented.jwt, dict(presented.document)
    proof: Any = claims.pop("proof", None)
    if jwt is None:
        method = _method_of(proof, claims)
    elif isinstance(jwt, JwtCredential) and jwt.profile != "vc-data-model-1.1":
        method = jwt.kid or ""
    else:
        raise Fallback("not plain")
    own = own_keys.find(method, id_of(claims.get("issuer")), found)
    match = presented.match
    if match is None:
        with suppress(Fallback):
            match = FRAMES.find(claims)
    if match is not None:
        common = known.of_match(match, claims)
    elif proofs.is_off or not plain.is_plain(claims):
        raise Fallback("a broken rule")
    else:
        common = known.of_plain(claims)
        # From here on what has no frame is noted down.
        FRAMES.begin()
    signed = _held_proof(proof, claims, match, common, own) if jwt is None else _held_jwt(jwt, method, own)
    if match is None:
        # That it is plain and its signature holds makes it one to learn from.
        FRAMES.begin()
        FRAMES.missed(claims)
        FRAMES.good()
    return Opened(claims, common, match, own, signed, known.states(claims))


def _held_jwt(jwt: JwtCredential, method: str, own: OwnKey) -> Signed:
    created, stamp = _from_seconds(jwt.not_before)
    expires, _ = _from_seconds(jwt.expires)
    try:
        jose.verify(jwt.jws, own.key)
    except LaurelError:
        raise Fallback("a signature that does not hold") from None
    return Signed(f"vc-jwt ({jwt.profile})", method, created, stamp, created, expires)


def _method_of(proof: Any, claims: Mapping[str, JsonValue]) -> str:
    """Return the verification method of a plain proof. Raises: Fallback."""
    if type(proof) is not dict:
        raise Fallback("not plain")
    suite, method = proof.get("cryptosuite"), proof.get("verificationMethod")
    if (
        type(suite) is not str
        or type(method) is not str
        or suite not in _ALGORITHM
        or proof.get("type") != "DataIntegrityProof"
        or proof.get("proofPurpose") != "assertionMethod"
        or type(proof.get("created")) is not str
        or type(proof.get("proofValue")) is not str
    ):
        raise Fallback("not plain")
    if suite in _RDF:
        is_plain = len(proof) == len(_PROOF)
    else:
        is_plain = proof.keys() == _PROOF_AND_CONTEXT and proof["@context"] == claims.get("@context")
    if not is_plain:
        raise Fallback("not plain")
    return method


def _held_proof(
    proof: Mapping[str, Any],
    claims: dict[str, JsonValue],
    match: Match | None,
    common: Known,
    own: OwnKey,
) -> Signed:
    suite, method = proof["cryptosuite"], proof["verificationMethod"]
    if own.key.algorithm != _ALGORITHM[suite]:
        raise Fallback("not plain")
    try:
        signature = from_base58btc(proof["proofValue"])
        digest, moment, stamp = _options(suite, method, common.contexts, proof["created"])
        canonical = _canonical(suite, claims, match)
    except (LaurelError, ValueError):
        raise Fallback("a signature that is none") from None
    message = digest + hashlib.sha256(canonical).digest()
    if len(signature) != _SIGNATURE_BYTES or not own.key.verify(message, signature):
        raise Fallback("a signature that does not hold")
    return Signed(suite, method, moment, stamp)


def _canonical(suite: str, claims: dict[str, JsonValue], match: Match | None) -> bytes:
    """Return the canonical form of the claims. Raises: Fallback, LaurelError."""
    if match is None:
        if suite in _JSON:
            return canonical_json.canonical_document(claims, {}, contexts.context)
        return jsonld.canonize(claims)
    template = match.template
    if 2 * template.cost > DEFAULT:
        raise Fallback("not plain")
    if suite in _JSON:
        return template.canonical_json(match.texts)
    tiers.taken["template"] += 1
    return FRAMES.proved(template, claims, template.fill(match.texts))


@lru_cache(maxsize=2048)
def _options(suite: str, method: str, listed: bytes, created: str) -> tuple[bytes, datetime, str]:
    """Return the hash of a proof without its value, and when it was made, also as it is shown.

    Args:
        listed: the contexts of the document as JSON.

    Raises:
        Fallback, LaurelError, ValueError: they do not go together, or `created` is no moment.
    """
    moment = parse_timestamp(created)
    before, behind = _around(suite, method, listed)
    return hashlib.sha256(before + created.encode() + behind).digest(), moment, moment.isoformat()


@lru_cache(maxsize=1024)
def _around(suite: str, method: str, listed: bytes) -> tuple[bytes, bytes]:
    """Return what is hashed of a proof without its value, before its `created` and behind it.

    Raises:
        Fallback, LaurelError: they do not go together.
    """
    document = {"@context": strictjson.loads(listed)}
    form = canonical_json if suite in _JSON else canonical_rdf
    options: dict[str, JsonValue] = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": _EXAMPLE,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    written = form.canonical_options(document, form.options_for(document, options), contexts.context)
    before, sign, behind = written.partition(b'"%b"' % _EXAMPLE.encode())
    if not sign or _EXAMPLE.encode() in behind or _EXAMPLE in method:
        raise Fallback("not plain")
    return before + b'"', b'"' + behind


@lru_cache(maxsize=4096)
def _from_seconds(seconds: float | None) -> tuple[datetime | None, str | None]:
    if seconds is None:
        return None, None
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise Fallback("not plain") from None
    return moment, moment.isoformat()
