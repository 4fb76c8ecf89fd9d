# SPDX-License-Identifier: Apache-2.0
"""A badge of which its holder shows parts: from the issuer's desk to the verifier's report."""

import json
from typing import Any

import pytest
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import ISSUER_DID, golden_document, plain_credential

from laurel import issue
from laurel import verify as verifying
from laurel.did import web
from laurel.errors import FailedChecks, NotAKey
from laurel.formats.open_badges_3 import to_json
from laurel.issue.showing import mandatory_pointers
from laurel.issue.signing import Suite
from laurel.proof import data_integrity
from laurel.proof.ecdsa_sd_2023 import derive
from laurel.proof.keys import Kind, SigningKey
from laurel.verify import Report, Result, Verdict

KEYS: dict[Kind, SigningKey] = {
    kind: SigningKey.generate(kind).with_id(f"{ISSUER_DID}#{kind}") for kind in ("ed25519", "p256", "p384")
}
SUITES: list[tuple[Suite, Kind]] = [
    ("eddsa-rdfc-2022", "ed25519"),
    ("eddsa-jcs-2022", "ed25519"),
    ("ecdsa-rdfc-2019", "p256"),
    ("ecdsa-rdfc-2019", "p384"),
    ("ecdsa-jcs-2019", "p256"),
    ("ecdsa-jcs-2019", "p384"),
]


@pytest.fixture
def college() -> IssuerWorld:
    college = IssuerWorld()
    college.publish(
        college.did_url,
        web.document(ISSUER_DID, [college.key.public, *(key.public for key in KEYS.values())]),
    )
    return college


