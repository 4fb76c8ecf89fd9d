# SPDX-License-Identifier: Apache-2.0
"""Payloads of public collections as names, descriptions and criteria, in a real browser: all stay text (A25, A38)."""

import base64
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, cycle, islice, zip_longest
from pathlib import Path
from typing import Any

import cast
import pytest
from credentials import scenes
from django.utils import timezone
from verification.strangers import draft, endorsement, self_made

from browser.test_gate import chromium, gate
from cairn.achievements import services as achieving
from cairn.achievements.facts import About, BadgeDesign, PublishedAchievement, Skills
from cairn.credentials import services as issuing
from cairn.credentials.facts import Visibility
from cairn.foundation import names
from cairn.site import samples

__all__ = ["gate"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HOSTILE = Path(__file__).parents[5] / "shared" / "hostile"
#: As many as the collections hold: one that silently shrank is a failure.
FEWEST = 2445
#: So many in one credential, in two lists of which a page shows 200 entries each; and so many letters, each of
#: which stands there four times, as laurel reads 256 KiB.
AT_ONCE, MOST_LETTERS = 400, 30_000
#: What breaks out of text, attribute, comment, style and script alike. Of what no collection has: our own tags.
BREAKERS = (
    "<script>alert(1)</script>",
    "\"'><img src=/x onerror=alert(2)>",
    "--></style></title></textarea></script><svg onload=alert(3)>",
    "</bdi></blockquote></details><iframe srcdoc='<script>alert(4)</script>'></iframe>",
    "<style>@import '/stolen.css'</style><link rel=stylesheet href=/stolen.css>",
    "<base href=//attacker.example/><form action=//attacker.example><button autofocus>",
    "[a](javascript:alert(5)) ![b](/stolen.png) <javascript:alert(6)>",
    "{% load static %}{{ view.claims }}<a href=javascript:alert(7) onfocus=alert(8) autofocus>x</a>",
    "%(name)s %n <p onmouseover=alert(9)>",
)


@pytest.fixture(scope="module")
def payloads() -> list[str]:
    """Return every payload of the collections, each once."""
    if not HOSTILE.is_dir():
        pytest.skip("../shared/hostile is not here")
    purify = json.loads((HOSTILE / "dompurify" / "expect.json").read_text(encoding="utf-8"))
    files = sorted((HOSTILE / "payloadsallthethings" / "XSS_Injection").rglob("*"))
    lines = (
        line for file in files if file.is_file() for line in file.read_text("utf-8", "replace").splitlines()
    )
    return list(
        dict.fromkeys([*(one["payload"] for one in purify), *(line for line in lines if line.strip())])
    )


def in_parts(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the texts in as many parts as pages are needed for them."""
    part: list[str] = []
    for text in texts:
        if len(part) == AT_ONCE or sum(map(len, part)) + len(text) > MOST_LETTERS:
            yield part
            part = []
        part.append(text)
    yield part


def credential(texts: Sequence[str], breakers: Iterator[str]) -> bytes:
    """Return a signed badge with each text as a name, as a description and in the criteria; breakers elsewhere."""
    one = draft("")
    subject = one["credentialSubject"]
    subject["identifier"][0]["identityHash"] = next(breakers)
    subject["source"] = {"id": "https://exams.example/", "type": ["Profile"], "name": next(breakers)}
    subject["achievement"] |= {
        "name": next(breakers),
        "description": "\n".join(texts),
        "achievementType": next(breakers),
        "tag": list(texts[1::2]),
        "criteria": {"id": next(breakers), "narrative": criteria(texts, breakers)},
        "creator": {
            "id": f"https://guild.example/{next(breakers)}",
            "type": ["Profile"],
            "name": next(breakers),
        },
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": text,
                "targetFramework": text,
                "targetUrl": f"https://x.example/{text}",
            }
            for text in islice(breakers, len(BREAKERS))
        ],
        "endorsement": [
            endorsement(
                subject["achievement"]["id"], comment=text, issuer={"type": ["Profile"], "name": text}
            )
            for text in islice(breakers, 2)
        ],
    }
    pairs = zip_longest(texts[::2], texts[1::2], fillvalue="")
    evidence = [
        {
            "id": f"https://x.example/{number}",
            "type": ["Evidence"],
            "name": one,
            "description": one,
            "narrative": other,
        }
        for number, (one, other) in enumerate(pairs)
    ]
    issuer = {"type": ["Profile"], "name": next(breakers), "url": "javascript:alert(1)"}
    return self_made("eddsa-jcs-2022", credentialSubject=subject, evidence=evidence, issuer=issuer)


def criteria(texts: Sequence[str], breakers: Iterator[str]) -> str:
    """Return the texts as Markdown, with the lists at its end that our own pages take apart."""
    outcomes = "".join(f"- {next(breakers)}\n" for _ in BREAKERS)
    told = "".join(
        f"- {label}: {next(breakers)}\n" for label in ("Level", "Workload", "Assessors", "Supervision")
    )
    whole = "\n\n".join(texts).replace("\n### ", "\n")
    return f"{whole}\n\n### What a person can do\n\n{outcomes}\n### About this credential\n\n{told}"


def as_read(text: str) -> str:
    """Return a text with the ends of lines that HTML reads."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def result_page(base: str, number: int, texts: Sequence[str], breakers: Iterator[str]) -> dict[str, Any]:
    """Return how the browser gets to the result page of such a credential, and what has to stand there."""
    titles = [as_read(names.cut(text, 300)) for text in texts[::2]]
    tags = [as_read(names.cut(text, 2_000)) for text in texts[1::2]]
    shown = [as_read(text) for text in texts]
    content = base64.b64encode(credential(texts, breakers)).decode()
    return {
        "name": f"result {number}",
        "url": f"{base}/check",
        "file": {"name": f"{number} {BREAKERS[1].replace('/', '')}.json", "base64": content},
        "texts": {".chips bdi": tags, ".files h3 bdi": titles, ".files .meta": shown},
    }


def published() -> PublishedAchievement:
    """Return an achievement whose every text is a payload, as staff could write it."""
    editor, at = cast.priya().actor, cast.PUBLISHED_AT
    started = achieving.draft(cast.fernhill().id, BREAKERS[2], by=editor, at=at)
    parts = {type(part): part for part in samples.DATA_CLEANING}
    parts[About] = replace(
        parts[About],
        name=BREAKERS[2],
        description="\n".join(BREAKERS),
        criteria_narrative="\n\n".join(BREAKERS),
        outcomes=BREAKERS,
    )
    parts[Skills] = replace(parts[Skills], tags=tuple(text for text in BREAKERS if len(text) <= 60))
    for part in parts.values():
        achieving.edit(started.ref, part, by=editor, at=at)
    achieving.draw_badge(started.ref, BadgeDesign(field="data", level=2), by=editor, at=at)
    return achieving.publish(started.ref, by=editor, at=at)


def own_pages(
    base: str, achievement: PublishedAchievement, name: str, texts: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the public pages of an achievement, of a credential for it with these texts, and of its issuer."""
    learner = cast.person(name, "learner@example.org", cast.fernhill())
    award = scenes.award(
        achievement_id=achievement.id,
        person_id=learner.row.id,
        narrative="\n\n".join(texts),
        results=(),
        evidence=(),
    )
    issuing.record_award(award, by=cast.tomas().actor, at=scenes.DECIDED_AT)
    (one,) = issuing.issue([award.id], by=cast.priya().actor, at=scenes.ISSUED_AT).issued
    issuing.set_visibility(
        one.ref,
        visibility=Visibility.LINK,
        shows_evidence=True,
        shows_marks=True,
        by=learner.actor,
        at=timezone.now(),
    )
    badges = [f"/a/{achievement.ref}/badge.svg", f"/a/{achievement.ref}/v/1/badge.svg"]
    return [
        {
            "name": path,
            "url": f"{base}{path}",
            "asks": [f"{base}{badge}" for badge in badges],
            "sources": badges,
            "texts": {"h1": [achievement.name]} if path.startswith(("/a/", "/c/")) else {},
        }
        for path in (f"/a/{achievement.ref}", f"/c/{one.ref}", "/o/fernhill")
    ]


def judged(gate: Path, job: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the browser saw on each page."""
    job |= {"chromium": chromium(), "sandbox": os.geteuid() != 0}
    done = subprocess.run(
        ["node", "payloads.mjs"],
        cwd=gate,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_payloads_stay_text(payloads: list[str], gate: Path, live_server: Any) -> None:
    breakers, numbers, base = cycle(BREAKERS), count(1), live_server.url
    plain = [
        result_page(base, 0, ["plain"], cycle(["plain"])),
        *own_pages(base, cast.data_cleaning(), "Amara", ["plain"]),
    ]
    pages = [result_page(base, next(numbers), part, breakers) for part in in_parts(payloads)]
    own = own_pages(base, published(), BREAKERS[0], BREAKERS)

    rows = judged(
        gate, {"base": base, "plain": plain, "pages": [*pages, *own], "raw": BREAKERS[:6:2] + BREAKERS[5:8:2]}
    )

    assert len(payloads) >= FEWEST
    seen = {row["name"]: row["faults"] for row in rows if row["name"] != "raw"}
    assert len(seen) == len(plain) + len(pages) + len(own) - 1  # the issuer's page is looked at twice
    faulty = [f"{name}: {fault}" for name, faults in seen.items() for fault in faults[:20]]
    assert not faulty, "\n".join(faulty)
    # The same browser sees what happens where nothing is escaped.
    raw = [fault.partition(":")[0] for row in rows if row["name"] == "raw" for fault in row["faults"]]
    assert {"dialog", "request", "element", "attribute", "address"} <= set(raw)
