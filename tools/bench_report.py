# SPDX-License-Identifier: Apache-2.0
"""The tables of `./cairn bench`: ratios of turns beside each other, goals, and docs/performance.md."""

import importlib.metadata
import operator
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench_samples import JCS, JWT, LEARNERS, RDFC, TAMPERED
from bench_sides import (
    BARE,
    JOSE,
    JOSERFC,
    LAUREL,
    LIMIT,
    NODE,
    OPENBADGESLIB,
    OPENBADGESLIB_MODEL,
    PURE,
    PYLD,
)
from bench_talk import Contender

#: What each side looks at while it is timed; goes into the report, since speed without it says little.
CHECKS = {
    (LAUREL, "batch"): "issues for a learner through `laurel.issue.Batch`: the example is held against all "
    "rules once, each learner's draft against those of the badge; JSON and canonical form are written anew",
    (LAUREL, "issue"): "reads the JSON through the strict gate, checks the rules of Open Badges 3.0 and of "
    "the data model, and that the signature covers every word; signs, and writes JSON",
    (LAUREL, "verify"): "reads the JSON through the strict gate, checks structure, that every word is "
    "covered, the signature, that the key is the issuer's, the period, and its bit in the status list, "
    "that its issuer signed, which is at hand; not evidence files, a trust list, or 1EdTech's schema file",
    (NODE, "issue"): "checks the shape of a credential; no schema, no Open Badges rules",
    (NODE, "verify"): "checks that every word is covered (rdfc only), the signature, the key's purpose and "
    "the period; no schema, no Open Badges rules, no status",
    (JOSE, "issue"): "checks nothing: parses and signs the payload it is given",
    (JOSE, "verify"): "checks the signature with the key at hand, and the times of the token",
    (OPENBADGESLIB, "issue"): "signs the JSON it is given (`add_data_integrity_proof`, "
    "`OB3Signer.sign_payload`); bounds size and structure (rdfc only), but does not check that the signature "
    "covers every word, nor any Open Badges rules",
    (OPENBADGESLIB, "verify"): "checks that every word is covered, with bounds on size and structure (rdfc "
    "only), the signature, that the key is the issuer's, the period by the clock of the machine, what its "
    "classes ask of a credential, and its bit in the status list and the signature of that, which is at "
    "hand as the JWT that openbadgeslib asks for; no schema file",
    (
        OPENBADGESLIB_MODEL,
        "issue",
    ): "reads the JSON into its own classes (`from_vc_document`), which leave out "
    "what they do not know, and signs the smaller credential (`OB3LdpSigner`); checks bounds of size and "
    "structure, and that the signature covers every word",
    (PYLD, "issue"): "checks nothing: canonicalises and signs",
    (PYLD, "verify"): "checks the signature only, with the key at hand; takes added undefined terms",
    (JOSERFC, "issue"): "checks nothing: signs the payload it is given",
    (JOSERFC, "verify"): "checks the signature only, with the key at hand",
    (
        LIMIT,
        "issue",
    ): "is SHA-256 of the canonical form, one signature of libsodium and writing the JSON (orjson)",
    (
        LIMIT,
        "verify",
    ): "is reading the JSON (orjson), SHA-256 of the canonical form and holding one signature",
}
_SUITES = (RDFC, JCS, JWT)
_DEEDS = ("batch", "issue", "verify")


@dataclass(frozen=True)
class Goal:
    """What a work has to reach: so many times a peer's speed, at most so many times the physical limit."""

    work: str
    suite: str
    deed: str
    peer: str
    at_least: float | None = None
    at_most: float | None = None


GOALS = (
    Goal("batch issue of one achievement", RDFC, "batch", NODE, 100, 2),
    Goal("single issue with checks", RDFC, "issue", NODE, 70, 3.5),
    Goal("full verify", RDFC, "verify", NODE, 60, 2),
    Goal("`eddsa-jcs-2022` single issue", JCS, "issue", NODE, 15),
    Goal("`eddsa-jcs-2022` batch issue", JCS, "batch", NODE),
    Goal("`eddsa-jcs-2022` verify", JCS, "verify", NODE, 6),
    Goal("VC-JWT single issue", JWT, "issue", JOSE, 3),
    Goal("VC-JWT batch issue", JWT, "batch", JOSE),
    Goal("VC-JWT verify", JWT, "verify", JOSE, 2.5),
    Goal("full verify, the peer with status too", RDFC, "verify", OPENBADGESLIB, 150),
    Goal("single issue, the peer without checks", RDFC, "issue", OPENBADGESLIB),
    Goal("VC-JWT verify, the peer with status too", JWT, "verify", OPENBADGESLIB, 7),
    Goal("VC-JWT single issue, the peer without checks", JWT, "issue", OPENBADGESLIB, 1.8),
)
#: What is asked where laurel's own part in C was not built.
PURE_GOALS = {"full verify": (50, 2.5)}


