# SPDX-License-Identifier: Apache-2.0
"""The peer in Python that `./cairn bench` runs in an environment of its own: openbadgeslib, under the LGPL.

Nothing of Cairn imports it: what its lock file names is installed into .venv-peers, and one process of that
environment is asked line by line.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench_samples import (
    AT,
    CREATED,
    JWT,
    RDFC,
    ROOT,
    SEED,
    STATUS_LIST,
    payload_of,
    proof_value,
    status_list,
    tampered,
    tampered_tokens,
    texts_of,
    typical,
)
from bench_sides import COMPARED, OPENBADGESLIB, OPENBADGESLIB_MODEL, WRONG, Bytes
from bench_talk import HERE, Contender, Talker, by, timed
from bench_work import Works

from laurel.errors import LaurelError
from laurel.verify import Verdict, read, verify

LOCK, FOLDER = ROOT / "requirements-peers.lock", ROOT / ".venv-peers"
#: How long pip may take.
INSTALLING = 300
_REVOKED = 120_001
"""An index whose bit is set in the status list of the samples."""


class OpenBadgesLibProcess(Talker):
    """The process with the pinned packages."""

    def __init__(self, python: Path, works: Works) -> None:
        super().__init__([str(python), str(HERE / "bench_openbadgeslib.py")], HERE)
        unsigned = json.loads(status_list(works.key))
        del unsigned["proof"]
        setup = {"seed": SEED.hex(), "key": works.key.id, "created": CREATED}
        self.versions: dict[str, str] = self.ask(setup | {"lists": {STATUS_LIST: unsigned}})["versions"]


def start_openbadgeslib(works: Works) -> tuple[OpenBadgesLibProcess | None, str]:
    """Return a process of openbadgeslib, or None and why there is none."""
    draft = typical(1)
    if not AT <= datetime.now(UTC) < datetime.fromisoformat(draft["validUntil"]):
        return None, "it goes by the clock of the machine, which the samples are not valid at"
    if fault := install(FOLDER, LOCK):
        return None, fault
    try:
        return OpenBadgesLibProcess(python_of(FOLDER), works), ""
    except (RuntimeError, OSError) as error:
        return None, str(error)


def python_of(folder: Path) -> Path:
    """Return the interpreter of an environment."""
    return folder / "bin" / "python"


def is_ready(folder: Path, lock: Path) -> bool:
    """Tell whether an environment runs and holds what a lock file names."""
    stamp = folder / ".stamp"
    return (
        python_of(folder).exists()  # a link to an interpreter that is gone does not
        and stamp.is_file()
        and stamp.read_text(encoding="utf-8") == _stamp_of(lock)
    )


def install(folder: Path, lock: Path) -> str:
    """Make an environment of what a lock file names unless it is there. Returns why it failed, or nothing."""
    if is_ready(folder, lock):
        return ""
    print("Installing openbadgeslib in an environment of its own", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    # Where Python could put no pip into this environment, that of the system fills both, as `./cairn` does.
    filling = sys.executable if find_spec("pip") else str(Path(sys.base_prefix) / "bin" / "python3")
    command = [filling, "-m", "pip", "--python", str(python_of(folder)), "install", "--quiet"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes", "-r", str(lock)]
    try:
        venv.create(folder, symlinks=os.name != "nt")
        done = subprocess.run(command, capture_output=True, check=False, timeout=INSTALLING)
    except subprocess.TimeoutExpired:
        return f"pip took longer than {INSTALLING} s"
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no environment could be made: {error}"
    if done.returncode:
        said = [line for line in done.stderr.decode(errors="replace").splitlines() if "ERROR" in line]
        return f"pip install failed: {' '.join(said)[-200:] or done.stderr.decode(errors='replace')[-200:]}"
    (folder / ".stamp").write_text(_stamp_of(lock), encoding="utf-8")
    return ""


def _stamp_of(lock: Path) -> str:
    return f"{sys.version_info[:2]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


class OpenBadgesLib:
    """Signs the text it is given, and verifies in full: the most careful peer that is written in Python."""

    name, model = OPENBADGESLIB, False

    def __init__(self, works: Works, process: Talker | None, reason: str) -> None:
        self.works, self.process, self.reason = works, process, reason
        self.drafts = works.drafts("typical")
        self.signed = {suite: works.signed(suite, "typical") for suite in (RDFC, JWT)}
        self.given = {RDFC: self.drafts, JWT: [payload_of(token) for token in self.signed[JWT]]}

    def check_bytes(self) -> Bytes:
        """Hold its signatures against laurel's, and its answers to changed and to revoked credentials."""
        if self.process is None:
            return {suite: ("", [f"not there: {self.reason}"]) for suite in (RDFC, JWT)}
        both = "takes laurel's and laurel its, refuses changed copies and what was revoked"
        return {
            RDFC: (f"same bytes as laurel, {both}", list(self._faults(self.process, RDFC))),
            JWT: (both, list(self._faults(self.process, JWT))),
        }

    def _faults(self, process: Talker, suite: str) -> Iterator[str]:
        signed = self.signed[suite][:COMPARED]
        for given, ours in zip(self.given[suite], signed, strict=False):
            theirs = process.ask({"do": "sign", "suite": suite, "text": given.decode()})["text"]
            if suite == RDFC and proof_value(theirs) != proof_value(ours):
                yield f"{WRONG}another proofValue than laurel"
            if not _taken_by_laurel(theirs, self.works):
                yield f"{WRONG}laurel does not take what it signs"
            if refusal := _refusal(process, suite, ours):
                yield f"{WRONG}refuses a genuine credential: {refusal}"
        copies = [*(tampered_tokens if suite == JWT else tampered)(signed[0])]
        copies.append(("a revoked credential", self.works.issuing(suite)(_revoked())))
        yield from (f"{WRONG}takes {name}" for name, text in copies if not _refusal(process, suite, text))

    def contenders(self) -> list[Contender]:
        """Return what is timed, or would be if it were there."""
        texts = [
            (s, d, t[s]) for s in (RDFC, JWT) for d, t in (("issue", self.given), ("verify", self.signed))
        ]
        return [_contender(self, suite, deed, given) for suite, deed, given in texts]


