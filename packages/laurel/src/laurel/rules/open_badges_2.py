# SPDX-License-Identifier: Apache-2.0
"""What 1EdTech demands of the three documents of an Open Badges 2.0 badge, as far as a reader needs it."""

from collections.abc import Mapping
from typing import Any, Final

from laurel.model.finding import Finding
from laurel.rules.inspection import Inspection, find_moment, is_url, listed

CONTEXT: Final = "https://w3id.org/openbadges/v2"
_VERIFICATIONS: Final = frozenset({"hosted", "HostedBadge", "signed", "SignedBadge"})
_ISSUERS: Final = frozenset({"Issuer", "Profile"})


def check_badge(
    assertion: Mapping[str, Any], badge: Mapping[str, Any], issuer: Mapping[str, Any]
) -> tuple[Finding, ...]:
    """Hold an assertion, its badge class and its issuer against the standard; an empty tuple means they fit.

    Pointers lead into the assertion with the other two in their places, "/badge" and "/badge/issuer".

    Spec: OB 2.0 #Assertion
    """
    inspection = Inspection("ob2", "OB 2.0")
    if CONTEXT not in listed(assertion.get("@context")):
        inspection.note("context", "/@context", f"The context is not {CONTEXT}.", "#Assertion")
    _require_type(inspection, assertion, "", frozenset({"Assertion"}), "#Assertion")
    inspection.url(assertion.get("id"), "/id", "#Assertion")
    for name in ("issuedOn", "expires"):
        if (name == "issuedOn" or name in assertion) and find_moment(assertion.get(name)) is None:
            message = f"{name} is not a date and time with an offset."
            inspection.note("moment", f"/{name}", message, "#Assertion")
    _check_recipient(inspection, assertion.get("recipient"))
    verification = assertion.get("verification")
    kinds = listed(verification.get("type")) if isinstance(verification, Mapping) else []
    if not any(isinstance(kind, str) and kind in _VERIFICATIONS for kind in kinds):
        message = "It does not say whether it is hosted or signed."
        inspection.note("verification", "/verification/type", message, "#VerificationObject")
    _check_badge_class(inspection, badge)
    _require_type(inspection, issuer, "/badge/issuer", _ISSUERS, "#Profile")
    _require_texts(inspection, issuer, "/badge/issuer", ("name", "url", "email"), "#Profile")
    return inspection.findings


def _check_badge_class(inspection: Inspection, badge: Mapping[str, Any]) -> None:
    _require_type(inspection, badge, "/badge", frozenset({"BadgeClass"}), "#BadgeClass")
    _require_texts(inspection, badge, "/badge", ("name", "description"), "#BadgeClass")
    criteria = badge.get("criteria")
    if not (is_url(criteria) or (isinstance(criteria, Mapping) and (criteria.keys() & {"id", "narrative"}))):
        inspection.note("missing", "/badge/criteria", "It does not say what it is given for.", "#BadgeClass")


def _check_recipient(inspection: Inspection, recipient: Any) -> None:
    if not isinstance(recipient, Mapping):
        inspection.note("missing", "/recipient", "It does not say whose it is.", "#IdentityObject")
        return
    _require_texts(inspection, recipient, "/recipient", ("type", "identity"), "#IdentityObject")
    if not isinstance(recipient.get("hashed"), bool):
        message = "It does not say whether its recipient is hashed."
        inspection.note("flag", "/recipient/hashed", message, "#IdentityObject")


def _require_type(
    inspection: Inspection, value: Mapping[str, Any], pointer: str, names: frozenset[str], anchor: str
) -> None:
    if not names & inspection.types(value, pointer, anchor):
        message = f"The type is not {' or '.join(sorted(names))}."
        inspection.note("type", f"{pointer}/type", message, anchor)


def _require_texts(
    inspection: Inspection, value: Mapping[str, Any], pointer: str, names: tuple[str, ...], anchor: str
) -> None:
    for name in names:
        if not isinstance(value.get(name), str) or not value[name].strip():
            inspection.note("missing", f"{pointer}/{name}", f"There is no {name}, or it is not text.", anchor)
