# SPDX-License-Identifier: Apache-2.0
"""`laurel status make` and `laurel status read`: signed lists of the status of credentials."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click

from laurel import issue as issuing
from laurel.cli.keys import load_key
from laurel.cli.sources import Lookup, Moment, about, now, plain, read_source, write
from laurel.did import did_of
from laurel.errors import FailedChecks, LaurelError, Unreadable
from laurel.model.timestamp import format_timestamp
from laurel.status import bitstring, token
from laurel.status.entries import LARGEST_SIZE
from laurel.status.faults import StatusFault
from laurel.verify.presented import read as read_credential
from laurel.verify.presented import texts
from laurel.verify.status_lists import lifetime_of

_MOST_SHOWN: Final = 1_000  # entries; a list that is all set has millions


class _Setting(click.ParamType[tuple[int, int]]):
    """An entry of a list such as 94567, or one with its value such as 3=2."""

    name = "setting"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return index and value."""
        if isinstance(value, tuple):
            return value
        index, sign, amount = str(value).partition("=")
        try:
            return int(index), int(amount, 0) if sign else 1
        except ValueError:
            self.fail(
                f"{value!r} is not an entry such as 94567, or one with its value such as 3=2.", param, ctx
            )


class _Address(click.ParamType[str]):
    """An address under which a list can be published, and found."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address as it was written."""
        text = str(value)
        if not _is_address(text):
            self.fail(
                f"{plain(text)!r} is no address on the web, such as https://college.example/status/1.",
                param,
                ctx,
            )
        return text


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_plain = text.isascii() and text.isprintable() and " " not in text
    return is_plain and parts.scheme in ("https", "http") and bool(parts.hostname) and not parts.fragment


@click.command()
@click.option(
    "--kind",
    type=click.Choice(["bitstring", "token"]),
    default="bitstring",
    show_default=True,
    help="A Bitstring Status List, for badges; or a Token Status List, for an sd-jwt-vc.",
)
@click.option(
    "--url", type=_Address(), required=True, help="Where the list will be published; credentials name it."
)
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The private JWK.",
)
@click.option(
    "--purpose",
    type=click.Choice(bitstring.PURPOSES),
    help="What a set entry of a bitstring list means; default: revocation.",
)
@click.option(
    "--set",
    "settings",
    type=_Setting(),
    multiple=True,
    metavar="INDEX[=VALUE]",
    help="An entry to set, to 1 unless a value is named; can be given many times.",
)
@click.option(
    "--size",
    type=int,
    default=1,
    show_default=True,
    help="How many bits each entry takes: up to 11; of a token list 1, 2, 4 or 8.",
)
@click.option(
    "--length", type=int, default=bitstring.SMALLEST_LENGTH, show_default=True, help="How many entries."
)
@click.option("--valid-until", type=Moment(), help="When the list stops being current.")
@click.option("--ttl", type=int, metavar="MS", help="How long readers may keep it, in milliseconds.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write; default: standard output."
)
def make(
    kind: str,
    url: str,
    key_file: Path,
    purpose: str | None,
    settings: tuple[tuple[int, int], ...],
    size: int,
    length: int,
    valid_until: datetime | None,
    ttl: int | None,
    out: Path | None,
) -> None:
    """Make a signed status list, in which the entries named by --set are set and all others are 0.

    In a token list the value says what an entry means: 1 that it is withdrawn, and 2, with a --size of 2 or
    more, that it is on hold.

    The list does not remember: name every entry each time; laurel status read shows those of the last one.
    Exits 1 when the list would break a rule.
    """
    if kind == "token" and purpose is not None:
        raise click.UsageError(
            "--purpose is for a bitstring list. In a token list the value says what it means."
        )
    if kind == "token" and ttl is not None and (ttl <= 0 or ttl % 1000):
        raise click.UsageError(
            "--ttl of a token list is a number of whole seconds, such as 3600000 for an hour."
        )
    key = load_key(key_file)
    moment = now().replace(microsecond=0)
    try:
        if kind == "token":
            signed = token.sign(
                key,
                uri=url,
                statuses=dict(settings),
                bits=size,
                length=length,
                issued_at=moment,
                expires=valid_until,
                ttl=None if ttl is None else timedelta(milliseconds=ttl),
            ).encode("ascii")
        else:
            document = bitstring.list_credential(
                url=url,
                issuer=did_of(str(key.id)),
                purpose=purpose or "revocation",
                values=dict(settings),
                size=size,
                length=length,
                valid_from=moment,
                valid_until=valid_until,
                ttl=ttl,
            )
            signed = issuing.sign_status_list(document, key, created=moment)
    except FailedChecks as error:
        for finding in error.findings:
            click.echo(plain(str(finding)), err=True)
        raise SystemExit(1) from error
    except (LaurelError, ValueError) as error:
        said = str(error)
        raise click.UsageError(said[:1].upper() + said[1:] + ("" if said.endswith(".") else ".")) from error
    write(out, signed)


