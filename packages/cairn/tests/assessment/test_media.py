# SPDX-License-Identifier: Apache-2.0
"""Files are known by what is in them: an allow-list, honest names, nothing unpacked, nothing run."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import pieces
from cairn.assessment.errors import FileRefused
from cairn.assessment.facts import ShownAs
from cairn.assessment.rules import media, reading

MB = 1024 * 1024
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"


def odt() -> bytes:
    """Return the head of a real OpenDocument text: the first entry is stored, and names the kind."""
    said = b"application/vnd.oasis.opendocument.text"
    head = b"PK\x03\x04" + bytes(22) + (8).to_bytes(2, "little") + bytes(2)
    return head + b"mimetype" + said + b"PK\x05\x06" + bytes(18)


TAKEN = {
    "report.pdf": (pieces.PDF, "application/pdf"),
    "chart.png": (pieces.png(), "image/png"),
    "photo.JPG": (pieces.JPEG, "image/jpeg"),
    "photo.jpeg": (pieces.JPEG, "image/jpeg"),
    "moving.gif": (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "image/gif"),
    "photo.webp": (b"RIFF\x1a\x00\x00\x00WEBPVP8L", "image/webp"),
    "talk.mp4": (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "video/mp4"),
    "talk.webm": (WEBM, "video/webm"),
    "all.zip": (pieces.archive("a.py", "b.py"), "application/zip"),
    "empty.zip": (b"PK\x05\x06" + bytes(18), "application/zip"),
    "report.docx": (pieces.archive("[Content_Types].xml", "word/document.xml"), media.DOCX),
    "table.xlsx": (pieces.archive("[Content_Types].xml", "xl/workbook.xml"), media.XLSX),
    "talk.pptx": (pieces.archive("[Content_Types].xml", "ppt/presentation.xml"), media.PPTX),
    "report.odt": (odt(), media.ODT),
    "notes.txt": ("Zoë read it — twice.".encode(), "text/plain"),
    "old.txt": ("Zoë".encode("cp1252"), "text/plain"),
    "README": (b"read me", "text/plain"),
    "arrivals.csv": (pieces.TABLE, "text/csv"),
    "arrivals.tsv": (b"a\tb\n1\t2\n", "text/csv"),
    "notes.md": (b"# Title\n", "text/markdown"),
    "rows.json": (b'{"rows": []}', "application/json"),
    "clean.ipynb": (pieces.NOTEBOOK, "application/x-ipynb+json"),
    "clean.py": (b"import pandas as pd\n", "text/x-python"),
}

REFUSED = {
    "page.html": HTML,
    "drawing.svg": SVG,
    "setup.exe": b"MZ\x90\x00\x03",
    "run.sh": b"#!/bin/sh\nrm -rf ~\n",
    "macro.xlsm": pieces.archive("[Content_Types].xml", "xl/vbaProject.bin"),
    "library.jar": pieces.archive("META-INF/MANIFEST.MF"),
    "all.tar.gz": b"\x1f\x8b\x08\x00",
    "photo.png": pieces.JPEG,
    "chart.pdf": pieces.png(),
    "report.docx": pieces.archive("a.py"),
    "notes.txt": b"text\x00with a zero",
    "report.pdf": b"<html>%PDF-1.4</html>",
    "late.pdf": b"\n\n%PDF-1.4",
    "clean.ipynb": b'{"not": "a notebook"}',
    "rows.json": b"{rows: []}",
    "clean.py": pieces.archive("clean.py"),
    "arrivals.csv": pieces.archive("[Content_Types].xml", "xl/workbook.xml"),
    "noname": b"\x7fELF\x02\x01\x01\x00",
    "movie.webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01matroska",
    "cut.zip": b"PK\x03\x04 and nothing of a directory",
}


class TestSniffing:
    @pytest.mark.parametrize("name", TAKEN)
    def test_knows_what_is_taken(self, name):
        content, media_type = TAKEN[name]

        assert media.sniff(name, content) == media_type

    @pytest.mark.parametrize("name", REFUSED)
    def test_refuses_everything_else(self, name):
        with pytest.raises(FileRefused) as refusal:
            media.sniff(name, REFUSED[name])

        assert refusal.value.fault.about == name

    def test_says_what_the_name_claims_and_what_is_inside(self):
        with pytest.raises(FileRefused) as refusal:
            media.sniff("photo.png", pieces.JPEG)

        assert str(refusal.value) == (
            "The file is named like a PNG picture, but holds a JPEG picture. "
            "Give it the right ending, or choose another file"
        )

    def test_says_what_we_take_instead(self):
        with pytest.raises(FileRefused, match=r"We can't take \.html files\. We take PDF, pictures"):
            media.sniff("page.html", HTML)

    def test_survives_json_nested_without_end(self):
        with pytest.raises(FileRefused):
            media.sniff("deep.json", b"[" * 1_000_000)

    @given(st.binary(max_size=300), st.sampled_from(["", *(f"x.{ending}" for ending in media._BY_ENDING)]))
    def test_never_gives_a_type_that_the_name_denies(self, content, name):
        try:
            found = media.sniff(name or "x", content)
        except FileRefused:
            return

        if name:
            assert name.rsplit(".", 1)[1] in media.KINDS[found].endings

    def test_shows_nothing_that_could_run(self):
        shown = {kind.media_type for kind in media.KINDS.values()}

        assert not {one for one in shown if "html" in one or "svg" in one or "script" in one}

    def test_knows_hostile_pictures_for_what_they_are(self):
        folder = Path(__file__).resolve().parents[5] / "shared" / "hostile"
        if not folder.is_dir():
            pytest.skip("../shared/hostile is absent")
        for path in sorted(folder.glob("pillow-images/**/*"))[:400]:
            if path.is_file() and path.stat().st_size < 5 * MB:
                try:
                    found = media.sniff(path.name, path.read_bytes())
                except FileRefused:
                    continue
                assert path.suffix.lower().lstrip(".") in (*media.KINDS[found].endings, "")


class TestSize:
    @pytest.mark.parametrize(
        ("size", "words"),
        [
            (0, "The file is empty. Choose the one with your work in it"),
            (9 * MB, "The file is 9 MB. The most we can take is 5 MB"),
            (5 * MB + 1, "The file is a little over 5 MB, the most we can take"),
        ],
    )
    def test_is_refused_in_clear_words(self, size, words):
        with pytest.raises(FileRefused) as refusal:
            media.require_size("photo.jpg", size, limit=5 * MB)

        assert str(refusal.value) == words

    def test_up_to_the_limit_is_taken(self):
        media.require_size("photo.jpg", 1, limit=5 * MB)
        media.require_size("photo.jpg", 5 * MB, limit=5 * MB)

    def test_is_said_like_people_say_it(self):
        assert [media.as_size(size) for size in (1, 40_000, 2_621_440)] == ["1 KB", "39 KB", "2.5 MB"]


class TestNames:
    @pytest.mark.parametrize(
        ("given_name", "kept"),
        [
            ("سجلات الوصول.csv", "سجلات الوصول.csv"),
            ("到着記録.csv", "到着記録.csv"),
            ("Zoe\u0308.csv", "Zo\u00eb.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\amara\\report.pdf", "report.pdf"),
            ("report\r\nSet-Cookie: a=b.pdf", "reportSet-Cookie: a=b.pdf"),
            ("exe.\u202egpj.pdf", "exe.gpj.pdf"),
            ("  a \t b  .csv", "a b .csv"),
            ("...", "file"),
            ("", "file"),
            ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
        ],
    )
    def test_keep_their_script_and_lose_what_deceives(self, given_name, kept):
        assert media.clean_name(given_name) == kept

    def test_are_cut_in_the_middle_so_that_the_ending_stays(self):
        kept = media.clean_name("x" * 400 + ".ipynb")

        assert len(kept) == media.LONGEST_NAME
        assert kept.endswith("x.ipynb")

    @given(st.text(max_size=400))
    def test_never_hold_a_path_or_a_control_character(self, name):
        kept = media.clean_name(name)

        assert kept
        assert len(kept) <= media.LONGEST_NAME
        assert not {"/", "\\"} & set(kept)
        assert not [letter for letter in kept if unicodedata.category(letter) in {"Cc", "Cs"}]

    @given(st.text(max_size=400))
    def test_are_the_same_when_cleaned_again(self, name):
        kept = media.clean_name(name)

        assert media.clean_name(kept) == kept


class TestReading:
    def test_shows_a_notebook_cell_by_cell_without_its_html(self):
        shown = reading.shown(ShownAs.NOTEBOOK, pieces.NOTEBOOK)

        assert [cell.kind for cell in shown.cells] == ["text", "code", "output"]
        assert shown.cells[2].text == "1204"
        assert "script" not in "".join(cell.text for cell in shown.cells)

    def test_shows_a_table_with_its_head(self):
        shown = reading.shown(ShownAs.TABLE, pieces.TABLE)

        assert shown.head == ("stop", "route", "planned", "actual")
        assert shown.rows[1] == ("St Anne's", "12", "", "")

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_finds_the_delimiter(self, delimiter):
        shown = reading.shown(ShownAs.TABLE, f"a{delimiter}b\n1{delimiter}2\n".encode())

        assert (shown.head, shown.rows) == (("a", "b"), (("1", "2"),))

    def test_cuts_long_tables_and_wide_ones(self):
        long = reading.shown(ShownAs.TABLE, b"a,b\n" + b"1,2\n" * 5_000)
        wide = reading.shown(ShownAs.TABLE, b",".join([b"x"] * 500) + b"\n")

        assert (len(long.rows), long.is_cut) == (200, True)
        assert (len(wide.head), wide.is_cut) == (30, True)

    def test_cuts_long_text(self):
        shown = reading.shown(ShownAs.TEXT, b"x" * 300_000)

        assert (len(shown.text), shown.is_cut) == (reading.MOST_LETTERS, True)

    def test_cuts_notebooks_without_end(self):
        cells = [{"cell_type": "code", "source": "x = 1"}] * 1_000
        shown = reading.shown(ShownAs.NOTEBOOK, json.dumps({"cells": cells}).encode())

        assert (len(shown.cells), shown.is_cut) == (reading.MOST_CELLS, True)

    def test_shows_a_table_that_is_none_as_text(self):
        assert reading.shown(ShownAs.TABLE, b"just words").how is ShownAs.TEXT
        assert reading.shown(ShownAs.TABLE, b'a,b\n"' + b"x" * 200_000).how is ShownAs.TEXT

    @pytest.mark.parametrize(
        "content",
        [b"[]", b'{"cells": 3}', b'{"cells": [1, null, {"source": 3}, {"outputs": [7]}]}', b"nothing"],
    )
    def test_shows_a_broken_notebook_as_well_as_it_can(self, content):
        assert reading.shown(ShownAs.NOTEBOOK, content).how in (ShownAs.NOTEBOOK, ShownAs.TEXT)

    def test_reads_western_code_pages(self):
        assert reading.as_text("Zoë".encode("cp1252")) == "Zoë"
        assert reading.as_text("\ufeffZoë".encode()) == "Zoë"

    @given(st.binary(max_size=500), st.sampled_from(ShownAs))
    def test_never_fails(self, content, how):
        reading.shown(how, content)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(
                        ["cells", "source", "outputs", "data", "text", "text/plain", "cell_type"]
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=30,
        )
    )
    def test_never_fails_on_odd_notebooks(self, value):
        reading.shown(ShownAs.NOTEBOOK, json.dumps({"cells": [value]}).encode())
