# SPDX-License-Identifier: Apache-2.0
"""The only socket: one bounded GET of a public https address, or of this machine when that is allowed.

A credential names addresses of its own choosing. Whoever fetches them for a stranger must not reach inside
the network, wait for ever, or read without end; so the name is resolved once, every address it leads to is
held against a table of what is public, and the connection goes to the address that was checked.
"""

import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field, replace
from typing import Final, Self, final
from urllib.parse import SplitResult, urljoin, urlsplit

from laurel.errors import LaurelError

__all__ = [
    "MAX_BYTES",
    "FetchFailed",
    "Fetcher",
    "is_public",
]

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_BYTES: Final = 1024 * 1024
MAX_REDIRECTS: Final = 2
_MOST_FRAMING: Final = 64 * 1024  # bytes of headers, chunk sizes and trailers around one document
LONGEST_URL: Final = 2048

_SAFE_URL: Final = re.compile(r"[!-~]+")
_ACCEPT: Final = (
    "application/vc+ld+json, application/vc, application/did+json;q=0.9, application/ld+json;q=0.9, "
    "application/json;q=0.9, application/vc+jwt;q=0.8, text/plain;q=0.7, image/png;q=0.6, "
    "image/svg+xml;q=0.6, application/pdf;q=0.6, */*;q=0.1"
)

# Our own table: `ipaddress.is_global` calls several of these global, and its answer changes with Python.
# Spec: IANA IPv4 and IPv6 Special-Purpose Address Registries
_NOT_PUBLIC_4: Final = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_PUBLIC_6: Final = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6: Final = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


class FetchFailed(LaurelError):
    """An address gave no document. The message is a sentence, `code` tells the kind of failure."""

    code = "fetch.unreachable"


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _NOT_PUBLIC_4)
    return parsed in _PUBLIC_6 and not any(parsed in network for network in _NOT_PUBLIC_6)


