# SPDX-License-Identifier: Apache-2.0
"""Reports as lines of JSON, as `as_json` has them; what most reports say alike is written once."""

import json
from contextlib import suppress
from typing import Any, Final

from laurel import fast
from laurel.strictjson import JsonValue, dumps
from laurel.verify.presentation_report import PresentationReport
from laurel.verify.report import Check, Report

# Checks that say the same of every badge are the same objects. What is kept stays, so that no other one gets
# its number; checks that come and go take a place and do no harm.
_MOST_KEPT: Final = 256
_kept: Final[dict[int, tuple[Check, bytes]]] = {}


def line_of(number: int, report: Report | PresentationReport) -> bytes:
    """Return the report on the line of that number as one line, with its end."""
    if fast.orjson is not None:
        with suppress(TypeError):  # half a character, or a number too large
            if isinstance(report, Report):
                return _quick(fast.orjson.dumps, number, report)
            return _written(fast.orjson.dumps, {"line": number} | report.as_json()) + b"\n"
    told: dict[str, JsonValue] = {"line": number} | report.as_json()
    try:
        return dumps(told) + b"\n"
    except ValueError:  # half a surrogate pair, out of the name of a file
        return json.dumps(told).encode() + b"\n"


def _quick(write: Any, number: int, report: Report) -> bytes:
    """Return what `Report.as_json` gives behind a number, put together of parts."""
    checks = []
    for each in report.checks:
        kept = _kept.get(id(each))
        checks.append(kept[1] if kept is not None else _check(write, each))
    by, judge = report.created_by, report.assessed_by
    rest = {
        "created_by": by and by.as_json(),
        "assessed_by": judge and judge.as_json(),
        "endorsements": [each.as_json() for each in report.endorsements],
        "technical": report.technical,
    }
    return b'{"line":%d,"verdict":"%b","checks":[%b],"format":"%b","credential":%b,%b\n' % (
        number,
        report.verdict.value.encode(),
        b",".join(checks),
        report.format.encode(),
        _written(write, report.credential),
        _written(write, rest)[1:],
    )


def _check(write: Any, check: Check) -> bytes:
    written = _written(write, check.as_json())
    if len(_kept) < _MOST_KEPT:
        _kept[id(check)] = check, written
    return written


def _written(write: Any, value: object) -> bytes:
    # What is not finite it writes as null, and nothing of the kind is in JSON that was read.
    written: bytes = write(value)
    return written
