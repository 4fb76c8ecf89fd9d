# SPDX-License-Identifier: Apache-2.0
"""What `./cairn bench` measures of loading: how long a fresh interpreter takes until laurel stands ready."""

import os
import sys
import tempfile
import time
from statistics import median

from bench_report import Table, spread
from bench_sides import BARE, PURE, WITHOUT

GOAL = 150.0
"""Milliseconds, without the optional parts."""
WHOLE = "laurel, laurel.issue, laurel.verify, laurel.present"
_NOTHING = "nothing"
#: What is loaded, and what is as if it were not installed.
_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    _NOTHING: ("pass", ()),
    "laurel": ("import laurel", ()),
    WHOLE: (f"import {WHOLE}", ()),
    f"{WHOLE}; {PURE}": (f"import {WHOLE}", WITHOUT[PURE]),
    f"{WHOLE}; {BARE}": (f"import {WHOLE}", WITHOUT[BARE]),
}


def loading(*, rounds: int) -> Table:
    """Return how long it takes to load laurel, beyond what the interpreter takes for itself."""
    print("Loading", flush=True)
    walls: dict[str, list[float]] = {name: [] for name in _KINDS}
    cpus: dict[str, list[float]] = {name: [] for name in _KINDS}
    with tempfile.TemporaryDirectory() as folder:
        # With compiled files at hand, as an installation has them; the first turn makes them and is not told.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for turn in range(rounds + 1):
            for name, (code, without) in _KINDS.items():
                wall, cpu = _once(code, without, environment)
                if turn:
                    walls[name].append(wall)
                    cpus[name].append(cpu)
    rows = [(_NOTHING, spread(cpus[_NOTHING]), spread(walls[_NOTHING]), "", "")]
    for name in list(_KINDS)[1:]:
        beyond = median(cpus[name]) - median(cpus[_NOTHING])
        met = "met" if beyond <= GOAL else f"NOT MET: goal {GOAL:.0f} ms"
        rows.append((name, spread(cpus[name]), spread(walls[name]), f"{beyond:,.0f}", met))
    before = (
        f"Milliseconds of {rounds} fresh processes each, from start to end, taking turns; compiled files are "
        "at hand. The goal is for the CPU, without what the interpreter takes for nothing: "
        f"at most {GOAL:.0f}."
    )
    head = ("import", "CPU ms", "wall ms", "CPU beyond nothing", "met?")
    return Table("Loading", before, head, rows)


def _once(code: str, without: tuple[str, ...], environment: dict[str, str]) -> tuple[float, float]:
    """Run a fresh interpreter, and return its milliseconds by the wall and of its processor."""
    absent = f"import sys; sys.modules.update(dict.fromkeys({without!r})); " if without else ""
    began = time.perf_counter()
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", absent + code], environment)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - began
    if status:
        raise RuntimeError(f"{code} ended with {status}")
    return wall * 1e3, (used.ru_utime + used.ru_stime) * 1e3
