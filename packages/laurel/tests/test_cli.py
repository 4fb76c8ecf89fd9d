# SPDX-License-Identifier: Apache-2.0
"""The command as people and scripts meet it: its words, its exit codes, its files."""

import contextlib
import json
import os
import re
import stat
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, cast

import click
import pytest
from click.testing import CliRunner, Result
from issuer_world import NOW, IssuerWorld
from samples import CLEANED_URL, ISSUER_DID, LEARNER_DID, REVOCATIONS
from shared_folder import shared

from laurel.cli import main
from laurel.cli.sources import Lookup, plain
from laurel.fetch import Fetcher, FetchFailed
from laurel.proof.keys import SigningKey
from laurel.status import bitstring, token

COMMANDS = Path(__file__).parents[1] / "docs/commands.md"

DRAFT: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"type": ["Profile"], "name": "Rivermouth College"},
    "credentialSubject": {
        "id": LEARNER_DID,
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://rivermouth.example/a/home-battery-installer",
            "type": ["Achievement"],
            "name": "Home battery installer",
            "description": "Fits and tests home batteries safely.",
            "criteria": {"narrative": "Fit a battery under supervision."},
        },
    },
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def laurel(*arguments: object, stdin: bytes | str | None = None) -> Result:
    """Run the command; an exception that is not an exit fails the test."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def verdict_of(*arguments: object, stdin: bytes | None = None) -> tuple[str, int]:
    """The verdict that `laurel verify --json` prints, and the exit code."""
    result = laurel("verify", "--json", *arguments, stdin=stdin)
    return json.loads(result.stdout)["verdict"], result.exit_code


@pytest.fixture
def key(folder: Path) -> Path:
    """A key of the learner's own making, as keygen gives it."""
    assert laurel("keygen", "--out", "key.json").exit_code == 0
    return folder / "key.json"


@pytest.fixture
def draft(folder: Path) -> Path:
    path = folder / "draft.json"
    path.write_text(json.dumps(DRAFT), encoding="utf-8")
    return path


@pytest.fixture
def college(folder: Path) -> IssuerWorld:
    """The college, with its credential and all that a check of it needs in the folder."""
    world = IssuerWorld()
    (folder / "credential.json").write_bytes(world.issue())
    save_material(world)
    return world


def save_material(world: IssuerWorld) -> None:
    """Write the college's JSON documents as a material file."""
    documents = {url: json.loads(data) for url, data in world.documents.items() if data[:1] == b"{"}
    Path("material.json").write_text(json.dumps(documents), encoding="utf-8")


OFFLINE = ("--offline", "--material", "material.json", "--at", "2026-11-22T09:30:00Z")


class TestKeygen:
    @pytest.mark.parametrize("kind", ["ed25519", "p256", "rsa2048"])
    def test_writes_a_key_for_its_owner_alone(self, kind: str, folder: Path) -> None:
        result = laurel("keygen", "--kind", kind, "--out", "key.json")

        written = json.loads((folder / "key.json").read_bytes())
        assert stat.S_IMODE((folder / "key.json").stat().st_mode) == 0o600
        assert SigningKey.from_jwk(written).id == written["kid"]
        assert f"Verification method: {written['kid']}" in result.stdout
        assert written["d"] not in result.output

    def test_never_overwrites(self, key: Path) -> None:
        before = key.read_bytes()

        result = laurel("keygen", "--out", "key.json")

        assert result.exit_code == 2
        assert "is there already" in result.stderr
        assert key.read_bytes() == before

    def test_makes_a_key_for_a_domain(self, folder: Path) -> None:
        result = laurel("keygen", "--did", "web:rivermouth.example:o:college", "--did-document", "did.json")

        document = json.loads((folder / "did.json").read_bytes())
        assert document["id"] == "did:web:rivermouth.example:o:college"
        assert document["assertionMethod"] == ["did:web:rivermouth.example:o:college#key-1"]
        assert "https://rivermouth.example/o/college/did.json" in result.stdout

    def test_never_drops_the_keys_of_a_published_document(self, folder: Path) -> None:
        arguments = ("keygen", "--did", "web:rivermouth.example", "--did-document", "did.json")
        laurel(*arguments, "--out", "first.json")
        before = (folder / "did.json").read_bytes()

        result = laurel(*arguments, "--out", "second.json")

        assert result.exit_code == 2
        assert "would drop the keys" in " ".join(result.stderr.split())
        assert (folder / "did.json").read_bytes() == before
        assert not (folder / "second.json").exists()

    @pytest.mark.parametrize("did", ["web:10.0.0.1", "ion:abc", "", "web:"])
    def test_refuses_a_name_that_leads_nowhere(self, did: str, folder: Path) -> None:
        assert laurel("keygen", "--did", did).exit_code == 2
        assert list(folder.iterdir()) == []

    def test_says_when_it_cannot_write(self) -> None:
        assert "cannot be written" in laurel("keygen", "--out", "no/such/folder/key.json").stderr

    @pytest.mark.parametrize("kind", ["ed25519", "p256", "p384", "rsa2048"])
    def test_makes_a_key_that_is_its_own_document(self, folder: Path, draft: Path, kind: str) -> None:
        for name in ("key", "jwk"):
            made = laurel("keygen", "--kind", kind, "--did", name, "--out", f"{name}.json")
            assert f"DID: did:{name}:" in made.stdout
            for suite in (
                "vc-jwt",
                "vc+jwt",
                *(("eddsa-rdfc-2022", "eddsa-jcs-2022") if kind == "ed25519" else ()),
                *(("ecdsa-rdfc-2019", "ecdsa-jcs-2019") if kind in ("p256", "p384") else ()),
            ):
                issued = laurel("issue", draft, "--key", f"{name}.json", "--suite", suite, "--out", "made")
                assert issued.exit_code == 0
                assert verdict_of("made", "--offline") == ("genuine", 0)

    def test_writes_no_document_for_a_did_that_has_none(self, folder: Path) -> None:
        refused = laurel("keygen", "--out", "key.json", "--did-document", "did.json")

        assert refused.exit_code == 2
        assert "its own document" in refused.stderr
        assert list(folder.iterdir()) == []


