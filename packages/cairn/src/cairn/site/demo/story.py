# SPDX-License-Identifier: Apache-2.0
"""The story of one credential, from its rubric to its withdrawal, over real HTTP and told as it goes."""

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


#: What is kept, and under which ending the credential's page offers it.
FILES = {
    "credential.json": "json",
    "credential.jwt": "jwt",
    "badge.png": "png",
    "badge.svg": "svg",
    "certificate.pdf": "pdf",
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
        self.ref = self.shared = ""

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
            page = self.priya.get("/staff/fernhill/people/invite")
            self.expect(self.priya.press(page, "Send the invitation", email=email, roles=[role]), 200)
            landing = visitor.get(self.letter(email).link("See the invitation"))
            self.expect(visitor.press(landing, "Accept", name=name), 200)
        self.say("She invites two assessors, Tomas and Ingrid, and a learner, Amara; all accept")

    def sign_in(self, visitor: Visitor, email: str) -> None:
        """Ask for a link, read it in the outbox, use it."""
        visitor.press(visitor.get("/sign-in"), "Send me a link", email=email)
        landing = visitor.get(self.letter(email).link("sign in"))
        self.expect(visitor.press(landing, "Sign in"), 200)

    def letter(self, email: str) -> Page:
        """Return the newest message to somebody, as the outbox shows it."""
        outbox = self.stranger.get(f"/outbox?to={email}")
        for address in outbox.links():
            if "/outbox/" in address:
                return self.stranger.get(address)
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
        answers: dict[str, object] = {}
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
                  stackability="Data Analyst Foundations")  # fmt: skip
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
            answers: dict[str, object] = {}
            for at, (rung, comment) in enumerate(marks):
                answers |= {f"level-{at}": self.rung(page, at, rung), f"text-{at}": comment}
            self.expect(visitor.press(page, "Save and", **answers), 200)
            self.say(f"{name} marks it by the rubric, without a name and without the other's marks")
        table = self.table(self.tomas)
        at = next(i for i in range(4) if f"level-{i}" in self.field_names(table, "Propose"))
        self.tomas.press(
            table, "Propose", **{f"level-{at}": self.rung(table, at, 4), f"text-{at}": work.AGREED_REASON}
        )
        table = self.table(self.ingrid)
        self.expect(self.ingrid.press(table, "Confirm this result"), 200)
        self.say("They differ on one criterion; Tomas proposes a level with a reason, Ingrid confirms it")

    def table(self, visitor: Visitor) -> Page:
        """Open the page on which two assessors agree."""
        for address in visitor.get("/mark/").links():
            if address.endswith("/agree/"):
                return visitor.get(address)
        raise Lost("nothing is waiting to be agreed on")

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
        """Issue what is ready and learn the credential's reference."""
        home = self.priya.get("/staff/fernhill/")
        page = self.priya.press(self.priya.get(home.link("Issue 1 credential")), "Issue")
        self.expect(page, 200)
        self.say("Priya issues it: one transaction, signed with the college's key")

    def claim(self) -> None:
        """Open the e-mailed link without an account, keep it, and take the files."""
        newcomer = Visitor(self.base_url)
        key = self.letter("amara.okafor@example.org").link("See it and keep it")
        page = self.expect(newcomer.get(key), 200)
        if "Data Cleaning with Python" not in page.words:
            raise WentWrong("the claim link does not open the finished page")
        self.expect(newcomer.press(page, "Keep it"), 200)
        self.amara = newcomer
        mine = self.amara.get("/me/")
        self.ref = mine.link("Data Cleaning with Python").rstrip("/").rsplit("/", 1)[-1]
        if self.stranger.get(f"/c/{self.ref}").status != 404:
            raise WentWrong("a stranger can open a credential that nobody shared")
        for name, suffix in FILES.items():
            self.keep_file(name, self.expect(self.amara.get(f"/c/{self.ref}.{suffix}"), 200).content)
        self.say("Amara opens the link in her e-mail and keeps it: two steps, no account, private so far")

    def share(self) -> None:
        """Make two links: one with everything, one without evidence and marks."""
        self.shared = self.make_link(evidence=True, marks=True)
        plain = self.make_link(evidence=False, marks=False)
        page = self.expect(self.stranger.get(plain), 200)
        served = self.stranger.get(self.first_json(page)).content.decode()
        if any(found in served for found in ('"evidence"', '"result"', "cleaning.ipynb")):
            raise WentWrong("a share that hides evidence serves a document that holds it")
        self.say("She makes two links: one shows everything, one holds neither evidence nor marks")

    def make_link(self, *, evidence: bool, marks: bool) -> str:
        """Share the credential and return the link."""
        form = self.amara.get(f"/me/sharing/new?credential={self.ref}")
        page = self.amara.press(
            form, "Make link", refs=[self.ref], shows_evidence=evidence, shows_marks=marks
        )
        self.expect(page, 200)
        for element in page.tree.iter("input", "a"):
            address = element.get("value") or element.get("href") or ""
            if "/x/" in address:
                return str(address)
        raise Lost(f"{page.url} shows no link")

    @staticmethod
    def first_json(page: Page) -> str:
        """Return the address of the credential file that a page offers."""
        return next(link for link in page.links() if link.endswith(".json"))

    # --- checking ---

    def check(self) -> None:
        """Check by link, by the files, and by the command in another process without a network."""
        page = self.stranger.press(self.stranger.get("/check"), "Check it", ref=self.shared)
        self.verdict(page, "Genuine and current")
        self.say("A stranger pastes the link: Genuine and current")
        for name in ("badge.png", "badge.svg", "certificate.pdf", "credential.json", "credential.jwt"):
            self.verdict(self.upload(name), "Genuine and current")
        self.say("The badge image, the drawing, the certificate, the JSON and the JWT: Genuine and current")
        credential = json.loads((self.out / "credential.json").read_bytes())
        material = self.material(credential)
        self.keep_file("material.json", as_json(material))
        self.keep_file(
            "did.json", as_json(next(doc for url, doc in material.items() if url.endswith("did.json")))
        )
        self.keep_file(
            "status.json", as_json(next(doc for url, doc in material.items() if "/status/" in url))
        )
        report = self.laurel("credential.json", "material.json", expected=0)
        self.keep_file("report.json", as_json(report))
        self.say(f"The laurel command, in another process and offline: {report['verdict']}")

    def upload(self, name: str) -> Page:
        """Check a file that lies in the folder."""
        content = (self.out / name).read_bytes()
        return self.stranger.press(
            self.stranger.get("/check"), "Check it", file=Upload(name=name, content=content)
        )

    def verdict(self, page: Page, words: str) -> None:
        """Require a verdict on a page. Raises `WentWrong`."""
        if page.status != 200 or words not in page.words:
            raise WentWrong(f"expected “{words}”, but {page.url} ({page.status}) says: {page.words[:300]}")

    def material(self, credential: Mapping[str, Any]) -> dict[str, Any]:
        """Fetch what a check needs from elsewhere: the issuer's keys and both status lists."""
        urls = [f"{self.base_url}/o/fernhill/did.json"]
        urls += [entry["statusListCredential"] for entry in credential["credentialStatus"]]
        return {url: json.loads(self.expect(self.stranger.get(url), 200).content) for url in urls}

    def laurel(self, credential: str, material: str, *, expected: int) -> dict[str, Any]:
        """Run `laurel verify` in another process and return its report. Raises `WentWrong`."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "laurel.cli", "verify", str(self.out / credential),
             "--offline", "--material", str(self.out / material), "--json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != expected:
            raise WentWrong(
                f"laurel verify ended with {done.returncode}, not {expected}: {done.stdout}{done.stderr}"
            )
        return dict(json.loads(done.stdout))

    def tamper(self) -> None:
        """Change one word of a copy and see it refused."""
        text = (self.out / "credential.json").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            tampered = Path(folder) / "tampered.json"
            tampered.write_text(text.replace("Amara Okafor", "Amara Okafur"), encoding="utf-8")
            report = self.laurel(str(tampered), "material.json", expected=1)
            page = self.stranger.press(
                self.stranger.get("/check"),
                "Check it",
                file=Upload(name="x.json", content=tampered.read_bytes()),
            )
        self.verdict(page, "This copy has been changed")
        if report["verdict"] != "changed" or report["credential"] is not None:
            raise WentWrong(f"the tampered copy was called {report['verdict']}")
        self.keep_file("report-tampered.json", as_json(report))
        self.say("One letter of the name is changed: This copy has been changed")

    def withdraw(self) -> None:
        """Withdraw it with a reason, and see that the page, the file and the command all know."""
        url = f"/staff/fernhill/credentials/{self.ref}/withdraw/"
        page = self.priya.press(
            self.priya.get(url), "Withdraw it", reason="Awarded in error: the interview was not held."
        )
        self.expect(page, 200)
        self.verdict(self.stranger.get(self.shared), "Withdrawn by Fernhill College")
        self.verdict(self.upload("badge.png"), "Withdrawn by Fernhill College")
        credential = json.loads((self.out / "credential.json").read_bytes())
        with tempfile.TemporaryDirectory() as folder:
            newer = Path(folder) / "material.json"
            newer.write_bytes(as_json(self.material(credential)))
            report = self.laurel("credential.json", str(newer), expected=1)
        if report["verdict"] != "withdrawn":
            raise WentWrong(f"after the withdrawal laurel says {report['verdict']}")
        self.keep_file("report-withdrawn.json", as_json(report))
        self.say(
            "The college withdraws it with a reason: the link, the badge image and the command all say so"
        )

    def keep_file(self, name: str, content: bytes) -> None:
        """Keep one of the story's files."""
        (self.out / name).write_bytes(content)

    def expect(self, page: Page, status: int) -> Page:
        """Return the page if it has this status. Raises `WentWrong`."""
        if page.status != status:
            raise WentWrong(f"{page.url} answered {page.status} instead of {status}: {page.words[:300]}")
        return page


def as_json(value: object) -> bytes:
    """Return a document as people like to read it."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
