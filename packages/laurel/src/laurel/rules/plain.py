# SPDX-License-Identifier: Apache-2.0
"""The plain badge: a form so narrow that whoever keeps to it keeps to every rule, and loses nothing to RDF.

Most badges have it. One look by a compiled JSON Schema, and the few rules that compare one place with
another, then say what the rules say place by place. The schema is made from the table of shapes and only ever
narrower: known contexts, known keys, known words, identifiers in plain spelling. What does not fit it may
still be sound, and goes the long way; only that one finds fault.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from laurel import fast
from laurel.model.finding import Finding
from laurel.model.timestamp import parse_timestamp
from laurel.rules import open_badges_3, vc_data_model_2
from laurel.rules.open_badges_3_shapes import SHAPES, Kind, Member, Words

LONGEST: Final = 64 * 1024
"""Bytes of compact JSON; what is longer is not looked at."""

_CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_EXTENSIONS: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

_DATE: Final = (
    "[12][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_TEXT: Final = {"type": "string"}
_FILLED: Final = {"type": "string", "pattern": r"[\p{L}\p{N}\p{P}\p{S}]"}
_URL: Final = {
    "type": "string",
    "pattern": r"^(?:https?://|urn:|did:|mailto:)[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$",
}
_DIGEST: Final = {"type": "string", "minLength": 1}
_KINDS: Final[Mapping[Kind, Any]] = {
    Kind.TEXT: _TEXT,
    Kind.FILLED: _FILLED,
    Kind.URL: _URL,
    Kind.DAY: {"type": "string", "pattern": f"^{_DATE}$"},
    Kind.MOMENT: {
        "type": "string",
        "pattern": f"^{_DATE}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{{1,6}})?"
        "(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$",
    },
    Kind.FLAG: {"type": "boolean"},
    Kind.LANGUAGE: {
        "type": "string",
        "pattern": "^[a-z]{2,4}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$",
    },
}
# A number keeps its digits on the way to RDF only if it has few: looked at by `_numbers_are_short`.
_NUMBERS: Final = {"creditsEarned", "creditsAvailable"}
# These bring documents or contexts of their own, or a type that only further contexts define.
_LEFT_OUT: Final = {"endorsement", "endorsementJwt", "refreshService", "geo"}
_STATUS: Final = {
    "type": "object",
    "required": ["type", "statusPurpose", "statusListIndex", "statusListCredential"],
    "additionalProperties": False,
    "properties": {
        "id": _URL,
        "type": {"const": "BitstringStatusListEntry"},
        "statusPurpose": {"enum": ["revocation", "suspension"]},
        "statusListIndex": {"type": "string", "pattern": "^(?:0|[1-9][0-9]{0,9})$"},
        "statusListCredential": _URL,
    },
}
_RESOURCE: Final = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["digestMultibase"]}, {"required": ["digestSRI"]}],
    "additionalProperties": False,
    "properties": {"id": _URL, "mediaType": _TEXT, "digestMultibase": _DIGEST, "digestSRI": _DIGEST},
}
_SCHEMA: Final = {
    "type": "object",
    "required": ["id", "type"],
    "additionalProperties": False,
    "properties": {"id": _URL, "type": {"const": "1EdTechJsonSchemaValidator2019"}},
}
_TO_THE_SECOND: Final = len("2026-11-22T09:30:00Z")


def is_plain(document: Mapping[str, Any]) -> bool:
    """Tell whether a credential without proof has the plain form.

    Then `vc_data_model_2` and `open_badges_3` find nothing in it, and `laurel.jsonld` refuses nothing of it.
    False says nothing at all; without the parts that `laurel.fast` knows, it is always false.

    Spec: OB 3.0 appendix B (data models); VCDM 2.0; Data Integrity 1.0 #securing-data-losslessly
    """
    orjson, fits = fast.orjson, _compiled(fast.schema_compiler())
    if orjson is None or fits is None:
        return False
    try:
        text: bytes = orjson.dumps(document)
        if len(text) > LONGEST or not fits.is_valid(document):
            return False
    except (TypeError, ValueError):  # half a surrogate pair, or no JSON at all
        return False
    return (
        _describes_each_thing_once(document, text)
        and _numbers_are_short(document)
        and _is_in_order(document.get("validFrom"), document.get("validUntil"))
        and _states_are_apart(document)
        and _results_fit(document["credentialSubject"])
    )


def why_not() -> str:
    """Return why `is_plain` was false, as far as it is known without another look: a part that is missing.

    For what is counted of the quick ways: without its parts each sound badge would count as a broken rule.
    """
    if fast.schema_compiler() is None:
        return "jsonschema-rs is not installed"
    if fast.orjson is None:
        return "orjson is not installed"
    return "not of the plain form"


def check_badge(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Hold a badge credential against the data model and against Open Badges 3.0, and a plain one soon.

    Spec: VCDM 2.0; OB 3.0 #achievementcredential
    """
    if is_plain(document):
        return ()
    return (*vc_data_model_2.check_document(document), *open_badges_3.check_document(document))


