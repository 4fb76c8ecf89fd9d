# SPDX-License-Identifier: Apache-2.0
"""Real files for the demonstration, made on the spot: records of bus arrivals, a notebook that cleans them, a report."""

import csv
import io
import json
import random
from datetime import UTC, datetime, timedelta

import typst

STOPS = ("Harbour Gate", "Mill Lane", "St Anne's", "Quayside", "Northfield", "Rivermouth College")


def arrivals_csv(rows: int = 1_200) -> bytes:
    """Return cleaned records of bus arrivals, the same ones every time."""
    chance = random.Random(20261014)  # noqa: S311 - example records, nothing secret
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(["stop", "route", "planned", "actual", "note"])
    start = datetime(2026, 3, 31, 5, 0, tzinfo=UTC)
    for row in range(rows):
        planned = start + timedelta(minutes=3 * row)
        late = max(-2, round(chance.gauss(1.5, 3)))
        missing = chance.random() < 0.03
        table.writerow(
            [
                STOPS[row % len(STOPS)],
                f"{10 + row % 4}",
                planned.strftime("%Y-%m-%d %H:%M"),
                "" if missing else (planned + timedelta(minutes=late)).strftime("%Y-%m-%d %H:%M"),
                "clock change" if missing and planned.hour == 2 else "",
            ]
        )
    return out.getvalue().encode()


def notebook() -> bytes:
    """Return a Jupyter notebook that says what was done and does it."""
    cells = [
        (
            "markdown",
            "# Cleaning the March arrivals\n\n41,166 rows came in, 40,962 are left. Every decision is written down.",
        ),
        (
            "code",
            'import pandas as pd\n\narrivals = pd.read_csv("arrivals.csv", parse_dates=["planned", "actual"])\narrivals.shape',
        ),
        (
            "markdown",
            "## 3. Missing arrival times: 1,204 of 41,166 rows (2.9%)\n\nNot random: 91% fall between 02:00 and 03:00 on 31 March. "
            "The clocks went forward. Those minutes never existed. Dropping them would hide the fault, so they stay, marked.",
        ),
        (
            "code",
            'gap = arrivals["actual"].isna()\ndst_hour = arrivals["planned"].dt.hour.eq(2)\n'
            'arrivals.loc[gap & dst_hour, "note"] = "clock change"\nclean = arrivals.drop_duplicates()',
        ),
        ("markdown", "## 4. Tests"),
        (
            "code",
            'def test_no_early_arrivals():\n    late = clean["actual"] - clean["planned"]\n    assert (late.dropna() >= pd.Timedelta("-5min")).all()',
        ),
    ]
    document = {
        "cells": [
            {
                "cell_type": kind,
                "metadata": {},
                "source": source.splitlines(keepends=True),
                **({"execution_count": None, "outputs": []} if kind == "code" else {}),
            }
            for kind, source in cells
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1).encode()


def report_pdf() -> bytes:
    """Return a short data quality report as a PDF."""
    source = r"""
#set document(title: "Data quality report", date: datetime(year: 2026, month: 9, day: 30))
#set page(paper: "a5", margin: 18mm)
#set text(size: 10.5pt)
= Data quality report
_Bus arrivals, Rivermouth, March 2026_

== What came in
41,166 rows from 6 stops and 4 routes. 1,204 rows had no arrival time; 204 rows stood twice.

== What was changed
#table(columns: 3, [*Fault*], [*Rows*], [*Treatment*],
  [Doubled rows], [204], [Removed],
  [Clock change, 31 March], [1,096], [Kept and marked],
  [Sensor off], [108], [Kept, time left empty])

== What could not be fixed
The sensor at Quayside lost whole minutes in the last week. No method brings them back; the planners were told.
"""
    return bytes(typst.compile(source.encode(), format="pdf"))