@click.command()
@click.argument("source", metavar="LIST")
@click.option(
    "--entry",
    "entries",
    type=click.IntRange(min=0),
    multiple=True,
    metavar="INDEX",
    help="Show this entry instead of those that are set. Can be given many times.",
)
@click.option(
    "--size",
    type=click.IntRange(1, LARGEST_SIZE),
    default=1,
    show_default=True,
    help="How many bits each entry of a bitstring list takes, for the list does not say it.",
)
@click.option("--allow-loopback", is_flag=True, help="Also fetch from this machine, by http too.")
def read(source: str, entries: tuple[int, ...], size: int, allow_loopback: bool) -> None:
    """Show what a status list says, as JSON, without checking any of it.

    LIST is a Bitstring Status List or a Token Status List: a file, a URL, or - for standard input. Of the
    entries that are set, the first 1,000 are shown.

    Exits 2 when LIST cannot be read, or has no entry with an INDEX.
    """
    try:
        data = read_source(source, Lookup({}, offline=False, allow_loopback=allow_loopback).source)
        shown, bits, width = _token_list(data) or _bitstring_list(data, size)
        values, is_more = _values(shown["kind"], bits, width, entries)
    except LaurelError as error:
        click.echo(about(source, error), err=True)
        raise SystemExit(2) from error
    click.echo("Nothing of this has been checked.", err=True)
    shown |= {"size": width, "length": len(bits) * 8 // width, "values": values, "more": is_more}
    click.echo(json.dumps(shown, indent=2))


def _values(kind: str, bits: bytes, width: int, entries: tuple[int, ...]) -> tuple[dict[str, int], bool]:
    """Return the value of each of these entries, or of those that are set; and whether there are more.

    Raises:
        StatusFault: the list has no such entry.
    """

    def value_at(index: int) -> int:
        if kind == "token":
            return token.value_at(bits, index, bits=width)
        return bitstring.value_at(bits, index, size=width)

    if entries:
        return {str(index): value_at(index) for index in entries}, False
    found = ((index, value_at(index)) for index in _set_places(bits, width))
    first = list(islice((pair for pair in found if pair[1]), _MOST_SHOWN + 1))
    return {str(index): value for index, value in first[:_MOST_SHOWN]}, len(first) > _MOST_SHOWN


def is_status_list(data: bytes) -> bool:
    """Tell whether a file is a status list, of either kind."""
    try:
        return bool(_token_list(data) or _bitstring_list(data, 1))
    except LaurelError:
        return False


def _token_list(data: bytes) -> tuple[dict[str, Any], bytes, int] | None:
    """Return what a Token Status List says of itself, its bits, their number a value; None for no token."""
    text = data.decode("ascii", "replace").strip()
    if text.count(".") != 2 or text.startswith("{"):
        return None
    try:
        listing = token.read(text)
    except StatusFault as fault:
        if fault.code == "status.not-a-list":
            return None  # a bitstring list can be a JWT too
        raise
    shown = {
        "kind": "token",
        "url": listing.uri,
        "issuer": listing.issuer,
        "begins": format_timestamp(listing.issued_at),
        "ends": listing.expires and format_timestamp(listing.expires),
        "ttl": _milliseconds(listing.ttl),
    }
    return shown, token.expand(listing.packed), listing.bits


def _bitstring_list(data: bytes, size: int) -> tuple[dict[str, Any], bytes, int]:
    presented = read_credential(data)
    document: Any = presented.document
    subject = document.get("credentialSubject")
    encoded = subject.get("encodedList") if isinstance(subject, dict) else None
    if "BitstringStatusListCredential" not in texts(document.get("type")) or not isinstance(encoded, str):
        raise Unreadable("This is no status list, neither a Bitstring Status List nor a Token Status List.")
    shown = {
        "kind": "bitstring",
        "url": document.get("id"),
        "issuer": presented.issuer_id,
        "purpose": subject.get("statusPurpose"),
        "begins": document.get("validFrom"),
        "ends": document.get("validUntil"),
        "ttl": _milliseconds(lifetime_of(document)),
    }
    return shown, bitstring.expand(encoded), size


def _set_places(data: bytes, width: int) -> Iterator[int]:
    """Give the indexes of entries that may be set: eight of them take as many bytes as one has bits."""
    nothing = bytes(width)
    for group in range(len(data) // width):
        if data[group * width : (group + 1) * width] != nothing:
            yield from range(8 * group, 8 * group + 8)
    rest = len(data) % width
    if rest:
        yield from range(8 * (len(data) // width), len(data) * 8 // width)


def _milliseconds(lifetime: timedelta | None) -> int | None:
    return None if lifetime is None else int(lifetime / timedelta(milliseconds=1))
