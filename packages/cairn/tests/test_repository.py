# SPDX-License-Identifier: Apache-2.0
"""Nothing leaks into the repository, and nothing that belongs there is missing."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[3]
LARGEST = 1_000_000
#: Files that may name a path of some machine, with the reason.
NAMES_A_PATH: dict[str, str] = {}
#: Files that hold a made-up key on purpose, with the reason.
HOLDS_A_KEY: dict[str, str] = {}

#: A folder of one machine. What stands before it may not make it a part of an address or a longer path.
MACHINE_PATH = re.compile(r"(?<![\w.:/>~*-])/(?:" + "|".join(("work", "root", "home", "tmp")) + r")/")
HOSTS = re.compile(
    "|".join(
        re.escape(host)
        for host in ("registry.npmjs" + ".org", "pypi.org" + "/simple", "pythonhosted" + ".org")
    )
)
SECRETS = {
    "a private key in PEM": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}"),
    "a private JWK": re.compile(r"[\"']d[\"']\s*:\s*[\"'][A-Za-z0-9_-]{43,}[\"']"),
    "a private Multikey": re.compile(r"\bz3u2[1-9A-HJ-NP-Za-km-z]{40,}"),
    "a cloud access key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a token of a code host": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40,}|glpat-[\w-]{20,})"),
    "a token of a package host": re.compile(r"\b(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,})"),
    "a Django secret": re.compile(r"django-insecure-\S{20,}"),
}  # fmt: skip


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files that git keeps."""
    if not (PROJECT / ".git").exists():
        pytest.skip("this copy of the project has no git history to ask")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True)
    paths = (PROJECT / name for name in done.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and content of every tracked text file."""
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8_000]:
            yield str(path.relative_to(PROJECT)), content.decode("utf-8", errors="replace")


def secrets_in(text: str) -> list[str]:
    """Return the kinds of secret that a text seems to hold."""
    return [kind for kind, pattern in SECRETS.items() if pattern.search(text)]


class TestTrackedFiles:
    def test_name_no_path_of_one_machine(self) -> None:
        found = {name for name, text in texts() if MACHINE_PATH.search(text)}

        assert found == set(NAMES_A_PATH)

    def test_hold_no_secret(self) -> None:
        found = {name: kinds for name, text in texts() if (kinds := secrets_in(text))}

        assert found.keys() == HOLDS_A_KEY.keys(), found

    def test_are_small(self) -> None:
        large = {path.name: size for path in tracked() if (size := path.stat().st_size) > LARGEST}

        assert not large

    def test_of_python_carry_the_licence(self) -> None:
        without = [
            str(path.relative_to(PROJECT))
            for path in tracked()
            if path.suffix == ".py"
            and (text := path.read_text(encoding="utf-8"))
            and not text.startswith("# SPDX-License-Identifier: Apache-2.0\n")
        ]

        assert not without

    def test_that_are_made_or_fetched_stay_out(self) -> None:
        made = re.compile(
            r"(^|/)(node_modules|__pycache__|build|dist|\.venv|var)/|\.(pyc|mo|sqlite3|egg-info)$"
        )

        assert not [name for name, _ in texts() if made.search(name)]


class TestScan:
    """A scan that finds nothing must be known to find something."""

    @pytest.mark.parametrize(
        ("kind", "canary"),
        [
            ("a private key in PEM", "-----BEGIN " + "PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIGJhZGx5"),
            ("a private key in PEM", "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq"),
            ("a private JWK", '{"kty":"OKP","crv":"Ed25519","' + 'd": "' + "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A" + '"}'),
            ("a private Multikey", "z3" + "u2en7t5LR2WtQH5PfFqMqwVHgeXouLzo6haApm8XHqvjxq"),
            ("a cloud access key", "AKIA" + "IOSFODNN7EXAMPLE"),
            ("a token of a code host", "ghp_" + "a1B2" * 9),
            ("a token of a package host", "npm_" + "a1B2" * 9),
            ("a Django secret", 'SECRET_KEY = "django-' + "insecure-k2h9q0x7v4n3m8s1w6z5t2r0" + '"'),
        ],
    )  # fmt: skip
    def test_catches_a_canary(self, kind: str, canary: str) -> None:
        assert secrets_in(f"before\n{canary}\nafter") == [kind]

    def test_lets_public_keys_and_short_examples_pass(self) -> None:
        public = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n{"kty":"oct","k":"AA","d":"AA"} z6MkhaXgBZDvotDkL5257f'

        assert secrets_in(public) == []

    @pytest.mark.parametrize("folder", ["work", "root", "home", "tmp"])
    def test_sees_a_path_of_one_machine(self, folder: str) -> None:
        assert MACHINE_PATH.search(f'open("/{folder}/amina/credential.json")')
        assert not MACHINE_PATH.search(f"https://fernhill.example/{folder}/7")
        assert not MACHINE_PATH.search(f"../{folder}/7")


class TestLockFiles:
    LOCKS = ("requirements.lock", "requirements-dev.lock")
    PEERS = "requirements-peers.lock"

    def test_name_no_registry(self) -> None:
        locks = [
            (name, text) for name, text in texts() if name.endswith((".lock", "package-lock.json", ".in"))
        ]

        assert len(locks) >= 4
        assert [name for name, text in locks if HOSTS.search(text)] == []

    @pytest.mark.parametrize("lock", [*LOCKS, PEERS])
    def test_pin_every_file_by_its_hash(self, lock: str) -> None:
        for requirement, hashes in entries(lock).items():
            assert requirement.specifier, requirement
            assert all(each.operator == "==" for each in requirement.specifier), requirement
            assert hashes, f"{requirement} has no hash"

    @pytest.mark.parametrize("package", ["laurel", "cairn"])
    @pytest.mark.parametrize("lock", LOCKS)
    def test_cover_what_the_packages_need(self, package: str, lock: str) -> None:
        written = tomllib.loads((PROJECT / f"packages/{package}/pyproject.toml").read_text(encoding="utf-8"))
        pinned = {canonicalize_name(one.name): version_of(one) for one in entries(lock)}

        for needed in map(Requirement, written["project"]["dependencies"]):
            if needed.name != "laurel":
                assert pinned[canonicalize_name(needed.name)] in needed.specifier, needed

    def test_agree_with_each_other(self) -> None:
        run, develop = (
            {canonicalize_name(one.name): version_of(one) for one in entries(lock)} for lock in self.LOCKS
        )

        assert {name: develop.get(name) for name in run} == run

    def test_of_cairn_hold_no_peer_under_the_lgpl(self) -> None:
        held = {lock for lock in (*self.LOCKS, self.PEERS) if "openbadgeslib" in map(name_of, entries(lock))}

        assert held == {self.PEERS}

    @pytest.mark.parametrize(
        ("listed", "lock"),
        [
            ("requirements.in", LOCKS[0]),
            ("requirements-dev.in", LOCKS[1]),
            ("requirements-peers.in", PEERS),
        ],
    )
    def test_cover_what_is_asked_for(self, listed: str, lock: str) -> None:
        lines = (PROJECT / listed).read_text(encoding="utf-8").splitlines()
        asked = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
        pinned = {canonicalize_name(one.name): version_of(one) for one in entries(lock)}

        for one in asked:
            assert pinned[canonicalize_name(one.name)] in one.specifier, one


def entries(lock: str) -> dict[Requirement, list[str]]:
    """Return each requirement of a lock file with its hashes."""
    text = (PROJECT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "-"))]
    return {
        Requirement(line.partition(" --hash=")[0]): re.findall(r"--hash=sha256:([0-9a-f]{64})", line)
        for line in lines
    }


def name_of(requirement: Requirement) -> str:
    """Return the name of a package as registries write it."""
    return canonicalize_name(requirement.name)


def version_of(requirement: Requirement) -> str:
    """Return the one version that a lock names."""
    return next(iter(requirement.specifier)).version


class TestMigrations:
    def test_are_complete(self) -> None:
        # As `makemigrations --check`, and without a database.
        loader = MigrationLoader(None)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        ours = {config.label for config in apps.get_app_configs() if config.name.startswith("cairn.")}

        missing = detector.changes(graph=loader.graph, trim_to_apps=ours)

        assert {label: [str(one.operations) for one in changes] for label, changes in missing.items()} == {}

    def test_never_fork(self) -> None:
        assert MigrationLoader(None).detect_conflicts() == {}
