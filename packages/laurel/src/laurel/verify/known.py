# SPDX-License-Identifier: Apache-2.0
"""What all credentials of one frame have in common, worked out of a plain one of them.

A plain badge, see `laurel.rules.plain`, breaks no rule, and nothing in it stands apart: no endorsements, no
schema of the issuer's own, a status of today's kind. What is not a text of the learner's is the same for all
of a frame: whose it is, for what, and where its status is kept.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from laurel.jsonld.frames import Match
from laurel.jsonld.template import Template
from laurel.rules import plain
from laurel.rules.plain_texts import PlainTexts
from laurel.strictjson import dumps, loads
from laurel.tiers import Fallback
from laurel.verify import evidence, schemas
from laurel.verify.appearance import notes
from laurel.verify.presented import Presented, id_of
from laurel.verify.report import Party

_MEMBERS: Final = frozenset(
    {
        *("@context", "id", "type", "issuer", "name", "description", "image", "validFrom", "validUntil"),
        *("awardedDate", "credentialSubject", "credentialStatus", "credentialSchema", "evidence"),
        "relatedResource",
    }
)
_lock: Final = threading.Lock()
_of: Final[WeakKeyDictionary[Template, "Known | None"]] = WeakKeyDictionary()


class Known(NamedTuple):
    """What the frame of a plain badge decides.

    `members` counts those of the document, `contexts` are its contexts as JSON, `schemas` the URLs of the
    JSON Schemas that it names, all of them official. `has_files` tells whether fingerprints were signed.
    `is_named_oddly` tells that there is something to say of the names or the host that every report shows.
    `texts` knows what is asked of the learner's texts; None where the whole document has to be looked at.
    """

    members: int
    contexts: bytes
    issuer_id: str
    issuer_name: str | None
    achievement_name: str
    created_by: Party | None
    schemas: frozenset[str]
    has_files: bool
    is_named_oddly: bool
    texts: PlainTexts | None


class State(NamedTuple):
    """One place where a plain badge keeps its status."""

    purpose: str
    list_url: str
    number: int


def of_match(match: Match, claims: Mapping[str, Any]) -> Known:
    """Return what the frame of a document decides, and make sure that the document is plain.

    Args:
        claims: the document. It may hold members that stand beside the frame; then it is refused.

    Raises:
        Fallback: it may not be plain.
    """
    known = _of.get(match.template)
    if known is None:
        if match.template in _of:
            raise Fallback("a frame that is not plain")
        known = _learned(match)
    if len(claims) != known.members:
        raise Fallback("members beside a frame")
    if (known.texts is None or not known.texts.hold(match.texts)) and not plain.is_plain(claims):
        raise Fallback(plain.why_not())
    return known


def forget(template: Template) -> None:
    """Never again go by what a frame decides."""
    with _lock:
        _of[template] = None


def _learned(match: Match) -> Known:
    # What stands in the frame, and nothing of what may stand beside it: nobody has vouched for that yet.
    document: Any = loads(match.written)
    if not plain.is_plain(document):
        # Another document of the frame may be.
        raise Fallback(plain.why_not())
    found: Known | None = None
    try:
        found = of_plain(document)
        with suppress(LookupError):
            places = [hole.paths for hole in match.template.holes]
            found = found._replace(texts=PlainTexts(document, places))
    finally:
        with _lock:
            _of[match.template] = found
    return found


def of_plain(claims: Mapping[str, Any]) -> Known:
    """Return the same for a document that is plain, and whose frame is not known. Raises: Fallback."""
    issuer, achievement = claims["issuer"], claims["credentialSubject"]["achievement"]
    alone = Presented(carrier="json", document=claims)
    named = schemas.official(alone)
    if not claims.keys() <= _MEMBERS or named is None:
        raise Fallback("a member that is not plain")
    issuer_id = str(id_of(issuer))
    issuer_name = issuer.get("name") if isinstance(issuer, dict) else None
    shown = (("issuer_name", issuer_name), ("achievement_name", achievement["name"]))
    return Known(
        members=len(claims),
        contexts=dumps(claims["@context"]),
        issuer_id=issuer_id,
        issuer_name=issuer_name,
        achievement_name=achievement["name"],
        created_by=party(achievement.get("creator")),
        schemas=named,
        has_files=bool(evidence.needs(alone)),
        is_named_oddly=bool(notes(shown, issuer_id)),
        texts=None,
    )


def party(profile: Any) -> Party | None:
    """Return whom a profile of a plain badge names."""
    return None if profile is None else Party(id=profile["id"], name=profile.get("name"))


def states(claims: Mapping[str, Any]) -> list[State]:
    """Return where a plain badge keeps its status."""
    listed: Any = claims.get("credentialStatus", [])
    return [
        State(each["statusPurpose"], each["statusListCredential"], int(each["statusListIndex"]))
        for each in (listed if isinstance(listed, list) else [listed])
    ]
