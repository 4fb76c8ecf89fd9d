# SPDX-License-Identifier: Apache-2.0
"""A list counts that is the issuer's own or of one whom the verifier trusts, whole, of now, and not a bomb."""

import json
import time
import tracemalloc
import zlib
from datetime import timedelta
from typing import Any

import pytest
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import golden_document

from laurel import issue, verify
from laurel.did import key as did_key
from laurel.proof import data_integrity
from laurel.proof.encodings import to_base64url
from laurel.proof.keys import SigningKey
from laurel.status import bitstring
from laurel.verify.material import Kept
from laurel.verify.report import Report, Result, Verdict

URL = "https://fernhill.example/status/9"
AGENCY = "did:web:agency.example"


def entry(purpose: str = "revocation", index: Any = "3", **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"id": f"{URL}#3", "type": "BitstringStatusListEntry", "statusPurpose": purpose}
    return said | {"statusListIndex": index, "statusListCredential": URL} | more


def judged(college: IssuerWorld, status: Any, **more: Any) -> Report:
    document: dict[str, Any] = golden_document(issuer_id=college.did) | {"credentialStatus": status}
    data = data_integrity.sign(document, college.key, suite="eddsa-jcs-2022", created=ISSUED_AT)
    return verify.check(json.dumps(data).encode(), fetch=college.fetch, at=NOW, **more)


class TestCopies:
    """A list says for how many milliseconds its copies serve; only who keeps them knows since when."""

    @pytest.mark.parametrize("is_plain", [True, False], ids=["did:key", "did:web"])
    @pytest.mark.parametrize(
        ("ttl", "age", "code"),
        [
            (60_000, timedelta(seconds=60), "status.ok"),
            (60_000, timedelta(seconds=61), "status.stale"),
            (1, timedelta(milliseconds=2), "status.stale"),
            (None, timedelta(days=300), "status.ok"),
            (10**15, timedelta(days=300), "status.ok"),
        ],
    )
    def test_serve_for_as_long_as_the_list_says(
        self, is_plain: bool, ttl: int | None, age: timedelta, code: str
    ) -> None:
        college = IssuerWorld()
        if is_plain:
            college.key = did_key.with_did_key(SigningKey.generate())
            college.did = str(college.key.id).partition("#")[0]
        listed = college.status_list(URL, "revocation", (), ttl=ttl)
        document = golden_document(issuer_id=college.did) | {"credentialStatus": entry()}
        signed = issue.sign(
            issue.check_document(document), college.key, suite="eddsa-jcs-2022", created=ISSUED_AT
        )
        # Twice, for what was seen once takes a shorter way.
        for _ in range(2):
            found: dict[str, verify.Material] = {
                **college.documents,
                URL: Kept(listed, since=NOW - age),
            }
            report = verify.verify(verify.read(signed), found, at=NOW)

            assert report["status"].code == code
            assert report.verdict is (Verdict.GENUINE if code == "status.ok" else Verdict.UNFINISHED)

    @pytest.mark.parametrize("ttl", [-1, "60000", True, 1.5, None, [60_000]])
    def test_of_which_nothing_sensible_is_said_are_the_keepers_own_affair(self, ttl: Any) -> None:
        college = IssuerWorld()
        document = bitstring.list_credential(
            url=URL, issuer=college.did, purpose="revocation", valid_from=ISSUED_AT
        )
        subject: Any = document["credentialSubject"]
        subject["ttl"] = ttl
        college.publish(
            URL, data_integrity.sign(document, college.key, suite="eddsa-jcs-2022", created=ISSUED_AT)
        )

        assert judged(college, entry())["status"].code == "status.ok"


class TestOtherIssuers:
    def agency(self, college: IssuerWorld, revoked: tuple[int, ...] = ()) -> IssuerWorld:
        """Somebody else who keeps lists, as the college's credentials say."""
        agency = IssuerWorld(did=AGENCY)
        college.documents[URL] = agency.status_list(URL, "revocation", revoked)
        college.documents[agency.did_url] = agency.documents[agency.did_url]
        return agency

    @pytest.mark.parametrize("revoked", [(), (3,)])
    @pytest.mark.parametrize("trust", [None, [], ["did:web:other.example"], "the college's"])
    def test_keep_lists_that_count_for_nobody_by_themselves(
        self, trust: Any, revoked: tuple[int, ...]
    ) -> None:
        college = IssuerWorld()
        self.agency(college, revoked)

        report = judged(college, entry(), trust=[college.did] if trust == "the college's" else trust)

        assert (report["status"].result, report["status"].code) == (
            Result.NOT_CHECKED,
            "status.other-issuer",
        )
        assert report.verdict not in (Verdict.GENUINE, Verdict.WITHDRAWN)

    @pytest.mark.parametrize(("revoked", "verdict"), [((), Verdict.GENUINE), ((3,), Verdict.WITHDRAWN)])
    def test_keep_lists_for_whoever_trusts_them(self, revoked: tuple[int, ...], verdict: Verdict) -> None:
        college = IssuerWorld()
        self.agency(college, revoked)

        assert judged(college, entry(), trust=[college.did, AGENCY]).verdict is verdict

    def test_are_not_believed_by_their_name_alone(self) -> None:
        college = IssuerWorld()
        self.agency(college)
        forged = IssuerWorld(did=AGENCY, key=SigningKey.generate())
        college.documents[URL] = forged.status_list(URL, "revocation", ())

        report = judged(college, entry(), trust=[college.did, AGENCY])

        assert report["status"].code == "status.bad-signature"


