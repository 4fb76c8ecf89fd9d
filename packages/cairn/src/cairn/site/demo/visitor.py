# SPDX-License-Identifier: Apache-2.0
"""A person at a browser without JavaScript: follows links, fills forms, keeps cookies, over real HTTP."""

import http.client
import mimetypes
import secrets
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html

MOST_REDIRECTS = 8


class Lost(Exception):
    """The page did not have what the visitor looked for."""


@dataclass(slots=True, kw_only=True)
class Upload:
    """A file that goes into a form's file field."""

    name: str
    content: bytes


@dataclass(slots=True)
class Page:
    """What came back: where from, with which status, and its bytes."""

    url: str
    status: int
    headers: dict[str, str]
    content: bytes
    _tree: Any = field(default=None, repr=False)

    @property
    def tree(self) -> Any:
        """The parsed page."""
        if self._tree is None:
            self._tree = lxml.html.fromstring(self.content, base_url=self.url)
            self._tree.make_links_absolute(self.url)
        return self._tree

    @property
    def words(self) -> str:
        """The page's text in one line, without script and style."""
        main = self.tree.find(".//main")
        return " ".join((self.tree if main is None else main).text_content().split())

    def link(self, words: str) -> str:
        """Return the address of the first link whose text holds these words, the page's own links first.

        Raises `Lost`.
        """
        own = self.tree.xpath("//main//a")
        for anchor in [*own, *self.tree.iter("a")]:
            if words.lower() in " ".join(anchor.text_content().split()).lower():
                return str(anchor.get("href"))
        raise Lost(f"{self.url} has no link that says “{words}”")

    def links(self) -> list[str]:
        """Return every address that the page links to."""
        return [str(anchor.get("href")) for anchor in self.tree.iter("a") if anchor.get("href")]

    def button(self, words: str) -> Any:
        """Return the first button that says these words. Raises `Lost`."""
        for button in self.tree.iter("button"):
            if words.lower() in " ".join(button.text_content().split()).lower():
                return button
        raise Lost(f"{self.url} has no button that says “{words}”")

    def form(self, words: str) -> Any:
        """Return the form that the button with these words sends, wherever on the page the button stands.

        Raises `Lost`.
        """
        button = self.button(words)
        named = button.get("form")
        for form in self.tree.forms:
            if form.get("id") == named if named else button in form.iter("button"):
                return form
        raise Lost(f"{self.url}: the button “{words}” belongs to no form")


class Visitor:
    """One browser: its cookies and the last page."""

    def __init__(self, base_url: str, *, language: str = "en") -> None:
        self.base_url = base_url
        self.language = language
        self.cookies: dict[str, str] = {}

    def get(self, address: str) -> Page:
        """Open an address, absolute or from the root, and follow redirects within the site."""
        return self._go("GET", urljoin(self.base_url + "/", address), None, {})

    def press(self, page: Page, words: str, **answers: object) -> Page:
        """Fill the form whose button says `words` and press that button.

        Args:
            answers: field name to text, list of texts, `Upload`, list of `Upload`, or a truth value for a
                checkbox; what is not named keeps what the page put there.

        Raises:
            Lost: there is no such form or no such field.
        """
        form, button = page.form(words), page.button(words)
        known = {element.get("name") for element in form.inputs if element.get("name")}
        for name in answers:
            if name not in known:
                raise Lost(f"{page.url}: the form “{words}” has no field {name}; it has {sorted(known)}")
        values: list[tuple[str, object]] = [
            (name, value) for name, value in form.form_values() if name not in answers
        ]
        for name, answer in answers.items():
            values.extend((name, one) for one in _as_list(answer))
        if button.get("name"):
            values.append((button.get("name"), button.get("value") or ""))
        target = urljoin(page.url, button.get("formaction") or form.get("action") or page.url)
        if (form.get("method") or "get").lower() == "get":
            return self.get(f"{target.split('?')[0]}?{urlencode([(n, str(v)) for n, v in values])}")
        body, kind = _encode(values, multipart=form.get("enctype") == "multipart/form-data")
        return self._go("POST", target, body, {"Content-Type": kind, "Referer": page.url})

    def _go(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Page:
        for _ in range(MOST_REDIRECTS):
            page = self._once(method, url, body, headers)
            if page.status not in {301, 302, 303, 307, 308}:
                return page
            url = urljoin(url, page.headers["location"])
            if urlsplit(url).netloc != urlsplit(self.base_url).netloc:
                return page
            if page.status in {301, 302, 303}:
                method, body, headers = "GET", None, {}
        raise Lost(f"{url} redirects in a circle")

    def _once(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Page:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "localhost", parts.port or 80, timeout=60)
        try:
            connection.request(
                method,
                parts.path + (f"?{parts.query}" if parts.query else ""),
                body,
                {
                    "Accept-Language": self.language,
                    "Origin": self.base_url,
                    **(
                        {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
                        if self.cookies
                        else {}
                    ),
                    **headers,
                },
            )
            reply = connection.getresponse()
            content = reply.read()
            for name, value in reply.getheaders():
                if name.lower() == "set-cookie":
                    for morsel in SimpleCookie(value).values():
                        if morsel["max-age"] == "0" or not morsel.value:
                            self.cookies.pop(morsel.key, None)
                        else:
                            self.cookies[morsel.key] = morsel.value
            return Page(url, reply.status, {k.lower(): v for k, v in reply.getheaders()}, content)
        finally:
            connection.close()


def _as_list(answer: object) -> list[object]:
    if isinstance(answer, bool):
        return ["on"] if answer else []
    return list(answer) if isinstance(answer, (list, tuple)) else [answer]


def _encode(values: list[tuple[str, object]], *, multipart: bool) -> tuple[bytes, str]:
    if not multipart:
        body = urlencode([(name, str(value)) for name, value in values]).encode()
        return body, "application/x-www-form-urlencoded"
    boundary = secrets.token_hex(16)
    parts = []
    for name, value in values:
        if isinstance(value, Upload):
            kind = mimetypes.guess_type(value.name)[0] or "application/octet-stream"
            where = f'Content-Disposition: form-data; name="{name}"; filename="{value.name}"'
            parts.append(f"{where}\r\nContent-Type: {kind}\r\n\r\n".encode() + value.content)
        else:
            parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode())
    mark = f"--{boundary}\r\n".encode()
    body = b"".join(mark + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
