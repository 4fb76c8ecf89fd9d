# SPDX-License-Identifier: Apache-2.0
"""Runs the public W3C test suites, from checkouts in a folder, against laurel, and writes what came of it.

    git clone https://github.com/w3c/vc-di-eddsa-test-suite   (and the others of SUITES) into FOLDER
    ./cairn conformance FOLDER --write

Needs Node and npm. The checkouts are changed: their dependencies on other checkouts point to these.
"""

import argparse
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
REPORT = ROOT / "docs/conformance.md"
EXPLANATIONS = HERE / "explanations.toml"
SHARED_CODE = ("vc-test-suite-implementations", "data-integrity-test-suite-assertion")
NAME = "laurel"


@dataclass(frozen=True, kw_only=True)
class Suite:
    """One repository of tests: which endpoints it wants, and under which tags."""

    repository: str
    title: str
    issuer_tags: dict[str, list[str]] = field(default_factory=dict)
    verifier_tags: list[str] = field(default_factory=list)
    query: str = ""
    links: dict[str, str] = field(default_factory=dict)
    #: (file, text, other text): what must be otherwise before the suite can run here at all.
    edits: tuple[tuple[str, str, str], ...] = ()
    features: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The name of the checkout."""
        return self.repository.partition("/")[2]


_EDDSA = {"eddsa-rdfc-2022": ["eddsa-rdfc-2022"], "eddsa-jcs-2022": ["eddsa-jcs-2022"]}
_ECDSA = {name: [name] for name in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023")}
_JOSE = ("jose", "sdjwt", "cose")
SUITES = (
    Suite(
        repository="w3c/vc-data-model-2.0-test-suite",
        title="VC Data Model 2.0",
        # RDF keeps no @direction, and the suite wants names with one: so the suite that signs the text itself.
        issuer_tags={"eddsa-jcs-2022": ["vc2.0"], "vc+jwt": ["EnvelopingProof"]},
        verifier_tags=["vc2.0", "EnvelopingProof"],
    ),
    Suite(
        repository="w3c/vc-di-eddsa-test-suite",
        title="Data Integrity EdDSA",
        issuer_tags=_EDDSA,
        verifier_tags=[*_EDDSA],
    ),
    Suite(
        repository="w3c/vc-di-ecdsa-test-suite",
        title="Data Integrity ECDSA",
        issuer_tags=_ECDSA,
        verifier_tags=[*_ECDSA],
        links={"tests/input/vc-di-ecdsa": "vc-di-ecdsa"},
    ),
    Suite(
        repository="w3c/vc-bitstring-status-list-test-suite",
        title="Bitstring Status List",
        issuer_tags={"eddsa-rdfc-2022": ["BitstringStatusList", "Revocation"]},
        verifier_tags=["BitstringStatusList", "Revocation"],
        query="?status=1",
        extra=("mocha@10",),
    ),
    Suite(
        repository="w3c/vc-jose-cose-test-suite",
        title="VC-JOSE-COSE",
        features=tuple(f"{what}_{how}" for what in ("credential", "presentation") for how in _JOSE),
        edits=(
            (
                # It asks for a method of iterators that Node 20 does not have.
                "implementations/index.js",
                "Array.from(implementationsWithFeatures().values().map((i) => i.settings.name))",
                "[...implementationsWithFeatures().values()].map((i) => i.settings.name)",
            ),
            (
                "tests/test-util.js",
                "docker compose -f ./implementations/compose.yml run --rm ${impl} ${testConfig.fn}",
                f"{sys.executable} {HERE / 'jose_command.py'} ${{testConfig.fn}}",
            ),
            (
                "tests/test-util.js",
                " /tests/input/${testConfig.input_file}",
                " tests/input/${testConfig.input_file}",
            ),
            (
                "tests/test-util.js",
                " /tests/input/${testConfig.key_file}",
                " tests/input/${testConfig.key_file}",
            ),
            ("tests/test-util.js", "--output /tests/output/", "--output tests/output/"),
        ),
    ),
    Suite(
        repository="w3c-ccg/vc-api-issuer-test-suite",
        title="VC-API issuer",
        issuer_tags={"eddsa-rdfc-2022": ["vc-api"]},
    ),
    Suite(
        repository="w3c-ccg/vc-api-verifier-test-suite",
        title="VC-API verifier",
        issuer_tags={"eddsa-rdfc-2022": ["vc-api"]},
        verifier_tags=["vc-api"],
    ),
)


NOTES = """\
## What the adapter does otherwise than laurel

