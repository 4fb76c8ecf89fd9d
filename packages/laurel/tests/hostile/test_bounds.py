# SPDX-License-Identifier: Apache-2.0
"""Two seconds, 256 MiB and five fetches are enough for any file: the dearest of all hostile ones is found here.

Each is looked at in a process that is stopped beyond that, so a bound that does not hold is a failure and no wait.
Run with `-s` to see the dearest.
"""

import base64
import gzip
import json
import resource
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import permutations
from typing import Any, Final, NamedTuple

import cbor2
import pytest
from issuer_world import NOW
from shared_folder import shared_files
from signed_forms import DRAWING, did, draft, form, key, picture
from test_hostile_input import (
    STRANGER,
    crowd,
    entry,
    odd_contexts,
    odd_types,
    said,
    signed,
    unsigned_proof,
)

from laurel import guard, verify
from laurel.errors import LaurelError, TooMuchWork
from laurel.jsonld import contexts, rdfc
from laurel.jsonld.rdf import Quad
from laurel.proof import jose, sd_jwt, sd_jwt_vc
from laurel.proof.encodings import to_base64url

MOST_FETCHES: Final = 5


class Cost(NamedTuple):
    """Seconds of computing and bytes of memory, and how often something was fetched."""

    seconds: float
    memory: int
    fetches: int
    verdict: str


def cost(data: bytes, answer: Callable[[str], bytes]) -> Cost:
    """Look at one file apart, and tell what it cost. Raises: guard.Stopped."""

    def work() -> Cost:
        asked: list[str] = []

        def fetch(url: str) -> bytes:
            asked.append(url)
            return answer(url)

        before = resource.getrusage(resource.RUSAGE_SELF)
        report = verify.check(data, fetch=fetch, at=NOW, evidence=True, refresh=True)
        after = resource.getrusage(resource.RUSAGE_SELF)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        memory = max(after.ru_maxrss - before.ru_maxrss, children.ru_maxrss) * 1024
        return Cost(seconds + children.ru_utime + children.ru_stime, memory, len(asked), report.verdict)

    return guard.run(work)


def nobody(url: str) -> bytes:
    raise LaurelError("Nobody answered.")


