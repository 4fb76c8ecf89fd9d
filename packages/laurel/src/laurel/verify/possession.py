# SPDX-License-Identifier: Apache-2.0
"""Whether a presentation was made by whom it is about: for us, in answer to our question, and just now.

A signature by the holder's key shows only that the holder signed once. Whoever copied the presentation can
show it as well. So the holder counts as proven only when somebody asked: with a challenge that serves once,
and under a name of their own (the domain) that the holder signed too.

Spec: VCDM 2.0 #verifiable-presentations; Data Integrity 1.0 #verify-proof
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from laurel.errors import ProofFault
from laurel.verify import presentations
from laurel.verify.presentations import Binding, Presentation
from laurel.verify.presented import Presented, id_of
from laurel.verify.report import Check, Report, Result, not_checked, verdict_of
from laurel.verify.signatures import Outcome

SKEW: Final = timedelta(minutes=5)
MOST_AGE: Final = timedelta(minutes=5)
"""How old an answer to a challenge may be."""

_UNSIGNED: Final = "Nobody has signed the presentation, so anybody may have put these credentials together."
_NOT_HELD: Final = "Not looked at, because the signature was not found to hold."


def binding_of(presentation: Presentation, outcome: Outcome) -> Binding | None:
    """Return what the signature is bound to, if it holds; one with a date that is none is not bound."""
    if not outcome.holds or outcome.signature is None:
        return None
    try:
        return presentations.binding(presentation, outcome.signature.place)
    except ProofFault:
        return None


def audience(bound: Binding | None, domain: str | None) -> Check:
    """Tell whether the presentation was made for us, and for nobody else."""
    if domain is None:
        message = "Nobody said for whom it has to be made. Give your own name with --domain."
        return not_checked("audience", message, code="audience.not-asked", required=False)
    if bound is None:
        return not_checked("audience", _NOT_HELD)
    if not bound.domains:
        return _failed("audience", "audience.missing", "The presentation does not say for whom it was made.")
    if set(bound.domains) != {domain}:
        message = "The presentation was made for somebody else, or not for us alone."
        return _failed("audience", "audience.other", message, domain=", ".join(bound.domains)[:500])
    return Check(
        name="audience",
        result=Result.PASSED,
        code="audience.ok",
        message="The presentation was made for the one who asks, and for nobody else.",
    )


def nonce(bound: Binding | None, challenge: str | None) -> Check:
    """Tell whether the presentation answers our question. Whether we asked it once only, our caller knows."""
    if challenge is None:
        message = "Nobody asked a question that only this presentation answers. Give it with --challenge."
        return not_checked("nonce", message, code="nonce.not-asked", required=False)
    if bound is None:
        return not_checked("nonce", _NOT_HELD)
    if bound.challenge is None:
        return _failed("nonce", "nonce.missing", "The presentation answers no challenge.")
    if bound.challenge != challenge:
        return _failed("nonce", "nonce.other", "The presentation answers another challenge than ours.")
    return Check(
        name="nonce",
        result=Result.PASSED,
        code="nonce.ok",
        message="The presentation answers the challenge that was given.",
    )


def period(bound: Binding | None, answered: Check, at: datetime, most_age: timedelta) -> Check:
    """Tell whether the presentation was signed just now, if a challenge was given, and still serves."""
    if bound is None:
        return not_checked("period", _NOT_HELD)
    begins = max(filter(None, (bound.created, bound.begins)), default=None)
    if begins is not None and begins - at > SKEW:
        return _failed("period", "period.not-yet", f"It was signed for {_when(begins)} and later.")
    if bound.expires is not None and at >= bound.expires:
        return _failed("period", "period.signature-ended", f"It served until {_when(bound.expires)}.")
    asked = answered.code != "nonce.not-asked"
    if asked and bound.created is not None and at - bound.created > most_age + SKEW:
        message = (
            f"It was signed on {_when(bound.created)}, too long ago to be the answer to a question of now."
        )
        return _failed("period", "period.too-old", message)
    if bound.created is None and answered.result is not Result.PASSED:
        message = "It does not say when it was signed."
        return not_checked("period", message, code="period.undated", required=asked)
    return Check(name="period", result=Result.PASSED, code="period.ok", message="It is current.")


def holder(presentation: Presentation, outcome: Outcome, for_us: tuple[Check, ...]) -> Check:
    """Tell whether the presentation was signed by its holder, and for us.

    Args:
        for_us: the checks of audience, nonce and period.
    """
    questions = [check for check in for_us if check.name in ("audience", "nonce")]
    unasked = [check for check in questions if check.code.endswith(".not-asked")]
    asked = len(unasked) < len(questions)  # half a question is one too, and gets no whole answer
    if not presentation.is_signed:
        return not_checked("holder", _UNSIGNED, code="holder.unsigned", required=asked)
    if not outcome.holds:
        return not_checked("holder", _NOT_HELD, required=asked)
    owner = outcome.issuer
    if owner.result is Result.FAILED:
        code = f"holder.{owner.code.partition('.')[2]}"
        if code == "holder.other-key":
            message = "The presentation is signed with a key of somebody else than the holder it names."
            return _failed("holder", code, message)
        return _failed("holder", code, owner.message)
    if owner.result is not Result.PASSED:
        message = f"Whose key it is could not be looked up. {owner.message}"
        return not_checked("holder", message, code="holder.unreachable", required=asked)
    if any(check.result is Result.FAILED for check in for_us):
        message = "The holder signed it, but not for us and now. Whoever shows it can be somebody else."
        return _failed("holder", "holder.replayed", message)
    if unasked:
        return Check(
            name="holder",
            result=Result.LOOK_CLOSER,
            code="holder.not-asked",
            message="The holder signed it, but not in answer to us: this can be a copy. "
            "Ask with a challenge and a domain.",
            required=asked,
        )
    if any(check.result is not Result.PASSED for check in for_us):
        return not_checked("holder", "It could not be told whether the holder signed it for us and now.")
    return Check(
        name="holder",
        result=Result.PASSED,
        code="holder.ok",
        message="The holder signed it for the one who asks, in answer to the challenge.",
    )


def with_holder(report: Report, credential: Presented, holder: Check, holder_id: str | None) -> Report:
    """Return a credential's report with what the presentation shows of its holder.

    Only a credential whose every subject is the holder is the holder's own.
    """
    check = _holder_of(report, credential, holder, holder_id)
    checks = tuple(check if each.name == "holder" else each for each in report.checks)
    return replace(report, checks=checks, verdict=verdict_of(checks))


def _holder_of(report: Report, credential: Presented, holder: Check, holder_id: str | None) -> Check:
    if report["proof"].result is not Result.PASSED:
        return not_checked("holder", _NOT_HELD, required=holder.required)
    if holder.result is Result.NOT_CHECKED or holder_id is None:
        message = "Who shows it was not proven, so it cannot be told whether it is theirs."
        return not_checked("holder", message, code=_code(holder), required=holder.required)
    if holder.result is Result.FAILED:
        message = "Whoever shows it has not proven to be the holder."
        return replace(_failed("holder", holder.code, message), required=holder.required)
    value = credential.document.get("credentialSubject")
    subjects = [id_of(subject) for subject in (value if isinstance(value, list) else [value])]
    if None in subjects or not subjects:
        message = "It names nobody by an id, so it cannot be told whether it is the holder's."
        return not_checked("holder", message, code="holder.no-subject", required=holder.required)
    if set(subjects) != {holder_id}:
        message = "It is about somebody else than the one who shows it."
        found = _failed("holder", "holder.other-subject", message, holder=holder_id[:500])
        # Where nobody asked for a proof, showing what is about somebody else is no fault.
        return found if holder.required else replace(found, result=Result.LOOK_CLOSER, required=False)
    if holder.result is Result.LOOK_CLOSER:
        return replace(holder, message="It is about the holder, who may have shown it to somebody else.")
    return Check(
        name="holder",
        result=Result.PASSED,
        code="holder.ok",
        message="Whoever shows it has proven to be the one it is about.",
    )


def as_self_asserted(report: Report) -> Report:
    """Return the report on a credential that only the presentation's own signature covers.

    Its holder issued it too, so the signature is the issuer's; but nobody else ever saw what it says.

    Spec: VCDM 2.0 #presentations-including-holder-claims
    """
    check = Check(
        name="proof",
        result=Result.LOOK_CLOSER,
        code="proof.self-asserted",
        message="Only the holder says this, in the presentation itself.",
    )
    checks = tuple(check if each.name == "proof" else each for each in report.checks)
    return replace(report, checks=checks, verdict=verdict_of(checks))


def is_self_asserted(credential: Presented, presentation: Presentation, outcome: Outcome) -> bool:
    """Tell whether an unsigned credential is its holder's own, under the signature of the presentation."""
    named = presentations.holder_named(presentation)
    return (
        credential.jwt is None
        and credential.fault is None
        and "proof" not in credential.document
        and outcome.holds
        and outcome.issuer.result is Result.PASSED
        and named is not None
        and credential.issuer_id == named
    )


def _code(holder: Check) -> str:
    return holder.code if holder.code != "holder.ok" else "holder.not-checked"


def _failed(name: str, code: str, message: str, **detail: str) -> Check:
    return Check(name=name, result=Result.FAILED, code=code, message=message, detail=detail)


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B %Y, %H:%M} UTC"
