# SPDX-License-Identifier: Apache-2.0
"""From what was presented and what was found to a report: which URLs are needed, and what they add up to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, final

from laurel.errors import NotACredential
from laurel.jsonld.effort import Effort
from laurel.proof.jwt import moment, number
from laurel.strictjson import JsonValue
from laurel.verify import (
    endorsements,
    key_binding,
    period,
    schemas,
    signatures,
    structure,
    withdrawal,
)
from laurel.verify import evidence as files
from laurel.verify import recipient as recipients
from laurel.verify.appearance import notes
from laurel.verify.material import Material, is_on_the_web
from laurel.verify.memory import Memory
from laurel.verify.presented import Presented, texts
from laurel.verify.report import Check, Party, Report, Result, not_checked, verdict_of

if TYPE_CHECKING:
    from laurel.model.profile import Profile

_VERSION_2: Final = "open-badges-2.0"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked of every document alike: the material, the moments, and a budget that they share."""

    found: Mapping[str, Material]
    at: datetime
    seen_at: datetime
    effort: Effort
    trust: Collection[str] | None = None
    memory: Memory | None = None

    @property
    def known_at(self) -> datetime:
        """The moment by which keys are judged: what is known of them now holds for a past `at` too."""
        return max(self.at, self.seen_at)

    def wanted(self, one: Presented, outcome: signatures.Outcome) -> list[str | None]:
        """Return the URLs that the signature, the status and the schemas of a document hang on."""
        if not outcome.holds:
            return [outcome.wanted]
        lists = withdrawal.needs(one, self.found, at=self.at, seen_at=self.seen_at, effort=self.effort)
        return [outcome.wanted, *lists, *schemas.needs(one, self.found, self.known_at, self.effort)]

    def wanted_inside(self, one: Presented) -> list[str | None]:
        """Return the same for a document inside another."""
        return self.wanted(one, signatures.best(one, self.found, at=self.known_at, effort=self.effort))


def needs(
    presented: Presented,
    found: Mapping[str, Material],
    *,
    at: datetime | None = None,
    seen_at: datetime | None = None,
    evidence: bool = False,
    effort: Effort | None = None,
) -> tuple[str, ...]:
    """Do the whole way what `express.needs` promises, which see."""
    if presented.format == _VERSION_2:
        from laurel.verify import open_badges_2  # loaded with the first of them

        return _unasked(open_badges_2.needs(presented, found), found)
    moment = at or datetime.now(UTC)
    question = _Question(found=found, at=moment, seen_at=seen_at or moment, effort=effort or Effort())
    outcome = signatures.best(presented, found, at=question.known_at, effort=effort)
    wanted = question.wanted(presented, outcome)
    if outcome.holds:
        wanted += endorsements.needs(presented, question.wanted_inside)
        if evidence:
            wanted += files.needs(presented)
    return _unasked(wanted, found)


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
    """Do the whole way what `express.verify` promises, which see."""
    if presented.format == _VERSION_2:
        from laurel.verify import open_badges_2

        return open_badges_2.verify(
            presented,
            found,
            at=at,
            trust=trust,
            recipient=recipient,
            challenge=challenge,
            domain=domain,
        )
    # The signature has one budget; the lists, the schemas and the endorsements have a second one together.
    question = _Question(
        found=found, at=at, seen_at=seen_at or at, effort=effort or Effort(), trust=trust, memory=memory
    )
    outcome = _as_remembered(
        signatures.best(presented, found, at=question.known_at, effort=effort), presented, memory
    )
    holder = key_binding.check(presented, challenge=challenge, domain=domain, at=question.seen_at)
    if not outcome.holds:
        rest = _not_looked_at(has_list=trust is not None, asks_whose=recipient is not None)
        unproven = not_checked("holder", _NOT_HELD, required=holder.required)
        return _report(presented, outcome, rest, holder=unproven if holder.required else holder)
    presented = _as_signed(presented, outcome.signature)
    endorsed = endorsements.judge(presented, lambda part: _judge_inside(part, question))
    named = schemas.outcome(presented, found, question.known_at, question.effort)
    rest = (
        _trust(presented, outcome.issuer, trust),
        *_own_checks(presented, outcome, question, named),
        files.check(presented, found),
        endorsements.check(presented, endorsed),
        recipients.check(presented.claims, recipient),
    )
    return replace(_report(presented, outcome, rest, holder=holder), endorsements=endorsed)


