# SPDX-License-Identifier: Apache-2.0
"""Signing what was checked, as a Data Integrity proof or as a JWT."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from laurel import strictjson
from laurel.errors import DataLoss, FailedChecks, NotAKey, ProofFault
from laurel.issue.checking import STATUS_LIST_RULES, Checked, checked_by
from laurel.issue.showing import mandatory_pointers
from laurel.jsonld import contexts
from laurel.model.finding import Finding
from laurel.model.timestamp import require_offset
from laurel.proof import canonical_json, canonical_rdf, data_integrity, vc_jwt
from laurel.proof.encodings import to_base58btc
from laurel.proof.keys import SigningKey
from laurel.strictjson import JsonValue

Suite = Literal["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023"]
JwtProfile = Literal["open-badges-3.0", "vc-jose-cose"]

_JSON_SUITES: Final = ("eddsa-jcs-2022", "ecdsa-jcs-2019")
_NO_SIGNATURE: Final = to_base58btc(bytes(64))


class Opening(NamedTuple):
    """A proof but for its value: as JSON up to the value, its members, and the hash of its canonical form."""

    written: bytes
    options: Mapping[str, JsonValue]
    digest: bytes


def sign(
    checked: Checked,
    key: SigningKey,
    *,
    suite: Suite = "eddsa-rdfc-2022",
    created: datetime,
    mandatory: Sequence[str] = (),
) -> bytes:
    """Return the document with a Data Integrity proof, as the bytes to be stored and served.

    Args:
        checked: what `check` or `check_document` gave.
        key: the issuer's key, of a kind that the suite takes; its id is a verification method of the issuer.
        suite: "eddsa-rdfc-2022", the one that OB 3.0 certifies first, or another.
        created: when the proof is made; any zone.
        mandatory: for "ecdsa-sd-2023", JSON Pointers to what the holder cannot leave out, besides what no
            badge is without. The outcome is for the holder alone; see `laurel.present.reveal`.

    Raises:
        FailedChecks: the key is not the issuer's, or a mandatory pointer leads to nothing.
        NotAKey: the key has no id, or does not fit the suite.
        ValueError: `created` has no offset from UTC, or there are mandatory pointers for another suite.

    Spec: OB 3.0 #lds-proof; Data Integrity 1.0 #add-proof
    """
    require_offset(created, "created")
    require_issuers_key(checked.issuer_id, key)
    require_kind(suite, key)
    if suite == "ecdsa-sd-2023":
        return _signed_for_holder(checked, key, created, mandatory)
    if mandatory:
        raise ValueError(f"Under {suite} everything is shown, so nothing is mandatory.")
    if key.algorithm == "P-384":
        # Its hash is another one, and so are the labels that come of it.
        document = data_integrity.sign(checked.document, key, suite=suite, created=created)
        return strictjson.dumps(document)
    opening = opening_of(suite, str(key.id), to_the_second(created), checked.listed)
    canonical = checked.canonical_json() if suite in _JSON_SUITES else checked.canonical
    return secured(checked.written, canonical, opening, key)


def _signed_for_holder(
    checked: Checked, key: SigningKey, created: datetime, mandatory: Sequence[str]
) -> bytes:
    document = checked.document
    pointers = mandatory_pointers(document, mandatory)
    try:
        made = data_integrity.sign(document, key, suite="ecdsa-sd-2023", created=created, mandatory=pointers)
    except (ProofFault, DataLoss) as error:
        finding = Finding(
            code=error.code, pointer="", message=str(error), spec="ECDSA Cryptosuites 1.0 §3.6.2"
        )
        raise FailedChecks((finding,)) from error
    return strictjson.dumps(made)


def secured(written: bytes, canonical: bytes, opening: Opening, key: SigningKey) -> bytes:
    """Return a document as JSON with a proof at its end, as `data_integrity.sign` would make it.

    Args:
        written: the document as compact JSON, without a proof.
        canonical: the same in the form that the suite hashes.
    """
    signature = key.sign(opening.digest + hashlib.sha256(canonical).digest())
    value = to_base58btc(signature).encode()
    return b"".join((written[:-1], b',"proof":', opening.written, value, b'"}}'))


def to_the_second(moment: datetime) -> datetime:
    """Return a moment without its parts of a second, which no proof tells."""
    return moment.replace(microsecond=0) if moment.microsecond else moment


@lru_cache(maxsize=256)
def opening_of(suite: Suite, method: str, created: datetime, listed: bytes) -> Opening:
    """Return how a proof begins; many credentials are signed in one second and under the same contexts.

    `listed` is the `@context` of the document as JSON.
    """
    if created.tzinfo is None:
        raise ValueError("A moment needs its offset from UTC.")
    form = canonical_json if suite in _JSON_SUITES else canonical_rdf
    document = {"@context": json.loads(listed)}
    options = form.options_for(
        document,
        {
            "type": "DataIntegrityProof",
            "cryptosuite": suite,
            "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "verificationMethod": method,
            "proofPurpose": "assertionMethod",
        },
    )
    # Read back what is about to be made, so that we never give out a proof that we would refuse.
    data_integrity.proofs({"proof": {**options, "proofValue": _NO_SIGNATURE}})
    canonical = form.canonical_options(document, options, contexts.context)
    written = strictjson.dumps({**options, "proofValue": ""})[:-2]
    return Opening(written, options, hashlib.sha256(canonical).digest())


def sign_jwt(checked: Checked, key: SigningKey, *, profile: JwtProfile = "open-badges-3.0") -> str:
    """Return the document as a compact JWS.

    Args:
        checked: what `check` or `check_document` gave.
        key: the issuer's key of any kind; its id becomes the `kid`.
        profile: "open-badges-3.0" or "vc-jose-cose"; readers of the one refuse the other.

    Raises:
        FailedChecks: the key is not the issuer's.
        NotAKey: the key has no id.
    Spec: OB 3.0 #jwt-proof; VC-JOSE-COSE 1.0 #securing-with-jose
    """
    require_issuers_key(checked.issuer_id, key)
    return vc_jwt.sign_written(checked.written, checked.outline, key, profile=profile)


def sign_status_list(
    document: Mapping[str, Any], key: SigningKey, *, created: datetime, suite: Suite = "eddsa-rdfc-2022"
) -> bytes:
    """Check a status list credential, such as `laurel.status.bitstring.list_credential` makes, and sign it.

    Raises:
        FailedChecks: it breaks a rule, or the key is not the issuer's.
        NotAKey: the key has no id, or does not fit the suite.
        ValueError: `created` has no offset from UTC.
    Spec: Bitstring Status List 1.0 #bitstringstatuslistcredential
    """
    require_offset(created, "created")
    # A list of a million entries that nobody could shorten fits into the document's own limit only.
    checked = checked_by(document, STATUS_LIST_RULES, longest_string=strictjson.MAX_BYTES)
    return sign(checked, key, suite=suite, created=created)


def require_issuers_key(issuer_id: str, key: SigningKey) -> None:
    """Refuse a key that is not the issuer's. Raises: NotAKey, FailedChecks."""
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    # A credential signed by somebody else's key reads well and never verifies: worth a refusal now.
    if key.id.partition("#")[0] != issuer_id:
        message = f"The key {key.id} does not belong to the issuer {issuer_id}."
        raise FailedChecks(
            (Finding(code="issue.key", pointer="/issuer", message=message, spec="OB 3.0 #lds-proof"),)
        )


def require_kind(suite: Suite, key: SigningKey) -> None:
    """Refuse a key of a kind that the suite does not take. Raises: NotAKey."""
    kinds = data_integrity.SUITES[suite].algorithms
    if key.algorithm not in kinds:
        raise NotAKey(
            f"A proof {suite} needs a key of the kind {' or '.join(kinds)}; this one is {key.algorithm}."
        )
