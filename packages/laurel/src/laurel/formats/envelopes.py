# SPDX-License-Identifier: Apache-2.0
"""Enveloped credentials and presentations: a JSON object whose id is a data: URL that holds the signed text.

The object itself says nothing. Nobody signs what stands beside the URL, so nothing may stand there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, final

from laurel.errors import Unreadable
from laurel.jsonld.contexts import CREDENTIALS_V2
from laurel.strictjson import JsonValue

CREDENTIAL: Final = "EnvelopedVerifiableCredential"
PRESENTATION: Final = "EnvelopedVerifiablePresentation"

JWT: Final = "application/vc+jwt"
SD_JWT: Final = "application/vc+sd-jwt"
PRESENTATION_JWT: Final = "application/vp+jwt"
PRESENTATION_SD_JWT: Final = "application/vp+sd-jwt"

#: A JWT that says only that it is one, as those of Open Badges 3.0 and of the older data model do.
PLAIN_JWT: Final = "application/jwt"

_MEDIA_TYPES: Final = {
    CREDENTIAL: (JWT, SD_JWT, PLAIN_JWT),
    PRESENTATION: (PRESENTATION_JWT, PRESENTATION_SD_JWT, PLAIN_JWT),
}
# These media types have no parameters, and their texts no letter that a URL would have to escape.
_DATA_URL: Final = re.compile(r"data:([a-z]+/[a-z0-9.+-]+),([A-Za-z0-9_.~-]+)")


class NotAnEnvelope(Unreadable):
    """The object calls itself an envelope and is not shaped like one."""

    code = "unreadable.envelope"


@final
@dataclass(frozen=True, slots=True)
class Enveloped:
    """What an envelope holds: a compact JWT or an SD-JWT, not yet read."""

    media_type: str
    text: str = field(repr=False)


def wrap(text: str, media_type: str) -> dict[str, JsonValue]:
    """Return the object that stands for a signed text in a presentation, or for a presentation.

    Spec: VCDM 2.0 #enveloped-verifiable-credentials
    """
    kind = PRESENTATION if media_type in (PRESENTATION_JWT, PRESENTATION_SD_JWT) else CREDENTIAL
    return {"@context": CREDENTIALS_V2, "id": f"data:{media_type},{text}", "type": kind}


def is_envelope(document: Mapping[str, JsonValue], kind: str) -> bool:
    """Tell whether an object calls itself an envelope of that kind, well shaped or not."""
    named = document.get("type")
    return kind in named if isinstance(named, list) else named == kind


def unwrap(document: Mapping[str, JsonValue], kind: str) -> Enveloped:
    """Take the signed text out of an envelope.

    Raises:
        NotAnEnvelope: it holds more than its context, its one type and its data: URL; the URL is escaped, in
            base64, or has parameters; or its media type is not one that we read.

    Spec: VCDM 2.0 #enveloped-verifiable-credentials; VC-JOSE-COSE 1.0 #media-types; RFC 2397 §3
    """
    if document.get("type") not in (kind, [kind]):
        raise NotAnEnvelope(f"The type of the envelope is not {kind} alone.")
    contexts = document.get("@context")
    if CREDENTIALS_V2 not in (contexts if isinstance(contexts, list) else [contexts])[:1]:
        raise NotAnEnvelope(f"The first context of the envelope is not {CREDENTIALS_V2}.")
    more = sorted(document.keys() - {"@context", "id", "type"})
    if more:
        raise NotAnEnvelope(f'The envelope says "{more[0][:80]}" itself, where nobody has signed it.')
    address = document.get("id")
    match = _DATA_URL.fullmatch(address) if isinstance(address, str) else None
    if match is None:
        raise NotAnEnvelope(
            "The id of the envelope is not a data: URL with a media type and a signed text, and nothing else."
        )
    media_type, text = match.groups()
    if media_type not in _MEDIA_TYPES[kind]:
        raise NotAnEnvelope(f"The envelope holds {media_type[:80]}, which we do not read.")
    return Enveloped(media_type, text)