class TestIssue:
    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "vc-jwt", "vc+jwt"])
    def test_gives_what_verify_calls_genuine(self, suite: str, key: Path, draft: Path, folder: Path) -> None:
        issued = laurel("issue", draft, "--key", key, "--suite", suite, "--out", "credential")

        assert (issued.exit_code, issued.output) == (0, "")
        assert verdict_of("credential") == ("genuine", 0)

    @pytest.mark.parametrize("kind", ["p256", "p384", "rsa2048"])
    def test_signs_a_jwt_with_the_other_kinds(self, kind: str, draft: Path) -> None:
        laurel("keygen", "--kind", kind, "--out", "other.json")

        issued = laurel("issue", draft, "--key", "other.json")

        assert verdict_of("-", stdin=issued.stdout_bytes) == ("genuine", 0)
        refused = laurel("issue", draft, "--key", "other.json", "--suite", "eddsa-rdfc-2022")
        assert (refused.exit_code, "needs a key of the kind Ed25519" in refused.stderr) == (2, True)

    def test_refuses_mandatory_places_where_all_is_shown(self, key: Path, draft: Path) -> None:
        refused = laurel("issue", draft, "--key", key, "--mandatory", "/name")

        assert (refused.exit_code, "--suite ecdsa-sd-2023" in refused.stderr) == (2, True)

    def test_takes_a_draft_from_standard_input(self, key: Path) -> None:
        issued = laurel("issue", "-", "--key", key, stdin=json.dumps(DRAFT))

        document = json.loads(issued.stdout)
        assert document["issuer"]["id"].startswith("did:key:z6Mk")
        assert document["id"].startswith("urn:uuid:")
        assert document["validFrom"].endswith("Z")

    def test_names_every_broken_rule(self, key: Path) -> None:
        achievement = {"type": ["Achievement"], "name": "Home battery installer"}
        broken = DRAFT | {
            "credentialSubject": {"type": ["AchievementSubject"], "achievement": achievement},
            "grade": "A",
        }

        result = laurel("issue", "-", "--key", key, stdin=json.dumps(broken))

        assert result.exit_code == 1
        assert result.stdout == ""
        for place in ("/credentialSubject", "criteria", "description", "/grade"):
            assert place in result.stderr

    def test_never_signs_for_another_issuer(self, key: Path) -> None:
        result = laurel("issue", "-", "--key", key, stdin=json.dumps(DRAFT | {"issuer": ISSUER_DID}))

        assert (result.exit_code, result.stdout) == (1, "")
        assert "does not belong to the issuer" in result.stderr

    @pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"a":1,"a":2}', b"\xff", b"[" * 90_000])
    def test_says_when_the_draft_cannot_be_read(self, data: bytes, key: Path) -> None:
        result = laurel("issue", "-", "--key", key, stdin=data)

        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("-: ")

    @pytest.mark.parametrize("content", ["", "{}", "[]", '{"kty":"oct","k":"AA","d":"AA"}', "not json"])
    def test_says_when_the_key_is_none(self, content: str, draft: Path, folder: Path) -> None:
        (folder / "bad.json").write_text(content)

        assert laurel("issue", draft, "--key", "bad.json").exit_code == 2
        assert laurel("issue", draft, "--key", "nowhere.json").exit_code == 2

    def test_needs_one_draft_or_a_batch(self, key: Path, draft: Path) -> None:
        assert laurel("issue", "--key", key).exit_code == 2
        assert laurel("issue", draft, "--batch", "rows.jsonl", "--key", key).exit_code == 2

    def test_says_when_the_place_to_write_to_is_not_there(self, key: Path, draft: Path, folder: Path) -> None:
        rows = folder / "rows.jsonl"
        rows.write_text(json.dumps(DRAFT))
        for what in ([draft], ["--batch", rows]):
            refused = laurel("issue", *what, "--key", key, "--out", "nowhere/credential.json")

            assert refused.exit_code == 2
            assert "nowhere/credential.json cannot be written" in refused.stderr


