# SPDX-License-Identifier: Apache-2.0
"""The 36 files of the W3C's VC-JOSE-COSE suite: what is good is taken, what is bad refused, COSE named as such."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from shared_folder import SHARED

from laurel import issue, verify
from laurel.errors import FailedChecks, LaurelError
from laurel.proof import vc_jwt, vc_sd_jwt, vp_jwt
from laurel.proof.keys import SigningKey, VerifyingKey

FOLDER = SHARED / "hostile" / "vc-jose-cose-input"

# The bad files, and those in which somebody signed the format that we do not read.
REFUSED = {
    "credential-jose-bad-media-type.txt",
    "credential-jose-bad-signature.txt",
    "credential-jose-vc-vp-claims.txt",
    "credential-sdjwt-bad-media-type.txt",
    "credential-sdjwt-bad-signature.txt",
    "presentation-jose-bad-credential.txt",
    "presentation-jose-bad-media-type.txt",
    "presentation-sdjwt-bad-credential.txt",
    "presentation-sdjwt-bad-media-type.txt",
}
TAKEN = {
    "credential-issuer-match-signed.txt",
    "credential-jose-minimal.txt",
    "credential-jose-unknown-extensions.txt",  # by its own key; the suite holds it against another
    "credential-sdjwt-nested.txt",
    "credential-sdjwt-selective.txt",
    "presentation-jose-multiple.txt",
    "presentation-sdjwt-selective.txt",
}


@pytest.fixture(scope="module", autouse=True)
def present() -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"the VC-JOSE-COSE files are not at {FOLDER}")


def method(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"vm-{name}.json").read_bytes())
    return found


def signing_key(name: str) -> SigningKey:
    found = method(name)
    return SigningKey.from_jwk(found["secretKeyJwk"]).with_id(found["id"])


def keys() -> dict[str, VerifyingKey]:
    """The suite's keys by their `kid`."""
    public = [method(name)["publicKeyJwk"] for name in ("p256", "p384", "p521", "ed25519")]
    return {jwk["kid"]: VerifyingKey.from_jwk(jwk) for jwk in public}


def taken(name: str, key: VerifyingKey | None = None) -> bool:
    """Tell whether a signed file holds, by the key that it names or by another."""
    text = (FOLDER / name).read_text().strip()
    try:
        if name.startswith("presentation-sdjwt"):
            shown = vc_sd_jwt.read_presentation(text)
            vc_sd_jwt.verify(shown, key or keys()[str(shown.inner.kid)])
        elif name.startswith("presentation"):
            presentation = vp_jwt.read(text)
            vp_jwt.verify(presentation, key or keys()[str(presentation.kid)])
        elif "sdjwt" in name:
            token = vc_sd_jwt.read(text)
            vc_sd_jwt.verify(token, key or keys()[str(token.kid)])
        else:
            credential = vc_jwt.read(text)
            vc_jwt.verify(credential, key or keys()[str(credential.kid)])
    except LaurelError:
        return False
    return True


def test_all_36_files_are_looked_at_here() -> None:
    signed = {path.name for path in FOLDER.glob("*.txt")}
    cose = {name for name in signed if "-cose-" in name}
    drafts = {path.name for path in FOLDER.glob("*.json") if not path.name.startswith("vm-")}

    assert signed == REFUSED | TAKEN | cose
    assert {name for name in signed - cose if "bad" in name or "vc-vp" in name} == REFUSED
    assert (len(signed), len(cose), len(drafts)) == (23, 7, 8)
    assert len([path for path in FOLDER.iterdir() if path.name != "LICENSE.md"]) == 36


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_a_good_file_is_taken(name: str) -> None:
    assert taken(name)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_bad_file_is_refused(name: str) -> None:
    assert not taken(name)
    # Whatever somebody hands in, the answer is a report and never a good one.
    report = verify.check((FOLDER / name).read_bytes(), fetch=_offline, at=_at())
    assert report.verdict in (verify.Verdict.CHANGED, verify.Verdict.UNREADABLE, verify.Verdict.UNFINISHED)


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_a_good_file_is_taken_by_no_other_key(name: str) -> None:
    assert not taken(name, SigningKey.generate("p521").public)
    assert not taken(name, SigningKey.generate().public)


