# SPDX-License-Identifier: Apache-2.0
"""laurel stands alone: no framework, one socket, few kinds of process of its own, and one module that knows the command."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import laurel

SOURCE = Path(laurel.__file__).parent
NETWORK = frozenset(
    {"socket", "ssl", "http", "asyncio", "urllib.request", "ftplib", "smtplib", "xmlrpc", "select"}
)

ALONE = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "allauth", "cairn", "requests", "httpx"}:
            raise ModuleNotFoundError(name)

sys.path[:] = PATH
sys.meta_path.insert(0, Absent())
import laurel
names = [found.name for found in pkgutil.walk_packages(laurel.__path__, "laurel.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names))
"""

SILENT = """
import sys
sys.path[:] = PATH
from issuer_world import NOW, IssuerWorld
from laurel import verify

college, asked = IssuerWorld(), []
badges = [college.issue(suite) for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022", "open-badges-3.0", "vc-jose-cose")]

def heard(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn")):
        asked.append(event)

sys.addaudithook(heard)
for badge in badges:
    print(verify.check(badge, fetch=college.fetch, at=NOW, evidence=True).verdict)
print(asked)
"""

LOADED = """
import sys
sys.path[:] = PATH
before = set(sys.modules)
import laurel, laurel.issue, laurel.verify, laurel.present
print(*sorted(set(sys.modules) - before), sep="\\n")
"""
# What takes long to load and is for few documents; each of them is loaded by the first that needs it.
RARELY_NEEDED = frozenset(
    {"pypdf", "PIL", "lxml", "defusedxml", "xml", "cbor2", "jsonschema_rs", "nacl", "click"}
    | {"subprocess", "multiprocessing", "socket", "ssl", "http", "tempfile", "zipfile", "logging"}
    | {"cryptography.hazmat.primitives.serialization", "cryptography.x509", "importlib.metadata", "asyncio"}
    # Each is for one kind of document, and a plain badge is none of them.
    | {"laurel.formats.open_badges_3", "laurel.model.credential", "laurel.model.achievement"}
    | {"laurel.model.profile", "laurel.model.result", "laurel.model.evidence", "laurel.model.alignment"}
    | {"laurel.proof.ecdsa_sd_2023", "laurel.proof.ecdsa_sd_values", "laurel.proof.cbor", "laurel.proof.pem"}
    | {"laurel.proof.sd_jwt", "laurel.proof.sd_jwt_vc", "laurel.proof.vc_sd_jwt", "laurel.proof.vc_cose"}
    | {"laurel.rules.sd_jwt_vc", "laurel.rules.open_badges_2", "laurel.rules.schema_running"}
    | {"laurel.did.webvh", "laurel.did.webvh_parameters", "laurel.status.token", "laurel.status.legacy"}
    | {"laurel.verify.open_badges_2", "laurel.verify.token_status", "laurel.verify.nonces"}
    | {"laurel.cli", "laurel.fetch", "laurel.guard"}
)


def python(code: str) -> list[str]:
    """Run some code in a process of its own and return the lines that it prints."""
    code = code.replace("PATH", repr(sys.path))
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def importers(wanted: frozenset[str]) -> Iterator[str]:
    """Give every module that imports one of these, wherever in the module that is."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
            else:
                continue
            if any(name == each or name.startswith(f"{each}.") for name in names for each in wanted):
                yield path.relative_to(SOURCE).as_posix()
                break


class TestLaurel:
    def test_needs_no_framework(self) -> None:
        assert int(python(ALONE)[0]) > 60

    def test_loads_little_that_few_documents_need(self) -> None:
        """Loading has to be quick: a command starts anew each time, and so does a worker."""
        loaded = python(LOADED)

        assert not [name for name in loaded if any(f"{name}.".startswith(f"{one}.") for one in RARELY_NEEDED)]
        assert 150 < len(loaded) < 280  # with orjson; each file costs, whatever is in it

    def test_knows_every_module_that_is_rarely_needed(self) -> None:
        """A name that no module has could never be found among those that are loaded."""
        ours = {name for name in RARELY_NEEDED if name.startswith("laurel.")}

        assert not {name for name in ours if find_spec(name) is None}

    def test_opens_no_socket_and_starts_nothing_to_check_a_badge(self) -> None:
        assert python(SILENT) == ["genuine"] * 4 + ["[]"]

    @pytest.mark.parametrize(
        ("wanted", "modules"),
        [
            (NETWORK, {"fetch.py"}),
            (
                frozenset({"subprocess", "multiprocessing"}),
                {"formats/baking/pdf.py", "guard.py", "rules/schema_running.py"},
            ),
            (frozenset({"django", "allauth", "cairn"}), set()),
        ],
        ids=["network", "processes", "frameworks"],
    )
    def test_has_one_door_for_each_thing_outside(self, wanted: frozenset[str], modules: set[str]) -> None:
        assert set(importers(wanted)) == modules

    def test_knows_the_command_only_in_the_command(self) -> None:
        assert {name.partition("/")[0] for name in importers(frozenset({"click"}))} == {"cli"}
