# SPDX-License-Identifier: Apache-2.0
"""The pages of faults: what people see when they send more than fits."""

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory

from cairn.site import pages

TOO_MUCH = b"ref=" + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
FORM = "application/x-www-form-urlencoded"


@pytest.mark.django_db
class TestTooMuch:
    def test_is_told_with_what_fits(self) -> None:
        reply = Client().post("/check", TOO_MUCH, content_type=FORM)

        assert reply.status_code == 413
        assert "A file can be 5 MB, and the text of a form 2 MB." in reply.content.decode()

    def test_is_read_to_its_end_because_a_browser_listens_only_then(self) -> None:
        request = RequestFactory().post("/check", TOO_MUCH, content_type=FORM)

        pages.bad_request(request, RequestDataTooBig())

        assert request.read() == b""
        assert request.environ["wsgi.input"].read() == b""

    def test_is_not_read_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pages, "MOST_DROPPED", pages.CHUNK)
        request = RequestFactory().post("/check", TOO_MUCH, content_type=FORM)

        pages.bad_request(request, RequestDataTooBig())

        assert len(request.environ["wsgi.input"].read()) == len(TOO_MUCH) - pages.CHUNK
