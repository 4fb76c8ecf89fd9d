# SPDX-License-Identifier: Apache-2.0
"""One badge in every form that laurel verifies, and what each may show when it is called genuine."""

import copy
import hashlib
import json
import random
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from typing import Any, Final

import rfc8785
import samples
from cryptography.hazmat.primitives.asymmetric import ec
from meaning import meaning
from mutations import in_json, in_png, in_sd_jwt, in_svg, in_token

from laurel import issue, present, strictjson, verify
from laurel.did import key as did_key
from laurel.errors import LaurelError
from laurel.formats.baking import bake_png, bake_svg
from laurel.jsonld import canonize
from laurel.proof import data_integrity, sd_jwt_vc, vc_jwt, vc_sd_jwt
from laurel.proof.encodings import to_base58btc, to_base64url
from laurel.proof.keys import SigningKey
from laurel.status import bitstring

AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CHALLENGE: Final = "n-2f7d"
DOMAIN: Final = "https://employer.example"
OLD_CONTEXT: Final = "https://w3id.org/security/suites/ed25519-2020/v1"

Document = dict[str, Any]
Answer = verify.Report | verify.PresentationReport


@cache
def key(kind: Any = "ed25519", owner: str = "college") -> SigningKey:
    """The key of somebody, under its own did:key; the same in every run."""
    if kind == "ed25519":
        return did_key.with_did_key(SigningKey.from_seed(zlib.crc32(owner.encode()).to_bytes(4, "big") * 8))
    name, curve, size = {"p256": ("P-256", ec.SECP256R1(), 32), "p384": ("P-384", ec.SECP384R1(), 48)}[kind]
    private = ec.derive_private_key(0x5EED + zlib.crc32(owner.encode()), curve)
    point = private.public_key().public_numbers()
    jwk = {"kty": "EC", "crv": name} | {
        member: to_base64url(number.to_bytes(size, "big"))
        for member, number in (("x", point.x), ("y", point.y), ("d", private.private_numbers().private_value))
    }
    return did_key.with_did_key(SigningKey.from_jwk(jwk))


def did(one: SigningKey) -> str:
    return did_key.did(one.public)


def draft(signer: SigningKey, **changes: Any) -> Document:
    """The golden credential as this key's owner would say it, of the holder."""
    document: Document = samples.golden_document(issuer_id=did(signer), subject_id=did(key(owner="holder")))
    return document | changes


@cache
def lists(kind: Any = "ed25519") -> dict[str, bytes]:
    """The status lists of the issuer with such a key; nothing is withdrawn."""
    signer = key(kind)
    suite = "eddsa-rdfc-2022" if kind == "ed25519" else "ecdsa-rdfc-2019"
    made = {}
    for url, purpose in ((samples.REVOCATIONS, "revocation"), (samples.SUSPENSIONS, "suspension")):
        document = bitstring.list_credential(
            url=url, purpose=purpose, indexes=(), issuer=did(signer), valid_from=AT
        )
        made[url] = strictjson.dumps(data_integrity.sign(document, signer, suite=suite, created=AT))
    return made


