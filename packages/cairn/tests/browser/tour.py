# SPDX-License-Identifier: Apache-2.0
"""A seeded site with something on every desk, and the list of all its pages: found by links, or behind a form."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urldefrag, urlsplit

from django.urls import Resolver404, resolve
from verification.strangers import self_made, with_everything

from cairn.site.demo import work
from cairn.site.demo.visitor import Lost, Page, Upload, Visitor

#: Where each visitor starts; other pages are found by following links, one for each address pattern.
STARTS = {
    "anyone": ["/", "/check", "/check/list", "/check/answers", "/o/fernhill", "/sign-in", "/outbox"],
    "amara": ["/me/", "/me/work/", "/me/sharing/", "/settings/"],
    "tomas": ["/mark/"],
    "priya": ["/staff/fernhill/"],
}
EMAILS = {
    "amara": "amara.okafor@example.org",
    "lukas": "lukas.brandt@example.org",
    "zhang": "zhang.wei@example.org",
    "tomas": "tomas.reyes@fernhill.example",
    "ingrid": "ingrid.solberg@fernhill.example",
    "priya": "priya.nair@fernhill.example",
}
#: Not pages, or pages of an installed package.
PASSED_OVER = ("/admin", "/static", "/theme")
STAFF = "/staff/fernhill"
LONG_TITLE = (
    "Planning, Running and Evaluating Participatory Workshops with Residents of Ageing Neighbourhoods: "
    "Facilitation, Safeguarding, Accessibility and Honest Reporting to Everyone Who Took Part"
)
PEOPLE = """ليلى عبد الرحمن حداد, layla.haddad@example.org
欧阳娜娜, ouyang.nana@example.org
Wilhelmina Alexandra Konstantinopoulou-van der Westhuizen y Fernández de Córdoba, wilhelmina@example.org
Sólrún Þórsdóttir, solrun@example.org
Amara Okafor, amara.okafor@example.org"""
WRONG_ROWS = (
    "Mia Lund, mia.lund@example.org\nno address here\nNils Berg, nils@\nMia Lund, mia.lund@example.org"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One page to judge, as the gate takes it."""

    name: str
    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    status: int = 200
    says: str = ""
    steps: Sequence[dict[str, Any]] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as the gate reads it."""
        return asdict(self)


class Tour:
    """Visitors at a site; `prepare` gives them something to look at, `stops` lists the pages."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.anyone = Visitor(site)
        self.visitors = {"anyone": self.anyone}
        self.made: dict[str, str] = {}

    # --- something on every desk ---

    def prepare(self) -> None:
        """Hand in, mark, issue, hold, withdraw, share and switch off, each as a person would."""
        for name in ("priya", "tomas", "ingrid", "amara", "lukas"):
            self.visitors[name] = self._signed_in(EMAILS[name])
        self._invite("zhang", "张伟", "learner")
        self._programmes()
        self._issue_to_list()
        self._work()
        self._share()

    def _signed_in(self, email: str) -> Visitor:
        visitor = Visitor(self.site)
        visitor.press(visitor.get("/sign-in"), "Send me a link", email=email)
        visitor.press(visitor.get(self._letter(email).link("sign in")), "Sign in")
        return visitor

    def _letter(self, email: str) -> Page:
        """Return the newest message to somebody."""
        for address in self.anyone.get(f"/outbox?to={email}").links():
            if "/outbox/" in address:
                return self.anyone.get(address)
        raise Lost(f"the outbox holds nothing for {email}")

    def _invite(self, key: str, name: str, role: str) -> None:
        priya, visitor = self.visitors["priya"], Visitor(self.site)
        page = priya.get(f"{STAFF}/people/invite")
        priya.press(page, "Send the invitation", email=EMAILS[key], roles=[role])
        visitor.press(visitor.get(self._letter(EMAILS[key]).link("See the invitation")), "Accept", name=name)
        self.visitors[key] = visitor
        priya.press(
            priya.get(f"{STAFF}/people/invite"),
            "Send the invitation",
            email="marker@example.org",
            roles=["assessor"],
        )

    def _programmes(self) -> None:
        """Start one with a very long title, and a new version of one that is published."""
        priya = self.visitors["priya"]
        page = priya.press(
            priya.get(f"{STAFF}/programmes/new/"), "Start the programme",
            name=LONG_TITLE, description="Bring people into one room and leave them better informed.", field="care",
        )  # fmt: skip
        self.made["long"] = page.url
        listed = priya.get(f"{STAFF}/programmes/")
        self.made["sparse"] = listed.link("Visualising Data Honestly")
        self.made["published"] = listed.link("Data Cleaning with Python")
        page = priya.get(listed.link("Querying"))
        self.made["draft"] = priya.press(page, "New version").url

    def _issue_to_list(self) -> None:
        priya = self.visitors["priya"]
        step1 = priya.get(f"{STAFF}/issue/")
        option = step1.tree.xpath("//select[@name='achievement']/option[contains(., 'Querying')]")[0]
        self.made["querying"] = str(option.get("value"))
        step2 = priya.press(step1, "Check the list", achievement=self.made["querying"], people=PEOPLE)
        step3 = priya.press(step2, "Issue 5 credentials")
        self.made["issued"] = step3.url
        refs = {name: step3.link(name) for name in ("Wilhelmina", "Sólrún", "ليلى")}
        self.made["withdrawn"], self.made["held"], self.made["arabic"] = refs.values()
        for deed, button, reason in (
            ("withdrawn", "Withdraw it", "Awarded in error: the interview was not held."),
            ("held", "Put it on hold", "One of the marks is being looked at again."),
        ):
            address = self.made[deed] + ("withdraw/" if deed == "withdrawn" else "hold/")
            priya.press(priya.get(address), button, reason=reason)
        self.made["claim"] = self._letter("layla.haddad@example.org").link("See it and keep it")
        used = self._letter("ouyang.nana@example.org").link("See it and keep it")
        ouyang = Visitor(self.site)
        ouyang.press(ouyang.get(used), "Keep it")
        self.made["used"] = used

    def _work(self) -> None:
        """Three pieces by now: one ready to issue, one to agree on, one half marked. Lukas handed in the first."""
        querying = resolve(urlsplit(self.made["draft"]).path).kwargs["ref"]
        self.made["to-do"] = f"{self.site}/me/work/{querying}/"
        for name in ("lukas", "zhang"):
            learner = self.visitors[name]
            page = learner.get(f"/me/work/{querying}/")
            wanted = [
                e.get("name")
                for e in page.form("Hand in").inputs
                if (e.get("name") or "").startswith("files-")
            ]
            files: dict[str, object] = {
                name: Upload(name="queries.ipynb", content=work.notebook()) for name in wanted
            }
            learner.press(
                page, "Hand in", statement=work.STATEMENT, ai_statement="I did not use any.", **files
            )
        self._mark("tomas", [3, 3, 3])
        self.made["mark"] = self._mark("ingrid", [3, 2])
        ready = self.visitors["priya"].get(f"{STAFF}/issue/")
        self.made["ready"] = next(link for link in ready.links() if "/issue/ready/" in link)

    def _mark(self, name: str, rungs: Sequence[int]) -> str:
        """Mark what is next, each with this rung for its first criterion. Returns where that led."""
        visitor = self.visitors[name]
        page = visitor.press(visitor.get("/mark/"), "Mark the next")
        for rung in rungs:
            names = sorted({str(e.get("name")) for e in page.tree.xpath("//input[@type='radio']")})
            answers: dict[str, object] = {}
            for radio in names:
                buttons = page.tree.xpath(f"//input[@name='{radio}']")
                answers[radio] = buttons[(rung if radio == "level-0" else 3) - 1].get("value")
                answers[radio.replace("level", "text")] = "Seen in the second part of the file."
            page = visitor.press(page, "Save and", **answers)
        return page.url

    def _share(self) -> None:
        amara = self.visitors["amara"]
        for _ in range(2):
            amara.press(amara.get("/me/"), "Keep it")
        refs = sorted(
            {
                link.rstrip("/").rsplit("/", 1)[-1]
                for link in amara.get("/me/").links()
                if "/me/credentials/" in link
            }
        )
        first = next(ref for ref in refs if b'"evidence"' in amara.get(f"/c/{ref}.json").content)
        self.made["first"] = first
        for key, chosen, name in (
            ("one", [first], "Application to Acme"),
            ("two", refs, "Portfolio"),
            ("off", [first], "Old"),
        ):
            page = amara.press(
                amara.get("/me/sharing/new"),
                "Make link",
                refs=chosen,
                name=name,
                shows_evidence=True,
                shows_marks=True,
            )
            self.made[f"link-{key}"] = page.url
            self.made[f"x-{key}"] = next(
                str(e.get("value")) for e in page.tree.iter("input") if "/x/" in (e.get("value") or "")
            )
        amara.press(amara.get(self.made["link-off"]), "Switch off")

    # --- the list of pages ---

    def stops(self) -> list[Stop]:
        """Return every page: first those that links lead to, then those that they do not."""
        seen: set[tuple[str, bool]] = set()
        found = [stop for who, starts in STARTS.items() for stop in self._linked(who, starts, seen)]
        return [*found, *self._by_address(), *self._behind_forms()]

    def _linked(self, who: str, starts: Sequence[str], seen: set[tuple[str, bool]]) -> Iterator[Stop]:
        visitor, waiting = self.visitors[who], [self.site + start for start in starts]
        while waiting:
            url = urldefrag(waiting.pop(0)).url
            parts = urlsplit(url)
            parts = parts._replace(path=parts.path or "/")
            if parts.netloc != urlsplit(self.site).netloc or parts.path.startswith(PASSED_OVER):
                continue
            try:
                name = resolve(parts.path).view_name
            except Resolver404:
                name = "no such page"
            key = (name, "?" in url and name in {"verification:check"})
            if key in seen:
                continue
            seen.add(key)
            page = visitor.get(url)
            if urlsplit(page.url).path == "/sign-in" and name != "people:sign-in":
                seen.discard(key)
                continue
            if not page.headers.get("content-type", "").startswith("text/html"):
                continue
            yield Stop(name=f"{who}: {name}", url=page.url, cookies=dict(visitor.cookies), status=page.status)
            waiting.extend(page.links())

    def _by_address(self) -> Iterator[Stop]:
        for task in ("about", "rubric", "hand-in", "badge", "skills", "facts", "publish"):
            yield self._stop("priya", f"draft, {task}", f"{self.made['draft']}{task}/")
        yield self._stop("priya", "draft, not ready to publish", f"{self.made['sparse']}publish/")
        yield self._stop("priya", "programme with a long title", self.made["long"])
        yield self._stop("priya", "published programme", self.made["published"])
        yield self._stop("priya", "issue 2, ready", self.made["ready"])
        yield self._stop("priya", "issue 3, done", self.made["issued"])
        yield self._stop("priya", "held credential", self.made["held"])
        yield self._stop("priya", "withdrawn credential", self.made["withdrawn"])
        for name in ("withdraw", "hold"):
            yield self._stop("priya", name, f"{self.made['arabic']}{name}/")
        yield self._stop("priya", "lift a hold", f"{self.made['held']}reinstate/")
        for name in ("held", "withdrawn", "arabic"):
            ref = self.made[name].rstrip("/").rsplit("/", 1)[-1]
            yield self._stop("priya", f"credential page, {name}", f"{self.site}/c/{ref}")
        yield self._stop("priya", "issue 1 with ready ones", f"{self.site}{STAFF}/issue/")
        yield self._stop("amara", "credential page, own", f"{self.site}/c/{self.made['first']}")
        yield self._stop("amara", "link made", self.made["link-one"])
        yield self._stop("amara", "link switched off", self.made["link-off"])
        yield self._stop("anyone", "shared, one", self.made["x-one"])
        yield self._stop("anyone", "shared, selection", self.made["x-two"])
        yield self._stop("anyone", "shared, one of a selection", f"{self.made['x-two']}/1")
        yield self._stop("anyone", "shared, switched off", self.made["x-off"], status=410)
        yield self._stop("anyone", "claim", self.made["claim"])
        for name in ("name", "not-mine"):
            yield self._stop("anyone", f"claim, {name}", f"{self.made['claim']}/{name}")
        yield self._stop("anyone", "claim, used", self.made["used"], status=410)
        yield self._stop("zhang", "nothing held", f"{self.site}/me/")
        yield self._stop("zhang", "nothing shared", f"{self.site}/me/sharing/")
        yield self._stop("amara", "hand in", self.made["to-do"])
        yield self._stop("lukas", "work handed in", f"{self.site}/me/work/")
        yield self._stop("ingrid", "to mark", f"{self.site}/mark/")
        yield self._stop("ingrid", "mark", self.made["mark"])
        agree = next(
            link for link in self.visitors["ingrid"].get("/mark/").links() if link.endswith("/agree/")
        )
        yield self._stop("ingrid", "agree", agree)
        yield self._stop("anyone", "not found", f"{self.site}/nothing-here", status=404)
        yield self._stop("tomas", "not allowed", f"{self.site}{STAFF}/issue/", status=403)
        yield self._stop(
            "priya", "search without an answer", f"{self.site}{STAFF}/credentials/?q=nobody-of-that-name"
        )

    def _behind_forms(self) -> Iterator[Stop]:
        amara, site = self.visitors["amara"], self.site
        genuine = amara.get(f"/c/{self.made['first']}.json").content
        tampered = genuine.replace(b"Amara Okafor", b"Amara Okafur")
        for name, content, says in (
            ("genuine", genuine, "Genuine and current"),
            ("tampered", tampered, "This copy has been changed"),
            ("unreadable", work.report_pdf(), "This is not a credential we can read"),
            ("foreign", self_made(), "Signed, but we do not know who by"),
            ("endorsed, with odd names", with_everything(), "What others say of it"),
        ):
            steps = (choose("file", f"{name}.json", content), {"press": "Check it"})
            yield self._stop("anyone", f"check result, {name}", f"{site}/check", says=says, steps=steps)
        lines = "\n".join(
            [self.made["x-one"], self.made["x-off"], "not a link", json.dumps({"type": "something"})]
        )
        yield self._stop("anyone", "check list, answers", f"{site}/check/list", says="checked",
                         steps=({"fill": {"lines": lines}}, {"press": "Check them"}))  # fmt: skip
        yield self._stop("anyone", "stale form", f"{site}/sign-in", status=403, says="Send it once more",
                         steps=({"fill": {"email": "a@example.org"}, "forget": True}, {"press": "Send me a link"}))  # fmt: skip
        rows = {"achievement": self.made["querying"], "people": WRONG_ROWS}
        good = {
            "achievement": self.made["querying"],
            "people": "李小龙, li@example.org\nنور, nour@example.org",
        }
        yield self._stop("priya", "issue 2, list", f"{site}{STAFF}/issue/", says="Check the list before you issue",
                         steps=({"fill": good}, {"press": "Check the list"}))  # fmt: skip
        yield self._stop("priya", "issue 2, wrong rows", f"{site}{STAFF}/issue/", says="Check the list before you issue",
                         steps=({"fill": rows}, {"press": "Check the list"}))  # fmt: skip
        new, draft = f"{site}{STAFF}/programmes/new/", self.made["draft"]
        refused: tuple[tuple[str, str, str, dict[str, Any], str], ...] = (
            ("anyone", "sign in", f"{site}/sign-in", {"fill": {"email": "amara"}}, "Send me a link"),
            ("anyone", "check", f"{site}/check", {}, "Check it"),
            ("priya", "invite", f"{site}{STAFF}/people/invite", {"fill": {"email": "nobody"}}, "Send the invitation"),
            ("priya", "new programme, 300 characters", new, {"fill": {"name": "Long " * 60}}, "Start the programme"),
            ("priya", "about", f"{draft}about/", {"fill": {"name": ""}}, "Save"),
            ("priya", "rubric", f"{draft}rubric/", {"fill": {"criterion-0-name": "", "level-0-name": ""}}, "Save"),
            ("priya", "hand in", f"{draft}hand-in/", {"fill": {"task-0-name": "N" * 260}}, "Save"),
            ("priya", "facts", f"{draft}facts/", {"fill": {"workload_hours": "-5"}}, "Save"),
            ("priya", "issue 1", f"{site}{STAFF}/issue/", {}, "Check the list"),
            ("priya", "withdraw", f"{self.made['arabic']}withdraw/", {}, "Withdraw it"),
            ("amara", "share", f"{site}/me/sharing/new", {"fill": {"ends_on": "2020-01-01"}}, "Make link"),
            ("amara", "hand in", self.made["to-do"], {"fill": {"statement": ""}}, "Hand in"),
            ("ingrid", "mark", self.made["mark"], {}, "Save and"),
        )  # fmt: skip
        for who, name, url, step, button in refused:
            yield self._stop(
                who,
                f"{name}, refused",
                url,
                status=422,
                says="missing" if name == "mark" else "fixing",
                steps=(step, {"press": button}),
            )

    def _stop(self, who: str, name: str, url: str, **more: Any) -> Stop:
        return Stop(name=f"{who}: {name}", url=url, cookies=dict(self.visitors[who].cookies), **more)


def choose(name: str, file_name: str, content: bytes) -> dict[str, Any]:
    """Return the step that puts a file into a field."""
    return {"choose": {name: {"name": file_name, "base64": base64.b64encode(content).decode()}}}
