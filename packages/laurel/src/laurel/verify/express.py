# SPDX-License-Identifier: Apache-2.0
"""Whole reports on plain badges: what all of them have in common is known, all else is looked at as ever.

The signature, the rules, the dates, the status and the facts are those of the document; what no plain badge
can change, such as that there are no endorsements, is not asked again. Where the frame of the badge is known
too, only its texts are looked at. Only the plain case is taken, see `opening`. Whatever else
comes is a `Fallback` to the whole way, which one report in so many is held against.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from laurel import tiers
from laurel.jsonld.effort import Effort
from laurel.model.timestamp import parse_timestamp, require_offset
from laurel.verify import (
    current_lists,
    endorsements,
    judgement,
    key_binding,
    known,
    own_keys,
    period,
    signatures,
    structure,
    withdrawal,
)
from laurel.verify import evidence as files
from laurel.verify import recipient as recipients
from laurel.verify import report as reports
from laurel.verify.appearance import is_plain, notes
from laurel.verify.material import Material, Unreachable
from laurel.verify.memory import Memory
from laurel.verify.opening import Opened, attempt, proofs
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Report, Result, Verdict, verdict_of

# What the whole way says of every plain badge.
_NOBODY: Final = Presented(carrier="json", document={})
_ISSUER: Final = signatures._binding("did:key:z", "did:key:z")
_SCHEMA: Final = structure.kept("Open Badges 3.0")
_NO_LIST: Final = judgement._trust(_NOBODY, _ISSUER, None)
_NO_STATUS: Final = withdrawal.check(_NOBODY, {}, at=own_keys.ANY_TIME, seen_at=own_keys.ANY_TIME)
_NO_FILES: Final = files.check(_NOBODY, {})
_LAST: Final = (
    endorsements.check(_NOBODY, ()),
    recipients.check({}, None),
    key_binding.check(_NOBODY, challenge=None, domain=None, at=own_keys.ANY_TIME),
)


def verify(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None = None,
    seen_at: datetime | None = None,
    recipient: str | None = None,
    challenge: str | None = None,
    domain: str | None = None,
    memory: Memory | None = None,
    effort: Effort | None = None,
) -> Report:
    """Run every check with what was found, and report them all. Pure; never raises on what was found.

    Args:
        found: what each URL of `needs` led to.
        at: the moment to judge by, UTC. The credential must be current then.
        trust: the ids of the issuers one trusts. None means that no list is kept: then `trust` is neither
            checked nor required. An empty list trusts nobody.
        seen_at: when the material was found, if not at `at`. A status list serves if it was current at
            either moment, so that a past or future `at` does not make today's list look stale. A key that was
            revoked at the later of both vouches for nothing, so that no past `at` brings a stolen key back.
        recipient: the e-mail address or the id of the person whose it should be; None asks nothing.
        challenge, domain: the nonce that the holder was given, and the name they sign for; both or neither.
            Only an SD-JWT with a key binding answers them by itself.
        memory: what earlier checks have seen. An older copy of a status list is then refused; what this check
            has seen stands in the report's `memory`, for whoever keeps one. A key that the issuer did not use
            before makes the issuer check `look_closer`, until the caller remembers the key too.
        effort: a budget of work shared with other documents; without one this credential has its own.

    Returns:
        All eleven checks in their fixed order. Whatever could not be decided is `not_checked`.

    Raises:
        ValueError: `at` or `seen_at` has no offset from UTC.
    """
    require_offset(at, "at")
    if seen_at is not None:
        require_offset(seen_at, "seen_at")
    if recipient is challenge is domain is None and memory is None and effort is None:
        one = attempt(presented, found)
        if one is not None and found.keys().isdisjoint(one.known.schemas):
            return report(presented, one, found, at=at, trust=trust, seen_at=seen_at)
    return judgement.verify(
        presented,
        found,
        at=at,
        trust=trust,
        seen_at=seen_at,
        recipient=recipient,
        challenge=challenge,
        domain=domain,
        memory=memory,
        effort=effort,
    )


def verify_inside(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None,
    seen_at: datetime | None,
    memory: Memory | None,
    effort: Effort,
) -> Report:
    """Do what `judgement.verify` does for a credential that shares its budget with others, and sooner.

    What the whole way would take from the budget is taken from it here too.
    """
    one = attempt(presented, found) if memory is None else None
    if one is not None and found.keys().isdisjoint(one.known.schemas):
        cost = _cost(one, found)
        if cost is not None and cost <= effort.left:
            effort.spend(cost)
            return report(presented, one, found, at=at, trust=trust, seen_at=seen_at)
    return judgement.verify(
        presented, found, at=at, trust=trust, seen_at=seen_at, memory=memory, effort=effort
    )


def _cost(one: Opened, found: Mapping[str, Material]) -> int | None:
    """Return what the whole way takes from a budget for a badge; None where only it can tell."""
    lists = {
        state.list_url: current_lists.held(state, found.get(state.list_url), one.own) for state in one.states
    }
    if len(lists) > current_lists.MOST:
        return None
    costs = [None if listed is None else listed.cost for listed in lists.values()]
    return None if None in costs else one.signed.cost + sum(cost or 0 for cost in costs)


def needs(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime | None = None,
    seen_at: datetime | None = None,
    evidence: bool = False,
    effort: Effort | None = None,
) -> tuple[str, ...]:
    """Return the URLs that are still wanted, to be fetched and asked for again.

    First the issuer's keys; once the signature holds, the status lists, and then the keys behind those, the
    JSON Schemas that it names, and the same for the endorsements inside; with `evidence` also the files whose
    fingerprints were signed. A document that nobody signed sends nobody to any other address.

    Args:
        found: what earlier URLs led to, the unreachable ones too.
        at, seen_at, effort: as for `verify`; `at` is now if it is not given.

    Raises:
        ValueError: `at` or `seen_at` has no offset from UTC.
    """
    if at is not None:
        require_offset(at, "at")
    if seen_at is not None:
        require_offset(seen_at, "seen_at")
    one = attempt(presented, found) if effort is None else None
    if one is None or not found.keys().isdisjoint(one.known.schemas) or not _are_settled(one, found):
        return judgement.needs(presented, found, at=at, seen_at=seen_at, evidence=evidence, effort=effort)
    wanted: list[str | None] = [
        *one.lists,
        *(files.needs(presented) if evidence and one.known.has_files else ()),
    ]
    return judgement._unasked(wanted, found)


def _are_settled(one: Opened, found: Mapping[str, Material]) -> bool:
    """Tell whether no list that was found can ask for anything more, such as the keys behind it."""
    return len(one.lists) <= current_lists.MOST and all(
        material is None or isinstance(material, Unreachable) or current_lists.held(state, material, one.own)
        for state in one.states
        for material in [found.get(state.list_url)]
    )


def report(
    presented: Presented,
    one: Opened,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None,
    seen_at: datetime | None,
) -> Report:
    """Return the report that `judgement.verify` gives, where no official JSON Schema is at hand."""
    common, claims, own, signed = one.known, one.claims, one.own, one.signed
    status = _NO_STATUS
    if one.states:
        seen = seen_at or at
        quick = current_lists.check(one.states, own, found, at=at, seen_at=seen)
        status = quick or withdrawal.check(presented, found, at=at, seen_at=seen, trust=trust)
    starts, ends = _moment_of(claims.get("validFrom")), _moment_of(claims.get("validUntil"))
    checks = (
        judgement.READABLE,
        signatures.HELD,
        own.check,
        _NO_LIST if trust is None else judgement._trust(presented, own.check, trust),
        status,
        period.judged(starts, ends, at, begins=signed.begins, signed_until=signed.expires),
        _SCHEMA,
        files.check(presented, found) if common.has_files else _NO_FILES,
        *_LAST,
    )
    subject: Any = claims["credentialSubject"]
    name = _name_of(subject)
    made = reports.on_badge(
        _verdict(checks),
        checks,
        claims,
        issuer=(common.issuer_id, common.issuer_name),
        subject_name=name,
        achievement_name=common.achievement_name,
        period=(starts, ends),
        created_by=common.created_by,
        assessed_by=known.party(subject.get("source")),
        technical=_technical(presented.carrier, one, name),
    )
    tiers.taken["template: whole report"] += 1
    if not proofs.is_due():
        return made
    return _proved(presented, one, made, found, at=at, trust=trust, seen_at=seen_at)


def _verdict(checks: tuple[Check, ...]) -> Verdict:
    if (
        checks[3] is _NO_LIST
        and (checks[4] is _NO_STATUS or checks[4].result is Result.PASSED)
        and checks[5].result is Result.PASSED
        and checks[7] is _NO_FILES
        and not _NO_STATUS.required
    ):
        return Verdict.GENUINE
    return verdict_of(checks)


def _proved(
    presented: Presented,
    one: Opened,
    made: Report,
    found: Mapping[str, Material],
    *,
    at: datetime,
    trust: Collection[str] | None,
    seen_at: datetime | None,
) -> Report:
    """Return a report after a look at what the whole way says of the same credential."""
    with tiers.only("general"):
        anew = replace(presented, judged={}, parts={}, match=None, opened=[])
        whole = judgement.verify(anew, found, at=at, trust=trust, seen_at=seen_at)
    if whole == made and whole.memory == made.memory:
        return made
    if one.match is not None:
        known.forget(one.match.template)
    else:
        proofs.is_off = True
    presented.opened.clear()
    tiers.alarm("template", "A quick report differed from the whole way; its kind is not used again.")
    return whole


_moment: Final[Callable[[str], datetime]] = lru_cache(maxsize=4096)(parse_timestamp)


def _moment_of(text: Any) -> datetime | None:
    return None if text is None else _moment(text)


def _name_of(subject: Mapping[str, Any]) -> str | None:
    identifiers = subject.get("identifier", ())
    for entry in identifiers if isinstance(identifiers, list) else (identifiers or ()) and [identifiers]:
        if entry["identityType"] == "name" and not entry["hashed"]:
            name: str = entry["identityHash"]
            return name
    return None


def _technical(carrier: str, one: Opened, name: str | None) -> dict[str, str]:
    common, signed = one.known, one.signed
    technical = {"carrier": carrier, "suite": signed.suite, "verification_method": signed.method}
    if signed.stamp is not None:
        technical["signed_at"] = signed.stamp
    if not common.is_named_oddly and (name is None or is_plain(name)):
        return technical
    names = (
        ("issuer_name", common.issuer_name),
        ("subject_name", name),
        ("achievement_name", common.achievement_name),
    )
    return technical | notes(names, common.issuer_id)
