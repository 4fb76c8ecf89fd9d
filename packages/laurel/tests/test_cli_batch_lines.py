# SPDX-License-Identifier: Apache-2.0
"""A line of `laurel verify --batch` is anything that `laurel verify` takes, and gives the same report."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner, Result
from holder_world import presentation
from issuer_world import IssuerWorld
from test_cli import DRAFT

from laurel import fast
from laurel.cli import crew, main, report_lines
from laurel.cli import lines as cutting
from laurel.cli.report_lines import line_of
from laurel.verify import Check, Party, Report, Verdict
from laurel.verify import Result as Outcome

OFFLINE: Final = ("--offline", "--material", "material.json", "--at", "2026-11-22T09:30:00Z")
JUNK: Final = {
    "no credential": (b'{"a":1}', "type does not say VerifiableCredential"),
    "a list": (b"[1,2]", "not one credential"),
    "a number": (b"17", "neither JSON nor a signed token"),
    "words": (b"good morning", "neither JSON nor a signed token"),
    "a text": (b'"good morning"', "neither JSON nor a signed token"),
    "half of it": (b'{"@context":["https', "not JSON"),
    "half a character": (b'"\\ud800"', ""),
    "a web page": (b"<!doctype html><p>hello", "web page"),
    "a file that is not there": (b'{"source":"nowhere.json"}', "no file nowhere.json"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a college's documents, a learner's key and what the learner has."""
    monkeypatch.chdir(tmp_path)
    college = IssuerWorld()
    documents = {url: json.loads(data) for url, data in college.documents.items() if data[:1] == b"{"}
    Path("material.json").write_text(json.dumps(documents), encoding="utf-8")
    Path("badge.json").write_bytes(college.issue())
    Path("badge.jwt").write_bytes(college.issue("vc-jose-cose"))
    Path("old.jwt").write_bytes(college.issue("open-badges-3.0"))
    printed = laurel("keygen", "--out", "learner.json").stdout
    did = printed.partition("DID: ")[2].partition("\n")[0]
    draft = DRAFT | {"credentialSubject": DRAFT["credentialSubject"] | {"id": did}}
    Path("draft.json").write_text(json.dumps(draft), encoding="utf-8")
    assert laurel("keygen", "--out", "school.json").exit_code == 0
    for suite, name in (("eddsa-rdfc-2022", "own.json"), ("vc+jwt", "own.jwt"), ("vc+sd-jwt", "own.sd")):
        words = ("draft.json", "--key", "school.json", "--suite", suite, "--out", name)
        assert laurel("issue", *words).exit_code == 0
    return tmp_path


