# SPDX-License-Identifier: Apache-2.0
"""The demonstration's visitor does what a browser without JavaScript does, and says what a page lacks."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from cairn.site.demo.visitor import Lost, Page, Upload, Visitor

PAGE = """<!doctype html><html lang="en"><body><nav><a href="/mine/">Marks</a></nav><main>
<h1>Hand  in</h1>
<p>Your   work</p>
<a href="marks/">My <b>marks</b></a>
<form method="post" action="/hand-in" enctype="multipart/form-data">
<input type="hidden" name="token" value="t0k3n"><input name="statement" value="as it was">
<input type="checkbox" name="own" checked><input type="file" name="files-t1">
<button name="step" value="send">Hand in</button></form>
<form id="search" action="/found"><input name="q"></form><button form="search">Find</button>
<button>Nowhere</button></main></body></html>"""


class College(BaseHTTPRequestHandler):
    """A small site that remembers what it was sent."""

    heard: list[tuple[str, str, Message, bytes]] = []

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    def _answer(self, body: bytes) -> None:
        self.heard.append((self.command, self.path, self.headers, body))
        to = {"/hand-in": "/handed-in", "/circle": "/circle", "/away": "https://elsewhere.example/"}.get(
            self.path
        )
        self.send_response(302 if to else 200)
        if to:
            self.send_header("Location", to)
        if self.path == "/in":
            self.send_header("Set-Cookie", "sessionid=abc; Path=/; HttpOnly")
        if self.path == "/out":
            self.send_header("Set-Cookie", 'sessionid=""; Max-Age=0; Path=/')
        page = b"" if to else PAGE.encode()
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    College.heard = []
    server = HTTPServer(("127.0.0.1", 0), College)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield Visitor(f"http://127.0.0.1:{server.server_port}", language="nl")
    server.shutdown()
    server.server_close()


def parts_of(headers: Message, body: bytes) -> dict[str, tuple[str | None, bytes]]:
    """Return field → file name and content of a form with files."""
    message = message_from_bytes(f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode() + body)
    return {
        str(part.get_param("name", header="content-disposition")): (part.get_filename(), part.get_payload(decode=True))  # type: ignore[misc]  # bytes, as it is no multipart
        for part in message.get_payload()  # type: ignore[union-attr]  # a list, as it is multipart
    }  # fmt: skip


class TestVisitor:
    def test_sends_a_form_with_its_files_and_what_the_page_put_there(self, visitor: Visitor) -> None:
        page = visitor.press(
            visitor.get("/"), "Hand in", **{"files-t1": Upload(name="été.csv", content=b"a,b\r\n1,2\r\n")}
        )
        command, path, headers, body = next(one for one in College.heard if one[0] == "POST")
        sent = parts_of(headers, body)

        assert (command, path) == ("POST", "/hand-in")
        assert headers["Origin"] == visitor.base_url
        assert headers["Accept-Language"] == "nl"
        assert sent["token"] == (None, b"t0k3n")
        assert sent["statement"] == (None, b"as it was")
        assert sent["step"] == (None, b"send")
        assert sent["files-t1"][1] == b"a,b\r\n1,2\r\n"
        assert page.url == f"{visitor.base_url}/handed-in"
        assert College.heard[-1][0] == "GET"

    def test_leaves_out_a_box_that_is_not_ticked(self, visitor: Visitor) -> None:
        visitor.press(visitor.get("/"), "Hand in", own=False)
        _, _, headers, body = next(one for one in College.heard if one[0] == "POST")

        assert "own" not in parts_of(headers, body)

    def test_sends_a_search_in_the_address(self, visitor: Visitor) -> None:
        visitor.press(visitor.get("/"), "Find", q="Amara & Co")

        assert parse_qs(College.heard[-1][1].partition("?")[2]) == {"q": ["Amara & Co"]}

    def test_keeps_cookies_until_they_are_taken_back(self, visitor: Visitor) -> None:
        visitor.get("/in")
        visitor.get("/")
        assert College.heard[-1][2]["Cookie"] == "sessionid=abc"

        visitor.get("/out")
        visitor.get("/")
        assert College.heard[-1][2]["Cookie"] is None

    def test_never_follows_to_another_site(self, visitor: Visitor) -> None:
        page = visitor.get("/away")

        assert (page.status, page.headers["location"]) == (302, "https://elsewhere.example/")

    def test_gives_up_on_a_circle(self, visitor: Visitor) -> None:
        with pytest.raises(Lost, match="circle"):
            visitor.get("/circle")

    def test_says_which_field_a_form_lacks(self, visitor: Visitor) -> None:
        with pytest.raises(Lost, match=r"no field mark; it has .*'statement'"):
            visitor.press(visitor.get("/"), "Hand in", mark="3")


class TestPage:
    PAGE = Page("https://fernhill.example/me/", 200, {}, PAGE.encode())

    def test_gives_the_words_of_its_main_part_in_one_line(self) -> None:
        assert self.PAGE.words.startswith("Hand in Your work My marks")

    def test_finds_its_own_links_before_those_of_the_frame(self) -> None:
        assert self.PAGE.link("marks") == "https://fernhill.example/me/marks/"

    @pytest.mark.parametrize(
        ("look", "words"), [("link", "Sign out"), ("button", "Withdraw"), ("form", "Nowhere")]
    )
    def test_says_what_it_lacks(self, look: str, words: str) -> None:
        with pytest.raises(Lost, match=words):
            getattr(self.PAGE, look)(words)
