# SPDX-License-Identifier: Apache-2.0
"""Credentials of issuers with a did:webvh, from the first fetch to the verdict, on hosts of all kinds."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from issuer_identities import NOW, Web, signed
from samples import golden_document
from webvh_logs import START, WebvhLog, key, witnesses

from laurel import verify
from laurel.did import webvh
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey
from laurel.status import bitstring
from laurel.verify.report import Report, Result, Verdict

LOG = "https://cedar.example/.well-known/did.jsonl"
WITNESSES = "https://cedar.example/.well-known/did-witness.json"
LIST = "https://cedar.example/status/1"


def published(log: WebvhLog) -> Web:
    hosts = Web()
    hosts.publish(LOG, log.data)
    if log.witnessed:
        hosts.publish(WITNESSES, log.witnesses)
    return hosts


def witnessed() -> WebvhLog:
    return WebvhLog("cedar.example").add(parameters=witnesses(2, 21, 22, 23)).witness(21, 23)


def credential(log: WebvhLog) -> bytes:
    return signed(log.did, key(11).with_id(f"{log.did}#key-1"))


def judged(hosts: Web, data: bytes, **more: Any) -> Report:
    return verify.check(data, fetch=hosts, at=NOW, **more)


def test_the_log_is_asked_for_and_then_its_witnesses() -> None:
    log = witnessed()
    hosts = published(log)

    report = judged(hosts, credential(log))

    assert report.verdict is Verdict.GENUINE
    assert hosts.asked == [LOG, WITNESSES]


def test_a_log_without_witnesses_needs_no_file() -> None:
    log = WebvhLog("cedar.example").add().add({"key-1": 11})
    hosts = published(log)

    assert judged(hosts, credential(log)).verdict is Verdict.GENUINE
    assert hosts.asked == [LOG]


def test_a_list_of_another_witnessed_issuer_is_followed_to_its_end() -> None:
    """Log, witnesses, list, its issuer's log, its witnesses: five addresses, and no more."""
    log, other = witnessed(), WebvhLog("elm.example")
    other.add({"key-1": 12}, parameters=witnesses(1, 24)).witness(24)
    hosts = published(log)
    hosts.publish("https://elm.example/.well-known/did.jsonl", other.data)
    hosts.publish("https://elm.example/.well-known/did-witness.json", other.witnesses)
    listing = bitstring.list_credential(url=LIST, issuer=other.did, purpose="revocation", valid_from=START)
    keeper = key(12).with_id(f"{other.did}#key-1")
    made = data_integrity.sign(listing, keeper, suite="eddsa-jcs-2022", created=START)
    hosts.publish(LIST, made)
    document: dict[str, Any] = golden_document(issuer_id=log.did)
    document["credentialStatus"] = {
        "id": f"{LIST}#1",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": LIST,
    }
    signer = key(11).with_id(f"{log.did}#key-1")
    data = json.dumps(data_integrity.sign(document, signer, suite="eddsa-jcs-2022", created=NOW)).encode()

    trusted = judged(hosts, data, trust=[log.did, other.did])
    asked = list(hosts.asked)

    assert trusted.verdict is Verdict.GENUINE, trusted["status"]
    assert len(asked) == len(set(asked)) == 5
    # Whose lists count is the verifier's to say.
    assert judged(hosts, data, trust=[log.did])["status"].code == "status.other-issuer"
    assert judged(hosts, data)["status"].code == "status.other-issuer"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda hosts, log: hosts.documents.pop(LOG), "issuer.unreachable"),
        (lambda hosts, log: hosts.documents.pop(WITNESSES), "issuer.unreachable"),
        (lambda hosts, log: hosts.publish(WITNESSES, []), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(WITNESSES, b"{"), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(WITNESSES, log.witness(21).witnesses[:-3]), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, b""), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, log.data[:-40]), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, log.data + log.data), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, witnessed_elsewhere().data), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, log.data.replace(b"key-1", b"key-2")), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, log.data + b"[" * 100_000), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, log.data * 501), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, b" " * (webvh.MOST_BYTES + 1)), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, {"id": log.did}), "proof.bad-did-log"),
        (lambda hosts, log: hosts.publish(LOG, log.add(at=NOW + timedelta(days=1)).data), "proof.bad-did-log"),
    ],
)  # fmt: skip
def test_a_host_that_misbehaves_proves_nothing(spoil: Callable[[Web, WebvhLog], object], code: str) -> None:
    log = witnessed()
    data = credential(log)
    hosts = published(log)
    spoil(hosts, log)
    before = time.process_time()

    report = judged(hosts, data)

    assert time.process_time() - before < 2
    name = "issuer" if code.startswith("issuer") else "proof"
    assert (report[name].result, report[name].code) == (Result.NOT_CHECKED, code)
    assert report.verdict is Verdict.UNFINISHED
    assert report.credential is None
    assert set(hosts.asked) <= {LOG, WITNESSES}
    assert len(hosts.asked) == len(set(hosts.asked))


def witnessed_elsewhere() -> WebvhLog:
    return WebvhLog("cedar.example").add({"key-1": 11}, at=START + timedelta(seconds=1))


def test_whoever_takes_over_the_host_cannot_add_a_key() -> None:
    """The keys of the log are not on the host; what it adds by itself breaks the log."""
    log = WebvhLog("cedar.example").add()
    name = log.did
    taken = WebvhLog("cedar.example", entries=[json.loads(json.dumps(log.entries[0]))])
    taken.add({"key-1": 66}, by=66)
    hosts = published(taken)

    report = judged(hosts, signed(name, key(66).with_id(f"{name}#key-1")))

    assert report["proof"].code == "proof.bad-did-log"
    assert report.verdict is Verdict.UNFINISHED


def test_the_longest_log_that_is_read_takes_no_more_than_its_time() -> None:
    log = WebvhLog("cedar.example")
    for place in range(webvh.MOST_ENTRIES):
        log.add(at=START + timedelta(minutes=place))
    hosts = published(log)
    data = credential(log)
    webvh._read_once.cache_clear()
    before = time.process_time()

    report = judged(hosts, data)

    assert report.verdict is Verdict.GENUINE
    assert time.process_time() - before < 2


def test_one_that_moved_to_its_own_old_address_goes_round_once() -> None:
    """Moving there and back again is a log of three entries like any other; nobody is asked twice."""
    log = WebvhLog("cedar.example").add(parameters={"portable": True})
    old = log.did
    log.add(location="elm.example", alsoKnownAs=[old])
    moved = log.did
    log.add(location="cedar.example", alsoKnownAs=[moved])
    hosts = published(log)
    signer = key(11).with_id(f"{log.did}#key-1")

    report = judged(hosts, signed(log.did, signer))

    assert log.did == old
    assert report.verdict is Verdict.GENUINE
    assert hosts.asked == [LOG]


def test_a_stranger_under_the_name_of_a_log_is_found_out() -> None:
    log = witnessed()
    stranger = SigningKey.generate().with_id(f"{log.did}#key-1")

    assert judged(published(log), signed(log.did, stranger)).verdict is Verdict.CHANGED
