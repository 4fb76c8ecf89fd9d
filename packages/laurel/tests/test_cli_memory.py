# SPDX-License-Identifier: Apache-2.0
"""`laurel verify --memory` notices from one run to the next what was taken back in time or changed hands."""

import json
import os
import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from holder_world import CHALLENGE, DOMAIN, Learner
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import REVOCATIONS

from laurel import verify
from laurel.cli import main, remembering
from laurel.proof.keys import SigningKey

AT = "2026-11-22T09:30:00Z"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def college() -> IssuerWorld:
    return IssuerWorld()


def laurel(*arguments: str, stdin: bytes | None = None) -> Result:
    """Run the command; an exception that is not an exit fails the test."""
    result = CliRunner().invoke(main, list(arguments), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run(college: IssuerWorld, data: bytes | None = None, *options: str) -> Result:
    """What a command does that remembers, with the college's documents at hand."""
    documents = {url: json.loads(found) for url, found in college.documents.items() if found[:1] == b"{"}
    Path("material.json").write_text(json.dumps(documents), encoding="utf-8")
    return laurel(
        "verify", "-", "--json", "--offline", "--material", "material.json", "--at", AT,
        "--memory", "seen.json", *options, stdin=data or college.issue(),
    )  # fmt: skip


def verified(college: IssuerWorld, data: bytes | None = None, *options: str) -> dict[str, Any]:
    """The report that it prints."""
    found: dict[str, Any] = json.loads(run(college, data, *options).stdout)
    return found


def codes(report: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["code"] for check in report["checks"]}


class TestMemory:
    def test_is_what_was_seen(self, college: IssuerWorld) -> None:
        assert verified(college)["verdict"] == "genuine"

        kept = json.loads(Path("seen.json").read_bytes())
        assert kept["keys"] == {college.did: [college.key.public.to_multikey()]}
        assert kept["lists"][REVOCATIONS] == ISSUED_AT.isoformat().replace("+00:00", "Z")
        assert stat.S_IMODE(Path("seen.json").stat().st_mode) == 0o600
        assert verified(college)["verdict"] == "genuine"
        assert json.loads(Path("seen.json").read_bytes()) == kept
        assert sorted(os.listdir()) == ["material.json", "seen.json"]

    def test_notices_a_list_that_is_older(self, college: IssuerWorld) -> None:
        credential, yesterdays = college.issue(), dict(college.documents)
        college.set_status(valid_from=ISSUED_AT + timedelta(days=1))
        assert verified(college, credential)["verdict"] == "genuine"

        college.documents = yesterdays
        report = verified(college, credential)

        assert (report["verdict"], codes(report)["status"]) == ("unfinished", "status.rolled-back")

    def test_notices_a_key_that_is_new_until_somebody_has_asked(self, college: IssuerWorld) -> None:
        verified(college)
        taken_over = IssuerWorld(key=SigningKey.generate())

        for _ in range(2):  # it does not get used to it
            report = verified(taken_over)
            assert (report["verdict"], codes(report)["issuer"]) == ("unfinished", "issuer.new-key")
        kept = json.loads(Path("seen.json").read_bytes())
        del kept["keys"][college.did]
        Path("seen.json").write_text(json.dumps(kept), encoding="utf-8")

        assert verified(taken_over)["verdict"] == "genuine"

    def test_is_of_the_credentials_in_a_presentation_too(self, college: IssuerWorld) -> None:
        learner = Learner(college=college)

        verified(college, learner.shows(learner.badge()), "--challenge", CHALLENGE, "--domain", DOMAIN)

        assert college.did in json.loads(Path("seen.json").read_bytes())["keys"]

    def test_keeps_what_another_run_has_written_meanwhile(self, college: IssuerWorld) -> None:
        """Whoever began with an empty memory does not end with what it alone has seen."""
        board = IssuerWorld(did="did:web:board.example")
        seen = verify.check(board.issue(), fetch=board.fetch, at=NOW)
        assert seen.verdict == "genuine"
        verified(college)  # another run, from its beginning to its end

        remembering.remember(Path("seen.json"), seen)

        assert json.loads(Path("seen.json").read_bytes())["keys"].keys() == {college.did, board.did}

    def test_waits_for_another_run_that_is_about_to_write(self, college: IssuerWorld) -> None:
        """Symptom: of eight runs at once some found afterwards that what they had seen was gone."""
        fcntl = pytest.importorskip("fcntl")
        board = IssuerWorld(did="did:web:board.example")
        seen = verify.check(board.issue(), fetch=board.fetch, at=NOW)
        verified(college)
        others = Path("seen.json").read_bytes()
        late = threading.Thread(target=remembering.remember, args=(Path("seen.json"), seen))
        held = os.open(".", os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            late.start()
            late.join(0.3)
            Path("seen.json").write_bytes(others)  # what the other run read before and writes now
        finally:
            os.close(held)
        late.join()

        assert json.loads(Path("seen.json").read_bytes())["keys"].keys() == {college.did, board.did}

    def test_waits_for_nobody_for_ever(self, college: IssuerWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        fcntl = pytest.importorskip("fcntl")
        monkeypatch.setattr(remembering, "_MOST_WAITING", 0.0)
        seen = verify.check(college.issue(), fetch=college.fetch, at=NOW)
        held = os.open(".", os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            with pytest.raises(click.UsageError, match="another program holds its folder"):
                remembering.remember(Path("seen.json"), seen)
        finally:
            os.close(held)
        assert not Path("seen.json").exists()

    def test_keeps_the_permissions_of_its_file_and_goes_where_a_link_leads(
        self, college: IssuerWorld
    ) -> None:
        Path("real.json").write_text('{"lists": {}, "keys": {}}')
        Path("real.json").chmod(0o640)
        Path("seen.json").symlink_to("real.json")

        verified(college)

        assert Path("seen.json").is_symlink()
        assert college.did in Path("real.json").read_text()
        assert stat.S_IMODE(Path("real.json").stat().st_mode) == 0o640


class TestBadMemory:
    @pytest.mark.parametrize(
        "content",
        [
            b"", b"{", b"[]", b"null", b"{}", b'{"lists": {}}', b'{"lists": [], "keys": {}}', b"\xff",
            b'{"lists": {"https://a.example/1": "yesterday"}, "keys": {}}',
            b'{"lists": {"https://a.example/1": 5}, "keys": {}}', b'{"lists": {}, "keys": {"did:key:z": "z6Mk"}}',
            b'{"lists": {}, "keys": {"did:key:z": []}}', b'{"lists": {}, "keys": {"did:key:z": [1]}}',
            b'{"lists": {}, "keys": {}, "more": 1}', b"[" * 50_000,
        ],
        ids=lambda content: content[:30].decode("latin-1"),
    )  # fmt: skip
    def test_is_named_and_left_as_it_is(self, content: bytes, college: IssuerWorld) -> None:
        Path("seen.json").write_bytes(content)

        refused = laurel("verify", "-", "--offline", "--memory", "seen.json", stdin=college.issue())

        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "seen.json is no memory that laurel verify has written" in refused.stderr
        assert Path("seen.json").read_bytes() == content

    @pytest.mark.parametrize(
        ("name", "words"),
        [("nowhere/seen.json", "its folder is not there"), (".", "is no file"), ("/dev/null", "is no file")],
    )
    def test_is_no_place_for_a_file(self, name: str, words: str, college: IssuerWorld) -> None:
        refused = laurel("verify", "-", "--offline", "--memory", name, stdin=college.issue())

        assert (refused.exit_code, words in refused.stderr) == (2, True)
        assert Path("/dev/null").is_char_device()

    def test_that_cannot_be_written_is_told_after_the_report(
        self, college: IssuerWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        Path("seen.json").write_text('{"lists": {}, "keys": {}}')
        done = run(college)

        assert (done.exit_code, "seen.json cannot be written: No space left" in done.stderr) == (2, True)
        assert json.loads(done.stdout)["verdict"] == "genuine"
        assert sorted(os.listdir()) == ["material.json", "seen.json"]
        assert Path("seen.json").read_text() == '{"lists": {}, "keys": {}}'

    def test_is_for_one_file_at_a_time(self) -> None:
        Path("many.jsonl").write_text("")
        refused = laurel("verify", "--batch", "many.jsonl", "--memory", "seen.json")

        assert (refused.exit_code, "not for a batch" in refused.stderr) == (2, True)