class TestIssueBatch:
    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "vc-jwt"])
    def test_never_holds_up_good_rows_for_a_faulty_one(self, suite: str, key: Path, folder: Path) -> None:
        rows = [
            json.dumps(DRAFT),
            "{",
            json.dumps(DRAFT | {"grade": "A"}),
            "",
            json.dumps(DRAFT | {"name": "أمارا"}),
        ]
        (folder / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")

        result = laurel(
            "issue", "--batch", "rows.jsonl", "--key", key, "--suite", suite, "--out", "issued.jsonl"
        )

        assert result.exit_code == 1
        lines = [json.loads(line) for line in (folder / "issued.jsonl").read_text().splitlines()]
        assert [isinstance(line, dict) and "findings" in line for line in lines] == [False, True, True, False]
        assert [line["line"] for line in lines[1:3]] == [2, 3]
        assert lines[2]["findings"][0]["pointer"] == "/grade"
        assert "Line 2: " in result.stderr
        assert result.stderr.endswith("\n2 issued, 2 not issued.\n")

    def test_gives_what_verify_takes_as_a_batch(self, key: Path, folder: Path) -> None:
        (folder / "rows.jsonl").write_text("\n".join([json.dumps(DRAFT)] * 3))
        for suite in ("eddsa-rdfc-2022", "vc+jwt"):
            issued = laurel("issue", "--batch", "rows.jsonl", "--key", key, "--suite", suite)
            assert issued.exit_code == 0
            (folder / "issued.jsonl").write_bytes(issued.stdout_bytes)

            checked = laurel("verify", "--batch", "issued.jsonl")

            assert checked.exit_code == 0
            assert [json.loads(line)["verdict"] for line in checked.stdout.splitlines()] == ["genuine"] * 3

    def test_says_when_there_is_no_such_file(self, key: Path) -> None:
        assert laurel("issue", "--batch", "nowhere.jsonl", "--key", key).exit_code == 2


class TestVerify:
    def test_without_a_network(self, college: IssuerWorld) -> None:
        result = laurel("verify", "credential.json", *OFFLINE)

        assert result.exit_code == 0
        assert result.stdout.splitlines()[:3] == [
            "Genuine and current",
            "  Data Cleaning with Python, issued by Fernhill College",
            f"  Issuer: {ISSUER_DID}",
        ]

    def test_prints_one_json_report(self, college: IssuerWorld) -> None:
        report = json.loads(laurel("verify", "--json", "credential.json", *OFFLINE).stdout)

        assert report["verdict"] == "genuine"
        assert [check["name"] for check in report["checks"]] == [
            "readable", "proof", "issuer", "trust", "status", "period", "schema", "evidence",
            "endorsements", "recipient", "holder",
        ]  # fmt: skip
        assert report["format"] == "open-badges-3.0"
        assert report["credential"]["issuer"]["id"] == ISSUER_DID

    def test_takes_material_by_did_and_as_text(self, college: IssuerWorld) -> None:
        documents: dict[str, Any] = {url: data.decode() for url, data in college.documents.items()}
        documents[ISSUER_DID] = json.loads(documents.pop(college.did_url))
        Path("material.json").write_text(json.dumps(documents))

        assert verdict_of("credential.json", *OFFLINE) == ("genuine", 0)
        report = json.loads(laurel("verify", "--json", "credential.json", *OFFLINE).stdout)
        assert report["checks"][7]["result"] == "passed"

    def test_holds_only_exact_bytes_against_fingerprints(self, college: IssuerWorld) -> None:
        """The notebook in the material is JSON that was written again, so its bytes prove nothing."""
        report = json.loads(laurel("verify", "--json", "credential.json", *OFFLINE).stdout)

        assert report["verdict"] == "genuine"
        assert report["checks"][7]["result"] == "not_checked"

        material = json.loads(Path("material.json").read_bytes())
        material[CLEANED_URL] = "data:text/csv;base64," + b64encode(b"something else").decode()
        Path("material.json").write_text(json.dumps(material))

        assert verdict_of("credential.json", *OFFLINE) == ("changed", 1)

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            (lambda world: world.set_status(revoked=[94567]), ("withdrawn", 1)),
            (lambda world: world.set_status(suspended=[17]), ("on_hold", 1)),
            (lambda world: world.documents.pop(REVOCATIONS), ("unfinished", 3)),
            (lambda world: world.documents.pop(world.did_url), ("unfinished", 3)),
        ],
    )
    def test_exits_by_what_it_found(
        self, college: IssuerWorld, change: Any, expected: tuple[str, int]
    ) -> None:
        change(college)
        save_material(college)

        assert verdict_of("credential.json", *OFFLINE) == expected

    def test_sees_a_changed_copy(self, college: IssuerWorld, folder: Path) -> None:
        changed = (folder / "credential.json").read_bytes().replace(b"Amara", b"Zoe")

        assert verdict_of("-", *OFFLINE, stdin=changed) == ("changed", 1)

    def test_judges_as_of_another_moment(self, college: IssuerWorld) -> None:
        assert verdict_of("credential.json", *OFFLINE[:3], "--at", "2032-01-01") == ("out_of_date", 1)
        assert verdict_of("credential.json", *OFFLINE[:3], "--at", "2026-12-01T00:00:00+01:00") == (
            "genuine",
            0,
        )
        assert laurel("verify", "credential.json", "--at", "tomorrow").exit_code == 2

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (json.dumps([ISSUER_DID]), ("genuine", 0)),
            (json.dumps({"issuers": [ISSUER_DID]}), ("genuine", 0)),
            (f"# our partners\n\n{ISSUER_DID} # Fernhill\n", ("genuine", 0)),
            ('["did:web:other.example"]', ("unknown_issuer", 1)),
            ("[]", ("unknown_issuer", 1)),
        ],
    )
    def test_trusts_whom_the_list_names(
        self, college: IssuerWorld, content: str, expected: tuple[str, int]
    ) -> None:
        Path("trust.txt").write_text(content)

        assert verdict_of("credential.json", *OFFLINE, "--trust", "trust.txt") == expected

    @pytest.mark.parametrize("content", ["[1]", "{}", "[", '{"issuers": 1}'])
    def test_stops_at_a_trust_list_that_is_none(self, college: IssuerWorld, content: str) -> None:
        Path("trust.json").write_text(content)

        assert laurel("verify", "credential.json", *OFFLINE, "--trust", "trust.json").exit_code == 2

    @pytest.mark.parametrize("content", ["[]", "{", "1", "", '{"https://a.example": "data:;base64,!"}'])
    def test_stops_at_material_that_is_none(self, college: IssuerWorld, content: str) -> None:
        Path("material.json").write_text(content)

        assert laurel("verify", "credential.json", *OFFLINE).exit_code == 2

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (lambda path: path.mkdir(), "is a folder"),
            (lambda path: None, "There is no file"),
            (lambda path: path.write_bytes(b""), "is empty"),
            (lambda path: path.write_bytes(bytes(range(256)) * 9), "neither JSON nor a signed token"),
            (lambda path: path.write_bytes(b"<!doctype html><p>Fernhill"), "web page"),
            (lambda path: path.write_bytes(b'{"name": "x"}'), "not a credential"),
            (
                lambda path: path.touch() or os.truncate(path, 50 * 1024 * 1024),
                "is 50 MB. The most we read is 10 MB",
            ),
        ],
    )
    def test_says_what_cannot_be_read(self, folder: Path, make: Any, words: str) -> None:
        make(folder / "source")

        result = laurel("verify", "source")
        as_json = laurel("verify", "--json", "source")

        assert (result.exit_code, as_json.exit_code) == (2, 2)
        assert words in result.stdout
        assert words in json.loads(as_json.stdout)["checks"][0]["message"]
        assert "Traceback" not in result.output

    def test_needs_one_source(self) -> None:
        assert laurel("verify").exit_code == 2
        assert laurel("verify", "a", "--batch", "b").exit_code == 2

    def test_obeys_no_letter_of_a_stranger(self) -> None:
        assert plain("Fern\x1b[31mhill\u202e \u200bمرحبا") == "Fern�[31mhill� �مرحبا"

    @pytest.mark.parametrize("letters", ["ascii", "latin-1", "cp1252", "utf-8"])
    def test_is_no_different_on_a_terminal_of_few_letters(self, college: IssuerWorld, letters: str) -> None:
        """A stack trace ends with 1, which here would mean that the credential failed."""
        name = "Ọmọ́lará — data cleaning"
        Path("named.json").write_bytes(college.issue(name=name))
        environment = os.environ | {"PYTHONIOENCODING": letters}
        for command in (("verify", "named.json"), ("verify", "nobody\u00e9.json"), ("issue", "--help")):
            more = ("--offline", "--material", "material.json") if command[1] == "named.json" else ()
            done = subprocess.run(
                [sys.executable, "-m", "laurel.cli", *command, *more],
                capture_output=True,
                env=environment,
                check=False,
            )

            assert done.returncode == {"named.json": 0, "--help": 0}.get(command[1], 2)
            assert b"Traceback" not in done.stderr

    @pytest.mark.parametrize(("letters", "marks"), [("latin-1", "+x-"), ("cp1252", "+x–"), ("utf-8", "✓✗–")])
    def test_tells_passed_from_failed_on_a_terminal_of_few_letters(
        self, college: IssuerWorld, letters: str, marks: str
    ) -> None:
        """Each check began with the same question mark there."""
        document = json.loads(college.issue())
        Path("changed.json").write_text(json.dumps(document | {"name": "Another"}))
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "laurel",
                "verify",
                "changed.json",
                "--offline",
                "--material",
                "material.json",
            ],
            capture_output=True,
            env=os.environ | {"PYTHONIOENCODING": letters},
            check=False,
        )
        said = [line.split()[:2] for line in done.stdout.decode(letters).splitlines() if line[1:2] == " "]

        assert done.returncode == 1
        assert [marks[0], "readable"] in said
        assert [marks[1], "proof"] in said
        assert [marks[2], "issuer"] in said

    def test_says_a_file_name_that_is_no_text_as_text(self) -> None:
        shown = laurel("verify", "--json", "credential\udcff.json").stdout

        assert "There is no file credential\ufffd.json" in json.loads(shown)["checks"][0]["message"]


