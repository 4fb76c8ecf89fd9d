# SPDX-License-Identifier: Apache-2.0
"""Reads the `CAIRN_*` variables, and stops the start on one that nobody knows."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

KNOWN = {
    "CAIRN_ALLOWED_HOSTS": "names this site answers to, with commas; by default that of the base URL",
    "CAIRN_BASE_URL": "the address people use, by default http://localhost:8000",
    "CAIRN_CHROMIUM": "tests: the browser to drive",
    "CAIRN_DATABASE_URL": "postgres://user:password@host:port/name; by default SQLite in the data folder",
    "CAIRN_GATE_TABLE": "tests: the file that gets the browser gate's table of pages",
    "CAIRN_MAIL_URL": "smtp://user:password@host:port; by default messages are kept and shown at /outbox",
    "CAIRN_MODE": "development (default) or production",
    "CAIRN_NEWS_INLINE": "1 (default): messages leave with the request; 0: `cairn worker` sends them",
    "CAIRN_PROXIES": "how many proxies of your own stand in front, 0 by default; limits must know who asks",
    "CAIRN_REQUIRE_BROWSER": "tests: fail instead of skipping where there is no browser",
    "CAIRN_REQUIRE_ORACLES": "tests: fail instead of skipping where there is no foreign software",
    "CAIRN_REQUIRE_NATIVE": "tests: fail instead of skipping where laurel's part in C was not built",
    "CAIRN_REQUIRE_POSTGRES": "tests: fail instead of skipping where there is no PostgreSQL",
    "CAIRN_VAR": "the data folder, by default var/ beside the project or in the current folder",
}


class UnknownSetting(Exception):
    """A CAIRN_ variable that no release knows, most likely mistyped, or a value that cannot be."""


def check(environ: Mapping[str, str]) -> None:
    """Stop on an unknown `CAIRN_` variable. Raises `UnknownSetting`."""
    unknown = sorted(name for name in environ if name.startswith("CAIRN_") and name not in KNOWN)
    if unknown:
        raise UnknownSetting(
            f"Cairn does not know {', '.join(unknown)}. It knows {', '.join(sorted(KNOWN))}."
        )


def proxies(text: str) -> int:
    """Return how many trusted proxies stand in front. Raises `UnknownSetting` for what is no number."""
    if not text.isdecimal():
        raise UnknownSetting("CAIRN_PROXIES is a whole number: how many proxies of your own stand in front.")
    return int(text)


def development(mode: str) -> bool:
    """Tell whether this is a site to try out. Raises `UnknownSetting`: a typo must not open the outbox."""
    if mode not in {"development", "production"}:
        raise UnknownSetting(f"CAIRN_MODE is development or production, not {mode!r}.")
    return mode == "development"


def base_url(address: str) -> str:
    """Return the address without its last slash. Raises `UnknownSetting`: credentials carry it for ever."""
    if not re.fullmatch(r"https?://[^/?#@\s]+/?", address):
        raise UnknownSetting(
            "CAIRN_BASE_URL is http:// or https:// and a name, "
            f"like https://credentials.example.org, not {address!r}."
        )
    return address.rstrip("/")


def require_mail(*, development: bool, mail_url: str) -> None:
    """Stop a site for real people that could not write to them. Raises `UnknownSetting`."""
    if not development and not mail_url:
        raise UnknownSetting(
            "CAIRN_MODE=production needs CAIRN_MAIL_URL: "
            "without it nobody gets a sign-in link or a credential."
        )


def secret(var: Path, name: str, size: int = 48) -> str:
    """Return a secret of this installation, made on first use and readable by its owner only."""
    path = var / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            # Another process of this start was quicker.
            return path.read_text(encoding="ascii")
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(size))
    return path.read_text(encoding="ascii")


def database(url: str, var: Path, sqlite_version: tuple[int, ...]) -> dict[str, Any]:
    """Return Django's database settings: durable ones, whichever engine it is.

    SQLite before 3.51.3 can corrupt a write-ahead log that two connections write at once, so there the
    rollback journal with EXTRA is chosen; it lost nothing in any simulated power cut.
    """
    if url:
        parts = urlsplit(url)
        if parts.scheme not in {"postgres", "postgresql"}:
            raise UnknownSetting("CAIRN_DATABASE_URL starts with postgres://")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    journal = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        if sqlite_version >= (3, 51, 3)
        else "PRAGMA journal_mode=PERSIST; PRAGMA synchronous=EXTRA;"
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": var / "cairn.sqlite3",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 20,
            # Every write starts with the lock, or concurrent ones are lost or refused.
            "transaction_mode": "IMMEDIATE",
            "init_command": f"{journal} PRAGMA foreign_keys=ON;",
        },
    }


def mail(url: str) -> dict[str, Any]:
    """Return Django's mail settings. Without an address, messages are kept and readable at /outbox."""
    if not url:
        return {"EMAIL_BACKEND": "cairn.messages.outbox.OutboxBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        raise UnknownSetting("CAIRN_MAIL_URL starts with smtp:// or smtps://")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_TIMEOUT": 20,
    }
