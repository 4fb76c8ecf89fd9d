# SPDX-License-Identifier: Apache-2.0
"""Texts that have broken other software go through as they are, decide nothing, and lead nowhere.

The Big List of Naughty Strings, the payloads of PayloadsAllTheThings and those of DOMPurify: 515, 58 files, 223.
"""

import copy
import json
import random
import re
import socket
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree
from shared_folder import SHARED, shared
from signed_forms import AT, DRAWING, draft, key, picture

from laurel import did as dids
from laurel import strictjson, verify
from laurel.cli.words import as_text
from laurel.errors import CorruptImage, LaurelError, Unreadable
from laurel.fetch import Fetcher, FetchFailed
from laurel.formats.baking import bake_png, bake_svg, unbake_png, unbake_svg
from laurel.proof import data_integrity, vc_jwt

NAUGHTY: Final = SHARED / "hostile" / "blns" / "blns.json"
PAYLOADS: Final = SHARED / "hostile" / "payloadsallthethings"
PURIFY: Final = SHARED / "hostile" / "dompurify" / "expect.json"
_CONTROL: Final = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

#: The places of a badge where an issuer writes what they like.
FIELDS: Final = (
    ("name",),
    ("description",),
    ("issuer", "name"),
    ("issuer", "description"),
    ("issuer", "address", "addressLocality"),
    ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "achievement", "name"),
    ("credentialSubject", "achievement", "description"),
    ("credentialSubject", "achievement", "criteria", "narrative"),
    ("credentialSubject", "achievement", "tag", 0),
    ("credentialSubject", "licenseNumber"),
    ("credentialSubject", "role"),
    ("credentialSubject", "term"),
    ("evidence", 0, "name"),
    ("evidence", 0, "description"),
    ("evidence", 0, "narrative"),
    ("evidence", 0, "genre"),
    ("evidence", 0, "audience"),
)


def naughty() -> list[str]:
    return list(json.loads(NAUGHTY.read_text(encoding="utf-8")))


def purify() -> list[str]:
    return [one["payload"] for one in json.loads(PURIFY.read_text(encoding="utf-8"))]


def payload_files() -> list[Path]:
    return sorted(path for path in PAYLOADS.rglob("*") if path.is_file())


def lines() -> list[str]:
    """Every line of every payload file, each once."""
    return list(
        dict.fromkeys(
            line
            for path in payload_files()
            for line in path.read_text("utf-8", "replace").splitlines()
            if line
        )
    )


def saying(text: str) -> dict[str, Any]:
    """A badge that says one text wherever somebody may write."""
    document = copy.deepcopy(draft(key()))
    del document["credentialStatus"]
    document["credentialSubject"]["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": "x", "identityType": "name"}
    ]
    for *way, last in FIELDS:
        holder: Any = document
        for step in way:
            holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
        holder[last] = text
    return document


def nobody(url: str) -> bytes:
    raise LaurelError("Nobody answered.")


def carried(text: str) -> None:
    """Sign a text in every field, bake it into both pictures, and read it back."""
    document = saying(text)
    signed = strictjson.dumps(data_integrity.sign(document, key(), suite="eddsa-jcs-2022", created=AT))
    token = vc_jwt.sign(document, key()).encode()
    png, svg = bake_png(picture(), signed.decode()), bake_svg(DRAWING, signed.decode())
    assert unbake_png(png).encode() == signed
    assert json.loads(unbake_svg(svg)) == json.loads(signed)
    root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False))
    names = [etree.QName(each).localname for each in root.iter(etree.Element)]
    assert sorted(names) == ["circle", "credential", "svg", "title"]
    for data in (signed, token, png, svg):
        report = verify.check(data, fetch=nobody, at=AT)
        assert report["proof"].result == "passed", report["proof"]
        assert report.credential == document
    told = as_text(report)
    assert not _CONTROL.search(told)
    checks = len(verify.CHECK_NAMES)
    assert checks + 2 <= len(told.splitlines()) <= checks + 6


