# SPDX-License-Identifier: Apache-2.0
"""Does laurel's work in a process of its own and times it, one request a line. For `./cairn bench`.

In:  {"do": "time", "deed": "issue", "suite": "eddsa-rdfc-2022", "kind": "typical", "count": 100}
     {"do": "texts", "suite": "...", "kind": "..."}; {"do": "about"}
     {"do": "give", "suite": "...", "kind": "...", "signed": ["..."]}
     {"do": "grow", "steps": [1000, 10000], "most_seconds": 90}
Out: {"cpu": seconds, "wall": seconds, "taken": {tier: count}}, {"drafts": [...], "signed": [...]}, ...

What is named on its command line it does not have; with "tier" it takes no faster tier.
"""

import gc
import json
import resource
import sys
import time
from collections import Counter
from contextlib import nullcontext
from statistics import median
from typing import Any

if len(sys.argv) > 1:
    for name in sys.argv[1:]:
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails, as if it were not there

from bench_samples import RDFC, typical
from bench_work import Works

from laurel import fast, tiers


def main() -> None:
    """Answer until nothing more is asked."""
    works = Works()
    deeds = {"give": _give, "time": _time, "texts": _texts, "grow": _grow, "about": _about}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = deeds[request.pop("do")](works, **request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other end shows it
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def _time(
    works: Works,
    *,
    deed: str,
    suite: str = RDFC,
    kind: str = "typical",
    count: int,
    tier: str = "",
    **given: Any,
) -> dict[str, Any]:
    with tiers.only(tier) if tier else nullcontext():  # type: ignore[arg-type]  # one of the three
        if given:  # by somebody else, so that nothing of it was seen here
            signed, lists = ([text.encode() for text in given[name]] for name in ("signed", "lists"))
            run = works.holding_strangers(signed, lists)
        else:
            run = works.run(deed, suite, kind, count)
        before = Counter(tiers.taken)
        cpu, wall = run(count)
    return {"cpu": cpu, "wall": wall, "taken": dict(tiers.taken - before)}


def _give(works: Works, *, suite: str, kind: str, signed: list[str]) -> dict[str, Any]:
    works.give(suite, kind, [text.encode() for text in signed])
    return {}


def _texts(works: Works, *, suite: str, kind: str, most: int = 20) -> dict[str, Any]:
    drafts, signed = works.drafts(kind)[:most], works.signed(suite, kind)[:most]
    return {"drafts": [text.decode() for text in drafts], "signed": [text.decode() for text in signed]}


def _grow(works: Works, *, steps: list[int], most_seconds: float) -> dict[str, Any]:
    """Issue and verify for ever new learners; tell the median cost up to each step, and the memory."""
    deeds = {
        "batch": works.batch_of(RDFC),
        "issue": works.issuing(RDFC),
        "verify": works.verifying(RDFC),
    }
    spent: dict[str, list[float]] = {name: [] for name in deeds}
    told: dict[str, list[float]] = {name: [] for name in deeds}
    peaks: list[int] = []
    reached: list[int] = []
    done, chunk, until = 0, 250, time.monotonic() + most_seconds
    for step in steps:
        for each in spent.values():
            each.clear()
        while done < step and time.monotonic() < until:
            numbers = range(done + 1, done + chunk + 1)
            items = {"batch": [works.values(n) for n in numbers]}
            items["issue"] = [works.text_of(typical(n)) for n in numbers]
            items["verify"] = [deeds["batch"](values) for values in items["batch"]]
            for name, deed in deeds.items():
                gc.collect()
                began = time.process_time()
                for item in items[name]:
                    deed(item)
                spent[name].append((time.process_time() - began) / chunk)
            done += chunk
        if not spent["batch"]:
            break
        reached.append(done)
        for name, each in spent.items():
            told[name].append(median(each))
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return {"cpu": told, "peak_kb": peaks, "reached": reached}


def _about(works: Works) -> dict[str, Any]:
    del works
    return {
        "orjson": fast.orjson is not None,
        "native": fast.native is not None,
        "sodium": fast.sodium() is not None,
        "schemas": fast.schema_compiler() is not None,
    }


if __name__ == "__main__":
    main()
