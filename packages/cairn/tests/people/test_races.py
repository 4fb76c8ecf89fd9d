# SPDX-License-Identifier: Apache-2.0
"""What two requests at the same moment may not do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import cast
import pytest
from django.db import connection

from cairn.people import queries, services
from cairn.people.errors import LastAdministrator, LinkUsed
from cairn.people.facts import Role
from cairn.people.models import MailedKey, Person

NOW = datetime(2026, 10, 14, 9, 30, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="SQLite writes one at a time; races need PostgreSQL"
    ),
]


def at_once(deed: Callable[[int], object], times: int = 8) -> list[object]:
    """Do something from several threads, and return what came of each: a value or the refusal."""

    def one(number: int) -> object:
        try:
            return deed(number)
        except (LinkUsed, LastAdministrator) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


class TestSignInLink:
    def test_lets_one_of_many_in(self) -> None:
        cast.amara()
        services.ask_for_sign_in_link(email="amara.okafor@example.org", language="en", at=NOW)
        fresh = services.fresh_key(MailedKey.objects.get().id, at=NOW)
        assert fresh is not None

        outcomes = at_once(lambda _number: services.use_sign_in_link(fresh.key, at=NOW))

        assert outcomes.count(LinkUsed) == len(outcomes) - 1


class TestPerson:
    def test_is_added_once(self) -> None:
        found = at_once(
            lambda number: services.find_or_add_person(
                name=f"Olu {number}", email="olu.bankole@example.org", at=NOW
            )
        )

        assert Person.objects.filter(email="olu.bankole@example.org").count() == 1
        assert len(set(found)) == 1


class TestAdministrators:
    def test_cannot_both_leave(self) -> None:
        wanda, priya = cast.wanda(), cast.priya()
        actors, fernhill = (wanda.actor, priya.actor), cast.fernhill().id

        def leave(number: int) -> object:
            person = (wanda, priya)[number % 2].row.id
            return services.remove_role(fernhill, person, Role.ADMIN, by=actors[number % 2])

        outcomes = at_once(leave, 2)

        assert outcomes.count(LastAdministrator) == 1
        assert len(queries.people_with_role(fernhill, Role.ADMIN)) == 1
