# SPDX-License-Identifier: Apache-2.0
"""The command issues credentials of which the holder shows a part, and checks what they show."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from test_cli import DRAFT

from laurel.cli import main
from laurel.formats import envelopes

CLAIMS: dict[str, Any] = {
    "vct": "https://rivermouth.example/types/diploma",
    "name": "Amina Haddad",
    "marks": [{"course": "Batteries", "mark": 9}, {"course": "Ethics", "mark": 8}],
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder with a key of the issuer's, one of the holder's, and two drafts."""
    monkeypatch.chdir(tmp_path)
    for name in ("key", "holder"):
        assert laurel("keygen", "--kind", "p256", "--out", f"{name}.json").exit_code == 0
    private = json.loads(Path("holder.json").read_bytes())
    public = {name: value for name, value in private.items() if name != "d"}
    Path("public.json").write_text(json.dumps(public), encoding="utf-8")
    Path("draft.json").write_text(json.dumps(DRAFT | {"name": "Amina Haddad"}), encoding="utf-8")
    Path("claims.json").write_text(json.dumps(CLAIMS), encoding="utf-8")
    return tmp_path


def laurel(*arguments: str) -> Result:
    """Run the command; an exception that is not an exit fails the test."""
    result = CliRunner().invoke(main, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def issued(draft: str, suite: str, *more: str) -> Result:
    return laurel("issue", draft, "--key", "key.json", "--suite", suite, "--out", "whole.txt", *more)


def report(*arguments: str) -> tuple[dict[str, Any], int]:
    result = laurel("verify", "--json", "--offline", *arguments)
    return json.loads(result.stdout), result.exit_code


ASKED = ("--challenge", "n-1", "--domain", "https://v.example")


@pytest.mark.parametrize(
    ("draft", "suite", "hidden", "shown"),
    [
        ("claims.json", "sd-jwt-vc", ("/name", "/marks/0"), "/marks/0"),
        ("draft.json", "vc+sd-jwt", ("/issuer/name", "/name"), "/issuer/name"),
    ],
)
def test_a_holder_shows_a_part_and_proves_that_it_is_theirs(
    draft: str, suite: str, hidden: tuple[str, str], shown: str
) -> None:
    options = [word for pointer in hidden for word in ("--disclosable", pointer)]
    assert issued(draft, suite, *options, "--holder", "public.json").exit_code == 0
    whole, _ = report("whole.txt")
    assert whole["verdict"] == "genuine", whole
    made = laurel(
        "present", "whole.txt", "--key", "holder.json", "--suite", "sd-jwt", "--reveal", shown, *ASKED,
        "--out", "shown.txt",
    )  # fmt: skip
    assert made.exit_code == 0, made.output

    found, code = report("shown.txt", *ASKED)

    assert (code, found["checks"][-1]["result"]) == (0, "passed"), found
    assert found["verdict"] == "genuine"
    said = json.dumps(found["credential"])
    assert "Amina Haddad" not in said
    assert ("Batteries" if suite == "sd-jwt-vc" else "Rivermouth College") in said


class TestAnswer:
    """Who shows a copy is told as plainly as of a presentation, by the verdict and by its heading."""

    @pytest.fixture(autouse=True)
    def shown(self) -> None:
        assert issued("claims.json", "sd-jwt-vc", "--holder", "public.json").exit_code == 0
        made = laurel(
            "present", "whole.txt", "--key", "holder.json", "--suite", "sd-jwt", *ASKED, "--out", "shown.txt"
        )
        assert made.exit_code == 0, made.output

    @pytest.mark.parametrize(
        ("source", "asked", "code", "verdict", "heading"),
        [
            (
                "shown.txt", ("--challenge", "n-2", "--domain", "https://v.example"), "holder.nonce", "replayed",
                "Signed for somebody else, or for another time",
            ),
            (
                "shown.txt", ("--challenge", "n-1", "--domain", "https://w.example"), "holder.audience", "replayed",
                "Signed for somebody else, or for another time",
            ),
            (
                "whole.txt", ASKED, "holder.no-binding", "not_theirs", "Nobody has shown that it is theirs",
            ),
        ],
    )  # fmt: skip
    def test_to_another_question_is_none(
        self, source: str, asked: tuple[str, ...], code: str, verdict: str, heading: str
    ) -> None:
        found, exit_code = report(source, *asked)

        assert (found["verdict"], exit_code) == (verdict, 1)
        assert found["checks"][-1]["code"] == code
        assert laurel("verify", "--offline", source, *asked).stdout.startswith(heading + "\n")

    def test_of_a_changed_token_stays_changed(self) -> None:
        """What is wrong with the credential itself is told first."""
        header, payload, signature = Path("shown.txt").read_text().split(".", 2)
        other = ("B" if signature[0] == "A" else "A") + signature[1:]
        Path("shown.txt").write_text(f"{header}.{payload}.{other}")

        found, _ = report("shown.txt", "--challenge", "n-2", "--domain", "https://v.example")

        assert found["verdict"] == "changed"


class TestChoice:
    """What could be left out never goes out because nobody thought of it."""

    @pytest.fixture(autouse=True)
    def badge(self) -> None:
        hidden = ("--disclosable", "/name", "--disclosable", "/issuer/name")
        assert issued("draft.json", "vc+sd-jwt", *hidden, "--holder", "public.json").exit_code == 0

    @staticmethod
    def shown(*options: str, source: str = "whole.txt", suite: str = "sd-jwt") -> Result:
        Path("shown.txt").unlink(missing_ok=True)
        return laurel(
            "present", source, "--key", "holder.json", "--suite", suite, *options, *ASKED, "--out", "shown.txt"
        )  # fmt: skip

    @pytest.mark.parametrize("suite", ["sd-jwt", "vp+jwt", "ecdsa-rdfc-2019"])
    def test_is_asked_for(self, suite: str) -> None:
        refused = self.shown(suite=suite)

        assert refused.exit_code == 2
        assert "whole.txt can show /issuer/name, /name. Choose: --reveal" in refused.stderr
        assert not Path("shown.txt").exists()

    @pytest.mark.parametrize(
        ("options", "said", "holds"),
        [
            (("--reveal", "/name"), "whole.txt shows /name; leaves out /issuer/name.", 1),
            (("--reveal-all",), "whole.txt shows /issuer/name, /name; leaves out nothing.", 2),
            (
                ("--reveal", "/type"),
                "shows none of what could be left out; leaves out /issuer/name, /name.",
                0,
            ),
        ],
    )
    def test_is_told(self, options: tuple[str, ...], said: str, holds: int) -> None:
        made = self.shown(*options)

        assert (made.exit_code, said in made.stderr) == (0, True), made.output
        assert len(Path("shown.txt").read_text().split("~")) == holds + 2  # the token, and the binding
        assert report("shown.txt", *ASKED)[0]["verdict"] == "genuine"

    def test_is_made_by_leaving_everything_out(self) -> None:
        assert laurel("derive", "whole.txt", "--out", "least.txt").exit_code == 0

        made = self.shown(source="least.txt")

        assert (made.exit_code, made.stderr) == (0, "")
        assert len(Path("shown.txt").read_text().split("~")) == 2

    def test_is_asked_for_of_one_in_an_envelope_too(self) -> None:
        wrapped = envelopes.wrap(Path("whole.txt").read_text().strip(), envelopes.SD_JWT)
        Path("wrapped.json").write_text(json.dumps(wrapped), encoding="utf-8")

        assert "can show /issuer/name, /name" in self.shown(source="wrapped.json", suite="vp+jwt").stderr
        assert self.shown("--reveal", "/name", source="wrapped.json").exit_code == 0
        assert "Rivermouth" not in json.dumps(report("shown.txt", *ASKED)[0]["credential"])
        assert "Amina" not in laurel("derive", "wrapped.json").stdout

    def test_is_one_of_two(self) -> None:
        refused = self.shown("--reveal", "/name", "--reveal-all")

        assert (refused.exit_code, "Take one of them" in refused.stderr) == (2, True)


def test_the_claims_are_completed_by_what_the_key_and_the_clock_know() -> None:
    assert issued("claims.json", "sd-jwt-vc").exit_code == 0

    found, _ = report("whole.txt")

    claims = found["credential"]
    assert found["format"] == "sd-jwt-vc"
    assert claims["iss"].startswith("did:key:zDna")
    assert claims.keys() == {"iat", "iss", *CLAIMS}


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"vct": None}, (), "/vct: vct names the type"),
        ({"exp": "tomorrow"}, (), "/exp: exp is a number"),
        ({"iss": "did:web:mallory.example"}, (), "does not belong to the issuer"),
        ({"iss": "Fernhill College"}, (), "/iss: iss names the issuer"),
        ({}, ("--disclosable", "/nobody"), "/nobody leads nowhere"),
        ({}, ("--disclosable", "/vct"), "/vct must always be seen"),
        ({"name": "Ame\u0301lie"}, (), "/name: The text is not in Unicode normal form C"),
        ({"a": {"_sd": []}}, (), "is a name of the format"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_not_issued(
    change: dict[str, Any], options: tuple[str, ...], words: str
) -> None:
    draft = {name: value for name, value in (CLAIMS | change).items() if value is not None}
    Path("claims.json").write_text(json.dumps(draft), encoding="utf-8")

    result = issued("claims.json", "sd-jwt-vc", *options)

    assert result.exit_code == 1
    assert words in result.stderr
    assert not re.search(r"^(\S+): \1 ", result.stderr), "it doubles the place"
    assert not Path("whole.txt").exists()


def test_a_batch_gives_one_text_a_line() -> None:
    Path("many.jsonl").write_text(
        f"{json.dumps(CLAIMS)}\n{json.dumps({'name': 'no type'})}\n", encoding="utf-8"
    )

    result = laurel(
        "issue", "--batch", "many.jsonl", "--key", "key.json", "--suite", "sd-jwt-vc", "--disclosable", "/name"
    )  # fmt: skip

    first, second = [json.loads(line) for line in result.stdout.splitlines() if line[:1] in '"{']
    assert result.exit_code == 1
    assert first.count("~") == 2
    assert second["line"] == 2
    assert second["findings"][0]["pointer"] == "/vct"


@pytest.mark.parametrize(
    "options",
    [
        ("--suite", "vc+jwt", "--disclosable", "/name"),
        ("--suite", "vc+jwt", "--holder", "public.json"),
        ("--suite", "sd-jwt-vc", "--holder", "holder.json"),
        ("--suite", "sd-jwt-vc", "--holder", "absent.json"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: tuple[str, ...]) -> None:
    assert laurel("issue", "claims.json", "--key", "key.json", *options).exit_code == 2
