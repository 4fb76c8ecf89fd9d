# SPDX-License-Identifier: Apache-2.0
"""The story of one credential, from the first rubric to its withdrawal, over real HTTP and told as it goes."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cairn.site.demo import local_site, work
from cairn.site.demo.visitor import Lost, Page, Upload, Visitor

LEVELS = ("Emerging", "Developing", "Proficient", "Exemplary")
CRITERIA = {
    "Finds errors in the data": (
        "Finds the errors that a first look shows.",
        "Finds most kinds of error, and misses their pattern.",
        "Finds every kind of error and describes where each comes from.",
        "Finds faults that the data owner did not know about.",
    ),
    "Treats missing values": (
        "Drops rows with gaps.",
        "Fills gaps by one method, without a reason.",
        "Compares methods and explains the choice in plain words.",
        "Shows how the choice changes the answer.",
    ),
    "Writes code others can rerun": (
        "Runs on the author's machine.",
        "Runs elsewhere after some repair.",
        "Runs from a clean machine in one command.",
        "Runs in one command and tests its own steps.",
    ),
    "Reports changes honestly": (
        "Lists some of the changes.",
        "Lists the changes, without their effect.",
        "Lists every change and its effect.",
        "Lists what could not be fixed too, and why it matters.",
    ),
}
TASKS = {
    "Cleaning notebook": "The notebook that does the work.",
    "Cleaned data": "The resulting table as CSV.",
    "Data quality report": "A PDF for the data owner.",
}


class WentWrong(Exception):
    """A step of the story did not do what it should; the message says which and what came instead."""


def run(out: Path) -> int:
    """Tell the story and keep its files in a folder. Returns 0 when every step did what it should."""
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cairn-demo-") as folder:
        try:
            local_site.call(Path(folder), "found", "Fernhill College", "--slug", "fernhill", "--country", "GB",
                            "--admin", "priya.nair@fernhill.example", "--admin-name", "Priya Nair")  # fmt: skip
            with local_site.running(Path(folder), seed=False) as base_url:
                print(f"A fresh site answers at {base_url}\n")
                Story(base_url, out).tell()
        except (WentWrong, Lost, local_site.DidNotStart) as fault:
            print(f"  ✗ {fault}", file=sys.stderr)
            return 1
    print(f"\nEvery step did what it should, in {time.monotonic() - began:.0f} seconds. Files in {out}:")
    for path in sorted(out.iterdir()):
        print(f"  {path.name:<24}{path.stat().st_size:>9,} bytes")
    return 0


class Story:
    """The visitors, and what they hand from step to step."""

    def __init__(self, base_url: str, out: Path) -> None:
        self.base_url, self.out = base_url, out
        self.priya, self.tomas, self.ingrid, self.amara, self.stranger = (Visitor(base_url) for _ in range(5))
        self.told = 0

    def tell(self) -> None:
        """Go through every step in order. Raises `WentWrong` or `Lost` at the first that fails."""
        self.people_arrive()
        achievement = self.define()
        self.hand_in(achievement)
        self.mark_and_agree()
        self.issue()
        self.claim()
        self.share()
        self.check()
        self.tamper()
        self.withdraw()

    def say(self, words: str) -> None:
        """Print one step that has been done."""
        self.told += 1
        print(f"  ✓ {self.told:>2}. {words}", flush=True)

    # --- people ---

    def people_arrive(self) -> None:
        """Sign the administrator in by the e-mailed link; invite the others and let them accept."""
        self.sign_in(self.priya, "priya.nair@fernhill.example")
        self.say("Priya, who runs Fernhill College, signs in with the link in her e-mail")
        for visitor, name, email, role in (
            (self.tomas, "Tomas Reyes", "tomas.reyes@fernhill.example", "assessor"),
            (self.ingrid, "Ingrid Solberg", "ingrid.solberg@fernhill.example", "assessor"),
            (self.amara, "Amara Okafor", "amara.okafor@example.org", "learner"),
        ):
            page = self.priya.get("/staff/fernhill/people/")
            self.expect(self.priya.press(page, "Invite", email=email, roles=[role]), 200)
            landing = visitor.get(self.letter(email).link("invitation"))
            self.expect(visitor.press(landing, "Accept", name=name), 200)
        self.say("She invites two assessors, Tomas and Ingrid, and a learner, Amara; all accept")

    def sign_in(self, visitor: Visitor, email: str) -> None:
        """Ask for a link, read it in the outbox, use it."""
        visitor.press(visitor.get("/sign-in"), "Send me a link", email=email)
        landing = visitor.get(self.letter(email).link("sign in"))
        self.expect(visitor.press(landing, "Sign in"), 200)

    def letter(self, email: str) -> Page:
        """Return the newest message to somebody, as the outbox shows it."""
        outbox = self.stranger.get("/outbox")
        for row in outbox.tree.iter("li", "tr"):
            if email in row.text_content():
                for anchor in row.iter("a"):
                    return self.stranger.get(str(anchor.get("href")))
        raise Lost(f"the outbox holds nothing for {email}")

    # --- what can be earned ---

    def define(self) -> str:
        """Write a programme task by task and publish it. Returns the reference of the achievement."""
        page = self.priya.get("/staff/fernhill/programmes/new/")
        page = self.priya.press(
            page,
            "Start the programme",
            name="Data Cleaning with Python",
            description="Turn a messy set of real records into one others can use, and say what was changed.",
            field="data",
        )
        programme = page.url
        self.fill(programme + "about/", criteria_narrative="Clean a real dataset and defend the choices in an interview.",
                  outcomes="find and describe errors in an unfamiliar dataset\nchoose a treatment for missing values "
                  "and justify it\nwrite Python that another analyst can rerun\nreport what could not be fixed",
                  achievement_type="MicroCredential")  # fmt: skip
        page = self.priya.get(programme + "rubric/")
        for _ in range(len(CRITERIA) - 1):
            page = self.priya.press(page, "Add a criterion")
        answers = {}
        for at, (name, levels) in enumerate(CRITERIA.items()):
            answers |= {f"criterion-{at}-name": name, f"criterion-{at}-required": "2"}
            answers |= {f"criterion-{at}-level_{rung}": text for rung, text in enumerate(levels)}
        self.expect(self.priya.press(page, "Save", **answers), 200)
        page = self.priya.get(programme + "hand-in/")
        for _ in range(len(TASKS) - 1):
            page = self.priya.press(page, "Add another")
        answers = {}
        for at, (name, shows) in enumerate(TASKS.items()):
            answers |= {f"task-{at}-name": name, f"task-{at}-description": shows}
        self.expect(self.priya.press(page, "Save", **answers), 200)
        self.fill(programme + "skills/", tags="data quality, pandas", **{
            "skill-0-target_name": "Python (computer programming)", "skill-0-target_framework": "ESCO",
            "skill-0-target_url": "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d",
        })  # fmt: skip
        self.fill(programme + "facts/", workload_hours="50", ects="2", eqf_level="5", assessment_type="project",
                  participation="blended", supervision="on_site_with_identity", identity_check="Photo ID, in person",
                  quality_assurance="External review every three years",
                  stackability="Counts towards Data Analyst Foundations")  # fmt: skip
        self.fill(programme + "badge/", button="Use this", level="2")
        self.expect(self.priya.press(self.priya.get(programme + "publish/"), "Publish"), 200)
        self.say("She writes “Data Cleaning with Python”: four criteria of four levels, and publishes it")
        return urlsplit(programme).path.rstrip("/").rsplit("/", 1)[-1]

    def fill(self, url: str, *, button: str = "Save", **answers: object) -> None:
        """Fill one task of the programme."""
        self.expect(self.priya.press(self.priya.get(url), button, **answers), 200)

    # --- the work ---

    def hand_in(self, achievement: str) -> None:
        """Hand in three real files and a statement."""
        page = self.amara.get(f"/me/work/{achievement}/")
        files = {
            "Cleaning notebook": Upload(name="cleaning.ipynb", content=work.notebook()),
            "Cleaned data": Upload(name="arrivals-clean.csv", content=work.arrivals_csv()),
            "Data quality report": Upload(name="data-quality-report.pdf", content=work.report_pdf()),
        }
        inputs = [
            e.get("name") for e in page.form("Hand in").inputs if (e.get("name") or "").startswith("files-")
        ]
        answers: dict[str, object] = dict(zip(inputs, files.values(), strict=True))
        page = self.amara.press(
            page, "Hand in", statement=work.STATEMENT, ai_statement="I did not use any.", **answers
        )
        self.expect(page, 200)
        size = sum(len(upload.content) for upload in files.values())
        self.say(f"Amara hands in a notebook, a table and a report, {size:,} bytes in all")

    def mark_and_agree(self) -> None:
        """Mark blind twice, differ on one criterion, agree with a reason."""
        for visitor, name, marks in (
            (self.tomas, "Tomas", work.FIRST_MARKS),
            (self.ingrid, "Ingrid", work.SECOND_MARKS),
        ):
            page = visitor.press(visitor.get("/mark/"), "Mark the next")
            if "Amara" in page.words:
                raise WentWrong("the assessor can read the learner's name")
            answers = {}
            for at, (rung, comment) in enumerate(marks):
                answers |= {f"level-{at}": self.rung(page, at, rung), f"text-{at}": comment}
            self.expect(visitor.press(page, "Save and", **answers), 200)
            self.say(f"{name} marks it by the rubric, without a name and without the other's marks")
        table = self.tomas.get(self.tomas.get("/mark/").link("Agree"))
        at = next(i for i in range(4) if f"level-{i}" in self.field_names(table, "Propose"))
        self.tomas.press(
            table, "Propose", **{f"level-{at}": self.rung(table, at, 4), f"text-{at}": work.AGREED_REASON}
        )
        table = self.ingrid.get(self.ingrid.get("/mark/").link("Agree"))
        self.expect(self.ingrid.press(table, "Confirm this result"), 200)
        self.say("They differ on one criterion; Tomas proposes a level with a reason, Ingrid confirms it")

    @staticmethod
    def rung(page: Page, at: int, rung: int) -> str:
        """Return the value of the radio button of a level, low to high from 1."""
        buttons = page.tree.xpath(f"//input[@type='radio'][@name='level-{at}']")
        return str(buttons[rung - 1].get("value"))

    @staticmethod
    def field_names(page: Page, words: str) -> set[str]:
        """Return the names of a form's fields."""
        return {element.get("name") or "" for element in page.form(words).inputs}

    # --- the credential ---

    def issue(self) -> None:
        """Issue what is ready."""
        raise NotImplementedError

    def expect(self, page: Page, status: int) -> Page:
        """Return the page if it has this status. Raises `WentWrong`."""
        if page.status != status:
            raise WentWrong(f"{page.url} answered {page.status} instead of {status}: {page.words[:300]}")
        return page
