# SPDX-License-Identifier: Apache-2.0
"""Who reaches what in a wallet: everyone their own, a bearer what the link opens, nobody anything else."""

from datetime import timedelta
from uuid import UUID

import cast
from credentials.scenes import issued
from django.utils import timezone
from matrix import SIGNED_IN, Row, everyone, signed_in

from cairn.credentials import services as issuing
from cairn.credentials.facts import Issued
from cairn.wallet import services
from cairn.wallet.facts import NewShare, Share

UNKNOWN_REF = {"ref": "7K4MQ2XD7K4MQ2XD7K4MQ2XD7K"}
UNKNOWN_KEY = {"key": "nQ8vZk"}
UNKNOWN_SHARE = {"share_id": UUID(int=1)}
UNKNOWN_TOKEN = {"token": "nQ8vZk"}


def held(player: cast.Player) -> Issued:
    """Return a credential that somebody holds and has kept."""
    one = issued(person_id=player.row.id)
    return issuing.keep(one.ref, person_id=player.row.id, at=timezone.now())


def share_of(player: cast.Player) -> Share:
    """Return a live link of somebody's that shows evidence."""
    asked = NewShare(refs=(held(player).ref,), shows_evidence=True)
    return services.share(asked, by=player.actor, at=timezone.now())


def own_key() -> dict[str, object]:
    """Mail Amara a link."""
    return {"key": services.new_claim_key(issued().ref, at=timezone.now() - timedelta(days=1))}


def own() -> dict[str, object]:
    """Let Amara hold a credential."""
    return {"ref": held(cast.amara()).ref}


def foreign() -> dict[str, object]:
    """Let Lukas, who learns at Fernhill too, hold one: nobody else may know of it."""
    return {"ref": held(cast.person("Jon Marsh", "jon.marsh@example.org")).ref}


def own_share() -> dict[str, object]:
    """Let Amara make a link."""
    return {"share_id": share_of(cast.amara()).id}


def foreign_share() -> dict[str, object]:
    """Let somebody else make one."""
    return {"share_id": share_of(cast.person("Jon Marsh", "jon.marsh@example.org")).id}


def token() -> dict[str, object]:
    """Return the token of a link of Amara's."""
    return {"token": share_of(cast.amara()).url.rsplit("/", 1)[1]}


MINE = {"own": own, "foreign": foreign, "unknown": UNKNOWN_REF}
MY_SHARE = {"own": own_share, "foreign": foreign_share, "unknown": UNKNOWN_SHARE}
BEARER = {"own": own_key, "unknown": UNKNOWN_KEY, "public": True}
#: Whoever is signed in as somebody else is not given Amara's credential.
KEEP = {**everyone(403), "anonymous": 302, "learner": 302}

MATRIX = {
    "wallet:claim": Row(may=everyone(200), **BEARER),
    "wallet:keep": Row("post", may=KEEP, **BEARER),
    "wallet:wrong-name": (
        Row(may=everyone(200), **BEARER),
        Row("post", may=everyone(422), data={"right_name": ""}, **BEARER),
    ),
    "wallet:not-mine": (
        Row(may=everyone(200), **BEARER),
        Row("post", may=everyone(200), data={"words": ""}, **BEARER),
    ),
    "wallet:home": Row(may=SIGNED_IN),
    "wallet:download": Row(may=SIGNED_IN),
    "wallet:credential": Row(may={"learner": 200}, **MINE),
    "wallet:keep-held": Row("post", may={"learner": 302}, **MINE),
    "wallet:public-page": (
        Row(may={"learner": 302}, **MINE),
        Row("post", may={"learner": 422}, data={"visibility": "everyone"}, **MINE),
    ),
    "wallet:linkedin": (
        Row(may={"learner": 200}, **MINE),
        Row("post", may={"learner": 302}, **MINE),
    ),
    "wallet:share": (Row(may=SIGNED_IN), Row("post", may=signed_in(422), data={"ends_on": "soon"})),
    "wallet:sharing": Row(may=SIGNED_IN),
    "wallet:link": Row(may={"learner": 200}, **MY_SHARE),
    "wallet:qr": Row(may={"learner": 200}, **MY_SHARE),
    "wallet:switch-off": Row("post", may={"learner": 302}, **MY_SHARE),
    "wallet:switch-on": Row("post", may={"learner": 302}, **MY_SHARE),
    "wallet:shared": Row(may=everyone(200), own=token, unknown=UNKNOWN_TOKEN, public=True),
    "wallet:shared-one": Row(
        may=everyone(200),
        own=lambda: token() | {"number": 1},
        unknown=UNKNOWN_TOKEN | {"number": 1},
        public=True,
    ),
    "wallet:shared-document": Row(
        may=everyone(200),
        own=lambda: token() | {"number": 1, "format": "json"},
        unknown=UNKNOWN_TOKEN | {"number": 1, "format": "json"},
        public=True,
    ),
    "wallet:shared-evidence": Row(
        may=everyone(200),
        own=lambda: token() | {"number": 1, "piece": 1},
        unknown=UNKNOWN_TOKEN | {"number": 1, "piece": 1},
        public=True,
    ),
}