def _as_remembered(
    outcome: signatures.Outcome, presented: Presented, memory: Memory | None
) -> signatures.Outcome:
    """Ask for a closer look where an issuer signs with a key that it did not use before.

    Whoever gets hold of an issuer's address can publish keys there and sign with them, so a new key is either
    a change that the issuer can tell of, or somebody else.
    """
    used = outcome.issuer.remember.keys.get(presented.issuer_id or "", frozenset())
    if memory is None or all(memory.knows(presented.issuer_id, key) for key in used):
        return outcome
    issuer = Check(
        name="issuer",
        result=Result.LOOK_CLOSER,
        code="issuer.new-key",
        message="The issuer signs with a key that it did not use before. Ask the issuer whether that is so.",
        detail={"key": ", ".join(sorted(used))},
    )
    return replace(outcome, issuer=issuer)


def _judge_inside(part: Presented, question: _Question) -> Report:
    """Judge a document inside another: what it says of itself, and nothing that was asked of the whole.

    A JSON Schema that it names is not run: one document starts one process at most.
    """
    outcome = signatures.best(part, question.found, at=question.known_at, effort=question.effort)
    nothing = (
        not_checked(name, "Not asked of a document inside another.", required=False) for name in _OUTER
    )
    trust, evidence, *others = nothing
    if not outcome.holds:
        rest = _not_looked_at(has_list=False, asks_whose=False)
        return _report(part, outcome, rest, holder=_unasked_holder(part, question))
    part = _as_signed(part, outcome.signature)
    checks = _own_checks(part, outcome, question, schemas.outcome_inside(part))
    holder = _unasked_holder(part, question)
    return _report(part, outcome, (trust, *checks, evidence, *others), holder=holder)


def _unasked_holder(part: Presented, question: _Question) -> Check:
    return key_binding.check(part, challenge=None, domain=None, at=question.at)


_OUTER: Final = ("trust", "evidence", "endorsements", "recipient")
READABLE: Final = Check(
    name="readable",
    result=Result.PASSED,
    code="readable.ok",
    message="The file holds one credential.",
)


def _own_checks(
    presented: Presented, outcome: signatures.Outcome, question: _Question, named: schemas.Outcome | None
) -> tuple[Check, Check, Check]:
    status = withdrawal.check(
        presented,
        question.found,
        at=question.at,
        seen_at=question.seen_at,
        effort=question.effort,
        trust=question.trust,
        memory=question.memory,
    )
    return (
        status,
        period.check(presented, outcome.signature, question.at),
        structure.check(presented, outcome.signature, named),
    )


def _report(
    presented: Presented, outcome: signatures.Outcome, rest: Iterable[Check], *, holder: Check
) -> Report:
    checks = (READABLE, outcome.proof, outcome.issuer, *rest, holder)
    report = Report(
        verdict=verdict_of(checks),
        checks=checks,
        format=presented.format,
        credential=presented.claims if outcome.holds else None,
        technical=_technical(presented, outcome),
    )
    if not outcome.holds:
        return report
    told = _with_facts(report, presented)
    found = noted(told, told.subject_name)
    return replace(told, technical={**told.technical, **found}) if found else told


def noted(report: Report, subject_name: str | None) -> dict[str, str]:
    """Return what the eye does not see in the names that a report shows, the learner's given apart."""
    names = (
        ("issuer_name", report.issuer_name),
        ("subject_name", subject_name),
        ("achievement_name", report.achievement_name),
    )
    return notes(names, report.issuer_id)


