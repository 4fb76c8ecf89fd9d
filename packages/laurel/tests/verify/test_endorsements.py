# SPDX-License-Identifier: Apache-2.0
"""An endorsement inside a badge is believed only when its own endorser signed it, of this very thing."""

import json
from copy import deepcopy
from typing import Any

import pytest
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import COURSE, CREDENTIAL_ID, ISSUER_DID, golden_document

from laurel import verify as verifying
from laurel.jsonld.effort import Effort
from laurel.proof import data_integrity, vc_jwt
from laurel.verify import Report, Result, Verdict
from laurel.verify import endorsements as module

CONTEXTS: Any = golden_document()["@context"]
BOARD = "did:web:board.example"


@pytest.fixture
def college() -> IssuerWorld:
    return IssuerWorld()


@pytest.fixture
def board(college: IssuerWorld) -> IssuerWorld:
    """A board that endorses, on the same web as the college."""
    board = IssuerWorld(did=BOARD)
    college.documents[board.did_url] = board.documents[board.did_url]
    return board


def endorsement(about: str = COURSE, **changes: Any) -> dict[str, Any]:
    """What the board says of something, not yet signed."""
    return {
        "@context": list(CONTEXTS),
        "id": "urn:uuid:2f0f8a1e-0f8e-4a55-9d0e-6f6a6c1f7a10",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "In good standing",
        "issuer": {"id": BOARD, "type": ["Profile"], "name": "Board of Colleges"},
        "validFrom": "2026-10-01T00:00:00Z",
        "credentialSubject": {
            "id": about,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Well taught.",
        },
    } | changes


def signed(board: IssuerWorld, about: str = COURSE, **changes: Any) -> dict[str, Any]:
    """The endorsement with the board's proof."""
    document = endorsement(about, **changes)
    return data_integrity.sign(document, board.key, suite="eddsa-rdfc-2022", created=ISSUED_AT)  # type: ignore[return-value]


def endorsed(college: IssuerWorld, *found: Any, suite: str = "eddsa-rdfc-2022", jwt: bool = False) -> bytes:
    """The golden badge whose achievement carries these endorsements."""
    subject = deepcopy(golden_document()["credentialSubject"])
    assert isinstance(subject, dict)
    assert isinstance(subject["achievement"], dict)
    subject["achievement"]["endorsementJwt" if jwt else "endorsement"] = list(found)
    if jwt:
        # The published context does not know the member, so a proof over RDF could not cover it.
        return vc_jwt.sign(golden_document() | {"credentialSubject": subject}, college.key).encode()
    return college.issue(suite, credentialSubject=subject)


def judge(college: IssuerWorld, data: bytes, **more: Any) -> Report:
    return verifying.check(data, **({"fetch": college.fetch, "at": NOW} | more))


class TestHolds:
    @pytest.mark.parametrize(
        "suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "vc-jose-cose", "open-badges-3.0"]
    )
    def test_when_the_endorser_signed_it_whatever_the_badge_is_signed_with(
        self, college: IssuerWorld, board: IssuerWorld, suite: str
    ) -> None:
        report = judge(college, endorsed(college, signed(board), suite=suite))

        assert report.verdict is Verdict.GENUINE
        assert report["endorsements"].result is Result.PASSED
        (one,) = report.endorsements
        assert one.holds
        assert one.pointer == "/credentialSubject/achievement/endorsement/0"
        assert (one.about, one.comment) == (COURSE, "Well taught.")
        assert (one.report.issuer_id, one.report.issuer_name) == (BOARD, "Board of Colleges")

    def test_as_a_jwt(self, college: IssuerWorld, board: IssuerWorld) -> None:
        token = vc_jwt.sign(endorsement(), board.key)
        report = judge(college, endorsed(college, token, jwt=True))

        assert report.verdict is Verdict.GENUINE
        assert report["endorsements"].code == "endorsements.ok", report.endorsements
        assert report.endorsements[0].comment == "Well taught."

    @pytest.mark.parametrize("about", [CREDENTIAL_ID, COURSE, ISSUER_DID])
    def test_on_the_badge_itself_for_anything_in_it(
        self, college: IssuerWorld, board: IssuerWorld, about: str
    ) -> None:
        report = judge(college, college.issue(endorsement=[signed(board, about)]))

        assert report.endorsements[0].holds
        assert report.endorsements[0].pointer == "/endorsement/0"

    def test_on_the_profile_of_the_issuer(self, college: IssuerWorld, board: IssuerWorld) -> None:
        issuer = dict(golden_document()["issuer"], endorsement=[signed(board, ISSUER_DID)])  # type: ignore[arg-type]

        assert judge(college, college.issue(issuer=issuer)).endorsements[0].holds

    def test_is_told_in_the_json(self, college: IssuerWorld, board: IssuerWorld) -> None:
        told = judge(college, endorsed(college, signed(board))).as_json()

        (one,) = json.loads(json.dumps(told))["endorsements"]
        assert one["verdict"] == "genuine"
        assert one["issuer"] == {"id": BOARD, "name": "Board of Colleges"}
        assert {check["name"] for check in one["checks"]} == set(verifying.CHECK_NAMES)


