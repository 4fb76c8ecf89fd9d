# SPDX-License-Identifier: Apache-2.0
"""Settings come from CAIRN_ variables; a mistyped one stops the start, and the durable ones are chosen."""

import os
import re
import stat
from pathlib import Path

import pytest

from cairn.site import environment

ROOT = Path(__file__).resolve().parents[4]


class TestCheck:
    def test_stops_on_a_variable_that_nobody_knows_and_names_it(self) -> None:
        with pytest.raises(environment.UnknownSetting, match="CAIRN_DATABSE_URL"):
            environment.check({"CAIRN_DATABSE_URL": "postgres:///cairn", "HOME": "x"})

    def test_takes_every_known_one(self) -> None:
        environment.check(dict.fromkeys(environment.KNOWN, ""))


class TestDatabase:
    def test_chooses_the_rollback_journal_where_the_log_can_be_corrupted(self) -> None:
        old = environment.database("", Path("var"), (3, 40, 1))["OPTIONS"]["init_command"]
        new = environment.database("", Path("var"), (3, 51, 3))["OPTIONS"]["init_command"]

        assert "journal_mode=PERSIST" in old
        assert "synchronous=EXTRA" in old
        assert "journal_mode=WAL" in new
        assert "synchronous=FULL" in new

    def test_starts_every_write_with_the_lock(self) -> None:
        assert environment.database("", Path("var"), (3, 51, 3))["OPTIONS"]["transaction_mode"] == "IMMEDIATE"

    def test_reads_a_postgres_address(self) -> None:
        found = environment.database(
            "postgres://cairn:p%40ss@db.example:5433/credentials", Path("var"), (3, 40, 1)
        )

        assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("credentials", "cairn", "p@ss")
        assert (found["HOST"], found["PORT"]) == ("db.example", "5433")

    def test_refuses_another_engine(self) -> None:
        with pytest.raises(environment.UnknownSetting, match="postgres://"):
            environment.database("mysql://x/y", Path("var"), (3, 40, 1))


class TestSecret:
    def test_is_made_once_and_readable_by_its_owner_only(self, tmp_path: Path) -> None:
        first = environment.secret(tmp_path, "django")

        assert environment.secret(tmp_path, "django") == first
        assert len(first) >= 48
        assert stat.S_IMODE(os.stat(tmp_path / "secrets" / "django").st_mode) == 0o600


class TestProduction:
    def test_is_refused_without_a_way_to_write_to_people(self) -> None:
        with pytest.raises(environment.UnknownSetting, match="CAIRN_MAIL_URL"):
            environment.require_mail(development=False, mail_url="")

        environment.require_mail(development=False, mail_url="smtp://mail.example:587")
        environment.require_mail(development=True, mail_url="")

    @pytest.mark.parametrize("mode", ["prod", "Production", "production "])
    def test_mistyped_is_refused_and_not_taken_for_development(self, mode: str) -> None:
        with pytest.raises(environment.UnknownSetting, match="CAIRN_MODE"):
            environment.development(mode)

        assert environment.development("development")
        assert not environment.development("production")

    @pytest.mark.parametrize(
        "address",
        [
            "credentials.example.org",
            "localhost:8000",
            "ftp://x.example",
            "https://",
            "https://x.example/badges",
        ],
    )
    def test_refuses_an_address_that_credentials_could_not_carry(self, address: str) -> None:
        with pytest.raises(environment.UnknownSetting, match="CAIRN_BASE_URL"):
            environment.base_url(address)

    def test_takes_the_slash_off_the_base_url(self) -> None:
        assert environment.base_url("https://x.example:8443/") == "https://x.example:8443"

    def test_wants_the_number_of_proxies_as_a_number(self) -> None:
        assert environment.proxies("2") == 2
        with pytest.raises(environment.UnknownSetting, match="CAIRN_PROXIES"):
            environment.proxies("nginx")


class TestReadme:
    def test_names_every_setting_that_an_operator_can_make(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        named = set(re.findall(r"`(CAIRN_[A-Z_]+)`", readme))
        for_operators = {
            name for name, meaning in environment.KNOWN.items() if not meaning.startswith("tests:")
        }

        assert for_operators == named

    def test_names_only_commands_that_exist(self) -> None:
        script = (ROOT / "cairn").read_text(encoding="utf-8")

        for command in re.findall(r"\./cairn ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")):
            assert re.search(rf"(^|[|\s]){command}[|)]", script), command
