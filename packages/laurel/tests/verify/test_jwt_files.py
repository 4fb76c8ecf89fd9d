# SPDX-License-Identifier: Apache-2.0
"""A JWT that is a file of its own is taken at once, and says what it said when its letters were looked at first."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest
import samples

from laurel.did import key as did_key
from laurel.errors import Unreadable
from laurel.formats.baking import bake_svg
from laurel.proof import jose, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.strictjson import dumps
from laurel.verify import Presented, check, check_presentation, presented, read

AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
KEY: Final = did_key.with_did_key(SigningKey.from_seed(bytes(range(32))))
ISSUER: Final = did_key.did(KEY.public)
BADGE: Final[dict[str, Any]] = samples.golden_document(issuer_id=ISSUER)
HEAD, BODY, SIGNATURE = (part.encode() for part in vc_jwt.sign(BADGE, KEY).split("."))
GOOD: Final = b".".join((HEAD, BODY, SIGNATURE))


def token(header: bytes, payload: bytes) -> bytes:
    """A JWS of whatever parts, with a signature of somebody's."""
    return b".".join((jose.to_base64url(header).encode(), jose.to_base64url(payload).encode(), SIGNATURE))


ODD: Final = {
    "plain": GOOD,
    "with lines around it": b"\r\n\t " + GOOD + b" \n",
    "with a line behind it": GOOD + b"\r\n",
    "a mark before it": b"\xef\xbb\xbf" + GOOD,
    "a zero behind it": GOOD + b"\0",
    "a form feed behind it": GOOD + b"\x0c",
    "a line inside": b".".join((HEAD, BODY[:20] + b"\n" + BODY[20:], SIGNATURE)),
    "padding": b".".join((HEAD, BODY, SIGNATURE + b"==")),
    "the other alphabet": b".".join((HEAD, BODY, b"+/" + SIGNATURE[2:])),
    "no letter in the signature": b".".join((HEAD, BODY, b"\x80" + SIGNATURE[1:])),
    "another spelling of the signature": b".".join((HEAD, BODY, SIGNATURE[:-1] + b"B")),
    "no signature": b".".join((HEAD, BODY, b"")),
    "no payload": b".".join((HEAD, b"", SIGNATURE)),
    "two parts": HEAD + b"." + BODY,
    "four parts": GOOD + b".e",
    "an SD-JWT": GOOD + b"~",
    "an SD-JWT with a disclosure": GOOD + b"~WyJhIiwiYiIsImMiXQ~",
    "a tilde in the payload": b".".join((HEAD, BODY + b"~", SIGNATURE)),
    "an odd length": b".".join((HEAD, BODY + b"AAAAA", SIGNATURE)),
    "no object for a header": token(b'["alg"]', b"{}"),
    "half an object for a header": token(b'{"alg"', b"{}"),
    "another type": token(b'{"alg":"EdDSA","typ":"at+jwt"}', b"{}"),
    "no credential": token(b'{"alg":"EdDSA","typ":"JWT"}', b'{"iss":"x"}'),
    "a list": token(b'{"alg":"EdDSA","typ":"JWT"}', b"[]"),
    "no JSON": token(b'{"alg":"EdDSA","typ":"JWT"}', b"\xff"),
    "claims that contradict": token(b'{"alg":"EdDSA"}', dumps({**BADGE, "iss": "did:web:other.example"})),
    "a presentation": token(b'{"alg":"EdDSA"}', b'{"type":"VerifiablePresentation"}'),
    "space in the header": token(b'{ "alg":"EdDSA"}', dumps(BADGE)),
    "too long": GOOD + b"A" * jose.LONGEST_TEXT,
    "too long a file": HEAD + b"." + b"A" * presented.LARGEST_FILE + b".",
}


def told(reader: Any, data: bytes) -> Presented | tuple[type, str, str]:
    try:
        found: Presented = reader(data)
    except Unreadable as error:
        return type(error), error.code, str(error)
    if found.fault is not None:
        return type(found.fault), found.fault.code, f"{found.fault} {found.carrier}"
    return found


def at_length(data: bytes) -> Presented:
    """Read a file by its kind, and then what is in it."""
    carrier, content = presented.taken_out(data)
    return presented.of_jwt(content.decode("ascii"), carrier)


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_what_is_read_or_refused_is_the_same(data: bytes) -> None:
    assert told(read, data) == told(at_length, data)


def test_a_byte_order_mark_before_a_jwt_is_told_of_and_breaks_nothing() -> None:
    for data in (b"\xef\xbb\xbf" + GOOD, bake_svg(SVG, GOOD.decode()).replace(HEAD, b"\xef\xbb\xbf" + HEAD)):
        report = check(data, fetch=lambda url: b"", at=AT)
        assert report["readable"].code == "unreadable.not-a-jws"
        assert "byte order mark" in report["readable"].message
        whole = check_presentation(data, fetch=lambda url: b"", at=AT, challenge=None, domain=None)
        assert whole["readable"].code == "unreadable.not-a-jws"


def test_each_letter_that_is_changed_is_told_of_in_the_same_way() -> None:
    for place in (0, 1, 5, len(HEAD), len(HEAD) + 9, len(GOOD) - 88, len(GOOD) - 87, len(GOOD) - 1):
        for letter in (b"+", b"=", b".", b"~", b" ", b"\n", b"\xc3", b"A", b"-"):
            data = GOOD[:place] + letter + GOOD[place + 1 :]
            assert told(read, data) == told(at_length, data), (place, letter)
