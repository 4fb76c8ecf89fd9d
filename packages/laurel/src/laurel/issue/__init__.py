# SPDX-License-Identifier: Apache-2.0
"""Issuing: check, then sign. What was not checked cannot be signed; what was checked is what is signed."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, cast, final

from laurel import jsonld, strictjson
from laurel.errors import DataLoss, FailedChecks, NotAKey, TooMuchWork, Unreadable
from laurel.formats import open_badges_3 as documents
from laurel.model.credential import OpenBadgeCredential
from laurel.model.finding import Finding
from laurel.model.json_value import JsonValue
from laurel.proof import data_integrity, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.rules import open_badges_3, status_list, vc_data_model_2
from laurel.rules.inspection import below

Rule = Callable[[Mapping[str, Any]], tuple[Finding, ...]]
Suite = Literal["eddsa-rdfc-2022", "eddsa-jcs-2022"]
JwtProfile = Literal["open-badges-3.0", "vc-jose-cose"]

BADGE_RULES: Final[tuple[Rule, ...]] = (vc_data_model_2.check_document, open_badges_3.check_document)
STATUS_LIST_RULES: Final[tuple[Rule, ...]] = (vc_data_model_2.check_document, status_list.check_document)

_SEAL: Final = object()


@final
@dataclass(frozen=True, slots=True)
class Checked:
    """A document that passed its rules and that a signature covers whole. Only this module makes one.

    It holds the bytes that were checked, so that nothing can change between checking and signing.
    """

    _json: bytes = field(repr=False)
    _seal: object = field(repr=False)

    def __post_init__(self) -> None:
        """Guard against a draft that skips the checks."""
        if self._seal is not _SEAL:
            raise TypeError("Only laurel.issue.check and check_document make a Checked document.")

    @property
    def document(self) -> dict[str, JsonValue]:
        """The document without proof; a new object at each call."""
        return cast("dict[str, JsonValue]", json.loads(self._json))

    @property
    def issuer_id(self) -> str:
        """Who the document names as its issuer."""
        issuer: Any = self.document["issuer"]
        return str(issuer["id"] if isinstance(issuer, dict) else issuer)


def check(credential: OpenBadgeCredential) -> Checked:
    """Hold a draft against the rules, and make sure that a signature would cover every word of it.

    Texts are brought to Unicode NFC first: people paste from systems that write "é" as two characters.

    Raises:
        FailedChecks: with every finding, not only the first; only of what a signature would not cover is one
            place named at a time.
    """
    return check_document(_as_nfc(documents.to_json(credential)))


def check_document(document: Mapping[str, Any], *, rules: tuple[Rule, ...] = BADGE_RULES) -> Checked:
    """Hold a draft that is JSON already against the rules.

    Args:
        document: a badge credential without proof.
        rules: what it is held against; status lists have STATUS_LIST_RULES.

    Raises:
        FailedChecks: with every finding, not only the first.
    """
    return _checked(document, rules, longest_string=strictjson.MAX_STRING)


def _checked(document: Mapping[str, Any], rules: tuple[Rule, ...], *, longest_string: int) -> Checked:
    try:
        text = strictjson.dumps(dict(document))
        draft = cast("dict[str, JsonValue]", strictjson.loads(text, longest_string=longest_string))
    except (Unreadable, TypeError, ValueError, RecursionError) as error:
        finding = Finding(code="issue.json", pointer="", message=str(error), spec="RFC 7493")
        raise FailedChecks((finding,)) from error
    findings = [finding for rule in rules for finding in rule(draft)]
    findings += [*_unsigned(draft), *_not_normal(draft), *_losses(draft)]
    if findings:
        raise FailedChecks(_each_once(findings))
    return Checked(text, _SEAL)


def sign(checked: Checked, key: SigningKey, *, suite: Suite = "eddsa-rdfc-2022", created: datetime) -> bytes:
    """Return the document with a Data Integrity proof, as the bytes to be stored and served.

    Args:
        checked: what `check` or `check_document` gave.
        key: the issuer's Ed25519 key; its id is a verification method of the issuer.
        suite: "eddsa-rdfc-2022", the one that OB 3.0 certifies, or "eddsa-jcs-2022".
        created: when the proof is made; any zone.

    Raises:
        FailedChecks: the key is not the issuer's.
        NotAKey: the key has no id, or does not fit the suite.
    Spec: OB 3.0 #lds-proof; Data Integrity 1.0 #add-proof
    """
    _require_issuers_key(checked, key)
    if key.algorithm != "Ed25519":
        raise NotAKey(f"A proof {suite} needs an Ed25519 key; this one is {key.algorithm}.")
    secured = data_integrity.sign(checked.document, key, suite=suite, created=created)
    return strictjson.dumps(secured)


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
    _require_issuers_key(checked, key)
    return vc_jwt.sign(checked.document, key, profile=profile)


def sign_status_list(
    document: Mapping[str, Any], key: SigningKey, *, created: datetime, suite: Suite = "eddsa-rdfc-2022"
) -> bytes:
    """Check a status list credential, such as `laurel.status.bitstring.list_credential` makes, and sign it.

    Raises:
        FailedChecks: it breaks a rule, or the key is not the issuer's.
        NotAKey: the key has no id, or does not fit the suite.
    Spec: Bitstring Status List 1.0 #bitstringstatuslistcredential
    """
    # A list of a million entries that nobody could shorten fits into the document's own limit only.
    checked = _checked(document, STATUS_LIST_RULES, longest_string=strictjson.MAX_BYTES)
    return sign(checked, key, suite=suite, created=created)


def _require_issuers_key(checked: Checked, key: SigningKey) -> None:
    if key.id is None:
        raise NotAKey("The key has no id, so nobody could find its public half.")
    # A credential signed by somebody else's key reads well and never verifies: worth a refusal now.
    if key.id.partition("#")[0] != checked.issuer_id:
        message = f"The key {key.id} does not belong to the issuer {checked.issuer_id}."
        raise FailedChecks(
            (Finding(code="issue.key", pointer="/issuer", message=message, spec="OB 3.0 #lds-proof"),)
        )


def _unsigned(draft: Mapping[str, Any]) -> Iterator[Finding]:
    if "proof" in draft:
        message = "The draft carries a proof already. Take it out, then try again."
        yield Finding(code="issue.proof", pointer="/proof", message=message)


def _not_normal(draft: JsonValue, pointer: str = "") -> Iterator[Finding]:
    """Find texts that look like others and are not: a signature tells them apart, a reader cannot."""
    if isinstance(draft, str):
        if not unicodedata.is_normalized("NFC", draft):
            message = "The text is not in Unicode normal form C."
            yield Finding(
                code="issue.nfc", pointer=pointer, message=message, spec="VCDM 2.0 #unicode-normalization"
            )
    elif isinstance(draft, dict):
        for name, value in draft.items():
            yield from _not_normal(value, below(pointer, name))
    elif isinstance(draft, list):
        for place, value in enumerate(draft):
            yield from _not_normal(value, f"{pointer}/{place}")


def _losses(draft: dict[str, JsonValue]) -> Iterator[Finding]:
    """Find what a signature over the RDF would not cover; for a JWT too, since others read it as RDF."""
    try:
        jsonld.canonize({name: value for name, value in draft.items() if name != "proof"})
    except DataLoss as loss:
        message = f"A signature would not cover this. {loss}"
        yield Finding(
            code=loss.code,
            pointer=loss.pointer,
            message=message,
            spec="Data Integrity 1.0 #securing-data-losslessly",
        )
    except TooMuchWork as error:
        yield Finding(
            code=error.code, pointer="", message=str(error), spec="RDFC-1.0 #security-considerations"
        )


def _as_nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {name: _as_nfc(part) for name, part in value.items()}
    return [_as_nfc(part) for part in value] if isinstance(value, list) else value


def _each_once(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return the findings without those that another authority noted in the same words."""
    return tuple({(finding.pointer, finding.message): finding for finding in reversed(findings)}.values())[
        ::-1
    ]
