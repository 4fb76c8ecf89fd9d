# SPDX-License-Identifier: Apache-2.0
"""Checking a draft: what breaks a rule, or would not be covered by a signature, goes no further."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast, final

from laurel import jsonld, strictjson, tiers
from laurel.errors import DataLoss, FailedChecks, LaurelError, TooMuchWork, Unreadable
from laurel.jsonld import contexts
from laurel.jsonld.frames import FRAMES, Match
from laurel.jsonld.template import Template
from laurel.model.finding import Finding
from laurel.model.json_value import JsonValue
from laurel.proof import canonical_json
from laurel.records import blank
from laurel.rules import plain, status_list, vc_data_model_2
from laurel.rules.inspection import below
from laurel.rules.plain_texts import PlainTexts

if TYPE_CHECKING:
    from laurel.model.credential import OpenBadgeCredential

Rule = Callable[[Mapping[str, Any]], tuple[Finding, ...]]

BADGE_RULES: Final[tuple[Rule, ...]] = (plain.check_badge,)
STATUS_LIST_RULES: Final[tuple[Rule, ...]] = (vc_data_model_2.check_document, status_list.check_document)

_SEAL: Final = object()


class NotADraft(LaurelError):
    """The draft is no JSON object."""

    code = "unreadable.not-a-draft"


class Known(NamedTuple):
    """What the checks have worked out of a frame of plain badges.

    `outline` is what `outline_of` gives of one of its documents, and `changing` tells which members of it are
    texts that may change, by their numbers. `listed` is the `@context` as JSON.
    """

    plain: PlainTexts
    outline: Mapping[str, JsonValue]
    changing: tuple[tuple[str, int], ...]
    listed: bytes


@final
@dataclass(frozen=True, slots=True)
class Checked:
    """A document that passed its rules and that a signature covers whole. Only this module makes one.

    It holds the bytes that were checked, so that nothing can change between checking and signing. What is of
    a known frame is worked out of it when it is asked for.
    """

    _json: bytes = field(repr=False)
    _seal: object = field(repr=False)
    _canonical: bytes = field(default=b"", repr=False)
    _outline: Mapping[str, JsonValue] | None = field(default=None, repr=False)
    _match: Match | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Guard against a draft that skips the checks."""
        if self._seal is not _SEAL:
            raise TypeError("Only laurel.issue.check and its like make a Checked document.")

    @property
    def document(self) -> dict[str, JsonValue]:
        """The document without proof; a new object at each call."""
        return cast("dict[str, JsonValue]", json.loads(self._json))

    @property
    def issuer_id(self) -> str:
        """Who the document names as its issuer."""
        return str(self._constants["issuer"])

    @property
    def contexts(self) -> JsonValue:
        """The `@context` of the document."""
        return self._constants["@context"]

    @property
    def listed(self) -> bytes:
        """The `@context` of the document as compact JSON."""
        if self._outline is None and self._match is not None:
            known: Known = self._match.template.notes
            return known.listed
        return strictjson.dumps(self.contexts)

    @property
    def written(self) -> bytes:
        """The document without proof as compact JSON: what was checked."""
        return self._json

    @property
    def canonical(self) -> bytes:
        """The document as canonical N-Quads."""
        if self._canonical or self._match is None:
            return self._canonical
        return self._match.template.fill(self._match.texts)

    def canonical_json(self) -> bytes:
        """Return the document as canonical JSON. Raises: DataLoss, if it has none."""
        if self._match is not None:
            return self._match.template.canonical_json(self._match.texts)
        return canonical_json.canonical_document(self.document, {}, contexts.context)

    @property
    def outline(self) -> Mapping[str, JsonValue]:
        """The contexts, the plain members, and the ids of issuer and subject."""
        if self._outline is not None:
            return self._outline
        assert self._match is not None
        return outline_with(self._match.template.notes, self._match.texts)

    @property
    def _constants(self) -> Mapping[str, JsonValue]:
        """An outline whose issuer and contexts are those of the document."""
        if self._outline is not None:
            return self._outline
        assert self._match is not None
        known: Known = self._match.template.notes
        return known.outline


_BlankChecked: Final = blank(Checked)


def check(credential: "OpenBadgeCredential") -> Checked:
    """Hold a draft against the rules, and make sure that a signature would cover every word of it.

    Texts are brought to Unicode NFC first: people paste from systems that write "é" as two characters.

    Raises:
        FailedChecks: with every finding, not only the first; only of what a signature would not cover is one
            place named at a time.
    """
    from laurel.formats import open_badges_3  # whoever comes with a document needs none of it

    return check_document(_as_nfc(open_badges_3.to_json(credential)))


def check_document(document: Mapping[str, Any], *, rules: tuple[Rule, ...] = BADGE_RULES) -> Checked:
    """Hold a draft that is JSON already against the rules.

    Args:
        document: a badge credential without proof.
        rules: what it is held against; status lists have STATUS_LIST_RULES.

    Raises:
        FailedChecks: with every finding, not only the first.
    """
    return checked_by(document, rules)


