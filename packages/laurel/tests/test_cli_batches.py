# SPDX-License-Identifier: Apache-2.0
"""Batches on several processes: the same answers in the same order, and a process that ends is missed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import samples

from laurel.cli import batches
from laurel.cli.batches import Broken, Line, answers
from laurel.did import key as did_key
from laurel.proof.keys import SigningKey

KEY: Final = did_key.with_did_key(SigningKey.from_seed(bytes(range(32))))
ISSUER: Final = did_key.did(KEY.public)
RUN: Final = [sys.executable, "-m", "laurel.cli"]


def draft(number: int) -> dict[str, Any]:
    """A draft of a small credential."""
    document: dict[str, Any] = samples.golden_document(issuer_id=ISSUER, subject_id=f"urn:uuid:l-{number}")
    document["id"] = f"urn:uuid:9f1c6f0e-52f8-4d0e-9f7b-{number:012}"
    for name in ("credentialStatus", "relatedResource", "evidence"):
        del document[name]
    return document


def laurel(*words: str, folder: Path, code: int = 0) -> bytes:
    """Run the command and return what it prints."""
    done = subprocess.run([*RUN, *words], cwd=folder, capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "key.json").write_text(json.dumps(KEY.to_private_jwk()))
    return tmp_path


def test_two_thousand_lines_with_three_bad_ones_keep_their_order_both_ways(folder: Path) -> None:
    bad = {7: b"no json", 1000: json.dumps(draft(1000) | {"validFrom": "yesterday"}).encode(), 1999: b"[]"}
    rows = [bad.get(number) or json.dumps(draft(number)).encode() for number in range(1, 2001)]
    (folder / "drafts.jsonl").write_bytes(b"\n".join(rows) + b"\n")
    given = ("issue", "--batch", "drafts.jsonl", "--key", "key.json")
    issued = laurel(*given, "--processes", "2", folder=folder, code=1).splitlines()
    assert len(issued) == 2000
    for number, row in enumerate(issued, 1):
        said = json.loads(row)
        if number in bad:
            assert said["line"] == number
            assert said["findings"]
        else:
            assert said["id"].endswith(f"{number:012}")
    (folder / "issued.jsonl").write_bytes(b"\n".join(issued))
    given = ("verify", "--batch", "issued.jsonl", "--offline", "--at", "2026-11-22")
    two = laurel(*given, "--processes", "2", folder=folder, code=2)
    reports = [json.loads(row) for row in two.splitlines()]
    assert [report["line"] for report in reports] == list(range(1, 2001))
    assert {report["line"] for report in reports if report["verdict"] != "genuine"} == set(bad)
    assert laurel(*given, "--processes", "1", folder=folder, code=2) == two


def numbered(count: int) -> Iterator[Line]:
    for number in range(1, count + 1):
        yield Line(number, b"x" * 10, 10)


def test_lines_are_read_only_as_fast_as_they_are_answered() -> None:
    read = 0

    def counted() -> Iterator[Line]:
        nonlocal read
        for line in numbered(100_000):
            read = line.number
            yield line

    given = answers(counted(), lambda line: line.number, 2)
    for _ in range(100):
        next(given)
    assert read <= 100 + (2 * batches._AHEAD + 3) * batches._CHUNK_LINES
    given.close()


def test_a_process_that_ends_is_an_error_and_says_up_to_where_all_is_well() -> None:
    def work(line: Line) -> int:
        if line.number == 5_000:
            os.kill(os.getpid(), signal.SIGKILL)
        return line.number

    seen: list[int] = []
    with pytest.raises(Broken, match=r"up to line \d+ are complete") as caught:
        for line, answer in answers(numbered(20_000), work, 2):
            assert line.number == answer
            seen.append(answer)
    assert seen == list(range(1, len(seen) + 1))
    assert f"line {len(seen)} " in str(caught.value.message)
    assert caught.value.exit_code == 70


def test_an_error_in_the_work_is_the_same_error_outside() -> None:
    def work(line: Line) -> int:
        return 1 // (line.number - 300)

    with pytest.raises(ZeroDivisionError):
        list(answers(numbered(1_000), work, 2))


def test_one_process_and_a_few_lines_need_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_by_processes", None)
    assert [answer for _, answer in answers(numbered(60), lambda line: line.number, 8)] == list(range(1, 61))
    assert len(list(answers(numbered(500), lambda line: line.number, 1))) == 500


def test_ctrl_c_ends_all_processes(folder: Path) -> None:
    rows = b"\n".join(json.dumps(draft(number)).encode() for number in range(3_000))
    (folder / "drafts.jsonl").write_bytes(rows)
    words = [
        "issue",
        "--batch",
        "drafts.jsonl",
        "--key",
        "key.json",
        "--processes",
        "2",
        "--out",
        "out.jsonl",
    ]
    running = subprocess.Popen([*RUN, *words], cwd=folder, stderr=subprocess.PIPE, start_new_session=True)
    out = folder / "out.jsonl"
    for _ in range(200):
        if out.exists() and out.stat().st_size:
            break
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=20)
    assert running.returncode == 1
    assert b"Aborted" in told
    assert b"Traceback" not in told
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