class OpenBadgesLibModel:
    """The same by the door that signs what went through its own classes, which do not hold every property."""

    name, model = OPENBADGESLIB_MODEL, True

    def __init__(self, works: Works, process: Talker | None, reason: str) -> None:
        self.works, self.process, self.reason = works, process, reason

    def check_bytes(self) -> Bytes:
        """Laurel takes what it signs; what is missing in that is told."""
        if self.process is None:
            return {RDFC: ("", [f"not there: {self.reason}"])}
        return {RDFC: ("laurel takes what it signs", list(self._faults(self.process)))}

    def _faults(self, process: Talker) -> Iterator[str]:
        for draft in self.works.drafts("typical")[:COMPARED]:
            ask = {"do": "sign", "suite": RDFC, "text": draft.decode(), "model": self.model}
            theirs = process.ask(ask)["text"]
            if not _taken_by_laurel(theirs, self.works):
                yield f"{WRONG}laurel does not take what it signs"
            given = _values(json.loads(draft))
            if lost := sorted(where for where, _ in given - _values(json.loads(theirs))):
                yield (
                    f"laurel takes what it signs, but it leaves out {len(lost)} of {len(given)} values, "
                    f"such as {lost[0]}"
                )

    def contenders(self) -> list[Contender]:
        """Return what is timed, or would be if it were there."""
        return [_contender(self, RDFC, "issue", self.works.drafts("typical"))]


def _contender(
    side: OpenBadgesLib | OpenBadgesLibModel, suite: str, deed: str, given: list[bytes]
) -> Contender:
    if side.process is None:
        return Contender(side.name, suite, deed, timed(bytes, [b""]), fault=side.reason)
    texts = [text.decode() for text in given]
    run = by(side.process, deed=deed, suite=suite, texts=texts, model=side.model)
    return Contender(side.name, suite, deed, run)


def _refusal(process: Talker, suite: str, text: bytes) -> str:
    """Return why it does not take a credential, or nothing where it does."""
    told = process.ask({"do": "verify", "suite": suite, "text": text.decode()})
    return "" if told["verified"] else str(told["reason"] or "no reason given")


def _taken_by_laurel(text: str, works: Works) -> bool:
    try:
        return verify(read(text.encode()), works.found(), at=AT).verdict is Verdict.GENUINE
    except LaurelError:
        return False


def _revoked() -> bytes:
    draft = typical(1)
    draft["credentialStatus"] |= {"id": f"{STATUS_LIST}#{_REVOKED}", "statusListIndex": str(_REVOKED)}
    return texts_of(draft)


def _values(part: Any, where: str = "") -> set[tuple[str, str]]:
    """Return every value of a document with its place."""
    if not isinstance(part, dict | list):
        return {(where, str(part))}
    inside = part.items() if isinstance(part, dict) else enumerate(part)
    return {each for name, value in inside for each in _values(value, f"{where}/{name}")}
