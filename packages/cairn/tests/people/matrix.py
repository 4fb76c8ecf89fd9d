# SPDX-License-Identifier: Apache-2.0
"""Who may reach the addresses of `cairn.people`."""

from datetime import timedelta
from uuid import UUID

import cast
from allauth.account.models import EmailAddress
from django.utils import timezone
from matrix import EVERYONE, SIGNED_IN, Row, everyone, signed_in

from cairn.people import frame, queries, services
from cairn.people.models import Invitation, MailedKey, Person
from cairn.people.models import Organization as OrganizationRow

NOWHERE = {"slug": "nowhere"}
#: An administrator manages people; editors and issuers see them; assessors do not.
SEE_PEOPLE = {"admin": 200, "editor": 200, "issuer": 200, "assessor": 403}


def manage(status: int) -> dict[str, int]:
    """Return the row of what administrators alone do."""
    return {"admin": status, "editor": 403, "issuer": 403, "assessor": 403}


def fernhill() -> dict[str, object]:
    """Return the kwargs of a page of Fernhill College."""
    return {"slug": cast.fernhill().slug}


def north_quay() -> dict[str, object]:
    """Return the kwargs of a page of North Quay Institute."""
    return {"slug": cast.north_quay().slug}


def learner_at_fernhill() -> dict[str, object]:
    """Return the kwargs of Amara's page at Fernhill College."""
    return {**fernhill(), "person_id": cast.amara().row.id}


def learner_at_north_quay() -> dict[str, object]:
    """Return the kwargs of Sven's page, in the place where Fernhill's people are."""
    return {**fernhill(), "person_id": cast.sven().row.id}


def invitation_to(organization: OrganizationRow) -> UUID:
    """Return an open invitation of an organization."""
    now = timezone.now()
    return Invitation.objects.create(
        organization=organization,
        email="olu.bankole@example.org",
        roles=["assessor"],
        invited_at=now,
        expires_at=now + timedelta(days=14),
    ).id


def invitation_of_fernhill() -> dict[str, object]:
    """Return the kwargs of an invitation that Fernhill sent."""
    return {**fernhill(), "invitation_id": invitation_to(cast.fernhill())}


def invitation_of_north_quay() -> dict[str, object]:
    """Return the kwargs of an invitation that North Quay sent, addressed through Fernhill."""
    return {**fernhill(), "invitation_id": invitation_to(cast.north_quay())}


def _address(row: Person, email: str) -> dict[str, object]:
    return {"address_id": EmailAddress.objects.create(user=row, email=email, verified=True).pk}


def address_of_amara() -> dict[str, object]:
    """Return the kwargs of one of Amara's addresses."""
    return _address(cast.amara().row, "amara@okafor.example")


def address_of_sven() -> dict[str, object]:
    """Return the kwargs of one of Sven's addresses."""
    return _address(cast.sven().row, "sven@dekker.example")


def key_of(purpose: str) -> dict[str, object]:
    """Return the kwargs of a mailed link that works."""
    now = timezone.now()
    amara = cast.amara().row
    row = MailedKey.objects.create(
        purpose=purpose,
        email=amara.email,
        person=amara if purpose == "confirm-address" else None,
        invitation_id=invitation_to(cast.fernhill()) if purpose == "invitation" else None,
        asked_at=now,
    )
    fresh = services.fresh_key(row.id, at=now)
    assert fresh is not None
    return {"key": fresh.key}


def sign_in_key() -> dict[str, object]:
    """Return the kwargs of a sign-in link."""
    return key_of("sign-in")


def invitation_key() -> dict[str, object]:
    """Return the kwargs of an invitation's link."""
    return key_of("invitation")


def confirming_key() -> dict[str, object]:
    """Return the kwargs of a link that confirms an address."""
    return key_of("confirm-address")


def theme() -> dict[str, object]:
    """Return the kwargs of Fernhill's stylesheet."""
    organization = queries.get_organization(str(cast.fernhill().slug))
    return {"slug": organization.slug, "fingerprint": frame.theme_hash(organization)}


