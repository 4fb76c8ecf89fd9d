# SPDX-License-Identifier: Apache-2.0
"""A stranger's file is read in a process of its own, and costs itself at most."""

import time
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cairn.verification.examiner import Examiner, frames, reports, worker
from laurel import verify as laurel
from laurel.errors import LaurelError
from verification.strangers import with_everything

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


def nothing(url: str) -> bytes:
    raise LaurelError(f"{url} is not there")


def is_running(pid: int) -> bool:
    """Tell whether a process computes, a second later at most; one that only waits to be cleared away does not."""
    for _ in range(20):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        if state == "Z":
            return False
        time.sleep(0.05)
    return True


class TestExaminer:
    def test_says_unreadable_of_what_is_no_credential(self) -> None:
        with Examiner() as examiner:
            for data in (b"", b"\x00\xff" * 1000, b"<html></html>", b'{"a": 1}', b"[" * 100_000, b"not one"):
                assert examiner.examine(data, fetch=nothing, at=NOW).verdict == "unreadable"

    def test_goes_on_in_the_same_process(self) -> None:
        with Examiner() as examiner:
            examiner.examine(b"{}", fetch=nothing, at=NOW)
            first = examiner._process
            examiner.examine(b"{}", fetch=nothing, at=NOW)

            assert examiner._process is first

    def test_is_ended_when_time_is_up_and_starts_anew(self) -> None:
        with Examiner(longest=0.001) as examiner:
            report = examiner.examine(b"{}", fetch=nothing, at=NOW)
            examiner._longest = 10

            assert report["readable"].code == "too-much-work"
            assert examiner.examine(b"{}", fetch=nothing, at=NOW)["readable"].code != "too-much-work"

    def test_is_ended_by_the_system_when_it_computes_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        endless = (
            "import signal, sys\n"
            "from cairn.verification.examiner import frames\n"
            "frames.read(sys.stdin.buffer)\n"
            "signal.setitimer(signal.ITIMER_PROF, 0.2)\n"
            "while True: pass\n"
        )
        started = time.monotonic()
        monkeypatch.setattr("cairn.verification.examiner.PROGRAM", ("-c", endless))

        with Examiner() as examiner:
            report = examiner.examine(b"{}", fetch=nothing, at=NOW)

        assert report["readable"].code == "too-much-work"
        assert time.monotonic() - started < 5

    def test_takes_what_it_started_with_it(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Symptom: the reader of a PDF goes on computing after the check that started it was ended."""
        note = tmp_path / "child"
        parent = (
            "import subprocess, sys, time\n"
            "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            f"open({str(note)!r}, 'w').write(f'{{child.pid}}\\n')\n"
            "time.sleep(60)\n"
        )
        monkeypatch.setattr("cairn.verification.examiner.PROGRAM", ("-c", parent))

        with Examiner(longest=2.0) as examiner:
            report = examiner.examine(b"{}", fetch=nothing, at=NOW)

        assert report["readable"].code == "too-much-work"
        assert note.read_text().endswith("\n")
        assert not is_running(int(note.read_text()))

    def test_gets_nothing_of_our_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CAIRN_SECRET_OF_A_TEST", "1")
        with Examiner() as examiner:
            examiner.examine(b"{}", fetch=nothing, at=NOW)
            assert examiner._process is not None
            with open(f"/proc/{examiner._process.pid}/environ", "rb") as environ:
                assert b"CAIRN_SECRET" not in environ.read()

    def test_leaves_no_process_behind(self) -> None:
        with Examiner() as examiner:
            examiner.examine(b"{}", fetch=nothing, at=NOW)
            process = examiner._process

        assert process is not None
        assert process.returncode is not None


class TestReports:
    def test_come_over_the_pipe_whole(self) -> None:
        """Symptom: endorsements, creator and assessor that laurel reports, and no page can show."""
        with Examiner() as examiner:
            told = examiner.examine(with_everything(), fetch=nothing, at=NOW)

        made = laurel.check(with_everything(), fetch=nothing, at=NOW, trust=frozenset())
        assert told == made
        assert [field.name for field in fields(made) if not getattr(made, field.name)] == []
        assert [(one.pointer, one.comment, one.report["schema"].result) for one in told.endorsements] == [
            ("/credentialSubject/achievement/endorsement/0", "Asked for in every kitchen.", "passed"),
            ("/credentialSubject/achievement/endorsement/1", "Asked for in every kitchen.", "failed"),
        ]
        assert told.technical["hidden_characters"] == "achievement_name U+200B"

    @pytest.mark.parametrize(
        "change",
        [
            {"checks": [{"name": "proof", "result": "passed", "surprise": 1}]},
            {"checks": [{"result": "fine"}]},
            {"checks": 7},
            {"verdict": "splendid"},
            {"created_by": "somebody"},
            {"endorsements": [{"pointer": "/endorsement/0"}]},
            {"valid_from": 12},
            # Symptom: these were taken, and the page that shows them ended with an error of the server.
            {"credential": 1},
            {"technical": None},
            {"technical": {"suite": 1}},
            {"issuer_name": ["x"]},
            {"checks": []},
        ],
    )
    def test_in_another_form_are_not_believed(self, change: dict[str, Any]) -> None:
        told = reports.as_told(laurel.check(with_everything(), fetch=nothing, at=NOW))
        assert reports.as_report(told).verdict

        with pytest.raises(frames.Broken):
            reports.as_report(told | change)

    @pytest.mark.parametrize(
        "change", [{"detail": [1]}, {"detail": {"host": 1}}, {"code": 1}, {"message": None}]
    )
    def test_with_checks_in_another_form_are_not_believed(self, change: dict[str, Any]) -> None:
        told = reports.as_told(laurel.check(with_everything(), fetch=nothing, at=NOW))
        told["checks"][3] |= change

        with pytest.raises(frames.Broken):
            reports.as_report(told)


class TestFrames:
    @pytest.mark.parametrize("packed", [b"", b"\xff", b"[]", b"{", b"[" * 200_000])
    def test_without_a_head_are_broken(self, packed: bytes) -> None:
        with pytest.raises(frames.Broken):
            frames.head_of(packed)


class TestTrusted:
    @pytest.mark.parametrize(
        "issuer", ["did:web:fernhill.example:o:fernhill", "https://fernhill.example/issuer"]
    )
    def test_asks_no_list_where_a_domain_stands_behind_the_issuer(self, issuer: str) -> None:
        assert worker.trusted(issuer) is None

    @pytest.mark.parametrize("issuer", ["did:key:z6MkhaXg", "did:jwk:eyJ", "urn:uuid:1", ""])
    def test_knows_nobody_who_is_only_a_key(self, issuer: str) -> None:
        assert worker.trusted(issuer) == frozenset()