def issued(document: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    checked = issue.check_document(document or golden_document())
    made = json.loads(issue.sign(checked, KEYS["p256"], suite="ecdsa-sd-2023", created=ISSUED_AT, **options))
    assert isinstance(made, dict)
    return made


def judge(college: IssuerWorld, document: dict[str, Any]) -> Report:
    return verifying.check(json.dumps(document).encode(), fetch=college.fetch, at=NOW)


class TestEverySuite:
    @pytest.mark.parametrize(("suite", "kind"), SUITES)
    def test_signs_what_is_genuine(self, college: IssuerWorld, suite: Suite, kind: Kind) -> None:
        checked = issue.check_document(golden_document())

        data = issue.sign(checked, KEYS[kind], suite=suite, created=ISSUED_AT)

        report = verifying.check(data, fetch=college.fetch, at=NOW)
        assert report.verdict is Verdict.GENUINE
        assert report.technical["suite"] == suite
        assert report.credential == golden_document()

    @pytest.mark.parametrize(("suite", "kind"), SUITES)
    def test_signs_the_same_bytes_as_the_plain_way(self, suite: Suite, kind: Kind) -> None:
        checked = issue.check_document(golden_document())

        data = issue.sign(checked, KEYS[kind], suite=suite, created=ISSUED_AT)

        assert json.loads(data) == data_integrity.sign(
            golden_document(), KEYS[kind], suite=suite, created=ISSUED_AT
        )

    @pytest.mark.parametrize(("suite", "kind"), [*SUITES, ("ecdsa-sd-2023", "p256")])
    def test_refuses_keys_of_another_kind(self, suite: Suite, kind: Kind) -> None:
        del kind
        checked = issue.check_document(golden_document())
        taken = data_integrity.SUITES[suite].algorithms

        for key in KEYS.values():
            if key.algorithm not in taken:
                with pytest.raises(NotAKey, match=key.algorithm):
                    issue.sign(checked, key, suite=suite, created=ISSUED_AT)

    @pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
    @pytest.mark.parametrize("kind", ["p256", "p384"])
    def test_refuses_a_changed_word(self, college: IssuerWorld, suite: Suite, kind: Kind) -> None:
        checked = issue.check_document(golden_document())
        data = issue.sign(checked, KEYS[kind], suite=suite, created=ISSUED_AT)

        report = verifying.check(data.replace(b"Amara", b"Zoe"), fetch=college.fetch, at=NOW)

        assert (report.verdict, report["proof"].code) == (Verdict.CHANGED, "proof.bad-signature")

    @pytest.mark.parametrize("suite", ["ecdsa-jcs-2019"])
    def test_over_json_still_looks_for_words_without_a_meaning(
        self, college: IssuerWorld, suite: Suite
    ) -> None:
        document = {**golden_document(), "grade": "A"}
        secured = data_integrity.sign(document, KEYS["p256"], suite=suite, created=ISSUED_AT)

        assert judge(college, secured)["schema"].code == "schema.no-meaning"


class TestDerived:
    @pytest.mark.parametrize("credential", [golden_document(), to_json(plain_credential())])
    def test_with_nothing_chosen_is_still_a_badge(
        self, college: IssuerWorld, credential: dict[str, Any]
    ) -> None:
        report = judge(college, derive(issued(credential), []))

        assert report.verdict is Verdict.GENUINE
        assert report.technical["suite"] == "ecdsa-sd-2023"

    def test_shows_what_was_chosen(self, college: IssuerWorld) -> None:
        result, described = (
            "/credentialSubject/result/2",
            "/credentialSubject/achievement/resultDescription/2",
        )
        derived = derive(issued(), [result, described, "/evidence/0"])

        report = judge(college, derived)

        assert report.verdict is Verdict.GENUINE
        assert report.credential == {name: part for name, part in derived.items() if name != "proof"}
        assert "description" not in derived
        assert len(derived["credentialSubject"]["result"]) == len(derived["evidence"]) == 1

    def test_with_a_result_and_not_what_it_means_breaks_a_rule(self, college: IssuerWorld) -> None:
        report = judge(college, derive(issued(), ["/credentialSubject/result/2"]))

        assert (report.verdict, report["schema"].code) == (Verdict.UNFINISHED, "schema.broken-rule")

    def test_cannot_hide_its_end_its_status_or_its_issuer(self, college: IssuerWorld) -> None:
        derived = derive(issued(), ["/name"])
        college.set_status(revoked=[94567])
        assert judge(college, derived).verdict is Verdict.WITHDRAWN

        for name in ("issuer", "validFrom", "validUntil", "credentialStatus"):
            fewer = {other: part for other, part in derived.items() if other != name}
            assert judge(college, fewer).verdict is Verdict.CHANGED

    def test_shows_what_the_issuer_wants_shown_too(self) -> None:
        base = issued(mandatory=("/credentialSubject/result",))

        assert len(derive(base, ["/name"])["credentialSubject"]["result"]) == 3

    def test_of_another_issuer_is_told(self, college: IssuerWorld) -> None:
        stranger = SigningKey.generate("p256").with_id("did:web:other.example#key-1")
        college.publish(
            "https://other.example/.well-known/did.json",
            web.document("did:web:other.example", [stranger.public]),
        )
        base = data_integrity.sign(
            golden_document(),
            stranger,
            suite="ecdsa-sd-2023",
            created=ISSUED_AT,
            mandatory=mandatory_pointers(golden_document()),
        )

        report = judge(college, derive(base, ["/name"]))

        assert (report.verdict, report["issuer"].code) == (Verdict.UNKNOWN_ISSUER, "issuer.other-key")


class TestBase:
    def test_is_neither_genuine_nor_changed(self, college: IssuerWorld) -> None:
        report = judge(college, issued())

        assert report.verdict is Verdict.UNFINISHED
        assert (report["proof"].result, report["proof"].code) == (Result.NOT_CHECKED, "proof.base-proof")
        assert report.credential is None

    def test_refuses_a_pointer_to_nothing(self) -> None:
        with pytest.raises(FailedChecks) as refused:
            issued(mandatory=("/nothing",))

        assert [finding.code for finding in refused.value.findings] == ["proof.pointer"]

    def test_refuses_mandatory_pointers_for_another_suite(self) -> None:
        checked = issue.check_document(golden_document())

        with pytest.raises(ValueError, match="mandatory"):
            issue.sign(checked, KEYS["ed25519"], created=ISSUED_AT, mandatory=("/name",))


class TestMandatoryPointers:
    def test_name_what_is_there(self) -> None:
        assert mandatory_pointers(golden_document(), ("/name", "/issuer")) == (
            "/issuer",
            "/validFrom",
            "/validUntil",
            "/credentialStatus",
            "/credentialSubject/achievement/name",
            "/credentialSubject/achievement/description",
            "/credentialSubject/achievement/criteria",
            "/name",
        )

    def test_name_the_learner_where_no_id_does(self) -> None:
        nameless: dict[str, Any] = golden_document()
        del nameless["credentialSubject"]["id"]
        nameless["credentialSubject"]["identifier"] = [{"type": "IdentityObject"}]

        assert "/credentialSubject/identifier" in mandatory_pointers(nameless)
