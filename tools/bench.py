# SPDX-License-Identifier: Apache-2.0
"""Measures laurel beside named peers in one run, and says what each side does not check.

The contenders take turns, round after round; what is told is the median of the rounds with the smallest and
the largest. Bytes come first: nobody is timed whose signature differs, or who takes a changed copy.
"""

import argparse
import importlib.metadata
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench_sides import (
    JCS,
    JOSERFC,
    JWT,
    LAUREL,
    LEARNERS,
    NODE,
    PYLD,
    RDFC,
    ROOT,
    TAMPERED,
    WRONG,
    Contender,
    Joserfc,
    Laurel,
    Node,
    NodeProcess,
    PyLD,
    Samples,
    Side,
    start_node,
)
from cryptography.exceptions import InvalidSignature

REPORT = ROOT / "docs/performance.md"
#: What each side looks at while it is timed; goes into the report, since speed without it says little.
CHECKS = {
    (LAUREL, "issue"): "checks the JSON, the rules of Open Badges 3.0 and of the data model, and that the "
    "signature covers every word; not the official JSON Schema",
    (LAUREL, "verify"): "checks the JSON, that every word is covered, the signature, that the key is the "
    "issuer's, the period and the rules; not the status lists (next row), evidence files or a trust list",
    (LAUREL, "verify with status"): "checks that and both status lists, their signature, issuer, period and "
    "bit, anew for each credential; the lists come from memory",
    (NODE, "issue"): "checks the shape of a credential; no schema, no Open Badges rules",
    (NODE, "verify"): "checks that every word is covered (rdfc only), the signature, the key's purpose and "
    "the period; no schema, no Open Badges rules, no status",
    (PYLD, "issue"): "checks nothing: canonicalises and signs",
    (PYLD, "verify"): "checks the signature only, with the key at hand; takes added undefined terms",
    (JOSERFC, "issue"): "checks nothing: signs the payload it is given",
    (JOSERFC, "verify"): "checks the signature only, with the key at hand",
}


def main() -> int:
    """Check bytes, measure, print. Returns 1 where somebody's bytes differ or a changed copy was taken."""
    options = argparse.ArgumentParser(prog="./cairn bench", description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="rounds of one second instead of three")
    options.add_argument(
        "--rounds", type=int, default=5, help="how often each side takes its turn, at least 5"
    )
    options.add_argument(
        "--distinct", action="store_true", help="give every credential an achievement of its own"
    )
    options.add_argument("--write", action="store_true", help="write docs/performance.md")
    chosen = options.parse_args()
    seconds, rounds = (1.0 if chosen.quick else 3.0), max(5, chosen.rounds)
    load_before = os.getloadavg()[0]
    samples = Samples(distinct=chosen.distinct)
    node, reason = start_node()
    lines: list[str] = []
    contenders: list[Contender] = []
    for side in (Laurel(samples), Node(samples, node, reason), PyLD(samples), Joserfc(samples)):
        timed, said = admit(side)
        contenders += timed
        lines += said
    broken = any(WRONG in line for line in lines)
    print("Bytes first\n  " + "\n  ".join(lines), flush=True)
    measure(contenders, seconds=seconds, rounds=rounds)
    if node is not None:
        node.close()
    about = describe(load_before, seconds, rounds, distinct=chosen.distinct, node=node)
    rows = table(contenders)
    print("\n" + "\n".join(about) + "\n\n" + "\n".join(plain(rows)))
    if chosen.write:
        REPORT.write_text(report(about, lines, rows, contenders), encoding="utf-8")
        print(f"\nWritten to {REPORT.relative_to(ROOT)}")
    return int(broken)


def admit(side: Side) -> tuple[list[Contender], list[str]]:
    """Return what a side may be timed at, and a line on its bytes in each suite."""
    contenders, lines = side.contenders(), []
    for suite, (answers, faults) in side.check_bytes().items():
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


def warm_up(contender: Contender, seconds: float) -> None:
    """Run for about `seconds`, then choose how many items fill a turn."""
    count, wall = 1, 0.0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        wall = contender.run(count)[1] / count
        count = max(1, min(count * 2, int(seconds / 2 / wall)))
    contender.count = max(3, int(seconds / wall))


def take_turn(contender: Contender) -> None:
    """Run one turn and note CPU and wall seconds per item."""
    cpu, wall = contender.run(contender.count)
    contender.cpu.append(cpu / contender.count)
    contender.wall.append(wall / contender.count)


@dataclass(frozen=True)
class Row:
    """A line of the table: a contender beside laurel doing the same."""

    suite: str
    deed: str
    name: str
    cpu: str
    wall: str
    ratio: str


