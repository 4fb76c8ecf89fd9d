# SPDX-License-Identifier: Apache-2.0
"""What `./cairn bench` measures of many: two processes, whole files by the command, ever more credentials."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import mean, median

from bench_report import Table, micros, spread
from bench_samples import CREATED, KINDS, STATUS_LIST, status_list, texts_of
from bench_talk import HERE, Talker, calibrated, worker
from bench_work import Works

#: Longer than any command takes on a busy machine.
PATIENCE = 240.0
#: After so many seconds no further turn of a command begins.
ENOUGH = 40.0


#: Counts, as slowly as Python does, and answers as `bench_worker` does: what it loses beside another is lost
#: to whatever two processes share in this machine.
COUNTING = """
import json, sys, time
for line in sys.stdin:
    began, number = time.perf_counter(), 0
    for _ in range(json.loads(line)["count"] * 1000):
        number += 1
    print(json.dumps({"wall": time.perf_counter() - began}), flush=True)
"""


def processes(*, seconds: float, rounds: int) -> Table:
    """Return what two processes do together against one, and what they do where they only count."""
    goal = 1.85
    pair = [worker(), worker()]
    counting = [Talker([sys.executable, "-c", COUNTING], HERE) for _ in pair]
    rows = []
    try:
        for label, deed in (("batch issue", "batch"), ("single issue", "issue"), ("verify", "verify")):
            print(f"One and two processes: {label}", flush=True)
            try:
                one, two, itself = _rates(pair, counting, deed, seconds, rounds)
            except (RuntimeError, OSError) as error:
                rows.append((label, "not measured", "", "", "", f"NOT MET: {error}"))
                continue
            times = [both / single for both, single in zip(two, one, strict=True)]
            met = "met" if median(times) >= goal else "NOT MET"
            told = f"{spread(times, '{:.2f}')}, goal ≥ {goal}"
            rows.append((label, spread(one), spread(two), told, spread(itself, "{:.2f}"), met))
    finally:
        for one_of in (*pair, *counting):
            one_of.close()
    before = (
        "Credentials per second of wall time through the library, eddsa-rdfc-2022, in one process and two.\n"
        "The machine itself is a loop that only counts, in one process and two, in turns with each row:\n"
        "what two of those lose against one, such as to neighbours on a shared machine, any two lose."
    )
    head = ("deed", "one process", "two processes", "two ÷ one", "the machine itself", "met?")
    return Table("Two processes", before, head, rows)


def _rates(
    pair: list[Talker], counting: list[Talker], deed: str, seconds: float, rounds: int
) -> tuple[list[float], list[float], list[float]]:
    """Return the rates of one process and of two, and what a second one adds where they only count."""
    many, steps = (calibrated(partial(_wall, both[:1], deed), seconds) for both in (pair, counting))
    _rate(pair, deed, many)
    one, two, itself = [], [], []
    for _ in range(rounds):
        one.append(_rate(pair[:1], deed, many))
        alone = _rate(counting[:1], deed, steps)
        two.append(_rate(pair, deed, many))
        itself.append(_rate(counting, deed, steps) / alone)
    return one, two, itself


def _wall(talkers: list[Talker], deed: str, count: int) -> float:
    return count / _rate(talkers, deed, count)


def _rate(talkers: list[Talker], deed: str, count: int) -> float:
    """Return how many a second these processes do together, each so many of them."""
    for talker in talkers:
        talker.tell({"do": "time", "deed": deed, "count": count})
    walls = [float(talker.hear()["wall"]) for talker in talkers]
    return count * len(talkers) / max(walls)


def commands(works: Works, *, sizes: tuple[int, int], rounds: int) -> Table:
    """Return what `laurel issue --batch` and `laurel verify --batch` do with files of so many lines."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    library = [worker() for _ in range(cores)]
    rows: list[tuple[str, ...]] = []
    peaks: dict[str, list[float]] = {"issue": [], "verify": []}
    try:
        with tempfile.TemporaryDirectory(prefix="cairn-bench-") as name:
            folder = Path(name)
            (folder / "key.json").write_text(json.dumps(dict(works.key.to_private_jwk())))
            material = {STATUS_LIST: json.loads(status_list(works.key))}
            (folder / "material.json").write_text(json.dumps(material))
            for size in sizes:
                with (folder / f"drafts-{size}.jsonl").open("wb") as file:
                    make = KINDS["typical"][1]
                    file.writelines(texts_of(make(n)) + b"\n" for n in range(1, size + 1))
                for deed in peaks:
                    try:
                        row, peak = _command_row(folder, library, deed, size, rounds, sizes[-1])
                    except (RuntimeError, OSError) as error:
                        row = (
                            f"laurel {deed} --batch",
                            f"{size:,}",
                            "not measured",
                            "",
                            "",
                            f"NOT MET: {error}",
                        )
                    else:
                        peaks[deed].append(peak)
                    rows.append(row)
    finally:
        for one in library:
            one.close()
    for deed, each in peaks.items():
        if len(each) == len(sizes):
            grown = each[-1] / max(each[0], 1e-9)
            rows.append((f"memory of laurel {deed} --batch", "", "", "", f"x {grown:.2f}", flat(grown)))
    before = (
        f"Whole commands from start to end on {cores} cores, by wall time: reading the file, all checks,\n"
        f"writing. Each turn stands between two of the library in {cores} processes. Memory is the\n"
        "greatest that all processes of the command held together, shared pages counted once."
    )
    head = ("command", "lines", "lines per second", "CPU µs per line", "memory", "met?")
    return Table("Files of many lines", before, head, rows)