class Web(BaseHTTPRequestHandler):
    """Serves the files of a folder."""

    files: dict[str, bytes] = {}

    def do_GET(self) -> None:
        body = self.files.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[str]:
    """A web server on this machine; its address."""
    server = HTTPServer(("127.0.0.1", 0), Web)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


class TestVerifyOverHttp:
    @pytest.fixture
    def address(self, web: str) -> str:
        """A college that lives on this machine, with everything behind real URLs."""
        from laurel.did import web as did_web

        port = int(web.rpartition(":")[2])
        did = did_web.did("localhost", "o", "fernhill", port=port)
        key = SigningKey.generate().with_id(f"{did}#key-1")
        status = f"{web}/status"
        Path("k.json").write_text(json.dumps(key.to_private_jwk()))
        entry = {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": status,
        }
        Path("d.json").write_text(json.dumps(DRAFT | {"credentialStatus": [entry]}))
        laurel("issue", "d.json", "--key", "k.json", "--out", "c.json")
        Web.files = {
            "/o/fernhill/did.json": json.dumps(did_web.document(did, [key.public])).encode(),
            "/status": laurel("status", "make", "--url", status, "--key", "k.json").stdout_bytes,
            "/c.json": Path("c.json").read_bytes(),
            "/page": b"<!DOCTYPE html><title>A badge</title>",
        }
        return web

    def test_needs_the_flag_for_this_machine(self, address: str) -> None:
        assert verdict_of(f"{address}/c.json", "--allow-loopback") == ("genuine", 0)
        assert verdict_of("c.json", "--allow-loopback") == ("genuine", 0)
        assert verdict_of("c.json") == ("unfinished", 3)
        assert verdict_of(f"{address}/c.json") == ("unreadable", 2)
        for source in ("c.json", f"{address}/c.json"):
            assert "For this machine, add --allow-loopback." in laurel("verify", source).stdout

    def test_sees_a_withdrawal(self, address: str) -> None:
        made = laurel("status", "make", "--url", f"{address}/status", "--key", "k.json", "--set", 7)
        Web.files["/status"] = made.stdout_bytes

        assert verdict_of(f"{address}/c.json", "--allow-loopback") == ("withdrawn", 1)
        assert laurel("status", "c.json", "--allow-loopback").exit_code == 1

    def test_says_what_an_address_is_not(self, address: str) -> None:
        page = laurel("verify", f"{address}/page", "--allow-loopback")
        gone = laurel("verify", f"{address}/gone", "--allow-loopback")

        assert (page.exit_code, gone.exit_code) == (2, 2)
        assert "web page" in page.stdout
        assert re.search(r"http://localhost:\d+/\S+ answered with 404\.", gone.stdout), "which document?"

    def test_fetches_nothing_offline(self, address: str) -> None:
        result = laurel("verify", f"{address}/c.json", "--allow-loopback", "--offline")

        assert result.exit_code == 2
        assert "because of --offline" in result.stdout


