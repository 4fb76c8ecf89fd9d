# SPDX-License-Identifier: Apache-2.0
"""Each defence of the platform is taken away once, and the test of its attack must notice.

Attacks A22, A23, A25 and A26 of the threat model meet the platform; what meets the library is tried in its own
tests. Nothing in the platform can be switched off: a patch stands in for what was taken away.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final
from unittest import mock
from xml.etree import ElementTree

import pytest
from achievements import test_badge, test_images, test_public
from credentials import test_pages, test_rules, test_services
from django.db import connection, transaction
from django.test import Client
from foundation import test_http
from verification import test_pages as checker
from verification.strangers import ISSUED_AT, self_made

from cairn.achievements import badge, images
from cairn.achievements.pages import public as achievement_pages
from cairn.credentials.models import StatusList
from cairn.credentials.pages import public as credential_pages
from cairn.credentials.rules import shuffle
from cairn.credentials.services import status_lists
from cairn.foundation import http
from cairn.verification import examiner
from laurel.did import key as did_key
from laurel.proof import data_integrity
from laurel.proof.keys import SigningKey

pytestmark = pytest.mark.django_db

ATTACKS: Final = {"A22", "A23", "A25", "A26"}


class TestPresentation:
    def test_that_somebody_sends_again_shows_nothing(self, client: Client) -> None:
        """Nobody here asks a holder a question, so whoever copied an answer to somebody else could send it."""
        holder = did_key.with_did_key(SigningKey.generate())
        badge_of_theirs = json.loads(self_made())
        document = {
            "@context": badge_of_theirs["@context"][:1],
            "type": ["VerifiablePresentation"],
            "holder": did_key.did(holder.public),
            "verifiableCredential": [badge_of_theirs],
        }
        shown = data_integrity.sign(
            document,
            holder,
            suite="eddsa-rdfc-2022",
            created=ISSUED_AT,
            purpose="authentication",
            challenge="n-2f7d",
            domain="https://employer.example",
        )

        page = checker.text(checker.check(client, file=json.dumps(shown).encode()))

        assert "This is a presentation. Ask for the credential inside it." in page
        assert "Food Hygiene" not in page


@dataclass(frozen=True)
class Defence:
    """What is taken away, and the test that notices."""

    attack: str
    off: Callable[[], AbstractContextManager[Any]]
    test: Callable[[], None]


def patch(holder: object, name: str, value: object) -> Callable[[], AbstractContextManager[Any]]:
    """Put a value in the place of what stands there."""
    return lambda: mock.patch.object(holder, name, value)


@contextmanager
def no_constraint_on_entries() -> Iterator[None]:
    """Let the table take a status entry twice; all of it is taken back, with what the test wrote."""
    table = "credentials_issuedcredential"
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"ALTER TABLE {table} RENAME TO bound_{table}")
            cursor.execute(f"CREATE TABLE {table} AS SELECT * FROM bound_{table}")
        else:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT one_credential_per_status_entry")
        yield
        transaction.set_rollback(True)


def a_list_for_each(organization: Any, at: Any) -> StatusList:
    """Open a new list for every credential."""
    StatusList.objects.filter(organization_id=organization.id, closed_at=None).update(closed_at=at)
    return lock_open_list(organization, at)


lock_open_list = status_lists._lock_open_list
SCRIPT: Final = "<script>alert(1)</script>"
#: Files are looked at in a process of its own, so this one begins without the defence.
TAKES_PRESENTATIONS: Final = """
import runpy
from laurel.verify import presented
presented._require_credential = lambda document: None
runpy.run_module("cairn.verification.examiner.worker", run_name="__main__")
"""
OUTSIDE: Final = "<use href='other.svg#a'/>"

DEFENCES: Final = {
    "entries come in no order": Defence(
        "A22",
        patch(shuffle, "_permuted", lambda value, seed: value),
        test_rules.TestShuffle().test_tells_nothing_of_the_order_of_issuing,
    ),
    "an entry comes once": Defence(
        "A22",
        patch(shuffle, "_permuted", lambda value, seed: value // 2),
        test_rules.TestShuffle().test_gives_every_entry_exactly_once,
    ),
    "the table takes an entry once": Defence(
        "A22", no_constraint_on_entries, test_services.TestStatusEntry().test_is_given_once_by_the_table_too
    ),
    "one list is everybody's": Defence(
        "A23",
        patch(status_lists, "_lock_open_list", a_list_for_each),
        test_services.TestStatusEntry().test_is_one_list_for_everybody_until_it_is_full,
    ),
    "a list is the same for everyone": Defence(
        "A23",
        patch(credential_pages, "_open_to_all", lambda request, reply: reply),
        test_pages.TestWhatVerifiersNeed().test_is_the_same_for_everyone_and_sets_no_cookie,
    ),
    "a drawing is served in a sandbox": Defence(
        "A25",
        patch(achievement_pages, "SVG_POLICY", "default-src 'self'"),
        lambda: test_public.TestBadge().test_as_svg_can_neither_run_nor_load_anything(Client()),
    ),
    "a name is no markup": Defence(
        "A25", patch(badge, "escape", str), test_badge.TestDrawing().test_never_lets_a_name_become_markup
    ),
    "a drawing that runs is refused": Defence(
        "A25",
        patch(images, "_REFUSED", frozenset()),
        lambda: test_images.TestDrawing().test_that_runs_or_reaches_out_is_refused(SCRIPT),
    ),
    "a drawing that reaches out is refused": Defence(
        "A25",
        patch(images, "_reaches_out", lambda tag, element: False),
        lambda: test_images.TestDrawing().test_that_runs_or_reaches_out_is_refused(OUTSIDE),
    ),
    "a drawing has no entities": Defence(
        "A25",
        patch(images, "ElementTree", mock.Mock(fromstring=lambda data, **_: ElementTree.fromstring(data))),
        test_images.TestDrawing().test_that_reads_a_file_by_an_entity_is_refused,
    ),
    "evidence that could run is not shown": Defence(
        "A25",
        patch(http, "SHOWN", http.SHOWN | {"image/svg+xml"}),
        lambda: test_http.TestStoredFile().test_never_shows_what_could_run("image/svg+xml"),
    ),
    "a presentation is taken from nobody": Defence(
        "A26",
        patch(examiner, "PROGRAM", ("-c", TAKES_PRESENTATIONS)),
        lambda: TestPresentation().test_that_somebody_sends_again_shows_nothing(Client()),
    ),
}


@pytest.mark.parametrize("name", DEFENCES)
class TestDefence:
    def test_holds(self, name: str) -> None:
        DEFENCES[name].test()

    def test_is_missed_by_its_test(self, name: str) -> None:
        with DEFENCES[name].off(), pytest.raises((Exception, pytest.fail.Exception)) as noticed:
            DEFENCES[name].test()
        # These would be faults of the patch.
        assert not isinstance(noticed.value, (TypeError, AttributeError, NameError, ImportError))


def test_every_attack_on_the_platform_has_a_defence_that_is_tried() -> None:
    assert {defence.attack for defence in DEFENCES.values()} == ATTACKS
