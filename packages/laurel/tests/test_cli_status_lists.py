# SPDX-License-Identifier: Apache-2.0
"""Status lists on the command line: both kinds are made, read again, and believed by whoever verifies."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from samples import golden_document

from laurel.cli import main
from laurel.status import token

URL = "https://rivermouth.example/status/7"
CLAIMS = {
    "vct": "https://rivermouth.example/diploma",
    "name": "Amina Haddad",
    "status": {"status_list": {"idx": 41, "uri": URL}},
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a key, and with a diploma that has the number 41 in a list."""
    monkeypatch.chdir(tmp_path)
    assert laurel("keygen", "--out", "key.json").exit_code == 0
    Path("claims.json").write_text(json.dumps(CLAIMS), encoding="utf-8")
    issued = laurel(
        "issue", "claims.json", "--key", "key.json", "--suite", "sd-jwt-vc", "--out", "diploma.txt"
    )
    assert issued.exit_code == 0, issued.output
    return tmp_path


def laurel(*arguments: str, stdin: bytes | None = None) -> Result:
    """Run the command; an exception that is not an exit fails the test."""
    result = CliRunner().invoke(main, list(arguments), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def made(*options: str, kind: str = "token", url: str = URL) -> Result:
    return laurel("status", "make", "--kind", kind, "--url", url, "--key", "key.json", *options)


def read(data: bytes, *options: str) -> dict[str, Any]:
    done = laurel("status", "read", "-", *options, stdin=data)
    assert done.exit_code == 0, done.output
    assert "Nothing of this has been checked" in done.stderr
    return json.loads(done.stdout)


class TestTokenList:
    @pytest.mark.parametrize(
        ("options", "code", "exit_code"),
        [
            ((), "status.ok", 0),
            (("--set", "40", "--set", "42"), "status.ok", 0),
            (("--set", "41"), "status.withdrawn", 1),
            (("--set", "41=2", "--size", "2"), "status.on-hold", 1),
            (("--set", "41=2", "--size", "8"), "status.on-hold", 1),
            (("--set", "41=0x0c", "--size", "4"), "status.unknown-purpose", 3),
            (("--valid-until", "2001-01-01"), "status.stale", 3),
            (("--length", "40"), "status.range", 3),
        ],
    )
    def test_tells_of_the_diploma_that_names_it(
        self, options: tuple[str, ...], code: str, exit_code: int
    ) -> None:
        material = {URL: made(*options).stdout.strip()}
        Path("material.json").write_text(json.dumps(material), encoding="utf-8")

        found = laurel("status", "diploma.txt", "--json", "--offline", "--material", "material.json")

        assert (json.loads(found.stdout)["code"], found.exit_code) == (code, exit_code)

    def test_says_of_itself_what_it_was_told(self) -> None:
        data = made("--ttl", "3600000", "--valid-until", "2099-01-01", "--length", "500").stdout_bytes

        listing = token.read(data.decode().strip())

        assert (listing.uri, listing.bits) == (URL, 1)
        assert listing.ttl is not None
        assert listing.ttl.total_seconds() == 3600
        assert listing.expires is not None
        assert listing.expires.year == 2099

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--purpose", "revocation"), "--purpose is for a bitstring list"),
            (("--ttl", "1500"), "whole seconds"),
            (("--ttl", "0"), "whole seconds"),
            (("--size", "3"), "1, 2, 4 or 8 bits"),
            (("--set", "3=2"), "does not fit into 1 bit."),
            (("--set", "131072"), "lies outside"),
            (("--length", "0"), "1, 2, 4 or 8 bits"),
        ],
    )
    def test_that_cannot_be_is_refused(self, options: tuple[str, ...], words: str) -> None:
        refused = made(*options)

        assert (refused.exit_code, words in refused.stderr, refused.stdout) == (2, True, "")


class TestRead:
    @pytest.mark.parametrize(
        ("kind", "size"), [("token", 1), ("token", 8), ("bitstring", 1), ("bitstring", 3)]
    )
    def test_shows_what_was_made(self, kind: str, size: int) -> None:
        value = (1 << size) - 1
        settings = ("--set", f"0={value}", "--set", "131071", "--set", f"77=0x{value:x}")
        data = made(*settings, "--size", str(size), "--ttl", "60000", kind=kind).stdout_bytes

        shown = read(data, "--size", str(size))

        assert shown["kind"] == kind
        assert shown["url"] == URL
        assert (shown["size"], shown["length"], shown["ttl"]) == (size, 131_072, 60_000)
        assert shown["values"] == {"0": value, "77": value, "131071": 1}
        assert shown["begins"].endswith("Z")
        assert shown.get("purpose") == ("revocation" if kind == "bitstring" else None)
        assert not shown["more"]

    def test_shows_the_entries_that_are_asked_for(self) -> None:
        data = made("--set", "3").stdout_bytes

        assert read(data, "--entry", "2", "--entry", "3")["values"] == {"2": 0, "3": 1}
        refused = laurel("status", "read", "-", "--entry", "131072", stdin=data)
        assert (refused.exit_code, "no entry" in refused.stderr) == (2, True)

    def test_shows_the_last_entries_of_an_odd_length(self) -> None:
        """The bits of 11 entries of 8 bits are no whole number of groups of eight entries."""
        assert read(made("--set", "10=7", "--size", "8", "--length", "11").stdout_bytes)["values"] == {
            "10": 7
        }

    def test_shows_no_more_than_a_thousand(self) -> None:
        settings = [word for index in range(1001) for word in ("--set", str(index))]

        shown = read(made(*settings).stdout_bytes)

        assert (len(shown["values"]), shown["more"]) == (1000, True)

    @pytest.mark.parametrize(
        "data", [b"", b"{}", b"a.b.c", b"\xff", b'{"type": "BitstringStatusListCredential"}']
    )
    def test_names_what_is_no_list(self, data: bytes) -> None:
        Path("other").write_bytes(data)

        refused = laurel("status", "read", "other")

        assert refused.exit_code == 2
        assert refused.stderr.startswith("other")

    def test_takes_no_other_credential_for_a_list(self) -> None:
        refused = laurel("status", "read", "diploma.txt")

        assert (refused.exit_code, "is no status list" in refused.stderr) == (2, True)


