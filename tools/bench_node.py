# SPDX-License-Identifier: Apache-2.0
"""The peers on Node that `./cairn bench` measures: installed as the lock file says, asked in one process."""

import json
import shutil
import subprocess
from typing import Any

from bench_samples import (
    AT,
    CREATED,
    JCS,
    JWT,
    RDFC,
    ROOT,
    SEED,
    payload_of,
    proof_value,
    tampered,
    tampered_tokens,
)
from bench_sides import COMPARED, JOSE, NODE, WRONG, Bytes
from bench_talk import Contender, Talker
from bench_work import CHALLENGE, DISCLOSABLE, DOMAIN, SHOWN, Run, Works

from laurel.jsonld import contexts
from laurel.verify import Verdict, read, verify

ORACLES = ROOT / "packages/laurel/tests/oracles"
#: How long npm may take.
INSTALLING = 300


class NodeProcess(Talker):
    """The node process with the pinned packages."""

    def __init__(self, node: str, works: Works) -> None:
        super().__init__([node, "--expose-gc", "stopwatch.js"], ORACLES)
        setup = {
            "at": CREATED,
            "seed": SEED.hex(),
            "jwk": dict(works.key.to_private_jwk()),
            "contexts": {url: contexts.context(url) for url in contexts.known()},
            "shown": SHOWN,
            "hidden": DISCLOSABLE,
            "challenge": CHALLENGE,
            "domain": DOMAIN,
        }
        self.versions: dict[str, str] = self.ask(setup)["versions"]

    def run(self, deed: str, suite: str, texts: list[bytes]) -> Run:
        """Return a run over texts in turn."""
        given = [text.decode() for text in texts]

        def run(count: int) -> tuple[float, float]:
            took = self.ask({"do": "time", "deed": deed, "suite": suite, "count": count, "texts": given})
            return took["cpu"], took["wall"]

        return run


def start_node(works: Works) -> tuple[NodeProcess | None, str]:
    """Return a node process with the pinned packages, or None and why there is none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None, "node and npm are not installed"
    if fault := install(npm):
        return None, fault
    try:
        return NodeProcess(node, works), ""
    except (RuntimeError, OSError) as error:
        return None, str(error)


def install(npm: str) -> str:
    """Install what the lock file names unless it is there. Returns why that failed, or nothing."""
    if (ORACLES / "node_modules" / ".package-lock.json").is_file():
        return ""
    print("Installing the pinned packages of the peers on Node", flush=True)
    command = [npm, "ci", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=ORACLES, capture_output=True, check=False, timeout=INSTALLING)
    except subprocess.TimeoutExpired:
        return f"npm ci took longer than {INSTALLING} s"
    return f"npm ci failed: {done.stderr.decode()[-200:].strip()}" if done.returncode else ""


class Node:
    """Digital Bazaar's library on Node, the one that most verifiers are built on."""

    name = NODE

    def __init__(self, works: Works, process: NodeProcess | None, reason: str) -> None:
        self.works, self.process, self.reason = works, process, reason

    def check_bytes(self) -> Bytes:
        """Hold its signatures against laurel's, and its answers to changed copies."""
        if self.process is None:
            return {suite: ("", [f"not there: {self.reason}"]) for suite in (RDFC, JCS)}
        well = "same bytes as laurel, refuses changed copies"
        return {suite: (well, self._faults(self.process, suite)) for suite in (RDFC, JCS)}

    def _faults(self, process: NodeProcess, suite: str) -> list[str]:
        faults = []
        signed = self.works.signed(suite, "typical")[:COMPARED]
        for draft, ours in zip(self.works.drafts("typical"), signed, strict=False):
            theirs = process.ask({"do": "sign", "suite": suite, "text": draft.decode()})["text"]
            if proof_value(theirs) != proof_value(ours):
                faults.append(f"{WRONG}another proofValue than laurel")
            if not self._accepts(process, suite, ours):
                faults.append(f"{WRONG}refuses a genuine credential")
        copies = tampered(signed[0])
        return faults + [
            f"{WRONG}takes {name}" for name, text in copies if self._accepts(process, suite, text)
        ]

    def _accepts(self, process: NodeProcess, suite: str, text: bytes) -> bool:
        return bool(process.ask({"do": "verify", "suite": suite, "text": text.decode()})["verified"])

    def contenders(self) -> list[Contender]:
        """Return what is timed, or would be if node were there."""
        return [
            contender(NODE, self.process, self.reason, suite, deed, texts)
            for suite in (RDFC, JCS)
            for deed, texts in (
                ("issue", self.works.drafts("typical")),
                ("verify", self.works.signed(suite, "typical")),
            )
        ]


class Jose:
    """The JOSE library of Node: the signature of a token and its times."""

    name = JOSE

    def __init__(self, works: Works, process: NodeProcess | None, reason: str) -> None:
        self.works, self.process, self.reason = works, process, reason
        self.signed = works.signed(JWT, "typical")
        self.payloads = [payload_of(token) for token in self.signed]

    def check_bytes(self) -> Bytes:
        """Each side takes the other's tokens, and this one no changed copy."""
        if self.process is None:
            return {JWT: ("", [f"not there: {self.reason}"])}
        faults = []
        for payload, token in zip(self.payloads[:COMPARED], self.signed[:COMPARED], strict=True):
            theirs = self.process.ask({"do": "sign", "suite": JWT, "text": payload.decode()})["text"]
            report = verify(read(theirs.encode()), self.works.found(), at=AT)
            if report.verdict is not Verdict.GENUINE:
                faults.append(f"{WRONG}laurel does not take its token")
            if not self._accepts(token):
                faults.append(f"{WRONG}refuses a genuine token")
        faults += [
            f"{WRONG}takes {name}" for name, token in tampered_tokens(self.signed[0]) if self._accepts(token)
        ]
        return {JWT: ("takes laurel's tokens and laurel its, refuses changed copies", faults)}

    def _accepts(self, token: bytes) -> bool:
        assert self.process is not None
        return bool(self.process.ask({"do": "verify", "suite": JWT, "text": token.decode()})["verified"])

    def contenders(self) -> list[Contender]:
        """Return what is timed, or would be if node were there."""
        return [
            contender(JOSE, self.process, self.reason, JWT, "issue", self.payloads),
            contender(JOSE, self.process, self.reason, JWT, "verify", self.signed),
        ]


def contender(
    name: str, process: NodeProcess | None, reason: str, suite: str, deed: str, texts: list[bytes]
) -> Contender:
    """Return what is timed on Node, or stands in the table with the reason why it is not."""
    run = process.run(deed, suite, texts) if process is not None else _nothing
    return Contender(name, suite, deed, run, fault=reason)


def _nothing(count: int) -> tuple[float, float]:
    raise RuntimeError(f"nobody is there to do it {count} times")


def presentation_of(texts: list[bytes]) -> Any:
    """Return an unsigned presentation of signed credentials, for a peer to sign."""
    return json.dumps(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [json.loads(text) for text in texts],
        }
    ).encode()
