# SPDX-License-Identifier: Apache-2.0
"""What somebody presented, taken out of its carrier and parsed, and not yet believed."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, final

from laurel.errors import CorruptImage, LaurelError, NotACredential, ProofFault, TooLarge, Unreadable
from laurel.formats import baking, envelopes
from laurel.jsonld import framed
from laurel.jsonld.frames import Match
from laurel.proof import jose, vc_jwt, vp_jwt
from laurel.proof.keys import VerifyingKey
from laurel.records import blank
from laurel.status.packing import MAX_PACKED
from laurel.strictjson import JsonValue, loads
from laurel.verify.report import Check

if TYPE_CHECKING:
    from laurel.proof.sd_jwt_vc import SdJwtCredential

LARGEST_FILE: Final = 10 * 1024 * 1024

_BADGE_TYPES: Final = {"AchievementCredential", "OpenBadgeCredential"}
_USUAL_TYPES: Final = ["VerifiableCredential", "OpenBadgeCredential"]
#: An object of JSON with its first quote, in base64url: so the header of a JWS begins, mostly.
_HEADER: Final = b"eyJ"
_MARK: Final = b"\xef\xbb\xbf"
_BASE64URL: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VERSION_1: Final = "https://www.w3.org/2018/credentials/v1"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A credential as it came.

    `document` is the credential with its embedded proofs, if it has any. `jwt` is the token around it, if
    there is one; `fault` is what is wrong with that token before its signature is even looked at. `judged`
    remembers which signature was held against which key, and what came of it; `parts` the documents inside it
    that are looked at on their own, by their place. `sd_jwt` stands for `jwt` where the holder chose what to
    show; one of plain claims is no credential of the W3C data model and follows rules of its own.

    A presentation comes this way too, as far as its own signature goes: its `purpose` is "authentication",
    and what counts as its issuer is its holder, or `signer` where it names none.

    `match` is the known frame that it was read by, if it was; `opened` what `express` has made of it.
    """

    carrier: baking.Format
    document: Mapping[str, JsonValue] = field(repr=False)
    jwt: vc_jwt.JwtCredential | vp_jwt.JwtPresentation | None = field(default=None, repr=False)
    sd_jwt: "SdJwtCredential | None" = field(default=None, repr=False)
    fault: ProofFault | None = None
    purpose: Literal["assertionMethod", "authentication"] = "assertionMethod"
    signer: str | None = None
    judged: dict[tuple[int, VerifyingKey], Check] = field(default_factory=dict, repr=False, compare=False)
    parts: dict[str, "Presented"] = field(default_factory=dict, repr=False, compare=False)
    match: Match | None = field(default=None, repr=False, compare=False)
    opened: list[object] = field(default_factory=list, repr=False, compare=False)

    @property
    def claims(self) -> Mapping[str, JsonValue]:
        """The document without its proofs."""
        if self.is_sd_jwt_vc:
            return self.document
        claims = dict(self.document)
        claims.pop("proof", None)
        return claims

    @property
    def issuer_id(self) -> str | None:
        """Whom the document names as its issuer; of a presentation, as its holder."""
        if self.purpose == "authentication":
            return id_of(self.document.get("holder")) or self.signer
        if self.is_sd_jwt_vc:
            return id_of(self.document.get("iss"))
        return id_of(self.document.get("issuer"))

    @property
    def format(self) -> str:
        """The standard that the document follows: "open-badges-…", "vc-data-model-…" or "sd-jwt-vc"."""
        if self.is_sd_jwt_vc:
            return "sd-jwt-vc"
        if _BADGE_TYPES & set(texts(self.document.get("type"))):
            return "open-badges-3.0"
        if _is_open_badges_2(self.document):
            return "open-badges-2.0"
        return "vc-data-model-1.1" if self.is_version_1 else "vc-data-model-2.0"

    @property
    def is_sd_jwt_vc(self) -> bool:
        """Tell whether it is an SD-JWT VC: plain claims, and no document of the W3C data model."""
        return self.sd_jwt is not None and self.sd_jwt.profile == "sd-jwt-vc"

    @property
    def is_version_1(self) -> bool:
        """Tell whether the document follows the older data model, VCDM 1.1."""
        return texts(self.document.get("@context"))[:1] == [_VERSION_1]


_BlankPresented: Final = blank(Presented)


def read(data: bytes) -> Presented:
    """Take the credential out of a JSON, JWT, PNG, SVG or PDF file.

    Raises:
        Unreadable: one of its leaves, saying what the bytes are not.
        TypeError: it is a text, and no bytes.
    """
    require_bytes(data)
    jws = _jws(data)
    if jws is not None:
        return _of_jws(jws, "jwt")
    carrier, content = taken_out(data)
    inside = carrier if carrier in ("json", "jwt") else baking.detect(content)
    if inside == "jwt":
        return of_jwt(content.decode("ascii"), carrier)
    known = framed.read(content, b'"proof"')
    if known is not None and known.value.get("type") == _USUAL_TYPES and "payload" not in known.value:
        return _known(carrier, known.value, None, known.match)
    # A status list is a credential too, and its list is longer than other texts may be.
    return of_json(loads(content, longest_string=MAX_PACKED), carrier)


def require_bytes(data: object) -> None:
    """Refuse a text where a file is wanted. Raises: TypeError."""
    if isinstance(data, str):
        raise TypeError("data is a text: give bytes, such as path.read_bytes() or text.encode().")


