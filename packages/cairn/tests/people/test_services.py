# SPDX-License-Identifier: Apache-2.0
"""Links, invitations, addresses and roles on a real database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import cast
import pytest
from allauth.account.models import EmailAddress
from django.core import serializers

from cairn.foundation import news
from cairn.people import queries, rules, services
from cairn.people.errors import (
    AccountClosed,
    AddressIsPrimary,
    AddressNotConfirmed,
    AddressTaken,
    AlreadyAMember,
    LastAdministrator,
    LinkRunOut,
    LinkUnknown,
    LinkUsed,
    NameMissing,
    NoSuchAddress,
    NoSuchInvitation,
    NoSuchOrganization,
    NoSuchPerson,
    RoleMissing,
    TooManyLinks,
    WrongPassword,
)
from cairn.people.facts import (
    AddressAdded,
    KeyPurpose,
    KeyToMail,
    PersonInvited,
    Role,
    SignInLinkAsked,
)
from cairn.people.models import Invitation, MailedKey, Membership, Person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)


def mailed(email: str, purpose: KeyPurpose = KeyPurpose.SIGN_IN, *, at: datetime = NOW) -> KeyToMail:
    """Write the newest message to an address and return what it says."""
    row = MailedKey.objects.filter(email=email, purpose=purpose).latest("asked_at", "id")
    fresh = services.fresh_key(row.id, at=at)
    assert fresh is not None
    return fresh


def sign_in_link(email: str, *, at: datetime = NOW) -> str:
    """Return the key of a sign-in link for an address."""
    services.ask_for_sign_in_link(email=email, language="en", at=at)
    return mailed(email, at=at).key


def invited(email: str = "olu.bankole@example.org", *roles: Role, at: datetime = NOW) -> str:
    """Let Wanda invite somebody, and return the key of the message."""
    services.invite(
        cast.fernhill().id, email=email, roles=roles or (Role.ASSESSOR,), by=cast.wanda().actor, at=at
    )
    return mailed(email, KeyPurpose.INVITATION, at=at).key


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect the news of this room as a listener hears it."""
    heard: list[Any] = []

    def listen(what: Any) -> None:
        heard.append(what)

    monkeypatch.setattr(news, "_listeners", {})
    for kind in (SignInLinkAsked, AddressAdded, PersonInvited):
        news.subscribe(kind, listen)
    return heard


class TestFindOrAddPerson:
    def test_adds_somebody_who_has_not_signed_in_yet(self) -> None:
        added = services.find_or_add_person(name="Siobhán Ó Néill", email="Siobhan@Example.org", at=NOW)

        assert added.email == "siobhan@example.org"
        assert queries.find_person("SIOBHAN@example.org") == added
        assert not Person.objects.get(id=added.id).has_usable_password()

    def test_finds_the_same_person_again_under_their_own_name(self) -> None:
        first = services.find_or_add_person(name="Mei-Ling Chow", email="mei@example.org", at=NOW)
        again = services.find_or_add_person(name="M. Chow", email="MEI@example.org", at=SOON)

        assert again == first

    def test_finds_a_person_by_each_confirmed_address_and_by_no_other(self) -> None:
        amara = cast.amara().row
        EmailAddress.objects.create(user=amara, email="amara@home.example", verified=True)
        EmailAddress.objects.create(user=amara, email="not-hers@victim.example", verified=False)

        home = services.find_or_add_person(name="Amara", email="amara@home.example", at=NOW)
        victim = services.find_or_add_person(name="Vic", email="not-hers@victim.example", at=NOW)

        assert home.id == amara.id
        assert victim.id != amara.id


