# SPDX-License-Identifier: Apache-2.0
"""Smaller forms of a signed credential: the same claims, without the evidence or without the marks."""

from dataclasses import replace

from cairn.credentials.rules.compose import is_comment
from laurel.model.credential import OpenBadgeCredential


def without(credential: OpenBadgeCredential, *, evidence: bool, marks: bool) -> OpenBadgeCredential:
    """Return a credential, unsigned, that holds only what may be shown.

    An assessor's comment is a mark: it goes with the results. The scale stays, it is the achievement's. What
    the learner wrote when handing in, with how they used AI, is evidence: it goes with the files.
    """
    extra = {name: value for name, value in credential.extra.items() if name != "proof"}
    kept = tuple(one for one in credential.evidence if (marks if is_comment(one) else evidence))
    subject = replace(
        credential.subject,
        narrative=credential.subject.narrative if evidence else None,
        results=credential.subject.results if marks else (),
    )
    return replace(
        credential,
        subject=subject,
        evidence=kept,
        related_resources=credential.related_resources if evidence else (),
        extra=extra,
    )
