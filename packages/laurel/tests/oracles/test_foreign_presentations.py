# SPDX-License-Identifier: Apache-2.0
"""`@digitalbazaar/vc` takes the presentations that laurel signs, laurel takes its own, and neither a changed one.

Skips where node or the packages of the lock file cannot be had; required as the other oracles are.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from samples import golden_document
from test_foreign_tokens import ask as ask_jose
from test_foreign_verifiers import AT, SUITES, ask, installed

from laurel import present
from laurel.did import key as did_key
from laurel.proof import data_integrity, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.strictjson import dumps
from laurel.verify import PresentationReport, PresentationVerdict, check_presentation

__all__ = ["installed"]

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

ISSUER_SEED, HOLDER_SEED = bytes(range(32)), bytes(range(32, 64))
ISSUER, HOLDER = (did_key.with_did_key(SigningKey.from_seed(seed)) for seed in (ISSUER_SEED, HOLDER_SEED))
ASKED = {"challenge": "n-0S6_WzA2Mj", "domain": "https://verifier.example"}

Edit = Callable[[dict[str, Any]], object]
EDITS: dict[str, Edit] = {
    "another name in a credential": lambda d: d["verifiableCredential"][0].update(name="Rust"),
    "another learner": lambda d: d["verifiableCredential"][1]["credentialSubject"].update(id="did:example:m"),
    "one credential less": lambda d: d["verifiableCredential"].pop(),
    "one credential twice": lambda d: d["verifiableCredential"].append(d["verifiableCredential"][0]),
    "another holder": lambda d: d.update(holder="did:example:mallory"),
    "another challenge": lambda d: d["proof"].update(challenge="n-0S6_WzA2Mk"),
    "another domain": lambda d: d["proof"].update(domain="https://other.example"),
    "another purpose": lambda d: d["proof"].update(proofPurpose="assertionMethod"),
    "another moment": lambda d: d["proof"].update(created="2026-11-22T09:30:01Z"),
    "no challenge": lambda d: d["proof"].pop("challenge"),
    "no proof": lambda d: d.pop("proof"),
}
WRONG = ({"challenge": "other"}, {"domain": "https://other.example"})


def did_of(key: SigningKey) -> str:
    return str(key.id).partition("#")[0]


def badges(suite: str) -> list[dict[str, Any]]:
    """Two credentials of one achievement for the holder."""
    made: list[dict[str, Any]] = []
    for place in (1, 2):
        draft = golden_document(issuer_id=did_of(ISSUER), subject_id=did_of(HOLDER))
        del draft["credentialStatus"]
        draft["id"] = f"urn:uuid:9f1c6f0e-52f8-4d0e-9f7b-7c61b1c5d2a{place}"
        made.append(data_integrity.sign(draft, ISSUER, suite=suite, created=AT))
    return made


def copies(shown: dict[str, Any]) -> list[dict[str, Any]]:
    made = [copy.deepcopy(shown) for _ in EDITS]
    for changed, edit in zip(made, EDITS.values(), strict=True):
        edit(changed)
    return made


def judge(shown: dict[str, Any], **changes: str) -> PresentationReport:
    """Check a presentation; there is no network, and nothing in it needs one."""
    return check_presentation(dumps(shown), fetch=lambda url: b"", at=AT, **(ASKED | changes))


@pytest.mark.parametrize("inner", SUITES)
@pytest.mark.parametrize("suite", SUITES)
def test_they_take_ours_and_no_changed_copy(installed: str, suite: str, inner: str) -> None:
    showable = present.check(badges(inner), holder=did_of(HOLDER))
    shown = json.loads(present.sign(showable, HOLDER, suite=suite, created=AT, **ASKED))

    requests = [{"document": each} | ASKED for each in (shown, *copies(shown))]
    requests += [{"document": shown} | ASKED | wrong for wrong in WRONG]
    answers, _ = ask(installed, *({"op": "verifyPresentation"} | request for request in requests))

    verified = [answer["verified"] for answer in answers]
    assert verified == [True] + [False] * (len(EDITS) + len(WRONG)), answers[0]


@pytest.mark.parametrize("inner", SUITES)
@pytest.mark.parametrize("suite", SUITES)
def test_we_take_theirs_and_no_changed_copy(installed: str, suite: str, inner: str) -> None:
    document = present.check(badges(inner), holder=did_of(HOLDER)).document
    request = {"op": "present", "suite": suite, "seed": HOLDER_SEED.hex(), "document": document} | ASKED

    ((answer,), _) = ask(installed, request)
    shown = answer["document"]

    report = judge(shown)
    assert report.verdict is PresentationVerdict.GENUINE
    assert {credential["holder"].code for credential in report.credentials} == {"holder.ok"}
    verdicts = [judge(changed).verdict for changed in copies(shown)]
    verdicts += [judge(shown, **wrong).verdict for wrong in WRONG]
    assert PresentationVerdict.GENUINE not in verdicts


@pytest.mark.parametrize("suite", SUITES)
def test_both_sign_the_same_bytes(installed: str, suite: str) -> None:
    document = present.check(badges(SUITES[0]), holder=did_of(HOLDER)).document
    request = {"op": "present", "suite": suite, "seed": HOLDER_SEED.hex(), "document": document} | ASKED

    ((answer,), _) = ask(installed, request)
    ours = json.loads(
        present.sign(present.check_document(document), HOLDER, suite=suite, created=AT, **ASKED)
    )

    theirs = answer["document"]["proof"]
    assert theirs["created"] == ours["proof"]["created"]
    assert theirs["proofValue"] == ours["proof"]["proofValue"]


def enveloped() -> dict[str, Any]:
    """A presentation of one credential, all of it JWT."""
    draft = golden_document(issuer_id=did_of(ISSUER), subject_id=did_of(HOLDER))
    del draft["credentialStatus"]
    badge = vc_jwt.sign(draft, ISSUER, profile="vc-jose-cose")
    return present.check([badge], holder=did_of(HOLDER)).document


def test_jose_takes_our_vp_jwt(installed: str) -> None:
    showable = present.check_document(enveloped())
    text = present.sign_jwt(showable, HOLDER, created=AT, **ASKED)
    header, payload, signature = text.split(".")
    asked = {"op": "jws-verify", "typ": "vp+jwt", "key": HOLDER.public.to_jwk(), "audience": ASKED["domain"]}

    (ours, changed, elsewhere), _ = ask_jose(
        installed,
        asked | {"text": text},
        asked | {"text": ".".join([header, payload[:-4] + "AAAA", signature])},
        asked | {"text": text, "audience": "https://other.example"},
    )

    assert ours["verified"]
    assert ours["claims"]["nonce"] == ASKED["challenge"]
    assert not changed["verified"]
    assert not elsewhere["verified"]


def test_we_take_a_vp_jwt_of_jose(installed: str) -> None:
    claims = enveloped() | {"aud": ASKED["domain"], "nonce": ASKED["challenge"], "iat": int(AT.timestamp())}
    signing = {"op": "jws-sign", "key": HOLDER.to_private_jwk(), "claims": claims}
    headers = [{"typ": kind, "kid": HOLDER.id} for kind in ("vp+jwt", "vc+jwt")]

    (made, mistyped), _ = ask_jose(installed, *(signing | {"header": header} for header in headers))

    def found(text: str, **changes: str) -> PresentationVerdict:
        asked = ASKED | changes
        return check_presentation(text.encode(), fetch=lambda url: b"", at=AT, **asked).verdict

    assert found(made["text"]) is PresentationVerdict.GENUINE
    assert [found(made["text"], **wrong) for wrong in WRONG] == [PresentationVerdict.REPLAYED] * 2
    assert found(mistyped["text"]) is PresentationVerdict.UNREADABLE