def _png(*texts: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    plain = picture()
    return plain[:33] + b"".join(chunk(b"iTXt", text) for text in texts) + plain[33:]


def _tree(width: int, depth: int) -> Any:
    if not depth:
        return {"type": ["Evidence"], "name": "x"}
    return {"type": ["Evidence"], "evidence": [_tree(width, depth - 1) for _ in range(width)]}


def _disclosures(depth: int) -> bytes:
    """An SD-JWT in which each disclosure hides the next."""
    texts: list[str] = []
    inner: Any = "x"
    for number in range(depth):
        text = to_base64url(json.dumps([f"salt{number}", "more", inner]).encode())
        texts.append(text)
        inner = {"_sd": [sd_jwt.disclosures.digest(text, "sha-256")]}
    claims = {"iss": did(key()), "vct": "https://x.example/t", "_sd_alg": "sha-256"} | inner
    token = jose.encode({"typ": sd_jwt_vc.TYPE, "kid": key().id}, json.dumps(claims).encode(), key())
    return "~".join([token, *texts, ""]).encode()


def _rsa(bits: int) -> bytes:
    number = to_base64url(((1 << bits) - 1).to_bytes(bits // 8, "big"))
    jwk = {"kty": "RSA", "n": number, "e": number[:400]}
    header = to_base64url(json.dumps({"alg": "RS256", "typ": "vc+jwt", "jwk": jwk}).encode())
    return f"{header}.{to_base64url(json.dumps(said()).encode())}.{'A' * 342}".encode()


def _with(**more: Any) -> bytes:
    return json.dumps(signed(said(**more))).encode()


def _badges(**more: Any) -> bytes:
    document = said(**more)
    document["@context"].append(contexts.OPEN_BADGES_3)
    return json.dumps(document).encode()


def _listing(packed: bytes) -> Callable[[str], bytes]:
    text = "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def answer(url: str) -> bytes:
        subject = {
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": text,
            "id": url,
        }
        return json.dumps(
            signed(
                said(
                    type=["VerifiableCredential", "BitstringStatusListCredential"],
                    credentialSubject=subject,
                    id=url,
                )
            )
        ).encode()

    return answer


def files() -> Iterator[tuple[str, bytes, Callable[[str], bytes]]]:
    """Give the name, the bytes and the web of each hostile file that is made here."""
    proof = unsigned_proof()
    for depth in (31, 33, 500, 100_000):
        yield f"arrays {depth} deep", b"[" * depth + b"]" * depth, nobody
        yield f"objects {depth} deep", b'{"a":' * depth + b"1" + b"}" * depth, nobody
    yield "ten thousand members", json.dumps({f"k{n}": n for n in range(9_999)}).encode(), nobody
    yield "ten megabytes of blanks", b" " * (10 << 20), nobody
    yield "ten megabytes of one text", b'"' + b"\\" * (9 << 20) + b'"', nobody
    yield "a number of a million digits", b'{"type":' + b"9" * 1_000_000 + b"}", nobody
    for width, depth in ((2, 8), (3, 5), (8, 3), (1, 20), (900, 1)):
        yield f"a tree {width} wide, {depth} deep", _badges(evidence=_tree(width, depth), proof=proof), nobody
    for count in (50, 500, 1_600):
        yield f"{count} objects alike", _badges(evidence=[{"type": "Evidence"}] * count, proof=proof), nobody
    for size in (4, 7, 12):
        links = [
            {"id": f"_:b{n}", "related": [f"_:b{m}" for m in range(size) if m != n]} for n in range(size)
        ]
        yield f"a clique of {size}", _badges(evidence=links, proof=proof), nobody
    for count in (4, 16, 400):
        yield (
            f"{count} proofs",
            _badges(evidence=crowd(1_600), proof=[unsigned_proof(id=f"urn:x:{n}") for n in range(count)]),
            nobody,
        )
    yield (
        "eighty endorsements",
        _badges(endorsement=[said(proof=proof, evidence=crowd(10)) for _ in range(80)], proof=proof),
        nobody,
    )
    kinds = odd_types()
    heap = [{"id": f"urn:x:{n}", "type": next(kinds)} for n in range(900)]
    yield "nine hundred sets of types", _badges(evidence=heap, proof=proof), nobody
    ways = odd_contexts()
    parts = [{"@context": next(ways), "id": f"urn:x:{n}", "digestSRI": f"sha256-{n}"} for n in range(500)]
    yield (
        "five hundred orders of contexts",
        json.dumps(said(relatedResource=parts, proof=proof)).encode(),
        nobody,
    )
    orders = permutations(list(contexts.known())[1:8])
    inner = [{"@context": list(next(orders)), "id": f"urn:x:{n}"} for n in range(400)]
    yield "four hundred contexts", _badges(relatedResource=inner, proof=proof), nobody
    for size in (64 << 20, 1 << 30):
        bomb = gzip.compress(bytes(size)) if size < 1 << 28 else _zeros(size)
        yield (
            f"a list of {size >> 20} MiB",
            _with(credentialStatus=entry("https://h.example/l")),
            _listing(bomb),
        )
    lists = [entry(f"https://h.example/{n}") for n in range(30)]
    yield "thirty lists", _with(credentialStatus=lists), lambda _: _with(evidence=crowd(100))
    packed = zlib.compress(b"{" + b" " * (100 << 20) + b"}", 9)
    yield "a bomb in a PNG", _png(b"openbadgecredential\0\1\0\0\0" + packed), nobody
    yield "many chunks in a PNG", _png(*(b"x\0\0\0\0\0" for _ in range(100_001))), nobody
    entities = "".join(
        f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n else "lol"}{"&a" + str(n - 1) + ";" if n else ""}">'
        for n in range(60)
    )
    yield "entities in an SVG", f"<!DOCTYPE svg [{entities}]><svg>&a59;</svg>".encode(), nobody
    yield "a deep SVG", DRAWING.replace(b"<circle", b"<g>" * 50_000 + b"<circle"), nobody
    yield "a wide SVG", DRAWING.replace(b"<circle", b"<g/>" * 400_000 + b"<circle"), nobody
    yield (
        "attributes in an SVG",
        DRAWING.replace(b"<circle", b"<g " + b" ".join(b"a%d=''" % n for n in range(60_000)) + b"/><circle"),
        nobody,
    )
    yield "a PDF of noise", b"%PDF-1.7\n" + bytes(range(256)) * 4_000 + b"%%EOF", nobody
    for depth in (10, 40, 400):
        yield f"disclosures {depth} deep", _disclosures(depth), nobody
    for bits in (16_384, 65_536):
        yield f"an RSA key of {bits} bits", _rsa(bits), nobody
    kid = str(STRANGER.id)
    for length in (10_000, 1_000_000):
        yield (
            f"a token of {length} letters",
            jose.encode({"kid": kid, "typ": "vc+jwt"}, b"[" * length, STRANGER).encode(),
            nobody,
        )
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "pattern": "^(a+)+$", "$ref": "#"}
    named = {"id": "https://h.example/schema", "type": "JsonSchema"}
    yield "a schema that names itself", _with(credentialSchema=named), lambda _: json.dumps(schema).encode()
    yield (
        "a web of its own",
        _with(
            credentialStatus=lists[:3],
            refreshService={"id": "https://h.example/r", "type": "1EdTechCredentialRefresh"},
        ),
        lambda url: b"x" * (1 << 20),
    )
    derived = json.loads(form("ecdsa-sd-2023 derived").data)
    pattern = cbor2.dumps(cbor2.CBORTag(35, "(?i)" + "[\x01-\U0010ffff]" * 20_000))
    derived["proof"]["proofValue"] = "u" + to_base64url(b"\xd9\x5d\x01" + pattern)
    yield "a pattern in a proof", json.dumps(derived).encode(), nobody
    badge = form("eddsa-rdfc-2022 ed25519")
    yield "a good badge", badge.data, nobody
    web = draft(key()) | {
        "issuer": "did:webvh:QmX:h.example",
        "proof": unsigned_proof(verificationMethod="did:webvh:QmX:h.example#k"),
    }
    line = json.dumps(
        {
            "versionId": "1-Qm",
            "versionTime": "2026-01-01T00:00:00Z",
            "parameters": {},
            "state": {},
            "proof": [{}] * 30,
        }
    )
    yield "a log of 500 entries", json.dumps(web).encode(), lambda _: "\n".join([line] * 500).encode()


def _zeros(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


def test_every_hostile_file_costs_little() -> None:
    costs: dict[str, Cost] = {}
    for name, data, answer in files():
        costs[name] = cost(data, answer)
    told("made here", costs)
    assert len(costs) == 52
    assert all(one.fetches <= MOST_FETCHES for one in costs.values())


def told(title: str, costs: dict[str, Cost]) -> None:
    """Print what the dearest cost."""
    dearest = max(costs, key=lambda name: costs[name].seconds)
    largest = max(costs, key=lambda name: costs[name].memory)
    print(
        f"\n{title}: {len(costs)} files, at most {costs[dearest].seconds:.2f} s ({dearest}) and "
        f"{costs[largest].memory / 1024 / 1024:.0f} MiB ({largest})"
    )


FOLDERS: Final = {
    "JSONTestSuite/test_parsing": 318,
    "JSONTestSuite/test_transform": 22,
    "PngSuite": 175,
    "pillow-images": 56,
    "vcdm2-input": 118,
    "vc-jose-cose-input": 36,
    "rdf-canon/rdfc10": 0,
    "wycheproof": 0,
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_of_other_peoples_collections_costs_little(folder: str) -> None:
    paths = [path for path in shared_files("*", "hostile", *folder.split("/")) if path.is_file()]
    if not paths:
        pytest.skip("../shared/hostile is not here")

    def work() -> tuple[int, float, str, int]:
        dearest, name = 0.0, ""
        for path in paths:
            before = resource.getrusage(resource.RUSAGE_SELF)
            report = verify.check(path.read_bytes(), fetch=nobody, at=NOW)
            after = resource.getrusage(resource.RUSAGE_SELF)
            assert report.verdict != "genuine"
            seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            dearest, name = max((dearest, name), (seconds, path.name))
        return len(paths), dearest, name, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    count, dearest, name, memory = guard.run(work, seconds=60)
    print(f"\n{folder}: {count} files, at most {dearest:.3f} s ({name}), {memory / 1024:.0f} MiB in all")
    assert dearest < guard.MOST_SECONDS
    assert count >= FOLDERS[folder]


@pytest.mark.parametrize("size", range(4, 13))
def test_cliques_of_statements_end(size: int) -> None:
    def link(one: int, other: int) -> Quad:
        return Quad(f"_:b{one}", "<urn:x:p>", f"_:b{other}")

    quads = [link(one, other) for one in range(size) for other in range(size) if one != other]
    guard.run(lambda: _ordered(quads), seconds=2)


@pytest.mark.parametrize("size", [50, 500, 5_000])
def test_cycles_of_statements_end(size: int) -> None:
    quads = [Quad(f"_:b{n}", "<urn:x:p>", f"_:b{(n + 1) % size}") for n in range(size)]
    guard.run(lambda: _ordered(quads), seconds=2)


def _ordered(quads: list[Quad]) -> None:
    with suppress(TooMuchWork):
        rdfc.canonicalize(quads)
