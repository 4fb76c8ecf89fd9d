# SPDX-License-Identifier: Apache-2.0
"""What is built out of a copy of the repository, without the network: what stands in it, and nothing older."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

FOLDER = Path(__file__).parents[1]


def test_what_an_earlier_build_left_behind_is_not_installed_again(tmp_path: Path) -> None:
    """Found with `pip install` after a first one from the same copy: without a compiler, the old part in C came along."""
    copy = tmp_path / "laurel"
    without = shutil.ignore_patterns("*.so", "__pycache__", "*.egg-info", "build", "tests")
    shutil.copytree(FOLDER, copy, ignore=without)
    left = copy / "build" / f"lib.{sysconfig.get_platform()}-{sys.implementation.cache_tag}" / "laurel"
    left.mkdir(parents=True)
    for name in ("gone.py", "_native.abi3.so"):
        (left / name).write_text("")

    done = subprocess.run(
        [sys.executable, "setup.py", "-q", "bdist_wheel", "--dist-dir", str(tmp_path / "wheels")],
        cwd=copy,
        env=os.environ | {"CC": "/bin/false"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "wheels").iterdir()
    names = ZipFile(wheel).namelist()
    assert "laurel/verify/__init__.py" in names
    assert not {"laurel/gone.py", "laurel/_native.abi3.so"} & set(names)