def laurel(*arguments: object, stdin: bytes | None = None) -> Result:
    """Run the command; an exception that is not an exit fails the test."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def lines() -> Iterator[bytes]:
    """One line of each kind."""
    badge = Path("badge.json").read_bytes().replace(b"\n", b"")
    yield badge
    yield badge.replace(b"Amara", b"Zoe")
    yield json.dumps(json.loads(badge)).encode()
    yield json.dumps(json.loads(badge), indent=1).encode().replace(b"\n", b" ")
    for token in ("badge.jwt", "old.jwt", "own.jwt", "own.sd"):
        yield Path(token).read_bytes().strip()
    yield Path("badge.jwt").read_bytes().strip()[:-5] + b"AAAAA"
    asked = ("--challenge", "7fJq2", "--domain", "https://employer.example")
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022", "vp+jwt", "vp-jwt"):
        words = ("own.jwt", "--key", "learner.json", "--suite", suite, "--out", "shown", *asked)
        assert laurel("present", *words).exit_code == 0
        yield Path("shown").read_bytes().replace(b"\n", b"")
    yield json.dumps(presentation(json.loads(Path("own.json").read_bytes()))).encode()
    yield json.dumps(presentation(presentation())).encode()


def test_gives_the_report_that_it_gives_alone() -> None:
    rows = list(lines())
    assert len(rows) == 15
    Path("many.jsonl").write_bytes(b"\n".join(rows))
    done = laurel("verify", "--batch", "many.jsonl", *OFFLINE)
    reports = [json.loads(row) for row in done.stdout.splitlines()]
    codes = set()
    for number, (row, report) in enumerate(zip(rows, reports, strict=True), 1):
        alone = laurel("verify", "-", "--json", *OFFLINE, stdin=row)
        assert report == {"line": number} | json.loads(alone.stdout), row
        codes.add(alone.exit_code)
    assert done.exit_code == 1
    assert codes >= {0, 1, 2}
    assert sum(report["format"] == "presentation" for report in reports) == 6
    assert {report["verdict"] for report in reports} >= {"genuine", "changed", "unreadable"}


def test_takes_a_token_as_a_text_too() -> None:
    for name in ("badge.jwt", "own.sd", "shown"):
        if name == "shown":
            words = ("own.jwt", "--key", "learner.json", "--suite", "vp+jwt", "--out", "shown")
            assert laurel("present", *words, "--challenge", "x", "--domain", "y.example").exit_code == 0
        token = Path(name).read_text().strip()
        Path("two.jsonl").write_text(f"{token}\n{json.dumps(token)}\n")
        first, second = laurel("verify", "--batch", "two.jsonl", *OFFLINE).stdout.splitlines()
        assert json.loads(first) | {"line": 2} == json.loads(second)


@pytest.mark.parametrize("kind", JUNK)
def test_says_what_is_wrong_with_a_line_that_is_nothing_of_the_kind(kind: str) -> None:
    line, said = JUNK[kind]
    badge = Path("badge.json").read_bytes().replace(b"\n", b"")
    Path("many.jsonl").write_bytes(b"\n".join([badge, line, badge]))
    done = laurel("verify", "--batch", "many.jsonl", *OFFLINE)
    reports = [json.loads(row) for row in done.stdout.splitlines()]
    assert [report["verdict"] for report in reports] == ["genuine", "unreadable", "genuine"]
    assert said in reports[1]["checks"][0]["message"]
    assert done.exit_code == 2
    assert done.stderr == "3 checked: 2 genuine, 1 unreadable.\n"


def test_tells_of_an_email_that_no_presentation_answers() -> None:
    words = (
        "own.jwt",
        "--key",
        "learner.json",
        "--out",
        "shown",
        "--challenge",
        "x",
        "--domain",
        "y.example",
    )
    assert laurel("present", *words).exit_code == 0
    Path("one.jsonl").write_bytes(Path("shown").read_bytes().replace(b"\n", b""))
    done = laurel("verify", "--batch", "one.jsonl", *OFFLINE, "--email", "amara@example.org")
    report = json.loads(done.stdout)
    assert (report["verdict"], done.exit_code) == ("unreadable", 2)
    assert "for a credential, not for a presentation" in report["checks"][0]["message"]


CHECK: Final = Check(name="readable", result=Outcome.PASSED, code="readable.ok", message='It "reads" – так')


def reports() -> Iterator[Report]:
    """Reports that differ in what is written otherwise."""
    usual: dict[str, Any] = {
        "verdict": Verdict.GENUINE,
        "checks": (CHECK, CHECK),
        "format": "open-badges-3.0",
        "credential": {"name": "Zoë", "number": 1e-7, "null": None},
    }
    detailed = Check(
        name="status", result=Outcome.PASSED, code="status.ok", message="Fine.", detail={"index": "7"}
    )
    yield Report(**usual)
    yield Report(**usual | {"checks": ()})
    yield Report(**usual | {"checks": (CHECK, detailed, CHECK)})
    yield Report(**usual | {"credential": None, "verdict": Verdict.CHANGED})
    yield Report(**usual | {"credential": {"name": "\ud800"}})
    yield Report(**usual | {"credential": {"number": 2**70}})
    yield Report(**usual, created_by=Party(id="urn:a", name="A"), assessed_by=Party(id="urn:b"))
    yield Report(**usual, technical={"suite": "x", "half": "\udfff"})


@pytest.mark.parametrize("is_quick", [True, False])
def test_a_line_is_the_report_as_json(is_quick: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_quick:
        monkeypatch.setattr(fast, "orjson", None)
    for number, report in enumerate(reports(), 1):
        for _ in range(2):
            line = line_of(number, report)
            assert line.endswith(b"}\n")
            assert line.count(b"\n") == 1
            expected = {"line": number} | report.as_json()
            assert list(json.loads(line).items()) == list(expected.items())


def test_checks_that_come_and_go_are_not_kept_for_ever() -> None:
    for number in range(1_000):
        check = Check(name="period", result=Outcome.PASSED, code="period.ok", message=f"{number}.")
        line = line_of(1, Report(verdict=Verdict.GENUINE, checks=(check,), format="x", credential={}))
        assert json.loads(line)["checks"][0]["message"] == f"{number}."
    assert len(report_lines._kept) <= report_lines._MOST_KEPT


class TestChunks:
    """Files are cut into chunks that are bounded in bytes and in lines."""

    @pytest.mark.parametrize("kind", ["file", "pipe"])
    @pytest.mark.parametrize("text", [b"\n" * 30_000, b"x\n" * 30_000, b"x\n" * 9_000 + b"the last"])
    def test_have_so_many_lines_at_most_and_lose_none(self, kind: str, text: bytes, tmp_path: Path) -> None:
        """Symptom: two million lines of one letter, and a process that holds 200 MB of reports."""
        path = tmp_path / "lines"
        path.write_bytes(text)
        with path.open("rb") as file:
            reader = cutting.FileReader(file.fileno()) if kind == "file" else cutting.StreamReader(file)
            chunks = []
            while not reader.is_over:
                chunk = reader.read()
                if chunk is not None:
                    chunks.append(chunk)
                    reader.took(0.0)

            found = [
                chunk.lines or os.pread(file.fileno(), chunk.taken, chunk.place or 0) for chunk in chunks
            ]
        assert b"".join(found) == text
        assert all(part.count(b"\n") <= cutting.MOST_LINES for part in found)
        assert [chunk.first for chunk in chunks[1:]] == [chunk.last + 1 for chunk in chunks[:-1]]
        assert chunks[-1].last == len(text.splitlines())


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells whose children there are")
def test_a_process_that_waits_does_not_outlive_the_command_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Symptom: the command is gone by SIGKILL, and a process of it waits at a named pipe for ever."""
    monkeypatch.setattr(crew, "_ALONE", 0.2)
    begun, tell = os.pipe()
    command = os.fork()
    if command == 0:
        with suppress(BaseException):
            os.setpgid(0, 0)

            def work(line: cutting.Line) -> tuple[bytes, cutting.Note]:
                os.write(tell, b"%d\n" % os.getpid())
                time.sleep(60)
                return b"", ""

            workers = crew.Crew(work, 1, None, seconds=5, waiting=0.3)
            workers.take(cutting.Chunk(1, 1, 2, lines=b"x\n"))
            time.sleep(60)
        os._exit(0)
    worker = int(os.read(begun, 20))
    os.kill(command, signal.SIGKILL)
    os.waitpid(command, 0)

    for _ in range(100):
        if not Path(f"/proc/{worker}").exists() or "Z" in Path(f"/proc/{worker}/stat").read_text():
            break
        time.sleep(0.1)
    else:
        os.kill(worker, signal.SIGKILL)
        pytest.fail("It waits on.")