@dataclass(frozen=True)
class Table:
    """A table with what a reader needs to know before it. The first `texts` columns hold words."""

    title: str
    before: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    texts: int = 1

    def plain(self) -> str:
        """Return the table for a terminal."""
        widths = [max(len(row[n]) for row in (self.head, *self.rows)) for n in range(len(self.head))]
        lines = [
            "  ".join(
                text.ljust(width) if n < self.texts or n == len(widths) - 1 else text.rjust(width)
                for n, (text, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in (self.head, *self.rows)
        ]
        return "\n".join([self.title, *lines])

    def markdown(self) -> str:
        """Return the table with its heading for a document."""
        line = " | ".join("---" if n < self.texts else "---:" for n in range(len(self.head)))
        rows = [f"| {' | '.join(row)} |" for row in (self.head, *self.rows)]
        return "\n".join([f"## {self.title}", "", self.before, "", rows[0], f"| {line} |", *rows[1:], ""])


def spread(values: Sequence[float], form: str = "{:,.0f}") -> str:
    """Return the median and, in brackets, the smallest and the largest."""
    low, middle, high = (form.format(value) for value in (min(values), median(values), max(values)))
    return f"{middle} [{low}-{high}]"


def micros(seconds: Sequence[float]) -> str:
    """Return seconds as microseconds with their spread."""
    return spread([value * 1e6 for value in seconds])


def ratios(over: Contender, under: Contender) -> list[float]:
    """Return how often the CPU of one is in that of the other, round by round."""
    return [one / other for one, other in zip(over.cpu, under.cpu, strict=True)]


def find(contenders: Sequence[Contender], name: str, suite: str, deed: str) -> Contender | None:
    """Return a contender; a peer's issue stands beside our batch too."""
    deed = "issue" if deed == "batch" and name not in (LAUREL, PURE, BARE) else deed
    found = (one for one in contenders if (one.name, one.suite, one.deed) == (name, suite, deed))
    return next(found, None)


def verdict(peer: float | None, limit: float | None, goal: Goal) -> str:
    """Tell whether a goal is met, and what is missing where it is not. None where nothing was measured."""
    if goal.at_least is None and goal.at_most is None:
        return "no goal"
    said = []
    for name, form, value, wanted, holds in (
        (goal.peer, f"{goal.peer} {{:.1f}}x of {goal.at_least or 0:g}x", peer, goal.at_least, operator.ge),
        (LIMIT, f"{{:.2f}}x the limit, goal {goal.at_most or 0:g}x", limit, goal.at_most, operator.le),
    ):
        if wanted is None:
            continue
        if value is None:
            said.append(f"{name} was not measured")
        elif not holds(value, wanted):
            said.append(form.format(value))
    return f"NOT MET: {'; '.join(said)}" if said else "met"


def headline(contenders: Sequence[Contender], name: str = LAUREL) -> list[tuple[str, ...]]:
    """Return a row for each goal: what laurel took, and how that stands to the peer and to the limit."""
    rows = []
    for each in GOALS:
        least, most = (each.at_least, each.at_most) if name == LAUREL else goals_of(each, name)
        goal = replace(each, at_least=least, at_most=most)
        ours = find(contenders, name, goal.suite, goal.deed)
        if ours is None or ours.fault or not ours.cpu:
            reason = "was not timed" if ours is None else ours.fault or "was not timed"
            rows.append((goal.work, "not measured", "", "", "", "", "", "", f"NOT MET: {reason}"))
            continue
        peer, limit = (
            other if other is not None and other.cpu and not other.fault else None
            for other in (
                find(contenders, goal.peer, goal.suite, goal.deed),
                find(contenders, LIMIT, goal.suite, goal.deed),
            )
        )
        over = ratios(peer, ours) if peer else []
        above = ratios(ours, limit) if limit else []
        rows.append(
            (
                goal.work,
                micros(ours.cpu),
                f"{min(ours.wall) * 1e6:,.0f}",
                f"{goal.peer}: {spread(over, '{:.1f}')}" if peer else f"{goal.peer}: not measured",
                f"{min(peer.wall) / min(ours.wall):.1f}" if peer else "",
                f"≥ {goal.at_least:g}" if goal.at_least else "",
                spread(above, "{:.2f}") if limit else "",
                f"≤ {goal.at_most:g}" if goal.at_most else "",
                verdict(median(over) if over else None, median(above) if above else None, goal),
            )
        )
    return rows


def goals_of(goal: Goal, name: str) -> tuple[float | None, float | None]:
    """Return what is asked of laurel without a part of it: how much of a peer, how little of the limit."""
    return PURE_GOALS.get(goal.work, (None, None)) if name == PURE else (None, None)


def goals_table(contenders: Sequence[Contender]) -> Table:
    """Return the table of the goals."""
    before = (
        "One core, µs per item; `peer ÷ laurel` above 1 means that the peer takes that many times the CPU\n"
        "of laurel. Ratios are taken round by round, so a busy moment weighs on both sides."
    )
    return Table("Goals", before, _HEAD, headline(contenders))


_HEAD = (
    "work",
    "CPU µs",
    "wall, least",
    "peer ÷ laurel",
    "by wall",
    "goal",
    "laurel ÷ limit",
    "goal",
    "met?",
)


def pure_table(contenders: Sequence[Contender]) -> Table:
    """Return the same without laurel's own part in C."""
    before = (
        "The same where `laurel._native` was not built, for want of a C compiler: it gives the same bytes.\n"
        "The packages of `laurel[fast]` are there."
    )
    return Table("Without laurel's part in C", before, _HEAD, headline(contenders, PURE))


def bare_table(contenders: Sequence[Contender]) -> Table:
    """Return the same without the faster parts."""
    before = (
        "The same without that part and without orjson, jsonschema-rs and libsodium (`laurel[fast]`), which\n"
        "change no answer: in pure Python and `cryptography`."
    )
    return Table("Without the faster parts", before, _HEAD, headline(contenders, BARE))


def sides_table(contenders: Sequence[Contender]) -> Table:
    """Return what each side took; a ratio above 1 means that laurel takes less CPU than this peer."""
    rows = []
    order = sorted(contenders, key=lambda one: (_SUITES.index(one.suite), _DEEDS.index(one.deed)))
    for one in order:
        if one.fault or not one.cpu:
            rows.append((one.suite, one.deed, one.name, "not measured", "", one.fault or "was not timed"))
            continue
        ours = find(contenders, LAUREL, one.suite, one.deed)
        ratio = "1"
        if ours is None or ours.fault:
            ratio = "laurel was not measured"
        elif one is not ours:
            ratio = spread(ratios(one, ours), "{:.2f}")
        rows.append((one.suite, one.deed, one.name, micros(one.cpu), f"{min(one.wall) * 1e6:,.0f}", ratio))
    before = "Node's CPU counts its collector and compiler threads too, hence the least wall time beside it."
    head = ("suite", "deed", "who", "CPU µs", "wall, least", "side ÷ laurel")
    return Table("Every side", before, head, rows, texts=3)


def describe(load_before: float, seconds: float, rounds: int, versions: dict[str, str]) -> list[str]:
    """Return what a reader needs to judge the numbers: machine, load, versions, input."""
    named = (
        *("laurel", "cryptography", "orjson", "jsonschema-rs", "PyNaCl", "rfc8785", "base58", "PyLD"),
        "joserfc",
    )
    told = [f"Python {platform.python_version()}"]
    told += [f"{name} {version_of(name)}" for name in named]
    kept = ("node", "@digitalbazaar/vc", "jsonld", "rdf-canonize", "jose", "@sd-jwt/core", OPENBADGESLIB)
    told += [f"{name} {versions[name]}" for name in kept if name in versions]
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {processor()}, {platform.system()}",
        f"load {load_before:.1f} before, {os.getloadavg()[0]:.1f} after",
        f"{rounds} rounds of about {seconds:g} s a side, taking turns; CPU of the process, median [min-max]",
        f"{LEARNERS} learners in turn, all of one achievement, where nothing else is said",
        ", ".join(told),
    ]


def version_of(name: str) -> str:
    """Return the version of an installed package, or that it is not there."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def processor() -> str:
    """Return the name of the processor, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def document(
    about: list[str],
    bytes_first: list[str],
    tables: Sequence[Table],
    contenders: Sequence[Contender],
    missing: Sequence[str],
) -> str:
    """Return docs/performance.md."""
    seen = dict.fromkeys((one.name, one.deed) for one in contenders if one.name not in (PURE, BARE))
    return "\n".join(
        [
            "# Performance, measured",
            "",
            "Written by `./cairn bench --write`; do not edit. Every side gets the same credential,",
            "`typical_document` of `packages/laurel/tests/samples.py`, as text and gives text back; contexts",
            "are loaded beforehand. Read the ratios: the microseconds are those of one machine on one day.",
            "",
            *(f"- {line}" for line in about),
            "",
            *(table.markdown() for table in tables),
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
            "The web server, the database, and other peers. A peer that failed stands in its table with the",
            "reason.",
            *(f"\n- {line}" for line in missing),
            "",
        ]
    )
