# SPDX-License-Identifier: Apache-2.0
"""`laurel derive`: leave out of a credential what its receiver need not know."""

from pathlib import Path

import click

from laurel import present as presenting
from laurel.cli.sources import Lookup, about, credential_in, read_source, write
from laurel.errors import LaurelError


@click.command()
@click.argument("credential")
@click.option(
    "--reveal",
    "pointers",
    multiple=True,
    metavar="POINTER",
    help="Show this place, such as /credentialSubject/achievement/image. Can be given many times.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write; default: standard output."
)
def derive(credential: str, pointers: tuple[str, ...], out: Path | None) -> None:
    """Leave out of a credential all that is not revealed.

    CREDENTIAL is the holder's copy, as the issuer gave it: JSON with an ecdsa-sd-2023 proof, or an SD-JWT, in
    a file or baked into a picture. What its issuer made mandatory or left open is always shown; what a
    pointer names is shown whole. Verify what comes out before you give it away: a result, say, breaks a rule
    without the resultDescription that explains it.

    Exits 2 when CREDENTIAL cannot be read, was signed as a whole, or has nothing at a POINTER.
    """
    try:
        source = read_source(credential, Lookup({}, offline=True, allow_loopback=False).source)
        shown = presenting.reveal(credential_in(source), pointers)
    except LaurelError as error:
        click.echo(about(credential, error), err=True)
        raise SystemExit(2) from error
    write(out, shown)