@final
@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Fetches the addresses of one credential, within one budget of time, bytes and requests.

    Args:
        allow_loopback: also reach this machine (127.0.0.0/8 and ::1), by http too and on any port. For
            development: never set it in a service that checks the credentials of strangers.
        max_bytes: the most bytes of one document.
        seconds: the most time for one document, name resolution included.
        total_seconds, total_bytes, max_fetches: the budget of the whole; `fresh` starts a new one.
        ports: of public hosts.
        tls: another trust store than the system's.
    """

    allow_loopback: bool = False
    max_bytes: int = MAX_BYTES
    seconds: float = 3.0
    total_seconds: float = 5.0
    total_bytes: int = 5 * MAX_BYTES
    max_fetches: int = 5
    ports: frozenset[int] = frozenset({443})
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    _started_at: float | None = field(default=None, init=False, repr=False)
    _bytes_read: int = field(default=0, init=False, repr=False)
    _fetches: int = field(default=0, init=False, repr=False)

    def fresh(self) -> Self:
        """Return a fetcher with the same settings and an unspent budget."""
        return replace(self)

    def __call__(self, url: str) -> bytes:
        """Return the body behind an address.

        Raises:
            FetchFailed: `fetch.url`, `fetch.address` (not public), `fetch.unreachable`, `fetch.tls`,
                `fetch.timeout`, `fetch.too-large`, `fetch.status`, `fetch.redirect`, `fetch.malformed` or
                `fetch.budget`.
        """
        now = time.monotonic()
        if self._started_at is None:
            self._started_at = now
        deadline = min(now + self.seconds, self._started_at + self.total_seconds)
        self._fetches += 1
        if self._fetches > self.max_fetches:
            raise _spent(f"{self.max_fetches} address{'es' * (self.max_fetches != 1)}", "max_fetches")
        if self._bytes_read >= self.total_bytes:
            raise self._out_of_bytes()
        if now >= deadline:
            raise self._out_of_time()
        try:
            return self._follow(_parse(url), deadline)
        except FetchFailed as error:
            if error.code == "fetch.timeout" and deadline < now + self.seconds:
                raise self._out_of_time() from error
            raise

    def _out_of_bytes(self) -> FetchFailed:
        return _spent(f"{self.total_bytes:,} bytes", "total_bytes")

    def _out_of_time(self) -> FetchFailed:
        return _spent(f"{self.total_seconds:g} seconds", "total_seconds")

    def _follow(self, current: SplitResult, deadline: float) -> bytes:
        """Return the body behind an address, or behind the one on the same host to which it leads."""
        for _ in range(1 + MAX_REDIRECTS):
            answer = self._get(current, deadline)
            if isinstance(answer, bytes):
                return answer
            target = _parse(_joined(current, answer))
            if (target.scheme, target.netloc) != (current.scheme, current.netloc):
                raise FetchFailed(
                    f"{current.hostname} sends readers on to another host.", code="fetch.redirect"
                )
            current = target
        raise FetchFailed(f"{current.hostname} sends readers in circles.", code="fetch.redirect")

    def _get(self, url: SplitResult, deadline: float) -> bytes | str:
        """Return the body, or the address to which the host sends readers on."""
        host = url.hostname or ""
        try:
            with self._connect(url, deadline) as connection:
                path = (url.path or "/") + (f"?{url.query}" if url.query else "")
                request = (
                    f"GET {path} HTTP/1.1\r\nHost: {url.netloc}\r\nAccept: {_ACCEPT}\r\n"
                    "Accept-Encoding: identity\r\nUser-Agent: laurel\r\nConnection: close\r\n\r\n"
                )
                connection.settimeout(_left(deadline))
                connection.sendall(request.encode("ascii"))
                return self._read(host, connection, deadline)
        except TimeoutError as error:
            raise FetchFailed(f"{host} did not answer in time.", code="fetch.timeout") from error
        except ssl.SSLError as error:
            raise FetchFailed(f"{host} has no certificate that we trust.", code="fetch.tls") from error
        except (http.client.HTTPException, ValueError) as error:
            raise FetchFailed(
                f"{host} gave an answer that we cannot read.", code="fetch.malformed"
            ) from error
        except OSError as error:
            raise FetchFailed(f"{host} did not answer.") from error

    def _connect(self, url: SplitResult, deadline: float) -> socket.socket:
        host = url.hostname or ""
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = _resolve(host, port, deadline)
        self._check(url, port, addresses)
        refused: OSError = OSError("no address")
        for address in addresses[:2]:
            try:
                plain = socket.create_connection((address, port), timeout=_left(deadline))
            except TimeoutError:
                raise
            except OSError as error:
                refused = error
                continue
            if url.scheme == "http":
                return plain
            try:
                plain.settimeout(_left(deadline))
                return self._tls().wrap_socket(plain, server_hostname=host)
            except BaseException:
                plain.close()
                raise
        raise refused

    def _tls(self) -> ssl.SSLContext:
        if self.tls is None:
            self.tls = ssl.create_default_context()
        return self.tls

    def _check(self, url: SplitResult, port: int, addresses: list[str]) -> None:
        """Refuse a name when any of its addresses is not one we may reach."""
        on_this_machine = all(ipaddress.ip_address(address).is_loopback for address in addresses)
        if on_this_machine and self.allow_loopback:
            return
        if url.scheme != "https":
            raise FetchFailed(f"{url.hostname} is not asked by plain http, only by https.", code="fetch.url")
        if not all(is_public(address) for address in addresses):
            raise FetchFailed(
                f"{url.hostname} is not an address on the public internet.", code="fetch.address"
            )
        if port not in self.ports:
            raise FetchFailed(f"{url.hostname} is not asked on port {port}.", code="fetch.url")

    def _read(self, host: str, connection: socket.socket, deadline: float) -> bytes | str:
        limit = min(self.max_bytes, self.total_bytes - self._bytes_read)
        bounded = _Bounded(connection, deadline, most=limit + _MOST_FRAMING)
        response = http.client.HTTPResponse(bounded)  # type: ignore[arg-type]  # only makefile is called
        try:
            response.begin()
            location = response.getheader("Location")
            if response.status in (301, 302, 303, 307, 308) and location:
                return location
            if response.status != 200:
                raise FetchFailed(f"{host} answered with {response.status}.", code="fetch.status")
            if response.getheader("Content-Encoding", "identity").lower() != "identity":
                raise FetchFailed(f"{host} sent a packed answer.", code="fetch.malformed")
            body = response.read(limit + 1)
            self._bytes_read += len(body)
            if len(body) > limit:
                raise _TooMuch
            # With an amount given, HTTPResponse takes a body that ends early for a whole one.
            if response.length:
                raise FetchFailed(f"{host} broke off its answer.", code="fetch.malformed")
            return body
        except _TooMuch as error:
            if limit < self.max_bytes:
                raise self._out_of_bytes() from error
            raise FetchFailed(f"{host} sent more than {limit:,} bytes.", code="fetch.too-large") from error
        finally:
            response.close()


def _spent(limit: str, option: str) -> FetchFailed:
    return FetchFailed(
        f"The limit for one file is reached ({limit}), so nothing more is fetched. "
        f"A Fetcher serves one file: take fetcher.fresh() for the next one, or a larger {option}.",
        code="fetch.budget",
    )


class _TooMuch(Exception):
    """More came over the wire than any document takes."""


class _Bounded(io.RawIOBase):
    """A socket as `HTTPResponse` wants it, in which all reads end at one moment and after so many bytes.

    A timeout of the socket's own begins anew with each byte, so a host that sends one byte a second would
    never run into it. And `HTTPResponse` itself can be made to read without end: by a chunk of -1 bytes.
    """

    def __init__(self, connection: socket.socket, deadline: float, *, most: int) -> None:
        super().__init__()
        self._connection = connection
        self._deadline = deadline
        self._left = most

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed asks for any buffer
        self._connection.settimeout(_left(self._deadline))
        taken = self._connection.recv_into(buffer)
        self._left -= taken
        if self._left < 0:
            raise _TooMuch
        return taken


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _parse(url: str) -> SplitResult:
    """Return the address taken apart. Raises: FetchFailed (`fetch.url`)."""
    try:
        if len(url) > LONGEST_URL or not _SAFE_URL.fullmatch(url):
            raise ValueError(url)
        parts = urlsplit(url)._replace(fragment="")
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
        if not usable or parts.port == 0:
            raise ValueError(url)
    except ValueError as error:
        raise FetchFailed("The address is not one that can be fetched.", code="fetch.url") from error
    return parts


def _joined(current: SplitResult, location: str) -> str:
    """Return where a `Location` leads. Raises: FetchFailed (`fetch.url`)."""
    try:
        return urljoin(current.geturl(), location)
    except ValueError as error:
        raise FetchFailed(f"{current.hostname} sends readers nowhere.", code="fetch.url") from error


def _resolve(host: str, port: int, deadline: float) -> list[str]:
    """Return every IP address of a name, asked once.

    `getaddrinfo` knows no time limit, so it waits in a thread of its own that nobody waits for longer.
    """
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="laurel-resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=_left(deadline))
    except queue.Empty:
        raise TimeoutError from None
    if not isinstance(answer, list) or not answer:
        raise FetchFailed(f"{host} is not a name that leads anywhere.")
    return answer
