# SPDX-License-Identifier: Apache-2.0
"""What is handed in is kept byte for byte, or refused and not kept at all."""

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest

from cairn.foundation import files
from cairn.foundation.errors import FileEmpty, FileTooLarge


@pytest.fixture(autouse=True)
def _folder(settings: object, tmp_path: Path) -> None:
    settings.CAIRN_VAR = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings object


class TestPut:
    def test_keeps_every_byte_and_says_its_fingerprint(self) -> None:
        work = b"stop,planned,actual\n" * 9_000

        stored = files.put([work[:70_000], work[70_000:]], limit=5_000_000)

        assert b"".join(files.read(stored.key)) == work
        assert stored.size == len(work)
        assert stored.sha256 == hashlib.sha256(work).hexdigest() == files.sha256_now(stored.key)

    def test_refuses_a_file_over_the_limit_and_keeps_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(FileTooLarge, match="over 1 MB, the most we can take"):
            files.put([b"x" * 700_000, b"x" * 700_000], limit=1024 * 1024)

        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_refuses_an_empty_file_and_keeps_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(FileEmpty, match="The file is empty"):
            files.put([], limit=1000)

        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_keeps_nothing_of_an_upload_that_breaks_off(self, tmp_path: Path) -> None:
        def broken() -> object:
            yield b"half of it"
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            files.put(broken(), limit=1000)  # type: ignore[arg-type]  # a generator of bytes

        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


class TestSha256Now:
    def test_notices_one_changed_byte_on_the_disk(self, tmp_path: Path) -> None:
        stored = files.put([b"41,166 rows"], limit=1000)
        path = next(path for path in tmp_path.rglob("*") if path.is_file())
        path.write_bytes(b"41,167 rows")

        assert files.sha256_now(stored.key) != stored.sha256

    def test_says_none_for_a_file_that_is_gone(self) -> None:
        assert files.sha256_now(uuid4()) is None

    def test_forgets_a_file_once_or_twice_alike(self) -> None:
        stored = files.put([b"draft"], limit=1000)

        files.forget(stored.key)
        files.forget(stored.key)

        assert files.sha256_now(stored.key) is None


class TestAsSize:
    @pytest.mark.parametrize(
        ("size", "words"),
        [
            (1, "1 bytes"),
            (999, "999 bytes"),
            (1000, "1 KB"),
            (219_136, "214 KB"),
            (9 * 1024 * 1024, "9 MB"),
            (1_153_434, "1.1 MB"),
        ],
    )
    def test_speaks_like_people(self, size: int, words: str) -> None:
        assert files.as_size(size) == words
