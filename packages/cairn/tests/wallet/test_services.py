# SPDX-License-Identifier: Apache-2.0
"""Taking a credential, and showing it or not."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from uuid import UUID, uuid4

import cast
import pytest

from cairn.credentials import queries as credentials
from cairn.credentials import services as issuing
from cairn.foundation.models import Told
from cairn.people.facts import NOBODY, Role
from cairn.wallet import keys, queries, services
from cairn.wallet.errors import (
    ClaimUsed,
    NoSuchClaim,
    NoSuchCredential,
    NoSuchShare,
    ShareEnded,
    ShareSwitchedOff,
    SignInFirst,
    SomebodyElse,
    TooLateToUndo,
)
from cairn.wallet.facts import NewShare, RemarkKind
from cairn.wallet.models import ClaimKey, Remark
from cairn.wallet.models import Share as ShareRow
from wallet.scenes import ISSUED_AT, LATER, NOW, claim_key, issued, kept, share

pytestmark = pytest.mark.django_db


class TestClaimKey:
    def test_opens_the_credential_for_its_bearer(self) -> None:
        one = issued()
        claim, found = queries.get_claim(claim_key(one), by=NOBODY)

        assert found.ref == one.ref
        assert claim.person_id == cast.amara().row.id

    def test_is_kept_as_a_fingerprint_only(self) -> None:
        key = claim_key()

        row = ClaimKey.objects.get()
        assert key not in str(row.__dict__)
        assert row.key_hash == keys.fingerprint(key)

    def test_stops_when_the_message_is_written_again(self) -> None:
        one = issued()
        first = claim_key(one)
        second = claim_key(one)

        assert queries.find_claim(first) is None
        assert queries.find_claim(second) is not None

    def test_opens_nothing_that_was_taken_back(self) -> None:
        one = issued()
        key = services.new_claim_key(one.ref, at=ISSUED_AT)
        issuing.undo_issue(one.batch_id, by=cast.priya().actor, at=ISSUED_AT + timedelta(minutes=5))

        with pytest.raises(NoSuchClaim):
            queries.get_claim(key, by=NOBODY)


class TestKeep:
    def test_signs_its_learner_in_and_marks_it_kept(self) -> None:
        one = issued()

        done = services.keep(claim_key(one), by=NOBODY, at=NOW)

        assert done.signs_in == cast.amara().row.id
        assert credentials.issued_by_ref(one.ref).kept_at == NOW

    def test_works_once(self) -> None:
        key = claim_key()
        services.keep(key, by=NOBODY, at=NOW)

        with pytest.raises(ClaimUsed):
            services.keep(key, by=NOBODY, at=NOW)
        with pytest.raises(ClaimUsed):
            queries.get_claim(key, by=NOBODY)

    def test_changes_nothing_when_it_is_refused(self) -> None:
        one = issued()
        key = claim_key(one)
        row = cast.amara().row
        row.set_password("a long enough password")
        row.save()

        with pytest.raises(SignInFirst):
            services.keep(key, by=NOBODY, at=NOW)

        assert credentials.issued_by_ref(one.ref).kept_at is None
        assert ClaimKey.objects.get().used_at is None

    def test_is_no_key_to_a_staff_account(self) -> None:
        key = claim_key()
        cast.person("Amara Okafor", "amara.okafor@example.org", cast.fernhill(), Role.ISSUER)

        with pytest.raises(SignInFirst):
            services.keep(key, by=NOBODY, at=NOW)

    def test_gives_nothing_to_somebody_who_is_signed_in(self) -> None:
        key = claim_key()

        with pytest.raises(SomebodyElse):
            services.keep(key, by=cast.lukas().actor, at=NOW)

    def test_needs_a_key_that_was_mailed(self) -> None:
        with pytest.raises(NoSuchClaim):
            services.keep("nQ8vZk", by=NOBODY, at=NOW)


class TestTellIssuer:
    def test_reaches_the_issuer_once_however_often_it_is_sent(self) -> None:
        key = claim_key()
        for _ in range(2):
            services.tell_issuer(key, RemarkKind.WRONG_NAME, right_name=" Amara O’Kafor ", by=NOBODY, at=NOW)

        (row,) = Remark.objects.all()
        assert (row.kind, row.right_name) == ("wrong-name", "Amara O’Kafor")
        assert Told.objects.filter(topic__endswith="RemarkMade").count() == 1
        assert queries.remarks_of(cast.fernhill().id)[0].right_name == "Amara O’Kafor"


class TestShare:
    def test_serves_no_document_that_holds_what_it_hides(self) -> None:
        one = kept()
        share(one)

        hidden = credentials.document(one.ref, format="json", evidence=False, marks=False)
        document = json.loads(hidden)
        jwt = credentials.document(one.ref, format="jwt", evidence=False, marks=False)
        payload = urlsafe_b64decode(jwt.split(b".")[1] + b"==")
        text = (hidden + payload).decode()
        assert "evidence" not in document
        assert "result" not in document["credentialSubject"]
        assert "Cleaning notebook" not in text
        assert "clock fault" not in text
        assert "bus-arrival records" not in text

    def test_keeps_no_token(self) -> None:
        made = share()
        token = made.url.rsplit("/", 1)[1]

        row = ShareRow.objects.get()
        assert len(token) == 43
        assert token not in str(row.__dict__)
        assert queries.get_share(made.id, by=cast.amara().actor).url == made.url

    def test_asked_for_twice_on_one_form_makes_one_link(self) -> None:
        one, form = kept(), uuid4()

        first, twin = share(one, key=form), share(one, key=form)
        changed = share(one, key=form, shows_marks=True)

        assert first.id == twin.id
        assert changed.id != first.id
        assert ShareRow.objects.count() == 2

    def test_of_a_form_that_somebody_else_was_shown_is_not_theirs(self) -> None:
        form = uuid4()
        first = share(kept(), key=form)
        other = issued(person_id=cast.lukas().row.id)
        services.issuing.keep(other.ref, person_id=cast.lukas().row.id, at=NOW)

        theirs = services.share(
            NewShare(refs=(other.ref,), name="Acme", key=form), by=cast.lukas().actor, at=NOW
        )

        assert theirs.id != first.id
        assert theirs.refs == (other.ref,)

    def test_shares_nothing_but_the_issuer_with_another_link(self) -> None:
        one = kept()

        first, second = share(one), share(one)

        assert first.url != second.url

    def test_opens_until_its_end(self) -> None:
        token = share().url.rsplit("/", 1)[1]

        assert queries.open_share(token, at=LATER - timedelta(seconds=1))
        with pytest.raises(ShareEnded):
            queries.open_share(token, at=LATER)

    def test_never_shows_somebody_elses(self) -> None:
        lukas = issued(person_id=cast.lukas().row.id)

        with pytest.raises(NoSuchCredential):
            share(kept(), lukas)

    def test_leaves_out_what_was_taken_back(self) -> None:
        one, other = kept(), issued()
        token = share(one, other).url.rsplit("/", 1)[1]
        issuing.undo_issue(other.batch_id, by=cast.priya().actor, at=ISSUED_AT + timedelta(minutes=5))

        _share, shown = queries.open_share(token, at=NOW)

        assert [found.ref for found in shown] == [one.ref]

    def test_is_switched_off_and_on_by_its_maker_only(self) -> None:
        made = share()
        token = made.url.rsplit("/", 1)[1]
        with pytest.raises(NoSuchShare):
            services.switch_off(made.id, by=cast.lukas().actor, at=NOW)

        services.switch_off(made.id, by=cast.amara().actor, at=NOW)

        with pytest.raises(ShareSwitchedOff):
            queries.open_share(token, at=NOW)
        services.switch_on_again(made.id, by=cast.amara().actor, at=NOW + timedelta(minutes=9))
        assert queries.open_share(token, at=NOW)

    def test_stays_off_after_ten_minutes(self) -> None:
        made = share()
        services.switch_off(made.id, by=cast.amara().actor, at=NOW)
        services.switch_off(made.id, by=cast.amara().actor, at=NOW + timedelta(minutes=9))

        with pytest.raises(TooLateToUndo):
            services.switch_on_again(made.id, by=cast.amara().actor, at=NOW + timedelta(minutes=11))

    def test_counts_openings_but_not_its_makers_own(self) -> None:
        made = share()
        for reader in (NOBODY, cast.lukas().actor, cast.amara().actor):
            services.count_opening(made, by=reader)

        assert queries.get_share(made.id, by=cast.amara().actor).opened == 2

    def test_says_so_when_the_key_of_the_installation_changed(self, settings: object) -> None:
        made = share()
        settings.CAIRN_KEY_SECRET = "another"  # type: ignore[attr-defined]

        assert queries.get_share(made.id, by=cast.amara().actor).url == ""


class TestLinkedIn:
    def test_uses_one_link_that_hides_evidence_and_marks(self) -> None:
        one = kept()

        first = services.share_on_linkedin(one.ref, by=cast.amara().actor, at=NOW)
        again = services.share_on_linkedin(one.ref, by=cast.amara().actor, at=LATER)

        assert first.id == again.id
        assert not first.shows_evidence
        assert not first.shows_marks
        assert first.ends_at is None

    def test_makes_another_when_the_first_was_switched_off(self) -> None:
        one = kept()
        first = services.share_on_linkedin(one.ref, by=cast.amara().actor, at=NOW)
        services.switch_off(first.id, by=cast.amara().actor, at=NOW)

        assert services.share_on_linkedin(one.ref, by=cast.amara().actor, at=NOW).id != first.id


class TestQueries:
    def test_count(self, django_assert_num_queries: object) -> None:
        made = share()
        amara = cast.amara().actor
        with django_assert_num_queries(2):  # type: ignore[operator]
            queries.shares_of(by=amara)
        with django_assert_num_queries(2):  # type: ignore[operator]
            queries.get_share(made.id, by=amara)

    def test_give_somebody_elses_link_as_unknown(self) -> None:
        made = share()

        for share_id, reader in ((made.id, cast.lukas()), (UUID(int=1), cast.amara())):
            with pytest.raises(NoSuchShare):
                queries.get_share(share_id, by=reader.actor)
