# SPDX-License-Identifier: Apache-2.0
"""Where the command reads from and writes to: files, URLs, standard input and output."""

import errno
import os
import re
import stat
import sys
import time
import unicodedata
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final
from urllib.parse import urlsplit

import click

from laurel import did
from laurel.did.web import LOOPBACK
from laurel.errors import LaurelError, TooLarge, Unreadable
from laurel.fetch import Fetcher, FetchFailed
from laurel.formats import envelopes
from laurel.model.timestamp import parse_timestamp
from laurel.strictjson import MAX_BYTES, JsonValue, dumps, loads
from laurel.verify import Material, Rewritten, status_lists
from laurel.verify.presented import LARGEST_FILE, taken_out

LARGEST_MATERIAL = 20 * 1024 * 1024
_LARGEST_KEY: Final = 64 * 1024
_MOST_OF_URL: Final = 200

_OTHER_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class NoSource(Unreadable):
    """The source is not there, or is nothing that can be read."""

    code = "unreadable.no-source"


def about(name: object, error: Exception | str) -> str:
    """Return what is wrong with a source or a place, by its name, which some faults say already."""
    said = plain(str(error))
    shown = plain(str(name))
    is_named = said.startswith(f"{shown} ") or said.endswith(f" {shown}.")
    return said if is_named else f"{shown}: {said}"


class Moment(click.ParamType[datetime]):
    """A moment such as 2026-11-22T09:30:00Z, or a day, which stands for its start in UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment, aware."""
        if isinstance(value, datetime):
            return value
        try:
            return parse_timestamp(value if "T" in value else f"{value}T00:00:00Z")
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-11-22T09:30:00Z or 2026-11-22.", param, ctx)


def is_url(source: str) -> bool:
    """Tell whether a source is an address on the web rather than a file."""
    return source.lower().startswith(("https://", "http://"))


def read_source(source: str, fetch: Callable[[str], bytes]) -> bytes:
    """Return the bytes of a file, a URL or standard input ("-").

    Raises:
        LaurelError: it is not there, is a folder, is too large, or cannot be fetched; with a sentence.
    """
    if source == "-":
        return _bounded(sys.stdin.buffer.read(LARGEST_FILE + 1), "Standard input")
    if is_url(source):
        return fetch(source)
    if _OTHER_ADDRESS.match(source) and not Path(source).exists():
        raise NoSource(f"{plain(source)} is no address that is fetched: those begin with https://.")
    return read_file(Path(source))


def credential_in(data: bytes) -> bytes:
    """Return the credential in a file, out of its picture and out of its envelope. Raises: LaurelError."""
    found = taken_out(data)[1].strip()
    if not found.startswith(b"{"):
        return found
    value = loads(found, longest_string=MAX_BYTES)
    if isinstance(value, dict) and envelopes.is_envelope(value, envelopes.CREDENTIAL):
        return envelopes.unwrap(value, envelopes.CREDENTIAL).text.encode("ascii")
    return found


def read_file(path: Path, limit: int = LARGEST_FILE) -> bytes:
    """Return the bytes of a file. Raises: NoSource, TooLarge."""
    name = plain(str(path))  # a name of bytes that are no text would end up in the report as half a character
    try:
        if path.is_dir():
            raise NoSource(f"{name} is a folder. Name the file inside it.")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return _bounded(file.read(limit + 1), name, limit, size)
    except FileNotFoundError as error:
        raise NoSource(f"There is no file {name}.") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name cannot be one"
        raise NoSource(f"{name} cannot be read: {reason}.") from error


def _bounded(data: bytes, name: str, limit: int = LARGEST_FILE, size: int = 0) -> bytes:
    if len(data) > limit:
        is_ = f"is {size / 1024 / 1024:.0f} MB" if size > limit else "is too large"
        raise TooLarge(f"{name} {is_}. The most we read is {limit // 1024 // 1024} MB.")
    return data


def write(out: Path | None, data: bytes) -> None:
    """Write to a file, or to standard output, where it ends with a new line, when there is none."""
    if out is not None:
        keep_private_key(out)
        try:
            # A folder that takes no new file may hold one that can be written.
            if out.is_file() and os.access(out.resolve().parent, os.W_OK):
                replace(out, data)
            else:
                out.write_bytes(data)
        except OSError as error:
            raise click.UsageError(f"{out} cannot be written: {error.strerror}.") from error
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")
    sys.stdout.buffer.flush()


