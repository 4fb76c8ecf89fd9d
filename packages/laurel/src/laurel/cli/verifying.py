# SPDX-License-Identifier: Apache-2.0
"""`laurel verify`: one credential, or a file of many."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from laurel import guard
from laurel import verify as verifying
from laurel.cli.batches import Line, Note, processes_option, require_batch, work_through
from laurel.cli.remembering import load_memory, remember
from laurel.cli.report_lines import line_of
from laurel.cli.sources import (
    Lookup,
    Moment,
    NoSource,
    is_url,
    load_material,
    load_trust,
    now,
    plain,
    read_source,
)
from laurel.cli.words import as_text, presentation_as_text, summary
from laurel.errors import LaurelError, NotACredential, TooLarge, Unreadable
from laurel.status import token
from laurel.strictjson import JsonValue, loads
from laurel.verify.presentation_report import PresentationReport
from laurel.verify.presentations import NotAPresentation
from laurel.verify.presented import LARGEST_FILE
from laurel.verify.report import Report, Verdict, unreadable

# The network has a budget of its own, in the fetcher; this bounds what a material file is asked for.
_MOST_LOOKUPS: Final = 64
# Of many results the gravest counts: one that failed, then one that could not be read or finished.
_GRAVITY: Final = (1, 2, 3, 0)


def lookup_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where documents come from."""
    for option in (
        click.option("--allow-loopback", is_flag=True, help="Also fetch from this machine, by http too."),
        click.option(
            "--material",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="A JSON object, from URL to document; looked at before the network.",
        ),
        click.option("--offline", is_flag=True, help="Fetch nothing."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("source", required=False)
@click.option(
    "--batch", type=click.Path(path_type=Path), metavar="FILE", help="Check each line of a JSONL file."
)
@processes_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--at", type=Moment(), help="Judge as of this moment; default: now.")
@lookup_options
@click.option(
    "--trust",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The issuers you trust: a JSON array of ids, or one a line.",
)
@click.option("--evidence", is_flag=True, help="Also look at the files whose fingerprints were signed.")
@click.option(
    "--email",
    "--recipient",
    "recipient",
    metavar="WHO",
    help="Whose it should be: an e-mail address, or the id of its subject.",
)
@click.option(
    "--refresh",
    is_flag=True,
    help="Also ask the issuer for a newer copy, which tells them that you look at this one.",
)
@click.option(
    "--memory",
    "memory_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to keep which lists and keys were seen, so that older lists and new keys are noticed.",
)
@click.option(
    "--challenge", "--nonce", "challenge", metavar="TEXT", help="What you gave to sign, for a presentation."
)
@click.option("--domain", "--audience", "domain", metavar="NAME", help="Who you are, for a presentation.")
def verify(
    source: str | None,
    batch: Path | None,
    processes: int | None,
    as_json: bool,
    at: datetime | None,
    offline: bool,
    material: Path | None,
    allow_loopback: bool,
    trust: Path | None,
    evidence: bool,
    recipient: str | None,
    refresh: bool,
    memory_file: Path | None,
    challenge: str | None,
    domain: str | None,
) -> None:
    """Tell whether the credential in SOURCE is genuine, or a presentation and all credentials in it.

    With --challenge and --domain, its holder must have signed SOURCE in answer to them: a presentation, or
    an SD-JWT with a key binding. Without, a presentation is looked at too, and who shows it stays unproven.

    A line of a batch is a credential or a presentation, as JSON or as a JWT, which may be a JSON text, or
    {"source": a file or URL}. Each gives one JSON report on a line, and one that is nothing of the kind, or
    takes too long, holds up none of the others. How many had which verdict is said on standard error.

    With --memory, an issuer that signs with a key it did not use before is not taken for granted: ask them,
    and if it is theirs, take the issuer out of FILE.

    Exits 0 when every required check passed, 1 when a check failed, 2 when SOURCE cannot be read, 3 when
    nothing failed but a required check could not be done. A batch exits with the gravest: 1, 2, 3, 0.
    """
    if (source is None) == (batch is None):
        raise click.UsageError("Name one SOURCE, or a file with --batch.")
    require_batch(batch, processes)
    if batch is not None and (challenge is not None or domain is not None):
        raise click.UsageError("A challenge serves for one presentation, not for a batch.")
    if batch is not None and memory_file is not None:
        raise click.UsageError("--memory is for one SOURCE at a time, not for a batch.")
    memory = load_memory(memory_file) if memory_file else None
    lookup = Lookup(
        load_material(material) if material else {}, offline=offline, allow_loopback=allow_loopback
    )
    trusted = load_trust(trust) if trust else None

    def asked() -> dict[str, Any]:
        moment = now()
        return {
            "fetch": lookup.for_one_credential(),
            "at": at or moment,
            "trust": trusted,
            # Without a network, looking at what the material holds of the evidence costs nothing.
            "evidence": evidence or offline,
            "seen_at": moment,
            "most_fetches": _MOST_LOOKUPS,
            "memory": memory,
        }

    def report_on(data: bytes) -> Report:
        more: dict[str, Any] = {"recipient": recipient, "refresh": refresh}
        more["at_hand"] = lookup.lists_at_hand
        return verifying.check(data, challenge=challenge, domain=domain, **more, **asked())

    def report_on_shown(data: bytes) -> PresentationReport:
        if recipient is not None or refresh:
            raise NotACredential("--email and --refresh are for a credential, not for a presentation.")
        return verifying.check_presentation(data, challenge=challenge, domain=domain, **asked())

    def report_on_line(data: bytes) -> Report | PresentationReport:
        # Mostly it is a credential, which is then read once only.
        report = report_on(data)
        return report_on_shown(data) if report.credential is None and _is_presentation(data) else report

    if batch is not None:
        raise SystemExit(_verify_batch(batch, processes, lookup, report_on_line))
    report: Report | PresentationReport
    data = b""
    try:
        data = read_source(source or "-", lookup.source)

        def looked_at() -> Report | PresentationReport | None:
            # A bare credential answers no challenge, and its report says so; an SD-JWT can.
            if not _is_presentation(data):
                return report_on(data)
            return None if recipient is not None or refresh else report_on_shown(data)

        found = guard.run(looked_at)
        if found is None:
            raise click.UsageError("--email and --refresh are for a credential, not for a presentation.")
        report = found
    except LaurelError as error:
        report = unreadable(error)
    if as_json:
        click.echo(json.dumps(report.as_json()))
    else:
        click.echo(as_text(report) if isinstance(report, Report) else presentation_as_text(report))
    if source is not None and source.endswith(".jsonl") and report.exit_code == 2:
        click.echo(f"A file of many lines: laurel verify --batch {plain(source)}", err=True)
    if report.exit_code == 2 and data.count(b".") == 2 and _is_token_list(data):
        click.echo("This is a status list itself: laurel status read shows what it says.", err=True)
    if memory_file is not None:
        remember(memory_file, report)
    raise SystemExit(report.exit_code)


def _is_token_list(data: bytes) -> bool:
    """Tell whether a file that is no credential is a Token Status List, without unpacking it."""

    def is_one() -> bool:
        try:
            token.read(data.decode("ascii").strip())
        except (LaurelError, ValueError):
            return False
        return True

    try:
        return guard.run(is_one)
    except guard.Stopped:
        return False


def _is_presentation(data: bytes) -> bool:
    """Tell whether a file means to be a presentation, even one that is not taken."""
    try:
        verifying.read_presentation(data)
    except NotAPresentation as error:
        return error.code != NotAPresentation.code
    except Unreadable:
        return False
    return True


def _verify_batch(
    path: Path,
    processes: int | None,
    lookup: Lookup,
    report_on: Callable[[bytes], Report | PresentationReport],
) -> int:
    exits = {0}
    others: Counter[str] = Counter()

    def told(line: Line) -> tuple[bytes, str]:
        report = _report_on_line(line.content, path.parent, lookup, report_on)
        code = report.exit_code
        is_usual = code == 0 and report.verdict == Verdict.GENUINE
        return line_of(line.number, report), "" if is_usual else f"{code} {report.verdict.value}"

    def noted(_: int, note: Note) -> None:
        code, verdict = str(note).split()
        exits.add(int(code))
        others[verdict] += 1

    count = work_through(path, sys.stdout.buffer, told, label="Checking", processes=processes, noted=noted)
    others[Verdict.GENUINE] += count - others.total()
    click.echo(summary(count, others), err=True)
    return next(code for code in _GRAVITY if code in exits)


def _report_on_line(
    line: bytes | TooLarge,
    folder: Path,
    lookup: Lookup,
    report_on: Callable[[bytes], Report | PresentationReport],
) -> Report | PresentationReport:
    try:
        if isinstance(line, TooLarge):
            raise line
        # What begins like this is no pointer to another source and no text, and is parsed once only.
        if line.startswith(b'{"@context"') or not line.startswith((b"{", b'"')):
            return report_on(line)
        value = loads(line, limit=LARGEST_FILE, longest_string=LARGEST_FILE)
        if isinstance(value, str):
            return report_on(value.encode())
        if isinstance(value, dict) and "source" in value and "@context" not in value:
            return report_on(_named_in(value["source"], folder, lookup))
        return report_on(line)
    except LaurelError as error:
        return unreadable(error)


def _named_in(source: JsonValue, folder: Path, lookup: Lookup) -> bytes:
    if not isinstance(source, str) or source in ("", "-"):
        raise NoSource("The source of the line is not the name of a file or a URL.")
    return read_source(source if is_url(source) else str(folder / source), lookup.source)
