# SPDX-License-Identifier: Apache-2.0
"""Somebody's file is served so that it cannot act on our pages."""

import pytest

from cairn.foundation.http import stored_file


class TestStoredFile:
    @pytest.mark.parametrize(
        "media_type", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"]
    )
    def test_never_shows_what_could_run(self, media_type: str) -> None:
        reply = stored_file([b"<script>"], name="x", media_type=media_type, size=8)

        assert reply["Content-Type"] == "application/octet-stream"
        assert reply["Content-Disposition"].startswith("attachment")
        assert "sandbox" in reply["Content-Security-Policy"]
        assert reply["X-Content-Type-Options"] == "nosniff"

    def test_shows_a_pdf_in_a_sandbox(self) -> None:
        reply = stored_file([b"%PDF"], name="رسالة.pdf", media_type="application/pdf", size=4)

        assert reply["Content-Disposition"].startswith("inline; filename*=UTF-8''%D8%B1")
        assert "default-src 'none'" in reply["Content-Security-Policy"]
        assert reply["Cache-Control"] == "private, no-store"
