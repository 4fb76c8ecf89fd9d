# SPDX-License-Identifier: Apache-2.0
"""Every case of 1EdTech's own validator: what it expects, and what laurel answers.

Its documents name issuers that are not on the web, so their keys and lists are given here, as those issuers
would publish them. A `valid` or `warning` there is `genuine` here, an `invalid` anything else, and the check
that fits the validator's probe is one that did not pass. Where laurel answers otherwise, OTHERWISE says why.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from issuer_world import NOW
from shared_folder import SHARED

from laurel import did
from laurel import verify as verifying
from laurel.errors import LaurelError
from laurel.formats import baking
from laurel.proof import vc_jwt
from laurel.verify import Report, Result, Verdict

FOLDER: Final = SHARED / "standards" / "1edtech-validator"
CASES: Final = 31
PROBES: Final = {
    "TypePropertyProbe": {"proof", "schema"},
    "ContextPropertyProbe": {"proof", "schema"},
    "JsonSchemaProbe": {"schema"},
    "EvidenceProbe": {"proof", "schema"},
    "IssuerProbe": {"proof", "schema"},
    "EmbeddedProofProbe": {"proof"},
    "ExpirationProbe": {"period"},
    "IssuanceProbe": {"period"},
    "RevocationListProbe": {"status"},
    "BitstringStatusListProbe": {"status"},
}
#: What laurel answers otherwise, and why it stays so: the code of the check that makes the difference.
OTHERWISE: Final = {
    "ob30/simple-did-key-method.json": (
        Verdict.UNKNOWN_ISSUER,
        "issuer.other-key",
        "Its issuer is a urn:uuid and its key a did:key, so nothing ties one to the other. The validator does "
        "not ask; laurel says that the signature holds, and not whose it is.",
    ),
}
REVOKED_LIST: Final = "/api/revocations/da1e96e9-afcc-4eed-b9a2-2ddf7353214c"
REVOKED_BADGE: Final = (
    "https://dc.1edtech.org/wellspring2022/wellspring-portal/credential/54418d3f-ec01-4652-800a-861c890a51a1"
)


class NoAnswer(LaurelError):
    """Nothing lies there."""

    code = "fetch.unreachable"


def table() -> list[tuple[str, str, list[str]]]:
    """Every case of the table: file, expected outcome, probes; none where the folder is absent."""
    if not FOLDER.exists():
        return []
    suites = json.loads((FOLDER / "expectations.json").read_bytes())
    return [(case["file"], case["expect"], case["probes"]) for suite in suites for case in suite["cases"]]


def methods(value: Any) -> Iterator[str]:
    """Every verification method that a document names."""
    if isinstance(value, dict):
        if isinstance(named := value.get("verificationMethod"), str):
            yield named
        for part in value.values():
            yield from methods(part)
    elif isinstance(value, list):
        for part in value:
            yield from methods(part)


class Web:
    """What lies on the web of these fixtures: the issuers' own documents, and the linked ones of OB 2.0."""

    def __init__(self, data: bytes) -> None:
        self.documents: dict[str, bytes] = {}
        content = baking.unbake_old_png(data) if b"openbadges\0" in data else self._text(data)
        presented = json.loads(content) if content.startswith("{") else vc_jwt.read(content).credential
        self._publish_keys(presented)
        if content.startswith("ey") and "issuer" in presented:
            self._publish_key_set(content)
        if presented.get("type") == "Assertion":
            self.documents[presented["id"]] = json.dumps(presented).encode()

    @staticmethod
    def _text(data: bytes) -> str:
        return baking.unbake(data) if data[:1] in b"\x89<" else data.decode().strip()

    def _publish_keys(self, presented: Any) -> None:
        listed: dict[str, list[Any]] = {}
        sources = [presented]
        sources += [json.loads(path.read_bytes()) for path in FOLDER.glob("ob30/bit-string-list/*")]
        for method in {name for source in sources for name in methods(source)}:
            controller, _, key = method.partition("#")
            if key and not controller.startswith("did:key:"):
                listed.setdefault(controller, []).append(
                    {"id": method, "type": "Multikey", "controller": controller, "publicKeyMultibase": key}
                )
        for controller, entries in listed.items():
            url = did.resolve_url(controller) if controller.startswith("did:") else controller
            self.documents[str(url)] = json.dumps({"id": controller, "assertionMethod": entries}).encode()

    def _publish_key_set(self, token: str) -> None:
        """The header carries the key alone; the issuer's host lists it."""
        jwk = vc_jwt.read(token).jwk
        self.documents["https://1edtech.edu/.well-known/jwks.json"] = json.dumps({"keys": [jwk]}).encode()

    def __call__(self, url: str) -> bytes:
        if url in self.documents:
            return self.documents[url]
        if url.endswith("/bit-string-list/testlist"):
            return (FOLDER / "ob30/bit-string-list/testlist").read_bytes()
        if url.endswith(REVOKED_LIST):
            issuer = "did:web:dc.1edtech.org:wellspring2022:wellspring-portal:org" + REVOKED_LIST.replace(
                "/api/revocations/", ":"
            )
            revoked = [{"id": REVOKED_BADGE, "revoked": True}]
            return json.dumps({"id": url, "issuer": issuer, "revokedCredential": revoked}).encode()
        linked = FOLDER / "ob20" / "assets" / Path(url).name
        if url.startswith(("https://example.org/", "http://example.org/")) and linked.exists():
            return linked.read_bytes()
        raise NoAnswer(f"{url} did not answer.")


