# SPDX-License-Identifier: Apache-2.0
"""Links end, mailboxes are not flooded, and somebody always manages."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.people import access, rules
from cairn.people.errors import (
    AddressAlreadyYours,
    AlreadyAMember,
    LastAdministrator,
    LinkRunOut,
    LinkUsed,
    NameMissing,
    NoRoles,
    NoSuchOrganization,
    NotAnAddress,
    NotASignedInPerson,
    RoleMissing,
    TooManyAddresses,
    TooManyLinks,
)
from cairn.people.facts import NOBODY, Actor, Role

NOW = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)
FERNHILL, NORTH_QUAY = uuid4(), uuid4()


class TestAddress:
    def test_is_kept_in_small_letters(self) -> None:
        assert rules.clean_address("  Amara.Okafor@Example.ORG ") == "amara.okafor@example.org"

    @pytest.mark.parametrize(
        "text",
        [
            *("", "amara", "amara@", "@example.org", "amara@localhost", "a b@example.org"),
            "a@b.c\nBcc: d@e.f",
            # No letter goes to these, so no page may say that one is on its way.
            *("a,b@example.org", "<a@example.org>", f"{'a' * 65}@example.org", "a\x00b@example.org"),
            "amara\u202e@example.org",
        ],
    )
    def test_is_refused_when_it_cannot_be_one(self, text: str) -> None:
        with pytest.raises(NotAnAddress):
            rules.clean_address(text)

    def test_is_refused_when_longer_than_the_standard_allows(self) -> None:
        with pytest.raises(NotAnAddress):
            rules.clean_address("a" * 250 + "@example.org")

    @given(st.emails())
    def test_stays_as_it_is_once_clean(self, email: str) -> None:
        once = rules.clean_address(email)

        assert rules.clean_address(once) == once

    def test_is_added_once(self) -> None:
        with pytest.raises(AddressAlreadyYours):
            rules.require_room_for("a@example.org", present={"a@example.org"})

    def test_is_one_of_ten_at_most(self) -> None:
        ten = {f"a{n}@example.org" for n in range(rules.MOST_ADDRESSES)}
        with pytest.raises(TooManyAddresses):
            rules.require_room_for("b@example.org", present=ten)

        rules.require_room_for("b@example.org", present=ten - {"a0@example.org"})


class TestName:
    def test_keeps_every_script(self) -> None:
        assert rules.clean_name("  سلمى \t العربي ") == "سلمى العربي"

    def test_is_needed(self) -> None:
        with pytest.raises(NameMissing):
            rules.clean_name(" \n ")


class TestLink:
    def test_works_until_its_last_moment(self) -> None:
        rules.require_usable(used_at=None, expires_at=NOW + timedelta(seconds=1), at=NOW)

        with pytest.raises(LinkRunOut):
            rules.require_usable(used_at=None, expires_at=NOW, at=NOW)

    def test_never_works_twice(self) -> None:
        with pytest.raises(LinkUsed):
            rules.require_usable(used_at=NOW, expires_at=NOW + timedelta(days=1), at=NOW)

    def test_never_works_before_its_message_was_written(self) -> None:
        with pytest.raises(LinkRunOut):
            rules.require_usable(used_at=None, expires_at=None, at=NOW)

    def test_is_not_sent_to_a_mailbox_without_end(self) -> None:
        rules.require_not_too_many(to_address=rules.LINKS_PER_ADDRESS - 1, from_place=0)

        with pytest.raises(TooManyLinks):
            rules.require_not_too_many(to_address=rules.LINKS_PER_ADDRESS, from_place=0)
        with pytest.raises(TooManyLinks):
            rules.require_not_too_many(to_address=0, from_place=rules.LINKS_PER_PLACE)


class TestRoles:
    def test_leave_one_administrator(self) -> None:
        wanda, priya = uuid4(), uuid4()
        rules.require_another_administrator({wanda, priya}, leaving=wanda)

        with pytest.raises(LastAdministrator):
            rules.require_another_administrator({wanda}, leaving=wanda)

    def test_are_offered_only_when_new(self) -> None:
        rules.require_new_roles({Role.ASSESSOR, Role.EDITOR}, held={Role.EDITOR})

        with pytest.raises(AlreadyAMember):
            rules.require_new_roles({Role.EDITOR}, held={Role.EDITOR, Role.ADMIN})
        with pytest.raises(NoRoles):
            rules.require_new_roles(set(), held=set())


class TestAccess:
    def test_of_an_administrator_reaches_every_staff_role_and_not_learning(self) -> None:
        wanda = Actor(person_id=uuid4(), roles=frozenset({(FERNHILL, Role.ADMIN)}))

        for role in (Role.ADMIN, Role.EDITOR, Role.ASSESSOR, Role.ISSUER):
            assert access.require_role(wanda, FERNHILL, role) == wanda.person_id
        with pytest.raises(RoleMissing):
            access.require_role(wanda, FERNHILL, Role.LEARNER)

    def test_ends_at_the_organization(self) -> None:
        sven = Actor(person_id=uuid4(), roles=frozenset({(NORTH_QUAY, Role.ADMIN)}))

        with pytest.raises(NoSuchOrganization):
            access.require_role(sven, FERNHILL, Role.EDITOR)

    def test_tells_a_learner_nothing_of_the_staff(self) -> None:
        amara = Actor(person_id=uuid4(), roles=frozenset({(FERNHILL, Role.LEARNER)}))

        with pytest.raises(NoSuchOrganization):
            access.require_role(amara, FERNHILL, Role.ISSUER)

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEARNER])
    def test_names_the_role_that_is_missing(self, role: Role) -> None:
        other = Role.EDITOR if role is not Role.EDITOR else Role.ISSUER
        noor = Actor(person_id=uuid4(), roles=frozenset({(FERNHILL, other)}))

        with pytest.raises(RoleMissing, match="Only"):
            access.require_role(noor, FERNHILL, role)

    def test_needs_somebody(self) -> None:
        with pytest.raises(NotASignedInPerson):
            access.require_role(NOBODY, FERNHILL, Role.EDITOR)