class TestVerifyBatch:
    def test_gives_one_report_a_line(self, college: IssuerWorld, folder: Path) -> None:
        credential = (folder / "credential.json").read_text()
        jwt = college.issue("open-badges-3.0").decode()
        (folder / "badge.json").write_text(credential)
        lines = [
            credential,
            json.dumps(jwt),
            "",
            json.dumps({"source": "badge.json"}),
            json.dumps({"source": "nowhere.json"}),
            credential.replace("Amara", "Zoe"),
            "{",
            json.dumps({"source": 7}),
            "x" * 11_000_000,
            "17",
        ]
        (folder / "many.jsonl").write_text("\n".join(lines))

        result = laurel("verify", "--batch", "many.jsonl", *OFFLINE)

        reports = [json.loads(line) for line in result.stdout.splitlines()]
        assert [(report["line"], report["verdict"]) for report in reports] == [
            (1, "genuine"), (2, "genuine"), (4, "genuine"), (5, "unreadable"), (6, "changed"),
            (7, "unreadable"), (8, "unreadable"), (9, "unreadable"), (10, "unreadable"),
        ]  # fmt: skip
        assert result.exit_code == 1
        assert result.stderr == "9 checked: 3 genuine, 1 changed, 5 unreadable.\n"

    @pytest.mark.parametrize(
        ("lines", "code"), [(["good"], 0), (["good", "bad"], 2), (["bad", "changed"], 1), ([], 0)]
    )
    def test_exits_with_the_gravest(
        self, college: IssuerWorld, folder: Path, lines: list[str], code: int
    ) -> None:
        credential = (folder / "credential.json").read_text()
        texts = {"good": credential, "bad": "{}", "changed": credential.replace("Amara", "Zoe")}
        (folder / "many.jsonl").write_text("\n".join(texts[line] for line in lines))

        done = laurel("verify", "--batch", "many.jsonl", *OFFLINE)

        assert done.exit_code == code
        assert done.stderr.startswith(f"{len(lines)} checked"), "it ends in silence"

    def test_says_when_there_is_no_such_file(self) -> None:
        assert laurel("verify", "--batch", "nowhere.jsonl").exit_code == 2


