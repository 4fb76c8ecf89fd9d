# SPDX-License-Identifier: Apache-2.0
"""`laurel keygen` and `laurel pubkey`: make a key, and give its public half away; and keys in files."""

import os
from pathlib import Path
from typing import Final

import click

from laurel.cli.sources import about, read_file, write
from laurel.did import did_of
from laurel.did import jwk as did_jwk
from laurel.did import key as did_key
from laurel.did import web as did_web
from laurel.errors import LaurelError, NotAKey
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.strictjson import JsonValue, dumps, loads

_LARGEST_KEY: Final = 64 * 1024


@click.command()
@click.option(
    "--kind",
    type=click.Choice(["ed25519", "p256", "p384", "rsa2048"]),
    default="ed25519",
    show_default=True,
    help="What to make.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("laurel-key.json"),
    show_default=True,
    help="Where the private key goes. Never overwrites.",
)
@click.option(
    "--did",
    "name",
    default="key",
    show_default=True,
    metavar="key|jwk|web:HOST[:PATH]",
    help="Whose key it is.",
)
@click.option(
    "--did-document",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the did.json to publish, for a did:web.",
)
def keygen(kind: str, out: Path, name: str, did_document: Path | None) -> None:
    """Make a signing key.

    Writes the private key as a JWK that only you can read, and prints its DID and verification method. A
    key of a did:web counts once its did.json is published at the address that is printed.
    """
    method = name.removeprefix("did:")
    url = _published_at(method)
    key = SigningKey.generate(kind)  # type: ignore[arg-type]  # click lets only these through
    if method == "key":
        key = did_key.with_did_key(key)
    elif method == "jwk":
        key = key.with_id(f"{did_jwk.did(key.public)}#0")
    else:
        key = key.with_id(f"did:{method}#key-1")
    if did_document is not None and url is None:
        raise click.UsageError(f"--did-document is for a did:web; a did:{method} is its own document.")
    if did_document is not None and did_document.absolute() == out.absolute():
        raise click.UsageError(
            "--out and --did-document name one file. The key is secret and the document is not."
        )
    if did_document is not None:
        _require_new(did_document)
    _write_private(out, key)
    identifier = did_of(str(key.id))
    if did_document is not None and url is not None:
        try:
            write(did_document, _document_of(key))
        except click.UsageError:
            out.unlink()  # a key that nobody can look up; the next try would find it in its way
            raise
    click.echo(f"Private key: {out} (keep it secret)")
    click.echo(f"DID: {identifier}")
    click.echo(f"Verification method: {key.id}")
    if url is not None:
        click.echo(f"Publish its did.json at: {url}")
        _, host, *folders = method.split(":")
        if folders and folders[0].isdecimal():
            port = ":".join([f"web:{host}%3A{folders[0]}", *folders[1:]])
            click.echo(f"Careful: {folders[0]} is a folder here. As a port, it is --did {port}", err=True)
        if did_document is None:
            click.echo(f"To write it: laurel pubkey {out} --did-document --out did.json")


def _require_new(document: Path) -> None:
    if document.exists():
        raise click.UsageError(
            f"{document} is there already. A new one would drop the keys that it lists, and with them "
            "all that they signed. Write to another file, and add its key to those."
        )


def _document_of(key: SigningKey) -> bytes:
    """Return the did.json of a key of a did:web. Raises: NotADid."""
    return dumps(did_web.document(did_of(str(key.id)), [key.public])) + b"\n"


def _published_at(method: str) -> str | None:
    """Return where the document of a did:web goes; None for a key that needs none."""
    if method in ("key", "jwk"):
        return None
    if method.partition(":")[0] != "web":
        raise click.UsageError("--did takes key, jwk or web:HOST, with the host that will show its did.json.")
    try:
        return did_web.url(f"did:{method}")
    except LaurelError as error:
        message = (
            f"--did {method} names no place for a did.json. After web: comes a host, and a folder "
            "unless it is .well-known: such as web:college.example or web:college.example:art."
        )
        raise click.UsageError(message) from error


def _write_private(out: Path, key: SigningKey) -> None:
    jwk: dict[str, JsonValue] = dict(key.to_private_jwk())
    try:
        # Made for the owner alone from its first moment: a later chmod would leave a gap.
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(dumps(jwk) + b"\n")
    except FileExistsError as error:
        raise click.UsageError(f"{out} is there already. Choose another name with --out.") from error
    except OSError as error:
        raise click.UsageError(f"{out} cannot be written: {error.strerror}.") from error


def load_key(path: Path) -> SigningKey:
    """Return the private key of a JWK file; without a `kid` it goes by its own did:key.

    Raises:
        click.UsageError: it cannot be read, or is no private key.
    """
    try:
        key = SigningKey.from_jwk(_jwk(path))
        return key if key.id is not None else did_key.with_did_key(key)
    except LaurelError as error:
        raise click.UsageError(about(path, error)) from error


def load_public_key(path: Path) -> VerifyingKey:
    """Return the public key of a JWK file. Raises: click.UsageError, also for a private one."""
    try:
        jwk = _jwk(path)
        if "d" in jwk:
            raise click.UsageError(
                f"{path} holds a private key, which is for its owner alone. "
                f"They give you the public half: laurel pubkey {path} writes it."
            )
        return VerifyingKey.from_jwk(jwk)
    except LaurelError as error:
        raise click.UsageError(about(path, error)) from error


def _jwk(path: Path) -> dict[str, JsonValue]:
    value = loads(read_file(path, _LARGEST_KEY))
    if not isinstance(value, dict):
        raise NotAKey("The file holds no JWK.")
    if "kty" not in value:
        raise NotAKey('The file holds no JWK, for it does not say which kind of key it is ("kty").')
    return value


@click.command()
@click.argument("key_file", type=click.Path(path_type=Path), metavar="KEY")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write; default: standard output."
)
@click.option(
    "--did-document",
    "as_document",
    is_flag=True,
    help="Write the did.json of a did:web, with this key alone.",
)
def pubkey(key_file: Path, out: Path | None, as_document: bool) -> None:
    """Write the public half of a private KEY, to give to others.

    KEY is a private JWK, as laurel keygen writes it. What comes out is a JWK too, for laurel issue --holder,
    or the did.json to publish.

    Exits 2 when KEY cannot be read or is no private key.
    """
    try:
        jwk = _jwk(key_file)
        if "d" not in jwk:
            VerifyingKey.from_jwk(jwk)  # of what is no key at all, that is told
            raise click.UsageError(f"{key_file} is the public half already.")
        key = load_key(key_file)
        public: dict[str, JsonValue] = dict(key.public.to_jwk())
        written = _document_of(key) if as_document else dumps(public) + b"\n"
    except LaurelError as error:
        raise click.UsageError(about(key_file, error)) from error
    if as_document and out is not None:
        _require_new(out)
    write(out, written)
