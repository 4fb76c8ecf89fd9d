# SPDX-License-Identifier: Apache-2.0
"""The one socket never leaves the public internet, and always comes back in time."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from laurel import fetch
from laurel.fetch import Fetcher, FetchFailed, is_public

Answer = Callable[[socket.socket, bytes], None]

BODY = b'{"id":"did:web:rivermouth.example"}'
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(BODY),
    BODY,
)


class Host:
    """A real web server on loopback that answers each connection as it is told."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self._answer = answer
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._speak, args=(plain,), daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(20)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            request = connection.recv(65536)
            self.requests.append(request)
            self._answer(connection, request)
            connection.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@contextmanager
def host(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Host]:
    """Run a host for the length of a test."""
    running = Host(answer, tls)
    try:
        yield running
    finally:
        running.close()


def says(data: bytes) -> Answer:
    """Answer every request with these bytes."""
    return lambda connection, _: connection.sendall(data)


def code_of(url: str, fetcher: Fetcher) -> str:
    """The code with which a fetch fails."""
    with pytest.raises(FetchFailed) as caught:
        fetcher(url)
    assert str(caught.value).endswith(".")
    return caught.value.code


def local(**settings: float) -> Fetcher:
    """A fetcher that may reach this machine."""
    return Fetcher(allow_loopback=True, **settings)  # type: ignore[arg-type]  # floats and ints alike


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::7f00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2001:10::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ],
    )
    def test_are_not_public(self, address: str) -> None:
        assert not is_public(address)

    @pytest.mark.parametrize(
        "address",
        [
            "8.8.8.8",
            "93.184.215.14",
            "172.15.0.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:2800:21f:cb07::1",
            "2a00:1450::1",
        ],
    )
    def test_are_public(self, address: str) -> None:
        assert is_public(address)


class TestWithoutTheFlag:
    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("https://localhost/did.json", "fetch.address"),
            ("https://127.0.0.1/", "fetch.address"),
            ("https://2130706433/", "fetch.address"),
            ("https://0x7f.1/", "fetch.address"),
            ("https://127.1/", "fetch.address"),
            ("https://[::1]/", "fetch.address"),
            ("https://[::ffff:127.0.0.1]/", "fetch.address"),
            ("https://0.0.0.0/", "fetch.address"),
            ("https://169.254.169.254/latest/meta-data", "fetch.address"),
            ("http://169.254.169.254/latest/meta-data", "fetch.url"),
            ("http://localhost/", "fetch.url"),
            ("https://8.8.8.8:22/", "fetch.url"),
            ("ftp://example.org/", "fetch.url"),
            ("file:///etc/passwd", "fetch.url"),
            ("gopher://example.org/", "fetch.url"),
            ("data:text/plain,x", "fetch.url"),
            ("https://user:secret@example.org/", "fetch.url"),
            ("https://example.org:0/", "fetch.url"),
            ("https://example.org:99999/", "fetch.url"),
            ("https:///did.json", "fetch.url"),
            ("https://[::1/", "fetch.url"),
            ("https://example.org/\r\nX-Evil: 1", "fetch.url"),
            ("https://example.org/a b", "fetch.url"),
            ("https://ex\u00e4mple.org/", "fetch.url"),
            ("https://example.org/" + "a" * 3000, "fetch.url"),
            ("", "fetch.url"),
            ("did:web:example.org", "fetch.url"),
        ],
    )
    def test_nothing_is_reached(self, url: str, code: str) -> None:
        assert code_of(url, Fetcher()) == code

    def test_a_listening_host_on_this_machine_hears_nothing(self) -> None:
        with host(says(PLAIN)) as here:
            for name in ("localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "0x7f.0.0.1"):
                for scheme in ("http", "https"):
                    code_of(f"{scheme}://{name}:{here.port}/", Fetcher())

            assert here.requests == []

    def test_a_name_with_one_private_address_is_not_reached(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def split_horizon(*_: object, **__: object) -> list[object]:
            return [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("10.0.0.7", 443))]

        monkeypatch.setattr(fetch.socket, "getaddrinfo", split_horizon)

        assert code_of("https://rebinding.example/", Fetcher()) == "fetch.address"

    def test_a_name_is_asked_once_and_its_address_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[object] = []
        answers = iter(["127.0.0.1", "10.0.0.7"])

        def rebinding(name: str, port: int, **_: object) -> list[object]:
            asked.append(name)
            return [(2, 1, 6, "", (next(answers), port))]

        real = socket.getaddrinfo
        monkeypatch.setattr(
            fetch.socket,
            "getaddrinfo",
            lambda name, port, *a, **k: (
                rebinding(name, port) if name == "rebinding.example" else real(name, port, *a, **k)
            ),
        )
        with host(says(PLAIN)) as here:
            assert local()(f"http://rebinding.example:{here.port}/") == BODY

        assert asked == ["rebinding.example"]

    def test_a_slow_name_server_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(fetch.socket, "getaddrinfo", lambda *a, **k: time.sleep(0.6) or [])
        started = time.monotonic()

        assert code_of("https://slow.example/", Fetcher(seconds=0.2)) == "fetch.timeout"
        assert time.monotonic() - started < 1

    def test_a_name_that_leads_nowhere(self) -> None:
        assert code_of("https://nowhere.invalid/", Fetcher()) in ("fetch.unreachable", "fetch.timeout")

    def test_the_environment_names_no_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with host(says(PLAIN)) as here:
            for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{here.port}")

            code_of("https://10.0.0.7/", Fetcher())

            assert here.requests == []


class TestAnswers:
    def test_a_document_comes_whole(self) -> None:
        with host(says(PLAIN)) as here:
            assert local()(f"http://127.0.0.1:{here.port}/o/rivermouth/did.json?x=1#frag") == BODY

        assert here.requests[0].startswith(
            b"GET /o/rivermouth/did.json?x=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % here.port
        )

    def test_a_document_in_chunks_comes_whole(self) -> None:
        chunked = (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
        )

        with host(says(chunked)) as here:
            assert local()(f"http://127.0.0.1:{here.port}/") == b"hello world"

    def test_a_host_that_keeps_the_line_open_is_not_waited_for(self) -> None:
        def lingers(connection: socket.socket, _: bytes) -> None:
            connection.sendall(PLAIN)
            time.sleep(2)

        with host(lingers) as here:
            started = time.monotonic()
            assert local()(f"http://127.0.0.1:{here.port}/") == BODY
            assert time.monotonic() - started < 1

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "fetch.status"),
            (b"HTTP/1.1 500 Oops\r\n\r\n", "fetch.status"),
            (b"HTTP/1.1 204 No Content\r\n\r\n", "fetch.status"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "fetch.malformed"),
            (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b", "fetch.malformed"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "fetch.malformed"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "fetch.malformed"),
            (b"SSH-2.0-OpenSSH_9.2\r\n", "fetch.malformed"),
            (b"", "fetch.malformed"),
            (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n", "fetch.malformed"),
            (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, "fetch.malformed"),
        ],
    )
    def test_a_broken_answer_is_said(self, data: bytes, code: str) -> None:
        with host(says(data)) as here:
            assert code_of(f"http://127.0.0.1:{here.port}/", local()) == code

    def test_a_closed_port_is_said(self) -> None:
        with host(says(PLAIN)) as here:
            port = here.port

        assert code_of(f"http://127.0.0.1:{port}/", local()) == "fetch.unreachable"

    def test_http_stays_on_this_machine_even_with_the_flag(self) -> None:
        assert code_of("http://8.8.8.8/", local()) == "fetch.url"
        assert code_of("https://10.0.0.7/", local()) == "fetch.address"


