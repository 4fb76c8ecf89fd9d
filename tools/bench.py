# SPDX-License-Identifier: Apache-2.0
"""Measures laurel beside named peers in one run, and says what each side does not check.

The contenders take turns, round after round; what is told is the median of the rounds with the smallest and
the largest. Bytes come first: nobody is timed whose signature differs, or who takes a changed copy.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable

from bench_loading import loading
from bench_many import commands, growth, processes
from bench_node import Jose, Node, start_node
from bench_peers import OpenBadgesLib, OpenBadgesLibModel, start_openbadgeslib
from bench_report import bare_table, describe, document, goals_table, pure_table, sides_table
from bench_samples import ROOT
from bench_sides import BARE, PURE, WITHOUT, WRONG, Joserfc, Laurel, Limit, PyLD, Side
from bench_talk import Contender, calibrated, worker
from bench_variety import variety
from bench_work import Works
from cryptography.exceptions import InvalidSignature

REPORT = ROOT / "docs/performance.md"
PARTS = ("goals", "variety", "loading", "processes", "growth")


def main() -> int:
    """Check bytes, measure, print. Returns 1 where somebody's bytes differ or a changed copy was taken."""
    options = argparse.ArgumentParser(prog="./cairn bench", description=__doc__.splitlines()[0])
    options.add_argument(
        "--quick", action="store_true", help="short rounds and small files: to look, not to quote"
    )
    options.add_argument(
        "--long", action="store_true", help="also go on to a million credentials in one process"
    )
    options.add_argument(
        "--rounds", type=int, default=5, help="how often each side takes its turn, at least 5"
    )
    options.add_argument("--only", choices=PARTS, help="measure one part only; nothing is written then")
    options.add_argument("--write", action="store_true", help="write docs/performance.md")
    chosen = options.parse_args()
    if chosen.write and chosen.only:
        options.error("--write takes all parts: leave --only out")
    seconds, rounds = (0.15 if chosen.quick else 0.8), max(5, chosen.rounds)
    parts = (chosen.only,) if chosen.only else PARTS
    began, load_before = time.monotonic(), os.getloadavg()[0]
    works = Works()
    node, reason = start_node(works)
    other, why = start_openbadgeslib(works)
    ours, pure, bare = worker(), worker(*WITHOUT[PURE]), worker(*WITHOUT[BARE])
    lines: list[str] = []
    contenders: list[Contender] = []
    tables = []
    try:
        sides: list[Side] = [Laurel(works, ours), Laurel(works, pure, PURE), Laurel(works, bare, BARE)]
        sides += [Node(works, node, reason), Jose(works, node, reason)]
        sides += [OpenBadgesLib(works, other, why), OpenBadgesLibModel(works, other, why)]
        for side in (*sides, PyLD(works), Joserfc(works), Limit(works)):
            timed, said = admit(side)
            contenders += timed
            lines += said
        print("Bytes first\n  " + "\n  ".join(lines), flush=True)
        if "goals" in parts:
            measure(contenders, seconds=seconds, rounds=rounds)
            tables += [goals_table(contenders), pure_table(contenders), bare_table(contenders)]
            tables.append(sides_table(contenders))
        if "variety" in parts:
            tables.append(variety(works, node, reason, seconds=seconds / 3, rounds=rounds))
    finally:
        for one in (ours, pure, bare, node, other):
            if one is not None:
                one.close()
    if "loading" in parts:
        tables.append(loading(rounds=5 if chosen.quick else 20))
    if "processes" in parts:
        sizes = (1_000, 5_000) if chosen.quick else (10_000, 100_000)
        tables.append(processes(seconds=seconds, rounds=rounds))
        tables.append(commands(works, sizes=sizes, rounds=2 if chosen.quick else 3))
    if "growth" in parts:
        most = 3_600 if chosen.long else 120
        tables.append(growth(steps(quick=chosen.quick, long=chosen.long), most_seconds=most))
    versions = {
        name: version for one in (node, other) if one is not None for name, version in one.versions.items()
    }
    about = describe(load_before, seconds, rounds, versions)
    about.append(f"the whole run took {(time.monotonic() - began) / 60:.1f} minutes")
    print("\n" + "\n".join(about))
    for table in tables:
        print(f"\n{table.plain()}")
    if chosen.write:
        missing = ["A quick run: not to be quoted."] if chosen.quick else []
        REPORT.write_text(document(about, lines, tables, contenders, missing), encoding="utf-8")
        print(f"\nWritten to {REPORT.relative_to(ROOT)}")
    return int(any(WRONG in line for line in lines))


def steps(*, quick: bool, long: bool) -> list[int]:
    """Return how many credentials one process does, and where it is asked what they cost."""
    found = [500, 1_000, 2_000] if quick else [1_000, 10_000, 100_000]
    return [*found, 1_000_000] if long else found


def admit(side: Side) -> tuple[list[Contender], list[str]]:
    """Return what a side may be timed at, and a line on its bytes in each suite."""
    contenders, lines = side.contenders(), []
    try:
        told = side.check_bytes()
    except (RuntimeError, AssertionError, InvalidSignature, OSError) as error:
        for contender in contenders:
            contender.fault = contender.fault or str(error)
        return contenders, [f"{side.name}: could not be asked: {error}"]
    for suite, (answers, faults) in told.items():
        lines.append(f"{side.name}, {suite}: {'; '.join(dict.fromkeys(faults)) or answers}")
        if any(fault.startswith(WRONG) for fault in faults):
            for contender in contenders:
                if contender.suite == suite:
                    contender.fault = "its bytes are wrong, see above"
    return contenders, lines


def measure(contenders: list[Contender], *, seconds: float, rounds: int) -> None:
    """Warm everybody up, then let them take turns of about `seconds` each, `rounds` times."""
    for contender in contenders:
        attempt(contender, lambda one: warm_up(one, seconds))
    for number in range(1, rounds + 1):
        print(f"Round {number} of {rounds}", flush=True)
        for contender in contenders:
            attempt(contender, take_turn)


def attempt(contender: Contender, deed: Callable[[Contender], None]) -> None:
    """Do it unless the contender failed before; keep the reason of a failure, which is printed at the end."""
    if contender.fault:
        return
    try:
        deed(contender)
    except (RuntimeError, AssertionError, InvalidSignature, OSError) as error:
        contender.fault = str(error) or type(error).__name__
        # Rounds of half a measurement stand beside nobody's.
        contender.cpu.clear()
        contender.wall.clear()


def warm_up(contender: Contender, seconds: float) -> None:
    """Run for about `seconds`, then choose how many items fill a turn."""
    contender.count = calibrated(lambda count: contender.run(count)[1], seconds)


def take_turn(contender: Contender) -> None:
    """Run one turn and note CPU and wall seconds per item."""
    cpu, wall = contender.run(contender.count)
    contender.cpu.append(cpu / contender.count)
    contender.wall.append(wall / contender.count)


if __name__ == "__main__":
    sys.exit(main())