def judge(file: str) -> Report:
    data = (FOLDER / file).read_bytes()
    return verifying.check(data, fetch=Web(data), at=NOW)


@pytest.mark.skipif(not FOLDER.exists(), reason="../shared/standards/1edtech-validator is not here")
def test_the_table_has_as_many_cases_as_ever() -> None:
    assert len(table()) == CASES


@pytest.mark.parametrize(("file", "expect", "probes"), table())
def test_answers_as_the_validator_expects(file: str, expect: str, probes: list[str]) -> None:
    report = judge(file)

    if file in OTHERWISE:
        verdict, code, _why = OTHERWISE[file]
        assert report.verdict is verdict
        assert [
            check.code for check in report.checks if check.required and check.result is not Result.PASSED
        ] == [code]
    elif expect == "invalid":
        assert report.verdict is not Verdict.GENUINE
        assert report.exit_code != 0
        for probe in probes:
            assert any(report[name].result is not Result.PASSED for name in PROBES[probe]), probe
            assert not all(report[name].result is Result.PASSED for name in PROBES[probe])
    else:
        assert report.verdict is Verdict.GENUINE, report.checks


#: Each of these is refused for the reason that its name gives, and for no other.
REASONS: Final = {
    "ob30/simple-err-type.json": "proof.data-loss",
    "ob30/simple-err-proof-method-no-scheme.json": "proof.malformed",
    "ob30/simple-err-proof-value.json": "proof.bad-signature",
    "ob30/simple-err-expired.json": "period.ended",
    "ob30/simple-err-context.json": "proof.data-loss",
    "ob30/simple-err-issuer.json": "schema.broken-rule",
    "ob30/simple-err-evidence-type.json": "proof.data-loss",
    "ob30/simple-err-issuer-parentorg-type.json": "proof.data-loss",
    "ob30/simple-err-issued.json": "period.not-yet",
    "ob30/credential-status-revoked.json": "status.withdrawn",
    # The list calls itself by another address than the badge does, and the index is a number and no text.
    "ob30/bit-string-list/credential-status-revoked.json": "status.other-list",
    "ob20/basic-assertion-invalid-context.json": "schema.broken-rule",
    "ob20/simple-revoked.jwt": "status.withdrawn",
    "ob20/basic-assertion-with-allowed-origins-invalid-starts-with.json": "issuer.other-place",
    "ob20/basic-assertion-expired.json": "period.ended",
}


@pytest.mark.parametrize(
    "file", [file for file, expect, _ in table() if expect == "invalid"] if FOLDER.exists() else []
)
def test_refuses_each_for_its_own_reason(file: str) -> None:
    codes = {check.code for check in judge(file).checks if check.result is not Result.PASSED}

    assert REASONS[file] in codes
