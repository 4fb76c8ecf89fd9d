# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas that a credential names, and what they say of it.

Our own rules decide what Open Badges 3.0 demands. What an issuer demands beyond that stands in a schema of
theirs. It is fetched only once the signature holds, and run in a process of its own, for a small schema can
ask for a lot of work. It may refer to itself and to nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, final

from laurel.errors import Unreadable
from laurel.jsonld.effort import Effort
from laurel.strictjson import JsonValue, loads
from laurel.verify import presented as reading
from laurel.verify import signatures
from laurel.verify.evidence import fits_digests
from laurel.verify.material import Material, NotFound, Rewritten, host_of, text
from laurel.verify.presented import Presented, texts
from laurel.verify.report import Check, Result

if TYPE_CHECKING:
    from laurel.rules.schema_running import Answer

MOST: Final = 3
LARGEST: Final = 256 * 1024
_1EDTECH: Final = "1EdTechJsonSchemaValidator2019"
_PLAIN: Final = "JsonSchema"
_SIGNED: Final = "JsonSchemaCredential"
_KINDS: Final = (_1EDTECH, _PLAIN, _SIGNED)
#: 1EdTech's own schemas may not be passed on, so laurel does not hold them: its rules say the same and more.
_OFFICIAL: Final = "https://purl.imsglobal.org/spec/"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the named schemas said, the gravest of them: passed, failed, or why there was nothing to say."""

    result: Result
    code: str = "schema.ok"
    message: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)

    def as_check(self) -> Check:
        """Return what it comes to for the check of the schema."""
        return Check(
            name="schema", result=self.result, code=self.code, message=self.message, detail=self.detail
        )


class _Open(Exception):
    """A schema that says nothing, and why. `wanted` is a URL that would help."""

    def __init__(self, code: str, message: str, wanted: str | None = None) -> None:
        super().__init__(message)
        self.code, self.wanted = code, wanted


def needs(
    presented: Presented, found: Mapping[str, Material], at: datetime, effort: Effort
) -> list[str | None]:
    """Return the URLs of the schemas that a credential names, and of the keys behind signed ones."""
    wanted: list[str | None] = []
    for entry in _entries(presented.document):
        url = str(entry["id"])
        if url.startswith(_OFFICIAL):
            continue
        wanted.append(url)
        try:
            _schema(entry, found, at, effort)
        except _Open as fault:
            wanted.append(fault.wanted)
    return wanted


def outcome(
    presented: Presented, found: Mapping[str, Material], at: datetime, effort: Effort
) -> Outcome | None:
    """Run the schemas that a credential names; None when none has anything to say.

    Spec: OB 3.0 #verification; VC JSON Schema #jsonschema, #jsonschemacredential
    """
    entries = _entries(presented.document)
    if len(entries) > MOST:
        message = f"It names more JSON Schemas than the {MOST} that we look at."
        return Outcome(result=Result.NOT_CHECKED, code="schema.too-many", message=message)
    ready: list[tuple[str, JsonValue]] = []
    faults: list[Outcome] = []
    for entry in entries:
        url = str(entry["id"])
        if url.startswith(_OFFICIAL) and url not in found:
            continue
        try:
            ready.append((url, _schema(entry, found, at, effort)))
        except _Open as fault:
            detail = {"schema": url}
            faults.append(
                Outcome(result=Result.NOT_CHECKED, code=fault.code, message=str(fault), detail=detail)
            )
    if ready and effort.processes > 0:
        effort.processes -= 1
        faults.append(_run(ready, presented.document))
    elif ready:
        message = "The JSON Schema that it names was not run: so many others came along. Check it by itself."
        faults.append(Outcome(result=Result.NOT_CHECKED, code="schema.not-run", message=message))
    return min(faults, key=_gravity, default=None)


def outcome_inside(presented: Presented) -> Outcome | None:
    """Say for a document inside another that its schemas were not run, unless our rules stand for them."""
    if all(str(entry["id"]).startswith(_OFFICIAL) for entry in _entries(presented.document)):
        return None
    message = "The JSON Schema that it names was not run."
    return Outcome(result=Result.NOT_CHECKED, code="schema.not-run", message=message)


def official(presented: Presented) -> frozenset[str] | None:
    """Return the URLs of the schemas that a document names; None where our own rules do not stand for all."""
    entries = _entries(presented.document)
    urls = frozenset(str(entry["id"]) for entry in entries)
    return urls if len(entries) <= MOST and all(url.startswith(_OFFICIAL) for url in urls) else None


def _gravity(outcome: Outcome) -> int:
    return {Result.FAILED: 0, Result.NOT_CHECKED: 1}.get(outcome.result, 2)


def _entries(document: Mapping[str, JsonValue]) -> list[Mapping[str, JsonValue]]:
    """Return the entries of a kind that we know; others are for those who know them."""
    named = document.get("credentialSchema")
    return [
        entry
        for entry in (named if isinstance(named, list) else [named])
        if isinstance(entry, dict)
        and isinstance(entry.get("id"), str)
        and any(kind in _KINDS for kind in texts(entry.get("type")))
    ]


def _schema(
    entry: Mapping[str, JsonValue], found: Mapping[str, Material], at: datetime, effort: Effort
) -> JsonValue:
    """Return the schema that an entry names, with a `$schema` that says which draft it is. Raises: _Open."""
    url, kinds = str(entry["id"]), texts(entry.get("type"))
    try:
        data = text(found, url)
    except NotFound as error:
        message = f"The JSON Schema that it names could not be looked up. {error}"
        raise _Open("schema.unreachable", message, url) from error
    _require_pinned(entry, data)
    if _SIGNED in kinds:
        return _out_of_credential(url, data, found, at, effort)
    try:
        schema = loads(data, limit=LARGEST)
    except Unreadable as error:
        message = f"{host_of(url)} gave something else than a JSON Schema."
        raise _Open("schema.unreadable", message) from error
    if _PLAIN not in kinds and isinstance(schema, dict) and "$schema" not in schema:
        # 1EdTech's kind is of that year by its name; the W3C's has to say it.
        return {"$schema": "https://json-schema.org/draft/2019-09/schema", **schema}
    return schema


def _require_pinned(entry: Mapping[str, JsonValue], data: bytes) -> None:
    if not {"digestSRI", "digestMultibase"} & entry.keys():
        return
    if isinstance(data, Rewritten):
        return  # the same document, and perhaps not the same bytes
    fits = fits_digests(entry, data)
    if fits is False:
        raise _Open("schema.changed", "The JSON Schema is not the one whose fingerprint was signed.")
    if fits is None:
        raise _Open("schema.unknown-digest", "The JSON Schema has a fingerprint of a kind we do not know.")


def _out_of_credential(
    url: str, data: bytes, found: Mapping[str, Material], at: datetime, effort: Effort
) -> JsonValue:
    """Return the schema that somebody signed, whoever that is: its signature has to hold and be theirs."""
    try:
        signed = reading.read(data)
    except Unreadable as error:
        message = f"{host_of(url)} gave something else than a signed JSON Schema."
        raise _Open("schema.unreadable", message) from error
    judged = signatures.best(signed, found, at=at, effort=effort)
    if not judged.holds or judged.issuer.result is not Result.PASSED:
        message = "The JSON Schema is not signed by the one who should have signed it."
        raise _Open("schema.bad-signature", message, judged.wanted)
    subject = signed.document.get("credentialSubject")
    schema = subject.get("jsonSchema") if isinstance(subject, dict) else None
    if not isinstance(schema, dict):
        raise _Open("schema.unreadable", f"{host_of(url)} gave a credential that holds no JSON Schema.")
    return schema


def _run(ready: list[tuple[str, JsonValue]], document: Mapping[str, JsonValue]) -> Outcome:
    """Hold a document against schemas, all in one process."""
    from laurel.rules import schema_running  # loaded with the first of them

    answers = schema_running.run([schema for _, schema in ready], dict(document))
    outcomes = [_told(url, answer) for (url, _), answer in zip(ready, answers, strict=True)]
    return min(outcomes, key=_gravity)


def _told(url: str, answer: "Answer") -> Outcome:
    if answer.outcome == "success":
        return Outcome(result=Result.PASSED)
    if answer.outcome == "failure":
        first = next(iter(answer.detail.items()), ("/", ""))
        message = f"It does not fit the JSON Schema that it names, of {host_of(url)}: {first[0]}: {first[1]}"
        return Outcome(
            result=Result.FAILED, code="schema.does-not-fit", message=message, detail=answer.detail
        )
    return Outcome(
        result=Result.NOT_CHECKED,
        code=f"schema.{answer.outcome}",
        message=answer.message,
        detail={"schema": url},
    )
