# SPDX-License-Identifier: Apache-2.0
"""Every input of the W3C's suite for VC Data Model 2.0, signed and verified as the suite does, or refused."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from holder_world import Learner, did_of
from issuer_world import ISSUED_AT, NOW
from shared_folder import shared_files

from laurel import issue, present
from laurel.did import key as did_key
from laurel.errors import LaurelError
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey
from laurel.rules import vc_data_model_2
from laurel.strictjson import dumps
from laurel.verify import Check, Result, check

INPUTS = shared_files("*.json", "hostile", "vcdm2-input")
KEY: Final = did_key.with_did_key(SigningKey.from_seed(bytes(range(32))))
DID: Final = did_of(KEY)
#: The key of the suite itself, which its files name as issuer and holder.
THEIR_DID: Final = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"

INLINE = "It writes a context into the document, where any word can be given any meaning."
UNKNOWN = "It names a context that laurel does not hold, and none is ever fetched."
DIRECTION = "RDF does not keep @direction, so a proof over RDF would not cover it."
#: Files that should be taken and that laurel does not sign over RDF, each with the reason.
NOT_OVER_RDF: Final[dict[str, str]] = {
    "credential-context-combo1-ok": UNKNOWN,
    "credential-context-combo2-ok": INLINE,
    "credential-description-language-direction-en-ok": DIRECTION,
    "credential-evidence-ok": INLINE,
    "credential-evidences-ok": INLINE,
    "credential-id-single-ok": UNKNOWN,
    "credential-name-language-direction-en-ok": DIRECTION,
    "credential-optional-type-ok": UNKNOWN,
    "credential-refresh-type-ok": INLINE,
    "credential-schema-type-ok": INLINE,
    "credential-status-missing-id-ok": INLINE,
    "credential-status-ok": INLINE,
    "credential-termsofuse-id-ok": INLINE,
    "credential-termsofuse-ok": INLINE,
    "credential-termsofuses-ok": INLINE,
    "credential-type-mapped-url-ok": INLINE,
    "issuer-description-language-direction-en-ok": DIRECTION,
    "issuer-name-language-direction-en-ok": DIRECTION,
    "presentation-context-combo2-ok": INLINE,
    "presentation-optional-type-ok": INLINE,
}
#: Files that should be taken and that laurel never takes, each with the reason.
DIFFERENT: Final[dict[str, str]] = {
    "credential-proof-ok": "It carries the example of a proof, and laurel signs drafts only.",
    "presentation-enveloped-vc-ok": "Its media type and parameter are those of a draft; no version of "
    "VC-JOSE-COSE that was published has them.",
}


def is_ok(stem: str) -> bool:
    """Tell what a file's name promises; three names promise nothing, and their mismatch is a fault."""
    return stem.endswith("-ok")


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_gets_the_verdict_of_its_name(path: Path) -> None:
    taken, reason = judged(path)

    assert taken == (is_ok(path.stem) and path.stem not in DIFFERENT | NOT_OVER_RDF), reason


@pytest.mark.parametrize(
    "path", [path for path in INPUTS if path.stem in NOT_OVER_RDF], ids=lambda path: path.stem
)
def test_that_is_not_signed_over_rdf_is_taken_from_others_over_json(path: Path) -> None:
    document = read(path)

    if path.stem.startswith("presentation-"):
        checks = present_and_check(document, suite="eddsa-jcs-2022")
    else:
        secured = data_integrity.sign(
            completed(document, path.stem), KEY, suite="eddsa-jcs-2022", created=ISSUED_AT
        )
        checks = list(check(dumps(secured), fetch=nothing, at=NOW).checks)

    assert [one.message for one in failed(checks)] == []
    closer = "schema.no-meaning" in {one.code for one in checks}
    assert closer == (NOT_OVER_RDF[path.stem] is not DIRECTION)


def test_are_all_here() -> None:
    if not INPUTS:
        pytest.skip("../shared/hostile/vcdm2-input is not here")
    stems = {path.stem for path in INPUTS}
    assert len(stems) == 120
    assert sum(map(is_ok, stems)) == 65
    assert DIFFERENT.keys() | NOT_OVER_RDF.keys() <= stems


def judged(path: Path) -> tuple[bool, str]:
    """Sign and verify a file; say whether it was taken, and if not why."""
    document = read(path)
    try:
        if path.stem.startswith("presentation-"):
            checks = present_and_check(document, is_self_asserted="self-asserted" in path.stem)
        else:
            badge = signed(completed(document, path.stem))
            checks = list(check(badge, fetch=nothing, at=NOW).checks)
    except LaurelError as error:
        return False, str(error)
    return not failed(checks), "; ".join(one.message for one in failed(checks))


def read(path: Path) -> Any:
    """Return a file with our key for that of the suite."""
    return json.loads(path.read_text(encoding="utf-8").replace(THEIR_DID, DID))


def failed(checks: list[Check]) -> list[Check]:
    """Return what failed; that a credential is not current today makes it no less conformant."""
    return [
        one
        for one in checks
        if one.result is Result.FAILED and one.code not in ("period.ended", "period.not-yet")
    ]


def signed(credential: dict[str, Any]) -> bytes:
    checked = issue.check_document(credential, rules=(vc_data_model_2.check_document,))
    return issue.sign(checked, KEY, created=ISSUED_AT)


def present_and_check(
    document: dict[str, Any], *, is_self_asserted: bool = False, suite: str = "eddsa-rdfc-2022"
) -> list[Check]:
    """Do as the suite does: sign each credential that nobody signed, then the presentation."""
    if not is_self_asserted:
        document |= {
            "verifiableCredential": [
                json.loads(signed(each | {"issuer": DID}))
                if isinstance(each, dict) and each.get("issuer")
                else each
                for each in document.get("verifiableCredential", [])
            ]
        }
        if not document["verifiableCredential"]:
            del document["verifiableCredential"]
    holder = Learner(key=KEY)
    showable = present.check_document(document)
    data = present.sign(showable, KEY, suite=suite, created=NOW, challenge="c", domain="d")
    report = holder.judge(data, challenge="c", domain="d", fetch=nothing)
    # The credentials of the suite are about somebody else than its key.
    inner = [each for credential in report.credentials for each in credential.checks if each.name != "holder"]
    return [*report.checks, *inner]


def completed(document: dict[str, Any], stem: str) -> dict[str, Any]:
    """Fill in what the suite adds before it sends a credential: an issuer, and dates around today."""
    issuer = document.get("issuer")
    is_forgotten = "issuer" not in document and stem != "credential-no-issuer-fail"
    if is_forgotten or (isinstance(issuer, str) and ":" in issuer):
        document["issuer"] = DID
    elif isinstance(issuer, dict) and ("id" not in issuer or ":" in str(issuer["id"])):
        issuer["id"] = DID
    for name, date in (("PAST DATE", "2020-01-01T00:00:00Z"), ("FUTURE DATE", "2100-01-01T00:00:00Z")):
        for member in ("validFrom", "validUntil"):
            if document.get(member) == name:
                document[member] = date
    return document


def nothing(url: str) -> bytes:
    """Answer as a host that is not there."""
    raise LaurelError(f"{url} did not answer.")
