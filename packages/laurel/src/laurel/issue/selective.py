# SPDX-License-Identifier: Apache-2.0
"""Signing so that the holder chooses what to show: badges as `vc+sd-jwt`, plain claims as SD-JWT VC."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from laurel import strictjson
from laurel.errors import FailedChecks, NotAKey, Unreadable
from laurel.issue.checking import Checked, not_normal
from laurel.issue.signing import require_issuers_key
from laurel.model.finding import Finding
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.strictjson import JsonValue

if TYPE_CHECKING:
    from laurel.proof.sd_jwt import CannotDisclose


def sign_sd_jwt(
    checked: Checked,
    key: SigningKey,
    *,
    disclosable: Iterable[str] = (),
    holder: VerifyingKey | None = None,
    decoys: int = 0,
) -> str:
    """Return the document as a `vc+sd-jwt` with all of its disclosures, for the holder alone.

    Args:
        checked: what `check` or `check_document` gave.
        key: the issuer's key of any kind; its id becomes the `kid`.
        disclosable: JSON Pointers (RFC 6901) to what the holder may leave out. What the rules demand stays
            demanded: a badge shown without it does not pass.
        holder: the holder's key, which they then prove to have whenever they show it.
        decoys: as for `laurel.proof.sd_jwt.sign`.

    Raises:
        FailedChecks: the key is not the issuer's, or something cannot be hidden.
        NotAKey: the key has no id.

    Spec: VC-JOSE-COSE 1.0 §3.2.1 (securing with SD-JWT)
    """
    from laurel.proof import vc_sd_jwt  # loaded with the first of them
    from laurel.proof.sd_jwt import CannotDisclose

    require_issuers_key(checked.issuer_id, key)
    try:
        return vc_sd_jwt.sign(checked.document, key, disclosable=disclosable, holder=holder, decoys=decoys)
    except CannotDisclose as error:
        raise _failed(error) from error


def sign_sd_jwt_vc(
    claims: Mapping[str, Any], key: SigningKey, *, disclosable: Iterable[str] = (), decoys: int = 0
) -> str:
    """Check plain claims and return them as an SD-JWT VC with all of its disclosures, for the holder alone.

    Args:
        claims: with `vct`, the type, and `iss`, the issuer: a DID, or an https address under which the keys
            are published. `cnf` names the holder's key.
        key: its id becomes the `kid`: a verification method of the issuer, or the name under which an https
            issuer publishes it.
        disclosable, decoys: as for `sign_sd_jwt`.

    Raises:
        FailedChecks: with every finding.
        NotAKey: the key has no id.

    Spec: SD-JWT VC §2.2 (data format), §2.5 (issuer verification key)
    """
    from laurel.proof import sd_jwt_vc
    from laurel.proof.sd_jwt import CannotDisclose
    from laurel.rules import sd_jwt_vc as rules

    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    try:
        text = strictjson.dumps(dict(claims))
        draft = cast("dict[str, JsonValue]", strictjson.loads(text))
    except (Unreadable, TypeError, ValueError, RecursionError) as error:
        finding = Finding(code="issue.json", pointer="", message=str(error), spec="RFC 7493")
        raise FailedChecks((finding,)) from error
    findings = [*rules.check_claims(draft), *not_normal(draft), *_strangers(draft, key.id)]
    if findings:
        raise FailedChecks(findings)
    try:
        return sd_jwt_vc.sign(draft, key, disclosable=disclosable, decoys=decoys)
    except CannotDisclose as error:
        raise _failed(error) from error


def _strangers(draft: Mapping[str, JsonValue], method: str) -> Iterator[Finding]:
    """Find an issuer whose key nobody could find, or to whom the key does not belong."""
    issuer = draft.get("iss")
    if not isinstance(issuer, str) or not issuer.startswith(("did:", "https://")):
        message = "iss names the issuer, by a DID or an https address. Without it nobody finds the key."
        yield Finding(code="issue.issuer", pointer="/iss", message=message, spec="SD-JWT VC")
        return
    owner = method.partition("#")[0]
    if owner != issuer and (issuer.startswith("did:") or owner.startswith(("did:", "https://"))):
        message = f"The key {method} does not belong to the issuer {issuer}."
        yield Finding(code="issue.key", pointer="/iss", message=message, spec="SD-JWT VC")


def _failed(error: "CannotDisclose") -> FailedChecks:
    return FailedChecks(
        (Finding(code=error.code, pointer=error.pointer, message=str(error), spec="RFC 9901"),)
    )
