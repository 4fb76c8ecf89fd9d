# SPDX-License-Identifier: Apache-2.0
"""The readers that bytes of strangers meet first: each ends in an answer or in an error of laurel's own.

`SEEDS` are sound inputs to begin from, made anew each time from the badges of these tests.
"""

import base64
import gzip
import json
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from samples import golden_document
from signed_forms import AT, draft, form, forms, key, lists
from signed_forms import did as did_of

from laurel import did, strictjson, tiers, verify
from laurel.errors import LaurelError
from laurel.formats import baking
from laurel.jsonld import canonize
from laurel.jsonld.effort import Effort
from laurel.proof import cbor, ecdsa_sd_values, jose, vc_cose, vc_sd_jwt
from laurel.proof.encodings import from_base64url, to_base64url
from laurel.status import bitstring

Target = Callable[[bytes], object]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _nobody(url: str) -> bytes:
    raise LaurelError("Nobody answered.")


def json_gate(data: bytes) -> None:
    """What is read is written and read again as the same."""
    value = strictjson.loads(data)
    assert strictjson.loads(strictjson.dumps(value)) == value


def credential(data: bytes) -> None:
    """A check answers whatever it is given."""
    verify.check(data, fetch=_nobody, at=AT)


def presentation(data: bytes) -> None:
    """So does that of a presentation."""
    verify.check_presentation(data, fetch=_nobody, at=AT, challenge="n", domain="d")


def statements(data: bytes) -> None:
    """The quick ways to statements give those of the general one, or its refusal."""
    value = strictjson.loads(data)
    if not isinstance(value, dict):
        return
    answers: list[Any] = []
    for names in (("general",), ("mapper",), ("mapper", "template")):
        with tiers.only(*names):  # type: ignore[arg-type]  # names of tiers
            try:
                answers.append(canonize(value, effort=Effort()))
            except LaurelError as error:
                answers.append(error.code)
    assert answers[0] == answers[1] == answers[2], answers


def token(data: bytes) -> None:
    """A JWS is taken apart or refused, and never holds under a key that did not sign it."""
    jose.verify(jose.decode(_text(data)), key(owner="nobody").public)
    raise AssertionError("a signature of nobody holds")


def selective(data: bytes) -> None:
    """An SD-JWT is put together or refused."""
    vc_sd_jwt.read_any(_text(data))


def picture(data: bytes) -> None:
    """A credential is taken out of a picture, and put back to be taken out again."""
    text = baking.unbake(data)
    assert isinstance(text, str)


def status(data: bytes) -> None:
    """A packed list is unpacked within bounds."""
    assert len(bitstring.expand("u" + base64.urlsafe_b64encode(data).decode().rstrip("="))) <= 1 << 20
    bitstring.expand(_text(data))


def identifier(data: bytes) -> None:
    """A DID leads to one address, or is a document of its own, or is none."""
    name = _text(data)
    if did.resolve_url(name) is None:
        did.document(name)


def cose(data: bytes) -> None:
    """A COSE message is read as a credential or refused, and never holds under a key that did not sign it.

    The same bytes also come as the parts of a message, which chance would hardly give their right lengths.
    """
    messages = [data]
    protected, found, payload = data.partition(b"\n\n")
    if found:
        messages.append(cbor.dumps([protected, {}, payload, bytes(64)], tag=18))
    for message in messages:
        with suppress(LaurelError):
            vc_cose.verify(vc_cose.read(message), key(owner="nobody").public)
            raise AssertionError("a signature of nobody holds")


def derived(data: bytes) -> None:
    """What a proof of ecdsa-sd-2023 holds is read as it would be written, or refused."""
    for text in (
        _text(data),
        "u" + to_base64url(b"\xd9\x5d\x01" + data),
        "u" + to_base64url(b"\xd9\x5d\x00" + data),
    ):
        with suppress(LaurelError):
            assert ecdsa_sd_values.read(text).text() == text


def _of(*carriers: str) -> list[bytes]:
    return [one.data for one in forms() if any(one.name.startswith(name) for name in carriers)]


def _parts(message: bytes) -> list[bytes]:
    """The header and the payload of a COSE message."""
    protected, _, payload, _ = cbor.loads(message, tag=18)
    return [protected, payload]


def _presented() -> dict[str, Any]:
    """A presentation of a credential in its envelope."""
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:application/vc+jwt,{form('vc+jwt ed25519').data.decode()}",
        "type": "EnvelopedVerifiableCredential",
    }
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": did_of(key(owner="holder")),
        "verifiableCredential": [envelope],
    }


TARGETS: Final[dict[str, Target]] = {
    "json": json_gate,
    "credential": credential,
    "presentation": presentation,
    "statements": statements,
    "jwt": token,
    "sd-jwt": selective,
    "png": picture,
    "svg": picture,
    "status": status,
    "did": identifier,
    "cose": cose,
    "ecdsa-sd": derived,
}


def seeds(name: str) -> list[bytes]:
    """Return sound inputs of a target."""
    plain = json.dumps(golden_document()).encode()
    messages = [vc_cose.sign(draft(key()), key()), vc_cose.sign(_presented(), key(owner="holder"))]
    value = json.loads(form("ecdsa-sd-2023 derived").data)["proof"]["proofValue"]
    return {
        "json": [b'{"a": [1, 2.5e-7, "\\u00e9", true, null]}', plain],
        "credential": [plain, *_of("eddsa", "VC-JWT", "SD-JWT", "Ed25519")],
        "presentation": _of("presentation"),
        "statements": [plain, *lists().values()],
        "jwt": _of("VC-JWT", "vc+jwt"),
        "sd-jwt": _of("SD-JWT", "vc+sd-jwt"),
        "png": _of("PNG"),
        "svg": _of("SVG"),
        "status": [gzip.compress(bytes(16 * 1024)), b"uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"],
        "did": [
            b"did:web:h.example:a%3A8443:b", key().id.encode() if key().id else b"",  # type: ignore[union-attr]
            b"did:webvh:QmX:h.example", b"did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6IjExcVlBWUt4Q3JmVlNfN1R5V1FIT2c3aGN2UGFwaU1scndJYWFQY0hVUm8ifQ",
        ],
        "cose": [*messages, *(b"\n\n".join(_parts(message)) for message in messages)],
        "ecdsa-sd": [value.encode(), from_base64url(value[1:])[3:]],
    }[name]  # fmt: skip


def once(name: str, data: bytes) -> None:
    """Give a target one input; an error of laurel's own is an answer."""
    with suppress(LaurelError):
        TARGETS[name](data)


def changed(data: bytes, chance: random.Random) -> bytes:
    """Change a few bytes: flip, put in, take out, repeat a stretch."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randint(0, len(made))
        match chance.randrange(5):
            case 0 if at < len(made):
                made[at] ^= 1 << chance.randrange(8)
            case 1:
                made[at:at] = chance.choice(
                    (b"\0", b'"', b"{", b"[", b"}", b"\\u", b"\xff", b"<", b"&", b"~", b".", b"-")
                )
            case 2:
                del made[at : at + chance.randint(1, 16)]
            case 3:
                made[at:at] = made[at : at + chance.randint(1, 200)] * chance.randint(1, 3)
            case _:
                made[at : at + 2] = chance.randbytes(chance.randint(0, 4))
    return bytes(made)
