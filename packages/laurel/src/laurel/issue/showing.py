# SPDX-License-Identifier: Apache-2.0
"""What the holder of a selectively signed badge cannot leave out, whatever else they show or hide.

Without its end, its status or its terms a badge would say more than its issuer said; without the parts that
Open Badges demands it would be none.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

_OF_A_CREDENTIAL: Final = (
    "issuer",
    "validFrom",
    "validUntil",
    "credentialStatus",
    "credentialSchema",
    "refreshService",
    "termsOfUse",
)
_OF_AN_ACHIEVEMENT: Final = ("name", "description", "criteria")


def mandatory_pointers(document: Mapping[str, Any], more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return JSON Pointers to what every derived document shows; ids, types and contexts go without saying.

    Args:
        document: a credential that keeps to its rules.
        more: what the issuer wants shown besides.

    Spec: OB 3.0 #achievementcredential, #achievement (what is required); ECDSA Cryptosuites 1.0 §3.6.2
    """
    found = [f"/{name}" for name in _OF_A_CREDENTIAL if name in document]
    subject = document.get("credentialSubject")
    if isinstance(subject, dict):
        if "id" not in subject and "identifier" in subject:
            found.append("/credentialSubject/identifier")
        achievement = subject.get("achievement")
        if isinstance(achievement, dict):
            found += [
                f"/credentialSubject/achievement/{name}" for name in _OF_AN_ACHIEVEMENT if name in achievement
            ]
    return tuple(dict.fromkeys([*found, *more]))
