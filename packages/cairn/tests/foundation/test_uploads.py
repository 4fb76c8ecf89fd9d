# SPDX-License-Identifier: Apache-2.0
"""A huge upload costs neither memory nor disk, and its form can still say how large it was."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import load_handler
from django.test import RequestFactory

from cairn.foundation import uploads

MB = 1024 * 1024


def received(**files: bytes) -> dict[str, object]:
    """Return what a view finds under the names of these files."""
    posted = {
        name: SimpleUploadedFile(f"{name}.jpg", content, "image/jpeg") for name, content in files.items()
    }
    return dict(RequestFactory().post("/", posted).FILES.items())


class TestBoundedUpload:
    def test_gives_a_file_within_the_limit_whole(self) -> None:
        photo = received(photo=b"\xff\xd8" + b"x" * 4 * MB)["photo"]

        assert photo.size == 4 * MB + 2
        assert photo.read() == b"\xff\xd8" + b"x" * 4 * MB

    def test_gives_a_file_over_the_limit_without_its_bytes_but_with_its_size(self) -> None:
        photo = received(photo=b"x" * 9 * MB)["photo"]

        assert photo.size == 9 * MB
        assert photo.read() == b""
        assert photo.name == "photo.jpg"

    def test_loses_no_other_file_of_the_form(self) -> None:
        found = received(photo=b"x" * 9 * MB, notes=b"all fine")

        assert found["notes"].read() == b"all fine"

    def test_refuses_a_request_larger_than_any_form(self) -> None:
        handler = load_handler("cairn.foundation.uploads.BoundedUpload", None)

        with pytest.raises(RequestDataTooBig):
            handler.handle_raw_input(None, {}, uploads.MOST_BYTES + 1, b"")