def replace(path: Path, data: bytes) -> None:
    """Put a new file in the place of one, at once and whole, with its permissions; a first one is private.

    Raises:
        OSError: it cannot be written; the old one is as it was.
    """
    path = path.resolve()
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            if path.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise


def keep_private_key(out: Path) -> None:
    """Let no private key be written over, for nobody can make it again. Raises: click.UsageError."""
    try:
        held = loads(out.read_bytes()) if out.is_file() and out.stat().st_size <= _LARGEST_KEY else None
    except (LaurelError, OSError, ValueError):
        return
    if isinstance(held, dict) and "kty" in held and "d" in held:
        raise click.UsageError(f"{out} holds a private key, and was left as it is. Choose another name.")


def load_json(path: Path, limit: int = LARGEST_MATERIAL) -> JsonValue:
    """Return the JSON of a file named by an option. Raises: click.UsageError."""
    try:
        return loads(read_file(path, limit), limit=limit, longest_string=limit)
    except LaurelError as error:
        raise click.UsageError(about(path, error)) from error


def load_material(path: Path) -> dict[str, bytes]:
    """Return the documents of a material file: a JSON object from URL (or did:web) to document.

    A JSON object stands for itself, a text for its UTF-8, a data: URL for the bytes that it holds. Only the
    last two are held against fingerprints. Raises: click.UsageError.
    """
    value = load_json(path)
    if not isinstance(value, dict):
        raise click.UsageError(f"{path}: material is one JSON object, from URL to document.")
    if other := [name for name in value if ":" not in name]:
        raise click.UsageError(
            f"{path}: material is one JSON object, from URL to document; {plain(other[0][:80])!r} is no URL."
        )
    return {_address(url): _material_bytes(entry) for url, entry in value.items()}


def _address(url: str) -> str:
    try:
        return (did.resolve_url(url) or url) if url.startswith("did:") else url
    except LaurelError:
        return url


def _material_bytes(entry: JsonValue) -> bytes:
    if not isinstance(entry, str):
        return Rewritten(dumps(entry))
    kind, comma, content = entry.partition(",")
    if kind.startswith("data:") and kind.endswith(";base64") and comma:
        try:
            return b64decode(content, validate=True)
        except ValueError as error:
            raise click.UsageError("The material holds a data: URL that is not base64.") from error
    return entry.encode()


def load_trust(path: Path) -> frozenset[str]:
    """Return the issuers of a trust file: a JSON array of ids, or one id a line with # for comments."""
    try:
        text = read_file(path, LARGEST_MATERIAL).decode()
    except LaurelError as error:
        raise click.UsageError(about(path, error)) from error
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path}: a trust list is text in UTF-8, and this is not.") from error
    if text.lstrip().startswith(("[", "{")):
        value = load_json(path)
        listed = value.get("issuers") if isinstance(value, dict) else value
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            raise click.UsageError(f'{path}: a trust list is a JSON array of ids, or {{"issuers": […]}}.')
        return _ids(path, (str(item) for item in listed))
    lines = (line.partition(" #")[0].strip() for line in text.splitlines())
    return _ids(path, (line for line in lines if line and not line.startswith("#")))


def _ids(path: Path, listed: Iterable[str]) -> frozenset[str]:
    """Return the ids; a name that is none would trust nobody, and nobody would know why."""
    found = frozenset(listed)
    if other := sorted(name for name in found if ":" not in name):
        raise click.UsageError(
            f"{path}: {plain(other[0][:80])!r} is no id of an issuer, such as did:web:college.example."
        )
    return found


class _Answer:
    """What a host gave, and since when."""

    _MOST_SECONDS: Final = 60.0

    def __init__(self, since: float, given: bytes | FetchFailed) -> None:
        """Take the time, in seconds of this machine's own clock, and the answer."""
        self.since = since
        self.given = given

    @cached_property
    def seconds(self) -> float:
        """How long the answer serves: looked up only when somebody asks for the same again."""
        lifetime = status_lists.lifetime_in(self.given) if isinstance(self.given, bytes) else None
        return self._MOST_SECONDS if lifetime is None else min(self._MOST_SECONDS, lifetime.total_seconds())


