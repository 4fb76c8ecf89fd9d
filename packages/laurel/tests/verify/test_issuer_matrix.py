# SPDX-License-Identifier: Apache-2.0
"""A key speaks for its own issuer and for no other, of whatever kind both are."""

from collections import Counter

import pytest
from issuer_identities import NOW, Web, issuer_of, issuers, signed

from laurel import verify
from laurel.did import web
from laurel.errors import LaurelError
from laurel.proof.keys import SigningKey
from laurel.verify.report import Result, Verdict

KINDS = ("did:key Ed25519", "did:key P-256", "did:jwk", "did:web", "did:webvh", "https")


@pytest.mark.parametrize("form", ["jcs", "jwt", "vc+jwt"])
def test_of_six_issuers_and_six_keys_exactly_six_are_valid(form: str) -> None:
    hosts = Web()
    keys = issuers(hosts)
    assert set(keys) == set(KINDS)
    verdicts: dict[tuple[str, str], Verdict] = {}

    for issuer in KINDS:
        for signer in KINDS:
            data = signed(issuer_of(keys[issuer]), keys[signer], form)
            report = verify.check(data, fetch=hosts, at=NOW)
            verdicts[issuer, signer] = report.verdict
            if issuer != signer:
                assert report["issuer"].result is not Result.PASSED

    assert {pair for pair, verdict in verdicts.items() if verdict is Verdict.GENUINE} == {
        (kind, kind) for kind in KINDS
    }
    assert Counter(verdicts.values())[Verdict.GENUINE] == len(KINDS)
    # A token of the W3C's form names its issuer twice, so some of the others do not even hold together.
    assert set(verdicts.values()) <= {Verdict.GENUINE, Verdict.UNKNOWN_ISSUER, Verdict.CHANGED}


@pytest.mark.parametrize("form", ["jcs", "jwt", "vc+jwt"])
def test_a_key_under_another_issuers_name_is_found_out(form: str) -> None:
    hosts = Web()
    keys = issuers(hosts)
    held = set()

    for issuer in KINDS:
        for signer in KINDS:
            borrowed = keys[signer].with_id(str(keys[issuer].id))
            report = verify.check(signed(issuer_of(keys[issuer]), borrowed, form), fetch=hosts, at=NOW)
            if report.verdict is Verdict.GENUINE:
                held.add((issuer, signer))

    assert held == {(kind, kind) for kind in KINDS}


@pytest.mark.parametrize("kind", ["did:web", "https"])
def test_a_document_cannot_claim_the_key_of_another(kind: str) -> None:
    """`controller` is what the document of a stranger says; only the issuer's own document counts."""
    hosts = Web()
    keys = issuers(hosts)
    victim, thief = issuer_of(keys[kind]), "did:web:thief.example"
    key = SigningKey.generate().with_id(f"{thief}#key-1")
    document = web.document(thief, [key.public])
    for controller in (victim, [victim, thief], thief):
        (method,) = document["verificationMethod"]  # type: ignore[misc]  # one key
        method["controller"] = controller  # type: ignore[index,call-overload]  # an object
        hosts.publish("https://thief.example/.well-known/did.json", document | {"alsoKnownAs": [victim]})

        report = verify.check(signed(victim, key), fetch=hosts, at=NOW)

        assert report["issuer"].result is Result.FAILED
        assert report.verdict in (Verdict.UNKNOWN_ISSUER, Verdict.CHANGED)


#: Names that look like `did:web:alder.example:o:alder`, or lead to its file by another spelling.
LOOK_ALIKES = (
    "did:web:a1der.example:o:alder",
    "did:web:alder.example.evil.example:o:alder",
    "did:web:alder-example.evil.example:o:alder",
    "did:web:xn--lder-5cd.example:o:alder",
    "did:web:\u0430lder.example:o:alder",
    "did:web:ALDER.example:o:alder",
    "did:web:alder.example.:o:alder",
    "did:web:alder.example%3A443:o:alder",
    "did:web:alder.example%3A0443:o:alder",
    "did:web:alder.example:o:%61lder",
    "did:web:alder.example:o:alder:",
    "did:web:alder.example:o:.:alder",
    "did:web:alder.example%2Fo%2Falder",
    "did:web:alder.example%23:o:alder",
    "did:web:evil.example%40alder.example:o:alder",
    "did:web:alder.example%40evil.example:o:alder",
    "did:web:evil.example%5C%40alder.example:o:alder",
    "did:web:alder.example:o:alder%00",
    "did:web:alder.example:o:alder%20",
    "did:web:10.0.0.1:o:alder",
    "did:web:0x7f000001:o:alder",
    "did:web:%5B%3A%3Affff%3A7f00%3A1%5D:o:alder",
    "DID:WEB:alder.example:o:alder",
    "did:Web:alder.example:o:alder",
)


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_looks_like_an_issuer_is_another(name: str) -> None:
    """Whoever signs under such a name never counts as the real one, and nobody inside the network is asked."""
    hosts = Web()
    keys = issuers(hosts)
    forger = SigningKey.generate().with_id(f"{name}#key-1")
    try:
        url = web.url(name)
        hosts.publish(url, web.document(name, [forger.public]) | {"id": name})
    except (LaurelError, ValueError):
        url = None
    data = signed(issuer_of(keys["did:web"]), forger)

    report = verify.check(data, fetch=hosts, at=NOW)

    assert report["issuer"].result is not Result.PASSED
    assert report.verdict not in (Verdict.GENUINE, Verdict.OUT_OF_DATE)
    assert set(hosts.asked) <= {url}
    assert all(asked.startswith("https://") for asked in hosts.asked)


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_a_list_of_trusted_issuers_takes_names_letter_by_letter(name: str) -> None:
    hosts = Web()
    key = issuers(hosts)["did:web"]

    report = verify.check(signed(issuer_of(key), key), fetch=hosts, at=NOW, trust=[name])

    assert report["trust"].code == "trust.unknown"
    assert report.verdict is Verdict.UNKNOWN_ISSUER


def test_the_forger_of_the_look_alikes_would_be_believed_under_the_real_name() -> None:
    """So that the tests above can fail: the same forgery, with the real name's document in the forger's hand."""
    hosts = Web()
    issuers(hosts)
    name = "did:web:alder.example:o:alder"
    forger = SigningKey.generate().with_id(f"{name}#key-1")
    hosts.publish(web.url(name), web.document(name, [forger.public]))

    assert verify.check(signed(name, forger), fetch=hosts, at=NOW).verdict is Verdict.GENUINE
