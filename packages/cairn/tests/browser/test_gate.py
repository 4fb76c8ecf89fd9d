# SPDX-License-Identifier: Apache-2.0
"""Every page in a real browser: 0 axe violations, no sideways scroll, a visible focus, light enough, and no JavaScript needed."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import Resolver404, resolve

from cairn.site.demo import local_site
from cairn.site.demo.visitor import Visitor

HERE = Path(__file__).resolve().parent
BUDGET_KB = 100
#: Where each visitor starts; every other page is found by following links, one page for each address pattern.
VISITORS = {
    "anyone": (
        None,
        [
            "/",
            "/check",
            "/check/list",
            "/check/answers",
            "/o/fernhill",
            "/sign-in",
            "/nothing-here",
            "/outbox",
        ],
    ),
    "learner": ("amara.okafor@example.org", ["/me/", "/me/work/", "/me/sharing/", "/settings/"]),
    "assessor": ("tomas.reyes@fernhill.example", ["/mark/"]),
    "staff": ("priya.nair@fernhill.example", ["/staff/fernhill/"]),
}
#: Not pages, or pages of an installed package.
PASSED_OVER = ("/admin", "/static", "/theme")

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def chromium() -> str:
    """Return the browser to drive, or skip; with CAIRN_REQUIRE_BROWSER=1 fail instead."""
    for name in (os.environ.get("CAIRN_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    line = "No browser found. apt install chromium brings one, or set CAIRN_CHROMIUM."
    if os.environ.get("CAIRN_REQUIRE_BROWSER") == "1":
        pytest.fail(line)
    pytest.skip(line)


@pytest.fixture(scope="module")
def gate() -> Path:
    """Return the gate's folder with its two packages installed."""
    if shutil.which("npm") is None:
        pytest.skip("No npm found. apt install nodejs npm brings it.")
    if not (HERE / "node_modules").is_dir():
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=HERE,
            check=True,
            capture_output=True,
        )
    return HERE


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Serve a seeded site."""
    with (
        tempfile.TemporaryDirectory(prefix="cairn-browser-") as folder,
        local_site.running(Path(folder), seed=True) as url,
    ):
        yield url


def signed_in(site: str, email: str | None) -> Visitor:
    """Return a visitor who has signed in by the link in the outbox."""
    visitor = Visitor(site)
    if email is None:
        return visitor
    visitor.press(visitor.get("/sign-in"), "Send me a link", email=email)
    newest = visitor.get(visitor.get("/outbox").link("sign-in"))
    landing = visitor.get(newest.link("Sign in"))
    visitor.press(landing, "Sign in")
    return visitor


def found_pages(
    site: str, who: str, visitor: Visitor, starts: list[str], seen: set[tuple[str, bool]]
) -> list[dict[str, object]]:
    """Follow links from the starts and return one page for each address pattern that nobody saw yet."""
    waiting, pages = [site + start for start in starts], []
    while waiting and len(pages) < 80:
        url = urldefrag(waiting.pop(0)).url
        parts = urlsplit(url)
        if parts.netloc != urlsplit(site).netloc or parts.path.startswith(PASSED_OVER):
            continue
        try:
            name = resolve(parts.path).view_name
        except Resolver404:
            name = "no such page"
        key = (name, "?" in url and name in {"verification:check"})
        if key in seen:
            continue
        page = visitor.get(url)
        if not page.headers.get("content-type", "").startswith("text/html"):
            seen.add(key)
            continue
        seen.add(key)
        pages.append({"name": f"{who}: {name}", "url": page.url, "cookies": visitor.cookies})
        waiting.extend(page.links())
    return pages


def test_every_page_passes_the_gate(site: str, gate: Path) -> None:
    seen: set[tuple[str, bool]] = set()
    pages = [
        page
        for who, (email, starts) in VISITORS.items()
        for page in found_pages(site, who, signed_in(site, email), starts, seen)
    ]
    job = {"chromium": chromium(), "base": site, "sandbox": os.geteuid() != 0, "pages": pages}

    done = subprocess.run(
        ["node", "gate.mjs"],
        cwd=gate,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    table = "\n".join(
        f"{r['kilobytes']:7.1f} KB {r['requests']:3} requests  {r['name']}  {r['faults'] or ''}" for r in rows
    )
    print(table)
    assert len(rows) == len(pages) >= 30
    heavy = [f"{row['name']}: {row['kilobytes']} KB" for row in rows if row["kilobytes"] > BUDGET_KB]
    faulty = [f"{row['name']} {row['url']}: {fault}" for row in rows for fault in row["faults"]]
    assert not faulty, "\n".join(faulty)
    assert not heavy, heavy
