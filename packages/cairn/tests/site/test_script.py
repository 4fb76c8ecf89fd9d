# SPDX-License-Identifier: Apache-2.0
"""`./cairn`, the one script: it lists what it can do, and says what is missing instead of breaking."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cairn.site.command import main

ROOT = Path(__file__).resolve().parents[4]
SCRIPT = ROOT / "cairn"
SHELLS = [shell for shell in ("sh", "dash", "bash") if shutil.which(shell)]


def commands_of_the_case_statement() -> set[str]:
    """Return every word that the script acts on, without the spellings of help."""
    text = SCRIPT.read_text(encoding="utf-8")
    case = text[text.index('case "$command" in') :]
    arms = re.findall(r"^([a-z|-]+)\)", case, flags=re.MULTILINE)
    return {word for arm in arms for word in arm.split("|") if not word.startswith("-")}


def script(
    shell: str, *words: str, at: Path = SCRIPT, path: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the script in a shell and return how it ended."""
    env = {"PATH": path or "/usr/local/bin:/usr/bin:/bin"}
    shell_at = shutil.which(shell)
    assert shell_at
    return subprocess.run([shell_at, str(at), *words], env=env, capture_output=True, text=True, check=False)


class TestHelp:
    @pytest.mark.parametrize("shell", SHELLS)
    def test_lists_every_command_and_no_other(self, shell: str) -> None:
        done = script(shell, "help")
        listed = re.findall(r"^\./cairn ([a-z]+)", done.stdout, flags=re.MULTILINE)

        assert done.returncode == 0
        assert sorted(listed) == sorted(commands_of_the_case_statement())
        assert all(len(line) <= 120 for line in done.stdout.splitlines())

    def test_lists_every_command_of_the_platform(self) -> None:
        assert set(main.commands) <= commands_of_the_case_statement()

    def test_is_what_one_gets_without_a_word(self) -> None:
        assert script("sh").stdout == script("sh", "help").stdout == script("sh", "--help").stdout


class TestUnknownCommand:
    @pytest.mark.parametrize("shell", SHELLS)
    def test_is_named_and_refused(self, shell: str) -> None:
        done = script(shell, "sreve")

        assert done.returncode == 1
        assert done.stdout == ""
        assert './cairn does not know "sreve".' in done.stderr
        assert "./cairn serve" in done.stderr


class TestMachineWithoutPython:
    @pytest.mark.parametrize("shell", SHELLS)
    def test_is_told_what_to_install(self, shell: str, tmp_path: Path) -> None:
        tools = tmp_path / "bin"
        tools.mkdir()
        for tool in ("dirname", "cat", "cksum", "rm", "grep"):
            (tools / tool).symlink_to(str(shutil.which(tool)))
        project = copied(tmp_path)

        done = script(shell, "up", at=project / "cairn", path=str(tools))

        assert done.returncode == 1
        assert "Cairn needs Python 3.11 or newer" in done.stderr
        assert "apt install python3" in done.stderr
        assert not (project / ".venv").exists()


class TestCopyInAFolderWithASpace:
    def test_finds_its_own_root(self, tmp_path: Path) -> None:
        project = copied(tmp_path / "my projects")
        link = tmp_path / "cairn here"
        link.symlink_to(project)

        assert script("sh", "help", at=link / "cairn").returncode == 0


def copied(folder: Path) -> Path:
    """Return a copy of what the script looks at before it installs anything."""
    project = folder / "project"
    for name in (
        "cairn",
        "requirements.lock",
        "packages/laurel/pyproject.toml",
        "packages/cairn/pyproject.toml",
    ):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, project / name)
    return project