class TestSet:
    @pytest.mark.parametrize(
        ("kind", "size"), [("token", 2), ("token", 8), ("bitstring", 1), ("bitstring", 3)]
    )
    def test_keeps_what_it_does_not_name(self, kind: str, size: int) -> None:
        bits = ("--size", str(size))
        options = (
            "--set",
            "3",
            "--set",
            "77",
            "--set",
            "900",
            "--ttl",
            "60000",
            "--valid-until",
            "2099-01-01",
        )
        assert made(*bits, *options, "--out", "list", kind=kind).exit_code == 0
        before = read(Path("list").read_bytes(), *bits)

        done = laurel("status", "set", "list", "77=0", "5", "131071=1", "--key", "key.json", *bits)

        assert done.exit_code == 0, done.output
        after = read(done.stdout_bytes, *bits)
        assert after["values"] == {"3": 1, "5": 1, "900": 1, "131071": 1}
        assert {name: after[name] for name in before if name not in ("values", "begins")} == {
            name: before[name] for name in before if name not in ("values", "begins")
        }

    def test_is_believed_like_the_list_before(self) -> None:
        made("--set", "41", "--out", "list.jwt")
        newer = laurel(
            "status", "set", "list.jwt", "41=0", "--key", "key.json", "--valid-until", "2098-01-01"
        )
        assert read(newer.stdout_bytes)["ends"] == "2098-01-01T00:00:00Z"
        for listed, code in ((Path("list.jwt").read_text(), "status.withdrawn"), (newer.stdout, "status.ok")):
            Path("material.json").write_text(json.dumps({URL: listed.strip()}), encoding="utf-8")
            found = laurel("status", "diploma.txt", "--json", "--offline", "--material", "material.json")
            assert json.loads(found.stdout)["code"] == code

    @pytest.mark.parametrize("kind", ["token", "bitstring"])
    def test_of_a_list_that_somebody_else_signed_or_changed_is_refused(self, kind: str) -> None:
        """Whoever signs what stands in a file vouches for it."""
        made("--set", "3", "--out", "list", kind=kind)
        laurel("keygen", "--out", "other.json")
        other = made("--set", "4", kind=kind).stdout
        if kind == "bitstring":
            changed = json.loads(Path("list").read_bytes())
            changed["credentialSubject"] = json.loads(other)["credentialSubject"]
            Path("changed").write_text(json.dumps(changed), encoding="utf-8")
        else:
            header, _, signature = Path("list").read_text().split(".")
            Path("changed").write_text(f"{header}.{other.split('.')[1]}.{signature}")

        for name, key in (("list", "other.json"), ("changed", "key.json")):
            refused = laurel("status", "set", name, "5", "--key", key)
            assert (refused.exit_code, refused.stdout) == (2, "")
            assert f"{name} was not signed with this key" in refused.stderr

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("list", "131072"), "lies outside"),
            (("list", "3=2"), "does not fit into 1 bit."),
            (("list", "x"), "is not an entry such as 94567"),
            (("list",), "Missing argument"),
            (("nowhere", "3"), "There is no file nowhere"),
            (("diploma.txt", "3"), "is no status list"),
        ],
    )
    def test_of_what_is_not_there_is_refused(self, arguments: tuple[str, ...], words: str) -> None:
        made("--out", "list")

        refused = laurel("status", "set", *arguments, "--key", "key.json")

        assert (refused.exit_code, words in refused.stderr, refused.stdout) == (2, True, "")


@pytest.mark.parametrize("kind", ["p256", "p384"])
def test_a_bitstring_list_is_signed_with_other_kinds_of_key_too(kind: str) -> None:
    laurel("keygen", "--kind", kind, "--out", "p.json")

    done = laurel("status", "make", "--url", URL, "--key", "p.json", "--out", "list")

    assert done.exit_code == 0, done.output
    assert (
        json.loads(laurel("verify", "list", "--json", "--offline").stdout)["checks"][1]["code"] == "proof.ok"
    )


