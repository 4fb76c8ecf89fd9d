# SPDX-License-Identifier: Apache-2.0
"""What two requests at the same moment may not do, on SQLite in a file and on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import cast
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from cairn.credentials import queries, services
from cairn.credentials.errors import AlreadyWithdrawn
from cairn.credentials.facts import ListedPerson
from cairn.credentials.models import IssuedCredential, SigningKey, StatusChange, StatusList
from credentials import scenes
from credentials.scenes import NOW

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


@pytest.fixture(autouse=True)
def _a_database_of_several_connections(tmp_path: Path, db: None) -> Iterator[None]:
    """Use a file on SQLite: the tests' database in memory has no locks to speak of."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = connection.settings_dict["NAME"]
    kept = connection.connection
    connection.connection = None
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = tmp_path / "races.sqlite3"
    template = Path(str(settings.CAIRN_VAR)) / "races.sqlite3"
    if template.exists():
        shutil.copyfile(template, connection.settings_dict["NAME"])
    else:
        call_command("migrate", verbosity=0)
        connection.close()
        shutil.copyfile(connection.settings_dict["NAME"], template)
    yield
    connection.close()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = usual
    connection.connection = kept


def at_once(deed: Callable[[int], object]) -> list[object]:
    """Do something from eight threads, and return what came of each: a value or the refusal."""

    def one(number: int) -> object:
        try:
            return deed(number)
        except AlreadyWithdrawn as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


class TestIssue:
    def test_makes_one_credential_of_one_award(self) -> None:
        award = scenes.award(with_files=False)
        services.record_award(award, by=cast.tomas().actor, at=NOW)
        issuer = cast.priya().actor

        batches = at_once(lambda _n: services.issue([award.id], by=issuer, at=NOW).issued[0].ref)

        assert len(set(batches)) == 1
        assert IssuedCredential.objects.count() == 1

    def test_gives_every_credential_an_entry_of_its_own(self) -> None:
        awards = [scenes.award(with_files=False, person_id=cast.lukas().row.id) for _n in range(THREADS)]
        for award in awards:
            services.record_award(award, by=cast.tomas().actor, at=NOW)
        issuer = cast.priya().actor

        at_once(lambda n: services.issue([awards[n].id], by=issuer, at=NOW).issued[0].ref)

        entries = set(IssuedCredential.objects.values_list("status_list_id", "status_index"))
        assert len(entries) == THREADS
        assert StatusList.objects.get().claimed == THREADS
        assert SigningKey.objects.count() == 2
        for ref in IssuedCredential.objects.values_list("ref", flat=True):
            assert queries.report(ref, at=NOW).verdict == "genuine"

    def test_of_a_list_sent_twice_issues_once(self) -> None:
        achievement, issuer, list_id = cast.data_cleaning(), cast.priya().actor, uuid4()
        listed = [ListedPerson(number=n, name=f"Person {n}", email=f"p{n}@example.org") for n in range(4)]

        at_once(
            lambda _n: len(
                services.issue_to_list(achievement.id, listed, list_id=list_id, by=issuer, at=NOW).issued
            )
        )

        assert IssuedCredential.objects.count() == 4

    def test_of_a_list_sent_twice_moments_apart_tells_both_the_same(self) -> None:
        achievement, issuer, list_id = cast.data_cleaning(), cast.priya().actor, uuid4()
        listed = [ListedPerson(number=1, name="Petra Novak", email="petra@example.org")]

        batches = at_once(
            lambda n: (
                services.issue_to_list(
                    achievement.id, listed, list_id=list_id, by=issuer, at=NOW + timedelta(milliseconds=n)
                )
                .issued[0]
                .ref
            )
        )

        assert len(set(batches)) == 1


class TestWithdraw:
    def test_happens_once(self) -> None:
        issued, issuer = scenes.issued(with_files=False), cast.priya().actor

        outcomes = at_once(
            lambda n: services.withdraw(issued.ref, reason=f"Reason {n}", by=issuer, at=NOW).state
        )

        assert outcomes.count(AlreadyWithdrawn) == THREADS - 1
        assert StatusChange.objects.count() == 1

    def test_of_many_loses_none(self) -> None:
        refs = [scenes.issued(with_files=False, person_id=cast.lukas().row.id).ref for _n in range(THREADS)]
        issuer = cast.priya().actor

        at_once(lambda n: services.withdraw(refs[n], reason="Wrong person", by=issuer, at=NOW).ref)

        assert {queries.report(ref, at=NOW).verdict for ref in refs} == {"withdrawn"}
