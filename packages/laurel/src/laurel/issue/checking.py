# SPDX-License-Identifier: Apache-2.0
"""Checking a draft: what breaks a rule, or would not be covered by a signature, goes no further."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast, final

from laurel import jsonld, strictjson, tiers
from laurel.errors import DataLoss, FailedChecks, TooMuchWork, Unreadable
from laurel.formats import open_badges_3 as documents
from laurel.jsonld import contexts
from laurel.jsonld.frames import FRAMES, Match
from laurel.model.credential import OpenBadgeCredential
from laurel.model.finding import Finding
from laurel.model.json_value import JsonValue
from laurel.proof import canonical_json
from laurel.rules import plain, status_list, vc_data_model_2
from laurel.rules.inspection import below

Rule = Callable[[Mapping[str, Any]], tuple[Finding, ...]]

BADGE_RULES: Final[tuple[Rule, ...]] = (plain.check_badge,)
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
    _canonical: bytes = field(default=b"", repr=False)
    _outline: Mapping[str, JsonValue] = field(default_factory=dict, repr=False)
    _match: Match | None = field(default=None, repr=False)

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
        return str(self._outline["issuer"])

    @property
    def written(self) -> bytes:
        """The document without proof as compact JSON: what was checked."""
        return self._json

    @property
    def canonical(self) -> bytes:
        """The document as canonical N-Quads."""
        return self._canonical

    def canonical_json(self) -> bytes:
        """Return the document as canonical JSON. Raises: DataLoss, if it has none."""
        if self._match is not None:
            return self._match.template.canonical_json(self._match.texts)
        return canonical_json.canonical_document(self.document, {}, contexts.context)

    @property
    def outline(self) -> Mapping[str, JsonValue]:
        """The contexts, the plain members, and the ids of issuer and subject."""
        return self._outline


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
    return checked_by(document, rules)


def checked_by(
    document: Mapping[str, Any], rules: tuple[Rule, ...], *, longest_string: int = strictjson.MAX_STRING
) -> Checked:
    """Hold a draft against these rules; `longest_string` as for `strictjson.loads`. Raises: FailedChecks."""
    if tiers.is_on("template") and longest_string == strictjson.MAX_STRING:
        try:
            return _checked_by_template(document, rules)
        except tiers.Fallback as reason:
            tiers.taken[f"fallback: template: {reason}"] += 1
    try:
        text = strictjson.dumps(dict(document))
        draft = cast("dict[str, JsonValue]", strictjson.loads(text, longest_string=longest_string))
    except (Unreadable, TypeError, ValueError, RecursionError) as error:
        finding = Finding(code="issue.json", pointer="", message=str(error), spec="RFC 7493")
        raise FailedChecks((finding,)) from error
    findings = [finding for rule in rules for finding in rule(draft)]
    findings += [*_unsigned(draft), *not_normal(draft)]
    FRAMES.begin()
    canonical, losses = _covered(draft)
    findings += losses
    if findings:
        raise FailedChecks(_each_once(findings))
    FRAMES.good()
    return Checked(text, _SEAL, canonical, outline_of(draft))


def _checked_by_template(document: Mapping[str, Any], rules: tuple[Rule, ...]) -> Checked:
    """Hold a draft of a known frame against what can still be wrong with its texts. Raises: Fallback."""
    match = FRAMES.find(document)
    found, texts, written = match
    if (
        len(written) > strictjson.MAX_BYTES
        or max(map(len, texts)) > strictjson.MAX_STRING
        or "proof" in document
        or not found.is_normal
        or not all(text.isascii() or unicodedata.is_normalized("NFC", text.decode()) for text in texts)
        or any(rule(document) for rule in rules)
    ):
        raise tiers.Fallback("texts that are looked at one by one")
    canonical = FRAMES.proved(found, document, found.fill(texts))
    tiers.taken["template"] += 1
    return Checked(written, _SEAL, canonical, outline_of(document), match)


def outline_of(document: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Return the contexts of a document, its plain members, and the ids of its issuer and subject."""
    outline: dict[str, JsonValue] = {
        name: value for name, value in document.items() if isinstance(value, str | int | float)
    }
    for name in ("issuer", "credentialSubject"):
        value = document.get(name)
        outline[name] = value.get("id") if isinstance(value, Mapping) else value
    outline["@context"] = document.get("@context")
    return outline


def _unsigned(draft: Mapping[str, Any]) -> Iterator[Finding]:
    if "proof" in draft:
        message = "The draft carries a proof already. Take it out, then try again."
        yield Finding(code="issue.proof", pointer="/proof", message=message)


def not_normal(draft: JsonValue, pointer: str = "") -> Iterator[Finding]:
    """Find texts that look like others and are not: a signature tells them apart, a reader cannot."""
    if isinstance(draft, str):
        if not unicodedata.is_normalized("NFC", draft):
            message = "The text is not in Unicode normal form C."
            yield Finding(
                code="issue.nfc", pointer=pointer, message=message, spec="VCDM 2.0 #unicode-normalization"
            )
    elif isinstance(draft, dict):
        for name, value in draft.items():
            yield from not_normal(value, below(pointer, name))
    elif isinstance(draft, list):
        for place, value in enumerate(draft):
            yield from not_normal(value, f"{pointer}/{place}")


def _covered(draft: dict[str, JsonValue]) -> tuple[bytes, list[Finding]]:
    """Return the canonical statements, or what of the draft a signature over them would not cover.

    Asked for a JWT too, since others read it as RDF.
    """
    try:
        return jsonld.canonize({name: value for name, value in draft.items() if name != "proof"}), []
    except DataLoss as loss:
        message = f"A signature would not cover this. {loss}"
        spec = "Data Integrity 1.0 #securing-data-losslessly"
        return b"", [Finding(code=loss.code, pointer=loss.pointer, message=message, spec=spec)]
    except TooMuchWork as error:
        spec = "RDFC-1.0 #security-considerations"
        return b"", [Finding(code=error.code, pointer="", message=str(error), spec=spec)]


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