def exactly(value: Any) -> bytes:
    """Return a JSON value in the form in which equal values are equal bytes (RFC 8785)."""
    return rfc8785.dumps(value)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A signed file, how it is changed, and what a genuine answer may show of it."""

    name: str
    data: bytes
    change: Callable[[bytes, random.Random], bytes]
    shown: frozenset[Any]
    """What may be shown, each in the form of `alike`."""
    alike: Callable[[Any], Any] = exactly
    kind: Any = "ed25519"
    presented: bool = False
    asked: Mapping[str, Any] = field(default_factory=dict)

    def judge(self, data: bytes) -> Answer:
        """Check a file as whoever got it would."""

        def fetch(url: str) -> bytes:
            if url not in lists(self.kind):
                raise LaurelError("Nobody answered.")
            return lists(self.kind)[url]

        if self.presented:
            return verify.check_presentation(
                data, fetch=fetch, at=AT, challenge=CHALLENGE, domain=DOMAIN, **self.asked
            )
        return verify.check(data, fetch=fetch, at=AT, **self.asked)

    def is_honest(self, answer: Answer) -> bool:
        """Tell whether a genuine answer shows what was signed, and nothing else."""
        if isinstance(answer, verify.PresentationReport):
            return answer.holder_id == did(key(owner="holder")) and all(
                self.alike(one.credential) in self.shown for one in answer.credentials
            )
        return self.alike(answer.credential) in self.shown and all(
            meaning(one.report.credential) in _endorsed() for one in answer.endorsements if one.holds
        )


def _token(data: bytes, chance: random.Random) -> bytes:
    return in_token(data.decode(), chance).encode("utf-8", "surrogatepass")


def _sd_jwt(data: bytes, chance: random.Random) -> bytes:
    return in_sd_jwt(data.decode(), chance).encode("utf-8", "surrogatepass")


def _proof(name: str, kind: Any = "ed25519", *, alike: Any = meaning, **changes: Any) -> Form:
    signer = key(kind)
    document = draft(signer, **changes)
    data = strictjson.dumps(data_integrity.sign(document, signer, suite=name, created=AT))
    return Form(
        name=f"{name} {kind}",
        data=data,
        change=in_json,
        shown=frozenset({alike(document)}),
        alike=alike,
        kind=kind,
    )


def _older_proof() -> Form:
    signer = key()
    document = draft(signer)
    document["@context"] = [*document["@context"], OLD_CONTEXT]
    options: Document = {
        "type": "Ed25519Signature2020",
        "created": "2026-10-14T09:30:00Z",
        "verificationMethod": signer.id,
        "proofPurpose": "assertionMethod",
    }
    hashes = b"".join(
        hashlib.sha256(canonize(part)).digest()
        for part in ({**options, "@context": document["@context"]}, document)
    )
    signed = {**document, "proof": {**options, "proofValue": to_base58btc(signer.sign(hashes))}}
    return Form(
        name="Ed25519Signature2020",
        data=strictjson.dumps(signed),
        change=in_json,
        shown=frozenset({meaning(document)}),
        alike=meaning,
    )


def _derived() -> Form:
    signer = key("p256")
    document = draft(signer)
    base = issue.sign(issue.check_document(document), signer, suite="ecdsa-sd-2023", created=AT)
    data = present.reveal(base, ["/credentialSubject/result", "/credentialSubject/achievement", "/name"])
    shown = {name: value for name, value in json.loads(data).items() if name != "proof"}
    return Form(
        name="ecdsa-sd-2023 derived",
        data=data,
        change=in_json,
        shown=frozenset({meaning(shown)}),
        alike=meaning,
        kind="p256",
    )


def _jwt(name: str, kind: Any = "ed25519") -> Form:
    signer = key(kind)
    document = draft(signer)
    profile: Any = {"VC-JWT": "open-badges-3.0", "vc+jwt": "vc-jose-cose"}[name]
    data = vc_jwt.sign(document, signer, profile=profile).encode()
    return Form(
        name=f"{name} {kind}", data=data, change=_token, shown=frozenset({exactly(document)}), kind=kind
    )


def _parts(claims: Document, hidden: Iterable[tuple[str | int, ...]]) -> frozenset[bytes]:
    """Every choice of what is left out."""
    found = set()
    places = sorted(hidden, key=repr, reverse=True)
    for count in range(len(places) + 1):
        for chosen in combinations(places, count):
            part = copy.deepcopy(claims)
            for place in chosen:
                holder: Any = part
                for step in place[:-1]:
                    holder = holder[step]
                del holder[place[-1]]
            found.add(exactly(part))
    return frozenset(found)


def _sd_jwt_vc() -> Form:
    signer = key()
    claims: Document = {
        "iss": did(signer),
        "vct": "https://fernhill.example/types/diploma",
        "nbf": 1_790_000_000,
        "exp": 1_890_000_000,
        "name": "Amina Haddad",
        "grades": [{"course": "Data cleaning", "mark": 9}, {"course": "Ethics", "mark": 8}],
        "address": {"city": "Ibadan", "country": "NG"},
    }
    data = sd_jwt_vc.sign(claims, signer, disclosable=["/name", "/grades/0", "/address/city"]).encode()
    shown = _parts(claims, [("name",), ("grades", 0), ("address", "city")])
    return Form(name="SD-JWT VC", data=data, change=_sd_jwt, shown=shown)


def _vc_sd_jwt() -> Form:
    signer = key()
    document = draft(signer)
    hidden = [("description",), ("credentialSubject", "result"), ("evidence", 0)]
    pointers = ["/" + "/".join(map(str, place)) for place in hidden]
    data = vc_sd_jwt.sign(document, signer, disclosable=pointers).encode()
    return Form(name="vc+sd-jwt", data=data, change=_sd_jwt, shown=_parts(document, hidden))


def _bound() -> Form:
    """An SD-JWT with the signature of its holder in answer to a question; nothing can be left out any more."""
    signer, holder = key(), key(owner="holder")
    document = draft(signer)
    text = vc_sd_jwt.sign(document, signer, disclosable=["/description"], holder=holder.public)
    data = present.bind(text, holder, created=AT, challenge=CHALLENGE, domain=DOMAIN)
    shown = document | {"cnf": vc_sd_jwt.confirmation(holder.public)}
    return Form(
        name="vc+sd-jwt with key binding",
        data=data,
        change=_sd_jwt,
        shown=frozenset({exactly(shown), exactly(document)}),
        asked={"challenge": CHALLENGE, "domain": DOMAIN},
    )


@cache
def _endorsement() -> Document:
    board = key(owner="board")
    document: Document = {
        "@context": list(samples.golden_document()["@context"]),  # type: ignore[arg-type]  # an array
        "id": "urn:uuid:2f0f8a1e-0f8e-4a55-9d0e-6f6a6c1f7a10",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "In good standing",
        "issuer": {"id": did(board), "type": ["Profile"], "name": "Board of Colleges"},
        "validFrom": "2026-10-01T00:00:00Z",
        "credentialSubject": {
            "id": samples.COURSE,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Well taught.",
        },
    }
    return document


@cache
def _endorsed() -> frozenset[Any]:
    """What an endorsement may mean; its proof covers that, and not how it is spelled."""
    return frozenset({meaning(_endorsement())})


def _with_endorsement(suite: str) -> Form:
    board = key(owner="board")
    subject = copy.deepcopy(draft(key())["credentialSubject"])
    subject["achievement"]["endorsement"] = [
        data_integrity.sign(_endorsement(), board, suite="eddsa-rdfc-2022", created=AT)
    ]
    made = _proof(suite, alike=exactly if "jcs" in suite else meaning, credentialSubject=subject)
    return Form(
        **{name: getattr(made, name) for name in ("data", "change", "shown", "alike", "kind")},
        name=f"{suite} with an endorsement",
    )


def _presentation(form: str, badge: Form) -> Form:
    holder = key(owner="holder")
    version: Any = "1.1" if form == "vp-jwt" else "2.0"
    showable = present.check([badge.data], holder=did(holder), version=version)
    asked: Any = {"challenge": CHALLENGE, "domain": DOMAIN, "created": AT}
    change: Any = in_json
    if form == "vp+jwt":
        data, change = present.sign_jwt(showable, holder, **asked).encode(), _token
    elif form == "vp-jwt":
        data, change = (
            present.sign_jwt(showable, holder, profile="vc-data-model-1.1", **asked).encode(),
            _token,
        )
    else:
        data = present.sign(showable, holder, suite=form, **asked)
    return Form(
        name=f"presentation {form} of {badge.name}",
        data=data,
        change=change,
        shown=badge.shown,
        alike=badge.alike,
        kind=badge.kind,
        presented=True,
    )


def picture() -> bytes:
    """A PNG of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