- It signs any credential of the data model, not only badges, and adds the context of proofs to those of version 1.1.
- A proof counts although its key is another's than the issuer's; of several proofs one must be the issuer's. The
  suites' own vectors name issuers whose keys nobody could look up. `laurel verify` calls such a credential
  `unknown_issuer`.
- Contexts that are written into a document go under an address first. `laurel verify` refuses such documents under
  a proof over RDF: whoever passes them on could change the words together with their meaning.
- It knows the context of the examples. For VC Data Model 2.0 it issues with eddsa-jcs-2022, because the suite wants
  names with a direction, which RDF does not keep.
- What it issues with `relatedResource` it holds against every text that the credentials context ever had in the
  checkout of `w3c/vc-data-model`: the suite's digest is of the text of July 2024, not of the Recommendation.

## Not run

- The tests of VC-API with the tag JWT: they want a JWT credential to have a `proof` inside its JSON, which neither
  VCDM 1.1 nor VC-JOSE-COSE knows.
- The suite of bbs-2023: laurel does not make such proofs.""".splitlines()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One test of a suite and how it ended: "pass", "fail" or "skip"."""

    title: str
    result: str
    reason: str = ""


def main() -> int:
    """Prepare, run and report. Returns 1 when a test fails that nothing explains."""
    options = argparse.ArgumentParser(prog="./cairn conformance", description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path, help="where the checkouts lie")
    options.add_argument("--only", action="append", default=[], help="run only suites whose name holds this")
    options.add_argument("--write", action="store_true", help="write docs/conformance.md")
    options.add_argument("--verbose", action="store_true", help="print each failure in full")
    chosen = options.parse_args()
    folder: Path = chosen.folder.resolve()
    with tempfile.TemporaryDirectory() as texts:
        write_texts(folder, Path(texts))
        talk = ["--talk"] if chosen.verbose else []
        rows = run_all(folder, chosen.only, [*talk, "--texts", texts], is_verbose=chosen.verbose)
    if chosen.write:
        REPORT.write_text(written(rows))
    failed = (each for _, _, outcomes in rows for each in outcomes if each.result == "fail")
    return int(any(explained(each.title) is None for each in failed))


def write_texts(folder: Path, texts: Path) -> None:
    """Write every text that the credentials context ever had, out of a checkout of the data model.

    One test of the data model's suite holds a digest of the context against what is published, and its digest is
    of the text of July 2024.
    """
    checkout, place = folder / "vc-data-model", "contexts/credentials/v2"
    if not checkout.is_dir():
        print("No checkout of w3c/vc-data-model: the test of relatedResource digests cannot pass")
        return
    git = ["git", "-C", str(checkout)]
    commits = subprocess.run(
        [*git, "log", "--format=%h", "--", place], capture_output=True, text=True, check=True
    ).stdout.split()
    for commit in commits:
        shown = subprocess.run([*git, "show", f"{commit}:{place}"], capture_output=True, check=False)
        if shown.returncode == 0:
            (texts / commit).write_bytes(shown.stdout)


