# SPDX-License-Identifier: Apache-2.0
"""`laurel issue`: sign drafts with a key once they keep to the rules."""

import json
from pathlib import Path
from typing import Final, NamedTuple, cast
from uuid import uuid4

import click

from laurel import issue as issuing
from laurel.cli.batches import Line, Note, processes_option, require_batch, work_through
from laurel.cli.keys import load_key, load_public_key
from laurel.cli.list_files import list_by_http, warn_of_http
from laurel.cli.sources import Lookup, about, keep_private_key, now, plain, read_source, write
from laurel.did import did_of
from laurel.errors import FailedChecks, LaurelError, TooLarge
from laurel.model.timestamp import format_timestamp
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.proof.vc_sd_jwt import confirmation
from laurel.strictjson import MAX_BYTES, JsonValue, loads

SUITES: Final = (*data_integrity.SUITES, "vc-jwt", "vc+jwt", "vc+sd-jwt", "sd-jwt-vc")
# What no fault begins with: a note on a line that was issued, with the address of its list.
_BY_HTTP: Final = "by http: "
_SELECTIVE: Final = ("vc+sd-jwt", "sd-jwt-vc")


@click.command()
@click.argument("draft", required=False)
@click.option(
    "--batch", type=click.Path(path_type=Path), metavar="FILE", help="Issue each line of a JSONL file."
)
@processes_option
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The private JWK.",
)
@click.option(
    "--suite",
    type=click.Choice(SUITES),
    help="How to sign; default: eddsa-rdfc-2022, or vc-jwt for other keys.",
)
@click.option(
    "--disclosable",
    multiple=True,
    metavar="POINTER",
    help="What the holder may leave out, such as /name; for an SD-JWT. Can be given many times.",
)
@click.option(
    "--holder",
    "holder_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The public JWK of the holder, who then proves to have the key; for an SD-JWT.",
)
@click.option(
    "--mandatory",
    multiple=True,
    metavar="POINTER",
    help="What the holder cannot leave out besides what makes it a badge; for ecdsa-sd-2023. Can be given "
    "many times.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write; default: standard output."
)
def issue(
    draft: str | None,
    batch: Path | None,
    processes: int | None,
    key_file: Path,
    suite: str | None,
    disclosable: tuple[str, ...],
    holder_file: Path | None,
    mandatory: tuple[str, ...],
    out: Path | None,
) -> None:
    """Check the draft of a credential and sign it.

    DRAFT is a JSON file, or - for standard input. Where it says no issuer, id or validFrom, the key's DID,
    a new urn:uuid and the present moment are filled in. A batch gives one line for each line: the
    credential (a JWT as a JSON text), or {"line": …, "findings": […]} for a draft that breaks a rule.

    An sd-jwt-vc is no badge but a credential of plain claims: its draft holds them, with the type in "vct",
    and is completed by "iss" and "iat". What is signed with ecdsa-sd-2023 is the holder's own copy: they show
    parts of it, which laurel derive makes.

    Exits 0 when everything was issued, 1 when a draft breaks a rule, 2 when DRAFT or the key cannot be read.
    """
    if (draft is None) == (batch is None):
        raise click.UsageError("Name one DRAFT, or a file with --batch.")
    require_batch(batch, processes)
    key = load_key(key_file)
    chosen = suite or ("eddsa-rdfc-2022" if key.algorithm == "Ed25519" else "vc-jwt")
    kinds = data_integrity.SUITES[chosen].algorithms if chosen in data_integrity.SUITES else ()
    if kinds and key.algorithm not in kinds:
        message = (
            f"--suite {chosen} needs a key of the kind {' or '.join(kinds)}; this one is {key.algorithm}."
        )
        raise click.UsageError(message)
    if (disclosable or holder_file) and chosen not in _SELECTIVE:
        raise click.UsageError(f"--disclosable and --holder are for an SD-JWT, not for {chosen}.")
    if mandatory and chosen != "ecdsa-sd-2023":
        raise click.UsageError(f"--mandatory is for --suite ecdsa-sd-2023, not for {chosen}.")
    how = _How(chosen, disclosable, load_public_key(holder_file) if holder_file else None, mandatory)
    if batch is not None:
        raise SystemExit(_issue_batch(batch, key, how, out, processes))
    try:
        data = read_source(draft or "-", Lookup({}, offline=True, allow_loopback=False).source)
        signed = _issue(data, key, how)
    except FailedChecks as error:
        for finding in error.findings:
            click.echo(about(finding.pointer or "/", finding.message), err=True)
        raise SystemExit(1) from error
    except LaurelError as error:
        click.echo(about(draft or "-", error), err=True)
        raise SystemExit(2) from error
    if (url := list_by_http(data)) is not None:
        warn_of_http(url)
    write(out, signed)


