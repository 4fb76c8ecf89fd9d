# SPDX-License-Identifier: Apache-2.0
"""The credential itself: who vouches for which achievement of whom, and where its status is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from laurel.model.achievement import Achievement
from laurel.model.evidence import Evidence, RelatedResource
from laurel.model.json_value import JsonValue
from laurel.model.profile import Image, Profile
from laurel.model.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityObject:
    """Who the learner is, in the open or hashed ("sha256$" and hex of identity and salt).

    Spec: OB 3.0 #identityobject
    """

    identity_hash: str = field(repr=False)
    identity_type: str
    hashed: bool
    salt: str | None = field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementSubject:
    """The learner, what they earned and how well.

    Has an `id` or at least one entry in `identifiers`. `source` is the assessor. `activity_start_at` and
    `activity_end_at` are moments with a zone.

    Spec: OB 3.0 #achievementsubject
    """

    achievement: Achievement
    id: str | None = field(default=None, repr=False)
    identifiers: tuple[IdentityObject, ...] = field(default=(), repr=False)
    results: tuple[Result, ...] = ()
    activity_start_at: datetime | None = None
    activity_end_at: datetime | None = None
    credits_earned: Decimal | None = None
    image: Image | None = None
    license_number: str | None = field(default=None, repr=False)
    narrative: str | None = field(default=None, repr=False)
    role: str | None = None
    source: Profile | None = None
    term: str | None = None
    types: tuple[str, ...] = ("AchievementSubject",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """The bit of a status list that speaks for one credential.

    `purpose` is "revocation" or "suspension" in what we issue; `index` counts bits from 0 at the left.

    Spec: Bitstring Status List 1.0 #bitstringstatuslistentry
    """

    purpose: str
    index: int
    list_url: str
    id: str | None = None
    size: int = 1
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSchema:
    """A JSON Schema that the credential claims to fit.

    Spec: OB 3.0 #credentialschema
    """

    id: str
    type: str = "1EdTechJsonSchemaValidator2019"
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBadgeCredential:
    """An Open Badges 3.0 credential without its proof.

    Every moment has a zone. `contexts` are those of the document, in order; leave them empty in a draft to
    get the ones its terms need. `extra` keeps what the document says beyond these fields, by its JSON name
    and as it came; where it holds the JSON name of a field (a name with a language, a status of another
    type), `extra` is what is written.

    Spec: OB 3.0 #achievementcredential
    """

    id: str
    issuer: Profile
    valid_from: datetime
    subject: AchievementSubject
    name: str | None = None
    description: str | None = None
    image: Image | None = None
    awarded_date: datetime | None = None
    valid_until: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    status: tuple[StatusEntry, ...] = ()
    related_resources: tuple[RelatedResource, ...] = ()
    schemas: tuple[CredentialSchema, ...] = ()
    contexts: tuple[str, ...] = ()
    types: tuple[str, ...] = ("VerifiableCredential", "OpenBadgeCredential")
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)
