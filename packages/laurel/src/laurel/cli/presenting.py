# SPDX-License-Identifier: Apache-2.0
"""`laurel present`: show credentials to somebody who asked for them."""

import re
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from laurel import present as presenting
from laurel.cli.keys import load_key
from laurel.cli.sources import Lookup, Moment, about, credential_in, now, plain, read_source, write
from laurel.did import did_of
from laurel.errors import FailedChecks, LaurelError, NotACredential
from laurel.proof import sd_jwt
from laurel.proof.keys import SigningKey

SUITES: Final = (
    "eddsa-rdfc-2022",
    "eddsa-jcs-2022",
    "ecdsa-rdfc-2019",
    "ecdsa-jcs-2019",
    "vp+jwt",
    "vp-jwt",
    "sd-jwt",
)
_DEFAULTS: Final = {"Ed25519": "eddsa-rdfc-2022", "P-256": "ecdsa-rdfc-2019", "P-384": "ecdsa-rdfc-2019"}


@click.command()
@click.argument("credentials", nargs=-1, required=True, metavar="CREDENTIAL...")
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The holder's private JWK.",
)
@click.option("--challenge", "--nonce", "challenge", metavar="TEXT", help="What the receiver gave to sign.")
@click.option("--domain", "--audience", "domain", metavar="NAME", help="Who the receiver is.")
@click.option(
    "--suite",
    type=click.Choice(SUITES),
    help="How to sign; default: the one over RDF that fits the key, or vp+jwt.",
)
@click.option(
    "--reveal",
    "pointers",
    multiple=True,
    metavar="POINTER",
    help="Show this place, such as /credentialSubject/name, and of the rest only what the issuer left open. "
    "Can be given many times.",
)
@click.option("--reveal-all", "whole", is_flag=True, help="Show all that could be left out.")
@click.option("--expires", type=Moment(), help="Until when it serves.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write; default: standard output."
)
def present(
    credentials: tuple[str, ...],
    key_file: Path,
    challenge: str | None,
    domain: str | None,
    suite: str | None,
    pointers: tuple[str, ...],
    whole: bool,
    expires: object,
    out: Path | None,
) -> None:
    """Show credentials to somebody: put them together and sign that it is you who shows them.

    CREDENTIAL is a JSON, JWT, PNG, SVG or PDF file. The receiver says which --challenge and --domain to
    sign; without them, whoever has a copy could show it too. A vp+jwt holds credentials that are JWTs only;
    a vp-jwt is its older form, for any. With --suite sd-jwt, one SD-JWT goes out as it is, signed by you.

    Of an SD-JWT, and of JSON with an ecdsa-sd-2023 proof, parts can be left out: choose with --reveal or
    --reveal-all. What was shown and what was left out is said on standard error. To show as little as there
    is, take what laurel derive CREDENTIAL writes.

    Exits 1 when the presentation would break a rule, 2 when a CREDENTIAL or the key cannot be read.
    """
    if pointers and whole:
        raise click.UsageError("--reveal names what to show, and --reveal-all shows all. Take one of them.")
    key = load_key(key_file)
    chosen = suite or _DEFAULTS.get(key.algorithm, "vp+jwt")
    if "jwt" not in chosen and not _fits(chosen, key.algorithm):
        raise click.UsageError(
            f"--suite {chosen} does not go with a key of the kind {key.algorithm}. "
            "Leave --suite out, or take another key."
        )
    lookup = Lookup({}, offline=True, allow_loopback=False)
    moment = now().replace(microsecond=0)
    asked = {"challenge": challenge, "domain": domain, "expires": expires, "created": moment}
    try:
        found = [_shown(credential, pointers, lookup, whole=whole) for credential in credentials]
        if chosen == "sd-jwt":
            signed = _bound(found, key, moment, challenge, domain)
            write(out, signed)
            return
        showable = presenting.check(found, holder=did_of(str(key.id)))
        if chosen == "vp+jwt":
            signed = presenting.sign_jwt(showable, key, **asked).encode()  # type: ignore[arg-type]  # as named
        elif chosen == "vp-jwt":
            signed = presenting.sign_jwt(showable, key, profile="vc-data-model-1.1", **asked).encode()  # type: ignore[arg-type]  # as named
        else:
            signed = presenting.sign(showable, key, suite=chosen, **asked)  # type: ignore[arg-type]  # as named
    except FailedChecks as error:
        for finding in error.findings:
            place = _in_its_file(finding.pointer, credentials)
            click.echo(about(place or "/", finding.message), err=True)
        if any(finding.code == "present.base-proof" for finding in error.findings):
            click.echo(_CHOOSE, err=True)
        raise SystemExit(1) from error
    except LaurelError as error:
        click.echo(plain(str(error)), err=True)
        raise SystemExit(2) from error
    write(out, signed)


