# SPDX-License-Identifier: Apache-2.0
"""Changes to anything at any place of a signed file: insert, delete, double, rename, nest, reorder, re-type, edit.

A change is made by chance, and the same chance makes the same change: whoever has the seed has the case.
"""

import base64
import copy
import json
import random
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final

Place = tuple[str | int, ...]

#: Members that others than the signer would like to see in a credential.
MEMBERS: Final[tuple[tuple[str, Any], ...]] = (
    ("grade", "A+"),
    ("name", "Summa cum laude"),
    ("description", {"@value": "With honours", "@direction": "rtl"}),
    ("validUntil", "2099-01-01T00:00:00Z"),
    ("validFrom", "1999-01-01T00:00:00Z"),
    ("credentialStatus", None),
    ("evidence", {"id": "https://evil.example/e", "type": ["Evidence"], "name": "Thesis"}),
    ("evidence", []),
    ("@context", {"name": "https://schema.org/alternateName"}),
    ("@context", "https://www.w3.org/ns/credentials/v2"),
    ("@id", "urn:example:x"),
    ("@type", "VerifiableCredential"),
    ("@graph", []),
    ("@graph", [{"id": "urn:example:x", "type": "Evidence"}]),
    ("@reverse", {}),
    ("@included", []),
    ("@nest", {"grade": "A+"}),
    ("@index", "best"),
    ("@set", ["x"]),
    ("@list", ["x"]),
    ("@value", None),
    ("@language", "en"),
    ("@base", "https://evil.example/"),
    ("@vocab", "https://evil.example/"),
    ("@protected", False),
    ("id", "urn:example:somebody-else"),
    ("type", ["VerifiableCredential", "HonoursCredential"]),
    (
        "identifier",
        {"type": "IdentityObject", "hashed": False, "identityHash": "Zoe", "identityType": "name"},
    ),
    ("achievementType", "Doctorate"),
    ("creditsEarned", 180),
    ("_sd", []),
    ("_sd_alg", "md5"),
    ("...", "x"),
    ("vc", {"type": ["VerifiableCredential"], "credentialSubject": {"id": "urn:example:x"}}),
    ("exp", 4102444800),
    ("nbf", 0),
    ("iss", "did:example:x"),
    ("sub", "did:example:x"),
    ("jti", "urn:example:x"),
    ("cnf", {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}),
    ("kid", "did:example:x#1"),
    ("alg", "none"),
    ("typ", "JWT"),
    ("crit", ["exp"]),
    ("b64", False),
    ("zip", "DEF"),
    ("cty", "JWT"),
    ("jwk", {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
    ("expires", "2099-01-01T00:00:00Z"),
    ("domain", "https://other.example"),
    ("challenge", "another"),
    ("nonce", "another"),
    ("previousProof", "urn:example:proof"),
    ("proof", {"type": "DataIntegrityProof"}),
    ("constructor", "x"),
    ("__proto__", {"name": "x"}),
    ("", "x"),
    ("\u200bname", "x"),
    ("https://schema.org/award", "Nobel prize"),
    ("schema:award", "Nobel prize"),
    ("_:b0", "x"),
)
VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1, 1.5, 2**53 - 1, "", " ", "x", "A+", "null", "0", [], {}, [[]], [None], [{}],
    {"id": "urn:example:x"}, {"@value": "x"}, {"@id": "urn:example:x"}, {"@list": []}, {"@set": []},
    "did:example:evil", "https://evil.example/", "_:b0", "2099-01-01T00:00:00Z", "urn:uuid:0", "\u202eA",
)  # fmt: skip


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Give every place of a JSON value, the whole first."""
    yield at
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*at, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*at, number))


def inside(value: Any, place: Place) -> Any:
    """Return what stands at a place."""
    for step in place:
        value = value[step]
    return value


class Mutator:
    """Changes of one JSON document; what `chance` draws, it makes."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def __call__(self, document: Any) -> Any:
        """Return a changed copy; now and then the change is none."""
        changed = copy.deepcopy(document)
        for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
            deed = self.chance.choice(DEEDS)
            every = list(places(changed))
            changed = deed(self, changed, self.chance.choice(every))
        return changed

    def _set(self, document: Any, place: Place, value: Any) -> Any:
        if not place:
            return value
        inside(document, place[:-1])[place[-1]] = value
        return document

    def insert(self, document: Any, place: Place) -> Any:
        """Put a member or an item in."""
        target = inside(document, place)
        while place and not isinstance(target, dict | list):
            place = place[:-1]
            target = inside(document, place)
        if not isinstance(target, dict | list):
            return document
        if isinstance(target, list):
            target.insert(self.chance.randint(0, len(target)), copy.deepcopy(self.chance.choice(VALUES)))
            return document
        name, value = self.chance.choice(MEMBERS)
        target[name] = copy.deepcopy(value)
        return document

    def delete(self, document: Any, place: Place) -> Any:
        """Take a member or an item out."""
        if place:
            del inside(document, place[:-1])[place[-1]]
        return document

    def double(self, document: Any, place: Place) -> Any:
        """Write a value twice, or copy it to another place."""
        value = copy.deepcopy(inside(document, place))
        holder = inside(document, place[:-1]) if place else document
        if isinstance(holder, list) and place:
            holder.insert(self.chance.randint(0, len(holder)), value)
            return document
        if self.chance.random() < 0.5:
            return self._set(document, place, [value, copy.deepcopy(value)])
        other = self.chance.choice(list(places(document)))
        return self._set(document, other, value)

    def rename(self, document: Any, place: Place) -> Any:
        """Give a member another name, in its place."""
        names = [at for at in places(document) if at and isinstance(at[-1], str)]
        if not names:
            return document
        at = place if place in names else self.chance.choice(names)
        old = str(at[-1])
        others = [str(name[-1]) for name in names]
        new = self.chance.choice(
            (old + "s", old.title(), old.upper(), "@" + old, "\u200b" + old, old + " ", old[:-1],
             "https://schema.org/" + old, self.chance.choice(others))
        )  # fmt: skip
        holder = inside(document, at[:-1])
        members = [(new if name == old else name, value) for name, value in holder.items()]
        holder.clear()
        holder.update(members)
        return document

    def nest(self, document: Any, place: Place) -> Any:
        """Wrap a value, or take one out of its wrapping."""
        value = inside(document, place)
        if isinstance(value, list) and len(value) == 1 and self.chance.random() < 0.5:
            return self._set(document, place, value[0])
        if isinstance(value, dict) and value and self.chance.random() < 0.3:
            return self._set(document, place, self.chance.choice(list(value.values())))
        wrapped: Any = self.chance.choice(
            ([value], [[value]], {"@value": value}, {"@id": value}, {"id": value}, {"@set": [value]},
             {"@list": [value]}, {"@graph": value}, {"@nest": value}, {"@type": "@json", "@value": value},
             {"@language": "en", "@value": value}, {"type": "Evidence", "name": value})
        )  # fmt: skip
        return self._set(document, place, wrapped)

    def reorder(self, document: Any, place: Place) -> Any:
        """Put members or items in another order, or swap two values of the document."""
        value = inside(document, place)
        if isinstance(value, dict) and len(value) > 1:
            members = list(value.items())
            self.chance.shuffle(members)
            value.clear()
            value.update(members)
        elif isinstance(value, list) and len(value) > 1:
            self.chance.shuffle(value)
        elif place:
            other = self.chance.choice([at for at in places(document) if at])
            if place[: len(other)] != other and other[: len(place)] != place:
                here, there = inside(document, place), inside(document, other)
                self._set(document, place, there)
                self._set(document, other, here)
        return document

    def retype(self, document: Any, place: Place) -> Any:
        """Write a value as one of another kind."""
        value = inside(document, place)
        choices: list[Any] = [copy.deepcopy(self.chance.choice(VALUES))]
        match value:
            case bool():
                choices += [not value, str(value).lower(), int(value)]
            case int() | float():
                choices += [str(value), float(value), value + 1, bool(value), {"@value": value}]
            case str():
                choices += [[value], value.encode().hex(), {"id": value}, len(value)]
                with_digits = value.lstrip("-").isdigit() and len(value) < 15
                choices += [int(value), f"0{value}", f"{value}.0"] if with_digits else []
            case list():
                choices += [value[:1], dict(enumerate(map(str, value))), {"@set": value}]
            case dict():
                choices += [list(value.values()), list(value), value.get("id", "x"), [value]]
        return self._set(document, place, self.chance.choice(choices))

    def edit(self, document: Any, place: Place) -> Any:
        """Change a text so that it looks nearly the same, or a number by little."""
        texts = [at for at in places(document) if isinstance(inside(document, at), str)]
        if not texts:
            return document
        at = place if place in texts else self.chance.choice(texts)
        value = inside(document, at)
        where = self.chance.randint(0, len(value))
        letter = self.chance.choice(
            ("\u200b", "\u202e", "\u00ad", "e", "\u0435", " ", "\n", "\0", "0", "\u0301")
        )
        made = self.chance.choice(
            (value[:where] + letter + value[where:], value[:where] + value[where + 1 :], value.swapcase(),
             value.upper(), unicodedata.normalize("NFD", value), unicodedata.normalize("NFKC", value),
             value + " ", " " + value, value[::-1], value.replace("e", "\u0435"), value.rstrip("Z") + "+00:00",
             value.replace("T", " "), value.replace("https:", "HTTPS:"), value + "#", value + "/")
        )  # fmt: skip
        return self._set(document, at, made)


Deed = Callable[[Mutator, Any, Place], Any]
DEEDS: Final[tuple[Deed, ...]] = (
    Mutator.insert,
    Mutator.delete,
    Mutator.double,
    Mutator.rename,
    Mutator.nest,
    Mutator.reorder,
    Mutator.retype,
    Mutator.edit,
)


def in_json(data: bytes, chance: random.Random) -> bytes:
    """Change a signed JSON file: its values, or only how it is written."""
    document = json.loads(data)
    kind = chance.random()
    if kind < 0.88:
        return written(Mutator(chance)(document), chance)
    text = data.decode()
    if kind < 0.92:
        return doubled_key(document, chance)
    if kind < 0.96:
        where = chance.randrange(len(text))
        letter = chance.choice(
            (",", "{", "}", "[", "]", ":", "0", "e", "\\", '"', "\u0085", "\ufeff", "\0", " ")
        )
        return (text[:where] + letter + text[where + chance.randint(0, 1) :]).encode()
    return chance.choice(
        (data + data, data + b"{}", b"\xef\xbb\xbf" + data, data.replace(b'"', b"'"), data[:-1])
    )


def written(value: Any, chance: random.Random) -> bytes:
    """Write JSON in one of the ways that mean the same."""
    return json.dumps(
        value, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, None, 1))
    ).encode("utf-8", "surrogatepass")


