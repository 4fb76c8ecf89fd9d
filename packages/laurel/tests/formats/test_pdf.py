# SPDX-License-Identifier: Apache-2.0
"""A credential is attached to a PDF and found again; a PDF that could mean two things means nothing."""

import random
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from laurel.errors import CorruptImage, TooLarge, Unreadable
from laurel.formats.baking import attach_pdf, detect, pdf_reading, unbake, unbake_pdf
from laurel.formats.baking.pdf_reading import attached_credential

JSON = '{"name": "Data Cleaning with Python", "für": "Ọmọ́lará 🌿"}'
JWS = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6d2ViOmZlcm5oaWxsLmV4YW1wbGUifQ.c2lnbmF0dXJl"


def certificate(**attached: bytes) -> bytes:
    """Return a one-page PDF with files attached under the given names (an underscore stands for the dot)."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    for name, data in attached.items():
        writer.add_attachment(name.replace("_", "."), data)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


CERTIFICATE = certificate()


class TestAttachPdf:
    @settings(max_examples=25, deadline=None)
    @given(inner=st.text(st.characters(codec="utf-8")))
    def test_gives_back_every_text_as_it_went_in(self, inner: str) -> None:
        text = "{" + inner + "}"

        assert attached_credential(attach_pdf(CERTIFICATE, "credential.json", text.encode())) == text

    def test_keeps_files_that_were_attached_before(self) -> None:
        both = attach_pdf(certificate(transcript_txt=b"marks"), "credential.jwt", JWS.encode())

        assert PdfReader(BytesIO(both)).attachments["transcript.txt"] == [b"marks"]
        assert unbake_pdf(both) == JWS

    def test_refuses_a_file_that_is_no_pdf(self) -> None:
        for broken in (b"", b"%PDF-1.7\n", b"%PDF-1.7\nhello\n%%EOF", b"GIF89a"):
            with pytest.raises(CorruptImage):
                attach_pdf(broken, "credential.json", b"{}")


class TestUnbakePdf:
    @pytest.mark.parametrize(
        "name", ["credential_json", "credential_jwt", "BADGE_JSON", "amara_jsonld", "a_jws"]
    )
    def test_finds_the_credential_by_the_ending_of_its_name(self, name: str) -> None:
        assert unbake(certificate(notes_txt=b"no", **{name: JSON.encode()})) == JSON

    def test_refuses_two_credentials(self) -> None:
        with pytest.raises(CorruptImage) as refusal:
            unbake_pdf(certificate(credential_json=b"{}", other_jwt=JWS.encode()))

        assert refusal.value.code == "unreadable.several-credentials"

    def test_says_when_there_is_none(self) -> None:
        for without in (CERTIFICATE, certificate(notes_txt=b"{}")):
            with pytest.raises(CorruptImage) as refusal:
                unbake_pdf(without)
            assert refusal.value.code == "unreadable.no-credential"

    def test_finds_a_second_credential_deeper_in_the_name_tree(self) -> None:
        """pypdf's own list shows one here; a reader that follows the tree shows the other."""
        writer = PdfWriter(clone_from=BytesIO(certificate(credential_json=b"{}", hidden_json=b'{"a": 1}')))
        files = writer.root_object["/Names"]["/EmbeddedFiles"]
        names = files["/Names"]
        deepest = DictionaryObject({NameObject("/Names"): ArrayObject(names[2:4])})
        middle = DictionaryObject({NameObject("/Kids"): ArrayObject([deepest])})
        files[NameObject("/Names")] = ArrayObject(names[:2])
        files[NameObject("/Kids")] = ArrayObject([middle])

        with pytest.raises(CorruptImage) as refusal:
            unbake_pdf(written(writer))

        assert refusal.value.code == "unreadable.several-credentials"

    def test_goes_by_the_name_that_readers_show_too(self) -> None:
        writer = PdfWriter(clone_from=BytesIO(certificate(notes_txt=JSON.encode())))
        specification = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()
        specification[NameObject("/UF")] = TextStringObject("credential.json")

        assert unbake_pdf(written(writer)) == JSON

    def test_refuses_a_name_tree_that_runs_in_circles(self) -> None:
        writer = PdfWriter(clone_from=BytesIO(certificate(credential_json=b"{}")))
        files = writer.root_object["/Names"]["/EmbeddedFiles"]
        reference = writer._add_object(files)
        files[NameObject("/Kids")] = ArrayObject([reference, reference])

        with pytest.raises(CorruptImage):
            unbake_pdf(written(writer))

    def test_refuses_an_encrypted_file(self) -> None:
        writer = PdfWriter(clone_from=BytesIO(certificate(credential_json=b"{}")))
        writer.encrypt("fern", algorithm="AES-256")
        locked = written(writer)

        with pytest.raises(CorruptImage, match="encrypted"):
            unbake_pdf(locked)
        with pytest.raises(CorruptImage, match="encrypted"):
            attach_pdf(locked, "credential.json", b"{}")

    def test_refuses_an_attachment_of_more_than_256_kib(self) -> None:
        with pytest.raises(TooLarge):
            unbake_pdf(certificate(credential_json=b"{" + b" " * 300_000 + b"}"))

    def test_refuses_an_attachment_that_is_a_bomb(self) -> None:
        writer = PdfWriter(clone_from=BytesIO(certificate(credential_json=b"{" + b" " * 60_000_000 + b"}")))
        embedded = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()["/EF"]
        plain = embedded["/F"].get_object()
        writer._replace_object(embedded.raw_get("/F"), plain.flate_encode(9))
        bomb = written(writer)
        assert len(bomb) < 1_000_000

        with pytest.raises(TooLarge):
            unbake_pdf(bomb)

    def test_refuses_bytes_that_are_not_utf_8(self) -> None:
        with pytest.raises(CorruptImage, match="UTF-8"):
            unbake_pdf(certificate(credential_json=b"\xff\xfe"))

    def test_refuses_a_file_of_more_than_16_mib(self) -> None:
        with pytest.raises(TooLarge):
            unbake_pdf(CERTIFICATE + b" " * 16 * 1024 * 1024)

    def test_refuses_or_reads_every_cut_of_a_sound_file(self) -> None:
        whole = certificate(credential_json=JSON.encode())

        for length in range(0, len(whole), 7):
            try:
                assert attached_credential(whole[:length]) == JSON
            except Unreadable:
                continue

    @settings(max_examples=150, deadline=None)
    @given(noise=st.binary(min_size=1, max_size=40), at=st.integers(0, 1500), cut=st.integers(0, 40))
    def test_only_ever_raises_our_own_errors(self, noise: bytes, at: int, cut: int) -> None:
        whole = certificate(credential_json=JSON.encode())

        try:
            attached_credential(whole[:at] + noise + whole[at + cut :])
        except Unreadable:
            return