KEY = {"key": "k" * 43}
A_NUMBER = {"address_id": 2_000_000_000}
STRANGER = {"slug": "fernhill", "person_id": UUID(int=1)}
NO_INVITATION = {"slug": "fernhill", "invitation_id": UUID(int=1)}

MATRIX = {
    "people:sign-in": (Row(may=EVERYONE), Row("post", may=everyone(422))),
    "people:sign-in-with-password": Row("post", may=everyone(422)),
    "people:link-sent": Row(may=EVERYONE),
    "people:use-link": (
        Row(may=EVERYONE, own=sign_in_key, unknown=KEY, public=True),
        Row("post", may=everyone(302), own=sign_in_key, unknown=KEY, public=True),
    ),
    "people:invitation": (
        Row(may=EVERYONE, own=invitation_key, unknown=KEY, public=True),
        Row("post", may=everyone(302), own=invitation_key, unknown=KEY, public=True),
    ),
    "people:confirm-address": Row(may=EVERYONE, own=confirming_key, unknown=KEY, public=True),
    "people:sign-out": Row("post", may=everyone(302)),
    "people:choose-language": Row("post", data={"language": "nl"}, may=everyone(302)),
    "people:choose-desk": Row("post", data={"desk": "learner"}, may=signed_in(302)),
    "people:settings": (
        Row(may=SIGNED_IN),
        Row("post", data={"name": "A. Okafor", "language": "en"}, may=signed_in(302)),
    ),
    "people:add-address": Row("post", data={"email": "another@okafor.example"}, may=signed_in(302)),
    "people:make-primary": Row(
        "post", may={"learner": 302}, own=address_of_amara, foreign=address_of_sven, unknown=A_NUMBER
    ),
    "people:resend-confirmation": Row(
        "post", may={"learner": 302}, own=address_of_amara, foreign=address_of_sven, unknown=A_NUMBER
    ),
    "people:remove-address": Row(
        "post", may={"learner": 302}, own=address_of_amara, foreign=address_of_sven, unknown=A_NUMBER
    ),
    "people:set-password": Row("post", data={"password": "short"}, may=signed_in(422)),
    "people:remove-password": Row("post", may=signed_in(302)),
    "people:sign-out-everywhere": Row("post", may=signed_in(302)),
    "people:people": Row(may=SEE_PEOPLE, own=fernhill, foreign=north_quay, unknown=NOWHERE),
    "people:invite": (
        Row(may=manage(200), own=fernhill, foreign=north_quay, unknown=NOWHERE),
        Row(
            "post",
            data={"email": "olu.bankole@example.org", "roles": ["assessor"]},
            may=manage(302),
            own=fernhill,
            foreign=north_quay,
            unknown=NOWHERE,
        ),
    ),
    "people:person": (
        Row(may=SEE_PEOPLE, own=learner_at_fernhill, foreign=learner_at_north_quay, unknown=STRANGER),
        Row(
            "post",
            data={"roles": ["learner"]},
            may=manage(302),
            own=learner_at_fernhill,
            foreign=learner_at_north_quay,
            unknown=STRANGER,
        ),
    ),
    "people:resend-invitation": Row(
        "post",
        may=manage(302),
        own=invitation_of_fernhill,
        foreign=invitation_of_north_quay,
        unknown=NO_INVITATION,
    ),
    "people:withdraw-invitation": Row(
        "post",
        may=manage(302),
        own=invitation_of_fernhill,
        foreign=invitation_of_north_quay,
        unknown=NO_INVITATION,
    ),
    "people:staff-settings": (
        Row(may=manage(200), own=fernhill, foreign=north_quay, unknown=NOWHERE),
        Row("post", may=manage(422), own=fernhill, foreign=north_quay, unknown=NOWHERE),
    ),
    "people:theme": Row(
        may=EVERYONE, own=theme, unknown={"slug": "nowhere", "fingerprint": "0" * 12}, public=True
    ),
    "people:admin-sign-in": Row(may={**signed_in(403), "anonymous": 302}),
}
