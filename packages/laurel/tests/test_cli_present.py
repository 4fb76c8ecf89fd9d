# SPDX-License-Identifier: Apache-2.0
"""`laurel present` and `laurel verify` between a learner and somebody who asks to see a badge."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from holder_world import presentation
from samples import golden_document, plain_credential

from laurel.cli import main
from laurel.formats import open_badges_3
from laurel.proof import ecdsa_sd_2023

DRAFT: dict[str, Any] = open_badges_3.to_json(plain_credential()) | {
    "issuer": {"type": ["Profile"], "name": "Rivermouth College"}
}
ASKED = ("--challenge", "7fJq2", "--domain", "https://employer.example")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a college's key, a learner's key, and the learner's badge as JSON and as JWT."""
    monkeypatch.chdir(tmp_path)
    assert laurel("keygen", "--out", "college.json").exit_code == 0
    printed = laurel("keygen", "--out", "learner.json").stdout
    did = printed.partition("DID: ")[2].partition("\n")[0]
    draft = json.dumps(DRAFT | {"credentialSubject": DRAFT["credentialSubject"] | {"id": did}})
    for suite, name in (("eddsa-rdfc-2022", "badge.json"), ("vc+jwt", "badge.jwt")):
        done = laurel("issue", "-", "--key", "college.json", "--suite", suite, "--out", name, stdin=draft)
        assert done.exit_code == 0
    return tmp_path