def run_all(
    folder: Path, only: Iterable[str], options: Iterable[str], *, is_verbose: bool
) -> list[tuple[Suite, str, list[Outcome]]]:
    """Start the adapter, run every suite that has a checkout, and tell each result."""
    adapter = subprocess.Popen(
        [sys.executable, str(HERE / "adapter.py"), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert adapter.stdout is not None
    assert adapter.stdin is not None
    try:
        where = json.loads(adapter.stdout.readline())
        rows: list[tuple[Suite, str, list[Outcome]]] = []
        for suite in SUITES:
            if only and not any(part in suite.folder for part in only):
                continue
            if not (folder / suite.folder).is_dir():
                print(f"{suite.title}: no checkout of {suite.repository} in {folder.name}, not run")
                continue
            prepare(folder, suite)
            outcomes = run(folder / suite.folder, suite, where)
            rows.append((suite, commit_of(folder / suite.folder), outcomes))
            print(f"{suite.title}: {told(outcomes)}", flush=True)
            for outcome in outcomes:
                if outcome.result == "fail" or (is_verbose and outcome.result == "skip"):
                    print(f"  {outcome.result}: {outcome.title}\n        {outcome.reason[:400]}")
    finally:
        adapter.stdin.close()
        adapter.wait(timeout=10)
    return rows


def prepare(folder: Path, suite: Suite) -> None:
    """Point the suite to the other checkouts and install what it needs, once."""
    checkout = folder / suite.folder
    for place, target in suite.links.items():
        link = checkout / place
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.exists():
            link.symlink_to(folder / target)
    for name in {name for name, _, _ in suite.edits}:
        subprocess.run(["git", "-C", str(checkout), "checkout", "-q", "--", name], check=True)
    for name, old, new in suite.edits:
        text = (checkout / name).read_text()
        if old not in text:
            raise SystemExit(f"{suite.folder}/{name} is not the file that we know how to run.")
        (checkout / name).write_text(text.replace(old, new))
    if (checkout / "node_modules/mocha").is_dir():
        return
    packed = {name: pack(folder / name) for name in SHARED_CODE if (folder / name).is_dir()}
    file = checkout / "package.json"
    package = json.loads(file.read_text())
    if "mocha" in package["dependencies"]:
        package.pop("devDependencies", None)
    for name, version in package["dependencies"].items():
        if version.startswith("github:"):
            package["dependencies"][name] = f"file:{packed[name]}"
    file.write_text(json.dumps(package, indent=2))
    npm("install", "--ignore-scripts", "--no-package-lock", cwd=checkout)
    if suite.extra:
        npm("install", "--ignore-scripts", "--no-package-lock", "--no-save", *suite.extra, cwd=checkout)


def pack(checkout: Path) -> Path:
    """Return the package made from a checkout."""
    made = sorted(checkout.glob("*.tgz"))
    if not made:
        npm("pack", "--ignore-scripts", cwd=checkout)
        made = sorted(checkout.glob("*.tgz"))
    return made[-1]


def npm(*arguments: str, cwd: Path) -> None:
    """Run npm and stop with what it says when it fails."""
    command = shutil.which("npm")
    if command is None:
        raise SystemExit("npm is not here. Install Node 20 with npm, then run this again.")
    done = subprocess.run([command, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"npm {arguments[0]} failed in {cwd.name}:\n{done.stderr[-2000:]}")


def run(checkout: Path, suite: Suite, where: dict[str, Any]) -> list[Outcome]:
    """Run one suite against the adapter."""
    config = json.dumps(manifest(suite, where), indent=2)
    (checkout / "localConfig.cjs").write_text(f"module.exports = {config};\n")
    results = checkout / "laurel-results.json"
    results.unlink(missing_ok=True)
    subprocess.run(
        [
            *("npx", "mocha", "tests/", "--reporter", "json", "--reporter-option", f"output={results.name}"),
            *("--timeout", "60000", "--preserve-symlinks", "--exit"),
        ],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if not results.exists():
        raise SystemExit(f"{suite.title} ended without results.")
    return list(outcomes_of(json.loads(results.read_text())))


def manifest(suite: Suite, where: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration by which the suites find the adapter."""
    base = where["base"]
    versions = {"vc": ["1.1", "2.0"]}
    issuers, kinds = [], {}
    for row in where["issuers"]:
        name, kind = row["suite"], row["kind"]
        if name not in suite.issuer_tags:
            continue
        kinds.setdefault(name, []).append(kind)
        query = suite.query or (f"?kind={kind}" if kind.startswith("P-") else "")
        issuers.append(
            {
                "id": row["id"],
                "endpoint": f"{base}/issuers/{name}/credentials/issue{query}",
                "tags": suite.issuer_tags[name],
                "supports": versions,
                "supportedEcdsaKeyTypes": [kind],
            }
        )
    verifier = {
        "id": base,
        "tags": suite.verifier_tags,
        "supports": versions,
        "supportedEcdsaKeyTypes": ["P-256", "P-384"],
    }
    return {
        "settings": {"enableInteropTests": False, "testAllImplementations": False},
        "implementations": [
            {
                "name": NAME,
                "implementation": NAME,
                "jose-cose": {"features": dict.fromkeys(suite.features, True)} if suite.features else {},
                "issuers": issuers,
                "verifiers": [{**verifier, "endpoint": f"{base}/verifiers/any/credentials/verify"}],
                "vpVerifiers": [{**verifier, "endpoint": f"{base}/presentations/verify"}],
                "vcHolders": [
                    {
                        "id": base,
                        "endpoint": f"{base}/derive/credentials/derive",
                        "tags": ["vcHolder", *suite.verifier_tags],
                        "supports": versions,
                    }
                ],
            }
        ],
    }


def outcomes_of(results: dict[str, Any]) -> Iterator[Outcome]:
    """Yield each test of mocha's JSON report once."""
    passed = {test["fullTitle"] for test in results["passes"]}
    pending = {test["fullTitle"] for test in results["pending"]}
    for test in results["tests"]:
        title = test["fullTitle"]
        error = test.get("err") or {}
        if title in pending:
            yield Outcome(title=title, result="skip")
        elif title in passed and not error:
            yield Outcome(title=title, result="pass")
        else:
            yield Outcome(title=title, result="fail", reason=" ".join(str(error.get("message")).split()))
    for failed in results["failures"]:
        if '"before' in failed["fullTitle"] or "hook" in failed["title"]:
            reason = " ".join(str(failed["err"].get("message")).split())
            yield Outcome(title=failed["fullTitle"], result="fail", reason=reason)


def told(outcomes: Iterable[Outcome]) -> str:
    """Return the counts as words."""
    counts = dict.fromkeys(("pass", "fail", "skip"), 0)
    for outcome in outcomes:
        counts[outcome.result] += 1
    return f"{sum(counts.values())} tests: {counts['pass']} pass, {counts['fail']} fail, {counts['skip']} skipped"


def commit_of(checkout: Path) -> str:
    """Return the commit of a checkout with its date."""
    command = ["git", "-C", str(checkout), "log", "-1", "--format=%h (%cs)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def explained(title: str) -> str | None:
    """Return why a test does not pass where the reason is not ours."""
    rows = tomllib.loads(EXPLANATIONS.read_text())["explanation"]
    return next((str(row["reason"]) for row in rows if row["holds"] in title), None)


def written(rows: list[tuple[Suite, str, list[Outcome]]]) -> str:
    """Return docs/conformance.md."""
    lines = [
        "# Conformance, measured",
        "",
        "Written by `./cairn conformance FOLDER --write`; do not edit. The public suites of the W3C run from their",
        "checkouts in FOLDER against laurel behind a thin VC-API, which is test code:",
        "`packages/laurel/tests/conformance`.",
        "",
        f"Run on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()}.",
        "",
        "| suite | commit | tests | pass | fail | skipped |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for suite, commit, outcomes in rows:
        counts = [sum(each.result == name for each in outcomes) for name in ("pass", "fail", "skip")]
        cells = " | ".join(str(count) for count in (len(outcomes), *counts))
        lines.append(f"| {suite.title}, `{suite.repository}` | {commit} | {cells} |")
    lines += ["", *NOTES]
    for suite, _, outcomes in rows:
        lines += ["", f"## {suite.title}", ""]
        for each in outcomes:
            lines.append(f"- {each.result}: {each.title}")
            if each.result != "pass":
                lines.append(f"  - {explained(each.title) or each.reason or 'The suite gives no reason.'}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