class TestPurposes:
    @pytest.mark.parametrize("purpose", ["graduation", "Revocation", "revocation ", "REVOKED"])
    @pytest.mark.parametrize("value", [0, 1])
    def test_that_nobody_knows_make_a_mark_doubtful(self, purpose: str, value: int) -> None:
        """A word that is not exactly that of the specification never withdraws, and is never passed over."""
        college = IssuerWorld()
        document = bitstring.list_credential(
            url=URL, issuer=college.did, purpose="revocation", values={3: value}, valid_from=ISSUED_AT
        )
        subject: Any = document["credentialSubject"]
        subject["statusPurpose"] = purpose
        college.publish(
            URL, data_integrity.sign(document, college.key, suite="eddsa-jcs-2022", created=ISSUED_AT)
        )

        report = judged(college, entry(purpose))

        assert report["status"].code == ("status.unknown-purpose" if value else "status.ok")
        assert report["status"].result is (Result.LOOK_CLOSER if value else Result.PASSED)
        assert report.verdict is (Verdict.UNFINISHED if value else Verdict.GENUINE)

    @pytest.mark.parametrize("asked", ["revocation", "suspension", "refresh", "message"])
    @pytest.mark.parametrize("kept", ["revocation", "suspension", "refresh", "message"])
    def test_of_entry_and_list_are_the_same(self, asked: str, kept: str) -> None:
        college = IssuerWorld()
        college.documents[URL] = college.status_list(URL, kept, ())
        plain = entry("revocation") | {"statusListCredential": f"{URL}b", "id": f"{URL}b#3"}
        college.documents[f"{URL}b"] = college.status_list(f"{URL}b", "revocation", ())

        report = judged(college, [plain, entry(asked)])

        if asked in ("refresh", "message"):
            told = report["status"].detail[asked]
            assert (told == "status.purpose") is (asked != kept)
            assert report.verdict is Verdict.GENUINE
        else:
            assert (report["status"].code == "status.purpose") is (asked != kept)
            assert (report.verdict is Verdict.GENUINE) is (asked == kept)


#: What is no plain number of an entry of the list, or one outside it.
ODD_INDEXES = [
    *("-1", "+3", " 3", "3 ", "03", "0x3", "3.0", "1e0", "٣", "３", "³", "", "3,4", "131072", "9" * 10),
    *("9" * 11, "9" * 5000, "3\n", "three", "NaN", None, True, 3.5, [3], {"@value": "3"}, -1, 131_072),
]  # fmt: skip


@pytest.mark.parametrize("index", ODD_INDEXES, ids=repr)
def test_an_odd_index_never_says_that_all_is_well(index: Any) -> None:
    college = IssuerWorld()
    college.documents[URL] = college.status_list(URL, "revocation", (3,))

    report = judged(college, entry(index=index))

    assert report["status"].result is Result.NOT_CHECKED
    assert report["status"].code in ("status.malformed", "status.range")
    assert report.verdict is Verdict.UNFINISHED


def test_there_are_enough_odd_indexes() -> None:
    assert len(ODD_INDEXES) >= 20


@pytest.mark.parametrize("size", [32, 128])
def test_a_bomb_takes_little_memory_and_time_and_says_nothing(size: int) -> None:
    """In MiB of zeros. A GiB of them packs into 1,043,656 bytes, which are more than a list may have."""
    college = IssuerWorld()
    document = bitstring.list_credential(
        url=URL, issuer=college.did, purpose="revocation", valid_from=ISSUED_AT
    )
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join([*(packer.compress(bytes(1024 * 1024)) for _ in range(size)), packer.flush()])
    subject: Any = document["credentialSubject"]
    subject["encodedList"] = "u" + to_base64url(packed)
    college.publish(
        URL, data_integrity.sign(document, college.key, suite="eddsa-jcs-2022", created=ISSUED_AT)
    )
    tracemalloc.start()
    began = time.process_time()

    report = judged(college, entry())
    took, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (report["status"].result, report["status"].code) == (
        Result.NOT_CHECKED,
        "unreadable.corrupt-bitstring",
    )
    assert report.verdict is Verdict.UNFINISHED
    assert most < 32 * 1024 * 1024
    assert took < 1
