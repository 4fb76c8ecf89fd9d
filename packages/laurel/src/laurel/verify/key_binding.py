# SPDX-License-Identifier: Apache-2.0
"""Is it shown by whom it was issued to? Only the holder of an SD-JWT can sign that along with it."""

from datetime import datetime

from laurel.errors import ProofFault
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Result, not_checked


def check(presented: Presented, *, challenge: str | None, domain: str | None, at: datetime) -> Check:
    """Tell whether the holder signed for the one who asks, in answer to their question.

    Asked or not is for the caller to decide: a signature that nobody asked for proves nothing, and one that
    was asked for and is missing is a failure.

    Args:
        challenge, domain: the nonce that the caller gave, and the name under which the holder signs for them.
        at: now, UTC.

    Spec: RFC 9901 §7.3; SD-JWT VC §2.4
    """
    if challenge is None and domain is None:
        message = "A file or a link cannot prove who is showing it. Ask them to show that it is theirs."
        return not_checked("holder", message, required=False)
    if challenge is None or domain is None:
        message = "Only a challenge and a domain together ask for a proof that it is theirs."
        return not_checked("holder", message, code="holder.not-asked")
    if presented.sd_jwt is None:
        message = (
            "It does not show who holds it. Ask for a presentation, or for an SD-JWT with a key binding."
        )
        return not_checked("holder", message)
    from laurel.proof import sd_jwt  # loaded with the first of them

    try:
        sd_jwt.verify_binding(presented.sd_jwt.sd_jwt, audience=domain, nonce=challenge, at=at)
    except ProofFault as fault:
        if fault.code == "holder.key-unusable":
            return not_checked("holder", str(fault), code=fault.code)
        return Check(name="holder", result=Result.FAILED, code=fault.code, message=str(fault))
    return Check(
        name="holder",
        result=Result.PASSED,
        code="holder.ok",
        message="Whoever shows it holds the key it was issued to, and signed just now for the one who asks.",
    )