def token_of(text: str) -> bytes:
    return vc_jwt.sign(saying(text), key()).encode()


def test_of_the_big_list_are_carried_letter_by_letter() -> None:
    shared("hostile", "blns")
    texts = naughty()
    assert len(texts) == 515
    for text in texts:
        carried(text)


def test_of_dompurify_are_carried_letter_by_letter() -> None:
    shared("hostile", "dompurify")
    texts = purify()
    assert len(texts) == 223
    for text in texts:
        carried(text)


def test_of_payload_files_are_carried_letter_by_letter() -> None:
    shared("hostile", "payloadsallthethings")
    texts = lines()
    assert len(payload_files()) == 58
    assert len(texts) == 4_590
    # Some of each file alone, and every line once among others.
    for text in random.Random("lines").sample(texts, 100):
        carried(text)
    heap = ""
    for text in texts:
        if len((heap + text).encode()) > 8_000:
            carried(heap)
            heap = ""
        heap += text[:7_000] + "\n"
    carried(heap)


def test_as_names_and_addresses_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    shared("hostile", "payloadsallthethings")
    connected: list[Any] = []

    def unknown(*_: Any, **__: Any) -> Any:
        raise OSError("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(socket, "create_connection", lambda *args, **more: connected.append(args))
    fetcher = Fetcher(allow_loopback=True)
    count = 0
    for line in [*lines(), *naughty()]:
        for name in (line, f"did:web:{line}", f"did:key:{line}", f"did:jwk:{line}", f"did:webvh:{line}"):
            try:
                dids.resolve_url(name)
            except LaurelError:
                count += 1
        try:
            fetcher.fresh()(line)
        except FetchFailed:
            count += 1
    assert count > 20_000
    assert connected == []


def test_as_keys_lists_and_ids_are_doubt() -> None:
    shared("hostile", "payloadsallthethings")
    chance = random.Random("places")
    for line in chance.sample(lines(), 300) + naughty():
        document = saying("x")
        document["credentialStatus"] = {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": line,
            "statusListCredential": line,
        }
        document["id"] = document["credentialSubject"]["id"] = line
        signed = data_integrity.sign(document, key(), suite="eddsa-jcs-2022", created=AT)
        named = {**signed, "proof": {**signed["proof"], "verificationMethod": line}}  # type: ignore[dict-item]  # an object
        issued = {**signed, "issuer": line}
        for each in (signed, named, issued):
            data = json.dumps(each).encode("utf-8", "surrogatepass")
            assert verify.check(data, fetch=nobody, at=AT).verdict != "genuine"


def test_as_files_are_no_credentials_and_no_pictures_that_act() -> None:
    shared("hostile", "payloadsallthethings")
    baked = 0
    for path in payload_files():
        data = path.read_bytes()
        report = verify.check(data, fetch=nobody, at=AT)
        assert report.verdict == "unreadable"
        try:
            made = bake_svg(data, '{"a": 1}')
        except Unreadable:
            continue
        baked += 1
        assert not re.search(
            rb"<script|\bon[a-z]+\s*=|javascript:|<foreignObject|<iframe|<!ENTITY", made, re.I
        ), path
        assert unbake_svg(made) == '{"a": 1}'
    print(f"\n{baked} of 58 payload files are drawings that may carry a credential")


def test_of_dompurify_as_drawings_run_nothing() -> None:
    shared("hostile", "dompurify")
    for payload in purify():
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg">{payload}</svg>'.encode("utf-8", "surrogatepass")
        try:
            made = bake_svg(drawing, '{"a": 1}')
        except CorruptImage:
            continue
        assert not re.search(rb"<script|\son[a-z]+\s*=\s*[\"']|<foreignObject|<iframe", made, re.I), payload


def test_a_line_separator_starts_no_line_of_its_own() -> None:
    report = verify.check(token_of("Amara\u2028\u2713 proof        The signature fits"), fetch=nobody, at=AT)

    assert "\u2028" not in as_text(report)