class TestOnATerminal:
    @pytest.fixture
    def on_a_terminal(self, folder: Path) -> Callable[..., tuple[int, str, bytes]]:
        """Run the command with a terminal for its messages; give its exit code, those and its output."""

        def run(*arguments: object) -> tuple[int, str, bytes]:
            ours, theirs = os.openpty()
            command = [sys.executable, "-m", "laurel.cli", *map(str, arguments)]
            with open("printed", "wb") as printed:
                code = subprocess.run(command, stdout=printed, stderr=theirs, check=False).returncode
            os.close(theirs)
            shown = b""
            with contextlib.suppress(OSError):  # how Linux says that the other end is closed
                while part := os.read(ours, 65536):
                    shown += part
            os.close(ours)
            return code, shown.decode(), Path("printed").read_bytes()

        return run

    def test_a_batch_shows_how_far_it_is(
        self, college: IssuerWorld, key: Path, on_a_terminal: Callable[..., tuple[int, str, bytes]]
    ) -> None:
        Path("badges.jsonl").write_bytes(b"\n".join(college.issue().replace(b"\n", b"") for _ in range(3)))
        Path("rows.jsonl").write_text("\n".join([json.dumps(DRAFT)] * 3))

        code, shown, printed = on_a_terminal(
            "verify", "--batch", "badges.jsonl", "--offline", "--material", "material.json"
        )
        assert (code, len(printed.splitlines())) == (0, 3)
        assert "Checking" in shown
        assert "100%" in shown
        assert shown.endswith("\n3 checked: 3 genuine.\r\n")

        code, shown, printed = on_a_terminal("issue", "--batch", "rows.jsonl", "--key", key)
        assert (code, len(printed.splitlines())) == (0, 3)
        assert "Issuing" in shown
        assert "100%" in shown
        assert shown.endswith("\n3 issued.\r\n")


