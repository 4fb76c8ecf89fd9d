# SPDX-License-Identifier: Apache-2.0
"""Reading an SD-JWT: each disclosure goes back to where its digest stands, once, and none is left over.

What comes of it is what the token says with what is shown. Checks of claims, such as until when it serves,
come after: a claim that counts may stand in a disclosure.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

from laurel.errors import NotACredential, ProofFault, TooLarge
from laurel.proof import jose
from laurel.proof.jwt import require_numbers, require_same_in_header, type_of
from laurel.proof.keys import VerifyingKey
from laurel.proof.sd_jwt import disclosures
from laurel.proof.sd_jwt.disclosures import ALGORITHM, DIGESTS, HASHES, PLACEHOLDER, RESERVED, Disclosure
from laurel.proof.sd_jwt.pointers import below, lies_under, tokens
from laurel.strictjson import MAX_DEPTH, JsonValue, dumps, loads

MOST_DISCLOSURES: Final = 500
LONGEST_TEXT: Final = 2 * jose.LONGEST_TEXT

_PART: Final = re.compile(r"[A-Za-z0-9_-]+")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwt:
    """An SD-JWT taken apart and put together again. Nothing in it is vouched for until `verify` has passed.

    `type` is the header's `typ` in lower case. `payload` is what the issuer signed, digests and all; `claims`
    is what it says with the disclosures that came along. `disclosed` tells where in `claims` each disclosure
    went, by JSON Pointer. `text` is the token without a key binding, `binding` the JWT of that.
    """

    text: str = field(repr=False)
    type: str | None
    header: Mapping[str, JsonValue]
    payload: Mapping[str, JsonValue] = field(repr=False)
    claims: Mapping[str, JsonValue] = field(repr=False)
    algorithm: str
    disclosed: Mapping[str, Disclosure] = field(repr=False)
    jws: jose.Jws = field(repr=False)
    binding: jose.Jws | None = field(default=None, repr=False)

    @property
    def sd_hash(self) -> str:
        """The digest by which a key binding names this token with these disclosures.

        Spec: RFC 9901 §4.3.1 (binding to an SD-JWT)
        """
        return disclosures.digest(self.text, self.algorithm)


def read(text: str) -> SdJwt:
    """Take an SD-JWT apart and put the disclosures where they belong, without judging a signature.

    Raises:
        NotAJws, NotJson, TooLarge: the text cannot be read.
        NotACredential: it is no SD-JWT in compact form.
        ProofFault: `proof.disclosure` for a disclosure that is malformed, doubled, not among the digests, or
            gives a claim twice; `proof.digest` for digests that are malformed or stand twice;
            `proof.unsupported-hash`; `proof.malformed` and `proof.claims` for what the JWT says of itself.

    Spec: RFC 9901 §7.1, steps 1, 2.d and 3 to 5
    """
    if len(text) > LONGEST_TEXT:
        raise TooLarge(f"The SD-JWT is longer than {LONGEST_TEXT:,} characters.")
    if text.startswith("{"):
        raise NotACredential("SD-JWTs in the JSON serialisation are not supported, only compact ones.")
    token, *shown = text.split("~")
    if not shown:
        raise NotACredential('The text is not an SD-JWT: it has no "~" after its signature.')
    bound = shown.pop()
    if len(shown) > MOST_DISCLOSURES:
        raise TooLarge(f"The SD-JWT has more than {MOST_DISCLOSURES} disclosures.")
    jws = jose.decode(token)
    payload = loads(jws.payload)
    if not isinstance(payload, dict):
        raise NotACredential("The SD-JWT holds no JSON object.")
    algorithm = payload.get(ALGORITHM, "sha-256")
    if not isinstance(algorithm, str) or algorithm not in HASHES:
        raise ProofFault("The SD-JWT uses a hash function that we do not.", code="proof.unsupported-hash")
    claims, disclosed = _Assembly(shown, algorithm).assemble(payload)
    require_numbers(claims, "nbf", "exp")
    require_same_in_header(jws.header, claims)
    return SdJwt(
        text="~".join([token, *shown, ""]),
        type=type_of(jws.header),
        header=jws.header,
        payload=payload,
        claims=claims,
        algorithm=algorithm,
        disclosed=disclosed,
        jws=jws,
        binding=jose.decode(bound) if bound else None,
    )


def verify(sd_jwt: SdJwt, key: VerifyingKey, *, ignoring: Collection[str] = ()) -> None:
    """Hold the issuer's signature against the issuer's key.

    Args:
        ignoring: header members that are refused otherwise, and that the caller makes no use of. Only what
            says where a key could come from, such as `x5c`, can be left aside.

    Raises:
        ProofFault: `proof.unsupported`, `proof.unsupported-algorithm`, `proof.algorithm`, `proof.malformed`
            or `proof.bad-signature`.

    Spec: RFC 9901 §7.1, steps 2.a and 2.b
    """
    jose.verify(sd_jwt.jws, key, ignoring=ignoring)


def hidden_under(sd_jwt: SdJwt, pointers: Collection[str]) -> str | None:
    """Return the first of these places that the holder can leave out, whole or in part; None when none is.

    Spec: RFC 9901 §9.7 (selectively-disclosable validity claims)
    """
    for pointer in pointers:
        if any(lies_under(place, pointer) or lies_under(pointer, place) for place in sd_jwt.disclosed):
            return pointer
        if _holds_digests(_found(sd_jwt.payload, tokens(pointer))):
            return pointer
    return None


def _found(value: Any, path: list[str]) -> Any:
    for token in path:
        value = value.get(token) if isinstance(value, dict) else None
    return value


def _holds_digests(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(RESERVED & value.keys()) or any(map(_holds_digests, value.values()))
    return isinstance(value, list) and any(map(_holds_digests, value))


class _Assembly:
    """The disclosures of one token, each waiting for the one digest that names it."""

    def __init__(self, texts: list[str], algorithm: str) -> None:
        if not all(_PART.fullmatch(text) for text in texts):
            raise ProofFault("A disclosure is empty or not base64url.", code="proof.disclosure")
        self._waiting = {disclosures.digest(text, algorithm): text for text in texts}
        if len(self._waiting) != len(texts):
            raise ProofFault("A disclosure stands twice in the SD-JWT.", code="proof.disclosure")
        self._seen: set[str] = set()
        self._placed: dict[str, Disclosure] = {}

    def assemble(self, payload: dict[str, JsonValue]) -> tuple[dict[str, JsonValue], dict[str, Disclosure]]:
        """Return the claims with all that is disclosed, and where each disclosure went.

        Spec: RFC 9901 §7.1, steps 3 to 5
        """
        claims = self._object({name: value for name, value in payload.items() if name != ALGORITHM}, "", 1)
        if self._waiting:
            raise ProofFault(
                "A disclosure is not one of those that the issuer signed.", code="proof.disclosure"
            )
        # Put together, the parts obey the limits of one document too.
        whole = loads(dumps(claims)) if self._placed else claims
        if not isinstance(whole, dict):  # pragma: no cover - an object stays one
            raise NotACredential("The SD-JWT holds no JSON object.")
        return whole, self._placed

    def _value(self, value: JsonValue, pointer: str, depth: int) -> JsonValue:
        if not isinstance(value, dict | list):
            return value
        if depth > MAX_DEPTH:
            raise TooLarge(f"The SD-JWT nests deeper than {MAX_DEPTH} levels.")
        if isinstance(value, dict):
            return self._object(value, pointer, depth)
        return self._array(value, pointer, depth)

    def _object(self, value: dict[str, JsonValue], pointer: str, depth: int) -> dict[str, JsonValue]:
        if PLACEHOLDER in value or ALGORITHM in value:
            raise ProofFault(
                "A name of the SD-JWT format stands where it has no meaning.", code="proof.digest"
            )
        result = {
            name: self._value(part, below(pointer, name), depth + 1)
            for name, part in value.items()
            if name != DIGESTS
        }
        for digest in self._digests(value):
            disclosure = self._matching(digest)
            if disclosure is None:
                continue
            name = disclosure.name
            if name is None:
                raise ProofFault("A disclosure of an element stands for a claim.", code="proof.disclosure")
            if name in RESERVED or name in result:
                raise ProofFault(
                    "A disclosure gives a claim that is there already, or a name of the format.",
                    code="proof.disclosure",
                )
            place = below(pointer, name)
            self._placed[place] = disclosure
            result[name] = self._value(disclosure.value, place, depth + 1)
        return result

    def _array(self, value: list[JsonValue], pointer: str, depth: int) -> list[JsonValue]:
        result: list[JsonValue] = []
        for part in value:
            place = below(pointer, len(result))
            if not (isinstance(part, dict) and PLACEHOLDER in part):
                result.append(self._value(part, place, depth + 1))
                continue
            digest = part[PLACEHOLDER]
            if len(part) != 1 or not isinstance(digest, str):
                raise ProofFault("A digest in an array is malformed.", code="proof.digest")
            disclosure = self._matching(digest)
            if disclosure is None:
                continue
            if disclosure.name is not None:
                raise ProofFault("A disclosure of a claim stands for an element.", code="proof.disclosure")
            self._placed[place] = disclosure
            result.append(self._value(disclosure.value, place, depth + 1))
        return result

    @staticmethod
    def _digests(value: dict[str, JsonValue]) -> list[str]:
        listed = value.get(DIGESTS, [])
        if not isinstance(listed, list):
            raise ProofFault('The "_sd" of the SD-JWT is not a list.', code="proof.digest")
        digests = [each for each in listed if isinstance(each, str)]
        if len(digests) != len(listed):
            raise ProofFault(
                'The "_sd" of the SD-JWT holds something else than digests.', code="proof.digest"
            )
        return digests

    def _matching(self, digest: str) -> Disclosure | None:
        """Return the disclosure behind a digest; None for one left out by the holder, or a decoy."""
        if digest in self._seen:
            raise ProofFault("A digest stands twice in the SD-JWT.", code="proof.digest")
        self._seen.add(digest)
        text = self._waiting.pop(digest, None)
        return None if text is None else disclosures.read(text)