def doubled_key(document: Any, chance: random.Random) -> bytes:
    """Write one key twice, with another value first or last."""
    holders = [
        at for at in places(document) if isinstance(inside(document, at), dict) and inside(document, at)
    ]
    at = chance.choice(holders)
    name = chance.choice(list(inside(document, at)))
    mark = "\u2400mark"
    changed = copy.deepcopy(document)
    members = list(inside(changed, at).items())
    place = chance.randint(0, len(members))
    inside(changed, at).clear()
    inside(changed, at).update([*members[:place], (mark, chance.choice(VALUES)), *members[place:]])
    return json.dumps(changed, ensure_ascii=False).replace(mark, json.dumps(name)[1:-1]).encode()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def in_token(text: str, chance: random.Random) -> str:
    """Change a compact JWS: what its header or payload says, or how it is spelled."""
    parts = text.split(".")
    kind = chance.random()
    if kind < 0.7:
        which = chance.choice((0, 1, 1, 1, 1))
        parts[which] = _base64url(_compact(Mutator(chance)(_decoded(parts[which]))))
    elif kind < 0.8:
        which = chance.choice((0, 1))
        parts[which] = _base64url(in_json(_compact(_decoded(parts[which])), chance))
    elif kind < 0.93:
        return spelled(text, chance)
    else:
        chance.shuffle(parts)
        parts += chance.choice(([], [""], [parts[-1]]))
    return ".".join(parts)


