# SPDX-License-Identifier: Apache-2.0
"""Has the issuer withdrawn it or put it on hold? Only a list that the issuer signed can tell."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial, reduce
from operator import add
from typing import Final

from laurel.jsonld.effort import Effort
from laurel.status.entries import Entry, entries
from laurel.status.faults import PROBLEMS, StatusFault
from laurel.verify.material import Material, NotFound
from laurel.verify.memory import Memory
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Result, not_checked
from laurel.verify.status_lists import Doubt, Question, still_wanted, value_of

MOST_LISTS: Final = 3
MOST_ENTRIES: Final = 8

# What a value other than 0 does to the credential, by purpose; any other purpose is told and not judged.
_CODES: Final = {"revocation": "status.withdrawn", "suspension": "status.on-hold"}
_WORDS: Final = {
    "revocation": "The issuer has withdrawn it.",
    "suspension": "The issuer has put it on hold. This can be temporary.",
}
#: These tell something about the credential and never make it invalid.
_NOTES: Final = ("refresh", "message")


def needs(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    seen_at: datetime,
    effort: Effort | None = None,
) -> list[str | None]:
    """Return the URLs that the status of a credential hangs on, fetched or not."""
    if presented.is_sd_jwt_vc:
        from laurel.verify import token_status  # loaded with the first of them

        return token_status.needs(presented, found, at=at, seen_at=seen_at)
    try:
        listed = _entries(presented)
    except StatusFault:
        return []
    wanted: list[str | None] = []
    question = Question(found=found, at=at, seen_at=seen_at, effort=effort or Effort())
    for entry in listed:
        wanted += [entry.list_url, *still_wanted(partial(value_of, entry, presented, question))]
    return wanted


def check(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    seen_at: datetime,
    effort: Effort | None = None,
    trust: Collection[str] | None = None,
    memory: Memory | None = None,
) -> Check:
    """Tell whether the credential is withdrawn or on hold, as far as its lists can be believed.

    Args:
        trust: issuers whose lists count for the credentials of others too.
        memory: what earlier checks have seen; an older copy of a list is refused.
    """
    if presented.is_sd_jwt_vc:
        from laurel.verify import token_status

        return token_status.check(presented, found, at=at, seen_at=seen_at, memory=memory)
    try:
        listed = _entries(presented)
    except StatusFault as fault:
        return _with_problem(not_checked("status", str(fault), code=fault.code))
    question = Question(
        found=found,
        at=at,
        seen_at=seen_at,
        effort=effort or Effort(),
        trust=trust or (),
        memory=memory or Memory(),
    )
    outcomes = [_judge(entry, presented, question) for entry in listed]
    judged = [check for entry, check in zip(listed, outcomes, strict=True) if entry.purpose not in _NOTES]
    notes = _notes(listed, outcomes)
    remember = reduce(add, question.seen, Memory())
    if not judged:
        message = "It names no status list, so nobody could tell if it were withdrawn."
        none = not_checked("status", message, code="status.none", required=False)
        return replace(none, detail=notes, remember=remember)
    worst = min(judged, key=_severity)
    return replace(worst, detail={**worst.detail, **notes}, remember=remember)


def _entries(presented: Presented) -> list[Entry]:
    """Return the entries to look at: those that may end the credential, then those that only tell something.

    Raises:
        StatusFault: one of them is malformed, or they are more than we look at.
    """
    listed = entries(presented.document)
    if len(listed) > MOST_ENTRIES:
        raise StatusFault("The credential has more status entries than we look at.")
    judged = [entry for entry in listed if entry.purpose not in _NOTES]
    addresses = {entry.list_url for entry in judged}
    if len(addresses) > MOST_LISTS:
        raise StatusFault("The credential names more status lists than we look at.")
    for entry in listed:
        if entry.purpose in _NOTES and len(addresses | {entry.list_url}) <= MOST_LISTS:
            addresses.add(entry.list_url)
            judged.append(entry)
    return judged


def _severity(check: Check) -> int:
    if check.result is Result.FAILED:
        return 0 if check.code == "status.withdrawn" else 1
    return {Result.NOT_CHECKED: 2, Result.LOOK_CLOSER: 3}.get(check.result, 4)


def _judge(entry: Entry, presented: Presented, question: Question) -> Check:
    detail = {"list": entry.list_url, "index": str(entry.index), "purpose": entry.purpose}
    if entry.kind == "1EdTechRevocationList":
        del detail["index"]
    try:
        value = value_of(entry, presented, question)
    except NotFound as error:
        message = f"It could not be looked up whether it has been withdrawn. {error}"
        detail |= {"host": error.host}
        result, code = Result.NOT_CHECKED, "status.unreachable"
    except Doubt as error:
        result, code, message = Result.NOT_CHECKED, error.code, str(error)
    else:
        result, code, message = _meaning(entry, value)
        detail |= _said(entry, value)
    return _with_problem(Check(name="status", result=result, code=code, message=message, detail=detail))


def _meaning(entry: Entry, value: int) -> tuple[Result, str, str]:
    """Return what a value comes to. Spec: Bitstring Status List 1.0 §2.1 (statusPurpose), §3.2"""
    if not value or entry.purpose in _NOTES:
        return Result.PASSED, "status.ok", "The issuer has not withdrawn it."
    if entry.purpose in _CODES:
        return Result.FAILED, _CODES[entry.purpose], _WORDS[entry.purpose]
    message = "The issuer has marked it, and we do not know what the mark means."
    return Result.LOOK_CLOSER, "status.unknown-purpose", message


def _said(entry: Entry, value: int) -> dict[str, str]:
    """Return the value and what the issuer says of it: a text for developers, in the issuer's own words."""
    said = {"value": f"0x{value:x}"} if entry.size > 1 or entry.purpose not in _CODES else {}
    if value in entry.messages:
        said["message"] = entry.messages[value][:500]
    if entry.references:
        said["reference"] = entry.references[0][:500]
    return said


def _notes(listed: list[Entry], outcomes: list[Check]) -> dict[str, str]:
    """Return what the entries tell that do not bear on whether the credential holds.

    Each goes by its purpose: "refresh" is yes or no, "message" the issuer's text or else the value. Where the
    list does not tell, the code says why.
    """
    notes: dict[str, str] = {}
    for entry, outcome in zip(listed, outcomes, strict=True):
        if entry.purpose not in _NOTES or entry.purpose in notes:
            continue
        value = outcome.detail.get("value")
        if value is None:
            notes[entry.purpose] = outcome.code
        elif entry.purpose == "refresh":
            notes["refresh"] = "no" if value == "0x0" else "yes"
        else:
            notes["message"] = outcome.detail.get("message", value)
            notes |= {
                f"message_{name}": outcome.detail[name] for name in ("reference",) if name in outcome.detail
            }
    return notes


def _with_problem(check: Check) -> Check:
    """Name the problem as the specification does, where it has a name for it."""
    problem = PROBLEMS.get(check.code)
    return replace(check, detail={**check.detail, "problem": problem}) if problem else check
