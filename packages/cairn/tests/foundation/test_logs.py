# SPDX-License-Identifier: Apache-2.0
"""What the logs hold: kinds of addresses and types of faults, no key, no name, no e-mail address."""

import logging

import cast
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wallet import scenes

from cairn.foundation import logs
from cairn.people.models import Person
from cairn.wallet import services as wallet


class Kept(logging.Handler):
    """Keeps the lines as the console would show them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.addFilter(logs.RouteOnly())
        self.setFormatter(logs.WhereItBroke("{levelname} {name} {message}", style="{"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Kept:
    """Listen to everything that is logged."""
    handler = Kept()
    for name in ("django.request", "django.security.csrf", "cairn.test"):
        logging.getLogger(name).addHandler(handler)
    yield handler
    for name in ("django.request", "django.security.csrf", "cairn.test"):
        logging.getLogger(name).removeHandler(handler)


class TestLogging:
    def test_goes_through_both_on_the_console(self) -> None:
        console = settings.LOGGING["handlers"]["console"]

        assert console["filters"] == ["route_only"]
        assert settings.LOGGING["filters"]["route_only"]["()"] == "cairn.foundation.logs.RouteOnly"
        assert settings.LOGGING["formatters"]["line"]["()"] == "cairn.foundation.logs.WhereItBroke"


@pytest.mark.django_db
class TestRouteOnly:
    def test_names_no_key_of_a_share_that_is_over(self, kept: Kept) -> None:
        share = scenes.share()
        wallet.switch_off(share.id, by=cast.amara().actor, at=timezone.now())
        token = share.url.rsplit("/", 1)[-1]

        assert Client().get(f"/x/{token}").status_code == 410

        assert kept.lines == ["WARNING django.request 410 GET /x/<str:token>"]

    def test_names_no_key_that_was_mistyped(self, kept: Kept) -> None:
        Client().get("/x/secret-key/with/a/slip")

        assert kept.lines == [f"WARNING django.request 404 GET {logs.NO_ADDRESS}"]

    def test_names_no_key_of_a_form_that_was_forged(self, kept: Kept) -> None:
        Client(enforce_csrf_checks=True).post(
            "/k/a-claim-key/keep", headers={"referer": "http://x/k/a-claim-key"}
        )

        assert [line for line in kept.lines if "a-claim-key" in line] == []
        assert any("CSRF cookie not set." in line and "/k/<str:key>/keep" in line for line in kept.lines)

    def test_leaves_lines_alone_that_are_about_no_request(self, kept: Kept) -> None:
        logging.getLogger("cairn.test").warning("listener %s failed", "send_link")

        assert kept.lines == ["WARNING cairn.test listener send_link failed"]


@pytest.mark.django_db
class TestWhereItBroke:
    def test_tells_the_type_and_the_place_and_no_value_of_a_row(self, kept: Kept) -> None:
        cast.amara()
        try:
            try:
                with transaction.atomic():
                    Person.objects.create_user("amara.okafor@example.org", name="Amara Okafor")
            except IntegrityError as fault:
                raise RuntimeError("could not add Amara Okafor") from fault
        except RuntimeError:
            logging.getLogger("cairn.test").exception("a page broke")

        text = kept.lines[0]
        assert "builtins.RuntimeError" in text
        assert "IntegrityError" in text
        assert "test_logs.py" in text
        assert "(amara" not in text
        assert "could not add" not in text.replace('raise RuntimeError("could not add Amara Okafor")', "")
