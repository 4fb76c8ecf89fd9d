# SPDX-License-Identifier: Apache-2.0
"""`laurel inspect`, `bake` and `unbake`: look into a file, put a credential in, take it out."""

import json
from pathlib import Path

import click

from laurel.cli.sources import Lookup, about, read_file, read_source, write
from laurel.errors import CorruptImage, LaurelError, NotACredential, Unreadable
from laurel.formats import baking
from laurel.verify import read_presentation
from laurel.verify.presentations import PURPOSE, NotAPresentation
from laurel.verify.presented import Presented, read


def _unreadable(source: str, error: LaurelError) -> SystemExit:
    click.echo(about(source, error), err=True)
    return SystemExit(2)


@click.command()
@click.argument("source")
@click.option("--allow-loopback", is_flag=True, help="Also fetch from this machine, by http too.")
def inspect(source: str, allow_loopback: bool) -> None:
    """Show what SOURCE holds, as JSON, without checking any of it.

    Exits 2 when SOURCE cannot be read.
    """
    try:
        lookup = Lookup({}, offline=False, allow_loopback=allow_loopback)
        presented = _read_either(read_source(source, lookup.source))
        if presented.fault is not None:
            raise Unreadable(str(presented.fault), code=presented.fault.code)
    except LaurelError as error:
        raise _unreadable(source, error) from error
    click.echo("Nothing of this has been checked. To check it: laurel verify", err=True)
    kind = "presentation" if presented.purpose == PURPOSE else presented.format
    shown: dict[str, object] = {"carrier": presented.carrier, "format": kind}
    if presented.jwt is not None:
        shown |= {"header": presented.jwt.header, "claims": presented.jwt.claims}
    click.echo(json.dumps(shown | {"document": presented.document}, indent=2))


def _read_either(data: bytes) -> Presented:
    """Return a credential, or a presentation as far as it is a document of its own. Raises: LaurelError."""
    try:
        return read(data)
    except NotACredential as error:
        try:
            return read_presentation(data).own
        except NotAPresentation as fault:
            # Of the two reasons the one that fits what it means to be.
            raise (error if fault.code == NotAPresentation.code else fault) from error
        except LaurelError:
            raise error from None


@click.command()
@click.argument("image", type=click.Path(path_type=Path))
@click.argument("credential", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="Where the new file goes."
)
def bake(image: Path, credential: Path, out: Path) -> None:
    """Put a CREDENTIAL (JSON or JWT) into an IMAGE (PNG, SVG or PDF).

    A credential that is in a PNG or SVG already is replaced; a PDF that holds one is refused. Exits 2 when
    a file cannot be read.
    """
    try:
        text = _text(read_file(credential))
        presented = read(text.encode())  # so that no key or note ever goes round in a picture
    except LaurelError as error:
        raise _unreadable(str(credential), error) from error
    try:
        data = read_file(image)
        kind = _kind_of(data)
        if kind == "png":
            baked = baking.bake_png(data, text)
        elif kind == "svg":
            baked = baking.bake_svg(data, text)
        else:
            _require_no_other(data)
            name = "credential.json" if text.startswith("{") else "credential.jwt"
            baked = baking.attach_pdf(data, name, text.encode())
    except LaurelError as error:
        raise _unreadable(str(image), error) from error
    is_token = presented.jwt is not None or presented.sd_jwt is not None or presented.fault is not None
    if not is_token and "proof" not in presented.document:
        click.echo("Careful: nobody has signed this credential, so nobody can check it.", err=True)
    write(out, baked)


def _require_no_other(pdf: bytes) -> None:
    """Refuse a PDF with a credential in it: one with two is read by nobody. Raises: LaurelError."""
    try:
        baking.unbake_pdf(pdf)
    except CorruptImage as error:
        if error.code == "unreadable.no-credential":
            return
        if error.code != "unreadable.several-credentials":
            raise
    message = "The PDF file holds a credential already, and with two it could not be told which is meant."
    raise CorruptImage(f"{message} Take the paper as it was before.")


def _kind_of(data: bytes) -> baking.Format:
    """Return which kind of picture a file is. Raises: Unreadable; it is none, whatever else it may be."""
    try:
        kind = baking.detect(data)
    except Unreadable:
        kind = None
    if kind not in ("png", "svg", "pdf"):
        raise Unreadable("This is no picture that can hold a credential: it is not a PNG, SVG or PDF file.")
    return kind


def _text(data: bytes) -> str:
    try:
        return data.decode().strip()
    except UnicodeDecodeError as error:
        raise Unreadable("The credential is not UTF-8 text.") from error


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write; default: standard output."
)
def unbake(file: Path, out: Path | None) -> None:
    """Take the credential out of a FILE (PNG, SVG or PDF), without checking it.

    Exits 2 when the file holds no credential, or more than one.
    """
    try:
        data = read_file(file)
        _kind_of(data)
        text = baking.unbake(data)
    except LaurelError as error:
        raise _unreadable(str(file), error) from error
    write(out, text.encode())
