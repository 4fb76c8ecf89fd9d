# SPDX-License-Identifier: Apache-2.0
"""Does it keep to the rules of its standard, and to the JSON Schemas that it names?"""

from typing import Any, Final

from laurel import jsonld
from laurel.errors import DataLoss, TooMuchWork
from laurel.model.finding import Finding
from laurel.proof.data_integrity import COVERS_MEANING
from laurel.rules import open_badges_3, plain, vc_data_model_1_1, vc_data_model_2
from laurel.verify.presented import Presented, texts
from laurel.verify.report import Check, Result
from laurel.verify.schemas import Outcome
from laurel.verify.signatures import Signature


def check(presented: Presented, signature: Signature | None, named: Outcome | None = None) -> Check:
    """Hold the claims against the rules of their standard, which we wrote out from its text.

    A signature over the text covers words as well that have no meaning, or one that the document gives them
    itself. Readers would not agree on those, so they need a closer look. The JSON Schemas that the credential
    names have a say too: `named` is what they said.

    Spec: OB 3.0 #verification
    """
    standard, findings = _findings(presented)
    if findings:
        return _broken(standard, findings)
    if named is not None and named.result is Result.FAILED:
        return named.as_check()
    if (loss := _meaningless(presented, signature)) is not None:
        return Check(
            name="schema",
            result=Result.LOOK_CLOSER,
            code="schema.no-meaning",
            message=f"Readers may not agree on what all of it means. {loss}",
            detail={loss.pointer or "/": str(loss)},
        )
    if named is not None and named.result is not Result.PASSED:
        return named.as_check()
    return kept(standard, " It also fits the JSON Schema that it names." if named is not None else "")


def kept(standard: str, more: str = "") -> Check:
    """Return the check of a document that breaks no rule of its standard; `more` is a further sentence."""
    return Check(
        name="schema",
        result=Result.PASSED,
        code="schema.ok",
        message=f"It keeps to the rules of {standard}.{more}",
    )


def _findings(presented: Presented) -> tuple[str, tuple[Finding, ...]]:
    """Return the name of the standard that a document follows, and which of its rules it breaks."""
    claims = presented.claims
    if presented.is_sd_jwt_vc:
        from laurel.rules import sd_jwt_vc  # loaded with the first of them

        return "SD-JWT VC", sd_jwt_vc.check_claims(claims)
    if presented.format == "open-badges-3.0" and not presented.is_version_1:
        return "Open Badges 3.0", plain.check_badge(claims)
    model = vc_data_model_1_1 if presented.is_version_1 else vc_data_model_2
    findings = model.check_document(claims)
    if presented.format == "open-badges-3.0":
        return "Open Badges 3.0", (*findings, *open_badges_3.check_document(claims))
    if "EndorsementCredential" in texts(claims.get("type")):
        return "Open Badges 3.0", (*findings, *open_badges_3.check_endorsement(claims))
    return "the data model for verifiable credentials", findings


def _broken(standard: str, findings: tuple[Finding, ...]) -> Check:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return Check(
        name="schema",
        result=Result.FAILED,
        code="schema.broken-rule",
        message=f"It breaks a rule of {standard}, so it may not mean what it seems to. {first.message}{more}",
        detail={f"{finding.pointer or '/'}": finding.message for finding in findings[:20]},
    )


_NO_MEANING: Final = frozenset(
    f"data-loss.{kind}"
    for kind in (
        "context",
        "unknown-context",
        "undefined-term",
        "undefined-type",
        "keyword",
        "second-spelling",
    )
)


def _meaningless(presented: Presented, signature: Signature | None) -> DataLoss | None:
    """Return the first word without a meaning of its own; a proof over RDF has looked for it already."""
    if presented.is_sd_jwt_vc or (signature is not None and signature.suite in COVERS_MEANING):
        return None
    try:
        jsonld.require_lossless(_without_tokens(dict(presented.claims)))
    except DataLoss as loss:
        return loss if loss.code in _NO_MEANING else None
    except TooMuchWork as error:
        return DataLoss(str(error), code=error.code)  # what was not looked at may mean nothing
    return None


def _without_tokens(value: Any) -> Any:
    """Return a value without its `endorsementJwt`: 1EdTech defines that and left it out of its context.

    Spec: OB 3.0 #achievementcredential (endorsementJwt)
    """
    if isinstance(value, list):
        return [_without_tokens(part) for part in value]
    if isinstance(value, dict):
        return {name: _without_tokens(part) for name, part in value.items() if name != "endorsementJwt"}
    return value
