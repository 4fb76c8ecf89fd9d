# SPDX-License-Identifier: Apache-2.0
"""Keys on the command line: whose they are, what of them is given away, and what a wrong one is told."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from laurel.cli import main
from laurel.proof.keys import SigningKey, VerifyingKey

CLAIMS = {"vct": "https://rivermouth.example/diploma", "name": "Amina Haddad"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a key and with claims to issue."""
    monkeypatch.chdir(tmp_path)
    assert laurel("keygen", "--kind", "p256", "--out", "key.json").exit_code == 0
    Path("claims.json").write_text(json.dumps(CLAIMS), encoding="utf-8")
    return tmp_path


def laurel(*arguments: str) -> Result:
    """Run the command; an exception that is not an exit fails the test."""
    result = CliRunner().invoke(main, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def issued_to(holder: str) -> Result:
    return laurel("issue", "claims.json", "--key", "key.json", "--suite", "sd-jwt-vc", "--holder", holder)


class TestPublicHalf:
    @pytest.mark.parametrize("kind", ["ed25519", "p256", "p384", "rsa2048"])
    def test_is_written_without_what_is_secret(self, kind: str) -> None:
        laurel("keygen", "--kind", kind, "--out", "mine.json")
        private = json.loads(Path("mine.json").read_bytes())

        written = laurel("pubkey", "mine.json").stdout

        assert VerifyingKey.from_jwk(json.loads(written)) == SigningKey.from_jwk(private).public
        assert json.loads(written)["kid"] == private["kid"]
        assert private["d"] not in written

    def test_is_what_holder_takes(self) -> None:
        assert laurel("keygen", "--kind", "p256", "--out", "mine.json").exit_code == 0
        assert laurel("pubkey", "mine.json", "--out", "public.json").exit_code == 0

        assert issued_to("public.json").exit_code == 0

    def test_is_had_of_a_private_key_only(self) -> None:
        laurel("pubkey", "key.json", "--out", "public.json")

        for name, words in (
            ("public.json", "public.json is the public half already"),
            ("claims.json", "claims.json: The file holds no JWK"),
            ("nowhere", "There is no file nowhere"),
        ):
            refused = laurel("pubkey", name)
            assert (refused.exit_code, words in refused.stderr) == (2, True), refused.stderr

    def test_is_in_the_document_that_keygen_tells_how_to_write(self) -> None:
        """Whoever forgot --did-document is not left with a key that nobody can look up."""
        said = laurel("keygen", "--did", "web:college.example", "--out", "web.json").stdout

        assert "laurel pubkey web.json --did-document --out did.json" in said
        assert laurel("pubkey", "web.json", "--did-document", "--out", "did.json").exit_code == 0
        document = json.loads(Path("did.json").read_bytes())
        assert document["id"] == "did:web:college.example"
        assert document["assertionMethod"] == ["did:web:college.example#key-1"]
        refused = laurel("pubkey", "web.json", "--did-document", "--out", "did.json")
        assert (refused.exit_code, "would drop the keys" in refused.stderr) == (2, True)
        refused = laurel("pubkey", "key.json", "--did-document")
        assert (refused.exit_code, "key.json: The DID is not a did:web" in refused.stderr) == (2, True)


class TestWrongKey:
    def test_of_a_holder_is_private_and_the_way_to_the_public_one_is_told(self) -> None:
        refused = issued_to("key.json")

        assert refused.exit_code == 2
        assert "key.json holds a private key" in refused.stderr
        assert "laurel pubkey key.json" in refused.stderr

    def test_to_sign_with_is_public_and_the_file_is_named(self) -> None:
        laurel("pubkey", "key.json", "--out", "public.json")

        refused = laurel("issue", "claims.json", "--key", "public.json", "--suite", "sd-jwt-vc")

        assert refused.exit_code == 2
        assert 'public.json: The JWK has no private part ("d")' in refused.stderr


class TestNameOfAnIssuer:
    @pytest.mark.parametrize(
        "name",
        [
            "web",
            "web:",
            "did:web",
            "web:http://x",
            "web:HOST NAME",
            "web:college",
            "web:college.example:",
            "web:1.2.3.4",
        ],
    )
    def test_on_the_web_says_what_it_takes(self, name: str) -> None:
        refused = laurel("keygen", "--did", name, "--out", "new.json")

        assert refused.exit_code == 2
        assert "such as web:college.example or web:college.example:art" in refused.stderr
        assert not Path("new.json").exists()

    @pytest.mark.parametrize("name", ["foo", "", "did:foo:bar", "key:z6Mk", "https://college.example"])
    def test_of_another_kind_says_which_there_are(self, name: str) -> None:
        refused = laurel("keygen", "--did", name, "--out", "new.json")

        assert refused.exit_code == 2
        assert "--did takes key, jwk or web:HOST" in refused.stderr
        assert not Path("new.json").exists()


class TestWebKey:
    @pytest.mark.parametrize(
        ("place", "meant"),
        [
            ("127.0.0.1:8765", "web:127.0.0.1%3A8765"),
            ("a.example:8765:art", "web:a.example%3A8765:art"),
            ("a.example:art", None),
            ("a.example%3A8765", None),
        ],
    )
    def test_whose_folder_reads_like_a_port_is_made_and_told_of(self, place: str, meant: str | None) -> None:
        made = laurel("keygen", "--did", f"web:{place}", "--out", "mine.json")

        assert made.exit_code == 0
        told = f"Careful: 8765 is a folder here. As a port, it is --did {meant}\n" if meant else ""
        assert made.stderr == told
