# SPDX-License-Identifier: Apache-2.0
"""Plain badges opened: the signature held against the issuer's key, the claims against the rules.

Only what is plain is taken: one proof of a usual kind or a JWT, by a key that stands for its issuer at every
moment. Whatever else comes is a `Fallback` to the whole way.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from laurel import jsonld, strictjson, tiers
from laurel.errors import LaurelError
from laurel.jsonld import contexts
from laurel.jsonld.effort import DEFAULT, Effort
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
_MOMENT: Final = b"2026-11-22T09:30:00Z"
_METHOD: Final = b"HOLE#HOLE"
# Letters that stand for themselves in JSON, in N-Quads and in an IRI.
_PLAIN_METHOD: Final = re.compile(r"did:(?:key|jwk|web):[A-Za-z0-9._:%-]+#[A-Za-z0-9._:-]+")


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

    `stamp` is `created` as it is shown, `cost` what the whole way takes from a budget of work.
    """

    suite: str
    method: str
    created: datetime | None
    stamp: str | None
    begins: datetime | None = None
    expires: datetime | None = None
    cost: int = 0


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
        method = method_of(proof, claims)
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
    elif proofs.is_off:
        raise Fallback("a quick report that differed")
    elif not plain.is_plain(claims):
        raise Fallback(plain.why_not())
    else:
        common = known.of_plain(claims)
        # From here on what has no frame is noted down.
        FRAMES.begin()
    if jwt is None:
        signed = held(proof, own, common.contexts, lambda: _canonical(proof["cryptosuite"], claims, match))
    else:
        signed = _held_jwt(jwt, method, own)
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


def method_of(proof: Any, claims: Mapping[str, JsonValue]) -> str:
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


def is_of_json(suite: str) -> bool:
    """Tell whether a suite of `method_of` hashes the canonical JSON of a document."""
    return suite in _JSON


def held(
    proof: Mapping[str, Any], own: OwnKey, listed: bytes, canonical: Callable[[], tuple[bytes, int]]
) -> Signed:
    """Hold a proof of which `method_of` told the method against the key of that name.

    Args:
        listed: the contexts of the document as JSON.
        canonical: gives the canonical form of the document without its proof, and what it costs.

    Raises:
        Fallback: it does not hold, or it may be signed otherwise.
    """
    suite, method = proof["cryptosuite"], proof["verificationMethod"]
    if own.key.algorithm != _ALGORITHM[suite]:
        raise Fallback("not plain")
    try:
        signature = from_base58btc(proof["proofValue"])
        digest, moment, stamp, cost = _options(suite, method, listed, proof["created"])
        written, more = canonical()
    except (LaurelError, ValueError):
        raise Fallback("a signature that is none") from None
    message = digest + hashlib.sha256(written).digest()
    if len(signature) != _SIGNATURE_BYTES or not own.key.verify(message, signature):
        raise Fallback("a signature that does not hold")
    return Signed(suite, method, moment, stamp, cost=cost + more)


def _canonical(suite: str, claims: dict[str, JsonValue], match: Match | None) -> tuple[bytes, int]:
    """Return the canonical form of the claims, and what it costs. Raises: Fallback, LaurelError."""
    if match is None:
        if suite in _JSON:
            return canonical_json.canonical_document(claims, {}, contexts.context), 0
        effort = Effort()
        return jsonld.canonize(claims, effort=effort), DEFAULT - effort.left
    template = match.template
    if 2 * template.cost > DEFAULT:
        raise Fallback("not plain")
    if suite in _JSON:
        return template.canonical_json(match.texts), 0
    tiers.taken["template"] += 1
    return FRAMES.proved(template, claims, template.fill(match.texts)), template.cost


@lru_cache(maxsize=2048)
def _options(suite: str, method: str, listed: bytes, created: str) -> tuple[bytes, datetime, str, int]:
    """Return the hash of a proof without its value, when it was made, also as it is shown, and what it costs.

    Args:
        listed: the contexts of the document as JSON.

    Raises:
        Fallback, LaurelError, ValueError: they do not go together, or `created` is no moment.
    """
    moment = parse_timestamp(created)
    if _PLAIN_METHOD.fullmatch(method) is None:
        raise Fallback("not plain")
    gaps = {_MOMENT: created.encode(), _METHOD: method.encode()}
    parts, cost = _parts(suite, method.split(":", 2)[1], listed)
    written = b"".join(gaps.get(part, part) for part in parts)
    return hashlib.sha256(written).digest(), moment, moment.isoformat(), cost


@lru_cache(maxsize=256)
def _parts(suite: str, kind: str, listed: bytes) -> tuple[list[bytes], int]:
    """Return what is hashed of a proof without its value, with a gap for its moment and one for its method.

    In nothing else do the proofs of issuers with one kind of DID differ.

    Raises:
        Fallback, LaurelError: they do not go together.
    """
    document = {"@context": strictjson.loads(listed)}
    form = canonical_json if suite in _JSON else canonical_rdf
    options: dict[str, JsonValue] = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": _MOMENT.decode(),
        "verificationMethod": f"did:{kind}:HOLE#HOLE",
        "proofPurpose": "assertionMethod",
    }
    effort = Effort()
    written = form.canonical_options(document, form.options_for(document, options), contexts.context, effort)
    parts = re.split(b"(%b|did:%b:HOLE#HOLE)" % (_MOMENT, kind.encode()), written)
    if len(parts) != 5 or parts[1] == parts[3]:
        raise Fallback("not plain")
    return [_METHOD if part.endswith(b":HOLE#HOLE") else part for part in parts], DEFAULT - effort.left


@lru_cache(maxsize=4096)
def _from_seconds(seconds: float | None) -> tuple[datetime | None, str | None]:
    if seconds is None:
        return None, None
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise Fallback("not plain") from None
    return moment, moment.isoformat()
