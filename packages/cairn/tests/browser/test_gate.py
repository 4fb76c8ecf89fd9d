# SPDX-License-Identifier: Apache-2.0
"""Every page in a real browser: 0 axe violations, no sideways scroll, a visible focus, light enough, and no JavaScript needed."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from browser.tour import Stop, Tour
from cairn.site.demo import local_site

HERE = Path(__file__).resolve().parent
BUDGET_KB = 100
FEWEST_PAGES = 95

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: One fault of each kind that the gate looks for, and the words it uses for it.
BROKEN = """<!doctype html><html><head><title>Broken</title><style>
body { font: 1rem/1.5 sans-serif } .pale { color: #ccc; background: #fff } .wide { width: 1400px }
.bare:focus { outline: none } .cut { width: 96px; height: 1.6rem; overflow: hidden; white-space: nowrap }
.under { position: fixed; bottom: 0; left: 0; z-index: 1 } .over { position: fixed; bottom: 0; left: 0; z-index: 2;
width: 300px; height: 60px; background: #fff }
</style></head><body><main id="main"><h1>One</h1><h1>Two</h1><p class="pale">Hard to read</p><p class="wide">Wide</p>
<p><a class="bare" href="#x">No ring</a></p><p class="cut">Fits once</p><p id="later"></p>
<button class="under">Covered</button><div class="over"></div>
<img src="http://localhost:9/foreign.png"><script>
document.getElementById('later').textContent = 'Words that only a script writes';
document.head.append(Object.assign(document.createElement('meta'), {httpEquiv: 'Content-Security-Policy', content: "img-src 'none'"}));
document.body.append(Object.assign(new Image(), {src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw='}));
throw new Error('thrown on purpose');</script></main></body></html>"""
FAULTS_OF_BROKEN = (
    "axe light 1280: color-contrast",
    "axe dark 320: image-alt",
    "reflow light 320",
    "2 h1",
    "no lang or dir",
    "text differs without JavaScript",
    "no visible focus: A.bare",
    "focus hidden: BUTTON.under",
    "text200: clipped P.cut",
    "script: thrown on purpose",
    "console: ",
    "foreign requests: http://localhost:9/foreign.png",
    "answered 200 instead of 404",
)


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
        if os.environ.get("CAIRN_REQUIRE_BROWSER") == "1":
            pytest.fail("No npm found. apt install nodejs npm brings it.")
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


def judged(gate: Path, base: str, stops: Sequence[Stop]) -> list[dict[str, Any]]:
    """Return what the gate says of each page."""
    job = {
        "chromium": chromium(),
        "base": base,
        "sandbox": os.geteuid() != 0,
        "pages": [stop.as_dict() for stop in stops],
    }
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
    return [json.loads(line) for line in done.stdout.splitlines()]


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the pages as a Markdown table."""
    head = "| Page | axe violations | First visit | Requests |\n|---|---:|---:|---:|\n"
    lines = (
        f"| {row['name']} | {row['violations']} | {row['kilobytes']:.1f} KB | {row['requests']} |"
        for row in sorted(rows, key=lambda row: str(row["name"]))
    )
    return head + "\n".join(lines) + "\n"


class TestEveryPage:
    def test_passes_the_gate(self, site: str, gate: Path) -> None:
        tour = Tour(site)
        tour.prepare()
        stops = tour.stops()

        rows = judged(gate, site, stops)

        if target := os.environ.get("CAIRN_GATE_TABLE"):
            Path(target).write_text(table(rows), encoding="utf-8")
        assert len(rows) == len(stops) >= FEWEST_PAGES
        faulty = [f"{row['name']} {row['url']}: {fault}" for row in rows for fault in row["faults"]]
        assert not faulty, "\n".join(faulty)
        heavy = [f"{row['name']}: {row['kilobytes']} KB" for row in rows if row["kilobytes"] > BUDGET_KB]
        assert not heavy, heavy


class TestTheGate:
    def test_finds_each_kind_of_fault_in_a_broken_page(self, gate: Path, tmp_path: Path) -> None:
        page = tmp_path / "broken.html"
        page.write_text(BROKEN, encoding="utf-8")

        (row,) = judged(gate, tmp_path.as_uri(), [Stop(name="broken", url=page.as_uri(), status=404)])

        missed = [words for words in FAULTS_OF_BROKEN if not any(f.startswith(words) for f in row["faults"])]
        assert not missed, row["faults"]
        assert row["violations"] > 0

    def test_says_when_steps_do_not_lead_where_they_should(self, gate: Path, tmp_path: Path) -> None:
        page = tmp_path / "still.html"
        page.write_text(BROKEN, encoding="utf-8")

        (row,) = judged(gate, tmp_path.as_uri(), [Stop(name="still", url=page.as_uri(), says="Thank you")])

        assert row["faults"][-1].startswith("could not be judged")
