# SPDX-License-Identifier: Apache-2.0
"""Amara, who holds credentials of the college, and an employer who asks to see them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from issuer_world import NOW, IssuerWorld
from samples import golden_document

from laurel import present, verify
from laurel.did import key as did_key
from laurel.proof import data_integrity, vp_jwt
from laurel.proof.keys import SigningKey
from laurel.verify import PresentationReport

CHALLENGE: Final = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
DOMAIN: Final = "https://employer.example"
BASE: Final = "https://www.w3.org/ns/credentials/v2"
BADGES: Final = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "open-badges-3.0", "vc-jose-cose")
FORMS: Final = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "vp+jwt", "vp-jwt")


def did_of(key: SigningKey) -> str:
    """Return the DID that a key belongs to."""
    return str(key.id).partition("#")[0]


@dataclass
class Learner:
    """Somebody with a key of their own, and the college that gives them badges."""

    college: IssuerWorld = field(default_factory=IssuerWorld)
    key: SigningKey = field(default_factory=lambda: did_key.with_did_key(SigningKey.generate()))

    @property
    def did(self) -> str:
        """What credentials call them."""
        return did_of(self.key)

    def badge(self, suite: str = "eddsa-rdfc-2022", **changes: Any) -> bytes:
        """A credential about them."""
        subject = golden_document(subject_id=self.did)["credentialSubject"]
        return self.college.issue(suite, **({"credentialSubject": subject} | changes))

    def shows(self, *badges: bytes, form: str = "eddsa-rdfc-2022", **changes: Any) -> bytes:
        """A presentation of these badges, in answer to the employer unless the test says otherwise."""
        version = "1.1" if form == "vp-jwt" else "2.0"
        showable = present.check(badges, holder=changes.pop("holder", self.did), version=version)  # type: ignore[arg-type]  # one of two
        asked = {"challenge": CHALLENGE, "domain": DOMAIN, "created": NOW} | changes
        if form == "vp+jwt":
            return present.sign_jwt(showable, self.key, **asked).encode()
        if form == "vp-jwt":
            return present.sign_jwt(showable, self.key, profile="vc-data-model-1.1", **asked).encode()
        return present.sign(showable, self.key, suite=form, **asked)

    def judge(self, data: bytes, **changes: Any) -> PresentationReport:
        """What the employer finds, as of NOW."""
        asked = {"challenge": CHALLENGE, "domain": DOMAIN, "at": NOW, "fetch": self.college.fetch}
        return verify.check_presentation(data, **(asked | changes))


def unchecked(document: dict[str, Any], key: SigningKey, *, form: str, **changes: Any) -> bytes:
    """Sign a presentation that `laurel.present` would not sign."""
    from laurel.strictjson import dumps

    if form in ("vp+jwt", "vp-jwt"):
        said: dict[str, Any] = {"audience": DOMAIN, "nonce": CHALLENGE, "issued_at": NOW} | changes
        profile: Any = "vc-jose-cose" if form == "vp+jwt" else "vc-data-model-1.1"
        return vp_jwt.sign(document, key, profile=profile, **said).encode()
    asked: dict[str, Any] = {
        "purpose": "authentication",
        "challenge": CHALLENGE,
        "domain": DOMAIN,
        "created": NOW,
    }
    return dumps(data_integrity.sign(document, key, suite=form, **(asked | changes)))


def presentation(*credentials: Any, **members: Any) -> dict[str, Any]:
    """A presentation as JSON, without proof."""
    document: dict[str, Any] = {"@context": [BASE], "type": ["VerifiablePresentation"], **members}
    return document | ({"verifiableCredential": list(credentials)} if credentials else {})


def moment(text: str) -> datetime:
    """Return a moment of the year 2026, such as "11-22T09:30:00"."""
    return datetime.fromisoformat(f"2026-{text}+00:00")
