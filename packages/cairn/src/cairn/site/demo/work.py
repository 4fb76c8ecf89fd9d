# SPDX-License-Identifier: Apache-2.0
"""Real files for the demonstration, made on the spot: records of bus arrivals, a notebook that cleans them, a report."""

import csv
import io
import json
import random
from datetime import UTC, datetime, timedelta

import typst

#: What the learner says about the work.
STATEMENT = (
    "I took the bus-arrival records of one spring, full of gaps and doubles, and turned them into a table that two "
    "transport planners could use without asking me a question. I kept a log of every decision."
)
#: The rung, low to high from 1, and what was seen: one row a criterion of Data Cleaning with Python.
FIRST_MARKS = (
    (4, "Found a clock fault in the source system that the data owner did not know about."),
    (3, "Compared three methods and explained the choice in plain words."),
    (3, "Runs from a clean machine in one command. Tests cover the main steps."),
    (4, "Lists what she could not fix, and why it matters."),
)
SECOND_MARKS = (
    (4, "The hour that never existed, found and shown."),
    (3, "Three methods side by side, one chosen for a reason."),
    (3, "I ran it on a new machine: one command, no questions."),
    (3, "Every change is listed with its effect."),
)
AGREED_REASON = "The last page of the report lists what could not be fixed, so the highest level fits."

STOPS = ("Harbour Gate", "Mill Lane", "St Anne's", "Quayside", "Northfield", "Rivermouth College")


def arrivals_csv(rows: int = 1_200) -> bytes:
    """Return cleaned records of bus arrivals, the same ones every time."""
    chance = random.Random(20261014)  # noqa: S311 - example records, nothing secret
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(["stop", "route", "planned", "actual", "note"])
    start = datetime(2026, 3, 28, 5, 0, tzinfo=UTC)
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
                "clock change" if missing and (planned.day, planned.hour) == (29, 1) else "",
            ]
        )
    return out.getvalue().encode()


def notebook() -> bytes:
    """Return a Jupyter notebook that says what was done and does it."""
    cells = [
        (
            "markdown",
            "# Cleaning the March arrivals\n\nBus arrivals of 28 to 30 March. Every decision is written down.",
        ),
        (
            "code",
            'import pandas as pd\n\narrivals = pd.read_csv("arrivals.csv", parse_dates=["planned", "actual"])\narrivals.shape',
        ),
        (
            "markdown",
            "## 3. Missing arrival times: about 3 rows in 100\n\nNot all random: the clocks went forward in the night of 29 March. "
            "Those minutes never existed. Dropping them would hide the fault, so they stay, marked.",
        ),
        (
            "code",
            'gap = arrivals["actual"].isna()\ndst_hour = arrivals["planned"].dt.floor("h").eq("2026-03-29 01:00")\n'
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
_Bus arrivals, Rivermouth, 28 to 30 March 2026_

== What came in
1,236 rows from 6 stops and 4 routes. About 3 in 100 had no arrival time; 36 rows stood twice.

== What was changed
#table(columns: 3, [*Fault*], [*Rows*], [*Treatment*],
  [Doubled rows], [36], [Removed],
  [Clock change], [as marked], [Kept and marked],
  [Sensor off], [as left empty], [Kept, time left empty])

== What could not be fixed
The sensor at Quayside lost whole minutes on the last day. No method brings them back; the planners were told.
"""
    return bytes(typst.compile(source.encode(), format="pdf"))
