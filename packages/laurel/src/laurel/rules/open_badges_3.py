# SPDX-License-Identifier: Apache-2.0
"""What 1EdTech demands of an Open Badges 3.0 credential, beyond the W3C's data model.

Written from the text of the specification, not copied from its JSON Schema, which lets wrong types of nested
objects pass. Credentials of the VCDM 1.1 form, which OB 3.0 began with, are held against the same rules with
the older names of their dates.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from laurel.model.finding import Finding
from laurel.rules.inspection import Inspection, below, find_moment, is_url, listed
from laurel.rules.open_badges_3_shapes import SHAPES, Kind, Member, Shape, Words

_CREDENTIALS_V1: Final = "https://www.w3.org/2018/credentials/v1"
_CONTEXT: Final = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)?\.json")
_EXTENSIONS: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
_BADGE_TYPES: Final = frozenset({"AchievementCredential", "OpenBadgeCredential"})


def check_document(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Hold a badge credential, with or without proof, against Open Badges 3.0; an empty tuple means it fits.

    Spec: OB 3.0 #achievementcredential
    """
    inspection = Inspection("ob3", "OB 3.0")
    _check_contexts(inspection, document)
    types = set(listed(document.get("type"))) if _are_texts(listed(document.get("type"))) else set()
    if not types & _BADGE_TYPES:
        message = "The type holds neither AchievementCredential nor OpenBadgeCredential."
        inspection.note("type", "/type", message, "#achievementcredential")
    _check_members(inspection, document, "", _shape_of(document, "AchievementCredential"))
    _check_nothing_is_empty(inspection, document, "")
    subject = document.get("credentialSubject")
    if isinstance(subject, Mapping):
        _check_subject(inspection, subject)
    return inspection.findings