def _jws(data: bytes) -> jose.Jws | None:
    """Return a JWS that stands alone. None says nothing: the file is then looked at as any other.

    Whoever reads a JWS knows that each of its letters is one of base64url, so nobody has to look before.
    """
    if not data.startswith(_HEADER) or len(data) > jose.LONGEST_TEXT or b"~" in data:
        return None
    with suppress(LaurelError, UnicodeDecodeError):
        jws = jose.decode(data.strip(b" \t\r\n").decode("ascii"))
        if not jws.encoded_signature.encode().translate(None, _BASE64URL):
            return jws
    return None


def _known(
    carrier: baking.Format,
    document: Mapping[str, JsonValue],
    jwt: vc_jwt.JwtCredential | None,
    match: Match | None,
) -> Presented:
    """Return a credential sooner than `Presented` makes one."""
    made: Any = _BlankPresented()
    made.carrier = carrier
    made.document = document
    made.jwt = jwt
    made.sd_jwt = None
    made.fault = None
    made.purpose = "assertionMethod"
    made.signer = None
    made.judged = {}
    made.parts = {}
    made.match = match
    made.opened = []
    made.__class__ = Presented
    presented: Presented = made
    return presented


def taken_out(data: bytes) -> tuple[baking.Format, bytes]:
    """Return the kind of a file, and the JSON or JWT in it. Raises: Unreadable."""
    carrier, content = _content_of(data)
    if content.startswith(_MARK) and baking.detect(content) == "jwt":
        raise jose.NotAJws("The text starts with a byte order mark, which a JWT does not have.")
    return carrier, content


def _content_of(data: bytes) -> tuple[baking.Format, bytes]:
    if len(data) > LARGEST_FILE:
        size, most = (round(octets / 1024 / 1024) for octets in (len(data), LARGEST_FILE))
        raise TooLarge(f"The file is {size} MB. The most we read is {most} MB.")
    carrier = _carrier(data)
    if carrier in ("json", "jwt"):
        return carrier, data.strip(b" \t\r\n")
    try:
        return carrier, baking.unbake(data).encode()
    except CorruptImage as error:
        if error.code != "unreadable.open-badges-2" or carrier != "png":
            raise
        return carrier, baking.unbake_old_png(data).encode()


def _carrier(data: bytes) -> baking.Format:
    start = data[:1024].lstrip(b" \t\r\n\xef\xbb\xbf").lower()
    if not start:
        raise Unreadable("The file is empty.", code="unreadable.empty")
    if start.startswith((b"<!doctype html", b"<html")):
        raise Unreadable(
            "This is a web page, not a credential. Look there for the badge image or the JSON file.",
            code="unreadable.web-page",
        )
    return baking.detect(data)


def of_json(value: JsonValue, carrier: baking.Format) -> Presented:
    """Return the credential that a JSON value is, or that it envelops. Raises: Unreadable."""
    if not isinstance(value, dict):
        raise NotACredential("The file holds JSON, but not one credential.")
    if envelopes.is_envelope(value, envelopes.CREDENTIAL):
        return of_jwt(envelopes.unwrap(value, envelopes.CREDENTIAL).text, carrier)
    if "payload" in value and value.keys() & {"signature", "signatures"}:
        raise NotACredential(
            "This is a JWS in its JSON serialisation, which we do not read. Ask for a compact one."
        )
    _require_credential(value)
    return Presented(carrier=carrier, document=value)


def of_jwt(text: str, carrier: baking.Format) -> Presented:
    """Return the credential inside a JWT or an SD-JWT. Raises: Unreadable."""
    if "~" in text:
        return _of_sd_jwt(text, carrier)
    return _of_jws(jose.decode(text), carrier)


def _of_jws(jws: jose.Jws, carrier: baking.Format) -> Presented:
    try:
        jwt = vc_jwt.of_jws(jws)
    except ProofFault as fault:
        return Presented(carrier=carrier, document={}, fault=fault)
    if jwt.match is None or jwt.credential.get("type") != _USUAL_TYPES:
        _require_credential(jwt.credential)
    return _known(carrier, jwt.credential, jwt, jwt.match)


def _of_sd_jwt(text: str, carrier: baking.Format) -> Presented:
    from laurel.proof import vc_sd_jwt  # loaded with the first of them

    try:
        token = vc_sd_jwt.read_any(text)
    except ProofFault as fault:
        return Presented(carrier=carrier, document={}, fault=fault)
    if token.profile != "sd-jwt-vc":
        _require_credential(token.credential)
    return Presented(carrier=carrier, document=token.credential, sd_jwt=token)


def _require_credential(document: Mapping[str, JsonValue]) -> None:
    types = texts(document.get("type"))
    if "VerifiableCredential" in types and "VerifiablePresentation" not in types:
        return
    if _is_open_badges_2(document):
        return
    if {"VerifiablePresentation", envelopes.PRESENTATION} & set(types):
        raise NotACredential("This is a presentation. Ask for the credential inside it.")
    raise NotACredential(
        "The file is JSON, but not a credential: its type does not say VerifiableCredential."
    )


def _is_open_badges_2(document: Mapping[str, JsonValue]) -> bool:
    """Tell whether a document is a badge from before there were credentials."""
    types = set(texts(document.get("type")))
    return "Assertion" in types and "badge" in document and "VerifiableCredential" not in types


def texts(value: JsonValue) -> list[str]:
    """Return the texts of a value that may stand alone or in an array."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def id_of(value: JsonValue) -> str | None:
    """Return the id of an object, or the text that stands for one."""
    identifier = value.get("id") if isinstance(value, dict) else value
    return identifier if isinstance(identifier, str) else None