def _command_row(
    folder: Path, library: list[Talker], deed: str, size: int, rounds: int, last: int
) -> tuple[tuple[str, ...], float]:
    goal = 0.8
    print(f"laurel {deed} --batch, {size:,} lines", flush=True)
    words = ["--key", "key.json", "--out", f"issued-{size}.jsonl"]
    if deed == "verify":
        words = ["--offline", "--material", "material.json", "--at", CREATED]
    source = f"{'drafts' if deed == 'issue' else 'issued'}-{size}.jsonl"
    count = max(100, size // len(library) // 5)
    _rate(library, deed, count)
    began, speed, cpus, shares, peaks = time.monotonic(), [], [], [], []
    while len(speed) < rounds and (not speed or time.monotonic() - began < ENOUGH):
        before = _rate(library, deed, count)
        wall, cpu, peak = _command(folder, [deed, "--batch", source, *words])
        speed.append(size / wall)
        cpus.append(cpu / size)
        shares.append(speed[-1] / mean((before, _rate(library, deed, count))))
        peaks.append(peak)
    told = f"{spread(shares, '{:.0%}')} of the library's rate"
    if size == last:
        told += f", goal ≥ {goal:.0%}: {'met' if median(shares) >= goal else 'NOT MET'}"
    row = (f"laurel {deed} --batch", f"{size:,}", spread(speed), micros(cpus), f"{max(peaks):.0f} MiB", told)
    return row, max(peaks)


def _command(folder: Path, words: list[str]) -> tuple[float, float, float]:
    """Run the command. Returns wall and CPU seconds, and the MiB that its processes held together."""
    began = time.perf_counter()
    with (folder / "said.txt").open("wb") as said, (folder / "faults.txt").open("wb") as faults:
        running = subprocess.Popen(
            [sys.executable, "-m", "laurel.cli", *words],
            cwd=folder,
            stdout=said,
            stderr=faults,
            start_new_session=True,
        )
        try:
            with _watched(running) as peak:
                _, status, usage = os.wait4(running.pid, 0)
        except BaseException:  # such as Ctrl-C: its group is not ours, so nobody else would end it
            os.killpg(running.pid, signal.SIGKILL)
            raise
    wall = time.perf_counter() - began
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        told = (folder / "faults.txt").read_text(errors="replace")[-200:].strip()
        raise RuntimeError(f"it ended with {running.returncode}: {told}")
    return wall, usage.ru_utime + usage.ru_stime, peak[0]


@contextmanager
def _watched(running: "subprocess.Popen[bytes]") -> Iterator[list[float]]:
    """Keep the greatest memory of a process and its children, and end it when it takes too long."""
    peak, over = [0.0], threading.Event()
    until = time.monotonic() + PATIENCE

    def watch() -> None:
        while not over.wait(0.05):
            peak[0] = max(peak[0], _memory(running.pid))
            if time.monotonic() > until:
                os.killpg(running.pid, signal.SIGKILL)
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def _memory(pid: int) -> float:
    """Return the MiB that a process and its children hold together; 0 where the system does not tell."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        total = 0
        for one in (str(pid), *children):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return total / 1024


def growth(steps: list[int], *, most_seconds: float) -> Table:
    """Return what one credential costs after so many of them, each of another learner."""
    print(f"One to {steps[-1]:,} credentials in one process", flush=True)
    talker = worker()
    rows: list[tuple[str, ...]] = []
    try:
        request = {"do": "grow", "steps": steps, "most_seconds": most_seconds}
        told = talker.ask(request, seconds=most_seconds + PATIENCE)
    except (RuntimeError, OSError) as error:
        rows.append(("all", *("" for _ in steps), f"NOT MET: {error}"))
    else:
        steps = told["reached"]
        for deed, costs in told["cpu"].items():
            grown = costs[-1] / costs[0]
            rows.append((deed, *(f"{cost * 1e6:,.0f}" for cost in costs), f"{grown:.2f}, {flat(grown)}"))
        peaks = [peak / 1024 for peak in told["peak_kb"]]
        grown = peaks[-1] / peaks[0]
        rows.append(("memory peak, MiB", *(f"{peak:.0f}" for peak in peaks), f"{grown:.2f}, {flat(grown)}"))
    finally:
        talker.close()
    before = (
        "CPU µs per credential in one process, each for a new learner: the median of the last stretch up to\n"
        f"so many, and the greatest memory by then. It ends after {most_seconds:g} s wherever it stands."
    )
    head = ("deed", *(f"to {step:,}" for step in steps), "last ÷ first")
    return Table("Ever more credentials", before, head, rows)


def flat(grown: float) -> str:
    """Tell whether something stayed flat, which it does not have to do to the last tenth."""
    return f"goal ≤ 1.10: {'met' if grown <= 1.1 else 'NOT MET'}"
