# SPDX-License-Identifier: Apache-2.0
"""`laurel status`: look a credential's status up, or make the signed list that others look it up in."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from laurel import issue as issuing
from laurel import verify as verifying
from laurel.cli.keys import load_key
from laurel.cli.sources import Lookup, Moment, load_material, now, plain, read_source, write
from laurel.cli.verifying import lookup_options
from laurel.cli.words import MARKS
from laurel.did import did_of
from laurel.errors import FailedChecks, LaurelError
from laurel.status import bitstring
from laurel.verify.report import Result, unreadable


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


class _ShowByDefault(click.Group):
    """A group in which `laurel status FILE` means `laurel status show FILE`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take the first word for a source when it is no command."""
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_ShowByDefault)
def status() -> None:
    """Tell whether a credential is withdrawn or on hold, or make a status list.

    `laurel status SOURCE` is short for `laurel status show SOURCE`.
    """


@status.command()
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="Print the check as JSON.")
@lookup_options
def show(source: str, as_json: bool, offline: bool, material: Path | None, allow_loopback: bool) -> None:
    """Tell what the status lists say of the credential in SOURCE.

    Exits 0 when it is neither withdrawn nor on hold, or names no list; 1 when it is; 2 when SOURCE cannot
    be read; 3 when the lists do not tell, which includes a credential whose signature does not hold.
    """
    lookup = Lookup(
        load_material(material) if material else {}, offline=offline, allow_loopback=allow_loopback
    )
    try:
        data = read_source(source, lookup.source)
        report = verifying.check(data, fetch=lookup.for_one_credential(), at=now())
    except LaurelError as error:
        report = unreadable(error)
    check = report["readable"] if report.exit_code == 2 else report["status"]
    if as_json:
        shown = {"result": check.result, "code": check.code, "message": check.message, "detail": check.detail}
        click.echo(json.dumps(shown))
    else:
        click.echo(plain(f"{MARKS[check.result]} {check.message}"))
        for name, value in check.detail.items():
            click.echo(f"  {name}: {plain(value)}")
    if report.exit_code == 2:
        raise SystemExit(2)
    if check.code == "status.none":
        raise SystemExit(0)
    raise SystemExit({Result.PASSED: 0, Result.FAILED: 1}.get(check.result, 3))


@status.command()
@click.option("--url", required=True, help="Where the list will be published; credentials name it.")
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
    default="revocation",
    show_default=True,
    help="What a set entry means.",
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
    "--size", type=int, default=1, show_default=True, help="How many bits each entry takes, up to 11."
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
    url: str,
    key_file: Path,
    purpose: str,
    settings: tuple[tuple[int, int], ...],
    size: int,
    length: int,
    valid_until: datetime | None,
    ttl: int | None,
    out: Path | None,
) -> None:
    """Make a signed status list, in which the entries named by --set are set and all others are 0.

    The list does not remember: name every entry each time. Exits 1 when the list would break a rule.
    """
    key = load_key(key_file)
    moment = now().replace(microsecond=0)
    try:
        document = bitstring.list_credential(
            url=url,
            issuer=did_of(str(key.id)),
            purpose=purpose,
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
