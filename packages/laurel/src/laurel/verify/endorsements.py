# SPDX-License-Identifier: Apache-2.0
"""Who else stands behind it? Each endorsement inside a credential is checked like a credential of its own.

What the issuer signed is that the endorsements stand there. Whether the endorsers signed them is another
question, and an endorsement that does not hold says nothing about the badge, only about itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

from laurel.errors import Unreadable
from laurel.strictjson import JsonValue
from laurel.verify import presented as reading
from laurel.verify.presented import Presented, id_of, texts
from laurel.verify.report import Check, Endorsement, Report, Result, not_checked, unreadable, verdict_of

MOST: Final = 8
_TYPE: Final = "EndorsementCredential"
_NAMES: Final = ("endorsement", "endorsementJwt")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One endorsement in a credential: its place, its value, and the ids of what it may be about."""

    pointer: str
    value: JsonValue
    things: frozenset[str]


def needs(presented: Presented, wanted: Callable[[Presented], Sequence[str | None]]) -> list[str | None]:
    """Return the URLs that the endorsements hang on, as `wanted` tells them for each."""
    urls: list[str | None] = []
    for part in _looked_at(presented):
        one = _read(presented, part)
        if isinstance(one, Presented):
            urls += wanted(one)
    return urls


def judge(presented: Presented, judged: Callable[[Presented], Report]) -> tuple[Endorsement, ...]:
    """Return what came of each endorsement in the signed claims, up to `MOST`.

    Args:
        judged: gives the report on one of them.

    Spec: OB 3.0 #endorsement-verification
    """
    return tuple(_judge(presented, part, judged) for part in _looked_at(presented))


def check(presented: Presented, endorsements: Sequence[Endorsement]) -> Check:
    """Sum the endorsements up. Not required: the badge holds or not whatever others say of it."""
    number = sum(1 for _ in _parts(presented.claims))
    if not number:
        message = "It carries no endorsements."
        return not_checked("endorsements", message, code="endorsements.none", required=False)
    good = sum(each.holds for each in endorsements)
    detail = {each.pointer: each.report.verdict.value for each in endorsements}
    if number > MOST:
        result, code = Result.LOOK_CLOSER, "endorsements.too-many"
        message = f"It carries {number} endorsements, of which we look at {MOST}; {good} of those hold."
    elif good == number:
        result, code = Result.PASSED, "endorsements.ok"
        message = "The endorsement in it holds." if good == 1 else f"All {good} endorsements in it hold."
    else:
        result, code = Result.LOOK_CLOSER, "endorsements.doubtful"
        message = f"{good} of {number} endorsements hold. Do not count on the others; the badge is as it was."
        if number == 1:
            message = "The endorsement in it does not hold. Do not count on it; the badge is as it was."
    return Check(
        name="endorsements", result=result, code=code, message=message, required=False, detail=detail
    )


def _judge(presented: Presented, part: Part, judged: Callable[[Presented], Report]) -> Endorsement:
    one = _read(presented, part)
    if isinstance(one, Unreadable):
        return Endorsement(pointer=part.pointer, about=None, report=unreadable(one))
    report = judged(one)
    subject = one.document.get("credentialSubject")
    about = id_of(subject) if isinstance(subject, dict) else None
    if report.credential is None:
        return Endorsement(pointer=part.pointer, about=None, report=report)
    if about not in part.things or _TYPE not in texts(one.document.get("type")):
        report = _with_other_subject(report)
    comment = subject.get("endorsementComment") if isinstance(subject, dict) else None
    return Endorsement(
        pointer=part.pointer,
        about=about,
        report=report,
        comment=comment if isinstance(comment, str) else None,
    )


def _with_other_subject(report: Report) -> Report:
    """Return the report on an endorsement of something else, which somebody moved here."""
    other = Check(
        name="schema",
        result=Result.FAILED,
        code="schema.endorses-other",
        message="It endorses something else than what it is attached to.",
    )
    checks = tuple(other if check.name == "schema" else check for check in report.checks)
    return replace(report, checks=checks, verdict=verdict_of(checks))


def _read(presented: Presented, part: Part) -> Presented | Unreadable:
    """Return one endorsement as a document of its own, the same each time it is asked for."""
    if part.pointer not in presented.parts:
        try:
            presented.parts[part.pointer] = _read_anew(part.value)
        except Unreadable as error:
            return error
    return presented.parts[part.pointer]


def _read_anew(value: JsonValue) -> Presented:
    if isinstance(value, str):
        return reading.read(value.encode(errors="replace"))
    if not isinstance(value, dict) or _TYPE not in texts(value.get("type")):
        raise Unreadable("This endorsement is not a credential.", code="unreadable.not-a-credential")
    return Presented(carrier="json", document=value)


def _looked_at(presented: Presented) -> list[Part]:
    return [part for part, _ in zip(_parts(presented.claims), range(MOST), strict=False)]


def _parts(claims: Mapping[str, JsonValue]) -> Iterator[Part]:
    """Yield every endorsement, the outermost first; those inside endorsements are their endorsers' affair.

    One of a profile or an achievement is about that; one of the credential is about the credential, or the
    achievement or a profile in it.

    Spec: OB 3.0 #achievementcredential (endorsement)
    """
    named: set[str] = set()
    places: list[tuple[str, Mapping[str, JsonValue]]] = []
    waiting: list[tuple[str, JsonValue]] = [("", dict(claims))]
    while waiting:
        pointer, value = waiting.pop(0)
        if isinstance(value, list):
            waiting += [(f"{pointer}/{number}", part) for number, part in enumerate(value)]
        elif isinstance(value, dict):
            places.append((pointer, value))
            if isinstance(identifier := value.get("id"), str):
                named.add(identifier)
            waiting += [
                (f"{pointer}/{_escaped(name)}", part)
                for name, part in value.items()
                if name not in (*_NAMES, "proof") and isinstance(part, dict | list)
            ]
    for pointer, place in places:
        things = named if pointer == "" else {id_of(dict(place)) or ""}
        for name in _NAMES:
            parts = place.get(name)
            listed = parts if isinstance(parts, list) else [] if parts is None else [parts]
            for number, part in enumerate(listed):
                yield Part(pointer=f"{pointer}/{name}/{number}", value=part, things=frozenset(things))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