class _How(NamedTuple):
    """How to sign: the suite, what the holder can or cannot leave out, and whose key it is bound to."""

    suite: str
    disclosable: tuple[str, ...]
    holder: VerifyingKey | None
    mandatory: tuple[str, ...]


def _issue(data: bytes, key: SigningKey, how: _How) -> bytes:
    suite, disclosable, holder, mandatory = how
    if suite == "sd-jwt-vc":
        value = loads(data, limit=MAX_BYTES)
        if not isinstance(value, dict):
            raise issuing.NotADraft("The draft is not a JSON object.")
        claims = _completed_claims(value, key, holder)
        return issuing.sign_sd_jwt_vc(claims, key, disclosable=disclosable).encode("ascii")
    checked = issuing.check_text(data, completed=lambda draft: _completed(draft, key))
    if suite == "vc+sd-jwt":
        signed = issuing.sign_sd_jwt(checked, key, disclosable=disclosable, holder=holder)
        return signed.encode("ascii")
    if suite == "vc-jwt":
        return issuing.sign_jwt(checked, key, profile="open-badges-3.0").encode("ascii")
    if suite == "vc+jwt":
        return issuing.sign_jwt(checked, key, profile="vc-jose-cose").encode("ascii")
    chosen = cast("issuing.Suite", suite)
    return issuing.sign(checked, key, suite=chosen, created=now(), mandatory=mandatory)


def _completed(draft: dict[str, JsonValue], key: SigningKey) -> dict[str, JsonValue]:
    """Return the draft with what the key and the clock know, or as it is where it lacks nothing of that."""
    issuer = draft.get("issuer", {"type": ["Profile"]})
    names_issuer = "issuer" in draft and (not isinstance(issuer, dict) or "id" in issuer)
    if names_issuer and "id" in draft and "validFrom" in draft:
        return draft
    if isinstance(issuer, dict) and "id" not in issuer:
        issuer = {"id": did_of(str(key.id)), **issuer}
    filled: dict[str, JsonValue] = {
        "id": f"urn:uuid:{uuid4()}",
        "validFrom": format_timestamp(now().replace(microsecond=0)),
    }
    contexts: dict[str, JsonValue] = {name: draft[name] for name in ("@context",) if name in draft}
    completed: dict[str, JsonValue] = contexts | filled | draft
    return completed | {"issuer": issuer}


def _completed_claims(
    draft: dict[str, JsonValue], key: SigningKey, holder: VerifyingKey | None
) -> dict[str, JsonValue]:
    """Return the claims of an SD-JWT VC with what the key, the clock and the caller know."""
    filled: dict[str, JsonValue] = {"iat": int(now().timestamp())}
    if "iss" not in draft:
        filled["iss"] = did_of(str(key.id))
    if holder is not None:
        filled["cnf"] = confirmation(holder)
    return filled | draft


def _issue_batch(path: Path, key: SigningKey, how: _How, out: Path | None, processes: int | None) -> int:
    if out is not None:
        keep_private_key(out)
        if out.is_file() and path.is_file() and out.samefile(path):
            raise click.UsageError(f"--batch and --out name one file: {out} would be emptied unread.")
    try:
        file = click.open_file(str(out) if out else "-", "wb")
    except OSError as error:
        raise click.UsageError(f"{out} cannot be written: {error.strerror}.") from error
    failed, has_warned = 0, False

    def noted(number: int, fault: Note) -> None:
        nonlocal failed, has_warned
        if str(fault).startswith(_BY_HTTP):
            if not has_warned:
                warn_of_http(str(fault).removeprefix(_BY_HTTP))
            has_warned = True
            return
        failed += 1
        click.echo(f"Line {number}: {plain(str(fault))}", err=True)

    def work(line: Line) -> tuple[bytes, Note]:
        return _row(line, key, how)

    with file:
        count = work_through(path, file, work, label="Issuing", processes=processes, noted=noted)
    click.echo(f"{count - failed} issued{f', {failed} not issued' if failed else ''}.", err=True)
    return 1 if failed else 0


def _row(line: Line, key: SigningKey, how: _How) -> tuple[bytes, str]:
    """Return what a row gives, and its first fault if it has one, or what `list_by_http` finds in it."""
    findings: list[JsonValue]
    try:
        if isinstance(line.content, TooLarge):
            raise line.content
        signed = _issue(line.content, key, how)
    except FailedChecks as error:
        findings = [
            {"code": each.code, "pointer": each.pointer, "message": each.message} for each in error.findings
        ]
        fault = about(error.findings[0].pointer or "/", error.findings[0].message)
    except LaurelError as error:
        findings = [{"code": error.code, "pointer": "", "message": str(error)}]
        fault = str(error)
    else:
        row = signed if signed.startswith(b"{") else json.dumps(signed.decode()).encode()
        url = list_by_http(line.content)
        return row + b"\n", "" if url is None else _BY_HTTP + url
    return json.dumps({"line": line.number, "findings": findings}).encode() + b"\n", fault