DRAWING: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><title>Badge</title><circle r="4"/></svg>'
)


def _baked(name: str, badge: Form) -> Form:
    bake: Any = {"PNG": bake_png, "SVG": bake_svg}[name]
    image = {"PNG": picture(), "SVG": DRAWING}[name]
    return Form(
        name=f"{name} with {badge.name}",
        data=bake(image, badge.data.decode()),
        change={"PNG": in_png, "SVG": in_svg}[name],
        shown=badge.shown,
        alike=badge.alike,
        kind=badge.kind,
    )


@cache
def forms() -> tuple[Form, ...]:
    """Every form, each with a badge of its own."""
    rdfc = _proof("eddsa-rdfc-2022")
    jcs = _proof("eddsa-jcs-2022", alike=exactly)
    token = _jwt("vc+jwt")
    return (
        rdfc,
        jcs,
        _proof("ecdsa-rdfc-2019", "p256"),
        _proof("ecdsa-rdfc-2019", "p384"),
        _proof("ecdsa-jcs-2019", "p256", alike=exactly),
        _derived(),
        _older_proof(),
        _jwt("VC-JWT"),
        _jwt("VC-JWT", "p256"),
        token,
        _sd_jwt_vc(),
        _vc_sd_jwt(),
        _bound(),
        _with_endorsement("eddsa-rdfc-2022"),
        _with_endorsement("eddsa-jcs-2022"),
        _presentation("eddsa-rdfc-2022", rdfc),
        _presentation("eddsa-jcs-2022", jcs),
        _presentation("vp+jwt", token),
        _baked("PNG", rdfc),
        _baked("SVG", jcs),
    )


NAMES: Final = (
    "eddsa-rdfc-2022 ed25519",
    "eddsa-jcs-2022 ed25519",
    "ecdsa-rdfc-2019 p256",
    "ecdsa-rdfc-2019 p384",
    "ecdsa-jcs-2019 p256",
    "ecdsa-sd-2023 derived",
    "Ed25519Signature2020",
    "VC-JWT ed25519",
    "VC-JWT p256",
    "vc+jwt ed25519",
    "SD-JWT VC",
    "vc+sd-jwt",
    "vc+sd-jwt with key binding",
    "eddsa-rdfc-2022 with an endorsement",
    "eddsa-jcs-2022 with an endorsement",
    "presentation eddsa-rdfc-2022 of eddsa-rdfc-2022 ed25519",
    "presentation eddsa-jcs-2022 of eddsa-jcs-2022 ed25519",
    "presentation vp+jwt of vc+jwt ed25519",
    "PNG with eddsa-rdfc-2022 ed25519",
    "SVG with eddsa-jcs-2022 ed25519",
)


def form(name: str) -> Form:
    """Return the form of a name."""
    (found,) = (one for one in forms() if one.name == name)
    return found