def spelled(text: str, chance: random.Random) -> str:
    """Change a letter or two of a text in base64url."""
    where = chance.randrange(len(text))
    letter = chance.choice("AQgw_-.~=+/ \n0zé")
    return chance.choice(
        (text[:where] + letter + text[where:], text[:where] + letter + text[where + 1 :],
         text[:where] + text[where + 1 :], text + letter, text + "=", text[:-1] + letter, text.swapcase())
    )  # fmt: skip


def in_sd_jwt(text: str, chance: random.Random) -> str:
    """Change an SD-JWT: its token, or a disclosure, or which of them come and in what order.

    Leaving a disclosure out is the holder's right, and so is another order; what is then shown says less.
    """
    token, *disclosures = text.split("~")
    kind = chance.random()
    if kind < 0.4:
        return "~".join([in_token(token, chance), *disclosures])
    shown = [one for one in disclosures if one and "." not in one]
    last = disclosures[-1]
    if kind < 0.5 or not shown:
        chance.shuffle(shown)
        return "~".join([token, *shown[: chance.randint(0, len(shown))], last])
    which = chance.randrange(len(shown))
    if kind < 0.75:
        shown[which] = _base64url(_compact(Mutator(chance)(_decoded(shown[which]))))
    elif kind < 0.85:
        shown.insert(chance.randint(0, len(shown)), chance.choice(shown))
    elif kind < 0.95:
        made = [_base64url(b"salt-salt-salt-salt"), *chance.choice(MEMBERS)]
        shown.insert(chance.randint(0, len(shown)), _base64url(_compact(made[chance.choice((0, 1)) :])))
    else:
        shown[which] = spelled(shown[which], chance)
    return "~".join([token, *shown, last])