class TestSignInLink:
    def test_lets_a_known_person_in(self) -> None:
        key = sign_in_link("amara.okafor@example.org") if cast.amara() else ""

        person = services.use_sign_in_link(key, at=SOON)

        assert person.id == cast.amara().row.id

    def test_makes_the_account_of_somebody_new_who_gives_a_name(self) -> None:
        key = sign_in_link("olu.bankole@example.org")

        person = services.use_sign_in_link(key, name=" Olu  Bankole ", at=SOON)

        assert person.name == "Olu Bankole"
        assert not Membership.objects.filter(person_id=person.id).exists()
        assert EmailAddress.objects.get(user_id=person.id).verified

    def test_is_still_good_when_the_name_was_missing(self) -> None:
        key = sign_in_link("olu.bankole@example.org")
        with pytest.raises(NameMissing):
            services.use_sign_in_link(key, at=SOON)

        assert services.use_sign_in_link(key, name="Olu Bankole", at=SOON).name == "Olu Bankole"

    def test_works_once(self) -> None:
        cast.amara()
        key = sign_in_link("amara.okafor@example.org")
        services.use_sign_in_link(key, at=SOON)

        with pytest.raises(LinkUsed):
            services.use_sign_in_link(key, at=SOON)
        with pytest.raises(LinkUsed):
            queries.get_link(key, KeyPurpose.SIGN_IN, at=SOON)

    def test_is_not_used_up_by_looking(self) -> None:
        cast.amara()
        key = sign_in_link("amara.okafor@example.org")
        for _look in range(3):
            queries.get_link(key, KeyPurpose.SIGN_IN, at=SOON)

        services.use_sign_in_link(key, at=SOON)

    def test_runs_out_after_a_quarter_of_an_hour(self) -> None:
        cast.amara()
        key = sign_in_link("amara.okafor@example.org")
        end = NOW + rules.LINK_LIVES_FOR[KeyPurpose.SIGN_IN]
        queries.get_link(key, KeyPurpose.SIGN_IN, at=end - timedelta(seconds=1))

        with pytest.raises(LinkRunOut):
            services.use_sign_in_link(key, at=end)

    def test_takes_the_others_of_its_mailbox_with_it(self) -> None:
        cast.amara()
        first, second = (sign_in_link("amara.okafor@example.org", at=at) for at in (NOW, SOON))
        services.use_sign_in_link(second, at=SOON)

        with pytest.raises(LinkUsed):
            services.use_sign_in_link(first, at=SOON)

    def test_is_never_stored_as_it_is_sent(self) -> None:
        cast.amara()
        key = sign_in_link("amara.okafor@example.org")

        rows = serializers.serialize("json", MailedKey.objects.all())

        assert key not in rows
        assert rules.hash_of(key) in rows

    def test_is_written_anew_when_its_message_is(self) -> None:
        cast.amara()
        first = sign_in_link("amara.okafor@example.org")
        second = mailed("amara.okafor@example.org").key

        with pytest.raises(LinkUnknown):
            services.use_sign_in_link(first, at=SOON)
        services.use_sign_in_link(second, at=SOON)

    def test_never_lets_a_closed_account_in(self) -> None:
        Person.objects.filter(id=cast.amara().row.id).update(is_active=False)
        key = sign_in_link("amara.okafor@example.org")

        with pytest.raises(AccountClosed):
            services.use_sign_in_link(key, at=SOON)

    def test_does_not_open_what_another_kind_of_link_opens(self) -> None:
        cast.amara()
        key = sign_in_link("amara.okafor@example.org")

        with pytest.raises(LinkUnknown):
            services.accept_invitation(key, at=SOON)
        with pytest.raises(LinkUnknown):
            services.confirm_address(key, at=SOON)

    def test_is_asked_for_alike_whether_the_address_is_known(
        self, told: list[Any], django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        cast.amara()
        for email in ("amara.okafor@example.org", "nobody@example.org"):
            with django_assert_num_queries(6), django_capture_on_commit_callbacks(execute=False):
                services.ask_for_sign_in_link(email=email, language="en", asked_from="f" * 64, at=NOW)

    def test_is_not_sent_without_end_to_one_mailbox_or_from_one_place(self) -> None:
        for _time in range(rules.LINKS_PER_ADDRESS):
            services.ask_for_sign_in_link(email="a@example.org", language="en", at=NOW)
        with pytest.raises(TooManyLinks):
            services.ask_for_sign_in_link(email="A@example.org", language="en", at=SOON)
        services.ask_for_sign_in_link(
            email="a@example.org", language="en", at=NOW + rules.LINKS_COUNTED_FOR + timedelta(seconds=1)
        )

        for number in range(rules.LINKS_PER_PLACE):
            services.ask_for_sign_in_link(
                email=f"b{number}@example.org", language="en", asked_from="1" * 64, at=NOW
            )
        with pytest.raises(TooManyLinks):
            services.ask_for_sign_in_link(email="c@example.org", language="en", asked_from="1" * 64, at=SOON)

    def test_is_news_that_carries_no_key(
        self, told: list[Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            services.ask_for_sign_in_link(email="amara.okafor@example.org", language="nl", at=NOW)

        assert told == [SignInLinkAsked(key_id=MailedKey.objects.get().id)]
        assert mailed("amara.okafor@example.org").language == "nl"


class TestInvitation:
    def test_gives_its_roles_to_the_person_of_the_address(self) -> None:
        key = invited("olu.bankole@example.org", Role.ASSESSOR, Role.EDITOR)

        olu = services.accept_invitation(key, name="Olu Bankole", at=SOON)

        assert queries.roles_of(cast.fernhill().id, olu.id) == {Role.ASSESSOR, Role.EDITOR}
        assert not queries.open_invitations(cast.fernhill().id, at=SOON, by=cast.wanda().actor)

    def test_says_who_invites_to_what(self) -> None:
        invited("olu.bankole@example.org", Role.ISSUER)
        letter = mailed("olu.bankole@example.org", KeyPurpose.INVITATION)

        assert letter.organization is not None
        assert (letter.organization.slug, letter.roles, letter.invited_by) == (
            "fernhill",
            (Role.ISSUER,),
            "Wanda Ferris",
        )
        assert letter.expires_at == NOW + timedelta(days=14)

    def test_works_once(self) -> None:
        key = invited()
        services.accept_invitation(key, name="Olu Bankole", at=SOON)

        with pytest.raises(LinkUsed):
            services.accept_invitation(key, name="Somebody Else", at=SOON)

    def test_runs_out_after_14_days(self) -> None:
        key = invited()

        with pytest.raises(LinkRunOut):
            services.accept_invitation(key, name="Olu Bankole", at=NOW + timedelta(days=14))

    def test_stops_when_withdrawn(self) -> None:
        key = invited()
        invitation = Invitation.objects.get()
        services.withdraw_invitation(cast.fernhill().id, invitation.id, by=cast.wanda().actor, at=NOW)

        with pytest.raises(LinkRunOut):
            services.accept_invitation(key, name="Olu Bankole", at=SOON)
        with pytest.raises(NoSuchInvitation):
            services.resend_invitation(cast.fernhill().id, invitation.id, by=cast.wanda().actor, at=SOON)

    def test_that_was_withdrawn_is_not_written_any_more(self) -> None:
        invited()
        invitation = Invitation.objects.get()
        services.withdraw_invitation(cast.fernhill().id, invitation.id, by=cast.wanda().actor, at=NOW)

        assert services.fresh_key(MailedKey.objects.get().id, at=SOON) is None

    def test_sent_again_works_by_its_newest_link_alone(self) -> None:
        first = invited()
        services.resend_invitation(
            cast.fernhill().id, Invitation.objects.get().id, by=cast.wanda().actor, at=SOON
        )
        old = MailedKey.objects.get(key_hash=rules.hash_of(first))
        second = mailed("olu.bankole@example.org", KeyPurpose.INVITATION, at=SOON).key

        assert services.fresh_key(old.id, at=SOON) is None
        with pytest.raises(LinkRunOut):
            services.accept_invitation(first, name="Olu Bankole", at=SOON)
        services.accept_invitation(second, name="Olu Bankole", at=SOON)

    def test_to_the_same_address_takes_the_place_of_the_earlier_one(self) -> None:
        invited("olu.bankole@example.org", Role.ADMIN)
        key = invited("olu.bankole@example.org", Role.ASSESSOR, at=SOON)

        olu = services.accept_invitation(key, name="Olu Bankole", at=SOON)

        assert Invitation.objects.count() == 1
        assert queries.roles_of(cast.fernhill().id, olu.id) == {Role.ASSESSOR}

    def test_offers_something_new(self) -> None:
        with pytest.raises(AlreadyAMember):
            invited(cast.tomas().row.email, Role.ASSESSOR)

    def test_is_an_administrators_to_send(self) -> None:
        for player, refusal in ((cast.noor(), RoleMissing), (cast.sven(), NoSuchOrganization)):
            with pytest.raises(refusal):
                services.invite(
                    cast.fernhill().id, email="x@example.org", roles=[Role.ADMIN], by=player.actor, at=NOW
                )

    def test_of_another_organization_cannot_be_withdrawn(self) -> None:
        invited()
        with pytest.raises(NoSuchInvitation):
            services.withdraw_invitation(
                cast.north_quay().id, Invitation.objects.get().id, by=cast.sven().actor, at=NOW
            )


class TestAddresses:
    def add(self, email: str) -> EmailAddress:
        """Let Amara add an address, and return the row."""
        services.add_address(email=email, by=cast.amara().actor, at=NOW)
        return EmailAddress.objects.get(user=cast.amara().row, email=email)

    def test_sign_in_once_they_are_confirmed(self) -> None:
        self.add("amara@home.example")
        assert queries.find_person("amara@home.example") is None

        services.confirm_address(mailed("amara@home.example", KeyPurpose.CONFIRM_ADDRESS).key, at=SOON)

        found = queries.find_person("amara@home.example")
        assert found is not None
        assert found.id == cast.amara().row.id

    def test_of_another_account_cannot_be_taken(self) -> None:
        cast.sven()
        self.add("sven.dekker@north-quay.example")

        with pytest.raises(AddressTaken):
            services.confirm_address(
                mailed("sven.dekker@north-quay.example", KeyPurpose.CONFIRM_ADDRESS).key, at=SOON
            )

    def test_become_primary_when_confirmed(self) -> None:
        amara = cast.amara()
        row = self.add("amara@home.example")
        with pytest.raises(AddressNotConfirmed):
            services.make_primary(row.pk, by=amara.actor, at=SOON)
        services.confirm_address(mailed(row.email, KeyPurpose.CONFIRM_ADDRESS).key, at=SOON)

        services.make_primary(row.pk, by=amara.actor, at=SOON)

        account = queries.get_account(by=amara.actor)
        assert account.person.email == "amara@home.example"
        assert account.addresses[0].is_primary
        assert account.addresses[0].email == "amara@home.example"

    def test_that_are_primary_stay(self) -> None:
        services.use_sign_in_link(sign_in_link(cast.amara().row.email), at=SOON)
        primary = EmailAddress.objects.get(user=cast.amara().row)

        with pytest.raises(AddressIsPrimary):
            services.remove_address(primary.pk, by=cast.amara().actor, at=SOON)

    def test_that_are_removed_cannot_be_confirmed(self) -> None:
        row = self.add("amara@home.example")
        key = mailed(row.email, KeyPurpose.CONFIRM_ADDRESS).key
        services.remove_address(row.pk, by=cast.amara().actor, at=NOW)

        with pytest.raises(LinkUsed):
            services.confirm_address(key, at=SOON)

    def test_of_others_are_out_of_reach(self) -> None:
        row = self.add("amara@home.example")

        for deed in (services.remove_address, services.resend_confirmation):
            with pytest.raises(NoSuchAddress):
                deed(row.pk, by=cast.sven().actor, at=NOW)
        with pytest.raises(NoSuchAddress):
            services.make_primary(row.pk, by=cast.sven().actor, at=SOON)


class TestRoles:
    def test_of_the_last_administrator_stay(self) -> None:
        wanda = cast.wanda()

        with pytest.raises(LastAdministrator):
            services.remove_role(cast.fernhill().id, wanda.row.id, Role.ADMIN, by=wanda.actor)
        with pytest.raises(LastAdministrator):
            services.set_roles(cast.fernhill().id, wanda.row.id, [Role.EDITOR], by=wanda.actor, at=NOW)
        assert queries.roles_of(cast.fernhill().id, wanda.row.id) == {Role.ADMIN}

    def test_of_an_administrator_go_when_there_is_another(self) -> None:
        wanda, priya = cast.wanda(), cast.priya()

        services.remove_role(cast.fernhill().id, priya.row.id, Role.ADMIN, by=wanda.actor)

        assert Role.ADMIN not in queries.roles_of(cast.fernhill().id, priya.row.id)

    def test_are_set_exactly(self) -> None:
        tomas = cast.tomas().row

        services.set_roles(cast.fernhill().id, tomas.id, [Role.EDITOR], by=cast.wanda().actor, at=NOW)

        assert queries.roles_of(cast.fernhill().id, tomas.id) == {Role.EDITOR}

    def test_are_given_to_members_only(self) -> None:
        for stranger in (cast.sven().row.id, uuid4()):
            with pytest.raises(NoSuchPerson):
                services.give_role(cast.fernhill().id, stranger, Role.ADMIN, by=cast.wanda().actor, at=NOW)

    def test_given_twice_are_held_once(self) -> None:
        for _time in range(2):
            services.give_role(
                cast.fernhill().id, cast.tomas().row.id, Role.ISSUER, by=cast.wanda().actor, at=NOW
            )

        assert queries.roles_of(cast.fernhill().id, cast.tomas().row.id) == {Role.ASSESSOR, Role.ISSUER}

    def test_of_a_learner_come_by_enrolling(self) -> None:
        olu = services.find_or_add_person(name="Olu Bankole", email="olu@example.org", at=NOW)

        services.enrol(cast.fernhill().id, olu.id, by=cast.mei_ling().actor, at=NOW)

        assert queries.roles_of(cast.fernhill().id, olu.id) == {Role.LEARNER}
        with pytest.raises(RoleMissing):
            services.enrol(cast.fernhill().id, olu.id, by=cast.tomas().actor, at=NOW)


class TestOrganization:
    def test_is_founded_with_an_administrator_under_a_free_name(self) -> None:
        cast.fernhill()
        wanda = cast.person("Wanda Ferris", "wanda@example.org").row

        first = services.found_organization(
            name="Harbour Health", country="GB", administrator_id=wanda.id, at=NOW
        )
        second = services.found_organization(
            name="Harbour Health", country="IE", administrator_id=wanda.id, at=NOW
        )

        assert (first.slug, second.slug) == ("harbour-health", "harbour-health-2")
        assert queries.roles_of(first.id, wanda.id) == {Role.ADMIN}

    def test_with_a_name_in_another_script_has_an_address_too(self) -> None:
        wanda = cast.person("Wanda Ferris", "wanda@example.org").row

        founded = services.found_organization(name="جامعة", country="EG", administrator_id=wanda.id, at=NOW)

        assert founded.slug == "organization"


class TestPassword:
    def test_needs_the_current_one_to_change(self) -> None:
        amara = cast.amara()
        services.set_password(current="", password="seven grey otters sing", by=amara.actor)

        with pytest.raises(WrongPassword):
            services.set_password(current="wrong", password="eight grey otters sing", by=amara.actor)
        services.set_password(
            current="seven grey otters sing", password="eight grey otters sing", by=amara.actor
        )

        assert Person.objects.get(id=amara.row.id).check_password("eight grey otters sing")


class TestPageOfMembers:
    def test_finds_by_part_of_a_name_or_an_address(self) -> None:
        for player in (cast.amara, cast.tomas, cast.ingrid, cast.sven):
            player()
        by = cast.noor().actor

        assert (
            queries.page_of_members(cast.fernhill().id, search="solb", by=by)[0][0].person.name
            == "Ingrid Solberg"
        )
        assert queries.page_of_members(cast.fernhill().id, search="north-quay", by=by) == ((), 0)
        assert queries.page_of_members(cast.fernhill().id, role=Role.ASSESSOR, by=by)[1] == 2

    def test_costs_three_queries_however_many_there_are(self, django_assert_num_queries: Any) -> None:
        for number in range(30):
            cast.person(f"Learner {number}", f"l{number}@example.org", cast.fernhill(), Role.LEARNER)
        by = cast.noor().actor
        fernhill = cast.fernhill().id

        with django_assert_num_queries(3):
            members, total = queries.page_of_members(fernhill, limit=20, by=by)

        assert (len(members), total) == (20, 31)