def laurel(*arguments: object, stdin: bytes | str | None = None) -> Result:
    """Run the command; an exception that is not an exit fails the test."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def shown(*arguments: object) -> bytes:
    """What `laurel present` writes."""
    done = laurel("present", *arguments, "--key", "learner.json", "--out", "shown")
    assert done.exit_code == 0, done.output
    return Path("shown").read_bytes()


def report_on(*arguments: object, stdin: bytes) -> tuple[dict[str, Any], int]:
    done = laurel("verify", "-", "--json", "--offline", *arguments, stdin=stdin)
    return json.loads(done.stdout), done.exit_code


class TestPresent:
    @pytest.mark.parametrize(
        ("suite", "badges"),
        [
            (None, ["badge.json", "badge.jwt"]),
            ("eddsa-jcs-2022", ["badge.json", "badge.jwt"]),
            ("vp+jwt", ["badge.jwt"]),
            ("vp-jwt", ["badge.json", "badge.jwt"]),
        ],
    )
    def test_answers_who_asked(self, suite: str | None, badges: list[str]) -> None:
        data = shown(*badges, *ASKED, *(("--suite", suite) if suite else ()))

        report, status = report_on(*ASKED, stdin=data)

        assert (report["verdict"], status) == ("genuine", 0)
        assert [each["verdict"] for each in report["credentials"]] == ["genuine"] * len(badges)
        assert report["holder"].startswith("did:key:")

    @pytest.mark.parametrize(
        ("asked", "verdict", "status"),
        [
            (("--nonce", "7fJq2", "--audience", "https://employer.example"), "genuine", 0),
            (("--challenge", "other", "--domain", "https://employer.example"), "replayed", 1),
            (("--challenge", "7fJq2", "--domain", "https://other.example"), "replayed", 1),
            ((*ASKED, "--at", "2030-01-01"), "replayed", 1),
            (("--challenge", "7fJq2"), "unfinished", 3),
            ((), "genuine", 0),
        ],
    )
    def test_answers_nobody_else(self, asked: tuple[str, ...], verdict: str, status: int) -> None:
        report, found = report_on(*asked, stdin=shown("badge.json", *ASKED))

        assert (report["verdict"], found) == (verdict, status)

    def test_of_anothers_badge_is_not_theirs(self) -> None:
        laurel("keygen", "--out", "mallory.json")
        data = laurel("present", "badge.json", *ASKED, "--key", "mallory.json").stdout_bytes

        report, status = report_on(*ASKED, stdin=data)

        assert (report["verdict"], status) == ("not_theirs", 1)

    def test_takes_a_badge_out_of_its_picture(self) -> None:
        picture = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>'
        Path("badge.svg").write_text(picture, encoding="utf-8")
        assert laurel("bake", "badge.svg", "badge.json", "--out", "baked.svg").exit_code == 0

        report, status = report_on(*ASKED, stdin=shown("baked.svg", *ASKED))

        assert (report["verdict"], status) == ("genuine", 0)

    @pytest.mark.parametrize("kind", ["p256", "rsa2048"])
    def test_signs_with_other_kinds_of_key(self, kind: str) -> None:
        laurel("keygen", "--kind", kind, "--did", "jwk", "--out", "other.json")
        done = laurel("present", "badge.jwt", *ASKED, "--key", "other.json")

        report, _ = report_on(*ASKED, stdin=done.stdout_bytes)

        assert report["checks"][2]["code"] == "holder.ok"

    @pytest.mark.parametrize(
        ("arguments", "status", "words"),
        [
            (("badge.json", "--suite", "vp+jwt"), 1, "not an enveloped credential"),
            (("badge.json", "--suite", "ecdsa-rdfc-2019"), 2, "does not go with a key of the kind Ed25519"),
            (("badge.json", "--suite", "sd-jwt", *ASKED), 2, "Only an SD-JWT"),
            (("badge.json", "--suite", "sd-jwt"), 2, "--challenge and a --domain"),
            (("badge.json", "--reveal", "/name"), 2, "as a whole"),
            (("badge.jwt", "--reveal", "/name"), 2, "as a whole"),
            (("college.json",), 1, "neither VerifiableCredential"),
            (("no.json",), 2, "no file no.json"),
            ((), 2, "Missing argument"),
        ],
    )
    def test_says_what_is_wrong(self, arguments: tuple[str, ...], status: int, words: str) -> None:
        done = laurel("present", *arguments, "--key", "learner.json")

        assert done.exit_code == status
        assert words in done.output

    def test_reveals_what_is_chosen_and_no_more(self, folder: Path) -> None:
        laurel("keygen", "--kind", "p256", "--out", "p256.json")
        key = json.loads(Path("p256.json").read_bytes())["kid"]
        draft = golden_document(issuer_id=key.partition("#")[0])
        del draft["credentialStatus"]
        draft["credentialSubject"]["id"] = json.loads(Path("learner.json").read_bytes())["kid"].partition(
            "#"
        )[0]  # type: ignore[index,call-overload]  # an object
        Path("draft.json").write_text(json.dumps(draft), encoding="utf-8")
        issued = laurel(
            "issue", "draft.json", "--key", "p256.json", "--suite", ecdsa_sd_2023.NAME, "--out", "base.json"
        )
        assert issued.exit_code == 0, issued.output

        whole = laurel("present", "base.json", *ASKED, "--key", "learner.json")
        assert whole.exit_code == 1
        assert "base.json: Its proof is the holder's own" in whole.output
        assert "--reveal-all" in whole.output
        data = shown(
            "base.json", *ASKED, "--reveal", "/credentialSubject/achievement", "--suite", "eddsa-jcs-2022"
        )
        report, _ = report_on(*ASKED, stdin=data)
        assert [check["code"] for check in report["checks"]][:5] == [
            "readable.ok", "proof.ok", "holder.ok", "audience.ok", "nonce.ok",
        ]  # fmt: skip
        (credential,) = report["credentials"]
        assert {check["name"]: check["code"] for check in credential["checks"]}["proof"] == "proof.ok"
        assert "result" not in credential["credential"]["credentialSubject"]

        everything = laurel("present", "base.json", "--key", "learner.json", "--reveal-all")
        report, _ = report_on(stdin=everything.stdout_bytes)
        assert report["verdict"] == "genuine"
        assert report["credentials"][0]["credential"] == draft

    def test_shows_what_was_signed_as_a_whole_as_it_is(self) -> None:
        assert shown("badge.json", "badge.jwt", "--reveal-all")


class TestVerify:
    def test_prints_the_presentation_and_each_credential(self) -> None:
        printed = laurel("verify", "-", *ASKED, stdin=shown("badge.json", "badge.jwt", *ASKED)).stdout

        assert printed.startswith("Genuine, and shown by its holder\n")
        assert "✓ nonce " in printed
        assert "Credential 2 of 2\nGenuine and current\n  Data Cleaning with Python, issued by" in printed

    def test_says_when_nobody_asked(self) -> None:
        printed = laurel("verify", "-", stdin=shown("badge.json", *ASKED)).stdout

        assert printed.startswith("Genuine, but who shows it was not proven\n")
        assert "this can be a copy" in printed

    @pytest.mark.parametrize("badge", ["badge.json", "badge.jwt"])
    def test_takes_no_bare_credential_for_an_answer(self, badge: str) -> None:
        done = laurel("verify", badge, *ASKED)

        assert done.exit_code == 3
        assert "Ask for a presentation" in done.stdout

    def test_says_why_a_presentation_is_not_taken(self) -> None:
        nested = presentation(json.loads(shown("badge.json")))

        done = laurel("verify", "-", stdin=json.dumps(nested))

        assert done.exit_code == 2
        assert "This is not a presentation we can read" in done.stdout
        assert "holds another presentation" in done.stdout

    def test_asks_one_presentation_and_no_batch(self) -> None:
        assert laurel("verify", "--batch", "badge.json", *ASKED).exit_code == 2


class TestInspect:
    @pytest.mark.parametrize(
        ("badge", "suite"),
        [("badge.json", "eddsa-rdfc-2022"), ("badge.jwt", "vp+jwt"), ("badge.json", "vp-jwt")],
    )
    def test_shows_what_a_presentation_holds(self, badge: str, suite: str) -> None:
        data = shown(badge, *ASKED, "--suite", suite)

        seen = json.loads(laurel("inspect", "-", stdin=data).stdout)

        assert seen["format"] == "presentation"
        assert len(seen["document"]["verifiableCredential"]) == 1
        assert ("header" in seen) == ("jwt" in suite)

    def test_says_why_a_presentation_is_not_taken(self) -> None:
        nested = presentation(json.loads(shown("badge.json")))

        done = laurel("inspect", "-", stdin=json.dumps(nested))

        assert done.exit_code == 2
        assert "holds another presentation" in done.stderr
