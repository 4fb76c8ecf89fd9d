# SPDX-License-Identifier: Apache-2.0
"""What the door keeps out before any room looks: NUL characters, which PostgreSQL cannot look up."""

import pytest
from django.test import Client

from cairn.people.models import MailedKey


@pytest.mark.django_db
class TestNoNul:
    @pytest.mark.parametrize(
        "address",
        [
            "/o/fernhill/status/%00abc/revocation",
            "/me/work/%00/",
            "/staff/fernhill/programmes/%00/",
        ],
    )
    def test_in_an_address_is_a_bad_request_and_no_fault_of_ours(self, address: str) -> None:
        reply = Client().get(address)

        assert reply.status_code == 400
        assert "That request could not be read" in reply.content.decode()

    def test_in_a_cookie_is_passed_over(self) -> None:
        reply = Client().get("/settings/", headers={"cookie": r'sessionid="\000abcdefghijklmnop"'})

        assert reply.status_code == 302
        assert reply["Location"].startswith("/sign-in")

    @pytest.mark.parametrize("address", ["/outbox?to=%00", "/check?ref=a%00b", "/sign-in?next=/%00"])
    def test_in_a_question_is_no_fault_of_ours(self, address: str) -> None:
        assert Client().get(address).status_code == 200

    def test_in_where_to_go_on_is_passed_over(self) -> None:
        reply = Client().post("/sign-in", {"email": "amara.okafor@example.org", "next": "/me/\0"})

        assert reply.status_code == 302
        assert MailedKey.objects.get().next_url == ""

    def test_leaves_every_other_character_alone(self) -> None:
        assert Client().get("/check?ref=%2500+%E2%98%83").status_code == 200