class TestLimits:
    def test_a_huge_document_is_cut(self) -> None:
        with host(says(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000)) as here:
            assert code_of(f"http://127.0.0.1:{here.port}/", local(max_bytes=100_000)) == "fetch.too-large"

    def test_an_endless_document_is_cut(self) -> None:
        def endless(connection: socket.socket, _: bytes) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(1000):
                connection.sendall(b"x" * 65536)

        with host(endless) as here:
            assert code_of(f"http://127.0.0.1:{here.port}/", local()) == "fetch.too-large"

    @pytest.mark.parametrize(
        ("start", "more"),
        [
            # http.client reads on and on after a chunk of -1 bytes, without ever giving the data back.
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", b"x" * 65536),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"Trailer: x\r\n" * 5000),
            (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2500),
        ],
    )
    def test_endless_framing_is_cut_before_it_fills_the_memory(self, start: bytes, more: bytes) -> None:
        taken = 0

        def endless(connection: socket.socket, _: bytes) -> None:
            nonlocal taken
            connection.sendall(start)
            for _ in range(1000):
                connection.sendall(more)
                taken += len(more)

        with host(endless) as here:
            assert code_of(f"http://127.0.0.1:{here.port}/", local()) == "fetch.too-large"
        assert taken < 16 * 1024 * 1024  # of which most stays in the socket's buffers

    @pytest.mark.parametrize("location", ["http://[", "//[x]/", "http://a]/", "https://[::1"])
    def test_a_redirect_to_no_address_is_refused(self, location: str) -> None:
        with host(says(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode())) as here:
            assert code_of(f"http://127.0.0.1:{here.port}/", local()) == "fetch.url"

    @pytest.mark.parametrize(
        "start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"]
    )
    def test_a_byte_at_a_time_is_not_waited_for(self, start: bytes) -> None:
        def drips(connection: socket.socket, _: bytes) -> None:
            connection.sendall(start)
            for _ in range(90):  # fewer than the bytes promised, and for long enough
                connection.sendall(b"a")
                time.sleep(0.05)

        with host(drips) as here:
            started = time.monotonic()
            assert code_of(f"http://127.0.0.1:{here.port}/", local(seconds=0.5)) == "fetch.timeout"
            assert time.monotonic() - started < 1.5

    def test_silence_is_not_waited_for(self) -> None:
        with host(lambda *_: time.sleep(3)) as here:
            assert code_of(f"http://127.0.0.1:{here.port}/", local(seconds=0.3)) == "fetch.timeout"

    def test_the_budget_is_for_the_whole_credential(self) -> None:
        with host(says(PLAIN)) as here:
            url = f"http://127.0.0.1:{here.port}/"
            fetcher = local(max_fetches=2)
            fetcher(url)
            fetcher(url)

            assert code_of(url, fetcher) == "fetch.budget"
            assert fetcher.fresh()(url) == BODY
            assert len(here.requests) == 3

    def test_the_budget_counts_bytes_and_time(self) -> None:
        with host(says(PLAIN)) as here:
            url = f"http://127.0.0.1:{here.port}/"
            few_bytes = local(total_bytes=len(BODY))
            few_bytes(url)
            no_time = local(total_seconds=0.1)
            no_time(url)
            time.sleep(0.12)

            assert code_of(url, few_bytes) == "fetch.budget"
            assert code_of(url, no_time) == "fetch.budget"

    def test_a_spent_budget_is_named_and_nobody_else_is_blamed(self) -> None:
        """What a file needs and its host does not give is the file's fault; what we do not ask for is not."""
        with host(says(PLAIN)) as here:
            url = f"http://127.0.0.1:{here.port}/"
            for fetcher, limit, option in (
                (local(max_fetches=1), "1 address", "max_fetches"),
                (local(total_bytes=len(BODY)), f"{len(BODY)} bytes", "total_bytes"),
                # The second answer would be within the limit of one document, and not of the whole.
                (local(total_bytes=len(BODY) + 1), f"{len(BODY) + 1} bytes", "total_bytes"),
            ):
                fetcher(url)
                with pytest.raises(FetchFailed) as failed:
                    fetcher(url)
                assert failed.value.code == "fetch.budget"
                assert str(failed.value) == (
                    f"The limit for one file is reached ({limit}), so nothing more is fetched. "
                    f"A Fetcher serves one file: take fetcher.fresh() for the next one, or a larger {option}."
                )

    def test_a_host_that_had_no_time_left_is_not_called_slow(self) -> None:
        with host(lambda *_: time.sleep(1)) as here:
            with pytest.raises(FetchFailed, match=r"reached \(0\.3 seconds\).*total_seconds") as failed:
                local(total_seconds=0.3)(f"http://127.0.0.1:{here.port}/")

            assert failed.value.code == "fetch.budget"


