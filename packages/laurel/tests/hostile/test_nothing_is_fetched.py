# SPDX-License-Identifier: Apache-2.0
"""Whatever a document names, a check opens no connection of its own: contexts, schemas, images and keys in headers."""

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from issuer_world import NOW, IssuerWorld
from samples import golden_document
from test_hostile_input import signed

from laurel import verify
from laurel.errors import LaurelError
from laurel.proof import data_integrity, jose


class Ear:
    """A host on this machine that counts who comes."""

    def __init__(self) -> None:
        self.heard = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.heard += 1
            with caller:
                caller.recv(4096)
                caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    yield ear
    ear.close()


def judge(college: IssuerWorld, data: bytes) -> verify.Report:
    def nobody(url: str) -> bytes:
        if url in college.documents:
            return college.documents[url]
        raise LaurelError("Nobody answered.")

    return verify.check(data, fetch=nobody, at=NOW)


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_for_a_context_that_is_not_at_hand(ear: Ear, suite: str) -> None:
    college = IssuerWorld()
    document: dict[str, Any] = json.loads(college.issue(suite))
    document["@context"].append(f"{ear.url}/context.json")

    report = judge(college, json.dumps(document).encode())

    assert (report.verdict == "genuine", ear.heard) == (False, 0)


def test_for_a_context_that_somebody_signed(ear: Ear) -> None:
    college = IssuerWorld()
    document = golden_document()
    document["@context"] = [*document["@context"], f"{ear.url}/context.json"]  # type: ignore[misc]  # an array

    report = judge(college, json.dumps(signed(document)).encode())

    assert (report.verdict == "genuine", ear.heard) == (False, 0)


@pytest.mark.parametrize("name", ["jku", "x5u", "kid", "jwk"])
def test_for_an_address_in_the_header_of_a_token(ear: Ear, name: str) -> None:
    college = IssuerWorld()
    header = {"typ": "vc+jwt", "kid": college.key.id} | {name: f"{ear.url}/keys.json"}
    token = jose.encode(header, json.dumps(golden_document()).encode(), college.key)

    report = judge(college, token.encode())

    assert (report.verdict == "genuine", ear.heard) == (False, 0)


def test_for_any_other_address_in_a_signed_document(ear: Ear) -> None:
    college = IssuerWorld()
    text = json.dumps(golden_document()).replace("https://fernhill.example", ear.url)
    document = data_integrity.sign(json.loads(text), college.key, suite="eddsa-jcs-2022", created=NOW)

    report = judge(college, json.dumps(document).encode())

    assert (report["proof"].result, ear.heard) == ("passed", 0)