class TestDoesNotHold:
    def doubtful(self, report: Report) -> None:
        """The badge is as good as before, and the endorsement is not."""
        assert report.verdict is Verdict.GENUINE
        assert report.exit_code == 0
        assert report["endorsements"].result is Result.LOOK_CLOSER
        assert not report.endorsements[0].holds

    @pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "vc-jose-cose"])
    def test_when_a_word_is_another(self, college: IssuerWorld, board: IssuerWorld, suite: str) -> None:
        document = signed(board)
        document["credentialSubject"]["endorsementComment"] = "Badly taught."
        report = judge(college, endorsed(college, document, suite=suite))

        self.doubtful(report)
        assert report.endorsements[0].report.verdict is Verdict.CHANGED
        assert report.endorsements[0].comment is None

    def test_when_it_is_of_something_else(self, college: IssuerWorld, board: IssuerWorld) -> None:
        moved = signed(board, "https://elsewhere.example/a/other")
        report = judge(college, endorsed(college, moved))

        self.doubtful(report)
        assert report.endorsements[0].report["schema"].code == "schema.endorses-other"

    def test_when_somebody_else_signed_it_in_the_name_of_the_endorser(
        self, college: IssuerWorld, board: IssuerWorld
    ) -> None:
        forged = data_integrity.sign(endorsement(), college.key, suite="eddsa-rdfc-2022", created=ISSUED_AT)
        report = judge(college, endorsed(college, forged))

        self.doubtful(report)
        assert report.endorsements[0].report.verdict is Verdict.UNKNOWN_ISSUER

    def test_when_it_has_ended(self, college: IssuerWorld, board: IssuerWorld) -> None:
        report = judge(college, endorsed(college, signed(board, validUntil="2026-11-01T00:00:00Z")))

        self.doubtful(report)
        assert report.endorsements[0].report.verdict is Verdict.OUT_OF_DATE

    def test_when_the_endorser_withdrew_it(self, college: IssuerWorld, board: IssuerWorld) -> None:
        url = "https://board.example/status/1"
        college.documents[url] = board.status_list(url, "revocation", [7])
        entry = {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": url,
        }
        report = judge(college, endorsed(college, signed(board, credentialStatus=entry)), most_fetches=9)

        self.doubtful(report)
        assert report.endorsements[0].report.verdict is Verdict.WITHDRAWN

    def test_when_the_endorser_cannot_be_reached(self, college: IssuerWorld, board: IssuerWorld) -> None:
        del college.documents[board.did_url]
        report = judge(college, endorsed(college, signed(board)))

        self.doubtful(report)
        assert report.endorsements[0].report.verdict is Verdict.UNFINISHED

    @pytest.mark.parametrize("found", ["e30.e30.AAAA", "eyJhbGciOiJub25lIn0.e30.AAAA"])
    def test_when_the_token_is_none(self, college: IssuerWorld, found: str) -> None:
        report = judge(college, endorsed(college, found, jwt=True))

        assert report["endorsements"].result is Result.LOOK_CLOSER
        assert report.endorsements[0].report.verdict is not Verdict.GENUINE

    def test_when_it_is_a_badge_and_no_endorsement(self, college: IssuerWorld) -> None:
        badge = vc_jwt.sign(golden_document(), college.key)
        report = judge(college, endorsed(college, badge, jwt=True))

        assert report["endorsements"].result is Result.LOOK_CLOSER
        assert not report.endorsements[0].holds