def _shown(credential: str, pointers: tuple[str, ...], lookup: Lookup, *, whole: bool) -> bytes:
    """Return the part of the credential in a file that is to be shown, and say on standard error which it is.

    Raises:
        click.UsageError: parts of it can be left out, and nobody has said which.
        SystemExit: it cannot be read, or has no such part.
    """
    try:
        found = credential_in(read_source(credential, lookup.source))
        places = _optional(found)
        if places and not pointers and not whole:
            raise click.UsageError(plain(f"{credential} can show {', '.join(places)}. {_CHOOSE}"))
        shown = presenting.reveal(found, pointers) if pointers else _everything(found) if whole else found
        if said := _said(places, _optional(shown), pointers):
            click.echo(plain(f"{credential} {said}"), err=True)
        return shown
    except LaurelError as error:
        click.echo(about(credential, error), err=True)
        raise SystemExit(2) from error


_CHOOSE: Final = (
    "Choose: --reveal with each place to show, or --reveal-all. To show none of them, present what laurel "
    "derive makes of it."
)


def _everything(credential: bytes) -> bytes:
    """Return a credential with all that can be shown of it; the holder's own copy itself never goes out."""
    if not credential.startswith(b"{"):
        return credential
    try:
        return presenting.reveal(credential, ("",))
    except NotACredential:
        return credential  # signed as a whole


def _optional(credential: bytes) -> tuple[str, ...]:
    """Return the places of an SD-JWT that its holder can leave out, none of anything else."""
    if credential.startswith(b"{") or b"~" not in credential:
        return ()
    return tuple(sorted(sd_jwt.read(credential.decode("ascii", "replace")).disclosed))


def _said(places: tuple[str, ...], shown: tuple[str, ...], pointers: tuple[str, ...]) -> str:
    """Return what a receiver will see of that which could be left out, or nothing where nothing could."""
    if not places:
        return f"shows what its issuer always shows, and {', '.join(pointers)}." if pointers else ""
    left_out = [place for place in places if place not in shown]
    return (
        f"shows {', '.join(shown) or 'none of what could be left out'}; "
        f"leaves out {', '.join(left_out) or 'nothing'}."
    )


def _in_its_file(pointer: str, credentials: tuple[str, ...]) -> str:
    """Return a place in the presentation as one in the file that it came from, where it is one."""
    found = re.match(r"/verifiableCredential/(\d+)(.*)", pointer)
    if found is None:
        return pointer
    name = credentials[int(found[1])]
    return f"{name}: {found[2]}" if found[2] else name


def _bound(
    found: list[bytes], key: SigningKey, moment: datetime, challenge: str | None, domain: str | None
) -> bytes:
    if len(found) != 1 or challenge is None or domain is None:
        raise click.UsageError("--suite sd-jwt takes one CREDENTIAL, a --challenge and a --domain.")
    return presenting.bind(found[0], key, created=moment, challenge=challenge, domain=domain)


def _fits(suite: str, algorithm: str) -> bool:
    return suite.startswith("eddsa") == (algorithm == "Ed25519") and algorithm != "RSA"
