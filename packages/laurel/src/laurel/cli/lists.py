# SPDX-License-Identifier: Apache-2.0
"""`laurel status make` and `laurel status read`: signed lists of the status of credentials."""

import json
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click

from laurel import issue as issuing
from laurel.cli.keys import load_key
from laurel.cli.list_files import is_by_http, read_list, warn_of_http
from laurel.cli.sources import Lookup, Moment, about, now, plain, read_source, write
from laurel.did import did_of
from laurel.errors import FailedChecks, LaurelError, ProofFault
from laurel.model.timestamp import parse_timestamp
from laurel.proof.keys import SigningKey
from laurel.status import bitstring, token
from laurel.status.entries import LARGEST_SIZE

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


_size_option: Final = click.option(
    "--size",
    type=click.IntRange(1, LARGEST_SIZE),
    default=1,
    show_default=True,
    help="How many bits each entry of a bitstring list takes, for the list does not say it.",
)


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

    To change a list afterwards: laurel status set.

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
    key, values = load_key(key_file), dict(settings)
    signed = _signed(kind, key, url, purpose or "revocation", values, size, length, valid_until, ttl)
    if is_by_http(url):
        warn_of_http(url)
    write(out, signed)


def _signed(
    kind: str,
    key: SigningKey,
    url: str,
    purpose: str,
    values: dict[int, int],
    size: int,
    length: int,
    valid_until: datetime | None,
    ttl: int | None,
    issuer: str | None = None,
) -> bytes:
    """Return a signed list that begins now.

    Args:
        issuer: whom a token list names as its issuer, which it need not.

    Raises:
        click.UsageError: there is no such list.
        SystemExit: it would break a rule, which is said.
    """
    moment = now().replace(microsecond=0)
    try:
        if kind == "token":
            return token.sign(
                key,
                uri=url,
                statuses=values,
                bits=size,
                length=length,
                issued_at=moment,
                issuer=issuer,
                expires=valid_until,
                ttl=None if ttl is None else timedelta(milliseconds=ttl),
            ).encode("ascii")
        document = bitstring.list_credential(
            url=url,
            issuer=did_of(str(key.id)),
            purpose=purpose,
            values=values,
            size=size,
            length=length,
            valid_from=moment,
            valid_until=valid_until,
            ttl=ttl,
        )
        suite: issuing.Suite = "eddsa-rdfc-2022" if key.algorithm == "Ed25519" else "ecdsa-rdfc-2019"
        return issuing.sign_status_list(document, key, created=moment, suite=suite)
    except FailedChecks as error:
        for finding in error.findings:
            click.echo(about(finding.pointer or "/", finding.message), err=True)
        raise SystemExit(1) from error
    except (LaurelError, ValueError) as error:
        said = str(error)
        raise click.UsageError(said[:1].upper() + said[1:] + ("" if said.endswith(".") else ".")) from error


@click.command("set")
@click.argument("source", metavar="LIST")
@click.argument("settings", type=_Setting(), nargs=-1, required=True, metavar="INDEX[=VALUE]...")
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The private JWK with which LIST was signed.",
)
@_size_option
@click.option(
    "--valid-until", type=Moment(), help="When the list stops being current; default: when LIST does."
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write; default: standard output."
)
def change(
    source: str,
    settings: tuple[tuple[int, int], ...],
    key_file: Path,
    size: int,
    valid_until: datetime | None,
    out: Path | None,
) -> None:
    """Set entries of a status list, and sign it anew; its address, purpose, length and other entries stay.

    LIST is a file or - for standard input. An entry is set to 1 unless a value is named, such as 3=2; 3=0
    takes it back. Publish what comes out in the place of LIST.

    Exits 2 when LIST cannot be read, was not signed with the key, or has no such entry.
    """
    key = load_key(key_file)
    try:
        listing = read_list(read_source(source, Lookup({}, offline=True, allow_loopback=False).source), size)
        listing.hold(key.public)
        ends = valid_until or (listing.ends and parse_timestamp(listing.ends))
    except ProofFault as error:
        message = (
            f"{plain(source)} was not signed with this key, so nobody can tell what stood in it. {error}"
        )
        raise click.UsageError(message) from error
    except (LaurelError, ValueError, TypeError) as error:
        click.echo(about(source, error), err=True)
        raise SystemExit(2) from error
    values = dict(listing.entries()) | dict(settings)
    signed = _signed(
        listing.kind,
        key,
        listing.url,
        listing.purpose,
        values,
        listing.size,
        listing.length,
        ends,
        listing.ttl,
        listing.issuer,
    )
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
@_size_option
@click.option("--allow-loopback", is_flag=True, help="Also fetch from this machine, by http too.")
def read(source: str, entries: tuple[int, ...], size: int, allow_loopback: bool) -> None:
    """Show what a status list says, as JSON, without checking any of it.

    LIST is a Bitstring Status List or a Token Status List: a file, a URL, or - for standard input. Of the
    entries that are set, the first 1,000 are shown.

    Exits 2 when LIST cannot be read, or has no entry with an INDEX.
    """
    try:
        data = read_source(source, Lookup({}, offline=False, allow_loopback=allow_loopback).source)
        listing = read_list(data, size)
        if entries:
            found = [(index, listing.value_at(index)) for index in entries]
        else:
            found = list(islice(listing.entries(), _MOST_SHOWN + 1))
    except LaurelError as error:
        click.echo(about(source, error), err=True)
        raise SystemExit(2) from error
    click.echo("Nothing of this has been checked.", err=True)
    is_more = not entries and len(found) > _MOST_SHOWN
    values = {str(index): value for index, value in (found[:_MOST_SHOWN] if is_more else found)}
    click.echo(json.dumps(listing.told() | {"values": values, "more": is_more}, indent=2))