def check_text(
    text: bytes, *, completed: Callable[[dict[str, JsonValue]], Mapping[str, JsonValue]] | None = None
) -> Checked:
    """Hold a draft that is JSON text against the rules: as `check_document`, and sooner.

    Args:
        text: a badge credential without proof.
        completed: gives a draft what it lacks, such as its id. It is not asked about a draft that lacks
            nothing for sure.

    Raises:
        NotJson, TooLarge: the text cannot be read.
        NotADraft: it is no JSON object.
        FailedChecks: with every finding, not only the first.
    """
    if tiers.is_on("template") and len(text) <= strictjson.MAX_STRING:
        try:
            return held(FRAMES.find_in(text), BADGE_RULES, lambda: cast("Any", json.loads(text)))
        except tiers.Fallback as reason:
            tiers.taken[f"fallback: template: {reason}"] += 1
    draft = strictjson.loads(text)
    if not isinstance(draft, dict):
        raise NotADraft("The draft is not a JSON object.")
    if completed is not None:
        return check_document(completed(draft))
    return _checked(draft, strictjson.dumps(draft), BADGE_RULES)


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
    return _checked(draft, text, rules)


def _checked(draft: dict[str, JsonValue], text: bytes, rules: tuple[Rule, ...]) -> Checked:
    """Hold a draft that strict JSON holds against these rules. Raises: FailedChecks."""
    findings = [finding for rule in rules for finding in rule(draft)]
    findings += _unsigned(draft)
    # What is no normal form in a part is none in the whole: quotes never become one with what follows.
    if not text.isascii() and not unicodedata.is_normalized("NFC", text.decode()):
        findings += not_normal(draft)
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
    if len(match.written) > strictjson.MAX_BYTES or max(map(len, match.texts)) > strictjson.MAX_STRING:
        raise tiers.Fallback("texts that are looked at one by one")
    return held(match, rules, lambda: document)


def held(match: Match, rules: tuple[Rule, ...], document: Callable[[], Mapping[str, Any]]) -> Checked:
    """Hold the texts of a draft of a known frame against what can still be wrong with them.

    Raises: Fallback, whatever is wrong.
    """
    found, texts, written = match
    known = require_sound(found, texts, len(written), rules, document)
    canonical = b""
    is_due = FRAMES.is_due(found)
    if is_due or not found.is_sure:
        canonical = found.fill(texts)
        if is_due:
            canonical = FRAMES.compared(found, document(), canonical)
    tiers.taken["template"] += 1
    made: Any = _BlankChecked()
    made._json = written
    made._seal = _SEAL
    made._canonical = canonical
    made._outline = None if known else outline_of(document())
    made._match = match
    made.__class__ = Checked
    checked: Checked = made
    return checked


def require_sound(
    found: Template,
    texts: Sequence[bytes],
    size: int,
    rules: tuple[Rule, ...],
    document: Callable[[], Mapping[str, Any]],
) -> Known | None:
    """Make sure that a document of a frame breaks no rule; its identifiers fit, and RDF holds it.

    Args:
        texts: the texts of the document, as compact JSON writes them.
        size: how many bytes of compact JSON the document has.
        document: gives the document, which is mostly not needed.

    Raises:
        Fallback: it may break one. The rules tell.
    """
    # Most texts are ASCII, and quotes never become one with what follows.
    others = [text for text in texts if not text.isascii()]
    if not found.is_normal or (others and not unicodedata.is_normalized("NFC", b'"'.join(others).decode())):
        raise tiers.Fallback("texts that are looked at one by one")
    known: Known | None = found.notes or None
    if known is not None and rules is BADGE_RULES and size <= plain.LONGEST and known.plain.hold(texts):
        return known
    draft = document()
    if "proof" in draft or any(rule(draft) for rule in rules):
        raise tiers.Fallback("texts that are looked at one by one")
    if found.notes is None and rules is BADGE_RULES:
        found.notes = _known(found, draft)
    return None


def _known(found: Template, draft: Mapping[str, Any]) -> Known | Literal[False]:
    """Return what can be worked out of a frame by one document of it that keeps to the rules."""
    if not plain.is_plain(draft):
        return False
    try:
        texts = PlainTexts(draft, [hole.paths for hole in found.holes])
    except LookupError:
        return False
    number_of = {path: number for number, hole in enumerate(found.holes) for path in hole.paths}
    outline = outline_of(draft)
    paths: dict[str, tuple[str, ...]] = {name: (name,) for name in outline}
    for name in ("issuer", "credentialSubject"):
        if isinstance(draft.get(name), Mapping):
            paths[name] = (name, "id")
    changing = tuple((name, number_of[path]) for name, path in paths.items() if path in number_of)
    return Known(texts, outline, changing, strictjson.dumps(outline["@context"]))


def outline_with(known: Known, texts: Sequence[bytes]) -> dict[str, JsonValue]:
    """Return the outline of a document of a frame with these texts."""
    outline = dict(known.outline)
    for name, number in known.changing:
        text = texts[number]
        outline[name] = json.loads(b'"' + text + b'"') if b"\\" in text else text.decode()
    return outline


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