def in_png(data: bytes, chance: random.Random) -> bytes:
    """Change a baked PNG: the text that it carries, with the checksum mended, or its chunks or bytes."""
    chunks: list[tuple[bytes, bytes]] = []
    at = 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    which = next(number for number, (kind, _) in enumerate(chunks) if kind == b"iTXt")
    head, text = chunks[which][1].split(b"\0\0\0\0\0", 1)
    kind = chance.random()
    if kind < 0.7:
        chunks[which] = (b"iTXt", head + b"\0\0\0\0\0" + in_json(text, chance))
    elif kind < 0.8:
        packed = zlib.compress(in_json(text, chance))
        chunks[which] = (b"iTXt", head + b"\0\1\0\0\0" + packed)
    elif kind < 0.9:
        forged = (chance.choice((b"iTXt", b"tEXt", b"zTXt")), head + b"\0\0\0\0\0" + in_json(text, chance))
        chunks.insert(chance.randint(0, len(chunks)), forged)
    else:
        where = chance.randrange(len(data))
        return data[:where] + bytes([data[where] ^ (1 << chance.randrange(8))]) + data[where + 1 :]
    body = b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))
        for name, part in chunks
    )
    return data[:8] + body


def in_svg(data: bytes, chance: random.Random) -> bytes:
    """Change a baked SVG: the JSON in its CDATA, or the markup around it."""
    before, _, rest = data.partition(b"<![CDATA[")
    text, _, after = rest.partition(b"]]>")
    kind = chance.random()
    if kind < 0.7:
        return before + b"<![CDATA[" + in_json(text, chance) + b"]]>" + after
    if kind < 0.85:
        where = chance.randrange(len(data))
        letter = chance.choice((b"<", b">", b"&", b'"', b"]]>", b"<!--", b"&amp;", b"&#0;", b"\0", b" "))
        return data[:where] + letter + data[where + chance.randint(0, 1) :]
    forged = before[before.rindex(b"<") :] + b"<![CDATA[" + in_json(text, chance) + b"]]>"
    closing = after[: after.index(b">") + 1]
    return chance.choice(
        (before + b"<![CDATA[" + text + b"]]>" + forged + closing + after, data + forged + closing,
         before + b"<![CDATA[" + text[:20] + b"]]><![CDATA[" + text[20:] + b"]]>" + after)
    )  # fmt: skip