class TestShow:
    @pytest.mark.parametrize("kind", ["token", "bitstring"])
    def test_sends_whoever_names_a_list_to_where_it_is_read(self, kind: str) -> None:
        assert made("--out", "list", kind=kind).exit_code == 0

        assert "laurel status read" in laurel("status", "list", "--offline").stderr
        assert "laurel status read" not in laurel("status", "diploma.txt", "--offline").stderr


class TestAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "notaurl",
            "",
            "http://",
            "https://a b",
            "did:web:a.example",
            "https://[",
            "file:///x",
            "https://a.example/#x",
        ],
    )
    @pytest.mark.parametrize("kind", ["token", "bitstring"])
    def test_that_is_none_is_told_in_one_sentence(self, url: str, kind: str) -> None:
        refused = made(kind=kind, url=url)

        assert refused.exit_code == 2
        assert "is no address on the web, such as https://college.example/status/1" in refused.stderr
        assert "'--url'" in refused.stderr


class TestPlainHttp:
    """Named as the address of a list, it makes credentials whose status nobody ever learns."""

    WARNING = "Careful: http://college.example/status/1 begins with http://"

    @pytest.mark.parametrize("kind", ["token", "bitstring"])
    def test_is_warned_of_when_a_list_is_made(self, kind: str) -> None:
        done = made(kind=kind, url="http://college.example/status/1")

        assert (done.exit_code, self.WARNING in done.stderr) == (0, True)
        assert made(kind=kind).stderr == ""
        assert made(kind=kind, url="http://localhost:8000/status/1").stderr == ""

    def test_is_warned_of_when_a_diploma_names_it(self) -> None:
        listed = {"status": {"status_list": {"idx": 41, "uri": "http://college.example/status/1"}}}
        Path("bare.json").write_text(json.dumps(CLAIMS | listed))
        words = ("--key", "key.json", "--suite", "sd-jwt-vc")

        assert self.WARNING in laurel("issue", "bare.json", *words).stderr
        assert laurel("issue", "claims.json", *words).stderr == ""

    def test_is_warned_of_once_in_a_batch_of_badges(self) -> None:
        document: Any = golden_document()
        del document["issuer"]["id"]
        for entry in document["credentialStatus"]:
            entry["statusListCredential"] = "http://college.example/status/1"
        Path("rows.jsonl").write_text("\n".join([json.dumps(document)] * 3))
        words = ("issue", "--batch", "rows.jsonl", "--key", "key.json", "--out", "issued.jsonl")

        done = laurel(*words)

        assert done.exit_code == 0
        assert done.stderr.count("Careful") == done.stderr.count(self.WARNING) == 1
        assert done.stderr.endswith("\n3 issued.\n")


def test_a_token_list_given_to_verify_is_told_to_be_a_list() -> None:
    assert made("--out", "list.jwt").exit_code == 0
    Path("other.jwt").write_bytes(b"eyJhbGciOiJFUzI1NiJ9.e30.AAAA")

    done = laurel("verify", "list.jwt", "--offline")

    assert done.exit_code == 2
    assert "This is a status list itself: laurel status read shows what it says." in done.stderr
    assert "laurel status read" not in laurel("verify", "other.jwt", "--offline").stderr
    assert "laurel status read" not in laurel("verify", "diploma.txt", "--offline").stderr


class TestWrittenOver:
    """A list that is changed in its own place is never seen half, and never lost."""

    def test_a_list_stays_where_no_new_one_can_be_written(self) -> None:
        resource = pytest.importorskip("resource")
        assert made("--out", "list.jwt", "--length", "100000", "--set", "7").exit_code == 0
        before = Path("list.jwt").read_bytes()
        command = [sys.executable, "-m", "laurel", "status", "set", "list.jwt", "42", "--key", "key.json"]

        def no_room() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))

        done = subprocess.run(
            [*command, "--out", "list.jwt"], preexec_fn=no_room, capture_output=True, check=False
        )

        assert (done.returncode, b"list.jwt cannot be written" in done.stderr) == (2, True), done.stderr
        assert Path("list.jwt").read_bytes() == before
        assert {path.name for path in Path().iterdir()} == {
            "claims.json", "diploma.txt", "key.json", "list.jwt"
        }  # fmt: skip

    def test_a_reader_of_the_old_list_keeps_all_of_it(self) -> None:
        assert made("--out", "list.jwt").exit_code == 0
        Path("list.jwt").chmod(0o644)
        Path("link.jwt").symlink_to("list.jwt")
        before = Path("list.jwt").read_bytes()

        with Path("list.jwt").open("rb") as reader:
            done = laurel("status", "set", "list.jwt", "41", "--key", "key.json", "--out", "link.jwt")
            assert reader.read() == before

        assert done.exit_code == 0
        assert read(Path("list.jwt").read_bytes())["values"] == {"41": 1}
        assert (Path("link.jwt").is_symlink(), Path("list.jwt").stat().st_mode & 0o777) == (True, 0o644)