class TestBounds:
    def test_a_badge_that_does_not_hold_sends_nobody_to_the_endorsers(
        self, college: IssuerWorld, board: IssuerWorld
    ) -> None:
        data = endorsed(college, signed(board), suite="eddsa-jcs-2022").replace(b"Data Cleaning", b"Rocketry")
        report = judge(college, data)

        assert report.verdict is Verdict.CHANGED
        assert report.endorsements == ()
        assert report["endorsements"].result is Result.NOT_CHECKED
        assert board.did_url not in college.asked

    def test_so_many_are_looked_at_and_no_more(self, college: IssuerWorld, board: IssuerWorld) -> None:
        many = [signed(board, id=f"urn:uuid:2f0f8a1e-0f8e-4a55-9d0e-6f6a6c1f7a{n:02}") for n in range(10)]
        report = judge(college, endorsed(college, *many, suite="eddsa-jcs-2022"))

        assert len(report.endorsements) == module.MOST
        assert report["endorsements"].code == "endorsements.too-many"

    def test_their_keys_come_out_of_the_same_five_fetches(self, college: IssuerWorld) -> None:
        boards = [IssuerWorld(did=f"did:web:board{n}.example") for n in range(8)]
        each = [
            data_integrity.sign(
                endorsement(issuer={"id": one.did, "type": ["Profile"]}, id=f"urn:uuid:{n:032}"),
                one.key,
                suite="eddsa-jcs-2022",
                created=ISSUED_AT,
            )
            for n, one in enumerate(boards)
        ]
        report = judge(college, endorsed(college, *each, suite="eddsa-jcs-2022"))

        assert len(college.asked) == 5
        assert report.verdict is Verdict.GENUINE

    def test_what_stands_inside_an_endorsement_is_not_followed(
        self, college: IssuerWorld, board: IssuerWorld
    ) -> None:
        nested = vc_jwt.sign(endorsement(BOARD), board.key)
        outer = endorsement(issuer={"id": BOARD, "type": ["Profile"], "endorsementJwt": [nested]})
        report = judge(college, endorsed(college, vc_jwt.sign(outer, board.key), jwt=True))

        assert [one.pointer for one in report.endorsements] == [
            "/credentialSubject/achievement/endorsementJwt/0"
        ]

    def test_what_stands_in_place_inside_an_endorsement_is_not_followed_either(
        self, college: IssuerWorld, board: IssuerWorld
    ) -> None:
        outer = endorsement(issuer={"id": BOARD, "type": ["Profile"], "endorsement": [signed(board, BOARD)]})
        data = vc_jwt.sign(golden_document() | {"endorsement": [outer]}, college.key).encode()

        assert [one.pointer for one in judge(college, data).endorsements] == ["/endorsement/0"]

    def test_each_signature_is_worked_out_once(
        self, college: IssuerWorld, board: IssuerWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worked = []
        original = data_integrity.verify
        monkeypatch.setattr(
            data_integrity, "verify", lambda *given, **more: (worked.append(1), original(*given, **more))
        )
        judge(college, endorsed(college, signed(board)))

        # The badge, its two lists, and the endorsement; the lists in each round in which they are asked for.
        assert len(worked) <= 8


STRANGE: Any = [
    None,
    5,
    "",
    "x",
    "a.b.c",
    [],
    {},
    [[]],
    [None],
    [5, {}, "x", [{}]],
    {"type": "EndorsementCredential"},
    {"type": ["EndorsementCredential"], "proof": 5},
    {"type": ["EndorsementCredential"], "proof": {}, "credentialSubject": [[]], "issuer": []},
    {"type": ["EndorsementCredential", {}], "id": [], "@context": {"a": None}, "proof": [{"type": "x"}]},
]


class TestHostile:
    @pytest.mark.parametrize("name", ["endorsement", "endorsementJwt"])
    @pytest.mark.parametrize("value", STRANGE)
    def test_nothing_is_too_strange_to_stand_there(self, college: IssuerWorld, name: str, value: Any) -> None:
        """Wherever it stands, the answer is a report, and no endorsement that holds."""
        for place in ((), ("issuer",), ("credentialSubject", "achievement"), ("evidence", 0)):
            document: Any = golden_document()
            target = document
            for step in place:
                target = target[step]
            target[name] = value
            report = judge(college, vc_jwt.sign(document, college.key).encode())

            assert report["proof"].code == "proof.ok"
            assert not any(one.holds for one in report.endorsements)
            assert report["endorsements"].result is not Result.PASSED

    def test_all_of_them_share_one_budget_of_work(
        self, college: IssuerWorld, board: IssuerWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        many = [signed(board, id=f"urn:uuid:{n:032}") for n in range(5)]
        presented = verifying.read(endorsed(college, *many, suite="eddsa-jcs-2022"))
        budgets: list[object] = []
        original = data_integrity.verify

        def spied(*given: Any, **more: Any) -> None:
            budgets.append(more["effort"])
            original(*given, **more)

        monkeypatch.setattr(data_integrity, "verify", spied)
        report = verifying.verify(presented, college.documents, at=NOW)

        assert len([one for one in report.endorsements if one.holds]) == 5
        # The badge has one; its lists and its endorsements together have another.
        assert len(budgets) == 8
        assert len({id(budget) for budget in budgets}) == 2

    def test_those_that_come_after_the_budget_is_spent_are_doubt(
        self, college: IssuerWorld, board: IssuerWorld
    ) -> None:
        many = [signed(board, id=f"urn:uuid:{n:032}") for n in range(5)]
        presented = verifying.read(endorsed(college, *many, suite="eddsa-jcs-2022"))
        report = verifying.verify(presented, college.documents, at=NOW, effort=Effort(1_500))

        assert [one.holds for one in report.endorsements][-1] is False
        assert report.endorsements[-1].report["proof"].code == "proof.too-much-work"
        assert report["endorsements"].result is Result.LOOK_CLOSER