class TestRedirects:
    @staticmethod
    def to(target: str) -> Answer:
        def answer(connection: socket.socket, request: bytes) -> None:
            if request.startswith(b"GET /end "):
                connection.sendall(PLAIN)
            else:
                connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\n\r\n".encode())

        return answer

    def test_are_followed_on_the_same_host(self) -> None:
        with host(self.to("/end")) as here:
            assert local()(f"http://127.0.0.1:{here.port}/start") == BODY

    @pytest.mark.parametrize(
        "target",
        [
            "http://169.254.169.254/latest/meta-data",
            "https://127.0.0.1/end",
            "//example.org/end",
            "http://127.0.0.1:1/end",
            "file:///etc/passwd",
            "http://user@127.0.0.1/end",
        ],
    )
    def test_never_lead_elsewhere(self, target: str) -> None:
        with host(self.to(target)) as here:
            code = code_of(f"http://127.0.0.1:{here.port}/start", local())

        assert code in ("fetch.redirect", "fetch.url")
        assert len(here.requests) == 1

    def test_never_go_in_circles(self) -> None:
        with host(self.to("/again")) as here:
            assert code_of(f"http://127.0.0.1:{here.port}/start", local()) == "fetch.redirect"

        assert len(here.requests) == 3


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A server's context with a fresh certificate for a name; the certificate lies in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


class TestTls:
    def test_a_trusted_certificate_for_the_name_is_accepted(self, tmp_path: Path) -> None:
        server = certificate(tmp_path, "localhost")
        trusting = ssl.create_default_context(cafile=tmp_path / "cert.pem")

        with host(says(PLAIN), server) as here:
            assert Fetcher(allow_loopback=True, tls=trusting)(f"https://localhost:{here.port}/") == BODY

    def test_a_certificate_for_another_name_is_refused(self, tmp_path: Path) -> None:
        server = certificate(tmp_path, "rivermouth.example")
        trusting = ssl.create_default_context(cafile=tmp_path / "cert.pem")

        with host(says(PLAIN), server) as here:
            fetcher = Fetcher(allow_loopback=True, tls=trusting)
            assert code_of(f"https://localhost:{here.port}/", fetcher) == "fetch.tls"
            assert here.requests == []

    def test_a_certificate_of_nobody_is_refused(self, tmp_path: Path) -> None:
        with host(says(PLAIN), certificate(tmp_path, "localhost")) as here:
            assert code_of(f"https://localhost:{here.port}/", local()) == "fetch.tls"

    def test_a_silent_handshake_is_not_waited_for(self) -> None:
        with host(lambda *_: time.sleep(3)) as here:
            assert code_of(f"https://localhost:{here.port}/", local(seconds=0.4)) == "fetch.timeout"
