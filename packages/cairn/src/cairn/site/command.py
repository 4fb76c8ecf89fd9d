# SPDX-License-Identifier: Apache-2.0
"""The `cairn` command: set up and serve, run the demonstration, deliver news, call Django's own commands."""

import os
import socket
import sqlite3
import sys
import time
from pathlib import Path

import click

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.site.settings")


@click.group()
def main() -> None:
    """Run the Cairn platform."""


@main.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to serve on."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option(
    "--seed/--no-seed",
    default=None,
    help="Fill an empty site with a demo institution; by default in development only.",
)
def up(port: int, host: str, seed: bool | None) -> None:
    """Set the site up and serve it: migrate, seed on first run, collect files, listen."""
    _require_free(host, port)
    os.environ.setdefault("CAIRN_BASE_URL", f"http://localhost:{port}")
    _django()
    from django.conf import settings

    _prepare(seed=settings.CAIRN_DEVELOPMENT if seed is None else seed)
    serve_forever(host, port)


@main.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to serve on."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
def serve(port: int, host: str) -> None:
    """Serve a site that is set up already; for a process manager."""
    _require_free(host, port)
    _django()
    serve_forever(host, port)


@main.command()
@click.option("--once", is_flag=True, help="Deliver what is due now, then stop.")
def worker(once: bool) -> None:
    """Deliver news that is due: e-mails, and whatever else rooms do when something happened."""
    _django()
    from django.utils import timezone

    from cairn.foundation import news

    while True:
        heard = news.deliver_due(at=timezone.now())
        if once and not heard:
            return
        if not heard:
            time.sleep(1)


@main.command()
def seed() -> None:
    """Fill an empty site with a demo institution."""
    _django()
    _prepare(seed=True)


@main.command()
@click.argument("name")
@click.option("--country", required=True, help="Two letters, such as NL.")
@click.option("--admin", required=True, help="E-mail address of its first administrator.")
@click.option("--admin-name", required=True, help="Their name.")
@click.option("--slug", default="", help="Its name in addresses, for good; made from NAME by default.")
def found(name: str, country: str, admin: str, admin_name: str, slug: str) -> None:
    """Found the institution NAME with its first administrator, who then signs in by e-mail."""
    _django()
    _prepare(seed=False)
    from django.utils import timezone

    from cairn.people import services as people

    now = timezone.now()
    administrator = people.find_or_add_person(name=admin_name, email=admin, at=now)
    organization = people.found_organization(
        name=name, country=country.upper(), slug=slug, administrator_id=administrator.id, at=now
    )
    click.echo(f"{organization.name} is founded. Its desk: /staff/{organization.slug}/")


@main.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    help="Folder for the files it makes.",
)
def demo(out: Path) -> None:
    """Run the whole story over real HTTP with a fresh database, and keep its files."""
    from cairn.site.demo import story

    raise SystemExit(story.run(out.resolve()))


@main.command()
def words() -> None:
    """Bring the translations up to date with the sentences in code and templates."""
    from cairn.site import extraction

    for language, lacking in extraction.update_all().items():
        click.echo(f"{language}: {lacking} sentences wait for a translation")


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Call one of Django's own commands, such as `createsuperuser`."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["cairn manage", *arguments])


def serve_forever(host: str, port: int) -> None:
    """Replace this process by the web server. SQLite gets one process, as it has one writer."""
    from django.conf import settings

    # Whoever starts the server knows the site; the server alone knows when it listens.
    os.environ["WELCOME_TO_CAIRN"] = _welcome()
    processes = "1" if "sqlite" in settings.DATABASES["default"]["ENGINE"] else "2"
    os.execv(  # noqa: S606 - our own interpreter with fixed words
        sys.executable,
        [
            sys.executable, "-m", "gunicorn", "cairn.site.wsgi:application",
            "--config", "python:cairn.site.server", "--bind", f"{host}:{port}",
            "--workers", processes, "--worker-class", "gthread", "--threads", "8",
        ],
    )  # fmt: skip


def _django() -> None:
    import django

    from cairn.site.environment import UnknownSetting

    try:
        django.setup()
    except UnknownSetting as fault:
        raise click.ClickException(str(fault)) from fault


def _prepare(*, seed: bool) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError

    from cairn.site import words

    if "sqlite" in settings.DATABASES["default"]["ENGINE"] and sqlite3.sqlite_version_info < (3, 51, 3):
        click.echo(
            f"SQLite {sqlite3.sqlite_version} is older than 3.51.3, so the safer rollback journal is used."
        )
    words.compile_all()
    click.echo("Bringing the database up to date")
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as fault:
        raise click.ClickException(f"The database does not answer. {str(fault).strip()}") from fault
    _warn_about_credentials()
    call_command("collectstatic", verbosity=0, interactive=False)
    if seed:
        from cairn.site import seeding

        if seeding.is_empty():
            click.echo("Filling the site with a demo institution")
            seeding.fill()


def _warn_about_credentials() -> None:
    """Say what a newcomer would otherwise find out from a credential that nobody can issue or check."""
    from django.conf import settings

    from cairn.credentials import queries as credentials

    if locked := credentials.count_locked_keys():
        click.echo(
            f"{locked} signing keys do not open: they were sealed with another "
            f"{settings.CAIRN_VAR / 'secrets' / 'signing-keys'}. "
            "Put that file back, or nothing can be issued."
        )
    signed = credentials.find_signed_address()
    if signed not in (None, settings.CAIRN_BASE_URL):
        click.echo(
            f"The credentials of this site carry {signed}, and this start answers at "
            f"{settings.CAIRN_BASE_URL}: they cannot be checked there. Start it at the address they carry."
        )


def _welcome() -> str:
    from django.conf import settings

    from cairn.people import queries as people
    from cairn.site import welcome

    folder = settings.CAIRN_VAR.resolve()
    shown = f"{folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder}/"
    database = settings.DATABASES["default"]
    if "postgresql" in database["ENGINE"]:
        kept = f"Files and secrets live in {shown}, all else in the PostgreSQL database {database['NAME']}."
    else:
        afresh = "; remove that folder to start afresh" if settings.CAIRN_DEVELOPMENT else ""
        kept = f"Everything lives in {shown}{afresh}."
    return welcome.text(
        settings.CAIRN_BASE_URL,
        has_demo=people.find_person(welcome.CAST[0][0]) is not None,
        has_outbox=settings.CAIRN_DEVELOPMENT,
        is_empty=not people.has_anybody(),
        kept=kept,
    )


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise click.ClickException(
                f"Something already listens on {host}:{port}. "
                f"Stop it, or choose another port: ./cairn up --port {port + 1}"
            ) from None


if __name__ == "__main__":
    main()
