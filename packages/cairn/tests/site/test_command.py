# SPDX-License-Identifier: Apache-2.0
"""The `cairn` command: founding, delivering and serving, and what it says when it can't."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.core import mail
from django.utils import timezone

from cairn.people import queries as people
from cairn.people import services
from cairn.people.facts import Role
from cairn.people.models import Membership, Organization
from cairn.site import command


def run(*words: str) -> Result:
    """Run the command in this process, on the tests' database."""
    return CliRunner().invoke(command.main, list(words))


def run_outside(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process and a data folder of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    return subprocess.run(
        [sys.executable, "-m", "cairn.site.command", *words],
        env=inherited | {"CAIRN_VAR": str(folder)} | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.django_db
class TestFound:
    WORDS = (
        "Fernhill College",
        "--country",
        "gb",
        "--admin",
        "wanda.ferris@fernhill.example",
        "--admin-name",
        "Wanda Ferris",
    )

    def test_makes_an_institution_whose_administrator_can_sign_in(self) -> None:
        done = run("found", *self.WORDS)

        assert done.exit_code == 0, done.output
        assert "Fernhill College is founded. Its desk: /staff/fernhill-college/" in done.output
        college = Organization.objects.get(slug="fernhill-college")
        assert college.country == "GB"
        wanda = Membership.objects.get(organization=college, role=Role.ADMIN).person
        assert wanda.email == "wanda.ferris@fernhill.example"
        assert people.actor_of(wanda).has_role(college.id, Role.ADMIN)

    def test_takes_the_address_that_is_asked_for(self) -> None:
        run("found", *self.WORDS, "--slug", "fernhill")

        assert Organization.objects.get().slug == "fernhill"

    def test_says_what_is_missing(self) -> None:
        done = run("found", "Fernhill College", "--country", "GB")

        assert done.exit_code == 2
        assert "--admin" in done.output
        assert not Organization.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestWorker:
    def test_delivers_what_is_due_and_stops(self, settings: object) -> None:
        settings.CAIRN_NEWS_INLINE = False  # type: ignore[attr-defined]  # pytest-django's settings object
        at = timezone.now()
        services.find_or_add_person(name="Amara Okafor", email="amara.okafor@example.org", at=at)
        services.ask_for_sign_in_link(email="amara.okafor@example.org", language="en", at=at)
        assert mail.outbox == []

        done = run("worker", "--once")

        assert done.exit_code == 0, done.output
        assert [letter.to for letter in mail.outbox] == [["amara.okafor@example.org"]]

    def test_stops_at_once_when_nothing_is_due(self) -> None:
        assert run("worker", "--once").exit_code == 0


class TestServing:
    @pytest.mark.parametrize("word", ["up", "serve"])
    def test_on_a_taken_port_says_so_and_names_a_way_out(self, word: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = run(word, "--port", str(port))

        assert done.exit_code == 1
        assert f"Something already listens on 127.0.0.1:{port}." in done.output
        assert f"./cairn up --port {port + 1}" in done.output

    @pytest.mark.parametrize("port", ["0", "65536", "http"])
    def test_on_no_port_is_refused(self, port: str) -> None:
        assert run("up", "--port", port).exit_code == 2


class TestSettings:
    def test_of_a_database_that_is_not_there_say_so_without_a_traceback(self, tmp_path: Path) -> None:
        done = run_outside(tmp_path, "seed", CAIRN_DATABASE_URL="postgres://nobody@127.0.0.1:9/none")

        assert done.returncode == 1
        assert "The database does not answer." in done.stderr
        assert "Traceback" not in done.stderr

    def test_that_are_mistyped_stop_the_start_without_a_traceback(self, tmp_path: Path) -> None:
        done = run_outside(tmp_path, "worker", "--once", CAIRN_DATABSE_URL="postgres:///cairn")

        assert done.returncode == 1
        assert "CAIRN_DATABSE_URL" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.django_db
class TestSeed:
    def test_leaves_a_used_site_as_it_is(self) -> None:
        services.find_or_add_person(name="Amara Okafor", email="amara.okafor@example.org", at=timezone.now())

        done = run("seed")

        assert done.exit_code == 0, done.output
        assert "Filling" not in done.output
        assert people.has_anybody()
        assert not Organization.objects.exists()