class Lookup:
    """How a check finds documents: the material first, then the network unless it is switched off.

    Answers are kept for a minute, and so many of them, so that a batch does not ask a host a thousand times.
    A status list whose issuer gives its copies less than a minute is kept no longer than that.
    """

    _MOST_KEPT: Final = 64  # of at most 10 MiB each, and hardly ever of more than a few KiB

    def __init__(self, material: Mapping[str, bytes], *, offline: bool, allow_loopback: bool) -> None:
        self._material = material
        self._offline = offline
        self._fetcher = Fetcher(allow_loopback=allow_loopback)
        self._files = Fetcher(
            allow_loopback=allow_loopback,
            max_bytes=LARGEST_FILE,
            seconds=10,
            total_seconds=10,
            total_bytes=LARGEST_FILE,
        )
        self._kept: dict[str, _Answer] = {}

    def source(self, url: str) -> bytes:
        """Return the credential behind a URL. Raises: FetchFailed."""
        return self._get(url, self._files.fresh())

    def for_one_credential(self) -> Callable[[str], bytes]:
        """Return a way to fetch with a budget of its own."""
        made: list[Fetcher] = []

        def fetch(url: str) -> bytes:
            if url not in self._material and not made:
                made.append(self._fetcher.fresh())
            return self._get(url, made[0] if made else self._fetcher)

        return fetch

    def lists_at_hand(self, document: Mapping[str, JsonValue]) -> dict[str, Material]:
        """Return of the status lists that a credential names those in the material, each by its URL."""
        entries = document.get("credentialStatus")
        urls = (
            entry.get("statusListCredential")
            for entry in (entries if isinstance(entries, list) else [entries])
            if isinstance(entry, dict)
        )
        return {url: self._material[url] for url in urls if isinstance(url, str) and url in self._material}

    def _get(self, url: str, fetcher: Fetcher) -> bytes:
        if url in self._material:
            return self._material[url]
        if self._offline:
            raise FetchFailed(f"{url} was not fetched, because of --offline.", code="fetch.offline")
        found = self._kept.get(url)
        if found is None or time.monotonic() - found.since > found.seconds:
            self._kept.pop(url, None)
            found = _Answer(time.monotonic(), self._asked(url, fetcher))
            if self._is_the_hosts_own(found, fetcher):
                if len(self._kept) >= self._MOST_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[url] = found
        if isinstance(found.given, FetchFailed):
            raise found.given
        return found.given

    def _asked(self, url: str, fetcher: Fetcher) -> bytes | FetchFailed:
        try:
            return fetcher(url)
        except FetchFailed as error:
            # Only the command has options to name; the library's sentences leave them out.
            if error.code == "fetch.budget":
                most = self._fetcher
                message = (
                    f"{url} was not fetched: for one file, laurel asks {most.max_fetches} addresses for at "
                    f"most {most.total_bytes / 1024 / 1024:g} MB in {most.total_seconds:g} seconds. What is "
                    "behind more of them can be handed in with --material."
                )
                return FetchFailed(message, code=error.code)
            if error.code != "fetch.url":
                return FetchFailed(_with_address(url, str(error)), code=error.code)
            if self._fetcher.allow_loopback or not is_loopback(url):
                return error
            return FetchFailed(f"{error} For this machine, add --allow-loopback.", code=error.code)

    @staticmethod
    def _is_the_hosts_own(found: _Answer, fetcher: Fetcher) -> bool:
        """Tell a host's answer from that of a credential that had used up its budget elsewhere."""
        answer = found.given
        if not isinstance(answer, FetchFailed) or answer.code not in ("fetch.budget", "fetch.timeout"):
            return True
        return answer.code == "fetch.timeout" and time.monotonic() - found.since > 0.9 * fetcher.seconds


def _with_address(url: str, said: str) -> str:
    """Return what a fetcher says of an answer with the whole address in the place of the host.

    The fetcher names hosts only, for its sentences end in logs and on pages of services.
    """
    host = urlsplit(url).hostname or ""
    about_it = (" answered with ", " sent ", " gave an answer ", " broke off ", " did not answer")
    if not host or not said.startswith(tuple(host + each for each in about_it)):
        return said
    shown = url if len(url) <= _MOST_OF_URL else f"{url[:_MOST_OF_URL]}…"
    return plain(shown) + said.removeprefix(host)


def is_loopback(url: str) -> bool:
    """Tell whether a URL names this machine."""
    try:
        return urlsplit(url).hostname in LOOPBACK
    except ValueError:
        return False


_NOT_SHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def now() -> datetime:
    """Return the present moment; the only clock of the command."""
    return datetime.now(UTC)


def plain(text: str) -> str:
    """Return text that a terminal shows and does not obey: controls, hidden marks, line ends become "�"."""
    return "".join("�" if unicodedata.category(letter) in _NOT_SHOWN else letter for letter in text)