def table(contenders: list[Contender]) -> list[Row]:
    """Return the rows; a ratio above 1 means that laurel takes less CPU than this peer."""
    rows = []
    for contender in sorted(contenders, key=lambda one: ((RDFC, JCS, JWT).index(one.suite), one.deed)):
        if contender.fault or not contender.cpu:
            rows.append(
                Row(contender.suite, contender.deed, contender.name, "not measured", "", contender.fault)
            )
            continue
        ours = next(
            one
            for one in contenders
            if (one.name, one.suite, one.deed) == (LAUREL, contender.suite, contender.deed)
        )
        ratio = "1"
        if ours.fault:
            ratio = "laurel was not measured"
        elif contender is not ours:
            ratio = spread(
                [theirs / our for theirs, our in zip(contender.cpu, ours.cpu, strict=True)], "{:.2f}"
            )
        rows.append(
            Row(
                contender.suite,
                contender.deed,
                contender.name,
                spread([value * 1e6 for value in contender.cpu], "{:,.0f}"),
                f"{min(contender.wall) * 1e6:,.0f}",
                ratio,
            )
        )
    return rows


def spread(values: list[float], form: str) -> str:
    """Return the median and, in brackets, the smallest and the largest."""
    low, middle, high = (form.format(value) for value in (min(values), median(values), max(values)))
    return f"{middle} [{low}-{high}]"


def plain(rows: list[Row]) -> list[str]:
    """Return the table for a terminal."""
    head = Row("suite", "deed", "who", "CPU us per item", "wall min", "peer / laurel")
    return [
        f"{row.suite:<16} {row.deed:<19} {row.name:<20} {row.cpu:>24} {row.wall:>9}  {row.ratio}"
        for row in (head, *rows)
    ]


def describe(
    load_before: float, seconds: float, rounds: int, *, distinct: bool, node: NodeProcess | None
) -> list[str]:
    """Return what a reader needs to judge the numbers: machine, load, versions, input."""
    named = ("laurel", "cryptography", "PyLD", "joserfc", "rfc8785", "base58")
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {importlib.metadata.version(name)}" for name in named]
    if node is not None:
        kept = ("node", "@digitalbazaar/vc", "jsonld", "rdf-canonize")
        versions += [f"{name} {node.versions[name]}" for name in kept]
    load = f"{load_before:.1f} before, {os.getloadavg()[0]:.1f} after"
    return [
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {processor()}, {platform.system()}",
        f"load {load}",
        f"{rounds} rounds of about {seconds:g} s a side, taking turns; CPU of the process, median [min-max]",
        f"{LEARNERS} learners in turn, {'an achievement each' if distinct else 'all of one achievement'}",
        ", ".join(versions),
    ]


def processor() -> str:
    """Return the name of the processor, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def report(about: list[str], bytes_first: list[str], rows: list[Row], contenders: list[Contender]) -> str:
    """Return docs/performance.md."""
    seen = dict.fromkeys((one.name, one.deed) for one in contenders)
    return "\n".join(
        [
            "# Performance, measured",
            "",
            "Written by `./cairn bench --write`; do not edit. Every side gets the same golden credential of",
            "`packages/laurel/tests/samples.py` as text and gives text back; contexts are loaded beforehand.",
            "Read the ratios: the microseconds are those of one machine on one day.",
            "",
            *(f"- {line}" for line in about),
            "",
            "A ratio above 1 means that the peer takes that many times the CPU of laurel, below 1 that it",
            "takes less. It is taken round by round, so a busy moment of the machine weighs on both sides.",
            "Node's CPU counts its collector and compiler threads too, hence the least wall time beside it.",
            "",
            "| suite | deed | who | CPU µs per item | wall, least | peer ÷ laurel |",
            "| --- | --- | --- | ---: | ---: | ---: |",
            *(
                f"| {row.suite} | {row.deed} | {row.name} | {row.cpu} | {row.wall} | {row.ratio} |"
                for row in rows
            ),
            "",
            "## Bytes first",
            "",
            "Nobody's time counts before its bytes do: equal signatures, and changed copies refused",
            f"({', '.join(TAMPERED)}).",
            "",
            *(f"- {line}" for line in bytes_first),
            "",
            "## What each side checks",
            "",
            *(f"- **{name}, {deed}** {CHECKS[name, deed]}." for name, deed in seen),
            "",
            "## Not measured here",
            "",
            "The web server, the database, more than one process, peers other than those above, and Ed25519",
            "libraries other than OpenSSL. A peer that was not there stands in the table with the reason.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