def _as_signed(presented: Presented, signature: signatures.Signature | None) -> Presented:
    """Return what was presented under the contexts that were signed, without those that others added."""
    if signature is None or signature.contexts is None:
        return presented
    return replace(presented, document={**presented.document, "@context": signature.contexts})


def _unasked(wanted: list[str | None], found: Mapping[str, Material]) -> tuple[str, ...]:
    urls = (url for url in wanted if url is not None and url not in found and is_on_the_web(url))
    return tuple(dict.fromkeys(urls))


_NOT_HELD: Final = "Not looked at, because the signature was not found to hold."


def _not_looked_at(*, has_list: bool, asks_whose: bool) -> tuple[Check, ...]:
    return tuple(
        not_checked(name, _NOT_HELD, required=required)
        for name, required in (
            ("trust", has_list),
            ("status", True),
            ("period", True),
            ("schema", True),
            ("evidence", False),
            ("endorsements", False),
            ("recipient", asks_whose),
        )
    )


def _trust(presented: Presented, issuer: Check, trust: Collection[str] | None) -> Check:
    if trust is None:
        message = "No list of trusted issuers was given, so nobody vouches for the issuer here."
        return not_checked("trust", message, code="trust.no-list", required=False)
    if issuer.result is not Result.PASSED:
        return not_checked("trust", "Not looked at, because it is not sure who the issuer is.")
    if presented.issuer_id in trust:
        return Check(
            name="trust",
            result=Result.PASSED,
            code="trust.ok",
            message="The issuer is on the list of trusted ones.",
        )
    return Check(
        name="trust",
        result=Result.FAILED,
        code="trust.unknown",
        message="The issuer is not on the list of trusted ones.",
        detail={"issuer": presented.issuer_id or ""},
    )


def _technical(presented: Presented, outcome: signatures.Outcome) -> dict[str, str]:
    technical: dict[str, str] = {"carrier": presented.carrier}
    if outcome.signature is not None:
        technical["suite"] = outcome.signature.suite
        technical["verification_method"] = outcome.signature.method
        if outcome.signature.created is not None:
            technical["signed_at"] = outcome.signature.created.isoformat()
    if outcome.holds:
        technical |= _terms(presented.document)
    return {name: value[:500] for name, value in technical.items()}


def _with_facts(report: Report, presented: Presented) -> Report:
    """Return the report with the few facts that a page shows first, out of the signed claims only."""
    report = replace(report, issuer_id=presented.issuer_id)
    if presented.is_sd_jwt_vc:
        begins, ends = (number(presented.claims.get(name)) for name in ("nbf", "exp"))
        return replace(report, valid_from=moment(begins), valid_until=moment(ends))
    from laurel.formats import open_badges_3  # loaded with the first report that is made the whole way

    try:
        credential = open_badges_3.from_json(presented.claims)
    except NotACredential:
        issuer = presented.document.get("issuer")
        return replace(report, issuer_name=_text(issuer.get("name")) if isinstance(issuer, dict) else None)
    named = (
        entry.identity_hash
        for entry in credential.subject.identifiers
        if entry.identity_type == "name" and not entry.hashed
    )
    return replace(
        report,
        created_by=_party(credential.subject.achievement.creator),
        assessed_by=_party(credential.subject.source),
        issuer_name=credential.issuer.name,
        subject_name=next(named, None),
        achievement_name=credential.subject.achievement.name,
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
    )


def _party(profile: "Profile | None") -> Party | None:
    return None if profile is None else Party(id=profile.id, name=profile.name)


def _terms(document: Mapping[str, JsonValue]) -> dict[str, str]:
    """Return the kinds of terms of use that the issuer set, known or not: they are for people to read."""
    terms = document.get("termsOfUse")
    listed = terms if isinstance(terms, list) else [terms]
    kinds = [kind for one in listed if isinstance(one, dict) for kind in texts(one.get("type"))]
    return {"terms_of_use": ", ".join(kinds)} if kinds else {}


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
