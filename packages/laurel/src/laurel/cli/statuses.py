# SPDX-License-Identifier: Apache-2.0
"""`laurel status`: look a credential's status up, or make and read the list that others look it up in."""

import json
from pathlib import Path

import click

from laurel import verify as verifying
from laurel.cli.list_files import is_status_list
from laurel.cli.lists import change, make, read
from laurel.cli.sources import Lookup, load_material, now, plain, read_source
from laurel.cli.verifying import lookup_options
from laurel.cli.words import MARKS
from laurel.errors import LaurelError
from laurel.verify.report import Result, unreadable


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
    """Tell whether a credential is withdrawn or on hold, or make, change or read a status list.

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
    is_list = False
    lookup = Lookup(
        load_material(material) if material else {}, offline=offline, allow_loopback=allow_loopback
    )
    try:
        data = read_source(source, lookup.source)
        is_list = is_status_list(data)
        report = verifying.check(data, fetch=lookup.for_one_credential(), at=now())
    except LaurelError as error:
        report = unreadable(error)
    if is_list:
        click.echo("This is a status list itself: laurel status read shows what it says.", err=True)
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


for command in (make, change, read):
    status.add_command(command)
