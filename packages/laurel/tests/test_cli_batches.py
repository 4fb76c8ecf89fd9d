# SPDX-License-Identifier: Apache-2.0
"""Batches on several processes: the same answers in the same order, and a process that ends is missed."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import pytest
import samples

from laurel.cli import crew, lines
from laurel.cli.batches import Broken, answers, work_through
from laurel.cli.lines import Line, Work
from laurel.did import key as did_key
from laurel.errors import TooLarge
from laurel.proof.keys import SigningKey
from laurel.verify.presented import LARGEST_FILE

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


def file_of(count: int, folder: Path) -> BinaryIO:
    """A file of so many lines, each with its number and a little more."""
    path = folder / "numbered.txt"
    path.write_bytes(b"".join(b"%d %s\n" % (number, b"x" * 200) for number in range(1, count + 1)))
    return path.open("rb")


def its_number(line: Line) -> tuple[bytes, str]:
    """What a line is: its number, or why nobody looks at it."""
    assert isinstance(line.content, TooLarge) or line.content.split()[0] == b"%d" % line.number
    return b"%d\n" % line.number, str(line.content) if isinstance(line.content, TooLarge) else ""


def all_of(file: BinaryIO, work: Work, **more: Any) -> tuple[list[int], dict[int, Any]]:
    """Every line that is answered, in the order of the answers, and what was noted."""
    rows: list[int] = []
    notes: dict[int, Any] = {}
    with file:
        for chunk, answer in answers(file, work, more.pop("processes", 2), **more):
            told = [int(row) for row in bytes(answer.written).split()]
            assert len(told) == answer.rows
            assert all(chunk.first <= number <= chunk.last for number in told)
            rows += told
            notes |= dict(answer.notes)
    return rows, notes


class Endless(io.RawIOBase):
    """A file in memory that never ends."""

    read_so_far = 0

    def read1(self, size: int) -> bytes:
        """Give as much as is asked for."""
        self.read_so_far += size
        return (b"x" * 99 + b"\n") * (size // 100 + 1)


def test_lines_are_read_only_as_fast_as_they_are_answered() -> None:
    def work(line: Line) -> tuple[bytes, str]:
        if line.number == 1:
            time.sleep(1.5)
        return b"", ""

    file = Endless()
    given = answers(cast("BinaryIO", file), work, 2)
    assert next(given)[0].first == 1
    assert file.read_so_far <= (2 * crew._AHEAD + 1) * lines.LARGEST
    answered = sum(next(given)[0].taken for _ in range(30))
    given.close()
    assert answered < file.read_so_far <= answered + (2 * crew._AHEAD + 2) * lines.LARGEST


class TestALine:
    """That no process survives, or that takes too long, is told of in its place; the rest goes on."""

    @pytest.mark.parametrize("place", [1, 5_000, 9_999])
    @pytest.mark.parametrize("processes", [1, 3])
    def test_that_ends_its_process(self, place: int, processes: int, tmp_path: Path) -> None:
        def work(line: Line) -> tuple[bytes, str]:
            if line.number == place and isinstance(line.content, bytes):
                os.kill(os.getpid(), signal.SIGKILL)
            return its_number(line)

        rows, notes = all_of(file_of(10_000, tmp_path), work, processes=processes)
        assert rows == list(range(1, 10_001))
        assert notes.keys() == {place}
        assert "signal 9" in notes[place]

    def test_that_comes_through_a_pipe_and_ends_its_process(self) -> None:
        def work(line: Line) -> tuple[bytes, str]:
            if line.number in (2, 1_000, 3_000) and isinstance(line.content, bytes):
                os._exit(3)
            return its_number(line)

        file = io.BytesIO(b"".join(b"%d %s\n" % (number, b"x" * 200) for number in range(1, 3_001)))
        rows, notes = all_of(file, work)
        assert rows == list(range(1, 3_001))
        assert notes.keys() == {2, 1_000, 3_000}

    def test_that_was_under_way_when_its_process_was_ended_is_done_by_another(self, tmp_path: Path) -> None:
        def work(line: Line) -> tuple[bytes, str]:
            if line.number == 4_000 and not (tmp_path / "once").exists():
                (tmp_path / "once").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return its_number(line)

        assert all_of(file_of(10_000, tmp_path), work) == (list(range(1, 10_001)), {})
        assert (tmp_path / "once").exists()

    @pytest.mark.parametrize("kind", ["computing", "waiting"])
    def test_that_takes_too_long(self, kind: str, tmp_path: Path) -> None:
        def work(line: Line) -> tuple[bytes, str]:
            while line.number in (70, 2_000) and isinstance(line.content, bytes):
                if kind == "waiting":
                    time.sleep(60)
            return its_number(line)

        limits = {"seconds": 0.3} if kind == "computing" else {"waiting": 0.6}
        began = time.monotonic()
        rows, notes = all_of(file_of(3_000, tmp_path), work, **limits)
        assert rows == list(range(1, 3_001))
        assert notes.keys() == {70, 2_000}
        assert "more time than any credential needs" in notes[70]
        assert time.monotonic() - began < 20

    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory has no limit that is kept")
    def test_that_takes_too_much_memory(self, tmp_path: Path) -> None:
        def work(line: Line) -> tuple[bytes, str]:
            if line.number == 70 and isinstance(line.content, bytes):
                len(bytearray(1 << 30))
            return its_number(line)

        rows, notes = all_of(file_of(200, tmp_path), work)
        assert rows == list(range(1, 201))
        assert notes.keys() == {70}
        assert "out of memory" in notes[70]

    def test_that_meets_a_defect_ends_the_work_where_it_stands(self, tmp_path: Path) -> None:
        def work(line: Line) -> tuple[bytes, str]:
            return b"%d\n" % (1 // (line.number - 3_000)), ""

        seen = 0
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            for chunk, answer in answers(file_of(10_000, tmp_path), work, 2):
                assert answer.rows == chunk.last - chunk.first + 1
                seen = chunk.last
        assert 0 < seen < 3_000


_ends_at_once = False


def _perhaps_end() -> None:
    if _ends_at_once:
        os._exit(3)


os.register_at_fork(after_in_child=_perhaps_end)


def test_processes_that_end_whatever_they_do_are_not_started_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "_ends_at_once", True)
    out = io.BytesIO()
    file_of(100, tmp_path).close()
    with pytest.raises(Broken, match=r"up to line 0 are complete") as caught:
        work_through(
            tmp_path / "numbered.txt", out, its_number, label="", processes=2, noted=lambda number, note: None
        )
    assert caught.value.exit_code == 70


CONTENTS: Final = [
    b"", b"\n", b"\n\n", b"a", b"a\n", b"a\r\n\r\nb", b"\n\na\n\n", b" \n a \n",
    b"\n".join(b"%d" % number * (number % 700) for number in range(1_000)),
    b"x" * 300_000 + b"\n" + b"y" * 17_000 + b"\nz\n" + b"w" * 70_000,
    b"a\n" + b"x" * (LARGEST_FILE + 1) + b"\nb\n" + b"y" * (LARGEST_FILE * 2) + b"\n\nc",
    b"x" * (LARGEST_FILE - 1) + b"\n" + b"y" * LARGEST_FILE + b"\n" + b"z" * (LARGEST_FILE + 7),
]  # fmt: skip


@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
@pytest.mark.parametrize("kind", ["file", "stream", "part of a file"])
def test_lines_have_the_numbers_that_they_have_in_the_file(content: bytes, kind: str, tmp_path: Path) -> None:
    expected = [
        (number, "too long" if len(line) >= LARGEST_FILE else line.strip())
        for number, line in enumerate(content.split(b"\n"), 1)
        if line.strip()
    ]
    skipped = b"not ours\n" if kind == "part of a file" else b""
    (tmp_path / "file").write_bytes(skipped + content)
    seen = []
    taken = 0

    def work(line: Line) -> tuple[bytes, str]:
        shown = "too long" if isinstance(line.content, TooLarge) else line.content.hex()
        return f"{line.number} {shown}\n".encode(), ""

    with (tmp_path / "file").open("rb") if kind != "stream" else io.BytesIO(content) as file:
        if skipped:
            os.lseek(file.fileno(), len(skipped), os.SEEK_SET)
        for chunk, answer in answers(file, work, 2):
            taken += chunk.taken
            for row in bytes(answer.written).decode().splitlines():
                number, _, shown = row.partition(" ")
                seen.append((int(number), shown if shown == "too long" else bytes.fromhex(shown)))
    assert seen == expected
    assert taken == len(content)


def test_a_line_that_comes_by_itself_is_answered_before_the_next_one_comes(folder: Path) -> None:
    words = [*RUN, "verify", "--batch", "-", "--offline"]
    running = subprocess.Popen(words, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert running.stdin is not None
    assert running.stdout is not None
    end = threading.Timer(30, running.kill)
    end.start()
    for number in (1, 2, 3):
        running.stdin.write(b"[]\n")
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["line"] == number
    running.communicate(timeout=20)
    end.cancel()
    assert running.returncode == 2


def children_of(pid: int) -> set[int]:
    """The processes that a process has started and that are still there."""
    try:
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:
        return set()


def gone(processes: set[int]) -> bool:
    """Wait for processes to end."""
    for _ in range(100):
        if not any(Path(f"/proc/{pid}/stat").exists() for pid in processes):
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def running(folder: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    """The command in the middle of its work, with two processes."""
    row, count = json.dumps(draft(0)).encode(), getattr(request, "param", 30_000)
    (folder / "drafts.jsonl").write_bytes(
        b"\n".join(row.replace(b"%012d" % 0, b"%012d" % number) for number in range(1, count + 1))
    )
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
    running = subprocess.Popen(
        [*RUN, *words],
        cwd=folder,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A shell that runs the tests in the background has them ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    for _ in range(400):
        if (folder / "out.jsonl").exists() and (folder / "out.jsonl").stat().st_size:
            break
        time.sleep(0.02)
    yield running
    running.kill()
    running.wait()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells whose children there are")
class TestAnEnd:
    """Ends all processes."""

    @pytest.mark.parametrize("running", [80_000], indirect=True)  # it must not be done before it is stopped
    def test_by_ctrl_c_says_how_far_it_came(self, running: subprocess.Popen[bytes], folder: Path) -> None:
        workers = children_of(running.pid)
        assert len(workers) == 2
        os.killpg(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=20)
        assert running.returncode == 130
        assert b"Traceback" not in told
        assert gone(workers)
        found = re.search(rb"up to line (\d+) are written", told)
        assert found is not None
        issued = (folder / "out.jsonl").read_bytes().splitlines()
        assert 0 < int(found[1]) <= len(issued) < 80_000
        assert json.loads(issued[int(found[1]) - 1])["id"].endswith(f"{int(found[1]):012}")

    def test_of_the_first_process_alone(self, running: subprocess.Popen[bytes]) -> None:
        workers = children_of(running.pid)
        assert len(workers) == 2
        running.kill()
        running.wait()
        assert gone(workers)

    def test_of_a_worker_is_made_good(self, running: subprocess.Popen[bytes], folder: Path) -> None:
        for worker in children_of(running.pid):
            os.kill(worker, signal.SIGKILL)
        _, told = running.communicate(timeout=60)
        assert (running.returncode, told) == (0, b"30000 issued.\n")
        issued = (folder / "out.jsonl").read_bytes().splitlines()
        assert [int(json.loads(row)["id"][-12:]) for row in issued] == list(range(1, 30_001))