def _describes_each_thing_once(document: Mapping[str, Any], text: bytes) -> bool:
    """Tell whether no two objects have one id, apart from a file and its fingerprint.

    See `laurel.jsonld.descriptions`. A quote inside a text is escaped, so only a key looks like one.
    """
    ids = [part[: part.index(b'"')] for part in text.split(b'"id":"')[1:]]
    resources = _several(document.get("relatedResource"))
    for resource in resources:
        ids.remove(resource["id"].encode())
    return len(set(ids)) == len(ids) and len({resource["id"] for resource in resources}) == len(resources)


def _numbers_are_short(document: Mapping[str, Any]) -> bool:
    """Tell whether the numbers have no more digits than their canonical form keeps."""
    subject = document["credentialSubject"]
    numbers = (subject.get("creditsEarned", 0), subject["achievement"].get("creditsAvailable", 0))
    return all(isinstance(number, int) or number == float(f"{number:.15E}") for number in numbers)


def _is_in_order(first: str | None, last: str | None) -> bool:
    """Tell whether one moment is not after another, or one of them is not said; both have the right shape."""
    if first is None or last is None:
        return True
    if len(first) == len(last) == _TO_THE_SECOND and first[-1] == last[-1] == "Z":
        return first <= last
    return parse_timestamp(first) <= parse_timestamp(last)


def _states_are_apart(document: Mapping[str, Any]) -> bool:
    return all(
        entry.get("id") != entry["statusListCredential"]
        for entry in _several(document.get("credentialStatus"))
    )


def _results_fit(subject: Mapping[str, Any]) -> bool:
    """Tell whether all results name a scale and stay on it. See `open_badges_3._check_subject`."""
    if not _is_in_order(subject.get("activityStartDate"), subject.get("activityEndDate")):
        return False
    scales = {}
    for scale in _several(subject["achievement"].get("resultDescription")):
        rungs = {level["id"] for level in _several(scale.get("rubricCriterionLevel"))}
        if "requiredLevel" in scale and scale["requiredLevel"] not in rungs:
            return False
        if "allowedValue" in scale and scale.get("requiredValue") not in (
            None,
            *_several(scale["allowedValue"]),
        ):
            return False
        scales[scale["id"]] = scale, rungs
    for result in _several(subject.get("result")):
        known = scales.get(result.get("resultDescription", ""))
        if known is None:
            return False
        scale, rungs = known
        if "achievedLevel" in result and result["achievedLevel"] not in rungs:
            return False
        if "value" in result and not open_badges_3._is_on_scale(result["value"], scale):
            return False
    return True


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@cache
def _compiled(compiler: Callable[..., fast.Schema] | None) -> fast.Schema | None:
    return None if compiler is None else compiler(schema())


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the plain form, of draft 2020-12, made from the table of shapes."""
    defs = {name: _object(name) for name in SHAPES if "VCDM" not in name and "Endorsement" not in name}
    defs |= {"Status": _STATUS, "Resource": _RESOURCE, "CredentialSchema": _SCHEMA}
    whole = defs.pop("AchievementCredential")
    whole["required"] = ["@context", "type", *whole["required"]]
    plain = [_CREDENTIALS, _BADGES]
    whole["properties"] |= {
        "@context": {"enum": [plain, [*plain, _EXTENSIONS]]},
        "type": {
            "enum": [
                ["VerifiableCredential", "OpenBadgeCredential"],
                ["VerifiableCredential", "AchievementCredential"],
            ]
        },
        "credentialStatus": _one_or_more({"$ref": "#/$defs/Status"}),
        "relatedResource": _one_or_more({"$ref": "#/$defs/Resource"}),
    }
    whole["if"] = {"required": ["credentialSchema"]}
    whole["then"] = {"properties": {"@context": {"const": [*plain, _EXTENSIONS]}}}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": defs, **whole}


def _object(name: str) -> dict[str, Any]:
    shape = SHAPES[name]
    properties = {key: _member(member) for key, member in shape.members.items() if _is_known(key, member)}
    required = list(shape.required)
    if shape.type is not None:
        properties["type"] = {"enum": [shape.type, [shape.type]]}
        required.append("type")
    made: dict[str, Any] = {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
        "minProperties": 1,
    }
    if shape.one_of:
        made["anyOf"] = [{"required": [key], "properties": {key: {"minLength": 1}}} for key in shape.one_of]
    return {"anyOf": [_URL, made]} if shape.may_be_an_address else made


def _is_known(key: str, member: Member) -> bool:
    return key not in _LEFT_OUT and (member.kind is not Kind.NUMBER or key in _NUMBERS)


def _member(member: Member) -> dict[str, Any]:
    kind = member.kind
    made: dict[str, Any]
    if isinstance(kind, str):
        made = {"$ref": f"#/$defs/{kind}"}
    elif isinstance(kind, Words):
        made = {"enum": sorted(kind._words)}
    elif kind is Kind.NUMBER:
        made = {"type": "number", "minimum": 0, "maximum": 1_000_000}
    else:
        made = _KINDS[kind]
    return _one_or_more(made) if member.many else made


def _one_or_more(made: dict[str, Any]) -> dict[str, Any]:
    several = {"type": "array", "minItems": 1, "uniqueItems": True, "items": made}
    return {"anyOf": [several, made]}
