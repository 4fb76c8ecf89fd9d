# SPDX-License-Identifier: Apache-2.0
"""A site of its own for the demonstration: fresh, really served, and gone afterwards."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cairn.site.demo import local_site
from cairn.site.demo.visitor import Visitor


@pytest.mark.slow
class TestRunning:
    def test_serves_a_filled_site_and_ends_with_it(self, tmp_path: Path) -> None:
        with local_site.running(tmp_path, seed=True) as address:
            page = Visitor(address).get("/o/fernhill")
            welcome = (tmp_path / "server.log").read_text(encoding="utf-8")

        assert page.status == 200
        assert "Data Cleaning with Python" in page.words
        assert f"Cairn is up:  {address}" in welcome
        assert "priya.nair@fernhill.example" in welcome
        port = urlsplit(address).port
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(port or 0))) != 0

    def test_says_the_last_words_of_a_site_that_does_not_start(self, tmp_path: Path) -> None:
        with (
            pytest.raises(local_site.DidNotStart, match="postgres://"),
            local_site.running(tmp_path, seed=False, database_url="mysql://cairn@db.example/cairn"),
        ):
            pytest.fail("it started")


class TestCall:
    def test_says_why_a_command_failed(self, tmp_path: Path) -> None:
        with pytest.raises(local_site.DidNotStart, match="No such command"):
            local_site.call(tmp_path, "sreve")

    def test_lends_the_site_no_setting_of_this_process(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CAIRN_DATABSE_URL", "a typo that would stop the start")

        local_site.call(tmp_path / "site", "manage", "check", "--deploy", "--fail-level", "CRITICAL")