def check_endorsement(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Hold an endorsement, on its own or taken out of a badge, against Open Badges 3.0.

    Spec: OB 3.0 #endorsementcredential
    """
    inspection = Inspection("ob3", "OB 3.0")
    _check_contexts(inspection, document)
    _check_object(inspection, document, "", _shape_of(document, "EndorsementCredential"))
    _check_nothing_is_empty(inspection, document, "")
    return inspection.findings


def _shape_of(value: object, name: str) -> Shape:
    """Return the shape of that name; a credential of the older data model names its dates otherwise."""
    contexts = listed(value.get("@context")) if isinstance(value, Mapping) else []
    older = f"{name}, VCDM 1.1"
    return SHAPES[older if contexts[:1] == [_CREDENTIALS_V1] and older in SHAPES else name]


def _check_contexts(inspection: Inspection, document: Mapping[str, Any]) -> None:
    contexts = listed(document.get("@context"))
    second = contexts[1] if len(contexts) > 1 else None
    if not isinstance(second, str) or not _CONTEXT.fullmatch(second):
        message = "The second context is not that of Open Badges 3.0."
        inspection.note("context", "/@context", message, "#contexts")
    kinds = {
        kind
        for name in ("credentialSchema", "credentialStatus", "refreshService")
        for part in listed(document.get(name))
        if isinstance(part, Mapping)
        for kind in listed(part.get("type"))
        if isinstance(kind, str)
    }
    if any(kind.startswith("1EdTech") for kind in kinds) and _EXTENSIONS not in contexts:
        message = f"A type of 1EdTech's is used without the context that defines it, {_EXTENSIONS}."
        inspection.note("context", "/@context", message, "#extending")


def _check_object(inspection: Inspection, value: object, pointer: str, shape: Shape) -> None:
    if isinstance(value, str) and shape.may_be_an_address:
        inspection.url(value, pointer, shape.anchor)
        return
    if not isinstance(value, Mapping):
        inspection.note("object", pointer, f"This {shape.name} is not an object.", shape.anchor)
        return
    if shape.type and shape.type not in inspection.types(value, pointer, shape.anchor):
        message = f"The type does not hold {shape.type}."
        inspection.note("type", below(pointer, "type"), message, shape.anchor)
    _check_members(inspection, value, pointer, shape)


def _check_members(inspection: Inspection, value: Mapping[str, Any], pointer: str, shape: Shape) -> None:
    for name in shape.required:
        if value.get(name) is None:
            inspection.note("missing", below(pointer, name), f"The {shape.name} has no {name}.", shape.anchor)
    if shape.one_of and not any(value.get(name) for name in shape.one_of):
        message = f"The {shape.name} has neither {' nor '.join(shape.one_of)}."
        inspection.note("missing", pointer, message, shape.anchor)
    for name, member in shape.members.items():
        if value.get(name) is not None:
            _check_member(inspection, value, pointer, name, member, shape.anchor)
    if shape.closed:
        for name in value.keys() - shape.members.keys() - {"type"}:
            message = f"A {shape.name} has no {name}."
            inspection.note("foreign", below(pointer, name), message, shape.anchor)


def _check_member(
    inspection: Inspection,
    parent: Mapping[str, Any],
    pointer: str,
    name: str,
    member: Member,
    anchor: str,
) -> None:
    if not member.many and isinstance(parent[name], list):
        inspection.note("one", below(pointer, name), f"There is more than one {name}.", anchor)
        return
    for part, place in inspection.parts(parent, pointer, name):
        if isinstance(member.kind, str):
            _check_object(inspection, part, place, _shape_of(part, member.kind))
        elif isinstance(member.kind, Words):
            if not member.kind.has(part):
                message = f"{name} is neither a word of the standard's list nor one that starts with ext:."
                inspection.note("word", place, message, anchor)
        else:
            _check_plain(inspection, part, place, member.kind, anchor)


def _check_plain(inspection: Inspection, value: object, pointer: str, kind: Kind, anchor: str) -> None:
    if kind is Kind.MOMENT:
        inspection.moment(value, pointer, anchor)
    elif kind is Kind.DAY:
        inspection.day(value, pointer, anchor)
    elif kind is Kind.URL:
        inspection.url(value, pointer, anchor)
    elif not kind.fits(value):
        inspection.note(kind.name.lower(), pointer, f"This is not {kind.value}.", anchor)


def _check_nothing_is_empty(inspection: Inspection, value: object, pointer: str) -> None:
    if isinstance(value, Mapping):
        members: Iterable[tuple[str, Any]] = value.items()
    elif isinstance(value, list):
        members = ((str(place), part) for place, part in enumerate(value))
    else:
        return
    for name, part in members:
        place = below(pointer, name)
        if part is None:
            inspection.note("null", place, "There is a null where nothing should stand.", "#data-models")
        elif part == []:
            inspection.note(
                "empty", place, "There is an empty list where nothing should stand.", "#data-models"
            )
        else:
            _check_nothing_is_empty(inspection, part, place)


def _check_subject(inspection: Inspection, subject: Mapping[str, Any]) -> None:
    pointer = "/credentialSubject"
    start, end = subject.get("activityStartDate"), subject.get("activityEndDate")
    first, last = find_moment(start), find_moment(end)
    if first and last and first > last:
        message = "The activity ends before it begins."
        inspection.note("period", f"{pointer}/activityEndDate", message, "#achievementsubject")
    achievement = subject.get("achievement")
    if isinstance(achievement, Mapping):
        scales = _check_scales(inspection, achievement, f"{pointer}/achievement")
        for result, place in inspection.parts(subject, pointer, "result"):
            if isinstance(result, Mapping):
                _check_result(inspection, result, place, scales)


def _check_scales(
    inspection: Inspection, achievement: Mapping[str, Any], pointer: str
) -> dict[str, Mapping[str, Any]]:
    """Return the scales of an achievement by id; note ids given twice and demands that no rung fits."""
    scales: dict[str, Mapping[str, Any]] = {}
    for scale, place in inspection.parts(achievement, pointer, "resultDescription"):
        if not isinstance(scale, Mapping) or not isinstance(scale.get("id"), str):
            continue
        if scale["id"] in scales:
            inspection.note("repeated", f"{place}/id", "Another scale has this id.", "#resultdescription")
        scales[scale["id"]] = scale
        rungs = _rungs(scale)
        if len(set(rungs)) != len(rungs):
            inspection.note(
                "repeated", place, "Two levels of the scale share an id.", "#rubriccriterionlevel"
            )
        required = scale.get("requiredLevel")
        if required is not None and required not in rungs:
            message = "The required level is not one of the levels of its scale."
            inspection.note("level", f"{place}/requiredLevel", message, "#resultdescription")
        allowed = listed(scale.get("allowedValue"))
        if allowed and scale.get("requiredValue") is not None and scale["requiredValue"] not in allowed:
            message = "The required value is not one of the allowed values."
            inspection.note("value", f"{place}/requiredValue", message, "#resultdescription")
    return scales


def _check_result(
    inspection: Inspection, result: Mapping[str, Any], pointer: str, scales: Mapping[str, Mapping[str, Any]]
) -> None:
    named, level, value = result.get("resultDescription"), result.get("achievedLevel"), result.get("value")
    scale = scales.get(named) if isinstance(named, str) else None
    if named is not None and scale is None:
        message = "The result names a scale that the achievement does not have."
        inspection.note("scale", f"{pointer}/resultDescription", message, "#result")
    rungs = _rungs(scale) if scale else [rung for each in scales.values() for rung in _rungs(each)]
    if level is not None and level not in rungs:
        message = "The achieved level is not one of the levels of its scale."
        inspection.note("level", f"{pointer}/achievedLevel", message, "#result")
    if scale and isinstance(value, str) and not _is_on_scale(value, scale):
        message = "The value lies outside what its scale allows."
        inspection.note("value", f"{pointer}/value", message, "#result")


def _is_on_scale(value: str, scale: Mapping[str, Any]) -> bool:
    allowed = listed(scale.get("allowedValue"))
    if allowed and value not in allowed:
        return False
    number, lowest, highest = (
        _number(each) for each in (value, scale.get("valueMin"), scale.get("valueMax"))
    )
    if number is None:
        # A letter on a scale from A to F has no order that we could know.
        return True
    return (lowest is None or lowest <= number) and (highest is None or number <= highest)


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _rungs(scale: Mapping[str, Any]) -> list[str]:
    levels = listed(scale.get("rubricCriterionLevel"))
    return [level["id"] for level in levels if isinstance(level, Mapping) and is_url(level.get("id"))]


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