def test_a_file_in_cose_is_refused_by_name() -> None:
    names = sorted(path.name for path in FOLDER.glob("*-cose-*.txt"))
    for name in names:
        report = verify.check((FOLDER / name).read_bytes(), fetch=_offline, at=_at())
        assert report.verdict is verify.Verdict.UNREADABLE
        wanted = "unreadable.unknown-format" if "not-base64" in name else "unreadable.cose"
        assert report["readable"].code == wanted, (name, report["readable"])

    assert len(names) == 7


@pytest.mark.parametrize(
    ("name", "key", "pointers"),
    [
        ("minimal", "p256", ()),
        ("full", "p384", ()),
        ("minimal", "ed25519", ()),
        ("selective", "p384", ("/credentialSubject/firstName", "/credentialSubject/lastName")),
        (
            "nested-selective",
            "p521",
            (
                "/credentialSubject/address/street",
                "/credentialSubject/address/city",
                "/credentialSubject/phoneNumbers/0",
            ),
        ),
    ],
)
def test_a_draft_of_a_credential_comes_back_as_it_was(name: str, key: str, pointers: tuple[str, ...]) -> None:
    draft = json.loads((FOLDER / f"credential-{name}.json").read_bytes())
    signer = signing_key(key)

    jwt = vc_jwt.read(vc_jwt.sign(draft, signer, profile="vc-jose-cose"))
    token = vc_sd_jwt.read(vc_sd_jwt.sign(draft, signer, disclosable=pointers))

    vc_jwt.verify(jwt, signer.public)
    vc_sd_jwt.verify(token, signer.public)
    assert jwt.credential == token.credential == draft
    assert set(token.sd_jwt.disclosed) == set(pointers)


@pytest.mark.parametrize(
    ("name", "key", "pointers"),
    [
        ("single", "p256", ()),
        ("multiple", "p521", ()),
        ("selective", "p384", ("/holder", "/verifiableCredential/0")),
    ],
)
def test_a_draft_of_a_presentation_comes_back_as_it_was(
    name: str, key: str, pointers: tuple[str, ...]
) -> None:
    draft = json.loads((FOLDER / f"presentation-{name}.json").read_bytes())
    signer = signing_key(key)
    asked: dict[str, Any] = {"audience": "https://v.example", "nonce": "n-1"}

    jwt = vp_jwt.read(vp_jwt.sign(draft, signer, **asked))
    token = vc_sd_jwt.read_presentation(
        vc_sd_jwt.sign_presentation(draft, signer, disclosable=pointers, **asked)
    )

    vp_jwt.verify(jwt, signer.public)
    vc_sd_jwt.verify(token, signer.public)
    assert jwt.presentation == token.inner.presentation == draft


def test_a_draft_with_unknown_extensions_is_not_issued() -> None:
    draft = json.loads((FOLDER / "credential-unknown-extensions.json").read_bytes())

    with pytest.raises(FailedChecks) as caught:
        issue.check_document(draft)

    assert any("adExtension" in each.message or "context" in each.code for each in caught.value.findings)


@pytest.mark.parametrize("name", ["credential-minimal.json", "presentation-single.json"])
def test_a_document_that_nobody_signed_is_refused(name: str) -> None:
    data = (FOLDER / name).read_bytes()

    if name.startswith("presentation"):
        found = verify.check_presentation(data, fetch=_offline, at=_at(), challenge=None, domain=None)
        assert found.verdict is not verify.PresentationVerdict.GENUINE
    else:
        assert verify.check(data, fetch=_offline, at=_at())["proof"].code == "proof.missing"


def _offline(url: str) -> bytes:
    raise LaurelError(f"{url} is not asked here.")


def _at() -> datetime:
    return datetime(2024, 12, 15, 12, tzinfo=UTC)
