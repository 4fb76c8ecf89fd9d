# SPDX-License-Identifier: Apache-2.0
"""The command used wrongly: each time a sentence that says what is wrong, an exit code, and never a stack."""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfWriter
from samples import golden_document

from laurel import cli
from laurel.cli import main

FILES = (
    "nowhere", "folder", "empty", "binary", "huge", "deep.json", "list.json", "number.json", "object.json",
    "mark.json", "utf16.json", "broken.png", "broken.pdf", "broken.svg", "", "x" * 5000, "/dev/null", "key.json/x",
    "https://", "http://x y", "https://[", "https://127.0.0.1:1/x", "http://localhost:1/c", "ftp://x/y",
    "https://who:secret@x.example/", "\udcff.json",
)  # fmt: skip
KEYS = (
    "nowhere", "folder", "empty", "binary", "huge", "deep.json", "list.json", "number.json", "draft.json",
    "public.json", "", "-", "oct.json", "crv.json", "short.json", "other.json", "kid.json", "use.json",
)  # fmt: skip
TIMES = ("", "x", "2026", "2026-13-01", "2026-11-22T09:30:00", "9999-12-31T23:59:59-12:00", "-1")
POINTERS = (
    "x",
    "/",
    "/nowhere",
    "/a~2",
    "/-",
    "/proof",
    "/credentialSubject/99999999999999999999",
)
OUTS = ("folder", "nowhere/x", "", "key.json/x")
BYTES = (b"", b"\n", b"\xff", b"{", b"null", b"\0" * 100, b"x.y.z", b"a.b.c~d~", b"[" * 90_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with things that are no credentials, and a key."""
    folder = tmp_path_factory.mktemp("wrong")
    (folder / "folder").mkdir()
    assert CliRunner().invoke(main, ["keygen", "--out", str(folder / "key.json")]).exit_code == 0
    jwk = json.loads((folder / "key.json").read_bytes())
    draft = golden_document(issuer_id=jwk["kid"].partition("#")[0])
    public = {name: jwk[name] for name in jwk if name != "d"}
    files: dict[str, Any] = {
        "empty": b"", "binary": bytes(range(256)), "huge": b"{" + b" " * (11 << 20) + b"}",
        "deep.json": b"[" * 50_000, "list.json": [1, 2], "number.json": 5, "object.json": {},
        "mark.json": b"\xef\xbb\xbf" + json.dumps(draft).encode(),
        "utf16.json": json.dumps(draft).encode("utf-16"), "broken.png": b"\x89PNG\r\n\x1a\n\0\0",
        "broken.pdf": b"%PDF-1.7\nnothing", "broken.svg": b"<svg", "draft.json": draft, "public.json": public,
        "oct.json": {"kty": "oct", "k": "AA"}, "crv.json": jwk | {"crv": "X25519"}, "short.json": jwk | {"d": "AA"},
        "other.json": jwk | {"d": "A" * 43}, "kid.json": jwk | {"kid": 5}, "use.json": jwk | {"use": "enc"},
        "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    }  # fmt: skip
    for name, content in files.items():
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(autouse=True)
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in that folder."""
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    """Run the command; whatever is wrong, it exits with a code of its own and says something."""
    result = CliRunner().invoke(main, arguments, input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), arguments
    assert result.exit_code in (1, 2, 3), arguments
    assert result.output.strip(), arguments
    assert "Traceback" not in result.output, arguments
    return result


KEY = ("--key", "key.json")
WITH_FILE = (
    ("issue", "FILE", *KEY), ("issue", "--batch", "FILE", *KEY), ("verify", "FILE", "--offline"),
    ("verify", "draft.json", "--offline", "--material", "FILE"), ("inspect", "FILE"), ("unbake", "FILE"),
    ("verify", "draft.json", "--offline", "--trust", "FILE"), ("bake", "FILE", "draft.json", "--out", "o.svg"),
    ("bake", "picture.svg", "FILE", "--out", "o.svg"), ("derive", "FILE", "--reveal", "/name"),
    ("present", "FILE", *KEY), ("status", "FILE", "--offline"),
    ("issue", "object.json", *KEY, "--suite", "sd-jwt-vc", "--holder", "FILE"),
)  # fmt: skip


class TestFiles:
    @pytest.mark.parametrize("command", WITH_FILE, ids=" ".join)
    def test_that_are_no_such_thing_are_named(self, command: tuple[str, ...]) -> None:
        tried = 0
        for file in FILES:
            # An empty batch is done at once, and so is a picture that may carry any JSON object.
            fine = (command[1] == "--batch" and file in ("empty", "/dev/null")) or (
                command[:2] == ("bake", "picture.svg")
                and file in ("object.json", "huge", "mark.json", "deep.json")
            )
            if not fine:
                run(*(file if word == "FILE" else word for word in command))
                tried += 1
        assert tried >= 22

    def test_are_named_once(self) -> None:
        assert run("inspect", "huge").stderr.count("huge") == 1
        for name in ("nowhere", "key.json/x"):
            assert run("inspect", name).stderr.count(name) == 1
            assert run("verify", "draft.json", "--material", name).stderr.count(name) == 1
        assert run("present", "draft.json", "broken.png", *KEY).stderr.startswith("broken.png: ")

    @pytest.mark.parametrize(
        "command",
        [
            ("issue", "draft.json"),
            ("present", "draft.json"),
            ("status", "make", "--url", "https://a.example/1"),
        ],
        ids=" ".join,
    )
    def test_that_are_no_keys_are_named(self, command: tuple[str, ...]) -> None:
        for key in KEYS:
            result = run(*command, "--key", key)
            assert (result.exit_code, "Error: " in result.stderr) == (2, True), key

    def test_of_a_trust_list_are_text(self) -> None:
        assert "binary: a trust list is text" in run("verify", "draft.json", "--trust", "binary").stderr

    def test_that_cannot_be_written_are_named(self) -> None:
        for out in OUTS:
            for command in (
                ("keygen", "--out", out),
                (
                    "keygen",
                    "--did",
                    "web:a.example",
                    "--did-document",
                    out,
                    "--out",
                    f"k{len(out)}{out[:1]}.json",
                ),
                ("issue", "draft.json", *KEY, "--out", out),
                ("status", "make", "--url", "https://a.example/1", *KEY, "--out", out),
            ):
                assert run(*command).exit_code == 2

    @pytest.mark.parametrize(
        ("command", "words"),
        [
            (("unbake", "binary"), "binary: This is no picture that can hold a credential"),
            (("unbake", "empty"), "empty: This is no picture that can hold a credential"),
            (
                ("bake", "draft.json", "draft.json", "--out", "o.svg"),
                "draft.json: This is no picture that can",
            ),
            (("derive", "object.json"), "object.json: Nobody has signed this"),
            (("issue", "draft.json", "--key", "object.json"), "object.json: The file holds no JWK"),
            (("issue", "draft.json", "--key", "empty"), "empty: The text is empty"),
            (("issue", "empty", "--key", "key.json"), "empty: The text is empty"),
            (("verify", "draft.json", "--material", "draft.json"), "'@context' is no URL"),
            (("verify", "draft.json", "--trust", "names"), "'Fernhill College' is no id of an issuer"),
            (("verify", "draft.json", "--trust", "names.json"), "'Fernhill College' is no id of an issuer"),
            (("present", "draft.json", "object.json", "--key", "key.json"), "object.json: /type: The type"),
        ],
        ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
    )
    def test_of_another_kind_are_told_apart(self, command: tuple[str, ...], words: str) -> None:
        Path("names").write_text("# Those we know\nFernhill College\n")
        Path("names.json").write_text('["did:web:college.example", "Fernhill College"]')

        assert words in run(*command).stderr

    @pytest.mark.parametrize("command", [("verify", "draft.json"), ("issue", "draft.json", *KEY)])
    def test_of_one_line_are_not_for_several_processes(self, command: tuple[str, ...]) -> None:
        result = run(*command, "--processes", "2")

        assert (result.exit_code, "--processes is for a file of many lines" in result.stderr) == (2, True)

    @pytest.mark.parametrize("command", ["verify", "inspect", "status"])
    def test_of_another_scheme_are_no_files(self, command: str) -> None:
        result = run(command, "ftp://college.example/c.json")

        assert "ftp://college.example/c.json is no address that is fetched" in result.output

    def test_of_a_key_whose_document_cannot_be_written_are_not_left_behind(self, here: Path) -> None:
        arguments = ("keygen", "--did", "web:a.example", "--out", "alone.json", "--did-document", "nowhere/x")

        assert run(*arguments).exit_code == 2
        assert not (here / "alone.json").exists()

    def test_of_a_key_and_its_document_are_two(self, here: Path) -> None:
        result = run("keygen", "--did", "web:a.example", "--out", "one.json", "--did-document", "./one.json")

        assert (result.exit_code, (here / "one.json").exists()) == (2, False)

    @pytest.mark.parametrize(
        "command",
        [
            ("issue", "draft.json", *KEY), ("issue", "--batch", "line.jsonl", *KEY),
            ("present", "draft.json", *KEY), ("bake", "picture.svg", "draft.json"),
            ("status", "make", "--url", "https://a.example/1", *KEY), ("pubkey", "key.json"),
        ],
        ids=lambda command: " ".join(command[:2]),
    )  # fmt: skip
    def test_that_hold_a_private_key_are_never_written_over(
        self, command: tuple[str, ...], here: Path
    ) -> None:
        """Found with `laurel issue draft.json --key key.json --out key.json`: the key was gone, and exit code 0."""
        (here / "line.jsonl").write_bytes((here / "draft.json").read_bytes())
        before = (here / "key.json").read_bytes()

        result = run(*command, "--out", "key.json")

        assert (here / "key.json").read_bytes() == before
        assert (result.exit_code, "key.json holds a private key" in result.stderr) == (2, True)

    def test_of_a_batch_are_not_emptied_before_they_are_read(self, here: Path) -> None:
        """Found with `laurel issue --batch a --out a`: an empty file, and exit code 0."""
        before = (here / "draft.json").read_bytes()
        (here / "same.jsonl").write_bytes(before)
        (here / "linked.jsonl").symlink_to("same.jsonl")
        for out in ("same.jsonl", "./same.jsonl", "linked.jsonl"):
            result = run("issue", "--batch", "same.jsonl", *KEY, "--out", out)

            assert (result.exit_code, "name one file" in result.stderr) == (2, True)
            assert (here / "same.jsonl").read_bytes() == before

    def test_of_many_lines_are_for_a_batch(self, here: Path) -> None:
        (here / "many.jsonl").write_bytes((here / "draft.json").read_bytes() * 2)

        assert "laurel verify --batch many.jsonl" in run("verify", "many.jsonl", "--offline").stderr

    def test_of_json_that_ends_too_soon_are_told_of_in_one_sentence(self, here: Path) -> None:
        (here / "cut.json").write_bytes(b'{"a": "b')

        assert "at at" not in (said := run("issue", "cut.json", *KEY).stderr)
        assert "Unterminated string starting at character 6" in said

    def test_that_hold_a_credential_already_take_no_second_one_where_it_could_not_be_read(
        self, here: Path
    ) -> None:
        """Found with `laurel bake` into a PDF twice: exit code 0, and a file that `laurel verify` cannot read."""
        paper, buffer = PdfWriter(), BytesIO()
        paper.add_blank_page(100, 100)
        paper.write(buffer)
        (here / "paper.pdf").write_bytes(buffer.getvalue())
        bake = ("bake", "paper.pdf", "draft.json", "--out", "paper.pdf")
        assert CliRunner().invoke(main, bake).exit_code == 0
        before = (here / "paper.pdf").read_bytes()

        result = run(*bake)

        assert (result.exit_code, (here / "paper.pdf").read_bytes() == before) == (2, True)
        assert "holds a credential already" in result.stderr


class TestWords:
    def test_that_are_no_times_are_refused(self) -> None:
        for time in TIMES:
            for command in (
                ("verify", "draft.json", "--offline", "--at", time),
                ("present", "draft.json", *KEY, "--expires", time),
                ("status", "make", "--url", "https://a.example/1", *KEY, "--valid-until", time),
            ):
                assert "is not a time such as" in run(*command).stderr

    def test_that_lead_nowhere_are_named(self) -> None:
        assert CliRunner().invoke(main, ["keygen", "--kind", "p256", "--out", "p256.json"]).exit_code == 0
        draft = json.loads(Path("draft.json").read_bytes())
        del draft["issuer"]
        Path("own.json").write_text(json.dumps(draft))
        for pointer in POINTERS:
            for command in (
                (
                    "issue",
                    "own.json",
                    "--key",
                    "p256.json",
                    "--suite",
                    "ecdsa-sd-2023",
                    "--mandatory",
                    pointer,
                ),
                ("issue", "draft.json", *KEY, "--suite", "vc+sd-jwt", "--disclosable", pointer),
                ("derive", "draft.json", "--reveal", pointer),
            ):
                run(*command)

    @pytest.mark.parametrize(
        "settings",
        [
            ("--set", "-1"), ("--set", "x"), ("--set", "1=9"), ("--set", "99999999"), ("--set", "1="), ("--set", "1" * 5000),
            ("--size", "0"), ("--size", "12"), ("--length", "1"), ("--length", "-1"), ("--ttl", "-1"), ("--purpose", "x"),
        ],
        ids=lambda settings: "".join(settings)[:20],
    )  # fmt: skip
    def test_of_a_list_that_does_not_exist_are_refused(self, settings: tuple[str, ...]) -> None:
        run("status", "make", "--url", "https://a.example/1", *KEY, *settings)

    @pytest.mark.parametrize(
        "settings",
        [("--size", "0"), ("--length", "1"), ("--set", "99999999"), ("--set", "1=9")],
        ids=lambda settings: "".join(settings),
    )
    def test_about_a_list_are_sentences(self, settings: tuple[str, ...]) -> None:
        said = run("status", "make", "--url", "https://a.example/1", *KEY, *settings).stderr

        assert re.search(r"^Error: [A-Z].*\.$", said, re.MULTILINE)
        assert "into 1 bits" not in said

    def test_of_half_a_character_are_compared(self) -> None:
        """An argument that is no text in the locale arrives as half a character."""
        for who in ("\udcff", "\udcff@a.example"):
            run("verify", "draft.json", "--offline", "--email", who)


class TestStreams:
    def test_that_hold_nothing_of_use_are_named(self) -> None:
        for data, command in itertools.product(
            BYTES,
            (
                ("issue", "-", *KEY), ("verify", "-"), ("inspect", "-"), ("status", "-"), ("derive", "-"),
                ("present", "-", *KEY), ("issue", "-", "--key", "-"), ("unbake", "-"),
            ),
        ):  # fmt: skip
            run(*command, stdin=data)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
    def test_that_are_full_or_closed_end_in_a_sentence(self) -> None:
        laurel = f"{sys.executable} -m laurel.cli"
        for line, code in (
            (f"{laurel} issue draft.json --key key.json > /dev/full", 2),
            (f"{laurel} verify draft.json --offline > /dev/full", 2),
            (f"{laurel} issue --batch draft.json --key key.json --out /dev/full", 2),
            (f"{laurel} --help > /dev/full", 2),
            (f"{laurel} issue - --key key.json <&-", 2),
            (f"{laurel} issue draft.json --key key.json >&-", 0),
        ):
            done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
            assert done.returncode == code, (line, done.stderr)
            assert "Traceback" not in done.stderr
            assert "Exception" not in done.stderr
            assert bool(done.stderr) == (code > 0)

    @pytest.mark.parametrize("command", [("--help",), ("verify", "--help"), ("--version",)], ids=" ".join)
    def test_of_help_that_nobody_reads_end_so_too(self, command: tuple[str, ...]) -> None:
        laurel = subprocess.Popen(
            [sys.executable, "-m", "laurel", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with laurel:
            assert laurel.stdout is not None
            assert laurel.stderr is not None
            laurel.stdout.close()
            said = laurel.stderr.read()

        assert (laurel.returncode, said) == (141, b"")

    @pytest.mark.parametrize(
        "command", [("inspect", "draft.json"), ("status", "read", "list.json")], ids=" ".join
    )
    def test_that_nobody_reads_any_more_end_without_a_word(self, command: tuple[str, ...]) -> None:
        """A script that reads exit codes does not take `| head -1` for a credential that failed."""
        settings = [word for index in range(1000) for word in ("--set", str(index))]
        listed = ("status", "make", "--url", "https://a.example/1", *KEY, *settings, "--out", "list.json")
        assert CliRunner().invoke(main, listed).exit_code == 0
        laurel = subprocess.Popen(
            [sys.executable, "-m", "laurel.cli", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with laurel:
            assert laurel.stdout is not None
            assert laurel.stderr is not None
            laurel.stdout.close()
            said = laurel.stderr.read()

        assert laurel.returncode == 141
        assert said.count(b"\n") == 1  # that nothing was checked, which is said before
        assert b"Nothing of this has been checked" in said

    def test_that_are_waited_for_until_somebody_stops_it_end_in_a_sentence(self) -> None:
        """A script that reads exit codes does not take Ctrl-C for a credential that failed."""
        laurel = subprocess.Popen(
            [sys.executable, "-m", "laurel.cli", "inspect", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            # A shell that runs the tests in the background has them ignore it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        with laurel:
            assert laurel.stdin is not None
            laurel.stdin.write(b" " * 300_000)  # more than a pipe holds: once it is gone, the command reads
            laurel.stdin.flush()
            laurel.send_signal(signal.SIGINT)
            said = laurel.communicate(timeout=10)[1]

        assert (laurel.returncode, said) == (130, b"Error: Stopped before it was done.\n")


class TestFaultsOfOurOwn:
    def test_are_called_ours_and_show_the_stack_to_whoever_asks(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise KeyError("boom")

        monkeypatch.setattr(cli.inspect, "callback", broken)
        monkeypatch.setattr(sys, "argv", ["laurel", "inspect", "draft.json"])

        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 70

        monkeypatch.setitem(os.environ, "LAUREL_TRACEBACK", "1")
        with pytest.raises(KeyError, match="boom"):
            main()
