# SPDX-License-Identifier: Apache-2.0
"""`./cairn fuzz`: changes of signed files with new seeds, and atheris on every reader that strangers reach.

Each target runs in a process of its own, at low priority, for its share of the time. What crashes, hangs or
takes too much memory is kept in `var/fuzz/` with the input; the corpus grows there too. A summary ends it.
"""

import argparse
import importlib
import importlib.util
import os
import pkgutil
import platform
import random
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "packages/laurel/tests"
FOLDER = ROOT / "var/fuzz"
MOST_MEMORY = 2_048
"""MiB that the process of a target may have, the interpreter and the instruments included."""

# The number of new edges, as libFuzzer counts them, and of executions, stand in lines such as
# "#2048  pulse  cov: 812 ft: 2211 corp: 40/12Kb exec/s: 1024 rss: 120Mb".
_PULSE = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+)")
_DONE = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


def main() -> int:
    """Run what the options name; 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="./cairn fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--hours", type=float, default=1.0, help="how long in all; default: 1")
    parser.add_argument("--target", action="append", help="only this one; can be given many times")
    parser.add_argument("--seed", type=int, default=None, help="for the changes; default: another each time")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    sys.path[:0] = [str(TESTS), str(TESTS / "hostile")]
    if options.child:
        _child(options.child, rest)
        return 0
    if rest:
        parser.error(f"unknown: {' '.join(rest)}")
    from fuzz_targets import TARGETS

    chosen = options.target or ["changes", *TARGETS]
    unknown = set(chosen) - {"changes", *TARGETS}
    if unknown:
        parser.error(f"no target {', '.join(sorted(unknown))}; there are changes, {', '.join(TARGETS)}")
    lacking = _lacking()
    if lacking and options.target and set(chosen) != {"changes"}:
        parser.error(lacking)
    if lacking:
        print(lacking, flush=True)
        chosen = ["changes"]
    share = options.hours * 3600 / len(chosen)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"{len(chosen)} targets, {share:.0f} s each, seed {seed}, findings in {FOLDER}", flush=True)
    os.nice(10)
    rows = [
        _changes(share, seed) if name == "changes" else _with_atheris(name, share, seed) for name in chosen
    ]
    print(f"\n{'target':<14}{'executions':>12}{'edges':>9}{'findings':>10}")
    for name, executions, edges, findings in rows:
        print(f"{name:<14}{executions:>12,}{edges if edges else '':>9}{findings:>10}")
    found = sum(row[3] for row in rows)
    print(f"{sum(row[1] for row in rows):,} executions, {found} findings")
    return 1 if found else 0


def _lacking() -> str:
    """Say what to do where atheris is not installed; nothing where it is."""
    if importlib.util.find_spec("atheris") is not None:
        return ""
    here = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return (
        f"atheris has no wheel for {here}, so only the target `changes` runs. It has wheels for Python "
        "3.11 to 3.13 on Linux x86_64: remove .venv-fuzz and start again with such a one, as in "
        "PYTHON=python3.13 ./cairn fuzz"
    )


def _changes(seconds: float, seed: int) -> tuple[str, int, int, int]:
    """Change signed files of every form until the time is up; keep what is believed and should not be."""
    from signed_forms import forms

    folder = FOLDER / "changes"
    folder.mkdir(parents=True, exist_ok=True)
    end, count, found = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        for form in forms():
            count += 1
            chance = random.Random(f"{seed} {form.name} {count}")  # noqa: S311  # no secret
            data = form.change(form.data, chance)
            try:
                answer = form.judge(data)
                is_sound = answer.verdict != "genuine" or form.is_honest(answer)
            except Exception as error:  # noqa: BLE001  # whatever comes out is a finding
                is_sound = False
                print(f"changes: {error!r}", flush=True)
            if not is_sound:
                found += 1
                name = re.sub(r"\W+", "-", form.name)
                (folder / f"{name}-{seed}-{count}").write_bytes(data)
    return "changes", count, 0, found


def _with_atheris(name: str, seconds: float, seed: int) -> tuple[str, int, int, int]:
    """Run one target under atheris until the time is up, and go on after each finding."""
    from fuzz_targets import seeds

    corpus, crashes = FOLDER / name / "corpus", FOLDER / name / "crashes"
    for folder in (corpus, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(data)
    end, executions, edges, rounds = time.monotonic() + seconds, 0, 0, 0
    before = set(crashes.iterdir())
    while (left := end - time.monotonic()) > 1:
        rounds += 1
        command = [
            *(sys.executable, __file__, "--child", name, str(corpus)),
            *(
                f"-max_total_time={int(left)}",
                f"-artifact_prefix={crashes}/",
                f"-seed={(seed + rounds) % 2**32}",
            ),
            *("-timeout=10", f"-rss_limit_mb={MOST_MEMORY}", "-max_len=65536", "-print_final_stats=1"),
        ]
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        told = done.stdout.decode("utf-8", "replace")
        (FOLDER / name / "last.log").write_text(told[-200_000:], encoding="utf-8")
        pulses = _PULSE.findall(told)
        final = _DONE.findall(told)
        executions += int(final[-1]) if final else int(pulses[-1][0]) if pulses else 0
        edges = max([edges, *(int(pulse[1]) for pulse in pulses)])
        if done.returncode == 0:
            break
        if not pulses:
            print(f"{name}: did not start\n{told[-1_500:]}", flush=True)
            return name, executions, edges, 1
        print(f"{name}: {told[-600:]}", flush=True)
    found = len(set(crashes.iterdir()) - before)
    print(f"{name}: {executions:,} executions, {edges} edges, {found} findings", flush=True)
    return name, executions, edges, found


def _child(name: str, arguments: list[str]) -> None:
    """Be the process in which one target runs under atheris."""
    import atheris

    with atheris.instrument_imports(include=["laurel"]):
        # All of them, also what is loaded only with the first document that needs it.
        for found in pkgutil.walk_packages([str(ROOT / "packages/laurel/src/laurel")], "laurel."):
            if not found.name.startswith("laurel.cli"):
                importlib.import_module(found.name)
    import fuzz_targets

    atheris.Setup([name, *arguments], lambda data: fuzz_targets.once(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