def laid_out(stream: bytes) -> bytes:
    """Return a PDF by hand in which one object, as it stands, is the content of credential.json."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(credential.json) 3 0 R] >> >> >>",
        2: b"<< /Type /Pages /Kids [] /Count 0 >>",
        3: b"<< /Type /Filespec /F (credential.json) /EF << /F 4 0 R >> >>",
        4: stream,
    }
    file, table = b"%PDF-1.7\n", b"xref\n0 5\n0000000000 65535 f \n"
    for number, body in objects.items():
        table += b"%010d 00000 n \n" % len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    trailer = b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(file)
    return file + table + trailer


def stream(description: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (description, len(content), content)


def chained_tables() -> bytes:
    """Return a PDF whose hundred tables each unpack to 60 MB."""
    file, before = b"%PDF-1.7\n", b""
    packed = zlib.compress(bytes(60_000_000), 6)
    for number in range(100):
        at = len(file)
        described = b"/Type /XRef /W [1 2 1] /Size 3 /Root 1 0 R /Filter /FlateDecode " + before
        file += b"%d 0 obj\n%s\nendobj\n" % (10 + number, stream(described, packed))
        before = b"/Prev %d" % at
    return file + b"startxref\n%d\n%%%%EOF\n" % at


def rows() -> bytes:
    return zlib.compress((b"\x02" + b"\1" * 4) * 6_000_000, 6)


BOMBS: dict[str, Callable[[], bytes]] = {
    "rows that pypdf unpacks one by one": lambda: laid_out(
        stream(b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 4 >>", rows())
    ),
    "packed twice": lambda: laid_out(
        stream(b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(rows(), 6))
    ),
    "hundreds of megabytes": lambda: laid_out(
        stream(b"/Filter /FlateDecode", zlib.compress(bytes(400_000_000), 1))
    ),
    "a chain of tables": chained_tables,
    "a million starts": lambda: b"%PDF-1.7\n" + b"startxref\n" * 900_000,
    "dictionaries inside dictionaries": lambda: laid_out(b"<</A " * 50_000),
}


class TestBombs:
    @pytest.mark.parametrize("name", BOMBS)
    def test_take_their_share_of_time_and_say_nothing(
        self, name: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """Each took pypdf up to half a minute, 900 MiB, or 100 MB of warnings to standard error."""
        bomb = BOMBS[name]()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)

        with pytest.raises(Unreadable):
            unbake_pdf(bomb)

        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3
        assert capfd.readouterr() == ("", "")

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit on memory")
    def test_never_take_more_memory_than_their_share(self) -> None:
        more = f"bytes({pdf_reading.LARGEST_MEMORY})"
        code = f"from laurel.formats.baking import pdf_reading; pdf_reading._limit_ourselves(); {more}"

        tried = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

        assert tried.stderr.endswith("MemoryError\n")

    def test_leave_room_for_a_certificate_of_15_mb(self) -> None:
        pictures = random.Random(1).randbytes(15_000_000)

        assert unbake_pdf(certificate(credential_json=JSON.encode(), photo_raw=pictures)) == JSON

    def test_cost_nothing_when_no_process_can_be_started(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")

        with pytest.raises(Unreadable) as refusal:
            unbake_pdf(CERTIFICATE)
        assert refusal.value.code == "unreadable.no-reader"


class TestDetect:
    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (b'  {"@context": []}', "json"),
            (b"\xef\xbb\xbf{}", "json"),
            (b"[1]", "json"),
            (JWS.encode() + b"\n", "jwt"),
            (CERTIFICATE, "pdf"),
            (b"\x89PNG\r\n\x1a\n", "png"),
            (b"<?xml version='1.0'?>\n<svg/>", "svg"),
        ],
    )
    def test_tells_by_the_first_bytes(self, data: bytes, kind: str) -> None:
        assert detect(data) == kind

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b" \n",
            b"GIF89a",
            b"PK\x03\x04",
            b"<html></html>",
            b"hello",
            b"https://a.b.c",
            b"\xff\xd8\xff",
        ],
    )
    def test_refuses_everything_else(self, data: bytes) -> None:
        with pytest.raises(Unreadable) as refusal:
            detect(data)
        assert refusal.value.code == "unreadable.unknown-format"

    def test_does_not_unbake_what_carries_nothing(self) -> None:
        with pytest.raises(Unreadable):
            unbake(b"{}")