class TestLookup:
    def test_does_not_hold_one_credentials_budget_against_the_next(self) -> None:
        asked: list[str] = []

        def refuses(url: str) -> bytes:
            asked.append(url)
            raise FetchFailed("Too many.", code="fetch.budget" if len(asked) == 1 else "fetch.status")

        lookup = Lookup({}, offline=False, allow_loopback=False)
        for _ in range(4):
            with pytest.raises(FetchFailed):
                lookup._get("https://fernhill.example/status/1", cast("Fetcher", refuses))

        assert len(asked) == 2

    def test_says_that_it_asks_no_more_for_one_file_and_what_to_do(self) -> None:
        ask = Lookup({}, offline=False, allow_loopback=True).for_one_credential()
        for number in range(5):  # nobody answers on this port
            with pytest.raises(FetchFailed, match="did not answer"):
                ask(f"http://127.0.0.1:1/{number}")

        with pytest.raises(FetchFailed, match=r"1/6 was not fetched.* 5 addresses .*--material") as failed:
            ask("http://127.0.0.1:1/6")
        assert "Fetcher" not in str(failed.value)

    def test_keeps_so_many_answers_and_no_more(self) -> None:
        asked: list[str] = []

        def answers(url: str) -> bytes:
            asked.append(url)
            return b"{}"

        lookup = Lookup({}, offline=False, allow_loopback=False)
        for number in [*range(200), 199]:
            lookup._get(f"https://fernhill.example/{number}", cast("Fetcher", answers))

        assert len(asked) == 200
        assert len(lookup._kept) <= 64

    @pytest.mark.parametrize(
        ("ttl", "seconds", "asked"),
        [
            (None, 59, 1),
            (None, 61, 2),
            (5_000, 4, 1),
            (5_000, 6, 2),
            (1, 1, 2),
            (86_400_000, 59, 1),
            (86_400_000, 61, 2),
        ],
    )
    @pytest.mark.parametrize("kind", ["bitstring", "token"])
    def test_keeps_a_status_list_no_longer_than_its_issuer_lets_it(
        self, kind: str, ttl: int | None, seconds: int, asked: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        college = IssuerWorld()
        url = "https://fernhill.example/status/7"
        listed = college.status_list(url, "revocation", (), ttl=ttl)
        if kind == "token":
            lifetime = None if ttl is None else timedelta(milliseconds=ttl)
            listed = token.sign(
                college.key, uri=url, statuses={}, bits=1, length=8, issued_at=NOW, ttl=lifetime
            ).encode()
        given: list[str] = []

        def answers(url: str) -> bytes:
            given.append(url)
            return listed

        lookup = Lookup({}, offline=False, allow_loopback=False)
        clock = [1000.0]
        monkeypatch.setattr("laurel.cli.sources.time.monotonic", lambda: clock[0])
        lookup._get(url, cast("Fetcher", answers))
        # Whole seconds are the smallest time to live of a token.
        clock[0] += seconds + (1 if kind == "token" and ttl == 1 else 0)
        again = lookup._get(url, cast("Fetcher", answers))

        assert again == listed
        assert len(given) == asked


class TestCarrying:
    @pytest.mark.parametrize("carrier", ["png", "svg", "pdf"])
    def test_puts_in_and_takes_out(self, college: IssuerWorld, carrier: str, folder: Path) -> None:
        if carrier == "png":
            (folder / "image").write_bytes(shared("hostile", "PngSuite", "basn2c08.png").read_bytes())
        elif carrier == "svg":
            (folder / "image").write_text('<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>')
        else:
            from pypdf import PdfWriter

            writer = PdfWriter()
            writer.add_blank_page(200, 200)
            writer.write(folder / "image")

        baked = laurel("bake", "image", "credential.json", "--out", "baked")
        unbaked = laurel("unbake", "baked", "--out", "again.json")

        assert (baked.exit_code, unbaked.exit_code) == (0, 0)
        assert (folder / "again.json").read_bytes() == (folder / "credential.json").read_bytes()
        assert verdict_of("baked", *OFFLINE) == ("genuine", 0)

    def test_says_what_it_cannot_use(self, college: IssuerWorld, folder: Path) -> None:
        (folder / "binary").write_bytes(b"\xff\xfe")

        for arguments in (
            ("bake", "nowhere.png", "credential.json", "--out", "x"),
            ("bake", "credential.json", "credential.json", "--out", "x"),
            ("bake", "credential.json", "binary", "--out", "x"),
            ("unbake", "credential.json"),
            ("unbake", "."),
            ("inspect", "binary"),
            ("inspect", "nowhere"),
        ):
            result = laurel(*arguments)
            assert result.exit_code == 2, arguments
            assert result.stderr.rstrip().endswith(".")
            assert result.stdout == ""

    def test_puts_nothing_but_a_credential_into_a_picture(self, college: IssuerWorld, folder: Path) -> None:
        (folder / "image.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>')
        laurel("keygen", "--out", "key.json")
        draft = json.loads((folder / "credential.json").read_bytes())
        del draft["proof"]
        (folder / "draft.json").write_text(json.dumps(draft))

        secret = laurel("bake", "image.svg", "key.json", "--out", "secret.svg")
        unsigned = laurel("bake", "image.svg", "draft.json", "--out", "unsigned.svg")

        assert secret.exit_code == 2
        assert not (folder / "secret.svg").exists()
        assert unsigned.exit_code == 0
        assert "nobody has signed this credential" in unsigned.stderr

    def test_inspect_shows_and_vouches_for_nothing(self, college: IssuerWorld, folder: Path) -> None:
        (folder / "credential.jwt").write_bytes(college.issue("open-badges-3.0"))

        as_json = laurel("inspect", "credential.json")
        as_jwt = laurel("inspect", "credential.jwt")

        assert json.loads(as_json.stdout)["document"]["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
        assert json.loads(as_jwt.stdout)["header"]["alg"] == "EdDSA"
        assert "Nothing of this has been checked" in as_json.stderr


class TestStatus:
    def test_says_what_the_lists_say(self, college: IssuerWorld) -> None:
        arguments = ("credential.json", "--offline", "--material", "material.json")
        good = laurel("status", *arguments)
        college.set_status(suspended=[17])
        save_material(college)
        held = laurel("status", "show", "--json", *arguments)

        assert (good.exit_code, held.exit_code) == (0, 1)
        assert "The issuer has not withdrawn it." in good.stdout
        assert json.loads(held.stdout)["code"] == "status.on-hold"

    def test_is_open_without_the_lists(self, college: IssuerWorld) -> None:
        assert laurel("status", "credential.json", "--offline").exit_code == 3
        assert laurel("status", "nowhere.json").exit_code == 2

    def test_of_a_credential_without_a_list_is_no_fault(self, key: Path, draft: Path) -> None:
        laurel("issue", draft, "--key", key, "--out", "c.json")

        assert laurel("status", "c.json").exit_code == 0

    def test_makes_a_list_of_messages(self, key: Path) -> None:
        made = laurel(
            "status", "make", "--url", "https://a.example/s", "--key", key, "--purpose", "message",
            "--size", "2", "--set", "3=2", "--set", "9",
        )  # fmt: skip

        subject = json.loads(made.output)["credentialSubject"]
        bits = bitstring.expand(subject["encodedList"])
        assert subject["statusPurpose"] == "message"
        assert [bitstring.value_at(bits, index, size=2) for index in (2, 3, 4, 9)] == [0, 2, 0, 1]

    def test_refuses_to_make_a_list_that_is_none(self, key: Path) -> None:
        for arguments in (
            ("--set", "-1"), ("--set", "131072"), ("--length", "8"), ("--purpose", "x"), ("--valid-until", "x"),
            ("--set", "3=2"), ("--set", "3=x"), ("--size", "12"), ("--size", "0"),
        ):  # fmt: skip
            assert (
                laurel("status", "make", "--url", "https://a.example/s", "--key", key, *arguments).exit_code
                == 2
            )


class TestDerive:
    @pytest.fixture
    def copy(self, draft: Path) -> str:
        """The holder's own copy of a badge."""
        laurel("keygen", "--kind", "p256", "--out", "p256.json")
        more = ("--mandatory", "/credentialSubject/achievement/tag")
        issued = laurel(
            "issue", draft, "--key", "p256.json", "--suite", "ecdsa-sd-2023", *more, "--out", "copy.json"
        )
        assert (issued.exit_code, issued.output) == (0, "")
        return "copy.json"

    @pytest.fixture
    def draft(self, folder: Path) -> Path:
        achievement = {**DRAFT["credentialSubject"]["achievement"], "tag": ["solar"], "version": "3"}
        subject = DRAFT["credentialSubject"] | {"achievement": achievement, "creditsEarned": 3}
        path = folder / "tagged.json"
        path.write_text(json.dumps(DRAFT | {"name": "Batteries", "credentialSubject": subject}))
        return path

    def test_gives_what_verify_calls_genuine(self, copy: str, folder: Path) -> None:
        at = "/credentialSubject/creditsEarned"
        derived = laurel("derive", copy, "--reveal", "/name", "--reveal", at, "--out", "shown.json")

        assert (derived.exit_code, derived.output) == (0, "")
        assert verdict_of("shown.json") == ("genuine", 0)
        shown = json.loads((folder / "shown.json").read_bytes())
        assert (shown["name"], shown["credentialSubject"]["creditsEarned"]) == ("Batteries", 3)
        assert shown["credentialSubject"]["achievement"]["tag"] == ["solar"]
        assert "version" not in shown["credentialSubject"]["achievement"]

    def test_gives_the_least_where_nothing_is_revealed(self, copy: str) -> None:
        derived = laurel("derive", copy)

        assert verdict_of("-", stdin=derived.stdout_bytes) == ("genuine", 0)
        assert "name" not in json.loads(derived.stdout)

    def test_is_what_the_copy_itself_needs(self, copy: str) -> None:
        assert verdict_of(copy) == ("unfinished", 3)

    def test_says_when_it_cannot(self, copy: str, key: Path, draft: Path) -> None:
        laurel("issue", draft, "--key", key, "--out", "whole.json")
        for arguments, words in (
            ((copy, "--reveal", "/nothing"), "There is nothing at /nothing"),
            (("whole.json", "--reveal", "/name"), "nothing of it can be left out"),
            (("nobody.json", "--reveal", "/name"), "no file"),
        ):
            refused = laurel("derive", *arguments)
            assert (refused.exit_code, refused.stdout) == (2, "")
            assert words in refused.stderr


def _commands(command: click.Command = main, name: str = "laurel") -> Iterator[tuple[str, click.Command]]:
    yield name, command
    for below, child in sorted(getattr(command, "commands", {}).items()):
        yield from _commands(child, f"{name} {below}")


class TestHelp:
    @pytest.mark.parametrize(("name", "command"), list(_commands()), ids=[name for name, _ in _commands()])
    def test_of_every_command_stands_in_the_documentation(self, name: str, command: click.Command) -> None:
        shown = (
            CliRunner()
            .invoke(main, [*name.split()[1:], "--help"], prog_name="laurel", terminal_width=96)
            .output
        )

        blocks = re.findall(
            r"```text\n\$ (laurel[^\n]*) --help\n(.*?)```", COMMANDS.read_text(encoding="utf-8"), re.DOTALL
        )

        assert dict(blocks)[name] == shown
