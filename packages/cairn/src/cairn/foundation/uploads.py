# SPDX-License-Identifier: Apache-2.0
"""Takes uploads in without letting a huge one fill the memory or the disk."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

#: The most a whole request may weigh, in bytes: every file of a form at its limit, and room for a few more.
MOST_BYTES = 120 * 1024 * 1024


class BoundedUpload(FileUploadHandler):
    """Stands before Django's own handlers and drops what comes after the limit of one file.

    A file that is too large arrives without its bytes but with its true size, so that the form can say how
    large it was and what the most is.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """Refuse a request that is larger than any form of ours. Raises `RequestDataTooBig`."""
        if content_length > MOST_BYTES:
            raise RequestDataTooBig("The request is larger than any form of this site.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.is_over = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a chunk on while the file is within the limit."""
        self.is_over = self.is_over or start + len(raw_data) > settings.CAIRN_FILE_LIMIT
        return None if self.is_over else raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """Give a file that was too large as an empty one that knows its size; leave others to Django."""
        if not self.is_over:
            return None
        return UploadedFile(
            file=BytesIO(),
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )
