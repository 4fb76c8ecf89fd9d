# SPDX-License-Identifier: Apache-2.0
"""A whole site of its own on a free loopback port: fresh database, real web server, gone afterwards."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60


class DidNotStart(Exception):
    """The server ended or kept silent; the message holds its last words."""


def call(folder: Path, *words: str) -> None:
    """Run one of the `cairn` commands on the site in a folder. Raises `DidNotStart` when it fails."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "cairn.site.command", *words],
        env=_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DidNotStart(done.stderr[-2000:])


@contextmanager
def running(folder: Path, *, seed: bool, database_url: str = "") -> Iterator[str]:
    """Serve a fresh site from a folder of its own and yield its address.

    Raises:
        DidNotStart: it does not answer within a minute.
    """
    port = _free_port()
    base_url = f"http://localhost:{port}"
    env = _environment(folder) | {"CAIRN_BASE_URL": base_url, "CAIRN_DATABASE_URL": database_url}
    log = folder / "server.log"
    words = ["up", "--port", str(port), "--seed" if seed else "--no-seed"]
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "cairn.site.command", *words], env=env, stdout=out, stderr=out
        )
    try:
        _wait(base_url, process, log)
        yield base_url
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Return this process's environment without its own Cairn settings."""
    folder.mkdir(parents=True, exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    return inherited | {"CAIRN_VAR": str(folder)}


def _wait(base_url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base_url}/healthz", timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise DidNotStart(log.read_text(encoding="utf-8", errors="replace")[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
