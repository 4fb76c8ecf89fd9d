# SPDX-License-Identifier: Apache-2.0
"""Issuing against a real database and the real library; what it signs is verified by laurel."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import cast
import jsonschema
import pytest
from cryptography.exceptions import InvalidTag
from django.db import DatabaseError, IntegrityError, connection, transaction

from cairn.achievements import services as achieving
from cairn.credentials import keys, queries, services
from cairn.credentials.errors import (
    AlreadyWithdrawn,
    AwardDiffers,
    AwardedTooEarly,
    KeysLocked,
    NoLongerOffered,
    NoSuchAward,
    NoSuchCredential,
    NotTheHolder,
    TooLateToUndo,
)
from cairn.credentials.facts import (
    CredentialIssued,
    CredentialWithdrawn,
    ListedPerson,
    State,
    Visibility,
)
from cairn.credentials.models import (
    ENTRIES,
    IssuedCredential,
    SignedDocument,
    SigningKey,
    StatusChange,
    StatusList,
)
from cairn.credentials.rules.shuffle import entry_at
from cairn.credentials.services import signing
from cairn.foundation import files, news
from cairn.people.errors import NoSuchOrganization, NotASignedInPerson, RoleMissing
from cairn.people.facts import NOBODY, Role
from credentials import scenes
from credentials.scenes import ISSUED_AT, NOW
from laurel import verify
from laurel.status import bitstring

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).parents[5] / "shared"

HOSTILE_NAMES = (
    "أمينة بنت خالد الزهراني",
    "山田 太郎",
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE credentials_award;--",
    '#eval(read("/etc/passwd")) $x$ *b* \\ @a',
    '=HYPERLINK("https://evil.example")',
    "{{ 7*7 }}{% debug %}",
    "Z̡̛a̶l̴g̸o̷",
    "\u202eevil",
    "😀 Smile",
    "N" * 300,
    "Siobha\u0301n",
)


def heard(kind: type[Any]) -> list[Any]:
    """Return a list that fills with the news of a kind."""
    told: list[Any] = []

    def listen(one: Any) -> None:
        told.append(one)

    news.subscribe(kind, listen)
    return told


def verdict_of(ref: str, **form: bool) -> str:
    return str(queries.report(ref, at=NOW, **form).verdict)


class TestAward:
    def test_waits_until_it_is_issued(self) -> None:
        award = scenes.award()

        ready = services.record_award(award, by=cast.tomas().actor, at=NOW)

        assert ready is not None
        assert ready.person_name == "Amara Okafor"
        assert [group.count for group in queries.ready_groups(cast.fernhill().id)] == [1]

    def test_is_kept_once_however_often_it_is_told(self) -> None:
        award = scenes.award()

        for _again in range(3):
            services.record_award(award, by=cast.tomas().actor, at=NOW)

        assert [group.count for group in queries.ready_groups(cast.fernhill().id)] == [1]

    def test_cannot_change_its_story(self) -> None:
        award = scenes.award()
        services.record_award(award, by=cast.tomas().actor, at=NOW)

        with pytest.raises(AwardDiffers):
            services.record_award(replace(award, narrative="Better."), by=cast.tomas().actor, at=NOW)

    def test_comes_only_from_those_who_mark_or_issue_there(self) -> None:
        award = scenes.award()

        with pytest.raises(RoleMissing):
            services.record_award(award, by=cast.noor().actor, at=NOW)
        with pytest.raises(NoSuchOrganization):
            services.record_award(award, by=cast.sven().actor, at=NOW)
        with pytest.raises(NotASignedInPerson):
            services.record_award(award, by=NOBODY, at=NOW)


class TestIssue:
    def test_makes_a_credential_that_verifies(self) -> None:
        issued = scenes.issued()

        assert verdict_of(issued.ref) == "genuine"
        assert issued.state is State.CURRENT
        assert queries.ready_groups(cast.fernhill().id) == ()

    def test_signs_the_same_claims_as_json_and_as_jwt(self) -> None:
        issued = scenes.issued()
        found = queries.material(issued.ref)

        as_json = verify.verify(verify.read(scenes.whole(issued.ref)), found, at=NOW)
        as_jwt = verify.verify(verify.read(queries.document(issued.ref, format="jwt")), found, at=NOW)

        assert as_jwt.verdict == "genuine"
        assert as_json.credential == as_jwt.credential

    def test_gives_the_same_credential_for_the_same_award(self) -> None:
        award = scenes.award()
        services.record_award(award, by=cast.tomas().actor, at=NOW)

        first = services.issue([award.id], by=cast.priya().actor, at=NOW)
        second = services.issue([award.id], by=cast.priya().actor, at=NOW + timedelta(days=1))

        assert [one.ref for one in second.issued] == [one.ref for one in first.issued]
        assert second.id == first.id
        assert IssuedCredential.objects.count() == 1

    def test_is_told_once(self) -> None:
        told = heard(CredentialIssued)

        issued = scenes.issued()
        services.issue([issued.award_id], by=cast.priya().actor, at=NOW)
        news.deliver_due(at=NOW + timedelta(days=3650))

        assert [one.credential_ref for one in told] == [issued.ref]

    def test_is_for_those_who_issue_there(self) -> None:
        award = scenes.award()
        services.record_award(award, by=cast.tomas().actor, at=NOW)

        for player, refusal in (
            (cast.tomas(), RoleMissing),
            (cast.noor(), RoleMissing),
            (cast.sven(), NoSuchOrganization),
            (cast.amara(), NoSuchOrganization),
        ):
            with pytest.raises(refusal):
                services.issue([award.id], by=player.actor, at=NOW)
        assert not IssuedCredential.objects.exists()

    def test_does_not_know_a_foreign_or_unknown_award(self) -> None:
        with pytest.raises(NoSuchAward):
            services.issue([uuid4()], by=cast.priya().actor, at=NOW)

    def test_never_comes_before_the_decision(self) -> None:
        award = scenes.award()
        services.record_award(award, by=cast.tomas().actor, at=NOW)

        with pytest.raises(AwardedTooEarly):
            services.issue([award.id], by=cast.priya().actor, at=award.decided_at - timedelta(seconds=1))

    def test_takes_few_queries(self, django_assert_max_num_queries: Callable[[int], Any]) -> None:
        scenes.issued()
        awards = [scenes.award(with_files=False, person_id=cast.lukas().row.id) for _one in range(3)]
        for award in awards:
            services.record_award(award, by=cast.tomas().actor, at=NOW)
        issuer = cast.priya().actor

        # Five an award of ours, and a row of news for each room that listens.
        with django_assert_max_num_queries(9 + 7 * 3):
            services.issue([award.id for award in awards], by=issuer, at=NOW)

    @pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
    def test_signs_any_name_and_shows_it_as_signed(self, name: str) -> None:
        player = cast.person(name, "somebody@example.org")

        issued = scenes.issued(person_id=player.row.id, with_files=False)

        shown = queries.view_shared(issued.ref, evidence=True, marks=True, at=NOW)
        assert shown.verdict == "genuine"
        assert shown.claims is not None
        assert shown.claims.holder_name in (name, "Siobhán")

    def test_holds_the_elements_of_the_recommendation(self) -> None:
        document = json.loads(scenes.whole(scenes.issued().ref))

        subject, issuer = document["credentialSubject"], document["issuer"]
        narrative = subject["achievement"]["criteria"]["narrative"]
        assert subject["identifier"][0]["identityHash"] == "Amara Okafor"
        assert issuer["address"]["addressCountryCode"] == "GB"
        assert subject["achievement"]["creditsAvailable"] == 2
        assert subject["achievement"]["alignment"][0]["targetUrl"].endswith("/eqf/5")
        for element in ("50 hours", "Project", "Online and on site", "External review", "Photo ID"):
            assert element in narrative

    def test_never_signs_an_e_mail_address_in_the_open(self) -> None:
        assert b"amara.okafor@example.org" not in scenes.whole(scenes.issued().ref)


class TestDocument:
    @pytest.mark.parametrize(("evidence", "marks"), [(True, True), (False, False)])
    def test_fits_the_official_schema_but_for_a_second_status(self, evidence: bool, marks: bool) -> None:
        path = SHARED / "standards/schemas/ob3/ob_v3p0_achievementcredential_schema.json"
        if not path.exists():
            pytest.skip("the folder ../shared with 1EdTech's schemas is not here")
        issued = scenes.issued()
        services.prepare_disclosure(issued.ref, evidence=evidence, marks=marks)
        document = json.loads(queries.document(issued.ref, format="json", evidence=evidence, marks=marks))

        validator = jsonschema.Draft201909Validator(json.loads(path.read_text()))

        assert [list(error.path) for error in validator.iter_errors(document)] == [["credentialStatus"]]
        for entry in document["credentialStatus"]:
            assert validator.is_valid({**document, "credentialStatus": entry})
        # What a document claims to fit, it fits.
        assert "credentialSchema" not in document


class TestSignedAddress:
    def test_is_that_of_signing_and_not_of_now(self, settings: Any) -> None:
        assert queries.find_signed_address() is None
        scenes.issued()
        signed_at = settings.CAIRN_BASE_URL

        settings.CAIRN_BASE_URL = "http://localhost:8001"
        assert queries.find_signed_address() == signed_at


class TestStatusEntry:
    def test_is_given_once_by_the_table_too(self) -> None:
        issued = scenes.issued()
        row = IssuedCredential.objects.get(ref=issued.ref)

        row.pk, row.ref, row.award_id = uuid4(), "0" * 26, row.award_id
        row.undone_at = NOW
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)

    def test_is_one_list_for_everybody_until_it_is_full(self) -> None:
        one = scenes.issued()
        status_list = StatusList.objects.get()
        StatusList.objects.update(claimed=ENTRIES - 1)

        last = scenes.issued(person_id=cast.lukas().row.id)
        first_of_next = scenes.issued(person_id=cast.priya().row.id)

        rows = {row.ref: row for row in IssuedCredential.objects.all()}
        seed = bytes(status_list.seed)
        assert rows[one.ref].status_index == entry_at(0, seed=seed)
        assert rows[last.ref].status_index == entry_at(ENTRIES - 1, seed=seed)
        assert rows[first_of_next.ref].status_list_id != status_list.id
        assert verdict_of(last.ref) == verdict_of(first_of_next.ref) == "genuine"


class TestWhatWasDone:
    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("credentials_signeddocument", "jwt = 'forged'"),
            ("credentials_statuschange", "kind = 'reinstated'"),
            ("credentials_statuschange", "reason = 'none'"),
            ("credentials_issuedcredential", "status_index = 7"),
        ],
    )
    def test_cannot_be_changed_by_bare_sql(self, table: str, change: str) -> None:
        issued = scenes.issued()
        services.withdraw(issued.ref, reason="Wrong person", by=cast.priya().actor, at=NOW)

        with (
            pytest.raises(DatabaseError, match=r"never_change|only_added"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {change}")

        assert verdict_of(issued.ref) == "withdrawn"

    def test_may_forget_who_did_it(self) -> None:
        issued = scenes.issued()
        services.withdraw(issued.ref, reason="Wrong person", by=cast.priya().actor, at=NOW)

        StatusChange.objects.update(by=None)

        assert StatusChange.objects.get().reason == "Wrong person"


class TestWithdraw:
    def test_is_seen_at_once_with_its_reason(self) -> None:
        issued = scenes.issued()

        services.withdraw(issued.ref, reason=" Wrong  person. ", by=cast.priya().actor, at=NOW)

        shown = queries.view_shared(issued.ref, evidence=True, marks=True, at=NOW)
        assert shown.verdict == "withdrawn"
        assert shown.reason == "Wrong person."
        assert shown.changed_at == NOW

    def test_is_for_good(self) -> None:
        issued = scenes.issued()
        services.withdraw(issued.ref, reason="Wrong person", by=cast.priya().actor, at=NOW)

        for again in (services.withdraw, services.hold, services.reinstate):
            with pytest.raises(AlreadyWithdrawn):
                again(issued.ref, reason="Again", by=cast.priya().actor, at=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            StatusChange.objects.create(
                credential=IssuedCredential.objects.get(ref=issued.ref), kind="withdrawn", at=NOW
            )

    def test_is_for_those_who_issue_there(self) -> None:
        issued = scenes.issued()

        for player, refusal in ((cast.tomas(), RoleMissing), (cast.sven(), NoSuchOrganization)):
            with pytest.raises(refusal):
                services.withdraw(issued.ref, reason="Envy", by=player.actor, at=NOW)
        assert verdict_of(issued.ref) == "genuine"

    def test_sets_one_bit_and_no_other(self) -> None:
        issued = scenes.issued()
        other = scenes.issued(person_id=cast.lukas().row.id)

        services.withdraw(issued.ref, reason="Wrong person", by=cast.priya().actor, at=NOW)

        row = IssuedCredential.objects.get(ref=issued.ref)
        served = services.current_list("fernhill", row.status_list.ref, "revocation", at=NOW)
        bits = bitstring.expand(json.loads(served.document)["credentialSubject"]["encodedList"])
        assert [i for i in range(ENTRIES) if bitstring.is_set(bits, i)] == [row.status_index]
        assert verdict_of(other.ref) == "genuine"

    def test_is_told_to_those_above(self) -> None:
        told = heard(CredentialWithdrawn)
        issued = scenes.issued()

        services.withdraw(issued.ref, reason="Wrong person", by=cast.priya().actor, at=NOW)
        news.deliver_due(at=NOW + timedelta(days=3650))

        assert [(one.credential_ref, one.reason, one.undone) for one in told] == [
            (issued.ref, "Wrong person", False)
        ]


class TestHold:
    def test_is_lifted_again(self) -> None:
        issued = scenes.issued()

        services.hold(issued.ref, reason="A complaint", by=cast.priya().actor, at=NOW)
        assert verdict_of(issued.ref) == "on_hold"

        services.reinstate(issued.ref, by=cast.priya().actor, at=NOW)
        assert verdict_of(issued.ref) == "genuine"

    def test_can_end_in_a_withdrawal(self) -> None:
        issued = scenes.issued()
        services.hold(issued.ref, reason="A complaint", by=cast.priya().actor, at=NOW)

        services.withdraw(issued.ref, reason="The complaint was right", by=cast.priya().actor, at=NOW)

        assert verdict_of(issued.ref) == "withdrawn"


class TestUndo:
    def test_takes_back_and_lets_marked_work_wait_again(self) -> None:
        issued = scenes.issued()
        soon = ISSUED_AT + timedelta(minutes=9)

        services.undo_issue(issued.batch_id, by=cast.priya().actor, at=soon)

        assert verdict_of(issued.ref) == "withdrawn"
        assert [group.count for group in queries.ready_groups(cast.fernhill().id)] == [1]
        again = services.issue([issued.award_id], by=cast.priya().actor, at=soon)
        assert again.issued[0].ref != issued.ref
        assert verdict_of(again.issued[0].ref) == "genuine"

    def test_is_over_after_ten_minutes(self) -> None:
        issued = scenes.issued()

        with pytest.raises(TooLateToUndo):
            services.undo_issue(
                issued.batch_id, by=cast.priya().actor, at=ISSUED_AT + timedelta(minutes=10, seconds=1)
            )

    def test_leaves_what_somebody_has_kept(self) -> None:
        issued = scenes.issued()
        services.keep(issued.ref, person_id=cast.amara().row.id, at=ISSUED_AT)

        with pytest.raises(TooLateToUndo):
            services.undo_issue(issued.batch_id, by=cast.priya().actor, at=ISSUED_AT)
        assert verdict_of(issued.ref) == "genuine"

    def test_is_none_of_a_strangers_business(self) -> None:
        issued = scenes.issued()

        with pytest.raises(NoSuchOrganization):
            services.undo_issue(issued.batch_id, by=cast.sven().actor, at=ISSUED_AT)


class TestIssueToList:
    LISTED = (
        ListedPerson(number=1, name="Petra Novak", email="petra@example.org"),
        ListedPerson(number=2, name="Amara O.", email="amara.okafor@example.org"),
    )

    def test_adds_the_unknown_and_knows_the_known(self) -> None:
        amara = cast.amara()

        batch = services.issue_to_list(
            cast.data_cleaning().id, self.LISTED, list_id=uuid4(), by=cast.priya().actor, at=NOW
        )

        by_email = {one.person_email: one for one in batch.issued}
        assert by_email["petra@example.org"].person_name == "Petra Novak"
        assert by_email["amara.okafor@example.org"].person_id == amara.row.id
        assert all(verdict_of(one.ref) == "genuine" for one in batch.issued)

    def test_gives_nothing_else_to_a_list_that_was_issued(self) -> None:
        list_id, issuer = uuid4(), cast.priya().actor
        services.issue_to_list(cast.data_cleaning().id, self.LISTED, list_id=list_id, by=issuer, at=NOW)
        newer = scenes.ending_after(months=12)

        with pytest.raises(AwardDiffers):
            services.issue_to_list(newer.id, self.LISTED, list_id=list_id, by=issuer, at=NOW)

        assert IssuedCredential.objects.count() == 2

    def test_gives_nobody_what_is_archived(self) -> None:
        achievement, issuer = cast.data_cleaning(), cast.priya().actor
        achieving.archive(achievement.ref, by=issuer, at=NOW)

        with pytest.raises(NoLongerOffered):
            services.issue_to_list(achievement.id, self.LISTED, list_id=uuid4(), by=issuer, at=NOW)

        assert not IssuedCredential.objects.exists()

    def test_still_issues_marked_work_of_what_is_archived(self) -> None:
        award, issuer = scenes.award(), cast.priya().actor
        services.record_award(award, by=cast.tomas().actor, at=NOW)
        achieving.archive(cast.data_cleaning().ref, by=issuer, at=NOW)

        assert len(services.issue([award.id], by=issuer, at=NOW).issued) == 1

    def test_issues_once_when_it_is_posted_twice(self) -> None:
        list_id = uuid4()

        for _again in range(2):
            batch = services.issue_to_list(
                cast.data_cleaning().id, self.LISTED, list_id=list_id, by=cast.priya().actor, at=NOW
            )

        assert len(batch.issued) == IssuedCredential.objects.count() == 2

    def test_is_set_aside_when_it_is_undone(self) -> None:
        batch = services.issue_to_list(
            cast.data_cleaning().id, self.LISTED, list_id=uuid4(), by=cast.priya().actor, at=NOW
        )

        services.undo_issue(batch.id, by=cast.priya().actor, at=NOW)

        assert queries.ready_groups(cast.fernhill().id) == ()

    def test_is_none_of_a_strangers_business(self) -> None:
        achievement = cast.data_cleaning()

        with pytest.raises(NoSuchOrganization):
            services.issue_to_list(achievement.id, self.LISTED, list_id=uuid4(), by=cast.sven().actor, at=NOW)


class TestSigningKeys:
    def test_are_sealed_in_their_rows(self) -> None:
        services.ensure_keys(cast.fernhill().id, at=NOW)

        row = SigningKey.objects.get(algorithm="Ed25519")
        private = keys.signing_key(row, "did:web:x").to_private_jwk()["d"]
        assert private.encode() not in bytes(row.sealed)
        assert private not in json.dumps(row.public_jwk)
        assert private not in repr(row) + str(row)

    def test_do_not_open_in_another_row(self) -> None:
        services.ensure_keys(cast.fernhill().id, at=NOW)
        services.ensure_keys(cast.north_quay().id, at=NOW)
        ours, theirs = (
            SigningKey.objects.get(organization=organization, algorithm="Ed25519")
            for organization in (cast.fernhill(), cast.north_quay())
        )

        ours.sealed = theirs.sealed
        with pytest.raises(InvalidTag):
            keys.signing_key(ours, "did:web:x")

    def test_do_not_open_under_another_secret(self, settings: Any) -> None:
        services.ensure_keys(cast.fernhill().id, at=NOW)

        settings.CAIRN_KEY_SECRET = "another secret"
        with pytest.raises(InvalidTag):
            keys.signing_key(SigningKey.objects.first(), "did:web:x")  # type: ignore[arg-type]  # it exists

    def test_that_do_not_open_are_counted_and_sign_nothing(self, settings: Any) -> None:
        services.ensure_keys(cast.fernhill().id, at=NOW)
        assert queries.count_locked_keys() == 0

        settings.CAIRN_KEY_SECRET = "another secret"
        assert queries.count_locked_keys() == 2
        with pytest.raises(KeysLocked, match="secrets/signing-keys"):
            signing.signer_of(cast.fernhill().id, "did:web:x", at=NOW)

    def test_are_made_once(self) -> None:
        for _again in range(3):
            services.ensure_keys(cast.fernhill().id, at=NOW)

        assert SigningKey.objects.count() == 2

    def test_verify_what_they_signed_after_they_are_retired(self) -> None:
        issued = scenes.issued()

        services.renew_keys(cast.fernhill().id, by=cast.wanda().actor, at=NOW)
        later = scenes.issued(person_id=cast.lukas().row.id)

        assert verdict_of(issued.ref) == verdict_of(later.ref) == "genuine"
        assert len(queries.key_states(cast.fernhill().id)) == 4
        assert scenes.whole(issued.ref) != scenes.whole(later.ref)

    def test_stand_without_an_end_after_they_are_retired(self) -> None:
        """Symptom: verifiers that compare `expires` with today refuse all that was signed before a renewal."""
        scenes.issued()
        services.renew_keys(cast.fernhill().id, by=cast.wanda().actor, at=NOW)

        document = json.loads(queries.did_document(cast.fernhill()))

        assert len(document["assertionMethod"]) == 4
        assert not any({"expires", "revoked"} & method.keys() for method in document["verificationMethod"])

    def test_hold_for_what_was_being_issued_while_they_retired(self) -> None:
        """Symptom: a credential issued in the second in which the keys were renewed, which never checks."""
        award = scenes.award()
        services.record_award(award, by=cast.tomas().actor, at=NOW)
        (during,) = services.issue([award.id], by=cast.priya().actor, at=NOW + timedelta(seconds=2)).issued

        services.renew_keys(cast.fernhill().id, by=cast.wanda().actor, at=NOW)

        assert verdict_of(during.ref) == "genuine"

    def test_are_changed_by_administrators_only(self) -> None:
        with pytest.raises(RoleMissing):
            services.renew_keys(cast.fernhill().id, by=cast.mei_ling().actor, at=NOW)


class TestDisclosure:
    @pytest.mark.parametrize(("evidence", "marks"), [(False, True), (True, False), (False, False)])
    def test_signs_a_form_that_holds_nothing_of_what_is_hidden(self, evidence: bool, marks: bool) -> None:
        issued = scenes.issued()

        services.prepare_disclosure(issued.ref, evidence=evidence, marks=marks)

        assert verdict_of(issued.ref, evidence=evidence, marks=marks) == "genuine"
        for form in ("json", "jwt"):
            text = queries.document(issued.ref, format=form, evidence=evidence, marks=marks)
            if form == "jwt":
                text = json.dumps(dict(verify.read(text).document)).encode()
            document = json.loads(text)
            names = json.dumps(document.get("evidence", [])) + json.dumps(document.get("relatedResource", []))
            assert ("Cleaning notebook" in names) is evidence
            assert ("digestMultibase" in names) is evidence
            assert ("clock fault" in names) is marks
            # What the learner wrote about the work, and how they used AI, is evidence too.
            assert ("bus-arrival records" in json.dumps(document)) is evidence
            assert ("result" in document["credentialSubject"]) is marks
            assert b"secret" not in text

    def test_is_made_once(self) -> None:
        issued = scenes.issued()

        for _again in range(3):
            services.prepare_disclosure(issued.ref, evidence=False, marks=False)

        assert SignedDocument.objects.count() == 2

    def test_has_an_id_of_its_own(self) -> None:
        issued = scenes.issued()
        services.prepare_disclosure(issued.ref, evidence=False, marks=False)

        document = json.loads(queries.document(issued.ref, format="json", evidence=False, marks=False))

        assert document["id"] == f"{issued.url}#without-evidence-and-marks"

    def test_does_not_exist_before_it_is_made(self) -> None:
        issued = scenes.issued()

        with pytest.raises(NoSuchCredential):
            queries.document(issued.ref, format="json", evidence=False, marks=True)

    def test_is_withdrawn_with_the_credential(self) -> None:
        issued = scenes.issued()
        services.prepare_disclosure(issued.ref, evidence=False, marks=False)

        services.withdraw(issued.ref, reason="Wrong person", by=cast.priya().actor, at=NOW)

        assert verdict_of(issued.ref, evidence=False, marks=False) == "withdrawn"


class TestVisibility:
    def test_is_the_holders_to_choose(self) -> None:
        issued = scenes.issued()

        for player in (cast.lukas(), cast.priya(), cast.sven()):
            with pytest.raises(NotTheHolder):
                services.set_visibility(
                    issued.ref,
                    visibility=Visibility.LINK,
                    shows_evidence=True,
                    shows_marks=True,
                    by=player.actor,
                    at=NOW,
                )

    def test_shows_a_stranger_only_the_chosen_form(self) -> None:
        issued = scenes.issued()
        with pytest.raises(NoSuchCredential):
            queries.disclosure(issued.ref, viewer=NOBODY)

        services.set_visibility(
            issued.ref,
            visibility=Visibility.LINK,
            shows_evidence=False,
            shows_marks=True,
            by=cast.amara().actor,
            at=NOW,
        )

        shown = queries.view(issued.ref, viewer=NOBODY, at=NOW)
        assert shown.verdict == "genuine"
        assert shown.evidence == ()
        assert len(shown.claims.rubric) == 4  # type: ignore[union-attr]  # verified above


class TestView:
    def test_comes_out_of_what_was_signed_only(self) -> None:
        issued = scenes.issued()
        IssuedCredential.objects.update(person_name="Somebody Else", achievement_name="A Doctorate")

        shown = queries.view(issued.ref, viewer=cast.amara().actor, at=NOW)

        assert shown.claims is not None
        assert shown.claims.holder_name == "Amara Okafor"
        assert shown.claims.name == "Data Cleaning with Python"

    def test_shows_nothing_of_a_document_that_was_changed(self) -> None:
        issued = scenes.issued()
        row = SignedDocument.objects.get()
        row.document = bytes(row.document).replace(b"Amara Okafor", b"Armin Okafor")
        # Whoever can do this to the database can also drop its guard.
        on_table = "" if connection.vendor == "sqlite" else " ON credentials_signeddocument"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER signed_documents_never_change{on_table}")
        row.save()

        shown = queries.view(issued.ref, viewer=cast.amara().actor, at=NOW)

        assert shown.verdict == "changed"
        assert shown.claims is None
        assert shown.evidence == ()

    def test_says_when_a_file_was_changed_or_is_gone(self) -> None:
        award = scenes.award()
        services.record_award(award, by=cast.tomas().actor, at=NOW)
        ref = services.issue([award.id], by=cast.priya().actor, at=NOW).issued[0].ref

        def states() -> tuple[str, list[str]]:
            shown = queries.view_shared(ref, evidence=True, marks=True, at=NOW)
            return shown.verdict, [str(line.state) for line in shown.evidence]

        assert states() == ("genuine", ["unchanged", "unchanged"])
        notebook, report = (work.file_key for work in award.evidence)
        assert notebook is not None
        assert report is not None
        files.forget(report)
        assert states() == ("genuine", ["unchanged", "gone"])
        path = files._path(notebook)
        path.write_bytes(b"other bytes")
        assert states() == ("changed", ["changed", "gone"])

    def test_reads_the_rubric_as_signed(self) -> None:
        shown = queries.view(scenes.issued().ref, viewer=cast.amara().actor, at=NOW)

        assert shown.claims is not None
        assert [(one.level_name, one.position, one.out_of) for one in shown.claims.rubric] == [
            ("Exemplary", 4, 4),
            ("Proficient", 3, 4),
            ("Proficient", 3, 4),
            ("Exemplary", 4, 4),
        ]
        assert shown.claims.pass_mark == "Proficient"
        assert shown.claims.rubric[0].comment.startswith("Found a clock fault")

    def test_survives_a_new_version_of_the_achievement(self) -> None:
        issued = scenes.issued()
        achieving.new_version(cast.data_cleaning().ref, by=cast.priya().actor, at=NOW)

        assert verdict_of(issued.ref) == "genuine"


class TestHeldBy:
    def test_lists_what_a_person_holds_and_nothing_undone(self) -> None:
        issued = scenes.issued()
        undone = scenes.issued()
        services.undo_issue(undone.batch_id, by=cast.priya().actor, at=ISSUED_AT)

        assert [one.ref for one in queries.held_by(cast.amara().row.id)] == [issued.ref]
        assert queries.held_by(cast.lukas().row.id) == ()


class TestSearch:
    def test_finds_by_name_email_achievement_reference_and_state(self) -> None:
        issued = scenes.issued()
        withdrawn = scenes.issued(person_id=cast.lukas().row.id)
        services.withdraw(withdrawn.ref, reason="Wrong person", by=cast.priya().actor, at=NOW)

        def found(text: str = "", state: State | None = None) -> set[str]:
            shown, total = queries.page_of_credentials(cast.fernhill().id, text=text, state=state, at=NOW)
            assert total == len(shown)
            return {one.ref for one in shown}

        assert found() == {issued.ref, withdrawn.ref}
        assert found("okafor") == found("amara.okafor@") == found(issued.ref[:12].lower()) == {issued.ref}
        assert found("cleaning lukas") == {withdrawn.ref}
        assert found(state=State.CURRENT) == {issued.ref}
        assert found(state=State.WITHDRAWN) == {withdrawn.ref}
        assert found(state=State.HELD) == found(state=State.ENDED) == found("%") == set()

    def test_is_blind_to_other_organizations(self) -> None:
        scenes.issued()

        assert queries.page_of_credentials(cast.north_quay().id, at=NOW) == ((), 0)


class TestRoles:
    def test_admins_issue_too(self) -> None:
        award = scenes.award()
        services.record_award(award, by=cast.tomas().actor, at=NOW)
        admin = cast.wanda()
        assert admin.actor.has_role(cast.fernhill().id, Role.ADMIN)

        assert services.issue([award.id], by=admin.actor, at=NOW).issued
        assert connection.in_atomic_block
